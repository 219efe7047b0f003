"""The table of who may do what is the one that docs/security.md prints, and reach is by code."""

from __future__ import annotations

import re

from dashboard.accounts.roles import PUBLIC_ACTIONS, ROLE_ACTIONS, Account, Action, Role
from tests.conftest import ROOT


def account(role: Role, provinces: str = "", communes: str = "") -> Account:
    return Account(1, "an", "", role, frozenset(provinces.split()), frozenset(communes.split()))


def test_the_document_prints_the_same_table() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = {
        cells[0].strip("` "): [cell.strip() == "yes" for cell in cells[1:]]
        for cells in (
            [cell.strip() for cell in line.strip("|").split("|")]
            for line in text.splitlines()
            if re.match(r"\| `\w+` \|", line)
        )
    }
    for action in Action:
        expected = [action in PUBLIC_ACTIONS["public"]]
        expected += [action in ROLE_ACTIONS[role] for role in Role]
        assert rows[str(action)][: len(expected)] == expected, action
    assert set(rows) == {str(action) for action in Action}


def test_nobody_who_is_not_signed_in_may_write() -> None:
    for actions in PUBLIC_ACTIONS.values():
        assert not actions & {Action.SEND_FILES, Action.READ_AUDIT, Action.ADMINISTER}


def test_a_viewer_and_a_team_change_nothing_an_administrator_may_all() -> None:
    assert not account(Role.VIEWER).writes
    assert all(account(Role.ADMINISTRATOR).may_do(action) for action in Action)


def test_reach_is_by_province_and_by_commune() -> None:
    clerk = account(Role.CLERK, "51")
    assert clerk.reaches_province("51")
    assert not clerk.reaches_province("25")
    assert clerk.reaches_commune("21250")
    assert not clerk.reaches_commune("99999")
    team = account(Role.TEAM, "51", "21250")
    assert team.reaches_commune("21250")
    assert not team.reaches_commune("21025")


def test_a_locked_account_may_do_nothing() -> None:
    locked = Account(1, "an", "", Role.ADMINISTRATOR, locked=True)
    assert not any(locked.may_do(action) for action in Action)

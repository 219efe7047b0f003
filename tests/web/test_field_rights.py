"""Each role against each action of the field, by its address: who opens which form, and that
nothing closes a promise.
"""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from dashboard.accounts.roles import Role
from dashboard.settings import Settings
from dashboard.web.endpoints import ENDPOINT_ACTIONS
from dashboard.web.server import create_app
from tests.web.people import add_account, open_browser, sign_in

CLERKS = {Role.CLERK, Role.COORDINATOR, Role.ADMINISTRATOR}
TEAMS = {Role.TEAM, Role.COORDINATOR, Role.ADMINISTRATOR}
COORDINATORS = {Role.COORDINATOR, Role.ADMINISTRATOR}
FORMS = {
    "/to-cong-tac/danh-sach-yeu": COORDINATORS,
    "/to-cong-tac/lich/ghi": COORDINATORS,
    "/to-cong-tac/viec-hua/them": COORDINATORS,
    "/to-cong-tac/nguon-luc": CLERKS,
    "/to-cong-tac/phan-anh": CLERKS,
    "/to-cong-tac/yeu-cau/moi": CLERKS | TEAMS,
    "/to-cong-tac/kiem-tra/phien.json": TEAMS,
    "/to-cong-tac/kiem-tra/phieu.json": TEAMS,
}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_its_own_forms_only(
    own_store: Engine, settings: Settings, role: Role
) -> None:
    add_account(own_store, f"so.{role}", role, province="51")
    browser = open_browser(create_app(settings).server)
    sign_in(browser, f"so.{role}")
    answered = {path: browser.get(f"{path}?province=51").status_code for path in FORMS}
    assert answered == {path: 200 if role in roles else 403 for path, roles in FORMS.items()}


def test_nobody_else_opens_any(own_store: Engine, settings: Settings) -> None:
    browser = open_browser(create_app(settings).server)
    for path in FORMS:
        assert browser.get(f"{path}?province=51").status_code in {302, 401}, path


def test_no_address_closes_a_promise(own_store: Engine, settings: Settings) -> None:
    promises = {name for name in ENDPOINT_ACTIONS if "follow_up" in name or "viec-hua" in name}
    read = {"/to-cong-tac/viec-hua", "api_follow_ups"}
    assert promises == {*read, "add_follow_up", "withdraw_follow_up"}
    rules = create_app(settings).server.url_map.iter_rules()
    methods = {rule.endpoint: rule.methods for rule in rules}
    for name in read:
        assert methods[name] == {"GET", "HEAD", "OPTIONS"}, f"{name} only reads"

"""Accounts and sessions: locking, another role and signing out count at the next request."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, update

from dashboard.accounts.roles import Account, Role
from dashboard.store import accounts, audit, schema
from dashboard.store.accounts import AccountRefused
from dashboard.store.audit import Author
from dashboard.store.clock import read_clock

ADMIN = Author("quantri")
IDLE = timedelta(minutes=30)


def add(engine: Engine, name: str, role: Role = Role.CLERK) -> Account:
    draft = Account(0, name, "", role, frozenset({"51"}), must_change=True)
    accounts.create_account(engine, draft, "hash", ADMIN)
    record = accounts.fetch_account(engine, name)
    assert record is not None
    return record.account


def sign_in(engine: Engine, account: Account) -> str:
    author = Author(account.name)
    return accounts.start_session(engine, account, door="password", browser="x", author=author)


def age(engine: Engine, **columns: timedelta) -> None:
    """Let time pass: every session began and was seen that much earlier."""
    session = schema.account_session
    moved = {name: read_clock() - by for name, by in columns.items()}
    with engine.begin() as connection:
        connection.execute(update(session).values(**moved))


def test_an_account_is_kept_as_it_was_given_and_only_once(engine: Engine) -> None:
    account = add(engine, "An.Clerk")
    assert (account.name, account.role, account.provinces) == (
        "an.clerk",
        Role.CLERK,
        frozenset({"51"}),
    )
    assert account.must_change
    with pytest.raises(AccountRefused, match="đã có"):
        add(engine, "AN.CLERK")


def test_a_session_is_its_token_and_the_store_does_not_keep_it(engine: Engine) -> None:
    token = sign_in(engine, add(engine, "an"))
    account = accounts.fetch_session_account(engine, token, IDLE)
    assert account is not None
    assert account.name == "an"
    assert accounts.fetch_session_account(engine, token + "x", IDLE) is None
    with engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT token_sha256 FROM account_session").scalar()
    assert kept != token


def test_a_locked_account_is_nobody_at_its_next_request(engine: Engine) -> None:
    token = sign_in(engine, add(engine, "an"))
    accounts.lock_account(engine, "an", ADMIN, locked=True)
    assert accounts.fetch_session_account(engine, token, IDLE) is None


def test_a_new_role_counts_at_the_next_request(engine: Engine) -> None:
    token = sign_in(engine, add(engine, "an"))
    accounts.change_role(engine, "an", Role.VIEWER, {"25"}, set(), ADMIN)
    account = accounts.fetch_session_account(engine, token, IDLE)
    assert account is not None
    assert (account.role, account.provinces) == (Role.VIEWER, frozenset({"25"}))


def test_a_writer_who_does_nothing_is_signed_out_a_viewer_stays(engine: Engine) -> None:
    writer = sign_in(engine, add(engine, "an"))
    viewer = sign_in(engine, add(engine, "binh", Role.VIEWER))
    age(engine, seen_at=timedelta(minutes=31))
    assert accounts.fetch_session_account(engine, writer, IDLE) is None
    assert accounts.fetch_session_account(engine, viewer, IDLE) is not None


def test_whoever_is_busy_stays_signed_in(engine: Engine) -> None:
    token = sign_in(engine, add(engine, "an"))
    for _ in range(3):
        age(engine, seen_at=timedelta(minutes=20))
        assert accounts.fetch_session_account(engine, token, IDLE) is not None


def test_every_session_ends_at_last(engine: Engine) -> None:
    token = sign_in(engine, add(engine, "an", Role.VIEWER))
    age(engine, ends_at=timedelta(seconds=1))
    assert accounts.fetch_session_account(engine, token, IDLE) is None


def test_another_password_ends_all_sessions(engine: Engine) -> None:
    token = sign_in(engine, add(engine, "an"))
    accounts.set_password(engine, "an", "other", ADMIN, must_change=False)
    assert accounts.fetch_session_account(engine, token, IDLE) is None


def test_an_account_ends_its_own_sessions_only(engine: Engine) -> None:
    first, second = add(engine, "an"), add(engine, "binh")
    token, other = sign_in(engine, first), sign_in(engine, second)
    [session] = accounts.list_sessions(engine, second, other)
    assert session.is_this
    assert not accounts.end_session(engine, first, ADMIN, number=session.number)
    assert accounts.fetch_session_account(engine, other, IDLE) is not None
    assert accounts.end_session(engine, second, ADMIN, number=session.number)
    assert accounts.fetch_session_account(engine, other, IDLE) is None
    assert accounts.fetch_session_account(engine, token, IDLE) is not None


def test_wrong_passwords_slow_down_and_never_shut_out(engine: Engine) -> None:
    add(engine, "an")
    waits = []
    for _ in range(20):
        accounts.count_failure(engine, "an")
        record = accounts.fetch_account(engine, "an")
        assert record is not None
        waits.append(record.wait_until is not None)
        if record.wait_until:
            wait = record.wait_until - read_clock()
            assert wait <= accounts.LONGEST_WAIT
    assert waits == [False] * 4 + [True] * 16


def test_the_last_administrator_stays_one(engine: Engine) -> None:
    add(engine, "quantri", Role.ADMINISTRATOR)
    with pytest.raises(AccountRefused, match="cuối cùng"):
        accounts.lock_account(engine, "quantri", ADMIN, locked=True)
    with pytest.raises(AccountRefused, match="cuối cùng"):
        accounts.change_role(engine, "quantri", Role.CLERK, set(), set(), ADMIN)
    add(engine, "thay", Role.ADMINISTRATOR)
    accounts.lock_account(engine, "quantri", ADMIN, locked=True)


def test_the_first_link_works_once_and_only_while_nobody_has_an_account(engine: Engine) -> None:
    token = accounts.issue_first_link(engine)
    assert token is not None
    account = Account(0, "quantri", "", Role.ADMINISTRATOR)
    assert not accounts.redeem_first_link(engine, "other", account, "hash", ADMIN)
    newer = accounts.issue_first_link(engine)
    assert newer is not None
    assert not accounts.is_first_link_valid(engine, token)
    assert accounts.redeem_first_link(engine, newer, account, "hash", ADMIN)
    assert not accounts.redeem_first_link(engine, newer, account, "hash", ADMIN)
    assert accounts.issue_first_link(engine) is None


def test_an_old_first_link_does_not_work(engine: Engine) -> None:
    token = accounts.issue_first_link(engine)
    with engine.begin() as connection:
        connection.execute(update(schema.one_time_link).values(ends_at=read_clock()))
    assert token is not None
    assert not accounts.is_first_link_valid(engine, token)


def test_the_servers_secret_is_one_for_all_processes(engine: Engine) -> None:
    first = accounts.fetch_server_secret(engine, "cookies")
    assert first == accounts.fetch_server_secret(engine, "cookies")
    assert len(first) == 64


def test_every_change_of_an_account_is_a_line_of_the_audit(engine: Engine) -> None:
    token = sign_in(engine, add(engine, "an"))
    accounts.change_role(engine, "an", Role.TEAM, {"51"}, {"21250"}, ADMIN)
    accounts.sign_out(engine, token, Author("an"))
    accounts.lock_account(engine, "an", ADMIN, locked=True)
    accounts.lock_account(engine, "an", ADMIN, locked=False)
    accounts.set_password(engine, "an", "other", ADMIN, must_change=True)
    actions = audit.fetch_audit_lines(engine)["action"].tolist()
    assert actions[::-1] == [
        "create_account",
        "sign_in",
        "change_role",
        "sign_out",
        "lock_account",
        "unlock_account",
        "set_password",
    ]
    assert "hash" not in "".join(audit.fetch_audit_lines(engine)["after"])

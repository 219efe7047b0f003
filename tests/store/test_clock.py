"""What was written while a clock stood ahead holds up nobody once the clock is right."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import Engine

from dashboard.accounts.roles import Account, Role
from dashboard.store import accounts, attempts, screens, uploads
from dashboard.store.audit import Author
from dashboard.store.clock import read_clock
from dashboard.store.machines import WatcherMark, save_watcher_mark
from dashboard.web.data.machines import list_watchers
from tests.making import save_small_upload

AHEAD = timedelta(days=400)
IDLE = timedelta(minutes=30)
ADMIN = Author("quantri")


@pytest.fixture
def account(engine: Engine) -> Account:
    draft = Account(0, "an", "", Role.CLERK, frozenset({"51"}), must_change=False)
    accounts.create_account(engine, draft, "hash", ADMIN)
    record = accounts.fetch_account(engine, "an")
    assert record is not None
    return record.account


def test_wrong_passwords_of_a_year_to_come_let_nobody_wait(
    engine: Engine, account: Account
) -> None:
    with time_machine.travel(AHEAD):
        for _ in range(accounts.FREE_FAILURES + 3):
            accounts.count_failure(engine, account.name)
            attempts.count_attempt(engine, "an", 3600, 1)
        record = accounts.fetch_account(engine, account.name)
        assert record is not None
        assert record.wait_until is not None
    record = accounts.fetch_account(engine, account.name)
    assert record is not None
    assert record.wait_until is None
    assert attempts.count_attempt(engine, "an", 3600, 1) == 1
    assert attempts.count_attempt(engine, "an", 3600, 1) == 2
    assert attempts.fetch_attempts(engine, "an")[0] == 2


def test_no_session_lasts_longer_than_any_other(engine: Engine, account: Account) -> None:
    before = accounts.start_session(engine, account, door="password", browser="x", author=ADMIN)
    with time_machine.travel(AHEAD):
        during = accounts.start_session(engine, account, door="password", browser="x", author=ADMIN)
        assert accounts.fetch_session_account(engine, during, IDLE) is not None
    assert accounts.fetch_session_account(engine, during, IDLE) is None
    assert accounts.list_sessions(engine, account, during) == []
    assert accounts.fetch_session_account(engine, before, IDLE) is None, "it was over, and is gone"
    with time_machine.travel(timedelta(minutes=9)):
        other = accounts.start_session(engine, account, door="password", browser="x", author=ADMIN)
    assert accounts.fetch_session_account(engine, other, IDLE) is not None, "of another machine"


def test_a_screen_speaks_again_and_a_silent_one_is_not_taken_for_alive(engine: Engine) -> None:
    word = screens.Heartbeat("A", "51", "tong-the", 5, "0a1b2c3d", 3, 0)
    assert screens.save_heartbeat(engine, word, "secret of A", read_clock() + AHEAD)
    assert screens.save_heartbeat(engine, word, "secret of A", read_clock())
    mark = WatcherMark("/srv/a", 7, read_clock(), False, "", 5, 2, "")
    save_watcher_mark(engine, mark, read_clock() + AHEAD)
    (row,) = list_watchers(engine, read_clock())
    assert row["state"] == "stale"


def test_a_file_that_waits_to_be_confirmed_is_let_go(engine: Engine) -> None:
    with time_machine.travel(AHEAD):
        number = save_small_upload(engine, ADMIN)
    upload = uploads.fetch_upload(engine, number)
    assert upload is not None
    assert upload.is_over
    assert uploads.delete_old_uploads(engine) == 1

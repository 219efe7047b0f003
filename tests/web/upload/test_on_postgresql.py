"""The same way on PostgreSQL: signing in, sending, confirming, taking back, the audit of all of it;
and two who confirm at once.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from dashboard import store
from dashboard.accounts.roles import Role
from dashboard.settings import Settings
from dashboard.store import accounts, audit, exports, uploads
from dashboard.web.server import create_app
from tests.web.conftest import filled
from tests.web.people import ADMIN, add_account, open_browser, post_form, sign_in
from tests.web.steps import OF_PHU_THO, READINGS, StepInPlace
from tests.web.upload.test_page import confirm, count_batches, send


@pytest.fixture
def on_postgresql(
    settings: Settings, new_database: Callable[[], AbstractContextManager[str]]
) -> Iterator[Settings]:
    """Settings of a dashboard whose store is an empty one on PostgreSQL."""
    with new_database() as url:
        yield settings.model_copy(update={"database_url": url})


@pytest.fixture
def stored(on_postgresql: Settings) -> Iterator[Engine]:
    engine = filled(on_postgresql)
    yield engine
    engine.dispose()


@pytest.fixture
def clerk(
    stored: Engine, on_postgresql: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FlaskClient]:
    monkeypatch.setattr(subprocess, "Popen", StepInPlace)
    add_account(stored, "an")
    server = create_app(on_postgresql).server
    browser = open_browser(server)
    assert sign_in(browser, "an").status_code == 303
    yield browser
    server.config["DASHBOARD_ENGINE"].dispose()


def test_a_file_is_sent_confirmed_shown_and_taken_back(stored: Engine, clerk: FlaskClient) -> None:
    before = count_batches(stored)
    address = send(clerk, READINGS)
    assert "chờ xác nhận" in clerk.get(address).text
    assert count_batches(stored) == before
    etag = clerk.get("/xa/21250").headers["ETag"]
    assert confirm(clerk, address) == 303
    assert count_batches(stored) == before + 1
    assert clerk.get("/xa/21250").headers["ETag"] != etag
    undo = re.search(r'href="(/du-lieu/dot/\d+/go)"', clerk.get(address).text)
    assert undo is not None
    assert post_form(clerk, undo[1]).status_code == 303
    assert exports.fetch_batches(stored)["undone_at"].notna().sum() == 1
    lines = audit.fetch_audit_lines(stored).query("account == 'an'")["action"].tolist()
    assert lines == ["undo_batch", "import_batch", "send_file", "sign_in"]
    assert audit.verify_audit(stored).intact


def test_of_two_confirmations_at_once_one_imports(stored: Engine, clerk: FlaskClient) -> None:
    before = count_batches(stored)
    address = send(clerk, READINGS)
    token = uploads.list_uploads(stored, "an")[0].data_token
    number = int(address.rpartition("/")[2])

    def take(_number: int) -> bool:
        states = uploads.UploadState
        return uploads.move_upload(stored, number, states.READY, states.IMPORTING)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(8))) == 1
    assert token == store.fetch_data_version(stored).token
    assert count_batches(stored) == before


def test_refusals_and_ends_are_the_same(
    stored: Engine, clerk: FlaskClient, on_postgresql: Settings
) -> None:
    assert "ngoài phạm vi" in clerk.get(send(clerk, OF_PHU_THO, "khac.csv")).text
    wrong = open_browser(clerk.application)
    assert sign_in(wrong, "an", "khong phai the").status_code == 403
    # no text there holds a zero byte: that is no fault of the store
    assert sign_in(wrong, "an\x00", "khong\x00").status_code == 400
    add_account(stored, "doi", Role.TEAM)
    team = open_browser(clerk.application)
    sign_in(team, "doi")
    assert team.get("/du-lieu/nap-tep").status_code == 403
    accounts.lock_account(stored, "an", ADMIN, locked=True)
    assert clerk.get("/tai-khoan").status_code == 302
    assert on_postgresql.database_url.startswith("postgresql")

"""Programs with a key of their office: the same dry run and confirmation as by the page, and
nothing else.
"""

from __future__ import annotations

import io
import logging
import subprocess
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any, get_args

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, update
from werkzeug.test import TestResponse

from dashboard.settings import Settings
from dashboard.store import audit, exports, keys, schema
from dashboard.store.clock import read_clock
from dashboard.store.uploads import UploadState
from dashboard.web import file_steps
from dashboard.web.api.problems import PROBLEM_TYPE
from dashboard.web.api.v1.imports import ImportState, ImportStatus
from dashboard.web.server import create_app
from tests.web.people import ADMIN, add_account, open_browser, sign_in, token_of
from tests.web.steps import OF_PHU_THO, READINGS, StepInPlace

IMPORTS = "/api/v1/imports"
RAW = {"Content-Type": "application/octet-stream"}


@pytest.fixture
def key(own_store: Engine, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The headers of a program of Quảng Ngãi."""
    monkeypatch.setattr(subprocess, "Popen", StepInPlace)
    return bear(keys.create_api_key(own_store, "Sở Nội vụ", ["51"], ADMIN)[1])


def bear(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def send(
    program: FlaskClient, key: dict[str, str], content: str = READINGS, name: str = "a.csv"
) -> TestResponse:
    return program.post(f"{IMPORTS}?file={name}", data=content.encode(), headers={**key, **RAW})


def confirm(program: FlaskClient, key: dict[str, str], shown: dict[str, Any]) -> TestResponse:
    body = {"sha256": shown["sha256"], "data_token": shown["data_token"]}
    return program.post(f"{IMPORTS}/{shown['import']}/confirm", json=body, headers=key)


def assert_as_published(answer: TestResponse) -> None:
    ImportStatus.model_validate(answer.get_json())


def test_every_state_of_a_file_is_published() -> None:
    assert {*map(str, UploadState), "stuck"} == {*get_args(ImportState)}


def count_batches(engine: Engine) -> int:
    return len(exports.fetch_batches(engine))


def assert_problem(answer: TestResponse, status: int) -> None:
    assert answer.status_code == status, answer.text
    assert answer.mimetype == PROBLEM_TYPE
    problem = answer.get_json(force=True)
    assert (problem["type"], problem["status"]) == ("about:blank", status)
    assert problem["title"]
    assert "Set-Cookie" not in answer.headers


def test_a_program_sends_reads_the_dry_run_and_confirms(
    own_store: Engine, own_pages: FlaskClient, key: dict[str, str]
) -> None:
    before = count_batches(own_store)
    sent = send(own_pages, key)
    assert sent.status_code == 202
    assert "Set-Cookie" not in sent.headers
    assert_as_published(sent)
    dry_run = own_pages.get(sent.headers["Location"], headers=key)
    assert_as_published(dry_run)
    shown = dry_run.get_json()
    assert shown["state"] == "ready"
    figures = {figure["name"]: figure for figure in shown["batches"][0]["values"]}
    assert figures["Chữ ký số: đã cấp"]["new"] + figures["Chữ ký số: đã cấp"]["changed"] == 1
    assert count_batches(own_store) == before, "a dry run changes nothing"
    assert confirm(own_pages, key, shown).status_code == 202
    done = own_pages.get(sent.headers["Location"], headers=key)
    assert_as_published(done)
    assert done.get_json()["state"] == "done"
    assert count_batches(own_store) == before + 1
    lines = audit.fetch_audit_lines(own_store, account="key:1")
    assert lines["action"].tolist() == ["import_batch", "send_file"]
    assert set(lines["door"]) == {"api"}
    assert set(lines["office"]) == {"Sở Nội vụ"}


def test_a_file_comes_as_a_form_too(own_pages: FlaskClient, key: dict[str, str]) -> None:
    fields = {"file": (io.BytesIO(READINGS.encode()), "../a.csv"), "province": "51"}
    sent = own_pages.post(IMPORTS, data=fields, headers=key)
    assert sent.get_json()["file"] == "_a.csv"
    assert sent.get_json()["state"] == "ready"


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [
        ("", RAW, 400),
        ("?file=a.csv&province=25", RAW, 400),
        ("?file=a.csv&as_of=2026-13-40", RAW, 400),
        ("?file=a.csv", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ("", {"Content-Type": "multipart/form-data; boundary=x"}, 400),
    ],
)
def test_what_cannot_be_read_is_a_problem(
    own_pages: FlaskClient, key: dict[str, str], query: str, headers: dict[str, str], status: int
) -> None:
    answer = own_pages.post(f"{IMPORTS}{query}", data=b"x", headers={**key, **headers})
    assert_problem(answer, status)


@pytest.mark.parametrize("shown", ["", "dashboard_x", "' OR 1=1 --"])
def test_a_forged_key_opens_nothing(own_store: Engine, own_pages: FlaskClient, shown: str) -> None:
    answer = send(own_pages, bear(shown))
    assert_problem(answer, 401)
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert own_pages.get("/api/report", headers=bear("dashboard_x")).status_code == 401


def test_a_revoked_key_ends_at_its_next_request(
    own_store: Engine, own_pages: FlaskClient, key: dict[str, str]
) -> None:
    shown = send(own_pages, key).get_json()
    keys.revoke_api_key(own_store, 1, ADMIN)
    assert_problem(confirm(own_pages, key, shown), 401)
    with pytest.raises(keys.NoSuchKey):
        keys.revoke_api_key(own_store, 1, ADMIN)


def test_only_the_hash_is_kept_and_uses_are_counted(
    own_store: Engine, own_pages: FlaskClient, key: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    secret = key["Authorization"].removeprefix("Bearer ")
    with caplog.at_level(logging.DEBUG):
        send(own_pages, key)
        own_pages.get(f"{IMPORTS}/9", headers=key)
        own_pages.get("/tai-khoan", headers=key)
    assert secret not in caplog.text
    assert keys.list_api_keys(own_store)[0].uses == 3
    with own_store.connect() as connection:
        row = connection.execute(schema.api_key.select()).one()
    assert secret not in str(row)


def test_figures_of_another_province_are_refused(
    own_pages: FlaskClient, key: dict[str, str]
) -> None:
    shown = send(own_pages, key, OF_PHU_THO).get_json()
    assert shown["state"] == "refused"
    assert "ngoài phạm vi" in shown["refusal"]


def test_where_viewing_is_closed_a_key_reads_its_own_provinces(
    own_store: Engine, settings: Settings, key: dict[str, str]
) -> None:
    closed = create_app(settings.model_copy(update={"view": "signed-in"})).server.test_client()
    assert closed.get("/api/report?province=51").status_code == 401
    assert closed.get("/api/report?province=51", headers=key).status_code == 200
    assert closed.get("/api/report?province=25", headers=key).status_code == 403


@pytest.mark.parametrize("address", ["/tai-khoan", "/du-lieu/nap-tep", "/"])
def test_a_key_opens_no_page(own_pages: FlaskClient, key: dict[str, str], address: str) -> None:
    assert own_pages.get(address, headers=key).status_code == 403


def test_no_cookie_opens_what_is_for_programs(own_store: Engine, own_pages: FlaskClient) -> None:
    add_account(own_store, "an")
    browser = open_browser(own_pages.application)
    sign_in(browser, "an")
    token = token_of(browser, "/tai-khoan")
    answer = browser.post(f"{IMPORTS}?file=a.csv", data=b"x", headers={**RAW, "X-CSRFToken": token})
    assert_problem(answer, 401)


def test_what_another_key_sent_is_not_there(
    own_store: Engine, own_pages: FlaskClient, key: dict[str, str]
) -> None:
    shown = send(own_pages, key).get_json()
    other = bear(keys.create_api_key(own_store, "Sở Nội vụ", ["51"], ADMIN)[1])
    assert_problem(own_pages.get(f"{IMPORTS}/{shown['import']}", headers=other), 404)
    assert_problem(confirm(own_pages, other, shown), 404)


def test_a_replayed_confirmation_changes_nothing(
    own_store: Engine, own_pages: FlaskClient, key: dict[str, str]
) -> None:
    shown = send(own_pages, key).get_json()
    assert confirm(own_pages, key, shown).status_code == 202
    after = count_batches(own_store)
    assert_problem(confirm(own_pages, key, shown), 409)
    assert count_batches(own_store) == after


def test_where_the_data_changed_the_dry_run_is_made_again(
    own_store: Engine, own_pages: FlaskClient, key: dict[str, str]
) -> None:
    shown = send(own_pages, key).get_json()
    other = send(own_pages, key, READINGS.replace(",19,", ",18,"), "b.csv").get_json()
    assert confirm(own_pages, key, other).status_code == 202
    before = count_batches(own_store)
    assert own_pages.get(f"{IMPORTS}/1", headers=key).get_json()["data_changed"]
    assert_problem(confirm(own_pages, key, shown), 409)
    assert count_batches(own_store) == before
    again = own_pages.get(f"{IMPORTS}/1", headers=key).get_json()
    assert again["state"] == "ready"
    assert again["data_token"] != shown["data_token"]
    assert confirm(own_pages, key, again).status_code == 202


def test_a_token_that_no_dry_run_told_is_no_confirmation(
    own_store: Engine, own_pages: FlaskClient, key: dict[str, str]
) -> None:
    shown = send(own_pages, key).get_json()
    assert_problem(confirm(own_pages, key, {**shown, "sha256": "0" * 64}), 409)
    assert_problem(confirm(own_pages, key, {**shown, "data_token": None}), 400)
    assert own_pages.get(f"{IMPORTS}/1", headers=key).get_json()["state"] == "ready"


def test_of_two_confirmations_at_once_one_imports(
    own_store: Engine, own_pages: FlaskClient, key: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = send(own_pages, key).get_json()
    begun: list[int] = []
    monkeypatch.setattr(file_steps, "start_step", lambda _settings, number: begun.append(number))
    barrier = Barrier(2)
    statuses: list[int] = []

    def press() -> None:
        barrier.wait()
        answer = confirm(own_pages.application.test_client(), key, shown)
        statuses.append(answer.status_code)

    presses = [Thread(target=press) for _ in range(2)]
    for thread in presses:
        thread.start()
    for thread in presses:
        thread.join()
    assert sorted(statuses) == [202, 409]
    assert begun == [shown["import"]]


def test_after_a_day_a_program_must_send_again(
    own_store: Engine, own_pages: FlaskClient, key: dict[str, str]
) -> None:
    shown = send(own_pages, key).get_json()
    with own_store.begin() as connection:
        old = read_clock() - timedelta(hours=25)
        connection.execute(update(schema.upload).values(sent_at=old))
    assert_problem(confirm(own_pages, key, shown), 410)


def test_too_large_a_file_is_refused(
    own_store: Engine, settings: Settings, key: dict[str, str]
) -> None:
    small = settings.model_copy(update={"max_upload": 1_000})
    program = create_app(small).server.test_client()
    assert_problem(send(program, key, "x" * 2_000), 413)


def test_an_unknown_address_for_programs_is_a_problem_too(own_pages: FlaskClient) -> None:
    assert_problem(own_pages.get("/api/v1/other"), 404)

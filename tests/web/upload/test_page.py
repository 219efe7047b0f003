"""Files sent through the page: a dry run first, one import however often it is confirmed, taking
back; who may not is refused in one plain line.
"""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import Engine, update

from dashboard import store
from dashboard.accounts.roles import Role
from dashboard.settings import Settings
from dashboard.store import audit, exports, schema, uploads
from dashboard.store.clock import read_clock
from dashboard.store.uploads import UploadState
from dashboard.web import file_steps
from dashboard.web.server import create_app
from tests.web.people import OWN, add_account, open_browser, post_form, sign_in, token_of
from tests.web.steps import OF_PHU_THO, READINGS, StepInPlace

SEND = "/du-lieu/nap-tep"


@pytest.fixture
def clerk(own_store: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The browser of a clerk of Quảng Ngãi, signed in."""
    monkeypatch.setattr(subprocess, "Popen", StepInPlace)
    add_account(own_store, "an")
    browser = open_browser(create_app(settings).server)
    sign_in(browser, "an")
    return browser


def send(browser: FlaskClient, content: str | bytes, name: str = "so_lieu.csv", **more: str) -> str:
    """Send one file; the address that the page leads to."""
    body = content.encode() if isinstance(content, str) else content
    answer = post_form(browser, SEND, files=(io.BytesIO(body), name), **more)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def confirm(browser: FlaskClient, address: str) -> int:
    """Press the button of the dry run; the status of the answer."""
    shown = browser.get(address).text
    fields = dict(re.findall(r'name="(sha256|token)" value="([^"]*)"', shown))
    return post_form(browser, f"{address}/nap", address, **fields).status_code


def count_batches(engine: Engine) -> int:
    return len(exports.fetch_batches(engine))


def test_a_file_is_read_first_confirmed_then_there_and_taken_back(
    own_store: Engine, clerk: FlaskClient
) -> None:
    before = count_batches(own_store)
    address = send(clerk, READINGS)
    shown = clerk.get(address).text
    assert "chờ xác nhận" in shown
    assert "Chữ ký số: đã cấp" in shown
    assert count_batches(own_store) == before, "a dry run changes nothing"
    assert confirm(clerk, address) == 303
    assert count_batches(own_store) == before + 1
    done = clerk.get(address).text
    assert "đã nạp" in done
    undo = re.search(r'href="(/du-lieu/dot/\d+/go)"', done)
    assert undo is not None
    assert "Chữ ký số: đã cấp" in clerk.get(undo[1]).text
    assert exports.fetch_batches(own_store)["undone_at"].isna().all(), "looking takes nothing back"
    assert post_form(clerk, undo[1]).status_code == 303
    assert exports.fetch_batches(own_store)["undone_at"].notna().sum() == 1
    lines = audit.fetch_audit_lines(own_store).query("account == 'an'")["action"].tolist()
    assert lines == ["undo_batch", "import_batch", "send_file", "sign_in"]


def test_the_import_says_who_sent_the_file(own_store: Engine, clerk: FlaskClient) -> None:
    confirm(clerk, send(clerk, READINGS))
    line = audit.fetch_audit_lines(own_store, action="import_batch").iloc[0]
    assert (line["account"], line["office"], line["door"]) == ("an", "Sở Nội vụ", "page")
    assert exports.fetch_batches(own_store)["imported_by"].iloc[-1] == "an"


def test_a_refused_file_says_why_and_can_only_be_dropped(
    own_store: Engine, clerk: FlaskClient
) -> None:
    address = send(clerk, "Bảng lương\n1\n")
    shown = clerk.get(address).text
    assert "Không nhận tệp này" in shown
    assert "/nap" not in re.sub("nap-tep", "", shown)
    assert post_form(clerk, f"{address}/bo", SEND).status_code == 303
    assert "đã bỏ" in clerk.get(address).text


def test_two_who_confirm_at_once_import_once(own_store: Engine, clerk: FlaskClient) -> None:
    before = count_batches(own_store)
    address = send(clerk, READINGS)
    shown = clerk.get(address).text
    fields = dict(re.findall(r'name="(sha256|token|csrf_token)" value="([^"]*)"', shown))
    for _ in range(2):
        assert clerk.post(f"{address}/nap", data=fields, headers=OWN).status_code == 303
    assert count_batches(own_store) == before + 1


def test_a_replayed_confirmation_changes_nothing(own_store: Engine, clerk: FlaskClient) -> None:
    address = send(clerk, READINGS)
    shown = clerk.get(address).text
    fields = dict(re.findall(r'name="(sha256|token|csrf_token)" value="([^"]*)"', shown))
    clerk.post(f"{address}/nap", data=fields, headers=OWN)
    after = store.fetch_data_version(own_store)
    clerk.post(f"{address}/nap", data=fields, headers=OWN)
    assert store.fetch_data_version(own_store) == after


def test_where_the_data_changed_meanwhile_the_dry_run_is_made_again(
    own_store: Engine, clerk: FlaskClient
) -> None:
    before = count_batches(own_store)
    address = send(clerk, READINGS)
    other = send(clerk, READINGS.replace(",19,", ",18,"), "khac.csv")
    confirm(clerk, other)
    assert "sẽ đọc thử lại" in clerk.get(address).text
    assert confirm(clerk, address) == 303
    assert count_batches(own_store) == before + 1, "what was confirmed is not what would happen now"
    shown = clerk.get(address).text
    assert "chờ xác nhận" in shown
    confirm(clerk, address)
    assert count_batches(own_store) == before + 2


def test_a_confirmation_of_other_bytes_is_refused(own_store: Engine, clerk: FlaskClient) -> None:
    address = send(clerk, READINGS)
    token = store.fetch_data_version(own_store).token
    answer = post_form(clerk, f"{address}/nap", address, sha256="0" * 64, token=token)
    assert answer.status_code == 409


def test_after_a_day_a_file_must_be_sent_again(own_store: Engine, clerk: FlaskClient) -> None:
    address = send(clerk, READINGS)
    with own_store.begin() as connection:
        old = read_clock() - timedelta(hours=25)
        connection.execute(update(schema.upload).values(sent_at=old))
    assert "hãy gửi lại" in clerk.get(address).text
    fields = {"sha256": "x", "token": "x"}
    assert post_form(clerk, f"{address}/nap", SEND, **fields).status_code == 410
    send(clerk, READINGS.replace("19", "17"), "moi.csv")  # makes room
    assert list(uploads.iterate_upload_bytes(own_store, 1)) == []


def test_a_file_of_another_province_is_refused_whole(own_store: Engine, clerk: FlaskClient) -> None:
    address = send(clerk, OF_PHU_THO)
    assert "ngoài phạm vi của tài khoản" in clerk.get(address).text


def test_another_province_cannot_be_chosen(own_store: Engine, clerk: FlaskClient) -> None:
    answer = post_form(clerk, SEND, files=(io.BytesIO(b"x"), "a.csv"), province="25")
    assert answer.status_code == 400
    assert "không được nạp" in answer.text


def test_a_batch_of_another_province_cannot_be_taken_back(
    own_store: Engine, settings: Settings, clerk: FlaskClient
) -> None:
    add_account(own_store, "binh", province="25")
    other = open_browser(create_app(settings).server)
    sign_in(other, "binh")
    number = int(exports.fetch_batches(own_store, "51")["batch"].iloc[-1])
    assert other.get(f"/du-lieu/dot/{number}/go").status_code == 403
    assert post_form(other, f"/du-lieu/dot/{number}/go", SEND).status_code == 403
    assert exports.fetch_batches(own_store)["undone_at"].isna().all()


def test_an_upload_of_somebody_else_is_not_there(
    own_store: Engine, settings: Settings, clerk: FlaskClient
) -> None:
    address = send(clerk, READINGS)
    add_account(own_store, "binh")
    other = open_browser(create_app(settings).server)
    sign_in(other, "binh")
    assert other.get(address).status_code == 404
    assert post_form(other, f"{address}/nap", SEND, sha256="x", token="x").status_code == 404


@pytest.mark.parametrize("role", [Role.VIEWER, Role.TEAM])
def test_who_may_not_send_is_refused(own_store: Engine, settings: Settings, role: Role) -> None:
    add_account(own_store, "an", role)
    browser = open_browser(create_app(settings).server)
    sign_in(browser, "an")
    assert browser.get(SEND).status_code == 403
    fields = {"csrf_token": token_of(browser, "/tai-khoan"), "files": (io.BytesIO(b"x"), "a.csv")}
    assert browser.post(SEND, data=fields, headers=OWN).status_code == 403
    assert uploads.list_uploads(own_store, "an") == []


def test_nobody_who_is_not_signed_in_sends_anything(own_store: Engine, settings: Settings) -> None:
    browser = open_browser(create_app(settings).server)
    fields = {"csrf_token": token_of(browser, "/dang-nhap"), "files": (io.BytesIO(b"x"), "a.csv")}
    assert browser.post(SEND, data=fields, headers=OWN).status_code in (302, 401)
    assert uploads.fetch_upload(own_store, 1) is None


@pytest.mark.parametrize(
    "name",
    [
        *(
            "../../etc/passwd",
            "C:\\x\\a.csv",
            "a\x00b.csv",
            "<script>.csv",
            f"{'x' * 400}.csv",
            "…",
        ),
        "so\u202evsc.exe",  # it would be shown turned round
    ],
)
def test_a_name_is_only_ever_words(
    own_store: Engine, clerk: FlaskClient, name: str, tmp_path: Path
) -> None:
    address = send(clerk, READINGS, name)
    shown = clerk.get(address).text
    assert "<script>." not in shown
    upload = uploads.list_uploads(own_store, "an")[0]
    assert not re.search(r"[/\\\x00\u202e]", upload.file_name)
    assert len(upload.file_name) <= 150


def test_a_zip_bomb_is_refused(own_store: Engine, clerk: FlaskClient) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 300_000_000)
    address = send(clerk, packed.getvalue(), "bom.xlsx")
    assert "Không nhận tệp này" in clerk.get(address).text


def test_too_large_a_body_is_refused(
    own_store: Engine, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    add_account(own_store, "an")
    small = settings.model_copy(update={"max_upload": 1_000})
    browser = open_browser(create_app(small).server)
    sign_in(browser, "an")
    fields = {
        "csrf_token": token_of(browser, SEND),
        "files": (io.BytesIO(b"x" * 2_000), "a.csv"),
    }
    answer = browser.post(SEND, data=fields, headers=OWN)
    assert (answer.status_code, answer.text) == (413, "Yêu cầu quá lớn.")
    assert "refused (413)" in caplog.text


def test_a_step_whose_process_died_can_be_begun_again(
    own_store: Engine, clerk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_steps, "start_step", lambda *_: None)
    address = send(clerk, READINGS)
    assert "Trang tự làm mới" in clerk.get(address).text
    with own_store.begin() as connection:
        old = read_clock() - timedelta(minutes=3)
        connection.execute(update(schema.upload).values(touched_at=old))
    assert "dừng giữa chừng" in clerk.get(address).text
    monkeypatch.undo()
    monkeypatch.setattr(subprocess, "Popen", StepInPlace)
    post_form(clerk, f"{address}/lai", address)
    upload = uploads.list_uploads(own_store, "an")[0]
    assert upload.state is UploadState.READY


def test_forms_to_fill_in_can_be_fetched(own_store: Engine, clerk: FlaskClient) -> None:
    answer = clerk.get("/du-lieu/mau/readiness.xlsx?province=51")
    assert load_workbook(io.BytesIO(answer.data)).sheetnames[0] == "Biểu"
    assert clerk.get("/du-lieu/mau/other.xlsx").status_code == 404
    assert clerk.get("/du-lieu/mau/readiness.xlsx?province=99").status_code == 404


def test_the_first_real_file_says_what_steps_aside(
    empty: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "Popen", StepInPlace)
    add_account(empty, "an")
    browser = open_browser(create_app(settings).server)
    sign_in(browser, "an")
    shown = browser.get(send(browser, READINGS)).text
    assert "số liệu mô phỏng của tỉnh này không còn hiển thị" in shown


@pytest.fixture
def empty(settings: Settings) -> Any:
    """A store whose only figures of Quảng Ngãi are simulated."""
    from tests import making

    engine = store.open_store(settings.database_url)
    batch = making.batch("mo-phong", origin="simulated", file_kind="sample")
    store.save_batch(engine, batch, by="sample")
    yield engine
    engine.dispose()

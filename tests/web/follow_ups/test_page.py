"""/to-cong-tac/viec-hua: promises are added and withdrawn by forms; only evidence closes one."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from dashboard import store
from dashboard.accounts.roles import Role
from dashboard.settings import Settings
from dashboard.store import audit
from dashboard.store.exports import fetch_follow_ups
from dashboard.web.server import create_app
from tests import making
from tests.web.conftest import HOSTILE
from tests.web.people import OWN, add_account, open_browser, post_form, sign_in, token_of

PAGE = "/to-cong-tac/viec-hua"
ADD = f"{PAGE}/them?province=51"
PROMISE = {
    "commune": "21250",
    "what": "Cấp thêm 2 máy scan",
    "measure": "scanner_available",
    "target": "4",
    "owner": "Sở KH&CN",
    "promised_on": "2026-11-01",
    "due_on": "2026-11-15",
}


def open_as(role: Role, settings: Settings, engine: Engine, province: str = "51") -> FlaskClient:
    add_account(engine, f"so.{role}", role, province=province)
    browser = open_browser(create_app(settings).server)
    sign_in(browser, f"so.{role}")
    return browser


@pytest.fixture
def coordinator(own_store: Engine, settings: Settings) -> FlaskClient:
    """The browser of a coordinator of Quảng Ngãi."""
    return open_as(Role.COORDINATOR, settings, own_store)


def open_form(browser: FlaskClient) -> str:
    """The number under which a form that is opened will be written."""
    match = re.search(r'name="entry" value="([^"]+)"', browser.get(ADD).text)
    assert match is not None
    return match[1]


def add_promise(browser: FlaskClient, **changed: str) -> str:
    entry = changed.pop("entry", "") or open_form(browser)
    answer = post_form(browser, ADD, **{**PROMISE, "entry": entry, **changed})
    assert answer.status_code == 303, answer.text
    return entry


def shown(browser: FlaskClient, **fields: str) -> str:
    return browser.get(PAGE, query_string={"province": "51", **fields}).text


def test_a_promise_is_written_with_its_audit_and_owed_until_a_reading_shows_it(
    coordinator: FlaskClient, own_store: Engine
) -> None:
    add_promise(coordinator)
    page = shown(coordinator)
    assert "1 việc hứa quá hạn" in page
    assert "Cấp thêm 2 máy scan" in page
    assert "Sở KH&amp;CN" in page
    assert "mới nhất: tự kê khai 20/11/2026 (chưa kiểm tra): 2" in page
    lines = audit.fetch_audit_lines(own_store, action="import_batch", account="so.coordinator")
    assert lines["door"].tolist() == ["page"]
    (promise,) = coordinator.get("/api/report?province=51").get_json()["follow_ups"]
    assert (promise["state"], promise["evidence"]["value"]) == ("overdue", 2)
    readings_found = making.readings(
        [("21250", "scanner_available", 4, "verified", date(2026, 11, 21))]
    )
    store.save_batch(
        own_store, making.batch("tham", file_kind="visits", readings=readings_found), by="x"
    )
    page = shown(coordinator)
    assert "Không việc hứa nào quá hạn; 1 đã thực hiện" in page
    assert "✓ kiểm tra 21/11/2026: 4, sau hạn" in page
    assert "tham.xlsx" in page


def test_a_form_sent_twice_is_one_promise_and_sent_changed_is_a_conflict(
    coordinator: FlaskClient, own_store: Engine
) -> None:
    entry = add_promise(coordinator)
    add_promise(coordinator, entry=entry)
    fields = {**PROMISE, "entry": entry, "target": "5"}
    again = post_form(coordinator, ADD, **fields)
    assert (again.status_code, "nội dung khác" in again.text) == (400, True)
    assert fetch_follow_ups(own_store, "51")["target"].tolist() == [4]


def test_withdrawing_wants_a_reason_and_is_no_closing(
    coordinator: FlaskClient, own_store: Engine
) -> None:
    address = f"{PAGE}/rut/{add_promise(coordinator)}?province=51"
    entry = open_form(coordinator)
    assert post_form(coordinator, address, entry=entry, reason=" ").status_code == 400
    answer = post_form(coordinator, address, entry=entry, reason="Gộp vào gói mua sắm chung")
    assert answer.status_code == 303
    page = shown(coordinator, state="withdrawn")
    assert "Gộp vào gói mua sắm chung (22/11/2026)" in page
    assert "0 đã thực hiện" in page
    assert "đã được rút" in coordinator.get(address).text
    assert len(fetch_follow_ups(own_store, "51")) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"commune": "25261"},
        {"commune": "x"},
        {"measure": "scanner_needed"},
        {"measure": HOSTILE},
        {"target": "0"},
        {"target": "nan"},
        {"target": "9999999"},
        {"owner": "ông Trần Văn Một"},
        {"owner": ""},
        {"what": ""},
        {"promised_on": "2026-11-23"},
        {"due_on": "2026-10-31"},
        {"due_on": "2066-10-31"},
        {"entry": "1 OR 1=1"},
    ],
)
def test_what_cannot_be_a_promise_is_refused_and_nothing_is_written(
    coordinator: FlaskClient, own_store: Engine, changed: dict[str, str]
) -> None:
    fields = {**PROMISE, "entry": "a" * 8 + "-0000" * 3 + "-000000000000", **changed}
    answer = post_form(coordinator, ADD, **fields)
    assert answer.status_code == 400
    assert HOSTILE not in answer.text
    assert fetch_follow_ups(own_store, "51").empty


def test_what_is_hostile_is_shown_as_text(coordinator: FlaskClient) -> None:
    add_promise(coordinator, what=HOSTILE, owner=f"Sở {HOSTILE}")
    assert HOSTILE not in shown(coordinator)
    assert HOSTILE not in shown(coordinator, state=HOSTILE, owner=HOSTILE, measure=HOSTILE)
    line = coordinator.get("/tai/viec-hua.csv?province=51").text.splitlines()[1]
    assert line.startswith("21250,")


def test_filters_narrow_page_and_file_alike(coordinator: FlaskClient) -> None:
    add_promise(coordinator)
    add_promise(coordinator, owner="VNPT", due_on="2026-12-15")
    assert "1/2 việc hứa: Quá hạn" in shown(coordinator, state="overdue")
    assert "1/2 việc hứa: VNPT" in shown(coordinator, owner="VNPT")
    file = coordinator.get("/tai/viec-hua.csv?province=51&owner=VNPT").text
    assert (file.count("VNPT"), file.count("Sở KH&CN")) == (1, 0)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CLERK, Role.TEAM])
def test_only_who_coordinates_writes_and_nobody_of_another_province(
    own_store: Engine, settings: Settings, role: Role
) -> None:
    browser = open_as(role, settings, own_store)
    token = token_of(browser, "/tai-khoan")
    fields = {"csrf_token": token, **PROMISE, "entry": "a" * 36}
    assert browser.post(ADD, data=fields, headers=OWN).status_code == 403
    assert browser.get(ADD).status_code == 403


def test_a_coordinator_of_another_province_and_a_form_without_token_are_refused(
    own_store: Engine, settings: Settings
) -> None:
    browser = open_as(Role.COORDINATOR, settings, own_store, province="25")
    assert browser.get(ADD).status_code == 403
    own = f"{PAGE}/them?province=25"
    assert browser.post(own, data=PROMISE, headers=OWN).status_code == 400
    elsewhere = {"Origin": "https://example.org"}
    fields = {"csrf_token": token_of(browser, own), **PROMISE}
    assert browser.post(own, data=fields, headers=elsewhere).status_code == 403
    assert fetch_follow_ups(own_store, "25").empty


def test_what_was_published_of_support_stands_with_its_source(pages: FlaskClient) -> None:
    page = pages.get(f"{PAGE}?province=51").text
    for words in ("15.200", "4.000", "34 ", "800", "Tiền Phong, 13/10/2025"):
        assert words in page, words
    assert "Hỗ trợ đã công bố" not in pages.get(f"{PAGE}?province=01").text


def test_without_promises_the_page_says_so_and_past_days_offer_no_form(pages: FlaskClient) -> None:
    page = pages.get(f"{PAGE}?province=52").text
    assert "Chưa có việc hứa nào" in page
    assert (
        "Thêm việc hứa"
        not in pages.get(f"{PAGE}?province=52&as_of=2026-11-01")
        .text.split("<main")[1]
        .split("Điều phối")[0]
    )

"""/to-cong-tac/kiem-tra: the form that phones keep, what it is given, and what it may send."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pandas as pd
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from dashboard import store
from dashboard.accounts.roles import Role
from dashboard.batch import TEAM_DAY_COLUMNS, Batch
from dashboard.settings import Settings
from dashboard.store import audit, exports, schema
from dashboard.store.read import fetch_latest_readings
from dashboard.web.server import create_app
from dashboard.web.visit import page
from tests.web.people import OWN, add_account, open_browser, sign_in

FORM = "/to-cong-tac/kiem-tra"
VISIT_ID = "00000001-0000-4000-8000-000000000000"
VISIT: dict[str, Any] = {
    "id": VISIT_ID,
    "commune": "21250",
    "way": "video",
    "moment": "2026-11-21T09:00:00",
    "sent_at": "2026-11-22T09:00:00",
    "findings": [{"measure": "network_mbps", "value": 7.5, "mended": True, "seen": None}],
    "note": "Gặp ông Trần Văn Một, 0905 123 456",
    "promises": [],
}


_NINE = time(9)


class Team:
    """A signed-in browser that sends visits as the page's script does."""

    def __init__(self, browser: FlaskClient) -> None:
        self.browser = browser
        self.csrf = browser.get(f"{FORM}/phien.json").get_json()["csrf"]

    def send(self, **changed: Any) -> TestResponse:
        return self.post(f"{FORM}/gui", VISIT | changed)

    def post(self, address: str, body: Any) -> TestResponse:
        return self.browser.post(address, json=body, headers=OWN | {"X-CSRFToken": self.csrf})


@pytest.fixture
def sign_in_as(own_store: Engine, settings: Settings) -> Callable[..., FlaskClient]:
    server = create_app(settings).server

    def sign(role: Role, province: str = "51") -> FlaskClient:
        name = f"{role.value}.{province}"
        add_account(own_store, name, role, province=province)
        browser = open_browser(server)
        sign_in(browser, name)
        return browser

    return sign


@pytest.fixture
def team(sign_in_as: Callable[..., FlaskClient]) -> Team:
    return Team(sign_in_as(Role.TEAM))


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nine o'clock, so that the day of a visit does not depend on when the tests run."""
    monkeypatch.setattr(page, "read_time_of_day", lambda: _NINE)


def test_the_page_that_phones_keep_holds_no_figure_and_nobodys_name(
    sign_in_as: Callable[..., FlaskClient],
) -> None:
    browser = sign_in_as(Role.TEAM)
    answer = browser.get(FORM)
    assert answer.status_code == 200
    assert "no-store" not in answer.headers["Cache-Control"]
    assert "team.51" not in answer.text
    assert "Nghĩa Giang" not in answer.text
    assert len(answer.data) < 4_000


def test_a_sheet_asks_first_what_is_doubtful(team: Team) -> None:
    content = team.browser.get(f"{FORM}/phieu.json?xa=21250").get_json()
    (sheet,) = content["sheets"]
    assert sheet["name"] == "Xã Nghĩa Giang"
    orders = [question["order"] for question in sheet["questions"]]
    assert orders == sorted(orders)
    speed = next(entry for entry in sheet["questions"] if entry["measure"] == "network_mbps")
    assert speed["declared"] is not None
    assert speed["declared_age"] == "2 ngày trước"


def test_ten_sheets_are_small(team: Team) -> None:
    answer = team.browser.get(f"{FORM}/phieu.json?so=10&province=51")
    assert len(answer.get_json()["sheets"]) == 10
    assert len(answer.data) < 60_000


def test_a_visit_is_a_verified_reading_at_once_and_persons_are_nowhere(
    team: Team, own_store: Engine, settings: Settings
) -> None:
    answer = team.send()
    assert (answer.status_code, answer.get_json()["answer"]) == (200, "saved")
    readings = fetch_latest_readings(own_store, "51", settings.today())
    own_reading = readings[
        (readings["measure"] == "network_mbps") & (readings["basis"] == "verified")
    ]
    assert own_reading[["commune_code", "value"]].to_numpy().tolist() == [["21250", 7.5]]
    assert str(own_reading["as_of"].iloc[0])[:10] == "2026-11-21"
    with own_store.connect() as connection:
        notes = "".join(filter(None, connection.scalars(select(schema.visit.c.note))))
    assert "đã khắc phục tại chỗ" in notes
    assert "qua gọi video" in notes
    assert "0905" not in notes
    assert "Một" not in notes
    line = audit.fetch_audit_lines(own_store, action="import_batch", account="team.51")
    assert line["door"].tolist() == ["page"]


def test_sent_again_it_is_known_and_other_content_is_a_conflict(team: Team) -> None:
    first = team.send().get_json()
    again = team.send(sent_at="2026-11-22T09:05:00").get_json()
    assert again["answer"] == "known"
    assert again["batch"] == first["batch"]
    other = team.send(findings=[{"measure": "network_mbps", "value": 99}])
    assert other.status_code == 409
    assert other.get_json()["saved"] == ["Tốc độ mạng (Mbps): 7,5"]


def test_what_another_team_found_meanwhile_is_told(team: Team) -> None:
    team.send()
    later = team.send(
        id=VISIT_ID.replace("1", "2"), findings=[{"measure": "network_mbps", "value": 30}]
    )
    assert later.get_json()["changed"] == ["Tốc độ mạng (Mbps): tổ khác đã ghi 7,5"]


def test_a_clock_that_is_wrong_by_days_is_put_right(team: Team) -> None:
    """Written "three days hence", an hour before it was sent by the same clock."""
    answer = team.send(moment="2026-11-25T08:00:00", sent_at="2026-11-25T09:00:00")
    assert answer.get_json()["day"] == "2026-11-22"


def test_a_promise_is_a_follow_up_of_the_same_batch(team: Team, own_store: Engine) -> None:
    promise = {
        "measure": "network_mbps",
        "target": 50,
        "owner": "Trung tâm CNTT",
        "due": "2026-12-10",
    }
    assert team.send(promises=[promise]).status_code == 200
    (row,) = exports.fetch_follow_ups(own_store, "51").to_dict("records")
    assert (row["owner"], row["target"]) == ("Trung tâm CNTT", 50.0)
    sheets = team.browser.get(f"{FORM}/phieu.json?xa=21250").get_json()
    assert sheets["owners"] == ["Trung tâm CNTT"], "offered for the next promise"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"findings": []}, "chưa ghi kết quả nào"),
        ({"findings": [{"measure": "network_mbps", "value": 99_999}]}, "lớn hơn mức có thể"),
        ({"findings": [{"measure": "scanner_available", "value": 1.5}]}, "phải là số nguyên"),
        ({"findings": [{"measure": "self_rating", "value": 2}]}, "không dùng khi kiểm tra"),
        ({"findings": [{"measure": "network_mbps", "value": 7}] * 2}, "ghi hai lần"),
        ({"moment": "2025-06-30T08:00:00"}, "nằm ngoài khoảng"),
        ({"commune": "99999"}, "không có đơn vị"),
        ({"commune": "04792"}, "không phụ trách"),
        ({"id": "../../etc"}, "khuôn dạng"),
        ({"findings": [{"measure": "network_mbps", "value": "NaN"}]}, "khuôn dạng"),
        ({"more": 1}, "khuôn dạng"),
        ({"promises": [{"measure": "network_mbps", "target": 50}]}, "khuôn dạng"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason_and_nothing_is_written(
    team: Team, own_store: Engine, changed: dict[str, Any], reason: str
) -> None:
    version = store.fetch_data_version(own_store)
    answer = team.send(**({"note": ""} | changed))
    assert answer.status_code == 422
    assert reason in " ".join(answer.get_json()["why"])
    assert store.fetch_data_version(own_store) == version


@pytest.mark.parametrize("body", [None, [], "x", {}, {"visits": "x"}])
def test_junk_is_refused(team: Team, body: Any) -> None:
    assert team.post(f"{FORM}/gui", body).status_code == 422


def test_nobody_sends_without_an_account_a_token_or_the_role(
    sign_in_as: Callable[..., FlaskClient], pages: FlaskClient, team: Team
) -> None:
    assert pages.get(f"{FORM}/phieu.json").status_code == 401
    assert pages.post(f"{FORM}/gui", json=VISIT, headers=OWN).status_code == 401
    viewer = sign_in_as(Role.VIEWER)
    assert viewer.get(f"{FORM}/phien.json").status_code == 403
    without_token = team.browser.post(f"{FORM}/gui", json=VISIT, headers=OWN)
    assert without_token.status_code == 400
    foreign = team.browser.post(f"{FORM}/gui", json=VISIT, headers={"Origin": "http://ai.vn"})
    assert foreign.status_code == 403


def test_a_file_saved_from_a_phone_is_taken_by_a_clerk_exactly_once(
    sign_in_as: Callable[..., FlaskClient], team: Team
) -> None:
    team.send()
    coordinator = Team(sign_in_as(Role.COORDINATOR))
    second = VISIT | {"id": VISIT_ID.replace("1", "2")}
    answer = coordinator.post(f"{FORM}/tep", {"visits": [VISIT | {"sent_at": None}, second]})
    assert [entry["answer"] for entry in answer.get_json()["answers"]] == ["known", "saved"]


def test_a_phone_hears_where_teams_go_next(
    sign_in_as: Callable[..., FlaskClient], own_store: Engine, settings: Settings
) -> None:
    today = settings.today()
    days = [
        ("7a3f1f6e-2f0c-4a39-9a55-51d2b8f5a0c8", today + timedelta(days=2), "planned"),
        ("8b3f1f6e-2f0c-4a39-9a55-51d2b8f5a0c9", today, "planned"),
        ("9c3f1f6e-2f0c-4a39-9a55-51d2b8f5a0ca", today, "called_off"),
        ("0d3f1f6e-2f0c-4a39-9a55-51d2b8f5a0cb", today - timedelta(days=1), "planned"),
        ("1e3f1f6e-2f0c-4a39-9a55-51d2b8f5a0cc", today + timedelta(days=9), "planned"),
    ]
    rows = [(day_id, day_id, day, "21289 21250", state) for day_id, day, state in days]
    frame = pd.DataFrame(rows, columns=TEAM_DAY_COLUMNS, dtype=object)
    batch = Batch(
        *("lich.xlsx", "c" * 64, "team_days", "51"),
        datetime.combine(today, time()),
        rows=len(rows),
        team_days=frame,
    )
    store.save_batches(own_store, [batch], by="test")
    session = sign_in_as(Role.TEAM).get(f"{FORM}/phien.json").get_json()
    assert [entry["day"] for entry in session["days"]] == [
        today.isoformat(),
        (today + timedelta(days=2)).isoformat(),
    ]
    assert session["days"][0]["communes"] == ["21289", "21250"], "in the order of the way"
    assert not session["sends_files"]
    assert not sign_in_as(Role.TEAM, "52").get(f"{FORM}/phien.json").get_json()["days"]

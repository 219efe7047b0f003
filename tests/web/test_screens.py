"""Screens report what they show; what is no report of a screen is refused, and nothing of it is
repeated.
"""

from __future__ import annotations

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event, Semaphore
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from dashboard import store
from dashboard.accounts.roles import Role
from dashboard.data_version import DataVersion
from dashboard.settings import Settings
from dashboard.store import accounts
from dashboard.store import screens as store_screens
from dashboard.store.audit import Author
from dashboard.store.clock import read_clock
from dashboard.store.screens import Heartbeat, save_heartbeat
from dashboard.web import sessions
from dashboard.web.data import machines
from dashboard.web.documents.guarded_sections import TEMPLATES
from dashboard.web.server import create_app
from dashboard.web.wall import heartbeats
from tests.web.people import add_account, open_browser, sign_in

SHOWN = DataVersion(3, "a3", "b1")
SAID = {
    "name": "Phòng họp 2",
    "province": "51",
    "scene": "mang",
    "version": 3,
    "token": SHOWN.token,
    "build": "0a1b",
    "fresh": 4,
    "errors": 0,
}
NOW = datetime(2026, 11, 22, 3)


def say(client: FlaskClient, **changed: Any) -> int:
    return client.post("/api/screens", data=json.dumps({**SAID, **changed})).status_code


def test_a_screen_is_heard_and_the_data_version_stays(
    own_pages: FlaskClient, own_store: Engine
) -> None:
    version = store.fetch_data_version(own_store).number
    assert say(own_pages) == 204
    (row,) = machines.list_screens(own_store, SHOWN, datetime.now(UTC).replace(tzinfo=None))
    assert (row["name"], row["province"], row["state"]) == ("Phòng họp 2", "Quảng Ngãi", "green")
    assert store.fetch_data_version(own_store).number == version


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"x",
        b"[]",
        b"null",
        b'{"name":""}',
        b"[" * 900,
        json.dumps({**SAID, "version": -1}).encode(),
        json.dumps({**SAID, "errors": "<b>"}).encode(),
        json.dumps({**SAID, "name": 7}).encode(),
    ],
)
def test_what_no_screen_would_say_is_refused_in_one_line(
    pages: FlaskClient, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="dashboard"):
        assert pages.post("/api/screens", data=body).status_code == 400
    assert [record.getMessage() for record in caplog.records] == ["heartbeat refused (400)"]


def test_a_large_body_is_refused_unread(pages: FlaskClient) -> None:
    assert pages.post("/api/screens", data=b" " * 1001).status_code == 413


def test_another_site_cannot_speak_for_a_screen(pages: FlaskClient) -> None:
    answer = pages.post(
        "/api/screens", data=json.dumps(SAID), headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


def test_a_name_is_only_a_name() -> None:
    heard = heartbeats.parse_heartbeat(
        json.dumps({**SAID, "name": "  <img src=x>Phòng\u00a0họp " + "a" * 90}).encode()
    )
    assert heard is not None
    assert heard.name == "img srcxPhòng họp " + "a" * 22
    called = heartbeats.parse_heartbeat(json.dumps({**SAID, "name": "Gọi 0912 345 678"}).encode())
    assert called is not None
    assert called.name == "Gọi 0912", "a telephone number is no name"
    assert heartbeats.parse_heartbeat(
        json.dumps({**SAID, "scene": "'; drop", "province": "99", "build": "?"}).encode()
    ) == Heartbeat("Phòng họp 2", "", "", 3, "", 4, 0, SHOWN.token)


def test_a_store_that_hangs_holds_no_more_than_a_few_threads(
    own_pages: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = Event()
    started = Semaphore(0)

    def hangs(*_: object, **_options: object) -> None:
        started.release()
        assert answers.wait(30)

    monkeypatch.setattr("dashboard.web.wall.heartbeats.save_heartbeat", hangs)
    with ThreadPoolExecutor(heartbeats.MOST_AT_ONCE) as others:
        first = [
            others.submit(say, own_pages.application.test_client(), name=f"n{number}")
            for number in range(heartbeats.MOST_AT_ONCE)
        ]
        for _ in first:
            assert started.acquire(timeout=30)
        assert say(own_pages, name="one more") == 204  # at once
        answers.set()
        assert [answer.result() for answer in first] == [204] * heartbeats.MOST_AT_ONCE


def test_of_a_flood_of_names_only_a_few_a_second_are_kept(
    own_pages: FlaskClient, own_store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.web.wall.heartbeats.time.monotonic", lambda: 7.0)
    server = own_pages.application
    answers = [say(server.test_client(), name=f"n{number}") for number in range(40)]
    assert answers == [204] * 40
    assert len(machines.list_screens(own_store, SHOWN, NOW)) == heartbeats.MOST_A_SECOND


def test_one_address_brings_only_so_many_screens_an_hour(
    own_store: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeats, "MOST_A_SECOND", 1000)
    server = create_app(settings).server
    for number in range(heartbeats.MOST_NEW_AN_HOUR + 5):
        assert say(server.test_client(), name=f"n{number}") == 204
    assert len(machines.list_screens(own_store, SHOWN, NOW)) == heartbeats.MOST_NEW_AN_HOUR
    elsewhere = server.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.9"
    assert say(elsewhere, name="elsewhere") == 204
    assert len(machines.list_screens(own_store, SHOWN, NOW)) == heartbeats.MOST_NEW_AN_HOUR + 1


def test_a_browser_is_one_screen_whatever_it_calls_itself(
    own_pages: FlaskClient, own_store: Engine
) -> None:
    assert say(own_pages) == 204
    cookie = own_pages.get_cookie("dashboard_screen")
    assert cookie is not None
    assert cookie.http_only
    assert say(own_pages, name="Sảnh") == 204
    assert len(machines.list_screens(own_store, SHOWN, NOW)) == 1


def test_the_link_of_a_screen_makes_the_browser_that_screen(
    own_pages: FlaskClient, own_store: Engine
) -> None:
    secret = store_screens.add_screen(own_store, "Phòng họp 2", Author("quantri"))
    answer = own_pages.get(f"/man-hinh/vao/{secret}?province=51")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/man-hinh?ten=Ph")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert say(own_pages, name="another") == 204
    (row,) = machines.list_screens(own_store, SHOWN, datetime.now(UTC).replace(tzinfo=None))
    assert (row["name"], row["accepted"], row["state"]) == ("Phòng họp 2", True, "green")
    assert own_pages.get(f"/man-hinh/vao/{secret}x").status_code == 404


def test_where_viewing_needs_an_account_a_screen_of_the_office_goes_on(
    own_store: Engine, settings: Settings
) -> None:
    closed = create_app(settings.model_copy(update={"view": "signed-in"})).server
    screen, stranger = closed.test_client(), closed.test_client()
    secret = store_screens.add_screen(own_store, "Sảnh", Author("quantri"))
    screen.get(f"/man-hinh/vao/{secret}")
    assert screen.get("/man-hinh").status_code == 200
    assert screen.get("/api/wall?province=51").status_code == 200
    assert screen.get("/ho-so").status_code == 401, "a screen is no account"
    assert stranger.get("/api/wall?province=51").status_code in (302, 401)
    number = int(store_screens.fetch_screens(own_store)["number"].iloc[0])
    store_screens.remove_screen(own_store, number, Author("quantri"))
    assert screen.get("/api/wall?province=51").status_code in (302, 401)


def test_a_screen_outlives_every_session(
    own_store: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = create_app(settings.model_copy(update={"view": "signed-in"})).server
    add_account(own_store, "xem", Role.VIEWER)
    viewer, screen = open_browser(closed), closed.test_client()
    sign_in(viewer, "xem")
    screen.get(f"/man-hinh/vao/{store_screens.add_screen(own_store, 'Sảnh', Author('quantri'))}")
    cookie = screen.get_cookie(sessions.SCREEN_COOKIE)
    assert cookie is not None
    assert cookie.max_age is not None
    assert cookie.max_age > 300 * 86_400
    now = read_clock()
    for days in range(8):
        later = now + timedelta(days=days)
        monkeypatch.setattr(accounts, "read_clock", lambda later=later: later)
        assert screen.get("/api/wall?province=51").status_code == 200
        assert screen.get("/man-hinh").status_code == 200
        signed_in = viewer.get("/ho-so").status_code == 200
        assert signed_in == (days == 0)


def heard(engine: Engine, name: str, **changed: Any) -> None:
    moment = changed.pop("at", NOW)
    fields = {
        **dict(
            zip(
                Heartbeat.__dataclass_fields__,
                ("", "51", "mang", 3, "ab", 4, 0, SHOWN.token),
                strict=True,
            )
        ),
        **changed,
    }
    said = Heartbeat(**{**fields, "name": name})
    assert save_heartbeat(engine, said, f"secret of {name}", moment)


def test_a_window_without_a_name_is_listed_while_it_is_open(own_store: Engine) -> None:
    heard(own_store, "không tên 0a1b")
    heard(own_store, "Sảnh")
    heard(own_store, "Hành lang", version=2, at=NOW + timedelta(minutes=5))
    later = machines.list_screens(own_store, SHOWN, NOW + timedelta(minutes=5))
    assert [(row["name"], row["state"]) for row in later] == [
        ("Hành lang", "stale"),
        ("Sảnh", "unknown"),
    ]
    assert len(machines.list_screens(own_store, SHOWN, NOW + timedelta(minutes=1))) == 3


def test_the_list_says_who_shows_old_data_and_who_is_gone_troubled_first(own_store: Engine) -> None:
    heard(own_store, "A mới")
    heard(own_store, "B cũ", version=2)
    heard(own_store, "B khác", token="a9")
    heard(own_store, "C chờ", fresh_seconds=None)
    heard(own_store, "D lâu", fresh_seconds=600)
    listed = machines.list_screens(own_store, SHOWN, NOW + timedelta(minutes=1))
    assert [(row["name"], row["state"]) for row in listed] == [
        *[("B cũ", "stale"), ("B khác", "stale"), ("C chờ", "stale"), ("D lâu", "stale")],
        ("A mới", "green"),
    ]
    assert listed[0]["says"] == "Đang hiện phiên bản 2, mới nhất là 3"
    assert listed[1]["says"] == "Đang hiện số liệu của một kho dữ liệu khác"
    assert listed[3]["says"] == "Không liên lạc được máy chủ trong 10 phút"
    gone = machines.list_screens(own_store, SHOWN, NOW + timedelta(minutes=5))
    assert {row["says"] for row in gone} == {"Không còn báo về"}
    part = TEMPLATES.get_template("data/screens.html").render(all=listed)
    assert "B cũ" in part
    assert "10:00 22/11/2026" in part
    assert "Chưa màn hình nào báo về" in TEMPLATES.get_template("data/screens.html").render(all=[])

"""The charts of the first page: at an address that may be kept for good, in the order of the
callback that writes them; one that fails says so in its place and leaves the others.
"""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.settings import Settings
from dashboard.web.overview import figures, quadrant
from dashboard.web.server import create_app

DAY = "province=51&as_of=2026-11-20"


def ask(client: FlaskClient, query: str, **headers: str) -> TestResponse:
    return client.get(f"/api/charts?{query}", headers=headers)


def tell_stamp(client: FlaskClient) -> str:
    return str(client.get("/api/state?province=51").get_json()["stamp"])


def refuse_constant(name: str) -> None:
    raise AssertionError(f"no browser reads {name}")


def test_a_chart_that_fails_leaves_the_others_and_is_drawn_anew(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client = create_app(settings).server.test_client()
    stamp = tell_stamp(client)
    with monkeypatch.context() as broken, caplog.at_level(logging.ERROR, "dashboard"):
        broken.setattr(quadrant, "compute_quadrant", lambda _report: 1 / 0)
        answer = ask(client, f"{DAY}&v={stamp}")
    assert answer.headers["Cache-Control"] == "no-cache"
    content: dict[str, Any] = answer.get_json()
    assert content["failed"] == ["quadrant"]
    titles = {
        name: chart["figure"]["layout"]["title"]["text"]
        for name, chart in content["charts"].items()
    }
    assert titles["quadrant"] == "Mức sẵn sàng và đúng hạn: tạm thời không tính được"
    assert titles["green-over-time"] == "Mức Xanh theo ngày: chưa có dữ liệu"
    words = content["charts"]["quadrant"]["words"]
    assert words == "Phần này đang lỗi, phần khác vẫn đúng; lỗi đã được ghi lại."
    assert "ZeroDivisionError" in caplog.text
    assert ask(client, f"{DAY}&v={stamp}").get_json()["failed"] == []


def test_charts_stand_in_the_order_in_which_the_callback_writes_them(pages: FlaskClient) -> None:
    answer = ask(pages, DAY)
    content = json.loads(answer.text, parse_constant=refuse_constant)
    assert list(content["charts"]) == list(figures.GRAPHS)
    (declared,) = pages.get("/_dash-dependencies").get_json()
    written = [entry.rpartition(".")[0] for entry in declared["output"].strip(".").split("...")]
    assert written == [
        f"{name}{part}" for part in ("", "-said", "-frame") for name in content["charts"]
    ]
    assert declared["clientside_function"]["namespace"] == "charts"


def test_charts_with_the_stamp_of_what_they_depend_on_are_kept_for_good(pages: FlaskClient) -> None:
    stamp = tell_stamp(pages)
    kept = ask(pages, f"{DAY}&v={stamp}")
    assert "immutable" in kept.headers["Cache-Control"]
    plain = ask(pages, DAY)
    assert plain.headers["Cache-Control"] == "no-cache"
    assert (plain.data, plain.headers["ETag"]) == (kept.data, kept.headers["ETag"])
    again = ask(pages, DAY, **{"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("query", [f"{DAY}&dark=1&v=of-yesterday", "province=51&dark=1&v={}"])
def test_an_older_stamp_and_a_live_view_lead_to_the_newest_charts(
    pages: FlaskClient, query: str
) -> None:
    answer = ask(pages, query.format(tell_stamp(pages)))
    assert answer.status_code == 307
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Location"] == f"/api/charts?{query.partition('&v=')[0]}"


def test_colours_and_room_are_in_the_address(pages: FlaskClient) -> None:
    light, dark, narrow = (ask(pages, f"{DAY}{more}") for more in ("", "&dark=1", "&narrow=1"))
    assert light.data != dark.data
    assert len({answer.headers["ETag"] for answer in (light, dark, narrow)}) == 3
    assert ask(pages, f"{DAY}&dark=no&lost=3").data == light.data

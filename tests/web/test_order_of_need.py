"""Who needs help most is one order, whichever screen is asked."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from flask.testing import FlaskClient

from dashboard.settings import read_settings
from dashboard.web.overview.words import describe_need
from dashboard.web.server import create_app
from dashboard.web.words.need import NOBODY_IN_NEED, list_most_in_need
from tests import making
from tests.conftest import TODAY as SAMPLE_DAY
from tests.web.reporting import CODES, TODAY, report_of
from tools.running import environment_in

WALL_NAMES = 7


@pytest.fixture(scope="module")
def pages(sample_folder: Path) -> FlaskClient:
    settings = read_settings(environment_in(sample_folder, DASHBOARD_TODAY=SAMPLE_DAY))
    return create_app(settings).server.test_client()


@pytest.mark.parametrize("province", ["25", "51", "52"])
def test_state_wall_and_list_of_teams_have_the_same_order(
    pages: FlaskClient, province: str
) -> None:
    state = json.loads(pages.get(f"/api/state?province={province}").data)
    order = [state["codes"][index] for index in state["need"]["order"]]
    assert sorted(order) == sorted(state["codes"])
    top = [state["codes"][line["commune"]] for line in state["need"]["top"]]
    assert top == order[:5]
    assert all(line["reason"] for line in state["need"]["top"])
    wall = json.loads(pages.get(f"/api/wall?province={province}&scenes=tong-the").data)
    (scene,) = wall["scenes"]
    assert [entry["code"] for entry in scene["named"]] == order[:WALL_NAMES]
    page = pages.get(f"/to-cong-tac?province={province}").get_data(as_text=True)
    main = page[page.index('id="visits-title"') : page.index('id="listed-title"')]
    cards = list(dict.fromkeys(re.findall(r'href="/xa/([0-9]{5})', main)))
    assert len(cards) > WALL_NAMES
    assert cards == order[: len(cards)]


def test_who_is_red_comes_before_who_is_yellow_and_both_before_the_silent() -> None:
    yellow = making.declaration(CODES[1], TODAY, scanner_available=1)
    red = making.declaration(CODES[3], TODAY, network_stable=0, signature_issued=4)
    report = report_of(
        declared={CODES[0]: TODAY, CODES[2]: TODAY - timedelta(days=90)},
        readings=pd.concat([yellow, red]),
    )
    need = describe_need(report)
    assert need["order"] == [3, 1, 4, 2, 0]
    assert [line["commune"] for line in need["top"]] == [3, 1, 4, 2]
    assert need["top"][0]["reason"] == (
        "▲\u00a0Đường truyền: không · ▲\u00a0Chữ ký số: 4/20 (20,0%)"
    )
    assert need["top"][0]["since"] == "từ 22/11/2026"
    assert [line["reason"] for line in need["top"][2:]] == [
        "Chưa báo cáo lần nào",
        "Báo cáo gần nhất 24/08/2026, 90 ngày trước",
    ]


def test_where_nothing_was_ever_told_nobody_is_listed() -> None:
    assert list_most_in_need(report_of()) == []
    assert describe_need(report_of())["empty"] == "Chưa có dữ liệu."


def test_where_all_is_well_that_is_said() -> None:
    report = report_of(declared=dict.fromkeys(CODES, TODAY))
    assert describe_need(report)["empty"] == NOBODY_IN_NEED

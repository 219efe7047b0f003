"""The count of green communes stands beside what it rests on: visits, and values that look odd."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from dashboard.indicators.report import Report
from dashboard.web.needs.words import tell_needs_headline
from dashboard.web.overview.state import build_state
from dashboard.web.wall.readiness_scenes import make_overall_scene
from dashboard.web.wall.scene import WallContext, select_all_communes
from tests import making
from tests.web.reporting import CODES, TODAY, report_of

BEFORE = TODAY - timedelta(days=10)


def _all_green_report(*, slow_before: int = 0, visited: int = 0) -> Report:
    """All declare green; `slow_before` of them a tenth of the speed ten days ago, `visited` were
    seen.
    """
    rows = [making.declaration(code, BEFORE, network_mbps=9) for code in CODES[:slow_before]]
    rows += [
        making.readings([(code, "network_stable", 1, "verified", date(2026, 11, 20))])
        for code in CODES[:visited]
    ]
    readings = pd.concat(rows) if rows else None
    return report_of(declared=dict.fromkeys(CODES, TODAY - timedelta(days=1)), readings=readings)


def test_green_by_their_own_word_is_told_as_such_on_every_page() -> None:
    report = _all_green_report(slow_before=2)
    green = build_state(report, TODAY, None)["headline"][0]
    assert green["value"] == "5/5"
    assert green["note"] == "0/5 đơn vị mức Xanh đã kiểm tra, 2 có biến động bất thường"
    # in sight, not only behind the card's question mark
    assert build_state(report, TODAY, None)["beside"]["green"] == "0/5 đã kiểm tra, 2 bất thường"
    assert tell_needs_headline(report).endswith(green["note"])
    context = WallContext(report, "Quảng Ngãi", select_all_communes(report), None)
    figures = {figure.label: figure.value for figure in make_overall_scene(context).figures}
    assert (figures["Xanh đã kiểm tra"], figures["Có số bất thường"]) == ("0/5", "2/5")


def test_a_visit_still_in_force_confirms_green() -> None:
    green = build_state(_all_green_report(visited=3), TODAY, None)["headline"][0]
    assert green["note"] == "3/5 đơn vị mức Xanh đã kiểm tra"


def test_where_nobody_is_green_nothing_is_said_of_green() -> None:
    report = report_of()
    assert build_state(report, TODAY, None)["headline"][0]["note"] == "5 đơn vị chưa báo cáo"
    context = WallContext(report, "Quảng Ngãi", select_all_communes(report), None)
    assert make_overall_scene(context).figures == ()

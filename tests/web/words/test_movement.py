"""What changed since a day: every commune that moved is told once, with its cause; no comparison
with nothing.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators.readiness import assessment
from dashboard.web.words.explain import LETTERS
from dashboard.web.words.movement import describe_movement
from tests import making
from tests.web.reporting import CODES, TODAY, criteria, report_of

WEEK = TODAY - timedelta(days=7)
EARLIER = TODAY - timedelta(days=20)
BAD: dict[str, dict[str, float]] = {
    "g": {},
    "y": {"scanner_available": 1},
    "r": {"network_stable": 0},
}


def told(*rows: tuple[str, date, str]) -> dict[str, Any]:
    frames = [making.declaration(code, day, **BAD[level]) for code, day, level in rows]
    return describe_movement(report_of(readings=pd.concat(frames)), WEEK)


@pytest.mark.parametrize(
    ("before", "now", "title"),
    [
        ("y", "r", "1 đơn vị chuyển sang Đỏ"),
        ("g", "r", "1 đơn vị chuyển sang Đỏ"),
        ("g", "y", "1 đơn vị không còn Xanh"),
        ("y", "g", "1 đơn vị lên Xanh"),
        ("r", "g", "1 đơn vị lên Xanh (1 từ Đỏ)"),
        ("r", "y", "1 đơn vị ra khỏi Đỏ"),
    ],
)
def test_a_move_is_named_by_where_it_led(before: str, now: str, title: str) -> None:
    movement = told((CODES[0], EARLIER, before), (CODES[0], TODAY, now))
    assert [group["title"] for group in movement["groups"]] == [title]
    ((index, was, became, why),) = movement["rows"]
    assert (index, was, became) == (0, before, now)
    assert why.startswith("kê khai mới: ")


def test_a_report_that_grew_old_is_told_as_silence_and_why() -> None:
    limit = max(criterion.stale_after_days for criterion in criteria().in_force(TODAY).criteria)
    movement = told((CODES[0], TODAY - timedelta(days=limit + 1), "g"), (CODES[1], EARLIER, "g"))
    assert [group["title"] for group in movement["groups"]] == ["1 đơn vị hết hiệu lực số liệu"]
    assert "số cũ hết hạn" in movement["rows"][0][3]


def test_who_was_silent_has_turned_nothing_it_has_spoken() -> None:
    movement = told(
        (CODES[0], EARLIER, "g"),
        (CODES[1], TODAY, "r"),
        (CODES[2], TODAY, "r"),
        (CODES[3], TODAY, "g"),
    )
    assert [group["title"] for group in movement["groups"]] == [
        "3 đơn vị có báo cáo (1 Xanh, 2 Đỏ)"
    ]
    assert [row[:3] for row in movement["rows"]] == [[1, "u", "r"], [2, "u", "r"], [3, "u", "g"]]


def test_what_a_visit_found_is_told_as_a_visit() -> None:
    visit = making.readings([(CODES[0], "network_stable", 0, "verified", TODAY)])
    rows = [making.declaration(CODES[0], EARLIER), visit]
    movement = describe_movement(report_of(readings=pd.concat(rows)), WEEK)
    assert movement["rows"] == [[0, "g", "r", "kiểm tra: đường truyền"]]


def test_nothing_moved_and_nothing_to_compare_with_are_different_words() -> None:
    assert told((CODES[0], EARLIER, "g"))["empty"] == "không đơn vị nào đổi mức"
    assert (
        told((CODES[0], TODAY, "g"))["empty"] == "chưa đủ kỳ: ngày 15/11/2026 chưa có số liệu để so"
    )
    known_before = report_of(readings=making.declaration(CODES[0], date(2025, 6, 1)))
    no_rule_then = describe_movement(known_before, date(2025, 6, 24))["empty"]
    assert no_rule_then == "chưa đủ kỳ: ngày 24/06/2025 chưa có số liệu để so"


levels_of = st.fixed_dictionaries({code: st.sampled_from(["", "g", "y", "r"]) for code in CODES})


@settings(max_examples=15, deadline=None)
@given(levels_of, levels_of)
def test_every_commune_that_moved_is_told_exactly_once(
    before: dict[str, str], now: dict[str, str]
) -> None:
    rows = [
        (code, day, level)
        for day, of in ((EARLIER, before), (TODAY, now))
        for code, level in of.items()
        if level
    ]
    if not any(before.values()):
        return  # nothing to compare with
    frames = [making.declaration(code, day, **BAD[level]) for code, day, level in rows]
    report = report_of(readings=pd.concat(frames))
    movement = describe_movement(report, WEEK)
    history = report.snapshot.province_data.history
    was, is_now = (
        assessment.assess_readiness(history, criteria(), day).overall[:, 0] for day in (WEEK, TODAY)
    )
    moved = {
        index: (LETTERS[was[index]], LETTERS[is_now[index]])
        for index in range(len(CODES))
        if was[index] != is_now[index]
    }
    assert {moved_index: (old, new) for moved_index, old, new, _ in movement["rows"]} == moved
    assert len(movement["rows"]) == len(moved)
    assert sum(int(group["title"].split()[0]) for group in movement["groups"]) == len(moved)

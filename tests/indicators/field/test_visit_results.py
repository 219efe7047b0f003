"""What visits found and changed, beside what changed where nobody came."""

from __future__ import annotations

from datetime import date, timedelta
from math import isnan

import pandas as pd

from dashboard.indicators.field.visit_results import (
    compare_visited_with_others,
    list_checked_criteria,
)
from dashboard.indicators.readiness.history import History
from dashboard.web.field_report.page import tell_effect
from tests import making
from tests.web.reporting import CODES, criteria

FIRST = date(2026, 11, 16)
WEEK = [FIRST + timedelta(days=n) for n in range(6)]


def history_of(*frames: pd.DataFrame) -> History:
    frame = pd.concat(frames)
    return History(
        frame.assign(as_of=pd.to_datetime(frame["as_of"]).astype("datetime64[s]")), CODES
    )


def red(code: str) -> pd.DataFrame:
    return making.declaration(code, FIRST - timedelta(days=3), network_stable=0)


def found(code: str, value: float) -> pd.DataFrame:
    return making.readings([(code, "network_stable", value, "verified", WEEK[2])])


def test_red_communes_that_were_visited_are_held_against_those_that_were_not() -> None:
    history = history_of(
        *map(red, CODES[:4]),
        making.declaration(CODES[4], FIRST - timedelta(days=3)),
        found(CODES[0], 1),  # mended
        found(CODES[1], 0),  # as bad as before
        making.declaration(CODES[2], WEEK[1]),  # better by its own word, nobody came
        found(CODES[4], 1),  # was green: no part of it
    )
    comparison = compare_visited_with_others(history, criteria(), WEEK)
    assert (comparison.visited, comparison.visited_better) == (2, 1)
    assert (comparison.others, comparison.others_better) == (2, 1)
    assert comparison.expected_anyway == 1
    assert "khoảng 1 đơn vị" in tell_effect(comparison)[1]


def test_without_others_nothing_is_said_of_what_would_have_changed_anyway() -> None:
    comparison = compare_visited_with_others(
        history_of(red(CODES[0]), found(CODES[0], 1)), criteria(), WEEK
    )
    assert isnan(comparison.expected_anyway)
    assert tell_effect(comparison)[1] == "Không có đơn vị mức Đỏ nào khác để so sánh."


def test_a_checked_criterion_tells_both_words() -> None:
    history = history_of(red(CODES[0]), found(CODES[0], 1), found(CODES[1], 1))
    first, second = list_checked_criteria(history, criteria(), WEEK)
    assert (first.day, first.declared_level, first.found_level) == (WEEK[2], "red", "green")
    assert not first.is_confirmed
    assert second.declared_level == "unknown"

"""Pace: who turned green, who only began to report, and when all would be green, if the
trend says.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators import levels
from dashboard.indicators.levels import GREEN, RED, STALE, UNKNOWN, YELLOW
from dashboard.indicators.readiness.history import History
from dashboard.indicators.readiness.pace import (
    Pace,
    compute_pace,
    compute_pace_until,
    list_week_ends,
)
from dashboard.reports import read_criteria
from dashboard.settings import ROOT
from tests import making

SUNDAY = date(2026, 11, 15)


def of(*green: int, communes: int = 40, ends: list[date] | None = None) -> Pace:
    """The pace where so many of the communes were green at the end of each week, the
    others yellow.
    """
    column = np.arange(communes)[:, None]
    overall = np.where(column < np.array(green)[None, :], GREEN, YELLOW).astype(np.int8)
    return compute_pace(
        overall, ends or [SUNDAY - timedelta(weeks=n) for n in reversed(range(len(green)))]
    )


def test_weeks_end_on_sundays_and_the_running_one_today() -> None:
    assert list_week_ends(date(2026, 11, 3), date(2026, 11, 15)) == [date(2026, 11, 8), SUNDAY]
    assert list_week_ends(date(2026, 11, 3), date(2026, 11, 17)) == [
        date(2026, 11, 8),
        SUNDAY,
        date(2026, 11, 17),
    ]
    assert list_week_ends(date(2026, 11, 16), date(2026, 11, 17)) == [date(2026, 11, 17)]


def test_a_steady_trend_says_the_day() -> None:
    pace = of(0, 2, 4, 6, 8, 10, 12, 14, 16, 18)
    assert (pace.says, pace.per_week, pace.green, pace.communes) == ("trend", 2, 18, 40)
    assert pace.expected == pace.earliest == pace.latest == SUNDAY + timedelta(weeks=11)


def test_an_uneven_trend_gives_a_range() -> None:
    pace = of(0, 0, 0, 0, 0, 4, 8, 12, 16)
    assert pace.per_week == 2
    assert (pace.expected, pace.earliest) == (
        SUNDAY + timedelta(weeks=12),
        SUNDAY + timedelta(weeks=6),
    )
    assert pace.latest is None  # four weeks stood still: "chưa xác định"


@pytest.mark.parametrize(
    ("green", "says"),
    [
        ((5, 6, 7, 8), "too_short"),  # three weeks of change
        ((5, 6, 7, 8, 9), "trend"),
        ((9, 9, 9, 9, 9), "no_trend"),
        ((9, 8, 7, 6, 5), "no_trend"),
        ((0, 1, 1, 1, 1, 1, 1, 1, 1), "no_trend"),  # one in eight weeks: beyond any horizon for 39
        ((40,), "done"),
    ],
)
def test_the_trend_is_honest_about_what_it_cannot_say(green: tuple[int, ...], says: str) -> None:
    pace = of(*green)
    assert pace.says == says
    assert (pace.expected is not None) == (says == "trend")
    assert math.isnan(pace.per_week) == (len(green) < 5)


def test_weeks_before_the_first_report_are_no_standstill() -> None:
    overall = np.full((10, 30), UNKNOWN, dtype=np.int8)
    overall[:, -3:] = YELLOW
    pace = compute_pace(overall, [SUNDAY - timedelta(weeks=n) for n in reversed(range(30))])
    assert (pace.says, len(pace.weeks)) == ("too_short", 3)
    assert (
        compute_pace(overall[:, :20], list_week_ends(SUNDAY - timedelta(weeks=19), SUNDAY)).says
        == "too_short"
    )


def test_a_first_report_is_no_improvement() -> None:
    overall = np.full((10, 9), YELLOW, dtype=np.int8)
    overall[:5, :4], overall[:5, 4:] = UNKNOWN, GREEN
    pace = compute_pace(overall, [SUNDAY - timedelta(weeks=n) for n in reversed(range(9))])
    assert pace.weeks["turned_green_from_silence"].tolist() == [0, 0, 0, 0, 5, 0, 0, 0, 0]
    assert pace.weeks["turned_green"].sum() == 0
    assert pace.says == "no_trend"


def test_the_running_week_is_shown_and_takes_no_part_in_the_mean() -> None:
    ends = [*(SUNDAY - timedelta(weeks=n) for n in reversed(range(6))), SUNDAY + timedelta(days=2)]
    pace = of(0, 1, 2, 3, 4, 5, 30, ends=ends)
    assert pace.weeks["whole"].tolist() == [True] * 6 + [False]
    assert pace.weeks["first"].iloc[-1] == SUNDAY + timedelta(days=1)
    assert pace.per_week == 1
    assert pace.expected == ends[-1] + timedelta(weeks=10)


def slow_weeks(overall: list[list[int]]) -> list[dict[str, int]]:
    """The obvious twin: every commune, every week."""
    rows = []
    for week in range(len(overall[0])):
        row = dict.fromkeys(
            ["green", "turned_green", "left_green", "turned_green_from_silence", "left_to_silence"],
            0,
        )
        for commune in overall:
            before, now = (commune[week - 1] if week else UNKNOWN), commune[week]
            row["green"] += now == GREEN
            if now == GREEN and before in (RED, YELLOW):
                row["turned_green"] += 1
            if now == GREEN and before in (STALE, UNKNOWN):
                row["turned_green_from_silence"] += 1
            if before == GREEN and now in (RED, YELLOW):
                row["left_green"] += 1
            if before == GREEN and now in (STALE, UNKNOWN):
                row["left_to_silence"] += 1
        rows.append(row)
    return rows


WEEKS = st.integers(1, 16)


@settings(max_examples=40, deadline=None)
@given(
    WEEKS.flatmap(
        lambda n: st.lists(
            st.lists(st.integers(0, 4), min_size=n, max_size=n), min_size=1, max_size=5
        )
    )
)
def test_weeks_and_forecast_agree_with_the_obvious_twin(overall: list[list[int]]) -> None:
    ends = [SUNDAY - timedelta(weeks=n) for n in reversed(range(len(overall[0])))]
    pace = compute_pace(np.array(overall, dtype=np.int8), ends)
    first = next(
        (week for week in range(len(ends)) if any(row[week] < STALE for row in overall)),
        len(ends) - 1,
    )
    slow = slow_weeks([row[first:] for row in overall])
    assert pace.weeks[list(slow[0])].to_dict("records") == slow
    assert all(
        row["green"] - before["green"]
        == row["turned_green"]
        + row["turned_green_from_silence"]
        - row["left_green"]
        - row["left_to_silence"]
        for before, row in pairwise(slow)
    )
    assert (pace.weeks["by_rule"] == 0).all()
    net = [row["turned_green"] - row["left_green"] for row in slow[1:]]
    if pace.says in ("trend", "no_trend"):
        assert pace.per_week == pytest.approx(sum(net[-8:]) / len(net[-8:]))
    if pace.says == "trend":
        paces = [sum(net[-12:][start : start + 4]) / 4 for start in range(len(net[-12:]) - 3)] + [
            pace.per_week
        ]
        remaining = len(overall) - slow[-1]["green"]
        assert pace.expected is not None
        assert pace.earliest is not None
        assert pace.earliest <= pace.expected <= (pace.latest or date.max)
        assert pace.earliest == SUNDAY + timedelta(
            days=math.ceil(remaining / max(paces) * 7 - 1e-9)
        )
        assert min(paces) > 0 or pace.latest is None


def test_the_pace_of_a_history_is_that_of_its_levels() -> None:
    criteria = read_criteria(ROOT / "data" / "criteria.toml")
    declared = [
        making.declaration("21025", SUNDAY - timedelta(weeks=n), network_mbps=30)
        for n in range(2, 8)
    ]
    declared += [
        making.declaration("21025", SUNDAY - timedelta(weeks=1)),
        making.declaration("21028", SUNDAY),
    ]
    rows = pd.concat(declared)
    history = History(rows.assign(as_of=pd.to_datetime(rows["as_of"])), ["21025", "21028"])
    pace = compute_pace_until(history, criteria, SUNDAY)
    assert pace.weeks["turned_green"].tolist() == [0, 0, 0, 0, 0, 0, 1, 0]
    assert pace.weeks["turned_green_from_silence"].tolist()[-1] == 1
    assert pace.says == "done"
    curve = making.count_levels_over_time(history, criteria, list(pace.weeks["last"]))
    assert curve[levels.LEVEL_NAMES[GREEN]].tolist() == pace.weeks["green"].tolist()


def test_a_lowered_threshold_turns_communes_green_and_is_no_pace() -> None:
    criteria = read_criteria(ROOT / "data" / "criteria.toml")
    changed = SUNDAY - timedelta(weeks=2)
    until = [
        replace(criterion, valid_to=changed)
        for criterion in criteria.criteria
        if criterion.code == "network_speed"
    ]
    since = [
        replace(criterion, valid_from=changed + timedelta(days=1), green_from=25.0)
        for criterion in until
    ]
    lowered = replace(
        criteria,
        criteria=(
            *(criterion for criterion in criteria.criteria if criterion.code != "network_speed"),
            *until,
            *(replace(criterion, valid_to=None) for criterion in since),
        ),
    )
    codes = [f"{n:05}" for n in range(6)]
    declared = [
        making.declaration(code, SUNDAY - timedelta(weeks=n), network_mbps=30)
        for n in range(8)
        for code in codes[1:]
    ]
    declared += [
        making.declaration(codes[0], SUNDAY - timedelta(weeks=n), network_mbps=9) for n in range(8)
    ]
    rows = pd.concat(declared)
    history = History(rows.assign(as_of=pd.to_datetime(rows["as_of"])), codes)
    pace = compute_pace_until(history, lowered, SUNDAY)
    assert pace.weeks["green"].tolist() == [0] * 6 + [5, 5]
    assert pace.weeks["by_rule"].tolist() == [0] * 6 + [5, 0]
    assert pace.weeks["turned_green"].sum() == 0
    assert (pace.per_week, pace.says, pace.expected) == (0, "no_trend", None)
    assert compute_pace_until(history, criteria, SUNDAY).weeks["by_rule"].eq(0).all()

"""The course of each unit's dossiers: the same figures as the answers give, and a band that silence
does not move.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators.throughput.count_rows import NEW
from dashboard.indicators.throughput.counts import DossierCounts
from dashboard.indicators.throughput.source_selection import select_period_figures
from dashboard.indicators.throughput.weekly_history import (
    HISTORY_COLUMNS,
    WeeklyHistory,
    build_weekly_history,
    compute_peer_band,
)
from tests.indicators.throughput.counting import MONDAY, UNITS, Row, frame, row, told_rows
from tests.indicators.throughput.test_source_selection import WEEKDAYS, weekdays


def of(rows: list[Row], first: str, last: str) -> WeeklyHistory:
    return build_weekly_history(
        DossierCounts(frame(rows), UNITS),
        date.fromisoformat(first),
        date.fromisoformat(last),
        WEEKDAYS,
    )


def test_weeks_are_shown_where_any_source_tells_one_and_the_running_one_is_not_whole() -> None:
    history = of(weekdays("00001", "2026-08-03", 10, received=3), "2026-08-03", "2026-08-12")
    assert history.grain == "week"
    assert history.sums[NEW][0].tolist() == [15, 9]
    assert history.complete.tolist() == [True, False]
    assert np.isnan(history.sums[NEW][1:]).all(), "who did not tell is not nought"


def test_months_are_shown_where_sources_tell_nothing_finer() -> None:
    rows = [row("00001", "2026-07-01", "2026-07-31", "report", received=40, resolved=30)]
    history = of(rows, "2026-06-01", "2026-08-12")
    assert history.grain == "month"
    assert [period.first.month for period in history.periods] == [6, 7, 8]
    assert np.array_equal(history.sums["resolved"][0], [np.nan, 30, np.nan], equal_nan=True)
    assert history.complete.tolist() == [False, True, False]


def test_a_unit_of_which_a_part_of_the_month_is_missing_has_a_gap_not_a_drop() -> None:
    weeks = [
        row("00001", f"2026-06-{first:02}", f"2026-06-{first + 6:02}", "weekly", received=5)
        for first in (1, 8)
    ]
    months = [
        row("00002", f"2026-06-{first:02}", f"2026-06-{first + 6:02}", "weekly", received=5)
        for first in (1, 8)
    ]
    history = of([*weeks[:1], *months], "2026-06-01", "2026-06-14")
    assert history.sums[NEW][:2].tolist() == [[5, pytest.approx(np.nan, nan_ok=True)], [5, 5]]


def test_nothing_told_is_no_course() -> None:
    history = of([], "2026-08-03", "2026-08-12")
    assert not history.has_figures
    assert history.grain == "week"


@settings(max_examples=25, deadline=None)
@given(told_rows())
def test_the_course_agrees_with_the_answer_for_each_period(rows: list[Row]) -> None:
    rows = [row for row in rows if (row["last"] - row["first"]).days in (0, 6)]
    counts, last = DossierCounts(frame(rows), UNITS), MONDAY + timedelta(days=13)
    history = build_weekly_history(counts, MONDAY, last, WEEKDAYS)
    for period_index, period in enumerate(history.periods):
        figures = select_period_figures(
            counts.until(last), period.first, min(period.last, last), WEEKDAYS
        )
        for name in HISTORY_COLUMNS:
            for unit_index, unit in enumerate(UNITS):
                shown = history.sums[name][unit_index, period_index]
                expected = (
                    np.nan
                    if figures is None or figures.partial[unit_index]
                    else figures.sums.at[unit, name]
                )
                if name == NEW and figures is not None and not np.isnan(expected):
                    expected = np.nansum(
                        figures.partition.rows.column(NEW)[
                            figures.partition.rows.unit == unit_index
                        ]
                    )
                assert shown == expected or (np.isnan(shown) and np.isnan(expected)), (
                    name,
                    unit,
                    period,
                )


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(
            st.one_of(st.just(float("nan")), st.integers(0, 50).map(float)), min_size=3, max_size=3
        ),
        max_size=6,
    )
)
def test_the_band_is_that_of_who_told(values: list[list[float]]) -> None:
    table = np.array(values, dtype=np.float64).reshape(len(values), 3)
    mask = np.arange(len(values)) % 2 == 0
    band = compute_peer_band(table, mask)
    for week in range(3):
        values_told = sorted(
            value_row[week]
            for position, value_row in enumerate(values)
            if position % 2 == 0 and not np.isnan(value_row[week])
        )
        if not values_told:
            assert np.isnan(band[:, week]).all()
            continue
        for quartile, shown in zip((0.25, 0.5, 0.75), band[:, week], strict=True):
            position = quartile * (len(values_told) - 1)
            below = int(position)
            above = min(below + 1, len(values_told) - 1)
            assert shown == pytest.approx(
                values_told[below] + (values_told[above] - values_told[below]) * (position - below)
            )

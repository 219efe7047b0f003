"""Series: days, weeks and months from the source that answers for each, and no change from what was
not told whole.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
from hypothesis import given, settings

from dashboard.indicators.throughput.counts import DossierCounts
from dashboard.indicators.throughput.rates import INCOMPLETE, KNOWN, UNKNOWN
from dashboard.indicators.throughput.series import build_dossier_series
from dashboard.indicators.throughput.source_selection import select_period_figures
from tests.indicators.throughput.counting import MONDAY, UNITS, Row, frame, row, told_rows
from tests.indicators.throughput.test_source_selection import WEEKDAYS, weekdays


def of(rows: list[Row], grain: str, first: str, last: str) -> pd.DataFrame:
    return build_dossier_series(
        DossierCounts(frame(rows), UNITS),
        grain,
        date.fromisoformat(first),
        date.fromisoformat(last),
        WEEKDAYS,
    )


def test_weeks_are_sums_of_days_where_days_answer_else_the_weeks_own_report() -> None:
    rows = weekdays("00001", "2026-08-03", 7, received=3)
    rows += [row("00001", "2026-08-10", "2026-08-16", "weekly", received=20)]
    rows += [row("00001", "2026-08-17", "2026-08-23", "weekly", received=25)]
    series = of(rows, "week", "2026-08-03", "2026-08-25")
    assert series["grain"].tolist() == ["day", "week", "week", ""]
    assert series["received"].tolist()[:3] == [15, 20, 25]
    assert series["complete"].tolist() == [True, True, True, False]
    assert series["state"].tolist() == [INCOMPLETE, INCOMPLETE, KNOWN, UNKNOWN], (
        "a list and a report count differently"
    )
    assert series["change"].tolist()[2] == 5
    assert series["period_to"].iloc[-1] == pd.Timestamp("2026-08-25"), "the running week ends today"


def test_a_running_month_is_shown_and_not_compared() -> None:
    rows = weekdays("00001", "2026-07-01", 41, received=1)
    series = of(rows, "month", "2026-07-01", "2026-08-10")
    assert series["received"].tolist() == [23, 6]
    assert series["complete"].tolist() == [True, False]
    assert series["state"].tolist() == [INCOMPLETE, INCOMPLETE]


def test_a_silent_day_is_not_nought() -> None:
    series = of(weekdays("00001", "2026-08-07", 4, received=3), "day", "2026-08-07", "2026-08-10")
    assert np.array_equal(series["received"], [3, np.nan, np.nan, 3], equal_nan=True)
    assert series["units"].tolist() == [1, 0, 0, 1]
    assert series["state"].tolist() == [INCOMPLETE, UNKNOWN, UNKNOWN, INCOMPLETE]


def test_nothing_told_is_a_series_of_unknowns() -> None:
    for grain in ("day", "week", "month"):
        series = of([], grain, "2026-08-01", "2026-08-10")
        assert (series["state"] == UNKNOWN).all()
        assert (series["kind"] == "").all()


def slow_day(rows: list[Row], day: date) -> tuple[str, int, float]:
    """The kind that most units told on a day, how many, and their sum of what was resolved."""
    best: tuple[str, int, float] = ("", 0, float("nan"))
    for source_kind in ("list", "report"):
        counts_rows = [
            row for row in rows if row["kind"] == source_kind and row["first"] == row["last"] == day
        ]
        values = [row["resolved"] for row in counts_rows if row["resolved"] is not None]
        if len(counts_rows) > best[1]:
            best = (source_kind, len(counts_rows), float(sum(values)) if values else float("nan"))
    return best


@settings(max_examples=30, deadline=None)
@given(told_rows())
def test_the_series_agree_with_a_slow_sum_and_units_add_up_to_the_whole(rows: list[Row]) -> None:
    # days and, of any start, seven
    rows = [row for row in rows if (row["last"] - row["first"]).days in (0, 6)]
    counts, last = DossierCounts(frame(rows), UNITS), MONDAY + timedelta(days=13)
    for grain in ("day", "week"):
        series = build_dossier_series(counts, grain, MONDAY, last, WEEKDAYS)
        single = [
            build_dossier_series(
                counts, grain, MONDAY, last, WEEKDAYS, np.array(counts.units) == unit
            )
            for unit in UNITS
        ]
        added = pd.concat([row["received_new"] for row in single], axis=1).sum(axis=1, min_count=1)
        pd.testing.assert_series_equal(added, series["received_new"], check_names=False)
        assert (sum(row["units"] for row in single) == series["units"]).all()
        assert series["change"].notna().equals(series["state"] == KNOWN)
        for point in series.to_dict("records"):
            first, until = point["period_from"].date(), point["period_to"].date()
            if grain == "day":
                source_kind, units, resolved = slow_day(rows, first)
                assert (point["kind"], point["units"]) == (source_kind, units)
                assert point["resolved"] == resolved or (
                    np.isnan(resolved) and np.isnan(point["resolved"])
                )
            else:
                period_figures = select_period_figures(counts, first, until, WEEKDAYS)
                assert (point["complete"], point["kind"]) == (
                    (period_figures.complete, period_figures.source_kind)
                    if period_figures
                    else (False, "")
                )
                totals = (
                    period_figures.totals() if period_figures else pd.Series({"resolved": np.nan})
                )
                assert point["resolved"] == totals["resolved"] or np.isnan(totals["resolved"])

"""How long dossiers took: working days per dossier, never per row or per commune."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators.throughput.single_dossiers import summarise_durations
from dashboard.workdays import load_calendar
from tests.indicators.office_days import DAYS, UNITS, some_day, working_days

Row = tuple[str, date, date, int]
FINISHED = st.lists(
    st.tuples(UNITS, some_day(0, 40), some_day(5, 69), st.integers(1, 4)), max_size=12
)
COLUMNS = [
    "resolved",
    "mean_days",
    "median_days",
    "within_1",
    "within_3",
    "within_5",
    "within_10",
    "impossible",
]


def frame(rows: list[Row]) -> pd.DataFrame:
    finished = pd.DataFrame(rows, columns=["unit", "received_on", "finished_on", "dossiers"])
    for column in ("received_on", "finished_on"):
        finished[column] = pd.to_datetime(finished[column]).astype("datetime64[s]")
    return finished.astype({"dossiers": "int64"})


def slow_durations(rows: list[Row]) -> dict[str, list[float]]:
    """Dossier by dossier, the working days counted on the fingers."""
    durations = {}
    for unit in {row[0] for row in rows}:
        own = [
            (start, end) for of, start, end, dossiers in rows if of == unit for _ in range(dossiers)
        ]
        took = [working_days(start, end) for start, end in own if end >= start]
        figures = [math.nan] * 6
        if took:
            shares = [sum(days <= limit for days in took) / len(took) for limit in (1, 3, 5, 10)]
            figures = [sum(took) / len(took), float(np.median(took)), *shares]
        durations[unit] = [len(took), *figures, len(own) - len(took)]
    return durations


@settings(max_examples=40, deadline=None)
@given(FINISHED)
def test_durations_agree_with_going_through_the_dossiers(rows: list[Row]) -> None:
    fast, expected = summarise_durations(frame(rows), load_calendar()), slow_durations(rows)
    assert list(fast) == COLUMNS
    assert fast.index.tolist() == sorted(expected)
    for unit, figures in expected.items():
        assert fast.loc[unit].tolist() == pytest.approx(figures, nan_ok=True)


@settings(max_examples=20, deadline=None)
@given(FINISHED, st.randoms())
def test_order_and_grouping_change_nothing(rows: list[Row], chance: Any) -> None:
    plain = summarise_durations(frame(rows), load_calendar())
    unrolled = [
        (unit, start, end, 1) for unit, start, end, dossiers in rows for _ in range(dossiers)
    ]
    chance.shuffle(unrolled)
    pd.testing.assert_frame_equal(summarise_durations(frame(unrolled), load_calendar()), plain)


@settings(max_examples=20, deadline=None)
@given(FINISHED)
def test_the_provinces_mean_is_that_of_its_dossiers(rows: list[Row]) -> None:
    communes = summarise_durations(frame(rows), load_calendar())
    province = summarise_durations(frame(rows).assign(unit="51"), load_calendar())
    assert province["resolved"].sum() == communes["resolved"].sum()
    days = (communes["mean_days"] * communes["resolved"]).sum()
    assert (province["mean_days"] * province["resolved"]).sum() == pytest.approx(days)


def test_a_dossier_over_tet_took_the_days_that_were_worked() -> None:
    rows = [
        ("21289", date(2026, 2, 13), date(2026, 2, 24), 1),
        ("21289", date(2026, 1, 9), date(2026, 1, 10), 3),
    ]
    durations = summarise_durations(frame(rows), load_calendar()).loc["21289"]
    assert (durations["mean_days"], durations["median_days"], durations["within_1"]) == (
        1.25,
        1.0,
        0.75,
    )


def test_finished_before_it_was_received_is_told_and_not_counted() -> None:
    durations = summarise_durations(frame([("21289", DAYS[9], DAYS[8], 2)]), load_calendar()).loc[
        "21289"
    ]
    assert (durations["resolved"], durations["impossible"]) == (0, 2)
    assert math.isnan(durations["mean_days"])

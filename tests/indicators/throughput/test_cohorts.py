"""Cohorts: a week's dossiers are judged once the days have passed, and not before."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators.throughput.single_dossiers import summarise_cohorts
from dashboard.workdays import load_calendar
from tests.indicators.office_days import UNITS, some_day, working_days

Row = tuple[str, date, date | None, int]
LIMITS = (1, 3, 5, 10)
RECEIVED = st.lists(
    st.tuples(UNITS, some_day(1, 40), st.none() | some_day(3, 60), st.integers(1, 4)),
    min_size=1,
    max_size=12,
)


def frame(rows: list[Row]) -> pd.DataFrame:
    received = pd.DataFrame(rows, columns=["unit", "received_on", "finished_on", "dossiers"])
    for column in ("received_on", "finished_on"):
        received[column] = pd.to_datetime(received[column]).astype("datetime64[s]")
    return received.astype({"dossiers": "int64"})


def slow_cohorts(rows: list[Row], today: date) -> dict[tuple[str, pd.Timestamp], list[float]]:
    """Week by week and dossier by dossier, the working days counted on the fingers."""
    cohorts: dict[tuple[str, pd.Timestamp], list[float]] = {}
    for unit, monday in {(row[0], row[1] - timedelta(days=row[1].weekday())) for row in rows}:
        sunday = monday + timedelta(days=6)
        own = [
            row[1:3]
            for row in rows
            for _ in range(row[3])
            if row[0] == unit and monday <= row[1] <= sunday
        ]
        sane = [(start, end) for start, end in own if end is None or end >= start]
        shares = []
        for limit in LIMITS:
            done = sum(end is not None and working_days(start, end) <= limit for start, end in sane)
            old_enough = working_days(sunday, today - timedelta(days=1)) >= limit
            shares.append(done / len(sane) if sane and old_enough else math.nan)
        cohorts[unit, pd.Timestamp(monday)] = [len(sane), *shares, len(own) - len(sane)]
    return cohorts


@settings(max_examples=40, deadline=None)
@given(RECEIVED, some_day(41, 69), st.randoms())
def test_cohorts_agree_with_going_through_the_dossiers(
    rows: list[Row], today: date, chance: Any
) -> None:
    cohorts = summarise_cohorts(frame(chance.sample(rows, len(rows))), today, load_calendar())
    expected = slow_cohorts(rows, today)
    assert cohorts.index.tolist() == sorted(expected)
    for key, figures in expected.items():
        assert cohorts.loc[key].tolist() == pytest.approx(figures, nan_ok=True)


@settings(max_examples=20, deadline=None)
@given(RECEIVED, some_day(41, 69))
def test_the_provinces_weeks_are_those_of_its_communes(rows: list[Row], today: date) -> None:
    together = summarise_cohorts(frame(rows).drop(columns="unit"), today, load_calendar())
    apart = summarise_cohorts(frame(rows), today, load_calendar())
    assert together["received"].to_dict() == apart["received"].groupby("week").sum().to_dict()
    as_one = summarise_cohorts(frame(rows).assign(unit="51"), today, load_calendar()).droplevel(
        "unit"
    )
    pd.testing.assert_frame_equal(together, as_one)


@settings(max_examples=20, deadline=None)
@given(RECEIVED, some_day(41, 69))
def test_more_days_never_leave_less_done(rows: list[Row], today: date) -> None:
    for shares in summarise_cohorts(frame(rows), today, load_calendar())[
        [f"within_{limit}" for limit in LIMITS]
    ].to_numpy():
        known_shares = [share for share in shares if not math.isnan(share)]
        assert known_shares == sorted(known_shares)


def told(monday: str, today: str) -> list[bool]:
    """Which of the shares after 1, 3, 5, 10 working days a week's one dossier has on a day."""
    start = date.fromisoformat(monday)
    cohort = summarise_cohorts(
        frame([("21289", start, start, 1)]), date.fromisoformat(today), load_calendar()
    ).iloc[0]
    return [not math.isnan(cohort[f"within_{limit}"]) for limit in LIMITS]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        # the first working day after the week is not over yet
        ("2026-02-09", [False, False, False, False]),
        ("2026-02-10", [True, False, False, False]),
        ("2026-02-14", [True, True, True, False]),
        ("2026-02-23", [True, True, True, False]),  # nothing passes over Tết
        ("2026-02-28", [True, True, True, True]),
    ],
)
def test_a_week_too_young_is_not_judged(today: str, expected: list[bool]) -> None:
    assert told("2026-02-02", today) == expected


def test_what_lies_still_counts_in_its_week() -> None:
    rows: list[Row] = [
        ("21289", date(2026, 1, 5), date(2026, 1, 6), 1),
        ("21289", date(2026, 1, 11), None, 3),
    ]
    cohorts = summarise_cohorts(frame(rows), date(2026, 2, 27), load_calendar())
    assert cohorts.index.tolist() == [("21289", pd.Timestamp(2026, 1, 5))], (
        "Sunday belongs to the Monday before"
    )
    assert cohorts.iloc[0].tolist() == [4, 0.25, 0.25, 0.25, 0.25, 0]

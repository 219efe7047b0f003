"""What is still on the desk: what falls due in the next working days, and how long it has been
lying.
"""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators.throughput import single_dossiers
from dashboard.workdays import load_calendar
from tests.indicators.office_days import DAYS, UNITS, some_day, working_days

Row = tuple[str, date, date | None, str, int]
GROUPS = st.tuples(
    UNITS,
    some_day(0, 30),
    st.none() | some_day(),
    st.sampled_from(["open", "open", "paused"]),
    st.integers(1, 4),
)
OPENED = st.lists(GROUPS, max_size=12)
TODAY = some_day(30, 60)


def frame(rows: list[Row]) -> pd.DataFrame:
    opened = pd.DataFrame(
        rows, columns=["unit", "received_on", "due_on", "state_group", "dossiers"]
    )
    for column in ("received_on", "due_on"):
        opened[column] = pd.to_datetime(opened[column]).astype("datetime64[s]")
    return opened.astype({"dossiers": "int64"})


def at_risk(rows: list[Row], day: date) -> dict[str, dict[str, Any]]:
    return single_dossiers.count_dossiers_at_risk(frame(rows), day, load_calendar()).to_dict(
        "index"
    )


def slow_risk(rows: list[Row], day: date) -> dict[str, dict[str, Any]]:
    """Dossier by dossier, the working days counted on the fingers."""
    by_unit: dict[str, dict[str, Any]] = {}
    names = [
        "open",
        "due_today",
        "due_within_1",
        "due_within_2",
        "due_within_3",
        "overdue",
        "no_due_date",
    ]
    for unit, _, due, group, dossiers in rows:
        counts = by_unit.setdefault(unit, dict.fromkeys([*names, "paused", "paused_overdue"], 0))
        for _ in range(dossiers):
            if group == "paused":
                counts["paused"] += 1
                counts["paused_overdue"] += due is not None and due < day
                continue
            counts["open"] += 1
            counts["no_due_date"] += due is None
            if due is None:
                continue
            counts["overdue"] += due < day
            for name, limit in zip(names[1:5], range(4), strict=True):
                counts[name] += due >= day and working_days(day, due) <= limit
    return by_unit


def slow_age(rows: list[Row], day: date) -> dict[str, dict[str, Any]]:
    by_unit: dict[str, dict[str, Any]] = {}
    for unit in {row[0] for row in rows}:
        lying = [row for row in rows if row[0] == unit and row[3] == "open"]
        ages = sorted(working_days(row[1], day) for row in lying for _ in range(row[4]))
        half = len(ages) // 2
        by_unit[unit] = {
            "open": len(ages),
            "median_days": (ages[half] + ages[-half - 1]) / 2 if ages else math.nan,
            "p90_days": ages[math.ceil(len(ages) * 9 / 10) - 1] if ages else math.nan,
            "oldest_received": pd.Timestamp(min(row[1] for row in lying)) if lying else pd.NaT,
        }
    return by_unit


@settings(max_examples=40, deadline=None)
@given(OPENED, TODAY)
def test_at_risk_agrees_with_going_through_the_dossiers(rows: list[Row], day: date) -> None:
    assert at_risk(rows, day) == slow_risk(rows, day)


@settings(max_examples=40, deadline=None)
@given(OPENED, TODAY)
def test_ages_agree_with_going_through_the_dossiers(rows: list[Row], day: date) -> None:
    ages = single_dossiers.measure_backlog_age(frame(rows), day, load_calendar())
    expected = pd.DataFrame.from_dict(
        slow_age(rows, day), orient="index", columns=list(ages)
    ).sort_index()
    assert ages.index.tolist() == expected.index.tolist()
    for name in ("open", "median_days", "p90_days"):
        assert ages[name].tolist() == pytest.approx(expected[name].tolist(), nan_ok=True)
    assert ages["oldest_received"].fillna(pd.Timestamp(0)).tolist() == (
        pd.to_datetime(expected["oldest_received"]).fillna(pd.Timestamp(0)).tolist()
    )


@settings(max_examples=20, deadline=None)
@given(OPENED, TODAY, st.randoms())
def test_a_provinces_dossiers_are_those_of_its_communes_in_any_order(
    rows: list[Row], day: date, chance: Any
) -> None:
    opened = frame(chance.sample(rows, len(rows)))
    communes = single_dossiers.count_dossiers_at_risk(frame(rows), day, load_calendar())
    province = single_dossiers.count_dossiers_at_risk(
        opened.assign(unit="51"), day, load_calendar()
    )
    assert province.sum().to_dict() == communes.sum().to_dict()
    ages = single_dossiers.measure_backlog_age(opened.assign(unit="51"), day, load_calendar())
    parts = single_dossiers.measure_backlog_age(opened, day, load_calendar())
    pd.testing.assert_frame_equal(
        parts, single_dossiers.measure_backlog_age(frame(rows), day, load_calendar())
    )
    assert ages["open"].sum() == parts["open"].sum()


@settings(max_examples=20, deadline=None)
@given(OPENED, TODAY)
def test_every_open_dossier_is_late_undated_or_in_term(rows: list[Row], day: date) -> None:
    risk = single_dossiers.count_dossiers_at_risk(frame(rows), day, load_calendar())
    later = sum(row[4] for row in rows if row[3] == "open" and row[2] is not None and row[2] >= day)
    assert (risk["open"] - risk["overdue"] - risk["no_due_date"]).sum() == later
    steps = ["due_today", "due_within_1", "due_within_2", "due_within_3", "open"]
    assert (risk[steps].diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)


def soon(day: str, due: str) -> list[int]:
    """Whether a dossier is due today, within 1, 2, 3 working days, overdue."""
    row = ("21289", date(2025, 12, 29), date.fromisoformat(due), "open", 1)
    risk = at_risk([row], date.fromisoformat(day))["21289"]
    return [
        risk[name]
        for name in ("due_today", "due_within_1", "due_within_2", "due_within_3", "overdue")
    ]


@pytest.mark.parametrize(
    ("day", "due", "expected"),
    [
        ("2026-02-12", "2026-02-13", [0, 1, 1, 1, 0]),
        # Tết lies between: the first day back is the next day
        ("2026-02-13", "2026-02-23", [0, 1, 1, 1, 0]),
        ("2026-02-12", "2026-02-24", [0, 0, 0, 1, 0]),
        ("2026-02-12", "2026-02-25", [0, 0, 0, 0, 0]),
        # due in the holidays: today is the last day to do it
        ("2026-02-13", "2026-02-18", [1, 1, 1, 1, 0]),
        ("2026-02-19", "2026-02-18", [0, 0, 0, 0, 1]),
        ("2026-01-09", "2026-01-12", [0, 0, 1, 1, 0]),  # the Saturday between is worked
        ("2026-01-09", "2026-01-10", [0, 1, 1, 1, 0]),
        ("2026-01-16", "2026-01-19", [0, 1, 1, 1, 0]),  # this one is not
        ("2025-12-31", "2026-01-05", [0, 1, 1, 1, 0]),  # the Friday in between was swapped
    ],
)
def test_days_ahead_are_working_days_over_holidays_and_swaps(
    day: str, due: str, expected: list[int]
) -> None:
    assert soon(day, due) == expected


def test_paused_dossiers_are_neither_at_risk_nor_of_any_age() -> None:
    rows: list[Row] = [("21289", DAYS[0], DAYS[40], "paused", 3)]
    assert at_risk(rows, DAYS[45])["21289"] == {
        **dict.fromkeys(["open", "due_today", "due_within_1", "due_within_2", "due_within_3"], 0),
        **{"overdue": 0, "no_due_date": 0, "paused": 3, "paused_overdue": 3},
    }
    ages = single_dossiers.measure_backlog_age(frame(rows), DAYS[45], load_calendar()).loc["21289"]
    assert ages["open"] == 0
    assert ages[["median_days", "p90_days", "oldest_received"]].isna().all()

"""Throughput: which period answers, nothing is divided by zero, small numbers get no colour."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from dashboard.indicators import levels, throughput
from dashboard.indicators.throughput import Period
from dashboard.reports import read_criteria
from dashboard.settings import ROOT

TODAY = date(2026, 11, 22)


def told(*periods: tuple[str, str]) -> pd.DataFrame:
    ends = [pd.to_datetime([period[end] for period in periods]) for end in (0, 1)]
    return pd.DataFrame({"period_from": ends[0], "period_to": ends[1]})


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ([], None),
        ([("2026-11-20", "2026-11-20")], Period(date(2026, 11, 1), date(2026, 11, 20), True, False)),
        ([("2026-10-31", "2026-10-31")], Period(date(2026, 10, 1), date(2026, 10, 31), True, True)),
        ([("2026-08-01", "2026-08-31")], Period(date(2026, 8, 1), date(2026, 8, 31), False, True)),
        # The finest source answers where both reach equally far; the other never adds to it.
        (
            [("2026-08-31", "2026-08-31"), ("2026-08-01", "2026-08-31")],
            Period(date(2026, 8, 1), date(2026, 8, 31), True, True),
        ),
        (
            [("2026-07-31", "2026-07-31"), ("2026-08-01", "2026-08-31"), ("2026-01-01", "2026-08-31")],
            Period(date(2026, 8, 1), date(2026, 8, 31), False, True),
        ),
    ],
)
def test_the_newest_period_answers(periods: list[tuple[str, str]], expected: Period | None) -> None:
    assert throughput.newest_period(told(*periods), TODAY) == expected


def test_nothing_received_is_no_share_rather_than_nought() -> None:
    counts = pd.DataFrame({"received": [0.0, 4.0, float("nan")], "on_time_766": [0.0, 3.0, float("nan")]})
    assert throughput.on_time_766(counts).isna().tolist() == [True, False, True]
    assert throughput.on_time_766(counts)[1] == 0.75


def test_small_numbers_and_silence_get_no_colour() -> None:
    rule = read_criteria(ROOT / "data" / "criteria.toml").throughput_on(TODAY)
    rate = pd.Series([0.99, 0.99, 0.85, 0.5, float("nan")])
    received = pd.Series([29, 30, 500, 500, float("nan")])
    found = [levels.NAMES[level] for level in throughput.on_time_levels(rate, received, rule)]
    assert found == ["unknown", "green", "yellow", "red", "unknown"]

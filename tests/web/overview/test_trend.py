"""The small curve of green communes and its change against last week."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from dashboard.web.overview.words import describe_green_trend

DAY = date(2026, 11, 22)


def counts(*green: int | None) -> pd.DataFrame:
    """One row a day up to DAY; None: nobody has anything in force."""
    days = [DAY - timedelta(days=back) for back in range(len(green) - 1, -1, -1)]
    rows = [(0, 0, 0, 9, 0) if count is None else (count, 9 - count, 0, 0, 0) for count in green]
    return pd.DataFrame(rows, index=days, columns=["green", "yellow", "red", "unknown", "stale"])


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (7, "▲\u00a02 từ 15/11/2026"),
        (4, "▼\u00a01 từ 15/11/2026"),
        (5, "không đổi từ 15/11/2026"),
    ],
)
def test_the_change_is_against_the_same_day_of_last_week(now: int, words: str) -> None:
    assert describe_green_trend(counts(5, 6, 6, 6, 6, 6, 6, now))["change"] == words


def test_without_a_week_before_there_is_no_change() -> None:
    too_short = "chưa đủ kỳ để so với tuần trước"
    assert describe_green_trend(counts(5, 6))["change"] == too_short
    assert describe_green_trend(counts(None, 6, 6, 6, 6, 6, 6, 7))["change"] == too_short


def test_days_without_anything_in_force_are_gaps_not_nought() -> None:
    trend = describe_green_trend(counts(3, None, 0))
    assert trend["curve"] == [3, None, 0]
    assert describe_green_trend(counts(3, None))["change"] == ""


def test_the_curve_is_of_sixty_days() -> None:
    assert describe_green_trend(counts(*[1] * 70))["curve"] == [1] * 60

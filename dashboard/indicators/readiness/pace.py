"""Pace: how many communes turn green in a week, and when all would be, if the trend says anything.

Weeks run from Monday to Sunday; the running one ends on `today` and takes no part in any mean. A
commune that turns green because it reported at last has not improved, nor has one whose thresholds
were lowered: changes from and to silence and those of the rules are counted apart and carry no
forecast.

    per_week  = mean over the last 8 whole weeks of (turned_green - left_green)
    remaining = communes - green today
    expected  = today + remaining / per_week weeks, whole days rounded up

and the range by the fastest and slowest mean of 4 successive weeks among the last 12 (or by
per_week, where that lies outside: with few weeks it may).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import pandas as pd

from dashboard.indicators import levels
from dashboard.indicators.criteria import Criteria
from dashboard.indicators.levels import Levels
from dashboard.indicators.readiness.assessment import assess_levels_over_time, reassess_readiness
from dashboard.indicators.readiness.history import History
from dashboard.reference import FIRST_DAY

MEAN_OF_WEEKS = 8
RANGE_OF_WEEKS = 12
WEEKS_OF_RANGE_MEAN = 4
LEAST_FULL_WEEKS = 4
# Beyond five years a trend of some weeks says nothing.
FORECAST_HORIZON = timedelta(days=5 * 366)


@dataclass(frozen=True)
class Pace:
    """`weeks`: one row a week, oldest first; `says` whether the trend says anything.

    Columns of `weeks`: first (Monday), last, whole (False for the running week), green (on its last
    day), and since the week before turned_green, left_green (from and to a known colour),
    turned_green_from_silence, left_to_silence, and by_rule: how many more (or less) would have been
    green the week before by the rules of this one. green changes by turned - left of both kinds +
    by_rule. `per_week` NaN where too short. `expected`, `earliest` None where unknown, `latest`
    also where the slowest weeks lead nowhere ("chưa xác định").
    """

    weeks: pd.DataFrame
    communes: int
    green: int
    per_week: float
    says: Literal["done", "trend", "no_trend", "too_short"]
    expected: date | None = None
    earliest: date | None = None
    latest: date | None = None


def list_week_ends(first: date, today: date) -> list[date]:
    """The Sundays from the week of `first` until `today`, and `today` itself."""
    sunday = first + timedelta(days=6 - first.weekday())
    sundays = [sunday + timedelta(weeks=n) for n in range(max(0, (today - sunday).days // 7 + 1))]
    return sundays if sundays and sundays[-1] == today else [*sundays, today]


def compute_pace_until(history: History, criteria: Criteria, today: date) -> Pace:
    """The pace of a province since the two-tier government began, as seen on `today`."""
    ends = list_week_ends(FIRST_DAY, today)
    overall = assess_levels_over_time(history, criteria, ends)
    before = _week_before(overall)
    rules = [criteria.in_force(end) for end in ends]
    for week in range(1, len(ends)):
        if rules[week] != rules[week - 1]:
            before[:, week] = reassess_readiness(history, rules[week], ends[week - 1]).overall[:, 0]
    return compute_pace(overall, ends, before)


def _week_before(overall: Levels) -> Levels:
    return np.concatenate([np.full_like(overall[:, :1], levels.UNKNOWN), overall[:, :-1]], axis=1)


def compute_pace(overall: Levels, ends: Sequence[date], before: Levels | None = None) -> Pace:
    """The pace by overall levels, communes x week ends (`list_week_ends`; the last one is today).

    `before`: the levels of the week before each, by the rules of the week itself; where it is not
    given, no rule has changed.
    """
    is_known = overall < levels.STALE
    weeks_told = np.flatnonzero(is_known.any(axis=0))
    # weeks before the first report are no standstill
    first = int(weeks_told[0]) if len(weeks_told) else len(ends) - 1
    compared = _week_before(overall) if before is None else before
    weeks = _weeks(overall[:, first:], compared[:, first:], ends[first:])
    full_weeks = weeks[weeks["whole"]].iloc[1:]  # the first week has none to compare with
    net = (full_weeks["turned_green"] - full_weeks["left_green"]).to_numpy(dtype=np.float64)
    communes = len(overall)
    green = int((overall[:, -1] == levels.GREEN).sum())
    today = ends[-1]
    per_week = float(net[-MEAN_OF_WEEKS:].mean()) if len(net) >= LEAST_FULL_WEEKS else math.nan

    if communes and green == communes:
        return Pace(weeks, communes, green, per_week, "done")
    if math.isnan(per_week):
        return Pace(weeks, communes, green, per_week, "too_short")
    recent = np.convolve(
        net[-RANGE_OF_WEEKS:], np.ones(WEEKS_OF_RANGE_MEAN) / WEEKS_OF_RANGE_MEAN, mode="valid"
    )
    fastest = max(per_week, float(recent.max()))
    slowest = min(per_week, float(recent.min()))
    expected = _day_reached(today, communes - green, per_week)
    if expected is None:
        return Pace(weeks, communes, green, per_week, "no_trend")
    earliest, latest = (_day_reached(today, communes - green, rate) for rate in (fastest, slowest))
    return Pace(weeks, communes, green, per_week, "trend", expected, earliest, latest)


def _weeks(overall: Levels, compared: Levels, ends: Sequence[date]) -> pd.DataFrame:
    green = overall == levels.GREEN
    is_known = overall < levels.STALE
    before = compared == levels.GREEN
    was_known = compared < levels.STALE
    by_own_rules = _week_before(overall) == levels.GREEN
    return pd.DataFrame(
        {
            "first": [end - timedelta(days=end.weekday()) for end in ends],
            "last": list(ends),
            "whole": [end.weekday() == 6 for end in ends],
            "green": green.sum(axis=0),
            "turned_green": (green & ~before & was_known).sum(axis=0),
            "left_green": (before & ~green & is_known).sum(axis=0),
            "turned_green_from_silence": (green & ~was_known).sum(axis=0),
            "left_to_silence": (before & ~is_known).sum(axis=0),
            "by_rule": before.sum(axis=0) - by_own_rules.sum(axis=0),
        }
    )


def _day_reached(today: date, remaining: int, per_week: float) -> date | None:
    """The day on which so many more are green; None where the pace leads nowhere within the
    horizon.
    """
    if per_week <= 0 or remaining / per_week * 7 > FORECAST_HORIZON.days:
        return None
    return today + timedelta(days=math.ceil(remaining / per_week * 7 - 1e-9))

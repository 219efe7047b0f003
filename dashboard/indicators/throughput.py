"""Throughput of dossiers: which period answers, and what share of it was on time. Rules: DOMAIN.md §4."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from dashboard.indicators import levels, periods
from dashboard.indicators.criteria import ThroughputRule
from dashboard.indicators.levels import Levels, Numbers


@dataclass(frozen=True)
class Period:
    """The days `first`..`last` (inclusive) that the dossier figures of a page speak of.

    `daily`: the figures are sums of daily counts; else one source's own period, never both added.
    `complete`: whether the whole month is in; a running month is named as such.
    """

    first: date
    last: date
    daily: bool
    complete: bool


def newest_period(by_period: pd.DataFrame, today: date) -> Period | None:
    """The period a page shows on `today`: the running month from daily counts, else the newest period told.

    `by_period`: period_from, period_to (datetime64), one row per period that a source told. Daily
    counts answer where the newest figures are daily; a coarser source answers only where it reaches
    further. Returns None where no source told anything by `today`.
    """
    found = periods.newest_period(by_period)
    if found is None:
        return None
    last = pd.Timestamp(found.last)
    daily = bool(((by_period["period_from"] == last) & (by_period["period_to"] == last)).any())
    whole = found == periods.month(found.last) and found.last < today
    return Period(found.first, found.last, daily, complete=whole or not daily)


def ratio(part: pd.Series, whole: pd.Series) -> pd.Series:
    """part ÷ whole; missing where there is nothing to divide by (0 % would paint it red)."""
    return part.div(whole.where(whole > 0))


def on_time_766(counts: pd.DataFrame) -> pd.Series:
    """The national index's share on time: (resolved in time + still open in term) ÷ received.

    Source: Quyết định 766/QĐ-TTg, group "tiến độ". `counts` has on_time_766 and received; missing
    where nothing was received or the source tells only one of them.
    """
    return ratio(counts["on_time_766"], counts["received"])


def on_time_levels(rate: pd.Series, received: pd.Series, rule: ThroughputRule) -> Levels:
    """The level of each share; no colour below the minimum number of dossiers (small numbers mislead)."""
    value: Numbers = rate.where(received >= rule.minimum_received).to_numpy(dtype=np.float64)
    never_stale = np.zeros(value.shape, dtype=np.bool_)  # a period's figure carries its period, it does not age
    return levels.judge(value, never_stale, rule.on_time_green_from, rule.on_time_red_below)

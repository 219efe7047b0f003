"""The five rules of signals: each says of every commune and day whether it holds, and since when.

A rule looks at the last 60 days only and at nothing but data, so its answer for a day does not depend on
when or how often somebody looked. Each has one limit to enter and another to leave (latches.py): a value that
swings around one limit neither comes nor goes.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.indicators import latches, medians
from dashboard.indicators.latches import Latched
from dashboard.indicators.levels import Numbers
from dashboard.indicators.signal_input import Found, SignalInput

# A third of the speed gone is more than a slow hour; 85 % is back within what a line varies by itself.
FELL_TO: Final = 0.70
BACK_AT: Final = 0.85
# Above the red limit by a quarter, or it would come back with the next measurement.
ABOVE_RED: Final = 1.25
NEWS_DAYS: Final = 14  # two reporting weeks; what stays low is red on the map, no longer news
BEFORE_DAYS: Final = 28  # four whole weeks, so that every weekday counts alike
BEFORE_AT_LEAST: Final = 7
PROBE_DAYS: Final = 7  # probes swing from day to day
PROBE_AT_LEAST: Final = 3

EXPIRING_AT_LEAST: Final = 2  # one certificate is renewed by itself; two stop a counter
EXPIRING_SHARE: Final = 0.10
COUNT_SPEAKS_DAYS: Final = 30  # what a count says of the next 30 days is over by then

GROWING_DAYS: Final = 3  # one or two days more are chance, three in a row are a backlog
FALLING_DAYS: Final = 2
OVERDUE_FROM: Final = 5
OVERDUE_UNTIL: Final = 3
# Two working weeks: days further apart are not in a row, and an older figure does not ask for a decision today.
OVERDUE_SPEAKS_DAYS: Final = 10

SILENT_AFTER_DAYS: Final = 30  # as stale_after_days of the criteria
SPEAKS_AGAIN_DAYS: Final = 7  # only news of the commune ends silence: its report, or a visit
PROVINCE_DAYS: Final = 14  # before that nobody can be blamed for never having reported


def network_falling(seen: SignalInput) -> Found:
    """Speed fell below the red limit, or to 70 % or less of the median of the 28 days before, within 14 days.

    Leaves at 1.25 x the red limit, or 85 % of that median, or after 14 days. Where probes can be compared, their
    median of 7 days answers (against the 28 days before those), else the speed that counts.
    Value: Mbps now. Facts: `before` (Mbps, that median on the day it fell; NaN: too short to say), `red_below`,
    `probed` (1: by probes).
    """
    before = medians.before_each_day(seen.speed, BEFORE_DAYS, 1, BEFORE_AT_LEAST)
    level, latched = seen.speed, _fallen(seen.speed, before, seen.red_below)
    if (~np.isnan(seen.probed)).any():
        week = medians.before_each_day(seen.probed, PROBE_DAYS, 0, PROBE_AT_LEAST)
        month = medians.before_each_day(seen.probed, BEFORE_DAYS, PROBE_DAYS, BEFORE_AT_LEAST)
        by_probe, with_probe = ~np.isnan(month), _fallen(week, month, seen.red_below)
        level, before = np.where(by_probe, week, level), np.where(by_probe, month, before)
        latched = Latched(
            np.where(by_probe, with_probe.on, latched.on), np.where(by_probe, with_probe.since, latched.since)
        )
        probed = by_probe[:, -1].astype(np.float64)
    else:
        probed = np.zeros(len(seen.codes))
    fell_on = np.maximum(latched.since[:, -1], 0)
    facts = {
        "before": before[np.arange(len(seen.codes)), fell_on],
        "red_below": np.full(len(seen.codes), seen.red_below[-1]),
        "probed": probed,
    }
    return Found(latched, level[:, -1], -level[:, -1], facts)


def _fallen(level: Numbers, before: Numbers, red_below: Numbers) -> Latched:
    below = latches.latch_news(level < red_below, level >= ABOVE_RED * red_below, level >= red_below, NEWS_DAYS)
    back = level >= BACK_AT * before
    lost = latches.latch_news(level <= FELL_TO * before, back, back, NEWS_DAYS)
    first = np.where(below.on & lost.on, np.minimum(below.since, lost.since), np.maximum(below.since, lost.since))
    return Latched(below.on | lost.on, first)


def certificates_expiring(seen: SignalInput) -> Found:
    """Two certificates or a tenth of the active ones end within 30 days of the newest count.

    Leaves at none, or when the count is older than 30 days. Value: certificates. Facts: `active`, `age` (days).
    """
    row, age = _newest_count(seen)
    fresh = age <= COUNT_SPEAKS_DAYS
    expiring, active = (
        np.where(fresh, np.append(seen.certificates[name].to_numpy(np.float64), np.nan)[row], np.nan)
        for name in ("expiring_30", "active")
    )
    many = (expiring >= EXPIRING_AT_LEAST) | ((expiring >= 1) & (expiring >= EXPIRING_SHARE * active))
    latched = latches.latch(many, (expiring == 0) | ~fresh)
    now = expiring[:, -1]
    return Found(latched, now, now, {"active": active[:, -1], "age": age[:, -1]})


def _newest_count(seen: SignalInput) -> tuple[npt.NDArray[np.int64], Numbers]:
    """Per commune and day the row of the newest count by that day (-1: none) and its age in days."""
    counts = seen.certificates
    commune = pd.Index(seen.codes).get_indexer(counts["commune_code"])
    told = counts["as_of"].to_numpy().astype("datetime64[D]")
    place = (told - seen.days[0]).astype(np.int64)
    kept = np.flatnonzero((commune >= 0) & (place < len(seen.days)))
    kept = kept[np.argsort(place[kept], kind="stable")]
    shape = (len(seen.codes), len(seen.days))
    newest = np.full(shape, -1, dtype=np.int64)  # the place in `kept`, which only grows from day to day
    newest[commune[kept], np.maximum(place[kept], 0)] = np.arange(len(kept))
    newest = np.maximum.accumulate(newest, axis=1)
    row = np.append(kept, -1)[newest]
    age = np.arange(len(seen.days)) - np.append(place.astype(np.float64), np.nan)[row]
    return row, age


def overdue_growing(seen: SignalInput) -> Found:
    """Overdue dossiers grew on three told working days in a row and are five or more.

    Leaves when they fell on two told working days in a row, are fewer than three, or are not told of for two
    working weeks. Value: dossiers. Facts: `before`, dossiers on the last told day before they began to grow.
    """
    shape = seen.open_overdue.shape
    enter, leave = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    last, start = np.full(shape[0], np.nan), np.full(shape[0], np.nan)
    grew, fell, untold = (np.zeros(shape[0], dtype=np.int64) for _ in range(3))
    starts = np.full(shape, np.nan)
    for day in np.flatnonzero(seen.working):
        value = seen.open_overdue[:, day]
        told = ~np.isnan(value)
        untold = np.where(told, untold, untold + 1)
        in_row = told & (untold < OVERDUE_SPEAKS_DAYS)
        up, down = in_row & (value > last), in_row & (value < last)
        start = np.where(up & (grew == 0), last, start)
        grew = np.where(told, np.where(up, grew + 1, 0), grew)
        fell = np.where(told, np.where(down, fell + 1, 0), fell)
        last, untold = np.where(told, value, last), np.where(told, 0, untold)
        enter[:, day] = told & (grew >= GROWING_DAYS) & (value >= OVERDUE_FROM)
        leave[:, day] = (told & ((fell >= FALLING_DAYS) | (value < OVERDUE_UNTIL))) | (untold >= OVERDUE_SPEAKS_DAYS)
        starts[:, day] = start
    latched = latches.latch(enter, leave)
    entered = np.maximum(latched.since[:, -1], 0)
    return Found(latched, last, last, {"before": starts[np.arange(shape[0]), entered]})


def silent(seen: SignalInput) -> Found:
    """No report for more than 30 days, or never while the province has reported for 14 days.

    Only news (a report or a visit, at most 7 days old) ends it. Value: days since the last; NaN: never, the worst.
    """
    never = np.isnan(seen.report_age)
    since_first = np.full(len(seen.days), -1.0)
    if seen.first_day is not None:
        since_first = (seen.days - np.datetime64(seen.first_day, "D")).astype(np.float64)
    enter = (seen.report_age > SILENT_AFTER_DAYS) | (never & (since_first >= PROVINCE_DAYS))
    latched = latches.latch(enter, seen.report_age <= SPEAKS_AGAIN_DAYS)
    now = seen.report_age[:, -1]
    return Found(latched, now, np.where(never[:, -1], np.inf, now))


def contradicted(seen: SignalInput) -> Found:
    """The commune calls a criterion green and a fresh visit found otherwise.

    Leaves when a recheck agrees or the finding expires; visits are events, they do not swing. Value: criteria.
    """
    holds = seen.contradicted > 0
    now = seen.contradicted[:, -1]
    return Found(latches.latch(holds, ~holds), now, now)

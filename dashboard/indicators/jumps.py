"""Jumps that look wrong: figures that may be a slip of the pen, for somebody to ask about; nothing is changed."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from dashboard.indicators import medians
from dashboard.indicators.history import History
from dashboard.indicators.levels import Flags, Numbers
from dashboard.measures import MEASURES

# A line five times as fast as last week is a new line or a slip of the comma.
SPEED_FACTOR: Final = 5.0
# What a centre needs follows from its staff; half of it and three things at once is another form, not a change.
NEED_SHARE: Final = 0.5
NEED_AT_LEAST: Final = 3
# Three scanners are not gone overnight.
GONE_FROM: Final = 3
# Six times as many dossiers as usual is a whole month booked on a day.
DAY_FACTOR: Final = 6.0
DAY_MORE: Final = 30
DAYS_BEFORE: Final = 28
DAYS_AT_LEAST: Final = 14

COLUMNS: Final = ["commune_code", "measure", "day", "before", "after", "why"]
SPEEDS: Final = tuple(code for code, measure in MEASURES.items() if measure.type == "mbps")
NEEDED: Final = tuple(code for code in MEASURES if code.endswith(("_needed", "_planned")))
AVAILABLE: Final = tuple(code for code in MEASURES if code.endswith(("_available", "_issued", "_present")))


def reading_jumps(history: History, since: date, until: date) -> pd.DataFrame:
    """Declared values that do not fit the commune's own value before, told from `since` to `until`.

    Returns COLUMNS sorted by day, commune and measure; `why`: speed_factor (5 times as fast or as slow),
    need_changed (what is needed or planned changed by half of it and by 3), available_gone (0 after 3 or more).
    """
    begin, end = np.datetime64(since, "D"), np.datetime64(until, "D")
    codes = np.array(history.codes, dtype=object)
    found = []
    for why, (measures, odd) in _RULES.items():
        for measure in measures:
            commune, day, value = history.readings(measure, "declared")
            at = np.flatnonzero((commune[1:] == commune[:-1]) & (day[1:] >= begin) & (day[1:] <= end)) + 1
            at = at[odd(value[at - 1], value[at])]
            columns = codes[commune[at]], measure, day[at].astype("datetime64[s]"), value[at - 1], value[at], why
            found.append(pd.DataFrame(dict(zip(COLUMNS, columns, strict=True))))
    return _rows(pd.concat([one for one in found if len(one)] or found[:1]))


def _other_speed(before: Numbers, after: Numbers) -> Flags:
    low, high = np.minimum(before, after), np.maximum(before, after)
    return np.asarray((high >= SPEED_FACTOR * low) & (high > low))  # from 0 to 0 is no jump


def _other_need(before: Numbers, after: Numbers) -> Flags:
    change = np.abs(after - before)
    return np.asarray((change >= NEED_AT_LEAST) & (change >= NEED_SHARE * before))


def _gone(before: Numbers, after: Numbers) -> Flags:
    return np.asarray((after == 0) & (before >= GONE_FROM))


_RULES: Final = {
    "speed_factor": (SPEEDS, _other_speed),
    "need_changed": (NEEDED, _other_need),
    "available_gone": (AVAILABLE, _gone),
}


def count_jumps(daily: pd.DataFrame, since: date) -> pd.DataFrame:
    """Days from `since` on with far more dossiers than the commune's days before.

    `daily`: commune_code, day (datetime64), received (NaN: not told); one row a commune and day. A day is told
    of where it has more than 6 times the median of the 28 told days before it, and at least 30 more; with fewer
    than 14 days before it nothing is said. Returns COLUMNS (`measure` received, `before` the median, `why`
    many_in_a_day).
    """
    told = daily.dropna(subset=["received"]).sort_values(["commune_code", "day"], ignore_index=True)
    received = told["received"].to_numpy(dtype=np.float64)
    begins = np.flatnonzero((told["commune_code"] != told["commune_code"].shift()).to_numpy())
    first = np.repeat(begins, np.diff(np.append(begins, len(told))))  # the row of the commune's first day
    # Few days have 30 dossiers and more: only they are worth a median.
    may_be = np.flatnonzero((received >= DAY_MORE) & (told["day"] >= pd.Timestamp(since)).to_numpy())
    places = may_be[:, None] - np.arange(1, DAYS_BEFORE + 1)
    days_before = np.where(places >= first[may_be, None], received[np.maximum(places, 0)], np.nan)
    usual = medians.of_told(days_before, DAYS_AT_LEAST)
    jumped = (received[may_be] > DAY_FACTOR * usual) & (received[may_be] >= usual + DAY_MORE)
    found = told.iloc[may_be[jumped]]
    return _rows(found.assign(measure="received", before=usual[jumped], after=found["received"], why="many_in_a_day"))


def _rows(found: pd.DataFrame) -> pd.DataFrame:
    return found[COLUMNS].sort_values(["day", "commune_code", "measure"], ignore_index=True)

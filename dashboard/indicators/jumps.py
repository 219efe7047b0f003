"""Jumps that look wrong: figures that may be a slip of the pen, for somebody to ask about; nothing is changed."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from dashboard.indicators import medians
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


def reading_jumps(readings: pd.DataFrame, since: date) -> pd.DataFrame:
    """Declared values that do not fit the commune's own value before, told on or after `since`.

    `readings`: commune_code, measure, basis, as_of (datetime64), value; one row a commune, measure, basis and
    day. Returns COLUMNS sorted by day, commune and measure; `why`: speed_factor (5 times as fast or as slow),
    need_changed (what is needed or planned changed by half of it and by 3), available_gone (0 after 3 or more).
    """
    told = readings[(readings["basis"] == "declared") & readings["measure"].isin([*SPEEDS, *NEEDED, *AVAILABLE])]
    told = told.dropna(subset=["value"]).sort_values(["commune_code", "measure", "as_of"])
    same = (told["commune_code"] == told["commune_code"].shift()) & (told["measure"] == told["measure"].shift())
    after = told["value"]
    before = after.shift().where(same)
    speed, needed, available = (told["measure"].isin(list(some)) for some in (SPEEDS, NEEDED, AVAILABLE))
    change = (after - before).abs()
    factor = np.maximum(after, before) >= SPEED_FACTOR * np.minimum(after, before)
    rules = {
        "speed_factor": speed & factor & (change > 0),  # from 0 to 0 is no jump
        "need_changed": needed & (change >= NEED_AT_LEAST) & (change >= NEED_SHARE * before),
        "available_gone": available & (after == 0) & (before >= GONE_FROM),
    }
    why = np.select(list(rules.values()), list(rules), "")
    found = told.assign(day=told["as_of"], before=before, after=after, why=why)
    return _rows(found[(found["why"] != "") & (found["day"] >= pd.Timestamp(since))])


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

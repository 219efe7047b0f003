"""How complete the figures are, which rows found no commune, and which values may be a slip of
the pen: for somebody to ask about, nothing is changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from dashboard.indicators import levels, medians
from dashboard.indicators.levels import Flags, Levels, Numbers
from dashboard.indicators.readiness.history import History
from dashboard.measures import MEASURES

# Coverage: for how many communes each criterion has a value, and which rows found no commune.


def count_completeness(by_criterion: Mapping[str, Levels]) -> pd.DataFrame:
    """Per criterion (index) how many communes have a value in date, a stale one, or none that can
    be judged.

    `by_criterion`: criterion code to its level per commune. in_date + stale + never = communes.
    """
    rows = [
        {
            "in_date": int((level < levels.STALE).sum()),
            "stale": int((level == levels.STALE).sum()),
            "never": int((level == levels.UNKNOWN).sum()),
            "communes": len(level),
        }
        for level in by_criterion.values()
    ]
    names = pd.Index(list(by_criterion), name="criterion", dtype=object)
    return pd.DataFrame(rows, index=names, columns=["in_date", "stale", "never", "communes"])


# How the readers begin what they say of a row whose commune is not found (names.py,
# sources/recognise/communes.py, sources/kinds/dossier_list/frame.py and
# sources/kinds/exported/reader.py); a test reads real files, so a changed word is noticed.
UNMATCHED_REASONS: Final = {
    r"không có trong danh mục": "not_listed",
    r"là tên đơn vị trước": "former_name",
    r"mã và tên mâu thuẫn": "contradictory",
    r"dòng có số liệu nhưng không ghi tên|dòng không có mã xã": "unnamed",
    r"mã \d+ không thuộc|không phải mã của xã nào|không thuộc ": "foreign_code",
}


def count_unmatched_rows(problems: pd.DataFrame) -> pd.DataFrame:
    """Rows that were refused because no commune of the province fits, counted per file and reason.

    `problems`: batch, file_name, severity, message … (store.exports.fetch_problems). Returns batch,
    file_name, why (not_listed|former_name|contradictory|unnamed|foreign_code), rows. A reader notes
    1,000 problems of a file at most, so a hopeless file counts at least as many as are told here.
    """
    refused = problems[problems["severity"] == "refused"]
    why = pd.Series(None, index=refused.index, dtype=object)
    for words, code in UNMATCHED_REASONS.items():
        why[why.isna() & refused["message"].str.match(words)] = code
    unmatched = refused.assign(why=why).dropna(subset=["why"])
    return unmatched.groupby(["batch", "file_name", "why"]).size().reset_index(name="rows")


# A line five times as fast as last week is a new line or a slip of the comma.
SPEED_FACTOR: Final = 5.0
# What a centre needs follows from its staff; half of it and three things at once is another form,
# not a change.
NEED_SHARE: Final = 0.5
NEED_AT_LEAST: Final = 3
# Three scanners are not gone overnight.
GONE_FROM: Final = 3
# Six times as many dossiers as usual is a whole month booked on a day.
DAY_FACTOR: Final = 6.0
DAY_MORE: Final = 30
DAYS_BEFORE: Final = 28
DAYS_AT_LEAST: Final = 14

JUMP_COLUMNS: Final = ["commune_code", "measure", "day", "before", "after", "why"]
SPEEDS: Final = tuple(code for code, measure in MEASURES.items() if measure.type == "mbps")
NEEDED: Final = tuple(code for code in MEASURES if code.endswith(("_needed", "_planned")))
AVAILABLE: Final = tuple(
    code for code in MEASURES if code.endswith(("_available", "_issued", "_present"))
)


def find_reading_jumps(history: History, since: date, until: date) -> pd.DataFrame:
    """Declared values that do not fit the commune's own value before, told from `since` to `until`.

    Returns COLUMNS sorted by day, commune and measure; `why`: speed_factor (5 times as fast or as
    slow), need_changed (what is needed or planned changed by half of it and by 3), available_gone
    (0 after 3 or more).
    """
    begin = np.datetime64(since, "D")
    end = np.datetime64(until, "D")
    codes = np.array(history.codes, dtype=object)
    jumps = []
    for why, (measures, odd) in _JUMP_RULES.items():
        for measure in measures:
            commune, day, value = history.readings(measure, "declared")
            positions = (
                np.flatnonzero(
                    (commune[1:] == commune[:-1]) & (day[1:] >= begin) & (day[1:] <= end)
                )
                + 1
            )
            positions = positions[odd(value[positions - 1], value[positions])]
            columns = (
                codes[commune[positions]],
                measure,
                day[positions].astype("datetime64[s]"),
                value[positions - 1],
                value[positions],
                why,
            )
            jumps.append(pd.DataFrame(dict(zip(JUMP_COLUMNS, columns, strict=True))))
    return _sort_jumps(pd.concat([frame for frame in jumps if len(frame)] or jumps[:1]))


def _other_speed(before: Numbers, after: Numbers) -> Flags:
    low = np.minimum(before, after)
    high = np.maximum(before, after)
    return np.asarray((high >= SPEED_FACTOR * low) & (high > low))  # from 0 to 0 is no jump


def _other_need(before: Numbers, after: Numbers) -> Flags:
    change = np.abs(after - before)
    return np.asarray((change >= NEED_AT_LEAST) & (change >= NEED_SHARE * before))


def _gone(before: Numbers, after: Numbers) -> Flags:
    return np.asarray((after == 0) & (before >= GONE_FROM))


_JUMP_RULES: Final = {
    "speed_factor": (SPEEDS, _other_speed),
    "need_changed": (NEEDED, _other_need),
    "available_gone": (AVAILABLE, _gone),
}


def find_count_jumps(daily: pd.DataFrame, since: date) -> pd.DataFrame:
    """Days from `since` on with far more dossiers than the commune's days before.

    `daily`: commune_code, day (datetime64), received (NaN: not told); one row a commune and day. A
    day is told of where it has more than 6 times the median of the 28 told days before it, and at
    least 30 more; with fewer than 14 days before it nothing is said. Returns COLUMNS (`measure`
    received, `before` the median, `why` many_in_a_day).
    """
    days_told = daily.dropna(subset=["received"]).sort_values(
        ["commune_code", "day"], ignore_index=True
    )
    received = days_told["received"].to_numpy(dtype=np.float64)
    begins = np.flatnonzero(
        (days_told["commune_code"] != days_told["commune_code"].shift()).to_numpy()
    )
    # the row of the commune's first day
    first = np.repeat(begins, np.diff(np.append(begins, len(days_told))))
    # Few days have 30 dossiers and more: only they are worth a median.
    candidates = np.flatnonzero(
        (received >= DAY_MORE) & (days_told["day"] >= pd.Timestamp(since)).to_numpy()
    )
    positions = candidates[:, None] - np.arange(1, DAYS_BEFORE + 1)
    days_before = np.where(
        positions >= first[candidates, None], received[np.maximum(positions, 0)], np.nan
    )
    usual = medians.take_median(days_before, DAYS_AT_LEAST)
    jumped = (received[candidates] > DAY_FACTOR * usual) & (
        received[candidates] >= usual + DAY_MORE
    )
    jumps = days_told.iloc[candidates[jumped]]
    return _sort_jumps(
        jumps.assign(
            measure="received", before=usual[jumped], after=jumps["received"], why="many_in_a_day"
        )
    )


def _sort_jumps(jumps: pd.DataFrame) -> pd.DataFrame:
    return jumps[JUMP_COLUMNS].sort_values(["day", "commune_code", "measure"], ignore_index=True)

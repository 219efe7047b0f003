"""The last twelve months of every commune: its level and each criterion's value, week by week.

Each day is judged by its own rules, on arrays of communes x days, so the last day is the report's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final

import numpy as np

from dashboard.indicators.criteria import FIRST_DAY, Criteria
from dashboard.indicators.history import Days, History
from dashboard.indicators.levels import UNKNOWN, Levels, Numbers
from dashboard.indicators.readiness import judge_days

WEEKS: Final = 52


@dataclass(frozen=True)
class Past:
    """Communes x days; the last day is the one that was asked for.

    `overall`: the level; `level`, `value`: per criterion code its level, and its value in the criterion's unit
    (NaN where nothing was told, or too long ago to count; both UNKNOWN and NaN where it was not in force).
    """

    codes: tuple[str, ...]
    days: Days
    overall: Levels
    level: dict[str, Levels]
    value: dict[str, Numbers]


def past(history: History, criteria: Criteria, day: date, weeks: int = WEEKS) -> Past:
    """Every seventh day up to `day`, at most `weeks` + 1 of them, none before FIRST_DAY but `day` itself."""
    asked = [day - timedelta(weeks=back) for back in range(weeks, -1, -1)]
    asked = [one for one in asked if one >= FIRST_DAY or one == day]
    days = np.array(asked, dtype="datetime64[D]")
    shape = (len(history.codes), len(asked))
    found = Past(history.codes, days, np.full(shape, UNKNOWN, dtype=np.int8), {}, {})
    start = 0
    for in_force, together in groupby(asked, key=criteria.in_force):
        span = slice(start, start + len(list(together)))
        judged = judge_days(history, in_force, days[span])
        found.overall[:, span] = judged.overall
        for one in judged.judged:
            code = one.criterion.code
            found.level.setdefault(code, np.full(shape, UNKNOWN, dtype=np.int8))[:, span] = one.level
            known = np.where(one.stale, np.nan, one.value)
            found.value.setdefault(code, np.full(shape, np.nan))[:, span] = known
        start = span.stop
    return found

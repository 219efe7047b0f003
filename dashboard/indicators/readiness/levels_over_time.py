"""Levels over time: every commune's on consecutive days, and of its last twelve months, week by
week, with each criterion's value.

Each day is judged by its own rules, on arrays of communes x days, so the last day is the report's
own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final

import numpy as np

from dashboard.indicators import levels
from dashboard.indicators.criteria import DIMENSIONS, Criteria
from dashboard.indicators.levels import UNKNOWN, Levels, Numbers
from dashboard.indicators.readiness import assessment
from dashboard.indicators.readiness.assessment import assess_days
from dashboard.indicators.readiness.history import Days, History
from dashboard.reference import FIRST_DAY

# Every commune's level on every day, overall and by dimension: what a map that replays the past is
# painted with.


def assess_dimensions_by_day(
    history: History, criteria: Criteria, days: Sequence[date]
) -> dict[str, Levels]:
    """`overall` and every dimension that has a criterion on any of the days: communes x days, in
    the order given.

    Each day by its own rules; a dimension is unknown on days on which none of its criteria was in
    force.
    """
    parts: dict[str, list[Levels]] = {name: [] for name in ("overall", *DIMENSIONS)}
    in_any_rules: set[str] = set()
    for in_force, together in groupby(days, key=criteria.in_force):
        span = np.array(list(together), dtype="datetime64[D]")
        assessed = assessment.assess_days(history, in_force, span)
        levels_by_part = {"overall": assessed.overall, **assessed.dimensions}
        in_any_rules |= set(levels_by_part)
        unknown = np.full((len(history.codes), len(span)), levels.UNKNOWN, dtype=np.int8)
        for name, part in parts.items():
            part.append(levels_by_part.get(name, unknown))
    return {
        name: np.concatenate(part, axis=1) for name, part in parts.items() if name in in_any_rules
    }


WEEKS_OF_HISTORY: Final = 52


@dataclass(frozen=True)
class YearHistory:
    """Communes x days; the last day is the one that was asked for.

    `overall`: the level; `level`, `value`: per criterion code its level, and its value in the
    criterion's unit (NaN where nothing was told, or too long ago to count; both UNKNOWN and NaN
    where it was not in force).
    """

    codes: tuple[str, ...]
    days: Days
    overall: Levels
    level: dict[str, Levels]
    value: dict[str, Numbers]


def collect_year_history(
    history: History, criteria: Criteria, day: date, weeks: int = WEEKS_OF_HISTORY
) -> YearHistory:
    """Every seventh day up to `day`, at most `weeks` + 1 of them, none before FIRST_DAY but `day`
    itself.
    """
    sample_days = [day - timedelta(weeks=back) for back in range(weeks, -1, -1)]
    sample_days = [sample for sample in sample_days if sample >= FIRST_DAY or sample == day]
    days = np.array(sample_days, dtype="datetime64[D]")
    shape = (len(history.codes), len(sample_days))
    year_history = YearHistory(history.codes, days, np.full(shape, UNKNOWN, dtype=np.int8), {}, {})
    start = 0
    for in_force, together in groupby(sample_days, key=criteria.in_force):
        span = slice(start, start + len(list(together)))
        assessed = assess_days(history, in_force, days[span])
        year_history.overall[:, span] = assessed.overall
        for sample in assessed.assessments:
            code = sample.criterion.code
            year_history.level.setdefault(code, np.full(shape, UNKNOWN, dtype=np.int8))[:, span] = (
                sample.level
            )
            value_in_date = np.where(sample.stale, np.nan, sample.value)
            year_history.value.setdefault(code, np.full(shape, np.nan))[:, span] = value_in_date
        start = span.stop
    return year_history

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
import numpy.typing as npt

from dashboard.indicators import levels
from dashboard.indicators.criteria import DIMENSIONS, Criteria
from dashboard.indicators.levels import UNKNOWN, Flags, Levels, Numbers
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

    `overall`: the level; `dimensions`: per dimension its level, UNKNOWN where none of its criteria
    was in force; `level`, `value`: per criterion code its level, and its value in the criterion's
    unit (NaN where nothing was told, or too long ago to count; both UNKNOWN and NaN where it was
    not in force).
    """

    codes: tuple[str, ...]
    days: Days
    overall: Levels
    level: dict[str, Levels]
    value: dict[str, Numbers]
    dimensions: dict[str, Levels]


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
    unknown = np.full(shape, UNKNOWN, dtype=np.int8)
    year_history = YearHistory(history.codes, days, unknown.copy(), {}, {}, {})
    start = 0
    for in_force, together in groupby(sample_days, key=criteria.in_force):
        span = slice(start, start + len(list(together)))
        assessed = assess_days(history, in_force, days[span])
        year_history.overall[:, span] = assessed.overall
        for name, level in assessed.dimensions.items():
            year_history.dimensions.setdefault(name, unknown.copy())[:, span] = level
        for sample in assessed.assessments:
            code = sample.criterion.code
            year_history.level.setdefault(code, unknown.copy())[:, span] = sample.level
            value_in_date = np.where(sample.stale, np.nan, sample.value)
            year_history.value.setdefault(code, np.full(shape, np.nan))[:, span] = value_in_date
        start = span.stop
    return year_history


# How long each commune has been at its level, and what its last visit did to it.

DAYS_LOOKED_BACK: Final = 365


@dataclass(frozen=True)
class LevelAge:
    """Per commune the days since its present level began (0: today), and whether it is older than
    was looked back: then `days` is how far that was.
    """

    days: npt.NDArray[np.int64]
    older: Flags


def measure_level_age(history: History, criteria: Criteria, day: date) -> LevelAge:
    """How long every commune has been at the level that it has on `day`, each day before judged by
    its own rules.
    """
    back = min(DAYS_LOOKED_BACK, max(0, (day - FIRST_DAY).days))
    looked_at = [day - timedelta(days=ago) for ago in range(back + 1)]
    level = assessment.assess_levels_over_time(history, criteria, looked_at[::-1])[:, ::-1]
    other = level != level[:, :1]
    begun = other.any(axis=1)
    days = np.where(begun, other.argmax(axis=1) - 1, back)
    return LevelAge(days.astype(np.int64), ~begun)


def measure_lack_age(history: History, criteria: Criteria, day: date) -> dict[str, LevelAge]:
    """Per criterion code since when every commune has been short of its green on `day` (red or
    yellow, whichever), each day before judged by its own rules.
    """
    back = min(DAYS_LOOKED_BACK, max(0, (day - FIRST_DAY).days))
    looked_at = [day - timedelta(days=ago) for ago in range(back, -1, -1)]
    shape = (len(history.codes), len(looked_at))
    lacking: dict[str, Flags] = {}
    start = 0
    for in_force, together in groupby(looked_at, key=criteria.in_force):
        span = np.array(list(together), dtype="datetime64[D]")
        for judged in assess_days(history, in_force, span).assessments:
            flags = lacking.setdefault(judged.criterion.code, np.zeros(shape, dtype=np.bool_))
            flags[:, start : start + len(span)] = np.isin(judged.level, (levels.RED, levels.YELLOW))
        start += len(span)
    ages = {}
    for code, flags in lacking.items():
        met = ~flags[:, ::-1]
        begun = np.asarray(met.any(axis=1))
        days = np.where(begun, met.argmax(axis=1) - 1, back)
        ages[code] = LevelAge(days.astype(np.int64), ~begun)
    return ages


@dataclass(frozen=True)
class VisitEffect:
    """Per commune its level on the eve of its last visit and on that day; UNKNOWN twice where
    nobody visited it.
    """

    before: Levels
    after: Levels


def measure_visit_effect(
    history: History, criteria: Criteria, day: date, visit_age: Numbers
) -> VisitEffect:
    """`visit_age`: days since each commune's last visit on `day`, NaN: none."""
    size = len(history.codes)
    before = np.full(size, UNKNOWN, dtype=np.int8)
    after = np.full(size, UNKNOWN, dtype=np.int8)
    visited = np.flatnonzero(~np.isnan(visit_age))
    if not len(visited):
        return VisitEffect(before, after)
    ages = visit_age[visited].astype(np.int64)
    ages_looked_at = np.unique(np.concatenate([ages, ages + 1]))[::-1]
    days = [day - timedelta(days=int(age)) for age in ages_looked_at]
    level = assessment.assess_levels_over_time(history, criteria, days)
    place_of_age = {int(age): place for place, age in enumerate(ages_looked_at)}
    after[visited] = level[visited, [place_of_age[int(age)] for age in ages]]
    before[visited] = level[visited, [place_of_age[int(age) + 1] for age in ages]]
    return VisitEffect(before, after)

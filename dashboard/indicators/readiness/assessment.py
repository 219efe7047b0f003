"""Readiness: from the history of readings to levels per commune, criterion and day.

Everything is computed on arrays of communes x days, whether one day is asked for or all since
01/07/2025, so that the curve over time and the map of a day cannot disagree. Rules:
data/criteria.toml and docs/indicators.md#overall_level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

import numpy as np
import pandas as pd

from dashboard.indicators import levels
from dashboard.indicators.criteria import (
    DIMENSIONS,
    Criteria,
    Criterion,
    ReadinessRule,
    RulesInForce,
)
from dashboard.indicators.levels import Flags, Levels, Numbers
from dashboard.indicators.readiness.history import Days, History, HistoryOnDays


@dataclass(frozen=True)
class CriterionAssessment:
    """One criterion, communes x days: what was found and the level it gives. NaN where nothing was
    told.

    `value` in the criterion's unit, `numerator`/`denominator` the counts of a ratio (else NaN),
    `age` in days, `verified` where a visit's finding took part, `recheck` where it is the finding
    that another value needs another visit for (of a ratio: the part), `contradicted` where a fresh
    visit found another level than the commune's own value gives (87 Mbps for a declared 90 is
    none). `declared` and `verified_value` are the two sides apart with their ages, whichever
    decides and however old (a ratio's whole is the declared one where the visit counted only the
    part); `visit_age` that of the newest finding that took part.
    """

    criterion: Criterion
    value: Numbers
    numerator: Numbers
    denominator: Numbers
    age: Numbers
    level: Levels
    verified: Flags
    recheck: Flags
    contradicted: Flags
    declared: Numbers
    declared_age: Numbers
    verified_value: Numbers
    verified_age: Numbers
    visit_age: Numbers

    @property
    def stale(self) -> Flags:
        """Where the value is too old to give a colour."""
        return self.level == levels.STALE


@dataclass(frozen=True)
class Readiness:
    """Levels of all communes on some days by one rule; arrays are communes x days in the order
    given.
    """

    codes: tuple[str, ...]
    days: Days
    assessments: tuple[CriterionAssessment, ...]
    rule: ReadinessRule

    @cached_property
    def overall(self) -> Levels:
        """Red, yellow or green as the rule says (levels.combine_levels)."""
        in_force = RulesInForce(
            tuple(assessment.criterion for assessment in self.assessments), self.rule
        )
        return _combine_criteria(
            [assessment.level for assessment in self.assessments],
            in_force,
            (len(self.codes), len(self.days)),
        )

    @cached_property
    def dimensions(self) -> dict[str, Levels]:
        """The level per dimension: within it every criterion is decisive."""
        by_dimension = {}
        for dimension in DIMENSIONS:
            within = [
                assessment.level
                for assessment in self.assessments
                if assessment.criterion.dimension == dimension
            ]
            if within:
                every = np.ones(len(within), dtype=np.bool_)
                by_dimension[dimension] = levels.combine_levels(np.stack(within), every, every)
        return by_dimension


def assess_readiness(history: History, criteria: Criteria, day: date) -> Readiness:
    """Every commune on one day, judged by the rules in force that day."""
    return reassess_readiness(history, criteria.in_force(day), day)


def reassess_readiness(
    history: History, in_force: RulesInForce, day: date, known_by: date | None = None
) -> Readiness:
    """Every commune on one day by any rules; with `known_by`, by what had been told until then, as
    old as on `day`.
    """
    later = 0 if known_by is None else (day - known_by).days
    return assess_days(history, in_force, np.array([day], dtype="datetime64[D]"), later)


def assess_days(history: History, in_force: RulesInForce, days: Days, later: int = 0) -> Readiness:
    """Every commune on several days by the rules of one; `later`: what was told only so many days
    before counts.
    """
    on_days = history.on(days - later)
    assessments = tuple(
        _assess_criterion(criterion, in_force.rule, on_days, later)
        for criterion in in_force.criteria
    )
    return Readiness(history.codes, days, assessments, in_force.rule)


# Communes x days at a time: they stay in the processor's cache; all at once would take gigabytes
# for a country.
_CELLS_AT_ONCE = 250_000


def assess_levels_over_time(history: History, criteria: Criteria, days: Sequence[date]) -> Levels:
    """The overall level, communes x days in the order given; each day by its own rules."""
    wide = max(1, _CELLS_AT_ONCE // max(1, len(history.codes)))
    blocks = [np.empty((len(history.codes), 0), dtype=np.int8)]
    for in_force, together in groupby(days, key=criteria.in_force):
        span = np.array(list(together), dtype="datetime64[D]")
        for first in range(0, len(span), wide):
            on_days = history.on(span[first : first + wide])
            criterion_levels = [
                _assess_criterion(criterion, in_force.rule, on_days).level
                for criterion in in_force.criteria
            ]
            blocks.append(
                _combine_criteria(
                    criterion_levels, in_force, (len(history.codes), len(on_days.days))
                )
            )
    return np.concatenate(blocks, axis=1)


def tabulate_levels(overall: Levels, days: Sequence[date]) -> pd.DataFrame:
    """How many communes were at each level on each day (`assess_levels_over_time`).

    Returns one row a day (index: date), one column a level name; each row adds up to the communes.
    """
    table = np.stack(
        [(overall == code).sum(axis=0) for code in range(len(levels.LEVEL_NAMES))], axis=1
    )
    return pd.DataFrame(table, index=list(days), columns=list(levels.LEVEL_NAMES))


def _combine_criteria(
    criterion_levels: Sequence[Levels], in_force: RulesInForce, shape: tuple[int, int]
) -> Levels:
    if not criterion_levels:
        return np.full(shape, levels.UNKNOWN, dtype=np.int8)
    decisive = [in_force.rule.decides_red(criterion) for criterion in in_force.criteria]
    needed = [in_force.rule.needed_for_green(criterion) for criterion in in_force.criteria]
    return levels.combine_levels(np.stack(criterion_levels), np.array(decisive), np.array(needed))


def _assess_criterion(
    criterion: Criterion, rule: ReadinessRule, on_days: HistoryOnDays, later: int = 0
) -> CriterionAssessment:
    """Verified wins over declared while it is fresh, measure by measure; all is `later` days older
    than asked.
    """
    own, findings = (
        [on_days.last(measure, basis).later(later) for measure in criterion.measures]
        for basis in ("declared", "verified")
    )
    # NaN (never verified) compares false
    wins = [reading.age <= rule.verified_expires_after_days for reading in findings]
    used = [np.where(win, f.value, o.value) for win, f, o in zip(wins, findings, own, strict=True)]
    ages = [np.where(win, f.age, o.age) for win, f, o in zip(wins, findings, own, strict=True)]
    # A finding ages by its own limit.
    stale = [~win & (o.age > criterion.stale_after_days) for win, o in zip(wins, own, strict=True)]
    by_visit = np.logical_or.reduce(wins)
    if criterion.kind == "ratio":
        numerator, denominator = used
        value = _ratio_met(numerator, denominator)
        declared = _ratio_met(own[0].value, own[1].value)
        denominator_found = np.where(np.isnan(findings[1].value), own[1].value, findings[1].value)
        verified_value = _ratio_met(findings[0].value, denominator_found)
    else:
        numerator = denominator = np.full_like(used[0], np.nan)
        value = used[0]
        declared = own[0].value
        verified_value = findings[0].value
    level = levels.judge_levels(
        value, np.logical_or.reduce(stale), criterion.green_from, criterion.red_below
    )
    own_level = levels.judge_levels(
        declared, np.zeros_like(by_visit), criterion.green_from, criterion.red_below
    )
    return CriterionAssessment(
        criterion,
        value,
        numerator,
        denominator,
        age=np.maximum.reduce(ages),
        level=level,
        verified=by_visit,
        recheck=wins[0],
        contradicted=by_visit
        & (own_level != level)
        & (own_level < levels.STALE)
        & (level < levels.STALE),
        declared=declared,
        declared_age=np.maximum.reduce([reading.age for reading in own]),
        verified_value=verified_value,
        verified_age=findings[0].age,
        visit_age=np.fmin.reduce(
            [
                np.where(win, reading.age, np.nan)
                for win, reading in zip(wins, findings, strict=True)
            ]
        ),
    )


def _ratio_met(numerator: Numbers, denominator: Numbers) -> Numbers:
    """part ÷ whole; 1 where nothing is needed (the condition is met), missing where either is."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((denominator == 0) & ~np.isnan(numerator), 1.0, numerator / denominator)

"""Readiness: from the history of readings to levels per commune, criterion and day.

Everything is computed on arrays of communes x days, whether one day is asked for or all since
01/07/2025, so that the curve over time and the map of a day cannot disagree. Rules:
data/criteria.toml and docs/indicators.md#overall_level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, reduce
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
from dashboard.indicators.readiness.history import Days, History, HistoryOnDays, LastReading


@dataclass(frozen=True, eq=False)
class CriterionAssessment:
    """One criterion, communes x days: what was found and the level it gives. NaN where nothing was
    told. Each figure is computed when it is first asked for: who looks at hundreds of days wants
    their levels alone.

    Of each of the criterion's measures `own`: what was declared, `findings`: what visits found, and
    `wins`: where the finding counts.
    """

    criterion: Criterion
    own: tuple[LastReading, ...]
    findings: tuple[LastReading, ...]
    wins: tuple[Flags, ...]

    @cached_property
    def _values(self) -> list[Numbers]:
        """What counts of each measure."""
        return [
            _prefer(win, finding.value, own.value)
            for win, finding, own in zip(self.wins, self.findings, self.own, strict=True)
        ]

    @cached_property
    def value(self) -> Numbers:
        """In the criterion's unit."""
        return self._measure(*self._values)

    @property
    def numerator(self) -> Numbers:
        """Of a ratio the part, else NaN."""
        return self._values[0] if self.criterion.kind == "ratio" else self._never

    @property
    def denominator(self) -> Numbers:
        """Of a ratio the whole, else NaN."""
        return self._values[1] if self.criterion.kind == "ratio" else self._never

    @cached_property
    def age(self) -> Numbers:
        """In days, of the oldest measure that counts."""
        ages = [
            _prefer(win, finding.age, own.age)
            for win, finding, own in zip(self.wins, self.findings, self.own, strict=True)
        ]
        return reduce(np.maximum, ages)

    @cached_property
    def level(self) -> Levels:
        """What the value gives."""
        # A finding ages by its own limit.
        stale = [
            ~win & (own.age > self.criterion.stale_after_days)
            for win, own in zip(self.wins, self.own, strict=True)
        ]
        return self._judge(self.value, reduce(np.logical_or, stale))

    @property
    def stale(self) -> Flags:
        """Where the value is too old to give a colour."""
        return self.level == levels.STALE

    @cached_property
    def verified(self) -> Flags:
        """Where a visit's finding took part."""
        return reduce(np.logical_or, self.wins)

    @property
    def recheck(self) -> Flags:
        """Where it is the finding that another value needs another visit for (of a ratio: the
        part).
        """
        return self.wins[0]

    @cached_property
    def contradicted(self) -> Flags:
        """Where a fresh visit found another level than the commune's own value gives (87 Mbps for a
        declared 90 is none).
        """
        own_level = self._judge(self.declared, np.zeros_like(self.verified))
        both_are_colours = (own_level < levels.STALE) & (self.level < levels.STALE)
        return np.asarray(self.verified & (own_level != self.level) & both_are_colours)

    @cached_property
    def declared(self) -> Numbers:
        """The commune's own value, whichever decides and however old."""
        return self._measure(*(own.value for own in self.own))

    @cached_property
    def declared_age(self) -> Numbers:
        """Its age in days."""
        return reduce(np.maximum, (own.age for own in self.own))

    @cached_property
    def verified_value(self) -> Numbers:
        """What visits found, whichever decides and however old (a ratio's whole is the declared one
        where the visit counted only the part).
        """
        found, *wholes_found = (finding.value for finding in self.findings)
        if self.criterion.kind != "ratio":
            return found
        whole = np.where(np.isnan(wholes_found[0]), self.own[1].value, wholes_found[0])
        return _ratio_met(found, whole)

    @property
    def verified_age(self) -> Numbers:
        """Its age in days."""
        return self.findings[0].age

    @cached_property
    def visit_age(self) -> Numbers:
        """The age in days of the newest finding that took part."""
        ages = [
            np.where(win, finding.age, np.nan)
            for win, finding in zip(self.wins, self.findings, strict=True)
        ]
        return reduce(np.fmin, ages)

    @cached_property
    def _never(self) -> Numbers:
        return np.full_like(self.own[0].value, np.nan)

    def _measure(self, *values: Numbers) -> Numbers:
        return _ratio_met(*values) if self.criterion.kind == "ratio" else values[0]

    def _judge(self, value: Numbers, stale: Flags) -> Levels:
        return levels.judge_levels(
            value, stale, self.criterion.green_from, self.criterion.red_below
        )


def _prefer(win: Flags, found: Numbers, own: Numbers) -> Numbers:
    """What was found where it counts; of most measures no visit ever told."""
    return np.where(win, found, own) if win.any() else own


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
        tuple(on_days.last(measure, basis).later(later) for measure in criterion.measures)
        for basis in ("declared", "verified")
    )
    # NaN (never verified) compares false
    wins = tuple(finding.age <= rule.verified_expires_after_days for finding in findings)
    return CriterionAssessment(criterion, own, findings, wins)


def _ratio_met(numerator: Numbers, denominator: Numbers) -> Numbers:
    """part ÷ whole; 1 where nothing is needed (the condition is met), missing where either is."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((denominator == 0) & ~np.isnan(numerator), 1.0, numerator / denominator)

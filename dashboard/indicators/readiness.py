"""Readiness: from the history of readings to levels per commune, criterion and day.

Everything is computed on arrays of communes x days, whether one day is asked for or all since
01/07/2025, so that the curve over time and the map of a day cannot disagree. Rules: DOMAIN.md §3.
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
from dashboard.indicators.criteria import DIMENSIONS, Criteria, Criterion, InForce, Rule
from dashboard.indicators.history import Days, History, OnDays
from dashboard.indicators.levels import Flags, Levels, Numbers


@dataclass(frozen=True)
class Judged:
    """One criterion, communes x days: what was found and the level it gives. NaN where nothing was told.

    `value` in the criterion's unit, `part`/`whole` the counts of a ratio (else NaN), `age` in days,
    `verified` where a visit's finding took part, `recheck` where it is the finding that another
    value needs another visit for (of a ratio: the part), `contradicted` where a fresh visit found
    another level than the commune's own value gives (87 Mbps for a declared 90 is none). `declared`
    and `verified_value` are the two sides apart with their ages, whichever decides and however old
    (a ratio's whole is the declared one where the visit counted only the part); `visit_age` that of
    the newest finding that took part.
    """

    criterion: Criterion
    value: Numbers
    part: Numbers
    whole: Numbers
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
    """Levels of all communes on some days by one rule; arrays are communes x days in the order given."""

    codes: tuple[str, ...]
    days: Days
    judged: tuple[Judged, ...]
    rule: Rule

    @cached_property
    def overall(self) -> Levels:
        """Red, yellow or green as the rule says (levels.combine)."""
        in_force = InForce(tuple(one.criterion for one in self.judged), self.rule)
        return _combined([one.level for one in self.judged], in_force, (len(self.codes), len(self.days)))

    @cached_property
    def dimensions(self) -> dict[str, Levels]:
        """The level per dimension: within it every criterion is decisive."""
        found = {}
        for dimension in DIMENSIONS:
            within = [one.level for one in self.judged if one.criterion.dimension == dimension]
            if within:
                every = np.ones(len(within), dtype=np.bool_)
                found[dimension] = levels.combine(np.stack(within), every, every)
        return found


def assess(history: History, criteria: Criteria, day: date) -> Readiness:
    """Every commune on one day, judged by the rules in force that day."""
    return rejudge(history, criteria.in_force(day), day)


def rejudge(history: History, in_force: InForce, day: date, known_by: date | None = None) -> Readiness:
    """Every commune on one day by any rules; with `known_by`, by what had been told until then, as old as on `day`."""
    later = 0 if known_by is None else (day - known_by).days
    return judge_days(history, in_force, np.array([day], dtype="datetime64[D]"), later)


def judge_days(history: History, in_force: InForce, days: Days, later: int = 0) -> Readiness:
    """Every commune on several days by the rules of one; `later`: what was told only so many days before counts."""
    asked = history.on(days - later)
    judged = tuple(_judge(criterion, in_force.rule, asked, later) for criterion in in_force.criteria)
    return Readiness(history.codes, days, judged, in_force.rule)


# Communes x days at a time: they stay in the processor's cache; all at once would take gigabytes for a country.
_AT_ONCE = 250_000


def levels_over_time(history: History, criteria: Criteria, days: Sequence[date]) -> Levels:
    """The overall level, communes x days in the order given; each day by its own rules."""
    wide = max(1, _AT_ONCE // max(1, len(history.codes)))
    found = [np.empty((len(history.codes), 0), dtype=np.int8)]
    for in_force, together in groupby(days, key=criteria.in_force):
        span = np.array(list(together), dtype="datetime64[D]")
        for first in range(0, len(span), wide):
            asked = history.on(span[first : first + wide])
            judged = [_judge(one, in_force.rule, asked).level for one in in_force.criteria]
            found.append(_combined(judged, in_force, (len(history.codes), len(asked.days))))
    return np.concatenate(found, axis=1)


def green_over_time(history: History, criteria: Criteria, days: Sequence[date]) -> pd.DataFrame:
    """How many communes were at each level on each day; each day by its own rules.

    Returns one row a day (index: date), one column a level name; each row adds up to the communes.
    """
    overall = levels_over_time(history, criteria, days)
    table = np.stack([(overall == code).sum(axis=0) for code in range(len(levels.NAMES))], axis=1)
    return pd.DataFrame(table, index=list(days), columns=list(levels.NAMES))


def _combined(judged: Sequence[Levels], in_force: InForce, shape: tuple[int, int]) -> Levels:
    if not judged:
        return np.full(shape, levels.UNKNOWN, dtype=np.int8)
    decisive = [in_force.rule.decides_red(criterion) for criterion in in_force.criteria]
    needed = [in_force.rule.needed_for_green(criterion) for criterion in in_force.criteria]
    return levels.combine(np.stack(judged), np.array(decisive), np.array(needed))


def _judge(criterion: Criterion, rule: Rule, asked: OnDays, later: int = 0) -> Judged:
    """Verified wins over declared while it is fresh, measure by measure; all is `later` days older than asked."""
    own, found = (
        [asked.last(measure, basis).later(later) for measure in criterion.measures]
        for basis in ("declared", "verified")
    )
    wins = [one.age <= rule.verified_expires_after_days for one in found]  # NaN (never verified) compares false
    used = [np.where(win, f.value, o.value) for win, f, o in zip(wins, found, own, strict=True)]
    ages = [np.where(win, f.age, o.age) for win, f, o in zip(wins, found, own, strict=True)]
    # A finding ages by its own limit.
    stale = [~win & (o.age > criterion.stale_after_days) for win, o in zip(wins, own, strict=True)]
    by_visit = np.logical_or.reduce(wins)
    if criterion.kind == "ratio":
        part, whole = used
        value, declared = _share(part, whole), _share(own[0].value, own[1].value)
        seen_whole = np.where(np.isnan(found[1].value), own[1].value, found[1].value)
        verified_value = _share(found[0].value, seen_whole)
    else:
        part = whole = np.full_like(used[0], np.nan)
        value, declared, verified_value = used[0], own[0].value, found[0].value
    level = levels.judge(value, np.logical_or.reduce(stale), criterion.green_from, criterion.red_below)
    own_level = levels.judge(declared, np.zeros_like(by_visit), criterion.green_from, criterion.red_below)
    return Judged(
        criterion,
        value,
        part,
        whole,
        age=np.maximum.reduce(ages),
        level=level,
        verified=by_visit,
        recheck=wins[0],
        contradicted=by_visit & (own_level != level) & (own_level < levels.STALE) & (level < levels.STALE),
        declared=declared,
        declared_age=np.maximum.reduce([one.age for one in own]),
        verified_value=verified_value,
        verified_age=found[0].age,
        visit_age=np.fmin.reduce([np.where(win, one.age, np.nan) for win, one in zip(wins, found, strict=True)]),
    )


def _share(part: Numbers, whole: Numbers) -> Numbers:
    """part ÷ whole; 1 where nothing is needed (the condition is met), missing where either is."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((whole == 0) & ~np.isnan(part), 1.0, part / whole)

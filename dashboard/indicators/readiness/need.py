"""Need: to which communes a task force goes first, and which it calls because nobody knows how they
are.

to visit  red communes, then yellow ones, then those whose level a visit put in doubt
          (`contradicted`)
within    more red criteria that decide the level, then more gaps, then the longest without a
          visit (never visited before all others), then the order of the screen
to call   communes without a level in date: never reported first, then the longest silent

Every list of communes in need has this one order: the first page, the wall, the teams' list.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dashboard.indicators import levels
from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.readiness.assessment import Readiness
from dashboard.indicators.readiness.gaps import Gaps


@dataclass(frozen=True, eq=False)
class VisitPriority:
    """`visits` and `calls`: places of communes in `codes`, most in need first; nobody stands in
    both.

    Per commune: `contradicted`, where a fresh visit found another level of some criterion than was
    declared; `visit_age` and `report_age`, days since the newest finding of a visit and since the
    newest value of any criterion, however old (NaN: never).
    """

    visits: tuple[int, ...]
    calls: tuple[int, ...]
    contradicted: Flags
    visit_age: Numbers
    report_age: Numbers

    @property
    def in_need(self) -> tuple[int, ...]:
        """Who is to visit, then who is to call."""
        return self.visits + self.calls

    @cached_property
    def order(self) -> tuple[int, ...]:
        """Places of all communes: those in need, then the others in the order of the screen."""
        in_need = set(self.in_need)
        others = (place for place in range(self.contradicted.size) if place not in in_need)
        return (*self.in_need, *others)


def rank_communes_by_need(
    readiness: Readiness, gaps: Gaps, day_index: int = 0, without_centre: Flags | None = None
) -> VisitPriority:
    """The order of need on one of the days of a Readiness; `gaps` are its gaps on that day. Nobody
    calls a commune `without_centre` that never reported.
    """
    assessments = readiness.assessments
    size = len(readiness.codes)
    overall = readiness.overall[:, day_index]
    contradicted: Flags = np.zeros(size, dtype=np.bool_)
    grave = np.zeros(size, dtype=np.int64)
    for assessment in assessments:
        contradicted |= assessment.contradicted[:, day_index]
        if readiness.rule.decides_red(assessment.criterion):
            grave += assessment.level[:, day_index] == levels.RED
    visit_age = _newest_age(
        [assessment.verified_age[:, day_index] for assessment in assessments], size
    )
    report_age = _newest_age([assessment.age[:, day_index] for assessment in assessments], size)

    silent = overall >= levels.STALE
    rank = np.select([overall == levels.RED, overall == levels.YELLOW], [0, 1], default=2)
    never = np.where(np.isnan(visit_age), np.inf, visit_age)
    # stable: then the order of the screen
    order = np.lexsort((-never, -gaps.open.sum(axis=0), -grave, rank))
    waiting = np.where(np.isnan(report_age), np.inf, report_age)
    to_call = (
        silent if without_centre is None else silent & ~(without_centre & np.isnan(report_age))
    )
    to_visit = ~silent & ((overall < levels.GREEN) | contradicted)
    return VisitPriority(
        tuple(commune for commune in order.tolist() if to_visit[commune]),
        tuple(
            commune for commune in np.argsort(-waiting, kind="stable").tolist() if to_call[commune]
        ),
        contradicted,
        visit_age,
        report_age,
    )


def _newest_age(ages: list[Numbers], size: int) -> Numbers:
    """The smallest of several ages; NaN where none is known."""
    if not ages:
        return np.full(size, np.nan)
    return np.asarray(np.fmin.reduce(ages))  # fmin passes over NaN

"""Need: to which communes a task force goes first, and which it calls because nobody knows how they are.

to visit  red communes, then yellow ones, then those whose level a visit put in doubt (`contradicted`)
within    more red criteria that decide the level, then more gaps, then the longest without a visit
          (never visited before all others), then the order of the screen
to call   communes without a level in date: never reported first, then the longest silent
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.indicators import levels
from dashboard.indicators.gaps import Gaps
from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.readiness import Readiness


@dataclass(frozen=True, eq=False)
class Need:
    """`visits` and `calls`: places of communes in `codes`, most in need first; nobody stands in both.

    Per commune: `contradicted`, where a fresh visit found another level of some criterion than was declared;
    `visit_age` and `told_age`, days since the newest finding of a visit and since the newest value of any
    criterion, however old (NaN: never).
    """

    visits: tuple[int, ...]
    calls: tuple[int, ...]
    contradicted: Flags
    visit_age: Numbers
    told_age: Numbers


def need(readiness: Readiness, found: Gaps, day_index: int = 0) -> Need:
    """The order of need on one of the days of a Readiness; `found` are its gaps on that day."""
    judged, size = readiness.judged, len(readiness.codes)
    overall = readiness.overall[:, day_index]
    contradicted: Flags = np.zeros(size, dtype=np.bool_)
    grave = np.zeros(size, dtype=np.int64)
    for one in judged:
        contradicted |= one.contradicted[:, day_index]
        if readiness.rule.decides_red(one.criterion):
            grave += one.level[:, day_index] == levels.RED
    visit_age = _newest([one.verified_age[:, day_index] for one in judged], size)
    told_age = _newest([one.age[:, day_index] for one in judged], size)

    silent = overall >= levels.STALE
    rank = np.select([overall == levels.RED, overall == levels.YELLOW], [0, 1], default=2)
    never = np.where(np.isnan(visit_age), np.inf, visit_age)
    order = np.lexsort((-never, -found.open.sum(axis=0), -grave, rank))  # stable: then the order of the screen
    waiting = np.where(np.isnan(told_age), np.inf, told_age)
    asked = ~silent & ((overall < levels.GREEN) | contradicted)
    return Need(
        tuple(at for at in order.tolist() if asked[at]),
        tuple(at for at in np.argsort(-waiting, kind="stable").tolist() if silent[at]),
        contradicted,
        visit_age,
        told_age,
    )


def _newest(ages: list[Numbers], size: int) -> Numbers:
    """The smallest of several ages; NaN where none is known."""
    if not ages:
        return np.full(size, np.nan)
    return np.asarray(np.fmin.reduce(ages))  # fmin passes over NaN

"""How good declarations are: the share of declared values that visits confirmed, and where to check
next.

A visit checks a criterion of a commune where it told the criterion's value and the commune had
declared one by then, not too long before. It confirms it where both values give the same level (87
Mbps for a declared 90 is no contradiction), as the sign ⚡ everywhere.

doubt  1 − Wilson's lower bound of the commune's share; 1 where no visit checked anything
next   need × doubt, where need falls evenly from 1 for the first in the order of need to 1/n
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
from dashboard.indicators.criteria import Criteria
from dashboard.indicators.levels import Numbers
from dashboard.indicators.readiness.assessment import assess_days
from dashboard.indicators.readiness.history import History
from dashboard.indicators.throughput.ranking import compute_wilson_interval

# Visits of a year: what was wrong in the first weeks says little of today.
DAYS_LOOKED_BACK: Final = 365
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class DeclarationQuality:
    """How many declared values visits checked and confirmed in the last year, criteria x communes
    in the order of `criteria` (codes) and of the history.
    """

    criteria: tuple[str, ...]
    checked: Counts
    confirmed: Counts

    @property
    def checked_of_communes(self) -> Counts:
        return np.asarray(self.checked.sum(axis=0))

    @property
    def confirmed_of_communes(self) -> Counts:
        return np.asarray(self.confirmed.sum(axis=0))

    @property
    def lower_bounds(self) -> Numbers:
        """Per commune Wilson's lower bound (95%) of its share; NaN where nothing was checked."""
        return compute_wilson_interval(self.confirmed_of_communes, self.checked_of_communes)[0]

    @property
    def doubts(self) -> Numbers:
        """Per commune how much of what it declares is not proven, 0 to 1."""
        return np.asarray(1 - np.nan_to_num(self.lower_bounds, nan=0.0))


def measure_declaration_quality(
    history: History, criteria: Criteria, day: date
) -> DeclarationQuality:
    """Of all visits within a year before `day`, each judged by the rules of its own day."""
    first = day - timedelta(days=DAYS_LOOKED_BACK)
    visit_days = [
        visited.astype(object)
        for visited in history.reported_days
        if np.datetime64(first) <= visited <= np.datetime64(day)
    ]
    codes = tuple(criterion.code for criterion in criteria.in_force(day).criteria)
    shape = (len(codes), len(history.codes))
    checked: Counts = np.zeros(shape, dtype=np.int64)
    confirmed: Counts = np.zeros(shape, dtype=np.int64)
    for in_force, together in groupby(visit_days, key=criteria.in_force):
        days = np.array(list(together), dtype="datetime64[D]")
        for assessed in assess_days(history, in_force, days).assessments:
            if assessed.criterion.code not in codes:
                continue
            row = codes.index(assessed.criterion.code)
            criterion = assessed.criterion
            own_levels = levels.judge_levels(
                assessed.declared,
                assessed.declared_age > criterion.stale_after_days,
                criterion.green_from,
                criterion.red_below,
            )
            visit_levels = levels.judge_levels(
                assessed.verified_value,
                np.zeros_like(assessed.verified),
                criterion.green_from,
                criterion.red_below,
            )
            is_checked = (
                (assessed.verified_age == 0)
                & (own_levels < levels.STALE)
                & (visit_levels < levels.STALE)
            )
            checked[row] += is_checked.sum(axis=1)
            confirmed[row] += (is_checked & (own_levels == visit_levels)).sum(axis=1)
    return DeclarationQuality(codes, checked, confirmed)


def rank_next_checks(quality: DeclarationQuality, order_of_need: Sequence[int]) -> list[int]:
    """Places of the communes by need × doubt, the largest first; of equals the one in more need."""
    size = len(order_of_need)
    need = np.empty(size)
    need[list(order_of_need)] = 1 - np.arange(size) / max(size, 1)
    score = need * quality.doubts
    return sorted(range(size), key=lambda position: (-score[position], -need[position]))

"""What the visits of some days found and changed, beside what changed where nobody came.

checked    criteria of which a visit told the value on one of the days
effect     of the communes that were Red on the eve of the first day: how many are not Red on the
           last one, of those that were visited in between and of those that were not. The second
           share is what would have changed anyway, as far as anybody can tell: teams go where it is
           worst, so the two groups are not alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from dashboard.indicators import levels
from dashboard.indicators.criteria import Criteria
from dashboard.indicators.field.weak_list import flag_told_days
from dashboard.indicators.levels import Flags
from dashboard.indicators.readiness.assessment import assess_levels_over_time, assess_readiness
from dashboard.indicators.readiness.history import History


@dataclass(frozen=True)
class CheckedCriterion:
    """One value that a visit told: `position` of the commune, level by its own word before
    ("unknown" where it had declared nothing) and by the visit.
    """

    position: int
    day: date
    code: str
    declared_level: str
    found_level: str

    @property
    def is_confirmed(self) -> bool:
        return self.declared_level == self.found_level


@dataclass(frozen=True)
class VisitComparison:
    """Red communes on the eve: how many were visited, how many of them are no longer Red; the same
    of those that nobody visited.
    """

    visited: int
    visited_better: int
    others: int
    others_better: int

    @property
    def expected_anyway(self) -> float:
        """How many of the visited would no longer be Red had they changed as the others did; NaN
        where there are no others.
        """
        return self.visited * self.others_better / self.others if self.others else float("nan")


def list_checked_criteria(
    history: History, criteria: Criteria, days: Sequence[date]
) -> list[CheckedCriterion]:
    """Every criterion that a visit told on one of the days, by commune, then day."""
    checked = []
    for day in days:
        for judged in assess_readiness(history, criteria, day).assessments:
            criterion = judged.criterion
            never_stale = np.zeros_like(judged.verified[:, 0])
            own, found_levels = (
                levels.judge_levels(side, never_stale, criterion.green_from, criterion.red_below)
                for side in (judged.declared[:, 0], judged.verified_value[:, 0])
            )
            for position in np.flatnonzero(judged.verified_age[:, 0] == 0).tolist():
                checked.append(
                    CheckedCriterion(
                        position,
                        day,
                        criterion.code,
                        levels.LEVEL_NAMES[own[position]],
                        levels.LEVEL_NAMES[found_levels[position]],
                    )
                )
    return sorted(checked, key=lambda row: (row.position, row.day))


def flag_visited_communes(history: History, days: Sequence[date]) -> Flags:
    """Which communes a visit told anything of on one of the days."""
    return np.asarray(flag_told_days(history, "verified", days).any(axis=1))


def compare_visited_with_others(
    history: History, criteria: Criteria, days: Sequence[date]
) -> VisitComparison:
    """`days`: consecutive."""
    eve = days[0] - timedelta(days=1)
    level = assess_levels_over_time(history, criteria, [eve, days[-1]])
    was_red = level[:, 0] == levels.RED
    better = was_red & ((level[:, 1] == levels.YELLOW) | (level[:, 1] == levels.GREEN))
    visited = flag_visited_communes(history, days)
    return VisitComparison(
        int((was_red & visited).sum()),
        int((better & visited).sum()),
        int((was_red & ~visited).sum()),
        int((better & ~visited).sum()),
    )

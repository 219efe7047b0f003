"""What the peers of a commune have of each criterion: how many are known and green, and their
middle value.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.indicators import levels
from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.readiness.assessment import Readiness


@dataclass(frozen=True)
class PeerCriterion:
    """Of `communes` peers, of how many a value in date is `in_date`, how many are `green`, and the
    `median` of the known values (in the criterion's unit, linear between two; NaN where none is
    known)."""

    code: str
    communes: int
    in_date: int
    green: int
    median: float


def compare_peer_criteria(
    readiness: Readiness, mask: Flags, day_index: int = 0
) -> dict[str, PeerCriterion]:
    """Per criterion in force, of the communes of `mask` (in the order of `readiness.codes`) on one
    day.
    """
    by_code = {}
    for assessment in readiness.assessments:
        level = assessment.level[mask, day_index]
        value = assessment.value[mask, day_index]
        in_date = value[level < levels.STALE]
        by_code[assessment.criterion.code] = PeerCriterion(
            assessment.criterion.code,
            int(mask.sum()),
            len(in_date),
            int((level == levels.GREEN).sum()),
            find_middle_value(in_date),
        )
    return by_code


def find_middle_value(values: Numbers) -> float:
    """The median of what is told, linear between two; NaN where nothing is (NaN: not told)."""
    present = values[~np.isnan(values)]
    return float(np.median(present)) if len(present) else np.nan

"""What the peers of a commune have of each criterion: how many are known and green, and their middle value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.indicators import levels
from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.readiness import Readiness


@dataclass(frozen=True)
class PeerCriterion:
    """Of `communes` peers, of how many a value in date is `known`, how many are `green`, and the `median` of the
    known values (in the criterion's unit, linear between two; NaN where none is known)."""

    code: str
    communes: int
    known: int
    green: int
    median: float


def peer_criteria(readiness: Readiness, mask: Flags, day_index: int = 0) -> dict[str, PeerCriterion]:
    """Per criterion in force, of the communes of `mask` (in the order of `readiness.codes`) on one day."""
    found = {}
    for judged in readiness.judged:
        level, value = judged.level[mask, day_index], judged.value[mask, day_index]
        told = value[level < levels.STALE]
        found[judged.criterion.code] = PeerCriterion(
            judged.criterion.code,
            int(mask.sum()),
            len(told),
            int((level == levels.GREEN).sum()),
            middle(told),
        )
    return found


def middle(values: Numbers) -> float:
    """The median of what is told, linear between two; NaN where nothing is (NaN: not told)."""
    told = values[~np.isnan(values)]
    return float(np.median(told)) if len(told) else np.nan

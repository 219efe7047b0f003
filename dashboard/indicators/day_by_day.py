"""Every commune's level on every day, overall and by dimension: what a map that replays the past is painted with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

import numpy as np

from dashboard.indicators import levels, readiness
from dashboard.indicators.criteria import DIMENSIONS, Criteria
from dashboard.indicators.history import History
from dashboard.indicators.levels import Levels


def day_by_day(history: History, criteria: Criteria, days: Sequence[date]) -> dict[str, Levels]:
    """`overall` and every dimension that has a criterion on any of the days: communes x days, in the order given.

    Each day by its own rules; a dimension is unknown on days on which none of its criteria was in force.
    """
    parts: dict[str, list[Levels]] = {name: [] for name in ("overall", *DIMENSIONS)}
    told: set[str] = set()
    for in_force, together in groupby(days, key=criteria.in_force):
        span = np.array(list(together), dtype="datetime64[D]")
        seen = readiness.judge_days(history, in_force, span)
        found = {"overall": seen.overall, **seen.dimensions}
        told |= set(found)
        nobody = np.full((len(history.codes), len(span)), levels.UNKNOWN, dtype=np.int8)
        for name, part in parts.items():
            part.append(found.get(name, nobody))
    return {name: np.concatenate(part, axis=1) for name, part in parts.items() if name in told}

"""States with one limit to enter and another to leave, so that nothing flickers between two looks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dashboard.indicators.levels import Flags


@dataclass(frozen=True)
class Latched:
    """`on`: whether the state holds, communes x days; `since`: the place of the day it entered (-1 where off)."""

    on: Flags
    since: npt.NDArray[np.int64]


def latch(enter: Flags, leave: Flags) -> Latched:
    """Enters where `enter`, stays until `leave`; where both hold, `leave` wins. Arrays are communes x days."""
    return _run(enter, leave, np.ones_like(enter), enter.shape[1] + 1)


def latch_news(enter: Flags, recovered: Flags, whole: Flags, most_days: int) -> Latched:
    """A state that is news: it leaves when `recovered`, or by itself `most_days` after it entered.

    After that, and at the start, it is armed again only by a day that is `recovered` (at the start also by
    one that is `whole`), so what stays low is told once and not every fortnight.
    """
    first_whole = np.logical_or.accumulate(whole, axis=1)
    return _run(enter, recovered, first_whole, most_days)


def _run(enter: Flags, leave: Flags, armed_at_first: Flags, most_days: int) -> Latched:
    on, since = np.zeros(enter.shape, dtype=np.bool_), np.full(enter.shape, -1, dtype=np.int64)
    state, began = np.zeros(len(enter), dtype=np.bool_), np.full(len(enter), -1, dtype=np.int64)
    spent = np.zeros(len(enter), dtype=np.bool_)
    for day in range(enter.shape[1]):
        old = state & (day - began >= most_days)
        spent = (spent | old) & ~leave[:, day]
        entering = ~state & ~spent & enter[:, day] & ~leave[:, day] & armed_at_first[:, day]
        state = (state & ~old & ~leave[:, day]) | entering
        began = np.where(entering, day, np.where(state, began, -1))
        on[:, day], since[:, day] = state, began
    return Latched(on, since)

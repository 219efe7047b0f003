"""Rates of dossiers, each with its formula and source, as part and whole per unit: sums of counts, never of rates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.indicators.answers import Answer
from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.rows import NEW
from dashboard.indicators.tiles import Tiles, over

# What a figure is when it is no number: nothing happened, nobody told, or not the whole period was told.
KNOWN: Final = 0
NO_ACTIVITY: Final = 1
UNKNOWN: Final = 2
INCOMPLETE: Final = 3
STATES: Final = ("known", "no_activity", "unknown", "incomplete")
States = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Rate:
    """part ÷ whole of a unit's dossiers; `part` and `whole` give one number a row of the answer, NaN: not told.

    Where they are missing, both halves are stocks and stand in the answer's sums (overdue_open).
    """

    code: str
    name: str
    formula: str
    source: str
    part: Callable[[Tiles], Numbers] | None = None
    whole: Callable[[Tiles], Numbers] | None = None
    more_is_better: bool = True


def _column(name: str) -> Callable[[Tiles], Numbers]:
    return lambda tiles: tiles.rows.column(name)


def _in_time(tiles: Tiles) -> Numbers:
    return tiles.in_time


def _received(tiles: Tiles) -> Numbers:
    return tiles.received


def _resolved_in_time(tiles: Tiles) -> Numbers:
    return tiles.rows.column("resolved_early") + tiles.rows.column("resolved_on_time")


def _digitised(tiles: Tiles) -> Numbers:
    """What was filed online needs no scanning; a source that counts only scans must not make it look missing."""
    digitised, online = tiles.rows.column("digitised"), tiles.rows.column("received_online")
    return np.where(np.isnan(digitised), np.nan, np.fmax(digitised, online))


RATES: Final = {
    rate.code: rate
    for rate in (
        Rate(
            "on_time_766",
            "Đúng hạn theo Bộ chỉ số 766",
            "(đã giải quyết trước hạn + đúng hạn + đang giải quyết trong hạn) ÷ tiếp nhận",
            "Quyết định 766/QĐ-TTg, nhóm tiến độ giải quyết",
            _in_time,
            _received,
        ),
        Rate(
            "on_time_report",
            "Đúng hạn theo biểu II.06a",
            "(đã giải quyết trước hạn + đúng hạn) ÷ đã giải quyết",
            "Biểu II.06a/VPCP/KSTT",
            _resolved_in_time,
            _column("resolved"),
        ),
        Rate(
            "online",
            "Nộp trực tuyến",
            "tiếp nhận trực tuyến ÷ tiếp nhận mới trong kỳ",
            "Biểu II.06a/VPCP/KSTT",
            _column("received_online"),
            _column(NEW),
        ),
        Rate(
            "digitised",
            "Số hóa khi tiếp nhận",
            "(đã số hóa, gồm cả nộp trực tuyến) ÷ tiếp nhận mới trong kỳ",
            "Quyết định 766/QĐ-TTg, nhóm số hóa hồ sơ",
            _digitised,
            _column(NEW),
        ),
        Rate(
            "e_result",
            "Trả kết quả điện tử",
            "kết quả điện tử ÷ đã giải quyết",
            "Quyết định 766/QĐ-TTg, nhóm số hóa hồ sơ",
            _column("e_result"),
            _column("resolved"),
        ),
        Rate(
            "overdue_open",
            "Quá hạn trong số đang giải quyết",
            "đang giải quyết quá hạn ÷ (trong hạn + quá hạn)",
            "Biểu II.06a/VPCP/KSTT",
            more_is_better=False,
        ),
    )
}


@dataclass(frozen=True)
class Rated:
    """A rate per unit: `part`, `whole` (counts, NaN: not told), `value` = part ÷ whole (0 to 1, NaN where `state`
    is not KNOWN). `partial`: as in the answer, or some row tells only one half (overdue_open is of one evening and
    never partial); `complete` whether the answer told the whole period."""

    code: str
    part: Numbers
    whole: Numbers
    value: Numbers
    state: States
    partial: Flags
    complete: bool


@dataclass(frozen=True)
class Total:
    """A rate of many units together; NaN and a state of its own where there is nothing to divide."""

    part: float
    whole: float
    value: float
    state: int


@dataclass(frozen=True)
class Change:
    """What a figure gained (+) or lost since the period before, and why there is no such number."""

    difference: Numbers
    state: States


def rated(answer: Answer, code: str) -> Rated:
    """The rate `code` of RATES for each unit of the answer.

    Part and whole are summed over the rows that tell both: a day without one of them must not skew the rate. But
    a unit that leaves out its bad weeks tells only a part.
    """
    rate, tiles = RATES[code], answer.tiles
    if rate.part is None or rate.whole is None:
        part = answer.sums["open_overdue"].to_numpy(dtype=np.float64)
        whole = part + answer.sums["open_in_term"].to_numpy(dtype=np.float64)
        part = np.where(np.isnan(whole), np.nan, part)
        partial = np.zeros(len(part), dtype=np.bool_)
    else:
        by_row, of_row = rate.part(tiles), rate.whole(tiles)
        both = ~(np.isnan(by_row) | np.isnan(of_row))
        # A day of which a unit tells neither half is as good as a day without a row.
        missing = ~both & ~(np.isnan(by_row) & np.isnan(of_row)) if answer.grain == "day" else ~both
        partial = answer.partial | (np.bincount(tiles.rows.unit[missing], minlength=tiles.size) > 0)
        part, whole = (tiles.sum(np.where(both, told, np.nan)) for told in (by_row, of_row))
    return Rated(code, part, whole, over(part, whole), _state(whole), partial, answer.complete)


def _state(whole: Numbers) -> States:
    state = np.where(whole > 0, KNOWN, NO_ACTIVITY).astype(np.int8)
    state[np.isnan(whole)] = UNKNOWN
    return state


def total(rates: Rated, mask: Flags | None = None) -> Total:
    """The rate of all units together (those of `mask`): sum of parts ÷ sum of wholes."""
    told = ~np.isnan(rates.whole) if mask is None else ~np.isnan(rates.whole) & mask
    if not told.any():
        return Total(np.nan, np.nan, np.nan, UNKNOWN)
    part, whole = float(rates.part[told].sum()), float(rates.whole[told].sum())
    return Total(part, whole, part / whole if whole > 0 else np.nan, KNOWN if whole > 0 else NO_ACTIVITY)


def net_flow(answer: Answer) -> pd.Series:
    """Per unit resolved − received new: below 0 the backlog grows. NaN where one of them is not told."""
    return answer.sums["resolved"] - answer.sums[NEW]


def compare(now: Rated, before: Rated | None) -> Change:
    """The gain in rate (percentage points ÷ 100) since the period before, of the same units in the same order.

    INCOMPLETE ("chưa đủ kỳ") where either period was not told as a whole or the former does not exist.
    """
    difference = now.value - before.value if before is not None else np.full(now.value.shape, np.nan)
    state = now.state.copy()
    known = state == KNOWN
    if before is None or not (before.complete and now.complete):
        state[known] = INCOMPLETE
    else:
        lacking = now.partial | before.partial | (before.state == UNKNOWN)
        state[known & (before.state == NO_ACTIVITY)] = NO_ACTIVITY
        state[known & lacking] = INCOMPLETE
    return Change(np.where(state == KNOWN, difference, np.nan), state)


def compare_counts(now: Answer, before: Answer | None, column: str) -> Change:
    """The same for a count of the answers' sums, in dossiers."""
    told = [_as_rated(one, column) for one in (now, before) if one is not None]
    return compare(told[0], told[1] if len(told) > 1 else None)


def _as_rated(answer: Answer, column: str) -> Rated:
    value = answer.sums[column].to_numpy(dtype=np.float64)
    state = np.where(np.isnan(value), UNKNOWN, KNOWN).astype(np.int8)
    return Rated(column, value, np.ones_like(value), value, state, answer.partial, answer.complete)

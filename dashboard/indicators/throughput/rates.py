"""Rates of dossiers, each with its formula and source, as part and whole per unit: sums of counts,
never of rates.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.throughput.count_rows import NEW, PeriodPartition, divide_or_nan
from dashboard.indicators.throughput.source_selection import PeriodFigures

# What a figure is when it is no number: nothing happened, nobody told, or not the whole period was
# told.
KNOWN: Final = 0
NO_ACTIVITY: Final = 1
UNKNOWN: Final = 2
INCOMPLETE: Final = 3
STATES: Final = ("known", "no_activity", "unknown", "incomplete")
States = npt.NDArray[np.int8]


@dataclass(frozen=True)
class RateDefinition:
    """part ÷ whole of a unit's dossiers; `numerator` and `denominator` give one number a row of the
    answer, NaN: not told.

    Where they are missing, both halves are stocks and stand in the answer's sums (overdue_open).
    """

    code: str
    name: str
    formula: str
    source: str
    numerator: Callable[[PeriodPartition], Numbers] | None = None
    denominator: Callable[[PeriodPartition], Numbers] | None = None
    more_is_better: bool = True


def _column(name: str) -> Callable[[PeriodPartition], Numbers]:
    return lambda partition: partition.rows.column(name)


def _in_time(partition: PeriodPartition) -> Numbers:
    return partition.in_time


def _received(partition: PeriodPartition) -> Numbers:
    return partition.received - partition.unjudged


def _resolved(partition: PeriodPartition) -> Numbers:
    return partition.resolved_judged


def _resolved_in_time(partition: PeriodPartition) -> Numbers:
    return partition.rows.column("resolved_early") + partition.rows.column("resolved_on_time")


def _digitised(partition: PeriodPartition) -> Numbers:
    """What was filed online needs no scanning; a source that counts only scans must not make it
    look missing.
    """
    digitised = partition.rows.column("digitised")
    online = partition.rows.column("received_online")
    return np.where(np.isnan(digitised), np.nan, np.fmax(digitised, online))


RATES: Final = {
    rate.code: rate
    for rate in (
        RateDefinition(
            "on_time_766",
            "Đúng hạn theo Bộ chỉ số 766",
            "(đã giải quyết trước hạn + đúng hạn + đang giải quyết trong hạn) ÷ tiếp nhận",
            "Quyết định 766/QĐ-TTg, nhóm tiến độ giải quyết",
            _in_time,
            _received,
        ),
        RateDefinition(
            "on_time_report",
            "Đúng hạn theo biểu II.06a",
            "(đã giải quyết trước hạn + đúng hạn) ÷ đã giải quyết",
            "Biểu II.06a/VPCP/KSTT",
            _resolved_in_time,
            _resolved,
        ),
        RateDefinition(
            "online",
            "Nộp trực tuyến",
            "tiếp nhận trực tuyến ÷ tiếp nhận mới trong kỳ",
            "Biểu II.06a/VPCP/KSTT",
            _column("received_online"),
            _column(NEW),
        ),
        RateDefinition(
            "digitised",
            "Số hóa khi tiếp nhận",
            "(đã số hóa, gồm cả nộp trực tuyến) ÷ tiếp nhận mới trong kỳ",
            "Quyết định 766/QĐ-TTg, nhóm số hóa hồ sơ",
            _digitised,
            _column(NEW),
        ),
        RateDefinition(
            "e_result",
            "Cấp kết quả điện tử",
            "kết quả điện tử đã cấp ÷ đã giải quyết",
            "Quyết định 766/QĐ-TTg, nhóm số hóa hồ sơ",
            _column("e_result"),
            _column("resolved"),
        ),
        RateDefinition(
            "overdue_open",
            "Quá hạn trong số đang giải quyết",
            "đang giải quyết quá hạn ÷ (trong hạn + quá hạn)",
            "Biểu II.06a/VPCP/KSTT",
            more_is_better=False,
        ),
    )
}


@dataclass(frozen=True)
class RateFigures:
    """A rate per unit: `numerator`, `denominator` (counts, NaN: not told), `value` = part ÷ whole
    (0 to 1, NaN where `state` is not KNOWN). `partial`: as in the answer, or some row tells only
    one half (overdue_open is of one evening and never partial), or most of what a share in time
    would speak of cannot be judged; `complete` whether the answer told the whole period."""

    code: str
    numerator: Numbers
    denominator: Numbers
    value: Numbers
    state: States
    partial: Flags
    complete: bool


@dataclass(frozen=True)
class PooledRate:
    """A rate of many units together; NaN and a state of its own where there is nothing
    to divide.
    """

    numerator: float
    denominator: float
    value: float
    state: int


@dataclass(frozen=True)
class FigureChange:
    """What a figure gained (+) or lost since the period before, and why there is no such number."""

    difference: Numbers
    state: States


def compute_rate(figures: PeriodFigures, code: str) -> RateFigures:
    """The rate `code` of RATES for each unit of the answer.

    Part and whole are summed over the rows that tell both: a day without one of them must not skew
    the rate. But a unit that leaves out its bad weeks tells only a part.
    """
    rate = RATES[code]
    partition = figures.partition
    if rate.numerator is None or rate.denominator is None:
        numerator = figures.sums["open_overdue"].to_numpy(dtype=np.float64)
        denominator = numerator + figures.sums["open_in_term"].to_numpy(dtype=np.float64)
        numerator = np.where(np.isnan(denominator), np.nan, numerator)
        partial = np.zeros(len(numerator), dtype=np.bool_)
    else:
        by_row = rate.numerator(partition)
        of_row = rate.denominator(partition)
        both = ~(np.isnan(by_row) | np.isnan(of_row))
        # A day of which a unit tells neither half is as good as a day without a row.
        missing = (
            ~both & ~(np.isnan(by_row) & np.isnan(of_row)) if figures.grain == "day" else ~both
        )
        partial = figures.partial | (
            np.bincount(partition.rows.unit[missing], minlength=partition.size) > 0
        )
        numerator, denominator = (
            partition.sum(np.where(both, per_row, np.nan)) for per_row in (by_row, of_row)
        )
        unjudged = _count_unjudged(figures, code)
        partial |= unjudged > np.nan_to_num(denominator)
        # Of dossiers that nobody can judge no share is known, which is not that there were none.
        denominator[(denominator == 0) & (unjudged > 0)] = np.nan
        numerator[np.isnan(denominator)] = np.nan
    return RateFigures(
        code,
        numerator,
        denominator,
        divide_or_nan(numerator, denominator),
        _rate_states(denominator),
        partial,
        figures.complete,
    )


def _count_unjudged(figures: PeriodFigures, code: str) -> Numbers:
    """Per unit how many dossiers are on neither side of a share in time."""
    partition = figures.partition
    if code == "on_time_766":
        return np.nan_to_num(partition.sum(partition.unjudged))
    if code == "on_time_report":
        left_out = partition.rows.column("resolved") - partition.resolved_judged
        return np.nan_to_num(partition.sum(left_out))
    return np.zeros(partition.size)


def _rate_states(denominator: Numbers) -> States:
    state = np.where(denominator > 0, KNOWN, NO_ACTIVITY).astype(np.int8)
    state[np.isnan(denominator)] = UNKNOWN
    return state


def pool_rates(rates: RateFigures, mask: Flags | None = None) -> PooledRate:
    """The rate of all units together (those of `mask`): sum of parts ÷ sum of wholes."""
    is_known = ~np.isnan(rates.denominator) if mask is None else ~np.isnan(rates.denominator) & mask
    if not is_known.any():
        return PooledRate(np.nan, np.nan, np.nan, UNKNOWN)
    numerator = float(rates.numerator[is_known].sum())
    denominator = float(rates.denominator[is_known].sum())
    return PooledRate(
        numerator,
        denominator,
        numerator / denominator if denominator > 0 else np.nan,
        KNOWN if denominator > 0 else NO_ACTIVITY,
    )


def compute_net_flow(figures: PeriodFigures) -> pd.Series:
    """Per unit resolved − received new: below 0 the backlog grows. NaN where one of them is not
    told.
    """
    return figures.sums["resolved"] - figures.sums[NEW]


def compare_rates(now: RateFigures, before: RateFigures | None) -> FigureChange:
    """The gain in rate (percentage points ÷ 100) since the period before, of the same units in the
    same order.

    INCOMPLETE ("chưa đủ kỳ") where either period was not told as a whole or the former does not
    exist.
    """
    difference = (
        now.value - before.value if before is not None else np.full(now.value.shape, np.nan)
    )
    state = now.state.copy()
    is_known = state == KNOWN
    if before is None or not (before.complete and now.complete):
        state[is_known] = INCOMPLETE
    else:
        lacking = now.partial | before.partial | (before.state == UNKNOWN)
        state[is_known & (before.state == NO_ACTIVITY)] = NO_ACTIVITY
        state[is_known & lacking] = INCOMPLETE
    return FigureChange(np.where(state == KNOWN, difference, np.nan), state)

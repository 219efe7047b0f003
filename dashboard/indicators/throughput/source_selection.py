"""Which source answers for a period: the finest complete one. Sources and grains are never added to
each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.throughput.count_rows import (
    MEAN_OF,
    NEW,
    STOCKS,
    CountRows,
    PeriodPartition,
    divide_or_nan,
)
from dashboard.indicators.throughput.count_sources import CountSource
from dashboard.indicators.throughput.counts import DossierCounts
from dashboard.indicators.throughput.periods import (
    CUMULATIVE,
    DAY,
    GRAINS,
    OTHER,
    DayNumbers,
    Period,
    classify_grains,
    from_day_number,
    list_working_days,
    to_day_number,
)
from dashboard.workdays import WorkingDayCalendar

# What share in time speaks of: of days that which came in, whenever it was done (a cohort of
# reception); of a report that which it began with and what came, as it stands at the end; of a list
# of shares what its publisher counted.
BY_COHORT: Final = "cohort"
BY_PERIOD: Final = "period"
AS_PUBLISHED: Final = "published"
WAYS_OF_COUNTING: Final = (BY_COHORT, BY_PERIOD, AS_PUBLISHED)

# Sources that count by other rules differ by what was carried over or withdrawn, a tenth or two,
# never by half.
REMAINDER_BELOW = 0.5
ALTERNATIVE_SOURCE_COLUMNS = [
    "kind",
    "grain",
    "derived",
    "units",
    "received",
    "common",
    "difference",
]


@dataclass(frozen=True)
class PeriodFigures:
    """What one source tells of a period.

    source_kind, grain   the source; `derived` where its figures are differences of cumulative ones.
    complete             the source tells the whole period; else only up to `until`, or with gaps.
    until                the last day told; `sums` has the stocks of its evening.
    sums                 per unit (index) each of count_rows.SUM_COLUMNS, NaN where not told.
    partial              per unit: some of what the source tells of the period is missing for it
                         (weeks, months …), or hidden by a correction. A unit's silent day is not
                         counted as missing: a list of dossiers has no row where nothing happened.
    alternative_sources  the other complete sources (ALTERNATIVE_SOURCE_COLUMNS): how many units and
                         what received as they count it, and over the `common` units how many
                         dossiers more (+) or less are new: a report counts what it begins with, a
                         list does not, and that alone is no difference.
    partition            the rows themselves, for rates.

    `sums` of two communes, the second of which did not print who is in time:

        unit   received  resolved  open_in_term  open_overdue  …
        21025     412.0     388.0          19.0           5.0
        21250     181.0     170.0           NaN           NaN
    """

    period: Period
    source_kind: str
    grain: str
    derived: bool
    complete: bool
    until: date
    sums: pd.DataFrame
    partial: Flags
    alternative_sources: pd.DataFrame
    partition: PeriodPartition

    @cached_property
    def reception_until(self) -> date:
        """The last day of which the source tells receptions: how old the figures are. A list that
        was written later tells nothing newer by that."""
        return from_day_number(self.partition.reception_until)

    @property
    def way_of_counting(self) -> str:
        """How the source counts, one of WAYS_OF_COUNTING."""
        rows = self.partition.rows
        if rows.carries_over:
            return BY_PERIOD
        return BY_COHORT if self.grain == GRAINS[DAY] else AS_PUBLISHED

    def totals(self, mask: Flags | None = None) -> pd.Series:
        """Sums over the units (those of `mask`), means weighted; NaN where no unit tells. All of
        count_rows.SUM_COLUMNS.
        """
        sums = self.sums if mask is None else self.sums[mask]
        total = sums.sum(min_count=1)
        days = (sums["mean_days"] * sums[MEAN_OF]).sum(min_count=1)
        total["mean_days"] = divide_or_nan(np.array([days]), np.array([total[MEAN_OF]]))[0]
        return total


@dataclass(frozen=True)
class SourceCandidate:
    """One source's rows within the period. `covered`: how many of its days they speak of.

    Per unit: `units_reporting` anything, `partial`: not of the whole period, `behind`: of less than
    the source tells.
    """

    source: CountSource
    partition: PeriodPartition
    grain: int
    spans: frozenset[tuple[int, int]]
    complete: bool
    covered: int
    units_reporting: Flags
    partial: Flags
    behind: Flags

    @property
    def rank(self) -> tuple[bool, int, int, int, bool, str]:
        """The least answers: complete, then most units wholly told, then the finest; the rest only
        for order.
        """
        reach = 0 if self.complete else -self.covered
        units_in_full = int((self.units_reporting & ~self.partial).sum())
        return (
            not self.complete,
            reach,
            -units_in_full,
            self.grain,
            self.source.derived,
            self.source.source_kind,
        )


def select_period_figures(
    counts: DossierCounts,
    first: date,
    last: date,
    calendar: WorkingDayCalendar,
    source_kind: str | None = None,
) -> PeriodFigures | None:
    """What the best source tells of `first`..`last` (inclusive); with `source_kind` the best of
    that kind.

    A source tells the whole period when its own periods cover it exactly, without overlap; days do
    when some unit tells each working day of `calendar`. Of complete sources the one that tells most
    units answers, then the finest; of incomplete ones that which reaches furthest. None where no
    source has a period inside.
    """
    begin = to_day_number(first)
    end = to_day_number(last)
    ranking = rank_sources(counts, begin, end, list_working_days(begin, end, calendar))
    candidates = [
        candidate
        for candidate in ranking
        if source_kind is None or candidate.source.source_kind == source_kind
    ]
    if not candidates:
        return None
    best, *others = candidates
    sums = best.partition.sums()
    until = from_day_number(best.partition.until)
    for name in STOCKS:
        # a list of days tells stocks only on its own last day, a report may tell them
        if sums[name].isna().all():
            sums[name] = counts.stock(name, np.array([until], dtype="datetime64[D]"))[:, 0]
    sums.index = pd.Index(counts.units, name="unit")
    return PeriodFigures(
        Period(first, last),
        best.source.source_kind,
        GRAINS[best.grain],
        best.source.derived,
        best.complete,
        until,
        sums,
        best.behind,
        _compare_alternatives(
            sums[NEW].to_numpy(), [candidate for candidate in others if candidate.complete]
        ),
        best.partition,
    )


def rank_sources(
    counts: DossierCounts, first: int, last: int, working: DayNumbers
) -> list[SourceCandidate]:
    """All sources that tell something within `first`..`last` (days since 1970), the one that
    answers first.

    `working`: the period's working days. What was derived from one single snapshot is left out: the
    snapshot itself stands beside it.
    """
    candidates = [
        _assess_candidate(source, first, last, working, len(counts.units))
        for source in counts.sources
    ]
    reporting = [candidate for candidate in candidates if candidate is not None]
    direct = {
        (candidate.source.source_kind, candidate.spans)
        for candidate in reporting
        if not candidate.source.derived
    }
    distinct = [
        candidate
        for candidate in reporting
        if not (
            candidate.source.derived and (candidate.source.source_kind, candidate.spans) in direct
        )
    ]
    return sorted(_without_remains(distinct), key=lambda candidate: candidate.rank)


def _without_remains(candidates: Sequence[SourceCandidate]) -> Iterator[SourceCandidate]:
    """A list of dossiers also holds what is left open of months that it was not made for, a row on
    every day.

    Who tells less than half of what another complete source tells of the same units does not tell
    the whole.
    """
    new = {
        id(candidate): candidate.partition.sum(candidate.partition.rows.column(NEW))
        for candidate in candidates
        if candidate.complete
    }
    for candidate in candidates:
        own = new.get(id(candidate))
        remains = own is not None and any(
            _sum_of_both(own, other) < REMAINDER_BELOW * _sum_of_both(other, own)
            for other in new.values()
        )
        yield replace(candidate, complete=False) if remains else candidate


def _sum_of_both(value: Numbers, other: Numbers) -> float:
    return float(value[~np.isnan(value) & ~np.isnan(other)].sum())


def _assess_candidate(
    source: CountSource, first: int, last: int, working: DayNumbers, size: int
) -> SourceCandidate | None:
    rows = source.within(first, last)
    if source.grain in (None, CUMULATIVE, OTHER):
        rows = _disjoint(rows)
    if not len(rows):
        return None
    starts, ends = _spans(rows)
    grains = np.unique(classify_grains(starts, ends)) if source.grain is None else [source.grain]
    grain = int(grains[0]) if len(grains) == 1 else OTHER
    until = int(ends.max())
    length = last - first + 1
    units_reporting = np.bincount(rows.unit, minlength=size) > 0
    partial = np.zeros(size, dtype=np.bool_)
    behind = np.zeros(size, dtype=np.bool_)
    if source.grain == DAY:
        missing = ~np.isin(working, ends)
        complete = not missing.any()
        covered = length if complete else until - first + 1 - int(missing[working <= until].sum())
    else:
        of_unit = np.bincount(rows.unit, rows.last - rows.first + 1, size)
        partial = units_reporting & (of_unit < length)
        overlapping = source.grain in (None, CUMULATIVE, OTHER)
        covered = int(of_unit.max()) if overlapping else int((ends - starts + 1).sum())
        complete = covered == length
        behind = units_reporting & (of_unit < covered)
    if source.derived and NEW in rows.values:
        hidden = rows.unit[np.isnan(rows.values[NEW])]
        partial[hidden] = behind[hidden] = True
    spans = frozenset(zip(starts.tolist(), ends.tolist(), strict=True))
    partition = PeriodPartition(rows, size, until, needs_every_row=source.derived)
    return SourceCandidate(
        source, partition, grain, spans, complete, covered, units_reporting, partial, behind
    )


def _spans(rows: CountRows) -> tuple[DayNumbers, DayNumbers]:
    """The distinct periods of rows in order of last day: first days, last days."""
    new = np.ones(len(rows), dtype=np.bool_)
    new[1:] = (rows.first[1:] != rows.first[:-1]) | (rows.last[1:] != rows.last[:-1])
    return rows.first[new], rows.last[new]


def _disjoint(rows: CountRows) -> CountRows:
    """Rows of which no two of a unit overlap: the earliest and longest first, none that begins
    before an end.
    """
    order = np.lexsort((-rows.last, rows.first, rows.unit))
    shift = rows.unit[order] << 20  # days stay below, so that units do not reach into each other
    reached = np.maximum.accumulate(rows.last[order] + shift)
    free = np.ones(len(rows), dtype=np.bool_)
    free[1:] = rows.first[order][1:] + shift[1:] > reached[:-1]
    return rows.take(np.sort(order[free]))


def _compare_alternatives(new: Numbers, others: Sequence[SourceCandidate]) -> pd.DataFrame:
    rows = []
    for candidate in others:
        received, own = (
            candidate.partition.sum(column)
            for column in (candidate.partition.received, candidate.partition.rows.column(NEW))
        )
        both = ~np.isnan(own) & ~np.isnan(new)
        rows.append(
            (
                candidate.source.source_kind,
                GRAINS[candidate.grain],
                candidate.source.derived,
                int(candidate.units_reporting.sum()),
                float(np.nansum(received)) if (~np.isnan(received)).any() else np.nan,
                int(both.sum()),
                float((own[both] - new[both]).sum()) if both.any() else np.nan,
            )
        )
    return pd.DataFrame(rows, columns=ALTERNATIVE_SOURCE_COLUMNS)

"""Which source answers for a period: the finest complete one. Sources and grains are never added to each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from dashboard.indicators.counts import Counts, Source
from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.periods import (
    CUMULATIVE,
    DAY,
    GRAINS,
    OTHER,
    Days,
    Period,
    day_of,
    natural,
    number,
    working_days,
)
from dashboard.indicators.rows import NEW, STOCKS, Rows
from dashboard.indicators.tiles import MEAN_OF, Tiles, over
from dashboard.workdays import Calendar

# Sources that count by other rules differ by what was carried over or withdrawn, a tenth or two, never by half.
REMAINS = 0.5
RIVALS = ["kind", "grain", "derived", "units", "received", "common", "difference"]


@dataclass(frozen=True)
class Answer:
    """What one source tells of a period.

    kind, grain   the source; `derived` where its figures are differences of cumulative ones.
    complete      the source tells the whole period; else only up to `until`, or with gaps.
    until         the last day told; `sums` has the stocks of its evening.
    sums          per unit (index) each of tiles.SUMS, NaN where not told.
    partial       per unit: some of what the source tells of the period is missing for it (weeks, months …), or
                  hidden by a correction. A unit's silent day is not counted as missing: a list of dossiers has
                  no row where nothing happened.
    rivals        the other complete sources: how many units and what received as they count it, and over the
                  `common` units how many dossiers more (+) or less are new: a report counts what it begins with,
                  a list does not, and that alone is no difference.
    tiles         the rows themselves, for rates.
    """

    period: Period
    kind: str
    grain: str
    derived: bool
    complete: bool
    until: date
    sums: pd.DataFrame
    partial: Flags
    rivals: pd.DataFrame
    tiles: Tiles

    def totals(self, mask: Flags | None = None) -> pd.Series:
        """Sums over the units (those of `mask`), means weighted; NaN where no unit tells. All of tiles.SUMS."""
        sums = self.sums if mask is None else self.sums[mask]
        total = sums.sum(min_count=1)
        days = (sums["mean_days"] * sums[MEAN_OF]).sum(min_count=1)
        total["mean_days"] = over(np.array([days]), np.array([total[MEAN_OF]]))[0]
        return total


@dataclass(frozen=True)
class Candidate:
    """One source's rows within the period. `covered`: how many of its days they speak of.

    Per unit: `told` anything, `partial`: not of the whole period, `behind`: of less than the source tells.
    """

    source: Source
    tiles: Tiles
    grain: int
    spans: frozenset[tuple[int, int]]
    complete: bool
    covered: int
    told: Flags
    partial: Flags
    behind: Flags

    @property
    def rank(self) -> tuple[bool, int, int, int, bool, str]:
        """The least answers: complete, then most units wholly told, then the finest; the rest only for order."""
        reach = 0 if self.complete else -self.covered
        whole = int((self.told & ~self.partial).sum())
        return not self.complete, reach, -whole, self.grain, self.source.derived, self.source.kind


def answer(counts: Counts, first: date, last: date, calendar: Calendar, kind: str | None = None) -> Answer | None:
    """What the best source tells of `first`..`last` (inclusive); with `kind` the best of that kind.

    A source tells the whole period when its own periods cover it exactly, without overlap; days do when some
    unit tells each working day of `calendar`. Of complete sources the one that tells most units answers,
    then the finest; of incomplete ones that which reaches furthest. None where no source has a period inside.
    """
    begin, end = number(first), number(last)
    found = ranked(counts, begin, end, working_days(begin, end, calendar))
    candidates = [one for one in found if kind is None or one.source.kind == kind]
    if not candidates:
        return None
    best, *others = candidates
    sums = best.tiles.sums()
    until = day_of(best.tiles.until)
    for name in STOCKS:
        if sums[name].isna().all():  # a list of days tells stocks only on its own last day, a report may tell them
            sums[name] = counts.stock(name, np.array([until], dtype="datetime64[D]"))[:, 0]
    sums.index = pd.Index(counts.units, name="unit")
    return Answer(
        Period(first, last), best.source.kind, GRAINS[best.grain], best.source.derived, best.complete, until, sums,
        best.behind, _rivals(sums[NEW].to_numpy(), [one for one in others if one.complete]), best.tiles,
    )  # fmt: skip


def ranked(counts: Counts, first: int, last: int, working: Days) -> list[Candidate]:
    """All sources that tell something within `first`..`last` (days since 1970), the one that answers first.

    `working`: the period's working days. What was derived from one single snapshot is left out: the snapshot
    itself stands beside it.
    """
    found = [_candidate(source, first, last, working, len(counts.units)) for source in counts.sources]
    told = [one for one in found if one is not None]
    direct = {(one.source.kind, one.spans) for one in told if not one.source.derived}
    apart = [one for one in told if not (one.source.derived and (one.source.kind, one.spans) in direct)]
    return sorted(_without_remains(apart), key=lambda one: one.rank)


def _without_remains(candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """A list of dossiers also holds what is left open of months that it was not made for, a row on every day.

    Who tells less than half of what another complete source tells of the same units does not tell the whole.
    """
    new = {id(one): one.tiles.sum(one.tiles.rows.column(NEW)) for one in candidates if one.complete}
    for one in candidates:
        own = new.get(id(one))
        remains = own is not None and any(
            _sum_of_both(own, other) < REMAINS * _sum_of_both(other, own) for other in new.values()
        )
        yield replace(one, complete=False) if remains else one


def _sum_of_both(value: Numbers, other: Numbers) -> float:
    return float(value[~np.isnan(value) & ~np.isnan(other)].sum())


def _candidate(source: Source, first: int, last: int, working: Days, size: int) -> Candidate | None:
    rows = source.within(first, last)
    if source.grain in (None, CUMULATIVE, OTHER):
        rows = _disjoint(rows)
    if not len(rows):
        return None
    starts, ends = _spans(rows)
    kinds = np.unique(natural(starts, ends)) if source.grain is None else [source.grain]
    grain = int(kinds[0]) if len(kinds) == 1 else OTHER
    until, length = int(ends.max()), last - first + 1
    told = np.bincount(rows.unit, minlength=size) > 0
    partial, behind = np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.bool_)
    if source.grain == DAY:
        missing = ~np.isin(working, ends)
        complete = not missing.any()
        covered = length if complete else until - first + 1 - int(missing[working <= until].sum())
    else:
        of_unit = np.bincount(rows.unit, rows.last - rows.first + 1, size)
        partial = told & (of_unit < length)
        overlapping = source.grain in (None, CUMULATIVE, OTHER)
        covered = int(of_unit.max()) if overlapping else int((ends - starts + 1).sum())
        complete = covered == length
        behind = told & (of_unit < covered)
    if source.derived and NEW in rows.values:
        hidden = rows.unit[np.isnan(rows.values[NEW])]
        partial[hidden] = behind[hidden] = True
    spans = frozenset(zip(starts.tolist(), ends.tolist(), strict=True))
    tiles = Tiles(rows, size, until, whole=source.derived)
    return Candidate(source, tiles, grain, spans, complete, covered, told, partial, behind)


def _spans(rows: Rows) -> tuple[Days, Days]:
    """The distinct periods of rows in order of last day: first days, last days."""
    new = np.ones(len(rows), dtype=np.bool_)
    new[1:] = (rows.first[1:] != rows.first[:-1]) | (rows.last[1:] != rows.last[:-1])
    return rows.first[new], rows.last[new]


def _disjoint(rows: Rows) -> Rows:
    """Rows of which no two of a unit overlap: the earliest and longest first, none that begins before an end."""
    order = np.lexsort((-rows.last, rows.first, rows.unit))
    shift = rows.unit[order] << 20  # days stay below, so that units do not reach into each other
    reached = np.maximum.accumulate(rows.last[order] + shift)
    free = np.ones(len(rows), dtype=np.bool_)
    free[1:] = rows.first[order][1:] + shift[1:] > reached[:-1]
    return rows.take(np.sort(order[free]))


def _rivals(new: Numbers, others: Sequence[Candidate]) -> pd.DataFrame:
    rows = []
    for one in others:
        received, own = (one.tiles.sum(told) for told in (one.tiles.received, one.tiles.rows.column(NEW)))
        both = ~np.isnan(own) & ~np.isnan(new)
        rows.append(
            (
                one.source.kind,
                GRAINS[one.grain],
                one.source.derived,
                int(one.told.sum()),
                float(np.nansum(received)) if (~np.isnan(received)).any() else np.nan,
                int(both.sum()),
                float((own[both] - new[both]).sum()) if both.any() else np.nan,
            )
        )
    return pd.DataFrame(rows, columns=RIVALS)

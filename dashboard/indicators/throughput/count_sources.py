"""What one kind of source told, by grain; of its running totals, what happened between two of them.

Cumulative figures: successive snapshots from one start are differenced into what happened between
them. An office that reports "1 January to today" every day tells days; one that reports every
Friday tells weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.throughput.count_rows import FLOWS, NEW, CountRows
from dashboard.indicators.throughput.periods import (
    CUMULATIVE,
    OTHER,
    DayNumbers,
    GrainCodes,
    classify_grains,
    to_day_number,
)
from dashboard.reference import FIRST_DAY

SNAPSHOT_CORRECTION_COLUMNS: Final = ["unit", "column", "day", "before", "after"]
# Since the communes exist only from this day, offices count their first year from it.
_FIRST_DAY: Final = to_day_number(FIRST_DAY)


def classify_row_grains(rows: CountRows) -> GrainCodes:
    """The grain of each row of one kind of source.

    Cumulative is what is no natural period and either shares its start with another period of the
    same unit or runs from 1 January or from the first day of the communes.
    """
    grain = classify_grains(rows.first, rows.last)
    odd = grain == OTHER
    start = rows.first.astype("datetime64[D]")
    from_new_year = start == start.astype("datetime64[Y]").astype("datetime64[D]")
    grain[odd & (_sharing(rows, odd) | from_new_year | (rows.first == _FIRST_DAY))] = CUMULATIVE
    return grain


def _start_key(rows: CountRows) -> DayNumbers:
    """Unit and first day as one number."""
    return np.asarray((rows.unit << 20) | rows.first, dtype=np.int64)


def _sharing(rows: CountRows, odd: Flags) -> Flags:
    """Which of the rows share unit and start with another one, at least one of them being `odd`."""
    sharing = np.zeros(len(rows), dtype=np.bool_)
    if odd.any():  # most sources have none, and millions of rows
        start = _start_key(rows)
        near = np.flatnonzero(np.isin(start, start[odd]))
        _, chain, size = np.unique(start[near], return_inverse=True, return_counts=True)
        sharing[near] = size[chain] > 1
    return sharing


def difference_snapshots(
    rows: CountRows, grain: GrainCodes
) -> tuple[CountRows, Flags, pd.DataFrame]:
    """What happened between successive snapshots of one kind of source.

    `grain` as `classify_row_grains` gives it. Returns

    - a row from the day after the one snapshot to the day of the next, flows only: stocks and means
      of a snapshot cannot be subtracted. The first snapshot of a start stands for itself, with its
      carried_over, so that the rows of one start are without gaps.
    - per row whether its start's snapshots all lie in one month: those of a year overlap them.
    - corrections, one row where a snapshot is lower than the one before: unit (place), column, day
      (datetime64), before, after. What happened then is not known: NaN, never negative.
    """
    member = np.flatnonzero(_sharing(rows, grain == CUMULATIVE))
    order = member[np.lexsort((rows.last[member], rows.first[member], rows.unit[member]))]
    chain = rows.take(order).with_new()
    start = _start_key(chain)
    follows = np.zeros(len(chain), dtype=np.bool_)
    follows[1:] = start[1:] == start[:-1]
    values: dict[str, Numbers] = {}
    corrections = []
    for name in [*FLOWS, NEW]:
        if name not in chain.values:
            continue
        snapshots = chain.values[name]
        flow = snapshots.copy()
        flow[1:] -= np.where(follows[1:], snapshots[:-1], 0.0)
        dropped = np.flatnonzero(flow < 0)
        flow[dropped] = np.nan
        values[name] = flow
        if name != NEW:
            day = chain.last[dropped].astype("datetime64[D]").astype("datetime64[s]")
            corrections.append(
                pd.DataFrame(
                    {
                        "unit": chain.unit[dropped],
                        "column": name,
                        "day": day,
                        "before": snapshots[dropped - 1],
                        "after": snapshots[dropped],
                    },
                )
            )
    if NEW in values:
        values["received"] = np.where(follows, values[NEW], chain.column("received"))
    if "carried_over" in chain.values:
        values["carried_over"] = np.where(follows, np.nan, chain.values["carried_over"])
        # In time of a report with stocks counts what is still open in term: no flow, and it may
        # fall rightly.
        if chain.carries_over and "open_in_term" in chain.values and "on_time_766" in values:
            mixed = follows & ~np.isnan(chain.values["open_in_term"])
            values["on_time_766"] = np.where(mixed, np.nan, values["on_time_766"])
            corrections = [
                correction[(correction["column"] != "on_time_766")] for correction in corrections
            ]
    begins = chain.first.copy()
    begins[1:] = np.where(follows[1:], chain.last[:-1] + 1, begins[1:])
    short = _month_number(chain.first) == _month_number(_last_of_each(start, chain.last))
    nonempty = [correction for correction in corrections if len(correction)]
    if nonempty:
        all_corrections = pd.concat(nonempty, ignore_index=True)
    else:
        all_corrections = pd.DataFrame(columns=SNAPSHOT_CORRECTION_COLUMNS)
    return (
        CountRows(chain.unit, begins, chain.last, values, chain.carries_over),
        short,
        all_corrections,
    )


def _last_of_each(start: DayNumbers, last: DayNumbers) -> DayNumbers:
    """Per row the last day of its chain; rows of a chain stand together, in order of days."""
    if not len(start):
        return last
    ends = np.flatnonzero(np.append(start[1:] != start[:-1], True))
    return np.asarray(np.repeat(last[ends], np.diff(ends, prepend=-1)), dtype=np.int64)


def _month_number(day: DayNumbers) -> DayNumbers:
    return day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


@dataclass(frozen=True)
class CountSource:
    """Rows of one kind and grain, or what was derived from one kind's cumulative figures; in order
    of last day.
    """

    source_kind: str
    grain: int | None  # place in GRAINS; None: derived, of any grain
    rows: CountRows

    @property
    def derived(self) -> bool:
        return self.grain is None

    @cached_property
    def starts(self) -> DayNumbers:
        """Where each period's rows begin, with the end of all rows at last: rows of one period
        stand together.
        """
        first = self.rows.first
        last = self.rows.last
        new = np.flatnonzero((first[1:] != first[:-1]) | (last[1:] != last[:-1])) + 1
        return (
            np.concatenate([[0], new, [len(first)]]) if len(first) else np.zeros(1, dtype=np.int64)
        )

    @cached_property
    def grains(self) -> GrainCodes:
        """The grain of each period."""
        begins = self.starts[:-1]
        if self.grain is not None:
            return np.full(len(begins), self.grain, dtype=np.int8)
        return classify_grains(self.rows.first[begins], self.rows.last[begins])

    def until(self, day: int) -> CountSource:
        return CountSource(
            self.source_kind,
            self.grain,
            self.rows.take(slice(0, np.searchsorted(self.rows.last, day, "right"))),
        )

    def within(self, first: int, last: int) -> CountRows:
        """The rows whose periods lie wholly in `first`..`last`."""
        begin, end = np.searchsorted(self.rows.last, [first, last + 1])
        rows = self.rows.take(slice(begin, end))
        inside = rows.first >= first
        return rows if inside.all() else rows.take(inside)


def split_into_sources(source_kind: str, rows: CountRows) -> tuple[list[CountSource], pd.DataFrame]:
    """One kind's rows by grain, and what its cumulative ones derive."""
    grain = classify_row_grains(rows)
    sources = []
    for code in np.unique(grain):
        rows_of_grain = rows if (grain == code).all() else rows.take(grain == code)
        sources.append(
            CountSource(source_kind, int(code), rows_of_grain.in_order().with_new().narrowed())
        )
    derived, within_month, corrections = difference_snapshots(rows, grain)
    # A month's running snapshots and a year's overlap: each of the two is a source of its own.
    for part in (within_month, ~within_month):
        if part.any():
            sources.append(CountSource(source_kind, None, derived.take(part).in_order().narrowed()))
    return sources, corrections

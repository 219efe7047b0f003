"""Rows of dossier counts as arrays: what a column means when rows are added up, and where a unit's
rows begin and end.

Flows happened within the row's days and add up. Stocks (open, paused) stand on the evening of its
last day and never add up over days. `carried_over` stands on the morning of its first day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.batch import COUNTS
from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.throughput.periods import DayNumbers

STOCKS: Final = ("open", "open_in_term", "open_overdue", "paused")
# What was received within the row's own days: `received` without what was carried over into it.
NEW: Final = "received_new"
FLOWS: Final = tuple(name for name in COUNTS if name not in (*STOCKS, "carried_over"))
CHANNELS: Final = ("received_online", "received_in_person", "received_post", "received_other")


class NarrowColumns(Mapping[str, Numbers]):
    """Columns that are kept in half the memory where nothing is lost by it, and read as float64."""

    def __init__(self, columns: Mapping[str, npt.NDArray[np.floating[Any]]]) -> None:
        self._columns = columns

    @classmethod
    def of(cls, values: Mapping[str, Numbers]) -> NarrowColumns:
        """Counts are whole numbers, which float32 holds up to 16 million; what it would round, such
        as means, stays as it is.
        """
        narrow = {name: value.astype(np.float32) for name, value in values.items()}
        return cls(
            {
                name: narrow[name] if np.array_equal(narrow[name], value, equal_nan=True) else value
                for name, value in values.items()
            }
        )

    def take(self, selection: slice | Flags | DayNumbers) -> NarrowColumns:
        """Some of the rows; a slice copies nothing."""
        return NarrowColumns({name: value[selection] for name, value in self._columns.items()})

    def __getitem__(self, name: str) -> Numbers:
        return self._columns[name].astype(np.float64, copy=False)

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    @property
    def nbytes(self) -> int:
        """Bytes of all columns."""
        return sum(value.nbytes for value in self._columns.values())


@dataclass(frozen=True)
class CountRows:
    """Rows of one source. `unit`: place in the caller's list of units; `first`, `last`: days since
    1970, inclusive.

    `values`: per column float64, NaN where not told; a column that no row tells is left out.
    `carries_over`: `received` counts what was carried over, too (known once `with_new` was called).
    All arrays are as long as there are rows; in order of `last`, as a source keeps them:

        unit  first  last   values["received"]  values["open"]
        0     20743  20743                12.0            31.0   1 day, 17/10/2026
        1     20743  20743                 NaN             4.0   its source told no receptions
        0     20744  20744                 9.0            28.0
    """

    unit: DayNumbers
    first: DayNumbers
    last: DayNumbers
    values: Mapping[str, Numbers]
    carries_over: bool = False

    def __len__(self) -> int:
        return len(self.unit)

    @classmethod
    def of(cls, frame: pd.DataFrame, unit: DayNumbers) -> CountRows:
        """Rows of a frame with period_from, period_to (datetime64), any of COUNTS and mean_days."""
        values = {
            name: frame[name].to_numpy(dtype=np.float64)
            for name in [*COUNTS, "mean_days"]
            if name in frame
        }
        first, last = (
            frame[end].to_numpy().astype("datetime64[D]") for end in ("period_from", "period_to")
        )
        return cls(unit, first.astype(np.int64), last.astype(np.int64), values).without_untold()

    def without_untold(self) -> CountRows:
        """The same rows without the columns that none of them tells: what a source means is read
        from its own columns, whatever others tell.
        """
        told = {name: value for name, value in self.values.items() if not np.isnan(value).all()}
        return CountRows(self.unit, self.first, self.last, told, self.carries_over)

    def column(self, name: str) -> Numbers:
        """One column; NaN throughout where no row tells it."""
        value = self.values.get(name)
        return np.full(len(self), np.nan) if value is None else value

    def take(self, selection: slice | Flags | DayNumbers) -> CountRows:
        """Some of the rows; a slice copies nothing."""
        values: Mapping[str, Numbers]
        if isinstance(self.values, NarrowColumns):
            values = self.values.take(selection)
        else:
            values = {name: value[selection] for name, value in self.values.items()}
        return CountRows(
            self.unit[selection],
            self.first[selection],
            self.last[selection],
            values,
            self.carries_over,
        )

    def as_told(self, places: DayNumbers) -> CountRows:
        """The rows as they were before `with_new`, of units that stand at these places now."""
        told = {name: value for name, value in self.values.items() if name != NEW}
        return CountRows(places[self.unit], self.first, self.last, told)

    def in_order(self) -> CountRows:
        """The rows by last day, first day, unit: a period of one grain is then a slice."""
        order = np.lexsort((self.unit, self.first, self.last)) if not self._is_in_order() else None
        return self if order is None else self.take(order)

    def _is_in_order(self) -> bool:
        key = self.key
        return bool((key[1:] >= key[:-1]).all())

    @cached_property
    def key(self) -> DayNumbers:
        """Last day, first day and unit as one number that sorts as they do."""
        # Days since 1970 and units of a country stay far below these powers.
        return np.asarray((self.last << 40) | (self.first << 20) | self.unit, dtype=np.int64)

    @cached_property
    def is_day(self) -> Flags:
        return self.first == self.last

    def with_new(self) -> CountRows:
        """The same rows with the column `received_new`: received less carried over where it is
        counted in.
        """
        received = self.values.get("received")
        if received is None:
            return self
        carries = self._carries_over()
        new = received
        if carries:
            new = received - np.nan_to_num(self.values["carried_over"])
        return CountRows(self.unit, self.first, self.last, {**self.values, NEW: new}, carries)

    def narrowed(self) -> CountRows:
        """The same rows in less memory, to be kept."""
        values = NarrowColumns.of(self.values)
        return CountRows(self.unit, self.first, self.last, values, self.carries_over)

    def _carries_over(self) -> bool:
        """Whether `received` counts what was carried over (as form II.06a does) or only what is
        new.

        The figures say so themselves: received = online + in person + post (+ carried over). Where
        they do not, the form's definition holds (II.06a/VPCP).
        """
        carried = self.values.get("carried_over")
        channels = [self.values[name] for name in CHANNELS if name in self.values]
        if carried is None or np.isnan(carried).all():
            return False  # another kind's column, of which this one tells nothing
        if not channels:
            return True
        received = self.values["received"]
        new = np.nansum(channels, axis=0)
        telling = carried > 0
        without = telling & (received == new)
        with_it = telling & (received == new + carried)
        return bool(without.sum() <= with_it.sum())


def join_rows(parts: Sequence[CountRows]) -> CountRows:
    """Rows of several parts; of the same unit and period the one of the last part."""
    new_keys = parts[-1].key
    kept = [part.take(~np.isin(part.key, new_keys)) for part in parts[:-1]]
    joined = [part for part in [*kept, parts[-1]] if len(part)] or [parts[-1]]
    names = dict.fromkeys(name for part in joined for name in part.values)
    values = {name: np.concatenate([part.column(name) for part in joined]) for name in names}
    return CountRows(
        np.concatenate([part.unit for part in joined]),
        np.concatenate([part.first for part in joined]),
        np.concatenate([part.last for part in joined]),
        values,
    ).without_untold()


# A period put together from rows that do not overlap: what adds up, what stands at an end, what is
# a mean.

# The dossiers behind a unit's mean_days: means of several units are weighted by it.
MEAN_OF = "mean_days_dossiers"
SUM_COLUMNS = [*COUNTS, NEW, "mean_days", MEAN_OF]


@dataclass(frozen=True)
class PeriodPartition:
    """Rows of one source, at most one of a unit for each day, in order of last day; `size`: number
    of units.

    `until`: the last day (days since 1970) that any of them speaks of; the stocks are of its
    evening. `needs_every_row`: a sum of which one row is not told is not told. So it is with
    differences of cumulative figures: what a correction hides is part of the sum.
    """

    rows: CountRows
    size: int
    until: int
    needs_every_row: bool = False

    @cached_property
    def first(self) -> Flags:
        """Which rows are their unit's earliest."""
        return self._marked(np.arange(len(self.rows))[::-1])

    @cached_property
    def last(self) -> Flags:
        """Which rows are their unit's latest."""
        return self._marked(np.arange(len(self.rows)))

    def _marked(self, order: np.ndarray) -> Flags:
        row_of_unit = np.full(self.size, -1)
        # of several rows of one unit the last one written stays
        row_of_unit[self.rows.unit[order]] = order
        marked = np.zeros(len(self.rows), dtype=np.bool_)
        marked[row_of_unit[row_of_unit >= 0]] = True
        return marked

    def sum(self, value: Numbers) -> Numbers:
        """Per unit the sum of a value per row; NaN where no row (of `needs_every_row` sums: not
        every row) tells it.
        """
        has_value = ~np.isnan(value)
        unit = self.rows.unit
        untold = unit[~has_value] if self.needs_every_row else unit[:0]
        if not has_value.all():
            unit = unit[has_value]
            value = value[has_value]
        sums: Numbers = np.bincount(unit, value, self.size).astype(np.float64)
        sums[np.bincount(unit, minlength=self.size) == 0] = np.nan
        sums[untold] = np.nan
        return sums

    def value_where(self, value: Numbers, where: Flags) -> Numbers:
        """Per unit the value of its one row `where`; NaN where there is none or it does
        not tell.
        """
        out = np.full(self.size, np.nan)
        out[self.rows.unit[where]] = value[where]
        return out

    @property
    def reception_until(self) -> int:
        """The last day (days since 1970) of which receptions are told; `until` where none is."""
        told = self.rows.last[~np.isnan(self.rows.column("received"))]
        return int(told.max()) if len(told) else self.until

    @cached_property
    def received(self) -> Numbers:
        """Per row what counts towards a sum of received: all of the first row, of later ones only
        what is new.

        What a month begins with lay open at the end of the month before; adding both counts it
        twice.
        """
        return np.where(self.first, self.rows.column("received"), self.rows.column(NEW))

    @cached_property
    def unjudged(self) -> Numbers:
        """Per row how many of the received nobody can judge; 0 where the source counts no such."""
        return np.nan_to_num(self.rows.column("no_due_day")) + np.nan_to_num(
            self.rows.column("no_finish_day")
        )

    @cached_property
    def resolved_judged(self) -> Numbers:
        """Per row the resolved dossiers that can be judged: of a list those with a due day, of a
        form all that it counts."""
        rows = self.rows
        in_time = rows.column("resolved_early") + rows.column("resolved_on_time")
        judged = in_time + rows.column("resolved_late")
        is_listed = ~np.isnan(rows.column("no_due_day") + judged)
        return np.where(is_listed, judged, rows.column("resolved"))

    @cached_property
    def in_time(self) -> Numbers:
        """Per row what counts towards a sum of on_time_766.

        Where a report's received counts what it began with, what stays open in term at the end of a
        row is received again by the next one and counts there.
        """
        rows = self.rows
        printed = rows.column("on_time_766")
        if not rows.carries_over:
            return printed
        balance = ~np.isnan(rows.column("carried_over"))
        open_in_term = rows.column("open_in_term")
        computed = rows.column("resolved_early") + rows.column("resolved_on_time") + open_in_term
        in_time = np.where(balance & np.isnan(printed), computed, printed)
        return in_time - np.where(balance & ~self.last, np.nan_to_num(open_in_term), 0.0)

    def sums(self) -> pd.DataFrame:
        """Per unit (place) each of SUM_COLUMNS over the period; stocks and carried_over at its
        ends. NaN: not told.
        """
        rows = self.rows
        own = {"received": self.received, "on_time_766": self.in_time}
        out: dict[str, Numbers] = {}
        for name in [*FLOWS, NEW]:
            available = name in rows.values or name == "on_time_766"
            if available:
                out[name] = self.sum(own.get(name, rows.column(name)))
            else:
                out[name] = np.full(self.size, np.nan)
        out["carried_over"] = self.value_where(rows.column("carried_over"), self.first)
        evening = rows.last == self.until
        for name in STOCKS:
            out[name] = self.value_where(rows.column(name), evening)
        out["mean_days"], out[MEAN_OF] = self._mean_days()
        return pd.DataFrame({name: out[name] for name in SUM_COLUMNS}, copy=False)

    def _mean_days(self) -> tuple[Numbers, Numbers]:
        """The mean weighted by what was resolved, where that is not told by what was received, and
        its weight.
        """
        mean = self.rows.column("mean_days")
        resolved = self.rows.column("resolved")
        weight = np.where(np.isnan(resolved), self.rows.column(NEW), resolved)
        weight = np.where(np.isnan(mean), np.nan, weight)
        dossiers = self.sum(weight)
        return divide_or_nan(self.sum(mean * weight), dossiers), dossiers


def divide_or_nan(numerator: Numbers, denominator: Numbers) -> Numbers:
    """part ÷ whole; NaN where there is nothing to divide by (0% would paint it red)."""
    return np.divide(
        numerator, denominator, out=np.full(np.shape(numerator), np.nan), where=denominator > 0
    )

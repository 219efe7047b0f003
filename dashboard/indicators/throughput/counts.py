"""All that sources told of some units' dossiers, kept apart by source and sorted once, so that a
period is a slice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.throughput.count_rows import CountRows, join_rows
from dashboard.indicators.throughput.count_sources import (
    SNAPSHOT_CORRECTION_COLUMNS,
    CountSource,
    split_into_sources,
)
from dashboard.indicators.throughput.periods import (
    GRAINS,
    DayNumbers,
    Period,
    from_day_number,
    to_day_number,
)

PERIOD_COLUMNS = ["kind", "grain", "derived", "period_from", "period_to", "units", "received"]
CORRECTION_COLUMNS = ["kind", *SNAPSHOT_CORRECTION_COLUMNS]


class DossierCounts:
    """Dossier counts of the units that the caller names.

    `frame`: unit (str), kind, period_from, period_to (datetime64, inclusive), any of batch.COUNTS
    and mean_days (float, NaN: not told); at most one row a unit, kind and period. Rows of other
    units are left out: communes and departments are kept apart by asking for them apart.
    """

    units: tuple[str, ...]
    sources: tuple[CountSource, ...]
    corrections: pd.DataFrame

    def __init__(self, frame: pd.DataFrame, units: Sequence[str]) -> None:
        self.units = tuple(units)
        self._set_rows(self._part_by_kind(frame))

    def _part_by_kind(self, frame: pd.DataFrame) -> dict[str, CountRows]:
        unit_index = pd.Index(self.units).get_indexer(pd.Index(frame["unit"]))
        kind_codes, kinds = pd.factorize(frame["kind"], sort=True)
        rows = CountRows.of(frame, unit_index.astype(np.int64))
        parts = {}
        for code, name in enumerate(kinds):
            chosen = (kind_codes == code) & (unit_index >= 0)
            parts[str(name)] = rows if chosen.all() else rows.take(chosen).without_untold()
        return parts

    def _set_rows(
        self, rows_by_kind: Mapping[str, CountRows], unchanged: DossierCounts | None = None
    ) -> None:
        """Sorts the rows of these kinds; those of others are as in `unchanged`."""
        if unchanged:
            kept_kinds = {source.source_kind for source in unchanged.sources}.difference(
                rows_by_kind
            )
        else:
            kept_kinds = set()
        sources: list[CountSource] = []
        corrections = []
        for name in sorted({*rows_by_kind, *kept_kinds}):
            if unchanged and name in kept_kinds:
                sources += [source for source in unchanged.sources if source.source_kind == name]
                kept_corrections = unchanged.corrections
                corrections.append(kept_corrections[kept_corrections["kind"] == name])
                continue
            new_sources, corrected = split_into_sources(name, rows_by_kind[name])
            sources += new_sources
            corrections.append(
                corrected.assign(kind=name, unit=np.array(self.units, object)[corrected["unit"]])
            )
        nonempty = [of_kind for of_kind in corrections if len(of_kind)]
        self.sources = tuple(sources)
        if nonempty:
            self.corrections = pd.concat(nonempty)[CORRECTION_COLUMNS]
        else:
            self.corrections = pd.DataFrame(columns=CORRECTION_COLUMNS)

    def with_rows(self, frame: pd.DataFrame, units: Sequence[str]) -> DossierCounts:
        """These counts with rows (as of `__init__`) in the place of those of the same unit, kind
        and period. `units`: all of these and perhaps more, in the same order.
        """
        if frame.empty:
            return self
        counts = DossierCounts.__new__(DossierCounts)
        counts.units = tuple(units)
        places = pd.Index(counts.units).get_indexer(pd.Index(self.units)).astype(np.int64)
        rows_by_kind = counts._part_by_kind(frame)
        is_moved = counts.units != self.units
        for name in dict.fromkeys(source.source_kind for source in self.sources):
            if name in rows_by_kind or is_moved:
                told = [
                    source.rows.as_told(places)
                    for source in self.sources
                    if source.source_kind == name and not source.derived
                ]
                new = [rows_by_kind[name].in_order()] if name in rows_by_kind else []
                rows_by_kind[name] = join_rows([*told, *new])
        counts._set_rows(rows_by_kind, self)
        return counts

    def until(self, day: date) -> DossierCounts:
        """Only what speaks of periods that had ended by `day`; copies no figures."""
        earlier = DossierCounts.__new__(DossierCounts)
        earlier.units = self.units
        earlier.sources = tuple(source.until(to_day_number(day)) for source in self.sources)
        earlier.corrections = self.corrections[self.corrections["day"] <= pd.Timestamp(day)]
        return earlier

    @cached_property
    def periods(self) -> pd.DataFrame:
        """One row a source and period: kind, grain, derived, period_from, period_to (datetime64),
        how many units told something, and what they received together (NaN: nobody told it)."""
        frames = []
        for source in self.sources:
            starts = source.starts[:-1]
            if not len(starts):
                continue
            received = source.rows.column("received")
            units_with_value = np.add.reduceat((~np.isnan(received)).astype(np.int64), starts)
            sums = np.add.reduceat(np.nan_to_num(received), starts)
            ends = [
                end[starts].astype("datetime64[D]").astype("datetime64[s]")
                for end in _period_ends(source.rows)
            ]
            frames.append(
                pd.DataFrame(
                    {
                        "kind": source.source_kind,
                        "grain": np.array(GRAINS, dtype=object)[source.grains],
                        "derived": source.derived,
                        "period_from": ends[0],
                        "period_to": ends[1],
                        "units": np.diff(source.starts),
                        "received": np.where(units_with_value > 0, sums, np.nan),
                    }
                )
            )
        if not frames:
            empty = pd.DataFrame(columns=PERIOD_COLUMNS)
            return empty.astype(
                {"derived": bool, "period_from": "datetime64[s]", "period_to": "datetime64[s]"}
            )
        return pd.concat(frames, ignore_index=True)

    def newest_of(self, unit: int) -> tuple[str, Period, float] | None:
        """The newest period of which a source told what one unit (its place in `units`) received:
        kind, period and count; of several that end on one day the shortest. None where nobody ever
        told any."""
        newest = None
        for source in self.sources:
            has_value = (source.rows.unit == unit) & ~np.isnan(source.rows.column("received"))
            if source.derived or not has_value.any():
                continue
            row = int(np.flatnonzero(has_value)[-1])  # in order of last day, then first day
            last = int(source.rows.last[row])
            first = int(source.rows.first[row])
            value = float(source.rows.column("received")[row])
            newest = max(newest or (0, 0, "", 0.0), (last, first, source.source_kind, value))
        if newest is None:
            return None
        return (
            newest[2],
            Period(from_day_number(newest[1]), from_day_number(newest[0])),
            newest[3],
        )

    def stock(self, column: str, days: npt.NDArray[np.datetime64]) -> Numbers:
        """Units x days (ascending): the value told for exactly the evening of that day, by the
        finest source that tells it; NaN where none does. Meant for rows.STOCKS."""
        direct = [source for source in self.sources if source.grain is not None]
        return self._filled(
            sorted(direct, key=lambda source: source.grain or 0), column, days, days_only=False
        )

    def end_of_day_stock(self, column: str, days: npt.NDArray[np.datetime64]) -> Numbers:
        """The same with each unit's days from one kind of source, the one that tells most of them:
        a row of days in which a list and a report take turns would rise and fall where nothing
        happened."""
        best = np.full((len(self.units), len(days)), np.nan)
        most = np.zeros(len(self.units), dtype=np.int64)
        for source_kind in dict.fromkeys(source.source_kind for source in self.sources):
            of_kind = DossierCounts.__new__(DossierCounts)
            of_kind.units = self.units
            of_kind.sources = tuple(
                source for source in self.sources if source.source_kind == source_kind
            )
            stock = of_kind.stock(column, days)
            days_with_value = (~np.isnan(stock)).sum(axis=1)
            better = days_with_value > most
            best[better] = stock[better]
            most[better] = days_with_value[better]
        return best

    def daily(self, column: str, days: npt.NDArray[np.datetime64]) -> Numbers:
        """Units x days (ascending): what the best daily source tells; sources are never mixed.

        The best is the one that tells most; NaN where it does not tell.
        """
        candidates = [
            self._filled([source], column, days, days_only=True)
            for source in self.sources_of_days()
        ]
        if not candidates:
            return np.full((len(self.units), len(days)), np.nan)
        return max(candidates, key=lambda values: int((~np.isnan(values)).sum()))

    def sources_of_days(self) -> Iterator[CountSource]:
        """The sources that tell single days, directly or derived."""
        return (source for source in self.sources if (source.grains == 0).any())

    def _filled(
        self,
        sources: Sequence[CountSource],
        column: str,
        days: npt.NDArray[np.datetime64],
        *,
        days_only: bool,
    ) -> Numbers:
        """Units x days from rows that end on these days; an earlier source wins."""
        day_numbers: DayNumbers = days.astype("datetime64[D]").astype(np.int64)
        filled = np.full((len(self.units), len(day_numbers)), np.nan)
        for source in sources:
            if column not in source.rows.values or not len(day_numbers):
                continue
            begin, end = np.searchsorted(source.rows.last, [day_numbers[0], day_numbers[-1] + 1])
            rows = source.rows.take(slice(begin, end))
            day_index = np.searchsorted(day_numbers, rows.last)
            value = rows.values[column]
            fits: Flags = (day_numbers[day_index] == rows.last) & ~np.isnan(value)
            if days_only:
                fits &= rows.is_day
            fits &= np.isnan(filled[rows.unit, day_index])
            filled[rows.unit[fits], day_index[fits]] = value[fits]
        return filled


def _period_ends(rows: CountRows) -> tuple[DayNumbers, DayNumbers]:
    return rows.first, rows.last

"""All that sources told of some units' dossiers, kept apart by source and sorted once, so that a period is a slice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.indicators import cumulative
from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.periods import GRAINS, Codes, Days, Period, day_of, natural, number
from dashboard.indicators.rows import Rows

PERIODS = ["kind", "grain", "derived", "period_from", "period_to", "units", "received"]
CORRECTIONS = ["kind", *cumulative.CORRECTIONS]


@dataclass(frozen=True)
class Source:
    """Rows of one kind and grain, or what was derived from one kind's cumulative figures; in order of last day."""

    kind: str
    grain: int | None  # place in GRAINS; None: derived, of any grain
    rows: Rows

    @property
    def derived(self) -> bool:
        return self.grain is None

    @cached_property
    def starts(self) -> Days:
        """Where each period's rows begin, with the end of all rows at last: rows of one period stand together."""
        first, last = self.rows.first, self.rows.last
        new = np.flatnonzero((first[1:] != first[:-1]) | (last[1:] != last[:-1])) + 1
        return np.concatenate([[0], new, [len(first)]]) if len(first) else np.zeros(1, dtype=np.int64)

    @cached_property
    def grains(self) -> Codes:
        """The grain of each period."""
        at = self.starts[:-1]
        if self.grain is not None:
            return np.full(len(at), self.grain, dtype=np.int8)
        return natural(self.rows.first[at], self.rows.last[at])

    def until(self, day: int) -> Source:
        return Source(self.kind, self.grain, self.rows.take(slice(0, np.searchsorted(self.rows.last, day, "right"))))

    def within(self, first: int, last: int) -> Rows:
        """The rows whose periods lie wholly in `first`..`last`."""
        begin, end = np.searchsorted(self.rows.last, [first, last + 1])
        rows = self.rows.take(slice(begin, end))
        inside = rows.first >= first
        return rows if inside.all() else rows.take(inside)


class Counts:
    """Dossier counts of the units that the caller names.

    `frame`: unit (str), kind, period_from, period_to (datetime64, inclusive), any of batch.COUNTS and
    mean_days (float, NaN: not told); at most one row a unit, kind and period. Rows of other units are left
    out: communes and departments are kept apart by asking for them apart.
    """

    def __init__(self, frame: pd.DataFrame, units: Sequence[str]) -> None:
        self.units = tuple(units)
        place = pd.Index(self.units).get_indexer(pd.Index(frame["unit"]))
        kind, kinds = pd.factorize(frame["kind"], sort=True)
        rows = Rows.of(frame, place.astype(np.int64))
        sources: list[Source] = []
        corrections = []
        for code, name in enumerate(kinds):
            chosen = (kind == code) & (place >= 0)
            told = rows if chosen.all() else rows.take(chosen)
            found, corrected = _sources(str(name), told)
            sources += found
            corrections.append(corrected.assign(kind=str(name), unit=np.array(self.units, object)[corrected["unit"]]))
        made = [found for found in corrections if len(found)]
        self.sources = tuple(sources)
        self.corrections = pd.concat(made)[CORRECTIONS] if made else pd.DataFrame(columns=CORRECTIONS)

    def until(self, day: date) -> Counts:
        """Only what speaks of periods that had ended by `day`; copies no figures."""
        known = Counts.__new__(Counts)
        known.units = self.units
        known.sources = tuple(source.until(number(day)) for source in self.sources)
        known.corrections = self.corrections[self.corrections["day"] <= pd.Timestamp(day)]
        return known

    @cached_property
    def periods(self) -> pd.DataFrame:
        """One row a source and period: kind, grain, derived, period_from, period_to (datetime64), how many units
        told something, and what they received together (NaN: nobody told it)."""
        frames = []
        for source in self.sources:
            at = source.starts[:-1]
            if not len(at):
                continue
            received = source.rows.column("received")
            told = np.add.reduceat((~np.isnan(received)).astype(np.int64), at)
            sums = np.add.reduceat(np.nan_to_num(received), at)
            ends = [end[at].astype("datetime64[D]").astype("datetime64[s]") for end in _ends(source.rows)]
            frames.append(
                pd.DataFrame(
                    {
                        "kind": source.kind,
                        "grain": np.array(GRAINS, dtype=object)[source.grains],
                        "derived": source.derived,
                        "period_from": ends[0],
                        "period_to": ends[1],
                        "units": np.diff(source.starts),
                        "received": np.where(told > 0, sums, np.nan),
                    }
                )
            )
        if not frames:
            empty = pd.DataFrame(columns=PERIODS)
            return empty.astype({"derived": bool, "period_from": "datetime64[s]", "period_to": "datetime64[s]"})
        return pd.concat(frames, ignore_index=True)

    def newest_of(self, unit: int) -> tuple[str, Period, float] | None:
        """The newest period of which a source told what one unit (its place in `units`) received: kind, period and
        count; of several that end on one day the shortest. None where nobody ever told any."""
        found = None
        for source in self.sources:
            told = (source.rows.unit == unit) & ~np.isnan(source.rows.column("received"))
            if source.derived or not told.any():
                continue
            at = int(np.flatnonzero(told)[-1])  # in order of last day, then first day
            last, first = int(source.rows.last[at]), int(source.rows.first[at])
            value = float(source.rows.column("received")[at])
            found = max(found or (0, 0, "", 0.0), (last, first, source.kind, value))
        return None if found is None else (found[2], Period(day_of(found[1]), day_of(found[0])), found[3])

    def stock(self, column: str, days: npt.NDArray[np.datetime64]) -> Numbers:
        """Units x days (ascending): the value told for exactly the evening of that day, by the finest source that
        tells it; NaN where none does. Meant for rows.STOCKS."""
        told = [source for source in self.sources if source.grain is not None]
        return self._filled(sorted(told, key=lambda source: source.grain or 0), column, days, days_only=False)

    def evenings(self, column: str, days: npt.NDArray[np.datetime64]) -> Numbers:
        """The same with each unit's days from one kind of source, the one that tells most of them: a row of days
        in which a list and a report take turns would rise and fall where nothing happened."""
        best, most = np.full((len(self.units), len(days)), np.nan), np.zeros(len(self.units), dtype=np.int64)
        for kind in dict.fromkeys(source.kind for source in self.sources):
            of_kind = Counts.__new__(Counts)
            of_kind.units, of_kind.sources = self.units, tuple(one for one in self.sources if one.kind == kind)
            found = of_kind.stock(column, days)
            told = (~np.isnan(found)).sum(axis=1)
            better = told > most
            best[better], most[better] = found[better], told[better]
        return best

    def daily(self, column: str, days: npt.NDArray[np.datetime64]) -> Numbers:
        """Units x days (ascending): what the best daily source tells; sources are never mixed.

        The best is the one that tells most; NaN where it does not tell.
        """
        found = [self._filled([source], column, days, days_only=True) for source in self.sources_of_days()]
        if not found:
            return np.full((len(self.units), len(days)), np.nan)
        return max(found, key=lambda values: int((~np.isnan(values)).sum()))

    def sources_of_days(self) -> Iterator[Source]:
        """The sources that tell single days, directly or derived."""
        return (source for source in self.sources if (source.grains == 0).any())

    def _filled(
        self, sources: Sequence[Source], column: str, days: npt.NDArray[np.datetime64], *, days_only: bool
    ) -> Numbers:
        """Units x days from rows that end on these days; an earlier source wins."""
        wanted: Days = days.astype("datetime64[D]").astype(np.int64)
        out = np.full((len(self.units), len(wanted)), np.nan)
        for source in sources:
            if column not in source.rows.values or not len(wanted):
                continue
            begin, end = np.searchsorted(source.rows.last, [wanted[0], wanted[-1] + 1])
            rows = source.rows.take(slice(begin, end))
            place = np.searchsorted(wanted, rows.last)
            value = rows.values[column]
            fits: Flags = (wanted[place] == rows.last) & ~np.isnan(value)
            if days_only:
                fits &= rows.is_day
            fits &= np.isnan(out[rows.unit, place])
            out[rows.unit[fits], place[fits]] = value[fits]
        return out


def _ends(rows: Rows) -> tuple[Days, Days]:
    return rows.first, rows.last


def _sources(kind: str, rows: Rows) -> tuple[list[Source], pd.DataFrame]:
    """One kind's rows by grain, and what its cumulative ones derive."""
    grain = cumulative.grains(rows)
    sources = []
    for code in np.unique(grain):
        own = rows if (grain == code).all() else rows.take(grain == code)
        sources.append(Source(kind, int(code), own.in_order().with_new()))
    derived, within_month, corrections = cumulative.difference(rows, grain)
    # A month's running snapshots and a year's overlap: each of the two is a source of its own.
    for part in (within_month, ~within_month):
        if part.any():
            sources.append(Source(kind, None, derived.take(part).in_order()))
    return sources, corrections

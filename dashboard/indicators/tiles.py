"""A period put together from rows that do not overlap: what adds up, what stands at an end, what is a mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from dashboard.batch import COUNTS
from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.rows import FLOWS, NEW, STOCKS, Rows

# The dossiers behind a unit's mean_days: means of several units are weighted by it.
MEAN_OF = "mean_days_dossiers"
SUMS = [*COUNTS, NEW, "mean_days", MEAN_OF]


@dataclass(frozen=True)
class Tiles:
    """Rows of one source, at most one of a unit for each day, in order of last day; `size`: number of units.

    `until`: the last day (days since 1970) that any of them speaks of; the stocks are of its evening.
    `whole`: a sum of which one row is not told is not told. So it is with differences of cumulative figures:
    what a correction hides is part of the sum.
    """

    rows: Rows
    size: int
    until: int
    whole: bool = False

    @cached_property
    def first(self) -> Flags:
        """Which rows are their unit's earliest."""
        return self._marked(np.arange(len(self.rows))[::-1])

    @cached_property
    def last(self) -> Flags:
        """Which rows are their unit's latest."""
        return self._marked(np.arange(len(self.rows)))

    def _marked(self, order: np.ndarray) -> Flags:
        place = np.full(self.size, -1)
        place[self.rows.unit[order]] = order  # of several rows of one unit the last one written stays
        marked = np.zeros(len(self.rows), dtype=np.bool_)
        marked[place[place >= 0]] = True
        return marked

    def sum(self, value: Numbers) -> Numbers:
        """Per unit the sum of a value per row; NaN where no row (of `whole` sums: not every row) tells it."""
        told = ~np.isnan(value)
        unit = self.rows.unit
        untold = unit[~told] if self.whole else unit[:0]
        if not told.all():
            unit, value = unit[told], value[told]
        sums: Numbers = np.bincount(unit, value, self.size).astype(np.float64)
        sums[np.bincount(unit, minlength=self.size) == 0] = np.nan
        sums[untold] = np.nan
        return sums

    def at(self, value: Numbers, where: Flags) -> Numbers:
        """Per unit the value of its one row `where`; NaN where there is none or it does not tell."""
        out = np.full(self.size, np.nan)
        out[self.rows.unit[where]] = value[where]
        return out

    @cached_property
    def received(self) -> Numbers:
        """Per row what counts towards a sum of received: all of the first row, of later ones only what is new.

        What a month begins with lay open at the end of the month before; adding both counts it twice.
        """
        return np.where(self.first, self.rows.column("received"), self.rows.column(NEW))

    @cached_property
    def in_time(self) -> Numbers:
        """Per row what counts towards a sum of on_time_766.

        Where a report's received counts what it began with, what stays open in term at the end of a row is
        received again by the next one and counts there.
        """
        rows = self.rows
        printed = rows.column("on_time_766")
        if not rows.carries_over:
            return printed
        balance = ~np.isnan(rows.column("carried_over"))
        open_in_term = rows.column("open_in_term")
        computed = rows.column("resolved_early") + rows.column("resolved_on_time") + open_in_term
        whole = np.where(balance & np.isnan(printed), computed, printed)
        return whole - np.where(balance & ~self.last, np.nan_to_num(open_in_term), 0.0)

    def sums(self) -> pd.DataFrame:
        """Per unit (place) each of SUMS over the period; stocks and carried_over at its ends. NaN: not told."""
        rows = self.rows
        own = {"received": self.received, "on_time_766": self.in_time}
        out: dict[str, Numbers] = {}
        for name in [*FLOWS, NEW]:
            told = name in rows.values or name == "on_time_766"
            out[name] = self.sum(own.get(name, rows.column(name))) if told else np.full(self.size, np.nan)
        out["carried_over"] = self.at(rows.column("carried_over"), self.first)
        evening = rows.last == self.until
        for name in STOCKS:
            out[name] = self.at(rows.column(name), evening)
        out["mean_days"], out[MEAN_OF] = self._mean_days()
        return pd.DataFrame({name: out[name] for name in SUMS}, copy=False)

    def _mean_days(self) -> tuple[Numbers, Numbers]:
        """The mean weighted by what was resolved, where that is not told by what was received, and its weight."""
        mean, resolved = self.rows.column("mean_days"), self.rows.column("resolved")
        weight = np.where(np.isnan(resolved), self.rows.column(NEW), resolved)
        weight = np.where(np.isnan(mean), np.nan, weight)
        dossiers = self.sum(weight)
        return over(self.sum(mean * weight), dossiers), dossiers


def over(part: Numbers, whole: Numbers) -> Numbers:
    """part ÷ whole; NaN where there is nothing to divide by (0 % would paint it red)."""
    return np.divide(part, whole, out=np.full(np.shape(part), np.nan), where=whole > 0)

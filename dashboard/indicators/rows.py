"""Rows of dossier counts as arrays: what a column means when rows are added up, and where a unit's rows begin and end.

Flows happened within the row's days and add up. Stocks (open, paused) stand on the evening of its last day and
never add up over days. `carried_over` stands on the morning of its first day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from dashboard.batch import COUNTS
from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.periods import Days

STOCKS: Final = ("open", "open_in_term", "open_overdue", "paused")
# What was received within the row's own days: `received` without what was carried over into it.
NEW: Final = "received_new"
FLOWS: Final = tuple(name for name in COUNTS if name not in (*STOCKS, "carried_over"))
CHANNELS: Final = ("received_online", "received_in_person", "received_post", "received_other")


@dataclass(frozen=True)
class Rows:
    """Rows of one source. `unit`: place in the caller's list of units; `first`, `last`: days since 1970, inclusive.

    `values`: per column float64, NaN where not told; a column that no row tells is left out.
    `carries_over`: `received` counts what was carried over, too (known once `with_new` was called).
    """

    unit: Days
    first: Days
    last: Days
    values: Mapping[str, Numbers]
    carries_over: bool = False

    def __len__(self) -> int:
        return len(self.unit)

    @classmethod
    def of(cls, frame: pd.DataFrame, unit: Days) -> Rows:
        """Rows of a frame with period_from, period_to (datetime64), any of COUNTS and mean_days."""
        values = {name: frame[name].to_numpy(dtype=np.float64) for name in [*COUNTS, "mean_days"] if name in frame}
        first, last = (frame[end].to_numpy().astype("datetime64[D]") for end in ("period_from", "period_to"))
        told = {name: value for name, value in values.items() if not np.isnan(value).all()}
        return cls(unit, first.astype(np.int64), last.astype(np.int64), told)

    def column(self, name: str) -> Numbers:
        """One column; NaN throughout where no row tells it."""
        value = self.values.get(name)
        return np.full(len(self), np.nan) if value is None else value

    def take(self, which: slice | Flags | Days) -> Rows:
        """Some of the rows; a slice copies nothing."""
        values = {name: value[which] for name, value in self.values.items()}
        return Rows(self.unit[which], self.first[which], self.last[which], values, self.carries_over)

    def in_order(self) -> Rows:
        """The rows by last day, first day, unit: a period of one grain is then a slice."""
        order = np.lexsort((self.unit, self.first, self.last)) if not self._is_in_order() else None
        return self if order is None else self.take(order)

    def _is_in_order(self) -> bool:
        # Days since 1970 and units of a country stay far below these powers.
        key = (self.last << 40) | (self.first << 20) | self.unit
        return bool((key[1:] >= key[:-1]).all())

    @cached_property
    def is_day(self) -> Flags:
        return self.first == self.last

    def with_new(self) -> Rows:
        """The same rows with the column `received_new`: received less carried over where it is counted in."""
        received = self.values.get("received")
        if received is None:
            return self
        carries = self._carries_over()
        new = received
        if carries:
            new = received - np.nan_to_num(self.values["carried_over"])
        return Rows(self.unit, self.first, self.last, {**self.values, NEW: new}, carries)

    def _carries_over(self) -> bool:
        """Whether `received` counts what was carried over (as form II.06a does) or only what is new.

        The figures say so themselves: received = online + in person + post (+ carried over). Where they
        do not, the form's definition holds (DOMAIN.md §4).
        """
        carried = self.values.get("carried_over")
        channels = [self.values[name] for name in CHANNELS if name in self.values]
        if carried is None or not channels:
            return carried is not None
        received = self.values["received"]
        new = np.nansum(channels, axis=0)
        telling = carried > 0
        without, with_it = telling & (received == new), telling & (received == new + carried)
        return bool(without.sum() <= with_it.sum())

"""The history of readings, sorted once: what was last told of a measure on or before any day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.indicators.levels import Numbers
from dashboard.measures import BASES, DECLARED

Days = npt.NDArray[np.datetime64]
# What a criterion may count and somebody has to tell: probes speak by themselves, an own rating is
# no condition.
CONDITIONS = tuple(measure for measure in DECLARED if measure != "self_rating")


@dataclass(frozen=True)
class LastReading:
    """What was last told of one measure, communes x days: value (NaN: never) and age in days."""

    value: Numbers
    age: Numbers

    def later(self, days: int) -> LastReading:
        """The same, so many days later."""
        return LastReading(self.value, self.age + days) if days else self


class History:
    """The readings of a province, sorted once so that "the last before a day" is a binary search.

    `readings`: commune_code, measure, basis, as_of (datetime64), value. Rows of communes that are
    not in `codes` are left out.
    """

    def __init__(self, readings: pd.DataFrame, codes: Sequence[str]) -> None:
        self.codes = tuple(codes)
        in_province = readings[readings["commune_code"].isin(self.codes)]
        position = pd.Series(range(len(self.codes)), index=list(self.codes))
        # One list of keys for all measures that were told together: a declaration tells twenty at
        # once.
        self._keys: list[npt.NDArray[np.int64]] = []
        self._keys_of: dict[tuple[str, str], int] = {}
        self._values: dict[tuple[str, str], Numbers] = {}
        for (measure, basis), rows in in_province.groupby(["measure", "basis"], observed=True):
            key = self._key(
                position.reindex(rows["commune_code"]).to_numpy(),
                rows["as_of"].to_numpy().astype("datetime64[D]"),
            )
            order = np.argsort(key, kind="stable")
            name = str(measure), str(basis)
            self._keys_of[name] = self._number_of(key[order])
            self._values[name] = rows["value"].to_numpy(dtype=np.float64)[order]

    def with_later(self, readings: pd.DataFrame) -> History:
        """This history with readings of later batches, which win over what was told of the same
        day; nothing is sorted again that stays as it was.
        """
        later = History(readings, self.codes)
        if not later._keys:
            return self
        merged = History.__new__(History)
        merged.codes = self.codes
        merged._keys = []
        merged._keys_of = {}
        merged._values = {}
        orders: dict[tuple[int | None, int], npt.NDArray[np.int64]] = {}
        for name in sorted({*self._keys_of, *later._keys_of}):
            own_number = self._keys_of.get(name)
            later_number = later._keys_of.get(name)
            key = np.empty(0, dtype=np.int64) if own_number is None else self._keys[own_number]
            value = self._values.get(name, np.empty(0))
            if later_number is not None:
                key = np.concatenate([key, later._keys[later_number]])
                order = orders.get((own_number, later_number))
                if order is None:
                    order = orders[own_number, later_number] = _sort_last_of_each(key)
                key = key[order]
                value = np.concatenate([value, later._values[name]])[order]
            merged._keys_of[name] = merged._number_of(key)
            merged._values[name] = value
        return merged

    def _number_of(self, key: npt.NDArray[np.int64]) -> int:
        for number, existing in enumerate(self._keys):
            if np.array_equal(existing, key):
                return number
        self._keys.append(key)
        return len(self._keys) - 1

    @staticmethod
    def _key(
        commune: npt.NDArray[np.int64], day: npt.NDArray[np.datetime64]
    ) -> npt.NDArray[np.int64]:
        """Commune and day as one number that sorts by commune, then day (days since 1970 stay below
        1e6).
        """
        return np.asarray(commune * 1_000_000 + day.astype(np.int64), dtype=np.int64)

    @cached_property
    def reported_days(self) -> npt.NDArray[np.datetime64]:
        """Every day on which some commune reported or was visited, in order."""
        days = [key % 1_000_000 for key in self._keys]
        if days:
            return np.unique(np.concatenate(days)).astype("datetime64[D]")
        return np.empty(0, "datetime64[D]")

    def readings(
        self, measure: str, basis: str
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.datetime64], Numbers]:
        """All that was told of one measure: place of the commune, day, value (never NaN); by
        commune, then day.
        """
        number = self._keys_of.get((measure, basis))
        if number is None:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype="datetime64[D]"), np.empty(0)
        has_value = ~np.isnan(self._values[measure, basis])
        commune, day = np.divmod(self._keys[number][has_value], 1_000_000)
        return commune, day.astype("datetime64[D]"), self._values[measure, basis][has_value]

    def on(self, days: Days) -> HistoryOnDays:
        """What was last told on or before each of these days, measure by measure."""
        return HistoryOnDays(self, days)

    def last(self, measure: str, basis: str, days: Days) -> LastReading:
        """The last reading on or before each day."""
        return self.on(days).last(measure, basis)

    def newest(self, days: Days, measures: Sequence[str] = CONDITIONS) -> Numbers:
        """Days since each commune last told or was found anything of `measures`, communes x days;
        NaN never.
        """
        on_days = self.on(days)
        key_numbers = {
            self._keys_of[name, basis]
            for name in measures
            for basis in BASES
            if (name, basis) in self._keys_of
        }
        never = np.full((len(self.codes), len(days)), np.nan)
        return np.fmin.reduce([never, *(on_days.last_entries(number)[1] for number in key_numbers)])


def _sort_last_of_each(key: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Where the keys stand in their order; of equal ones the last."""
    order = np.argsort(key, kind="stable")
    in_order = key[order]
    return np.asarray(order[np.append(in_order[1:] != in_order[:-1], True)], dtype=np.int64)


class HistoryOnDays:
    """The history as seen from some days. Measures that were always told together are looked up
    once.
    """

    def __init__(self, history: History, days: Days) -> None:
        self.history = history
        self.days = days
        self._last_entries: dict[int, tuple[npt.NDArray[np.int64], Numbers]] = {}
        self._never = np.full((len(history.codes), len(days)), np.nan)

    def last(self, measure: str, basis: str) -> LastReading:
        """The last reading on or before each day."""
        if (measure, basis) not in self.history._keys_of:
            return LastReading(self._never, self._never)
        entry, age = self.last_entries(self.history._keys_of[measure, basis])
        value = self.history._values[measure, basis]
        return LastReading(np.where(np.isnan(age), np.nan, value[entry]), age)

    def last_entries(self, number: int) -> tuple[npt.NDArray[np.int64], Numbers]:
        """Where the last entry on or before each day stands in that list of keys, and its age (NaN:
        there is none).
        """
        if number not in self._last_entries:
            key = self.history._keys[number]
            commune = np.arange(len(self.history.codes))[:, None]
            keys_wanted = self.history._key(commune, self.days[None, :])
            entry = np.maximum(np.searchsorted(key, keys_wanted, side="right") - 1, 0)
            age = keys_wanted - key[entry]
            # The entry before may be another commune's (nearly a million days away) or, at the
            # front, a later one.
            self._last_entries[number] = entry, np.where((age >= 0) & (age < 500_000), age, np.nan)
        return self._last_entries[number]

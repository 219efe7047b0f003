"""Readiness: from the history of readings to levels per commune, criterion and day.

Everything is computed on arrays of communes x days, whether one day is asked for or all since
01/07/2025, so that the curve over time and the map of a day cannot disagree. Rules: DOMAIN.md §3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.indicators import levels
from dashboard.indicators.criteria import DIMENSIONS, Criteria, Criterion
from dashboard.indicators.levels import Flags, Levels, Numbers


@dataclass(frozen=True)
class Told:
    """What was last told of one measure, communes x days: value (NaN: never) and age in days."""

    value: Numbers
    age: Numbers


class History:
    """The readings of a province, sorted once so that "the last before a day" is a binary search.

    `readings`: commune_code, measure, basis, as_of (datetime64), value. Rows of communes that are
    not in `codes` are left out.
    """

    def __init__(self, readings: pd.DataFrame, codes: Sequence[str]) -> None:
        self.codes = tuple(codes)
        known = readings[readings["commune_code"].isin(self.codes)]
        place = pd.Series(range(len(self.codes)), index=list(self.codes))
        self._sorted: dict[tuple[str, str], tuple[npt.NDArray[np.int64], Numbers]] = {}
        for (measure, basis), rows in known.groupby(["measure", "basis"], observed=True):
            key = self._key(
                place.reindex(rows["commune_code"]).to_numpy(), rows["as_of"].to_numpy().astype("datetime64[D]")
            )
            order = np.argsort(key, kind="stable")
            self._sorted[str(measure), str(basis)] = key[order], rows["value"].to_numpy(dtype=np.float64)[order]

    @staticmethod
    def _key(commune: npt.NDArray[np.int64], day: npt.NDArray[np.datetime64]) -> npt.NDArray[np.int64]:
        """Commune and day as one number that sorts by commune, then day (days since 1970 stay below 1e6)."""
        return np.asarray(commune * 1_000_000 + day.astype(np.int64), dtype=np.int64)

    @cached_property
    def reported_days(self) -> npt.NDArray[np.datetime64]:
        """Every day on which some commune reported or was visited, in order."""
        days = [key % 1_000_000 for key, _ in self._sorted.values()]
        return np.unique(np.concatenate(days)).astype("datetime64[D]") if days else np.empty(0, "datetime64[D]")

    def last(self, measure: str, basis: str, days: npt.NDArray[np.datetime64]) -> Told:
        """The last reading on or before each day."""
        shape = (len(self.codes), len(days))
        key, value = self._sorted.get((measure, basis), (np.empty(0, np.int64), np.empty(0)))
        if not len(key):
            return Told(np.full(shape, np.nan), np.full(shape, np.nan))
        commune = np.arange(len(self.codes))[:, None]
        wanted = self._key(commune, days[None, :])
        found = np.searchsorted(key, wanted, side="right") - 1
        at = key[np.maximum(found, 0)]
        told = (found >= 0) & (at // 1_000_000 == commune)
        return Told(np.where(told, value[np.maximum(found, 0)], np.nan), np.where(told, wanted - at, np.nan))


@dataclass(frozen=True)
class Judged:
    """One criterion, communes x days: what was found and the level it gives.

    `value` in the criterion's unit, `part`/`whole` the counts of a ratio (else NaN), `age` in days,
    `verified` where a visit's finding decided, `contradicted` where a fresh visit found another level
    than the commune's own value gives (87 Mbps for a declared 90 is none); `declared` is that value.
    """

    criterion: Criterion
    value: Numbers
    part: Numbers
    whole: Numbers
    age: Numbers
    level: Levels
    verified: Flags
    contradicted: Flags
    declared: Numbers


@dataclass(frozen=True)
class Readiness:
    """Levels of all communes on some days; arrays are communes x days in the order given."""

    codes: tuple[str, ...]
    days: npt.NDArray[np.datetime64]
    judged: tuple[Judged, ...]

    @cached_property
    def overall(self) -> Levels:
        """Red where an essential criterion is red, green where all are green (levels.combine)."""
        return self._combined(self.judged, [judged.criterion.essential for judged in self.judged])

    @cached_property
    def dimensions(self) -> dict[str, Levels]:
        """The level per dimension: within it every criterion is decisive."""
        return {
            dimension: self._combined(within, [True] * len(within))
            for dimension in DIMENSIONS
            if (within := [judged for judged in self.judged if judged.criterion.dimension == dimension])
        }

    def _combined(self, judged: Sequence[Judged], decisive: Sequence[bool]) -> Levels:
        if not judged:
            return np.full((len(self.codes), len(self.days)), levels.UNKNOWN, dtype=np.int8)
        return levels.combine(np.stack([one.level for one in judged]), np.array(decisive))


def assess(history: History, criteria: Criteria, day: date) -> Readiness:
    """Every commune on one day, judged by the rules in force that day."""
    return _assess(history, criteria, criteria.on(day), np.array([day], dtype="datetime64[D]"))


def green_over_time(history: History, criteria: Criteria, days: Sequence[date]) -> pd.DataFrame:
    """How many communes were at each level on each day; each day by its own rules.

    Returns one row a day (index: date), one column a level name; each row adds up to the communes.
    """
    rows = []
    for in_force, together in groupby(days, key=criteria.on):
        span = np.array(list(together), dtype="datetime64[D]")
        overall = _assess(history, criteria, in_force, span).overall
        rows.append(np.stack([(overall == code).sum(axis=0) for code in range(len(levels.NAMES))], axis=1))
    table = np.concatenate(rows) if rows else np.empty((0, len(levels.NAMES)), dtype=np.int64)
    return pd.DataFrame(table, index=list(days), columns=list(levels.NAMES))


def _assess(
    history: History, criteria: Criteria, in_force: Sequence[Criterion], days: npt.NDArray[np.datetime64]
) -> Readiness:
    told = {
        (measure, basis): history.last(measure, basis, days)
        for measure in dict.fromkeys(m for criterion in in_force for m in criterion.measures)
        for basis in ("declared", "verified")
    }
    fresh_for = criteria.verified_expires_after_days
    return Readiness(history.codes, days, tuple(_judge(criterion, told, fresh_for) for criterion in in_force))


def _judge(criterion: Criterion, told: dict[tuple[str, str], Told], fresh_for: int) -> Judged:
    """Verified wins over declared while it is fresh, measure by measure."""
    used, age, stale, verified = [], [], [], []
    for measure in criterion.measures:
        own, found = told[measure, "declared"], told[measure, "verified"]
        wins = found.age <= fresh_for  # NaN (never verified) compares false
        used.append(np.where(wins, found.value, own.value))
        age.append(np.where(wins, found.age, own.age))
        stale.append(~wins & (own.age > criterion.stale_after_days))  # a finding ages by its own limit
        verified.append(wins)
    by_visit = np.logical_or.reduce(verified)
    own_values = [told[measure, "declared"].value for measure in criterion.measures]
    declared = _share(*own_values) if criterion.kind == "ratio" else own_values[0]
    part, whole = used if criterion.kind == "ratio" else (np.full_like(used[0], np.nan),) * 2
    value = _share(*used) if criterion.kind == "ratio" else used[0]
    level = levels.judge(value, np.logical_or.reduce(stale), criterion.green_from, criterion.red_below)
    own_level = levels.judge(declared, np.zeros_like(by_visit), criterion.green_from, criterion.red_below)
    return Judged(
        criterion,
        value,
        part,
        whole,
        np.maximum.reduce(age),
        level,
        by_visit,
        by_visit & (own_level != level) & (own_level < levels.STALE) & (level < levels.STALE),
        declared,
    )


def _share(part: Numbers, whole: Numbers) -> Numbers:
    """part ÷ whole; 1 where nothing is needed (the condition is met), missing where either is."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((whole == 0) & ~np.isnan(part), 1.0, part / whole)

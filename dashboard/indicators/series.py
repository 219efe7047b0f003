"""Dossiers over time: one row a day, week or month, each from the source that answers for it."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.indicators.answers import Candidate, ranked
from dashboard.indicators.counts import Counts, Source
from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.periods import CUMULATIVE, DAY, GRAINS, OTHER, Days, number, parts, working_days
from dashboard.indicators.rates import INCOMPLETE, KNOWN, UNKNOWN, States
from dashboard.indicators.rows import FLOWS, NEW
from dashboard.workdays import Calendar

ADDED: Final = [*FLOWS, NEW]
COLUMNS: Final = ["period_from", "period_to", "kind", "grain", "complete", "units", *ADDED, "change", "state"]


def series(
    counts: Counts, grain: str, first: date, last: date, calendar: Calendar, mask: Flags | None = None
) -> pd.DataFrame:
    """The sums of all units (those of `mask`) per day, week or month that `first`..`last` touches.

    period_from, period_to   datetime64, natural periods; the last one ends with `last`
    kind, grain              the source that answered; empty where none did
    complete                 the whole natural period was told (a day off that nobody told is not)
    units                    how many of the units told something
    FLOWS, received_new      sums over these units; NaN: not told
    change                   received_new less that of the row before, NaN unless `state` (rates.KNOWN …) is KNOWN;
                             INCOMPLETE where one of the two is not complete or they are of different kinds of
                             source, UNKNOWN where this one is not told
    """
    known = counts.until(last)
    wanted = np.ones(len(counts.units), dtype=np.bool_) if mask is None else mask
    if grain == "day":
        frame = _days(known, number(first), number(last), wanted)
    else:
        frame = _parts(known, grain, first, last, calendar, wanted)
    complete, kind = frame["complete"].to_numpy(dtype=np.bool_), frame["kind"].to_numpy(dtype=object)
    frame["change"], frame["state"] = _change(frame[NEW].to_numpy(), complete, kind)
    return frame[COLUMNS]


def unit_series(counts: Counts, unit: str, grain: str, first: date, last: date, calendar: Calendar) -> pd.DataFrame:
    """The same of one unit, from the sources that answer for all: its curve and the province's agree."""
    return series(counts, grain, first, last, calendar, np.array([known == unit for known in counts.units]))


def _parts(counts: Counts, grain: str, first: date, last: date, calendar: Calendar, mask: Flags) -> pd.DataFrame:
    periods = [(number(period.first), number(period.last)) for period in parts(first, last, grain)]
    until = number(last)
    working = working_days(periods[0][0], until, calendar)
    rows = []
    for begin, end in periods:
        shown = min(end, until)
        own = working[slice(*np.searchsorted(working, [begin, shown + 1]))]
        found = next(iter(ranked(counts, begin, shown, own)), None)
        # A correction hides what happened in its days: such a period's sum is of the others only.
        whole = (
            found is not None and found.complete and end == shown and not (found.source.derived and found.behind.any())
        )
        rows.append({"first": begin, "last": shown, "complete": whole, **_of(found, mask)})
    frame = pd.DataFrame(rows)
    for name, end_of in (("period_from", "first"), ("period_to", "last")):
        frame[name] = _moment(frame[end_of].to_numpy(dtype=np.int64))
    return frame


def _moment(days: Days) -> npt.NDArray[np.datetime64]:
    return days.astype("datetime64[D]").astype("datetime64[s]")


def _of(found: Candidate | None, mask: Flags) -> dict[str, object]:
    if found is None:
        return {"kind": "", "grain": "", "units": 0, **dict.fromkeys(ADDED, np.nan)}
    tiles, own = found.tiles, {"received": found.tiles.received, "on_time_766": found.tiles.in_time}
    asked = mask[tiles.rows.unit]
    sums: dict[str, float] = {}
    for name in ADDED:
        value = own.get(name, tiles.rows.column(name))[asked]
        sums[name] = np.nan if np.isnan(value).all() else float(np.nansum(value))
    return {"kind": found.source.kind, "grain": GRAINS[found.grain], "units": int((found.told & mask).sum()), **sums}


def _days(counts: Counts, first: int, last: int, mask: Flags) -> pd.DataFrame:
    """Each day from the daily source of which most units told it; of equals the first, direct ones before derived."""
    days: Days = np.arange(first, last + 1)
    moment = _moment(days)
    most = np.zeros(len(days), dtype=np.int64)
    units = np.zeros(len(days), dtype=np.int64)
    kind = np.full(len(days), "", dtype=object)
    sums = {name: np.full(len(days), np.nan) for name in ADDED}
    for source in sorted(counts.sources_of_days(), key=lambda one: (one.derived, one.kind)):
        told, own, values = _daily_sums(source, first, len(days), mask)
        better = told > most
        most[better], units[better], kind[better] = told[better], own[better], source.kind
        for name in ADDED:
            sums[name][better] = values[name][better]
    grain = np.where(most > 0, GRAINS[DAY], "")
    return pd.DataFrame(
        {"period_from": moment, "period_to": moment, "kind": kind, "grain": grain, "complete": most > 0,
         "units": units, **sums}
    )  # fmt: skip


def _daily_sums(source: Source, first: int, length: int, mask: Flags) -> tuple[Days, Days, dict[str, Numbers]]:
    """Per day how many units told it, how many of the masked ones, and the sums of these."""
    rows = source.within(first, first + length - 1)
    if source.grain in (None, CUMULATIVE, OTHER):
        rows = rows.take(rows.is_day)
    told = np.bincount(rows.last - first, minlength=length)
    if not mask.all():
        rows = rows.take(mask[rows.unit])
    place = rows.last - first
    values = {}
    for name in ADDED:
        value = rows.column(name)
        known = ~np.isnan(value)
        sums = np.bincount(place[known], value[known], length).astype(np.float64)
        sums[np.bincount(place[known], minlength=length) == 0] = np.nan
        values[name] = sums
    return told, np.bincount(place, minlength=length), values


def _change(value: Numbers, complete: Flags, kind: npt.NDArray[np.object_]) -> tuple[Numbers, States]:
    difference = np.full(len(value), np.nan)
    difference[1:] = np.diff(value)
    both = complete.copy()
    both[:1] = False
    both[1:] &= complete[:-1] & ~np.isnan(value[:-1]) & (kind[1:] == kind[:-1])
    state = np.where(both, KNOWN, INCOMPLETE).astype(np.int8)
    state[np.isnan(value)] = UNKNOWN
    return np.where(state == KNOWN, difference, np.nan), state

"""Dossiers over time: one row a day, week or month, each from the source that answers for it."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.throughput.count_rows import FLOWS, NEW
from dashboard.indicators.throughput.count_sources import CountSource
from dashboard.indicators.throughput.counts import DossierCounts
from dashboard.indicators.throughput.periods import (
    CUMULATIVE,
    DAY,
    GRAINS,
    OTHER,
    DayNumbers,
    list_natural_periods,
    list_working_days,
    to_day_number,
)
from dashboard.indicators.throughput.rates import INCOMPLETE, KNOWN, UNKNOWN, States
from dashboard.indicators.throughput.source_selection import SourceCandidate, rank_sources
from dashboard.workdays import WorkingDayCalendar

ADDED_COLUMNS: Final = [*FLOWS, NEW]
SERIES_COLUMNS: Final = [
    "period_from",
    "period_to",
    "kind",
    "grain",
    "complete",
    "units",
    *ADDED_COLUMNS,
    "change",
    "state",
]


def build_dossier_series(
    counts: DossierCounts,
    grain: str,
    first: date,
    last: date,
    calendar: WorkingDayCalendar,
    mask: Flags | None = None,
) -> pd.DataFrame:
    """The sums of all units (those of `mask`) per day, week or month that `first`..`last` touches.

    period_from, period_to  datetime64, natural periods; the last one ends with `last`
    kind, grain             the source that answered; empty where none did
    complete                the whole natural period was told (a day off that nobody told is not)
    units                   how many of the units told something
    FLOWS, received_new     sums over these units; NaN: not told
    change                  received_new less that of the row before, NaN unless `state`
                            (rates.KNOWN …) is KNOWN; INCOMPLETE where one of the two is not
                            complete or they are of different kinds of source, UNKNOWN where this
                            one is not told
    """
    counts_until = counts.until(last)
    chosen = np.ones(len(counts.units), dtype=np.bool_) if mask is None else mask
    if grain == "day":
        frame = _sum_days(counts_until, to_day_number(first), to_day_number(last), chosen)
    else:
        frame = _sum_periods(counts_until, grain, first, last, calendar, chosen)
    complete = frame["complete"].to_numpy(dtype=np.bool_)
    source_kind = frame["kind"].to_numpy(dtype=object)
    frame["change"], frame["state"] = _change_of_rows(frame[NEW].to_numpy(), complete, source_kind)
    return frame[SERIES_COLUMNS]


def _sum_periods(
    counts: DossierCounts,
    grain: str,
    first: date,
    last: date,
    calendar: WorkingDayCalendar,
    mask: Flags,
) -> pd.DataFrame:
    periods = [
        (to_day_number(period.first), to_day_number(period.last))
        for period in list_natural_periods(first, last, grain)
    ]
    until = to_day_number(last)
    working = list_working_days(periods[0][0], until, calendar)
    rows = []
    for begin, end in periods:
        last_shown = min(end, until)
        working_within = working[slice(*np.searchsorted(working, [begin, last_shown + 1]))]
        candidate = next(iter(rank_sources(counts, begin, last_shown, working_within)), None)
        # A correction hides what happened in its days: such a period's sum is of the others only.
        is_complete = (
            candidate is not None
            and candidate.complete
            and end == last_shown
            and not (candidate.source.derived and candidate.behind.any())
        )
        rows.append(
            {
                "first": begin,
                "last": last_shown,
                "complete": is_complete,
                **_sum_candidate(candidate, mask),
            }
        )
    frame = pd.DataFrame(rows)
    for name, end_of in (("period_from", "first"), ("period_to", "last")):
        frame[name] = _as_moments(frame[end_of].to_numpy(dtype=np.int64))
    return frame


def _as_moments(days: DayNumbers) -> npt.NDArray[np.datetime64]:
    return days.astype("datetime64[D]").astype("datetime64[s]")


def _sum_candidate(candidate: SourceCandidate | None, mask: Flags) -> dict[str, object]:
    if candidate is None:
        return {"kind": "", "grain": "", "units": 0, **dict.fromkeys(ADDED_COLUMNS, np.nan)}
    partition = candidate.partition
    own = {"received": candidate.partition.received, "on_time_766": candidate.partition.in_time}
    in_mask = mask[partition.rows.unit]
    sums: dict[str, float] = {}
    for name in ADDED_COLUMNS:
        value = own.get(name, partition.rows.column(name))[in_mask]
        sums[name] = np.nan if np.isnan(value).all() else float(np.nansum(value))
    return {
        "kind": candidate.source.source_kind,
        "grain": GRAINS[candidate.grain],
        "units": int((candidate.units_reporting & mask).sum()),
        **sums,
    }


def _sum_days(counts: DossierCounts, first: int, last: int, mask: Flags) -> pd.DataFrame:
    """Each day from the daily source of which most units told it; of equals the first, direct ones
    before derived.
    """
    days: DayNumbers = np.arange(first, last + 1)
    moment = _as_moments(days)
    most = np.zeros(len(days), dtype=np.int64)
    units = np.zeros(len(days), dtype=np.int64)
    source_kind = np.full(len(days), "", dtype=object)
    sums = {name: np.full(len(days), np.nan) for name in ADDED_COLUMNS}
    for source in sorted(
        counts.sources_of_days(), key=lambda source: (source.derived, source.source_kind)
    ):
        reporting, own, values = _daily_sums(source, first, len(days), mask)
        better = reporting > most
        most[better] = reporting[better]
        units[better] = own[better]
        source_kind[better] = source.source_kind
        for name in ADDED_COLUMNS:
            sums[name][better] = values[name][better]
    grain = np.where(most > 0, GRAINS[DAY], "")
    return pd.DataFrame(
        {
            "period_from": moment,
            "period_to": moment,
            "kind": source_kind,
            "grain": grain,
            "complete": most > 0,
            "units": units,
            **sums,
        }
    )


def _daily_sums(
    source: CountSource, first: int, length: int, mask: Flags
) -> tuple[DayNumbers, DayNumbers, dict[str, Numbers]]:
    """Per day how many units told it, how many of the masked ones, and the sums of these."""
    rows = source.within(first, first + length - 1)
    if source.grain in (None, CUMULATIVE, OTHER):
        rows = rows.take(rows.is_day)
    reporting = np.bincount(rows.last - first, minlength=length)
    if not mask.all():
        rows = rows.take(mask[rows.unit])
    day_index = rows.last - first
    values = {}
    for name in ADDED_COLUMNS:
        value = rows.column(name)
        has_value = ~np.isnan(value)
        sums = np.bincount(day_index[has_value], value[has_value], length).astype(np.float64)
        sums[np.bincount(day_index[has_value], minlength=length) == 0] = np.nan
        values[name] = sums
    return reporting, np.bincount(day_index, minlength=length), values


def _change_of_rows(
    value: Numbers, complete: Flags, source_kind: npt.NDArray[np.object_]
) -> tuple[Numbers, States]:
    difference = np.full(len(value), np.nan)
    difference[1:] = np.diff(value)
    both = complete.copy()
    both[:1] = False
    both[1:] &= complete[:-1] & ~np.isnan(value[:-1]) & (source_kind[1:] == source_kind[:-1])
    state = np.where(both, KNOWN, INCOMPLETE).astype(np.int8)
    state[np.isnan(value)] = UNKNOWN
    return np.where(state == KNOWN, difference, np.nan), state

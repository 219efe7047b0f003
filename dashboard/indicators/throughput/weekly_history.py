"""Every unit's dossiers week by week (or month by month), and what its peers had: the band behind
its curve.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.throughput.count_rows import NEW
from dashboard.indicators.throughput.counts import DossierCounts
from dashboard.indicators.throughput.periods import (
    Period,
    from_day_number,
    list_natural_periods,
    list_working_days,
    to_day_number,
)
from dashboard.indicators.throughput.source_selection import rank_sources
from dashboard.workdays import WorkingDayCalendar

HISTORY_COLUMNS: Final = (
    *(NEW, "received_online", "received_in_person", "received_post", "received_other"),
    *("resolved", "resolved_early", "resolved_on_time", "resolved_late"),
)
QUARTILES: Final = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class WeeklyHistory:
    """Periods of one grain, each from the source that answers for it for all units.

    `complete`: that source tells the whole natural period (the running one is not). `sums`: per
    column units x periods, NaN where not told or where a part of the period is missing for the
    unit: half a month is no drop. `working`: how many working days each period has. `source_kinds`:
    who answers for the whole periods; `until` the last day of which they tell receptions: weeks are
    whole without their days off.
    """

    grain: str
    periods: tuple[Period, ...]
    complete: Flags
    sums: dict[str, Numbers]
    working: tuple[int, ...]
    source_kinds: tuple[str, ...] = ()
    until: date | None = None

    @property
    def communes_told(self) -> int:
        """How many units tell of receptions in any whole period."""
        received = self.sums[NEW][:, self.complete]
        return int((~np.isnan(received)).any(axis=1).sum())

    @property
    def has_figures(self) -> bool:
        """Whether anything is known at all."""
        return any(not np.isnan(value).all() for value in self.sums.values())


def build_weekly_history(
    counts: DossierCounts, first: date, last: date, calendar: WorkingDayCalendar
) -> WeeklyHistory:
    """The weeks that `first`..`last` touches; where no source tells a single whole one,
    the months.
    """
    counts_until = counts.until(last)
    weeks = _build_history(counts_until, "week", first, last, calendar)
    if weeks.complete.any():
        return weeks
    months = _build_history(counts_until, "month", first, last, calendar)
    return months if months.has_figures else weeks


def _build_history(
    counts: DossierCounts, grain: str, first: date, last: date, calendar: WorkingDayCalendar
) -> WeeklyHistory:
    periods = tuple(list_natural_periods(first, last, grain))
    until = to_day_number(last)
    working = list_working_days(to_day_number(periods[0].first), until, calendar)
    shape = (len(counts.units), len(periods))
    sums = {name: np.full(shape, np.nan) for name in HISTORY_COLUMNS}
    complete = np.zeros(len(periods), dtype=np.bool_)
    source_kinds: dict[str, None] = {}
    reached = 0
    for index, period in enumerate(periods):
        begin = to_day_number(period.first)
        end = min(to_day_number(period.last), until)
        working_within = working[slice(*np.searchsorted(working, [begin, end + 1]))]
        best = next(iter(rank_sources(counts, begin, end, working_within)), None)
        if best is None:
            continue
        complete[index] = best.complete and end == to_day_number(period.last)
        if complete[index]:
            source_kinds[best.source.source_kind] = None
            reached = max(reached, best.partition.reception_until)
        for name, value in sums.items():
            if name in best.partition.rows.values:
                value[:, index] = np.where(
                    best.behind, np.nan, best.partition.sum(best.partition.rows.column(name))
                )
    return WeeklyHistory(
        grain,
        periods,
        complete,
        sums,
        tuple(period.working(calendar) for period in periods),
        tuple(source_kinds),
        from_day_number(reached) if reached else None,
    )


def compute_peer_band(values: Numbers, mask: Flags) -> Numbers:
    """Lower quartile, median and upper quartile (rows) of the units of `mask`, per period
    (columns).

    `values`: units x periods. Linear between neighbours; NaN where no unit of them tells. All-NaN
    columns are left out before numpy is asked, which would warn of them.
    """
    own = values[mask]
    out = np.full((3, values.shape[1]), np.nan)
    some = ~np.isnan(own).all(axis=0) if len(own) else np.zeros(values.shape[1], dtype=np.bool_)
    if some.any():
        out[:, some] = np.nanquantile(own[:, some], QUARTILES, axis=0)
    return out

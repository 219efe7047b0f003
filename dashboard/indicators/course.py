"""Every unit's dossiers week by week (or month by month), and what its peers had: the band behind its curve."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from dashboard.indicators.answers import ranked
from dashboard.indicators.counts import Counts
from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.periods import Period, number, parts, working_days
from dashboard.indicators.rows import NEW
from dashboard.workdays import Calendar

COLUMNS: Final = (
    *(NEW, "received_online", "received_in_person", "received_post", "received_other"),
    *("resolved", "resolved_early", "resolved_on_time", "resolved_late"),
)
QUARTILES: Final = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Course:
    """Periods of one grain, each from the source that answers for it for all units.

    `complete`: that source tells the whole natural period (the running one is not). `sums`: per column units x
    periods, NaN where not told or where a part of the period is missing for the unit: half a month is no drop.
    `working`: how many working days each period has.
    """

    grain: str
    periods: tuple[Period, ...]
    complete: Flags
    sums: dict[str, Numbers]
    working: tuple[int, ...]

    @property
    def told(self) -> bool:
        """Whether anything is known at all."""
        return any(not np.isnan(value).all() for value in self.sums.values())


def course(counts: Counts, first: date, last: date, calendar: Calendar) -> Course:
    """The weeks that `first`..`last` touches; where no source tells a single whole one, the months."""
    known = counts.until(last)
    weeks = _course(known, "week", first, last, calendar)
    if weeks.complete.any():
        return weeks
    months = _course(known, "month", first, last, calendar)
    return months if months.told else weeks


def _course(counts: Counts, grain: str, first: date, last: date, calendar: Calendar) -> Course:
    periods = tuple(parts(first, last, grain))
    until = number(last)
    working = working_days(number(periods[0].first), until, calendar)
    shape = (len(counts.units), len(periods))
    sums = {name: np.full(shape, np.nan) for name in COLUMNS}
    complete = np.zeros(len(periods), dtype=np.bool_)
    for at, period in enumerate(periods):
        begin, end = number(period.first), min(number(period.last), until)
        own = working[slice(*np.searchsorted(working, [begin, end + 1]))]
        best = next(iter(ranked(counts, begin, end, own)), None)
        if best is None:
            continue
        complete[at] = best.complete and end == number(period.last)
        for name, value in sums.items():
            if name in best.tiles.rows.values:
                value[:, at] = np.where(best.behind, np.nan, best.tiles.sum(best.tiles.rows.column(name)))
    return Course(grain, periods, complete, sums, tuple(period.working(calendar) for period in periods))


def band(values: Numbers, mask: Flags) -> Numbers:
    """Lower quartile, median and upper quartile (rows) of the units of `mask`, per period (columns).

    `values`: units x periods. Linear between neighbours; NaN where no unit of them tells. All-NaN columns are
    left out before numpy is asked, which would warn of them.
    """
    own = values[mask]
    out = np.full((3, values.shape[1]), np.nan)
    some = ~np.isnan(own).all(axis=0) if len(own) else np.zeros(values.shape[1], dtype=np.bool_)
    if some.any():
        out[:, some] = np.nanquantile(own[:, some], QUARTILES, axis=0)
    return out

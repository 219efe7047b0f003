"""The same days a year before a period: what a month is held against beside the month before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from dashboard.indicators.throughput.counts import DossierCounts
from dashboard.indicators.throughput.periods import Period
from dashboard.indicators.throughput.source_selection import PeriodFigures, select_period_figures
from dashboard.reference import FIRST_DAY
from dashboard.workdays import WorkingDayCalendar

_FIFTY_TWO_WEEKS: Final = timedelta(days=364)


@dataclass(frozen=True)
class YearBefore:
    """What the same source told of the same days a year before, all of them; `working_days` of
    those days."""

    figures: PeriodFigures
    working_days: int


def find_year_before(period: Period) -> Period | None:
    """The same days of the year before; of a week and of single days the same weekdays, 52 weeks
    before. None where the communes of today did not exist yet.
    """
    if period.days <= 7:
        first = period.first - _FIFTY_TWO_WEEKS
        last = period.last - _FIFTY_TWO_WEEKS
    else:
        first = _same_day_a_year_before(period.first)
        last = _same_day_a_year_before(period.last)
    if first < FIRST_DAY:
        return None
    return Period(first, last, period.part_of)


def select_year_before(
    figures: PeriodFigures, counts: DossierCounts, calendar: WorkingDayCalendar
) -> YearBefore | None:
    """None where the source of `figures` did not tell those days to their end."""
    period = find_year_before(figures.period)
    if period is None:
        return None
    earlier = select_period_figures(
        counts, period.first, period.last, calendar, figures.source_kind
    )
    if earlier is None or not earlier.complete:
        return None
    return YearBefore(earlier, period.working(calendar))


def _same_day_a_year_before(day: date) -> date:
    """29 February has no like: then 28 February."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)

"""Periods of dossier figures: natural ones, the one before, their grains, and the newest that a
source told.

Days are whole numbers inside arrays (days since 1970-01-01) and `date` outside of them; both ends
are inclusive.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.workdays import WorkingDayCalendar

DayNumbers = npt.NDArray[np.int64]
GrainCodes = npt.NDArray[np.int8]

# From the finest to the coarsest; a grain is kept as its place in this row.
GRAINS: Final = ("day", "week", "month", "quarter", "year", "cumulative", "other")
DAY, WEEK, MONTH, QUARTER, YEAR, CUMULATIVE, OTHER = range(len(GRAINS))
_ONE_DAY = timedelta(days=1)
_MONTHS_OF = {MONTH: 1, QUARTER: 3, YEAR: 12}
_GRAINS_OF_MONTHS = ("quarter", "year")
_LONGEST_REST = 30  # days; the weeks of Tết are fewer


@dataclass(frozen=True, order=True)
class Period:
    """The days `first`..`last`, both inclusive; `part_of` the grain of the running natural period
    of which they are the days so far, "" where they stand for themselves."""

    first: date
    last: date
    part_of: str = ""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a period cannot end ({self.last}) before it begins ({self.first})")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def working(self, calendar: WorkingDayCalendar) -> int:
        """How many working days it has."""
        return len(list_working_days(to_day_number(self.first), to_day_number(self.last), calendar))

    @property
    def natural_period(self) -> Period:
        """The natural period that it is a part of, else itself."""
        return NATURAL_PERIOD_OF[self.part_of](self.first) if self.part_of else self

    @property
    def grain(self) -> str:
        """One of GRAINS by the ends alone, so never "cumulative": that depends on what else was
        told.
        """
        ends = (np.array([to_day_number(end)], dtype=np.int64) for end in (self.first, self.last))
        return GRAINS[int(classify_grains(*ends)[0])]


def to_day_number(day: date) -> int:
    """A day as days since 1970-01-01."""
    return int(np.datetime64(day, "D").astype(np.int64))


def from_day_number(days: int) -> date:
    """The day that is so many days after 1970-01-01."""
    return date(1970, 1, 1) + timedelta(days=int(days))


def classify_grains(first: DayNumbers, last: DayNumbers) -> GrainCodes:
    """The grain of each period by its ends alone: day, Monday to Sunday, month, quarter, year, else
    other.
    """
    grain = np.full(first.shape, OTHER, dtype=np.int8)
    beginning = first.astype("datetime64[D]")
    following = (last + 1).astype("datetime64[D]")
    first_month = beginning.astype("datetime64[M]")
    next_month = following.astype("datetime64[M]")
    of_months = (beginning == first_month) & (following == next_month)
    months = (next_month - first_month).astype(np.int64)
    begun = first_month.astype(np.int64) % 12
    for code, length in _MONTHS_OF.items():
        grain[of_months & (months == length) & (begun % length == 0)] = code
    grain[(last - first == 6) & (first % 7 == 4)] = WEEK  # 1970-01-05 was a Monday
    grain[first == last] = DAY
    return grain


def find_week_of(day: date) -> Period:
    """Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=6))


def find_month_of(day: date) -> Period:
    return _span_of_months(_number_of_month(day), 1)


def find_quarter_of(day: date) -> Period:
    return _span_of_months(day.year * 12 + (day.month - 1) // 3 * 3, 3)


def find_year_of(day: date) -> Period:
    return _span_of_months(day.year * 12, 12)


def _span_of_months(first: int, length: int) -> Period:
    """`length` months from the `first`-th after year 0."""
    following = first + length
    return Period(
        date(first // 12, first % 12 + 1, 1),
        date(following // 12, following % 12 + 1, 1) - timedelta(days=1),
    )


def find_previous_period(period: Period) -> Period:
    """The period before, and what days that stand for themselves are compared with.

    A whole month, quarter or year: the one before. The running month, day 1 to d: day 1 to d of the
    month before, or its last day where that is earlier. The running year: the same days of the year
    before, since dossiers have their seasons (Tết, harvests, school years). Anything else: as many
    days just before.
    """
    before = period.first - _ONE_DAY
    natural_period_of = {
        "month": find_month_of,
        "quarter": find_quarter_of,
        "year": find_year_of,
    }.get(period.grain)
    if natural_period_of is not None:
        return natural_period_of(before)
    if (
        period.first.day == 1
        and period.last <= find_month_of(period.first).last
        and period.days > 1
    ):
        earlier = find_month_of(before)
        return Period(
            earlier.first,
            min(earlier.first.replace(day=1) + (period.last - period.first), earlier.last),
        )
    if (
        (period.first.month, period.first.day) == (1, 1)
        and period.last <= find_year_of(period.first).last
        and period.days > 1
    ):
        earlier = find_month_of(period.last.replace(year=period.last.year - 1, day=1))
        last = earlier.first.replace(day=min(period.last.day, earlier.last.day))
        return Period(find_year_of(last).first, last)
    return Period(before - (period.last - period.first), before)


NATURAL_PERIOD_OF: Final = {
    "week": find_week_of,
    "month": find_month_of,
    "quarter": find_quarter_of,
    "year": find_year_of,
}


def cut_period_at(period: Period, day: date) -> Period:
    """The days of a natural period up to and with `day`, one of them; all of it where that is its
    last.
    """
    if period.grain in NATURAL_PERIOD_OF and day < period.last:
        return Period(period.first, day, period.grain)
    return period


def find_comparison_period(period: Period, calendar: WorkingDayCalendar) -> Period | None:
    """The period that a period is held against; None where it has only begun, with one working day
    or none so far.

    The days so far of a running period: of the natural period before as many whole months where
    they are whole months, else its first days, as many working days, or all of it where it has
    fewer. A single working day: the one before, since a Monday says nothing beside a Sunday.
    Anything else: `find_previous_period`.
    """
    if not period.part_of:
        return _working_day_before(period, calendar) or find_previous_period(period)
    full_period = find_previous_period(period.natural_period)
    if period.part_of in _GRAINS_OF_MONTHS and period.last == find_month_of(period.last).last:
        return Period(
            full_period.first,
            _span_of_months(_number_of_month(full_period.first) + _months_in(period) - 1, 1).last,
        )
    done = period.working(calendar)
    if done <= 1:
        return None
    ahead = list_working_days(
        to_day_number(full_period.first), to_day_number(full_period.last), calendar
    )
    if done <= len(ahead):
        return Period(full_period.first, from_day_number(ahead[done - 1]))
    return full_period


def _working_day_before(period: Period, calendar: WorkingDayCalendar) -> Period | None:
    if period.days > 1 or not period.working(calendar):
        return None
    before = list_working_days(
        to_day_number(period.first) - _LONGEST_REST, to_day_number(period.first) - 1, calendar
    )
    return Period(from_day_number(before[-1]), from_day_number(before[-1])) if len(before) else None


def list_working_days(first: int, last: int, calendar: WorkingDayCalendar) -> DayNumbers:
    """The working days within `first`..`last`, all as days since 1970."""
    days = np.arange(first, last + 1)
    return np.asarray(days[calendar.is_working(days.astype("datetime64[D]"))], dtype=np.int64)


def _number_of_month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _months_in(period: Period) -> int:
    return _number_of_month(period.last) - _number_of_month(period.first) + 1


def list_natural_periods(first: date, last: date, grain: str) -> Iterator[Period]:
    """The natural days, weeks or months that `first`..`last` touches, in order; the outer ones are
    whole too.
    """
    period_of = {"day": lambda day: Period(day, day), "week": find_week_of, "month": find_month_of}[
        grain
    ]
    day = first
    while day <= last:
        period = period_of(day)
        yield period
        day = period.last + _ONE_DAY


def find_newest_period(periods_told: pd.DataFrame) -> Period | None:
    """The period that a page shows: the running month from daily counts, else the newest period
    told.

    `periods_told`: period_from, period_to (datetime64), one row per period that a source told;
    where it has a column `derived`, periods between two snapshots count only if they are days:
    nobody reports "10 to 16 November". Daily counts answer where the newest figures are daily; of
    coarser ones the shortest that reaches furthest. None where nothing was told.
    """
    first, last = (
        periods_told[end].to_numpy().astype("datetime64[D]").astype(np.int64)
        for end in ("period_from", "period_to")
    )
    if "derived" in periods_told:
        eligible = (first == last) | ~periods_told["derived"].to_numpy(dtype=np.bool_)
        first = first[eligible]
        last = last[eligible]
    if not len(last):
        return None
    newest = last.max()
    latest_start = first[last == newest].max()
    end = from_day_number(newest)
    if latest_start == newest:
        return cut_period_at(find_month_of(end), end)
    return Period(from_day_number(latest_start), end)

"""Working days of Vietnam's offices: weekdays without public holidays, with the swaps of each year.

Computing is pure; `load_calendar` reads the holidays (data/public_holidays.csv) and the editable
list of swaps (data/working_days.toml) once.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from pydantic import BaseModel, Field, StrictBool, ValidationError

from dashboard.errors import DashboardError
from dashboard.messages import write_message
from dashboard.reference import ROOT

WORKING_DAYS_FILE = ROOT / "data" / "working_days.toml"
# Written by `tools/build_holidays.py` for the years of HOLIDAY_YEARS.
HOLIDAYS_FILE = ROOT / "data" / "public_holidays.csv"
# Dossiers of today's communes exist since 2025; a due date lies at most some years ahead.
HOLIDAY_YEARS = range(2020, 2041)


@dataclass(frozen=True)
class PublicHolidays:
    """`off`: nobody works, weekends among them; `worked`: Saturdays worked in exchange."""

    off: frozenset[date]
    worked: frozenset[date]


@dataclass(frozen=True)
class WorkingDayCalendar:
    """`off`: weekdays without work (holidays, swapped days); `on`: Saturdays and Sundays
    with work.
    """

    off: frozenset[date]
    on: frozenset[date]

    # Sorted once: hundreds of requests for help ask for their hours.
    @cached_property
    def _weekdays(self) -> np.busdaycalendar:
        return np.busdaycalendar(holidays=_sort_days(self.off))

    @cached_property
    def _days_on(self) -> np.ndarray:
        return _sort_days(self.on)

    def is_working(self, days: np.ndarray) -> np.ndarray:
        """Which of the days (datetime64) are working days; NaT is none."""
        days = days.astype("datetime64[D]")
        present = ~np.isnat(days)
        working = np.zeros(days.shape, dtype=bool)
        working[present] = np.is_busday(days[present], busdaycal=self._weekdays) | np.isin(
            days[present], self._days_on
        )
        return working

    def is_working_day(self, day: date) -> bool:
        """The same of one day, without an array."""
        return (day.weekday() < 5 and day not in self.off) or day in self.on

    def is_office_time(self, moment: datetime, begin: time, end: time) -> bool:
        """Whether offices work at a moment of Vietnam: a working day, from `begin` until before
        `end`.
        """
        return self.is_working_day(moment.date()) and begin <= moment.time() < end

    def between(self, first: np.ndarray, last: np.ndarray) -> np.ndarray:
        """Working days after `first` up to and with `last` (datetime64, no NaT): a deadline of 3
        days set on a Friday ends on Wednesday. Negative where `last` lies before `first`."""
        start = first.astype("datetime64[D]") + 1
        end = last.astype("datetime64[D]") + 1
        early = np.minimum(start, end)
        late = np.maximum(start, end)
        count = np.busday_count(early, late, busdaycal=self._weekdays)
        count += np.searchsorted(self._days_on, late) - np.searchsorted(self._days_on, early)
        return np.where(end < start, -count, count)


def _sort_days(days: Iterable[date]) -> np.ndarray:
    return np.array(sorted(days), dtype="datetime64[D]")


@lru_cache(maxsize=1)
def load_public_holidays() -> PublicHolidays:
    """Those of HOLIDAY_YEARS."""
    with HOLIDAYS_FILE.open(encoding="utf-8", newline="") as file:
        is_worked = {
            date.fromisoformat(row["date"]): row["worked"] == "yes" for row in csv.DictReader(file)
        }
    worked = frozenset(day for day, works in is_worked.items() if works)
    return PublicHolidays(frozenset(is_worked) - worked, worked)


def build_calendar(swaps: dict[date, bool]) -> WorkingDayCalendar:
    """Public holidays with `swaps` (day to whether it is worked), which win."""
    public_holidays = load_public_holidays()
    off = {day for day in public_holidays.off if day.weekday() < 5} | {
        day for day, working in swaps.items() if not working
    }
    on = public_holidays.worked | {day for day, working in swaps.items() if working}
    return WorkingDayCalendar(
        frozenset(off - on), frozenset(day for day in on - off if day.weekday() >= 5)
    )


class _SwappedDay(BaseModel):
    day: date = Field(alias="date", strict=True)
    working: StrictBool


class _SwappedDays(BaseModel):
    """The `[[day]]` tables of the file."""

    entries: list[_SwappedDay] = Field(default=[], alias="day")


@lru_cache(maxsize=4)
def load_calendar(file: Path = WORKING_DAYS_FILE) -> WorkingDayCalendar:
    """The calendar with the swaps of `file`. Raises DashboardError naming the entry that cannot be
    read.
    """
    try:
        swapped = _SwappedDays.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except ValidationError as error:
        # ("day", 0, "date"): table, entry, field
        number = int(next(iter(error.errors()[0]["loc"][1:]), 0)) + 1
        raise DashboardError(
            write_message(
                "{file}: mục thứ {number}: cần date = 2026-01-02 và working = true hoặc false",
                file=file.name,
                number=number,
            )
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DashboardError(
            write_message(
                "{file}: không đọc được ({error}); hãy sửa lại tệp",
                file=file.name,
                error=str(error),
            )
        ) from error
    return build_calendar({entry.day: entry.working for entry in swapped.entries})

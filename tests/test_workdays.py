"""Working days: weekends, public holidays, and the swaps that only the editable list knows."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import holidays
import numpy as np
import pytest

from dashboard import workdays
from dashboard.errors import DashboardError
from tools.build_holidays import write_holidays


def working(day: str) -> bool:
    return bool(workdays.load_calendar().is_working(np.array([day], dtype="datetime64[D]"))[0])


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-01-02", False),  # swapped, and unknown to the list of holidays
        ("2026-01-10", True),  # the Saturday worked for it
        ("2026-01-03", False),
        ("2026-01-05", True),
        ("2026-02-17", False),  # Tết
        ("2026-08-31", False),
        ("2026-08-22", True),
        ("2026-09-02", False),
        ("2026-11-13", True),
        ("2026-11-14", False),
    ],
)
def test_a_day_is_worked_as_the_offices_work(day: str, worked: bool) -> None:
    assert working(day) is worked


def test_the_holidays_are_those_of_the_library(tmp_path: Path) -> None:
    written = tmp_path / "public_holidays.csv"
    write_holidays(written)
    assert written.read_bytes() == workdays.HOLIDAYS_FILE.read_bytes(), (
        "python -m tools.build_holidays writes the file anew"
    )
    of_library = holidays.country_holidays("VN", years=workdays.HOLIDAY_YEARS)
    calendar = workdays.build_calendar({})
    day = date(workdays.HOLIDAY_YEARS[0], 1, 1)
    while day.year in workdays.HOLIDAY_YEARS:
        assert calendar.is_working_day(day) == of_library.is_working_day(day), day
        assert (day in workdays.load_public_holidays().off) == (day in of_library), day
        day += timedelta(days=1)


def test_a_day_that_is_not_known_is_not_worked() -> None:
    assert not working("NaT")


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2026-11-13", "2026-11-13", 0),
        ("2026-11-13", "2026-11-16", 1),  # Friday to Monday
        # New Year, its swapped Friday, and the Saturday worked for it
        ("2025-12-31", "2026-01-12", 7),
        ("2026-02-13", "2026-02-23", 1),  # over Tết
        ("2026-11-16", "2026-11-13", -1),
    ],
)
def test_working_days_are_counted_over_holidays_and_swaps(first: str, last: str, days: int) -> None:
    start, end = np.array([first], dtype="datetime64[D]"), np.array([last], dtype="datetime64[D]")
    assert workdays.load_calendar().between(start, end).tolist() == [days]


def test_counting_is_the_same_as_going_day_by_day() -> None:
    calendar, start = workdays.load_calendar(), date(2025, 12, 20)
    days = [start + timedelta(days=step) for step in range(90)]
    worked = [day for day in days if working(day.isoformat())]
    for end in days:
        span = np.array([start], dtype="datetime64[D]"), np.array([end], dtype="datetime64[D]")
        assert calendar.between(*span).tolist() == [sum(start < day <= end for day in worked)]


def test_the_list_can_be_edited_and_its_mistakes_are_named(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text("[[day]]\ndate = 2026-11-13\nworking = false\n", encoding="utf-8")
    bad.write_text('[[day]]\ndate = "13/11/2026"\nworking = false\n', encoding="utf-8")
    day = np.array(["2026-11-13"], dtype="datetime64[D]")
    assert not workdays.load_calendar(good).is_working(day)[0]
    with pytest.raises(DashboardError, match="mục thứ 1"):
        workdays.load_calendar(bad)
    no_entries = tmp_path / "no_entries.toml"
    no_entries.write_text("day = 2026-11-13\n", encoding="utf-8")
    with pytest.raises(DashboardError, match="mục thứ 1"):
        workdays.load_calendar(no_entries)


@pytest.mark.parametrize(
    ("moment", "open_then"),
    [
        ("2026-11-23T07:29", False),
        ("2026-11-23T07:30", True),
        ("2026-11-23T17:00", False),
        ("2026-11-22T09:00", False),  # Sunday
        ("2026-01-02T09:00", False),  # swapped
        ("2026-01-10T09:00", True),  # the Saturday worked for it
    ],
)
def test_an_office_is_open_on_working_days_within_its_hours(moment: str, open_then: bool) -> None:
    calendar = workdays.load_calendar()
    hours = (time(7, 30), time(17))
    assert calendar.is_office_time(datetime.fromisoformat(moment), *hours) == open_then

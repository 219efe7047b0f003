"""Periods: which one is before, which grain it has, and which one a page shows."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators.throughput import periods
from dashboard.indicators.throughput.periods import GRAINS, Period
from dashboard.workdays import load_calendar

DATES = st.dates(date(2024, 1, 1), date(2028, 12, 31))


def period(first: str, last: str, part_of: str = "") -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last), part_of)


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (period("2026-03-01", "2026-03-31"), period("2026-02-01", "2026-02-28")),
        (period("2026-01-01", "2026-01-31"), period("2025-12-01", "2025-12-31")),
        # The running month is held against as many days of the month before, not against all of it.
        (period("2026-11-01", "2026-11-20"), period("2026-10-01", "2026-10-20")),
        (period("2026-03-01", "2026-03-30"), period("2026-02-01", "2026-02-28")),
        (period("2026-11-16", "2026-11-22"), period("2026-11-09", "2026-11-15")),
        (period("2026-07-01", "2026-09-30"), period("2026-04-01", "2026-06-30")),
        (period("2026-01-01", "2026-12-31"), period("2025-01-01", "2025-12-31")),
        (period("2026-01-01", "2026-11-20"), period("2025-01-01", "2025-11-20")),
        (period("2028-01-01", "2028-02-29"), period("2027-01-01", "2027-02-28")),
        (period("2026-01-01", "2026-01-20"), period("2025-12-01", "2025-12-20")),
        (period("2026-11-10", "2026-11-19"), period("2026-10-31", "2026-11-09")),
        (period("2026-11-10", "2026-11-10"), period("2026-11-09", "2026-11-09")),
        (period("2026-11-01", "2026-11-01"), period("2026-10-31", "2026-10-31")),
    ],
)
def test_the_period_one_compares_with(now: Period, before: Period) -> None:
    assert periods.find_previous_period(now) == before


@pytest.mark.parametrize(
    ("day", "grain", "before"),
    [
        # November began on a Sunday: its 15 working days up to the 22nd are October's up to the
        # 21st.
        ("2026-11-22", "month", period("2026-10-01", "2026-10-21")),
        ("2026-11-03", "month", period("2026-10-01", "2026-10-02")),
        ("2026-11-18", "week", period("2026-11-09", "2026-11-11")),
        ("2026-11-20", "quarter", period("2026-07-01", "2026-08-20")),
        # Tết took most of February's first half: less of January has as many working days.
        ("2026-02-28", "quarter", period("2025-10-01", "2025-11-30")),
        ("2026-10-31", "year", period("2025-01-01", "2025-10-31")),
        ("2026-03-30", "month", period("2026-02-01", "2026-02-28")),
        ("2026-11-01", "month", None),
        ("2026-11-02", "month", None),
        ("2026-11-16", "week", None),
        ("2027-08-31", "week", period("2027-08-23", "2027-08-24")),
    ],
)
def test_the_days_so_far_are_held_against_as_many_working_days(
    day: str, grain: str, before: Period | None
) -> None:
    now = date.fromisoformat(day)
    running = periods.cut_period_at(periods.NATURAL_PERIOD_OF[grain](now), now)
    assert running.natural_period == periods.NATURAL_PERIOD_OF[grain](now)
    assert periods.find_comparison_period(running, load_calendar()) == before


@pytest.mark.parametrize(
    ("day", "before"),
    [
        ("2026-11-20", "2026-11-19"),
        ("2026-11-16", "2026-11-13"),  # a Monday: the Friday before
        ("2026-02-23", "2026-02-13"),  # the first working day after Tết: the last before it
        ("2026-11-22", "2026-11-21"),  # a Sunday: the Saturday
    ],
)
def test_a_working_day_is_held_against_the_working_day_before(day: str, before: str) -> None:
    assert periods.find_comparison_period(period(day, day), load_calendar()) == period(
        before, before
    )


@settings(max_examples=60, deadline=None)
@given(DATES, st.sampled_from(["week", "month", "quarter", "year"]))
def test_the_days_before_agree_with_going_on_day_by_day(day: date, grain: str) -> None:
    running = periods.cut_period_at(periods.NATURAL_PERIOD_OF[grain](day), day)
    comparison = periods.find_comparison_period(running, load_calendar())
    if not running.part_of:
        assert comparison == periods.find_previous_period(running)
        return
    ahead = periods.find_previous_period(running.natural_period)
    if grain in ("quarter", "year") and (day + timedelta(days=1)).day == 1:
        assert comparison is not None
        assert (comparison.first, (comparison.last + timedelta(days=1)).day) == (ahead.first, 1)
        assert months_of(comparison) == months_of(running)
        return
    done = sum(works(running.first + timedelta(days=n)) for n in range(running.days))
    if done < 2:
        assert comparison is None
        return
    last, left = ahead.first, done - works(ahead.first)
    while left and last < ahead.last:
        last += timedelta(days=1)
        left -= works(last)
    assert comparison == Period(ahead.first, last), "all of it where it has fewer"


def works(day: date) -> bool:
    return bool(load_calendar().is_working(np.array([day], dtype="datetime64[D]"))[0])


def months_of(of: Period) -> int:
    return len(
        {(day.year, day.month) for day in (of.first + timedelta(days=n) for n in range(of.days))}
    )


def test_periods_of_a_day() -> None:
    day = date(2026, 11, 22)
    assert periods.find_week_of(day) == period("2026-11-16", "2026-11-22")
    assert periods.find_month_of(day) == period("2026-11-01", "2026-11-30")
    assert periods.find_month_of(date(2026, 12, 5)) == period("2026-12-01", "2026-12-31")
    assert periods.find_quarter_of(day) == period("2026-10-01", "2026-12-31")


def slow_grain(first: date, last: date) -> str:
    after = last + timedelta(days=1)
    if first == last:
        return "day"
    if first.weekday() == 0 and (last - first).days == 6:
        return "week"
    for name, starts, length in [
        ("month", range(1, 13), 1),
        ("quarter", (1, 4, 7, 10), 3),
        ("year", (1,), 12),
    ]:
        ends = (first.year + (first.month + length > 12), (first.month + length - 1) % 12 + 1, 1)
        if (
            first.day == 1
            and first.month in starts
            and (after.year, after.month, after.day) == ends
        ):
            return name
    return "other"


@settings(max_examples=60, deadline=None)
@given(
    DATES,
    st.sampled_from(
        [
            periods.find_week_of,
            periods.find_month_of,
            periods.find_quarter_of,
            periods.find_year_of,
            None,
        ]
    ),
    st.integers(0, 400),
)
def test_a_grain_is_known_by_the_ends(day: date, of: object, length: int) -> None:
    period = of(day) if callable(of) else Period(day, day + timedelta(days=length))
    assert period.grain == slow_grain(period.first, period.last)
    numbers = (np.array([periods.to_day_number(end)]) for end in (period.first, period.last))
    assert GRAINS[periods.classify_grains(*numbers)[0]] == period.grain


@settings(max_examples=60, deadline=None)
@given(DATES, st.integers(0, 400))
def test_the_period_before_ends_where_the_period_begins_or_earlier(
    first: date, length: int
) -> None:
    now = Period(first, first + timedelta(days=length))
    before = periods.find_previous_period(now)
    assert before.last < now.first
    assert before.grain == now.grain or now.grain in ("day", "other") or before.days == now.days


@settings(max_examples=30, deadline=None)
@given(DATES, st.integers(0, 100), st.sampled_from(["day", "week", "month"]))
def test_parts_touch_every_day_once(first: date, length: int, grain: str) -> None:
    last = first + timedelta(days=length)
    parts = list(periods.list_natural_periods(first, last, grain))
    assert parts[0].first <= first <= parts[0].last
    assert parts[-1].first <= last <= parts[-1].last
    assert all(
        later.first == earlier.last + timedelta(days=1) for earlier, later in pairwise(parts)
    )
    assert all(slow_grain(part.first, part.last) == grain for part in parts)


def told(*rows: tuple[str, str], derived: list[bool] | None = None) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            end: pd.to_datetime([row[k] for row in rows])
            for k, end in enumerate(("period_from", "period_to"))
        }
    )
    return frame if derived is None else frame.assign(derived=derived)


def test_the_running_month_from_days_else_the_finest_that_reaches_furthest() -> None:
    assert periods.find_newest_period(told()) is None
    assert periods.find_newest_period(
        told(("2026-11-20", "2026-11-20"), ("2026-01-01", "2026-10-31"))
    ) == period("2026-11-01", "2026-11-20", "month")
    assert periods.find_newest_period(
        told(("2026-08-01", "2026-08-31"), ("2026-01-01", "2026-08-31"))
    ) == period("2026-08-01", "2026-08-31")


def test_what_lies_between_two_snapshots_is_no_period_to_show_unless_a_day() -> None:
    rows = (("2026-11-01", "2026-11-16"), ("2026-11-14", "2026-11-16"))
    assert periods.find_newest_period(told(*rows, derived=[False, True])) == period(
        "2026-11-01", "2026-11-16"
    )
    rows = (("2026-11-01", "2026-11-16"), ("2026-11-16", "2026-11-16"))
    assert periods.find_newest_period(told(*rows, derived=[False, True])) == period(
        "2026-11-01", "2026-11-16", "month"
    )


def test_a_period_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        period("2026-11-02", "2026-11-01")

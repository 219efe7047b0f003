"""The period of an address: what is written is read back, and junk is the newest period."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators.throughput import periods
from dashboard.indicators.throughput.periods import Period
from dashboard.reference import FIRST_DAY
from dashboard.web.documents.period import format_period_param, parse_period_param

TODAY = date(2026, 11, 22)
DAYS = st.dates(FIRST_DAY, TODAY)


@settings(max_examples=60, deadline=None)
@given(
    DAYS,
    st.sampled_from(
        [periods.find_week_of, periods.find_month_of, periods.find_quarter_of, periods.find_year_of]
    ),
)
def test_a_natural_period_has_a_name_that_is_read_back(day: date, of: object) -> None:
    period = of(day)  # type: ignore[operator]
    assert parse_period_param(format_period_param(period), TODAY) == period


@settings(max_examples=60, deadline=None)
@given(DAYS, st.integers(0, 100))
def test_any_other_days_are_named_by_both_ends(day: date, more: int) -> None:
    period = Period(day, day + timedelta(days=more))
    assert parse_period_param(format_period_param(period), TODAY) == period


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026-08", date(2026, 8, 1), date(2026, 8, 31)),
        ("2026-W47", date(2026, 11, 16), date(2026, 11, 22)),
        ("2026-08-03", date(2026, 8, 3), date(2026, 8, 3)),
        ("2026-08-03..2026-08-14", date(2026, 8, 3), date(2026, 8, 14)),
    ],
)
def test_the_names_of_periods(written: str, first: date, last: date) -> None:
    assert parse_period_param(written, TODAY) == Period(first, last)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "x",
        "2026-13",
        "2026-Q5",
        "2026-W60",
        "0000",
        "9999",
        "2024-08",
        "2026-12",
        "2026-02-30",
        "2026-08-14..2026-08-03",
        "2026-08-03..",
        "..",
        "２０２６",
        "9999-Q4",
        "-" * 22,
        "2026-01-01..9999-12-31",
        "0001-01-01..2026-11-22",
        "2024-12-31..2026-11-22",
        "2026-11-22..2028-01-01",
    ],
)
def test_junk_and_what_nobody_can_know_yet_is_no_period(written: str) -> None:
    assert parse_period_param(written, TODAY) is None


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30))
def test_whatever_is_written_never_breaks_a_page(written: str) -> None:
    period = parse_period_param(written, TODAY)
    assert period is None or period.first <= TODAY

"""What a period is called: a part of a month is never called the month."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators.throughput import periods
from dashboard.indicators.throughput.periods import Period
from dashboard.web.words.period_names import format_period_ends, name_period

DAYS = st.dates(date(2025, 7, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("first", "last", "named"),
    [
        ("2025-07-01", "2025-07-07", "01/07–07/07/2025"),
        ("2026-06-01", "2026-06-29", "01/06–29/06/2026"),
        ("2026-01-01", "2026-01-10", "01/01–10/01/2026"),
        ("2026-11-01", "2026-11-14", "01/11–14/11/2026"),
        ("2028-02-01", "2028-02-28", "01/02–28/02/2028"),
        ("2026-07-01", "2026-09-29", "01/07–29/09/2026"),
        ("2025-12-30", "2026-01-04", "30/12/2025–04/01/2026"),
        ("2026-08-03", "2026-08-03", "ngày 03/08/2026"),
        ("2026-11-01", "2026-11-01", "ngày 01/11/2026"),
        ("2026-08-03", "2026-08-09", "tuần 03/08–09/08/2026"),
        ("2025-12-29", "2026-01-04", "tuần 29/12/2025–04/01/2026"),
        ("2026-06-01", "2026-06-07", "tuần 01/06–07/06/2026"),
        ("2026-06-01", "2026-06-30", "tháng 6/2026"),
        ("2026-08-01", "2026-08-31", "tháng 8/2026"),
        ("2026-02-01", "2026-02-28", "tháng 2/2026"),
        ("2028-02-01", "2028-02-29", "tháng 2/2028"),
        ("2026-07-01", "2026-09-30", "quý 3/2026"),
        ("2026-01-01", "2026-12-31", "năm 2026"),
    ],
)
def test_periods_are_named_as_people_name_them(first: str, last: str, named: str) -> None:
    period = Period(date.fromisoformat(first), date.fromisoformat(last))
    assert name_period(period) == named


@pytest.mark.parametrize(
    ("part_of", "named"),
    [("month", "tháng 11/2026"), ("quarter", "quý 4/2026"), ("year", "năm 2026")],
)
def test_the_days_so_far_of_a_running_period_have_its_name(part_of: str, named: str) -> None:
    complete = periods.NATURAL_PERIOD_OF[part_of](date(2026, 11, 14))
    assert name_period(periods.cut_period_at(complete, date(2026, 11, 14))) == named


@settings(max_examples=200, deadline=None)
@given(DAYS, st.integers(1, 400))
def test_days_have_the_name_of_a_month_only_where_they_are_all_of_it(day: date, more: int) -> None:
    period = Period(day, day + timedelta(days=more))
    named = name_period(period)
    assert named.startswith("tháng") == (period == periods.find_month_of(day))
    assert named.startswith("quý") == (period == periods.find_quarter_of(day))
    if named[0].isdigit():
        assert named == format_period_ends(period)

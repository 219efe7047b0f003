"""The same days a year before, of the same source, or nothing."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.indicators.throughput.counts import DossierCounts
from dashboard.indicators.throughput.periods import Period
from dashboard.indicators.throughput.source_selection import select_period_figures
from dashboard.indicators.throughput.year_before import find_year_before, select_year_before
from dashboard.workdays import load_calendar
from tests.indicators.throughput.counting import UNITS, Row, frame, row

AUGUST = ("2026-08-01", "2026-08-31")
AUGUST_BEFORE = ("2025-08-01", "2025-08-31")


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ((date(2026, 8, 1), date(2026, 8, 31)), (date(2025, 8, 1), date(2025, 8, 31))),
        ((date(2026, 11, 1), date(2026, 11, 22)), (date(2025, 11, 1), date(2025, 11, 22))),
        ((date(2028, 2, 1), date(2028, 2, 29)), (date(2027, 2, 1), date(2027, 2, 28))),
        # a week against the same weekdays
        ((date(2026, 11, 16), date(2026, 11, 22)), (date(2025, 11, 17), date(2025, 11, 23))),
        ((date(2026, 7, 1), date(2026, 7, 1)), (date(2025, 7, 2), date(2025, 7, 2))),
    ],
)
def test_the_same_days_a_year_before(period: tuple[date, date], before: tuple[date, date]) -> None:
    assert find_year_before(Period(*period)) == Period(*before)


def test_before_the_communes_were_there_is_no_year_before() -> None:
    assert find_year_before(Period(date(2026, 6, 1), date(2026, 6, 30))) is None


def compare(*rows: Row) -> float | None:
    counts = DossierCounts(frame(list(rows)), UNITS)
    calendar = load_calendar()
    figures = select_period_figures(counts, date(2026, 8, 1), date(2026, 8, 31), calendar)
    assert figures is not None
    year_before = select_year_before(figures, counts, calendar)
    if year_before is None:
        return None
    assert year_before.working_days == 21, "21 working days in August 2025"
    return float(year_before.figures.totals()["received"])


def test_it_is_asked_of_the_same_source() -> None:
    now = row("00001", *AUGUST, "report", received=120)
    assert compare(now, row("00001", *AUGUST_BEFORE, "report", received=100)) == 100
    assert compare(now, row("00001", *AUGUST_BEFORE, "portal", received=100)) is None


def test_what_was_told_in_part_is_not_held_against() -> None:
    now = row("00001", *AUGUST, "report", received=120)
    assert compare(now, row("00001", "2025-08-01", "2025-08-10", "report", received=9)) is None

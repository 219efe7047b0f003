"""Places and counts of the period before: those that were the report of that period, or none at
all.
"""

from __future__ import annotations

from datetime import date

import pandas as pd
from hypothesis import assume, given, settings

from dashboard.indicators.criteria import ThroughputRule
from dashboard.indicators.throughput import periods
from dashboard.indicators.throughput.counts import DossierCounts
from dashboard.indicators.throughput.dossiers import (
    RANKED_COUNTS,
    ProvinceDossiers,
    assess_dossiers,
)
from dashboard.indicators.throughput.periods import Period
from dashboard.indicators.throughput.rates import RATES
from dashboard.reference import FIRST_DAY
from tests.indicators.throughput.counting import MONDAY, UNITS, Row, frame, row, told_rows
from tests.indicators.throughput.test_source_selection import WEEKDAYS

COMMUNES = pd.DataFrame({"name": UNITS, "kind": ["xa", "xa", "phuong"]}, index=list(UNITS))
RULE = ThroughputRule(0.95, 0.8, 5, FIRST_DAY, "why", "owner")
JULY, AUGUST = ("2026-07-01", "2026-07-31"), ("2026-08-01", "2026-08-31")
WHOLE = Period(date(2026, 8, 1), date(2026, 8, 31))


def of(rows: list[Row], period: Period) -> ProvinceDossiers:
    return assess_dossiers(
        DossierCounts(frame(rows), UNITS),
        DossierCounts(frame([]), ()),
        COMMUNES,
        period,
        RULE,
        (),
        WEEKDAYS,
    )


@settings(max_examples=40, deadline=None)
@given(told_rows(kinds=("list",)))
def test_the_places_before_are_those_of_the_earlier_periods_own_report(rows: list[Row]) -> None:
    week = Period(MONDAY.replace(), periods.find_week_of(MONDAY).last)
    later = periods.find_week_of(week.last.fromordinal(week.last.toordinal() + 1))
    now, before = of(rows, later), of(rows, week)
    assert (
        (now.ranks_before is None)
        == (now.totals_before() is None)
        == (now.count_ranks_before is None)
    )
    if now.ranks_before is None or now.count_ranks_before is None:
        complete = [
            figures is not None and figures.complete
            for figures in (now.period_figures, before.period_figures)
        ]
        assert not all(complete), "who knows both periods as a whole can compare them"
        return
    assume(before.period_figures is not None)
    for code in RATES:
        pd.testing.assert_frame_equal(now.ranks_before[code], before.ranks[code])
    for name in RANKED_COUNTS:
        pd.testing.assert_frame_equal(now.count_ranks_before[name], before.count_ranks[name])


def test_a_period_that_was_not_told_as_a_whole_compares_with_none() -> None:
    august = [row(unit, *AUGUST, "report", received=50, on_time_766=40) for unit in UNITS]
    assert of(august, WHOLE).ranks_before is None
    july = [
        row(unit, *JULY, "report", received=50, on_time_766=30 + number)
        for number, unit in enumerate(UNITS)
    ]
    dossiers = of([*august, *july], WHOLE)
    assert dossiers.ranks_before is not None
    assert dossiers.ranks_before["on_time_766"]["place"].tolist() == [2, 1, 1]
    before = dossiers.totals_before()
    assert before is not None
    assert before["received"] == 150

"""A province's dossiers: one kind of source speaks, and nobody gains a place or a colour by telling
less.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators import levels
from dashboard.indicators.criteria import ThroughputRule
from dashboard.indicators.throughput.counts import DossierCounts
from dashboard.indicators.throughput.dossiers import (
    ProvinceDossiers,
    assess_dossiers,
    list_dossiers_over_time,
)
from dashboard.indicators.throughput.periods import Period
from dashboard.indicators.throughput.rates import INCOMPLETE, RATES
from dashboard.reference import FIRST_DAY
from tests.indicators.throughput.counting import MONDAY, UNITS, Row, frame, row
from tests.indicators.throughput.test_source_selection import AUGUST, WEEKDAYS, weekdays

RULE = ThroughputRule(0.95, 0.8, 5, FIRST_DAY, "why", "owner")
COMMUNES = pd.DataFrame({"name": UNITS, "kind": "xa"}, index=list(UNITS))
WEEKS = [(MONDAY + timedelta(weeks=n), MONDAY + timedelta(weeks=n, days=6)) for n in range(3)]


def of(
    rows: list[Row], first: date, last: date, apart: list[Row] | None = None
) -> ProvinceDossiers:
    counts, departments = (
        DossierCounts(frame(rows), UNITS),
        DossierCounts(frame(apart or []), ("H48.01",)),
    )
    return assess_dossiers(counts, departments, COMMUNES, Period(first, last), RULE, (), WEEKDAYS)


def test_departments_and_the_month_before_are_told_by_the_source_that_answers_for_communes() -> (
    None
):
    july, first, last = ("2026-07-01", "2026-07-31"), date(2026, 8, 1), date(2026, 8, 31)
    listed = [
        dict(counts_row, on_time_766=3)
        for counts_row in weekdays("00001", AUGUST[0], 31, received=3)
    ]
    listed += [row("00001", *july, "portal_progress", received=90, on_time_766=9)]
    dossiers = of(
        listed,
        first,
        last,
        [row("H48.01", *AUGUST, "portal_progress", received=1000, on_time_766=100)],
    )
    assert dossiers.total_of_all("on_time_766").denominator == 63, (
        "what the portal counts is not added to a list"
    )
    assert dossiers.changes["on_time_766"].state[0] == INCOMPLETE, "the list tells nothing of July"
    portal = [
        row("00001", *month, "portal_progress", received=90, on_time_766=45)
        for month in (july, AUGUST)
    ]
    dossiers = of(
        portal, first, last, [row("H48.01", *AUGUST, "portal_progress", received=10, on_time_766=5)]
    )
    assert (
        dossiers.total_of_all("on_time_766").numerator,
        dossiers.total_of_all("on_time_766").denominator,
    ) == (
        50,
        100,
    )
    assert dossiers.changes["on_time_766"].difference[0] == 0


def test_who_tells_only_its_good_week_has_a_rate_and_neither_place_nor_colour() -> None:
    rows = [row(unit, *week, received=100, on_time_766=70) for unit in UNITS[1:] for week in WEEKS]
    dossiers = of(
        [*rows, row(UNITS[0], *WEEKS[0], received=100, on_time_766=99)], WEEKS[0][0], WEEKS[2][1]
    )
    rank = dossiers.ranks["on_time_766"].loc[UNITS[0]]
    assert (rank["state"], rank["rate"], rank["n"]) == ("incomplete", 0.99, 100)
    assert dossiers.ranks["on_time_766"]["place"].tolist()[1:] == [1, 1]
    assert dossiers.on_time_levels.tolist() == [levels.UNKNOWN, levels.RED, levels.RED]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=9, max_size=9),
    st.sets(st.sampled_from(range(3)), min_size=1),
    st.booleans(),
)
def test_no_commune_gains_a_place_by_telling_less(
    pairs: list[tuple[int, int]], left_out: set[int], blank: bool
) -> None:
    def told(hidden: set[int]) -> list[Row]:
        rows = []
        for n, pair in enumerate(pairs):
            unit, week = UNITS[n // 3], n % 3
            hides = unit == UNITS[0] and week in hidden
            if not hides or blank:
                on_time = None if hides else min(pair)
                rows.append(row(unit, *WEEKS[week], received=max(pair), on_time_766=on_time))
        return rows

    before, after = (
        of(told(hidden), WEEKS[0][0], WEEKS[2][1]).ranks["on_time_766"]["place"]
        for hidden in (set(), left_out)
    )
    assert np.isnan(after[UNITS[0]]), "who hides something has no place"
    # Where it had a place, those behind it move up and nobody else moves at all.
    others = list(UNITS[1:])
    behind = before[others] > before[UNITS[0]]
    assert (after[others].dropna() == (before[others] - behind).dropna()).all()


def test_a_province_of_which_nobody_told_is_unknown_in_everything() -> None:
    dossiers = of([], WEEKS[0][0], WEEKS[0][1])
    assert dossiers.period_figures is None
    assert all(np.isnan(dossiers.rates[code].value).all() for code in RATES)
    assert all((dossiers.ranks[code]["state"] == "unknown").all() for code in RATES)
    assert dossiers.count_ranks["received"]["place"].isna().all()
    assert (dossiers.on_time_levels == levels.UNKNOWN).all()


def test_a_bad_commune_that_falls_silent_improves_nothing_and_receives_nothing_less() -> None:
    rows = [
        row(unit, *week, received=100, on_time_766=in_time)
        for unit, in_time in zip(UNITS, (90, 90, 10), strict=True)
        for week in WEEKS[:2]
    ]
    assert of(rows, *WEEKS[1]).gain("on_time_766") == 0
    silent = of(rows[:-1], *WEEKS[1])
    assert silent.total("on_time_766").value == 0.9
    assert (silent.gain("on_time_766"), silent.gains()["received"]) == (0, 0)
    assert np.isnan(of(rows, *WEEKS[0]).gain("on_time_766")), "there is no week before"
    assert of(rows, *WEEKS[0]).gains().isna().all()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.one_of(st.none(), st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 9))),
        min_size=6,
        max_size=6,
    )
)
def test_gains_agree_with_a_slow_walk_over_the_communes(
    weeks: list[tuple[int, int, int] | None],
) -> None:
    rows = [
        row(
            UNITS[n // 2],
            *WEEKS[n % 2],
            received=max(week[:2]),
            on_time_766=min(week[:2]),
            resolved=week[2],
        )
        for n, week in enumerate(weeks)
        if week is not None
    ]
    both = [
        (before, now) for before, now in zip(weeks[::2], weeks[1::2], strict=True) if before and now
    ]
    dossiers = of(rows, *WEEKS[1])
    if not both:
        assert dossiers.gains()[["received", "resolved"]].isna().all()
        assert np.isnan(dossiers.gain("on_time_766"))
        return
    assert dossiers.gains()["received"] == sum(
        max(now[:2]) - max(before[:2]) for before, now in both
    )
    assert dossiers.gains()["resolved"] == sum(now[2] - before[2] for before, now in both)
    parts, wholes = (
        [sum(of_two(pair[n][:2]) for pair in both) for n in range(2)] for of_two in (min, max)
    )
    if all(wholes):
        assert dossiers.gain("on_time_766") == parts[1] / wholes[1] - parts[0] / wholes[0]
    else:
        assert np.isnan(dossiers.gain("on_time_766")), "nothing was received in one of the two"


def test_the_days_of_any_curve_begin_with_a_whole_week() -> None:
    days = [date(2026, 11, 18) - timedelta(days=n) for n in range(500)]
    counts = DossierCounts(
        frame([row(UNITS[0], f"{day}", f"{day}", received=3) for day in days]), UNITS
    )
    over_time = list_dossiers_over_time(counts, days[0], WEEKDAYS)
    assert over_time["period_from"].min() == pd.Timestamp("2025-09-22"), (
        "a cut week would look like days without figures"
    )
    assert len(over_time) == (days[0] - date(2025, 9, 22)).days + 1

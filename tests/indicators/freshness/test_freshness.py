"""Freshness: never told is not late, days off are nobody's fault, and reporting on time needs whole
periods.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators.freshness import freshness
from dashboard.workdays import WorkingDayCalendar, load_calendar

TODAY = date(2026, 11, 22)  # a Sunday
CODES = ("21025", "21028", "21031")
RHYTHMS = {"readiness": 7, "dossiers": 1}
Row = tuple[str, str, date]


@pytest.fixture(scope="module")
def workdays() -> WorkingDayCalendar:
    return load_calendar()


def told(rows: Iterable[Row]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["kind", "commune_code", "as_of"])
    return frame.assign(as_of=pd.to_datetime(frame["as_of"]).astype("datetime64[s]"))


def state(
    file_kind: str, days_ago: int | None, workdays: WorkingDayCalendar, today: date = TODAY
) -> str:
    rows = [] if days_ago is None else [(file_kind, CODES[0], today - timedelta(days=days_ago))]
    assessed = freshness.assess_freshness(told(rows), CODES[:1], RHYTHMS, today, workdays)
    return freshness.FRESHNESS_NAMES[assessed.state[0, assessed.kinds.index(file_kind)]]


@pytest.mark.parametrize(
    ("days_ago", "expected"),
    [(None, "never"), (0, "fresh"), (7, "fresh"), (8, "late"), (21, "late"), (22, "silent")],
)
def test_one_missed_report_is_late_three_are_silence(
    days_ago: int | None, expected: str, workdays: WorkingDayCalendar
) -> None:
    assert state("readiness", days_ago, workdays) == expected


def test_figures_of_friday_are_not_late_before_tuesday(workdays: WorkingDayCalendar) -> None:
    friday = date(2026, 11, 13)
    states = [state("dossiers", days, workdays, friday + timedelta(days=days)) for days in range(8)]
    assert states == ["fresh"] * 4 + ["late"] * 2 + ["silent"] * 2


def test_nobody_is_late_over_tet(workdays: WorkingDayCalendar) -> None:
    last_day_before, first_day_after = date(2026, 2, 13), date(2026, 2, 23)
    days = (first_day_after - last_day_before).days
    assert state("dossiers", days, workdays, first_day_after) == "fresh"


def test_what_nobody_expects_has_an_age_and_is_never_late(workdays: WorkingDayCalendar) -> None:
    assessed = freshness.assess_freshness(
        told([("visits", "21028", date(2026, 1, 1))]), CODES, RHYTHMS, TODAY, workdays
    )
    assert assessed.kinds == ("readiness", "dossiers", "visits")
    assert [freshness.FRESHNESS_NAMES[code] for code in assessed.state[:, 2]] == [
        "never",
        "not_expected",
        "never",
    ]
    assert assessed.age[1, 2] == 325


def test_each_kind_says_its_newest_day_and_how_many_communes_it_misses(
    workdays: WorkingDayCalendar,
) -> None:
    rows = [("readiness", "21025", date(2026, 11, 20)), ("readiness", "21028", date(2026, 11, 2))]
    later_or_elsewhere = [("readiness", "21025", date(2026, 11, 23)), ("readiness", "99999", TODAY)]
    assessed = freshness.assess_freshness(
        told(rows + later_or_elsewhere), CODES, RHYTHMS, TODAY, workdays
    ).per_kind
    row = assessed.loc["readiness"]
    assert row["newest"] == pd.Timestamp(2026, 11, 20)
    assert row[["told", "fresh", "late", "silent", "never"]].tolist() == [2, 1, 1, 0, 1]
    assert assessed["newest"].isna()["dossiers"]


days = st.dates(date(2026, 8, 10), date(2026, 11, 24))
rows_of_days = st.lists(
    st.tuples(st.sampled_from(("readiness", "dossiers", "visits")), st.sampled_from(CODES), days)
)


@given(rows_of_days)
@settings(max_examples=40, deadline=None)
def test_freshness_agrees_with_its_slow_twin_and_every_commune_has_one_state(
    rows: list[Row],
) -> None:
    assessed = freshness.assess_freshness(told(rows), CODES, RHYTHMS, TODAY, load_calendar())
    for kind_index, file_kind in enumerate(assessed.kinds):
        for row, code in enumerate(CODES):
            days_told = [day for k, c, day in rows if (k, c) == (file_kind, code) and day <= TODAY]
            assert freshness.FRESHNESS_NAMES[assessed.state[row, kind_index]] == slow_state(
                file_kind, days_told
            )
            np.testing.assert_equal(
                assessed.age[row, kind_index],
                (TODAY - max(days_told)).days if days_told else np.nan,
            )
    assert (assessed.per_kind[list(freshness.FRESHNESS_NAMES)].sum(axis=1) == len(CODES)).all()


def slow_state(file_kind: str, days_told: list[date]) -> str:
    if not days_told:
        return "never"
    if file_kind not in RHYTHMS:
        return "not_expected"
    after = [max(days_told) + timedelta(days=n + 1) for n in range((TODAY - max(days_told)).days)]
    waited = len(after) if file_kind == "readiness" else sum(works(day) for day in after)
    return (
        "silent"
        if waited > 3 * RHYTHMS[file_kind]
        else "late"
        if waited > RHYTHMS[file_kind]
        else "fresh"
    )


def works(day: date) -> bool:
    calendar = load_calendar()
    return (day.weekday() < 5 and day not in calendar.off) or day in calendar.on


def test_reporting_on_time_counts_whole_periods_back_from_yesterday(
    workdays: WorkingDayCalendar,
) -> None:
    start = TODAY - timedelta(days=28)  # four weeks before today
    weekly = [("readiness", "21025", start + timedelta(days=7 * week)) for week in range(4)]
    twice_in_one = [
        ("readiness", "21028", TODAY - timedelta(days=1)),
        ("readiness", "21028", TODAY - timedelta(days=7)),
    ]
    reporting = freshness.measure_on_time_reporting(
        told(weekly + twice_in_one), CODES, 7, TODAY, workdays
    )
    assert reporting["slots"].tolist() == [4, 4, 4]
    assert reporting["share"].tolist() == [1, 0.25, 0]


def test_days_off_expect_nothing_and_what_is_told_on_them_counts_for_the_day_before(
    workdays: WorkingDayCalendar,
) -> None:
    rows = [("dossiers", "21025", day) for day in (date(2026, 11, 19), date(2026, 11, 21))]
    reporting = freshness.measure_on_time_reporting(told(rows), CODES, 1, TODAY, workdays)
    assert reporting.loc["21025"].tolist() == [2, 2, 1]  # Thursday, and Saturday for Friday


def test_a_period_that_is_not_whole_yet_gives_no_share(workdays: WorkingDayCalendar) -> None:
    young = told([("readiness", "21025", TODAY - timedelta(days=6))])
    for rows, rhythm in (
        (young, 7),
        (young.iloc[:0], 7),
        (told([("a", "21025", date(2025, 7, 1))]), 91),
    ):
        reporting = freshness.measure_on_time_reporting(rows, CODES, rhythm, TODAY, workdays)
        assert reporting["slots"].tolist() == [0, 0, 0]
        assert reporting["share"].isna().all()


@given(rows_of_days, st.sampled_from((1, 2, 7, 30, 31)))
@settings(max_examples=40, deadline=None)
def test_reporting_on_time_agrees_with_its_slow_twin(rows: list[Row], rhythm: int) -> None:
    reporting = freshness.measure_on_time_reporting(
        told(rows), CODES, rhythm, TODAY, load_calendar(), window=70
    )
    days_told = [(code, day) for _, code, day in rows if day <= TODAY]
    first = min((day for _, day in days_told), default=TODAY)
    span = [TODAY - timedelta(days=n) for n in range(70, 0, -1)]
    expected = [day for day in span if day >= first and (rhythm >= 7 or works(day))]
    # A slot reaches from its first day to the day before the next slot begins.
    starts = [expected[end - rhythm] for end in range(len(expected), rhythm - 1, -rhythm)]
    slots = list(pairwise(reversed([TODAY, *starts])))
    for code in CODES:
        made = sum(
            any(c == code and begin <= day < end for c, day in days_told) for begin, end in slots
        )
        assert (reporting.at[code, "told"], reporting.at[code, "slots"]) == (made, len(slots))
        np.testing.assert_equal(reporting.at[code, "share"], made / len(slots) if slots else np.nan)

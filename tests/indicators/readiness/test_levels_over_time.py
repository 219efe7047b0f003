"""Levels of every commune on every day: the same as if each day had been asked for alone."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators import levels
from dashboard.indicators.readiness import assessment
from dashboard.indicators.readiness.history import History
from dashboard.indicators.readiness.levels_over_time import (
    DAYS_LOOKED_BACK,
    assess_dimensions_by_day,
    measure_lack_age,
    measure_level_age,
    measure_visit_effect,
)
from dashboard.reference import FIRST_DAY
from dashboard.reports import read_criteria
from dashboard.settings import ROOT
from tests import making

FIRST = date(2026, 10, 1)
CODES = ["21025", "21028", "21250"]
CRITERIA = read_criteria(ROOT / "data" / "criteria.toml")

reports = st.lists(
    st.tuples(
        st.sampled_from(CODES),
        st.integers(0, 60),
        st.sampled_from(
            [{}, {"network_mbps": 12}, {"signature_issued": 18}, {"scanner_available": 0}]
        ),
    ),
    max_size=8,
)


def history(declared: list[tuple[str, int, dict[str, float]]]) -> History:
    frames = [
        making.declaration(code, FIRST + timedelta(days=after), **changed)
        for code, after, changed in declared
    ]
    rows = pd.concat(frames) if frames else making.readings([])
    return History(rows.assign(as_of=pd.to_datetime(rows["as_of"])), CODES)


@settings(max_examples=40, deadline=None)
@given(reports, st.integers(1, 80))
def test_every_day_is_what_that_day_alone_would_be(
    declared: list[tuple[str, int, dict[str, float]]], length: int
) -> None:
    readings = history(declared)
    days = [FIRST + timedelta(days=n) for n in range(length)]
    by_day = assess_dimensions_by_day(readings, CRITERIA, days)
    for number, day in enumerate(days[:: max(1, length // 6)]):
        alone = assessment.assess_readiness(readings, CRITERIA, day)
        column = number * max(1, length // 6)
        for commune in range(len(CODES)):
            assert by_day["overall"][commune, column] == alone.overall[commune, 0]
            for name, level in alone.dimensions.items():
                assert by_day[name][commune, column] == level[commune, 0]


def test_before_anybody_reports_everybody_is_unknown() -> None:
    by_day = assess_dimensions_by_day(
        history([("21025", 5, {})]), CRITERIA, [FIRST, FIRST + timedelta(days=5)]
    )
    assert (by_day["overall"][:, 0] == levels.UNKNOWN).all()
    assert by_day["overall"][0, 1] == levels.GREEN


@settings(max_examples=40, deadline=None)
@given(reports, st.integers(1, 80))
def test_a_level_is_as_old_as_the_days_back_on_which_it_was_the_same(
    declared: list[tuple[str, int, dict[str, float]]], after: int
) -> None:
    readings = history(declared)
    day = FIRST + timedelta(days=after)
    age = measure_level_age(readings, CRITERIA, day)
    back = min(DAYS_LOOKED_BACK, (day - FIRST_DAY).days)
    alone = [
        assessment.assess_readiness(readings, CRITERIA, day - timedelta(days=ago)).overall[:, 0]
        for ago in range(after + 2)
    ]
    for commune in range(len(CODES)):
        same = 0
        while same + 1 < len(alone) and alone[same + 1][commune] == alone[0][commune]:
            same += 1
        if same == len(alone) - 1:  # unknown since ever
            assert (age.days[commune], age.older[commune]) == (back, True)
        else:
            assert (age.days[commune], age.older[commune]) == (same, False)


def test_a_lack_is_told_since_the_day_it_began_and_not_where_the_criterion_is_met() -> None:
    readings = history(
        [("21025", 0, {}), ("21025", 20, {"scanner_available": 0}), ("21028", 0, {})]
    )
    ages = measure_lack_age(readings, CRITERIA, FIRST + timedelta(days=29))
    days = {code: age.days.tolist() for code, age in ages.items() if (age.days >= 0).any()}
    assert days == {"scanner_coverage": [9, -1, -1]}, "met, or never told, is no lack"


def test_a_visit_is_told_by_the_levels_of_its_eve_and_its_day() -> None:
    visited_on = FIRST + timedelta(days=10)
    visit = making.readings([("21025", "scanner_available", 0, "verified", visited_on)])
    rows = pd.concat([making.declaration("21025", FIRST), visit])
    readings = History(rows.assign(as_of=pd.to_datetime(rows["as_of"])), CODES)
    day = visited_on + timedelta(days=5)
    effect = measure_visit_effect(readings, CRITERIA, day, np.array([5.0, np.nan, np.nan]))
    assert (effect.before[0], effect.after[0]) == (levels.GREEN, levels.YELLOW)
    assert (effect.before[1:] == levels.UNKNOWN).all()
    assert (effect.after[1:] == levels.UNKNOWN).all()

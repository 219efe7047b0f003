"""Need: red before yellow, what is in doubt after them, and the silent apart: they are called."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators import levels
from dashboard.indicators.criteria import DIMENSIONS, FIXES
from dashboard.indicators.readiness import assessment
from dashboard.indicators.readiness.assessment import Readiness
from dashboard.indicators.readiness.gaps import (
    Gaps,
    find_gaps,
    group_communes_by_dimension,
    group_communes_by_fix,
    list_gap_steps,
)
from dashboard.indicators.readiness.history import History
from dashboard.indicators.readiness.need import VisitPriority, rank_communes_by_need
from dashboard.reference import measure_great_circle_km
from tests import making
from tests.indicators.readiness.few_criteria import CODES, DAY, SOME


def assessed(frames: Iterable[pd.DataFrame]) -> tuple[Readiness, Gaps]:
    rows = pd.concat([making.readings([]), *frames])
    history = History(rows.assign(as_of=pd.to_datetime(rows["as_of"])), CODES)
    seen = assessment.assess_readiness(history, SOME, DAY)
    return seen, find_gaps(seen)


def needed(*frames: pd.DataFrame) -> VisitPriority:
    return rank_communes_by_need(*assessed(frames))


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def visit(commune: str, days: int, **values: float) -> pd.DataFrame:
    return making.readings(
        (commune, measure, value, "verified", ago(days)) for measure, value in values.items()
    )


def test_red_comes_before_yellow_and_green_is_left_in_peace() -> None:
    need = needed(
        making.declaration("21025", DAY, scanner_available=1),
        making.declaration("21028", DAY),
        making.declaration("21250", DAY, network_stable=0),
        making.declaration("21251", DAY, network_stable=0, network_mbps=5),
    )
    assert need.visits == (3, 2, 0)
    assert need.calls == ()


def test_the_silent_are_called_those_never_heard_first() -> None:
    need = needed(
        making.declaration("21025", ago(40)),
        making.declaration("21028", DAY, network_stable=0),
        making.declaration("21250", ago(60)),
    )
    assert need.visits == (1,)
    assert need.calls == (3, 2, 0)
    assert math.isnan(need.report_age[3])


def test_green_of_which_a_visit_found_otherwise_comes_last() -> None:
    need = needed(
        making.declaration("21025", DAY, network_stable=0),
        visit("21025", 5, network_stable=1),
        making.declaration("21028", DAY, scanner_available=0),
    )
    assert need.visits[:2] == (1, 0)
    assert need.contradicted.tolist() == [True, False, False, False]
    assert need.visit_age[0] == 5


def test_among_equals_who_was_never_visited_comes_before_who_was_long_ago() -> None:
    lacking = [making.declaration(code, DAY, scanner_available=1) for code in CODES]
    need = needed(
        *lacking, visit("21025", 10, network_mbps=99), visit("21250", 200, network_mbps=99)
    )
    assert need.visits == (1, 3, 2, 0)


MEASURES = (
    "network_stable",
    "network_mbps",
    "signature_issued",
    "scanner_available",
    "online_meeting",
)
reading = st.tuples(
    st.sampled_from(CODES),
    st.sampled_from(MEASURES),
    st.sampled_from([0.0, 1.0, 2.0, 19.0, 55.0]),
    st.sampled_from(["declared", "verified"]),
    st.sampled_from([ago(0), ago(20), ago(50), ago(120)]),
)
declared = st.lists(st.tuples(st.sampled_from(CODES), st.sampled_from([0, 10, 40])), max_size=6)
changed = st.lists(reading, max_size=20, unique_by=lambda row: (row[0], row[1], row[3], row[4]))


@settings(max_examples=40, deadline=None)
@given(declared, changed)
def test_the_order_is_the_obvious_one(
    declarations: list[tuple[str, int]], rows: list[tuple[str, str, float, str, date]]
) -> None:
    seen, found_gaps = assessed(
        [
            *(making.declaration(code, ago(days)) for code, days in declarations),
            making.readings(rows),
        ]
    )
    got = rank_communes_by_need(seen, found_gaps)

    def entry(number: int) -> tuple[int, int, int, float, int]:
        level = levels.LEVEL_NAMES[seen.overall[number, 0]]
        grave = sum(
            judged.level[number, 0] == levels.RED and judged.criterion.essential
            for judged in seen.assessments
        )
        visited = [
            judged.verified_age[number, 0]
            for judged in seen.assessments
            if not math.isnan(judged.verified_age[number, 0])
        ]
        rank = {"red": 0, "yellow": 1}.get(level, 2)
        return (
            rank,
            -grave,
            -len(list_gap_steps(found_gaps, number)),
            -min(visited, default=math.inf),
            number,
        )

    def doubted(number: int) -> bool:
        return any(bool(judged.contradicted[number, 0]) for judged in seen.assessments)

    level = [levels.LEVEL_NAMES[code] for code in seen.overall[:, 0]]
    everybody = range(len(CODES))
    expected = [
        number
        for number in everybody
        if level[number] in ("red", "yellow") or (level[number] == "green" and doubted(number))
    ]
    assert list(got.visits) == sorted(expected, key=entry)
    assert sorted(got.calls) == [
        number for number in everybody if level[number] in ("stale", "unknown")
    ]
    assert not set(got.visits) & set(got.calls)


@settings(max_examples=40, deadline=None)
@given(declared, changed)
def test_communes_by_fix_and_dimension_are_those_of_their_ways(
    declarations: list[tuple[str, int]], rows: list[tuple[str, str, float, str, date]]
) -> None:
    _, found_gaps = assessed(
        [
            *(making.declaration(code, ago(days)) for code, days in declarations),
            making.readings(rows),
        ]
    )
    fixes, dimensions = group_communes_by_fix(found_gaps), group_communes_by_dimension(found_gaps)
    assert list(fixes) == [*FIXES, "report", "recheck"]
    assert list(dimensions) == list(DIMENSIONS)
    inside = {criterion.code: criterion.dimension for criterion in found_gaps.criteria}
    for number in range(len(CODES)):
        steps = list_gap_steps(found_gaps, number)
        wanted = {step.fix for step in steps} | {
            "recheck" for gap_step in steps if gap_step.recheck and gap_step.fix != "report"
        }
        assert {fix for fix, communes in fixes.items() if communes[number]} == wanted
        assert {name for name, communes in dimensions.items() if communes[number]} == {
            inside[s.criterion] for s in steps
        }


def test_distance_is_that_of_the_great_circle() -> None:
    # One degree of a meridian is 111.195 km on a sphere of the mean radius; half way round it is pi
    # times it.
    assert measure_great_circle_km(15, 108, np.array([16.0]), np.array([108.0]))[
        0
    ] == pytest.approx(111.195, abs=0.001)
    assert measure_great_circle_km(0, 0, np.array([0.0]), np.array([180.0]))[0] == pytest.approx(
        20015.1, abs=0.1
    )
    near = measure_great_circle_km(15, 108, np.array([15.0, math.nan]), np.array([108.0, 108.0]))
    assert near[0] == 0
    assert math.isnan(near[1])


places = st.tuples(st.floats(8, 24), st.floats(102, 110))


@settings(max_examples=40, deadline=None)
@given(places, places)
def test_it_is_as_far_there_as_back_and_as_the_cosines_say(
    here: tuple[float, float], there: tuple[float, float]
) -> None:
    def km(a: tuple[float, float], b: tuple[float, float]) -> float:
        return float(measure_great_circle_km(*a, np.array([b[0]]), np.array([b[1]]))[0])

    (lat, lon), (other_lat, other_lon) = (
        tuple(map(math.radians, point)) for point in (here, there)
    )
    cosine = math.sin(lat) * math.sin(other_lat) + math.cos(lat) * math.cos(other_lat) * math.cos(
        other_lon - lon
    )
    assert km(here, there) == pytest.approx(km(there, here))
    assert km(here, there) == pytest.approx(6371.0088 * math.acos(min(1.0, cosine)), abs=0.2)

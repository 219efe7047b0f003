"""Readiness: unknown is not red, old is not current, a visit wins while fresh."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import reference, sources
from dashboard.indicators import levels
from dashboard.indicators.criteria import Criteria
from dashboard.indicators.readiness import assessment
from dashboard.indicators.readiness.history import History
from dashboard.reports import read_criteria
from dashboard.settings import ROOT
from tests import making

DAY = date(2026, 11, 13)
CODES = ("21025", "21028", "21250")


@pytest.fixture(scope="module")
def criteria() -> Criteria:
    return read_criteria(ROOT / "data" / "criteria.toml")


def history(*frames: pd.DataFrame) -> History:
    joined = pd.concat(frames) if frames else making.readings([])
    return History(joined.assign(as_of=pd.to_datetime(joined["as_of"])), CODES)


def level_of(commune: str, day: date, criteria: Criteria, *frames: pd.DataFrame) -> str:
    readiness = assessment.assess_readiness(history(*frames), criteria, day)
    return levels.LEVEL_NAMES[readiness.overall[CODES.index(commune), 0]]


def test_commune_that_never_reported_is_unknown_not_red(criteria: Criteria) -> None:
    assert level_of("21025", DAY, criteria) == "unknown"
    assert level_of("21025", DAY, criteria, making.declaration("21028", DAY)) == "unknown"


def test_commune_that_meets_everything_is_green(criteria: Criteria) -> None:
    assert level_of("21025", DAY, criteria, making.declaration("21025", DAY)) == "green"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"network_stable": 0}, "red"),
        ({"network_mbps": 19.9}, "red"),
        ({"network_mbps": 20}, "yellow"),
        ({"network_mbps": 50}, "green"),
        ({"signature_issued": 15}, "red"),
        ({"signature_issued": 16}, "yellow"),
        ({"scanner_available": 0}, "yellow"),  # red alone, but not essential
        ({"kiosk_needed": 0, "kiosk_available": 0}, "green"),  # nothing needed is met
        ({"staff_present": 6}, "yellow"),
        ({"security_device": 0}, "yellow"),
    ],
)
def test_each_condition_gives_its_colour(
    changed: dict[str, Any], expected: str, criteria: Criteria
) -> None:
    assert level_of("21025", DAY, criteria, making.declaration("21025", DAY, **changed)) == expected


def test_old_report_leaves_its_colour_on_the_day_after_its_limit(criteria: Criteria) -> None:
    declared = making.declaration("21025", DAY)
    assert level_of("21025", DAY + timedelta(days=30), criteria, declared) == "green"
    assert level_of("21025", DAY + timedelta(days=31), criteria, declared) == "stale"


def test_a_report_of_a_later_day_is_not_known_earlier(criteria: Criteria) -> None:
    assert (
        level_of("21025", DAY - timedelta(days=1), criteria, making.declaration("21025", DAY))
        == "unknown"
    )


def test_visit_wins_over_declaration_until_it_expires(criteria: Criteria) -> None:
    visit = making.readings([("21025", "network_stable", 0, "verified", DAY)])
    for days, expected in ((0, "red"), (90, "red"), (91, "green")):
        day = DAY + timedelta(days=days)
        assert level_of("21025", day, criteria, making.declaration("21025", day), visit) == expected


def test_contradiction_is_shown_and_agreement_is_not(criteria: Criteria) -> None:
    visits = making.readings(
        [
            ("21025", "network_stable", 0, "verified", DAY),
            ("21028", "network_stable", 1, "verified", DAY),
        ]
    )
    declared = [making.declaration("21025", DAY), making.declaration("21028", DAY), visits]
    judged = assessment.assess_readiness(history(*declared), criteria, DAY).assessments[0]
    assert judged.contradicted[:, 0].tolist() == [True, False, False]
    assert judged.verified[:, 0].tolist() == [True, True, False]
    assert judged.declared[:, 0].tolist()[:2] == [1, 1]


def test_a_finding_that_changes_no_level_is_no_contradiction(criteria: Criteria) -> None:
    visits = making.readings(
        [
            ("21025", "network_mbps", 90, "verified", DAY),
            ("21028", "network_mbps", 30, "verified", DAY),
        ]
    )
    declared = [making.declaration("21025", DAY), making.declaration("21028", DAY), visits]
    judged = assessment.assess_readiness(history(*declared), criteria, DAY).assessments[1]
    assert judged.contradicted[:, 0].tolist() == [False, True, False]


def test_a_surplus_of_nothing_is_no_share(criteria: Criteria) -> None:
    declared = making.declaration("21025", DAY).query("measure != 'signature_needed'")
    readiness = assessment.assess_readiness(history(declared), criteria, DAY)
    assert levels.LEVEL_NAMES[readiness.dimensions["digital_signature"][0, 0]] == "unknown"


def test_levels_partition_the_communes_on_every_day(criteria: Criteria) -> None:
    days = [DAY + timedelta(days=n) for n in range(-3, 40)]
    declared = [
        making.declaration("21025", DAY),
        making.declaration("21028", DAY, network_stable=0),
    ]
    table = making.count_levels_over_time(history(*declared), criteria, days)
    assert (table.sum(axis=1) == len(CODES)).all()


def slow_last(
    frame: pd.DataFrame, commune: str, measure: str, basis: str, day: date
) -> tuple[float, float]:
    """The obvious twin of History.last: walk through every row."""
    best: tuple[float, float] = (np.nan, np.nan)
    for row in frame.itertuples():
        if (row.commune_code, row.measure, row.basis) == (
            commune,
            measure,
            basis,
        ) and row.as_of <= day:
            age = float((day - row.as_of).days)
            if np.isnan(best[1]) or age < best[1]:
                best = (row.value, age)
    return best


ROWS = st.lists(
    st.tuples(
        st.sampled_from(CODES),
        st.sampled_from(["network_mbps", "network_stable"]),
        st.integers(0, 300).map(float),
        st.sampled_from(["declared", "verified"]),
        st.integers(0, 200).map(lambda n: DAY - timedelta(days=n)),
    ),
    max_size=30,
    unique_by=lambda row: (row[0], row[1], row[3], row[4]),
)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.permutations(range(30)))
def test_the_last_reading_agrees_with_the_obvious_twin_in_any_order(
    rows: list[tuple[str, str, float, str, date]], order: list[int]
) -> None:
    shuffled = [rows[number] for number in order if number < len(rows)]
    frame = making.readings(rows)
    days = [DAY - timedelta(days=n) for n in (0, 30, 150)]
    wanted = np.array(days, dtype="datetime64[D]")
    for measure, basis in (("network_mbps", "declared"), ("network_stable", "verified")):
        last = history(making.readings(shuffled)).last(measure, basis, wanted)
        for number, commune in enumerate(CODES):
            for day_index, day in enumerate(days):
                value, age = slow_last(frame, commune, measure, basis, day)
                np.testing.assert_equal(
                    (last.value[number, day_index], last.age[number, day_index]), (value, age)
                )


@settings(max_examples=30, deadline=None)
@given(ROWS)
def test_the_curve_and_the_map_of_a_day_agree(
    rows: list[tuple[str, str, float, str, date]],
) -> None:
    criteria = read_criteria(ROOT / "data" / "criteria.toml")
    readings = history(
        making.declaration("21250", DAY - timedelta(days=20)),
        making.readings(rows).query("value >= 0"),
    )
    days = [DAY - timedelta(days=n) for n in (40, 10, 0)]
    curve = making.count_levels_over_time(readings, criteria, sorted(days))
    for day in days:
        of_day = levels.count_levels(assessment.assess_readiness(readings, criteria, day).overall)
        assert curve.loc[day].to_dict() == of_day


def test_levels_over_time_are_those_of_each_day_in_any_order_across_a_change_of_rules(
    criteria: Criteria, monkeypatch: pytest.MonkeyPatch
) -> None:
    until, since = DAY - timedelta(days=5), DAY - timedelta(days=4)
    first = criteria.rules[0]
    strict = replace(first, valid_from=since, red_when="any", verified_expires_after_days=7)
    changing = replace(criteria, rules=(replace(first, valid_to=until), strict))
    readings = history(
        making.declaration("21025", DAY - timedelta(days=31), kiosk_available=0),
        making.declaration("21028", DAY - timedelta(days=12)),
        making.readings([("21028", "network_stable", 0, "verified", DAY - timedelta(days=10))]),
    )
    days = [DAY - timedelta(days=n) for n in (0, 2, 5, 8, 11, 40, 1)]
    # so few at a time that days are cut into pieces
    monkeypatch.setattr(assessment, "_CELLS_AT_ONCE", 6)
    over_time = assessment.assess_levels_over_time(readings, changing, days)
    one_by_one = [
        assessment.assess_readiness(readings, changing, day).overall[:, 0] for day in days
    ]
    np.testing.assert_array_equal(over_time, np.stack(one_by_one, axis=1))
    assert [levels.LEVEL_NAMES[level] for level in over_time[1]] == [
        "green",
        "green",
        "red",
        "red",
        "green",
        "unknown",
        "green",
    ]
    assert [levels.LEVEL_NAMES[level] for level in over_time[0, :3]] == ["stale", "red", "yellow"]


@pytest.mark.parametrize(
    ("red_when", "green_when", "changed", "expected"),
    [
        ("any", "all", {"kiosk_available": 0}, "red"),
        ("any", "all", {"kiosk_available": 1}, "yellow"),
        ("essential", "essential", {"kiosk_available": 0}, "green"),
        ("essential", "essential", {"signature_issued": 18}, "yellow"),
        ("any", "essential", {"kiosk_available": 1}, "green"),
        ("any", "essential", {"kiosk_available": 0}, "red"),
    ],
)
def test_the_rule_says_what_makes_red_and_what_green_needs(
    red_when: Any, green_when: Any, changed: dict[str, float], expected: str, criteria: Criteria
) -> None:
    rule = replace(criteria.rules[0], red_when=red_when, green_when=green_when)
    declared = making.declaration("21025", DAY, **changed)
    assert level_of("21025", DAY, replace(criteria, rules=(rule,)), declared) == expected


def test_declared_and_verified_stand_apart_with_their_dates(criteria: Criteria) -> None:
    readings = history(
        making.declaration("21025", DAY - timedelta(days=3), scanner_available=2),
        making.readings([("21025", "scanner_available", 1, "verified", DAY - timedelta(days=120))]),
    )
    scanner = next(
        judged
        for judged in assessment.assess_readiness(readings, criteria, DAY).assessments
        if judged.criterion.code == "scanner_coverage"
    )
    assert (scanner.declared[0, 0], scanner.declared_age[0, 0]) == (1, 3)
    # 1 of the 2 declared as needed
    assert (scanner.verified_value[0, 0], scanner.verified_age[0, 0]) == (0.5, 120)
    assert not scanner.verified[0, 0]  # too old to decide
    assert np.isnan(
        [scanner.declared_age[1, 0], scanner.verified_age[1, 0], scanner.visit_age[0, 0]]
    ).all()


def test_what_is_too_old_says_so(criteria: Criteria) -> None:
    readings = history(making.declaration("21025", DAY - timedelta(days=31)))
    assert all(
        judged.stale[:, 0].tolist() == [True, False, False]
        for judged in assessment.assess_readiness(readings, criteria, DAY).assessments
    )


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_the_newest_report_agrees_with_the_obvious_twin(
    rows: list[tuple[str, str, float, str, date]],
) -> None:
    days = [DAY - timedelta(days=n) for n in (0, 70, 190)]
    probed = [
        ("21025", "network_uptime", 1.0, "verified", DAY),
        ("21025", "self_rating", 2.0, "declared", DAY),
    ]
    newest = history(making.readings([*rows, *probed])).newest(
        np.array(days, dtype="datetime64[D]")
    )
    for number, commune in enumerate(CODES):
        for day_index, day in enumerate(days):
            ages = [(day - row[4]).days for row in rows if row[0] == commune and row[4] <= day]
            np.testing.assert_equal(newest[number, day_index], min(ages) if ages else np.nan)


def test_phu_tho_on_13_july_2025_is_as_the_newspaper_printed_it(
    shared: Path, criteria: Criteria
) -> None:
    batch = sources.read_file(shared / "samples" / "ke_khai_phu_tho_2025-07-13.xlsx", today=DAY)
    codes = list(reference.select_communes_of_province("25").index)
    readings = History(batch.readings.assign(as_of=pd.to_datetime(batch.readings["as_of"])), codes)
    overall = assessment.assess_readiness(readings, criteria, date(2025, 7, 13)).overall
    assert (
        len(codes),
        levels.count_levels(overall)["green"],
        levels.count_levels(overall)["unknown"],
    ) == (148, 76, 3)

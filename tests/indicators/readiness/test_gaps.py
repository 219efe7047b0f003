"""The way to green: applying it makes the commune green, and nothing of it can be left out."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators import levels
from dashboard.indicators.criteria import FIXES, Criteria, ReadinessRule
from dashboard.indicators.readiness import assessment, gaps
from dashboard.indicators.readiness.assessment import Readiness
from dashboard.indicators.readiness.gaps import (
    Gaps,
    StepToGreen,
    count_steps,
    find_gaps,
    list_gap_steps,
    list_province_needs,
)
from dashboard.indicators.readiness.history import History
from tests import making
from tests.indicators.readiness.few_criteria import ALL, CODES, DAY, SOME

Row = tuple[str, str, float, str, date]


def assessed(
    rows: pd.DataFrame, criteria: Criteria = ALL, codes: tuple[str, ...] = CODES
) -> Readiness:
    history = History(rows.assign(as_of=pd.to_datetime(rows["as_of"])), codes)
    return assessment.assess_readiness(history, criteria, DAY)


def steps_of(*frames: pd.DataFrame) -> list[StepToGreen]:
    return list_gap_steps(find_gaps(assessed(pd.concat(frames))), 0)


def told_steps(**changed: float) -> dict[str, tuple[str, float]]:
    return {
        step.criterion: (step.fix, step.amount)
        for step in steps_of(making.declaration("21025", DAY, **changed))
    }


def test_a_green_commune_has_nothing_to_do() -> None:
    assert told_steps() == {}


def test_what_is_missing_is_told_in_whole_things_and_by_what_closes_it() -> None:
    steps = told_steps(
        scanner_available=1,
        signature_issued=18,
        network_mbps=12,
        security_device=0,
        staff_present=5,
    )
    assert steps == {
        "network_speed": ("repair", 38),
        "signature_coverage": ("issue", 2),
        "scanner_coverage": ("buy", 1),
        "security_device": ("arrange", 1),
        "staff_coverage": ("appoint", 2),
    }


def test_who_never_reported_has_to_report_and_nothing_is_said_to_be_missing() -> None:
    steps = steps_of(making.readings([]))
    assert {step.fix for step in steps} == {"report"}
    assert len(steps) == len(ALL.criteria)
    assert all(math.isnan(step.amount) and math.isnan(step.likely) for step in steps)


def test_one_report_is_one_thing_to_do_however_much_it_tells() -> None:
    silent = steps_of(making.readings([]))
    short = steps_of(making.declaration("21025", DAY, scanner_available=1, signature_issued=18))
    assert (
        count_steps(silent),
        count_steps(short),
        count_steps([*short, *silent]),
        count_steps([]),
    ) == (1, 2, 3, 0)


def test_an_old_report_tells_what_is_likely_missing() -> None:
    steps = steps_of(
        making.declaration("21025", DAY - timedelta(days=31), scanner_available=0, network_stable=0)
    )
    likely = {step.criterion: step.likely for step in steps if not math.isnan(step.likely)}
    assert likely == {"scanner_coverage": 2, "network_stable": 1}
    assert {step.fix for step in steps} == {"report"}


def test_what_a_visit_found_only_another_visit_clears() -> None:
    visit = making.readings([("21025", "network_stable", 0, "verified", DAY - timedelta(days=20))])
    (step,) = steps_of(making.declaration("21025", DAY), visit)
    assert (step.criterion, step.fix, step.recheck) == ("network_stable", "repair", True)
    (step,) = steps_of(making.declaration("21025", DAY, network_stable=0))
    assert not step.recheck


def test_where_the_visit_counted_only_what_is_needed_a_new_report_is_enough() -> None:
    visit = making.readings([("21025", "scanner_needed", 3, "verified", DAY)])
    (step,) = steps_of(making.declaration("21025", DAY), visit)
    assert (step.amount, step.recheck) == (1, False)


def test_shopping_list_adds_up_the_communes_ways() -> None:
    declared = [
        making.declaration("21025", DAY, scanner_available=0),
        making.declaration("21028", DAY, scanner_available=1, signature_issued=15),
        making.declaration("21250", DAY - timedelta(days=60), scanner_available=1),
    ]
    rows = list_province_needs(find_gaps(assessed(pd.concat(declared)))).set_index("criterion")
    scanner = rows.loc["scanner_coverage"]
    assert (scanner["fix"], scanner["communes"], scanner["amount"]) == ("buy", 2, 3)
    assert (scanner["likely_communes"], scanner["likely_amount"], scanner["report_communes"]) == (
        1,
        1,
        2,
    )
    assert rows.loc["signature_coverage", ["communes", "amount"]].tolist() == [1, 5]
    assert rows.loc["kiosk_coverage", ["communes", "amount", "report_communes"]].tolist() == [
        0,
        0,
        2,
    ]


DAYS = st.sampled_from([0, 3, 40, 100]).map(lambda n: DAY - timedelta(days=n))
MEASURES: dict[str, st.SearchStrategy[int]] = {
    "network_stable": st.integers(0, 1),
    "network_mbps": st.integers(0, 80),
    "signature_needed": st.integers(0, 9),
    "signature_issued": st.integers(0, 9),
    "scanner_needed": st.integers(0, 4),
    "scanner_available": st.integers(0, 4),
    "online_meeting": st.integers(0, 1),
}
READING = st.one_of(
    [
        st.tuples(
            st.sampled_from(CODES),
            st.just(name),
            value,
            st.sampled_from(["declared", "declared", "verified"]),
            DAYS,
        )
        for name, value in MEASURES.items()
    ]
)
ROWS = st.lists(READING, max_size=60, unique_by=lambda row: (row[0], row[1], row[3], row[4]))
RULES = st.builds(
    lambda red, green: replace(ALL.rules[0], red_when=red, green_when=green),
    st.sampled_from(["essential", "any"]),
    st.sampled_from(["all", "essential"]),
)


def applied(step: StepToGreen, commune: str, rows: list[Row]) -> list[Row]:
    """A step done, and told on the deciding basis."""
    criterion = next(candidate for candidate in SOME.criteria if candidate.code == step.criterion)
    basis = "verified" if step.recheck else "declared"
    if step.fix == "report":
        enough = dict.fromkeys(criterion.measures, 100.0)
        enough |= {criterion.whole: 1.0} if criterion.whole else {}
        needed_rows: list[Row] = [
            (commune, measure, value, "declared", DAY) for measure, value in enough.items()
        ]
        return needed_rows + [(commune, criterion.deciding, 100.0, "verified", DAY)] * step.recheck
    of_measure = [
        row for row in rows if row[:2] == (commune, criterion.deciding) and row[3] == basis
    ]
    now = max(of_measure, key=lambda row: row[4])[2]
    return [(commune, criterion.deciding, now + step.amount, basis, DAY)]


@settings(max_examples=40, deadline=None)
@given(ROWS, RULES)
def test_applying_the_way_makes_the_commune_green_and_leaving_out_any_step_does_not(
    rows: list[Row], rule: ReadinessRule
) -> None:
    criteria = replace(SOME, rules=(rule,))
    found_gaps = find_gaps(assessed(making.readings(rows), criteria))
    done: list[Row] = []
    expected = {}
    for number, commune in enumerate(CODES):
        steps = list_gap_steps(found_gaps, number)
        for left_out in [None, *steps]:
            name = f"{commune}-{left_out.criterion if left_out else 'all'}"
            own_rows = [row for row in rows if row[0] == commune]
            for step in steps:
                own_rows = own_rows + (applied(step, commune, rows) if step is not left_out else [])
            done += [(name, *row[1:]) for row in own_rows]
            expected[name] = left_out is None
    overall = assessed(making.readings(done), criteria, tuple(expected)).overall[:, 0]
    assert dict(zip(expected, (overall == levels.GREEN).tolist(), strict=True)) == expected


def slow_gaps(readiness: Readiness) -> list[dict[str, dict[str, Any]]]:
    """The obvious twin: per commune and criterion, one by one, add things until it is enough."""
    communes = []
    for number in range(len(CODES)):
        lines: dict[str, dict[str, Any]] = {}
        for judged in readiness.assessments:
            criterion = judged.criterion
            aim, enough = criterion.green_from, levels.GREEN
            if readiness.rule.green_when == "essential" and not criterion.essential:
                if readiness.rule.red_when == "essential":
                    continue
                aim, enough = criterion.red_below, levels.YELLOW
            level, value = int(judged.level[number, 0]), float(judged.value[number, 0])
            more = 0.0
            if not math.isnan(value) and value < aim:
                if criterion.kind == "number":
                    more = aim - value
                else:
                    part, total = (
                        (value, 1.0)
                        if criterion.kind == "flag"
                        else (
                            float(judged.numerator[number, 0]),
                            float(judged.denominator[number, 0]),
                        )
                    )
                    while (part + more) / total < aim:
                        more += 1
            silent = level in (levels.STALE, levels.UNKNOWN)
            if silent or level < enough:
                lines[criterion.code] = {"silent": silent, "more": more}
        communes.append(lines)
    return communes


@settings(max_examples=40, deadline=None)
@given(ROWS, RULES)
def test_gaps_list_and_bottlenecks_agree_with_the_obvious_twins(
    rows: list[Row], rule: ReadinessRule
) -> None:
    of = assessed(making.readings(rows), replace(SOME, rules=(rule,)))
    fast, slow = find_gaps(of), slow_gaps(of)
    for number, lines in enumerate(slow):
        steps = {step.criterion: step for step in list_gap_steps(fast, number)}
        assert steps.keys() == lines.keys()
        for code, line in lines.items():
            amount = steps[code].likely if line["silent"] else steps[code].amount
            assert line["more"] == (0 if math.isnan(amount) else amount)
            assert (steps[code].fix == "report") == line["silent"]
        assert (not steps) == (of.overall[number, 0] == levels.GREEN)
    for row in list_province_needs(fast).itertuples():
        lacking = [lines[row.criterion] for lines in slow if row.criterion in lines]
        assert row.communes == sum(not line["silent"] for line in lacking)
        assert row.amount == sum(line["more"] for line in lacking if not line["silent"])
        assert row.likely_amount == sum(line["more"] for line in lacking if line["silent"])
        assert row.report_communes == sum(line["silent"] for line in lacking)
    compare_bottlenecks(fast, slow)


def compare_bottlenecks(fast: Gaps, slow: list[dict[str, dict[str, Any]]]) -> None:
    codes = [criterion.code for criterion in fast.criteria]

    def turned(*fixed: str) -> tuple[str, ...]:
        """Communes that are not green and have no gap but these, all known."""
        return tuple(
            code
            for code, lines in zip(CODES, slow, strict=True)
            if lines and all(name in fixed and not line["silent"] for name, line in lines.items())
        )

    singles = gaps.rank_single_bottlenecks(fast)
    assert sorted(singles["criterion"]) == sorted(codes)
    assert singles["turned"].is_monotonic_decreasing
    for row in singles.itertuples():
        assert row.codes == turned(row.criterion)
        assert row.turned == len(row.codes)
        assert row.lacking == sum(
            not of[row.criterion]["silent"] for of in slow if row.criterion in of
        )
    pairs = gaps.rank_bottleneck_pairs(fast)
    assert pairs["turned"].is_monotonic_decreasing
    expected = {}
    for first, other in combinations(codes, 2):
        both, better = turned(first, other), max(len(turned(first)), len(turned(other)))
        if len(both) > better:
            expected[first, other] = (len(both), len(both) - better, both)
    got = {(row.first, row.second): (row.turned, row.gain, row.codes) for row in pairs.itertuples()}
    assert got == expected
    fix_of = {criterion.code: criterion.fix for criterion in fast.criteria}
    fixes = [fix for fix in FIXES if fix in fix_of.values()]
    of_kinds = {}
    for together in [*combinations(fixes, 1), *combinations(fixes, 2)]:
        if green := turned(*(code for code, fix in fix_of.items() if fix in together)):
            of_kinds[together] = (len(green), green)
    kinds = gaps.rank_fix_combinations(fast)
    assert {row.fixes: (row.turned, row.codes) for row in kinds.itertuples()} == of_kinds
    assert [(len(row.fixes), -row.turned) for row in kinds.itertuples()] == sorted(
        (len(row.fixes), -row.turned) for row in kinds.itertuples()
    )
    report = gaps.find_communes_to_report(fast)
    only = [
        code
        for code, of in zip(CODES, slow, strict=True)
        if of and all(line["silent"] for line in of.values())
    ]
    assert list(report.codes) == only
    assert set(report.likely) <= set(only)


def test_communes_that_only_have_to_report_are_no_certain_gain_of_any_fix() -> None:
    declared = [
        making.declaration("21025", DAY, scanner_available=0).query("measure != 'online_meeting'"),
        making.declaration("21028", DAY - timedelta(days=31)),
        making.declaration("21250", DAY - timedelta(days=31), kiosk_available=1),
        making.declaration("21251", DAY, scanner_available=1, kiosk_available=1),
    ]
    found_gaps = find_gaps(assessed(pd.concat(declared)))
    assert gaps.rank_single_bottlenecks(found_gaps)["turned"].sum() == 0
    (pair,) = gaps.rank_bottleneck_pairs(found_gaps).to_dict("records")
    assert pair == {
        "first": "scanner_coverage",
        "second": "kiosk_coverage",
        "turned": 1,
        "gain": 1,
        "codes": ("21251",),
    }
    report = gaps.find_communes_to_report(found_gaps)
    assert report.codes == ("21028", "21250")
    assert report.likely == ("21028",)  # the other's old report was short of a kiosk


@pytest.mark.parametrize(
    ("needed", "share"), [(10, 0.7), (3, 1 / 3), (3, 0.3333333334), (7, 0.95), (1000, 0.999)]
)
def test_no_thing_is_asked_for_by_a_rounding_error(needed: int, share: float) -> None:
    strict = replace(
        SOME,
        criteria=tuple(
            replace(criterion, green_from=share, red_below=0.0)
            for criterion in SOME.criteria
            if criterion.code == "scanner_coverage"
        ),
    )
    rows: list[Row] = [
        ("21025", "scanner_needed", needed, "declared", DAY),
        ("21025", "scanner_available", 0, "declared", DAY),
    ]
    (step,) = list_gap_steps(find_gaps(assessed(making.readings(rows), strict)), 0)
    assert step.amount / needed >= share > (step.amount - 1) / needed


def test_no_criteria_leave_no_gaps() -> None:
    no_gaps = find_gaps(assessed(making.readings([]), replace(ALL, criteria=())))
    assert no_gaps.lacks.shape == (0, len(CODES))
    assert np.array_equal(list_province_needs(no_gaps)["communes"], [])
    assert gaps.rank_single_bottlenecks(no_gaps).empty
    assert gaps.rank_bottleneck_pairs(no_gaps).empty
    assert gaps.rank_fix_combinations(no_gaps).empty

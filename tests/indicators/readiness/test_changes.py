"""What changed and why: told anew, found by a visit, grown old, or judged by other rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators import levels
from dashboard.indicators.criteria import Criteria, Criterion, RulesInForce
from dashboard.indicators.levels import GREEN, RED, STALE, UNKNOWN, YELLOW
from dashboard.indicators.readiness.changes import ABSENT, CAUSES, LevelChanges, find_level_changes
from dashboard.indicators.readiness.history import History
from dashboard.reports import read_criteria
from dashboard.settings import ROOT
from tests import making

DAY = date(2026, 11, 13)
BEFORE = DAY - timedelta(days=10)
CODES = ("21025", "21028")
ALL = read_criteria(ROOT / "data" / "criteria.toml")
Row = tuple[str, str, float, str, date]


def dated(old: tuple[Criterion, ...], new: tuple[Criterion, ...], **changed: object) -> Criteria:
    """Criteria of which the rules change between BEFORE and DAY; `changed` in the new
    overall rule.
    """
    last = DAY - timedelta(days=5)
    since = last + timedelta(days=1)
    return Criteria(
        tuple(replace(criterion, valid_to=last) for criterion in old)
        + tuple(replace(criterion, valid_from=since) for criterion in new),
        (replace(ALL.rules[0], valid_to=last), replace(ALL.rules[0], valid_from=since, **changed)),  # type: ignore[arg-type]
        ALL.throughput,
    )


def strictly(code: str, **changed: Any) -> tuple[Criterion, ...]:
    return tuple(
        replace(criterion, **changed) if criterion.code == code else criterion
        for criterion in ALL.criteria
    )


def found(*frames: pd.DataFrame, criteria: Criteria = ALL) -> LevelChanges:
    rows = pd.concat(frames)
    return find_level_changes(
        History(rows.assign(as_of=pd.to_datetime(rows["as_of"])), CODES), criteria, BEFORE, DAY
    )


def why(of: LevelChanges) -> tuple[str, dict[str, str]]:
    """The first commune's overall cause and those of its criteria."""
    causes = {
        name: CAUSES[cause]
        for name, cause in zip(of.criteria, of.cause[:, 0], strict=True)
        if cause
    }
    return CAUSES[of.overall_cause[0]], causes


def declared(days_ago: int, **changed: float) -> pd.DataFrame:
    return making.declaration("21025", DAY - timedelta(days=days_ago), **changed)


def visited(days_ago: int, measure: str, value: float) -> pd.DataFrame:
    return making.readings([("21025", measure, value, "verified", DAY - timedelta(days=days_ago))])


def test_nothing_changed_has_no_cause() -> None:
    of = found(declared(20), declared(2))
    assert why(of) == ("", {})
    assert of.overall_now.tolist() == [GREEN, UNKNOWN]


def test_another_value_told() -> None:
    of = found(declared(20), declared(2, scanner_available=1))
    assert why(of) == ("value", {"scanner_coverage": "value"})
    index = of.criteria.index("scanner_coverage")
    assert (of.value_before[index, 0], of.value_now[index, 0]) == (1, 0.5)


def test_a_visit_found_otherwise() -> None:
    assert why(found(declared(12), visited(3, "network_stable", 0))) == (
        "visit",
        {"network_stable": "visit"},
    )


def test_a_report_grew_old() -> None:
    overall, causes = why(found(declared(35)))
    assert overall == "age"
    assert set(causes.values()) == {"age"}
    assert len(causes) == len(ALL.criteria)


def test_a_finding_expired() -> None:
    assert why(found(declared(12), visited(95, "network_stable", 0))) == (
        "age",
        {"network_stable": "age"},
    )


def test_a_first_report_is_told_anew() -> None:
    overall, causes = why(found(declared(2)))
    assert (overall, set(causes.values())) == ("value", {"value"})


def test_the_same_facts_under_another_threshold() -> None:
    strict = dated(ALL.criteria, strictly("network_speed", green_from=200.0))
    assert why(found(declared(12), criteria=strict)) == ("rule", {"network_speed": "rule"})


def test_the_overall_rule_may_be_the_only_cause() -> None:
    strict = dated(ALL.criteria, ALL.criteria, red_when="any")
    of = found(declared(12, kiosk_available=0), criteria=strict)
    assert why(of) == ("rule", {})
    assert (of.overall_before[0], of.overall_now[0]) == (YELLOW, RED)


def test_a_criterion_that_was_added_is_a_matter_of_rules() -> None:
    fewer = tuple(criterion for criterion in ALL.criteria if criterion.code != "kiosk_coverage")
    of = found(declared(12, kiosk_available=1), criteria=dated(fewer, ALL.criteria))
    assert why(of) == ("rule", {"kiosk_coverage": "rule"})
    assert of.before[of.criteria.index("kiosk_coverage"), 0] == ABSENT
    of = found(declared(12, kiosk_available=1), criteria=dated(ALL.criteria, fewer))
    assert why(of) == ("rule", {"kiosk_coverage": "rule"})
    assert of.now[of.criteria.index("kiosk_coverage"), 0] == ABSENT


def test_days_before_any_criterion_have_nothing_to_compare() -> None:
    of = found(declared(12), criteria=replace(ALL, criteria=()))
    assert of.cause.shape == (0, len(CODES))
    assert why(of) == ("", {})


# ---- the obvious twin: rows in a list, one commune, one criterion, one day at a time ----


def slow_told(
    rows: list[Row], commune: str, measure: str, basis: str, until: date
) -> tuple[float, date] | None:
    readings = [
        (row[4], row[2])
        for row in rows
        if row[:2] == (commune, measure) and row[3] == basis and row[4] <= until
    ]
    return (max(readings)[1], max(readings)[0]) if readings else None


def slow_level(
    rows: list[Row], commune: str, criterion: Criterion, fresh_for: int, day: date, until: date
) -> tuple[int, list[date]]:
    """The level of a criterion and the days of the visits that took part."""
    values, old, visits = [], False, []
    for measure in criterion.measures:
        own = slow_told(rows, commune, measure, "declared", until)
        seen = slow_told(rows, commune, measure, "verified", until)
        if seen and (day - seen[1]).days <= fresh_for:
            values.append(seen[0])
            visits.append(seen[1])
        elif own:
            values.append(own[0])
            old = old or (day - own[1]).days > criterion.stale_after_days
        else:
            return UNKNOWN, visits
    value = values[0]
    if criterion.kind == "ratio":
        value = 1.0 if values[1] == 0 else values[0] / values[1]
    if old:
        return STALE, visits
    return (
        GREEN if value >= criterion.green_from else RED if value < criterion.red_below else YELLOW
    ), visits


def slow_overall(of: dict[str, int], in_force: RulesInForce) -> int:
    decisive = [
        of[criterion.code]
        for criterion in in_force.criteria
        if criterion.essential or in_force.rule.red_when == "any"
    ]
    if RED in decisive:
        return RED
    silent = STALE if STALE in of.values() else UNKNOWN
    if any(level in (STALE, UNKNOWN) for level in decisive) or not of:
        return silent
    if any(level in (RED, YELLOW) for level in of.values()):
        return YELLOW
    return silent if any(level in (STALE, UNKNOWN) for level in of.values()) else GREEN


def slow_cause(level: dict[str, int], by_visit: bool) -> str:
    if level["then"] == level["now"]:
        return ""
    if level["new facts"] == level["then"]:
        return "rule"
    if level["new facts"] != level["now"] and level["other rules"] == level["now"]:
        return "rule"
    if level["aged"] == level["new facts"]:
        return "age"
    return "visit" if by_visit else "value"


PICKED = ("network_stable", "network_speed", "scanner_coverage")
READINGS = st.lists(
    st.tuples(
        st.sampled_from(CODES),
        st.sampled_from(["network_stable", "network_mbps", "scanner_needed", "scanner_available"]),
        st.sampled_from([0.0, 1.0, 2.0, 30.0, 60.0]),
        st.sampled_from(["declared", "verified"]),
        st.sampled_from([0, 5, 9, 10, 15, 31, 38, 85, 95]).map(lambda n: DAY - timedelta(days=n)),
    ),
    min_size=4,
    max_size=24,
    unique_by=lambda row: (row[0], row[1], row[3], row[4]),
)


@settings(max_examples=50, deadline=None)
@given(
    READINGS,
    st.sampled_from([50.0, 25.0]),
    st.sampled_from(["essential", "any"]),
    st.sampled_from([90, 8]),
    st.booleans(),
)
def test_changes_agree_with_the_obvious_twin(
    rows: list[Row], fast: float, red_when: str, fresh_for: int, fewer: bool
) -> None:
    some = tuple(criterion for criterion in ALL.criteria if criterion.code in PICKED)
    later = tuple(
        replace(criterion, green_from=fast) if criterion.code == "network_speed" else criterion
        for criterion in some
    )
    criteria = dated(some, later[fewer:], red_when=red_when, verified_expires_after_days=fresh_for)
    of = found(making.readings(rows), criteria=criteria)
    old, new = criteria.in_force(BEFORE), criteria.in_force(DAY)
    views = {
        "then": (old, BEFORE, BEFORE),
        "now": (new, DAY, DAY),
        "new facts": (old, DAY, DAY),
        "other rules": (new, BEFORE, BEFORE),
        "aged": (old, DAY, BEFORE),
    }
    for commune_index, commune in enumerate(CODES):
        level: dict[str, dict[str, int]] = {}
        overall, visits = {}, {}
        for view, (in_force, day, until) in views.items():
            expires = in_force.rule.verified_expires_after_days
            judged = {
                criterion.code: slow_level(rows, commune, criterion, expires, day, until)
                for criterion in in_force.criteria
            }
            level[view] = {code: level_and_days[0] for code, level_and_days in judged.items()}
            overall[view] = slow_overall(level[view], in_force)
            if view == "new facts":
                visits = {
                    code: any(when > BEFORE for when in level_and_days[1])
                    for code, level_and_days in judged.items()
                }
        causes = {}
        for criterion_index, code in enumerate(of.criteria):
            seen = {view: level[view].get(code, ABSENT) for view in views}
            causes[code] = slow_cause(seen, visits.get(code, False))
            assert (
                of.before[criterion_index, commune_index],
                of.now[criterion_index, commune_index],
            ) == (seen["then"], seen["now"])
            assert CAUSES[of.cause[criterion_index, commune_index]] == causes[code]
        by_visit = "visit" in causes.values() and "value" not in causes.values()
        assert (of.overall_before[commune_index], of.overall_now[commune_index]) == (
            overall["then"],
            overall["now"],
        )
        assert CAUSES[of.overall_cause[commune_index]] == slow_cause(overall, by_visit)


@pytest.mark.parametrize("days", [0, 1, 40])
def test_nothing_changes_from_a_day_to_itself_and_every_change_has_a_cause(days: int) -> None:
    rows = pd.concat([declared(45), declared(12, network_mbps=30), visited(3, "network_stable", 0)])
    of = find_level_changes(
        History(rows.assign(as_of=pd.to_datetime(rows["as_of"])), CODES),
        ALL,
        DAY - timedelta(days=days),
        DAY,
    )
    assert np.array_equal(of.cause != 0, of.before != of.now)
    assert np.array_equal(of.overall_cause != 0, of.overall_before != of.overall_now)
    assert days or not of.cause.any()
    assert {levels.LEVEL_NAMES[level] for level in of.overall_now} == {"red", "unknown"}

"""Worked examples of readiness, computed by the indicators on a few communes A, B, C …"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

import numpy as np

from dashboard.indicators import levels
from dashboard.indicators.criteria import Criterion
from dashboard.indicators.readiness import changes, gaps, need, pace
from dashboard.indicators.readiness.assessment import CriterionAssessment
from dashboard.reference import measure_great_circle_km
from tests import making
from tests.indicators.catalogue import small_province
from tests.indicators.catalogue.small_province import (
    Figures,
    Reading,
    declare_green,
    declare_only,
    judge_communes,
    name_level,
    verify_only,
)


def go_back(days: int) -> date:
    return small_province.DAY - timedelta(days=days)


def judge_criterion(criterion: Criterion, **values: float) -> CriterionAssessment:
    """What commune A declares today, by one criterion."""
    return judge_communes(declare_only("A", **values), criterion).assessments[0]


def name_level_of(criterion: Criterion, **values: float) -> str:
    return name_level(judge_criterion(criterion, **values).level[0, 0])


def compute_flags() -> Figures:
    return {
        "there": name_level_of(small_province.MEETING, online_meeting=1),
        "missing": name_level_of(small_province.MEETING, online_meeting=0),
        "essential": name_level_of(small_province.STABLE, network_stable=0),
    }


def compute_speeds() -> Figures:
    return {
        f"at_{mbps}": name_level_of(small_province.SPEED, network_mbps=mbps)
        for mbps in (50, 35, 19)
    }


def compute_ratio() -> Figures:
    some = judge_criterion(small_province.SIGNATURES, signature_issued=17, signature_needed=20)
    return {
        "value": some.value[0, 0],
        "level": name_level(some.level[0, 0]),
        "none_needed": name_level_of(
            small_province.SIGNATURES, signature_issued=0, signature_needed=0
        ),
    }


def compute_silence() -> Figures:
    readings = declare_only("A", go_back(30), network_mbps=80)
    readings += declare_only("B", go_back(31), network_mbps=80)
    judged = judge_communes(readings, small_province.SPEED, codes=("A", "B", "C")).assessments[0]
    names = map(name_level, judged.level[:, 0])
    return dict(zip(("in_date", "older", "never"), names, strict=True))


def compute_verified() -> Figures:
    readings = declare_only("A", network_mbps=80) + declare_only("B", network_mbps=80)
    readings += verify_only("A", go_back(90), network_mbps=60)
    readings += verify_only("B", go_back(91), network_mbps=60)
    judged = judge_communes(readings, small_province.SPEED, codes=("A", "B")).assessments[0]
    return {"fresh": judged.value[0, 0], "expired": judged.value[1, 0]}


def compute_contradictions() -> Figures:
    readings = declare_only("A", network_mbps=90) + declare_only("B", network_mbps=90)
    readings += verify_only("A", network_mbps=87) + verify_only("B", network_mbps=35)
    judged = judge_communes(readings, small_province.SPEED, codes=("A", "B")).assessments[0]
    return {"near": int(judged.contradicted[0, 0]), "far": int(judged.contradicted[1, 0])}


def compute_dimensions() -> Figures:
    readings = declare_only("A", network_mbps=60, signature_issued=15, signature_needed=20)
    dimensions = judge_communes(readings).dimensions
    names = ("network", "digital_signature", "devices")
    return {name: name_level(dimensions[name][0, 0]) for name in names}


def declare_without(commune: str, word: str) -> list[Reading]:
    """A green declaration that is silent about the measures with `word` in their names."""
    return [reading for reading in declare_green(commune) if word not in reading[1]]


def compute_overall() -> Figures:
    readings = declare_green("A")
    readings += declare_green("B", scanner_available=0)
    readings += declare_green("C", network_mbps=10)
    readings += declare_without("D", "network_mbps")
    overall = judge_communes(readings, codes=("A", "B", "C", "D")).overall[:, 0]
    names = ("all_met", "no_scanner", "slow", "speed_untold")
    return dict(zip(names, map(name_level, overall), strict=True))


def compute_green_count() -> Figures:
    readings = declare_green("A") + declare_green("B") + declare_green("C", scanner_available=1)
    history = small_province.build_history(readings, ("A", "B", "C", "D"))
    communes = making.count_levels_over_time(
        history, small_province.CRITERIA, [small_province.DAY]
    ).iloc[0]
    counted = {name: communes[name] for name in ("green", "yellow", "unknown")}
    return {**counted, "communes": communes.sum()}


def compute_way() -> Figures:
    """The steps of one commune, by criterion."""
    readings = declare_green("A", scanner_available=1, signature_issued=18, network_mbps=12)
    steps = gaps.list_gap_steps(gaps.find_gaps(judge_communes(readings)), 0)
    amounts: Figures = {step.fix: step.amount for step in steps}
    return {**amounts, "steps": len(steps)}


def build_province_gaps() -> gaps.Gaps:
    """A lacks a scanner, B a scanner and two signatures, C a meeting link, D tells no scanners."""
    readings = declare_green("A", scanner_available=1)
    readings += declare_green("B", scanner_available=0, signature_issued=18)
    readings += declare_green("C", online_meeting=0)
    readings += declare_without("D", "scanner")
    return gaps.find_gaps(judge_communes(readings, codes=("A", "B", "C", "D")))


def compute_shopping() -> Figures:
    """The scanners on the list."""
    shopping = gaps.list_province_needs(build_province_gaps()).set_index("criterion")
    row = shopping.loc["scanner_coverage"]
    return {
        "amount": row["amount"],
        "communes": row["communes"],
        "report": row["report_communes"],
    }


def compute_single_bottleneck() -> Figures:
    """Scanners alone."""
    singles = gaps.rank_single_bottlenecks(build_province_gaps()).set_index("criterion")
    row = singles.loc["scanner_coverage"]
    return {"turned": row["turned"], "lacking": row["lacking"]}


def compute_pair() -> Figures:
    """Scanners and signatures together."""
    pairs = gaps.rank_bottleneck_pairs(build_province_gaps()).set_index(["first", "second"])
    row = pairs.loc[("signature_coverage", "scanner_coverage")]
    return {"turned": row["turned"], "gain": row["gain"]}


def compute_bottleneck_kinds() -> Figures:
    """All purchases, and all purchases and issues."""
    turned = gaps.rank_fix_combinations(build_province_gaps()).set_index("fixes")["turned"]
    return {"buy": turned[("buy",)], "issue_buy": turned[("issue", "buy")]}


def compute_reporting() -> Figures:
    """The silent commune."""
    reporting = gaps.find_communes_to_report(build_province_gaps())
    return {
        "communes": len(reporting.codes),
        "code": reporting.codes[0],
        "likely": len(reporting.likely),
    }


def compute_by_fix() -> Figures:
    """How many communes need each kind of step."""
    needed = gaps.group_communes_by_fix(build_province_gaps())
    return {fix: needed[fix].sum() for fix in ("buy", "issue", "arrange", "report", "repair")}


def compute_need() -> Figures:
    """To whom a task force goes and whom it calls."""
    readings = declare_green("A", scanner_available=1) + declare_green("B", network_mbps=10)
    readings += declare_green("C", scanner_available=1)
    readings += verify_only("A", go_back(10), network_mbps=80)
    readiness = judge_communes(readings, codes=("A", "B", "C", "D"))
    order = need.rank_communes_by_need(readiness, gaps.find_gaps(readiness))
    return {
        "visits": ", ".join(readiness.codes[row] for row in order.visits),
        "calls": ", ".join(readiness.codes[row] for row in order.calls),
    }


def compute_distance() -> Figures:
    """One degree of latitude."""
    return {"km": measure_great_circle_km(15.0, 108.8, np.array([16.0]), np.array([108.8]))[0]}


def compute_pace() -> Figures:
    """Ten communes on nine Sundays, of which 1, 2, 3, 3, 4, 4, 5, 5 and 5 are green."""
    sundays = [date(2026, 9, 6) + timedelta(weeks=week) for week in range(9)]
    green = np.arange(10)[:, None] < np.array([1, 2, 3, 3, 4, 4, 5, 5, 5])[None, :]
    overall = np.where(green, levels.GREEN, levels.YELLOW).astype(np.int8)
    forecast = pace.compute_pace(overall, sundays)
    return {
        "per_week": forecast.per_week,
        "says": forecast.says,
        "expected": forecast.expected,
        "earliest": forecast.earliest,
        "latest": forecast.latest,
    }


def compute_changes() -> Figures:
    """The causes of the levels of three communes' speed after 40 days."""
    before = go_back(40)
    readings = [declare_only(commune, before, network_mbps=80)[0] for commune in "ABC"]
    readings += declare_only("A", network_mbps=35)
    readings += verify_only("B", network_mbps=15)
    history = small_province.build_history(readings, ("A", "B", "C"))
    changed = changes.find_level_changes(
        history, small_province.CRITERIA, before, small_province.DAY
    )
    causes = changed.cause[changed.criteria.index("network_speed")]
    words = [changes.CAUSES[cause] for cause in causes]
    return dict(zip(("declared", "visited", "silent"), words, strict=True))


EXAMPLES: Final[Mapping[str, Callable[[], Figures]]] = {
    "criterion_flag": compute_flags,
    "criterion_number": compute_speeds,
    "criterion_ratio": compute_ratio,
    "silence": compute_silence,
    "verified": compute_verified,
    "contradiction": compute_contradictions,
    "dimension_level": compute_dimensions,
    "overall_level": compute_overall,
    "green_count": compute_green_count,
    "pace": compute_pace,
    "changes": compute_changes,
    "way_to_green": compute_way,
    "shopping_list": compute_shopping,
    "by_fix": compute_by_fix,
    "reporting_only": compute_reporting,
    "need": compute_need,
    "distance": compute_distance,
    "bottleneck_single": compute_single_bottleneck,
    "bottleneck_pair": compute_pair,
    "bottleneck_kinds": compute_bottleneck_kinds,
}

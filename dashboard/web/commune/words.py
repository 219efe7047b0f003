"""One commune's level in words: what is seen, why it is not green, the way there, the last visit,
former units, neighbours.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from dashboard import reference, text
from dashboard.indicators import levels
from dashboard.indicators.criteria import Criterion
from dashboard.indicators.readiness import gaps
from dashboard.indicators.readiness.assessment import CriterionAssessment
from dashboard.indicators.readiness.changes import ABSENT, NONE, VISIT, LevelChanges
from dashboard.measures import MEASURES
from dashboard.outlines.in_use import ProvinceOutline, find_touching_communes
from dashboard.reference import FIRST_DAY, measure_great_circle_km
from dashboard.web import theme
from dashboard.web.charts import sparkline
from dashboard.web.documents.address import PageView
from dashboard.web.documents.navigation import build_commune_address
from dashboard.web.words import commune_panel, explain
from dashboard.web.words.commune import LEVEL_WORDS, ReportCommune, format_short_value
from dashboard.web.words.commune_panel import name_change_cause, tell_lack_age

# What changed in one commune since an earlier day, and why: the whole first, then its criteria, a
# line a cause.

MOST_CRITERIA_NAMED = 5


def describe_commune_changes(
    commune: ReportCommune, changes: LevelChanges, days: int
) -> dict[str, Any]:
    """What differs from so many days ago: the overall level and why, then the criteria, a line a
    cause.
    """
    position = commune.position
    names = {
        judged.criterion.code: judged.criterion
        for judged in commune.report.readiness.assessment.assessments
    }
    moves: dict[int, dict[str, list[str]]] = {}
    for row in np.flatnonzero(changes.cause[:, position] != NONE).tolist():
        criterion = names.get(changes.criteria[row])
        if criterion is None:
            continue  # no longer in force: the rule's change is told by the overall level
        move = _level_move_words(changes.before[row, position], changes.now[row, position])
        figures = _format_value_change(
            criterion, changes.value_before[row, position], changes.value_now[row, position]
        )
        line = text.lower_first_letter(criterion.short_name) + (f" ({figures})" if figures else "")
        moves.setdefault(int(changes.cause[row, position]), {}).setdefault(move, []).append(line)
    before = changes.overall_before[position]
    now = changes.overall_now[position]
    overall = f"vẫn {_change_level_word(now)}"
    if before != now:
        cause_words = name_change_cause(changes.overall_cause[position])
        overall = f"{_level_move_words(before, now)}, vì {cause_words}"
    since = commune.report.today - timedelta(days=days)
    # before it no rule was in force: there is nothing to compare with
    compared = since >= FIRST_DAY
    lines = []
    if compared:
        lines = [
            _cause_line(name_change_cause(cause_code), lines_by_move)
            for cause_code, lines_by_move in sorted(moves.items())
        ]
    return {
        "title": f"{days} ngày qua (từ {text.format_day(since)})",
        "overall": overall if compared else "chưa đủ kỳ",
        "compared": compared,
        "lines": lines,
    }


def _cause_line(cause: str, moves: Mapping[str, Sequence[str]]) -> str:
    """`Kê khai mới: Vàng → Đỏ tốc độ mạng (28,6 → 11,2 Mbps); Chưa báo cáo → Xanh 13 tiêu chí.`"""
    parts = "; ".join(
        f"{move} {_name_or_count_criteria(criteria)}" for move, criteria in moves.items()
    )
    return f"{text.upper_first_letter(cause)}: {parts}."


def _name_or_count_criteria(criteria: Sequence[str]) -> str:
    """As many names as a line can hold and still be read, else how many they are."""
    if len(criteria) <= MOST_CRITERIA_NAMED:
        return ", ".join(criteria)
    return f"{text.format_number(len(criteria))} tiêu chí"


def _change_level_word(code: int) -> str:
    """A level's word; a criterion that was not in force had none."""
    return LEVEL_WORDS[code] if code >= 0 else "chưa áp dụng"


def _level_move_words(before: int, now: int) -> str:
    return f"{_change_level_word(before)} → {_change_level_word(now)}"


def _format_value_change(criterion: Criterion, before: float, now: float) -> str:
    """`85 → 12 Mbps`; "" where the value is the same or a yes/no whose level says it all."""
    if criterion.kind == "flag" or math.isnan(before) or math.isnan(now) or before == now:
        return ""
    return f"{format_short_value(criterion, before)} → {format_short_value(criterion, now)}"


def tell_commune_headline(commune: ReportCommune) -> str:
    """What is seen: `Xã Sơn Hà: Đỏ; còn 4 việc để đạt mức Xanh`."""
    word = theme.LEVELS[commune.level].word
    steps = gaps.list_gap_steps(commune.report.readiness.gaps, commune.position)
    if commune.level == "green" or not steps:
        return f"{commune.name}: {word}"
    if all(step.fix == gaps.REPORT for step in steps):
        return f"{commune.name}: {word}; cần báo cáo {text.format_number(len(steps))} tiêu chí"
    step_count = text.format_number(gaps.count_steps(steps))
    return f"{commune.name}: {word}; còn {step_count} việc để đạt mức Xanh"


def tell_commune_identity(commune: ReportCommune) -> str:
    """`Xã · mã 21250 · 123,4 km²`."""
    row = commune.report.communes.loc[commune.code]
    area = "" if math.isnan(row["area_km2"]) else f" · {text.format_number(row['area_km2'], 1)} km²"
    return f"{reference.KIND_WORDS[row['kind']]} · mã {commune.code}{area}"


def describe_commune_standing(commune: ReportCommune) -> dict[str, Any]:
    """Its level, its own rating beside it, the reasons, contradictions, and the last twelve months
    as a strip.
    """
    report = commune.report
    position = commune.position
    year_history = report.readiness.year_history
    days = [text.format_day(day) for day in year_history.days.tolist()]
    words = "Mức 12 tháng qua, mỗi tuần xem một lần: " + sparkline.tell_level_runs(
        year_history.overall[position], days, LEVEL_WORDS
    )
    return {
        "level": commune.level,
        "lasting": commune_panel.tell_level_age(report, position),
        "own": commune_panel.tell_own_ratings(report.readiness.own_rating, report.today)[position],
        "reasons": list_commune_reasons(commune),
        "strip": sparkline.draw_level_strip(year_history.overall[position], words),
        "since": days[0],
    }


def list_commune_reasons(commune: ReportCommune) -> list[str]:
    """Why it is not green, a line a level, red first; thresholds, authors and days stand in the
    rows beside them.
    """
    position = commune.position
    judged_criteria = commune.report.readiness.assessment.assessments
    names = [text.lower_first_letter(judged.criterion.short_name) for judged in judged_criteria]
    if all(judged.level[position, 0] >= levels.STALE for judged in judged_criteria):
        return explain.explain_levels(commune.report.readiness.assessment, commune.report.today)[
            position
        ]
    lines = []
    for level in (levels.RED, levels.YELLOW):
        failing = [
            f"{name} {_plain_value(judged, position)} "
            f"({tell_lack_age(commune.report, position, judged.criterion.code)})"
            for name, judged in zip(names, judged_criteria, strict=True)
            if judged.level[position, 0] == level
        ]
        if failing:
            state = theme.LEVELS[levels.LEVEL_NAMES[level]]
            lines.append(f"{state.sign} {state.word}: {', '.join(failing)}.")
    missing = [
        name
        for name, judged in zip(names, judged_criteria, strict=True)
        if judged.level[position, 0] >= levels.STALE
    ]
    if missing:
        lines.append(f"Chưa có số liệu còn hạn: {', '.join(missing)}.")
    contradicted = [
        name
        for name, judged in zip(names, judged_criteria, strict=True)
        if judged.contradicted[position, 0]
    ]
    if contradicted:
        lines.append(f"⚡ Khác kiểm tra: {', '.join(contradicted)}.")
    return lines


def _plain_value(judged: CriterionAssessment, position: int) -> str:
    if judged.criterion.kind == "ratio":
        return f"{text.format_part(judged.numerator[position, 0], judged.denominator[position, 0])}"
    return explain.format_criterion_value(judged, position)


def list_steps_to_green(commune: ReportCommune) -> list[str]:
    """The steps to green, a line a kind of fix; [] where it is green."""
    return commune_panel.list_ways_to_green(commune.report.readiness.gaps)[commune.position]


def describe_last_visit(commune: ReportCommune, visits: Any, day: date) -> dict[str, Any] | None:
    """The newest visit of store.readings.fetch_visits_of_commune: its day and age, team, what it
    found, noted and changed; None without any.
    """
    if visits.empty:
        return None
    newest = visits[visits["visited_on"] == visits["visited_on"].iloc[0]]
    visited_on = newest["visited_on"].iloc[0].date()
    return {
        "on": text.format_day(visited_on),
        "age": text.format_age((day - visited_on).days),
        "team": next((team for team in newest["team"].dropna()), ""),
        "results": [
            _visit_result(row.measure, row.value)
            for row in newest.itertuples()
            if not math.isnan(row.value)
        ],
        "notes": list(dict.fromkeys(newest["note"].dropna())),
        **_describe_visit_effect(commune, visited_on),
    }


def _describe_visit_effect(commune: ReportCommune, visited_on: date) -> dict[str, Any]:
    """`changed`: the commune's level on the eve of the visit and on its day (`Vàng → Đỏ`);
    `moved`: the criteria that the visit moved (`máy scan Xanh → Đỏ`).
    """
    changes = commune.report.readiness.changes_of_day(visited_on)
    position = commune.position
    before, now = (
        LEVEL_WORDS[level[position]] for level in (changes.overall_before, changes.overall_now)
    )
    short_names = {
        judged.criterion.code: text.lower_first_letter(judged.criterion.short_name)
        for judged in commune.report.readiness.assessment.assessments
    }
    return {
        "changed": f"vẫn {now}" if before == now else f"{before} → {now}",
        "moved": [
            f"{short_names.get(code, code)} {LEVEL_WORDS[changes.before[row, position]]} → "
            f"{LEVEL_WORDS[changes.now[row, position]]}"
            for row, code in enumerate(changes.criteria)
            if changes.cause[row, position] == VISIT
            and ABSENT not in (changes.before[row, position], changes.now[row, position])
        ],
    }


def _visit_result(measure: str, value: float) -> str:
    name = MEASURES[measure].name
    measure_type = MEASURES[measure].type
    if measure_type == "flag":
        return f"{name}: {'có' if value else 'không'}"
    return f"{name}: {explain.format_amount(value)}"


# How the reference writes an island district, which had no communes: `None (Huyện Lý Sơn)`.
_NO_COMMUNES = re.compile(r"None \((.+)\)")


def group_former_units(commune: ReportCommune) -> list[str]:
    """The units that it was formed from, those of one district together: `Xã A, Xã B (Huyện C)`;
    a district that had no communes by its own name.
    """
    formed_from = str(commune.report.communes.at[commune.code, "formed_from"])
    by_district: dict[str, list[str]] = {}
    for unit in filter(None, formed_from.split("; ")):
        name, _, district = _NO_COMMUNES.sub(r"\1", unit).partition(" (")
        by_district.setdefault(district.removesuffix(")"), []).append(name)
    return [
        ", ".join(units) + (f" ({district})" if district else "")
        for district, units in by_district.items()
    ]


# What lies around a commune: those whose outlines touch its own; of an island the nearest ones.

NEAREST_NAMED = 3  # named where nothing touches


def describe_neighbours(
    commune: ReportCommune, outline: ProvinceOutline, view: PageView
) -> dict[str, Any]:
    """`touching`, and per neighbour its name, level and address; `away` in km where it only lies
    near.

    Communes of the same province alone: what the next province's look like is not in this report.
    """
    touching_codes = find_touching_communes(outline)[commune.code]
    if touching_codes:
        return {
            "touching": True,
            "communes": [
                _neighbour_line(ReportCommune(commune.report, code), view)
                for code in touching_codes
            ],
        }
    frame = commune.report.communes
    here = frame.loc[commune.code]
    distance = measure_great_circle_km(
        here["lat"], here["lon"], frame["lat"].to_numpy(), frame["lon"].to_numpy()
    )
    nearest = [
        position
        for position in distance.argsort().tolist()
        if frame.index[position] != commune.code
    ][:NEAREST_NAMED]
    communes = [
        _neighbour_line(
            ReportCommune(commune.report, str(frame.index[position])),
            view,
            f"{text.format_number(distance[position])} km",
        )
        for position in nearest
    ]
    return {"touching": False, "communes": communes}


def _neighbour_line(
    commune: ReportCommune, view: PageView, distance_words: str = ""
) -> dict[str, str]:
    return {
        "name": commune.name,
        "level": commune.level,
        "href": build_commune_address(commune.code, view),
        "away": distance_words,
    }

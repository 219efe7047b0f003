"""The sheet of a commune that a team takes along: what to look at first, what was declared, what
the last visit found. All of it is one small JSON, so that ten communes fit a bad line.
"""

from __future__ import annotations

import math
from typing import Any

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.readiness.assessment import CriterionAssessment
from dashboard.indicators.report import Report
from dashboard.measures import PROMISED
from dashboard.web import theme
from dashboard.web.words import explain
from dashboard.web.words.need import tell_need_reason

# In this order a team looks: what a visit found otherwise, what nobody knows, what is missing.
DIFFERS, UNKNOWN, OLD, LACKS, MET = range(5)
DOUBTS = {
    DIFFERS: "lần kiểm tra trước khác kê khai",
    UNKNOWN: "chưa có số liệu",
    OLD: "số liệu cũ",
    LACKS: "chưa đạt",
    MET: "",
}


def describe_sheet(report: Report, code: str) -> dict[str, Any]:
    """The sheet of one commune of a report, ready for JSON."""
    position = report.codes.index(code)
    level = levels.LEVEL_NAMES[report.readiness.assessment.overall[position, 0]]
    questions = [
        _describe_question(report, assessment, position)
        for assessment in report.readiness.assessment.assessments
    ]
    questions.sort(key=lambda question: question["order"])
    return {
        "code": code,
        "name": str(report.communes.at[code, "name"]),
        "level": level,
        "word": theme.LEVELS[level].word,
        "sign": theme.LEVELS[level].sign,
        "reason": tell_need_reason(report, position),
        "rank": list(report.readiness.visit_priority.order).index(position),
        "questions": questions,
    }


def _describe_question(
    report: Report, assessment: CriterionAssessment, position: int
) -> dict[str, Any]:
    criterion = assessment.criterion
    rank = _rank_doubt(report, assessment, position)
    whole = float(assessment.denominator[position, 0])
    declared = float(assessment.declared[position, 0])
    verified = float(assessment.verified_value[position, 0])
    return {
        "measure": criterion.deciding,
        "name": criterion.short_name,
        "kind": criterion.kind,
        "unit": criterion.unit,
        "whole": _as_number(whole),
        "declared": _as_number(_count_part(criterion.kind, declared, whole)),
        "declared_age": _tell_age(assessment.declared_age[position, 0]),
        "verified": _as_number(_count_part(criterion.kind, verified, whole)),
        "verified_age": _tell_age(assessment.verified_age[position, 0]),
        "aim": _find_target(assessment, whole) if criterion.deciding in PROMISED else None,
        "aim_words": explain.tell_thresholds(criterion),
        "doubt": DOUBTS[rank],
        "order": rank,
    }


def _rank_doubt(report: Report, assessment: CriterionAssessment, position: int) -> int:
    if assessment.contradicted[position, 0]:
        return DIFFERS
    if math.isnan(assessment.value[position, 0]):
        return UNKNOWN
    if assessment.stale[position, 0]:
        return OLD
    is_short = assessment.level[position, 0] < levels.GREEN
    return LACKS if is_short else MET


def _count_part(kind: str, value: float, whole: float) -> float:
    """Of a ratio the whole things that a team counts; any other value as it is."""
    return round(value * whole) if kind == "ratio" and value * whole >= 0 else value


def _find_target(assessment: CriterionAssessment, whole: float) -> float | None:
    """What has to be there for green, in what a team counts."""
    criterion = assessment.criterion
    if criterion.kind != "ratio":
        return criterion.green_from
    return None if math.isnan(whole) else math.ceil(criterion.green_from * whole - 1e-9)


def _as_number(value: float) -> float | int | None:
    if math.isnan(value):
        return None
    return int(value) if value == int(value) else round(value, 2)


def _tell_age(days: float) -> str:
    if math.isnan(days):
        return ""
    return "hôm nay" if days == 0 else f"{text.format_number(days)} ngày trước"

"""Who needs help most, in the one order of need: why and since when, a line a commune."""

from __future__ import annotations

from math import isnan
from typing import Any

import numpy as np

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.readiness.assessment import CriterionAssessment
from dashboard.indicators.report import Report
from dashboard.web import theme
from dashboard.web.words import explain

CRITERIA_NAMED = 3  # as many criteria as a line on a phone can name; the way to green has them all
NEVER_REPORTED = "Chưa báo cáo lần nào."
MOST_IN_NEED = 5  # as many as the first page lists and numbers on its map
NOBODY_IN_NEED = "Không đơn vị nào cần kiểm tra, hỗ trợ."


def list_most_in_need(report: Report, count: int = MOST_IN_NEED) -> list[dict[str, Any]]:
    """The first `count`: the place of the commune in `codes`, its reason, since when. Nobody where
    nothing was ever told of any: all of a province in any order is no list of need.
    """
    priority = report.readiness.visit_priority
    if np.isnan(priority.report_age).all():
        return []
    return [
        {
            "commune": position,
            "reason": tell_need_reason(report, position).rstrip("."),
            "since": tell_need_begin(report, position),
        }
        for position in priority.in_need[:count]
    ]


def tell_need_begin(report: Report, position: int) -> str:
    """`từ 08/10/2026, 45 ngày`: since when it is red or yellow; "" where it is neither, as who is
    silent tells the day in the reason.
    """
    if int(report.readiness.assessment.overall[position, 0]) not in (levels.RED, levels.YELLOW):
        return ""
    days = int(report.readiness.level_age.days[position])
    before = "trước " if report.readiness.level_age.older[position] else ""
    begin = f"từ {before}{text.format_day_of_age(report.today, days)}"
    return f"{begin}, {text.format_number(days)} ngày" if days and not before else begin


def tell_need_reason(report: Report, position: int) -> str:
    """`▲ Đường truyền: không · ▲ Chữ ký số: 17/25 (68,0%)`: what gives the commune its level,
    nothing milder.
    """
    overall_level = report.readiness.assessment.overall[position, 0]
    if overall_level >= levels.STALE:
        return _silence_words(report, position)
    if overall_level == levels.GREEN:
        return "Đạt mọi tiêu chí, nhưng kết quả kiểm tra khác tự kê khai."
    rule = report.readiness.assessment.rule
    codes_lacking = {
        report.readiness.gaps.criteria[row].code
        for row in np.flatnonzero(report.readiness.gaps.lacks[:, position])
    }
    lacking = [
        judged
        for judged in report.readiness.assessment.assessments
        if judged.criterion.code in codes_lacking
    ]
    if overall_level == levels.RED:
        lacking = [
            judged
            for judged in lacking
            if judged.level[position, 0] == levels.RED and rule.decides_red(judged.criterion)
        ]
    rest_words = text.format_rest(len(lacking) - CRITERIA_NAMED, "điều").strip()
    phrases = [_criterion_words(judged, position) for judged in lacking[:CRITERIA_NAMED]]
    return " · ".join([*phrases, *filter(None, [rest_words])])


def _criterion_words(judged: CriterionAssessment, position: int) -> str:
    sign = theme.LEVELS[levels.LEVEL_NAMES[judged.level[position, 0]]].sign
    tick = " ✓" if judged.verified[position, 0] else ""
    value_words = explain.format_criterion_value(judged, position)
    return f"{sign} {judged.criterion.short_name}: {value_words}{tick}"


def _silence_words(report: Report, position: int) -> str:
    """Since when nobody knows."""
    age = report.readiness.visit_priority.report_age[position]
    if isnan(age):
        return NEVER_REPORTED
    return f"Báo cáo gần nhất {tell_day_and_age(report, age)}."


def tell_day_and_age(report: Report, age: float) -> str:
    """`13/11/2026, 9 ngày trước`: the day of something so many days old."""
    return f"{text.format_day_of_age(report.today, age)}, {text.format_age(int(age))}"

"""Every colour in words: what was reported, against which threshold, from whom, how old."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.criteria import Criterion
from dashboard.indicators.readiness.assessment import CriterionAssessment, Readiness
from dashboard.web import theme

LETTERS = [theme.LEVELS[name].letter for name in levels.LEVEL_NAMES]
HEADLINE_DIMENSIONS = {"network": "Mạng", "digital_signature": "Chữ ký số", "devices": "Thiết bị"}
DIMENSIONS = {**HEADLINE_DIMENSIONS, "supporting": "Điều kiện khác"}
NO_DATA = "chưa có dữ liệu"


def join_level_letters(level_codes: levels.Levels) -> str:
    """One letter a commune, in the order of the communes."""
    return "".join(LETTERS[level] for level in level_codes)


def format_amount(value: float) -> str:
    """A measured number with the digits it has, at most one."""
    return text.format_number(value, 0 if float(value).is_integer() else 1)


def name_criterion_unit(criterion: Criterion) -> str:
    """What the figures of a criterion count, for a column of its own: `Mbps`, `máy scan`."""
    if criterion.kind == "flag":
        return "1 là có, 0 là không"
    return criterion.short_name.lower() if criterion.kind == "ratio" else criterion.unit


def format_criterion_value(
    judged: CriterionAssessment, commune: int, value: float | None = None
) -> str:
    """What a commune has of one criterion: `có`/`không`, `85,5 Mbps`, `30/37 (81,1%)`."""
    number = judged.value[commune, 0] if value is None else value
    if np.isnan(number):
        return NO_DATA
    if judged.criterion.kind == "flag":
        return "có" if number else "không"
    if judged.criterion.kind == "number":
        return f"{format_amount(number)} {judged.criterion.unit}".strip()
    if value is not None:
        return text.format_percent(value)
    numerator = judged.numerator[commune, 0]
    denominator = judged.denominator[commune, 0]
    return text.format_share(int(numerator), of=int(denominator)) if denominator else "không cần"


def tell_thresholds(criterion: Criterion) -> str:
    """The thresholds in words: `xanh từ 50 Mbps, đỏ dưới 20 Mbps`."""
    if criterion.kind == "flag":
        return "cần có"

    def written(value: float) -> str:
        if criterion.kind == "ratio":
            return text.format_percent(value, 0)
        return f"{format_amount(value)} {criterion.unit}".strip()

    return f"xanh từ {written(criterion.green_from)}, đỏ dưới {written(criterion.red_below)}"


def explain_levels(
    readiness: Readiness, day: date, lack_ages: Mapping[str, Sequence[str]] | None = None
) -> list[list[str]]:
    """Per commune, why its overall level is not green: red criteria first, then yellow, then what
    is missing; with `lack_ages` (by criterion, a commune each) since when.
    """
    rules = [tell_thresholds(judged.criterion) for judged in readiness.assessments]
    return [
        _explain_commune_level(readiness, commune, day, rules, lack_ages or {})
        for commune in range(len(readiness.codes))
    ]


def _explain_commune_level(
    readiness: Readiness,
    commune: int,
    day: date,
    rules: list[str],
    lack_ages: Mapping[str, Sequence[str]],
) -> list[str]:
    criterion_levels = [judged.level[commune, 0] for judged in readiness.assessments]
    if all(level == levels.UNKNOWN for level in criterion_levels):
        return ["Chưa báo cáo lần nào."]
    if all(level >= levels.STALE for level in criterion_levels):
        # Criteria may have limits of their own: the newest value is past the one that it is held
        # against.
        age, limit = min(
            (float(judged.age[commune, 0]), judged.criterion.stale_after_days)
            for judged, level in zip(readiness.assessments, criterion_levels, strict=True)
            if level == levels.STALE
        )
        return [f"Báo cáo gần nhất ngày {text.format_day_of_age(day, age)}, đã quá {limit} ngày."]
    lines = []
    for severity in (levels.RED, levels.YELLOW):
        for judged, level, rule in zip(readiness.assessments, criterion_levels, rules, strict=True):
            if level == severity:
                sign = theme.LEVELS[levels.LEVEL_NAMES[level]].sign
                day_words = text.format_day_of_age(day, judged.age[commune, 0])
                origin = f"{_author_words(judged, commune)} {day_words}"
                value_words = format_criterion_value(judged, commune)
                if judged.criterion.code in lack_ages:
                    value_words += f", thiếu {lack_ages[judged.criterion.code][commune]}"
                lines.append(
                    f"{sign} {judged.criterion.short_name}: {value_words} ({rule}; {origin})"
                )
    missing = [
        judged.criterion.short_name
        for judged, level in zip(readiness.assessments, criterion_levels, strict=True)
        if level >= 3
    ]
    if missing:
        lines.append(f"Chưa có số liệu còn hạn: {', '.join(missing)}.")
    return lines


def explain_contradictions(readiness: Readiness, day: date) -> list[str]:
    """Per commune, where a fresh visit found otherwise than it declares; "" where nothing."""
    lines_by_commune: list[list[str]] = [[] for _ in readiness.codes]
    for judged in readiness.assessments:
        for commune in np.flatnonzero(judged.contradicted[:, 0]).tolist():
            when = text.format_day_of_age(day, judged.age[commune, 0])
            declared, verified = (
                format_criterion_value(judged, commune, value[commune, 0])
                for value in (judged.declared, judged.value)
            )
            lines_by_commune[commune].append(
                f"{judged.criterion.short_name}: kê khai {declared}, kiểm tra {when} {verified}"
            )
    return [f"⚡ Khác kiểm tra: {'; '.join(lines)}" if lines else "" for lines in lines_by_commune]


def _author_words(judged: CriterionAssessment, commune: int) -> str:
    return "✓ kiểm tra" if judged.verified[commune, 0] else "tự kê khai"

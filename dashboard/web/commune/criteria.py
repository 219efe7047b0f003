"""Each criterion of one commune as a row: what decides, both authors apart, threshold, age, source,
twelve months. Beside them what lists of certificates and probes of the line tell of it, which are
no criteria.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.criteria import Criterion
from dashboard.indicators.readiness.assessment import CriterionAssessment
from dashboard.indicators.readiness.history import HistoryOnDays
from dashboard.indicators.readiness.monitoring import PROBE_WINDOW_DAYS
from dashboard.measures import MEASURES
from dashboard.web.charts import sparkline
from dashboard.web.words import explain
from dashboard.web.words.commune import LEVEL_WORDS, ReportCommune, format_short_value

# (measure, basis) → where its newest value is from, in words: `13/11/2026, ke_khai.xlsx (đợt 12)`.
SourceFiles = Mapping[tuple[str, str], str]


def list_commune_criteria(commune: ReportCommune, files: SourceFiles) -> list[dict[str, Any]]:
    """One row a criterion in force; `first` of its dimension."""
    day = np.array([commune.report.today], dtype="datetime64[D]")
    readings = commune.report.snapshot.province_data.history.on(day)
    rows = []
    dimension = ""
    for judged in commune.report.readiness.assessment.assessments:
        rows.append(
            {
                **_criterion_row(commune, judged, readings, files),
                "first": judged.criterion.dimension != dimension,
            }
        )
        dimension = judged.criterion.dimension
    return rows


def _criterion_row(
    commune: ReportCommune, judged: CriterionAssessment, readings: HistoryOnDays, files: SourceFiles
) -> dict[str, Any]:
    criterion = judged.criterion
    position = commune.position
    age = judged.age[position, 0]
    return {
        "code": criterion.code,
        "name": criterion.short_name,
        "full": criterion.name,
        "level": levels.LEVEL_NAMES[judged.level[position, 0]],
        "value": explain.format_criterion_value(judged, position),
        "verified_wins": bool(judged.verified[position, 0]),
        "contradicted": bool(judged.contradicted[position, 0]),
        "declared": _author_value(commune, judged, readings, "declared"),
        "verified": _author_value(commune, judged, readings, "verified"),
        "threshold": explain.tell_thresholds(criterion),
        "age": "" if math.isnan(age) else _short_age(int(age)),
        "stale_after": text.format_number(criterion.stale_after_days),
        "essential": commune.report.readiness.assessment.rule.decides_red(criterion),
        "formula": tell_criterion_formula(criterion),
        "why": criterion.why,
        "sources": _source_files(criterion, files),
        "trend": _draw_criterion_trend(commune, judged),
    }


def _short_age(age: int) -> str:
    """Short, for a column: `hôm nay`, `13 ngày`."""
    return text.format_age(age).removesuffix(" trước")


def tell_criterion_formula(criterion: Criterion) -> str:
    """How a criterion is computed: `Tỷ lệ máy scan hiện có so với nhu cầu = có ÷
    cần`, of what both counts are counts of.
    """
    if criterion.kind == "ratio":
        numerator, denominator = (
            MEASURES[measure].name.rpartition(": ")[2] for measure in criterion.measures
        )
        return f"{criterion.name} = {numerator} ÷ {denominator}"
    if criterion.kind == "number":
        return f"{criterion.name}: theo số báo cáo, tính bằng {criterion.unit}"
    return f"{criterion.name}: có hoặc không"


def _author_value(
    commune: ReportCommune, judged: CriterionAssessment, readings: HistoryOnDays, basis: str
) -> dict[str, Any] | None:
    """One author's value with its day, whichever decides; None where that author never told it."""
    declared = basis == "declared"
    value = (judged.declared if declared else judged.verified_value)[commune.position, 0]
    age = (judged.declared_age if declared else judged.verified_age)[commune.position, 0]
    if math.isnan(age):
        return None
    words = explain.format_criterion_value(judged, commune.position, value)
    if judged.criterion.kind == "ratio":
        words = _author_counts(commune.position, judged.criterion, readings, basis) or words
    return {"value": words, "on": commune.report.today - timedelta(days=int(age))}


def _author_counts(position: int, criterion: Criterion, readings: HistoryOnDays, basis: str) -> str:
    """`29/37`: what one author counted; a visit that counted only what is there is held against the
    declared need.
    """
    numerator, denominator = (
        readings.last(measure, basis).value[position, 0] for measure in criterion.measures
    )
    if math.isnan(denominator):
        denominator = readings.last(criterion.whole, "declared").value[position, 0]
    if math.isnan(numerator) or math.isnan(denominator):
        return ""
    return f"{text.format_part(numerator, denominator)}"


def _source_files(criterion: Criterion, files: SourceFiles) -> list[str]:
    """The files behind a criterion, each once: `tự kê khai: ke_khai.xlsx, đợt 12`."""
    lines = [
        f"{words}: {files[measure, basis]}"
        for basis, words in (("declared", "tự kê khai"), ("verified", "kiểm tra"))
        for measure in criterion.measures
        if (measure, basis) in files
    ]
    return list(dict.fromkeys(lines))


def _draw_criterion_trend(commune: ReportCommune, judged: CriterionAssessment) -> Any:
    """Twelve months of one criterion: a line with its green threshold, of a yes/no condition a
    strip of states.
    """
    criterion = judged.criterion
    year_history = commune.report.readiness.year_history
    if criterion.kind == "flag":
        days = [text.format_day(day) for day in year_history.days.tolist()]
        level = year_history.level[criterion.code][commune.position]
        return sparkline.draw_level_strip(
            level, f"{criterion.short_name}: {sparkline.tell_level_runs(level, days, LEVEL_WORDS)}"
        )
    values = year_history.value[criterion.code][commune.position]
    numbers = values[~np.isnan(values)]
    if not len(numbers):
        return sparkline.draw_sparkline(
            values, f"{criterion.short_name} 12 tháng qua: {explain.NO_DATA}"
        )
    least, most = (format_short_value(criterion, value) for value in (numbers.min(), numbers.max()))
    if least != most:
        words = f"{criterion.short_name} 12 tháng qua: từ {least} đến {most}"
    else:
        words = f"{criterion.short_name}: {least}"
    return sparkline.draw_sparkline(values, words, criterion.green_from)


# What was monitored beside the criteria.

# The counts of batch.CERTIFICATES in the words of the lists that tell them.
CERTIFICATE_WORDS: Final = {
    "active": "đang hoạt động",
    "locked": "bị khóa",
    "revoked": "thu hồi",
    "expired": "đã hết hạn",
    "expiring_30": "hết hạn trong 30 ngày",
    "expiring_60": "hết hạn trong 60 ngày",
}


def describe_certificates(commune: ReportCommune) -> dict[str, Any] | None:
    """`counts` (word and figure) of the newest list and its day `on`; None where no list named the
    commune.
    """
    row = commune.report.sources.certificates.loc[commune.code]
    if pd.isna(row["as_of"]):
        return None
    return {
        "on": text.format_day(row["as_of"].date()),
        "age": text.format_age((commune.report.today - row["as_of"].date()).days),
        "counts": [
            (word, text.format_number(row[name])) for name, word in CERTIFICATE_WORDS.items()
        ],
    }


def describe_probes(commune: ReportCommune) -> dict[str, Any] | None:
    """What probes measured in the last days, `outages` as stretches of time, newest first; None
    where nobody probed the line.
    """
    row = commune.report.sources.probes.loc[commune.code]
    if math.isnan(row["days"]):
        return None
    figures = []
    if not math.isnan(row["uptime"]):
        figures.append(f"hoạt động {text.format_percent(row['uptime'])} số lần đo")
    if not math.isnan(row["mbps"]):
        figures.append(f"tốc độ giữa {text.format_number(row['mbps'], 1)} Mbps")
    outages = commune.report.sources.outages
    stretches = [
        tell_outage(stretch.began_at, stretch.ended_at)
        for stretch in outages[outages["commune_code"] == commune.code].itertuples()
    ]
    return {
        "days": text.format_part(row["days"], PROBE_WINDOW_DAYS),
        "until": text.format_day(row["last_day"].date()),
        "figures": figures,
        "outages": stretches,
    }


def tell_outage(began_at: pd.Timestamp, ended_at: pd.Timestamp) -> str:
    """`08:15–09:40 12/11/2026 (85 phút)`, or that the line was not back when the log ended."""
    if pd.isna(ended_at):
        return f"từ {began_at:%H:%M %d/%m/%Y}, chưa thấy thông lại trong nhật ký"
    minutes = text.format_number((ended_at - began_at).total_seconds() // 60)
    begin = f"{began_at:%H:%M}" if began_at.date() == ended_at.date() else f"{began_at:%H:%M %d/%m}"
    return f"{begin}–{ended_at:%H:%M %d/%m/%Y} ({minutes} phút)"

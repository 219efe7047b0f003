"""Each criterion of one commune as a row: what decides, both authors apart, threshold, age, source, twelve months."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import numpy as np

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.criteria import Criterion
from dashboard.indicators.history import OnDays
from dashboard.indicators.readiness import Judged
from dashboard.measures import MEASURES
from dashboard.views import explain, sparkline
from dashboard.views.one_commune import WORDS, One, short_value

# (measure, basis) → where its newest value is from, in words: `13/11/2026, ke_khai.xlsx (đợt 12)`.
Files = Mapping[tuple[str, str], str]


def criteria(one: One, files: Files) -> list[dict[str, Any]]:
    """One row a criterion in force; `first` of its dimension."""
    day = np.array([one.report.today], dtype="datetime64[D]")
    asked = one.report.snapshot.known.history.on(day)
    rows, shown = [], ""
    for judged in one.report.readiness.judged:
        rows.append({**_row(one, judged, asked, files), "first": judged.criterion.dimension != shown})
        shown = judged.criterion.dimension
    return rows


def _row(one: One, judged: Judged, asked: OnDays, files: Files) -> dict[str, Any]:
    criterion, at = judged.criterion, one.at
    age = judged.age[at, 0]
    return {
        "code": criterion.code,
        "name": criterion.brief,
        "full": criterion.name,
        "level": levels.NAMES[judged.level[at, 0]],
        "value": explain.value_text(judged, at),
        "verified_wins": bool(judged.verified[at, 0]),
        "contradicted": bool(judged.contradicted[at, 0]),
        "declared": _side(one, judged, asked, "declared"),
        "verified": _side(one, judged, asked, "verified"),
        "threshold": explain.thresholds(criterion),
        "age": "" if math.isnan(age) else _days(int(age)),
        "stale_after": text.number(criterion.stale_after_days),
        "essential": one.report.readiness.rule.decides_red(criterion),
        "formula": formula(criterion),
        "why": criterion.why,
        "sources": _sources(criterion, files),
        "trend": _trend(one, judged),
    }


def _days(age: int) -> str:
    """Short, for a column: `hôm nay`, `13 ngày`."""
    return f"{text.number(age)} ngày" if age else "hôm nay"


def formula(criterion: Criterion) -> str:
    """How a criterion is computed: `Máy scan có trên số cần = có ÷ cần`, of what both counts are counts of."""
    if criterion.kind == "ratio":
        part, whole = (MEASURES[measure].name.rpartition(": ")[2] for measure in criterion.measures)
        return f"{criterion.name} = {part} ÷ {whole}"
    if criterion.kind == "number":
        return f"{criterion.name}: đúng số được báo, tính bằng {criterion.unit}"
    return f"{criterion.name}: có hoặc không"


def _side(one: One, judged: Judged, asked: OnDays, basis: str) -> dict[str, str] | None:
    """One author's value with its day, whichever decides; None where that author never told it."""
    declared = basis == "declared"
    value = (judged.declared if declared else judged.verified_value)[one.at, 0]
    age = (judged.declared_age if declared else judged.verified_age)[one.at, 0]
    if math.isnan(age):
        return None
    words = explain.value_text(judged, one.at, value)
    if judged.criterion.kind == "ratio":
        words = _counted(one.at, judged.criterion, asked, basis) or words
    return {"value": words, "on": text.day(one.report.today - timedelta(days=int(age)))}


def _counted(at: int, criterion: Criterion, asked: OnDays, basis: str) -> str:
    """`29/37`: what one author counted; a visit that counted only what is there is held against the declared need."""
    part, whole = (asked.last(measure, basis).value[at, 0] for measure in criterion.measures)
    if math.isnan(whole):
        whole = asked.last(criterion.whole, "declared").value[at, 0]
    return "" if math.isnan(part) or math.isnan(whole) else f"{text.number(part)}/{text.number(whole)}"


def _sources(criterion: Criterion, files: Files) -> list[str]:
    """The files behind a criterion, each once: `tự kê khai: ke_khai.xlsx, đợt 12`."""
    found = [
        f"{words}: {files[measure, basis]}"
        for basis, words in (("declared", "tự kê khai"), ("verified", "kiểm tra"))
        for measure in criterion.measures
        if (measure, basis) in files
    ]
    return list(dict.fromkeys(found))


def _trend(one: One, judged: Judged) -> Any:
    """Twelve months of one criterion: a line with its green threshold, of a yes/no condition a strip of states."""
    criterion, past = judged.criterion, one.report.past
    if criterion.kind == "flag":
        days = [text.day(day) for day in past.days.tolist()]
        level = past.level[criterion.code][one.at]
        return sparkline.strip(level, f"{criterion.brief}: {sparkline.run_words(level, days, WORDS)}")
    values = past.value[criterion.code][one.at]
    known = values[~np.isnan(values)]
    if not len(known):
        return sparkline.line(values, f"{criterion.brief} 12 tháng qua: {explain.NO_DATA}")
    least, most = (short_value(criterion, value) for value in (known.min(), known.max()))
    words = f"{criterion.brief} 12 tháng qua: từ {least} đến {most}" if least != most else f"{criterion.brief}: {least}"
    return sparkline.line(values, words, criterion.green_from)

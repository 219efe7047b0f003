"""Every colour in words: what was reported, against which threshold, from whom, how old."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.criteria import Criterion
from dashboard.indicators.readiness import Judged, Readiness
from dashboard.views import theme

LETTERS = [theme.LEVELS[name].letter for name in levels.NAMES]
SIGNALS = {"network": "Mạng", "digital_signature": "Chữ ký số", "devices": "Thiết bị"}
DIMENSIONS = {**SIGNALS, "supporting": "Điều kiện khác"}
NO_DATA = "chưa có dữ liệu"


def letters(of: levels.Levels) -> str:
    """One letter a commune, in the order of the communes."""
    return "".join(LETTERS[level] for level in of)


def amount(value: float) -> str:
    """A measured number with the digits it has, at most one."""
    return text.number(value, 0 if float(value).is_integer() else 1)


def unit(criterion: Criterion) -> str:
    """What the figures of a criterion count, for a column of its own: `Mbps`, `máy scan`."""
    if criterion.kind == "flag":
        return "1 là có, 0 là không"
    return criterion.brief.lower() if criterion.kind == "ratio" else criterion.unit


def value_text(judged: Judged, commune: int, value: float | None = None) -> str:
    """What a commune has of one criterion: `có`/`không`, `85,5 Mbps`, `30/37 (81,1 %)`."""
    found = judged.value[commune, 0] if value is None else value
    if np.isnan(found):
        return NO_DATA
    if judged.criterion.kind == "flag":
        return "có" if found else "không"
    if judged.criterion.kind == "number":
        return f"{amount(found)} {judged.criterion.unit}".strip()
    if value is not None:
        return text.percent(value)
    part, whole = judged.part[commune, 0], judged.whole[commune, 0]
    return text.share(int(part), of=int(whole)) if whole else "không cần"


def thresholds(criterion: Criterion) -> str:
    """The thresholds in words: `xanh từ 50 Mbps, đỏ dưới 20 Mbps`."""
    if criterion.kind == "flag":
        return "cần có"

    def written(value: float) -> str:
        if criterion.kind == "ratio":
            return text.percent(value, 0)
        return f"{amount(value)} {criterion.unit}".strip()

    return f"xanh từ {written(criterion.green_from)}, đỏ dưới {written(criterion.red_below)}"


def reasons(readiness: Readiness, day: date) -> list[list[str]]:
    """Per commune, why its overall level is not green: red criteria first, then yellow, then what is missing."""
    rules = [thresholds(judged.criterion) for judged in readiness.judged]
    return [_reasons_of(readiness, commune, day, rules) for commune in range(len(readiness.codes))]


def _reasons_of(readiness: Readiness, commune: int, day: date, rules: list[str]) -> list[str]:
    at = [judged.level[commune, 0] for judged in readiness.judged]
    if all(level == levels.UNKNOWN for level in at):
        return ["Chưa báo cáo lần nào."]
    if all(level >= levels.STALE for level in at):
        # Criteria may have limits of their own: the newest value is past the one that it is held against.
        age, limit = min(
            (float(judged.age[commune, 0]), judged.criterion.stale_after_days)
            for judged, level in zip(readiness.judged, at, strict=True)
            if level == levels.STALE
        )
        return [f"Báo cáo gần nhất ngày {_told_on(day, age)}, đã quá {limit} ngày."]
    lines = []
    for wanted in (levels.RED, levels.YELLOW):
        for judged, level, rule in zip(readiness.judged, at, rules, strict=True):
            if level == wanted:
                sign = theme.LEVELS[levels.NAMES[level]].sign
                told = f"{_told_by(judged, commune)} {_told_on(day, judged.age[commune, 0])}"
                lines.append(f"{sign} {judged.criterion.brief}: {value_text(judged, commune)} ({rule}; {told})")
    missing = [judged.criterion.brief for judged, level in zip(readiness.judged, at, strict=True) if level >= 3]
    if missing:
        lines.append(f"Chưa có số liệu còn hạn: {', '.join(missing)}.")
    return lines


def contradictions(readiness: Readiness, day: date) -> list[str]:
    """Per commune, where a fresh visit found otherwise than it declares; "" where nothing."""
    found: list[list[str]] = [[] for _ in readiness.codes]
    for judged in readiness.judged:
        for commune in np.flatnonzero(judged.contradicted[:, 0]).tolist():
            when = _told_on(day, judged.age[commune, 0])
            found[commune].append(
                f"{judged.criterion.brief}: kê khai {value_text(judged, commune, judged.declared[commune, 0])}, "
                f"kiểm tra {when} {value_text(judged, commune, judged.value[commune, 0])}"
            )
    return [f"⚡ Khác kiểm tra: {'; '.join(lines)}" if lines else "" for lines in found]


def _told_by(judged: Judged, commune: int) -> str:
    return "✓ kiểm tra" if judged.verified[commune, 0] else "tự kê khai"


def _told_on(day: date, age: float) -> str:
    return text.day(day - timedelta(days=int(age)))

"""Who told a commune's values and when, its own rating, and what it lacks to be green: lines for its panel."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.history import Told
from dashboard.indicators.readiness import Judged, Readiness
from dashboard.measures import RATINGS
from dashboard.views import theme
from dashboard.views.explain import amount

_RATING_WORDS = {number: theme.LEVELS[word].word for word, number in RATINGS.items()}


def own_ratings(told: Told, day: date) -> list[str]:
    """Per commune its own rating beside ours: `Tự đánh giá: Xanh (06/11/2026)`; "" where it gave none."""
    words = []
    for value, age in zip(told.value[:, 0], told.age[:, 0], strict=True):
        when = "" if math.isnan(age) else text.day(day - timedelta(days=int(age)))
        words.append("" if math.isnan(value) else f"Tự đánh giá: {_RATING_WORDS[int(value)]} ({when})")
    return words


def sources(readiness: Readiness, day: date) -> list[list[str]]:
    """Per commune, from whom its values are and of which day, newest first: `tự kê khai 05/11/2026: 12 tiêu chí`."""
    lines = []
    for commune in range(len(readiness.codes)):
        together: dict[tuple[int, bool], list[str]] = {}
        for judged in readiness.judged:
            age = judged.age[commune, 0]
            if not np.isnan(age):
                together.setdefault((int(age), bool(judged.verified[commune, 0])), []).append(judged.criterion.brief)
        lines.append(
            [
                f"{'kiểm tra' if verified else 'tự kê khai'} {text.day(day - timedelta(days=age))}: "
                + (", ".join(names) if len(names) < 4 else f"{len(names)} tiêu chí")
                for (age, verified), names in sorted(together.items())
            ]
        )
    return lines


def way_to_green(readiness: Readiness) -> list[list[str]]:
    """Per commune, what is missing to green, criterion by criterion; empty where it is green."""
    return [
        [line for judged in readiness.judged if (line := _missing(judged, commune))]
        for commune in range(len(readiness.codes))
    ]


def _missing(judged: Judged, commune: int) -> str:
    level, criterion = judged.level[commune, 0], judged.criterion
    if level == levels.GREEN:
        return ""
    if level >= levels.STALE:
        return f"{criterion.brief}: cần báo cáo {'lại' if level == levels.STALE else 'lần đầu'}"
    if criterion.kind == "ratio":
        more = math.ceil(criterion.green_from * judged.whole[commune, 0] - judged.part[commune, 0] - 1e-9)
        return f"+{text.number(more)} {criterion.brief.lower()}"
    if criterion.kind == "number":
        aim = f"{amount(criterion.green_from)} {criterion.unit}".strip()
        return f"{criterion.brief}: nâng từ {amount(judged.value[commune, 0])} lên {aim}"
    return f"{criterion.brief}: khắc phục"

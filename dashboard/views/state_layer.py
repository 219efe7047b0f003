"""One layer of the map and column of the table, as the state tells it: level, words and what to sort by."""

from __future__ import annotations

import math
from typing import Any

from dashboard.indicators import levels
from dashboard.views import explain


def sortable(values: Any) -> list[float | None]:
    """Numbers to sort by; null where nothing is known (such rows stay last both ways)."""
    return [None if value is None or math.isnan(value) else round(float(value), 4) for value in values]


def layer(name: str, title: str, level: levels.Levels, words: list[str], sort: list[float | None]) -> dict[str, Any]:
    counts = levels.counts(level)
    shown = {code: counts[code] for code in explain.theme.LEVELS}
    return {
        "name": name,
        "title": title,
        "levels": explain.letters(level),
        "text": words,
        "sort": sort,
        "counts": shown,
    }

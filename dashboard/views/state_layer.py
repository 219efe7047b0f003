"""One layer of the map and column of the table, as the state tells it: level, words and what to sort by."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dashboard.indicators import levels
from dashboard.indicators.levels import Numbers
from dashboard.indicators.readiness import Judged
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


def counted(within: list[Judged]) -> tuple[Numbers, Numbers]:
    """What is there of what is needed, over counted things; a surplus of one kind never hides a lack of another."""
    part = np.add.reduce([np.minimum(judged.part[:, 0], judged.whole[:, 0]) for judged in within])
    return part, np.add.reduce([judged.whole[:, 0] for judged in within])


def worst(within: list[Judged], commune: int) -> str:
    """The thing that is shortest of what is needed: 31 of 32 devices may be red for want of the only scanner."""
    short = [judged for judged in within if judged.level[commune, 0] in (levels.RED, levels.YELLOW)]
    if not short:
        return ""
    found = min(short, key=lambda judged: judged.value[commune, 0])
    part, whole = int(found.part[commune, 0]), int(found.whole[commune, 0])
    return f", {found.criterion.brief.lower()}\u00a0{part}/{whole}"

"""The layer of silence: who tells of itself in the rhythm of each kind of source, who is late, silent or never told."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from dashboard.indicators import freshness
from dashboard.indicators.report import Report
from dashboard.views import coverage
from dashboard.views.explain import NO_DATA
from dashboard.views.state_layer import layer, sortable

SILENCE: Final = "Im lặng"


def silence(report: Report) -> dict[str, Any]:
    """Per commune the worst over the kinds of source that are expected and come, and which kinds these are."""
    found, level, worst = report.freshness, coverage.silence_levels(report), coverage.worst(report.freshness)
    kinds = coverage.told_kinds(found)
    names = {kind: rhythm.name for kind, rhythm in report.criteria.rhythms.items()}
    places = [found.kinds.index(kind) for kind in kinds]
    words = []
    for commune, state in enumerate(worst.tolist()):
        if state not in coverage.LOOKS:
            words.append(NO_DATA)
            continue
        of = [
            names.get(kind, kind) for kind, at in zip(kinds, places, strict=True) if found.state[commune, at] == state
        ]
        word = coverage.LOOKS[state][1]
        words.append(word if state == freshness.FRESH else f"{word}: {', '.join(of)}")
    sort = sortable(np.where(worst == freshness.NOT_EXPECTED, np.nan, -worst.astype(np.float64)))
    return {**layer(SILENCE, _title(worst), level, words, sort), "words": dict(coverage.LOOKS.values())}


def _title(worst: freshness.States) -> str:
    """`Im lặng: 80/96 xã đúng nhịp; 10 trễ, 4 im lặng`."""
    counts = {state: int((worst == state).sum()) for state in coverage.LOOKS}
    if not sum(counts.values()):
        return f"{SILENCE}: {NO_DATA}"
    rest = [f"{counts[state]} {word.lower()}" for state, (_, word) in coverage.LOOKS.items() if counts[state]]
    told = f"{counts[freshness.FRESH]}/{worst.size} xã đúng nhịp"
    late = rest[1:] if counts[freshness.FRESH] else rest
    return f"{SILENCE}: {told}" + (f"; {', '.join(late)}" if late else "")

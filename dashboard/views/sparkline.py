"""Small trends drawn on the server: a line or a strip of states, an inline SVG of some hundred bytes with its words.

They answer one question ("which way?") beside a figure that is written out; colours come from the style sheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

import numpy as np
from markupsafe import Markup, escape

from dashboard.indicators import levels
from dashboard.indicators.levels import Levels, Numbers

WIDTH, HEIGHT = 104, 20
_EDGE = 2.5  # room for the dot at the line's end


def line(values: Numbers, words: str, limit: float | None = None) -> Markup:
    """A line through equally spaced values; NaN is a gap. `limit` is a threshold to be drawn, in the same unit.

    Nothing known gives an empty drawing: its words say so.
    """
    known = values[~np.isnan(values)]
    drawn = ""
    if len(known):
        low, high = _ends(known, limit)
        drawn = _limit(limit, low, high) + _path(values, low, high) + _end(values, low, high)
    return _svg("spark", words, drawn)


def strip(level: Levels, words: str) -> Markup:
    """A strip of states over equally long times, left to right; equal neighbours are one field."""
    drawn, at = [], 0
    for code, run in groupby(level.tolist()):
        length = len(list(run))
        left, right = (WIDTH * place / len(level) for place in (at, at + length))
        state = levels.NAMES[code]
        drawn.append(f'<rect data-state="{state}" x="{left:.1f}" y="3" width="{right - left:.1f}" height="14"/>')
        at += length
    return _svg("spark spark-strip", words, "".join(drawn))


def _svg(kind: str, words: str, drawn: str) -> Markup:
    return Markup(
        f'<svg class="{kind}" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img"'
        f' aria-label="{escape(words)}"><title>{escape(words)}</title>{drawn}</svg>'
    )


def _ends(known: Numbers, limit: float | None) -> tuple[float, float]:
    """The least and the most that is drawn; a flat line lies in the middle."""
    shown = [*known.tolist(), *([] if limit is None else [limit])]
    low, high = min(shown), max(shown)
    return (low, high) if high > low else (low - 1, high + 1)


def _x(place: int, size: int) -> float:
    return _EDGE + (WIDTH - 2 * _EDGE) * place / max(1, size - 1)


def _y(value: float, low: float, high: float) -> float:
    return HEIGHT - _EDGE - (HEIGHT - 2 * _EDGE) * (value - low) / (high - low)


def _path(values: Numbers, low: float, high: float) -> str:
    steps, open_line = [], False
    for place, value in enumerate(values.tolist()):
        if value == value:
            steps.append(f"{'L' if open_line else 'M'}{_x(place, len(values)):.1f} {_y(value, low, high):.1f}")
        open_line = value == value
    return f'<path d="{"".join(steps)}"/>'


def _limit(limit: float | None, low: float, high: float) -> str:
    if limit is None:
        return ""
    height = f"{_y(limit, low, high):.1f}"
    return f'<line x1="0" x2="{WIDTH}" y1="{height}" y2="{height}"/>'


def _end(values: Numbers, low: float, high: float) -> str:
    """A dot at the newest value; none where today's is not known."""
    if np.isnan(values[-1]):
        return ""
    return f'<circle cx="{_x(len(values) - 1, len(values)):.1f}" cy="{_y(values[-1], low, high):.1f}" r="2"/>'


def run_words(level: Levels, days: Sequence[str], names: Sequence[str] | Mapping[int, str]) -> str:
    """The strip in words: `Vàng từ 23/11/2025, Xanh từ 05/04/2026`; `days` and `names` of a place and a level."""
    told, at = [], 0
    for code, run in groupby(level.tolist()):
        told.append(f"{names[code]} từ {days[at]}")
        at += len(list(run))
    return ", ".join(told)

"""Small trends drawn on the server: a line or a strip of states, an inline SVG of some hundred
bytes with its words.

They answer one question ("which way?") beside a figure that is written out; colours come from the
style sheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

import numpy as np
from markupsafe import Markup, escape

from dashboard.indicators import levels
from dashboard.indicators.levels import Levels, Numbers

SPARKLINE_WIDTH = 104
SPARKLINE_HEIGHT = 20
_EDGE = 2.5  # room for the dot at the line's end


def draw_sparkline(values: Numbers, words: str, limit: float | None = None) -> Markup:
    """A line through equally spaced values; NaN is a gap. `limit` is a threshold to be drawn, in
    the same unit.

    Nothing known gives an empty drawing: its words say so.
    """
    finite = values[~np.isnan(values)]
    marks = ""
    if len(finite):
        low, high = _value_range(finite, limit)
        marks = (
            _draw_limit(limit, low, high)
            + _draw_path(values, low, high)
            + _draw_end(values, low, high)
        )
    return _wrap_svg("spark", words, marks)


def draw_level_strip(levels_of_days: Levels, words: str) -> Markup:
    """A strip of states over equally long times, left to right; equal neighbours are one field."""
    fields = []
    start = 0
    for code, run in groupby(levels_of_days.tolist()):
        length = len(list(run))
        left, right = (
            SPARKLINE_WIDTH * offset / len(levels_of_days) for offset in (start, start + length)
        )
        state = levels.LEVEL_NAMES[code]
        fields.append(
            f'<rect data-state="{state}" x="{left:.1f}" y="3"'
            f' width="{right - left:.1f}" height="14"/>'
        )
        start += length
    return _wrap_svg("spark spark-strip", words, "".join(fields))


def _wrap_svg(css_class: str, words: str, marks: str) -> Markup:
    return Markup(
        f'<svg class="{css_class}" viewBox="0 0 {SPARKLINE_WIDTH} {SPARKLINE_HEIGHT}"'
        f' width="{SPARKLINE_WIDTH}" height="{SPARKLINE_HEIGHT}" role="img"'
        f' aria-label="{escape(words)}"><title>{escape(words)}</title>{marks}</svg>'
    )


def _value_range(finite: Numbers, limit: float | None) -> tuple[float, float]:
    """The least and the most that is drawn; a flat line lies in the middle."""
    values = [*finite.tolist(), *([] if limit is None else [limit])]
    low = min(values)
    high = max(values)
    return (low, high) if high > low else (low - 1, high + 1)


def _scale_x(position: int, size: int) -> float:
    return _EDGE + (SPARKLINE_WIDTH - 2 * _EDGE) * position / max(1, size - 1)


def _scale_y(value: float, low: float, high: float) -> float:
    return SPARKLINE_HEIGHT - _EDGE - (SPARKLINE_HEIGHT - 2 * _EDGE) * (value - low) / (high - low)


def _draw_path(values: Numbers, low: float, high: float) -> str:
    steps = []
    open_line = False
    for position, value in enumerate(values.tolist()):
        if value == value:
            point = f"{_scale_x(position, len(values)):.1f} {_scale_y(value, low, high):.1f}"
            steps.append(f"{'L' if open_line else 'M'}{point}")
        open_line = value == value
    return f'<path d="{"".join(steps)}"/>'


def _draw_limit(limit: float | None, low: float, high: float) -> str:
    if limit is None:
        return ""
    height = f"{_scale_y(limit, low, high):.1f}"
    return f'<line x1="0" x2="{SPARKLINE_WIDTH}" y1="{height}" y2="{height}"/>'


def _draw_end(values: Numbers, low: float, high: float) -> str:
    """A dot at the newest value; none where today's is not known."""
    if np.isnan(values[-1]):
        return ""
    x = _scale_x(len(values) - 1, len(values))
    return f'<circle cx="{x:.1f}" cy="{_scale_y(values[-1], low, high):.1f}" r="2"/>'


def tell_level_runs(
    levels_of_days: Levels, days: Sequence[str], names: Sequence[str] | Mapping[int, str]
) -> str:
    """The strip in words: `Vàng từ 23/11/2025, Xanh từ 05/04/2026`; `days` and `names` of a place
    and a level.
    """
    phrases = []
    start = 0
    for code, run in groupby(levels_of_days.tolist()):
        phrases.append(f"{names[code]} từ {days[start]}")
        start += len(list(run))
    return ", ".join(phrases)

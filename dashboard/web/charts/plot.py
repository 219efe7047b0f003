"""What every chart has in common: the quiet frame around its lines, and its data as a table of
words.

Plotly would add 7 kB of default template to each figure; these carry only what differs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.indicators.throughput.weekly_history import WeeklyHistory
from dashboard.web import theme

# The one configuration of every graph: no address outside, no logo, nothing that moves by accident.
GRAPH_CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "displayModeBar": False,
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": "reset",
    "locale": "vi",
}
PlotlyFigure = dict[str, Any]


@dataclass(frozen=True)
class ChartTable:
    """The data of a chart for who reads rather than looks: words of the head, and rows of words."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def frame_figure(traces: list[PlotlyFigure], title: str = "", *, dark: bool) -> PlotlyFigure:
    """Traces in the house's frame; without `title` where the page itself writes it above."""
    ink = theme.pick_colour("ink", dark=dark)
    second_ink = theme.pick_colour("second-ink", dark=dark)
    line = theme.pick_colour("line", dark=dark)
    paper = "rgba(0,0,0,0)"
    axis = {
        "gridcolor": line,
        "linecolor": line,
        "zeroline": False,
        "tickfont": {"color": second_ink},
        "fixedrange": True,
        "automargin": True,
    }
    title_style = {
        "text": title,
        "x": 0,
        "xanchor": "left",
        "y": 1,
        "yanchor": "top",
        "pad": {"t": 16},
    }
    return {
        "data": traces,
        "layout": {
            **({"title": {**title_style, "font": {"size": 15, "color": ink}}} if title else {}),
            "font": {"family": theme.SANS, "size": 13, "color": ink},
            "separators": ",.",
            "paper_bgcolor": paper,
            "plot_bgcolor": paper,
            "margin": {"l": 48, "r": 84, "t": 52 if title else 16, "b": 44},
            "showlegend": False,
            "hovermode": "x unified",
            "hoverlabel": {
                "bgcolor": theme.pick_colour("panel", dark=dark),
                "font": {"color": ink, "size": 12},
            },
            "xaxis": {
                **axis,
                "showgrid": False,
                "tickformat": "%d/%m\n%Y",
                "hoverformat": "%d/%m/%Y",
                "nticks": 7,
            },
            "yaxis": {**axis, "tickformat": ",d"},
            "uirevision": "same",
        },
    }


def draw_line_trace(
    x: Sequence[str], y: Sequence[float], word: str, colour: str, width: float
) -> PlotlyFigure:
    """A line over days (`x` as 2025-07-13) that has a gap where nothing is known (NaN)."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(x),
        "y": [None if pd.isna(value) else value for value in y],
        "name": word,
        "line": {"color": colour, "width": width},
        "hovertemplate": format_hover_line(word),
    }


def format_hover_line(word: str, value: str = "%{y:,.0f}") -> str:
    """A trace's line in the tooltip, whose head is the date, said once for all of them."""
    return f"{word}: {value}<extra></extra>"


def list_axis_days(history: WeeklyHistory) -> list[str]:
    """The periods of a history as a time axis knows them: 2025-07-07."""
    return [period.first.isoformat() for period in history.periods]


@dataclass(frozen=True)
class LineEnd:
    """Where a line ends, and what stands there; without a `colour` in that of all words."""

    value: float
    day: str
    words: str
    colour: str = ""


def label_line_ends(
    ends: Sequence[LineEnd], gap: float, floor: float = float("-inf")
) -> list[PlotlyFigure]:
    """Each line's words at its end, moved up where they would lie upon those below: words stand
    `gap` apart, the lowest at least so far above `floor` (all in the axis' unit).
    """
    labels: list[PlotlyFigure] = []
    height = floor
    for end in sorted(ends, key=lambda end: end.value):
        height = max(end.value, height + gap)
        labels.append(
            {
                "x": end.day,
                "y": height,
                "text": end.words,
                "xanchor": "left",
                "xshift": 6,
                "showarrow": False,
                **({"font": {"color": end.colour}} if end.colour else {}),
            }
        )
    return labels


def add_figure_source(figure: PlotlyFigure, source: str, subject: str = "") -> PlotlyFigure:
    """The figure with who told it and, where the page speaks of one, whose it is: what a picture of
    it must say.
    """
    meta = figure["layout"].setdefault("meta", {})
    meta |= {"source": source, "subject": subject}
    return figure


def draw_empty_figure(message: str, *, dark: bool) -> PlotlyFigure:
    """A chart that says why it is empty instead of showing empty axes."""
    figure = frame_figure([], message, dark=dark)
    for axis in ("xaxis", "yaxis"):
        figure["layout"][axis] |= {"visible": False}
    return figure

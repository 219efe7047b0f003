"""What every chart has in common: the quiet frame around its lines, and its data as a table of words.

Plotly would add 7 kB of default template to each figure; these carry only what differs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.views import theme

# The one configuration of every graph: no address outside, no logo, nothing that moves by accident.
CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "displayModeBar": False,
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": "reset",
    "locale": "vi",
}
Figure = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """The data of a chart for who reads rather than looks: words of the head, and rows of words."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def framed(traces: list[Figure], title: str = "", *, dark: bool) -> Figure:
    """Traces in the house's frame; without `title` where the page itself writes it above."""
    ink, second = theme.colour("ink", dark=dark), theme.colour("second-ink", dark=dark)
    line, paper = theme.colour("line", dark=dark), "rgba(0,0,0,0)"
    axis = {
        "gridcolor": line,
        "linecolor": line,
        "zeroline": False,
        "tickfont": {"color": second},
        "fixedrange": True,
        "automargin": True,
    }
    head = {"text": title, "x": 0, "xanchor": "left", "y": 1, "yanchor": "top", "pad": {"t": 16}}
    return {
        "data": traces,
        "layout": {
            **({"title": {**head, "font": {"size": 15, "color": ink}}} if title else {}),
            "font": {"family": theme.SANS, "size": 13, "color": ink},
            "separators": ",.",
            "paper_bgcolor": paper,
            "plot_bgcolor": paper,
            "margin": {"l": 48, "r": 84, "t": 52 if title else 16, "b": 44},
            "showlegend": False,
            "hovermode": "x unified",
            "hoverlabel": {"bgcolor": theme.colour("panel", dark=dark), "font": {"color": ink}},
            "xaxis": {**axis, "showgrid": False, "tickformat": "%d/%m\n%Y", "nticks": 7},
            "yaxis": {**axis, "tickformat": ",d"},
            "uirevision": "same",
        },
    }


def line(x: Sequence[str], y: Sequence[float], word: str, colour: str, width: float) -> Figure:
    """A line over days (`x` as 2025-07-13) that has a gap where nothing is known (NaN)."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(x),
        "y": [None if pd.isna(value) else value for value in y],
        "name": word,
        "line": {"color": colour, "width": width},
        "hovertemplate": f"%{{x|%d/%m/%Y}}<br>{word}: %{{y:,.0f}}<extra></extra>",
    }


def with_source(figure: Figure, source: str, subject: str = "") -> Figure:
    """The figure with who told it and, where the page speaks of one, whose it is: what a picture of it must say."""
    told = figure["layout"].setdefault("meta", {})
    told |= {"source": source, "subject": subject}
    return figure


def nothing(message: str, *, dark: bool) -> Figure:
    """A chart that says why it is empty instead of showing empty axes."""
    figure = framed([], message, dark=dark)
    for name in ("xaxis", "yaxis"):
        figure["layout"][name] |= {"visible": False}
    return figure

"""What every chart has in common: the quiet frame around its lines, its data as a table of words,
and where names find a place.

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


# Where names can stand beside marks of a chart so that none lies upon another name or mark.

# pixels that a letter and a line of 13 px type take at most
LETTER_WIDTH = 7.2
LINE_HEIGHT = 17
NAME_OFFSET = 7  # from the middle of a named mark to its name
MARK_CLEARANCE = 5  # from the middle of any other mark to a name
PixelBox = tuple[float, float, float, float]  # left, top, right, bottom in pixels, downwards


@dataclass(frozen=True)
class PlotFrame:
    """How many pixels one step of each axis takes, and the ends of both axes."""

    across: float
    up: float
    x: tuple[float, float]
    y: tuple[float, float]

    @property
    def box(self) -> PixelBox:
        """Its own four sides."""
        return (
            self.x[0] * self.across,
            -self.y[1] * self.up,
            self.x[1] * self.across,
            -self.y[0] * self.up,
        )


@dataclass(frozen=True)
class PlacedLabel:
    """A name at a mark: the side it stands on is said by its anchors, as Plotly names them."""

    mark: int
    side: str  # "top" (it hangs below its mark), "bottom", "left" (it stands to the right), "right"


def place_labels(
    wanted: Sequence[int],
    sides: Sequence[str],
    words: Sequence[str],
    marks: Sequence[tuple[float, float]],
    frame: PlotFrame,
    taken: Sequence[PixelBox] = (),
) -> list[PlacedLabel]:
    """The first free one of `sides` for each wanted mark, in their order; who finds none stays
    unnamed.

    `marks`: x and y of every mark that is drawn, in the axes' units; `words` and `wanted` follow
    it. `taken`: where other words stand already.
    """
    points = [(x * frame.across, -y * frame.up) for x, y in marks]
    edges = frame.box
    boxes_taken = list(taken)
    labels = list[PlacedLabel]()
    for mark in wanted:
        for side in sides:
            box = _label_box(points[mark], side, len(words[mark]) * LETTER_WIDTH)
            within = (
                edges[0] <= box[0]
                and edges[1] <= box[1]
                and box[2] <= edges[2]
                and box[3] <= edges[3]
            )
            free = not any(
                _covers_mark(box, point)
                for neighbour, point in enumerate(points)
                if neighbour != mark
            )
            if (
                within
                and free
                and not any(_boxes_overlap(box, neighbour) for neighbour in boxes_taken)
            ):
                boxes_taken.append(box)
                labels.append(PlacedLabel(mark, side))
                break
    return labels


def _label_box(point: tuple[float, float], side: str, width: float) -> PixelBox:
    """What a name on that side of its mark covers."""
    x, y = point
    if side in ("top", "bottom"):
        top = y + NAME_OFFSET if side == "top" else y - NAME_OFFSET - LINE_HEIGHT
        return x - width / 2, top, x + width / 2, top + LINE_HEIGHT
    left = x + NAME_OFFSET if side == "left" else x - NAME_OFFSET - width
    return left, y - LINE_HEIGHT / 2, left + width, y + LINE_HEIGHT / 2


def _covers_mark(box: PixelBox, point: tuple[float, float]) -> bool:
    return (
        box[0] - MARK_CLEARANCE < point[0] < box[2] + MARK_CLEARANCE
        and box[1] - MARK_CLEARANCE < point[1] < box[3] + MARK_CLEARANCE
    )


def _boxes_overlap(box: PixelBox, other: PixelBox) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]

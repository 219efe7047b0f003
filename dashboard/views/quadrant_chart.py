"""Readiness × throughput as a chart, one mark a commune (views.quadrant says who is where).

To the right who lacks less to be green, upwards who is on time (766). Those of the two corners that matter stand out
by size, ring and name; the others are quiet, and those with few dossiers fade.
"""

from __future__ import annotations

import numpy as np

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.levels import Flags, Numbers
from dashboard.views import theme
from dashboard.views.plot import Figure, framed, nothing
from dashboard.views.quadrant import HEAD, Quadrant, outermost, row
from dashboard.views.quadrant_names import Frame, names

MOST_GAPS = 4  # this many and more stand in one column
KINDS = {"xa": ("xã", "circle"), "phuong": ("phường", "square"), "dac_khu": ("đặc khu", "diamond")}
ACROSS = (-0.6, 6.1)
PLOT, PLOT_NARROW = (560, 290), (240, 217)  # pixels within the axes, at the smallest of each kind of screen
_GOLDEN = 0.618034  # multiples of it, without their whole part, never come close to each other


def figure(found: Quadrant, *, dark: bool, narrow: bool = False) -> Figure:
    """The chart; nobody is drawn of whom one of the two is not known. `narrow`: for a phone or half a small screen."""
    if not found.shown.any():
        return nothing("Sẵn sàng và đúng hạn: chưa có dữ liệu của cả hai trục", dark=dark)
    x = _places_across(found)
    kinds = found.report.communes["kind"].to_numpy()
    traces = [
        _marks(found, x, which, word, symbol, dark=dark)
        for kind, (word, symbol) in KINDS.items()
        if (which := found.shown & (kinds == kind)).any()
    ]
    title = f"{_count(found.slow)} xã xanh mà chậm,", f"{_count(found.coping)} xã đỏ mà vẫn kịp{found.age}"
    chart = framed(traces, ("<br>" if narrow else " ").join(title), dark=dark)
    lowest = float(np.nanmin(found.on_time[found.shown])) * 100
    layout = chart["layout"]
    layout["hovermode"] = "closest"
    layout["margin"] |= {"r": 62, "t": 78 if narrow else 60}
    layout["meta"] = {"head": list(HEAD)}
    layout["xaxis"] |= {"range": list(ACROSS), **_columns(narrow)}
    for unwanted in ("nticks", "tickformat"):
        del layout["xaxis"][unwanted]
    tens = list(range(0, 101, 10))
    upwards = (max(0.0, lowest - 9), 110.0)
    layout["yaxis"] |= {"range": list(upwards), "tickvals": tens}
    layout["yaxis"] |= {"ticktext": [text.percent(ten / 100, 0) for ten in tens]}
    layout["shapes"], labels = _limits(found, dark=dark)
    layout["annotations"] = [
        *labels,
        *_names(found, x, upwards, PLOT_NARROW if narrow else PLOT, dark=dark),
        *_corners(found, dark=dark),
        _key(traces, layout["margin"]["l"] if narrow else 0, dark=dark),
    ]
    return chart


def _corners(found: Quadrant, *, dark: bool) -> list[Figure]:
    """The two corners that matter, by name where they are."""
    places = (
        (f"xanh mà chậm: {_count(found.slow)}", {"x": 1, "xanchor": "right", "y": 0, "yanchor": "bottom"}),
        (f"đỏ mà vẫn kịp: {_count(found.coping)}", {"x": 0, "xanchor": "left", "xshift": 4, "y": 1, "yanchor": "top"}),
    )
    font = {"color": theme.colour("ink", dark=dark), "size": 15}
    return [
        {"text": words, "xref": "paper", "yref": "paper", "showarrow": False, "font": font, **at}
        for words, at in places
    ]


def _key(traces: list[Figure], outwards: int, *, dark: bool) -> Figure:
    """Which shape is which peer group, above the marks; so many pixels to the left of them."""
    shapes = " · ".join(f"{_SHAPES[trace['marker']['symbol']]} {trace['name']}" for trace in traces)
    return {
        "text": f"{shapes} · mờ: ít hồ sơ",
        **{"xref": "paper", "yref": "paper", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom", "yshift": 4},
        "xshift": -outwards,
        "showarrow": False,
        "font": {"color": theme.colour("second-ink", dark=dark)},
    }


_SHAPES = {"circle": "●", "square": "■", "diamond": "◆"}


def _count(which: Flags) -> str:
    return text.number(int(which.sum()))


def _columns(narrow: bool) -> Figure:
    word = "" if narrow else "thiếu"  # it stands under the first column; there is no room for four of it
    ticks = [
        f"thiếu<br>{MOST_GAPS}+",
        *(f"{word}<br>{gaps}" for gaps in range(MOST_GAPS - 1, 0, -1)),
        "đủ tiêu chí<br>(xanh)",
    ]
    return {"tickvals": [0, 1, 2, 3, 4.8], "ticktext": ticks, "tickangle": 0}


def _places_across(found: Quadrant) -> Numbers:
    """Within its column each mark steps aside by its rank, so that equals do not hide each other."""
    gaps = np.minimum(found.gaps, MOST_GAPS)
    x = np.where(gaps == 0, 4.8, MOST_GAPS - gaps)
    for column in np.unique(gaps):
        here = np.flatnonzero(gaps == column)
        rank = np.argsort(np.argsort(found.on_time[here], kind="stable"), kind="stable")
        x[here] += ((rank * _GOLDEN) % 1 - 0.5) * (2.0 if column == 0 else 0.7)
    return x


def _marks(found: Quadrant, x: Numbers, which: Flags, word: str, symbol: str, *, dark: bool) -> Figure:
    places = np.flatnonzero(which).tolist()
    out = found.slow | found.coping
    colours = [theme.colour(levels.NAMES[found.level[at]], dark=dark) for at in places]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": word,
        "x": [round(float(x[at]), 3) for at in places],
        "y": [round(float(found.on_time[at]) * 100, 2) for at in places],
        "customdata": [row(found, at) for at in places],
        "marker": {
            "symbol": symbol,
            "size": [12 if out[at] else 9 if found.enough[at] else 7 for at in places],
            "color": colours,
            "opacity": [1 if out[at] else 0.7 if found.enough[at] else 0.3 for at in places],
            "line": {
                "width": [2 if out[at] else 1 for at in places],
                "color": [theme.colour("ink" if out[at] else "paper", dark=dark) for at in places],
            },
        },
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]}, %{customdata[2]}<br>%{customdata[3]}<extra></extra>",
    }


def _limits(found: Quadrant, *, dark: bool) -> tuple[list[Figure], list[Figure]]:
    """The rule's two thresholds as lines, each with its words at the right end."""
    rule, second = found.report.dossiers.rule, theme.colour("second-ink", dark=dark)
    lines, labels = [], []
    for share, words in ((rule.on_time_green_from, "xanh từ"), (rule.on_time_red_below, "đỏ dưới")):
        at = share * 100
        across = {"xref": "paper", "x0": 0, "x1": 1, "y0": at, "y1": at}
        lines.append({"type": "line", **across, "line": {"color": second, "width": 1, "dash": "dot"}})
        labels.append(
            {
                **{"text": f"{words}<br>{text.percent(share, 0)}", "showarrow": False, "font": {"color": second}},
                **{"xref": "paper", "x": 1, "xanchor": "left", "xshift": 4, "y": at},
            }
        )
    return lines, labels


def _names(
    found: Quadrant, x: Numbers, upwards: tuple[float, float], plot: tuple[int, int], *, dark: bool
) -> list[Figure]:
    """The outermost of both corners by name; one that finds no free place stays unnamed (words and table have it)."""
    drawn = np.flatnonzero(found.shown).tolist()
    marks = [(float(x[at]), float(found.on_time[at]) * 100) for at in drawn]
    words = [found.names[at] for at in drawn]
    frame = Frame(plot[0] / (ACROSS[1] - ACROSS[0]), plot[1] / (upwards[1] - upwards[0]), ACROSS, upwards)
    # The corners' own words stand at the upper left and lower right: names keep off them.
    left, top, right, bottom = frame.box
    taken = [(left, top, left + 135, top + 22), (right - 135, bottom - 22, right, bottom)]
    labels: list[Figure] = []
    for which, way, sides in (
        (found.slow, 1, ("top", "right", "left", "bottom")),
        (found.coping, -1, ("bottom", "left", "right", "top")),
    ):
        wanted = [drawn.index(at) for at in outermost(found, which, way)]
        free = names(wanted, sides, words, marks, frame, taken)
        labels += [_label(marks[one.at], words[one.at], one.side, dark=dark) for one in free]
    return labels


def _label(mark: tuple[float, float], words: str, side: str, *, dark: bool) -> Figure:
    shift = {"top": {"yshift": -4}, "bottom": {"yshift": 4}, "left": {"xshift": 5}, "right": {"xshift": -5}}[side]
    anchor = {"yanchor": side} if side in ("top", "bottom") else {"xanchor": side, "yanchor": "middle"}
    return {
        **{"x": round(mark[0], 3), "y": round(mark[1], 2), "text": words, "showarrow": False, **anchor, **shift},
        "font": {"color": theme.colour("ink", dark=dark)},
    }

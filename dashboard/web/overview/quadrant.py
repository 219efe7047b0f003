"""Readiness × throughput, two axes and never one score: who is where, in words and as a table's
rows.

The two corners that matter are named: green but slow, weak but coping. Which corner a commune is in
is said by the two rules that give levels. `draw_quadrant` draws it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.report import Report
from dashboard.indicators.throughput import rates
from dashboard.web import theme
from dashboard.web.charts.plot import (
    PlotFrame,
    PlotlyFigure,
    draw_empty_figure,
    frame_figure,
    place_labels,
)
from dashboard.web.words.headline import are_figures_old
from dashboard.web.words.period_names import name_dossier_period

NAMED_PER_CORNER = 3  # communes that are named of each corner
QUADRANT_HEAD = ("Xã, phường, đặc khu", "Mức", "Thiếu", "Đúng hạn theo Bộ chỉ số 766", "Nhận xét")


@dataclass(frozen=True, eq=False)
class Quadrant:
    """What the chart shows; arrays follow the report's codes. `shown`: both axes are known."""

    report: Report
    level: levels.Levels
    gaps: Numbers
    on_time: Numbers
    denominator: Numbers
    shown: Flags
    enough: Flags
    slow: Flags
    coping: Flags

    @property
    def names(self) -> list[str]:
        """In the order of the codes."""
        return [str(name) for name in self.report.communes["name"]]

    @property
    def age(self) -> str:
        """What words add where the figures of dossiers grew old."""
        figures = self.report.dossiers.of_period.period_figures
        if figures is None or not are_figures_old(figures, self.report.today):
            return ""
        return "; số liệu hồ sơ cũ"


def compute_quadrant(report: Report) -> Quadrant:
    """Both axes of every commune, and who is in which corner."""
    level = report.readiness.assessment.overall[:, 0]
    on_time = report.dossiers.of_period.rates["on_time_766"]
    on_time_level = report.dossiers.of_period.on_time_levels
    shown = (level <= levels.GREEN) & (on_time.state == rates.KNOWN)
    return Quadrant(
        report,
        level,
        report.readiness.gaps.lacks.sum(axis=0).astype(np.float64),
        on_time.value,
        on_time.denominator,
        shown,
        on_time_level <= levels.GREEN,
        (level == levels.GREEN) & (on_time_level == levels.RED),
        (level == levels.RED) & (on_time_level == levels.GREEN),
    )


def describe_quadrant(quadrant: Quadrant) -> str:
    """The chart in words: both corners with their worst and best, and who is not in it."""
    report = quadrant.report
    if not quadrant.shown.any() or report.dossiers.of_period.period is None:
        return "Cần cả mức sẵn sàng còn hạn và hồ sơ tiếp nhận trong kỳ; chưa đơn vị nào có đủ hai."
    rule = report.dossiers.of_period.rule
    slow_words = (
        f"mức Xanh nhưng hồ sơ chậm (dưới {text.format_percent(rule.on_time_red_below, 0)})"
    )
    coping_words = (
        f"mức Đỏ nhưng hồ sơ đúng hạn (từ {text.format_percent(rule.on_time_green_from, 0)})"
    )
    parts = [
        _describe_corner(quadrant, slow_words, quadrant.slow, 1),
        _describe_corner(quadrant, coping_words, quadrant.coping, -1),
    ]
    not_drawn = int((~quadrant.shown).sum())
    few = int((quadrant.shown & ~quadrant.enough).sum())
    if not_drawn:
        parts.append(
            f"{text.format_number(not_drawn)} đơn vị không vẽ được "
            "vì chưa báo cáo, số liệu cũ hoặc không phát sinh hồ sơ"
        )
    if few:
        parts.append(
            f"{text.format_number(few)} đơn vị dưới {rule.minimum_received} hồ sơ vẽ mờ, "
            "không xếp góc"
        )
    period = name_dossier_period(report.dossiers.of_period)
    return f"Đúng hạn theo Bộ chỉ số 766, {period}{quadrant.age}. {'; '.join(parts)}."


def _describe_corner(quadrant: Quadrant, words: str, corner: Flags, direction: int) -> str:
    positions = select_outermost(quadrant, corner, direction)
    named = ", ".join(
        f"{quadrant.names[position]} {text.format_percent(quadrant.on_time[position])}"
        for position in positions
    )
    count = int(corner.sum())
    rest_words = text.format_rest(count - len(positions), "đơn vị")
    headline = f"{_count_communes(corner)} {words}"
    return f"{headline}: {named}{rest_words}" if count else headline


def _count_communes(which: Flags) -> str:
    """`3 đơn vị`; of none `không đơn vị nào`."""
    count = int(which.sum())
    return f"{text.format_number(count)} đơn vị" if count else "không đơn vị nào"


def select_outermost(quadrant: Quadrant, corner: Flags, direction: int) -> list[int]:
    """The places of the corner's lowest (`direction` 1) or highest (-1) shares."""
    positions = np.flatnonzero(corner)
    return [
        int(position)
        for position in positions[
            np.argsort(direction * quadrant.on_time[positions], kind="stable")
        ][:NAMED_PER_CORNER]
    ]


def describe_quadrant_commune(quadrant: Quadrant, position: int) -> list[str]:
    """One commune in the words of HEAD; also what stands beside the pointer."""
    gap_count = int(quadrant.gaps[position])
    uncertain = bool(quadrant.report.readiness.gaps.silent[:, position].any())
    lacking = f"thiếu {'ít nhất ' if uncertain else ''}{gap_count} tiêu chí"
    if not gap_count:
        lacking = "đủ tiêu chí"
    share = text.format_share(
        round(quadrant.on_time[position] * quadrant.denominator[position]),
        of=int(quadrant.denominator[position]),
    )
    remark = "" if quadrant.enough[position] else "ít hồ sơ"
    if quadrant.coping[position]:
        remark = "mức Đỏ nhưng hồ sơ đúng hạn"
    if quadrant.slow[position]:
        remark = "mức Xanh nhưng hồ sơ chậm"
    return [
        quadrant.names[position],
        theme.LEVELS[levels.LEVEL_NAMES[quadrant.level[position]]].word,
        lacking,
        share,
        remark,
    ]


# Readiness × throughput as a chart, one mark a commune (`Quadrant` says who is where).
#
# To the right who lacks less to be green, upwards who is on time (766). Those of the two corners
# that matter stand out by size, ring and name; the others are quiet, and those with few dossiers
# fade.

MOST_GAPS_SHOWN = 4  # this many and more stand in one column
KIND_SYMBOLS = {
    "xa": ("xã", "circle"),
    "phuong": ("phường", "square"),
    "dac_khu": ("đặc khu", "diamond"),
}
GAP_AXIS_RANGE = (-0.6, 6.1)
# pixels within the axes, at the smallest of each kind of screen
PLOT_SIZE = (560, 290)
NARROW_PLOT_SIZE = (240, 217)
# multiples of it, without their whole part, never come close to each other
_GOLDEN_RATIO = 0.618034


def draw_quadrant(quadrant: Quadrant, *, dark: bool, narrow: bool = False) -> PlotlyFigure:
    """The chart; nobody is drawn of whom one of the two is not known. `narrow`: for a phone or half
    a small screen.
    """
    if not quadrant.shown.any():
        return draw_empty_figure("Sẵn sàng và đúng hạn: chưa có dữ liệu của cả hai trục", dark=dark)
    x = _spread_marks(quadrant)
    kinds_of_communes = quadrant.report.communes["kind"].to_numpy()
    traces = [
        _draw_marks(quadrant, x, shown_of_kind, word, symbol, dark=dark)
        for commune_kind, (word, symbol) in KIND_SYMBOLS.items()
        if (shown_of_kind := quadrant.shown & (kinds_of_communes == commune_kind)).any()
    ]
    title_parts = (
        text.upper_first_letter(f"{_count_communes(quadrant.slow)} mức Xanh nhưng hồ sơ chậm,"),
        f"{_count_communes(quadrant.coping)} mức Đỏ nhưng hồ sơ đúng hạn{quadrant.age}",
    )
    chart = frame_figure(traces, ("<br>" if narrow else " ").join(title_parts), dark=dark)
    lowest = float(np.nanmin(quadrant.on_time[quadrant.shown])) * 100
    layout = chart["layout"]
    layout["hovermode"] = "closest"
    layout["margin"] |= {"r": 62, "t": 78 if narrow else 60}
    layout["meta"] = {"head": list(QUADRANT_HEAD)}
    layout["xaxis"] |= {"range": list(GAP_AXIS_RANGE), **_gap_axis_ticks(narrow)}
    for setting in ("nticks", "tickformat"):
        del layout["xaxis"][setting]
    tens = list(range(0, 101, 10))
    share_range = (max(0.0, lowest - 9), 110.0)
    layout["yaxis"] |= {"range": list(share_range), "tickvals": tens}
    layout["yaxis"] |= {"ticktext": [text.format_percent(ten / 100, 0) for ten in tens]}
    layout["shapes"], labels = _draw_thresholds(quadrant, dark=dark)
    layout["annotations"] = [
        *labels,
        *_name_labels(
            quadrant, x, share_range, NARROW_PLOT_SIZE if narrow else PLOT_SIZE, dark=dark
        ),
        *_corner_labels(quadrant, dark=dark),
        _symbol_key(traces, layout["margin"]["l"] if narrow else 0, dark=dark),
    ]
    return chart


def _corner_labels(quadrant: Quadrant, *, dark: bool) -> list[PlotlyFigure]:
    """The two corners that matter, by name where they are."""
    corners = (
        (
            f"mức Xanh nhưng hồ sơ chậm: {_format_count(quadrant.slow)}",
            {"x": 1, "xanchor": "right", "y": 0, "yanchor": "bottom"},
        ),
        (
            f"mức Đỏ nhưng hồ sơ đúng hạn: {_format_count(quadrant.coping)}",
            {"x": 0, "xanchor": "left", "xshift": 4, "y": 1, "yanchor": "top"},
        ),
    )
    font = {"color": theme.pick_colour("ink", dark=dark), "size": 15}
    return [
        {
            "text": words,
            "xref": "paper",
            "yref": "paper",
            "showarrow": False,
            "font": font,
            **anchor,
        }
        for words, anchor in corners
    ]


def _symbol_key(traces: list[PlotlyFigure], shift_left: int, *, dark: bool) -> PlotlyFigure:
    """Which shape is which peer group, above the marks; so many pixels to the left of them."""
    shapes = " · ".join(
        f"{_SYMBOL_SHAPES[trace['marker']['symbol']]} {trace['name']}" for trace in traces
    )
    return {
        "text": f"{shapes} · mờ: ít hồ sơ",
        **{
            "xref": "paper",
            "yref": "paper",
            "x": 0,
            "y": 1,
            "xanchor": "left",
            "yanchor": "bottom",
            "yshift": 4,
        },
        "xshift": -shift_left,
        "showarrow": False,
        "font": {"color": theme.pick_colour("second-ink", dark=dark)},
    }


_SYMBOL_SHAPES = {"circle": "●", "square": "■", "diamond": "◆"}


def _format_count(communes: Flags) -> str:
    return text.format_number(int(communes.sum()))


def _gap_axis_ticks(narrow: bool) -> PlotlyFigure:
    # it stands under the first column; there is no room for four of it
    word = "" if narrow else "thiếu"
    ticks = [
        f"thiếu<br>{MOST_GAPS_SHOWN}+",
        *(f"{word}<br>{gaps}" for gaps in range(MOST_GAPS_SHOWN - 1, 0, -1)),
        "đủ tiêu chí<br>(xanh)",
    ]
    return {"tickvals": [0, 1, 2, 3, 4.8], "ticktext": ticks, "tickangle": 0}


def _spread_marks(quadrant: Quadrant) -> Numbers:
    """Within its column each mark steps aside by its rank: equals do not hide each other."""
    gaps = np.minimum(quadrant.gaps, MOST_GAPS_SHOWN)
    x = np.where(gaps == 0, 4.8, MOST_GAPS_SHOWN - gaps)
    for column in np.unique(gaps):
        positions = np.flatnonzero(gaps == column)
        rank = np.argsort(np.argsort(quadrant.on_time[positions], kind="stable"), kind="stable")
        x[positions] += ((rank * _GOLDEN_RATIO) % 1 - 0.5) * (2.0 if column == 0 else 0.7)
    return x


class _MarkLook(NamedTuple):
    """How much a mark stands out: pixels, opacity, and the ring around it by width and colour."""

    size: int
    opacity: float
    ring_width: int
    ring: str


_OF_CORNER = _MarkLook(12, 1, 2, "ink")
_QUIET = _MarkLook(9, 0.7, 1, "paper")
_OF_FEW_DOSSIERS = _MarkLook(7, 0.3, 1, "paper")


def _choose_look(quadrant: Quadrant, position: int) -> _MarkLook:
    if quadrant.slow[position] or quadrant.coping[position]:
        return _OF_CORNER
    return _QUIET if quadrant.enough[position] else _OF_FEW_DOSSIERS


def _draw_marks(
    quadrant: Quadrant, x: Numbers, shown: Flags, word: str, symbol: str, *, dark: bool
) -> PlotlyFigure:
    positions = np.flatnonzero(shown).tolist()
    colours = [
        theme.pick_colour(levels.LEVEL_NAMES[quadrant.level[position]], dark=dark)
        for position in positions
    ]
    looks = [_choose_look(quadrant, position) for position in positions]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": word,
        "x": [round(float(x[position]), 3) for position in positions],
        "y": [round(float(quadrant.on_time[position]) * 100, 2) for position in positions],
        "customdata": [describe_quadrant_commune(quadrant, position) for position in positions],
        "marker": {
            "symbol": symbol,
            "size": [look.size for look in looks],
            "color": colours,
            "opacity": [look.opacity for look in looks],
            "line": {
                "width": [look.ring_width for look in looks],
                "color": [theme.pick_colour(look.ring, dark=dark) for look in looks],
            },
        },
        "hovertemplate": (
            "%{customdata[0]}<br>%{customdata[1]}, %{customdata[2]}<br>%{customdata[3]}"
            "<extra></extra>"
        ),
    }


def _draw_thresholds(
    quadrant: Quadrant, *, dark: bool
) -> tuple[list[PlotlyFigure], list[PlotlyFigure]]:
    """The rule's two thresholds as lines, each with its words at the right end."""
    rule = quadrant.report.dossiers.of_period.rule
    second_ink = theme.pick_colour("second-ink", dark=dark)
    lines = []
    labels = []
    for share, words in ((rule.on_time_green_from, "xanh từ"), (rule.on_time_red_below, "đỏ dưới")):
        height = share * 100
        across = {"xref": "paper", "x0": 0, "x1": 1, "y0": height, "y1": height}
        lines.append(
            {"type": "line", **across, "line": {"color": second_ink, "width": 1, "dash": "dot"}}
        )
        labels.append(
            {
                **{
                    "text": f"{words}<br>{text.format_percent(share, 0)}",
                    "showarrow": False,
                    "font": {"color": second_ink},
                },
                **{"xref": "paper", "x": 1, "xanchor": "left", "xshift": 4, "y": height},
            }
        )
    return lines, labels


def _name_labels(
    quadrant: Quadrant,
    x: Numbers,
    share_range: tuple[float, float],
    plot_size: tuple[int, int],
    *,
    dark: bool,
) -> list[PlotlyFigure]:
    """The outermost of both corners by name; one that finds no free place stays unnamed (words and
    table have it).
    """
    drawn = np.flatnonzero(quadrant.shown).tolist()
    marks = [(float(x[position]), float(quadrant.on_time[position]) * 100) for position in drawn]
    words = [quadrant.names[position] for position in drawn]
    frame = PlotFrame(
        plot_size[0] / (GAP_AXIS_RANGE[1] - GAP_AXIS_RANGE[0]),
        plot_size[1] / (share_range[1] - share_range[0]),
        GAP_AXIS_RANGE,
        share_range,
    )
    # The corners' own words stand at the upper left and lower right: names keep off them.
    left, top, right, bottom = frame.box
    taken = [(left, top, left + 135, top + 22), (right - 135, bottom - 22, right, bottom)]
    labels: list[PlotlyFigure] = []
    for corner, direction, sides in (
        (quadrant.slow, 1, ("top", "right", "left", "bottom")),
        (quadrant.coping, -1, ("bottom", "left", "right", "top")),
    ):
        wanted = [
            drawn.index(position) for position in select_outermost(quadrant, corner, direction)
        ]
        placed_labels = place_labels(wanted, sides, words, marks, frame, taken)
        labels += [
            _draw_name_label(marks[label.mark], words[label.mark], label.side, dark=dark)
            for label in placed_labels
        ]
    return labels


def _draw_name_label(
    mark: tuple[float, float], name: str, side: str, *, dark: bool
) -> PlotlyFigure:
    anchor = {
        "top": {"yanchor": "top", "yshift": -4},
        "bottom": {"yanchor": "bottom", "yshift": 4},
        "left": {"xanchor": "left", "yanchor": "middle", "xshift": 5},
        "right": {"xanchor": "right", "yanchor": "middle", "xshift": -5},
    }[side]
    return {
        **{
            "x": round(mark[0], 3),
            "y": round(mark[1], 2),
            "text": name,
            "showarrow": False,
            **anchor,
        },
        "font": {"color": theme.pick_colour("ink", dark=dark)},
    }

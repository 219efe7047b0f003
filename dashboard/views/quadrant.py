"""Readiness × throughput, one mark a commune: two axes, never one score (DOMAIN.md §2).

To the right who lacks less to be green, upwards who is on time (766). The two corners that matter are named:
green but slow, weak but coping. Which corner a commune is in is said by the two rules that give levels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard import text
from dashboard.indicators import levels, rates
from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.report import Report
from dashboard.views import theme
from dashboard.views.headline import period_name
from dashboard.views.plot import Figure, framed, nothing

MOST_GAPS = 4  # this many and more stand in one column
NAMED = 3  # names beside the marks of each corner
KINDS = {"xa": ("xã", "circle"), "phuong": ("phường", "square"), "dac_khu": ("đặc khu", "diamond")}
HEAD = ("Xã, phường, đặc khu", "Mức", "Thiếu", "Đúng hạn (chỉ số 766)", "Nhận xét")
_GOLDEN = 0.618034  # multiples of it, without their whole part, never come close to each other


@dataclass(frozen=True, eq=False)
class Quadrant:
    """What the chart shows; arrays follow the report's codes. `shown`: both axes are known."""

    report: Report
    level: levels.Levels
    gaps: Numbers
    on_time: Numbers
    whole: Numbers
    shown: Flags
    enough: Flags
    slow: Flags
    coping: Flags

    @property
    def names(self) -> list[str]:
        """In the order of the codes."""
        return [str(name) for name in self.report.communes["name"]]


def quadrant(report: Report) -> Quadrant:
    """Both axes of every commune, and who is in which corner."""
    level, rated = report.readiness.overall[:, 0], report.dossiers.rates["on_time_766"]
    timely = report.dossiers.on_time_levels
    shown = (level <= levels.GREEN) & (rated.state == rates.KNOWN)
    return Quadrant(
        report,
        level,
        report.gaps.lacks.sum(axis=0).astype(np.float64),
        rated.value,
        rated.whole,
        shown,
        timely <= levels.GREEN,
        (level == levels.GREEN) & (timely == levels.RED),
        (level == levels.RED) & (timely == levels.GREEN),
    )


def said(found: Quadrant) -> str:
    """The chart in words: both corners with their worst and best, and who is not in it."""
    report = found.report
    if not found.shown.any() or report.dossiers.period is None:
        return "Cần cả mức sẵn sàng còn hạn và hồ sơ tiếp nhận trong kỳ; chưa xã nào có đủ hai."
    rule = report.dossiers.rule
    slow = f"xanh mà chậm (dưới {text.percent(rule.on_time_red_below, 0)})"
    coping = f"đỏ mà vẫn kịp (từ {text.percent(rule.on_time_green_from, 0)})"
    parts = [_corner(found, slow, found.slow, 1), _corner(found, coping, found.coping, -1)]
    absent, few = int((~found.shown).sum()), int((found.shown & ~found.enough).sum())
    if absent:
        parts.append(f"{text.number(absent)} xã không vẽ được vì chưa báo cáo, số liệu cũ hoặc không phát sinh hồ sơ")
    if few:
        parts.append(f"{text.number(few)} xã dưới {rule.minimum_received} hồ sơ vẽ mờ, không xếp góc")
    return f"Đúng hạn theo chỉ số 766, {period_name(report.dossiers.period)}. " + "; ".join(parts) + "."


def _corner(found: Quadrant, words: str, which: Flags, way: int) -> str:
    places = _outermost(found, which, way)
    rest = int(which.sum()) - len(places)
    listed = ", ".join(f"{found.names[at]} {text.percent(found.on_time[at])}" for at in places)
    more = f" và {text.number(rest)} xã nữa" if rest > 0 else ""
    count = int(which.sum())
    return f"{text.number(count)} xã {words}" + (f": {listed}{more}" if count else "")


def _outermost(found: Quadrant, which: Flags, way: int) -> list[int]:
    """The places of the corner's lowest (`way` 1) or highest (-1) shares."""
    places = np.flatnonzero(which)
    return [int(at) for at in places[np.argsort(way * found.on_time[places], kind="stable")][:NAMED]]


def figure(found: Quadrant, *, dark: bool) -> Figure:
    """The chart; nobody is drawn of whom one of the two is not known."""
    if not found.shown.any():
        return nothing("Sẵn sàng và đúng hạn: chưa có dữ liệu của cả hai trục", dark=dark)
    x = _places_across(found)
    kinds = found.report.communes["kind"].to_numpy()
    traces = [
        _marks(found, x, which, word, symbol, dark=dark)
        for kind, (word, symbol) in KINDS.items()
        if (which := found.shown & (kinds == kind)).any()
    ]
    title = f"{_count(found.slow)} xã xanh mà chậm, {_count(found.coping)} xã đỏ mà vẫn kịp"
    chart = framed(traces, title, dark=dark)
    lowest = float(np.nanmin(found.on_time[found.shown])) * 100
    layout = chart["layout"]
    layout["hovermode"] = "closest"
    layout["margin"] |= {"r": 62, "t": 60}
    layout["meta"] = {"head": list(HEAD)}
    layout["xaxis"] |= {"range": [-0.6, 6.1], **_columns()}
    for unwanted in ("nticks", "tickformat"):
        del layout["xaxis"][unwanted]
    tens = list(range(0, 101, 10))
    layout["yaxis"] |= {"range": [max(0.0, lowest - 9), 110], "tickvals": tens}
    layout["yaxis"] |= {"ticktext": [text.percent(ten / 100, 0) for ten in tens]}
    layout["shapes"], labels = _limits(found, dark=dark)
    layout["annotations"] = [
        *labels,
        *_names(found, x, dark=dark),
        *_corners(found, dark=dark),
        _key(traces, dark=dark),
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


def _key(traces: list[Figure], *, dark: bool) -> Figure:
    """Which shape is which peer group, above the marks."""
    shapes = " · ".join(f"{_SHAPES[trace['marker']['symbol']]} {trace['name']}" for trace in traces)
    return {
        "text": f"{shapes} · mờ: ít hồ sơ",
        **{"xref": "paper", "yref": "paper", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom", "yshift": 4},
        "showarrow": False,
        "font": {"color": theme.colour("second-ink", dark=dark)},
    }


_SHAPES = {"circle": "●", "square": "■", "diamond": "◆"}


def _count(which: Flags) -> str:
    return text.number(int(which.sum()))


def _columns() -> Figure:
    ticks = [
        f"thiếu<br>{MOST_GAPS}+",
        *(f"thiếu<br>{gaps}" for gaps in range(MOST_GAPS - 1, 0, -1)),
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
            "size": 9,
            "color": colours,
            "opacity": [0.9 if found.enough[at] else 0.3 for at in places],
            "line": {"width": 1, "color": theme.colour("paper", dark=dark)},
        },
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]}, %{customdata[2]}<br>%{customdata[3]}<extra></extra>",
    }


def row(found: Quadrant, at: int) -> list[str]:
    """One commune in the words of HEAD; also what stands beside the pointer."""
    gaps, unsure = int(found.gaps[at]), bool(found.report.gaps.silent[:, at].any())
    lacking = f"thiếu {'ít nhất ' if unsure else ''}{gaps} tiêu chí" if gaps else "đủ tiêu chí"
    share = text.share(round(found.on_time[at] * found.whole[at]), of=int(found.whole[at]))
    remark = "xanh mà chậm" if found.slow[at] else "đỏ mà vẫn kịp" if found.coping[at] else ""
    few = "" if found.enough[at] else "ít hồ sơ"
    return [found.names[at], theme.LEVELS[levels.NAMES[found.level[at]]].word, lacking, share, remark or few]


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


def _names(found: Quadrant, x: Numbers, *, dark: bool) -> list[Figure]:
    """The outermost of both corners by name, away from the middle; one that would stand upon another stays unnamed
    (words and table have it)."""
    labels: list[Figure] = []
    for which, way, outside in ((found.slow, 1, "top"), (found.coping, -1, "bottom")):
        stands: list[tuple[float, float]] = []
        for at in _outermost(found, which, way):
            here = float(x[at]), float(found.on_time[at]) * 100
            if all(abs(here[0] - left) > 3.2 or abs(here[1] - up) > 7 for left, up in stands):
                stands.append(here)
                labels.append(
                    {
                        **{"x": round(here[0], 3), "y": round(here[1], 2), "text": found.names[at]},
                        **{"showarrow": False, "yanchor": outside, "yshift": -4 * way},
                        "font": {"color": theme.colour("ink", dark=dark)},
                    }
                )
    return labels

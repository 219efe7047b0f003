"""The two charts of the first page, as plain figure dictionaries in the frame of all charts
(web/charts/plot.py).
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import pandas as pd

from dashboard import text
from dashboard.web import theme
from dashboard.web.charts.plot import (
    LineEnd,
    PlotlyFigure,
    draw_empty_figure,
    draw_line_trace,
    frame_figure,
    label_line_ends,
)

WEEKS_SHOWN = 8
FEW_DAYS = 5
# Pixels: how low the space between a chart's axes gets on a low window, and a line of its words.
LOWEST_PLOT = 60
LINE_HEIGHT = 16


def draw_green_over_time(counts: pd.DataFrame, *, dark: bool) -> PlotlyFigure:
    """Green communes per day since 01/07/2025; `counts` has one row a day, one column a level."""
    has_levels = counts[["green", "yellow", "red"]].sum(axis=1) > 0
    if not has_levels.any():
        return draw_empty_figure("Mức Xanh theo ngày: chưa có dữ liệu", dark=dark)
    # From the first day of which anything is known; days on which nothing was in force are gaps,
    # not nought.
    daily_counts = counts.loc[has_levels.idxmax() :].astype(float).where(has_levels)
    total = int(counts.iloc[-1].sum())
    last_day = has_levels[has_levels].index[-1]
    days = [day.isoformat() for day in daily_counts.index]
    traces = [
        draw_line_trace(
            days,
            daily_counts[level].tolist(),
            theme.LEVELS[level].word,
            theme.pick_colour(level, dark=dark),
            width,
        )
        for level, width in (("red", 1.5), ("yellow", 1.5), ("green", 2.5))
    ]
    if len(days) == 1:  # one point makes no line
        for trace in traces:
            trace |= {"mode": "markers", "marker": {"size": 8, "color": trace["line"]["color"]}}
    title_end = text.format_share(int(daily_counts.at[last_day, "green"]), of=total)
    if last_day != daily_counts.index[-1]:
        title_end = f"số liệu đã cũ từ sau {text.format_day(last_day)}"
    figure = frame_figure(traces, f"Mức Xanh theo ngày: {title_end}", dark=dark)
    top = total * 1.04
    figure["layout"]["yaxis"] |= {"range": [0, top], "nticks": 5}
    figure["layout"]["xaxis"] |= {"tickvals": _marked_days(days), "tickangle": 0}
    if len(days) > 1:
        figure["layout"]["xaxis"] |= {"range": [days[0], days[-1]]}
    _set_low_margins(figure, 36, 6)
    last_index = days.index(last_day.isoformat())
    ends = [
        LineEnd(
            trace["y"][last_index],
            days[last_index],
            f"{trace['name']} {text.format_number(trace['y'][last_index])}",
        )
        for trace in traces
    ]
    figure["layout"]["annotations"] = _label_ends(ends, top)
    return figure


def _label_ends(ends: list[LineEnd], top: float) -> list[PlotlyFigure]:
    """The words at the lines' ends, apart on the lowest chart too: each stands at its own value,
    moved up by as many pixels as it needs there. A higher chart only parts them further.
    """
    unit = top / LOWEST_PLOT
    labels = label_line_ends(ends, gap=LINE_HEIGHT * unit)
    for label, end in zip(labels, sorted(ends, key=lambda end: end.value), strict=True):
        label["yshift"] = round((label["y"] - end.value) / unit)
        label["y"] = end.value
    return labels


def describe_time_chart(figure: PlotlyFigure) -> str:
    """A chart over time in words, for who cannot see it: its title, and the first and last value of
    each line.
    """
    title = re.sub(r"<br>", ", ", figure["layout"]["title"]["text"])
    title = re.sub(r"<[^>]+>|[━┄■] ?", "", title)
    lines = []
    for trace in figure["data"]:
        points = [(x, y) for x, y in zip(trace["x"], trace["y"], strict=True) if y is not None]
        if points:
            first, last = (
                f"{text.format_number(value)} ({_period_label(period)})"
                for period, value in (points[0], points[-1])
            )
            lines.append(f"{trace['name']} từ {first} đến {last}")
    return "; ".join([title, *lines]) + "."


def _period_label(period: str) -> str:
    """A day as people write it; a longer period carries its name already."""
    return text.format_day(date.fromisoformat(period)) if len(period) == 10 else period


def draw_dossiers_over_time(by_period: pd.DataFrame, today: date, *, dark: bool) -> PlotlyFigure:
    """Received and resolved per day over the last weeks, weekends shaded, a running day hollow.

    `by_period`: period_from, period_to (datetime64), received, resolved. Where no source tells
    days, each longer period is a bar under its own name.
    """
    is_day = by_period["period_from"] == by_period["period_to"]
    days = by_period[is_day]
    coarse = by_period[~is_day]
    if by_period.empty or by_period["received"].isna().all():
        return draw_empty_figure("Hồ sơ tiếp nhận và giải quyết: chưa có dữ liệu", dark=dark)
    if days.empty or (len(coarse) and coarse["period_to"].max() > days["period_to"].max()):
        return _draw_longer_periods(coarse.tail(13), dark=dark)
    last = days["period_to"].max()
    days_shown = days[days["period_to"] > last - pd.Timedelta(weeks=WEEKS_SHOWN)]
    dates = [day.date().isoformat() for day in days_shown["period_to"]]
    running = [day.date() == today for day in days_shown["period_to"]]
    second_ink = theme.pick_colour("second-ink", dark=dark)
    accent = theme.pick_colour("accent", dark=dark)
    traces = []
    keys: list[str] = []
    for column, word, colour, dash in (
        ("resolved", "Giải quyết", second_ink, "dot"),
        ("received", "Tiếp nhận", accent, "solid"),
    ):
        if days_shown[column].notna().any():
            trace = draw_line_trace(dates, days_shown[column].tolist(), word, colour, 2)
            trace["line"]["dash"] = dash
            sign = "━" if dash == "solid" else "┄"
            keys.insert(0, f'<span style="color:{colour}">{sign} {word.lower()}</span>')
            trace["mode"] = "lines+markers"
            trace["cliponaxis"] = False  # the hollow mark of a running day often stands near nought
            trace["marker"] = {
                "size": [8 if open_day or len(dates) == 1 else 4 for open_day in running],
                "symbol": ["circle-open" if open_day else "circle" for open_day in running],
                "color": colour,
            }
            traces.append(trace)
    unfinished = " · ngày cuối chưa chốt" if running and running[-1] else ""
    # "The last weeks" only where they are: old figures name the day they end with.
    ending = "qua" if last.date() == today else f"đến {text.format_day(last)}"
    weeks = (
        f"{WEEKS_SHOWN} tuần {ending}"
        if len(days) > len(days_shown)
        else f"từ {text.format_day(days_shown['period_to'].iloc[0])}"
    )
    figure = frame_figure(traces, f"Hồ sơ {' '.join(keys)}<br>{weeks}{unfinished}", dark=dark)
    figure["layout"]["yaxis"]["rangemode"] = "tozero"
    if len(dates) <= FEW_DAYS:  # left to itself the axis names a day twice, by its hours
        figure["layout"]["xaxis"] |= {"tickvals": dates}
    figure["layout"]["margin"] |= {"r": 16}  # nothing stands at these lines' ends
    _set_low_margins(figure, 56, 16)
    figure["layout"]["shapes"] = _shade_weekends(days_shown["period_to"], dark=dark)
    return figure


def _draw_longer_periods(coarse: pd.DataFrame, *, dark: bool) -> PlotlyFigure:
    names = [
        f"{text.format_day(first)}–{text.format_day(last)}"
        for first, last in zip(coarse["period_from"], coarse["period_to"], strict=True)
    ]
    colours = {
        "received": theme.pick_colour("accent", dark=dark),
        "resolved": theme.pick_colour("second-ink", dark=dark),
    }
    traces: list[PlotlyFigure] = [
        {
            "type": "bar",
            "x": names,
            "y": [None if pd.isna(value) else value for value in coarse[column].tolist()],
            "name": word,
            "marker": {"color": colours[column]},
            "hovertemplate": f"%{{x}}<br>{word}: %{{y:,.0f}}<extra></extra>",
        }
        for column, word in (("received", "Tiếp nhận"), ("resolved", "Giải quyết"))
        if coarse[column].notna().any()
    ]
    legend = [
        f'<span style="color:{trace["marker"]["color"]}">■ {trace["name"].lower()}</span>'
        for trace in traces
    ]
    title = f"Hồ sơ {' '.join(legend)} theo kỳ báo cáo<br>chưa nguồn nào có số liệu từng ngày"
    figure = frame_figure(traces, title, dark=dark)
    figure["layout"]["xaxis"] |= {"type": "category"}
    figure["layout"]["bargap"] = 0.6
    return figure


def _marked_days(days: list[str]) -> list[str]:
    """The first day, every New Year and the last day, where they do not stand upon each other."""
    candidates = [days[0], *(day for day in days if day.endswith("-01-01")), days[-1]]
    least_gap = len(days) / 5
    marked = list[str]()
    for day in candidates:
        if not marked or days.index(day) - days.index(marked[-1]) >= least_gap:
            marked.append(day)
    return marked


def _set_low_margins(figure: PlotlyFigure, title_height: int, title_padding: int) -> None:
    """These two stand in little room: no more pixels for and above the title than it needs."""
    figure["layout"]["margin"] |= {"t": title_height, "b": 36}
    figure["layout"]["title"]["pad"] = {"t": title_padding}


def _shade_weekends(days: pd.Series, *, dark: bool) -> list[PlotlyFigure]:
    """A band behind every Saturday and Sunday, so that their dip explains itself."""
    return [
        {
            "type": "rect",
            "xref": "x",
            "yref": "paper",
            "x0": (day - timedelta(hours=12)).isoformat(),
            "x1": (day + timedelta(hours=36)).isoformat(),
            "y0": 0,
            "y1": 1,
            "fillcolor": theme.pick_colour("line", dark=dark),
            "opacity": 0.5,
            "line": {"width": 0},
            "layer": "below",
        }
        for day in days
        if day.weekday() == 5
    ]

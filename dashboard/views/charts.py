"""The two charts of the first page, as plain figure dictionaries in the frame of all charts (views/plot.py)."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pandas as pd

from dashboard import text
from dashboard.views import theme
from dashboard.views.plot import Figure, framed, line, nothing

WEEKS_SHOWN = 8
FEW_DAYS = 5


def green_over_time(counts: pd.DataFrame, *, dark: bool) -> Figure:
    """Green communes per day since 01/07/2025; `counts` has one row a day, one column a level."""
    coloured = counts[["green", "yellow", "red"]].sum(axis=1) > 0
    if not coloured.any():
        return nothing("Xã xanh theo ngày: chưa có dữ liệu", dark=dark)
    # From the first day of which anything is known; days on which nothing was in force are gaps, not nought.
    known = counts.loc[coloured.idxmax() :].astype(float).where(coloured)
    total, last_day = int(counts.iloc[-1].sum()), coloured[coloured].index[-1]
    days = [day.isoformat() for day in known.index]
    traces = [
        line(days, known[level].tolist(), theme.LEVELS[level].word, theme.colour(level, dark=dark), width)
        for level, width in (("red", 1.5), ("yellow", 1.5), ("green", 2.5))
    ]
    if len(days) == 1:  # one point makes no line
        for trace in traces:
            trace |= {"mode": "markers", "marker": {"size": 8, "color": trace["line"]["color"]}}
    seen = text.share(int(known.at[last_day, "green"]), of=total)
    if last_day != known.index[-1]:
        seen = f"số liệu đã cũ từ sau {text.day(last_day)}"
    figure = framed(traces, f"Xã xanh theo ngày: {seen}", dark=dark)
    figure["layout"]["yaxis"] |= {"range": [0, total * 1.04], "nticks": 5}
    figure["layout"]["xaxis"] |= {"tickvals": _marked_days(days), "tickangle": 0}
    if len(days) > 1:
        figure["layout"]["xaxis"] |= {"range": [days[0], days[-1]]}
    _low(figure, 36, 6)
    figure["layout"]["annotations"] = _end_labels(traces, last_day, total)
    return figure


def said(figure: Figure) -> str:
    """A chart over time in words, for who cannot see it: its title, and the first and last value of each line."""
    title = re.sub(r"<br>", ", ", figure["layout"]["title"]["text"])
    title = re.sub(r"<[^>]+>|[━┄■] ?", "", title)
    lines = []
    for trace in figure["data"]:
        told = [(x, y) for x, y in zip(trace["x"], trace["y"], strict=True) if y is not None]
        if told:
            (first, start), (last, end) = told[0], told[-1]
            lines.append(
                f"{trace['name']} từ {text.number(start)} ({_named(first)}) đến {text.number(end)} ({_named(last)})"
            )
    return "; ".join([title, *lines]) + "."


def _named(x: str) -> str:
    """A day as people write it; a longer period carries its name already."""
    return text.day(date.fromisoformat(x)) if len(x) == 10 else x


def dossiers_over_time(by_period: pd.DataFrame, today: date, *, dark: bool) -> Figure:
    """Received and resolved per day over the last weeks, weekends shaded, a running day hollow.

    `by_period`: period_from, period_to (datetime64), received, resolved. Where no source tells
    days, each longer period is a bar under its own name.
    """
    is_day = by_period["period_from"] == by_period["period_to"]
    days = by_period[is_day]
    coarse = by_period[~is_day]
    if by_period.empty or by_period["received"].isna().all():
        return nothing("Hồ sơ tiếp nhận và giải quyết: chưa có dữ liệu", dark=dark)
    if days.empty or (len(coarse) and coarse["period_to"].max() > days["period_to"].max()):
        return _by_longer_period(coarse.tail(13), dark=dark)
    last = days["period_to"].max()
    shown = days[days["period_to"] > last - pd.Timedelta(weeks=WEEKS_SHOWN)]
    dates = [day.date().isoformat() for day in shown["period_to"]]
    running = [day.date() == today for day in shown["period_to"]]
    second, accent = theme.colour("second-ink", dark=dark), theme.colour("accent", dark=dark)
    traces = []
    keys: list[str] = []
    for column, word, colour, dash in (
        ("resolved", "Giải quyết", second, "dot"),
        ("received", "Tiếp nhận", accent, "solid"),
    ):
        if shown[column].notna().any():
            trace = line(dates, shown[column].tolist(), word, colour, 2)
            trace["line"]["dash"] = dash
            keys.insert(0, f'<span style="color:{colour}">{"━" if dash == "solid" else "┄"} {word.lower()}</span>')
            trace["mode"] = "lines+markers"
            trace["cliponaxis"] = False  # the hollow mark of a running day often stands near nought
            trace["marker"] = {
                "size": [8 if open_day or len(dates) == 1 else 4 for open_day in running],
                "symbol": ["circle-open" if open_day else "circle" for open_day in running],
                "color": colour,
            }
            traces.append(trace)
    unfinished = " · ngày cuối chưa hết" if running and running[-1] else ""
    # "The last weeks" only where they are: old figures name the day they end with.
    ending = "qua" if last.date() == today else f"đến {text.day(last)}"
    weeks = f"{WEEKS_SHOWN} tuần {ending}" if len(days) > len(shown) else f"từ {text.day(shown['period_to'].iloc[0])}"
    figure = framed(traces, f"Hồ sơ {' '.join(keys)}<br>{weeks}{unfinished}", dark=dark)
    figure["layout"]["yaxis"]["rangemode"] = "tozero"
    if len(dates) <= FEW_DAYS:  # left to itself the axis names a day twice, by its hours
        figure["layout"]["xaxis"] |= {"tickvals": dates}
    figure["layout"]["margin"] |= {"r": 16}  # nothing stands at these lines' ends
    _low(figure, 56, 16)
    figure["layout"]["shapes"] = _weekends(shown["period_to"], dark=dark)
    return figure


def _by_longer_period(coarse: pd.DataFrame, *, dark: bool) -> Figure:
    names = [f"{text.day(a)}–{text.day(b)}" for a, b in zip(coarse["period_from"], coarse["period_to"], strict=True)]
    colours = {"received": theme.colour("accent", dark=dark), "resolved": theme.colour("second-ink", dark=dark)}
    traces: list[Figure] = [
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
    words = [f'<span style="color:{one["marker"]["color"]}">■ {one["name"].lower()}</span>' for one in traces]
    told = f"Hồ sơ {' '.join(words)} theo kỳ báo cáo<br>chưa nguồn nào có số liệu từng ngày"
    figure = framed(traces, told, dark=dark)
    figure["layout"]["xaxis"] |= {"type": "category"}
    figure["layout"]["bargap"] = 0.6
    return figure


def _marked_days(days: list[str]) -> list[str]:
    """The first day, every New Year and the last day, where they do not stand upon each other."""
    wanted = [days[0], *(day for day in days if day.endswith("-01-01")), days[-1]]
    apart, kept = len(days) / 5, list[str]()
    for day in wanted:
        if not kept or days.index(day) - days.index(kept[-1]) >= apart:
            kept.append(day)
    return kept


def _end_labels(traces: list[Figure], last: date, total: int) -> list[Figure]:
    """Each line's name and last value at its end, moved apart where two would overlap."""
    at_last = traces[0]["x"].index(last.isoformat())
    ends = sorted((trace["y"][at_last], index) for index, trace in enumerate(traces))
    labels: list[Figure] = []
    lowest = float("-inf")
    for value, index in ends:
        at = max(value, lowest + total * 0.14)
        lowest = at
        trace = traces[index]
        labels.append(
            {
                "x": last.isoformat(),
                "y": at,
                "text": f"{trace['name']} {text.number(value)}",
                "xanchor": "left",
                "xshift": 6,
                "showarrow": False,
            }
        )
    return labels


def _low(figure: Figure, head: int, above: int) -> None:
    """These two stand in little room: no more pixels for and above the title than it needs."""
    figure["layout"]["margin"] |= {"t": head, "b": 36}
    figure["layout"]["title"]["pad"] = {"t": above}


def _weekends(days: pd.Series, *, dark: bool) -> list[Figure]:
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
            "fillcolor": theme.colour("line", dark=dark),
            "opacity": 0.5,
            "line": {"width": 0},
            "layer": "below",
        }
        for day in days
        if day.weekday() == 5
    ]

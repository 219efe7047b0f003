"""The two charts of the first page, as plain figure dictionaries in the frame of all charts
(web/charts/plot.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from dashboard import text
from dashboard.web import theme
from dashboard.web.charts.plot import (
    LineEnd,
    PlotlyFigure,
    draw_empty_figure,
    draw_line_trace,
    format_hover_line,
    frame_figure,
    label_line_ends,
)
from dashboard.workdays import WorkingDayCalendar

WEEKS_SHOWN = 8
DAYS_OF_MEAN = 5  # a week of work: its rhythm from Monday to Friday falls out
MEAN_WORDS = "Bình quân 5 ngày làm việc"
# Trace → its sign and word in the chart's key.
_KEY_WORDS = {
    "Tiếp nhận": ("■", "tiếp nhận"),
    MEAN_WORDS: ("━", "bình quân"),
    "Giải quyết": ("─", "giải quyết"),
}
FEW_DAYS = 5
PLATEAU_DAYS = 60
PLATEAU_WITHIN = 0.05
# Pixels: how low the space between a chart's axes gets on a low window, and a line of its words.
LOWEST_PLOT = 60
LINE_HEIGHT = 16


def _read_out(figure: PlotlyFigure, signs: Sequence[str], *, dark: bool) -> None:
    """These two are too small for a box over them: what is under the pointer stands in the place of
    the title (chart_readout.js), each value behind its trace's sign."""
    for trace, sign in zip(figure["data"], signs, strict=True):
        trace.pop("hovertemplate", None)
        trace |= {"hoverinfo": "none", "meta": {"sign": sign}}
    figure["layout"]["hovermode"] = "x"
    figure["layout"]["xaxis"] |= {
        "showspikes": True,
        "spikemode": "across",
        "spikedash": "solid",
        "spikethickness": 1,
        "spikecolor": theme.pick_colour("second-ink", dark=dark),
    }


def draw_green_over_time(
    counts: pd.DataFrame, rule_changes: Sequence[date] = (), *, dark: bool
) -> PlotlyFigure:
    """Green communes per day since 01/07/2025; `counts` has one row a day, one column a level.
    Days on which criteria or rules changed are marked, and since when the curve is flat."""
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
            theme.pick_line_colour(level, dark=dark),
            width,
        )
        for level, width in (("red", 1.5), ("yellow", 1.5), ("green", 2.5))
    ]
    if len(days) == 1:  # one point makes no line
        for trace in traces:
            trace |= {"mode": "markers", "marker": {"size": 8, "color": trace["line"]["color"]}}
    level_words = [theme.LEVELS[level] for level in ("red", "yellow", "green")]
    share_words = text.format_share(int(daily_counts.at[last_day, "green"]), of=total)
    title = f"Mức Xanh theo ngày: {share_words}"
    if last_day != daily_counts.index[-1]:  # as long as a chart of a desktop is wide
        title = f"Mức Xanh đến {text.format_day(last_day)}, sau đó số liệu cũ"
    figure = frame_figure(traces, title, dark=dark)
    _read_out(figure, [f"{level.sign} {level.word}" for level in level_words], dark=dark)
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
    green_counts = daily_counts["green"].loc[:last_day]
    if plateau := _label_plateau(green_counts, total):
        figure["layout"]["annotations"].append(plateau)
    second_ink = theme.pick_colour("second-ink", dark=dark)
    for day in rule_changes:
        if days[0] < day.isoformat() <= days[-1]:
            line, words = _mark_rule_change(day, second_ink)
            figure["layout"].setdefault("shapes", []).append(line)
            figure["layout"]["annotations"].append(words)
    return figure


def find_plateau(green_counts: pd.Series, total: int) -> date | None:
    """Since when the number of green communes has stayed within a twentieth of all communes of the
    last one; None where that is not two months, or green is nobody or all."""
    newest = green_counts.iloc[-1]
    if not 0 < newest < total:
        return None
    is_near = (green_counts - newest).abs() <= total * PLATEAU_WITHIN
    far = green_counts.index[~is_near]
    first = green_counts.index[0] if far.empty else green_counts.loc[far[-1] :].index[1]
    last: date = green_counts.index[-1]
    return first if (last - first).days >= PLATEAU_DAYS else None


def _label_plateau(green_counts: pd.Series, total: int) -> PlotlyFigure | None:
    first = find_plateau(green_counts, total)
    if first is None:
        return None
    return {
        # It ends with the curve: over the middle of a short plateau it would reach the end labels.
        "x": green_counts.index[-1].isoformat(),
        "xanchor": "right",
        "y": float(green_counts.loc[first:].max()),
        "text": f"đi ngang từ {first.month}/{first.year}",
        "yshift": 10,
        "showarrow": False,
        "font": {"size": 12},
    }


def _mark_rule_change(day: date, colour: str) -> tuple[PlotlyFigure, PlotlyFigure]:
    """A dotted upright line on a day on which criteria or rules changed, and its word."""
    x = day.isoformat()
    line = {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": x,
        "x1": x,
        "y0": 0,
        "y1": 1,
        "line": {"color": colour, "width": 1, "dash": "dot"},
    }
    words = {
        "x": x,
        "y": 1,
        "yref": "paper",
        "text": "đổi tiêu chí",
        "xanchor": "left",
        "yanchor": "top",
        "showarrow": False,
        "font": {"size": 12, "color": colour},
    }
    return line, words


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
    title = re.sub(r"<[^>]+>|[━─■] ?", "", title)
    lines = []
    for trace in figure["data"]:
        points = [(x, y) for x, y in zip(trace["x"], trace["y"], strict=True) if y is not None]
        if points:
            first, last = (
                f"{text.format_number(value)} ({format_axis_period(period)})"
                for period, value in (points[0], points[-1])
            )
            lines.append(f"{trace['name']} từ {first} đến {last}")
    return "; ".join([title, *lines]) + "."


def format_axis_period(period: str) -> str:
    """A day as people write it; a longer period carries its name already."""
    return text.format_day(date.fromisoformat(period)) if len(period) == 10 else period


def draw_dossiers_over_time(
    by_period: pd.DataFrame, today: date, calendar: WorkingDayCalendar, *, dark: bool
) -> PlotlyFigure:
    """Received per day over the last weeks as bars with their mean of five working days, resolved
    as a thin line over working days, days off shaded, a running day hollow.

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
    works = calendar.is_working(days["period_to"].to_numpy().astype("datetime64[D]"))
    days = days.assign(works=works, running=days["period_to"].dt.date == today)
    days["mean"] = _average_working_days(days)
    days_shown = days[days["period_to"] > last - pd.Timedelta(weeks=WEEKS_SHOWN)]
    working_days = days_shown[days_shown["works"] & ~days_shown["running"]]
    second_ink = theme.pick_colour("second-ink", dark=dark)
    accent = theme.pick_colour("accent", dark=dark)
    traces = [_draw_day_bars(days_shown, accent)]
    lines = [
        (MEAN_WORDS, "mean", accent, 2),
        ("Giải quyết", "resolved", second_ink, 1),
    ]
    for word, column, colour, width in lines:
        if working_days[column].notna().any():
            trace = draw_line_trace(
                _list_dates(working_days), working_days[column].tolist(), word, colour, width
            )
            traces.append(trace)
    figure = frame_figure(traces, _title_days(traces, days, days_shown, today), dark=dark)
    _read_out(figure, [_KEY_WORDS[trace["name"]][0] for trace in traces], dark=dark)
    figure["layout"]["yaxis"]["rangemode"] = "tozero"
    figure["layout"]["bargap"] = 0.2
    half_a_day = timedelta(hours=12)
    ends = [days_shown["period_to"].iloc[0] - half_a_day, last + half_a_day]
    figure["layout"]["xaxis"]["range"] = [end.isoformat() for end in ends]
    if len(days_shown) <= FEW_DAYS:  # left to itself the axis names a day twice, by its hours
        figure["layout"]["xaxis"] |= {"tickvals": _list_dates(days_shown)}
    figure["layout"]["margin"] |= {"r": 16}  # nothing stands at these lines' ends
    _set_low_margins(figure, 56, 16)
    figure["layout"]["shapes"] = _shade_days_off(
        days_shown["period_to"].iloc[0], last, calendar, dark=dark
    )
    return figure


def _list_dates(days: pd.DataFrame) -> list[str]:
    return [day.date().isoformat() for day in days["period_to"]]


def _average_working_days(days: pd.DataFrame) -> pd.Series:
    """On each working day the mean of what it and the four before it received; NaN before the
    fifth, and on days off and the running day, which has not come to its end."""
    counted = days[days["works"] & ~days["running"]]["received"]
    return counted.rolling(DAYS_OF_MEAN).mean().reindex(days.index)


def _draw_day_bars(days: pd.DataFrame, colour: str) -> PlotlyFigure:
    """A bar a day, pale so that the mean stands out; of a running day only its outline."""
    running = days["running"].tolist()
    return {
        "type": "bar",
        "x": _list_dates(days),
        "y": [None if pd.isna(value) else value for value in days["received"].tolist()],
        "name": "Tiếp nhận",
        "marker": {
            "color": ["rgba(0,0,0,0)" if open_day else colour for open_day in running],
            "opacity": [1 if open_day else 0.4 for open_day in running],
            "line": {"color": colour, "width": [1.5 if open_day else 0 for open_day in running]},
        },
        "hovertemplate": format_hover_line("Tiếp nhận"),
    }


def _title_days(
    traces: list[PlotlyFigure], days: pd.DataFrame, days_shown: pd.DataFrame, today: date
) -> str:
    """The key of bars and lines, and which weeks these are; no line longer than the narrow chart
    beside the map."""
    keys = {}
    for trace in traces:
        sign, word = _KEY_WORDS[trace["name"]]
        colour = (trace.get("line") or trace["marker"]["line"])["color"]
        keys[trace["name"]] = f'<span style="color:{colour}">{sign} {word}</span>'
    mean = keys.pop(MEAN_WORDS, "")
    weeks = _name_weeks(days, days_shown, today)
    second_line = " · ".join(words for words in (mean, weeks) if words)
    small = f'<span style="font-size:13px">{second_line}</span>'
    return f"Hồ sơ {' '.join(keys.values())}<br>{small}"


def _name_weeks(days: pd.DataFrame, days_shown: pd.DataFrame, today: date) -> str:
    """`8 tuần · ngày cuối chưa chốt`; "the last weeks" only where they are: old figures name the
    day they end with."""
    last = days["period_to"].max()
    is_whole = len(days) == len(days_shown)
    if days_shown["running"].iloc[-1]:
        ending = " · ngày cuối chưa chốt"
    elif is_whole:
        ending = ""
    elif last.date() == today:
        ending = " qua"
    else:
        ending = f" đến {text.format_day(last)}"
    first = text.format_day(days_shown["period_to"].iloc[0])
    return (f"từ {first}" if is_whole else f"{WEEKS_SHOWN} tuần") + ending


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
            "hovertemplate": format_hover_line(word),
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


def _shade_days_off(
    first: pd.Timestamp, last: pd.Timestamp, calendar: WorkingDayCalendar, *, dark: bool
) -> list[PlotlyFigure]:
    """A band behind every run of days off of the working calendar, so that the dip there explains
    itself: weekends without their make-up days, holidays."""
    days = pd.date_range(first, last, freq="D")
    is_off = ~calendar.is_working(days.to_numpy().astype("datetime64[D]"))
    runs = (pd.Series(is_off).diff().fillna(False)).cumsum()
    bands = []
    for _, run in pd.Series(days)[is_off].groupby(runs[is_off].to_numpy()):
        bands.append(
            {
                "type": "rect",
                "xref": "x",
                "yref": "paper",
                "x0": (run.iloc[0] - timedelta(hours=12)).isoformat(),
                "x1": (run.iloc[-1] + timedelta(hours=12)).isoformat(),
                "y0": 0,
                "y1": 1,
                "fillcolor": theme.pick_colour("line", dark=dark),
                "opacity": 0.5,
                "line": {"width": 0},
                "layer": "below",
            }
        )
    return bands

"""The charts of /ho-so: received against resolved and the channels over weeks, words and table
beside each; and the calendar of days.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from dashboard import text
from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.throughput import periods
from dashboard.indicators.throughput.count_rows import CHANNELS, NEW
from dashboard.indicators.throughput.periods import Period
from dashboard.indicators.throughput.weekly_history import WeeklyHistory
from dashboard.reference import FIRST_DAY
from dashboard.web import theme
from dashboard.web.charts import plot
from dashboard.web.charts.plot import ChartTable, PlotlyFigure
from dashboard.web.dossiers.words import choose_shade
from dashboard.web.words import dossiers, explain
from dashboard.web.words.dossiers import tell_part_source
from dashboard.web.words.headline import tell_part_of_communes
from dashboard.web.words.period_names import format_period_ends
from dashboard.workdays import WorkingDayCalendar

FEW_POINTS = 14  # so many points of a line are marked, so that one between two gaps is seen
# with fewer working days a week is a holiday: its shares of channels say nothing
LEAST_WORKING_DAYS = 2
USUAL_WORKING_DAYS = {"week": 5, "month": 18}


def _sum_communes(counts: Numbers) -> Numbers:
    """Of all communes that tell, per period; NaN where none does."""
    reported = ~np.isnan(counts).all(axis=0)
    return np.where(reported, np.nansum(counts, axis=0), np.nan)


def has_flow_history(history: WeeklyHistory) -> bool:
    """Whether two periods at least are known: one is no course."""
    return int((~np.isnan(_sum_complete_periods(history, NEW))).sum()) > 1


def has_channel_history(history: WeeklyHistory) -> bool:
    """Whether two periods at least tell the channels."""
    return any(int((~np.isnan(shares)).sum()) > 1 for shares in _channel_shares(history).values())


def _sum_complete_periods(history: WeeklyHistory, column: str) -> Numbers:
    """Of all communes together, only in whole periods."""
    return np.where(history.complete, _sum_communes(history.sums[column]), np.nan)


def draw_flow_figure(
    history: WeeklyHistory, selected_period: Period | None, *, dark: bool
) -> PlotlyFigure:
    """Newly received and resolved a week (or month), the chosen period shaded; the running week is
    not drawn.
    """
    second_ink = theme.pick_colour("second-ink", dark=dark)
    accent = theme.pick_colour("accent", dark=dark)
    traces = []
    for column, word, colour, dash in (
        (NEW, "tiếp nhận", accent, "solid"),
        ("resolved", "giải quyết", second_ink, "dot"),
    ):
        counts = _sum_complete_periods(history, column)
        if not np.isnan(counts).all():
            trace = plot.draw_line_trace(
                plot.list_axis_days(history), counts.tolist(), word, colour, 2
            )
            trace["line"]["dash"] = dash
            traces.append(trace)
    figure = _frame_labelled_lines(traces, history, dark=dark)
    figure["layout"]["yaxis"]["rangemode"] = "tozero"
    if selected_period is not None and selected_period.last >= history.periods[0].first:
        figure["layout"]["shapes"] = [_shade_period(selected_period, history, dark=dark)]
    return figure


def _frame_labelled_lines(
    traces: list[PlotlyFigure], history: WeeklyHistory, *, dark: bool
) -> PlotlyFigure:
    """Lines with their words at their ends, over exactly the periods of the course."""
    for trace in traces:
        if sum(value is not None for value in trace["y"]) <= FEW_POINTS:
            trace |= {
                "mode": "lines+markers",
                "marker": {"size": 5, "color": trace["line"]["color"]},
            }
    figure = plot.frame_figure(traces, dark=dark)
    days = plot.list_axis_days(history)
    # Few ticks, upright also on a phone.
    figure["layout"]["xaxis"] |= {"range": [days[0], days[-1]], "nticks": 5, "tickangle": 0}
    figure["layout"]["annotations"] = _label_line_ends(traces)
    return figure


def _shade_period(selected_period: Period, history: WeeklyHistory, *, dark: bool) -> PlotlyFigure:
    first = max(selected_period.first, history.periods[0].first)
    last = min(selected_period.last, history.periods[-1].first)
    ends = {"x0": min(first, last).isoformat(), "x1": last.isoformat(), "y0": 0, "y1": 1}
    style = {
        "fillcolor": theme.pick_colour("line", dark=dark),
        "opacity": 0.5,
        "line": {"width": 0},
        "layer": "below",
    }
    return {"type": "rect", "xref": "x", "yref": "paper", **ends, **style}


def _label_line_ends(traces: list[PlotlyFigure], gap: float = 0.08) -> list[PlotlyFigure]:
    """Each line's word at its end; lines that end close together are labelled apart."""
    ends = []
    for trace in traces:
        last = max(position for position, value in enumerate(trace["y"]) if value is not None)
        ends.append(
            plot.LineEnd(trace["y"][last], trace["x"][last], trace["name"], trace["line"]["color"])
        )
    maximum = max(
        (value for trace in traces for value in trace["y"] if value is not None), default=0.0
    )
    # a word at nought stands above the days
    return plot.label_line_ends(ends, gap=maximum * gap, floor=-maximum * gap / 2)


def summarise_flow(history: WeeklyHistory) -> str:
    """What the chart of received and resolved shows, in one line."""
    received, resolved = (_sum_complete_periods(history, name) for name in (NEW, "resolved"))
    if np.isnan(received).all():
        return explain.NO_DATA
    grain_name = dossiers.GRAIN_NAMES[history.grain]
    last = int(np.flatnonzero(~np.isnan(received))[-1])
    resolved_words = ""
    if not math.isnan(resolved[last]):
        resolved_words = f", giải quyết {text.format_number(resolved[last])}"
    low = np.nanmin(received)
    high = np.nanmax(received)
    least_position = int(np.nanargmin(received))
    least_remark = ""
    least_days = history.working[least_position]
    if least_days < USUAL_WORKING_DAYS[history.grain]:
        days = f"chỉ {least_days} ngày làm việc" if least_days else "toàn ngày nghỉ"
        least_remark = f" ({format_period_ends(history.periods[least_position])}, {days})"
    return (
        f"Mỗi {grain_name} tiếp nhận từ {text.format_number(low)}{least_remark} "
        f"đến {text.format_number(high)} hồ sơ; "
        f"{grain_name} đủ gần nhất ({format_period_ends(history.periods[last])}) "
        f"tiếp nhận {text.format_number(received[last])}{resolved_words}. "
        f"Chỉ vẽ {grain_name} đã đủ; phần tô nền là kỳ đang xem."
    )


def tabulate_flow(history: WeeklyHistory) -> ChartTable:
    """The same as a table, newest first."""
    received, resolved = (_sum_communes(history.sums[name]) for name in (NEW, "resolved"))
    rows = [
        (
            format_period_ends(period),
            _flow_cell(received[position], complete),
            _flow_cell(resolved[position], complete),
        )
        for position, (period, complete) in enumerate(
            zip(history.periods, history.complete, strict=True)
        )
    ]
    return ChartTable(
        (dossiers.GRAIN_NAMES[history.grain].capitalize(), "Tiếp nhận", "Giải quyết"), rows[::-1]
    )


def _flow_cell(value: float, complete: bool) -> str:
    words = text.format_number(value)
    if complete or math.isnan(value):
        return words
    return f"{words} (chưa đủ kỳ)"


def _find_holiday_periods(history: WeeklyHistory) -> Flags:
    """Which periods had hardly a working day: nobody could come in person, so that all was filed
    online.
    """
    return np.array(history.working) < LEAST_WORKING_DAYS


def _channel_shares(history: WeeklyHistory) -> dict[str, Numbers]:
    """Per channel that was told its share of what was newly received, in whole periods that were no
    holidays.
    """
    received = np.where(_find_holiday_periods(history), np.nan, _sum_complete_periods(history, NEW))
    received_by_channel = {name: _sum_communes(history.sums[name]) for name in CHANNELS}
    denominator = np.where(received > 0, received, np.nan)
    return {
        name: numerator / denominator
        for name, numerator in received_by_channel.items()
        if not np.isnan(numerator / denominator).all()
    }


def _channel_cell(value: float, complete: bool, is_holiday: bool) -> str:
    if not complete:
        return dossiers.INCOMPLETE
    if is_holiday:
        return "nghỉ lễ"
    return explain.NO_DATA if math.isnan(value) else text.format_percent(value)


def draw_channel_figure(history: WeeklyHistory, *, dark: bool) -> PlotlyFigure:
    """The share of each channel a week (or month), 0 to 100%."""
    inks = ("accent", "ink", "second-ink", "border")
    shares = sorted(_channel_shares(history).items(), key=lambda channel: -np.nansum(channel[1]))
    traces = []
    for (name, channel_shares), ink in zip(shares, inks, strict=False):
        word = dossiers.CHANNEL_WORDS[name].lower()
        trace = plot.draw_line_trace(
            plot.list_axis_days(history),
            (channel_shares * 100).tolist(),
            word,
            theme.pick_colour(ink, dark=dark),
            2,
        )
        trace["hovertemplate"] = plot.format_hover_line(word, "%{y:.1f}%")
        traces.append(trace)
    figure = _frame_labelled_lines(traces, history, dark=dark)
    figure["layout"]["yaxis"] |= {"range": [0, 100], "ticksuffix": "%", "nticks": 5}
    figure["layout"]["margin"]["r"] = 128
    return figure


def summarise_channels(history: WeeklyHistory) -> str:
    """What the chart of channels shows, in one line."""
    shares = _channel_shares(history)
    if not shares:
        return explain.NO_DATA
    grain_name = dossiers.GRAIN_NAMES[history.grain]
    holiday_count = int((_find_holiday_periods(history) & history.complete).sum())
    left_out = ""
    if holiday_count:
        left_out = (
            f" Không vẽ {holiday_count} {grain_name} nghỉ lễ, vì khi ấy chỉ nộp được trực tuyến."
        )
    phrases = []
    for name, channel_shares in shares.items():
        reported = channel_shares[~np.isnan(channel_shares)]
        first, last = (text.format_percent(reported[end]) for end in (0, -1))
        phrases.append(f"{dossiers.CHANNEL_WORDS[name].lower()} {first} → {last}")
    return (
        f"Từ {grain_name} đủ đầu tiên tới {grain_name} đủ gần nhất: "
        f"{', '.join(phrases)} số hồ sơ mới tiếp nhận.{left_out}"
    )


def tabulate_channels(history: WeeklyHistory) -> ChartTable:
    """The same as a table, newest first."""
    shares = _channel_shares(history)
    holidays = _find_holiday_periods(history).tolist()
    rows = [
        (
            format_period_ends(period),
            *(
                _channel_cell(channel_shares[position], complete, holidays[position])
                for channel_shares in shares.values()
            ),
        )
        for position, (period, complete) in enumerate(
            zip(history.periods, history.complete, strict=True)
        )
    ]
    return ChartTable(
        (
            dossiers.GRAIN_NAMES[history.grain].capitalize(),
            *(dossiers.CHANNEL_WORDS[name] for name in shares),
        ),
        rows[::-1],
    )


# The calendar of days: weeks as rows, weekdays as columns, each day's count in a cell that is the
# darker the more.

WEEKDAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
LEAST_WEEKS = 26  # half a year
MOST_WEEKS = 53  # a year


def lay_out_day_calendar(
    by_day: pd.DataFrame,
    first: date,
    last: date,
    today: date,
    working: WorkingDayCalendar,
    *,
    communes: int = 0,
    kind_names: Mapping[str, str] | None = None,
) -> dict[str, Any] | None:
    """What was received on each day of the weeks up to `last`, at least half a year, from `first`
    where that is more.

    `by_day`: period_from, period_to (datetime64), received, kind, communes (how many of the
    `communes` of the province its source tells); rows of longer periods are left out. None where no
    day was told. A cell has its day, words, `step` (0 to 5), and `kind`: "" a working
    day, "off" (a day off on which nothing was told is no gap), "unknown", "outside" what is asked
    of: before the communes were, after `last`.
    """
    days = by_day[by_day["period_from"] == by_day["period_to"]]
    received_by_day = dict(zip(days["period_to"].dt.date, days["received"], strict=True))
    end = periods.find_week_of(last)
    weeks = min(max(LEAST_WEEKS, math.ceil((end.last - first).days / 7)), MOST_WEEKS)
    start = end.first - timedelta(weeks=weeks - 1)
    data_since = min(
        (day for day, value in received_by_day.items() if not math.isnan(value) and day >= start),
        default=start,
    )
    if data_since < first:
        # weeks of which nobody told anything are no gaps
        start = periods.find_week_of(data_since).first
    elif first > start:
        start = periods.find_week_of(first).first
    weeks = (end.last - start).days // 7 + 1
    days_shown = [start + timedelta(days=n) for n in range(weeks * 7)]
    values = [received_by_day.get(day, math.nan) for day in days_shown]
    if all(map(math.isnan, values)):
        return None
    is_working = working.is_working(np.array(days_shown, dtype="datetime64[D]"))
    most = np.nanmax(values)
    cells = [
        _day_cell(day, value, most, last, today, works=bool(works))
        for day, value, works in zip(days_shown, values, is_working, strict=True)
    ]
    rows = [cells[offset : offset + 7] for offset in range(0, len(cells), 7)]
    sums = [values[offset : offset + 7] for offset in range(0, len(cells), 7)]
    busiest = days_shown[int(np.nanargmax(values))]
    gaps = sum(cell["kind"] == "unknown" for cell in cells)
    shown_days = days[
        days["received"].notna()
        & (days["period_to"] >= pd.Timestamp(start))
        & (days["period_to"] <= pd.Timestamp(last))
    ]
    told = int(shown_days["communes"].max()) if "communes" in shown_days else communes
    names = [
        (kind_names or {}).get(str(source_kind), str(source_kind))
        for source_kind in dict.fromkeys(shown_days.get("kind", pd.Series(dtype=object)))
    ]
    area = ""
    gaps_words = "không thiếu ngày làm việc nào"
    if part_of_communes := tell_part_of_communes(told, communes):
        area = f", {part_of_communes}"
        gaps_words = f"{part_of_communes} này: {gaps_words}"
    if gaps:
        gaps_words = f"{text.format_number(gaps)} ngày làm việc chưa có dữ liệu"
    return {
        "area": area,
        "source": tell_part_source(names, told, communes, shown_days["period_to"].max().date()),
        "weeks": [
            {"first": f"{row[0]['day']:%d/%m}", "cells": row, "sum": _week_sum(week_values)}
            for row, week_values in zip(rows, sums, strict=True)
        ],
        "busiest": f"Nhiều nhất: {text.format_number(most)} hồ sơ ngày {text.format_day(busiest)}",
        "gaps": gaps_words,
        "days": format_period_ends(periods.Period(start, min(last, end.last))),
    }


def _day_cell(
    day: date, value: float, most: float, last: date, today: date, *, works: bool
) -> dict[str, Any]:
    day_kind = "" if works else "off"
    step = choose_shade(value, most)
    count_words = ""
    if day > last or day < FIRST_DAY:
        day_kind = "outside"
        step = 0
        description = "chưa tới" if day > last else f"trước {text.format_day(FIRST_DAY)}"
    elif not math.isnan(value):
        count_words = text.format_number(value)
        description = f"{count_words} hồ sơ"
    else:
        description = "chưa có dữ liệu"
        if works:  # a day off on which nothing was told is no gap
            day_kind = "unknown"
            count_words = "?"
    title = f"{text.format_day(day)}: {description}"
    if not works:
        title += ", ngày nghỉ"
    if day == today:
        title += ", số liệu trong ngày, chưa chốt"
    return {"day": day, "words": count_words, "kind": day_kind, "step": step, "title": title}


def _week_sum(values: list[float]) -> str:
    counts = [value for value in values if not math.isnan(value)]
    return text.format_number(sum(counts)) if counts else ""

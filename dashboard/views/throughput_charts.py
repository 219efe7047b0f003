"""The charts of /ho-so over weeks: received against resolved, and the channels; words and table beside each."""

from __future__ import annotations

import math

import numpy as np

from dashboard import text
from dashboard.indicators.course import Course
from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.periods import Period
from dashboard.indicators.rows import CHANNELS, NEW
from dashboard.views import dossier_words as words
from dashboard.views import plot, theme
from dashboard.views.plot import Figure, Table

FEW = 14  # so many points of a line are marked, so that one between two gaps is seen
_GRAINS = {"week": "tuần", "month": "tháng"}
LEAST_WORKING = 2  # with fewer working days a week is a holiday: its shares of channels say nothing
USUAL_WORKING = {"week": 5, "month": 18}


def _sum(value: Numbers) -> Numbers:
    """Of all communes that tell, per period; NaN where none does."""
    told = ~np.isnan(value).all(axis=0)
    return np.where(told, np.nansum(value, axis=0), np.nan)


def _days(course: Course) -> list[str]:
    return [period.first.isoformat() for period in course.periods]


def _named(period: Period) -> str:
    return words.ends(period)


def has_flow(course: Course) -> bool:
    """Whether two periods at least are known: one is no course."""
    return int((~np.isnan(_whole(course, NEW))).sum()) > 1


def has_channels(course: Course) -> bool:
    """Whether two periods at least tell the channels."""
    return any(int((~np.isnan(value)).sum()) > 1 for value in _shares(course).values())


def _whole(course: Course, column: str) -> Numbers:
    """Of all communes together, only in whole periods."""
    return np.where(course.complete, _sum(course.sums[column]), np.nan)


def flow_figure(course: Course, chosen: Period | None, *, dark: bool) -> Figure:
    """Newly received and resolved a week (or month), the chosen period shaded; the running week is not drawn."""
    second, accent = theme.colour("second-ink", dark=dark), theme.colour("accent", dark=dark)
    traces = []
    for column, word, colour, dash in ((NEW, "tiếp nhận", accent, "solid"), ("resolved", "giải quyết", second, "dot")):
        value = _whole(course, column)
        if not np.isnan(value).all():
            trace = plot.line(_days(course), value.tolist(), word, colour, 2)
            trace["line"]["dash"] = dash
            traces.append(trace)
    figure = _labelled(traces, course, dark=dark)
    figure["layout"]["yaxis"]["rangemode"] = "tozero"
    if chosen is not None and chosen.last >= course.periods[0].first:
        figure["layout"]["shapes"] = [_shade(chosen, course, dark=dark)]
    return figure


def _labelled(traces: list[Figure], course: Course, *, dark: bool) -> Figure:
    """Lines with their words at their ends, over exactly the periods of the course."""
    for trace in traces:
        if sum(value is not None for value in trace["y"]) <= FEW:
            trace |= {"mode": "lines+markers", "marker": {"size": 5, "color": trace["line"]["color"]}}
    figure = plot.framed(traces, dark=dark)
    days = _days(course)
    # Few ticks, upright also on a phone.
    figure["layout"]["xaxis"] |= {"range": [days[0], days[-1]], "nticks": 5, "tickangle": 0}
    figure["layout"]["annotations"] = _end_labels(traces)
    return figure


def _shade(chosen: Period, course: Course, *, dark: bool) -> Figure:
    first, last = max(chosen.first, course.periods[0].first), min(chosen.last, course.periods[-1].first)
    ends = {"x0": min(first, last).isoformat(), "x1": last.isoformat(), "y0": 0, "y1": 1}
    style = {"fillcolor": theme.colour("line", dark=dark), "opacity": 0.5, "line": {"width": 0}, "layer": "below"}
    return {"type": "rect", "xref": "x", "yref": "paper", **ends, **style}


def _end_labels(traces: list[Figure], gap: float = 0.08) -> list[Figure]:
    """Each line's word at its end; lines that end close together are labelled apart."""
    ends = []
    for trace in traces:
        known = [at for at, value in enumerate(trace["y"]) if value is not None]
        ends.append((trace["y"][known[-1]], trace["x"][known[-1]], trace["name"], trace["line"]["color"]))
    most = max((value for trace in traces for value in trace["y"] if value is not None), default=0.0)
    labels: list[Figure] = []
    lowest = -most * gap / 2  # a word at nought stands above the days
    for value, day, name, colour in sorted(ends, key=lambda end: end[0]):
        lowest = max(value, lowest + most * gap)
        place = {"x": day, "y": lowest, "xanchor": "left", "xshift": 6, "showarrow": False}
        labels.append({**place, "text": name, "font": {"color": colour}})
    return labels


def flow_summary(course: Course) -> str:
    """What the chart of received and resolved shows, in one line."""
    came, done = (_whole(course, name) for name in (NEW, "resolved"))
    if np.isnan(came).all():
        return words.NO_DATA
    unit, last = _GRAINS[course.grain], int(np.flatnonzero(~np.isnan(came))[-1])
    resolved = "" if math.isnan(done[last]) else f", giải quyết {text.number(done[last])}"
    low, high = np.nanmin(came), np.nanmax(came)
    least = int(np.nanargmin(came))
    why = ""
    if course.working[least] < USUAL_WORKING[course.grain]:
        days = f"chỉ {course.working[least]} ngày làm việc" if course.working[least] else "toàn ngày nghỉ"
        why = f" ({_named(course.periods[least])}, {days})"
    return (
        f"Mỗi {unit} tiếp nhận từ {text.number(low)}{why} đến {text.number(high)} hồ sơ; {unit} đủ gần nhất "
        f"({_named(course.periods[last])}) tiếp nhận {text.number(came[last])}{resolved}. "
        f"Chỉ vẽ {unit} đã đủ; phần tô nền là kỳ đang xem."
    )


def flow_table(course: Course) -> Table:
    """The same as a table, newest first."""
    came, done = (_sum(course.sums[name]) for name in (NEW, "resolved"))
    rows = [
        (_named(period), _cell(came[at], whole), _cell(done[at], whole))
        for at, (period, whole) in enumerate(zip(course.periods, course.complete, strict=True))
    ]
    return Table((_GRAINS[course.grain].capitalize(), "Tiếp nhận", "Giải quyết"), rows[::-1])


def _cell(value: float, whole: bool) -> str:
    return text.number(value) if whole or math.isnan(value) else f"{text.number(value)} (chưa đủ kỳ)"


def _holidays(course: Course) -> Flags:
    """Which periods had hardly a working day: nobody could come in person, so that all was filed online."""
    return np.array(course.working) < LEAST_WORKING


def _shares(course: Course) -> dict[str, Numbers]:
    """Per channel that was told its share of what was newly received, in whole periods that were no holidays."""
    came = np.where(_holidays(course), np.nan, _whole(course, NEW))
    told = {name: _sum(course.sums[name]) for name in CHANNELS}
    whole = np.where(came > 0, came, np.nan)
    return {name: value / whole for name, value in told.items() if not np.isnan(value / whole).all()}


def _share(value: float, whole: bool, holidays: bool) -> str:
    if not whole:
        return words.INCOMPLETE
    if holidays:
        return "nghỉ lễ"
    return words.NO_DATA if math.isnan(value) else text.percent(value)


def channel_figure(course: Course, *, dark: bool) -> Figure:
    """The share of each channel a week (or month), 0 to 100 %."""
    inks = ("accent", "ink", "second-ink", "border")
    shares = sorted(_shares(course).items(), key=lambda item: -np.nansum(item[1]))
    traces = []
    for (name, value), ink in zip(shares, inks, strict=False):
        word = words.CHANNELS[name].lower()
        trace = plot.line(_days(course), (value * 100).tolist(), word, theme.colour(ink, dark=dark), 2)
        trace["hovertemplate"] = f"%{{x|%d/%m/%Y}}<br>{word}: %{{y:.1f}} %<extra></extra>"
        traces.append(trace)
    figure = _labelled(traces, course, dark=dark)
    figure["layout"]["yaxis"] |= {"range": [0, 100], "ticksuffix": " %", "nticks": 5}
    figure["layout"]["margin"]["r"] = 128
    return figure


def channel_summary(course: Course) -> str:
    """What the chart of channels shows, in one line."""
    shares = _shares(course)
    if not shares:
        return words.NO_DATA
    unit = _GRAINS[course.grain]
    rest = int((_holidays(course) & course.complete).sum())
    left_out = f" Không vẽ {rest} {unit} nghỉ lễ, vì khi ấy chỉ nộp được trực tuyến." if rest else ""
    told = []
    for name, value in shares.items():
        known = value[~np.isnan(value)]
        told.append(f"{words.CHANNELS[name].lower()} {text.percent(known[0])} → {text.percent(known[-1])}")
    return f"Từ {unit} đủ đầu tiên tới {unit} đủ gần nhất: {', '.join(told)} số hồ sơ mới tiếp nhận.{left_out}"


def channel_table(course: Course) -> Table:
    """The same as a table, newest first."""
    shares, holidays = _shares(course), _holidays(course).tolist()
    rows = [
        (_named(period), *(_share(value[at], whole, holidays[at]) for value in shares.values()))
        for at, (period, whole) in enumerate(zip(course.periods, course.complete, strict=True))
    ]
    return Table((_GRAINS[course.grain].capitalize(), *(words.CHANNELS[name] for name in shares)), rows[::-1])

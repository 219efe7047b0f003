"""Charts of one commune: what it received beside its peers' band, and how what it resolved came out, over a year."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from dashboard import text
from dashboard.indicators.course import Course, band
from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.rows import NEW
from dashboard.views import theme
from dashboard.views.dossier_words import CHANNELS
from dashboard.views.explain import NO_DATA
from dashboard.views.plot import Figure, Table, framed, line, nothing

GRAINS = {"week": "tuần", "month": "tháng"}
_CHANNELS = {name: CHANNELS[name] for name in ("received_online", "received_in_person", "received_post")}
LOW = 0.2  # of the highest: a line that ends below it ends beside the days
_OUTCOMES = {"resolved_early": "Trước hạn", "resolved_on_time": "Đúng hạn", "resolved_late": "Quá hạn"}


def _days(course: Course) -> list[str]:
    return [period.first.isoformat() for period in course.periods]


def _names(course: Course) -> list[str]:
    """The periods by their names: a week by its Monday, a month by itself."""
    if course.grain == "month":
        return [f"{period.first.month}/{period.first.year}" for period in course.periods]
    return [text.day(period.first) for period in course.periods]


def _word(value: float) -> str:
    return "–" if np.isnan(value) else text.number(value)


def _newest(values: Numbers, course: Course) -> int | None:
    """The newest whole period of which something is known."""
    known = np.flatnonzero(~np.isnan(values) & course.complete)
    return int(known[-1]) if len(known) else None


def tells_received(course: Course, at: int) -> bool:
    """Whether anything is known of what it received."""
    return not np.isnan(course.sums[NEW][at]).all()


def tells_outcomes(course: Course, at: int) -> bool:
    """Whether anything is known of how what it resolved came out."""
    return not (np.isnan(in_time(course, at)).all() and np.isnan(course.sums["resolved_late"][at]).all())


def _nothing_whole(course: Course, *, known: bool) -> str:
    """Why no period can be told: nothing is known at all, or only of one that still runs."""
    period = GRAINS[course.grain]
    return f"Chưa đủ kỳ: chưa {period} nào trọn." if known else f"{NO_DATA[:1].upper()}{NO_DATA[1:]} theo {period}."


def received_summary(course: Course, at: int, mask: Flags, peers: str) -> str:
    """`Tuần 16/11/2026: 210 hồ sơ mới; trung vị nhóm xã 137, một nửa nhóm từ 92 đến 196`."""
    own = course.sums[NEW][at]
    newest = _newest(own, course)
    if newest is None:
        return _nothing_whole(course, known=tells_received(course, at))
    low, middle, high = (text.number(value) for value in band(course.sums[NEW], mask)[:, newest])
    when = f"{GRAINS[course.grain].capitalize()} {_names(course)[newest]}"
    own_words = text.number(own[newest])
    return f"{when}: {own_words} hồ sơ mới; trung vị nhóm {peers} {middle}, một nửa nhóm từ {low} đến {high}."


def received(course: Course, at: int, mask: Flags, name: str, *, dark: bool) -> Figure:
    """New dossiers per period, the middle half of the peers behind as a band; a running period is hollow."""
    own = course.sums[NEW][at]
    if not tells_received(course, at):
        return nothing(f"Tiếp nhận: {NO_DATA}", dark=dark)
    low, middle, high = band(course.sums[NEW], mask)
    second, accent = theme.colour("second-ink", dark=dark), theme.colour("accent", dark=dark)
    days = _days(course)
    lower, upper = (line(days, edge.tolist(), "", theme.colour("line", dark=dark), 0) for edge in (low, high))
    for edge in (lower, upper):
        edge |= {"hoverinfo": "skip", "hovertemplate": None}
    upper |= {"fill": "tonexty", "fillcolor": theme.colour("line", dark=dark)}
    peers = line(days, middle.tolist(), "Trung vị nhóm", second, 1)
    peers["line"]["dash"] = "dot"
    mine = line(days, own.tolist(), name, accent, 2)
    mine |= {"mode": "lines+markers", "cliponaxis": False}
    symbols = ["circle" if whole else "circle-open" for whole in course.complete]
    sizes = [4 if whole else 8 for whole in course.complete]
    mine["marker"] = {"color": accent, "symbol": symbols, "size": sizes}
    figure = framed([lower, upper, peers, mine], dark=dark)
    _over_a_year(figure, course)
    figure["layout"]["annotations"] = _labels([("Xã này", own, accent), ("trung vị", middle, second)], days)
    return figure


def _over_a_year(figure: Figure, course: Course) -> None:
    """Time from the first period to the last, whatever is written at the ends; few ticks, counts from nought."""
    layout, half = figure["layout"], timedelta(days=5)
    ends = [course.periods[0].first - half, course.periods[-1].first + half]
    layout["xaxis"] |= {"type": "date", "range": [end.isoformat() for end in ends], "nticks": 5, "tickangle": 0}
    layout["yaxis"] |= {"rangemode": "tozero", "nticks": 5}
    layout["margin"] = {"l": 36, "r": 84, "t": 8, "b": 36}


def _labels(lines: list[tuple[str, Numbers, str]], days: list[str]) -> list[Figure]:
    """Each line's name at its end, the higher one above."""
    ends = []
    for word, values, colour in lines:
        known = np.flatnonzero(~np.isnan(values))
        if len(known):
            ends.append((float(values[known[-1]]), days[int(known[-1])], word, colour))
    ends.sort(reverse=True)
    shifts: tuple[int, ...] = (8, -8) if len(ends) > 1 else (0,)
    most = max((float(np.nanmax(values)) for _, values, _ in lines if not np.isnan(values).all()), default=0.0)
    if ends and ends[-1][0] < LOW * most:
        shifts = tuple(shift + 14 for shift in shifts)  # else its word would lie over them
    return [
        {"x": day, "y": value, "text": word, "xanchor": "left", "xshift": 6, "yshift": shift, "showarrow": False,
         "font": {"color": colour}}
        for (value, day, word, colour), shift in zip(ends, shifts, strict=True)
    ]  # fmt: skip


def received_table(course: Course, at: int, mask: Flags) -> Table:
    """Every period, newest first: received, by channel, and the peers' middle half."""
    low, middle, high = band(course.sums[NEW], mask)
    head = (
        GRAINS[course.grain].capitalize(),
        "Tiếp nhận mới",
        *_CHANNELS.values(),
        "Nhóm: trung vị",
        "Nhóm: một nửa từ–đến",
    )
    names, rows = _names(course), []
    for place in reversed(range(len(names))):
        own = [_word(course.sums[column][at, place]) for column in (NEW, *_CHANNELS)]
        spread = f"{_word(low[place])}–{_word(high[place])}"
        rows.append((names[place] + _running(course, place), *own, _word(middle[place]), spread))
    return Table(head, rows)


def _running(course: Course, place: int) -> str:
    return "" if course.complete[place] else " (chưa trọn)"


def in_time(course: Course, at: int) -> Numbers:
    """What was resolved before or on its day, per period; NaN where neither is told."""
    early, on_time = course.sums["resolved_early"][at], course.sums["resolved_on_time"][at]
    none = np.isnan(early) & np.isnan(on_time)
    return np.where(none, np.nan, np.nan_to_num(early) + np.nan_to_num(on_time))


def outcomes_summary(course: Course, at: int) -> str:
    """`Tuần 16/11/2026: 201/227 (88,5 %) đúng hạn, 26 quá hạn`."""
    kept, resolved = in_time(course, at), course.sums["resolved"][at]
    newest = _newest(np.where(np.isnan(kept), np.nan, resolved), course)
    if newest is None:
        return _nothing_whole(course, known=tells_outcomes(course, at))
    when = f"{GRAINS[course.grain].capitalize()} {_names(course)[newest]}"
    if not resolved[newest]:
        return f"{when}: không phát sinh."
    part = text.share(int(kept[newest]), of=int(resolved[newest]))
    return f"{when}: {part} hồ sơ giải quyết đúng hạn, {_word(course.sums['resolved_late'][at, newest])} quá hạn."


def outcomes(course: Course, at: int, *, dark: bool) -> Figure:
    """Resolved per period as bars: what was in time below, what was late on top of it in ink."""
    kept, late = in_time(course, at), course.sums["resolved_late"][at]
    if not tells_outcomes(course, at):
        return nothing(f"Kết quả giải quyết: {NO_DATA}", dark=dark)
    traces = [
        {
            "type": "bar",
            "x": _days(course),
            "y": [None if np.isnan(value) else value for value in values.tolist()],
            "name": word,
            "marker": {"color": theme.colour(colour, dark=dark)},
            "hovertemplate": f"%{{x|%d/%m/%Y}}<br>{word}: %{{y:,.0f}}<extra></extra>",
        }
        for values, word, colour in ((kept, "Đúng hạn", "hatch-stale"), (late, "Quá hạn", "ink"))
    ]
    figure = framed(traces, dark=dark)
    _over_a_year(figure, course)
    figure["layout"] |= {"barmode": "stack", "bargap": 0.15}
    figure["layout"]["annotations"] = [
        {"xref": "paper", "yref": "paper", "x": 1.01, "y": y, "text": f"■ {word}", "xanchor": "left",
         "showarrow": False, "font": {"color": theme.colour(colour, dark=dark)}}
        for word, colour, y in (("quá hạn", "ink", 1), ("đúng hạn", "second-ink", 0.82))
    ]  # fmt: skip
    return figure


def outcomes_table(course: Course, at: int) -> Table:
    """Every period, newest first: resolved and how it came out."""
    head = (GRAINS[course.grain].capitalize(), "Đã giải quyết", *_OUTCOMES.values())
    names = _names(course)
    return Table(
        head,
        [
            (
                names[place] + _running(course, place),
                *(_word(course.sums[column][at, place]) for column in ("resolved", *_OUTCOMES)),
            )
            for place in reversed(range(len(names)))
        ],
    )

"""Charts of one commune: what it received beside its peers' band, and how what it resolved came
out, over a year.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from dashboard import text
from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.throughput.count_rows import NEW
from dashboard.indicators.throughput.weekly_history import WeeklyHistory, compute_peer_band
from dashboard.web import theme
from dashboard.web.charts.plot import (
    ChartTable,
    PlotlyFigure,
    draw_empty_figure,
    draw_line_trace,
    format_hover_line,
    frame_figure,
    list_axis_days,
)
from dashboard.web.words.dossiers import CHANNEL_WORDS, GRAIN_NAMES, OUTCOME_WORDS
from dashboard.web.words.explain import NO_DATA

_CHANNEL_NAMES = {
    name: CHANNEL_WORDS[name] for name in ("received_online", "received_in_person", "received_post")
}
LOW_END_SHARE = 0.2  # of the highest: a line that ends below it ends beside the days
_OUTCOME_NAMES = {name: text.upper_first_letter(word) for name, word in OUTCOME_WORDS.items()}


def _list_period_names(history: WeeklyHistory) -> list[str]:
    """The periods by their names: a week by its Monday, a month by itself."""
    if history.grain == "month":
        return [f"{period.first.month}/{period.first.year}" for period in history.periods]
    return [text.format_day(period.first) for period in history.periods]


def _format_count(value: float) -> str:
    return "–" if np.isnan(value) else text.format_number(value)


def _find_newest_period(values: Numbers, history: WeeklyHistory) -> int | None:
    """The newest whole period of which something is known."""
    positions = np.flatnonzero(~np.isnan(values) & history.complete)
    return int(positions[-1]) if len(positions) else None


def has_received_history(history: WeeklyHistory, commune: int) -> bool:
    """Whether anything is known of what it received."""
    return not np.isnan(history.sums[NEW][commune]).all()


def has_outcome_history(history: WeeklyHistory, commune: int) -> bool:
    """Whether anything is known of how what it resolved came out."""
    return not (
        np.isnan(count_resolved_in_time(history, commune)).all()
        and np.isnan(history.sums["resolved_late"][commune]).all()
    )


def _explain_no_period(history: WeeklyHistory, *, reported: bool) -> str:
    """Why no period can be told: nothing is known at all, or only of one that still runs."""
    period = GRAIN_NAMES[history.grain]
    if reported:
        return f"Chưa đủ kỳ: chưa {period} nào trọn."
    return f"{text.upper_first_letter(NO_DATA)} theo {period}."


def summarise_commune_received(
    history: WeeklyHistory, commune: int, is_peer: Flags, peers: str
) -> str:
    """`Tuần 16/11/2026: 210 hồ sơ mới; trung vị nhóm xã 137, 50% nhóm nằm trong khoảng
    92–196`.
    """
    own_counts = history.sums[NEW][commune]
    newest = _find_newest_period(own_counts, history)
    if newest is None:
        return _explain_no_period(history, reported=has_received_history(history, commune))
    low, middle, high = (
        text.format_number(value)
        for value in compute_peer_band(history.sums[NEW], is_peer)[:, newest]
    )
    period_words = (
        f"{GRAIN_NAMES[history.grain].capitalize()} {_list_period_names(history)[newest]}"
    )
    own_words = text.format_number(own_counts[newest])
    return (
        f"{period_words}: {own_words} hồ sơ mới; "
        f"trung vị nhóm {peers} {middle}, 50% nhóm nằm trong khoảng {low}–{high}."
    )


def draw_commune_received(
    history: WeeklyHistory, commune: int, is_peer: Flags, name: str, *, dark: bool
) -> PlotlyFigure:
    """New dossiers per period, the middle half of the peers behind as a band; a running period is
    hollow.
    """
    own_counts = history.sums[NEW][commune]
    if not has_received_history(history, commune):
        return draw_empty_figure(f"Tiếp nhận: {NO_DATA}", dark=dark)
    low, middle, high = compute_peer_band(history.sums[NEW], is_peer)
    second_ink = theme.pick_colour("second-ink", dark=dark)
    accent = theme.pick_colour("accent", dark=dark)
    days = list_axis_days(history)
    lower, upper = (
        draw_line_trace(days, edge.tolist(), "", theme.pick_colour("line", dark=dark), 0)
        for edge in (low, high)
    )
    for edge in (lower, upper):
        edge |= {"hoverinfo": "skip", "hovertemplate": None}
    upper |= {"fill": "tonexty", "fillcolor": theme.pick_colour("line", dark=dark)}
    peers_line = draw_line_trace(days, middle.tolist(), "Trung vị nhóm", second_ink, 1)
    peers_line["line"]["dash"] = "dot"
    own_line = draw_line_trace(days, own_counts.tolist(), name, accent, 2)
    own_line |= {"mode": "lines+markers", "cliponaxis": False}
    symbols = ["circle" if complete else "circle-open" for complete in history.complete]
    sizes = [4 if complete else 8 for complete in history.complete]
    own_line["marker"] = {"color": accent, "symbol": symbols, "size": sizes}
    figure = frame_figure([lower, upper, peers_line, own_line], dark=dark)
    _set_year_axes(figure, history)
    figure["layout"]["annotations"] = _label_line_ends(
        [("Đơn vị này", own_counts, accent), ("trung vị", middle, second_ink)], days
    )
    return figure


def _set_year_axes(figure: PlotlyFigure, history: WeeklyHistory) -> None:
    """Time from the first period to the last, whatever is written at the ends; few ticks, counts
    from nought.
    """
    layout = figure["layout"]
    margin = timedelta(days=5)
    ends = [history.periods[0].first - margin, history.periods[-1].first + margin]
    layout["xaxis"] |= {
        "type": "date",
        "range": [end.isoformat() for end in ends],
        "nticks": 5,
        "tickangle": 0,
    }
    layout["yaxis"] |= {"rangemode": "tozero", "nticks": 5}
    layout["margin"] = {"l": 32, "r": 88, "t": 8, "b": 36}


def _label_line_ends(lines: list[tuple[str, Numbers, str]], days: list[str]) -> list[PlotlyFigure]:
    """Each line's name at its end, the higher one above."""
    ends = []
    for word, values, colour in lines:
        positions = np.flatnonzero(~np.isnan(values))
        if len(positions):
            ends.append((float(values[positions[-1]]), days[int(positions[-1])], word, colour))
    ends.sort(reverse=True)
    shifts: tuple[int, ...] = (8, -8) if len(ends) > 1 else (0,)
    maximum = max(
        (float(np.nanmax(values)) for _, values, _ in lines if not np.isnan(values).all()),
        default=0.0,
    )
    if ends and ends[-1][0] < LOW_END_SHARE * maximum:
        shifts = tuple(shift + 14 for shift in shifts)  # else its word would lie over them
    return [
        {
            "x": day,
            "y": value,
            "text": word,
            "xanchor": "left",
            "xshift": 6,
            "yshift": shift,
            "showarrow": False,
            "font": {"color": colour},
        }
        for (value, day, word, colour), shift in zip(ends, shifts, strict=True)
    ]


def tabulate_commune_received(history: WeeklyHistory, commune: int, is_peer: Flags) -> ChartTable:
    """Every period, newest first: received, by channel, and the peers' middle half."""
    low, middle, high = compute_peer_band(history.sums[NEW], is_peer)
    head = (
        GRAIN_NAMES[history.grain].capitalize(),
        "Tiếp nhận mới",
        *_CHANNEL_NAMES.values(),
        "Nhóm: trung vị",
        "Nhóm: 50% nằm trong khoảng",
    )
    names = _list_period_names(history)
    rows = []
    for position in reversed(range(len(names))):
        own_words = [
            _format_count(history.sums[column][commune, position])
            for column in (NEW, *_CHANNEL_NAMES)
        ]
        spread = f"{_format_count(low[position])}–{_format_count(high[position])}"
        rows.append(
            (
                names[position] + _running_remark(history, position),
                *own_words,
                _format_count(middle[position]),
                spread,
            )
        )
    return ChartTable(head, rows)


def _running_remark(history: WeeklyHistory, position: int) -> str:
    return "" if history.complete[position] else " (chưa trọn)"


def count_resolved_in_time(history: WeeklyHistory, commune: int) -> Numbers:
    """What was resolved before or on its day, per period; NaN where neither is told."""
    early = history.sums["resolved_early"][commune]
    on_time = history.sums["resolved_on_time"][commune]
    unreported = np.isnan(early) & np.isnan(on_time)
    return np.where(unreported, np.nan, np.nan_to_num(early) + np.nan_to_num(on_time))


def summarise_commune_outcomes(history: WeeklyHistory, commune: int) -> str:
    """`Tuần 16/11/2026: 201/227 (88,5%) đúng hạn, 26 quá hạn`."""
    in_time = count_resolved_in_time(history, commune)
    resolved = history.sums["resolved"][commune]
    newest = _find_newest_period(np.where(np.isnan(in_time), np.nan, resolved), history)
    if newest is None:
        return _explain_no_period(history, reported=has_outcome_history(history, commune))
    period_words = (
        f"{GRAIN_NAMES[history.grain].capitalize()} {_list_period_names(history)[newest]}"
    )
    if not resolved[newest]:
        return f"{period_words}: không phát sinh."
    share_words = text.format_share(int(in_time[newest]), of=int(resolved[newest]))
    late_words = _format_count(history.sums["resolved_late"][commune, newest])
    return f"{period_words}: {share_words} hồ sơ giải quyết đúng hạn, {late_words} quá hạn."


def draw_commune_outcomes(history: WeeklyHistory, commune: int, *, dark: bool) -> PlotlyFigure:
    """Resolved per period as bars: what was in time below, what was late on top of it in ink."""
    in_time = count_resolved_in_time(history, commune)
    late = history.sums["resolved_late"][commune]
    if not has_outcome_history(history, commune):
        return draw_empty_figure(f"Kết quả giải quyết: {NO_DATA}", dark=dark)
    traces = [
        {
            "type": "bar",
            "x": list_axis_days(history),
            "y": [None if np.isnan(value) else value for value in values.tolist()],
            "name": word,
            "marker": {"color": theme.pick_colour(colour, dark=dark)},
            "hovertemplate": format_hover_line(word),
        }
        for values, word, colour in ((in_time, "Đúng hạn", "hatch-stale"), (late, "Quá hạn", "ink"))
    ]
    figure = frame_figure(traces, dark=dark)
    _set_year_axes(figure, history)
    figure["layout"] |= {"barmode": "stack", "bargap": 0.15}
    figure["layout"]["annotations"] = [
        {
            "xref": "paper",
            "yref": "paper",
            "x": 1.01,
            "y": 1,
            "yanchor": "middle",
            "yshift": shift,
            "text": f"■ {word}",
            "xanchor": "left",
            "showarrow": False,
            "font": {"color": theme.pick_colour(colour, dark=dark)},
        }
        # a line apart, however low the drawing is
        for word, colour, shift in (("quá hạn", "ink", 0), ("đúng hạn", "second-ink", -16))
    ]
    return figure


def tabulate_commune_outcomes(history: WeeklyHistory, commune: int) -> ChartTable:
    """Every period, newest first: resolved and how it came out."""
    head = (
        GRAIN_NAMES[history.grain].capitalize(),
        "Đã giải quyết",
        *_OUTCOME_NAMES.values(),
    )
    names = _list_period_names(history)
    return ChartTable(
        head,
        [
            (
                names[position] + _running_remark(history, position),
                *(
                    _format_count(history.sums[column][commune, position])
                    for column in ("resolved", *_OUTCOME_NAMES)
                ),
            )
            for position in reversed(range(len(names)))
        ],
    )

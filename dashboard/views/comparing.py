"""Communes side by side: levels, criteria, dossiers, places; beside them their past, their peers or the province."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from dashboard import text
from dashboard.indicators import levels, peer_criteria
from dashboard.indicators.levels import Flags
from dashboard.indicators.peer_criteria import PeerCriterion
from dashboard.indicators.readiness import Judged
from dashboard.indicators.report import Report
from dashboard.views import commune_dossiers, comparing_dossiers, explain, sparkline, theme
from dashboard.views.explain import DIMENSIONS, NO_DATA
from dashboard.views.one_commune import WORDS, One
from dashboard.views.side_by_side import EMPTY, Cell, Figure, beside, cell, peers_of, row

MOST = 6


def headline(ones: Sequence[One]) -> str:
    """`3 xã: 1 Xanh, 2 Đỏ`; of one alone whom it is compared with."""
    if not ones:
        return "So sánh các xã"
    if len(ones) == 1:
        return f"{ones[0].name} so với nhóm {commune_dossiers.peers(ones[0])} và với chính mình trước đó"
    found = [one.level for one in ones]
    counts = ", ".join(f"{found.count(name)} {state.word}" for name, state in theme.LEVELS.items() if name in found)
    return f"{len(ones)} xã cạnh nhau: {counts}"


def sections(ones: Sequence[One], today: date) -> list[dict[str, Any]]:
    """The whole table: sections of rows, each with one cell a commune and one for each of `columns`; `today` is the
    clock's day."""
    report = ones[0].report
    return [
        {"title": "Mức sẵn sàng", "rows": _levels(ones, report)},
        *_criteria(ones, report),
        comparing_dossiers.section(ones, today),
    ]


def _levels(ones: Sequence[One], report: Report) -> list[dict[str, Any]]:
    group, every = peers_of(ones), np.ones(len(report.codes), dtype=np.bool_)

    def green(mask: Flags | None) -> Cell:
        if mask is None:
            return EMPTY
        level = report.readiness.overall[mask, 0]
        count = int((level == levels.GREEN).sum())
        return cell(f"{text.share(count, of=len(level))} xanh", figure=Figure(count, len(level), "xã xanh"))

    past = EMPTY
    if len(ones) == 1:
        past = _level_cell(report.month_changes.overall_before[ones[0].at], "30 ngày trước")
    now = [_level_cell(report.readiness.overall[one.at, 0]) for one in ones]
    return [
        row("overall", "Mức", [*now, *beside(ones, past, green(group), green(every))]),
        row("year", "12 tháng qua", [*(_year(one) for one in ones), *beside(ones, EMPTY, EMPTY, EMPTY)]),
    ]


def _level_cell(level: int, note: str = "") -> Cell:
    name = levels.NAMES[level]
    return cell(theme.LEVELS[name].word, name, note)


def _year(one: One) -> Cell:
    past = one.report.past
    days = [text.day(day) for day in past.days.tolist()]
    words = sparkline.run_words(past.overall[one.at], days, WORDS)
    return cell("", drawing=sparkline.strip(past.overall[one.at], f"{one.name}: {words}"))


def _criteria(ones: Sequence[One], report: Report) -> list[dict[str, Any]]:
    group, every = peers_of(ones), np.ones(len(report.codes), dtype=np.bool_)
    peers = {} if group is None else peer_criteria.peer_criteria(report.readiness, group)
    whole = peer_criteria.peer_criteria(report.readiness, every)
    within: dict[str, list[dict[str, Any]]] = {}
    for judged in report.readiness.judged:
        code = judged.criterion.code
        others = beside(ones, _past(ones[0], judged), _peer(judged, peers.get(code)), _peer(judged, whole[code]))
        own = [_criterion(judged, one.at) for one in ones]
        within.setdefault(judged.criterion.dimension, []).append(row(code, judged.criterion.brief, [*own, *others]))
    return [{"title": DIMENSIONS[dimension], "rows": rows} for dimension, rows in within.items()]


def _criterion(judged: Judged, at: int) -> Cell:
    tick = " ✓" if judged.verified[at, 0] else ""
    note = "⚡ Khác kiểm tra" if judged.contradicted[at, 0] else ""
    if judged.criterion.kind == "ratio":
        figure = Figure(judged.part[at, 0], judged.whole[at, 0], explain.unit(judged.criterion))
    else:
        figure = _measured(judged, judged.value[at, 0])
    return cell(explain.value_text(judged, at) + tick, levels.NAMES[judged.level[at, 0]], note, figure=figure)


def _measured(judged: Judged, value: float) -> Figure:
    """A value alone; of a ratio in per cent."""
    if judged.criterion.kind == "ratio":
        return Figure(value=100 * value, unit="%")
    return Figure(value=value, unit=explain.unit(judged.criterion))


def _past(one: One, judged: Judged) -> Cell:
    """Thirty days ago; a criterion that was not in force then has no cell."""
    found = one.report.month_changes
    place = found.criteria.index(judged.criterion.code)
    level = found.before[place, one.at]
    if level < 0:
        return cell("chưa áp dụng")
    value = found.value_before[place, one.at]
    words = NO_DATA if math.isnan(value) else explain.value_text(judged, one.at, value)
    return cell(words, levels.NAMES[level], figure=_measured(judged, value))


def _peer(judged: Judged, found: PeerCriterion | None) -> Cell:
    """How many of them are green, and what lies in their middle."""
    if found is None or not found.known:
        return cell(NO_DATA)
    green = f"{text.number(found.green)}/{text.number(found.communes)} xanh"
    counted = Figure(found.green, found.communes, "xã xanh")
    if judged.criterion.kind == "flag":
        return cell(green, figure=counted)
    median = _measured(judged, found.median)
    share = judged.criterion.kind == "ratio"
    middle = text.percent(found.median) if share else f"{explain.amount(found.median)} {judged.criterion.unit}".strip()
    figure = replace(counted, value=median.value, unit=f"{median.unit} (trung vị)")
    return cell(green, note=f"trung vị {middle}", figure=figure)

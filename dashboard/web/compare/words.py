"""Communes side by side: levels, criteria, dossiers, places; beside them their past, their peers or
the province.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import nan
from typing import Any, TypeVar

import numpy as np

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.levels import Flags
from dashboard.indicators.readiness import peer_criteria
from dashboard.indicators.readiness.assessment import CriterionAssessment
from dashboard.indicators.readiness.peer_criteria import PeerCriterion
from dashboard.indicators.report import Report
from dashboard.indicators.throughput import rates
from dashboard.indicators.throughput.count_rows import NEW
from dashboard.indicators.throughput.rates import RATES
from dashboard.web import theme
from dashboard.web.charts import sparkline
from dashboard.web.words import explain, headline
from dashboard.web.words.commune import (
    LEVEL_WORDS,
    ReportCommune,
    format_count_rank,
    name_commune_peers,
    tell_rank,
)
from dashboard.web.words.dossiers import (
    COUNT_WORDS,
    GRAIN_NAMES,
    INCOMPLETE,
    STATE_WORDS,
    format_dossier_share,
    format_points,
)
from dashboard.web.words.explain import DIMENSIONS, NO_DATA
from dashboard.web.words.period_names import name_period

# What a table of communes side by side is made of: cells, rows, and what stands beside the
# communes.

ComparisonCell = dict[str, Any]


@dataclass(frozen=True)
class CellFigure:
    """What a cell's words say, as numbers that can be computed with: `numerator` of `denominator`
    things, counted in `counted_unit`; a plain `value` in its `unit`. NaN where there is no such
    number."""

    numerator: float = nan
    denominator: float = nan
    counted_unit: str = ""
    value: float = nan
    unit: str = ""


_NO_FIGURE = CellFigure()


def make_comparison_cell(
    words: str, level: str = "", note: str = "", drawing: Any = "", figure: CellFigure = _NO_FIGURE
) -> ComparisonCell:
    """One figure: its words, the level's sign before them, a quiet note or a small trend after
    them.
    """
    return {"words": words, "level": level, "note": note, "drawing": drawing, "figure": figure}


EMPTY_CELL = make_comparison_cell("")


def make_comparison_row(code: str, name: str, cells: Sequence[ComparisonCell]) -> dict[str, Any]:
    """One figure of all that stand side by side."""
    return {"code": code, "name": name, "cells": list(cells)}


def find_common_peers(communes: Sequence[ReportCommune]) -> Flags | None:
    """The peers of all of them; None where they have different ones."""
    groups = communes[0].report.dossiers.of_period.groups
    groups_of_communes = {groups[commune.position] for commune in communes}
    return None if len(groups_of_communes) > 1 else np.asarray(groups == groups_of_communes.pop())


Comparator = TypeVar("Comparator")


def arrange_comparators(
    communes: Sequence[ReportCommune],
    before: Comparator,
    peer_group: Comparator,
    province: Comparator,
) -> list[Comparator]:
    """What stands beside the communes: of one alone its past; their peers where all are alike; the
    province.
    """
    own_before = [before] if len(communes) == 1 else []
    return [
        *own_before,
        *([peer_group] if find_common_peers(communes) is not None else []),
        province,
    ]


def list_comparator_heads(communes: Sequence[ReportCommune]) -> list[str]:
    """The heads of what stands beside the communes."""
    return arrange_comparators(
        communes, "Trước đó", f"Nhóm {name_commune_peers(communes[0])}", "Cả tỉnh"
    )


# Dossiers of communes side by side: counts, twelve months, every rate with its place.

_COUNTS_COMPARED = ("received", "resolved", "open", "open_overdue")


def describe_dossier_section(communes: Sequence[ReportCommune], today: date) -> dict[str, Any]:
    """The rows of dossiers under the name of their period and how far they reach; `today` is the
    clock's day.
    """
    report = communes[0].report
    return {
        "title": name_dossier_section(report, today),
        "rows": [*_count_rows(communes, report), *_rate_rows(communes, report)],
    }


def name_dossier_section(report: Report, today: date) -> str:
    """`Hồ sơ tháng 11/2026 (đến 21/11)`: the period and how far its figures reach."""
    period = report.dossiers.of_period.period
    period_figures = report.dossiers.of_period.period_figures
    title = "Hồ sơ" if period is None else f"Hồ sơ {name_period(period)}"
    if period_figures is None:
        return title
    return f"{title} {headline.tell_reach(period_figures, today, report.today)}"


def _count_rows(communes: Sequence[ReportCommune], report: Report) -> list[dict[str, Any]]:
    period_figures = report.dossiers.of_period.period_figures
    group = find_common_peers(communes)
    if period_figures is None:
        no_data_cells = [
            make_comparison_cell(NO_DATA) for _ in [*communes, *list_comparator_heads(communes)]
        ]
        return [make_comparison_row("received", "Tiếp nhận", no_data_cells)]
    before = (
        None
        if report.dossiers.of_period.totals_before() is None
        else report.dossiers.of_period.before
    )
    rows = []
    for name in _COUNTS_COMPARED:
        own = [
            _count_cell(
                period_figures.sums.at[commune.code, name], _count_rank(report, name, commune)
            )
            for commune in communes
        ]
        cell_before = (
            make_comparison_cell(INCOMPLETE)
            if before is None
            else _count_cell(before.sums.at[communes[0].code, name])
        )
        median = (
            math.nan
            if group is None
            else peer_criteria.find_middle_value(period_figures.sums[name].to_numpy()[group])
        )
        middle = CellFigure(value=median, unit="hồ sơ (trung vị)")
        peers = make_comparison_cell(
            NO_DATA if math.isnan(median) else f"trung vị {text.format_number(median)}",
            figure=middle,
        )
        rows.append(
            make_comparison_row(
                name,
                COUNT_WORDS[name],
                [
                    *own,
                    *arrange_comparators(
                        communes, cell_before, peers, _count_cell(period_figures.totals()[name])
                    ),
                ],
            )
        )
    trend = [make_comparison_cell("", drawing=_draw_weeks(commune)) for commune in communes]
    rows.append(
        make_comparison_row(
            "weeks",
            "Tiếp nhận 12 tháng",
            [*trend, *arrange_comparators(communes, EMPTY_CELL, EMPTY_CELL, EMPTY_CELL)],
        )
    )
    return rows


def _count_cell(value: float, note: str = "") -> ComparisonCell:
    return make_comparison_cell(
        text.format_number(value), note=note, figure=CellFigure(value=value, unit="hồ sơ")
    )


def _count_rank(report: Report, name: str, commune: ReportCommune) -> str:
    """Its plain place, of the counts that newspapers rank by; "" where it told none."""
    table = report.dossiers.of_period.count_ranks.get(name)
    if table is None or math.isnan(table.at[commune.code, "place"]):
        return ""
    return f"xếp thứ {format_count_rank(table.loc[commune.code])}"


def _draw_weeks(commune: ReportCommune) -> Any:
    values = commune.report.dossiers.weekly_history.sums[NEW][commune.position]
    grain = GRAIN_NAMES[commune.report.dossiers.weekly_history.grain]
    numbers = values[~np.isnan(values)]
    if not len(numbers):
        return sparkline.draw_sparkline(values, f"{commune.name}: tiếp nhận mỗi {grain} {NO_DATA}")
    ends = f"từ {text.format_number(numbers.min())} đến {text.format_number(numbers.max())}"
    return sparkline.draw_sparkline(values, f"{commune.name}: tiếp nhận mỗi {grain} {ends}")


def _rate_rows(communes: Sequence[ReportCommune], report: Report) -> list[dict[str, Any]]:
    dossiers = report.dossiers.of_period
    rows = []
    for code, rate in RATES.items():
        rated = dossiers.rates[code]
        ranked = dossiers.ranks[code]
        own = [
            _rate_cell(
                rated,
                commune.position,
                tell_rank(ranked.loc[commune.code], name_commune_peers(commune)),
            )
            for commune in communes
        ]
        total = dossiers.total(code)
        figures = dossiers.peers[code].loc[dossiers.groups[communes[0].position]]
        middle = (
            NO_DATA
            if math.isnan(figures["median"])
            else f"trung vị {text.format_percent(figures['median'])}"
        )
        peers = make_comparison_cell(
            middle, figure=CellFigure(value=100 * figures["median"], unit="% (trung vị)")
        )
        province = _share_cell(total.numerator, total.denominator, total.state)
        rows.append(
            make_comparison_row(
                code,
                rate.name,
                [
                    *own,
                    *arrange_comparators(
                        communes, _cell_before(communes[0], code), peers, province
                    ),
                ],
            )
        )
    return rows


def _rate_cell(rated: rates.RateFigures, position: int, note: str) -> ComparisonCell:
    return _share_cell(
        rated.numerator[position], rated.denominator[position], rated.state[position], note
    )


def _share_cell(numerator: float, denominator: float, state: int, note: str = "") -> ComparisonCell:
    """Where there is no share, the words say why, and no number does."""
    figure = CellFigure() if state in STATE_WORDS else CellFigure(numerator, denominator, "hồ sơ")
    return make_comparison_cell(
        format_dossier_share(numerator, denominator, state), note=note, figure=figure
    )


def _cell_before(commune: ReportCommune, code: str) -> ComparisonCell:
    """The same in the period before, and what was gained since; "chưa đủ kỳ" where that cannot be
    said.
    """
    dossiers = commune.report.dossiers.of_period
    change = dossiers.changes[code]
    gain = format_points(change.difference[commune.position], change.state[commune.position])
    if dossiers.before is None or change.state[commune.position] == rates.INCOMPLETE:
        return make_comparison_cell(gain)
    return _rate_cell(rates.compute_rate(dossiers.before, code), commune.position, f"nay {gain}")


MOST_COMMUNES = 6


def tell_comparison_headline(communes: Sequence[ReportCommune]) -> str:
    """`So sánh 3 đơn vị: 1 mức Xanh, 2 mức Đỏ`; `So sánh 2 đơn vị: cả hai mức
    Xanh`; of one alone whom it is compared with.
    """
    if not communes:
        return "So sánh các đơn vị"
    if len(communes) == 1:
        peers = name_commune_peers(communes[0])
        return f"{communes[0].name} so với nhóm {peers} và với chính mình trước đó"
    level_names = [commune.level for commune in communes]
    if len(set(level_names)) == 1:
        both = "cả hai" if len(communes) == 2 else "tất cả"
        return f"So sánh {len(communes)} đơn vị: {both} {_level_phrase(level_names[0])}"
    counts = ", ".join(
        f"{level_names.count(name)} {_level_phrase(name)}"
        for name in theme.LEVELS
        if name in level_names
    )
    return f"So sánh {len(communes)} đơn vị: {counts}"


def _level_phrase(name: str) -> str:
    """`mức Xanh`; what says that no level is known stands for itself: `chưa báo cáo`."""
    word = theme.LEVELS[name].word
    return text.lower_first_letter(word) if name in ("unknown", "stale") else f"mức {word}"


def list_comparison_sections(
    communes: Sequence[ReportCommune], today: date
) -> list[dict[str, Any]]:
    """The whole table: sections of rows, each with one cell a commune and one for each of
    `columns`; `today` is the clock's day."""
    report = communes[0].report
    return [
        {"title": "Mức sẵn sàng", "rows": _level_rows(communes, report)},
        *_criterion_sections(communes, report),
        describe_dossier_section(communes, today),
    ]


_NOT_KNOWN = {"", "unknown", "stale"}


def put_differences_first(sections: list[dict[str, Any]], communes: int) -> list[dict[str, Any]]:
    """The same rows for who compares: first those in which the communes have different levels (who
    is not known differs from nobody), last those in which all say the same. Of one commune the
    sections as they are.
    """
    if communes < 2:
        return sections
    differing: list[dict[str, Any]] = []
    alike: list[dict[str, Any]] = []
    others = []
    for section in sections:
        rest = []
        for row in section["rows"]:
            own_cells = row["cells"][:communes]
            known_levels = {cell["level"] for cell in own_cells} - _NOT_KNOWN
            if len(known_levels) > 1:
                differing.append(row)
            elif row["code"] != "year" and len({cell["words"] for cell in own_cells}) == 1:
                alike.append(row)
            else:
                rest.append(row)
        if rest:
            others.append({**section, "rows": rest})
    first = {"title": f"Khác mức: {len(differing)} chỉ tiêu", "rows": differing}
    last = {"title": f"Như nhau: {len(alike)} chỉ tiêu", "rows": alike}
    return [section for section in (first, *others, last) if section["rows"]]


def _level_rows(communes: Sequence[ReportCommune], report: Report) -> list[dict[str, Any]]:
    group = find_common_peers(communes)
    every = np.ones(len(report.codes), dtype=np.bool_)

    def green(mask: Flags | None) -> ComparisonCell:
        if mask is None:
            return EMPTY_CELL
        level = report.readiness.assessment.overall[mask, 0]
        count = int((level == levels.GREEN).sum())
        return make_comparison_cell(
            f"{text.format_share(count, of=len(level))} xanh",
            figure=CellFigure(count, len(level), "đơn vị đạt mức Xanh"),
        )

    month_ago = EMPTY_CELL
    if len(communes) == 1:
        month_ago = _level_cell(
            report.readiness.month_changes.overall_before[communes[0].position], "30 ngày trước"
        )
    now = [
        _level_cell(report.readiness.assessment.overall[commune.position, 0])
        for commune in communes
    ]
    return [
        make_comparison_row(
            "overall",
            "Mức",
            [*now, *arrange_comparators(communes, month_ago, green(group), green(every))],
        ),
        make_comparison_row(
            "year",
            "12 tháng qua",
            [
                *(_year_cell(commune) for commune in communes),
                *arrange_comparators(communes, EMPTY_CELL, EMPTY_CELL, EMPTY_CELL),
            ],
        ),
    ]


def _level_cell(level: int, note: str = "") -> ComparisonCell:
    name = levels.LEVEL_NAMES[level]
    return make_comparison_cell(theme.LEVELS[name].word, name, note)


def _year_cell(commune: ReportCommune) -> ComparisonCell:
    year_history = commune.report.readiness.year_history
    days = [text.format_day(day) for day in year_history.days.tolist()]
    words = sparkline.tell_level_runs(year_history.overall[commune.position], days, LEVEL_WORDS)
    return make_comparison_cell(
        "",
        drawing=sparkline.draw_level_strip(
            year_history.overall[commune.position], f"{commune.name}: {words}"
        ),
    )


def _criterion_sections(communes: Sequence[ReportCommune], report: Report) -> list[dict[str, Any]]:
    group = find_common_peers(communes)
    every = np.ones(len(report.codes), dtype=np.bool_)
    peers = (
        {}
        if group is None
        else peer_criteria.compare_peer_criteria(report.readiness.assessment, group)
    )
    province = peer_criteria.compare_peer_criteria(report.readiness.assessment, every)
    rows_by_dimension: dict[str, list[dict[str, Any]]] = {}
    for judged in report.readiness.assessment.assessments:
        code = judged.criterion.code
        others = arrange_comparators(
            communes,
            _past_cell(communes[0], judged),
            describe_peer_criterion(judged, peers.get(code)),
            describe_peer_criterion(judged, province[code]),
        )
        own = [_criterion_cell(judged, commune.position) for commune in communes]
        rows_by_dimension.setdefault(judged.criterion.dimension, []).append(
            make_comparison_row(code, judged.criterion.short_name, [*own, *others])
        )
    return [
        {"title": DIMENSIONS[dimension], "rows": rows}
        for dimension, rows in rows_by_dimension.items()
    ]


def _criterion_cell(judged: CriterionAssessment, position: int) -> ComparisonCell:
    tick = " ✓" if judged.verified[position, 0] else ""
    note = "⚡ Khác kiểm tra" if judged.contradicted[position, 0] else ""
    if judged.criterion.kind == "ratio":
        figure = CellFigure(
            judged.numerator[position, 0],
            judged.denominator[position, 0],
            explain.name_criterion_unit(judged.criterion),
        )
    else:
        figure = _value_figure(judged, judged.value[position, 0])
    return make_comparison_cell(
        explain.format_criterion_value(judged, position) + tick,
        levels.LEVEL_NAMES[judged.level[position, 0]],
        note,
        figure=figure,
    )


def _value_figure(judged: CriterionAssessment, value: float) -> CellFigure:
    """A value alone; of a ratio in per cent."""
    if judged.criterion.kind == "ratio":
        return CellFigure(value=100 * value, unit="%")
    return CellFigure(value=value, unit=explain.name_criterion_unit(judged.criterion))


def _past_cell(commune: ReportCommune, judged: CriterionAssessment) -> ComparisonCell:
    """Thirty days ago; a criterion that was not in force then has no cell."""
    changes = commune.report.readiness.month_changes
    criterion_index = changes.criteria.index(judged.criterion.code)
    level = changes.before[criterion_index, commune.position]
    if level < 0:
        return make_comparison_cell("chưa áp dụng")
    value = changes.value_before[criterion_index, commune.position]
    words = (
        NO_DATA
        if math.isnan(value)
        else explain.format_criterion_value(judged, commune.position, value)
    )
    return make_comparison_cell(
        words, levels.LEVEL_NAMES[level], figure=_value_figure(judged, value)
    )


def describe_peer_criterion(
    judged: CriterionAssessment, peers: PeerCriterion | None
) -> ComparisonCell:
    """How many of them are green, and what lies in their middle."""
    if peers is None or not peers.in_date:
        return make_comparison_cell(NO_DATA)
    green = f"{text.format_part(peers.green, peers.communes)} xanh"
    green_figure = CellFigure(peers.green, peers.communes, "đơn vị đạt mức Xanh")
    if judged.criterion.kind == "flag":
        return make_comparison_cell(green, figure=green_figure)
    median = _value_figure(judged, peers.median)
    is_ratio = judged.criterion.kind == "ratio"
    middle = (
        text.format_percent(peers.median)
        if is_ratio
        else f"{explain.format_amount(peers.median)} {judged.criterion.unit}".strip()
    )
    figure = replace(green_figure, value=median.value, unit=f"{median.unit} (trung vị)")
    return make_comparison_cell(green, note=f"trung vị {middle}", figure=figure)

"""Communes side by side: levels, criteria, dossiers, places; beside them their past, their peers or
the province.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.levels import Flags
from dashboard.indicators.readiness import peer_criteria
from dashboard.indicators.readiness.assessment import CriterionAssessment
from dashboard.indicators.readiness.peer_criteria import PeerCriterion
from dashboard.indicators.report import Report
from dashboard.web import theme
from dashboard.web.charts import sparkline
from dashboard.web.compare.cells import (
    EMPTY_CELL,
    CellFigure,
    ComparisonCell,
    arrange_comparators,
    find_common_peers,
    make_comparison_cell,
    make_comparison_row,
)
from dashboard.web.compare.dossiers import describe_dossier_section
from dashboard.web.words import explain
from dashboard.web.words.commune import LEVEL_WORDS, ReportCommune, name_commune_peers
from dashboard.web.words.explain import DIMENSIONS, NO_DATA

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
    peers = {}
    if group is not None:
        peers = peer_criteria.compare_peer_criteria(report.readiness.assessment, group)
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
    if math.isnan(value):
        words = NO_DATA
    else:
        words = explain.format_criterion_value(judged, commune.position, value)
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
    if is_ratio:
        middle = text.format_percent(peers.median)
    else:
        middle = f"{explain.format_amount(peers.median)} {judged.criterion.unit}".strip()
    figure = replace(green_figure, value=median.value, unit=f"{median.unit} (trung vị)")
    return make_comparison_cell(green, note=f"trung vị {middle}", figure=figure)

"""/so-sanh by parts of a province: former provinces, mountains against lowland, any areas side by
side; each figure is of all communes of its area together, with the time before in a note.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from dashboard import text
from dashboard.areas import FORMER_DISTRICT, Area, list_areas_of_province
from dashboard.indicators import levels
from dashboard.indicators.levels import Flags, Levels
from dashboard.indicators.readiness import peer_criteria
from dashboard.indicators.report import Report
from dashboard.indicators.throughput import rates
from dashboard.indicators.throughput.rates import RATES
from dashboard.web import theme
from dashboard.web.compare.cells import (
    CellFigure,
    ComparisonCell,
    make_comparison_cell,
    make_comparison_row,
)
from dashboard.web.compare.dossiers import name_dossier_section
from dashboard.web.compare.words import describe_peer_criterion
from dashboard.web.documents.misread import LONGEST_WORD
from dashboard.web.words.dossiers import COUNT_WORDS, format_dossier_share, format_points
from dashboard.web.words.explain import DIMENSIONS, NO_DATA

MOST_AREAS: Final = 6
_REST_WORD: Final = "Các đơn vị còn lại"
_COUNTS_OF_AREAS: Final = ("received", "resolved", "open", "open_overdue")


@dataclass(frozen=True, eq=False)
class AreaColumn:
    """One column of the table: an area, all others of the province, or the whole province;
    `inside` in the order of the report's codes.
    """

    name: str
    inside: Flags
    source: str = ""


def list_preset_areas(province: str) -> list[tuple[Area, ...]]:
    """What stands beside each other by one click: the former provinces, then each kind of land
    against the others.
    """
    areas = [area for area in list_areas_of_province(province) if area.kind != FORMER_DISTRICT]
    former_provinces = tuple(area for area in areas if area.kind == "former_province")
    lands = [(area,) for area in areas if area.kind == "land"]
    return [former_provinces, *lands] if len(former_provinces) > 1 else [*lands]


def select_areas(province: str, written: Sequence[str]) -> list[Area]:
    """The areas of an address, each once, in its order; junk is left out."""
    areas = {area.code: area for area in list_areas_of_province(province)}
    return [areas[code] for code in _split_codes(written) if code in areas][:MOST_AREAS]


def list_misread_areas(province: str, written: Sequence[str]) -> list[str]:
    """A sentence on areas that the province does not have, and one where there are too many."""
    known = {area.code for area in list_areas_of_province(province)}
    codes = _split_codes(written)
    sentences = []
    if junk := [code for code in codes if code not in known]:
        shown = ", ".join(code[:LONGEST_WORD] for code in junk[:MOST_AREAS])
        sentences.append(f"Không có khu vực {shown} trong tỉnh này")
    if len(codes) - len(junk) > MOST_AREAS:
        sentences.append(f"Chỉ so sánh được {MOST_AREAS} khu vực; các khu vực sau không hiện")
    return sentences


def _split_codes(written: Sequence[str]) -> list[str]:
    """Each code once: `area=a,b` and `area=a&area=b` are the same."""
    parts = (part.strip() for part in ",".join(written).split(","))
    return list(dict.fromkeys(part for part in parts if part))


def name_area_preset(areas: Sequence[Area]) -> str:
    """`Quảng Ngãi (cũ) và Kon Tum (cũ)`; an area alone stands against all others."""
    if len(areas) == 1:
        return f"{areas[0].name} và {text.lower_first_letter(areas[0].opposite or _REST_WORD)}"
    *first, last = [area.name for area in areas]
    return f"{', '.join(first)} và {last}"


def list_area_columns(report: Report, areas: Sequence[Area]) -> list[AreaColumn]:
    """The areas, of one alone the others of the province beside it, then the whole province."""
    codes = np.array(report.codes)
    columns = [
        AreaColumn(area.name, np.isin(codes, list(area.communes)), area.source) for area in areas
    ]
    if len(areas) == 1:
        rest = areas[0].opposite or _REST_WORD
        columns.append(AreaColumn(rest, ~columns[0].inside))
    return [*columns, AreaColumn("Cả tỉnh, cấp xã", np.ones(len(codes), dtype=np.bool_))]


def list_area_sections(
    report: Report, columns: Sequence[AreaColumn], today: date
) -> list[dict[str, Any]]:
    """The whole table: sections of rows with one cell a column; `today` is the clock's day."""
    return [
        {"title": "Mức sẵn sàng", "rows": _level_rows(report, columns)},
        *_criterion_sections(report, columns),
        {"title": name_dossier_section(report, today), "rows": _dossier_rows(report, columns)},
    ]


def _level_rows(report: Report, columns: Sequence[AreaColumn]) -> list[dict[str, Any]]:
    overall = report.readiness.assessment.overall[:, 0]
    before = report.readiness.month_changes.overall_before
    rows = [
        make_comparison_row(
            f"level-{name}",
            theme.LEVELS[name].word,
            [
                _level_cell(overall[column.inside], before[column.inside], level)
                for column in columns
            ],
        )
        for level, name in enumerate(levels.LEVEL_NAMES)
    ]
    best_first = (levels.GREEN, levels.YELLOW, levels.RED, levels.STALE, levels.UNKNOWN)
    return [rows[level] for level in best_first]


def _level_cell(now: Levels, before: Levels, level: int) -> ComparisonCell:
    """How many are at the level; no colour is counted where none is known."""
    counts = [int((overall == level).sum()) for overall in (now, before)]
    told = [
        level >= levels.STALE or bool((overall < levels.STALE).any()) for overall in (now, before)
    ]
    count_before = text.format_number(counts[1]) if told[1] else NO_DATA
    return make_comparison_cell(
        text.format_share(counts[0], of=len(now)) if told[0] else NO_DATA,
        note=f"30 ngày trước: {count_before}",
        figure=CellFigure(counts[0], len(now), "đơn vị") if told[0] else CellFigure(),
    )


def _criterion_sections(report: Report, columns: Sequence[AreaColumn]) -> list[dict[str, Any]]:
    compared = [
        peer_criteria.compare_peer_criteria(report.readiness.assessment, column.inside)
        for column in columns
    ]
    rows_by_dimension: dict[str, list[dict[str, Any]]] = {}
    for judged in report.readiness.assessment.assessments:
        code = judged.criterion.code
        cells = [describe_peer_criterion(judged, by_code[code]) for by_code in compared]
        row = make_comparison_row(code, judged.criterion.short_name, cells)
        rows_by_dimension.setdefault(judged.criterion.dimension, []).append(row)
    return [
        {"title": DIMENSIONS[dimension], "rows": rows}
        for dimension, rows in rows_by_dimension.items()
    ]


def _dossier_rows(report: Report, columns: Sequence[AreaColumn]) -> list[dict[str, Any]]:
    if report.dossiers.of_period.period_figures is None:
        nothing = [make_comparison_cell(NO_DATA) for _ in columns]
        return [make_comparison_row("received", COUNT_WORDS["received"], nothing)]
    counts = [
        make_comparison_row(
            name, COUNT_WORDS[name], [_count_cell(report, column, name) for column in columns]
        )
        for name in _COUNTS_OF_AREAS
    ]
    shares = [
        make_comparison_row(
            code, rate.name, [_rate_cell(report, column, code) for column in columns]
        )
        for code, rate in RATES.items()
    ]
    return [*counts, *shares]


def _count_cell(report: Report, column: AreaColumn, name: str) -> ComparisonCell:
    """The sum over those that told it; how many did not is said and never counted as nought."""
    assert report.dossiers.of_period.period_figures is not None, "asked only where a source answers"
    values = report.dossiers.of_period.period_figures.sums[name].to_numpy()[column.inside]
    told = values[~np.isnan(values)]
    if not len(told):
        return make_comparison_cell(NO_DATA)
    total = float(told.sum())
    reach = "" if len(told) == len(values) else text.format_part(len(told), len(values))
    return make_comparison_cell(
        text.format_number(total),
        note=f"của {reach} đơn vị" if reach else "",
        figure=CellFigure(value=total, unit="hồ sơ"),
    )


def _rate_cell(report: Report, column: AreaColumn, code: str) -> ComparisonCell:
    pooled = rates.pool_rates(report.dossiers.of_period.rates[code], column.inside)
    figure = CellFigure()
    if pooled.state == rates.KNOWN:
        figure = CellFigure(pooled.numerator, pooled.denominator, "hồ sơ")
    gain = report.dossiers.of_period.gain(code, column.inside)
    return make_comparison_cell(
        format_dossier_share(pooled.numerator, pooled.denominator, pooled.state),
        note="" if math.isnan(gain) else f"so kỳ trước {format_points(gain)}",
        figure=figure,
    )

"""The table of `/` to take along: the communes that it shows, in its order.

Levels in words; counts and shares each in a column of its own, to compute with.
"""

from __future__ import annotations

from datetime import date, timedelta
from math import isnan

import numpy as np

from dashboard import names
from dashboard.indicators import levels
from dashboard.indicators.levels import Levels, Numbers
from dashboard.indicators.readiness.assessment import CriterionAssessment
from dashboard.indicators.report import Report
from dashboard.web import theme
from dashboard.web.documents.document import PageRequest
from dashboard.web.documents.downloads import (
    CellType,
    DownloadTable,
    TableCell,
    TableColumn,
    build_unit_columns,
    explain_indicator,
)
from dashboard.web.overview.layers import sum_available_and_needed, tell_worst_shortage
from dashboard.web.words import explain
from dashboard.web.words.dossiers import list_commune_counts
from dashboard.web.words.explain import HEADLINE_DIMENSIONS
from dashboard.web.words.period_names import name_dossier_period

OVERVIEW_TABLE_NAME = "toan-canh"
FLAG_WORDS = {True: "có", False: "không"}


def tabulate_overview(page_request: PageRequest) -> DownloadTable:
    """Those of ?xa=<code>,<code>, in that order; all where none is named."""
    report = page_request.report
    columns = list_overview_columns(report)
    position_by_code = {code: position for position, code in enumerate(report.codes)}
    codes_requested = dict.fromkeys(
        page_request.query["xa"].split(",") if "xa" in page_request.query else report.codes
    )
    positions = [position_by_code[code] for code in codes_requested if code in position_by_code]
    return DownloadTable(
        [column for column, _ in columns],
        [[cells[position] for _, cells in columns] for position in positions],
        "Các đơn vị: mức độ sẵn sàng và hồ sơ",
    )


OverviewColumn = tuple[TableColumn, list[TableCell]]


def list_overview_columns(report: Report) -> list[OverviewColumn]:
    """Columns, whose heads say what, in what and of when, and one cell a commune in the order of
    the report.
    """
    code_column, name_column = build_unit_columns()
    official_names = names.list_official_names(report.snapshot.province)
    columns: list[OverviewColumn] = [
        (code_column, list(report.codes)),
        (
            TableColumn("Xã, phường, đặc khu", name_column.meaning),
            [official_names[code] for code in report.codes],
        ),
        (
            TableColumn("Mức", explain_indicator("overall_level")),
            _level_words(report.readiness.assessment.overall[:, 0]),
        ),
    ]
    for dimension, name in HEADLINE_DIMENSIONS.items():
        judged_criteria = [
            judged
            for judged in report.readiness.assessment.assessments
            if judged.criterion.dimension == dimension
        ]
        if judged_criteria:
            columns.append(
                (
                    TableColumn(f"{name}: mức", explain_indicator("dimension_level")),
                    _level_words(report.readiness.assessment.dimensions[dimension][:, 0]),
                )
            )
            if judged_criteria[0].criterion.kind == "ratio":
                columns += _count_columns(name, judged_criteria)
            else:
                columns += _measure_columns(judged_criteria)
    return [*columns, *_dossier_columns(report), *_freshness_columns(report)]


def _level_words(level_codes: Levels) -> list[TableCell]:
    return [theme.LEVELS[levels.LEVEL_NAMES[code]].word for code in level_codes]


def _list_shares(numerator: Numbers, denominator: Numbers) -> list[TableCell]:
    """Of nothing there is no share."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return list(np.where(denominator > 0, numerator / denominator, np.nan).tolist())


def _count_columns(name: str, judged_criteria: list[CriterionAssessment]) -> list[OverviewColumn]:
    available, needed = sum_available_and_needed(judged_criteria)
    parts = ", ".join(judged.criterion.name for judged in judged_criteria)
    columns: list[OverviewColumn] = [
        (
            TableColumn(
                f"{name}: có trong số cần",
                f"Số đã có, không tính phần vượt nhu cầu; cộng của: {parts}",
                CellType.NUMBER,
            ),
            list(available.tolist()),
        ),
        (
            TableColumn(f"{name}: cần có", f"Nhu cầu, cộng của: {parts}", CellType.NUMBER),
            list(needed.tolist()),
        ),
        (
            TableColumn(f"{name}: tỷ lệ (%)", "Có trong số cần ÷ cần có", CellType.SHARE),
            _list_shares(available, needed),
        ),
    ]
    if len(judged_criteria) > 1:
        shortages = [
            tell_worst_shortage(judged_criteria, position).removeprefix(", ")
            for position in range(len(available))
        ]
        worst = TableColumn(f"{name}: thiếu nhất", "Loại có tỷ lệ đáp ứng thấp nhất")
        columns.append((worst, [*shortages]))
    return columns


def _measure_columns(judged_criteria: list[CriterionAssessment]) -> list[OverviewColumn]:
    columns = list[OverviewColumn]()
    for judged in judged_criteria:
        values = judged.value[:, 0].tolist()
        if judged.criterion.kind == "flag":
            flags: list[TableCell] = [
                None if isnan(value) else FLAG_WORDS[bool(value)] for value in values
            ]
            columns.append((TableColumn(judged.criterion.short_name, judged.criterion.name), flags))
        else:
            unit = explain.name_criterion_unit(judged.criterion)
            measured = TableColumn(
                f"{judged.criterion.short_name} ({unit})",
                f"{judged.criterion.name}; {explain.tell_thresholds(judged.criterion)}",
                CellType.NUMBER,
            )
            columns.append((measured, list(values)))
    return columns


def _dossier_columns(report: Report) -> list[OverviewColumn]:
    dossiers = report.dossiers.of_period
    rated = dossiers.rates["on_time_766"]
    period_words = f" {name_dossier_period(dossiers)}" if dossiers.period else ""
    received = list_commune_counts(dossiers, "received")
    on_time = explain_indicator("on_time_766")
    return [
        (
            TableColumn(
                f"Tiếp nhận{period_words} (hồ sơ)", explain_indicator("received"), CellType.NUMBER
            ),
            list(received.tolist()),
        ),
        (
            TableColumn(
                f"Đúng hạn{period_words}, Bộ chỉ số 766 (hồ sơ)",
                f"Phần của tỷ lệ đúng hạn. {on_time}",
                CellType.NUMBER,
            ),
            list(rated.numerator.tolist()),
        ),
        (
            TableColumn(
                f"Đúng hạn{period_words}, trên tổng số (hồ sơ)",
                f"Toàn thể của tỷ lệ đúng hạn. {on_time}",
                CellType.NUMBER,
            ),
            list(rated.denominator.tolist()),
        ),
        (
            TableColumn(f"Đúng hạn{period_words}: tỷ lệ (%)", on_time, CellType.SHARE),
            _list_shares(rated.numerator, rated.denominator),
        ),
    ]


def _freshness_columns(report: Report) -> list[OverviewColumn]:
    """The day itself: "9 ngày trước" means nothing in a file that is opened next month."""
    ages = np.fmin.reduce([judged.age[:, 0] for judged in report.readiness.assessment.assessments])
    return [
        (
            TableColumn(
                "Số liệu ngày", "Ngày của số liệu sẵn sàng mới nhất của đơn vị", CellType.DAY
            ),
            [_find_day_of_age(report.today, age) for age in ages],
        ),
        (
            TableColumn("Khác kiểm tra", explain_indicator("contradiction")),
            [*explain.explain_contradictions(report.readiness.assessment, report.today)],
        ),
    ]


def _find_day_of_age(today: date, age: float) -> date | None:
    return None if isnan(age) else today - timedelta(days=int(age))

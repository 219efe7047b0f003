"""The table of `/` to take along: the communes that it shows, in its order.

Levels in words; counts and shares each in a column of its own, to compute with.
"""

from __future__ import annotations

from datetime import date
from math import isnan

import numpy as np

from dashboard import names, text
from dashboard.indicators import levels
from dashboard.indicators.levels import Levels, Numbers
from dashboard.indicators.readiness.assessment import CriterionAssessment
from dashboard.indicators.report import Report
from dashboard.web import theme
from dashboard.web.documents.document import PageRequest
from dashboard.web.documents.downloads import CsvTable
from dashboard.web.overview.state import sum_available_and_needed, tell_worst_shortage
from dashboard.web.words import explain
from dashboard.web.words.dossiers import list_commune_counts
from dashboard.web.words.explain import HEADLINE_DIMENSIONS
from dashboard.web.words.period_names import name_dossier_period

OVERVIEW_TABLE_NAME = "toan-canh"
FLAG_WORDS = {True: "có", False: "không"}


def tabulate_overview(page_request: PageRequest) -> CsvTable:
    """Those of ?xa=<code>,<code>, in that order; all where none is named."""
    report = page_request.report
    columns = list_overview_columns(report)
    position_by_code = {code: position for position, code in enumerate(report.codes)}
    codes_requested = dict.fromkeys(
        page_request.query["xa"].split(",") if "xa" in page_request.query else report.codes
    )
    positions = [position_by_code[code] for code in codes_requested if code in position_by_code]
    return CsvTable(
        [head for head, _ in columns],
        [[cells[position] for _, cells in columns] for position in positions],
    )


OverviewColumn = tuple[str, list[str | float | None]]


def list_overview_columns(report: Report) -> list[OverviewColumn]:
    """Heads, which say what, in what and of when, and one cell a commune in the order of the
    report.
    """
    columns: list[OverviewColumn] = [
        ("Mã", list(report.codes)),
        (
            "Xã, phường, đặc khu",
            [names.list_official_names(report.snapshot.province)[code] for code in report.codes],
        ),
        ("Mức", _level_words(report.readiness.overall[:, 0])),
    ]
    for dimension, name in HEADLINE_DIMENSIONS.items():
        judged_criteria = [
            judged
            for judged in report.readiness.assessments
            if judged.criterion.dimension == dimension
        ]
        if judged_criteria:
            columns.append(
                (f"{name}: mức", _level_words(report.readiness.dimensions[dimension][:, 0]))
            )
            columns += (
                _count_columns(name, judged_criteria)
                if judged_criteria[0].criterion.kind == "ratio"
                else _measure_columns(judged_criteria)
            )
    return [*columns, *_dossier_columns(report), *_freshness_columns(report)]


def _level_words(level_codes: Levels) -> list[str | float | None]:
    return [theme.LEVELS[levels.LEVEL_NAMES[code]].word for code in level_codes]


def _share_percents(numerator: Numbers, denominator: Numbers) -> list[str | float | None]:
    """In per cent, with the digit that the page shows; of nothing there is no share."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return list(
            np.where(denominator > 0, np.round(100 * numerator / denominator, 1), np.nan).tolist()
        )


def _count_columns(name: str, judged_criteria: list[CriterionAssessment]) -> list[OverviewColumn]:
    available, needed = sum_available_and_needed(judged_criteria)
    columns: list[OverviewColumn] = [
        (f"{name}: có trong số cần", list(available.tolist())),
        (f"{name}: cần có", list(needed.tolist())),
        (f"{name}: tỷ lệ (%)", _share_percents(available, needed)),
    ]
    if len(judged_criteria) > 1:
        shortages = [
            tell_worst_shortage(judged_criteria, position).removeprefix(", ")
            for position in range(len(available))
        ]
        columns.append((f"{name}: thiếu nhất", [*shortages]))
    return columns


def _measure_columns(judged_criteria: list[CriterionAssessment]) -> list[OverviewColumn]:
    columns = list[OverviewColumn]()
    for judged in judged_criteria:
        values = judged.value[:, 0].tolist()
        if judged.criterion.kind == "flag":
            flags: list[str | float | None] = [
                None if isnan(value) else FLAG_WORDS[bool(value)] for value in values
            ]
            columns.append((judged.criterion.short_name, flags))
        else:
            unit = explain.name_criterion_unit(judged.criterion)
            columns.append((f"{judged.criterion.short_name} ({unit})", list(values)))
    return columns


def _dossier_columns(report: Report) -> list[OverviewColumn]:
    dossiers = report.dossiers
    rated = dossiers.rates["on_time_766"]
    period_words = f" {name_dossier_period(dossiers)}" if dossiers.period else ""
    received = list_commune_counts(dossiers, "received")
    return [
        (f"Tiếp nhận{period_words} (hồ sơ)", list(received.tolist())),
        (f"Đúng hạn{period_words}, Bộ chỉ số 766 (hồ sơ)", list(rated.numerator.tolist())),
        (f"Đúng hạn{period_words}, trên tổng số (hồ sơ)", list(rated.denominator.tolist())),
        (f"Đúng hạn{period_words}: tỷ lệ (%)", _share_percents(rated.numerator, rated.denominator)),
    ]


def _freshness_columns(report: Report) -> list[OverviewColumn]:
    """The day itself: "9 ngày trước" means nothing in a file that is opened next month."""
    ages = np.fmin.reduce([judged.age[:, 0] for judged in report.readiness.assessments])
    return [
        ("Số liệu ngày", [_format_day_of_age(report.today, age) for age in ages]),
        ("Khác kiểm tra", [*explain.explain_contradictions(report.readiness, report.today)]),
    ]


def _format_day_of_age(today: date, age: float) -> str | None:
    return None if isnan(age) else text.format_day_of_age(today, age)

"""/to-cong-tac/bao-cao: what teams checked and found in a week or on a day, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property
from math import isnan
from typing import Any

import pandas as pd

from dashboard import reference, text
from dashboard.indicators.field.visit_results import (
    CheckedCriterion,
    VisitComparison,
    compare_visited_with_others,
    flag_visited_communes,
    list_checked_criteria,
)
from dashboard.web import theme
from dashboard.web.documents.address import parse_day_param
from dashboard.web.documents.document import Document, PageRequest
from dashboard.web.documents.downloads import (
    CellType,
    DownloadTable,
    TableColumn,
    build_unit_columns,
)
from dashboard.web.documents.navigation import build_address, build_commune_address

PATH = "/to-cong-tac/bao-cao"


class _ReportPage:
    """What the parts of the page share: the days, who went where, what was checked."""

    def __init__(self, page_request: PageRequest) -> None:
        self.page_request = page_request
        self.one_day = parse_day_param(page_request.query.get("date", ""), page_request.day)
        last = self.one_day or page_request.day
        first = self.one_day or last - timedelta(days=last.weekday())
        self.days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        view = page_request.view
        self.loaded = page_request.reports.loaded(view.province, page_request.version)
        self.history = self.loaded.province_data.history
        self.criteria = page_request.reports.criteria
        self.communes = reference.select_communes_of_province(view.province)
        self.plans = page_request.reports.field_plans(view.province, page_request.version)

    @cached_property
    def checked(self) -> list[CheckedCriterion]:
        return list_checked_criteria(self.history, self.criteria, self.days)

    def find_team(self, code: str, day: date) -> str:
        """Who went there on that day by the schedule; "" where it does not tell."""
        days = self.plans.team_days[self.plans.team_days["goes_on"] == pd.Timestamp(day)]
        return next(
            (
                str(row["team"] or "")
                for row in days.to_dict("records")
                if row["state"] == "planned" and code in str(row["communes"] or "").split()
            ),
            "",
        )

    def list_rows(self) -> list[dict[str, Any]]:
        """One row a commune and day: how much was checked, what was found otherwise."""
        names = {
            criterion.code: criterion.short_name
            for criterion in self.criteria.in_force(self.days[-1]).criteria
        }
        groups: dict[tuple[int, date], list[CheckedCriterion]] = {}
        for row in self.checked:
            groups.setdefault((row.position, row.day), []).append(row)
        rows = []
        for (position, day), together in sorted(groups.items(), key=lambda entry: entry[0][::-1]):
            code = self.history.codes[position]
            otherwise = [
                f"{names.get(row.code, row.code)}: kê khai {_name_level(row.declared_level)}, "
                f"kiểm tra {_name_level(row.found_level)}"
                for row in together
                if not row.is_confirmed
            ]
            rows.append(
                {
                    "day": day,
                    "code": code,
                    "name": self.communes["name"][code],
                    "team": self.find_team(code, day) or "không rõ tổ",
                    "checked": len(together),
                    "confirmed": sum(row.is_confirmed for row in together),
                    "otherwise": otherwise,
                }
            )
        return rows


def _name_level(level: str) -> str:
    return theme.LEVELS[level].word.lower()


def build_field_report_context(page_request: PageRequest) -> Mapping[str, Any]:
    """What page.html writes."""
    page = _ReportPage(page_request)
    view = page_request.view
    return {
        "headline": lambda: _tell_headline(page),
        "summary": lambda: _describe_summary(page),
        "visits": lambda: [
            {**row, "href": build_commune_address(row["code"], view)} for row in page.list_rows()
        ],
        "days": [(day, build_address(PATH, view, {"date": day.isoformat()})) for day in page.days],
        "week": build_address(PATH, view),
        "one_day": page.one_day,
        "download_fields": {"date": page.one_day.isoformat()} if page.one_day else {},
    }


def _tell_headline(page: _ReportPage) -> str:
    visited = int(flag_visited_communes(page.history, page.days).sum())
    when = text.format_day_range(page.days[0], page.days[-1])
    if not visited:
        return f"Không lượt kiểm tra nào {when}"
    return f"{text.format_number(visited)} đơn vị được kiểm tra {when}"


def _describe_summary(page: _ReportPage) -> dict[str, Any]:
    confirmed = sum(row.is_confirmed for row in page.checked)
    moves = page.page_request.reports.weak_list(
        page.page_request.view.province, page.days[-1], page.page_request.version
    )
    first = page.days[0]
    entered = sum(span.listed_on >= first for span in (*moves.listed, *moves.ended))
    left = sum((span.left_on or date.min) >= first for span in moves.ended)
    comparison = compare_visited_with_others(page.history, page.criteria, page.days)
    return {
        "checked": text.format_share(confirmed, len(page.checked)) if page.checked else "",
        "list": f"Danh sách đơn vị yếu: {text.format_number(entered)} lượt vào, "
        f"{text.format_number(left)} lượt ra",
        "effect": tell_effect(comparison),
    }


def tell_effect(comparison: VisitComparison) -> list[str]:
    """What visits changed, with what would have changed anyway, in sentences."""
    if not comparison.visited:
        return ["Không đơn vị mức Đỏ nào được kiểm tra trong thời gian này."]
    lines = [
        f"Trong {text.format_number(comparison.visited)} đơn vị mức Đỏ được kiểm tra, "
        f"{text.format_share(comparison.visited_better, comparison.visited)} không còn Đỏ."
    ]
    if isnan(comparison.expected_anyway):
        return [*lines, "Không có đơn vị mức Đỏ nào khác để so sánh."]
    digits = 0 if comparison.expected_anyway.is_integer() else 1
    expected = text.format_number(comparison.expected_anyway, digits)
    lines.append(
        f"Trong {text.format_number(comparison.others)} đơn vị mức Đỏ không được kiểm tra, cùng "
        f"thời gian {text.format_share(comparison.others_better, comparison.others)} cũng không "
        f"còn Đỏ: nếu đổi như vậy thì khoảng {expected} đơn vị được kiểm tra đã không còn Đỏ dù "
        "không ai đến."
    )
    return [*lines, "Tổ thường đến nơi khó nhất, nên hai nhóm không giống nhau."]


def _tabulate_visits(page_request: PageRequest) -> DownloadTable:
    """The visits of the page, a row a commune and day."""
    page = _ReportPage(page_request)
    code_column, name_column = build_unit_columns()
    columns = (
        TableColumn("Ngày", "Ngày kiểm tra", CellType.DAY),
        TableColumn("Tổ", "Tổ đến đơn vị theo lịch"),
        TableColumn("Mã đơn vị", code_column.meaning, CellType.CODE),
        name_column,
        TableColumn("Đã kiểm tra", "Số tiêu chí được kiểm tra", CellType.NUMBER),
        TableColumn("Đúng kê khai", "Số tiêu chí cùng mức với tự kê khai", CellType.NUMBER),
        TableColumn("Khác kê khai", "Tiêu chí mà kiểm tra cho mức khác tự kê khai"),
    )
    return DownloadTable(
        columns,
        [
            (
                *(row["day"], row["team"], row["code"], row["name"], row["checked"]),
                *(row["confirmed"], "; ".join(row["otherwise"]) or None),
            )
            for row in page.list_rows()
        ],
        "Báo cáo của tổ công tác",
    )


FIELD_REPORT_DOCUMENT = Document(
    PATH,
    "Báo cáo của tổ công tác",
    "field_report/page.html",
    build_field_report_context,
    "field_report",
    preserved_params=("date",),
    downloads={"bao-cao-to-cong-tac": _tabulate_visits},
)

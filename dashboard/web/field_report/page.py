"""/to-cong-tac/bao-cao: what teams checked and found in a week or on a day, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cached_property
from math import isnan
from typing import Any

import pandas as pd

from dashboard import reference, text
from dashboard.indicators.field.follow_ups import FollowUp
from dashboard.indicators.field.support_requests import SupportRequest
from dashboard.indicators.field.visit_results import (
    CheckedCriterion,
    VisitComparison,
    compare_visited_with_others,
    flag_visited_communes,
    list_checked_criteria,
)
from dashboard.indicators.report import Report
from dashboard.web import theme
from dashboard.web.documents.address import parse_day_param
from dashboard.web.documents.document import Document, PageRequest
from dashboard.web.documents.downloads import (
    CellType,
    DownloadTable,
    TableColumn,
    build_unit_columns,
)
from dashboard.web.documents.misread import list_misread_choices
from dashboard.web.documents.navigation import build_address, build_commune_address
from dashboard.web.field_report import outcomes

PATH = "/to-cong-tac/bao-cao"
WORKBOOK_PATH = f"{PATH}.xlsx"


class FieldReportPage:
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
    def team_of(self) -> dict[tuple[date, str], str]:
        """Day and commune to the team that went there, by the schedule."""
        days = self.plans.team_days[self.plans.team_days["state"] == "planned"]
        last = pd.Timestamp(self.days[-1])
        first = pd.Timestamp(self.days[0])
        days = days[(days["goes_on"] >= first) & (days["goes_on"] <= last)]
        went: dict[tuple[date, str], str] = {}
        for row in days.to_dict("records"):
            for code in str(row["communes"] or "").split():
                went.setdefault((row["goes_on"].date(), code), str(row["team"] or ""))
        return went

    @cached_property
    def wrote_of(self) -> dict[tuple[date, str], str]:
        """Day and commune to the team that wrote down the visit; not where two did."""
        writers: dict[tuple[date, str], set[str]] = {}
        for row in self._visit_rows[self._visit_rows["team"].notna()].to_dict("records"):
            code = str(row["commune_code"])
            name = self.name_team(str(row["team"]), code)
            writers.setdefault((row["visited_on"].date(), code), set()).add(name)
        return {where: next(iter(names)) for where, names in writers.items() if len(names) == 1}

    def name_team(self, written: str, code: str) -> str:
        """The team that a visit was written for. A phone writes the office of its account: the one
        team of that office, or the one of its teams that looks after the commune; else what is
        written.
        """
        key = text.make_spelling_key(written)
        own = [row for row in self._teams if text.make_spelling_key(row["office"] or "") == key]
        if len(own) > 1:
            own = [row for row in own if code in str(row["communes"] or "").split()]
        return str(own[0]["name"]) if len(own) == 1 else written

    @cached_property
    def _teams(self) -> list[dict[str, Any]]:
        ended = self.plans.teams["ended_on"] <= pd.Timestamp(self.days[0])
        return [dict(row) for row in self.plans.teams[~ended].to_dict("records")]

    @cached_property
    def teams(self) -> list[str]:
        """Who went anywhere in these days, by the schedule or by what they wrote."""
        wrote = {self.name_team(note.team, note.commune_code) for note in self._all_notes}
        went = {*self.team_of.values(), *self.wrote_of.values(), *wrote}
        return sorted(filter(None, went), key=text.make_sort_key)

    @cached_property
    def team(self) -> str:
        """The team whose report this is; "" where it is that of all."""
        asked = str(self.page_request.query.get("team", ""))
        return asked if asked in self.teams else ""

    @cached_property
    def checked(self) -> list[CheckedCriterion]:
        checked = list_checked_criteria(self.history, self.criteria, self.days)
        return [
            row for row in checked if self._is_of_team(self.history.codes[row.position], row.day)
        ]

    def _is_of_team(self, code: str, day: date, otherwise: str = "") -> bool:
        return not self.team or (self.find_team(code, day) or otherwise) == self.team

    @cached_property
    def communes_seen(self) -> set[str]:
        """Where the team went and where it wrote anything."""
        seen = {self.history.codes[row.position] for row in self.checked}
        return seen | {note.commune_code for note in self.notes}

    @cached_property
    def follow_ups(self) -> list[FollowUp]:
        """Promises to the province's communes, or to those where the team went."""
        everything = self.report.field.follow_ups
        return [
            row for row in everything if not self.team or row.commune_code in self.communes_seen
        ]

    @cached_property
    def support_requests(self) -> list[SupportRequest]:
        """Requests of the province's communes, or of those where the team went."""
        everything = self.report.field.support_requests
        return [
            row for row in everything if not self.team or row.commune_code in self.communes_seen
        ]

    @cached_property
    def report(self) -> Report:
        """The report of the last of the days: what came later is for a later report."""
        view = self.page_request.view
        return self.page_request.reports.report(
            view.province, self.days[-1], self.page_request.version
        )

    @cached_property
    def notes(self) -> list[outcomes.WrittenNote]:
        return [
            note
            for note in self._all_notes
            if self._is_of_team(
                note.commune_code, note.day, self.name_team(note.team, note.commune_code)
            )
        ]

    @cached_property
    def _all_notes(self) -> list[outcomes.WrittenNote]:
        return outcomes.list_notes(self._visit_rows)

    @cached_property
    def _visit_rows(self) -> pd.DataFrame:
        request = self.page_request
        return request.reports.visit_notes(
            request.view.province, self.days[0], self.days[-1], request.version
        )

    def find_team(self, code: str, day: date) -> str:
        """Who went there on that day by the schedule, else by who wrote the visit down; "" where
        neither tells.
        """
        where = day, code
        return self.team_of.get(where, "") or self.wrote_of.get(where, "")

    def has_happenings(self) -> bool:
        """Whether anybody went anywhere, promised or asked; without it there is no workbook."""
        days = self.days[0], self.days[-1]
        return bool(
            self.checked
            or self.notes
            or outcomes.list_promises_made(self.follow_ups, *days)
            or outcomes.list_promises_kept(self.follow_ups, *days)
            or outcomes.list_requests_asked(self.support_requests, *days)
            or outcomes.list_requests_closed(self.support_requests, *days)
        )

    @property
    def fields(self) -> dict[str, str]:
        """What an address of this report tells beside province and day."""
        chosen = {"date": self.one_day.isoformat() if self.one_day else "", "team": self.team}
        return {name: value for name, value in chosen.items() if value}

    def link(self, **changed: str) -> str:
        """The same report but for what changes; "" takes a choice back."""
        fields = {name: value for name, value in (self.fields | changed).items() if value}
        return build_address(PATH, self.page_request.view, fields)

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
    page = FieldReportPage(page_request)
    view = page_request.view
    return {
        "headline": lambda: _tell_headline(page),
        "summary": lambda: _describe_summary(page),
        "written": lambda: _describe_notes(page),
        "promises": lambda: _describe_promises(page),
        "support": lambda: _describe_requests(page),
        "visits": lambda: [
            {**row, "href": build_commune_address(row["code"], view)} for row in page.list_rows()
        ],
        "days": [(day, page.link(date=day.isoformat())) for day in page.days],
        "week": page.link(date=""),
        "team": lambda: page.team,
        "teams": lambda: [(team, page.link(team=team)) for team in page.teams],
        "all_teams": lambda: page.link(team=""),
        "one_day": page.one_day,
        "workbook": lambda: (
            build_address(WORKBOOK_PATH, view, page.fields) if page.has_happenings() else ""
        ),
        "download_fields": lambda: page.fields,
    }


def _describe_notes(page: FieldReportPage) -> dict[str, Any]:
    """What was mended on the spot and what teams wrote and propose, a row a commune and day."""
    return {
        name: [
            {
                "day": day,
                "name": page.communes["name"][code],
                "href": build_commune_address(code, page.page_request.view),
                "team": page.find_team(code, day) or page.name_team(notes[0].team, code),
                "words": outcomes.join_notes(notes),
            }
            for (day, code), notes in _group_notes(page.notes, is_mended=is_mended).items()
        ]
        for name, is_mended in (("mended", True), ("proposed", False))
    }


def _group_notes(
    notes: Iterable[outcomes.WrittenNote], *, is_mended: bool
) -> dict[tuple[date, str], list[outcomes.WrittenNote]]:
    groups: dict[tuple[date, str], list[outcomes.WrittenNote]] = {}
    for note in notes:
        if note.is_mended == is_mended:
            groups.setdefault((note.day, note.commune_code), []).append(note)
    return groups


def _describe_promises(page: FieldReportPage) -> dict[str, Any]:
    first = page.days[0]
    last = page.days[-1]
    return {
        "title": outcomes.tell_promises(page.follow_ups, first, last),
        "made": _link_rows(page, outcomes.list_promises_made(page.follow_ups, first, last)),
        "kept": _link_rows(page, outcomes.list_promises_kept(page.follow_ups, first, last)),
    }


def _describe_requests(page: FieldReportPage) -> dict[str, Any]:
    first = page.days[0]
    last = page.days[-1]
    return {
        "title": outcomes.tell_requests(page.support_requests, first, last),
        "asked": _link_rows(page, outcomes.list_requests_asked(page.support_requests, first, last)),
        "closed": _link_rows(
            page, outcomes.list_requests_closed(page.support_requests, first, last)
        ),
    }


def _link_rows(
    page: FieldReportPage, rows: Iterable[outcomes.PromiseRow | outcomes.SupportRow]
) -> list[dict[str, Any]]:
    return [
        {
            "row": row,
            "name": page.communes["name"][row.commune_code],
            "href": build_commune_address(row.commune_code, page.page_request.view),
        }
        for row in rows
    ]


def _tell_headline(page: FieldReportPage) -> str:
    if page.team:
        visited = len({row.position for row in page.checked})
    else:
        visited = int(flag_visited_communes(page.history, page.days).sum())
    when = text.format_day_range(page.days[0], page.days[-1])
    whose = f"{page.team}: " if page.team else ""
    if not visited:
        return f"{whose}{'k' if whose else 'K'}hông lượt kiểm tra nào {when}"
    return f"{whose}{text.format_number(visited)} đơn vị được kiểm tra {when}"


def _describe_summary(page: FieldReportPage) -> dict[str, Any]:
    confirmed = sum(row.is_confirmed for row in page.checked)
    checked = text.format_share(confirmed, len(page.checked)) if page.checked else ""
    if page.team:  # the list and the effect are the province's
        return {"checked": checked, "list": "", "effect": []}
    moves = page.page_request.reports.weak_list(
        page.page_request.view.province, page.days[-1], page.page_request.version
    )
    first = page.days[0]
    entered = sum(span.listed_on >= first for span in (*moves.listed, *moves.ended))
    left = sum((span.left_on or date.min) >= first for span in moves.ended)
    comparison = compare_visited_with_others(page.history, page.criteria, page.days)
    return {
        "checked": checked,
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
    page = FieldReportPage(page_request)
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


def _list_misread(page_request: PageRequest) -> list[str]:
    page = FieldReportPage(page_request)
    taken = {"date": str(page.one_day or ""), "team": page.team}
    return list_misread_choices(page_request.query, taken)


FIELD_REPORT_DOCUMENT = Document(
    PATH,
    "Báo cáo của tổ công tác",
    "field_report/page.html",
    build_field_report_context,
    "field_report",
    preserved_params=("date", "team"),
    misread=_list_misread,
    downloads={"bao-cao-to-cong-tac": _tabulate_visits},
)

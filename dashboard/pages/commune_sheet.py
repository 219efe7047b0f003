"""/xa/<code>: everything known of one commune, on one screen and one sheet of paper."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from flask import Response, abort, redirect

from dashboard import reference, text
from dashboard.indicators.report import Report
from dashboard.pages import around, sources_told
from dashboard.pages.address import View
from dashboard.pages.document import Asked, Document
from dashboard.pages.downloads import Rows
from dashboard.pages.navigation import address, commune_address
from dashboard.pages.period_asked import write
from dashboard.store import visits
from dashboard.views import commune_changes, commune_criteria, commune_dossiers, commune_sheet, plot, theme, unit_charts
from dashboard.views.one_commune import One
from dashboard.views.plot import Figure


class _Sheet:
    """What the parts of the page share, asked once and only when one of them wants it."""

    def __init__(self, asked: Asked, code: str) -> None:
        self.asked, self.code = asked, code
        self.province = str(reference.communes().at[code, "province_code"])

    @cached_property
    def report(self) -> Report:
        return self.asked.reports.report(self.province, self.asked.day, self.asked.version)

    @cached_property
    def one(self) -> One:
        return One(self.report, self.code)

    @cached_property
    def peers(self) -> Any:
        return self.report.dossiers.groups == self.report.dossiers.groups[self.one.at]

    def files(self) -> dict[tuple[str, str], str]:
        """Where each newest value is from, in words."""
        found = visits.reading_sources(self.asked.reports.engine, self.province, self.code, self.asked.day)
        return {
            (row.measure, row.basis): f"{text.day(row.as_of.date())}, {row.file_name} "
            f"(đợt {row.batch}, {sources_told.ORIGINS[row.origin]})"
            for row in found.itertuples()
        }

    def visit(self) -> dict[str, Any] | None:
        found = visits.visits(self.asked.reports.engine, self.province, self.code, self.asked.day)
        return commune_sheet.visit(found, self.asked.day)

    def neighbours(self) -> dict[str, Any]:
        return around.neighbours(self.one, self.asked.reports.outline(self.province), self.asked.view)

    def charts(self) -> list[dict[str, Any]]:
        """Both charts in words and as tables; without a table where nothing is known."""
        course, at = self.report.course, self.one.at
        grain, told = unit_charts.GRAINS[course.grain], unit_charts
        received = told.received_summary(course, at, self.peers, commune_dossiers.peers(self.one))
        return [
            {
                "name": "tiep-nhan",
                "title": f"Tiếp nhận mỗi {grain} so với nhóm",
                "summary": received,
                "table": told.received_table(course, at, self.peers) if told.tells_received(course, at) else None,
            },
            {
                "name": "ket-qua",
                "title": f"Giải quyết mỗi {grain}, đúng hạn và quá hạn",
                "summary": told.outcomes_summary(course, at),
                "table": told.outcomes_table(course, at) if told.tells_outcomes(course, at) else None,
            },
        ]

    def dossiers(self) -> dict[str, Any]:
        one = self.one
        return {
            "period": commune_dossiers.period(one, sources_told.kind_words(), self.asked.today),
            "peers": commune_dossiers.peers(one),
            "shares": commune_dossiers.shares(one),
            "minimum": text.number(self.report.dossiers.rule.minimum_received),
        }

    def desk(self) -> dict[str, Any]:
        newest = commune_dossiers.earlier(self.one, sources_told.kind_words())
        return {
            "flows": commune_dossiers.flows(self.one),
            "earlier": newest
            and {"words": newest[1], "href": address("/ho-so", self.asked.view, {"period": write(newest[0])})},
        }

    def clock(self) -> dict[str, Any]:
        one = self.one
        return {
            "pace": commune_dossiers.pace(one),
            "backlog": commune_dossiers.backlog(one),
            "at_risk": commune_dossiers.at_risk(one),
        }

    def changed(self) -> list[dict[str, Any]]:
        return [
            commune_changes.changes(self.one, self.report.week_changes, 7),
            commune_changes.changes(self.one, self.report.month_changes, 30),
        ]


def _code(written: str) -> str:
    """The code of a commune, or 404."""
    if written not in reference.communes().index:
        abort(404)
    return written


def found(asked: Asked) -> Mapping[str, Any] | Response:
    """What commune_sheet.html writes; another province was chosen: the way to that province."""
    code = _code(asked.path["code"])
    sheet = _Sheet(asked, code)
    if sheet.province != asked.view.province:
        if asked.query.get("province") == asked.view.province:
            return redirect(address("/", asked.view))  # type: ignore[return-value]  # werkzeug's own class
        return redirect(commune_address(code, View(sheet.province, asked.view.as_of)))  # type: ignore[return-value]
    return {
        "code": code,
        "name": reference.communes().at[code, "name"],
        "headline": lambda: commune_sheet.headline(sheet.one),
        "identity": lambda: commune_sheet.identity(sheet.one),
        "standing": lambda: commune_sheet.standing(sheet.one),
        "way": lambda: commune_sheet.way(sheet.one),
        "criteria": lambda: commune_criteria.criteria(sheet.one, sheet.files()),
        "changed": sheet.changed,
        "visit": sheet.visit,
        "neighbours": sheet.neighbours,
        "former": lambda: commune_sheet.former_units(sheet.one),
        "dossiers": sheet.dossiers,
        "desk": sheet.desk,
        "clock": sheet.clock,
        "charts": sheet.charts,
        "compare": address("/so-sanh", asked.view, {"xa": code}),
        "download": address("/tai/tieu-chi-xa.csv", asked.view, {"xa": code}),
    }


def _received(asked: Asked, dark: bool) -> Figure:
    sheet = _Sheet(asked, _code(asked.path["code"]))
    figure = unit_charts.received(sheet.report.course, sheet.one.at, sheet.peers, sheet.one.name, dark=dark)
    return _of_one(figure, sheet)


def _outcomes(asked: Asked, dark: bool) -> Figure:
    sheet = _Sheet(asked, _code(asked.path["code"]))
    return _of_one(unit_charts.outcomes(sheet.report.course, sheet.one.at, dark=dark), sheet)


def _of_one(figure: Figure, sheet: _Sheet) -> Figure:
    """With what a picture of it must say."""
    return plot.with_source(figure, sources_told.of_dossiers(sheet.report, sheet.asked.today), sheet.one.name)


def _criteria_rows(asked: Asked) -> Rows:
    """The criteria of ?xa=<code>, as the page lists them."""
    sheet = _Sheet(asked, _code(asked.query.get("xa", "")))
    head = ("Mã xã", "Xã", "Tiêu chí", "Mức", "Giá trị", "Tự kê khai", "Ngày kê khai", "Kiểm tra", "Ngày kiểm tra",
            "Ngưỡng", "Nguồn")  # fmt: skip
    rows = []
    for line in commune_criteria.criteria(sheet.one, sheet.files()):
        sides = [
            part for side in ("declared", "verified") for part in (_part(line[side], "value"), _part(line[side], "on"))
        ]
        word = theme.LEVELS[line["level"]].word
        rows.append(
            [
                sheet.code,
                sheet.one.name,
                line["full"],
                word,
                line["value"],
                *sides,
                line["threshold"],
                "; ".join(line["sources"]),
            ]
        )
    return Rows(head, rows)


def _part(side: Mapping[str, str] | None, name: str) -> str | None:
    return None if side is None else side[name]


DOCUMENT = Document(
    "/xa/<code>",
    "Một xã",
    "commune_sheet.html",
    found,
    "commune",
    downloads={"tieu-chi-xa": _criteria_rows},
    figures={"tiep-nhan": _received, "ket-qua": _outcomes},
)

"""/xa/<code>: everything known of one commune, on one screen and one sheet of paper."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from flask import Response, abort, redirect

from dashboard import reference, text
from dashboard.indicators.field.feedback import find_feedback_of
from dashboard.indicators.field.follow_ups import FollowUpState
from dashboard.indicators.report import Report
from dashboard.store import readings
from dashboard.web import theme
from dashboard.web.charts import plot
from dashboard.web.charts.plot import PlotlyFigure
from dashboard.web.commune import charts, criteria, words
from dashboard.web.documents import data_sources
from dashboard.web.documents.address import PageView
from dashboard.web.documents.document import Document, PageRequest
from dashboard.web.documents.downloads import (
    CellType,
    DownloadTable,
    TableCell,
    TableColumn,
    build_unit_columns,
    explain_indicator,
)
from dashboard.web.documents.navigation import build_address, build_sheet_address
from dashboard.web.documents.period import format_period_param
from dashboard.web.documents.small_views import SMALL_FIELDS, PageChart, SmallView
from dashboard.web.words import declarations
from dashboard.web.words.commune import (
    ReportCommune,
    describe_commune_period,
    find_earlier_period,
    list_commune_flows,
    list_commune_rates,
    name_commune_peers,
    tell_backlog_age,
    tell_commune_balance,
    tell_commune_pace,
    tell_dossiers_at_risk,
)
from dashboard.web.words.dossiers import GRAIN_NAMES
from dashboard.web.words.follow_ups import STATE_WORDS, tell_evidence
from dashboard.web.words.resources import tell_feedback_of_commune, tell_resources_of_commune
from dashboard.web.words.support_requests import tell_open_requests


class _CommunePage:
    """What the parts of the page share, asked once and only when one of them wants it."""

    def __init__(self, page_request: PageRequest, code: str) -> None:
        self.page_request = page_request
        self.code = code
        self.province = str(reference.load_communes().at[code, "province_code"])

    @cached_property
    def report(self) -> Report:
        return self.page_request.reports.report(
            self.province, self.page_request.day, self.page_request.version
        )

    @cached_property
    def commune(self) -> ReportCommune:
        return ReportCommune(self.report, self.code)

    @cached_property
    def peers(self) -> Any:
        return (
            self.report.dossiers.of_period.groups
            == self.report.dossiers.of_period.groups[self.commune.position]
        )

    def value_sources(self) -> dict[tuple[str, str], str]:
        """Where each newest value is from, in words."""
        sources = readings.fetch_reading_sources(
            self.page_request.reports.engine, self.province, self.code, self.page_request.day
        )
        return {
            (row.measure, row.basis): f"{text.format_day(row.as_of.date())}, {row.file_name} "
            f"(đợt {row.batch}, {data_sources.ORIGIN_WORDS[row.origin]})"
            for row in sources.itertuples()
        }

    def promises(self) -> dict[str, Any]:
        """What offices owe this commune (state, words, who and what shows it), and how many
        promises were kept.
        """
        own = [entry for entry in self.report.field.follow_ups if entry.commune_code == self.code]
        owed = [
            {
                "state": str(follow_up.state),
                "word": STATE_WORDS[follow_up.state],
                "what": follow_up.what,
                "owner": follow_up.owner,
                "due_on": follow_up.due_on,
                "evidence": tell_evidence(follow_up),
            }
            for follow_up in own
            if follow_up.state not in {FollowUpState.WITHDRAWN, FollowUpState.KEPT}
        ]
        owners = {row["owner"]: None for row in owed}
        words = f"{text.format_number(len(owed))} việc hứa chưa xong: {', '.join(owners)}"
        if overdue := sum(row["state"] == FollowUpState.OVERDUE for row in owed):
            words = f"{text.format_number(overdue)} việc hứa quá hạn, {words}"
        if overdue == len(owed):
            words = f"{text.format_number(overdue)} việc hứa quá hạn: {', '.join(owners)}"
        kept = sum(entry.state is FollowUpState.KEPT for entry in own)
        return {"owed": owed, "words": words, "kept": kept}

    def support(self) -> str:
        """What the commune asks for help with at present."""
        return tell_open_requests(self.report.field.support_requests, self.code)

    def given(self) -> dict[str, Any]:
        """What the province gives the commune now, and what citizens told of it last."""
        told = find_feedback_of(
            self.report.snapshot.province_data.feedback, self.code, self.page_request.day
        )
        return {
            "resources": tell_resources_of_commune(self.report.field.resources, self.code),
            "feedback": tell_feedback_of_commune(told) if told else "",
        }

    def visit(self) -> dict[str, Any] | None:
        visit_rows = readings.fetch_visits_of_commune(
            self.page_request.reports.engine, self.province, self.code, self.page_request.day
        )
        return words.describe_last_visit(self.commune, visit_rows, self.page_request.day)

    def neighbours(self) -> dict[str, Any]:
        return words.describe_neighbours(
            self.commune, self.page_request.reports.outline(self.province), self.page_request.view
        )

    def charts(self) -> list[dict[str, Any]]:
        """Both charts in words and as tables; without a table where nothing is known."""
        history = self.report.dossiers.weekly_history
        position = self.commune.position
        grain_name = GRAIN_NAMES[history.grain]
        received_words = charts.summarise_commune_received(
            history, position, self.peers, name_commune_peers(self.commune)
        )
        received_table = None
        if charts.has_received_history(history, position):
            received_table = charts.tabulate_commune_received(history, position, self.peers)
        outcome_table = None
        if charts.has_outcome_history(history, position):
            outcome_table = charts.tabulate_commune_outcomes(history, position)
        source = data_sources.tell_dossier_sources(self.report, self.page_request.today)
        return [
            {
                "name": "tiep-nhan",
                "source": source,
                "title": f"Tiếp nhận mỗi {grain_name} so với nhóm",
                "summary": received_words,
                "table": received_table,
            },
            {
                "name": "ket-qua",
                "source": source,
                "title": f"Giải quyết mỗi {grain_name}, đúng hạn và quá hạn",
                "summary": charts.summarise_commune_outcomes(history, position),
                "table": outcome_table,
            },
        ]

    def dossiers(self) -> dict[str, Any]:
        commune = self.commune
        return {
            "period": describe_commune_period(
                commune, data_sources.list_kind_words(), self.page_request.today
            ),
            "peers": name_commune_peers(commune),
            "shares": list_commune_rates(commune),
            "minimum": text.format_number(self.report.dossiers.of_period.rule.minimum_received),
        }

    def channels_and_outcomes(self) -> dict[str, Any]:
        earlier_period = find_earlier_period(self.commune, data_sources.list_kind_words())
        return {
            "flows": list_commune_flows(self.commune),
            "balance": tell_commune_balance(self.commune),
            "earlier": earlier_period
            and {
                "words": earlier_period[1],
                "href": build_address(
                    "/ho-so",
                    self.page_request.view,
                    {"period": format_period_param(earlier_period[0])},
                ),
            },
        }

    def clock(self) -> dict[str, Any]:
        commune = self.commune
        return {
            "pace": tell_commune_pace(commune),
            "backlog": tell_backlog_age(commune),
            "at_risk": tell_dossiers_at_risk(commune),
        }

    def recent_changes(self) -> list[dict[str, Any]]:
        return [
            words.describe_commune_changes(self.commune, self.report.readiness.week_changes, 7),
            words.describe_commune_changes(self.commune, self.report.readiness.month_changes, 30),
        ]


def _code_or_404(written: str) -> str:
    """The code of a commune, or 404."""
    if written not in reference.load_communes().index:
        abort(404)
    return written


def build_commune_context(page_request: PageRequest) -> Mapping[str, Any] | Response:
    """What page.html writes; another province was chosen: the way to that province."""
    code = _code_or_404(page_request.path["code"])
    page = _CommunePage(page_request, code)
    if page.province != page_request.view.province:
        # Another province was chosen in the form, which says of which one it was; in an address
        # that somebody wrote, the code of the commune decides.
        if page_request.query.get("was"):
            overview = build_address("/", page_request.view)
            return redirect(overview)  # type: ignore[return-value]  # werkzeug's own class
        return redirect(_locate_in_its_province(page))  # type: ignore[return-value]
    return {
        "code": code,
        "name": reference.load_communes().at[code, "name"],
        "headline": lambda: words.tell_commune_headline(page.commune),
        "identity": lambda: words.tell_commune_identity(page.commune),
        "standing": lambda: words.describe_commune_standing(page.commune),
        "way": lambda: words.list_steps_to_green(page.commune),
        "promises": page.promises,
        "quality": lambda: text.upper_first_letter(
            declarations.tell_declaration_quality(page.report, page.commune.position)
        ),
        "support": page.support,
        "given": page.given,
        "criteria": lambda: criteria.list_commune_criteria(page.commune, page.value_sources()),
        "changed": page.recent_changes,
        "certificates": lambda: criteria.describe_certificates(page.commune),
        "probes": lambda: criteria.describe_probes(page.commune),
        "visit": page.visit,
        "neighbours": page.neighbours,
        "former": lambda: words.group_former_units(page.commune),
        "dossiers": page.dossiers,
        "desk": page.channels_and_outcomes,
        "clock": page.clock,
        "charts": page.charts,
        "compare": build_address("/so-sanh", page_request.view, {"xa": code}),
        "sheet": build_sheet_address(code, page_request.view),
        "download": build_address("/tai/tieu-chi-xa.csv", page_request.view, {"xa": code}),
    }


def _locate_in_its_province(page: _CommunePage) -> str:
    """The same address with the province of the commune; a frame stays one."""
    query = page.page_request.query
    small = {name: query[name] for name in SMALL_FIELDS if query.get(name)}
    view = PageView(page.province, page.page_request.view.as_of)
    return build_address(f"/xa/{page.code}", view, small)


def build_small_commune(page_request: PageRequest) -> Mapping[str, Any] | Response:
    """What embed.html of this folder writes: level, reasons and way to green."""
    code = _code_or_404(page_request.path["code"])
    page = _CommunePage(page_request, code)
    if page.province != page_request.view.province:
        return redirect(_locate_in_its_province(page))  # type: ignore[return-value]  # werkzeug's own class
    return {
        "name": reference.load_communes().at[code, "name"],
        "headline": lambda: words.tell_commune_headline(page.commune),
        "standing": lambda: words.describe_commune_standing(page.commune),
        "way": lambda: words.list_steps_to_green(page.commune),
    }


def _draw_received(page_request: PageRequest, dark: bool) -> PlotlyFigure:
    page = _CommunePage(page_request, _code_or_404(page_request.path["code"]))
    figure = charts.draw_commune_received(
        page.report.dossiers.weekly_history,
        page.commune.position,
        page.peers,
        page.commune.name,
        dark=dark,
    )
    return _add_commune_source(figure, page)


def _draw_outcomes(page_request: PageRequest, dark: bool) -> PlotlyFigure:
    page = _CommunePage(page_request, _code_or_404(page_request.path["code"]))
    return _add_commune_source(
        charts.draw_commune_outcomes(
            page.report.dossiers.weekly_history, page.commune.position, dark=dark
        ),
        page,
    )


def _add_commune_source(figure: PlotlyFigure, page: _CommunePage) -> PlotlyFigure:
    """With what a picture of it must say."""
    return plot.add_figure_source(
        figure,
        data_sources.tell_dossier_sources(page.report, page.page_request.today),
        page.commune.name,
    )


def _tabulate_criteria(page_request: PageRequest) -> DownloadTable:
    """The criteria of ?xa=<code>, as the page lists them."""
    page = _CommunePage(page_request, _code_or_404(page_request.query.get("xa", "")))
    code_column, name_column = build_unit_columns()
    columns = (
        TableColumn("Mã đơn vị", code_column.meaning, CellType.CODE),
        name_column,
        TableColumn("Tiêu chí", explain_indicator("criterion_ratio")),
        TableColumn("Mức", explain_indicator("silence")),
        TableColumn("Giá trị", explain_indicator("verified")),
        TableColumn("Tự kê khai", "Giá trị đơn vị tự kê khai gần nhất"),
        TableColumn("Ngày kê khai", "Ngày của giá trị tự kê khai", CellType.DAY),
        TableColumn("Kiểm tra", "Giá trị ghi nhận khi kiểm tra tại chỗ gần nhất"),
        TableColumn("Ngày kiểm tra", "Ngày kiểm tra tại chỗ", CellType.DAY),
        TableColumn("Ngưỡng", "Từ đâu là Xanh, dưới đâu là Đỏ"),
        TableColumn("Nguồn", "Tệp và đợt nạp mà giá trị đến từ đó"),
    )
    rows = []
    for line in criteria.list_commune_criteria(page.commune, page.value_sources()):
        sides = [
            cell
            for side in ("declared", "verified")
            for cell in (_side_value(line[side], "value"), _side_value(line[side], "on"))
        ]
        word = theme.LEVELS[line["level"]].word
        rows.append(
            [
                page.code,
                page.commune.name,
                line["full"],
                word,
                line["value"],
                *sides,
                line["threshold"],
                "; ".join(line["sources"]),
            ]
        )
    return DownloadTable(columns, rows, f"Từng tiêu chí: {page.commune.name}")


def _side_value(side: Mapping[str, Any] | None, name: str) -> TableCell:
    return None if side is None else side[name]


def _outlines_for_etag(page_request: PageRequest) -> object:
    """Neighbours come from the outlines, which change without the data."""
    page = _CommunePage(page_request, _code_or_404(page_request.path["code"]))
    return page_request.reports.outline(page.province).fingerprint


COMMUNE_DOCUMENT = Document(
    "/xa/<code>",
    "Một đơn vị",
    "commune/page.html",
    build_commune_context,
    "commune",
    downloads={"tieu-chi-xa": _tabulate_criteria},
    figures={"tiep-nhan": _draw_received, "ket-qua": _draw_outcomes},
    extra_etag=_outlines_for_etag,
    shared=lambda page_request: words.tell_commune_headline(
        ReportCommune(page_request.report, page_request.path["code"])
    ),
    small=SmallView("commune/embed.html", build_small_commune),
    charts={
        "criteria": PageChart("Từng tiêu chí của đơn vị", 760),
        "tiep-nhan": PageChart("Hồ sơ tiếp nhận của đơn vị so với nhóm"),
        "ket-qua": PageChart("Hồ sơ của đơn vị giải quyết đúng hạn, quá hạn"),
    },
)

"""/ho-so: the dossiers of a period. What came in, what was done and in time, what lies, where, and
who says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
from flask import Response

from dashboard import workdays
from dashboard.indicators.report import KIND_OF_LISTS
from dashboard.indicators.throughput import single_dossiers
from dashboard.indicators.throughput.balance import count_undated
from dashboard.indicators.throughput.periods import Period
from dashboard.indicators.throughput.weekly_history import WeeklyHistory
from dashboard.indicators.throughput.year_before import select_year_before
from dashboard.web.charts import plot
from dashboard.web.charts.plot import PlotlyFigure
from dashboard.web.documents import empty_state, navigation
from dashboard.web.documents.data_sources import list_kind_words
from dashboard.web.documents.document import Document, PageRequest
from dashboard.web.documents.downloads import (
    CellType,
    DownloadTable,
    TableColumn,
    build_unit_columns,
    explain_indicator,
)
from dashboard.web.documents.misread import list_misread_choices
from dashboard.web.documents.period import (
    DossierPage,
    list_misread_period,
    list_period_links,
    redirect_to_period_name,
    select_period,
)
from dashboard.web.documents.small_views import PageChart
from dashboard.web.dossiers import charts, dossier_lists, words
from dashboard.web.dossiers.charts import draw_channel_figure, draw_flow_figure
from dashboard.web.dossiers.verdict import VerdictLine, list_verdict_lines
from dashboard.web.words import dossiers
from dashboard.web.words.balance import describe_balance
from dashboard.web.words.dossiers import tell_throughput_headline
from dashboard.web.words.headline import tell_on_time, tell_part_of_communes
from dashboard.web.words.period_names import name_period

PATH = "/ho-so"
FORM_WORDS = {"bars": "Cột xếp hạng", "multiples": "Diễn biến từng đơn vị"}
RISKS_SHOWN = 12


@dataclass(frozen=True)
class DossiersForm:
    """How the communes are shown, as the address says: by which figure, as bars or curves."""

    by: str = "received"
    form: str = "bars"

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> DossiersForm:
        """What is not known falls back."""
        by = query.get("by", "")
        form = query.get("form", "")
        return cls(
            by if by in words.ORDERING_FIGURES else cls.by, form if form in FORM_WORDS else cls.form
        )

    def to_query(self) -> dict[str, str]:
        """The address of this form; `from_query` reads it back."""
        return {
            name: value
            for name, value in vars(self).items()
            if value != getattr(DossiersForm, name)
        }


class _DossiersPage(DossierPage):
    path = PATH

    @cached_property
    def form(self) -> DossiersForm:
        return DossiersForm.from_query(self.page_request.query)

    @property
    def weekly_history(self) -> WeeklyHistory:
        return self.selected_period.report.dossiers.weekly_history

    def periods(self) -> dict[str, Any]:
        return list_period_links(
            self.selected_period,
            lambda period: self.address_of_period(period, self.form.to_query()),
        )

    def flow(self) -> list[dict[str, Any]] | None:
        if self.dossiers.period_figures is None:
            return None
        return words.describe_flow(self.dossiers, self.undated)

    @property
    def undated(self) -> float:
        """How many dossiers of the communes are done on no known day."""
        return count_undated(self.selected_period.report.dossiers.balance)

    def verdict(self) -> list[VerdictLine]:
        figures = self.dossiers.period_figures
        if figures is None:
            return []
        counts = self.selected_period.report.snapshot.province_data.counts
        year_before = select_year_before(figures, counts, workdays.load_calendar())
        return list_verdict_lines(self.dossiers, year_before, self.undated)

    def balance(self) -> dict[str, Any] | None:
        return describe_balance(self.selected_period.report)

    def rate_rows(self) -> list[dict[str, str]] | None:
        return None if self.dossiers.period_figures is None else words.list_rate_rows(self.dossiers)

    def calendar(self) -> dict[str, Any] | None:
        page_request = self.page_request
        day = self.page_request.day
        period = self.selected_period.report.snapshot.period
        if period is None:
            return None
        last = min(period.last, day)
        by_day = page_request.reports.dossiers_over_time(
            page_request.view.province, last, page_request.version
        )
        return charts.lay_out_day_calendar(
            by_day,
            period.first,
            last,
            page_request.today,
            workdays.load_calendar(),
            communes=len(self.commune_names),
            kind_names=list_kind_words(),
        )

    def province_history(self) -> dict[str, Any] | None:
        history = self.weekly_history
        if not charts.has_flow_history(history):
            return None
        channels = None
        if charts.has_channel_history(history):
            channels = (charts.summarise_channels(history), charts.tabulate_channels(history))
        return {
            "flow": (charts.summarise_flow(history), charts.tabulate_flow(history)),
            "channels": channels or (),
            "area": self._history_area,
            "source": self.history_source(),
            "grain": dossiers.GRAIN_NAMES[history.grain],
        }

    @property
    def _history_area(self) -> str:
        told = self.weekly_history.communes_told
        part_of_communes = tell_part_of_communes(told, len(self.commune_names))
        return f", {part_of_communes}" if part_of_communes else ""

    def history_source(self) -> str:
        """Whose figures the curves of twelve months are, for how many communes and until when."""
        history = self.weekly_history
        kind_names = [list_kind_words().get(kind, kind) for kind in history.source_kinds]
        return dossiers.tell_part_source(
            kind_names, history.communes_told, len(self.commune_names), history.until
        )

    @property
    def list_source(self) -> str:
        """Whose single dossiers are told, for how many communes and until when."""
        report = self.selected_period.report
        told = int(report.dossiers.at_risk["open"].notna().sum())
        name = list_kind_words()[KIND_OF_LISTS]
        return dossiers.tell_part_source(
            [name], told, len(self.commune_names), report.dossiers.list_day
        )

    def communes(self) -> dict[str, Any] | None:
        if self.dossiers.period_figures is None:
            return None
        by = self.form.by
        form = self.form.form
        period = self.period_in_address
        figures = words.select_commune_figures(self.dossiers, by)
        communes_shown: dict[str, Any] = {"bars": (), "multiples": ()}
        if form == "multiples":
            order = words.order_communes(figures)
            codes = self.dossiers.codes
            communes_shown["multiples"] = words.list_commune_trends(
                self.weekly_history, codes, self.commune_names, order
            )
        else:
            communes_shown["bars"] = words.list_commune_bars(self.dossiers, self.commune_names, by)
        return {
            **communes_shown,
            "word": words.ORDERING_FIGURES[by],
            "by": [
                (
                    self.address_of_period(period, DossiersForm(code, form).to_query()),
                    word,
                    code == by,
                )
                for code, word in words.ORDERING_FIGURES.items()
            ],
            "forms": [
                (
                    self.address_of_period(period, DossiersForm(by, code).to_query()),
                    word,
                    code == form,
                )
                for code, word in FORM_WORDS.items()
            ],
            "form": form,
            "grain": dossiers.GRAIN_NAMES[self.weekly_history.grain],
        }

    def at_risk(self) -> dict[str, Any] | None:
        report = self.selected_period.report
        return dossier_lists.list_communes_at_risk(
            report.dossiers.at_risk, self.commune_names, report.dossiers.list_day
        )

    def speaks_of_list_day(self) -> bool:
        """Whether the chosen period holds the day of the newest list: what is open or overdue then
        is no figure of another month."""
        period = self.selected_period.full_period
        list_day = self.selected_period.report.dossiers.list_day
        return self.selected_period.newest or (
            period is not None and period.first <= list_day <= period.last
        )

    def cohorts(self) -> list[dict[str, Any]] | None:
        page_request = self.page_request
        frame = page_request.reports.cohorts(
            page_request.view.province, page_request.day, page_request.version
        )
        return None if frame is None else dossier_lists.list_resolution_cohorts(frame)

    @property
    def listed_period(self) -> Period:
        """The period of the lists; where nobody told any, the day alone."""
        day = self.page_request.day
        return self.selected_period.report.snapshot.period or Period(day, day)

    @property
    def procedure_rows(self) -> pd.DataFrame:
        page_request = self.page_request
        return page_request.reports.procedures(
            page_request.view.province,
            self.listed_period,
            page_request.day,
            page_request.version,
        )

    @property
    def field_rows(self) -> pd.DataFrame:
        page_request = self.page_request
        return page_request.reports.fields(
            page_request.view.province,
            self.listed_period,
            page_request.day,
            page_request.version,
        )

    @property
    def handover_rows(self) -> pd.DataFrame:
        page_request = self.page_request
        return page_request.reports.handovers(
            page_request.view.province,
            self.listed_period,
            page_request.day,
            page_request.version,
        )

    @property
    def unit_names(self) -> dict[str, str]:
        page_request = self.page_request
        return page_request.reports.unit_names(page_request.view.province, page_request.version)

    def listed(self) -> dict[str, Any]:
        page_request = self.page_request
        received = int(self.procedure_rows["received"].sum())
        return {
            "as_of": page_request.reports.list_moment(
                page_request.view.province, page_request.version
            ),
            "procedures": dossier_lists.describe_procedures(self.procedure_rows),
            "fields": dossier_lists.describe_fields(self.field_rows),
            "handovers": dossier_lists.describe_handovers(
                self.handover_rows, self.unit_names, received
            ),
        }

    def others(self) -> dict[str, Any]:
        figures = self.dossiers.period_figures
        if figures is None:
            return {"rivals": []}
        return {"rivals": words.compare_alternative_sources(figures, list_kind_words())}


def build_dossiers_context(page_request: PageRequest) -> Mapping[str, Any] | Response:
    """What page.html writes; a period given by two fields is sent on to its one name."""
    redirection = redirect_to_period_name(page_request, PATH, ("by", "form"))
    if redirection is not None:
        return redirection
    page = _DossiersPage(page_request)
    return {
        "headline": lambda: (
            tell_throughput_headline(
                page.dossiers, page.selected_period.full_period, page_request.province_name
            )
            + page.title_end
        ),
        "missing": lambda: empty_state.explain_missing_dossiers(
            page_request, page.selected_period.report
        ),
        "periods": page.periods,
        "coverage": page.coverage,
        "balance": page.balance,
        "verdict": page.verdict,
        "flow": page.flow,
        "area": lambda: words.tell_commune_area(page.dossiers),
        "rate_rows": page.rate_rows,
        "rates_title": lambda: words.tell_rates_title(page.dossiers),
        "course": page.province_history,
        "calendar": page.calendar,
        "weekdays": charts.WEEKDAYS,
        "communes": page.communes,
        "at_risk": page.at_risk,
        "speaks_of_list_day": page.speaks_of_list_day,
        "newest_address": lambda: page.address_of_period(None, {}),
        "list_source": lambda: page.list_source,
        "risks": dossier_lists.RISKS,
        "risks_shown": RISKS_SHOWN,
        "cohorts": page.cohorts,
        "within": single_dossiers.DONE_WITHIN_DAYS,
        "procedures": page.listed,
        "others": page.others,
        "named": page.period_name,
        "answering": page.source_and_reach,
        "history_source": page.history_source,
        "commune": lambda code: navigation.build_commune_address(code, page_request.view),
    }


def _draw_flow(page_request: PageRequest, dark: bool) -> PlotlyFigure:
    page = _DossiersPage(page_request)
    figure = draw_flow_figure(
        page.weekly_history, page.selected_period.report.snapshot.period, dark=dark
    )
    return plot.add_figure_source(figure, page.history_source())


def _draw_channels(page_request: PageRequest, dark: bool) -> PlotlyFigure:
    page = _DossiersPage(page_request)
    figure = draw_channel_figure(page.weekly_history, dark=dark)
    return plot.add_figure_source(figure, page.history_source())


def _tabulate_communes(page_request: PageRequest) -> DownloadTable:
    page = _DossiersPage(page_request)
    return words.tabulate_commune_counts(page.dossiers, page.commune_names, page.source_and_reach())


def _tabulate_risks(page_request: PageRequest) -> DownloadTable:
    """Every commune's open dossiers by when they fall due; blank where no list was told."""
    page = _DossiersPage(page_request)
    frame = page.selected_period.report.dossiers.at_risk
    column_heads = {
        **dossier_lists.RISKS,
        "open": "Đang giải quyết",
        "no_due_date": "Không ghi ngày hẹn trả",
        "paused": "Tạm dừng",
    }
    columns = [frame[name].tolist() for name in column_heads]
    at_risk = explain_indicator("at_risk")
    return DownloadTable(
        [
            *build_unit_columns(),
            *(TableColumn(head, at_risk, CellType.NUMBER) for head in column_heads.values()),
        ],
        [list(row) for row in zip(frame.index, page.commune_names, *columns, strict=True)],
        "Hồ sơ quá hạn và sắp đến hạn theo đơn vị",
        page.list_source,
    )


def _tabulate_procedures(page_request: PageRequest) -> DownloadTable:
    page = _DossiersPage(page_request)
    return dossier_lists.tabulate_procedures(page.procedure_rows, page.list_source)


def _tabulate_fields(page_request: PageRequest) -> DownloadTable:
    page = _DossiersPage(page_request)
    return dossier_lists.tabulate_fields(page.field_rows, page.list_source)


def _tabulate_handovers(page_request: PageRequest) -> DownloadTable:
    page = _DossiersPage(page_request)
    return dossier_lists.tabulate_handovers(page.handover_rows, page.unit_names, page.list_source)


def _tell_period_filter(page_request: PageRequest) -> str:
    full_period = select_period(page_request).full_period
    return "" if full_period is None else name_period(full_period)


DOSSIERS_DOCUMENT = Document(
    PATH,
    "Hồ sơ",
    "dossiers/page.html",
    build_dossiers_context,
    "dossiers",
    preserved_params=("period", "by", "form"),
    filters=_tell_period_filter,
    misread=lambda page_request: [
        *list_misread_period(page_request),
        *list_misread_choices(page_request.query, vars(_DossiersPage(page_request).form)),
    ],
    shared=lambda page_request: tell_on_time(page_request.report, page_request.today),
    downloads={
        "ho-so-theo-xa": _tabulate_communes,
        "ho-so-sap-den-han": _tabulate_risks,
        "ho-so-theo-thu-tuc": _tabulate_procedures,
        "ho-so-theo-linh-vuc": _tabulate_fields,
        "ho-so-nhan-thay": _tabulate_handovers,
    },
    figures={"theo-tuan": _draw_flow, "theo-kenh": _draw_channels},
    charts={
        "theo-tuan": PageChart("Hồ sơ tiếp nhận và giải quyết, 12 tháng"),
        "theo-kenh": PageChart("Hồ sơ mới theo kênh, 12 tháng"),
        "days": PageChart("Hồ sơ tiếp nhận theo ngày", 420),
        "cohorts": PageChart("Hồ sơ nhận trong tuần, xong sau mấy ngày làm việc", 560),
        "communes": PageChart("Hồ sơ theo đơn vị", 640),
    },
)

"""/ho-so: the dossiers of a period. What came in, what was done and in time, what lies, where, and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Response

from dashboard import workdays
from dashboard.indicators.course import Course
from dashboard.pages import absent, navigation, period_asked
from dashboard.pages.document import Asked, Document
from dashboard.pages.dossier_page import DossierPage
from dashboard.pages.downloads import Rows
from dashboard.pages.period_links import period_links
from dashboard.pages.sources_told import kind_words
from dashboard.views import (
    day_calendar,
    deadlines,
    dossier_words,
    plot,
    throughput,
    throughput_charts,
    throughput_communes,
)
from dashboard.views.plot import Figure

PATH = "/ho-so"
FORMS = {"bars": "Cột xếp hạng", "multiples": "Diễn biến từng xã"}
RISKS_SHOWN = 12


@dataclass(frozen=True)
class Form:
    """How the communes are shown, as the address says: by which figure, as bars or as small curves."""

    by: str = "received"
    form: str = "bars"

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Form:
        """What is not known falls back."""
        by, form = query.get("by", ""), query.get("form", "")
        return cls(by if by in throughput_communes.FIGURES else cls.by, form if form in FORMS else cls.form)

    def to_query(self) -> dict[str, str]:
        """The address of this form; `from_query` reads it back."""
        return {name: value for name, value in vars(self).items() if value != getattr(Form, name)}


class _Throughput(DossierPage):
    path = PATH

    @cached_property
    def form(self) -> Form:
        return Form.from_query(self.asked.query)

    @property
    def course(self) -> Course:
        return self.chosen.report.course

    def periods(self) -> dict[str, Any]:
        return period_links(self.chosen, lambda period: self.address(period, self.form.to_query()))

    def flow(self) -> list[dict[str, Any]] | None:
        return None if self.dossiers.answer is None else throughput.flow(self.dossiers)

    def rate_rows(self) -> list[dict[str, str]] | None:
        return None if self.dossiers.answer is None else throughput.rate_rows(self.dossiers)

    def calendar(self) -> dict[str, Any] | None:
        asked, day, period = self.asked, self.asked.day, self.chosen.report.snapshot.period
        if period is None:
            return None
        last = min(period.last, day)
        by_day = asked.reports.dossiers_over_time(asked.view.province, last, asked.version)
        return day_calendar.calendar(by_day, period.first, last, asked.today, workdays.calendar())

    def channels(self) -> list[dict[str, Any]]:
        found = self.dossiers.answer
        return [] if found is None else throughput.channels(found.totals())

    def course_of_all(self) -> dict[str, Any] | None:
        course, charts = self.course, throughput_charts
        if not charts.has_flow(course):
            return None
        channels = (charts.channel_summary(course), charts.channel_table(course)) if charts.has_channels(course) else ()
        return {
            "flow": (charts.flow_summary(course), charts.flow_table(course)),
            "channels": channels,
            "grain": "tháng" if self.course.grain == "month" else "tuần",
        }

    def communes(self) -> dict[str, Any] | None:
        if self.dossiers.answer is None:
            return None
        by, form, period = self.form.by, self.form.form, self.period_in_address
        value = throughput_communes.values(self.dossiers, by)
        shown: dict[str, Any] = {"bars": (), "multiples": ()}
        if form == "multiples":
            order = throughput_communes.order(value)
            codes = self.dossiers.codes
            shown["multiples"] = throughput_communes.multiples(self.course, codes, self.names, order)
        else:
            shown["bars"] = throughput_communes.bars(self.dossiers, self.names, by)
        return {
            **shown,
            "word": throughput_communes.FIGURES[by],
            "by": [
                (self.address(period, Form(code, form).to_query()), word, code == by)
                for code, word in throughput_communes.FIGURES.items()
            ],
            "forms": [
                (self.address(period, Form(by, code).to_query()), word, code == form) for code, word in FORMS.items()
            ],
            "form": form,
            "grain": "tháng" if self.course.grain == "month" else "tuần",
        }

    def at_risk(self) -> dict[str, Any] | None:
        return deadlines.at_risk(self.chosen.report.at_risk, self.names)

    def cohorts(self) -> list[dict[str, Any]] | None:
        asked = self.asked
        frame = asked.reports.cohorts(asked.view.province, asked.day, asked.version)
        return None if frame is None else deadlines.cohorts(frame)

    def others(self) -> dict[str, Any]:
        found = self.dossiers.answer
        return {
            "rivals": [] if found is None else throughput.rivals(found, kind_words()),
            "departments": throughput.departments(self.dossiers),
        }


def found(asked: Asked) -> Mapping[str, Any] | Response:
    """What throughput.html writes; a period given by two fields is sent on to its one name."""
    moved = period_asked.by_name(asked, PATH, ("by", "form"))
    if moved is not None:
        return moved
    page = _Throughput(asked)
    return {
        "headline": lambda: throughput.headline(page.dossiers, page.chosen.whole, asked.province_name) + page.title_end,
        "missing": lambda: absent.dossiers(asked, page.chosen.report),
        "periods": page.periods,
        "coverage": page.coverage,
        "flow": page.flow,
        "rate_rows": page.rate_rows,
        "rates_title": lambda: throughput.rates_title(page.dossiers),
        "course": page.course_of_all,
        "calendar": page.calendar,
        "weekdays": day_calendar.WEEKDAYS,
        "channels": page.channels,
        "communes": page.communes,
        "at_risk": page.at_risk,
        "risks": deadlines.RISKS,
        "risks_shown": RISKS_SHOWN,
        "cohorts": page.cohorts,
        "within": deadlines.WITHIN,
        "others": page.others,
        "named": page.named,
        "answering": page.answering,
        "source": page.source,
        "commune": lambda code: navigation.commune_address(code, asked.view),
    }


def _flow_chart(asked: Asked, dark: bool) -> Figure:
    page = _Throughput(asked)
    figure = throughput_charts.flow_figure(page.course, page.chosen.report.snapshot.period, dark=dark)
    return plot.with_source(figure, page.source())


def _channel_chart(asked: Asked, dark: bool) -> Figure:
    page = _Throughput(asked)
    figure = throughput_charts.channel_figure(page.course, dark=dark)
    return plot.with_source(figure, page.source())


def _commune_rows(asked: Asked) -> Rows:
    page = _Throughput(asked)
    return Rows(*throughput_communes.table(page.dossiers, page.names))


def _risk_rows(asked: Asked) -> Rows:
    """Every commune's open dossiers by when they fall due; blank where no list was told."""
    page = _Throughput(asked)
    frame = page.chosen.report.at_risk
    told = {
        **deadlines.RISKS,
        "open": "Đang giải quyết",
        "no_due_date": "Không ghi ngày hẹn trả",
        "paused": "Tạm dừng",
    }
    columns = [frame[name].tolist() for name in told]
    return Rows(
        ("Mã", "Đơn vị", *told.values()), [list(row) for row in zip(frame.index, page.names, *columns, strict=True)]
    )


def _filters(asked: Asked) -> str:
    whole = period_asked.chosen(asked).whole
    return "" if whole is None else dossier_words.named(whole)


DOCUMENT = Document(
    PATH,
    "Hồ sơ",
    "throughput.html",
    found,
    "dossiers",
    keeps=("period", "by", "form"),
    filters=_filters,
    downloads={"ho-so-theo-xa": _commune_rows, "ho-so-sap-den-han": _risk_rows},
    figures={"theo-tuan": _flow_chart, "theo-kenh": _channel_chart},
)

"""What `/` says in its very first answer, before any script: title, line for chats, headline.

On a weak line the scripts take ten seconds; a chat that shows a preview never runs them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from dashboard.indicators.report import Report
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.store import StoreUnavailable
from dashboard.text import format_day
from dashboard.web.documents import http_caching
from dashboard.web.documents.document import (
    PRODUCT_DESCRIPTION,
    PRODUCT_TITLE,
    describe_address,
    read_page_view,
)
from dashboard.web.documents.guarded_sections import FailureRecorder
from dashboard.web.static_files import compute_build_stamp
from dashboard.web.words.headline import list_readiness_figures


@dataclass(frozen=True)
class FirstAnswer:
    """`figures`: the headline, a line each; empty while the store is away."""

    title: str = PRODUCT_TITLE
    description: str = PRODUCT_DESCRIPTION
    figures: tuple[str, ...] = ()

    def write_entry(self) -> str:
        """What stands in the page until its scripts have taken over."""
        lines = Markup("").join(Markup("<li>{}</li>").format(line) for line in self.figures)
        return Markup(
            '<div id="react-entry-point"><div class="first-answer"><h1>{}</h1><ul>{}</ul>'
            '<p class="loading">Đang tải…</p></div></div>'
        ).format(self.title, lines)

    def write_sharing(self) -> str:
        """What a chat shows of a link."""
        return Markup(
            '<meta property="og:title" content="{}"><meta property="og:description" content="{}">'
        ).format(self.title, self.description)


def describe_first_answer(settings: Settings, reports: Reports) -> FirstAnswer:
    """The first answer for the present request's address; while the store is away its title."""
    title = str(escape(describe_address(settings)))
    try:
        with FailureRecorder("first answer of /"):
            description, figures = _obtain_headline(settings, reports)
            return FirstAnswer(title, description, tuple(figures))
    except StoreUnavailable:
        pass
    return FirstAnswer(title)


def _obtain_headline(settings: Settings, reports: Reports) -> tuple[str, Sequence[str]]:
    """The line for chats, and the figures."""
    view = read_page_view(settings)
    day = view.day(settings.today())
    version = reports.version()
    etag = http_caching.compute_etag("first answer", version, compute_build_stamp(), view, day)

    def make() -> tuple[str, Sequence[str]]:
        return _tell_headline(reports.report(view.province, day, version), day)

    description, figures = http_caching.obtain_value(etag, make)
    return description, figures


def _tell_headline(report: Report, day: date) -> tuple[str, Sequence[str]]:
    figures = list_readiness_figures(report)
    lines = [
        " ".join(part for part in (figure["value"], figure["label"], figure["share"]) if part)
        for figure in figures
    ]
    green = f"{figures[0]['value']} {figures[0]['label']}"
    return f"{green}, tính đến {format_day(day)}. {PRODUCT_DESCRIPTION}", lines

"""What `/` says in its very first answer, before any script: title, line for chats, headline.

On a weak line the scripts take ten seconds; a chat that shows a preview never runs them.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup, escape

from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.store import StoreUnavailable
from dashboard.text import format_day
from dashboard.web.documents.document import (
    PRODUCT_DESCRIPTION,
    PRODUCT_TITLE,
    describe_address,
    read_page_view,
)
from dashboard.web.documents.guarded_sections import FailureRecorder
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
            return FirstAnswer(title, *_tell_headline(settings, reports))
    except StoreUnavailable:
        pass
    return FirstAnswer(title)


def _tell_headline(settings: Settings, reports: Reports) -> tuple[str, tuple[str, ...]]:
    view = read_page_view(settings)
    day = view.day(settings.today())
    figures = list_readiness_figures(reports.report(view.province, day, reports.version()))
    lines = tuple(
        " ".join(part for part in (figure["value"], figure["label"], figure["share"]) if part)
        for figure in figures
    )
    green = f"{figures[0]['value']} {figures[0]['label']}"
    return f"{green}, tính đến {format_day(day)}. {PRODUCT_DESCRIPTION}", lines

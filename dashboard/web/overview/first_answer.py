"""What `/` says in its very first answer, before any script: title, line for chats, headline,
decisions, the ten most in need.

On a weak line the scripts take ten seconds; a chat that shows a preview never runs them. Figures
and words are those of the state that the scripts show afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from flask import g
from markupsafe import Markup, escape

from dashboard import reference
from dashboard.data_version import DataVersion
from dashboard.indicators import levels
from dashboard.indicators.report import Report
from dashboard.reference import FIRST_DAY
from dashboard.reports import Reports
from dashboard.settings import ROOT, Settings
from dashboard.store import StoreUnavailable
from dashboard.text import format_age, format_day
from dashboard.web import bundles, theme
from dashboard.web.documents import http_caching, navigation
from dashboard.web.documents.address import PageView
from dashboard.web.documents.document import (
    PRODUCT_DESCRIPTION,
    PRODUCT_TITLE,
    describe_address,
    describe_view,
    read_page_view,
)
from dashboard.web.documents.guarded_sections import TEMPLATES, FailureRecorder
from dashboard.web.overview.state import fetch_state
from dashboard.web.static_files import compute_build_stamp
from dashboard.web.words.need import MOST_IN_NEED, list_most_in_need

BROKEN = "Phần này tạm thời không tính được."
# The cards of the headline in their order, and where each leads (headline.js builds the same).
CARD_PAGES = {
    "green": ("/thieu-gi", {}),
    "network": ("/thieu-gi", {"dimension": "network"}),
    "digital_signature": ("/thieu-gi", {"dimension": "digital_signature"}),
    "devices": ("/thieu-gi", {"dimension": "devices"}),
    "on_time": ("/ho-so", {}),
}
# What the first answer is laid out by, in the order of page.css; the rest comes as a file.
_STYLES = (
    "assets/base.css",
    "dashboard/web/overview/brief.css",
    "dashboard/web/overview/first_answer.css",
    "assets/frame.css",
    "dashboard/web/overview/layout.css",
    "assets/theme.css",
)
_NO_FIGURES = Markup('<div class="first-answer"><h1>{}</h1><p class="loading">Đang tải…</p></div>')


@dataclass(frozen=True)
class FirstAnswer:
    """`body`: headline, decisions and need as HTML; empty while the store is away."""

    title: str = PRODUCT_TITLE
    description: str = PRODUCT_DESCRIPTION
    body: str = ""

    def write_entry(self) -> str:
        """Where the scripts build the page, and what stands there until they have: behind it, so
        that whoever looks for a part of the page finds that one first.
        """
        body = self.body or _NO_FIGURES.format(self.title)
        return f'<div id="react-entry-point"></div>{body}'

    def write_sharing(self) -> str:
        """What a chat shows of a link."""
        return Markup(
            '<meta property="og:title" content="{}"><meta property="og:description" content="{}">'
        ).format(self.title, self.description)


@lru_cache(maxsize=1)
def write_first_style() -> str:
    """The rules that lay out the first answer, so that it waits for no file."""
    rules = "".join(bundles.build_style(ROOT / name) for name in _STYLES)
    return f"<style>{rules}</style>"


def describe_first_answer(settings: Settings, reports: Reports) -> FirstAnswer:
    """The first answer for the present request's address; while the store is away its title."""
    title = str(escape(describe_address(settings)))
    try:
        with FailureRecorder("first answer of /"):
            description, body = _obtain_figures(settings, reports)
            return FirstAnswer(title, description, body)
    except StoreUnavailable:
        pass
    return FirstAnswer(title)


def _obtain_figures(settings: Settings, reports: Reports) -> tuple[str, str]:
    """The line for chats and the HTML of the figures, made once a machine."""
    view = read_page_view(settings)
    today = settings.today()
    version = reports.version()
    etag = http_caching.compute_etag("first answer", version, compute_build_stamp(), view, today)
    description, body = http_caching.obtain_value(
        etag, lambda: _tell_figures(reports, view, today, version)
    )
    return description, body


def _tell_figures(
    reports: Reports, view: PageView, today: date, version: DataVersion
) -> tuple[str, str]:
    day = view.day(today)
    attempt = http_caching.number_attempt()
    state = fetch_state(reports, view.province, day, today, version, attempt)
    if state["failed"]:
        g.has_failed_part = True  # it may be whole a moment later: kept by nobody
    report = reports.report(view.province, day, version)
    figures = {figure["id"]: figure for figure in state["headline"]}
    green = figures["green"]
    description = f"{green['value']} {green['label']}, tính đến {format_day(day)}."
    week = (state["movement"] or {}).get("week", {})
    body = TEMPLATES.get_template("overview/first_answer.html").render(
        title=describe_view(view),
        view=view,
        day=day,
        today=today,
        first_day=FIRST_DAY,
        state=state,
        cards=[_describe_card(name, figures.get(name, {}), view) for name in CARD_PAGES],
        most_in_need=_list_need_lines(report),
        listed=MOST_IN_NEED,
        data_age=_tell_data_age(state["data_time"], day),
        moved=week.get("words") or week.get("empty"),
        broken=BROKEN,
        provinces=reference.load_province_names(),
        pages=[
            (navigation.build_address(entry.path, view), entry.word, entry.path == "/")
            for entry in navigation.PAGES
        ],
        link=lambda path: navigation.build_address(path, view),
    )
    return f"{description} {PRODUCT_DESCRIPTION}", body


def _tell_data_age(data_time: str, day: date) -> str:
    """`điều kiện: số liệu 2 ngày trước`, as the bar says it (assets/connection.js)."""
    if not data_time:
        return "chưa có dữ liệu điều kiện"
    days = (day - datetime.fromisoformat(data_time).date()).days
    return f"điều kiện: số liệu {format_age(max(0, days))}"


def _describe_card(name: str, figure: Mapping[str, str], view: PageView) -> dict[str, Any]:
    """One card of the headline; blank where the criteria have no such dimension."""
    path, fields = CARD_PAGES[name]
    value = figure.get("value", "")
    return {
        "id": name,
        "address": navigation.build_address(path, view, MappingProxyType(fields)),
        "value": value,
        "is_words": not any(character.isdigit() for character in value),
        "label": figure.get("label", ""),
        "under": figure.get("under", ""),
    }


def _list_need_lines(report: Report) -> list[dict[str, Any]]:
    """Twice as many of the most in need as the page lists beside its map; nobody where that cannot
    be told."""
    with FailureRecorder("most in need in the first answer of /"):
        overall = report.readiness.assessment.overall[:, 0]
        names = report.communes["name"].tolist()
        return [
            {
                **line,
                "code": report.codes[line["commune"]],
                "name": names[line["commune"]],
                "level": theme.LEVELS[levels.LEVEL_NAMES[overall[line["commune"]]]],
            }
            for line in list_most_in_need(report, 2 * MOST_IN_NEED)
        ]
    return []

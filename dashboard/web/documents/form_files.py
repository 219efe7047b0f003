"""Where the filled-in forms are fetched: /ho-so/bieu-II.06a.xlsx of the chosen period, and
/du-lieu/bieu-ke-khai.xlsx of the chosen day.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response

from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.web.documents import data_sources, document, http_caching
from dashboard.web.documents.document import PageRequest
from dashboard.web.documents.downloads import name_download
from dashboard.web.documents.official_forms import (
    FilledForm,
    NothingToFill,
    fill_declaration_form,
    fill_dossier_form,
)
from dashboard.web.documents.period import select_period
from dashboard.web.documents.workbooks import WORKBOOK_TYPE


def register(server: Flask, settings: Settings, reports: Reports) -> None:
    """Adds both addresses to `server`."""

    @server.get("/ho-so/bieu-II.06a.xlsx")
    @http_caching.tell_store_unavailable
    def dossier_form() -> Response:
        return _respond(_fill_dossiers, document.read_page_request(settings, reports, {}))

    @server.get("/du-lieu/bieu-ke-khai.xlsx")
    @http_caching.tell_store_unavailable
    def declaration_form() -> Response:
        return _respond(_fill_declarations, document.read_page_request(settings, reports, {}))


def _respond(fill: Callable[[PageRequest], FilledForm], page_request: PageRequest) -> Response:
    try:
        filled = fill(page_request)
    except NothingToFill:
        words = "Chưa nguồn nào cho số liệu của biểu này trong kỳ hoặc ngày đã chọn."
        return Response(words, status=404, mimetype="text/plain")
    headers = name_download(filled.name, "xlsx")
    return Response(filled.content, mimetype=WORKBOOK_TYPE, headers=headers)


def _fill_dossiers(page_request: PageRequest) -> FilledForm:
    report = select_period(page_request).report
    return fill_dossier_form(report, simulated=_is_simulated(page_request))


def _fill_declarations(page_request: PageRequest) -> FilledForm:
    return fill_declaration_form(page_request.report, simulated=_is_simulated(page_request))


def _is_simulated(page_request: PageRequest) -> bool:
    return data_sources.is_simulated(
        page_request.reports,
        page_request.view.province,
        page_request.day,
        page_request.version,
    )

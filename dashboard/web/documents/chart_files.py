"""<page>/bieu-do/<name>.json: the charts of the documents, each asked for when its place comes near
the view.

A figure hangs on its page's own address, so that /xa/21250/bieu-do/… sees what /xa/21250 sees;
`dark=1` asks for the colours of the night, which Plotly cannot read from the style sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Flask, Response, abort, request
from flask.typing import ResponseReturnValue

from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.web.charts.plot import GRAPH_CONFIG
from dashboard.web.documents import http_caching
from dashboard.web.documents.document import Document, read_page_request
from dashboard.web.static_files import compute_build_stamp


def register(
    server: Flask, settings: Settings, reports: Reports, documents: Sequence[Document]
) -> None:
    """Adds the figures of the documents (`Document.figures`) to `server`."""
    for document in documents:
        if document.figures:
            rule = f"{document.rule}/bieu-do/<figure>.json"
            server.add_url_rule(
                rule, rule, _make_figure_view(document, settings, reports), methods=["GET"]
            )


def _make_figure_view(
    document: Document, settings: Settings, reports: Reports
) -> Callable[..., ResponseReturnValue]:
    @http_caching.tell_store_unavailable
    def answer(figure: str, **path: str) -> Response:
        if figure not in document.figures:
            abort(404)
        page_request = read_page_request(settings, reports, path)
        etag = http_caching.compute_etag(
            page_request.version, compute_build_stamp(), request.full_path, page_request.today
        )
        dark = request.args.get("dark") == "1"
        return http_caching.respond_with_json(
            etag, lambda: {**document.figures[figure](page_request, dark), "config": GRAPH_CONFIG}
        )

    return answer

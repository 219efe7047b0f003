"""<page>/bieu-do/<name>.json: the charts of the documents, each asked for when its place comes near the view.

A figure hangs on its page's own address, so that /xa/21250/bieu-do/… sees what /xa/21250 sees; `dark=1` asks for the
colours of the night, which Plotly cannot read from the style sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Flask, Response, abort, request
from flask.typing import ResponseReturnValue

from dashboard.pages import answers
from dashboard.pages.document import Document, asking
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.static import build_stamp
from dashboard.store import StoreUnavailable
from dashboard.views.plot import CONFIG


def register(server: Flask, settings: Settings, reports: Reports, documents: Sequence[Document]) -> None:
    """Adds the figures of the documents (`Document.figures`) to `server`."""
    for document in documents:
        if document.figures:
            rule = f"{document.rule}/bieu-do/<figure>.json"
            server.add_url_rule(rule, rule, _answering(document, settings, reports), methods=["GET"])


def _answering(document: Document, settings: Settings, reports: Reports) -> Callable[..., ResponseReturnValue]:
    def answer(figure: str, **path: str) -> ResponseReturnValue:
        if figure not in document.figures:
            abort(404)
        try:
            asked = asking(settings, reports, path)
            etag = answers.tag(asked.version, build_stamp(), request.full_path, asked.today)
            if answers.is_known(etag):
                return answers.unchanged(etag)
            made = document.figures[figure](asked, request.args.get("dark") == "1")
        except StoreUnavailable:
            return Response("kho dữ liệu tạm thời không đọc được", status=503)
        body = answers.as_json({**made, "config": CONFIG})
        return answers.compressed(body, "application/json", answers.asked_again(etag))

    return answer

"""GET /api/report: the whole report of a province and day as JSON, for other programs; the pages say the same."""

from __future__ import annotations

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue

from dashboard.pages import answers
from dashboard.pages.address import View
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.static import build_stamp
from dashboard.store import StoreUnavailable


def register(server: Flask, settings: Settings, reports: Reports) -> None:
    """Adds /api/report?province=25&as_of=2025-07-13; junk in the query falls back as on the pages."""

    @server.get("/api/report")
    def report() -> ResponseReturnValue:
        today = settings.today()
        view = View.from_query(request.args, default_province=settings.province, today=today)
        try:
            version = reports.version()
            etag = answers.tag("report", version, build_stamp(), view.province, view.day(today))
            if answers.is_known(etag):
                return answers.unchanged(etag)
            body = reports.report_json(view.province, view.day(today), version)
        except StoreUnavailable:
            return Response("kho dữ liệu tạm thời không đọc được", status=503)
        return answers.compressed(answers.as_json(body), "application/json", answers.asked_again(etag))

"""/api/movement: what changed since a day that somebody chose; yesterday and last week are in the state already."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue

from dashboard.pages import answers
from dashboard.pages.address import View
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.static import build_stamp
from dashboard.store import StoreUnavailable
from dashboard.views.movement import movement


def since(query: Mapping[str, str], day: date) -> date | None:
    """The day to compare with: one before `day`; None for junk."""
    before = View.from_query({"as_of": query.get("since", "")}, default_province="", today=day).as_of
    return before if before and before < day else None


def register(server: Flask, settings: Settings, reports: Reports) -> None:
    """Adds /api/movement?province=…&as_of=…&since=… (views.movement)."""

    @server.get("/api/movement")
    def moved() -> ResponseReturnValue:
        today = settings.today()
        view = View.from_query(request.args, default_province=settings.province, today=today)
        before = since(request.args, view.day(today))
        if before is None:
            return Response("chọn một ngày trước ngày đang xem, từ 01/07/2025", status=400)
        try:
            version = reports.version()
            etag = answers.tag(version, build_stamp(), view, today, before)
            if answers.is_known(etag):
                return answers.unchanged(etag)
            body = movement(reports.report(view.province, view.day(today), version), before)
        except StoreUnavailable:
            return Response("kho dữ liệu tạm thời không đọc được", status=503)
        return answers.compressed(answers.as_json(body), "application/json", answers.asked_again(etag))

"""What an open page asks for while it lives: the state of the province, the map, the charts, other days.

A question about something unchanged costs one small query here and an empty 304 on the wire.
"""

from __future__ import annotations

from collections.abc import Mapping

import dash
from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from dashboard import reference
from dashboard.pages import answers, graphs, movement_answer, names_file, replay_file
from dashboard.pages.address import View
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.static import build_stamp
from dashboard.store import StoreUnavailable

OUTLINE_NOTES = {"schematic": "Ranh giới sơ đồ", "office": ""}


def register(app: dash.Dash, settings: Settings, reports: Reports) -> None:
    """Adds /api/state, /map/…, /api/movement, /days/… and the callbacks of the charts to `app`."""

    @app.server.get("/api/state")
    def state() -> ResponseReturnValue:
        today = settings.today()
        view = _view(request.args, settings)
        try:
            version = reports.version()
            outline = reports.outline(view.province)
            etag = answers.tag(version, build_stamp(), view, today, outline.fingerprint)
            if known := answers.not_modified(etag):
                return known
            body = {
                "version": version,
                "build": build_stamp(),
                "live": view.as_of is None,
                "map": f"/map/{view.province}-{reports.drawing(outline).fingerprint}.svg",
                "names": names_file.address(view.province),
                "outline_note": OUTLINE_NOTES.get(outline.source, ""),
                "today": today.isoformat(),
                "days": replay_file.addresses(view.province, today, version),
                **reports.state(view.province, view.day(today), today, version, answers.attempt()),
            }
        except StoreUnavailable:
            return Response("kho dữ liệu tạm thời không đọc được", status=503)
        tag = answers.unsound(etag) if body["failed"] else etag
        return answers.compressed(answers.as_json(body), "application/json", answers.asked_again(tag))

    @app.server.get("/map/<province>-<fingerprint>.svg")
    def map_of(province: str, fingerprint: str) -> ResponseReturnValue:
        if province not in reference.provinces():
            abort(404)
        outline = reports.outline(province)
        drawing = reports.drawing(outline)
        if fingerprint != drawing.fingerprint:
            abort(404)  # an old address: the page that asks learns the new one from its next state
        return answers.compressed(drawing.svg, "image/svg+xml", answers.FOR_EVER)

    graphs.register(app, settings, reports)
    movement_answer.register(app.server, settings, reports)
    replay_file.register(app.server, settings, reports)


def _view(query: Mapping[str, str], settings: Settings) -> View:
    return View.from_query(query, default_province=settings.province, today=settings.today())

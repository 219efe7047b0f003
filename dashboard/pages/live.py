"""What an open page asks for while it lives: the state of the province, the map, the two charts.

A question about something unchanged costs one small query here and an empty 304 on the wire.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import dash
from dash import Input, Output, State, dcc
from dash.development.base_component import Component
from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from dashboard import reference
from dashboard.pages import answers, names_file, overview
from dashboard.pages.address import View
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.static import build_stamp
from dashboard.store import StoreUnavailable
from dashboard.views import charts, plot

OUTLINE_NOTES = {"schematic": "Ranh giới sơ đồ", "office": ""}
GRAPHS = {"green-over-time": "Xã xanh theo ngày", "dossiers-over-time": "Hồ sơ tiếp nhận và giải quyết theo ngày"}


def register(app: dash.Dash, settings: Settings, reports: Reports) -> None:
    """Adds /api/state, /map/… and the callbacks of the charts to `app`."""

    @app.server.get("/api/state")
    def state() -> ResponseReturnValue:
        today = settings.today()
        view = _view(request.args, settings)
        try:
            version = reports.version()
            outline = reports.outline(view.province)
            etag = answers.tag(version, build_stamp(), view, today, outline.fingerprint)
            if answers.is_known(etag):
                return answers.unchanged(etag)
            body = {
                "version": version,
                "build": build_stamp(),
                "live": view.as_of is None,
                "map": f"/map/{view.province}-{reports.drawing(outline).fingerprint}.svg",
                "names": names_file.address(view.province),
                "outline_note": OUTLINE_NOTES.get(outline.source, ""),
                **reports.state(view.province, view.day(today), today, version),
            }
        except StoreUnavailable:
            return Response("kho dữ liệu tạm thời không đọc được", status=503)
        return answers.compressed(answers.as_json(body), "application/json", answers.asked_again(etag))

    @app.server.get("/map/<province>-<fingerprint>.svg")
    def map_of(province: str, fingerprint: str) -> ResponseReturnValue:
        if province not in reference.provinces():
            abort(404)
        outline = reports.outline(province)
        drawing = reports.drawing(outline)
        if fingerprint != drawing.fingerprint:
            abort(404)  # an old address: the page that asks learns the new one from its next state
        return answers.compressed(drawing.svg, "image/svg+xml", answers.FOR_EVER)

    _register_charts(app, settings, reports)


def _register_charts(app: dash.Dash, settings: Settings, reports: Reports) -> None:
    """The graphs come once, when the page wants them; afterwards only their figures are written."""

    def figures(key: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        asked = _written(key)
        query = dict(parse_qsl(str(asked.get("query", "")).removeprefix("?")))
        view, dark, today = _view(query, settings), asked.get("scheme") == "dark", settings.today()
        day, version = view.day(today), reports.version()
        return (
            charts.green_over_time(reports.green_over_time(view.province, day, version), dark=dark),
            charts.dossiers_over_time(reports.dossiers_over_time(view.province, day, version), today, dark=dark),
        )

    @app.callback(
        Output("charts", "children"),
        Input("charts-wanted", "data-wanted"),
        State("chart-key", "data-key"),
        prevent_initial_call=True,
    )
    def mount(_wanted: Any, key: Any) -> list[Component]:
        graphs = [
            dcc.Graph(id=name, figure=figure, config=plot.CONFIG, className="graph")
            for name, figure in zip(GRAPHS, figures(key), strict=True)
        ]
        return overview.chart_frames(list(zip(GRAPHS.values(), graphs, strict=True)))

    @app.callback(
        [Output(name, "figure") for name in GRAPHS],
        Input("chart-key", "data-key"),
        prevent_initial_call=True,
    )
    def repaint(key: Any) -> list[dict[str, Any]]:
        return list(figures(key))


def _written(key: Any) -> dict[str, Any]:
    """What charts.js wrote (JSON); anything else is an empty question."""
    try:
        asked = json.loads(key) if isinstance(key, str) else {}
    except (ValueError, RecursionError):
        return {}
    return asked if isinstance(asked, dict) else {}


def _view(query: Mapping[str, str], settings: Settings) -> View:
    return View.from_query(query, default_province=settings.province, today=settings.today())

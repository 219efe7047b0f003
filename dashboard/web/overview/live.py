"""What an open page asks for while it lives: the state of the province, the map, the charts, other
days.

The state of a day that somebody steps to is asked for with the stamp of what it depends on in its
address, so that browsers and proxies keep it; what a page shows now is asked for without.

A question about something unchanged costs one small query here and an empty 304 on the wire.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode

import dash
from dash import Input, Output, State, dcc
from dash.development.base_component import Component
from flask import Flask, Response, abort, request
from flask.typing import ResponseReturnValue
from plotly.io.json import to_json_plotly

from dashboard import reference
from dashboard.data_version import DataVersion
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.web.base_path import locate_path
from dashboard.web.charts import map, plot
from dashboard.web.charts.plot import PlotlyFigure
from dashboard.web.documents import commune_names, http_caching
from dashboard.web.documents.address import PageView, parse_day_param
from dashboard.web.documents.document import PageRequest, read_page_view
from dashboard.web.documents.guarded_sections import FailureRecorder
from dashboard.web.overview import figures, replay
from dashboard.web.overview.panels import build_chart_frame, mark_emptiness
from dashboard.web.overview.state import fetch_state
from dashboard.web.static_files import compute_build_stamp
from dashboard.web.words.movement import describe_movement

# What the callbacks of the charts answer, kept like every answer: Dash draws and writes a figure
# once a machine, for whoever asks for the same day with the same colours.

DrawnGraph = tuple[PlotlyFigure, str]
CHART_KEY = {"id": "chart-key", "property": "data-key"}
_CALLBACKS = "/_dash-update-component"  # the address, and Dash's name of its endpoint
# What a page sends; a call that says more is answered by Dash alone.
_FIELDS = {
    *("output", "outputs", "inputs", "state"),
    *("changedPropIds", "parsedChangedPropsIds"),
}


@dataclass(frozen=True)
class ChartQuestion:
    """All that the figures depend on besides the data: whose, of which day, in which colours, and
    whether fewer names find a place.
    """

    view: PageView
    today: date
    dark: bool
    narrow: bool

    @property
    def day(self) -> date:
        return self.view.day(self.today)


def parse_chart_question(key: Any, settings: Settings) -> ChartQuestion:
    """What charts.js wrote into `key` (JSON); anything else is an empty question."""
    page_state = _parse_page_state(key)
    today = settings.today()
    query = dict(parse_qsl(str(page_state.get("query", "")).removeprefix("?")))
    return ChartQuestion(
        PageView.from_query(query, default_province=settings.province, today=today),
        today,
        dark=page_state.get("scheme") == "dark",
        narrow=bool(page_state.get("narrow")),
    )


def _parse_page_state(key: Any) -> dict[str, Any]:
    try:
        page_state = json.loads(key) if isinstance(key, str) else {}
    except (ValueError, RecursionError):
        return {}
    return page_state if isinstance(page_state, dict) else {}


def obtain_drawn(
    question: ChartQuestion, version: DataVersion, draw: Callable[[], list[DrawnGraph]]
) -> list[DrawnGraph]:
    """Figures and words, drawn once a machine whichever callback asks for them."""
    etag = http_caching.compute_etag("figures", version, compute_build_stamp(), question)
    drawn = http_caching.obtain_value(etag, lambda: json.loads(to_json_plotly(draw())))
    return [(figure, words) for figure, words in drawn]


def keep_chart_answers(app: dash.Dash, settings: Settings, reports: Reports) -> None:
    """Puts kept answers before Dash's own, for what only the chart key decides. The door and the
    check of the call (security.py) come before both.
    """
    answer_by_dash: Callable[[], ResponseReturnValue] = app.server.view_functions[_CALLBACKS]

    def answer() -> ResponseReturnValue:
        call: Mapping[str, Any] = request.get_json(force=True)
        entries = [*call.get("inputs", []), *call.get("state", [])]
        keys = [entry.get("value") for entry in entries if _is_chart_key(entry)]
        if len(keys) != 1 or request.args or set(call) - _FIELDS:
            return answer_by_dash()
        question = parse_chart_question(keys[0], settings)
        etag = http_caching.compute_etag(
            "charts",
            reports.version(),
            compute_build_stamp(),
            question,
            call["output"],
            call["outputs"],
        )

        def make() -> http_caching.MadeAnswer:
            drawn = app.server.make_response(answer_by_dash())
            return http_caching.MadeAnswer(
                drawn.get_data(), etag, is_sound=drawn.status_code == 200
            )

        return http_caching.respond_with_made(
            etag, "application/json", make, lambda _answer: {"Cache-Control": "no-store"}
        )

    app.server.view_functions[_CALLBACKS] = answer


def _is_chart_key(entry: Mapping[str, Any]) -> bool:
    return {name: entry.get(name) for name in CHART_KEY} == CHART_KEY


# /api/movement: what changed since a day that somebody chose; yesterday and last week are in the
# state already.


def parse_since_day(query: Mapping[str, str], day: date) -> date | None:
    """The day to compare with: one before `day`; None for junk."""
    before = parse_day_param(query.get("since", ""), day)
    return before if before and before < day else None


def register_movement(server: Flask, settings: Settings, reports: Reports) -> None:
    """Adds /api/movement?province=…&as_of=…&since=…."""

    @server.get("/api/movement")
    @http_caching.tell_store_unavailable
    def moved() -> Response:
        today = settings.today()
        view = read_page_view(settings)
        before = parse_since_day(request.args, view.day(today))
        if before is None:
            return Response("chọn một ngày trước ngày đang xem, từ 01/07/2025", status=400)
        version = reports.version()
        etag = http_caching.compute_etag(version, compute_build_stamp(), view, today, before)
        return http_caching.respond_with_json(
            etag,
            lambda: describe_movement(
                reports.report(view.province, view.day(today), version), before
            ),
        )


# The charts of the first page: the graphs come once, when the page wants them; afterwards only
# figures and the words beside them are written.


def register_charts(app: dash.Dash, settings: Settings, reports: Reports) -> None:
    """Adds the callbacks of the charts to `app`."""

    def draw_graphs(key: Any) -> list[DrawnGraph]:
        question = parse_chart_question(key, settings)
        version = reports.version()
        return obtain_drawn(question, version, lambda: draw(question, version))

    def draw(question: ChartQuestion, version: DataVersion) -> list[DrawnGraph]:
        """Figure and words of each graph, in the order of figures.GRAPHS; one that fails says
        so and leaves the others.
        """
        page_request = PageRequest(question.view, question.today, version, reports, {}, {})
        makers: tuple[Callable[[], figures.DrawnChart], ...] = (
            partial(figures.draw_green, page_request, dark=question.dark),
            partial(figures.draw_dossiers, page_request, dark=question.dark),
            partial(figures.draw_corners, page_request, dark=question.dark, narrow=question.narrow),
        )
        return [
            _draw_guarded(title, make, dark=question.dark)
            for title, make in zip(figures.GRAPHS.values(), makers, strict=True)
        ]

    @app.callback(
        Output("charts", "children"),
        Output("quadrant-place", "children"),
        Input("charts-wanted", "data-wanted"),
        State("chart-key", "data-key"),
        prevent_initial_call=True,
    )
    def mount(_wanted: Any, key: Any) -> tuple[list[Component], list[Component]]:
        frames = [
            build_chart_frame(
                name, title, words, _graph_component(name, figure), empty=not figure["data"]
            )
            for (name, title), (figure, words) in zip(
                figures.GRAPHS.items(), draw_graphs(key), strict=True
            )
        ]
        return frames[: len(figures.GRAPHS_BESIDE_MAP)], frames[len(figures.GRAPHS_BESIDE_MAP) :]

    @app.callback(
        [
            *(Output(name, "figure") for name in figures.GRAPHS),
            *(Output(f"{name}-said", "children") for name in figures.GRAPHS),
            *(Output(f"{name}-frame", "data-empty") for name in figures.GRAPHS),
        ],
        Input("chart-key", "data-key"),
        prevent_initial_call=True,
    )
    def repaint(key: Any) -> list[plot.PlotlyFigure | str]:
        drawn = draw_graphs(key)
        drawings, words = zip(*drawn, strict=True)
        return [*drawings, *words, *(mark_emptiness(not figure["data"]) for figure in drawings)]


def _draw_guarded(
    title: str, make: Callable[[], figures.DrawnChart], *, dark: bool
) -> figures.DrawnChart:
    """What `make` draws; where it fails, the sentence of a broken part in its place."""
    with FailureRecorder(f"chart {title!r}"):
        return make()
    broken = plot.draw_empty_figure(f"{title}: tạm thời không tính được", dark=dark)
    return broken, "Phần này đang lỗi, phần khác vẫn đúng; lỗi đã được ghi lại."


def _graph_component(name: str, figure: plot.PlotlyFigure) -> Component:
    return dcc.Graph(id=name, figure=figure, config=plot.GRAPH_CONFIG, className="graph")


def stamp_days(province: str, version: DataVersion, today: date, outline: str) -> str:
    """What the states of a province's single days depend on, as it stands in their addresses (`v`):
    a browser that keeps one keeps it for good, for nothing else is ever told at that address.
    """
    parts = ("days", province, version, compute_build_stamp(), today, outline)
    return http_caching.compute_etag(*parts).partition("-")[0]


OUTLINE_NOTES = {"schematic": "Ranh giới dạng sơ đồ, không phải địa giới", "office": ""}


def register(app: dash.Dash, settings: Settings, reports: Reports) -> None:
    """Adds /api/state, /map/…, /api/movement, /days/… and the callbacks of the charts to `app`."""

    @app.server.get("/api/state")
    @http_caching.tell_store_unavailable
    def state() -> Response:
        today = settings.today()
        view = read_page_view(settings)
        version = reports.version()
        outline = reports.outline(view.province)
        etag = http_caching.compute_etag(
            version, compute_build_stamp(), view, today, outline.fingerprint
        )
        stamp = stamp_days(view.province, version, today, outline.fingerprint)
        is_stamped = "v" in request.args
        if is_stamped and (request.args["v"] != stamp or view.as_of is None):
            # An older version's, or a live view, which moves on.
            unstamped = f"{locate_path('/api/state')}?{urlencode(view.to_query())}"
            headers = {"Location": unstamped, "Cache-Control": "no-store"}
            return Response(status=307, headers=headers)

        def list_headers(answer: http_caching.Answer) -> Mapping[str, str]:
            headers = http_caching.revalidate_headers(answer.etag)
            if is_stamped and answer.is_sound:
                headers |= http_caching.IMMUTABLE_HEADERS
            return headers

        def make_body() -> dict[str, Any]:
            return {
                "version": version.number,
                "stamp": stamp,
                "token": version.token,
                "build": compute_build_stamp(),
                "live": view.as_of is None,
                "map": f"/map/{view.province}-{map.draw_map_of_outline(outline).fingerprint}.svg",
                "names": commune_names.build_names_address(view.province),
                "outline_note": OUTLINE_NOTES.get(outline.source, ""),
                "today": today.isoformat(),
                "days": replay.list_replay_addresses(view.province, today, version),
                **fetch_state(
                    reports,
                    view.province,
                    view.day(today),
                    today,
                    version,
                    http_caching.number_attempt(),
                ),
            }

        return http_caching.respond_with_json(etag, make_body, list_headers)

    @app.server.get("/map/<province>-<fingerprint>.svg")
    def map_of(province: str, fingerprint: str) -> ResponseReturnValue:
        if province not in reference.load_province_names():
            abort(404)
        outline = reports.outline(province)

        def draw() -> http_caching.MadeAnswer:
            drawing = map.draw_map_of_outline(outline)
            if fingerprint != drawing.fingerprint:
                abort(404)  # an old address: the page learns the new one from its next state
            return http_caching.MadeAnswer(drawing.svg, fingerprint)

        return http_caching.respond_with_made(
            http_caching.compute_etag("map", outline.fingerprint, fingerprint),
            "image/svg+xml",
            draw,
            lambda _answer: http_caching.IMMUTABLE_HEADERS,
        )

    register_charts(app, settings, reports)
    keep_chart_answers(app, settings, reports)
    register_movement(app.server, settings, reports)
    replay.register(app.server, settings, reports)

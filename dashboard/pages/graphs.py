"""The charts of the first page: the graphs come once, when the page wants them; afterwards only figures and the words
beside them are written."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import dash
from dash import Input, Output, State, dcc
from dash.development.base_component import Component

from dashboard.errors import kind_and_place
from dashboard.pages import sources_told
from dashboard.pages.address import View
from dashboard.pages.overview_charts import chart_frame, emptiness
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.store import StoreUnavailable
from dashboard.views import charts, plot, quadrant, quadrant_chart

# Beside the map, and below it.
BESIDE = {"green-over-time": "Xã xanh theo ngày", "dossiers-over-time": "Hồ sơ tiếp nhận và giải quyết theo ngày"}
BELOW = {"quadrant": "Mức sẵn sàng và đúng hạn"}
GRAPHS = {**BESIDE, **BELOW}
_log = logging.getLogger("dashboard")


def register(app: dash.Dash, settings: Settings, reports: Reports) -> None:
    """Adds the callbacks of the charts to `app`."""

    def drawn(key: Any) -> list[tuple[plot.Figure, str]]:
        """Figure and words of each graph, in the order of GRAPHS; one that fails says so and leaves the others."""
        asked = _written(key)
        query = dict(parse_qsl(str(asked.get("query", "")).removeprefix("?")))
        today, dark = settings.today(), asked.get("scheme") == "dark"
        view = View.from_query(query, default_province=settings.province, today=today)
        day, version = view.day(today), reports.version()
        report = reports.report(view.province, day, version)

        def green() -> tuple[plot.Figure, str]:
            figure = charts.green_over_time(reports.green_over_time(view.province, day, version), dark=dark)
            return plot.with_source(figure, sources_told.READINESS), charts.said(figure)

        def by_day() -> tuple[plot.Figure, str]:
            told = reports.dossiers_over_time(view.province, day, version)
            figure = charts.dossiers_over_time(told, today, dark=dark)
            return plot.with_source(figure, sources_told.of_dossiers(report, today)), charts.said(figure)

        def corners() -> tuple[plot.Figure, str]:
            found = quadrant.quadrant(report)
            figure = quadrant_chart.figure(found, dark=dark, narrow=bool(asked.get("narrow")))
            source = f"{sources_told.READINESS}; {sources_told.of_dossiers(report, today)}"
            return plot.with_source(figure, source), quadrant.said(found)

        makers = zip(GRAPHS.values(), (green, by_day, corners), strict=True)
        return [_guarded(title, make, dark=dark) for title, make in makers]

    @app.callback(
        Output("charts", "children"),
        Output("quadrant-place", "children"),
        Input("charts-wanted", "data-wanted"),
        State("chart-key", "data-key"),
        prevent_initial_call=True,
    )
    def mount(_wanted: Any, key: Any) -> tuple[list[Component], list[Component]]:
        frames = [
            chart_frame(name, title, words, _graph(name, figure), empty=not figure["data"])
            for (name, title), (figure, words) in zip(GRAPHS.items(), drawn(key), strict=True)
        ]
        return frames[: len(BESIDE)], frames[len(BESIDE) :]

    @app.callback(
        [
            *(Output(name, "figure") for name in GRAPHS),
            *(Output(f"{name}-said", "children") for name in GRAPHS),
            *(Output(f"{name}-frame", "data-empty") for name in GRAPHS),
        ],
        Input("chart-key", "data-key"),
        prevent_initial_call=True,
    )
    def repaint(key: Any) -> list[plot.Figure | str]:
        found = drawn(key)
        figures, words = zip(*found, strict=True)
        return [*figures, *words, *(emptiness(not figure["data"]) for figure in figures)]


def _guarded(title: str, make: Callable[[], tuple[plot.Figure, str]], *, dark: bool) -> tuple[plot.Figure, str]:
    """What `make` draws; where it fails, the sentence of a broken part in its place."""
    try:
        return make()
    except StoreUnavailable:
        raise  # no chart can be right then; the old ones stay
    except Exception as error:
        _log.error("chart %r failed: %s", title, kind_and_place(error))
        broken = plot.nothing(f"{title}: tạm thời không tính được", dark=dark)
        return broken, "Phần này đang lỗi, phần khác vẫn đúng; lỗi đã được ghi lại."


def _graph(name: str, figure: plot.Figure) -> Component:
    return dcc.Graph(id=name, figure=figure, config=plot.CONFIG, className="graph")


def _written(key: Any) -> dict[str, Any]:
    """What charts.js wrote (JSON); anything else is an empty question."""
    try:
        asked = json.loads(key) if isinstance(key, str) else {}
    except (ValueError, RecursionError):
        return {}
    return asked if isinstance(asked, dict) else {}

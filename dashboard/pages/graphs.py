"""The charts of the first page: the graphs come once, when the page wants them; afterwards only figures and the words
beside them are written."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

import dash
from dash import Input, Output, State, dcc
from dash.development.base_component import Component

from dashboard.pages import overview, sources_told
from dashboard.pages.address import View
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.views import charts, plot, quadrant

# Beside the map, and below it.
BESIDE = {"green-over-time": "Xã xanh theo ngày", "dossiers-over-time": "Hồ sơ tiếp nhận và giải quyết theo ngày"}
BELOW = {"quadrant": "Mức sẵn sàng và đúng hạn"}
GRAPHS = {**BESIDE, **BELOW}


def register(app: dash.Dash, settings: Settings, reports: Reports) -> None:
    """Adds the callbacks of the charts to `app`."""

    def drawn(key: Any) -> list[tuple[plot.Figure, str]]:
        """Figure and words of each graph, in the order of GRAPHS."""
        asked = _written(key)
        query = dict(parse_qsl(str(asked.get("query", "")).removeprefix("?")))
        today, dark = settings.today(), asked.get("scheme") == "dark"
        view = View.from_query(query, default_province=settings.province, today=today)
        day, version = view.day(today), reports.version()
        report = reports.report(view.province, day, version)
        corners, dossiers = quadrant.quadrant(report), sources_told.of_dossiers(report, today)
        green, by_day = (
            tell(view.province, day, version) for tell in (reports.green_over_time, reports.dossiers_over_time)
        )
        figures = [
            plot.with_source(charts.green_over_time(green, dark=dark), sources_told.READINESS),
            plot.with_source(charts.dossiers_over_time(by_day, today, dark=dark), dossiers),
            plot.with_source(quadrant.figure(corners, dark=dark), f"{sources_told.READINESS}; {dossiers}"),
        ]
        words = [*(charts.said(figure) for figure in figures[:2]), quadrant.said(corners)]
        return list(zip(figures, words, strict=True))

    @app.callback(
        Output("charts", "children"),
        Output("quadrant-place", "children"),
        Input("charts-wanted", "data-wanted"),
        State("chart-key", "data-key"),
        prevent_initial_call=True,
    )
    def mount(_wanted: Any, key: Any) -> tuple[list[Component], list[Component]]:
        frames = [
            overview.chart_frame(name, title, words, _graph(name, figure))
            for (name, title), (figure, words) in zip(GRAPHS.items(), drawn(key), strict=True)
        ]
        return frames[: len(BESIDE)], frames[len(BESIDE) :]

    @app.callback(
        [*(Output(name, "figure") for name in GRAPHS), *(Output(f"{name}-said", "children") for name in GRAPHS)],
        Input("chart-key", "data-key"),
        prevent_initial_call=True,
    )
    def repaint(key: Any) -> list[plot.Figure | str]:
        found = drawn(key)
        return [*(figure for figure, _ in found), *(words for _, words in found)]


def _graph(name: str, figure: plot.Figure) -> Component:
    return dcc.Graph(id=name, figure=figure, config=plot.CONFIG, className="graph")


def _written(key: Any) -> dict[str, Any]:
    """What charts.js wrote (JSON); anything else is an empty question."""
    try:
        asked = json.loads(key) if isinstance(key, str) else {}
    except (ValueError, RecursionError):
        return {}
    return asked if isinstance(asked, dict) else {}

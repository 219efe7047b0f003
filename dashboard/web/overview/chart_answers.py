"""What the callbacks of the charts answer, kept like every answer: Dash draws and writes a figure
once a machine, for whoever asks for the same day with the same colours.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

import dash
from flask import request
from flask.typing import ResponseReturnValue
from plotly.io.json import to_json_plotly

from dashboard.data_version import DataVersion
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.web.charts.plot import PlotlyFigure
from dashboard.web.documents import http_caching
from dashboard.web.documents.address import PageView
from dashboard.web.static_files import compute_build_stamp

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

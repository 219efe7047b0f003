"""The figures of the charts of `/`, each with what it says in words: for `/` and for frames of
other sites.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from dashboard import text, workdays
from dashboard.web.charts import plot
from dashboard.web.charts.plot import ChartTable, PlotlyFigure
from dashboard.web.documents import data_sources
from dashboard.web.documents.document import PageRequest
from dashboard.web.documents.guarded_sections import FailureRecorder
from dashboard.web.overview import charts, quadrant

DrawnChart = tuple[PlotlyFigure, str]
# Beside the map, and below it.
GRAPHS_BESIDE_MAP = {
    "green-over-time": "Đơn vị đạt mức Xanh theo ngày",
    "dossiers-over-time": "Hồ sơ tiếp nhận và giải quyết theo ngày",
}
GRAPHS_BELOW_MAP = {"quadrant": "Mức sẵn sàng và đúng hạn"}
GRAPHS = {**GRAPHS_BESIDE_MAP, **GRAPHS_BELOW_MAP}


def draw_charts(page_request: PageRequest, *, dark: bool, narrow: bool) -> dict[str, Any]:
    """JSON-ready: of each chart, in the order of GRAPHS, its `figure` and its `words`; one that
    fails says so, stands in `failed` and leaves the others.
    """
    makers: dict[str, Callable[[], DrawnChart]] = {
        "green-over-time": partial(draw_green, page_request, dark=dark),
        "dossiers-over-time": partial(draw_dossiers, page_request, dark=dark),
        "quadrant": partial(draw_corners, page_request, dark=dark, narrow=narrow),
    }
    failed: list[str] = []
    charts_told = {}
    for name, title in GRAPHS.items():
        figure = plot.draw_empty_figure(f"{title}: tạm thời không tính được", dark=dark)
        words = "Phần này đang lỗi, phần khác vẫn đúng; lỗi đã được ghi lại."
        with FailureRecorder(f"chart {title!r}", failed, name):
            figure, words = makers[name]()
        charts_told[name] = {"figure": figure, "words": words}
    return {"charts": charts_told, "failed": failed}


def draw_green(page_request: PageRequest, *, dark: bool) -> DrawnChart:
    """Communes by level, day by day."""
    view, reports = page_request.view, page_request.reports
    figure = charts.draw_green_over_time(
        reports.green_over_time(view.province, page_request.day, page_request.version),
        reports.criteria.list_change_days(),
        dark=dark,
    )
    plot.add_figure_source(figure, data_sources.READINESS_SOURCE)
    return figure, charts.describe_time_chart(figure)


def draw_dossiers(page_request: PageRequest, *, dark: bool) -> DrawnChart:
    """Dossiers received and resolved by working day."""
    series = page_request.reports.dossiers_over_time(
        page_request.view.province, page_request.day, page_request.version
    )
    figure = charts.draw_dossiers_over_time(
        series, page_request.today, workdays.load_calendar(), dark=dark
    )
    plot.add_figure_source(figure, _tell_dossier_sources(page_request))
    return figure, charts.describe_time_chart(figure)


def draw_corners(page_request: PageRequest, *, dark: bool, narrow: bool) -> DrawnChart:
    """What communes lack against how many of their dossiers are on time."""
    corners = quadrant.compute_quadrant(page_request.report)
    figure = quadrant.draw_quadrant(corners, dark=dark, narrow=narrow)
    source = f"{data_sources.READINESS_SOURCE}; {_tell_dossier_sources(page_request)}"
    plot.add_figure_source(figure, source)
    return figure, quadrant.describe_quadrant(corners)


def _tell_dossier_sources(page_request: PageRequest) -> str:
    return data_sources.tell_dossier_sources(page_request.report, page_request.today)


def tabulate_figure(figure: PlotlyFigure) -> ChartTable:
    """The data of a chart as words, the newest first; what it was drawn with, as chart_data.js."""
    if head := figure["layout"].get("meta", {}).get("head"):
        return ChartTable(head, [row for trace in figure["data"] for row in trace["customdata"]])
    traces = figure["data"]
    values = [dict(zip(trace["x"], trace["y"], strict=True)) for trace in traces]
    names = sorted({name for trace in traces for name in trace["x"]}, reverse=True)
    rows = [
        [charts.format_axis_period(name), *(text.format_number(of.get(name)) for of in values)]
        for name in names
    ]
    return ChartTable(["Ngày, kỳ", *(trace["name"] for trace in traces)], rows)

"""The figures of the charts of `/`, each with what it says in words: for `/` and for frames of
other sites.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from flask import Response, redirect
from markupsafe import Markup

from dashboard import text, workdays
from dashboard.indicators import levels
from dashboard.web import theme
from dashboard.web.charts import map, plot
from dashboard.web.charts.plot import ChartTable, PlotlyFigure
from dashboard.web.documents import data_sources, navigation
from dashboard.web.documents.document import Document, PageRequest
from dashboard.web.documents.guarded_sections import FailureRecorder
from dashboard.web.documents.small_views import (
    CHART_FIELD,
    SMALL_BUNDLE,
    SMALL_FIELDS,
    CutChart,
    PageChart,
    SmallView,
)
from dashboard.web.overview import charts, quadrant
from dashboard.web.words.headline import list_readiness_figures

DrawnChart = tuple[PlotlyFigure, str]
# Beside the map, and below it.
GRAPHS_BESIDE_MAP = {
    "green-over-time": "Đơn vị đạt mức Xanh theo ngày",
    "dossiers-over-time": "Hồ sơ tiếp nhận và giải quyết theo ngày",
}
GRAPHS_BELOW_MAP = {"quadrant": "Mức sẵn sàng và đúng hạn"}
GRAPHS = {**GRAPHS_BESIDE_MAP, **GRAPHS_BELOW_MAP}

PATH: Final = "/toan-canh"
MAP_CHART: Final = "map"
# As portals wrote them before every chart could be shown.
_FORMER_NAMES: Final = {"green": "green-over-time", "dossiers": "dossiers-over-time"}


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
    view = page_request.view
    reports = page_request.reports
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


# /toan-canh: the map and each chart of `/` alone, for frames of other sites. `/` itself is Dash, so
# there is no written page that they could be cut out of.

_MAKERS: Final[dict[str, Callable[..., DrawnChart]]] = {
    "green-over-time": draw_green,
    "dossiers-over-time": draw_dossiers,
    "quadrant": partial(draw_corners, narrow=True),
}
_COMMUNE: Final = re.compile(
    r'<path class="commune" role="option" aria-selected="false" aria-label=("[^"]*"|\'[^\']*\')'
    r' data-commune="(\d+)" (?:.*?)(data-(?:fine|small)="true")?(?: data-x[^<>]*)? d="([^"]*)"/>'
)
# What a pixel of a frame is in units of the drawing: hatchings are as wide as on `/`.
_PIXEL: Final = 18


def build_small_chart(page_request: PageRequest) -> Mapping[str, Any] | Response:
    """What small_chart.html writes: the map, or a figure with its words and its table."""
    name = page_request.query.get(CHART_FIELD, "")
    if name in _FORMER_NAMES:
        fields = {field: page_request.query.get(field, "") for field in SMALL_FIELDS}
        fields[CHART_FIELD] = _FORMER_NAMES[name]
        small = {field: value for field, value in fields.items() if value}
        return redirect(navigation.build_address(PATH, page_request.view, small))  # type: ignore[return-value]  # werkzeug's own class
    name = _take_chart(page_request)
    is_map = name == MAP_CHART
    return {
        "name": name,
        "is_map": is_map,
        "needs_script": not is_map,
        "chart": CutChart(title=Markup.escape(OVERVIEW_CHARTS_DOCUMENT.charts[name].words)),
        "source": lambda: _tell_source(page_request, name),
        "drawn": lambda: _paint_map(page_request) if is_map else _draw(page_request, name),
    }


def _take_chart(page_request: PageRequest) -> str:
    written = page_request.query.get(CHART_FIELD, "")
    return written if written in OVERVIEW_CHARTS_DOCUMENT.charts else MAP_CHART


def _tell_source(page_request: PageRequest, name: str) -> str:
    dossiers = data_sources.tell_dossier_sources(page_request.report, page_request.today)
    if name == "dossiers-over-time":
        return dossiers
    freshness = data_sources.tell_data_freshness(
        page_request.reports, page_request.view.province, page_request.day, page_request.version
    )
    readiness = ", ".join(
        filter(None, [data_sources.READINESS_SOURCE, freshness.get("data_as_of", "")])
    )
    return "; ".join(filter(None, [readiness, dossiers if name == "quadrant" else ""]))


def _draw(page_request: PageRequest, name: str) -> dict[str, Any]:
    figure, words = _MAKERS[name](page_request, dark=False)
    return {"words": words, "table": tabulate_figure(figure)}


def _paint_map(page_request: PageRequest) -> dict[str, Any]:
    """The province's outlines in the colours of their levels, each told by its name; how many
    communes each level has.
    """
    report = page_request.report
    outline = page_request.reports.outline(page_request.view.province)
    level_of = {
        code: levels.LEVEL_NAMES[level]
        for code, level in zip(report.codes, report.readiness.assessment.overall[:, 0], strict=True)
    }

    def paint(shape: re.Match[str]) -> str:
        name, code, size, outline_path = shape.groups()
        level = level_of[code]
        label = f"{name[1:-1]}: {theme.LEVELS[level].word}"
        return (
            f'<path class="commune" data-level="{level}" {size or ""} d="{outline_path}">'
            f"<title>{label}</title></path>"
        )

    drawing = _COMMUNE.sub(paint, map.draw_map_of_outline(outline).svg.decode())
    drawing = drawing.replace(
        'patternUnits="userSpaceOnUse"',
        f'patternUnits="userSpaceOnUse" patternTransform="scale({_PIXEL})"',
    )
    counts = levels.count_levels(report.readiness.assessment.overall)
    figure = list_readiness_figures(report)[0]
    return {
        "drawing": Markup(drawing),  # every name in it was escaped when it was drawn
        "words": f"{figure['value']} {figure['label']}",
        "is_schematic": outline.source == "schematic",
        "counts": [
            {"state": code, "word": look.word, "count": text.format_number(counts[code])}
            for code, look in theme.LEVELS.items()
        ],
    }


def _draw_figure(name: str, page_request: PageRequest, dark: bool) -> PlotlyFigure:
    figure = _MAKERS[name](page_request, dark=dark)[0]
    for label in figure["layout"].get("annotations", []):
        # A frame may be half as wide as the narrowest place on `/`.
        label["text"] = label["text"].replace(" nhưng hồ sơ", " nhưng<br>hồ sơ")
        label["align"] = label.get("xanchor", "center")
    return figure


OVERVIEW_CHARTS_DOCUMENT: Final = Document(
    PATH,
    "Toàn cảnh",
    "",
    build_small_chart,
    SMALL_BUNDLE,
    figures={name: partial(_draw_figure, name) for name in _MAKERS},
    # The map is drawn by the outlines, which change without the data.
    extra_etag=lambda page_request: (
        page_request.reports.outline(page_request.view.province).fingerprint
    ),
    small=SmallView("overview/small_chart.html", build_small_chart, whole="/"),
    charts={
        MAP_CHART: PageChart("Bản đồ mức sẵn sàng", 760),
        "green-over-time": PageChart(GRAPHS["green-over-time"], 560),
        "dossiers-over-time": PageChart(GRAPHS["dossiers-over-time"], 580),
        "quadrant": PageChart(GRAPHS["quadrant"], 760),
    },
)

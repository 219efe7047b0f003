"""/toan-canh: the map and each chart of `/` alone, for frames of other sites: `/` itself is Dash,
so there is no written page that they could be cut out of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from flask import Response, redirect
from markupsafe import Markup

from dashboard import text
from dashboard.indicators import levels
from dashboard.web import theme
from dashboard.web.charts import map
from dashboard.web.charts.plot import PlotlyFigure
from dashboard.web.documents import data_sources, navigation
from dashboard.web.documents.document import Document, PageRequest
from dashboard.web.documents.small_views import (
    CHART_FIELD,
    SMALL_BUNDLE,
    SMALL_FIELDS,
    CutChart,
    PageChart,
    SmallView,
)
from dashboard.web.overview import figures
from dashboard.web.words.headline import list_readiness_figures

PATH: Final = "/toan-canh"
MAP_CHART: Final = "map"
# As portals wrote them before every chart could be shown.
_FORMER_NAMES: Final = {"green": "green-over-time", "dossiers": "dossiers-over-time"}
_MAKERS: Final[dict[str, Callable[..., figures.DrawnChart]]] = {
    "green-over-time": figures.draw_green,
    "dossiers-over-time": figures.draw_dossiers,
    "quadrant": partial(figures.draw_corners, narrow=True),
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
    return {"words": words, "table": figures.tabulate_figure(figure)}


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
        "green-over-time": PageChart(figures.GRAPHS["green-over-time"], 560),
        "dossiers-over-time": PageChart(figures.GRAPHS["dossiers-over-time"], 580),
        "quadrant": PageChart(figures.GRAPHS["quadrant"], 760),
    },
)

"""The frames of the first page's charts: they keep their place until the graphs come, once, after map and table."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.pages.controls import save_picture

# The charts beside the map, in their order.
CHARTS = ("Xã xanh theo ngày", "Hồ sơ tiếp nhận và giải quyết theo ngày")
NOT_YET = "Chưa có hình biểu đồ khi in; số liệu ở đầu trang và ở bảng các xã. In lại sau vài giây để có hình."


def charts() -> Component:
    """Where the graphs come once, after map and table; paper, which cannot wait, says where the figures are."""
    frames = [html.Div([html.H2(title), waiting()], className="chart") for title in CHARTS]
    return html.Section(
        [*frames, html.P(NOT_YET, className="print-only")],
        id="charts",
        className="charts",
        **{"aria-label": "Biểu đồ"},
    )


def waiting() -> Component:
    """What stands in a chart's place before it comes."""
    return html.Div(html.P("Đang chờ biểu đồ…", className="quiet"), className="chart-body")


def chart_frame(name: str, title: str, words: str, graph: Component, *, empty: bool) -> Component:
    """Title, what the chart says, its body of a kept height, and its data as a table (web/overview/chart_data.js); an
    `empty` one keeps only its line."""
    return html.Div(
        [
            html.H2(title),
            html.P(words, id=f"{name}-said", className="said quiet"),
            html.Div(graph, className="chart-body"),
            save_picture(f" biểu đồ {title}", **{"data-picture": ""}),
            html.Details(
                [html.Summary(["Số liệu", html.Span(f" của biểu đồ {title}", className="unseen")])],
                className="chart-data",
                **{"data-of": name},
            ),
        ],
        id=f"{name}-frame",
        className="chart",
        **{"data-chart": name, "data-empty": emptiness(empty)},
    )


def emptiness(empty: bool) -> str:
    """What a frame is marked with."""
    return "true" if empty else "false"

"""The page `/`: a layout that never changes; scripts in assets/ fill it with leaf writes only.

Lists and inputs are those of dash-bootstrap-components, which keyboard and screen reader can use;
scripts listen to them on the document (assets/controls.js).
"""

from __future__ import annotations

from collections.abc import Mapping

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from dashboard import reference
from dashboard.pages import brief, navigation
from dashboard.pages.address import View
from dashboard.pages.controls import labelled, search, select, toggle
from dashboard.views import theme

# Stands for a code in an address that scripts fill in; no commune has it.
NO_COMMUNE = "00000"
# What the map can show, in the order of the list: id in the address and in /api/state → words.
LAYERS = {
    "overall": "Tổng thể",
    "network": "Mạng",
    "digital_signature": "Chữ ký số",
    "devices": "Thiết bị",
    "on_time": "Đúng hạn",
    "silence": "Im lặng",
}
# The charts beside the map, in their order.
CHARTS = ("Xã xanh theo ngày", "Hồ sơ tiếp nhận và giải quyết theo ngày")
# Columns of the table as a phone's "Xếp theo" offers them: id in the address → words.
SORTS = {
    "overall": "Yếu nhất trước",
    "name": "Tên xã A–Y",
    "-received": "Nhiều hồ sơ nhất",
    "on_time": "Đúng hạn thấp nhất",
    "-age": "Số liệu cũ nhất",
}


def layout(provinces: Mapping[str, str] | None = None) -> Component:
    """The whole page; `provinces` (code → name, in order) are offered, by default all 34."""
    return html.Div(
        id="page",
        className="page",
        children=[
            html.A("Đến bảng các xã", href="#table-title", className="skip"),
            html.Div([header(provinces or reference.provinces()), first_screen()], className="screen"),
            brief.further(),
            table_pane(),
            html.Div(id="tooltip", className="tooltip", hidden=True, role="tooltip"),
            # Written by charts.js, read by callbacks; plain elements, because a dcc.Store would bring 66 kB.
            html.Div(id="chart-key", hidden=True, **{"data-key": ""}),
            html.Div(id="charts-wanted", hidden=True, **{"data-wanted": ""}),
        ],
    )


def first_screen() -> Component:
    """Headline, map and charts: with the bar above exactly one screen of a desktop."""
    return html.Main(
        className="content",
        children=[
            html.H1("Mức sẵn sàng của các xã, phường, đặc khu", className="unseen"),
            html.P(id="print-line", className="print-only"),
            html.Section(id="headline", className="headline", **{"aria-label": "Số liệu chính"}),
            as_of_line(),
            html.Div([brief.brief(), map_pane(), panel(), charts()], className="stage"),
        ],
    )


def as_of_line() -> Component:
    """How old the figures are, whether they are simulated, and the address to send (share.js)."""
    choices = (("day", "của ngày…"), ("live", "trực tiếp, luôn mới"))
    buttons = [html.Button(words, type="button", **{"data-share": which}) for which, words in choices]
    link = [html.Summary("Sao chép liên kết"), html.Div(buttons, className="choices")]
    return html.Div(
        [
            html.Span(id="as-of-line"),
            html.Span(id="notice", className="notice"),
            html.Span(id="shared", role="status"),
            html.Details(link, className="share", hidden=True),
        ],
        className="as-of-line",
    )


def header(provinces: Mapping[str, str]) -> Component:
    """Province, pages, search, day, connection: one bar (a phone has search and day at its foot)."""
    return html.Header(
        className="bar",
        children=[
            labelled("Tỉnh, thành phố", select("province", provinces), className="province"),
            html.Nav([_link(page) for page in navigation.PAGES], **{"aria-label": "Các trang"}),
            html.Div(
                [
                    html.Div(
                        [
                            labelled("Tìm xã", search()),
                            html.Span(id="match-count", className="quiet", role="status"),
                        ],
                        className="search",
                    ),
                    html.Div(
                        [
                            labelled("Ngày", dbc.Input(id="as-of", type="date", min="2025-07-01"), seen=True),
                            # The browser writes the day its own way; until somebody edits it, this reads 13/07/2025.
                            html.Span(className="day-read", **{"aria-hidden": "true"}),
                        ],
                        className="day",
                    ),
                    html.Button("Về trực tiếp", id="go-live", type="button", hidden=True),
                ],
                className="tools",
            ),
            html.Div(
                [
                    html.Span(id="connection", className="connection", role="status"),
                    html.Span(id="checked", className="quiet"),
                    html.Span(id="data-age", className="quiet"),
                    html.Span(id="address-note", className="address-note", role="status"),
                ],
                className="status",
            ),
        ],
    )


def _link(page: navigation.Entry) -> Component:
    """navigation.js adds the province and day that are shown."""
    current = {"aria-current": "page"} if page.path == "/" else {}
    return html.A(page.word, href=page.path, **current)


def map_pane() -> Component:
    """Map or tiles, what they show, zoom, legend."""
    return html.Section(
        className="map-pane",
        **{"aria-labelledby": "map-title"},
        children=[
            html.Div(
                className="pane-head",
                children=[
                    html.H2("Bản đồ", id="map-title"),
                    html.Div(
                        [labelled("Tô theo", select("show", LAYERS), seen=True), views()], className="map-controls"
                    ),
                    html.P(id="outline-note", className="quiet"),
                    _picture(" bản đồ", id="save-map"),
                    zoom(),
                ],
            ),
            html.Div(id="map", className="map"),
            brief.replay(),
            legend(),
        ],
    )


def views() -> Component:
    """Map or tiles: one of two is pressed."""
    return html.Div(
        [toggle("Bản đồ", "view-map", True), toggle("Ô đều", "view-tiles", False)],
        className="segments",
        role="group",
        **{"aria-label": "Cách vẽ"},
    )


def _picture(of: str, **attributes: str) -> Component:
    """The button that saves a chart or the map as a file (chart-picture.js, map-picture.js)."""
    words = ["Tải ảnh", html.Span(of, className="unseen")]
    return html.Button(words, className="picture", type="button", **attributes)


def zoom() -> Component:
    """Beside the map, never upon it: an island may lie in any corner."""
    buttons = [("in", "+", "Phóng to"), ("out", "−", "Thu nhỏ"), ("home", "⌂", "Cả tỉnh")]
    return html.Div(
        [
            html.Button(sign, id=f"zoom-{what}", type="button", title=word, **{"aria-label": word})
            for what, sign, word in buttons
        ],
        className="zoom segments",
        role="group",
        **{"aria-label": "Phóng bản đồ"},
    )


def legend() -> Component:
    """Sign, count and word of every state, and what they add up to; scripts read the words from here."""
    items = [
        html.Li(
            [
                html.Span(className="swatch", **{"data-swatch": level.code}),
                html.Span(level.sign, className="sign", **{"aria-hidden": "true"}),
                html.Span("…", className="count"),
                html.Span(level.word, className="word"),
            ],
            **{
                "data-state": level.code,
                "data-letter": level.letter,
                "data-word": level.word,
                "data-sign": level.sign,
            },
        )
        for level in theme.LEVELS.values()
    ]
    total = html.Li(["= ", html.Span("…", className="count")], className="total")
    return html.Ul([*items, total], id="legend", className="legend", **{"aria-label": "Chú giải"})


def panel() -> Component:
    """The selected commune; empty and hidden until one is selected."""
    where = navigation.commune_address(NO_COMMUNE, View("00"))
    page = where.partition("?")[0] if where.startswith("/xa/") else ""
    return html.Aside(
        id="panel", className="panel", hidden=True, **{"aria-labelledby": "panel-title", "data-page": page}
    )


def charts() -> Component:
    """Where the graphs come once, after map and table; the frames keep their place until then."""
    waits = html.P("Đang chờ biểu đồ…", className="quiet")
    return html.Section(
        [html.Div([html.H2(title), html.Div(waits, className="chart-body")], className="chart") for title in CHARTS],
        id="charts",
        className="charts",
        **{"aria-label": "Biểu đồ"},
    )


def chart_frame(name: str, title: str, words: str, graph: Component) -> Component:
    """Title, what the chart says, its body of a kept height, and its data as a table (chart-data.js)."""
    return html.Div(
        [
            html.H2(title),
            html.P(words, id=f"{name}-said", className="said quiet"),
            html.Div(graph, className="chart-body"),
            _picture(f" biểu đồ {title}", **{"data-picture": ""}),
            html.Details(
                [html.Summary(["Số liệu", html.Span(f" của biểu đồ {title}", className="unseen")])],
                className="chart-data",
                **{"data-of": name},
            ),
        ],
        className="chart",
        **{"data-chart": name},
    )


def table_pane() -> Component:
    """The table of all communes; head and rows are made by the script, once per province."""
    return html.Section(
        className="table-pane",
        **{"aria-labelledby": "table-title"},
        children=[
            html.Div(
                className="pane-head",
                children=[
                    html.H2("Các xã", id="table-title", tabIndex="-1"),
                    html.Span(id="row-count", className="quiet"),
                    html.Span(
                        [html.Span(id="signal-words"), html.Button("Bỏ lọc", id="signal-off", type="button")],
                        id="signal-note",
                        className="chip",
                        hidden=True,
                    ),
                    labelled("Xếp theo", select("sort", SORTS), seen=True, className="phone-only"),
                    html.A("Biểu đồ", href="#charts", className="to-charts"),
                    html.Button("Tải CSV", id="download", type="button"),
                ],
            ),
            html.Table(
                id="table",
                className="communes-table",
                role="table",
                **{"aria-labelledby": "table-title"},
                children=[html.Thead(role="rowgroup"), html.Tbody(role="rowgroup")],
            ),
            html.P("Không có xã nào khớp.", id="no-match", className="quiet", hidden=True),
        ],
    )

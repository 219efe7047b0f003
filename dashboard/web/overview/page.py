"""The page `/`: a layout that never changes; the scripts beside it fill it with leaf
writes only.

Lists and inputs are those of dash-bootstrap-components, which keyboard and screen reader can use;
scripts listen to them on the document (web/overview/controls.js).
"""

from __future__ import annotations

from collections.abc import Mapping

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from dashboard import reference
from dashboard.reference import FIRST_DAY
from dashboard.web import theme
from dashboard.web.base_path import locate_path
from dashboard.web.documents import navigation
from dashboard.web.documents.address import PageView
from dashboard.web.documents.document import ANY_COMMUNE
from dashboard.web.overview import panels
from dashboard.web.overview.layers import LAYER_NAMES
from dashboard.web.overview.panels import (
    build_chart_places,
    build_save_button,
    build_search_field,
    build_select_list,
    build_toggle_button,
    label_control,
)

# The bar of the first page: province, pages, search, day, connection; the same as the further
# pages have.

_RESULTS_LABEL = {"aria-label": "Đơn vị tìm thấy"}


def build_header_bar(provinces: Mapping[str, str]) -> Component:
    """Province, pages, search, day, connection (a phone has search and day at its foot)."""
    return html.Header(
        className="bar",
        children=[
            label_control(
                "Tỉnh, thành phố", build_select_list("province", provinces), className="province"
            ),
            html.Nav(
                [_navigation_link(page) for page in navigation.PAGES], **{"aria-label": "Các trang"}
            ),
            html.Div(
                [
                    html.Div(
                        [
                            label_control("Tìm xã, phường", build_search_field()),
                            # Filled by combobox.js, as on the further pages.
                            html.Ul(
                                id="found",
                                className="found",
                                role="listbox",
                                hidden=True,
                                **_RESULTS_LABEL,
                            ),
                            html.Span(id="match-count", className="unseen", role="status"),
                        ],
                        className="search",
                        role="search",
                    ),
                    html.Div(
                        [
                            label_control(
                                "Ngày",
                                dbc.Input(id="as-of", type="date", min=FIRST_DAY.isoformat()),
                                visible=True,
                            ),
                            # The browser writes the day its own way; until somebody edits it, this
                            # reads 13/07/2025.
                            html.Span(className="day-read", **{"aria-hidden": "true"}),
                        ],
                        className="day",
                    ),
                    html.Button("Về hôm nay", id="go-live", type="button", hidden=True),
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


def _navigation_link(page: navigation.NavigationEntry) -> Component:
    """navigation.js adds the province and day that are shown."""
    current = {"aria-current": "page"} if page.path == "/" else {}
    return html.A(page.word, href=locate_path(page.path), **current)


# The map of the first page: map or tiles, what they show, zoom, replay, legend. map.js and its
# fellows fill it.


def build_map_pane() -> Component:
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
                        [
                            label_control(
                                "Hiển thị", build_select_list("show", LAYER_NAMES), visible=True
                            ),
                            build_view_toggle(),
                        ],
                        className="map-controls",
                    ),
                    html.P(id="outline-note", className="quiet"),
                    build_save_button(" bản đồ", id="save-map"),
                    # navigation.js adds the province and day that are shown.
                    html.A(
                        "Toàn quốc",
                        href=locate_path(navigation.NATION_PATH),
                        **{"data-page": navigation.NATION_PATH},
                    ),
                    build_zoom_buttons(),
                ],
            ),
            html.Div(id="map", className="map"),
            panels.build_replay_controls(),
            build_map_legend(),
        ],
    )


def build_view_toggle() -> Component:
    """Map or tiles: one of two is pressed."""
    return html.Div(
        [
            build_toggle_button("Bản đồ", "view-map", True),
            build_toggle_button("Bản đồ ô", "view-tiles", False),
        ],
        className="segments",
        role="group",
        **{"aria-label": "Cách vẽ"},
    )


def build_zoom_buttons() -> Component:
    """Beside the map, never upon it: an island may lie in any corner."""
    buttons = [("in", "+", "Phóng to"), ("out", "−", "Thu nhỏ"), ("home", "⌂", "Cả tỉnh")]
    return html.Div(
        [
            html.Button(
                sign, id=f"zoom-{direction}", type="button", title=word, **{"aria-label": word}
            )
            for direction, sign, word in buttons
        ],
        className="zoom segments",
        role="group",
        **{"aria-label": "Phóng bản đồ"},
    )


def build_map_legend() -> Component:
    """Sign, count and word of every state, and what they add up to; scripts read the words from
    here.
    """
    entries = [
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
    return html.Ul([*entries, total], id="legend", className="legend", **{"aria-label": "Chú giải"})


# Columns of the table as a phone's "Xếp theo" offers them: id in the address → words.
SORT_ORDERS = {
    "need": "Cần nhất trước",
    "name": "Tên đơn vị A–Y",
    "-received": "Nhiều hồ sơ nhất",
    "on_time": "Đúng hạn thấp nhất",
    "-age": "Số liệu cũ nhất",
}


def build_layout(provinces: Mapping[str, str] | None = None) -> Component:
    """The whole page; `provinces` (code → name, in order) are offered, by default all 34."""
    return html.Div(
        id="page",
        className="page",
        children=[
            html.A("Đến bảng", href="#table-title", className="skip"),
            html.Div(
                [
                    build_header_bar(provinces or reference.load_province_names()),
                    build_first_screen(),
                ],
                className="screen",
            ),
            panels.build_lower_panels(),
            build_table_pane(),
            html.Div(id="tooltip", className="tooltip", hidden=True, role="tooltip"),
            # Written by charts.js, read by the callback; a plain element, because a dcc.Store
            # would bring 66 kB.
            html.Div(id="charts-address", hidden=True, **{"data-address": ""}),
        ],
    )


def build_first_screen() -> Component:
    """Headline, map and charts: with the bar above exactly one screen of a desktop."""
    return html.Main(
        className="content",
        children=[
            html.H1("Mức độ sẵn sàng của cấp xã", className="unseen"),
            html.P(id="print-line", className="print-only"),
            html.Section(id="headline", className="headline", **{"aria-label": "Số liệu chính"}),
            build_as_of_line(),
            html.Div(
                [
                    panels.build_decisions_panel(),
                    build_map_pane(),
                    build_commune_panel(),
                    build_chart_places(),
                ],
                className="stage",
            ),
        ],
    )


def build_as_of_line() -> Component:
    """How old the figures are, whether they are simulated, and the address to send (share.js)."""
    choices = (("day", "của ngày…"), ("live", "luôn theo số liệu mới nhất"))
    buttons = [
        html.Button(words, type="button", **{"data-share": share_mode})
        for share_mode, words in choices
    ]
    share_menu = [html.Summary("Sao chép liên kết"), html.Div(buttons, className="choices")]
    return html.Div(
        [
            html.Span(id="as-of-line"),
            html.Span(id="notice", className="notice"),
            html.Span(id="shared", role="status"),
            html.Details(share_menu, className="share", hidden=True),
            html.Button("In", type="button", **{"data-print": ""}),
            build_theme_menu(),
        ],
        className="as-of-line",
    )


def build_theme_menu() -> Component:
    """Light, dark, or as the system has it; kept in the browser (assets/theme.js)."""
    buttons = [
        html.Button(
            words.capitalize(),
            type="button",
            **{"data-theme-choice": choice, "aria-pressed": "false"},
        )
        for choice, words in theme.CHOICES.items()
    ]
    menu = [html.Summary("Sáng/tối"), html.Div(buttons, className="choices")]
    return html.Details(menu, className="theme-menu", hidden=True)


def build_commune_panel() -> Component:
    """The selected commune; empty and hidden until one is selected."""
    any_commune_address = navigation.build_commune_address(ANY_COMMUNE, PageView("00"))
    commune_path = any_commune_address.partition("?")[0] if "/xa/" in any_commune_address else ""
    sheet_path = navigation.build_sheet_address(ANY_COMMUNE, PageView("00")).partition("?")[0]
    return html.Aside(
        id="panel",
        className="panel",
        hidden=True,
        **{"aria-labelledby": "panel-title", "data-page": commune_path, "data-sheet": sheet_path},
    )


def build_table_pane() -> Component:
    """The table of all communes; head and rows are made by the script, once per province."""
    return html.Section(
        className="table-pane",
        **{"aria-labelledby": "table-title"},
        children=[
            html.Div(
                className="pane-head",
                children=[
                    html.H2("Các đơn vị", id="table-title", tabIndex="-1"),
                    html.Span(id="row-count", className="quiet"),
                    html.Span(
                        [
                            html.Span(id="signal-words"),
                            html.Button("Bỏ lọc", id="signal-off", type="button"),
                        ],
                        id="signal-note",
                        className="chip",
                        hidden=True,
                    ),
                    label_control(
                        "Xếp theo",
                        build_select_list("sort", SORT_ORDERS),
                        visible=True,
                        className="phone-only",
                    ),
                    html.A("Biểu đồ", href="#charts", className="to-charts"),
                    html.Button("Tải CSV", type="button", **{"data-download": "csv"}),
                    html.Button("Tải Excel", type="button", **{"data-download": "xlsx"}),
                ],
            ),
            html.Table(
                id="table",
                className="communes-table",
                role="table",
                **{"aria-labelledby": "table-title"},
                children=[html.Thead(role="rowgroup"), html.Tbody(role="rowgroup")],
            ),
            html.Button(id="more-rows", type="button", hidden=True),
            html.P("Không có đơn vị nào khớp.", id="no-match", className="quiet", hidden=True),
        ],
    )

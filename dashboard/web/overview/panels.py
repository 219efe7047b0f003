"""What stands beside and below the map of the first page: decisions, what changed, what holds most
back, the replay.

Places only; scripts fill them with words that the server made (words.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.reference import FIRST_DAY
from dashboard.web.base_path import locate_path
from dashboard.web.charts.plot import GRAPH_CONFIG
from dashboard.web.documents import navigation
from dashboard.web.overview.figures import GRAPHS_BELOW_MAP, GRAPHS_BESIDE_MAP

# The controls that pages are made of: a list, a search field, a pair of buttons, each with its
# words.
#
# Lists and inputs are those of dash-bootstrap-components, which keyboard and screen reader can
# use.


def build_search_field() -> Component:
    """The field that finds communes, with or without tones."""
    return dbc.Input(
        id="search", type="search", placeholder="tìm tên…", autocomplete="off", maxlength=60
    )


def build_select_list(name: str, options: Mapping[str, str]) -> Component:
    """A native list of values → words; the scripts read and write it."""
    return dbc.Select(
        options=[{"value": value, "label": word} for value, word in options.items()],
        # Nothing is chosen until the address or the state says what: a wrong province must not
        # flash up.
        placeholder="…",
        id=name,
        name=name,
    )


def label_control(
    words: str, control: Component, *, visible: bool = False, className: str = ""
) -> Component:
    """A control inside its label; the words are for screen readers only unless `visible`."""
    return html.Label(
        [html.Span(words, className="words" if visible else "unseen"), control],
        className=f"field {className}".strip(),
    )


def build_toggle_button(words: str, name: str, pressed: bool) -> Component:
    """One of two buttons of which exactly one is pressed."""
    return html.Button(
        words, id=name, type="button", **{"aria-pressed": "true" if pressed else "false"}
    )


def build_save_button(subject: str, **attributes: str) -> Component:
    """The button that saves a chart or the map as a file (chart-picture.js, map-picture.js)."""
    words = ["Tải ảnh", html.Span(subject, className="unseen")]
    return html.Button(words, className="picture", type="button", **attributes)


# The frames of the first page's charts: Dash draws their figures into them after map and table
# (charts.js), and nothing around them moves.

NOT_YET = (
    "Chưa có hình biểu đồ khi in; số liệu ở đầu trang và ở bảng các đơn vị. "
    "In lại sau vài giây để có hình."
)


def build_chart_places() -> Component:
    """The charts beside the map; paper, which cannot wait for them, says where the figures are."""
    frames = [build_chart_frame(name, title) for name, title in GRAPHS_BESIDE_MAP.items()]
    return html.Section(
        [*frames, html.P(NOT_YET, className="print-only")],
        id="charts",
        className="charts",
        **{"aria-label": "Biểu đồ"},
    )


def build_chart_frame(name: str, title: str) -> Component:
    """Title, what the chart says, its graph in a body of a kept height, and its data as a table
    (chart_data.js); one without data keeps only its line.
    """
    graph = dcc.Graph(id=name, config=GRAPH_CONFIG, className="graph")
    return html.Div(
        [
            html.H2(title),
            html.P(id=f"{name}-said", className="said quiet"),
            html.Div(
                [html.P("Đang chờ biểu đồ…", className="awaited quiet"), graph],
                className="chart-body",
            ),
            build_save_button(f" biểu đồ {title}", **{"data-picture": ""}),
            html.Details(
                [html.Summary(["Số liệu", html.Span(f" của biểu đồ {title}", className="unseen")])],
                className="chart-data",
                **{"data-of": name},
            ),
        ],
        id=f"{name}-frame",
        className="chart",
        **{"data-chart": name},
    )


# Since when the page tells what changed: value in the address → words. A chosen day stands in the
# address itself.
SINCE_OPTIONS = {
    "week": "tuần trước",
    "yesterday": "hôm qua",
    "month": "tháng trước",
    "day": "ngày khác…",
}


def build_decisions_panel() -> Component:
    """The lines beside the map, above the charts: each one row and one reason."""
    return html.Section(
        id="brief",
        className="brief",
        **{"aria-labelledby": "brief-title"},
        children=[
            html.H2("Nội dung cần chỉ đạo hôm nay", id="brief-title"),
            html.Ul(id="decisions", className="decisions"),
            html.P("…", id="no-decisions", className="quiet no-decisions"),
            html.Div(id="need", className="need"),
            html.P(
                [
                    html.Strong("Điểm nghẽn: "),
                    html.Span("…", id="bottleneck"),
                    *_link_to_page("/thieu-gi", "nhu cầu"),
                ]
            ),
            html.P(
                [
                    html.Strong([html.Span("So với tuần trước", className="since-words"), ": "]),
                    html.Span("…", id="moved"),
                    _link_at_line_end("từng đơn vị và vì sao", "#movement-title"),
                    _link_at_line_end(
                        "xem bản tin", locate_path("/ban-tin"), **{"data-page": "/ban-tin"}
                    ),
                ]
            ),
            html.P(
                [
                    html.Strong("Đã công bố: "),
                    html.Span("", id="published"),
                    *_link_to_page("/du-lieu", "mọi số đã công bố"),
                ],
                id="published-line",
                hidden=True,
            ),
        ],
    )


def _link_to_page(path: str, words: str) -> list[Component]:
    """A link to another page, where there is one; navigation.js adds province and day."""
    has_page = any(page.path == path for page in navigation.PAGES)
    return [_link_at_line_end(words, locate_path(path), **{"data-page": path})] if has_page else []


def _link_at_line_end(words: str, address: str, **attributes: str) -> Component:
    """At the end of a line; not on paper."""
    return html.Span([" · ", html.A(words, href=address, **attributes)], className="onwards")


def build_replay_controls() -> Component:
    """Play and slider over all days since 01/07/2025; replay.js makes them, because it alone knows
    the days.
    """
    return html.Div(
        id="replay", className="replay", role="group", **{"aria-label": "Xem diễn biến theo ngày"}
    )


def build_movement_panel() -> Component:
    """Who turned green, red or silent since a chosen day, and why."""
    return html.Section(
        id="movement",
        className="movement",
        **{"aria-labelledby": "movement-title"},
        children=[
            html.Div(
                [
                    html.H2("Thay đổi", id="movement-title", tabIndex="-1"),
                    label_control(
                        "so với", build_select_list("since", SINCE_OPTIONS), visible=True
                    ),
                    html.Div(
                        [
                            label_control(
                                "Ngày so sánh",
                                dbc.Input(id="since-day", type="date", min=FIRST_DAY.isoformat()),
                            ),
                            html.Span(className="day-read", **{"aria-hidden": "true"}),
                        ],
                        id="since-place",
                        className="day",
                        hidden=True,
                    ),
                ],
                className="pane-head",
            ),
            html.P("…", id="movement-empty", className="quiet", role="status"),
            html.Ul(id="movement-groups", className="lines"),
            html.Details(
                [
                    html.Summary("Từng đơn vị và vì sao"),
                    html.Table(
                        [
                            html.Thead(
                                html.Tr(
                                    [
                                        html.Th(words, scope="col")
                                        for words in ("Đơn vị", "Trước", "Nay", "Vì sao")
                                    ]
                                )
                            ),
                            html.Tbody(),
                        ],
                        id="movement-table",
                    ),
                ],
                id="movement-all",
                hidden=True,
            ),
        ],
    )


def build_lower_panels() -> Component:
    """Below the first screen, above the table: what changed beside both axes in one chart."""
    return html.Section(
        [
            build_movement_panel(),
            html.Section(
                [build_chart_frame(name, title) for name, title in GRAPHS_BELOW_MAP.items()],
                id="quadrant-place",
                className="quadrant-place",
                **{"aria-label": "Mức sẵn sàng và đúng hạn"},
            ),
        ],
        className="further",
        **{"aria-label": "Thay đổi và tương quan"},
    )

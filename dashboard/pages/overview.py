"""The page `/`: a layout that never changes; scripts in assets/ fill it with leaf writes only.

Lists and inputs are those of dash-bootstrap-components, which keyboard and screen reader can use;
scripts listen to them on the document (web/overview/controls.js).
"""

from __future__ import annotations

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from dashboard import reference
from dashboard.pages import brief, navigation
from dashboard.pages.address import View
from dashboard.pages.controls import labelled, select
from dashboard.pages.overview_bar import header
from dashboard.pages.overview_charts import charts
from dashboard.pages.overview_map import map_pane

# Stands for a code in an address that scripts fill in; no commune has it.
NO_COMMUNE = "00000"
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
            html.H1("Mức độ sẵn sàng của cấp xã", className="unseen"),
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


def panel() -> Component:
    """The selected commune; empty and hidden until one is selected."""
    where = navigation.commune_address(NO_COMMUNE, View("00"))
    page = where.partition("?")[0] if where.startswith("/xa/") else ""
    return html.Aside(
        id="panel", className="panel", hidden=True, **{"aria-labelledby": "panel-title", "data-page": page}
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

"""What stands beside and below the map of the first page: decisions, what changed, what holds most back, the replay.

Places only; scripts fill them with words that the server made (views.decisions, views.movement).
"""

from __future__ import annotations

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from dashboard.pages import navigation
from dashboard.pages.controls import labelled, select
from dashboard.pages.overview_charts import waiting

# Since when the page tells what changed: value in the address → words. A chosen day stands in the address itself.
SINCE = {"week": "tuần trước", "yesterday": "hôm qua", "day": "ngày khác…"}


def brief() -> Component:
    """The lines beside the map, above the charts: each one row and one reason."""
    return html.Section(
        id="brief",
        className="brief",
        **{"aria-labelledby": "brief-title"},
        children=[
            html.H2("Việc cần quyết hôm nay", id="brief-title"),
            html.Ul(id="decisions", className="decisions"),
            html.P("…", id="no-decisions", className="quiet"),
            html.P([html.Strong("Điểm nghẽn: "), html.Span("…", id="bottleneck"), *_more("/thieu-gi", "thiếu gì")]),
            html.P(
                [
                    html.Strong([html.Span("Từ tuần trước", className="since-words"), ": "]),
                    html.Span("…", id="moved"),
                    _link("từng xã và vì sao", "#movement-title"),
                ]
            ),
        ],
    )


def _more(path: str, words: str) -> list[Component]:
    """A link to another page, where there is one; navigation.js adds province and day."""
    known = any(page.path == path for page in navigation.PAGES)
    return [_link(words, path, **{"data-page": path})] if known else []


def _link(words: str, address: str, **more: str) -> Component:
    """At the end of a line; not on paper."""
    return html.Span([" · ", html.A(words, href=address, **more)], className="onwards")


def replay() -> Component:
    """Play and slider over all days since 01/07/2025; replay.js makes them, because it alone knows the days."""
    return html.Div(id="replay", className="replay", role="group", **{"aria-label": "Phát lại theo ngày"})


def movement() -> Component:
    """Who turned green, red or silent since a chosen day, and why."""
    return html.Section(
        id="movement",
        className="movement",
        **{"aria-labelledby": "movement-title"},
        children=[
            html.Div(
                [
                    html.H2("Thay đổi", id="movement-title", tabIndex="-1"),
                    labelled("so với", select("since", SINCE), seen=True),
                    html.Div(
                        [
                            labelled("Ngày so sánh", dbc.Input(id="since-day", type="date", min="2025-07-01")),
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
                    html.Summary("Từng xã và vì sao"),
                    html.Table(
                        [
                            html.Thead(
                                html.Tr([html.Th(words, scope="col") for words in ("Xã", "Trước", "Nay", "Vì sao")])
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


def further() -> Component:
    """Below the first screen, above the table: what changed beside both axes in one chart."""
    return html.Section(
        [
            movement(),
            html.Section(
                waiting(),
                id="quadrant-place",
                className="quadrant-place",
                **{"aria-label": "Mức sẵn sàng và đúng hạn"},
            ),
        ],
        className="further",
        **{"aria-label": "Thay đổi và tương quan"},
    )

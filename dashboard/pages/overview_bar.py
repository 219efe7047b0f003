"""The bar of the first page: province, pages, search, day, connection; the same as the further pages have."""

from __future__ import annotations

from collections.abc import Mapping

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from dashboard.pages import navigation
from dashboard.pages.controls import labelled, search, select

_FOUND = {"aria-label": "Xã tìm thấy"}


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
                            # Filled by combobox.js, as on the further pages.
                            html.Ul(id="found", className="found", role="listbox", hidden=True, **_FOUND),
                            html.Span(id="match-count", className="unseen", role="status"),
                        ],
                        className="search",
                        role="search",
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

"""The map of the first page: map or tiles, what they show, zoom, replay, legend. map.js and its fellows fill it."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.pages import brief
from dashboard.pages.controls import labelled, save_picture, select, toggle
from dashboard.views import theme

# What the map can show, in the order of the list: id in the address and in /api/state → words.
LAYERS = {
    "overall": "Tổng thể",
    "network": "Mạng",
    "digital_signature": "Chữ ký số",
    "devices": "Thiết bị",
    "on_time": "Đúng hạn",
    "silence": "Im lặng",
}


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
                    save_picture(" bản đồ", id="save-map"),
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

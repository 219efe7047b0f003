"""The controls that pages are made of: a list, a search field, a pair of buttons, each with its words.

Lists and inputs are those of dash-bootstrap-components, which keyboard and screen reader can use.
"""

from __future__ import annotations

from collections.abc import Mapping

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component


def search() -> Component:
    """The field that finds communes, with or without tones."""
    return dbc.Input(id="search", type="search", placeholder="tìm xã…", autocomplete="off", maxlength=60)


def select(name: str, options: Mapping[str, str]) -> Component:
    """A native list of values → words; the scripts read and write it."""
    return dbc.Select(
        options=[{"value": value, "label": word} for value, word in options.items()],
        # Nothing is chosen until the address or the state says what: a wrong province must not flash up.
        placeholder="…",
        id=name,
        name=name,
    )


def labelled(words: str, control: Component, *, seen: bool = False, className: str = "") -> Component:
    """A control inside its label; the words are for screen readers only unless `seen`."""
    return html.Label(
        [html.Span(words, className="words" if seen else "unseen"), control], className=f"field {className}".strip()
    )


def toggle(words: str, name: str, pressed: bool) -> Component:
    """One of two buttons of which exactly one is pressed."""
    return html.Button(words, id=name, type="button", **{"aria-pressed": "true" if pressed else "false"})


def save_picture(of: str, **attributes: str) -> Component:
    """The button that saves a chart or the map as a file (chart_picture.js, map_picture.js)."""
    words = ["Tải ảnh", html.Span(of, className="unseen")]
    return html.Button(words, className="picture", type="button", **attributes)

"""The layout of the first page: static, named as the scripts need it, nothing from outside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dash.development.base_component import Component

from dashboard import reference
from dashboard.web import theme
from dashboard.web.overview import layers, page
from dashboard.web.overview.figures import GRAPHS

ASSETS = Path(__file__).resolve().parents[2] / "assets"
WEB = ASSETS.parent / "dashboard" / "web"


def every(component: Component) -> list[Component]:
    return [component, *component._traverse()]


def ids() -> set[str]:
    return {
        str(component.id)
        for component in every(page.build_layout())
        if isinstance(component, Component) and hasattr(component, "id")
    }


def test_layout_has_the_places_that_scripts_and_the_callback_write_to() -> None:
    assert ids() >= {
        *(
            "page",
            "province",
            "show",
            "view-map",
            "view-tiles",
            "map",
            "legend",
            "table",
            "headline",
            "notice",
        ),
        *(
            "outline-note",
            "connection",
            "data-age",
            "panel",
            "charts",
            "charts-address",
            *(GRAPHS | {f"{name}-said": "" for name in GRAPHS}),
            *(f"{name}-frame" for name in GRAPHS),
        ),
        *(
            "decisions",
            "no-decisions",
            "bottleneck",
            "moved",
            "signal-note",
            "signal-off",
            "replay",
        ),
        *(
            "movement-groups",
            "movement-table",
            "movement-empty",
            "since",
            "since-day",
            "quadrant-place",
        ),
    }


def test_layout_is_the_same_every_time_and_small() -> None:
    written = json.dumps(
        page.build_layout().to_plotly_json(), default=lambda component: component.to_plotly_json()
    )
    again = json.dumps(
        page.build_layout().to_plotly_json(), default=lambda component: component.to_plotly_json()
    )
    assert written == again
    assert len(written) < 31_000


def test_all_provinces_are_offered_in_their_order() -> None:
    select: Any = next(
        component
        for component in every(page.build_layout())
        if getattr(component, "id", "") == "province"
    )
    assert [(option["value"], option["label"]) for option in select.options] == list(
        reference.load_province_names().items()
    )


def test_layers_on_offer_are_those_of_the_state() -> None:
    select: Any = next(
        part for part in every(page.build_layout()) if getattr(part, "id", "") == "show"
    )
    offered = {option["value"]: option["label"] for option in select.options}
    assert offered == layers.LAYER_NAMES


def test_legend_carries_the_words_that_scripts_read() -> None:
    items = [
        component.to_plotly_json()["props"]
        for component in every(page.build_map_legend())
        if "data-letter" in str(component)
    ]
    shown = {
        entry["data-letter"]: (entry["data-state"], entry["data-word"])
        for entry in items
        if "data-letter" in entry
    }
    assert shown == {level.letter: (level.code, level.word) for level in theme.LEVELS.values()}


def test_scripts_insert_no_html_run_no_text_and_name_no_host() -> None:
    for script in [*ASSETS.glob("*.js"), *WEB.glob("*/*.js")]:
        text = script.read_text(encoding="utf-8")
        assert text.startswith("/*"), f"{script.name}: what does it do, what does it never do?"
        for forbidden in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "eval(",
            "new Function",
            "document.write",
        ):
            assert forbidden not in text, f"{script.name}: {forbidden}"
        assert "//" not in text.replace("http://www.w3.org/2000/svg", "").replace(" // ", " "), (
            script.name
        )
        assert max(map(len, text.splitlines())) <= 100, script.name
        assert len(text.splitlines()) <= 240, script.name
    for sheet in [*ASSETS.glob("*.css"), *WEB.glob("*/*.css")]:
        assert "http" not in sheet.read_text(encoding="utf-8"), sheet.name

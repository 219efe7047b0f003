"""Nobody is shut out: axe finds nothing serious on the page, in any of its states."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page

from tools.running import Server

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
# All but the longest: a row for each of five hundred days.
UNFOLD = """() => { 
    for (const one of document.querySelectorAll('details:not([data-of="green-over-time"])'))
    one.open = true; }"""
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def serious(page: Page) -> list[str]:
    """What axe holds for serious or critical: rule and the first element that breaks it."""
    page.evaluate(AXE)
    result: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {violation['nodes'][0]['html'][:160]}"
        for violation in result["violations"]
        if violation["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(
    ("viewport", "scheme", "query"),
    [
        (DESKTOP, "light", "?since=2026-09-01"),
        (DESKTOP, "dark", "?since=2026-09-01&signal=silent&view=tiles&commune=21250&show=network"),
        (DESKTOP, "light", "?province=01"),  # no data at all
        (PHONE, "light", "?province=25&as_of=2025-07-13"),
        (PHONE, "dark", "?commune=21028"),
    ],
)
def test_axe_finds_nothing_serious_with_everything_open(
    new_page: Callable[..., Page], server: Server, viewport: dict[str, int], scheme: str, query: str
) -> None:
    page = new_page(viewport=viewport, color_scheme=scheme)
    page.goto(server.address + query)
    page.wait_for_selector("html[data-ready]", state="attached")
    if viewport is DESKTOP:
        page.wait_for_selector("#quadrant .main-svg", state="attached")
        page.evaluate(UNFOLD)
    page.fill("#search", "a")
    page.locator("#found [role=option]").first.wait_for()
    assert serious(page) == []

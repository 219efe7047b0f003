"""Answers that overtake each other: what a page shows is what was asked for last, whatever comes
late.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from dashboard import names
from tools.running import Server

SHAPES = "() => document.querySelectorAll('#map path[data-commune]').length"
PAINTED_SHAPES = "() => document.querySelectorAll('#map path[data-commune][data-level]').length"


class HeldAnswers:
    """Questions that get no answer before they are let go."""

    def __init__(self, page: Page, pattern: str) -> None:
        self._page = page
        self._routes: list[Route] = []
        self._holding = True
        page.route(pattern, self._meet_question)

    def _meet_question(self, route: Route) -> None:
        if self._holding:
            self._routes.append(route)
        else:
            route.continue_()

    def stop_holding(self) -> None:
        """What is asked from now on is answered at once; what is held stays so."""
        self._holding = False

    def wait_for_question(self, count: int = 1) -> None:
        for _ in range(200):
            if len(self._routes) >= count:
                return
            self._page.wait_for_timeout(50)
        raise AssertionError("nobody asked")

    def release(self, body: str | None = None) -> None:
        """Answers, the last question first: what the server says, or `body`."""
        self._holding = False
        for route in reversed(self._routes):
            if body is None:
                route.continue_()
            else:
                route.fulfill(body=body, content_type="application/json")
        self._page.wait_for_timeout(700)


def open_overview(page: Page, server: Server, query: str = "?province=51") -> Page:
    page.goto(server.address + query)
    page.wait_for_selector("html[data-ready]")
    return page


def choose_province(page: Page, code: str) -> None:
    page.select_option("#province", code)
    page.wait_for_function("code => window.dashboard.current.state.province === code", arg=code)


@pytest.mark.parametrize("way", [("79", "51"), ("52", "79", "51"), ("79", "52", "51", "79")])
def test_a_drawing_that_comes_late_never_stands_under_other_figures(
    page: Page, server: Server, way: tuple[str, ...]
) -> None:
    open_overview(page, server)
    held = HeldAnswers(page, "**/map/*.svg")
    for code in way:
        choose_province(page, code)
    held.release()
    expect(page.locator("#connection")).to_have_text("● Tự cập nhật")
    communes = len(names.list_official_names(way[-1]))
    assert (page.evaluate(SHAPES), page.evaluate(PAINTED_SHAPES)) == (communes, communes)


def test_days_that_come_late_are_not_those_of_another_province(page: Page, server: Server) -> None:
    open_overview(page, server)
    held = HeldAnswers(page, "**/days/51-*")
    page.focus("#replay-day")
    held.wait_for_question()
    choose_province(page, "52")
    expect(page.locator("#connection")).to_have_text("● Tự cập nhật")
    with page.expect_response("**/days/52-*"):
        page.locator("#replay").hover()
    page.wait_for_timeout(300)
    held.release()
    title = page.evaluate(
        """async () => {
            const slider = document.querySelector('#replay-day');
            slider.value = Number(slider.value) - 30;
            slider.dispatchEvent(new Event('input', {bubbles: true}));
            await new Promise(resolve => setTimeout(resolve, 100));
            return document.querySelector('#map-title').textContent;
        }"""
    )
    assert f"/{len(names.list_official_names('52'))} đơn vị đạt mức Xanh" in title


def test_a_figure_that_comes_late_does_not_take_the_place_of_a_newer_one(
    page: Page, server: Server
) -> None:
    page.goto(server.address + "ho-so?province=51")
    page.locator("#figure-theo-tuan").scroll_into_view_if_needed()
    expect(page.locator("[data-drawn='yes']")).to_have_count(2)
    late = HeldAnswers(page, "**/bieu-do/**dark=1*")
    page.emulate_media(color_scheme="dark")
    late.wait_for_question(2)
    late.stop_holding()
    page.emulate_media(color_scheme="light")
    page.wait_for_timeout(300)
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(500)
    traces = "() => document.querySelector('#figure-theo-tuan .js-plotly-plot').data.length"
    expect(page.locator("[data-drawn='yes']")).to_have_count(2)
    count = page.evaluate(traces)
    late.release('{"data": [], "layout": {}}')
    assert page.evaluate(traces) == count > 0

"""What the charts of `/` are asked for with follows day and province, whatever is on its way, and
comes over a bad line.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tools.running import Server

CHARTS = "**/api/charts*"
# Of every answer about charts the bytes that came over the wire; 0 for one that the browser kept.
TRANSFERRED = """() => performance.getEntriesByType('resource')
    .filter(({name}) => name.includes('/api/charts')).map(({transferSize}) => transferSize)"""


def read_question(route: Route) -> dict[str, str]:
    fields = parse_qs(urlsplit(route.request.url).query)
    return {name: values[0] for name, values in fields.items()}


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    for _ in range(150):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not happen in 15 seconds")


def open_charts(page: Page, server: Server) -> None:
    page.goto(f"{server.address}?province=51")
    page.wait_for_selector("html[data-ready]")
    page.locator("#charts").scroll_into_view_if_needed()


def test_at_midnight_the_charts_are_asked_for_with_the_new_day(page: Page, server: Server) -> None:
    open_charts(page, server)
    expect(page.locator("#green-over-time .main-svg").first).to_be_visible()
    questions: list[dict[str, str]] = []

    def note_question(route: Route) -> None:
        questions.append(read_question(route))
        route.continue_()

    def pass_midnight(route: Route) -> None:
        answer = route.fetch(headers={**route.request.headers, "if-none-match": ""})
        state = {**answer.json(), "as_of": "2026-11-23", "today": "2026-11-23"}
        headers = {**answer.headers, "etag": '"after-midnight"'}
        route.fulfill(status=200, headers=headers, json=state)

    page.route(CHARTS, note_question)
    page.route("**/api/state*", pass_midnight)
    page.wait_for_function("() => document.querySelector('#as-of').value === '2026-11-23'")
    wait_until(page, lambda: bool(questions))
    assert [question["as_of"] for question in questions] == ["2026-11-23"]


def test_charts_that_come_for_a_province_that_was_left_are_asked_for_anew(
    page: Page, server: Server
) -> None:
    held: list[Route] = []
    provinces: list[str] = []

    def hold_first(route: Route) -> None:
        provinces.append(read_question(route)["province"])
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route(CHARTS, hold_first)
    open_charts(page, server)
    wait_until(page, lambda: bool(held))
    page.select_option("#province", "52")
    page.wait_for_function("() => window.dashboard.current.state.province === '52'")
    page.wait_for_timeout(300)
    held[0].continue_()
    expect(page.locator("#green-over-time .main-svg").first).to_be_visible()
    title = "() => document.querySelector('#green-over-time .gtitle').textContent"
    shown = page.evaluate("() => window.dashboard.current.state.layers.overall.title")
    assert provinces == ["51", "52"]
    assert page.evaluate(title).split(": ")[-1].split()[0] in shown


@pytest.mark.outage
@pytest.mark.parametrize("lost", ["**/api/charts*", "**/vendor/plotly*"])
def test_charts_that_were_lost_are_asked_for_until_they_come(
    page: Page, server: Server, lost: str
) -> None:
    questions: list[str] = []

    def lose_twice(route: Route) -> None:
        questions.append(route.request.url)
        if len(questions) < 3:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(lost, lose_twice)
    open_charts(page, server)
    expect(page.locator("#green-over-time .main-svg").first).to_be_visible()
    assert len(questions) >= 3


def test_a_day_that_was_seen_is_drawn_again_without_a_question(page: Page, server: Server) -> None:
    open_charts(page, server)
    expect(page.locator("#green-over-time .main-svg").first).to_be_visible()
    first = page.evaluate(TRANSFERRED)
    page.fill("#as-of", "2026-10-01")
    wait_until(page, lambda: len(page.evaluate(TRANSFERRED)) == 2)
    page.go_back()
    wait_until(page, lambda: len(page.evaluate(TRANSFERRED)) == 3)
    bytes_of_days = page.evaluate(TRANSFERRED)
    assert bytes_of_days[0] == first[0] > 0
    assert bytes_of_days[1] > 0
    assert bytes_of_days[2] == 0

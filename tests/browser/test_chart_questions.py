"""What the charts of `/` are asked for with follows day and province, whatever is on its way."""

from __future__ import annotations

import json
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tools.running import Server

CALLBACKS = "**/_dash-update-component*"


def read_chart_key(route: Route) -> dict[str, str]:
    body = json.loads(route.request.post_data or "{}")
    parts = [*body["inputs"], *body.get("state", [])]
    key: dict[str, str] = next(
        json.loads(part["value"]) for part in parts if part["id"] == "chart-key"
    )
    return key


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
        questions.append(read_chart_key(route))
        route.continue_()

    def pass_midnight(route: Route) -> None:
        answer = route.fetch(headers={**route.request.headers, "if-none-match": ""})
        state = {**answer.json(), "as_of": "2026-11-23", "today": "2026-11-23"}
        headers = {**answer.headers, "etag": '"after-midnight"'}
        route.fulfill(status=200, headers=headers, json=state)

    page.route(CALLBACKS, note_question)
    page.route("**/api/state*", pass_midnight)
    page.wait_for_function("() => document.querySelector('#as-of').value === '2026-11-23'")
    wait_until(page, lambda: bool(questions))
    assert [question["day"] for question in questions] == ["2026-11-23"]


def test_charts_that_come_for_a_province_that_was_left_are_asked_for_anew(
    page: Page, server: Server
) -> None:
    held: list[Route] = []
    queries: list[str] = []

    def hold_first(route: Route) -> None:
        queries.append(read_chart_key(route)["query"])
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route(CALLBACKS, hold_first)
    open_charts(page, server)
    wait_until(page, lambda: bool(held))
    page.select_option("#province", "52")
    page.wait_for_function("() => window.dashboard.current.state.province === '52'")
    page.wait_for_timeout(300)
    held[0].continue_()
    expect(page.locator("#green-over-time .main-svg").first).to_be_visible()
    wait_until(page, lambda: queries[-1] == "province=52")
    assert queries[0] == "province=51"

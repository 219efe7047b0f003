"""An answer that never comes holds nothing for ever: whoever waited says so and asks again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import Page, Route, TimeoutError, expect

from tools.running import Server

LONGER_THAN_ANY_PATIENCE = 61_000
SHAPES = "() => document.querySelectorAll('#map path[data-commune][data-level]').length"


def hang_once(page: Page, *patterns: str) -> dict[str, int]:
    """The first question of each kind gets no answer; tells how often each was asked."""
    times_asked = dict.fromkeys(patterns, 0)

    def follow(pattern: str) -> None:
        def answer(route: Route) -> None:
            times_asked[pattern] += 1
            if times_asked[pattern] > 1:
                route.continue_()

        page.route(pattern, answer)

    for pattern in patterns:
        follow(pattern)
    return times_asked


def wait_long(page: Page, stands: str) -> None:
    """Minutes go by until something stands."""
    for _ in range(8):
        page.clock.fast_forward(LONGER_THAN_ANY_PATIENCE)
        with suppress(TimeoutError):
            page.wait_for_function(stands, timeout=2000)
            return
    raise AssertionError(f"waits for ever: {stands}")


@pytest.mark.outage
def test_no_hanging_answer_leaves_the_first_page_in_silence(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = new_page()
    page.clock.install()
    times_asked = hang_once(
        page,
        "**/_dash-layout",
        "**/map/*.svg",
        "**/names/*",
        "**/days/*",
        "**/api/movement*",
    )
    page.goto(f"{server.address}?province=51&since=2026-10-01", wait_until="commit")
    wait_long(page, "() => document.documentElement.dataset.ready")
    assert page.evaluate(SHAPES) == 96
    page.focus("#search")
    page.locator("#replay-day").press("ArrowLeft")
    page.clock.fast_forward(1000)
    expect(page.locator("#replay")).to_contain_text("Đang tải các ngày…")
    page.clock.fast_forward(LONGER_THAN_ANY_PATIENCE)
    page.fill("#search", "nghia")
    expect(page.locator("#found li").first).to_be_visible()
    expect(page.locator("#replay")).not_to_contain_text("các ngày…")
    expect(page.locator("#movement-groups li").first).to_be_visible()
    assert all(times > 1 for times in times_asked.values()), times_asked


@pytest.mark.outage
def test_no_hanging_answer_leaves_a_document_without_its_chart_or_a_wall_without_its_map(
    new_page: Callable[..., Page], server: Server
) -> None:
    document, wall = new_page(), new_page(service_workers="block")
    lost = [
        hang_once(document, "**/dossiers.js*", "**/bieu-do/*", "**/plotly*"),
        hang_once(wall, "**/wall.js*", "**/map/*.svg"),
    ]
    for page, path in ((document, "ho-so?province=51"), (wall, "man-hinh?province=51")):
        page.clock.install()
        page.goto(server.address + path, wait_until="commit")
    document.locator("[data-figure]").first.scroll_into_view_if_needed()
    wait_long(document, "() => document.querySelector('[data-drawn=yes]')")
    wait_long(wall, f"() => ({SHAPES})() === 96")
    assert all(times > 1 for times_asked in lost for times in times_asked.values()), lost


@pytest.mark.outage
def test_what_comes_after_patience_ended_and_before_it_is_asked_for_again_runs_once(
    page: Page, server: Server
) -> None:
    """Two copies of React in one page take each other's nodes away."""
    held: list[Route] = []
    page.clock.install(time="2026-11-22T08:00:00")
    page.route("**/dash_renderer*", lambda route: held.append(route))
    page.goto(f"{server.address}?province=51", wait_until="commit")
    page.wait_for_selector("script[data-loader]", state="attached")
    while not held:
        page.wait_for_timeout(50)
    page.clock.pause_at("2026-11-22T08:10:00")  # its patience has ended, its pause has begun
    page.wait_for_function("() => 'incomplete' in document.documentElement.dataset")
    held.pop().continue_()
    page.wait_for_selector("script[src*=dash_renderer][data-ran]", state="attached")
    page.clock.resume()
    page.clock.fast_forward(5000)
    page.wait_for_function("() => document.documentElement.dataset.ready !== undefined")
    assert not held
    assert page.locator("script[src*=dash_renderer]").count() == 1
    assert page.evaluate("() => !('incomplete' in document.documentElement.dataset)")

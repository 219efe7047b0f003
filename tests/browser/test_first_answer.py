"""`/` is read before its scripts have come, and nothing jumps when they take over."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from tools.running import Server

MOST_SHIFT = 0.01
COUNT_SHIFTS = """() => {
    window.shifts = 0;
    new PerformanceObserver(list => list.getEntries().forEach(one => { shifts += one.value; }))
        .observe({type: 'layout-shift', buffered: true});
}"""
PLACES = """root => ['.headline', '.as-of-line', '.brief h2', '.decisions', '.need'].map(part => {
    const {x, y, width, height} = document.querySelector(`${root} ${part}`).getBoundingClientRect();
    return [x, y, width, height].map(Math.round);
})"""


@pytest.mark.parametrize("size", [(360, 640), (390, 844), (1024, 768), (1440, 900)])
def test_the_page_takes_the_place_of_the_first_answer_without_a_jump(
    new_page: Callable[..., Page], server: Server, size: tuple[int, int]
) -> None:
    page = new_page(viewport={"width": size[0], "height": size[1]})
    page.add_init_script(f"({COUNT_SHIFTS})()")
    held: list[Route] = []
    page.route("**/_dash-layout", lambda route: held.append(route))
    page.goto(server.address, wait_until="commit")
    third = page.locator(".first-answer [name=commune]").nth(2)
    third.focus()
    words = third.locator(".need-name").inner_text()
    assert page.get_by_role("heading", level=1).count() == 1
    page.wait_for_selector("script[data-ran]", state="attached")
    before = page.evaluate(PLACES, ".first-answer")
    for route in held:
        route.continue_()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.evaluate(PLACES, "#page") == before
    assert page.locator(".first-answer").count() == 0
    assert words in page.evaluate("() => document.activeElement.textContent")
    assert page.evaluate("() => shifts") <= MOST_SHIFT


@pytest.mark.parametrize("size", [(360, 640), (390, 844), (1024, 768), (1366, 768), (1440, 900)])
def test_what_scripts_offer_pulls_no_document_apart(
    new_page: Callable[..., Page], server: Server, size: tuple[int, int]
) -> None:
    page = new_page(viewport={"width": size[0], "height": size[1]})
    page.add_init_script(f"({COUNT_SHIFTS})()")
    # of the ranking a title that just fits one line beside what scripts offer
    for path in (
        "du-lieu",
        "to-cong-tac",
        "so-sanh?xa=21250,21028",
        "xep-hang?as_of=2026-11-21",
        "nhung",
    ):
        page.goto(server.address + path)
        page.wait_for_selector("html[data-ready]", state="attached")
        page.wait_for_timeout(300)
        assert page.evaluate("() => shifts") <= MOST_SHIFT, path


def test_a_row_of_the_first_answer_leads_on_without_a_script(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{server.address}?province=51")
    page.locator(".first-answer [name=commune]").first.click()
    assert "commune=" in page.url
    assert "province=51" in page.url

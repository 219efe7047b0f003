"""Light or dark by the system or by choice, kept in the browser; Escape closes what is open."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from dashboard.web import theme
from tools.running import Server

PAPER = "() => getComputedStyle(document.documentElement).getPropertyValue('--paper').trim()"
# The colour as it is when the first thing of the page can be painted.
NOTE_FIRST_PAPER = f"""new MutationObserver(() => {{
    if (document.body && !window.firstPaper && document.styleSheets.length)
        window.firstPaper = ({PAPER})();
}}).observe(document, {{childList: true, subtree: true}})"""
DARK = theme.pick_colour("paper", dark=True)
LIGHT = theme.pick_colour("paper")


def test_a_choice_stands_on_every_page_and_after_a_reload_and_can_be_taken_back(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = new_page(color_scheme="light")
    page.add_init_script(NOTE_FIRST_PAPER)
    page.goto(server.address)
    page.wait_for_selector("html[data-ready]", state="attached")
    menu = page.locator("#page details.theme-menu")
    menu.locator("summary").click()
    menu.get_by_role("button", name="Tối").click()
    assert page.evaluate(PAPER) == DARK
    page.reload()
    assert page.evaluate("() => firstPaper") == DARK, "nothing flashes"
    page.goto(f"{server.address}thieu-gi")
    assert page.evaluate(PAPER) == DARK
    page.emulate_media(media="print")
    assert page.evaluate(PAPER) == LIGHT, "paper is light"
    page.emulate_media(media="screen")
    page.locator("details.theme-menu summary").click()
    expect(page.get_by_role("button", name="Tối", pressed=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Theo máy")).to_be_hidden()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Theo máy").click()
    assert page.evaluate(PAPER) == LIGHT


def test_escape_closes_an_explanation_and_gives_the_focus_back(page: Page, server: Server) -> None:
    page.goto(f"{server.address}xa/21205")
    page.wait_for_selector("html[data-ready]", state="attached")
    name = page.locator('[data-key="network_speed"] summary')
    name.click()
    expect(page.locator("details.how[open]")).to_have_count(1)
    page.locator("h1").click()
    page.keyboard.press("Escape")
    expect(page.locator("details.how[open]")).to_have_count(0)
    expect(name).to_be_focused()

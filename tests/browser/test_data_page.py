"""/du-lieu in a browser: from the office's list to the silent communes, on a desk, on a phone and
on paper.
"""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.test_pages_document import FITS, opened
from tools.running import Server

HEAD_STAYS = """() => {
    const frame = document.getElementById('matrix');
    frame.scrollTop = 400;
    const head = frame.querySelector('thead th').getBoundingClientRect();
    const box = frame.getBoundingClientRect();
    return Math.abs(head.top - box.top) < 3 && frame.scrollTop > 300;
}"""


def test_the_list_leads_to_the_silent_communes_and_the_address_keeps_the_choice(
    page: Page, server: Server
) -> None:
    opened(page, server, "du-lieu?province=51&as_of=2026-11-20")
    page.locator("#tasks a[href='#silence']").first.click()
    expect(page.locator("#silence-title")).to_be_in_viewport()
    every = page.locator("#matrix tbody tr")
    expect(every).to_have_count(96)
    expect(page.locator("#matrix tbody tr:visible")).to_have_count(10)
    page.get_by_label("86 đơn vị nữa").check()
    expect(page.locator("#matrix tbody tr:visible")).to_have_count(96)
    assert page.evaluate(HEAD_STAYS)
    page.get_by_role("link", name="đơn vị cần nhắc").click()
    page.wait_for_url("**/du-lieu?province=51&as_of=2026-11-20&only=late#silence")
    late = every.count()
    assert 0 < late < 96
    expect(page.locator("#silence-title")).to_contain_text(f"{late}/96 đơn vị")
    page.emulate_media(media="print")
    expect(every.last).to_be_visible()
    assert page.evaluate(
        "() => document.getElementById('matrix').scrollHeight "
        "<= document.getElementById('matrix').clientHeight + 1"
    )


def test_on_a_phone_a_commune_is_a_card_that_says_its_sources(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = opened(
        new_page(viewport={"width": 390, "height": 844}), server, "du-lieu?province=51&only=late"
    )
    card = page.locator("#matrix tbody tr").first
    label = card.locator("td").first.evaluate("cell => getComputedStyle(cell, '::before').content")
    assert "Biểu kê khai" in label
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate(FITS)

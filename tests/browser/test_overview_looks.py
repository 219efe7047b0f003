"""Fits every screen; reads in the dark, on paper and in high contrast."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from dashboard.views import theme
from tools.running import Server

FITS = "() => document.documentElement.scrollWidth <= innerWidth"
STATE_COLOURS = """() => {
    const shown = {};
    for (const item of document.querySelectorAll('#legend [data-state]'))
        shown[item.dataset.state] = getComputedStyle(item).getPropertyValue('--state').trim();
    return shown;
}"""
# Controls smaller than the given number of pixels either way, by their id or text.
SMALL = """least => [...document.querySelectorAll('button, select, input, a')].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width && one.offsetParent && !one.classList.contains('skip') && Math.min(box.width, box.height) < least;
}).map(one => one.id || one.textContent)"""


def opened(page: Page, server: Server, query: str = "") -> Page:
    page.goto(server.address + query)
    page.wait_for_selector("html[data-ready]")
    return page


@pytest.mark.parametrize(
    ("width", "height"), [(320, 700), (390, 844), (720, 450), (1024, 700), (1440, 900), (1920, 1080), (3840, 2160)]
)
def test_nothing_sticks_out_at_the_side(new_page: Callable[..., Page], server: Server, width: int, height: int) -> None:
    for query in ("", "?view=tiles&commune=21250&as_of=2025-08-01"):
        page = opened(new_page(viewport={"width": width, "height": height}), server, query)
        assert page.evaluate(FITS)


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1920, 1080), (3840, 2160)])
def test_map_and_legend_fit_one_screen_of_a_desktop(
    new_page: Callable[..., Page], server: Server, width: int, height: int
) -> None:
    page = opened(new_page(viewport={"width": width, "height": height}), server)
    legend = page.locator("#legend").bounding_box()
    area = page.locator("#map").bounding_box()
    assert legend
    assert area
    assert legend["y"] + legend["height"] <= height
    assert area["height"] >= height * 0.55


def test_colours_follow_the_system_and_paper_is_light(new_page: Callable[..., Page], server: Server) -> None:
    light = {code: level.light for code, level in theme.LEVELS.items()}
    dark = {code: level.dark for code, level in theme.LEVELS.items()}
    assert opened(new_page(color_scheme="light"), server).evaluate(STATE_COLOURS) == light
    page = opened(new_page(color_scheme="dark"), server)
    assert page.evaluate(STATE_COLOURS) == dark
    page.emulate_media(media="print")
    assert page.evaluate(STATE_COLOURS) == light
    assert not page.locator("#zoom-in").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(700, 1000), (1050, 700)])  # A4 upright and across, within its margins
def test_on_paper_nothing_overlaps_and_everything_is_dark_on_white(
    new_page: Callable[..., Page], server: Server, scheme: str, size: tuple[int, int]
) -> None:
    page = opened(
        new_page(viewport={"width": 1440, "height": 900}, color_scheme=scheme), server, "?show=network&commune=21250"
    )
    page.wait_for_selector("#dossiers-over-time .main-svg")
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    boxes = page.evaluate(
        "() => ['#headline', '#map svg', '#legend', '#panel', '#green-over-time .main-svg',"
        " '#dossiers-over-time .main-svg', '#table'].map(one => {"
        " const {left, top, right, bottom} = document.querySelector(one).getBoundingClientRect();"
        " return [left, top, right, bottom]; })"
    )
    for index, one in enumerate(boxes):
        assert one[2] - one[0] > 100
        assert one[3] - one[1] > 15
        assert one[2] <= size[0] + 1
        for other in boxes[:index]:
            assert one[1] >= other[3] - 1 or one[0] >= other[2] - 1, (other, one)
    inks = (
        "() => [...new Set([...document.querySelectorAll('#charts text, #table .value, #panel dd span')]"
        ".map(one => one.closest('svg') ? getComputedStyle(one).fill : getComputedStyle(one).color))]"
    )
    for ink in page.evaluate(inks):
        assert max(int(part) for part in ink[4:-1].split(",")) < 128 or ink == "rgb(255, 255, 255)", ink
    line = page.locator("#print-line")
    for words in ("Quảng Ngãi", "22/11/2026", "Mạng"):
        assert words in line.inner_text()
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    assert page.locator("#charts .main-svg[viewBox]").count() == 0


def test_high_contrast_keeps_the_colours_of_states(new_page: Callable[..., Page], server: Server) -> None:
    page = opened(new_page(forced_colors="active"), server)
    fill = "() => getComputedStyle(document.querySelector('[data-level=\"green\"]')).fill"
    assert page.evaluate(fill) == "rgb(10, 127, 120)"


def test_targets_are_large_enough_for_pointer_and_finger(new_page: Callable[..., Page], server: Server) -> None:
    desktop = opened(new_page(viewport={"width": 1440, "height": 900}), server)
    assert desktop.evaluate(SMALL, 24) == []
    phone = opened(new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True), server)
    assert phone.evaluate(SMALL, 44) == []


def test_every_control_has_a_name(new_page: Callable[..., Page], server: Server) -> None:
    for width in (390, 1440):
        page = opened(new_page(viewport={"width": width, "height": 844}), server)
        for name in ("Tỉnh, thành phố", "Tô theo"):
            assert page.get_by_role("combobox", name=name).count() == 1
        assert page.get_by_role("searchbox", name="Tìm xã").count() == 1
        assert page.get_by_label("Ngày", exact=True).count() == 1
        assert page.get_by_role("listbox").get_by_role("option").count() == 96


def test_text_twice_as_large_still_fits(new_page: Callable[..., Page], server: Server) -> None:
    page = opened(new_page(viewport={"width": 1440, "height": 900}), server)
    page.evaluate("() => { document.documentElement.style.fontSize = '32px'; }")
    assert page.evaluate(FITS)

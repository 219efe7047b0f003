"""Fits every screen; reads in the dark, on paper and in high contrast."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dashboard.web import theme
from tools.running import Server

SIZES = ((320, 700), (390, 844), (720, 450), (1024, 700), (1440, 900), (1920, 1080), (3840, 2160))
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
    return box.width && one.offsetParent && !one.classList.contains('skip')
        && Math.min(box.width, box.height) < least;
}).map(one => one.id || one.textContent)"""

BOXES = """() => ['#headline', '#map svg', '#legend', '#panel', '#green-over-time .main-svg',
    '#dossiers-over-time .main-svg', '#table'].map(one => {
    const {left, top, right, bottom} = document.querySelector(one).getBoundingClientRect();
    return [left, top, right, bottom]; })"""
GROWTH = """() => [...document.querySelectorAll('#charts .main-svg')]
    .map(svg => svg.getBoundingClientRect().width / Number(svg.getAttribute('width')))"""
INKS = """() => [...new Set([
    ...document.querySelectorAll('#charts text, #table .value, #panel dd span')]
    .map(one => one.closest('svg') ? getComputedStyle(one).fill : getComputedStyle(one).color))]"""


def opened(page: Page, server: Server, query: str = "") -> Page:
    page.goto(server.address + query)
    page.wait_for_selector("html[data-ready]")
    return page


def test_nothing_sticks_out_at_the_side_and_map_and_legend_fit_one_screen_of_a_desktop(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = new_page(viewport={"width": 1440, "height": 900})
    for query in ("", "?view=tiles&commune=21250&as_of=2025-08-01"):
        opened(page, server, query)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate(FITS), (query, width)
            if width < 1440:
                continue
            legend, area = (page.locator(part).bounding_box() for part in ("#legend", "#map"))
            assert legend
            assert area
            assert legend["y"] + legend["height"] <= height, width
            assert area["height"] >= height * 0.55, width


@pytest.mark.parametrize("width", [390, 1024, 1280, 1440])
def test_reasons_of_the_most_in_need_are_lines_and_no_columns_of_single_words(
    new_page: Callable[..., Page], server: Server, width: int
) -> None:
    page = opened(new_page(viewport={"width": width, "height": 800}), server, "")
    reasons = page.locator("#page .need .reason").all()
    boxes = [reason.bounding_box() for reason in reasons if reason.is_visible()]
    assert boxes
    assert all(box and box["width"] >= 120 for box in boxes), boxes


def test_colours_follow_the_system_and_paper_is_light(home: Page) -> None:
    light = {code: level.light for code, level in theme.LEVELS.items()}
    dark = {code: level.dark for code, level in theme.LEVELS.items()}
    assert home.evaluate(STATE_COLOURS) == light
    home.emulate_media(color_scheme="dark")
    assert home.evaluate(STATE_COLOURS) == dark
    home.emulate_media(media="print")
    assert home.evaluate(STATE_COLOURS) == light
    assert not home.locator("#zoom-in").is_visible()
    home.emulate_media(media="screen", color_scheme="light")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_paper_nothing_overlaps_and_everything_is_dark_on_white(
    new_page: Callable[..., Page], server: Server, scheme: str
) -> None:
    page = new_page(viewport={"width": 1440, "height": 900}, color_scheme=scheme)
    opened(page, server, "?show=network&commune=21250")
    page.wait_for_selector("#dossiers-over-time .main-svg")
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    for width, height in ((700, 1000), (1050, 700)):  # A4 upright and across, within its margins
        page.set_viewport_size({"width": width, "height": height})
        boxes = page.evaluate(BOXES)
        for index, box in enumerate(boxes):
            assert box[2] - box[0] > 100
            assert box[3] - box[1] > 15
            assert box[2] <= width + 1
            for other in boxes[:index]:
                assert box[1] >= other[3] - 1 or box[0] >= other[2] - 1, (other, box)
        assert max(page.evaluate(GROWTH)) < 1.15, "a chart's letters are those of the sheet"
    assert not page.locator(".figure .under").first.is_visible(), "said behind the question mark"
    for ink in page.evaluate(INKS):
        assert (
            max(int(part) for part in ink[4:-1].split(",")) < 128 or ink == "rgb(255, 255, 255)"
        ), ink
    for words in ("Quảng Ngãi", "22/11/2026", "Mạng"):
        assert words in page.locator("#print-line").inner_text()
    assert not page.get_by_text("Chưa có hình biểu đồ").is_visible()
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    assert page.locator("#charts .main-svg[viewBox]").count() == 0


def test_paper_waits_for_no_chart_but_the_next_sheet_has_them(
    new_page: Callable[..., Page], server: Server
) -> None:
    # a phone: the charts are far below
    page = opened(new_page(viewport={"width": 390, "height": 844}), server)
    page.emulate_media(media="print")
    expect(page.get_by_text("Chưa có hình biểu đồ khi in; số liệu ở đầu trang")).to_be_visible()
    expect(page.get_by_text("Đang chờ biểu đồ").first).to_be_hidden()
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    page.wait_for_selector("#charts .main-svg", state="attached")
    expect(page.get_by_text("Chưa có hình biểu đồ")).to_be_hidden()


def test_high_contrast_keeps_the_colours_of_states(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = opened(new_page(forced_colors="active"), server)
    fill = "() => getComputedStyle(document.querySelector('[data-level=\"green\"]')).fill"
    assert page.evaluate(fill) == "rgb(10, 127, 120)"


@pytest.mark.parametrize("phone", [False, True])
def test_every_control_has_a_name_and_is_large_enough_for_pointer_or_finger(
    new_page: Callable[..., Page], server: Server, phone: bool
) -> None:
    small = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    page = opened(
        new_page(**small if phone else {"viewport": {"width": 1440, "height": 900}}), server
    )
    assert page.evaluate(SMALL, 44 if phone else 24) == []
    for name in ("Tỉnh, thành phố", "Hiển thị", "Tìm xã, phường"):
        assert page.get_by_role("combobox", name=name).count() == 1
    assert page.get_by_label("Ngày", exact=True).count() == 1
    assert page.get_by_role("listbox", name="Bản đồ").get_by_role("option").count() == 96
    if not phone:
        page.evaluate("() => { document.documentElement.style.fontSize = '32px'; }")
        assert page.evaluate(FITS), "text twice as large still fits"

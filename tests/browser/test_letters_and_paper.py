"""Letters twice as large, paper without colours: nothing lies on anything, red is not green."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from dashboard import names
from tests.conftest import watch
from tools.running import CHROMIUM_ARGS, Server, chromium_path

# Texts of the headline, the bar and a document's figures that lie on one another.
OVERLAPPING = """() => {
    const read = '.figure .value, .figure .label, .figure .ask, .curve, .bar a, .bar select';
    const boxed = 'select, .ask, .curve';
    const parts = [...document.querySelectorAll(read)].filter(part => part.checkVisibility()
        && (part.textContent.trim() || part.matches('.curve')));
    const boxes = parts.map(part => {
        const range = document.createRange();
        range.selectNodeContents(part);
        const lines = part.matches(boxed) ? part.getClientRects() : range.getClientRects();
        return [...lines];
    });
    const meet = (a, b) => a.right > b.left + 2 && b.right > a.left + 2
        && a.bottom > b.top + 6 && b.bottom > a.top + 6;
    const found = [];
    boxes.forEach((own, at) => boxes.slice(at + 1).forEach((others, further) => {
        const apart = parts[at].parentElement !== parts[at + 1 + further].parentElement;
        if (apart && own.some(a => others.some(b => meet(a, b))))
            found.push(parts[at].textContent + ' / ' + parts[at + 1 + further].textContent);
    }));
    return found;
}"""
BROKEN_WORDS = """() => [...document.querySelectorAll('.compared :is(th, td)')].flatMap(head => {
    const walk = document.createTreeWalker(head, NodeFilter.SHOW_TEXT);
    const broken = [];
    while (walk.nextNode()) {
        const text = walk.currentNode;
        if (text.parentElement.closest('.unseen')) continue;
        for (const {0: word, index} of text.data.matchAll(/[^\\s\\/–-]+/g)) {
            const range = document.createRange();
            range.setStart(text, index);
            range.setEnd(text, index + word.length);
            const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
            if (lines.size > 1) broken.push(word);
        }
    }
    return broken;
})"""


@pytest.fixture(scope="module")
def large_letters(browser: Browser) -> Iterator[Browser]:
    """A browser whose letters somebody set to twice their size; page zoom is another thing."""
    large = browser.browser_type.launch(
        executable_path=chromium_path(),
        args=[*CHROMIUM_ARGS, "--blink-settings=defaultFontSize=32,minimumFontSize=0"],
    )
    yield large
    large.close()


ALL_PAGES = [
    *("", "ho-so", "xep-hang", "thieu-gi", "to-cong-tac", "du-lieu", "chi-so", "so-sanh"),
    *("ban-tin", "ban-tin/hop", "xa/21250", "toan-quoc", "tim?q=son", "api", "dang-nhap"),
    *("to-cong-tac/viec-hua", "to-cong-tac/lich", "to-cong-tac/bao-cao", "to-cong-tac/yeu-cau"),
]


# Words in smaller letters than the least of the five sizes, on any page; drawings have their own.
SMALL_WORDS = """least => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const small = [];
    while (walk.nextNode()) {
        const {parentElement: one, data} = walk.currentNode;
        if (!data.trim() || one.closest('svg, .sign, noscript, .unseen')) continue;
        if (!one.checkVisibility() || one.getBoundingClientRect().width < 3) continue;
        if (parseFloat(getComputedStyle(one).fontSize) < least - 0.01) small.push(data.trim());
    }
    return small;
}"""


WIDE = "() => document.documentElement.scrollWidth > innerWidth"


def _open_pages(page: Page, server: Server) -> Iterator[str]:
    """Each page in turn, as it stands after its start."""
    for path in ALL_PAGES:
        page.goto(server.address + path)
        if not path:
            page.wait_for_selector("html[data-ready]")
        yield path


@pytest.mark.parametrize("widths", [(390, 320, 768), (1440,)], ids=str)
def test_no_words_are_smaller_than_the_least_size_and_no_page_scrolls_sideways(
    new_page: Callable[..., Page], server: Server, widths: tuple[int, ...]
) -> None:
    """The first of the widths is the one that each page is opened at."""
    page = new_page(viewport={"width": widths[0], "height": 844}, has_touch=widths[0] < 640)
    for path in _open_pages(page, server):
        assert page.evaluate(SMALL_WORDS, 13) == [], path
        assert page.evaluate("() => getComputedStyle(document.body).fontSize") == "15px", path
        for width in widths:
            page.set_viewport_size({"width": width, "height": 844})
            assert not page.evaluate(WIDE), (path, width)
        page.set_viewport_size({"width": widths[0], "height": 844})


def test_no_page_scrolls_sideways_with_letters_twice_as_large_on_a_phone(
    large_letters: Browser, server: Server
) -> None:
    context = large_letters.new_context(viewport={"width": 360, "height": 844}, has_touch=True)
    page = context.new_page()
    assert [path for path in _open_pages(page, server) if page.evaluate(WIDE)] == []
    context.close()


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)], ids=str)
def test_letters_twice_as_large_lie_on_nothing(
    large_letters: Browser, server: Server, size: tuple[int, int]
) -> None:
    faults: list[str] = []
    context = large_letters.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    watch(page, faults)
    for path in ("?province=51", "ho-so?province=51", "xa/21250", "to-cong-tac"):
        page.goto(server.address + path)
        page.wait_for_selector("html[data-ready]")
        assert page.evaluate(OVERLAPPING) == [], path
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), path
    context.close()
    assert not faults


def test_on_paper_without_colours_red_is_striped_and_green_is_full(home: Page) -> None:
    home.emulate_media(media="print", color_scheme="light")
    look = """([selector, property]) =>
        getComputedStyle(document.querySelector(selector))[property]"""
    try:
        assert home.evaluate(look, ["#hatch-red .ground", "fill"]) == "rgb(255, 255, 255)"
        assert float(home.evaluate(look, ["#hatch-red .line", "strokeWidth"]).strip("px")) > 2
        assert home.evaluate(look, ['.commune[data-level="green"]', "fill"]) == "rgb(10, 127, 120)"
        assert "hatch-red" in home.evaluate(look, ['.commune[data-level="red"]', "fill"])
    finally:
        home.emulate_media(media="screen", color_scheme="light")


def test_words_and_numbers_of_six_communes_are_not_broken(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = new_page(viewport={"width": 1366, "height": 768})
    wards = [code for code, name in names.list_official_names("51").items() if "Phường" in name]
    page.goto(f"{server.address}so-sanh?province=51&xa={','.join(wards[:6])}")
    assert page.locator(".sheet thead th").count() >= 7
    assert page.evaluate(BROKEN_WORDS) == []


NOT_BESIDE_ITS_NAME = """() => [...document.querySelectorAll('.bars li, .split li')].filter(row => {
    const name = row.firstElementChild.getBoundingClientRect();
    const figure = row.querySelector('.figure').getBoundingClientRect();
    return figure.top >= name.bottom;
}).length"""


def test_charts_and_figures_of_a_document_stand_on_paper_as_on_the_screen(
    browser: Browser, server: Server
) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    page = context.new_page()
    page.goto(server.address + "ho-so?province=51")
    # nobody scrolled: whoever prints has the charts all the same
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-figure]')].every(place => place.dataset.drawn)"
    )
    page.emulate_media(media="print")
    assert page.evaluate(NOT_BESIDE_ITS_NAME) == 0
    context.close()

"""The pages below /to-cong-tac on a phone: no endless lists, nothing beside the screen, the bar
says where one is.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tools.running import Server

PAGES = ("", "/viec-hua", "/lich", "/bao-cao", "/yeu-cau")


def test_a_phone_shows_ten_promises_and_the_rest_behind_one_line(
    server: Server, new_page: Callable[..., Page]
) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page.goto(f"{server.address}to-cong-tac/viec-hua")
    rows = page.locator("tr[data-follow-up]")
    count = rows.count()
    assert count > 10
    expect(rows.nth(9)).to_be_visible()
    expect(rows.nth(10)).to_be_hidden()
    expect(page.locator(".more .opens")).to_have_text(f"{count - 10} việc nữa")
    page.locator(".more input").check()
    expect(rows.nth(count - 1)).to_be_visible()
    page.locator(".more input").uncheck()
    expect(rows.nth(10)).to_be_hidden()


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("to-cong-tac/viec-hua", "tr[data-follow-up]"),
        ("thieu-gi", ".steps tbody tr"),
        ("ho-so", "#theo-xa .bars li"),
    ],
)
def test_a_desktop_shows_ten_of_a_long_list_and_paper_all(
    server: Server, new_page: Callable[..., Page], path: str, rows: str
) -> None:
    page = new_page(viewport={"width": 1440, "height": 900})
    page.goto(server.address + path)
    entries = page.locator(rows)
    count = entries.count()
    expect(entries.nth(9)).to_be_visible()
    expect(entries.nth(10)).to_be_hidden()
    more = page.locator(".more").last
    expect(more.locator(".opens")).to_contain_text(f"{count - 10} ")
    more.locator("input").check()
    expect(entries.last).to_be_visible()
    more.locator("input").uncheck()
    page.emulate_media(media="print")
    expect(entries.last).to_be_visible()


def test_a_narrowed_list_says_how_many_are_left(
    server: Server, new_page: Callable[..., Page]
) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{server.address}to-cong-tac")
    page.locator(".folded summary").click()
    page.locator("select[name=level]").select_option("red")
    cards = page.locator(".card:not([hidden])")
    seen = cards.count()
    expect(page.locator(".more .opens").first).to_have_text(f"{seen - 10} đơn vị nữa")
    expect(cards.nth(9)).to_be_visible()
    expect(cards.nth(10)).to_be_hidden()


def test_a_list_says_a_line_a_commune_and_paper_what_is_behind_each(
    server: Server, new_page: Callable[..., Page]
) -> None:
    page = new_page(viewport={"width": 1440, "height": 900}, java_script_enabled=False)
    page.goto(f"{server.address}to-cong-tac")
    cards = page.locator("[aria-labelledby=visits-title] .card")
    expect(cards.nth(9)).to_be_visible()
    expect(cards.nth(10)).to_be_hidden()
    box = cards.first.bounding_box()
    assert box
    assert box["height"] < 50, "one line"
    behind = cards.first.locator("details p").last
    expect(behind).to_be_hidden()
    cards.first.locator("summary").press("Enter")
    expect(behind).to_be_visible()
    page.emulate_media(media="print")
    expect(cards.last.locator("details p").last).to_be_visible()
    expect(page.locator(".folded")).to_be_hidden()


# Three fifths of what stood there when pages were found to say too much.
@pytest.mark.parametrize(
    ("path", "most"), [("", 2280), ("du-lieu", 2160), ("to-cong-tac", 1560)], ids=str
)
def test_a_page_says_no_more_words_than_somebody_reads(
    server: Server, new_page: Callable[..., Page], path: str, most: int
) -> None:
    page = new_page(viewport={"width": 1440, "height": 900})
    page.goto(server.address + path)
    page.wait_for_selector("html[data-ready]")
    assert page.evaluate("() => document.body.innerText.match(/\\S+/g).length") <= most


@pytest.mark.parametrize("width", [320, 360, 390])
def test_no_page_of_the_field_sticks_out(
    server: Server, new_page: Callable[..., Page], width: int
) -> None:
    page = new_page(viewport={"width": width, "height": 800})
    for path in PAGES:
        page.goto(f"{server.address}to-cong-tac{path}")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path
        current = page.locator('nav[aria-label="Các trang"] [aria-current]')
        expect(current).to_have_text("Tổ công tác")


# Words whose contrast with what lies behind is below 7:1; signs are drawings beside their word.
FAINT = """() => {
    const read = color => {
        const scale = color.startsWith('color(') ? 255 : 1;
        const parts = color.replace('srgb', '').match(/[\\d.]+/g).map(Number);
        const light = parts.slice(0, 3).map(part => {
            const share = part * scale / 255;
            return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        const [red, green, blue] = light;
        return {light: 0.2126 * red + 0.7152 * green + 0.0722 * blue, solid: parts[3] !== 0};
    };
    const faint = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const words = walk.currentNode.data.trim();
        const element = walk.currentNode.parentElement;
        if (!words || !element.checkVisibility()) continue;
        if (element.closest('script, style, noscript, .unseen, .sign')) continue;
        let behind = element;
        while (behind && !read(getComputedStyle(behind).backgroundColor).solid)
            behind = behind.parentElement;
        const back = read(behind ? getComputedStyle(behind).backgroundColor : 'rgb(255, 255, 255)');
        const front = read(getComputedStyle(element).color);
        const [low, high] = [back.light, front.light].sort((a, b) => a - b);
        if ((high + 0.05) / (low + 0.05) < 7) faint.push(words.slice(0, 40));
    }
    return faint;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_are_readable_in_sunlight(
    server: Server, new_page: Callable[..., Page], scheme: str
) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    for path in PAGES:
        page.goto(f"{server.address}to-cong-tac{path}")
        assert page.evaluate(FAINT) == [], path


# How wide a hatching of the map is on the screen.
HATCH_PIXELS = """name => {
    const pattern = document.querySelector(`.choice-map #${name}`);
    const {a} = pattern.ownerSVGElement.getScreenCTM();
    return pattern.width.baseVal.value * pattern.patternTransform.baseVal[0].matrix.a * a;
}"""


def test_a_day_is_chosen_on_the_map_and_the_list_has_the_same(
    server: Server, new_page: Callable[..., Page]
) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{server.address}to-cong-tac/lich?province=51")
    page.locator(".map-choice summary").click()
    words = page.locator(".map-choice [data-words]")
    expect(words).to_have_text("Chưa chọn nơi nào")
    code = page.locator("input[name=xa]").first.get_attribute("value")
    area = page.locator(f'.choice-map [data-commune="{code}"]')
    expect(area).to_have_attribute("data-level", "red")
    expect(page.locator(".map-key li")).to_have_text(
        ["● Xanh", "◐ Vàng", "▲ Đỏ", "– Chưa báo cáo", "◌ Số liệu cũ", "viền đậm: đã chọn"]
    )
    for name, pixels in {"hatch-red": 6, "hatch-stale": 7}.items():
        assert page.evaluate(HATCH_PIXELS, name) == pytest.approx(pixels, abs=0.2)
    area.click()
    expect(page.locator(f'input[value="{code}"]')).to_be_checked()
    expect(words).to_contain_text("Đã chọn 1: ")
    page.get_by_role("button", name="Xếp đường đi, lập phiếu").click()
    expect(page.locator(".sheet-page")).to_have_count(1)
    expect(page.locator(f"#sheet-{code}")).to_be_visible()

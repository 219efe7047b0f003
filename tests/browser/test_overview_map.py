"""The map of the first page as a person meets it: eyes, pointer, keyboard, finger."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dashboard.web import theme
from tools.running import Server

READY = "html[data-ready]"
LEVEL_COUNTS = """() => Object.fromEntries(
    [...document.querySelectorAll('#legend [data-state]')].map(
    item => [item.dataset.state, Number(item.querySelector('.count').textContent)]))"""
PAINTED = """() => [...document.querySelectorAll('[data-level]')].reduce(
    (sum, one) => ({...sum, [one.dataset.level]: (sum[one.dataset.level] || 0) + 1}), {})"""
BOX = "() => document.querySelector('#map svg').getAttribute('viewBox')"


def opened(page: Page, server: Server, query: str = "") -> Page:
    page.goto(server.address + query)
    page.wait_for_selector(READY)
    return page


def test_every_commune_is_one_shape_with_a_level_and_the_legend_counts_them(home: Page) -> None:
    assert home.locator("#map path[data-commune]").count() == 96
    painted = home.evaluate(PAINTED)
    assert sum(painted.values()) == 96
    assert set(painted) <= set(theme.LEVELS)
    shown = {code: count for code, count in home.evaluate(LEVEL_COUNTS).items() if count}
    assert shown == painted
    assert home.locator("#legend .total").text_content() == "= 96"


def test_level_has_sign_and_word_beside_its_colour(home: Page) -> None:
    for level in theme.LEVELS.values():
        entry = home.locator(f'#legend [data-state="{level.code}"]')
        expect(entry).to_contain_text(level.sign)
        expect(entry).to_contain_text(level.word)
    path = home.locator('path[data-commune="21250"]')
    word = theme.LEVELS[path.get_attribute("data-level") or ""].word
    assert path.get_attribute("aria-label") == f"Xã Nghĩa Giang, Tổng thể: {word}"


def test_legend_and_shapes_use_the_words_of_the_shown_layer(page: Page, server: Server) -> None:
    opened(page, server, "?show=on_time")
    word = page.locator('#legend [data-state="unknown"] .word')
    expect(word).to_have_text("Không xếp màu")
    page.select_option("#show", "network")
    expect(word).to_have_text(theme.LEVELS["unknown"].word)


def test_tiles_are_the_same_elements_and_none_overlaps(home: Page) -> None:
    home.evaluate(
        "() => document.querySelectorAll('#map path[data-commune]')"
        ".forEach(path => path.seen = true)"
    )
    home.click("#view-tiles")
    expect(home.locator("#view-tiles")).to_have_attribute("aria-pressed", "true")
    assert home.evaluate(
        "() => [...document.querySelectorAll('#map path[data-commune]')].every(path => path.seen)"
    )
    boxes = home.evaluate(
        "() => [...document.querySelectorAll('#map path[data-commune]')].map(path => {"
        " const box = path.getBBox(); return [Math.round(box.x), Math.round(box.y), "
        "Math.round(box.width)]; })"
    )
    assert len({(x, y) for x, y, _ in boxes}) == 96
    assert len({width for *_, width in boxes}) == 1
    home.go_back()
    expect(home.locator("#view-map")).to_have_attribute("aria-pressed", "true")


def test_tile_without_room_for_its_name_carries_the_sign_of_its_level(
    page: Page, server: Server
) -> None:
    opened(page, server, "?province=25&view=tiles")
    signs = {code: level.sign for code, level in theme.LEVELS.items()}
    seen = """() => [...document.querySelectorAll('.tile-names text')]
        .filter(one => one.checkVisibility()).map(
        one => [document.querySelector(`path[data-commune="${one.dataset.for}"]`).dataset.level,
            one.textContent])"""
    for layer in ("overall", "network"):
        page.select_option("#show", layer)
        shown = page.evaluate(seen)
        assert len(shown) == 148
        assert all(sign == signs[level] for level, sign in shown)
    assert page.locator(".tile-names[aria-hidden=true]").count() == 1
    assert page.locator("[data-level]").count() == 148
    for _ in range(3):
        page.click("#zoom-in")
    assert not {name for _, name in page.evaluate(seen)} & set(signs.values())


def test_the_map_is_one_stop_of_the_tab_key_and_arrows_walk_to_neighbours(home: Page) -> None:
    assert home.locator('#map [tabindex="0"]').count() == 1
    home.focus("#zoom-home")
    home.keyboard.press("Tab")
    focused = "() => document.activeElement.dataset.commune"
    first = home.evaluate(focused)
    assert re.fullmatch(r"\d{5}", first)
    home.evaluate("() => { document.querySelector('path[data-commune=\"21250\"]').focus(); }")
    centre = (
        "() => { const d = document.activeElement.dataset; return [Number(d.x), Number(d.y)]; }"
    )
    x, _ = home.evaluate(centre)
    home.keyboard.press("ArrowLeft")
    assert home.evaluate(centre)[0] < x
    _, y = home.evaluate(centre)
    home.keyboard.press("ArrowUp")
    assert home.evaluate(centre)[1] < y
    assert home.locator('#map [tabindex="0"]').count() == 1
    home.keyboard.press("Tab")
    assert home.evaluate("() => !document.activeElement.closest('#map')")


def test_arrows_reach_every_commune(home: Page) -> None:
    reached = home.evaluate("""() => {
        const paths = [...document.querySelectorAll('#map path[data-commune]')];
        const seen = new Set([paths[0]]);
        const queue = [paths[0]];
        while (queue.length) {
            const from = queue.pop();
            for (const key of ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']) {
                from.focus();
                from.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
                const here = document.activeElement;
                if (!seen.has(here)) { seen.add(here); queue.push(here); }
            }
        }
        return seen.size;
    }""")
    assert reached == 96


def test_enter_selects_and_escape_gives_the_focus_back(home: Page) -> None:
    home.evaluate("() => document.querySelector('path[data-commune=\"21250\"]').focus()")
    home.keyboard.press("Enter")
    expect(home.locator("#panel")).to_be_visible()
    expect(home.locator("#panel-title")).to_have_text("Xã Nghĩa Giang")
    expect(home.locator("#panel-title")).to_be_focused()
    assert "commune=21250" in home.url
    home.keyboard.press("Escape")
    expect(home.locator("#panel")).to_be_hidden()
    assert home.evaluate("() => document.activeElement.dataset.commune") == "21250"
    assert "commune" not in home.url


def test_click_selects_and_hover_and_focus_tell_name_and_values(home: Page) -> None:
    # Large shapes: their middle is inside them.
    shape = home.locator('path[data-commune="23332"], path[data-commune="23368"]').first
    name = shape.get_attribute("data-name") or ""
    shape.hover()
    expect(home.locator("#tooltip")).to_be_visible()
    for words in (name, "Tổng thể", "Mạng", "Chữ ký số", "Thiết bị", "Đúng hạn", "Cập nhật"):
        expect(home.locator("#tooltip")).to_contain_text(words)
    shape.click()
    expect(home.locator("#panel-title")).to_have_text(name)
    # it would lie over the panel, which says the same
    expect(home.locator("#tooltip")).to_be_hidden()
    home.mouse.move(5, 5)
    home.evaluate("() => document.querySelector('path[data-commune=\"21250\"]').focus()")
    expect(home.locator("#tooltip")).to_contain_text("Xã Nghĩa Giang")
    home.keyboard.press("Escape")
    expect(home.locator("#tooltip")).to_be_hidden()


def test_buttons_wheel_and_drag_change_what_is_seen_and_nothing_traps_the_page(home: Page) -> None:
    all_shown = home.evaluate(BOX)
    home.click("#zoom-in")
    assert home.evaluate(BOX) != all_shown
    home.click("#zoom-home")
    assert home.evaluate(BOX) == all_shown

    frame = home.locator("#map").bounding_box()
    assert frame
    middle = (frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
    home.mouse.move(*middle)
    home.mouse.wheel(0, -200)
    home.wait_for_function(
        f"() => document.querySelector('#map svg').getAttribute('viewBox') !== '{all_shown}'"
    )
    near = home.evaluate(BOX)
    home.mouse.down()
    home.mouse.move(middle[0] + 60, middle[1] + 30, steps=4)
    home.mouse.up()
    assert home.evaluate(BOX) != near
    expect(home.locator("#panel")).to_be_hidden()  # a drag is no click
    home.click("#zoom-home")
    home.wait_for_timeout(300)
    home.mouse.move(*middle)
    home.mouse.wheel(0, 400)
    home.wait_for_function("() => document.scrollingElement.scrollTop > 100")
    assert home.evaluate(BOX) == all_shown


def test_lines_and_hatching_keep_their_size_on_the_screen(home: Page) -> None:
    scale = """() => document.querySelector('#hatch-red')
        .getAttribute('patternTransform').match(/[\\d.]+/)[0]"""
    before = float(home.evaluate(scale))
    home.click("#zoom-in")
    assert float(home.evaluate(scale)) == pytest.approx(before / 1.5, rel=0.01)
    effect = "() => getComputedStyle(document.querySelector('#map .commune')).vectorEffect"
    assert home.evaluate(effect) == "non-scaling-stroke"


def test_islands_can_be_seen_and_clicked(new_page: Callable[..., Page], server: Server) -> None:
    for width, height in ((1440, 900), (390, 844)):
        page = opened(new_page(viewport={"width": width, "height": height}), server)
        island = page.locator('path[data-name="Đặc khu Lý Sơn"]')
        island.click()
        expect(page.locator("#panel-title")).to_have_text("Đặc khu Lý Sơn")


def test_pinch_zooms_and_one_finger_scrolls_the_page(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = opened(
        new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True), server
    )
    assert (
        page.evaluate("() => getComputedStyle(document.querySelector('#map svg')).touchAction")
        == "pan-y"
    )
    all_shown = page.evaluate(BOX)
    page.locator("#map").scroll_into_view_if_needed()
    page.evaluate("""() => {
        const svg = document.querySelector('#map svg'), frame = svg.getBoundingClientRect();
        const [x, y] = [frame.left + frame.width / 2, frame.top + frame.height / 2];
        const send = (type, id, dx) => svg.dispatchEvent(new PointerEvent(type,
            {pointerId: id, pointerType: 'touch', clientX: x + dx, clientY: y, bubbles: true}));
        send('pointerdown', 11, -20); send('pointerdown', 12, 20);
        send('pointermove', 11, -60); send('pointermove', 12, 60);
        send('pointerup', 11, -60); send('pointerup', 12, 60);
    }""")
    assert float(page.evaluate(BOX).split()[2]) < float(all_shown.split()[2]) / 2
    assert (
        page.evaluate("() => getComputedStyle(document.querySelector('#map svg')).touchAction")
        == "none"
    )


def test_a_recolour_fades_unless_motion_is_unwanted(
    new_page: Callable[..., Page], server: Server
) -> None:
    duration = "() => getComputedStyle(document.querySelector('#map .commune')).animationDuration"
    assert opened(new_page(), server).evaluate(duration) == "0.2s"
    assert opened(new_page(reduced_motion="reduce"), server).evaluate(duration) == "0s"


LABELS = """() => [...document.querySelectorAll('.map-name')].map(label => {
    const {left, top, right, bottom} = label.getBoundingClientRect();
    return {code: label.dataset.for, left, top, right, bottom,
            size: parseFloat(getComputedStyle(label).fontSize) * label.getScreenCTM().a};
})"""


def test_names_stand_on_the_map_large_enough_and_apart(home: Page) -> None:
    home.wait_for_selector(".map-name")
    labels = home.evaluate(LABELS)
    assert len(labels) > 25
    assert all(label["size"] >= 10.9 for label in labels)
    for index, box in enumerate(labels):
        for other in labels[:index]:
            across = min(box["right"], other["right"]) - max(box["left"], other["left"])
            down = min(box["bottom"], other["bottom"]) - max(box["top"], other["top"])
            assert across < 5 or down < 5, (box, other)
    named = {label["code"] for label in labels}
    red = home.locator('.commune[data-level="red"]').evaluate_all(
        "shapes => shapes.map(shape => shape.dataset.commune)"
    )
    assert len(set(red) - named) <= 1  # where neighbours leave no free place
    ranks = home.locator(".need-rank").all_text_contents()
    assert ranks == ["1", "2", "3", "4", "5"]
    top = home.evaluate(
        "() => dashboard.current.state.need.top.map("
        "line => dashboard.current.state.codes[line.commune])"
    )
    assert set(top) <= named
    unnamed = next(
        code for code in home.evaluate("dashboard.current.state.codes") if code not in named
    )
    home.evaluate("code => dashboard.changeAddress({commune: code})", unnamed)
    home.wait_for_selector(f'.map-name[data-for="{unnamed}"]', state="attached")


def test_a_finger_hits_a_small_shape_beside_its_middle(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto(server.address + "?province=51")
    page.wait_for_selector("html[data-ready]")
    page.locator("#map").scroll_into_view_if_needed()
    island = page.locator(".commune[data-small]").first
    box = island.bounding_box()
    assert box
    assert min(box["width"], box["height"]) < 24
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.touchscreen.tap(middle[0] - 11, middle[1])
    code = island.get_attribute("data-commune")
    assert page.evaluate("() => dashboard.getAddress().commune") == code

"""The wall screen in a browser: read at every size, stepped by hand, quiet while it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_pages_document import AXE, SERIOUS
from tools.running import Server
from tools.wall_line import Line
from tools.wall_screen import LOOK, Soak

SIZES = {"hd": (1920, 1080), "4k": (3840, 2160), "small": (1366, 768), "upright": (1080, 1920)}
# Text nodes that are smaller than the stated size, stick out of the screen or are cut off by their
# box.
UNREADABLE = """() => {
  const least = Math.min(innerWidth, innerHeight) * 0.048 - 0.1, found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode, parent = text.parentElement;
    if (!text.data.trim() || !parent.checkVisibility()) continue;
    if (parent.closest('svg, .sign, noscript')) continue;
    if (parseFloat(getComputedStyle(parent).fontSize) < least) found.push('small: ' + text.data);
    const range = document.createRange();
    range.selectNodeContents(text);
    const box = parent.closest('.side, .lines');
    for (const part of range.getClientRects()) {
      const frame = box ? box.getBoundingClientRect()
        : { left: 0, right: innerWidth, bottom: innerHeight };
      if (part.left < frame.left - 1 || part.right > frame.right + 1
          || part.bottom > frame.bottom + 1)
        found.push('cut: ' + text.data);
    }
  }
  return found;
}"""
ONE_LINE = """() => document.getElementById('pointing').clientHeight
    < 0.08 * Math.min(innerWidth, innerHeight)"""
OVERLAP = """() => {
  const boxes = ['#title', '.body', '#steps', '#alert', '#frozen', '#pointing', '.foot']
    .map(name => document.querySelector(name)).filter(one => one.checkVisibility())
    .map(one => one.getBoundingClientRect());
  const meet = (box, other) => other.top < box.bottom - 1 && box.top < other.bottom - 1;
  return boxes.some((box, at) => boxes.slice(at + 1).some(other => meet(box, other)));
}"""


# The map's share of the screen's width; 1 where there is none.
MAP_SHARE = """() => {
  const area = document.querySelector('.area');
  return area.checkVisibility() ? area.getBoundingClientRect().width / innerWidth : 1;
}"""
# The map's share of the height that title and foot leave; 1 where there is none.
MAP_HEIGHT = """() => {
  const area = document.querySelector('.area');
  if (!area.checkVisibility()) return 1;
  const high = selector => document.querySelector(selector).getBoundingClientRect().height;
  return high('.map-drawing') / high('.body');
}"""
KEY_OVER_MAP = """() => {
  const key = document.querySelector('#legend').getBoundingClientRect();
  return key.width > 0 && [...document.querySelectorAll('.commune, .disc')].some(shape => {
    const box = shape.getBoundingClientRect();
    return box.left < key.right && key.left < box.right && box.top < key.bottom
      && key.top < box.bottom;
  });
}"""


def opened(page: Page, server: Server, query: str = "province=51") -> Page:
    page.goto(f"{server.address}man-hinh?{query}")
    page.wait_for_selector("html[data-ready]", state="attached")
    return page


def look(page: Page) -> dict[str, Any]:
    seen: dict[str, Any] = page.evaluate(LOOK)
    return seen


def soaked(
    new_page: Callable[..., Page], server: Server, query: str = "province=51", **more: Any
) -> Soak:
    """A screen on a line that fails when told to, its clock in the test's hand."""
    page = new_page(
        viewport={"width": 1366, "height": 768},
        service_workers="block",
        timezone_id="America/New_York",
    )
    soak = Soak(page, Line(server), **more)
    soak.start(query)
    return soak


@pytest.mark.parametrize("size", SIZES)
def test_every_scene_can_be_read_at_every_size(
    new_page: Callable[..., Page], server: Server, size: str
) -> None:
    width, height = SIZES[size]
    page = opened(
        new_page(viewport={"width": width, "height": height}), server, "province=51&tu=2026-11-10"
    )
    scenes = look(page)["scenes"]
    assert len(scenes) == 10
    for keys in ("", "ftra bong"):  # as it hangs there; frozen, with a commune pointed at
        page.keyboard.type(keys)
        for _ in scenes:
            assert page.evaluate(UNREADABLE) == [], look(page)["scene"]
            assert not page.evaluate(OVERLAP), look(page)["scene"]
            if width > height:
                assert page.evaluate(MAP_SHARE) >= 0.6199, look(page)["scene"]
                assert page.evaluate(MAP_HEIGHT) >= 0.99, look(page)["scene"]
                assert not page.evaluate(KEY_OVER_MAP), look(page)["scene"]
            assert page.evaluate("() => document.documentElement.scrollHeight <= innerHeight")
            if keys:
                assert page.evaluate(ONE_LINE), page.locator("#pointing").text_content()
                expect(page.locator("#pointing")).to_contain_text(
                    re.compile("Tổng thể . |Trà Bồng . ")
                )
            page.keyboard.press("ArrowRight")
    assert page.locator("#frozen").is_visible()
    assert page.locator("#pointing").is_visible()


@pytest.mark.parametrize("size", [(1024, 768), (1366, 1000), (1280, 1024)], ids=str)
def test_a_foot_of_two_lines_leaves_nothing_cut_on_squarer_screens(
    new_page: Callable[..., Page], server: Server, size: tuple[int, int]
) -> None:
    """The foot is written after the scene was measured; on these screens it needs a second line,
    and a province of a hundred thousand dossiers has long figures."""
    page = new_page(viewport={"width": size[0], "height": size[1]})

    def lengthen(route: Route) -> None:
        answer = route.fetch()
        state = answer.json()
        for scene in state["scenes"]:
            scene["age"] = {**scene["age"], "words": "20/11/2026 17:30"}
            if scene["id"] == "ho-so":
                counted = "(95.141/190.967\u00a0hồ\u00a0sơ\u00a0đã\u00a0giải\u00a0quyết)"
                scene["figures"][0]["label"] += counted
        route.fulfill(response=answer, json=state)

    page.route("**/api/wall*", lengthen)
    for scene in ("mang", "ho-so", "im-lang"):
        opened(page, server, f"province=51&giay=600&canh={scene}")
        expect(page.locator("#age")).to_contain_text("17:30")
        page.wait_for_timeout(200)
        assert page.evaluate(UNREADABLE) == [], scene
        assert not page.evaluate(OVERLAP)


@pytest.mark.parametrize("query", ["province=01", "province=51&xa=21250,21028,21025,21034,21548"])
def test_a_province_without_data_and_a_group_can_be_read_too(
    page: Page, server: Server, query: str
) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    opened(page, server, query)
    for _ in look(page)["scenes"]:
        assert page.evaluate(UNREADABLE) == [], look(page)["scene"]
        page.keyboard.press("ArrowRight")


def test_arrows_step_and_after_two_minutes_the_clock_goes_on(
    new_page: Callable[..., Page], server: Server
) -> None:
    soak = soaked(new_page, server, seconds=10)
    scenes = soak.look()["scenes"]
    for key, by in (("ArrowRight", 1), (" ", 1), ("ArrowLeft", -1)):
        before = scenes.index(look(soak.page)["scene"])
        soak.page.keyboard.press(key)
        assert look(soak.page)["scene"] == scenes[(before + by) % len(scenes)]
    stays = look(soak.page)["scene"]
    for _ in range(55):
        soak.step(2)
    assert look(soak.page)["scene"] == stays
    for _ in range(8):
        soak.step(2)
    soak.problems.clear()
    soak.step(2 * 2)
    soak.look()
    assert soak.problems == []


def test_a_typed_name_points_at_the_commune(page: Page, server: Server) -> None:
    opened(page, server, "province=51&canh=mang")
    page.keyboard.type("ly son")
    expect(page.locator("#pointing")).to_have_text(
        "Tìm “ly son”: Đặc khu Lý Sơn: Mạng ▲ Đỏ · Tổng thể ▲ Đỏ"
    )
    # upright it says less, the overall level always
    page.set_viewport_size({"width": 1080, "height": 1920})
    expect(page.locator("#pointing")).to_have_text(re.compile("^Lý Sơn: .*Tổng thể ▲ Đỏ$"))
    assert page.get_attribute(".ring.selected .edge", "d") == page.get_attribute(
        '[data-commune="21548"]', "d"
    )
    page.keyboard.type("zz")
    expect(page.locator("#pointing")).to_contain_text("không có đơn vị nào")
    page.keyboard.press("Escape")
    expect(page.locator("#pointing")).to_be_hidden()
    assert page.get_attribute(".ring.selected .edge", "d") is None


def test_the_screen_reports_itself(new_page: Callable[..., Page], server: Server) -> None:
    soak = soaked(new_page, server, "province=51&canh=mang&ten=Phòng họp 2")
    with soak.page.expect_request("**/api/screens") as first:
        for _ in range(4):
            soak.step(2)
    said = first.value.post_data_json or {}
    assert said["name"] == "Phòng họp 2"
    assert set(said) == {
        "name",
        "province",
        "scene",
        "build",
        "version",
        "token",
        "fresh",
        "errors",
    }
    answer = first.value.response()
    assert answer is not None
    assert answer.status == 204


@pytest.mark.parametrize("ground", ["toi", "sang"])
def test_dark_unless_the_address_asks_for_light(
    new_page: Callable[..., Page], server: Server, ground: str
) -> None:
    for scheme in ("light", "dark"):
        page = opened(new_page(color_scheme=scheme), server, f"canh=mang&nen={ground}")
        paper = page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")
        assert paper == ("rgb(255, 255, 255)" if ground == "sang" else "rgb(15, 23, 32)")
        page.close()


def test_a_standing_scene_writes_nothing(new_page: Callable[..., Page], server: Server) -> None:
    soak = soaked(new_page, server, "canh=mang", seconds=600)
    soak.step(2)
    page = soak.page
    page.evaluate("""() => {
        window.touched = [];
        new MutationObserver(all => {
            for (const m of all) window.touched.push(m.target.id || m.target.nodeName); })
            .observe(document.documentElement,
                {childList: true, subtree: true, attributes: true, characterData: true});
    }""")
    for _ in range(50):
        soak.step(6)
    touched = page.evaluate("() => window.touched")
    assert set(touched) == {"clock", "page"}  # the minute, the small shift
    assert len(touched) <= 5 + 2


def test_the_clock_that_is_wrong_by_years_is_never_shown(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = new_page(service_workers="block")
    page.clock.install(time=datetime(2031, 1, 1))
    opened(page, server, "canh=mang")
    expect(page.locator("#age")).to_have_text("Số liệu đến 20/11/2026, 2 ngày trước")


@pytest.mark.parametrize("ground", ["toi", "sang"])
def test_nobody_is_shut_out(page: Page, server: Server, ground: str) -> None:
    opened(page, server, f"province=51&nen={ground}")
    page.evaluate(AXE)
    assert page.evaluate(SERIOUS) == []

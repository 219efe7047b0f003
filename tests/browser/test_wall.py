"""The wall screen in a browser: the clock decides, the figures age, nothing that fails empties it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tools.running import Server
from tools.soak import LOOK, Line, Soak, import_something, run

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
SERIOUS = """() => axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations
    .filter(one => ['serious', 'critical'].includes(one.impact)).map(one => one.id + one.nodes[0].html))"""
SIZES = {"hd": (1920, 1080), "4k": (3840, 2160), "small": (1366, 768), "upright": (1080, 1920)}
# Text nodes that are smaller than the stated size, stick out of the screen or are cut off by their box.
UNREADABLE = """() => {
  const least = Math.min(innerWidth, innerHeight) * 0.048 - 0.1, found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode, parent = text.parentElement;
    if (!text.data.trim() || !parent.checkVisibility() || parent.closest('svg, .sign, noscript')) continue;
    if (parseFloat(getComputedStyle(parent).fontSize) < least) found.push('small: ' + text.data);
    const range = document.createRange();
    range.selectNodeContents(text);
    const box = parent.closest('.side, .lines');
    for (const part of range.getClientRects()) {
      const frame = box ? box.getBoundingClientRect() : { left: 0, right: innerWidth, bottom: innerHeight };
      if (part.left < frame.left - 1 || part.right > frame.right + 1 || part.bottom > frame.bottom + 1)
        found.push('cut: ' + text.data);
    }
  }
  return found;
}"""
OVERLAP = """() => {
  const boxes = ['#title', '.body', '#steps', '#alert', '#frozen', '#pointing', '.foot']
    .map(name => document.querySelector(name)).filter(one => one.checkVisibility())
    .map(one => one.getBoundingClientRect());
  const meet = (box, other) => other.top < box.bottom - 1 && box.top < other.bottom - 1;
  return boxes.some((box, at) => boxes.slice(at + 1).some(other => meet(box, other)));
}"""


def opened(page: Page, server: Server, query: str = "province=51") -> Page:
    page.goto(f"{server.address}man-hinh?{query}")
    page.wait_for_selector("html[data-ready]", state="attached")
    return page


def look(page: Page) -> dict[str, Any]:
    seen: dict[str, Any] = page.evaluate(LOOK)
    return seen


def soaked(new_page: Callable[..., Page], server: Server, query: str = "province=51", **more: Any) -> Soak:
    """A screen on a line that fails when told to, its clock in the test's hand."""
    page = new_page(viewport={"width": 1366, "height": 768}, service_workers="block", timezone_id="America/New_York")
    soak = Soak(page, Line(server), **more)
    soak.start(query)
    return soak


@pytest.mark.parametrize("size", SIZES)
def test_every_scene_can_be_read_at_every_size(new_page: Callable[..., Page], server: Server, size: str) -> None:
    width, height = SIZES[size]
    page = opened(new_page(viewport={"width": width, "height": height}), server, "province=51&tu=2026-11-10")
    scenes = look(page)["scenes"]
    assert len(scenes) == 9
    for _ in scenes:
        assert page.evaluate(UNREADABLE) == [], look(page)["scene"]
        assert not page.evaluate(OVERLAP), look(page)["scene"]
        assert page.evaluate("() => document.documentElement.scrollHeight <= innerHeight")
        page.keyboard.press("ArrowRight")


@pytest.mark.parametrize("query", ["province=01", "province=51&xa=21250,21028,21025,21034,21548"])
def test_a_province_without_data_and_a_group_can_be_read_too(page: Page, server: Server, query: str) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    opened(page, server, query)
    for _ in look(page)["scenes"]:
        assert page.evaluate(UNREADABLE) == [], look(page)["scene"]
        page.keyboard.press("ArrowRight")


@pytest.mark.outage
def test_the_clock_alone_says_the_scene_and_it_is_not_the_computers(
    new_page: Callable[..., Page], server: Server
) -> None:
    one = soaked(new_page, server, seconds=10)
    for _ in range(15):
        one.step(2)
        one.look()
    assert one.changes >= 3
    other = soaked(new_page, server, seconds=10)  # opened later, on another computer
    other.line.passed = one.line.passed
    for _ in range(8):  # its next answer tells the server's time
        for screen in (one, other):
            screen.step(2)
    assert one.look()["scene"] == other.look()["scene"]
    assert one.problems == other.problems == []
    expect(one.page.locator("#clock")).to_have_text("12:00")


@pytest.mark.outage
def test_faults_of_every_kind_leave_the_picture_and_it_comes_back(
    new_page: Callable[..., Page], own_server: Server
) -> None:
    soak = soaked(new_page, own_server)
    import_something(own_server, 3)
    for fault in ("down", "500", "garbage", "slow", "503"):
        soak.endure(fault, 60)
    assert soak.problems == []
    assert soak.recoveries == 5
    assert soak.worst_refreshes <= 8  # a retry that was already waiting when the line came back
    run(soak, soak.line.refreshes + 40, 1, tell=lambda _line: None)
    assert soak.problems == []


@pytest.mark.outage
def test_a_lost_line_is_said_with_its_hour_and_the_colours_fade(new_page: Callable[..., Page], server: Server) -> None:
    soak = soaked(new_page, server)
    soak.step(20)
    soak.line.fault = "down"
    alert, root = soak.page.locator("#alert"), soak.page.locator("html")
    steps_until(soak, lambda: root.get_attribute("data-aging") == "1")
    expect(alert).to_contain_text("Mất kết nối từ 12:00")
    soak.page.clock.fast_forward("02:00:00")
    soak.line.passed += 7200
    soak.step(2)
    expect(root).to_have_attribute("data-aging", "2")
    expect(alert).to_contain_text("Mất kết nối từ 12:00")
    expect(soak.page.locator("#clock")).to_have_text(re.compile("^14:0[0-2]$"))
    soak.line.fault = ""
    steps_until(soak, alert.is_hidden)
    expect(alert).to_be_hidden()
    expect(root).not_to_have_attribute("data-aging", re.compile("."))


def steps_until(soak: Soak, happens: Callable[[], bool], most: int = 90) -> None:
    """Lets the wall's time pass, two seconds a step, until it happens: how many answers fit in is the machine's."""
    for _ in range(most):
        soak.step(2)
        if happens():
            return


def test_figures_that_nobody_renews_grow_old_in_steps(new_page: Callable[..., Page], server: Server) -> None:
    soak = soaked(new_page, server, "province=51&canh=mang")
    expect(soak.page.locator("#age")).to_have_text("Số liệu đến 20/11/2026, 2 ngày trước")
    root = soak.page.locator("html")
    for days, step in ((6, "1"), (7, "2"), (7, "3")):
        soak.page.clock.fast_forward(days * 86_400_000)
        soak.line.passed += days * 86400
        for _ in range(6):
            soak.step(2)
        expect(root).to_have_attribute("data-aging", step)
    expect(soak.page.locator("#alert")).to_have_text("Số liệu đã quá nhịp 7 ngày")
    assert "grayscale" not in soak.page.evaluate("getComputedStyle(document.querySelector('.body')).filter")
    assert soak.page.evaluate("getComputedStyle(document.querySelector('.body')).filter").startswith("saturate(0)")


def test_arrows_step_and_after_two_minutes_the_clock_goes_on(new_page: Callable[..., Page], server: Server) -> None:
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


def test_a_frozen_screen_says_so_keeps_its_figures_and_thaws(new_page: Callable[..., Page], own_server: Server) -> None:
    soak = soaked(new_page, own_server)
    version = look(soak.page)["version"]
    soak.page.keyboard.press("f")
    expect(soak.page.locator("#frozen")).to_have_text(f"Đóng băng: số liệu phiên bản {version}, 12:00")
    import_something(own_server, 4)
    frozen = look(soak.page)["scene"]
    for _ in range(20):
        soak.step(2)
    assert (look(soak.page)["version"], look(soak.page)["scene"]) == (version, frozen)
    soak.page.keyboard.press("ArrowRight")
    assert (look(soak.page)["version"], look(soak.page)["scene"] != frozen) == (version, True)
    soak.page.keyboard.press("Escape")
    expect(soak.page.locator("html")).to_have_attribute("data-version", str(version + 1))
    expect(soak.page.locator("#frozen")).to_be_hidden()


def test_a_typed_name_points_at_the_commune(page: Page, server: Server) -> None:
    opened(page, server, "province=51&canh=mang")
    page.keyboard.type("ly son")
    expect(page.locator("#pointing")).to_have_text("Tìm “ly son”: Đặc khu Lý Sơn ▲ Đỏ")
    assert page.get_attribute(".ring.selected .edge", "d") == page.get_attribute('[data-commune="21548"]', "d")
    page.keyboard.type("zz")
    expect(page.locator("#pointing")).to_contain_text("không có xã nào")
    page.keyboard.press("Escape")
    expect(page.locator("#pointing")).to_be_hidden()
    assert page.get_attribute(".ring.selected .edge", "d") is None


def test_another_build_loads_the_screen_anew_once(new_page: Callable[..., Page], server: Server) -> None:
    soak = soaked(new_page, server)
    before = soak.loads
    soak.line.fault = "build"
    for _ in range(12):
        soak.step(2)
        soak.look()
    assert soak.loads == before + 1
    assert soak.problems == []


def test_once_a_night_the_screen_loads_itself_anew(new_page: Callable[..., Page], server: Server) -> None:
    soak = soaked(new_page, server)
    before = soak.loads
    soak.page.clock.fast_forward("14:30:00")  # 02:30
    soak.line.passed += 14.5 * 3600
    loaded_at = []
    for _ in range(95):
        loads = soak.loads
        soak.line.passed += 60
        soak.page.clock.fast_forward("01:00")
        soak.step(2)
        if soak.loads > loads:
            loaded_at.append((12 + soak.line.passed / 3600) % 24)
    assert soak.loads == before + 1
    assert 3 <= loaded_at[0] < 4.1


def test_the_screen_reports_itself(page: Page, server: Server) -> None:
    with page.expect_request("**/api/screens") as first:
        opened(page, server, "province=51&canh=mang&ten=Phòng họp 2")
    said = first.value.post_data_json or {}
    assert said["name"] == "Phòng họp 2"
    assert set(said) == {"name", "province", "scene", "build", "version", "fresh", "errors"}
    answer = first.value.response()
    assert answer is not None
    assert answer.status == 204


@pytest.mark.outage
def test_after_a_power_cut_the_screen_starts_without_the_server(
    new_page: Callable[..., Page], own_server: Server
) -> None:
    page = opened(new_page(), own_server, "province=51&canh=mang,tong-the")
    version = look(page)["version"]
    for _ in range(100):
        if page.evaluate("() => caches.open('man-hinh').then(c => c.match('/man-hinh')).then(Boolean)"):
            break
        page.wait_for_timeout(200)
    own_server.stop()
    again = page.context.new_page()
    page.close()
    again.goto(f"{own_server.address}man-hinh?province=51&canh=mang,tong-the")
    expect(again.locator("html")).to_have_attribute("data-ready", "")
    assert look(again)["version"] == version
    assert look(again)["communes"] == 96
    expect(again.locator("#alert")).to_contain_text("Mất kết nối từ")
    expect(again.locator("html")).to_have_attribute("data-aging", "1")
    expect(again.locator("#clock")).to_have_text("")  # nobody told the time
    own_server.start()
    expect(again.locator("#alert")).to_be_hidden(timeout=40_000)
    expect(again.locator("#clock")).not_to_have_text("")


@pytest.mark.parametrize("ground", ["toi", "sang"])
def test_dark_unless_the_address_asks_for_light(new_page: Callable[..., Page], server: Server, ground: str) -> None:
    for scheme in ("light", "dark"):
        page = opened(new_page(color_scheme=scheme), server, f"canh=mang&nen={ground}")
        paper = page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")
        assert paper == ("rgb(255, 255, 255)" if ground == "sang" else "rgb(15, 23, 32)")
        page.close()


def test_a_standing_scene_writes_nothing(page: Page, server: Server) -> None:
    opened(page, server, "canh=mang&giay=600")
    page.wait_for_timeout(1500)
    page.evaluate("""() => {
        window.touched = [];
        new MutationObserver(all => { for (const m of all) window.touched.push(m.target.id || m.target.nodeName); })
            .observe(document.documentElement, {childList: true, subtree: true, attributes: true, characterData: true});
    }""")
    page.wait_for_timeout(4500)
    assert set(page.evaluate("() => window.touched")) <= {"clock", "page"}  # the minute, the small shift


def test_the_clock_that_is_wrong_by_years_is_never_shown(new_page: Callable[..., Page], server: Server) -> None:
    page = new_page(service_workers="block")
    page.clock.install(time=datetime(2031, 1, 1))
    opened(page, server, "canh=mang")
    expect(page.locator("#age")).to_have_text("Số liệu đến 20/11/2026, 2 ngày trước")


@pytest.mark.parametrize("ground", ["toi", "sang"])
def test_nobody_is_shut_out(page: Page, server: Server, ground: str) -> None:
    opened(page, server, f"province=51&nen={ground}")
    page.evaluate(AXE)
    assert page.evaluate(SERIOUS) == []

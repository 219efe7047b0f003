"""The wall screen in a browser, for weeks: the clock decides, the figures age, nothing that fails
empties it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboard import store
from dashboard.store import screens
from dashboard.store.audit import Author
from tests.browser.test_wall import look, opened, soaked
from tools.running import Server, environment_in, free_port
from tools.soak import import_something, run
from tools.wall_line import Line
from tools.wall_screen import Soak


@pytest.fixture(scope="module")
def office(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that these tests import into, stop and start again, one after the other."""
    folder = tmp_path_factory.mktemp("office")
    shutil.copytree(sample_folder, folder, dirs_exist_ok=True)
    quick = {"DASHBOARD_TODAY": "2026-11-22", "DASHBOARD_POLL_SECONDS": "1"}
    running = Server(folder, environment_in(folder, **quick), free_port())
    running.start()
    yield running
    running.stop()


@pytest.mark.outage
def test_the_clock_alone_says_the_scene_and_it_is_not_the_computers(
    new_page: Callable[..., Page], server: Server
) -> None:
    first_soak = soaked(new_page, server, seconds=10)
    for _ in range(15):
        first_soak.step(2)
        first_soak.look()
    assert first_soak.changes >= 3
    other = soaked(new_page, server, seconds=10)  # opened later, on another computer
    other.line.passed = first_soak.line.passed
    for _ in range(8):  # its next answer tells the server's time
        for screen in (first_soak, other):
            screen.step(2)
    assert first_soak.look()["scene"] == other.look()["scene"]
    assert first_soak.problems == other.problems == []
    expect(first_soak.page.locator("#clock")).to_have_text("12:00")
    first_soak.line.fault = "down"  # when its computer wakes up, nobody tells it the time
    first_soak.sleep(3 * 3600)
    assert first_soak.problems == []
    expect(first_soak.page.locator("#clock")).to_have_text("15:00")


@pytest.mark.outage
def test_faults_of_every_kind_leave_the_picture_and_it_comes_back(
    new_page: Callable[..., Page], office: Server
) -> None:
    soak = soaked(new_page, office, seconds=40, pace=4)
    import_something(office, 3)
    for fault in ("down", "500", "garbage", "slow", "503"):
        soak.endure(fault, 60)
    assert soak.problems == []
    assert soak.recoveries == 5
    assert soak.worst_refreshes <= 8  # a retry that was already waiting when the line came back
    run(soak, soak.line.refreshes + 25, 1, tell=lambda _line: None)
    assert soak.problems == []


@pytest.mark.outage
def test_a_lost_line_is_said_with_its_hour_and_the_colours_fade(
    new_page: Callable[..., Page], server: Server
) -> None:
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
    """Lets the wall's time pass, two seconds a step, until it happens: how many answers fit in is
    the machine's.
    """
    for _ in range(most):
        soak.step(2)
        if happens():
            return


def test_figures_that_nobody_renews_grow_old_in_steps(
    new_page: Callable[..., Page], server: Server
) -> None:
    soak = soaked(new_page, server, "province=51&canh=mang")
    expect(soak.page.locator("#age")).to_have_text("Số liệu đến 20/11/2026, 2 ngày trước")
    root = soak.page.locator("html")
    for days, step in ((6, "1"), (7, "2"), (7, "3"), (80, "3")):
        soak.page.clock.fast_forward(days * 86_400_000)
        soak.line.passed += days * 86400
        for _ in range(6):
            soak.step(2)
        expect(root).to_have_attribute("data-aging", step)
    expect(soak.page.locator("#alert")).to_have_text("Đã 102 ngày chưa có số liệu mới")
    assert "grayscale" not in soak.page.evaluate(
        "getComputedStyle(document.querySelector('.body')).filter"
    )
    assert soak.page.evaluate(
        "getComputedStyle(document.querySelector('.body')).filter"
    ).startswith("saturate(0)")


def test_a_frozen_screen_says_so_keeps_its_figures_and_thaws(
    new_page: Callable[..., Page], office: Server
) -> None:
    soak = soaked(new_page, office)
    version = look(soak.page)["version"]
    soak.page.keyboard.press("f")
    says = f"Giữ nguyên số liệu lúc 12:00 (phiên bản {version}) · Esc: cập nhật lại"
    expect(soak.page.locator("#frozen")).to_have_text(says)
    import_something(office, 4)
    frozen = look(soak.page)["scene"]
    for _ in range(20):
        soak.step(2)
    assert (look(soak.page)["version"], look(soak.page)["scene"]) == (version, frozen)
    soak.page.keyboard.press("ArrowRight")
    assert (look(soak.page)["version"], look(soak.page)["scene"] != frozen) == (version, True)
    soak.page.keyboard.press("Escape")
    expect(soak.page.locator("html")).to_have_attribute("data-version", str(version + 1))
    expect(soak.page.locator("#frozen")).to_be_hidden()


def test_another_build_loads_the_screen_anew_once(
    new_page: Callable[..., Page], server: Server
) -> None:
    soak = soaked(new_page, server)
    before = soak.loads
    soak.line.fault = "build"
    for _ in range(12):
        soak.step(2)
        soak.look()
    assert soak.loads == before + 1
    assert soak.problems == []


@pytest.mark.outage
def test_once_a_night_the_screen_loads_itself_anew(
    new_page: Callable[..., Page], server: Server
) -> None:
    soak = soaked(new_page, server)
    for down_until in (0.0, 4.5):  # the second night its line is down for the whole hour
        hour, nightly = 2.75, list[float]()
        skip(soak, (hour - 12 - soak.line.passed / 3600) % 24)
        while hour < 5.3:
            loads = soak.loads
            soak.line.fault = "down" if hour < down_until else ""
            skip(soak, 1 / 8)
            hour = (12 + soak.line.passed / 3600) % 24
            nightly += [hour] * (soak.loads - loads)
        assert len(nightly) == 1
        assert max(3, down_until) <= nightly[0] < max(4, down_until) + 0.3
    assert soak.problems == []


@pytest.mark.outage
def test_where_viewing_needs_an_account_a_screen_goes_on_for_a_week(
    new_page: Callable[..., Page], sample_folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(sample_folder, tmp_path, dirs_exist_ok=True)
    closed = {"DASHBOARD_TODAY": "2026-11-22", "DASHBOARD_VIEW": "signed-in"}
    server = Server(tmp_path, environment_in(tmp_path, **closed), free_port())
    server.start()
    try:
        engine = store.open_store(server.settings.database_url)
        secret = screens.add_screen(engine, "Phòng họp 2", Author("quantri"))
        page = new_page(viewport={"width": 1366, "height": 768}, service_workers="block")
        page.goto(f"{server.address}man-hinh/vao/{secret}")
        soak = Soak(page, Line(server))
        soak.start()
        reloads = soak.loads
        for _ in range(7):
            for hours in (6, 9.5, 0.25, 0.25, 0.25, 7.75):  # from noon to noon
                skip(soak, hours)
        assert soak.loads - reloads == 7, "it loads itself anew each night"
        assert soak.problems == []
        import_something(server, 1)
        version = store.fetch_data_version(engine).number
        for _ in range(20):
            soak.step(2)
            if soak.look()["version"] == version:
                break
        assert soak.look()["version"] == version
        (row,) = screens.fetch_screens(engine).to_dict("records")
        assert (row["name"], row["accepted"]) == ("Phòng họp 2", True)
        # nobody else has come in by it: the screen has no account
        assert page.context.request.get(f"{server.address}ho-so").url.find("/dang-nhap") > 0
        engine.dispose()
    finally:
        server.stop()


def skip(soak: Soak, hours: float) -> None:
    """So much later at once, as for a browser that hardly lets its timers run; then the answers
    arrive.
    """
    soak.line.passed += hours * 3600
    soak.page.clock.fast_forward(round(hours * 3_600_000))
    soak.step(2)
    soak.look()


@pytest.mark.outage
def test_after_a_power_cut_the_screen_starts_without_the_server(
    new_page: Callable[..., Page], office: Server
) -> None:
    page = new_page()
    page.clock.install()
    opened(page, office, "province=51&canh=mang,tong-the")
    version = look(page)["version"]
    for _ in range(100):
        if page.evaluate(
            "() => caches.open('man-hinh').then(c => c.match('/man-hinh')).then(Boolean)"
        ):
            break
        page.wait_for_timeout(200)
    again = page.context.new_page()
    page.close()
    office.stop()
    again.goto(f"{office.address}man-hinh?province=51&canh=mang,tong-the")
    expect(again.locator("html")).to_have_attribute("data-ready", "")
    assert look(again)["version"] == version
    assert look(again)["communes"] == 96
    expect(again.locator("#alert")).to_contain_text("Mất kết nối từ")
    expect(again.locator("html")).to_have_attribute("data-aging", "1")
    expect(again.locator("#clock")).to_have_text("")  # nobody told the time
    office.start()
    again.clock.fast_forward("00:40")  # it asks again by itself, twice a minute at the least
    expect(again.locator("#alert")).to_be_hidden()
    expect(again.locator("#clock")).not_to_have_text("")

"""Shown under a path of a portal and in a frame of another host, everything works as at home."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.conftest import TODAY
from tools.running import Server, environment_in, free_port

BASE = "/cong/dashboard"
QUICK = {"DASHBOARD_POLL_SECONDS": "1", "DASHBOARD_WORKERS": "1", "DASHBOARD_TODAY": TODAY}


@pytest.fixture(scope="module")
def portal_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def portal(
    sample_folder: Path, tmp_path_factory: pytest.TempPathFactory, portal_port: int
) -> Iterator[Server]:
    """A server that knows that it is shown under a path, and by whom."""
    folder = tmp_path_factory.mktemp("portal")
    shutil.copytree(sample_folder, folder, dirs_exist_ok=True)
    shown = {
        "DASHBOARD_BASE_PATH": BASE,
        "DASHBOARD_FRAME_ANCESTORS": f"http://127.0.0.1:{portal_port}",
    }
    running = Server(folder, environment_in(folder, **QUICK, **shown), free_port())
    running.start()
    yield running
    running.stop()


@pytest.fixture
def address(portal: Server) -> str:
    return portal.address.rstrip("/") + BASE


def watch_requests(page: Page) -> list[str]:
    """What is asked outside of the path, and what is not answered."""
    wrong: list[str] = []
    page.on(
        "response",
        lambda answer: (
            wrong.append(f"{answer.status} {answer.url}")
            if answer.status >= 400 or f"{BASE}/" not in answer.url
            else None
        ),
    )
    return wrong


def test_the_first_page_and_its_links_stay_under_the_path(page: Page, address: str) -> None:
    wrong = watch_requests(page)
    page.goto(f"{address}/?province=51")
    page.wait_for_selector("html[data-ready]")
    page.locator("#charts").scroll_into_view_if_needed()
    expect(page.locator("#green-over-time .main-svg").first).to_be_visible()
    page.select_option("#province", "52")
    page.wait_for_function("() => dashboard.current.state.province === '52'")
    page.locator("#replay").hover()
    page.focus("#search")
    page.keyboard.type("quy nhon")
    expect(page.locator("#found li").first).to_be_visible()
    with page.expect_download() as download:
        page.click('[data-download="csv"]')
    assert BASE in download.value.url
    page.locator(".bar nav a", has_text="Hồ sơ").click()
    page.wait_for_url(f"**{BASE}/ho-so?province=52")
    page.locator("[data-figure]").first.scroll_into_view_if_needed()
    expect(page.locator("[data-drawn='yes']").first).to_be_attached()
    page.select_option("#province", "51")
    page.wait_for_url(f"**{BASE}/ho-so?province=51*")
    assert wrong == []


def test_the_wall_and_its_worker_stay_under_the_path(page: Page, address: str) -> None:
    wrong = watch_requests(page)
    page.goto(f"{address}/man-hinh?province=51")
    page.wait_for_selector("html[data-ready]", state="attached")
    scope = page.evaluate("async () => (await navigator.serviceWorker.ready).scope")
    assert scope == f"{address}/man-hinh"
    page.wait_for_function(
        """async () => (await (await caches.open('man-hinh')).keys()).length >= 5"""
    )
    assert wrong == []


@pytest.fixture
def portal_page(
    new_page: Callable[..., Page], portal_port: int
) -> Iterator[Callable[[str], FrameLocator]]:
    """A page of another origin with an address of ours in a frame."""

    class PortalPage(BaseHTTPRequestHandler):
        frame = ""

        def do_GET(self) -> None:
            body = f'<!DOCTYPE html><iframe width="1200" height="800" src="{self.frame}"></iframe>'
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_words: object) -> None:
            """Says nothing."""

    listener = ThreadingHTTPServer(("127.0.0.1", portal_port), PortalPage)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    page = new_page().context.new_page()  # what is refused is told on the console

    def show_frame(frame: str) -> FrameLocator:
        PortalPage.frame = frame
        page.goto(f"http://127.0.0.1:{portal_port}/page")
        return page.frame_locator("iframe")

    yield show_frame
    listener.shutdown()
    listener.server_close()


def test_a_named_portal_shows_a_page_in_a_frame_and_nobody_else_does(
    portal_page: Callable[[str], FrameLocator], server: Server, address: str
) -> None:
    for path in ("/?province=51", "/man-hinh?province=51", "/ho-so"):
        expect(portal_page(address + path).locator("html[data-ready]")).to_be_attached()
    refused = portal_page(server.address)
    refused.owner.page.wait_for_timeout(1000)
    expect(refused.locator("html[data-ready]")).not_to_be_attached()


def test_a_named_portal_shows_charts_alone(
    portal_page: Callable[[str], FrameLocator], address: str
) -> None:
    for chart in ("/toan-canh?embed=1&chart=quadrant", "/ho-so?embed=1&chart=theo-tuan"):
        frame = portal_page(address + chart)
        expect(frame.locator("[data-drawn='yes'] .main-svg").first).to_be_visible()
        expect(frame.locator("nav")).to_have_count(0)
    painted = portal_page(f"{address}/?embed=1&chart=map").locator(".commune[data-level]")
    expect(painted).to_have_count(96)

"""No lost file leaves a page dead: whatever is lost of a page is asked for again, and meanwhile the
page says that it is not whole. All pages are open side by side, so that waiting costs once.
"""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, Route, expect

from tools.running import Server, free_port

PAGES = (
    "?province=51",
    "man-hinh?province=51",
    "xa/21250",
    "to-cong-tac",
    "ho-so",
    "xep-hang",
    "thieu-gi",
    "du-lieu",
    "chi-so",
    "so-sanh?xa=21250",
    "tim?q=son",
)
STANDS = """() => {
    const {ready, incomplete} = document.documentElement.dataset;
    const styled = getComputedStyle(document.documentElement).getPropertyValue('--paper') !== '';
    const parts = '#table tbody tr, #figures li, main.document h1';
    return ready !== undefined && incomplete === undefined && styled &&
        Boolean(document.querySelector(parts));
}"""


def lose_files(page: Page, address: str, seconds: float) -> None:
    """Every file but the page itself is lost for so many seconds; with 0 each one once."""
    began = time.monotonic()
    files_asked: set[str] = set()

    def answer(route: Route) -> None:
        url = route.request.url
        lost = time.monotonic() - began < seconds if seconds else url not in files_asked
        files_asked.add(url)
        if lost and url != address:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/*", answer)


@pytest.mark.outage
@pytest.mark.parametrize("seconds", [0, 12])
def test_every_page_lives_after_all_of_its_files_were_lost(
    new_page: Callable[..., Page], server: Server, seconds: float
) -> None:
    pages = {path: new_page() for path in PAGES}
    for path, page in pages.items():
        lose_files(page, server.address + path, seconds)
        page.goto(server.address + path, wait_until="commit")
    for path, page in pages.items():
        page.wait_for_function(STANDS)
        if not path.startswith("man-hinh"):
            expect(page.locator("#connection")).to_have_text("● Tự cập nhật")
        assert page.locator("iframe").count() == 0, path


@pytest.mark.outage
@pytest.mark.parametrize("lost", ["dash_renderer", "overview.js", "_dash-layout", "overview.css"])
def test_the_first_page_says_that_it_waits_and_stands_when_the_file_has_come(
    page: Page, server: Server, lost: str
) -> None:
    questions: list[str] = []

    def answer(route: Route) -> None:
        questions.append(route.request.url)
        if len(questions) == 1:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(f"**/*{lost}*", answer)
    page.goto(server.address)
    page.wait_for_function(STANDS)
    expect(page.locator("#connection")).to_have_text("● Tự cập nhật")
    assert len(questions) > 1


@pytest.mark.outage
def test_a_document_without_its_script_is_read_and_says_that_it_does_not_renew_itself(
    page: Page, server: Server
) -> None:
    page.route("**/bundles/*.js*", lambda route: route.abort())
    page.goto(f"{server.address}to-cong-tac")
    expect(page.locator("main.document h1")).to_be_visible()
    expect(page.locator("#connection")).to_have_text("Trang chưa tự cập nhật")
    page.unroute_all()
    page.route("**/bundles/task_force.js*", lambda route: route.abort())
    expect(page.locator("#connection")).to_contain_text("Trang chưa tải đủ")


@pytest.mark.outage
def test_a_part_that_cannot_start_leaves_those_after_it(
    new_page: Callable[..., Page], server: Server
) -> None:
    context = new_page().context
    page = context.new_page()
    thrown: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))

    def break_part(route: Route) -> None:
        body = route.fetch().text()
        opening = "function watchAddressFit() {"
        assert opening in body
        route.fulfill(
            body=body.replace(opening, opening + " throw new Error('broken part');"),
            content_type="text/javascript",
        )

    page.route("**/bundles/overview.js*", break_part)
    page.goto(server.address)
    page.wait_for_function(STANDS)
    expect(page.locator("#connection")).to_have_text("● Tự cập nhật")
    assert thrown == ["broken part"]


class FlakyLine:
    """A relay before the server that cuts some of the connections, some of them in mid-answer."""

    def __init__(self, target: int, share: float, seed: int) -> None:
        self.port = free_port()
        self.share = share
        self._target = target
        self._random = random.Random(seed)
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=200)
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._relay, args=(client,), daemon=True).start()

    def _relay(self, client: socket.socket) -> None:
        cut_after = None
        if self._random.random() < self.share:
            cut_after = self._random.choice([0, 1, 20_000])
        with suppress(OSError), client:
            if cut_after == 0:
                return
            with socket.create_connection(("127.0.0.1", self._target)) as upstream:
                pump = threading.Thread(target=self._pump, args=(client, upstream), daemon=True)
                pump.start()
                self._pump(upstream, client, cut_after)

    @staticmethod
    def _pump(source: socket.socket, sink: socket.socket, most: int | None = None) -> None:
        passed = 0
        with suppress(OSError):
            while chunk := source.recv(16_384):
                passed += len(chunk)
                if most is not None and passed > most:
                    break
                sink.sendall(chunk)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def flaky_line(server: Server) -> Iterator[FlakyLine]:
    line = FlakyLine(server.port, 0.3, seed=20)
    yield line
    line.stop()


def open_stubbornly(page: Page, address: str) -> None:
    """As a person does before whom the browser says that the page did not come."""
    for _ in range(30):
        with suppress(Error):
            page.goto(address, wait_until="commit")
            if page.locator("body").count():
                return
    raise AssertionError(f"never answered: {address}")


@pytest.mark.outage
def test_every_page_lives_on_a_line_that_cuts_a_third_of_its_connections(
    new_page: Callable[..., Page], flaky_line: FlakyLine
) -> None:
    pages = {path: new_page() for path in PAGES}
    for path, page in pages.items():
        open_stubbornly(page, f"http://127.0.0.1:{flaky_line.port}/{path}")
    for page in pages.values():
        page.wait_for_function(STANDS)

"""One visit of the first page for many tests: opening it costs a second, putting it back to its
start does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import watch
from tools.running import Server

# As it is opened: the address bare, nothing typed, chosen, unfolded, zoomed, scrolled or under the
# pointer.
_RESET = """() => {
    const {dashboard} = window;
    document.activeElement.blur();
    for (const one of document.querySelectorAll('.chart-data[open]')) one.open = false;
    dashboard.setControl(document.querySelector('#search'), '');
    const fields = Object.keys(dashboard.getAddress());
    dashboard.changeAddress(Object.fromEntries(fields.map(name => [name, ''])));
    document.querySelector('#zoom-home').click();
    scrollTo(0, 0);
}"""
_STANDS = """() => {
    const {asOf, pending, ready} = document.documentElement.dataset;
    const home = window.dashboard?.current.state?.province === '51';
    return ready && !pending && asOf === '2026-11-22' && home;
}"""


@dataclass
class _Visit:
    """The first page at 1440×900, light, opened when it is first wanted and anew after a test that
    failed.
    """

    browser: Browser
    server: Server
    faults: list[str] = field(default_factory=list)
    page: Page | None = None

    def start(self) -> Page:
        if self.page is None:
            context = self.browser.new_context(
                locale="vi-VN",
                timezone_id="Asia/Ho_Chi_Minh",
                viewport={"width": 1440, "height": 900},
                color_scheme="light",
            )
            self.page = context.new_page()
            watch(self.page, self.faults)
            self.page.goto(self.server.address)
        else:
            self.page.mouse.move(0, 0)
            self.page.evaluate(_RESET)
        self.page.wait_for_function(_STANDS)
        self.faults.clear()
        return self.page

    def end(self) -> None:
        if self.page is not None:
            self.page.context.close()
            self.page = None


@pytest.fixture(scope="session")
def visit(browser: Browser, server: Server) -> Iterator[_Visit]:
    """The visit of this process of tests."""
    visit = _Visit(browser, server)
    yield visit
    visit.end()


@pytest.fixture
def home(visit: _Visit, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The first page as it is opened, watched, shared: use it as a person would; routes, clocks and
    reloads need a `page` of their own."""
    failed = request.session.testsfailed
    yield visit.start()
    faults = list(visit.faults)
    if faults or request.session.testsfailed > failed:
        visit.end()
    assert not faults, "\n".join(faults)

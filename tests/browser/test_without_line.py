"""A team on its way: the list of /to-cong-tac and the pages of its communes open without a line,
and the line carries no more than was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tools.bench import Relay
from tools.running import Server

KEPT = re.compile(r"^Mất kết nối · bản lưu lúc \d\d:\d\d ngày \d\d/\d\d/\d{4}")
PHONE = {"viewport": {"width": 390, "height": 844}}
# What a first visit may fetch over a weak line, all that the phone keeps included.
MOST_OF_FIRST_VISIT = 60_000
WAIT_FOR = """async address => {
    while (!await caches.match(address)) await new Promise(done => setTimeout(done, 50));
}"""

REFUSE_TO_KEEP = """() => {
    CacheStorage.prototype.open = () =>
        Promise.reject(new DOMException("The operation is insecure.", "SecurityError"));
}"""

# Somebody who presses at the very moment at which the page has its own list kept.
PRESS_AFTER_FIRST_MESSAGE = """() => {
    const send = ServiceWorker.prototype.postMessage;
    ServiceWorker.prototype.postMessage = function (...all) {
        ServiceWorker.prototype.postMessage = send;
        send.apply(this, all);
        document.getElementById("keep-pages").click();
    };
}"""


@pytest.mark.outage
def test_a_first_visit_fetches_the_list_alone_and_keeps_what_is_opened(
    new_page: Callable[..., Page], server: Server
) -> None:
    relay = Relay(server.port)
    relay.start()
    address = f"http://127.0.0.1:{relay.port}/"
    page = new_page(**PHONE)
    page.goto(f"{address}to-cong-tac")
    page.evaluate(WAIT_FOR, "/to-cong-tac")
    relay.wait_for_silence()
    assert relay.down <= MOST_OF_FIRST_VISIT
    opened, other = page.locator(".card h3 a").all()[:2]
    name, path = opened.inner_text(), other.get_attribute("href")
    opened.click()
    expect(page.locator("main.document h1")).to_contain_text(name.split(". ")[-1])
    page.evaluate(WAIT_FOR, page.url.removeprefix(address.rstrip("/")))
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("#connection")).to_contain_text(KEPT)
    expect(page.locator("main.document h1")).to_contain_text(name.split(". ")[-1])
    page.goto(f"{address.rstrip('/')}{path}")
    expect(page.locator("h1")).to_have_text("Chưa có mạng")
    page.get_by_role("link", name="Danh sách của tổ công tác đã lưu").click()
    expect(page.locator(".card").first).to_be_visible()


@pytest.mark.outage
def test_what_is_said_to_be_kept_is_what_was_asked_for(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = new_page(**PHONE)
    page.add_init_script(f"({PRESS_AFTER_FIRST_MESSAGE})()")
    page.goto(f"{server.address}to-cong-tac?level=red")
    expect(page.locator("#kept-note")).to_contain_text("Đã lưu")
    expect(page.locator("#kept-note")).to_contain_text("Đã lưu trang của 10 đơn vị")


def test_a_browser_that_refuses_to_keep_pages_is_told_of_and_still_opens_them(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = new_page(**PHONE)
    page.goto(f"{server.address}to-cong-tac")
    page.evaluate(WAIT_FOR, "/to-cong-tac")
    (worker, *_) = page.context.service_workers
    worker.evaluate(REFUSE_TO_KEEP)
    page.get_by_role("button", name="Lưu 10 đơn vị đầu").click()
    expect(page.locator("#kept-note")).to_contain_text("Trình duyệt không cho lưu")
    page.reload()
    expect(page.locator(".card").first).to_be_visible()


@pytest.mark.outage
def test_a_team_opens_its_list_and_its_communes_without_a_line(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = new_page(**PHONE)
    page.goto(f"{server.address}to-cong-tac?level=red")
    page.get_by_role("button", name="Lưu 10 đơn vị đầu").click()
    expect(page.locator("#kept-note")).to_contain_text("Đã lưu trang của 10 đơn vị")
    page.goto(f"{server.address}to-cong-tac")
    page.evaluate(WAIT_FOR, "/to-cong-tac")
    page.context.set_offline(True)
    name = page.locator(".card h3 a").first.inner_text()
    page.locator(".card h3 a").first.click()
    expect(page.locator("main.document h1")).to_contain_text(name.split(". ")[-1])
    expect(page.locator("#connection")).to_contain_text(KEPT)
    expect(page.locator("#data-age")).to_have_text("điều kiện: số liệu 2 ngày trước")
    page.go_back()
    expect(page.locator(".card").first).to_be_visible()
    page.goto(f"{server.address}to-cong-tac?level=yellow")  # kept as it was loaded
    expect(page).to_have_url(f"{server.address}to-cong-tac")
    page.goto(
        page.locator(".card h3 a").first.evaluate("link => link.origin + link.pathname")
    )  # by its code
    expect(page.locator("main.document h1")).to_contain_text(name.split(". ")[-1])
    page.goto(f"{server.address}xa/21250?as_of=2026-10-01")
    expect(page.locator("h1")).to_have_text("Chưa có mạng")
    page.context.set_offline(False)
    page.goto(f"{server.address}to-cong-tac")
    expect(page.locator("#connection")).to_have_text("● Tự cập nhật")

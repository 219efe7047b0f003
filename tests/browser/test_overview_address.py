"""The address of the page says everything that is shown; the server is asked no more
than needed.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, expect

from tools.running import Server


def opened(page: Page, server: Server, query: str = "") -> Page:
    page.goto(server.address + query)
    page.wait_for_selector("html[data-ready]")
    return page


@pytest.mark.outage
def test_another_layer_asks_the_server_nothing(page: Page, server: Server) -> None:
    opened(page, server)
    page.route("**/api/state*", lambda route: route.abort())
    addresses: list[str] = []
    page.on(
        "request", lambda request: addresses.append(request.url) if "/map/" in request.url else None
    )
    shown = page.evaluate("() => window.dashboard.current.state.layers.network.levels")
    page.select_option("#show", "network")
    levels = page.evaluate(
        "() => window.dashboard.current.state.codes.map(code => "
        "document.querySelector(`path[data-commune='${code}']`).dataset.level[0]).join('')"
    )
    assert levels == shown
    assert addresses == []
    assert "show=network" in page.url
    expect(page.locator("#map-title")).to_contain_text("Mạng")


def test_another_day_is_one_question_for_its_state_and_one_for_its_charts(home: Page) -> None:
    addresses: list[str] = []
    home.on(
        "request",
        lambda request: (
            addresses.append(request.url) if "as_of=2025-08-01" in request.url else None
        ),
    )
    home.locator("#charts").scroll_into_view_if_needed()
    with home.expect_response(
        lambda answer: "/api/charts" in answer.url and answer.url in addresses
    ):
        home.fill("#as-of", "2025-08-01")
    expect(home.locator("html")).to_have_attribute("data-as-of", "2025-08-01")
    expect(home.locator("#connection")).to_have_text("Đang xem ngày 01/08/2025")
    # a poll, which may follow at any time, asks without the version
    paths = [urlsplit(address).path for address in addresses if "&v=" in address]
    assert sorted(paths) == ["/api/charts", "/api/state"]
    home.click("#go-live")
    expect(home.locator("html")).to_have_attribute("data-as-of", "2026-11-22")
    expect(home.locator("#connection")).to_have_text("● Tự cập nhật")
    home.go_back()
    expect(home.locator("html")).to_have_attribute("data-as-of", "2025-08-01")


def test_another_province_brings_its_own_map_and_table(home: Page) -> None:
    home.select_option("#province", "25")
    expect(home.locator("#map path[data-commune]")).to_have_count(148)
    expect(home.locator("#table tbody tr")).to_have_count(148)
    expect(home.locator('nav a[href="/du-lieu?province=25"]')).to_be_visible()
    home.go_back()
    expect(home.locator("#map path[data-commune]")).to_have_count(96)
    expect(home.locator("#province")).to_have_value("51")


def test_the_link_is_copied_where_the_browser_offers_no_clipboard(
    page: Page, server: Server
) -> None:
    # as over plain http
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    opened(page, server, "?show=network")
    for button, said, query in (
        (
            "day",
            "Đã chép liên kết của ngày 22/11/2026",
            "?show=network&province=51&as_of=2026-11-22",
        ),
        ("live", "Đã chép liên kết luôn theo số liệu mới nhất", "?show=network&province=51"),
    ):
        page.click("details.share summary")
        page.click(f'[data-share="{button}"]')
        expect(page.locator("#shared")).to_have_text(said)
        expect(page.locator("details.share summary")).to_be_focused()
        page.press("#search", "Control+V")
        expect(page.locator("#search")).to_have_value((server.address + query)[:60])
        page.fill("#search", "")


@pytest.mark.outage
def test_old_figures_never_stand_undimmed_under_a_new_name(page: Page, server: Server) -> None:
    opened(page, server)
    status, html = page.locator("#connection"), page.locator("html")
    dimmed = "() => Number(getComputedStyle(document.querySelector('#table')).opacity) < 0.5"
    page.route("**/api/state*", lambda route: None)  # an answer that lets itself be waited for
    page.select_option("#province", "25")
    expect(status).to_have_text("Đang tải Phú Thọ…")
    page.wait_for_function(dimmed)
    expect(page.locator("main")).to_have_attribute("aria-busy", "true")
    # the newer rule wins; no answer slips through between
    page.route("**/api/state*", lambda route: route.abort())
    page.fill("#as-of", "2025-08-01")
    expect(status).to_contain_text("Mất kết nối từ")
    expect(status).to_contain_text("đang hiện số liệu của Quảng Ngãi, ngày 22/11/2026")
    assert page.evaluate(dimmed)
    page.unroute_all(behavior="ignoreErrors")
    expect(html).to_have_attribute("data-as-of", "2025-08-01")
    expect(page.locator("h1")).to_contain_text("Phú Thọ")
    expect(html).not_to_have_attribute("data-pending", "true")
    expect(page.locator("main")).not_to_have_attribute("aria-busy", "true")
    expect(status).to_have_text("Đang xem ngày 01/08/2025")


def test_link_reproduces_the_view(new_page: Callable[..., Page], server: Server) -> None:
    query = (
        "?province=25&show=devices&as_of=2025-07-13&view=tiles&commune=08230&sort=-devices&q=viet"
    )
    page = opened(new_page(), server, query)
    assert page.url.endswith(query)
    expect(page.locator("#province")).to_have_value("25")
    expect(page.locator("#show")).to_have_value("devices")
    expect(page.locator("#as-of")).to_have_value("2025-07-13")
    expect(page.locator("#view-tiles")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#search")).to_have_value("viet")
    expect(page.locator('th[data-column="devices"]')).to_have_attribute("aria-sort", "descending")
    # As it was published: Báo Phú Thọ, 15/07/2025.
    expect(page.locator('[data-figure="green"] .value')).to_have_text("76/148")
    expect(page.locator('[data-figure="green"] .share')).to_contain_text("51,4")


def test_junk_falls_back(page: Page, server: Server) -> None:
    for junk in (
        "?province=99&show=%3Cscript%3E&as_of=2025-02-31&view=x&commune=abc&sort=drop&q=",
        "?province=51%27&as_of=yesterday",
        "?show=__proto__&sort=constructor",
        "?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
    ):
        opened(page, server, junk)
        assert page.locator("#map path[data-level]").count() == 96
        assert page.locator("img").count() == 0
    opened(page, server, "?province=99&show=devices&commune=99999")
    assert page.url.endswith("?province=51&show=devices"), (
        "unknown province and commune leave the address"
    )
    expect(page.locator("#province")).to_have_value("51")
    expect(page.locator("#panel")).to_be_hidden()


def test_day_without_data_is_told_of_and_leaves_the_address(page: Page, server: Server) -> None:
    addresses: list[str] = []

    def note(request: Request) -> None:
        # a poll tells what it has
        if "/api/state" in request.url and "if-none-match" not in request.headers:
            addresses.append(request.url)

    page.on("request", note)
    for day, words in (
        ("2025-06-01", "Không có số liệu ngày 01/06/2025; đang xem số liệu mới nhất"),
        ("2026-12-31", "Không có số liệu ngày 31/12/2026; đang xem số liệu mới nhất"),
        ("yesterday", "Ngày trong địa chỉ không đọc được; đang xem số liệu mới nhất"),
    ):
        page.goto("about:blank")
        addresses.clear()
        opened(page, server, f"?province=25&as_of={day}")
        expect(page.locator("#address-note")).to_have_text(words)
        assert page.url.endswith("?province=25")
        assert len(addresses) == 1
        expect(page.locator("#as-of")).to_have_value("2026-11-22")
        expect(page.locator("#connection")).to_have_text("● Tự cập nhật")
        assert not page.locator("#go-live").is_visible()
    page.select_option("#show", "devices")
    expect(page.locator("#address-note")).to_be_empty()


def test_day_without_data_typed_into_the_field_is_told_of(home: Page) -> None:
    home.fill("#as-of", "2025-06-01")
    expect(home.locator("#address-note")).to_have_text(
        "Không có số liệu ngày 01/06/2025; đang xem số liệu mới nhất"
    )
    expect(home.locator("#as-of")).to_have_value("2026-11-22")
    assert "as_of" not in home.url


def test_typing_leaves_no_steps_for_the_back_button(home: Page) -> None:
    home.select_option("#show", "devices")
    home.locator("#search").press_sequentially("son ha")
    assert "q=son+ha" in home.url
    home.go_back()
    expect(home.locator("#show")).to_have_value("overall")

"""/ho-so and /xep-hang in a browser: from a period's figures to who is behind them, on
any screen.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_pages_document import FITS, SMALL, opened
from tools.running import Server

LONG = ("ho-so?form=multiples", "xep-hang", "xep-hang?by=count_received&province=25")


def choose(page: Page, label: str) -> None:
    """Opens one of the menus of the bar."""
    page.locator(".choice summary").filter(has_text=label).click()


DRAWN = "[data-drawn='yes'] .main-svg >> nth=0"


def test_from_a_months_figures_to_the_place_of_a_commune(page: Page, server: Server) -> None:
    opened(page, server, "ho-so?province=51")
    expect(page.locator("h1")).to_contain_text("Tháng 11/2026 đến 22/11: 73.610 hồ sơ tiếp nhận")
    choose(page, "Kỳ")
    page.get_by_label("Từ ngày").fill("2026-10-05")
    # never month first
    expect(page.locator(".other-days .day-read").first).to_have_text("05/10/2026")
    page.get_by_role("link", name="Quý", exact=True).click()
    page.wait_for_url("**/ho-so?province=51&period=2026-Q4")
    expect(page.locator(".covered")).to_contain_text("cùng 37 ngày làm việc")
    page.get_by_role("link", name="‹ quý 3/2026").click()
    expect(page.locator("h1")).to_contain_text("Quý 3/2026")
    page.get_by_role("link", name="Đúng hạn theo biểu II.06a").first.click()
    page.wait_for_url("**/xep-hang?province=51&by=on_time_report&period=2026-Q3")
    choose(page, "Nhóm")
    page.get_by_role("link", name="Phường", exact=True).click()
    page.locator(".league thead").get_by_role("link", name="Hạng", exact=True).click()
    page.wait_for_url(
        "**/xep-hang?province=51&period=2026-Q3&by=on_time_report&group=phuong&order=worst"
    )
    expect(page.locator(".league tbody tr")).to_have_count(9)
    expect(page.locator(".league tbody .place").first).to_have_text("9/9")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Tải CSV").click()
    assert waiting.value.suggested_filename == "xep-hang_51_2026-11-22.csv"


def test_long_lists_fit_a_phone(new_page: Callable[..., Page], server: Server) -> None:
    page = new_page(viewport={"width": 320, "height": 700})
    for path in LONG:
        opened(page, server, path)
        assert page.evaluate(FITS), path
        assert page.evaluate(SMALL, 24) == [], path
        if "xep-hang" in path and "count" not in path:
            expect(page.locator(".axis text >> nth=0")).to_have_text("55%")
            span = page.locator(".league tbody .open").first.bounding_box()
            assert span
            assert span["height"] < 45, "a rank's span is read across, not down"
            assert (
                page.evaluate(
                    "() => getComputedStyle(document.querySelector('.league thead')).clipPath"
                )
                == "none"
            )


@pytest.mark.outage
def test_charts_are_drawn_when_one_comes_near_and_again_by_night_and_after_trouble(
    page: Page, server: Server
) -> None:
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.set_viewport_size({"width": 1440, "height": 300})
    opened(page, server, "ho-so?province=51")
    assert not any("plotly" in url or "bieu-do" in url for url in addresses), (
        "half a megabyte waits until it is wanted"
    )
    page.locator("#figure-theo-tuan").scroll_into_view_if_needed()
    page.wait_for_selector(DRAWN)
    expect(page.locator("[data-drawn='yes']")).to_have_count(2)
    page.route("**/bieu-do/**", lambda route: route.abort())
    page.emulate_media(color_scheme="dark")
    expect(page.locator("[data-drawn='failed']")).to_have_count(2)
    with page.expect_response(
        lambda answer: "theo-kenh.json" in answer.url and "dark=1" in answer.url
    ):
        page.unroute("**/bieu-do/**")
    expect(page.locator("[data-drawn='yes']")).to_have_count(2)


def test_without_a_script_every_figure_is_read_and_any_days_can_be_chosen(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page.goto(server.address + "ho-so?province=51")
    choose(page, "Kỳ")
    page.get_by_label("Từ ngày").fill("2026-10-05")
    page.get_by_label("đến ngày").fill("2026-10-11")
    # nobody would write the new day there
    expect(page.locator(".other-days .day-read").first).to_be_hidden()
    page.locator(".other-days").get_by_role("button", name="Xem").click()
    page.wait_for_url("**/ho-so?province=51&period=2026-W41")
    expect(page.locator("h1")).to_contain_text("Tuần 05/10–11/10/2026")
    page.get_by_text("Số liệu của biểu đồ").first.click()
    expect(page.locator("#figure-theo-tuan table")).to_contain_text("05/10–11/10/2026")
    expect(page.locator(".chart-body").first).to_be_hidden()

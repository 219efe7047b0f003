"""The fields say what is shown after Back, and the hour is the server's."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tools.running import Server

DAY_FIELDS = [("", "#as-of", "2026-10-01"), ("?since=2026-10-01", "#since-day", "2026-09-01")]


@pytest.mark.parametrize(("query", "field", "day"), DAY_FIELDS)
def test_after_back_and_forward_a_day_field_says_what_is_shown(
    page: Page, server: Server, query: str, field: str, day: str
) -> None:
    page.goto(server.address + query)
    page.wait_for_selector("html[data-ready]")
    page.wait_for_selector(".js-plotly-plot .main-svg", state="attached")
    before = page.input_value(field)
    page.fill(field, day)
    page.wait_for_url(f"**{day}**")
    page.wait_for_function("() => !document.documentElement.dataset.pending")
    page.go_back()
    expect(page.locator(field)).to_have_value(before)
    page.go_forward()
    expect(page.locator(field)).to_have_value(day)


def test_after_back_a_document_says_its_own_province_and_day(page: Page, server: Server) -> None:
    page.goto(f"{server.address}ho-so?province=51")
    page.wait_for_selector("html[data-ready]")
    page.select_option("#province", "79")
    page.wait_for_url("**province=79**")
    page.wait_for_selector("html[data-ready]")
    page.go_back()
    expect(page.locator("html")).to_have_attribute("data-province", "51")
    expect(page.locator("#province")).to_have_value("51")


def test_a_wall_says_which_pace_it_could_not_keep(page: Page, server: Server) -> None:
    page.goto(f"{server.address}man-hinh?province=51&giay=20")
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(page.locator("#misread")).to_be_hidden()
    page.goto(f"{server.address}man-hinh?province=51&giay=7s")
    expect(page.locator("#misread")).to_contain_text("không dùng được 7s")


@pytest.mark.outage
@pytest.mark.parametrize("path", ["", "ho-so"])
def test_the_hour_of_the_last_answer_is_that_of_the_server(
    new_page: Callable[..., Page], server: Server, path: str
) -> None:
    page = new_page(timezone_id="America/New_York")
    page.add_init_script(
        "{ const late = 40 * 60000, Real = Date;"
        " window.Date = class extends Real {"
        " constructor(...parts) { parts.length ? super(...parts) : super(Real.now() + late); }"
        " static now() { return Real.now() + late; } }; }"
    )
    page.goto(server.address + path)
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("#checked")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    now = datetime.now(UTC) + timedelta(hours=7)
    hours = [f"{now - timedelta(minutes=ago):%H:%M}" for ago in (0, 1)]
    assert page.text_content("#checked") in hours
    page.context.set_offline(True)
    page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(page.locator("#connection")).to_contain_text("Mất kết nối từ")
    words = page.text_content("#connection") or ""
    assert any(f"Mất kết nối từ {hour}" in words for hour in hours)

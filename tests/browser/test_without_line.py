"""A team on its way: the list of /to-cong-tac and the pages of its communes open without a line."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tools.running import Server

LONGEST = 60_000
KEPT = re.compile(r"^Mất kết nối · bản lưu lúc \d\d:\d\d ngày \d\d/\d\d/\d{4}")


@pytest.mark.outage
def test_a_team_opens_its_list_and_its_communes_without_a_line(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{server.address}to-cong-tac")
    expect(page.locator("#kept-note")).to_contain_text("Đã lưu trang của", timeout=LONGEST)
    page.context.set_offline(True)
    name = page.locator(".card h3 a").first.inner_text()
    page.locator(".card h3 a").first.click()
    expect(page.locator("main.document h1")).to_contain_text(name.split(". ")[-1])
    expect(page.locator("#connection")).to_contain_text(KEPT)
    expect(page.locator("#data-age")).to_have_text("điều kiện: số liệu 2 ngày trước")
    page.go_back()
    expect(page.locator(".card").first).to_be_visible()
    page.goto(f"{server.address}to-cong-tac?level=red")  # kept as it was loaded
    expect(page).to_have_url(f"{server.address}to-cong-tac")
    page.goto(f"{server.address}xa/21250?as_of=2026-10-01")
    expect(page.locator("h1")).to_have_text("Chưa có mạng")
    page.get_by_role("link", name="Danh sách của tổ công tác đã lưu").click()
    expect(page.locator(".card").first).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#connection")).to_have_text("● Tự cập nhật", timeout=LONGEST)

"""Two tabs, bookmarks or printed files of other days, layers or communes bear other names."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tools.running import Server

PRODUCT = "Mức độ sẵn sàng của cấp xã"


def test_the_title_of_the_first_page_says_commune_layer_and_past_day(
    page: Page, server: Server
) -> None:
    page.goto(f"{server.address}?commune=21250&show=network&as_of=2026-10-01")
    expect(page).to_have_title(f"Xã Nghĩa Giang · Mạng · ngày 01/10/2026 · {PRODUCT} · Quảng Ngãi")
    page.select_option("#show", "overall")
    expect(page).to_have_title(f"Xã Nghĩa Giang · ngày 01/10/2026 · {PRODUCT} · Quảng Ngãi")
    page.click("#go-live")
    expect(page).to_have_title(f"Xã Nghĩa Giang · {PRODUCT} · Quảng Ngãi")

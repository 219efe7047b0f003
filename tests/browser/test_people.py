"""People who write, as they do it in a browser: from the first link to a file that is taken back,
while somebody else looks.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from dashboard import store
from dashboard.store import accounts
from tools.running import Server

PASSWORD = "con mèo nhỏ ngủ"
CHANGED = "con chó lớn thức"
# A sample-like file with a problem: one commune is nobody's.
FILE = (
    "commune_code,measure,value,as_of\n"
    "21250,signature_needed,20,2026-11-22\n"
    "21250,signature_issued,1,2026-11-22\n"
    "99999,signature_needed,20,2026-11-22\n"
)


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words).first.click()


def sign_in(page: Page, server: Server, name: str, password: str) -> None:
    page.goto(server.address + "dang-nhap")
    page.get_by_label("Tên tài khoản").fill(name)
    page.get_by_label("Mật khẩu").fill(password)
    press(page, "Đăng nhập")


def test_from_the_first_link_to_a_file_taken_back(
    own_server: Server, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    admin = new_page()
    engine = store.open_store(own_server.settings.database_url)
    admin.goto(f"{own_server.address}lien-ket/{accounts.issue_first_link(engine)}")
    engine.dispose()
    admin.get_by_label("Tên tài khoản").fill("quan.tri")
    for field in ("Mật khẩu (ít nhất 10 ký tự)", "Nhập lại mật khẩu"):
        admin.get_by_label(field).fill(PASSWORD)
    press(admin, "Tạo tài khoản")
    admin.get_by_role("link", name="Quản trị").click()
    admin.get_by_label("Tên tài khoản").fill("an")
    admin.get_by_label("Mã tỉnh (để trống: mọi tỉnh)").first.fill("51")
    press(admin, "Thêm tài khoản")
    first_password = admin.locator("code").inner_text()

    # A day in a form is read day first, whatever the language of the browser.
    admin.goto(own_server.address + "nhat-ky")
    day = admin.locator(".day")
    expect(day.locator(".day-read")).to_have_text("chọn ngày")
    day.locator("input").fill("2026-11-03")
    day.locator("input").dispatch_event("change")
    expect(day.locator(".day-read")).to_have_text("03/11/2026")

    watcher = new_page()
    watcher.goto(own_server.address)
    watcher.wait_for_selector("html[data-ready]")
    assert watcher.locator(".bar .account").count() == 0
    version = watcher.get_attribute("html", "data-version")

    clerk = new_page()
    sign_in(clerk, own_server, "an", first_password)
    clerk.get_by_label("Mật khẩu hiện tại").fill(first_password)
    for field in ("Mật khẩu mới (ít nhất 10 ký tự)", "Nhập lại mật khẩu mới"):
        clerk.get_by_label(field).fill(CHANGED)
    press(clerk, "Đổi mật khẩu")
    clerk.goto(own_server.address + "ho-so")
    clerk.locator(".bar .account", has_text="an").click()
    clerk.get_by_role("link", name="Nạp tệp").click()
    file = tmp_path / "so_lieu.csv"
    file.write_text(FILE, encoding="utf-8")
    clerk.locator("input[type=file]").set_input_files(file)
    expect(clerk.locator("#chosen-files")).to_have_text("so_lieu.csv")
    press(clerk, "Gửi và đọc thử")
    expect(clerk.get_by_role("button", name="Nạp", exact=True)).to_be_visible(timeout=30_000)
    expect(clerk.locator("main")).to_contain_text("99999")
    assert watcher.get_attribute("html", "data-version") == version, "a dry run changes nothing"
    press(clerk, "Nạp")
    undo = clerk.get_by_role("link", name="Gỡ đợt")
    expect(undo).to_be_visible(timeout=30_000)
    watcher.wait_for_function(
        "version => document.documentElement.dataset.version !== version", arg=version
    )
    undo.click()
    press(clerk, "Gỡ đợt")
    expect(clerk.locator("main")).to_contain_text("Đợt này đã được gỡ")

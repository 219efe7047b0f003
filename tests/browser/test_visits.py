"""A team's day without a line: three visits are written on a phone and are in the store once each,
whatever the line does to them on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlalchemy import func, select

from dashboard import store
from dashboard.accounts.roles import Role
from dashboard.store import schema
from dashboard.store.audit import verify_audit
from tests.browser.test_field_pages import FAINT
from tests.web.people import PASSWORD, add_account
from tools.bad_phones import WAIT_UNTIL_KEPT
from tools.running import Server

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
FORM = "to-cong-tac/kiem-tra"


class BadLine:
    """Cuts the first answer, sends the second visit twice, answers 500 once for the third."""

    def __init__(self) -> None:
        self.sent = 0

    def __call__(self, route: Route) -> None:
        self.sent += 1
        if self.sent == 1:
            route.fetch()
            route.abort()
        elif self.sent == 3:
            route.fetch()
            route.continue_()
        elif self.sent == 4:
            route.fulfill(status=500, body="")
        else:
            route.continue_()


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words).first.click()


def sign_in(page: Page, server: Server, name: str) -> None:
    page.goto(f"{server.address}dang-nhap?next=/{FORM}")
    page.get_by_label("Tên tài khoản").fill(name)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    press(page, "Đăng nhập")


# A usual visit, counted by what the page was touched for (the issue of one-handed use).
MOST_TAPS = 25
COUNT_TAPS = """
window.taps = 0;
addEventListener("click", (event) => { if (event.isTrusted) window.taps += 1; }, true);
"""


def open_form(page: Page, number: int) -> None:
    page.locator("[data-sheets] a").nth(number).click()
    page.wait_for_selector(".question")


def write_visit(page: Page, number: int) -> str:
    """The usual visit: one value that differs, the rest as declared; the commune's name."""
    open_form(page, number)
    assert page.evaluate(FAINT) == [], "readable in sunlight"
    name = page.locator("h1").inner_text()
    page.locator(".question input[type=number]").first.fill("7")
    # one scanner less than declared, mended nothing, who promised it until when
    question = page.locator(".question", has_text="Máy scan")
    question.get_by_role("button", name="bớt 1").click()
    expect(question.locator(".differs")).to_contain_text("⚡ Khác kê khai")
    question.get_by_text("Việc hứa").click()
    question.get_by_label("Cơ quan hứa").fill("Sở Tài chính")
    question.get_by_role("button", name="2 tuần").click()
    press(page, "Còn lại đúng như kê khai")
    press(page, "Lưu lượt kiểm tra")
    expect(page.locator("#unsent")).to_be_visible()
    return name


def reopen(context: BrowserContext, page: Page, server: Server) -> Page:
    page.close()
    again = context.new_page()
    again.goto(server.address + FORM)
    again.wait_for_selector("[data-visits]")
    return again


@pytest.mark.outage
def test_visits_written_without_a_line_are_saved_once_each(
    own_server: Server, new_page: Callable[..., Page]
) -> None:
    with closing_store(own_server) as engine:
        add_account(engine, "to.1", Role.TEAM)
    page = new_page(**PHONE)
    context = page.context
    context.add_init_script(COUNT_TAPS)
    sign_in(page, own_server, "to.1")
    expect(page.get_by_role("button", name="Mang theo")).to_be_visible()
    page.get_by_label("Số đơn vị").select_option("3")
    press(page, "Mang theo")
    expect(page.locator("[data-sheets] li")).to_have_count(3)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(FAINT) == [], "readable in sunlight, in the dark, too"
    page.evaluate(WAIT_UNTIL_KEPT)

    context.set_offline(True)
    names = [write_visit(page, number) for number in range(3)]
    # each with two touches for the number that was filled in, and two for the office
    taps = page.evaluate("window.taps") + 4 * len(names)
    assert taps <= MOST_TAPS * len(names)
    expect(page.locator("#unsent")).to_have_text("3 lượt chưa gửi")
    expect(page.locator("[data-visits] li").first).to_contain_text("1 việc hứa")
    page.emulate_media(color_scheme="light")
    assert page.evaluate(FAINT) == []
    page = reopen(context, page, own_server)
    # one is taken back, edited and waits again
    page.locator("[data-visits] a", has_text=names[1]).click()
    page.get_by_label("Ghi chú").fill("Đường dây mới kéo, gọi anh Nam 0905 123 456")
    press(page, "Lưu lượt kiểm tra")
    expect(page.locator("#unsent")).to_have_text("3 lượt chưa gửi")

    page.route(f"**/{FORM}/gui", BadLine())
    context.set_offline(False)
    # what the number's own button does, until it is gone
    page.wait_for_function(
        "el => { el.click(); return el.hidden; }", arg=page.query_selector("#unsent"), polling=500
    )
    expect(page.locator("[data-visits]")).to_have_count(0)

    with closing_store(own_server) as engine, engine.connect() as connection:
        entries = schema.field_entry
        assert connection.scalar(select(func.count()).select_from(entries)) == 3
        saved = select(schema.import_batch.c.id).where(
            schema.import_batch.c.file_name.like("Lượt kiểm tra%")
        )
        assert len(connection.execute(saved).all()) == 3
        notes = connection.scalars(
            select(schema.visit.c.note).where(schema.visit.c.note.isnot(None))
        )
        assert not any("0905" in note or "Nam" in note for note in notes)
        assert verify_audit(engine).intact


def closing_store(server: Server) -> closing:
    engine = store.open_store(server.settings.database_url)
    engine.close = engine.dispose  # type: ignore[attr-defined]
    return closing(engine)  # type: ignore[type-var]

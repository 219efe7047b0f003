"""What happens to visits that wait on a phone: other phones, sessions that end, storage that is
thrown away, clocks that are wrong, many at once, a new build, any line.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from dashboard import reference, store
from dashboard.store import schema
from dashboard.store.audit import verify_audit
from tests.conftest import TODAY
from tools import bad_phones
from tools.bad_line import BREAK, CUT, DOUBLE, PASS, BadLine, open_bad_line
from tools.bad_phones import FORM, QUEUE_VISIT, SEND, make_visit, sign_in
from tools.bench import Relay
from tools.running import Server, environment_in, free_port

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "locale": "vi-VN",
    "timezone_id": "Asia/Ho_Chi_Minh",
}
NGHIA_GIANG = "21250"


@pytest.fixture(scope="module")
def field_server(sample_folder: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on the sample data whose store these tests share and write into."""
    folder = tmp_path_factory.mktemp("field")
    shutil.copytree(sample_folder, folder, dirs_exist_ok=True)
    # walls ask as often as they do by default: the named line measures how soon one shows a visit
    server = Server(folder, environment_in(folder, DASHBOARD_TODAY=TODAY), free_port())
    server.start()
    bad_phones.add_teams(server)
    yield server
    server.stop()


@pytest.fixture
def line(field_server: Server) -> Iterator[BadLine]:
    with open_bad_line(field_server.port) as line:
        yield line


@pytest.fixture
def open_phone(browser: Browser, line: BadLine) -> Iterator[Callable[..., Page]]:
    """Opens a phone that is signed in, on the form; each has its own storage."""
    contexts: list[BrowserContext] = []

    def open_page(name: str = "to.1", *, clock: datetime | None = None) -> Page:
        context = browser.new_context(**PHONE)
        contexts.append(context)
        if clock is not None:
            context.clock.install(time=clock)
        page = context.new_page()
        sign_in(page, line.address, name)
        return page

    yield open_page
    for context in contexts:
        context.close()


# All that a phone fetches for a day: signing in, form, sheets, the list and ten communes' pages.
MOST_OF_A_DAY = 300_000
COUNT_KEPT_COMMUNES = """async () => {
    const cache = await caches.open('to-cong-tac');
    const paths = (await cache.keys()).map(({url}) => new URL(url).pathname);
    return paths.filter(path => path.startsWith('/xa/')).length;
}"""


def test_a_day_of_ten_communes_costs_a_weak_line_little_and_opens_without_one(
    field_server: Server, browser: Browser
) -> None:
    relay = Relay(field_server.port)
    relay.start()
    address = f"http://127.0.0.1:{relay.port}/"
    context = browser.new_context(**PHONE)
    page = context.new_page()
    sign_in(page, address, "to.3")
    codes = reference.select_communes_of_province("51").index[:10]
    page.goto(f"{address}to-cong-tac/lich?xa={','.join(codes)}")
    page.get_by_role("link", name="Mang theo trên máy này").click()
    expect(page.locator("#notice")).to_have_text("Đã mang theo 10 đơn vị.")
    while page.evaluate(COUNT_KEPT_COMMUNES) < len(codes):
        page.wait_for_timeout(100)
    relay.wait_for_silence()
    assert relay.down <= MOST_OF_A_DAY
    context.set_offline(True)
    page.reload()
    expect(page.locator("[data-sheets] li")).to_have_count(10)
    page.locator("[data-sheets] a").first.click()
    page.get_by_role("link", name="Trang của đơn vị").click()
    expect(page.locator("#connection")).to_contain_text("Mất kết nối")
    context.close()


def list_saved(server: Server) -> dict[str, dict[str, Any]]:
    """Id to content of what stands in the store."""
    engine = store.open_store(server.settings.database_url)
    with engine.connect() as connection:
        entries = schema.field_entry.c
        rows = connection.execute(select(entries.entry_id, entries.content)).all()
    assert verify_audit(engine).intact
    engine.dispose()
    return {row.entry_id: json.loads(row.content) for row in rows}


def send_all(page: Page) -> None:
    page.evaluate(SEND)
    expect(page.locator("#unsent")).to_be_hidden(timeout=90_000)


def queue(page: Page, *visits: dict[str, Any]) -> None:
    page.evaluate(f"visits => Promise.all(visits.map({QUEUE_VISIT}))", visits)
    page.reload()
    expect(page.locator("#unsent")).to_have_text(f"{len(visits)} lượt chưa gửi")


def test_two_phones_on_one_commune_are_both_kept_and_told(
    field_server: Server, open_phone: Callable[..., Page]
) -> None:
    first, second = open_phone("to.1"), open_phone("to.2")
    visits = [make_visit(n, NGHIA_GIANG, speed, seed=11) for n, speed in ((1, 12.5), (2, 31.0))]
    for phone, visit in zip((first, second), visits, strict=True):
        phone.context.set_offline(True)
        phone.evaluate(QUEUE_VISIT, visit)
        phone.context.set_offline(False)
        phone.evaluate(SEND)
        expect(phone.locator("#notice")).to_contain_text("Máy chủ đã nhận lượt")
    expect(second.locator("#notice")).to_contain_text("tổ khác đã ghi 12,5")
    saved = list_saved(field_server)
    assert {visit["id"] for visit in visits} <= saved.keys()


def test_signing_out_and_a_session_that_ran_out_keep_the_queue(
    field_server: Server, open_phone: Callable[..., Page], line: BadLine
) -> None:
    page = open_phone()
    visits = [make_visit(n, NGHIA_GIANG, 20.0 + n, seed=12) for n in (1, 2)]
    page.context.set_offline(True)
    for visit in visits:
        page.evaluate(QUEUE_VISIT, visit)
    page.context.clear_cookies()
    page.context.set_offline(False)
    page.evaluate(SEND)
    expect(page.locator("#notice")).to_contain_text("Phiên đăng nhập đã hết")
    expect(page.locator("#unsent")).to_have_text("2 lượt chưa gửi")
    assert not {visit["id"] for visit in visits} & list_saved(field_server).keys()
    page.locator("#notice a").click()
    page.fill("[name=name]", "to.1")
    page.fill("[name=password]", bad_phones.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"**/{FORM}")
    send_all(page)
    assert {visit["id"] for visit in visits} <= list_saved(field_server).keys()

    third = make_visit(3, NGHIA_GIANG, 25.0, seed=12)
    page.context.set_offline(True)
    page.evaluate(QUEUE_VISIT, third)
    page.context.set_offline(False)
    page.goto(f"{line.address}tai-khoan")
    page.get_by_role("button", name="Đăng xuất").first.click()
    page.wait_for_load_state()
    page.goto(line.address + FORM)
    expect(page.locator("#unsent")).to_be_visible()
    expect(page.locator("#notice a")).to_have_text("Đăng nhập")


def test_what_a_full_phone_threw_away_is_told(open_phone: Callable[..., Page]) -> None:
    page = open_phone()
    page.context.set_offline(True)
    queue(page, *(make_visit(n, NGHIA_GIANG, 9.0, seed=13) for n in (1, 2)))
    # a browser throws database and local storage of a page away together
    page.evaluate(
        "localStorage.clear(); new Promise(done => "
        "{ indexedDB.deleteDatabase('visits').onsuccess = done; })"
    )
    page.reload()
    expect(page.locator("#notice")).to_contain_text("Trình duyệt đã xóa 2 lượt")


@pytest.mark.parametrize("days", [-10, 10])
def test_a_clock_that_is_wrong_by_days_is_put_right(
    field_server: Server, open_phone: Callable[..., Page], days: int
) -> None:
    noon = datetime.combine(date.fromisoformat(TODAY), datetime.min.time()) + timedelta(hours=12)
    page = open_phone(clock=noon + timedelta(days=days))
    page.goto(f"{page.url.split('#')[0]}#{NGHIA_GIANG}")
    page.wait_for_selector(".question")
    note = f"đồng hồ sai {days} ngày"
    page.get_by_label("Ghi chú").fill(note)
    page.get_by_role("button", name="Lưu lượt kiểm tra").click()
    expect(page.locator("#notice")).to_contain_text("Máy chủ đã nhận lượt")
    (saved,) = (entry for entry in list_saved(field_server).values() if entry["note"] == note)
    assert saved["day"] == TODAY


def test_a_hundred_visits_are_sent_in_order(
    field_server: Server, open_phone: Callable[..., Page]
) -> None:
    page = open_phone("to.3")
    codes = [str(code) for code in reference.select_communes_of_province("51").index[:25]]
    visits = [make_visit(n, codes[n % len(codes)], n / 4, seed=14) for n in range(1, 101)]
    page.context.set_offline(True)
    queue(page, *visits)
    page.context.set_offline(False)
    send_all(page)
    assert {visit["id"] for visit in visits} <= list_saved(field_server).keys()
    engine = store.open_store(field_server.settings.database_url)
    entries = schema.field_entry.c
    with engine.connect() as connection:
        rows = connection.execute(
            select(entries.entry_id, entries.commune_code).order_by(entries.batch_id)
        ).all()
    engine.dispose()
    queued_at = {visit["id"]: visit["queuedAt"] for visit in visits}
    for code in codes:
        sent = [
            queued_at[row.entry_id] for row in rows if row[1] == code and row.entry_id in queued_at
        ]
        assert len(sent) == 4
        assert sent == sorted(sent), "of one commune none overtakes another"


def test_a_new_build_that_came_while_offline_sends_the_old_builds_visits(
    field_server: Server, open_phone: Callable[..., Page], line: BadLine
) -> None:
    page = open_phone()
    visit = make_visit(1, NGHIA_GIANG, 44.0, seed=15)
    page.context.set_offline(True)
    queue(page, visit)
    line.rewrite = lambda path, body: (
        body.replace(b"visit.js?m=", b"visit.js?m=new") if path.startswith(f"/{FORM}") else body
    )
    line.rename = lambda path: path.replace("visit.js?m=new", "visit.js?m=")
    page.reload()  # without a line: the build that the phone has
    expect(page.locator("#unsent")).to_have_text("1 lượt chưa gửi")
    page.context.set_offline(False)
    page.reload()
    assert "m=new" in page.locator("script[src*='visit.js']").first.get_attribute("src")  # type: ignore[operator]
    send_all(page)
    assert visit["id"] in list_saved(field_server)


def test_the_named_line_saves_three_visits_once_and_the_wall_sees_them(
    field_server: Server, open_phone: Callable[..., Page], line: BadLine, browser: Browser
) -> None:
    """The answer of the first is cut, the second arrives twice, the third gets a 500 once."""
    wall = browser.new_page(viewport={"width": 1920, "height": 1080})
    wall.goto(f"{field_server.address}man-hinh?province=51&giay=600&canh=mang")
    wall.wait_for_selector("#map [data-commune]")
    phone = open_phone()
    codes = ("21034", "21499", "21496")
    visits = [make_visit(n, code, 1.0, seed=16) for n, code in enumerate(codes, 1)]
    phone.context.set_offline(True)
    queue(phone, *visits)
    phone.close()
    phone = phone.context.new_page()
    phone.goto(line.address + FORM)
    expect(phone.locator("#unsent")).to_have_text("3 lượt chưa gửi")
    shape = wall.locator(f"#map [data-commune='{codes[0]}']")
    expect(shape).not_to_have_attribute("data-level", "red")
    fates = iter((CUT, DOUBLE, BREAK))

    def choose(method: str, path: str) -> str:
        return next(fates, PASS) if path == f"/{FORM}/gui" else PASS

    line.choose = choose
    phone.context.set_offline(False)
    phone.wait_for_function(
        "el => { el.click(); return el.hidden; }", arg=phone.query_selector("#unsent"), polling=500
    )
    saved = list_saved(field_server)
    assert [visit["id"] in saved for visit in visits] == [True] * 3
    expect(shape).to_have_attribute("data-level", "red")
    wall.close()


def test_three_phones_on_any_line_lose_and_double_nothing(
    browser: Browser, own_server: Server
) -> None:
    run = bad_phones.play_phones(browser, own_server, 15, seed=20261122)
    assert run.written
    assert run.faults

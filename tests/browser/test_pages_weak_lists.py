"""The lists of weak communes in a browser: narrowed at once, ordered by distance, printed; also
without a script.
"""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, Request, expect

from tests.browser.test_pages_document import opened
from tools.running import Server

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
SEEN = """() => [...document.querySelectorAll('[data-entries] > :not([hidden])')]
    .map(one => one.dataset.commune)"""
OURS = """() => [...document.querySelectorAll(
    'main :is(button, select, .button, summary, h3 a), nav a')]
    .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 44)
    .map(one => one.outerHTML.slice(0, 80))"""


def test_thumbs_hit_what_the_list_is_used_with(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = opened(new_page(**PHONE), server, "to-cong-tac?level=red")
    assert page.evaluate(OURS) == []


def test_a_team_narrows_its_list_without_asking_and_the_link_shows_the_same(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = opened(new_page(**PHONE), server, "to-cong-tac?province=51")
    everybody = page.evaluate(SEEN)
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.get_by_text("Lọc, thứ tự, khoảng cách").click()
    page.locator('select[name="level"]').select_option(label="Đỏ")
    page.get_by_label("Việc").select_option("Mua sắm")
    red = page.evaluate(SEEN)
    assert 0 < len(red) < len(everybody)
    expect(page.locator("[data-shown]")).to_have_text(
        f"{len(red)}/{len(everybody)} đơn vị: Đỏ, Mua sắm"
    )
    expect(page.locator("#calls-title ~ [data-nobody]")).to_be_visible()
    assert not [url for url in addresses if "level" in url], "nobody is asked"
    assert page.url.endswith("/to-cong-tac?province=51&level=red&fix=buy")
    assert "level=red" in str(
        page.get_by_role("link", name="Tải CSV danh sách", exact=True).get_attribute("href")
    )
    page.reload()
    assert page.evaluate(SEEN) == red
    page.fill("#as-of", "2026-11-20")
    page.wait_for_url("**level=red**as_of=2026-11-20**")
    other = new_page(java_script_enabled=False)
    other.goto(f"{server.address}to-cong-tac?province=51&level=red&fix=buy")
    assert other.locator("[data-entries] > :visible").count() == len(red)


STAYS = """() => [...document.querySelectorAll('[data-stays] > :not([hidden])')]
    .map(one => one.dataset.commune)"""
LEFT = """() => [...document.querySelectorAll('[data-left] > :not([hidden])')]
    .map(one => one.dataset.key)"""


def test_the_list_of_weak_communes_is_narrowed_alike_by_script_and_server(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = opened(new_page(**PHONE), server, "to-cong-tac?province=51")
    everybody, everybody_left = page.evaluate(STAYS), page.evaluate(LEFT)
    page.get_by_text("Lọc, thứ tự, khoảng cách").click()
    page.get_by_label("Lĩnh vực").select_option("Chữ ký số")
    page.select_option("#from", label="Xã Ba Gia")
    page.get_by_label("Trong vòng").select_option("50")
    narrowed = page.evaluate(STAYS)
    assert 0 < len(narrowed) < len(everybody)
    shown = f"{len(narrowed)}/{len(everybody)}"
    expect(page.locator("[data-stays-shown]")).to_have_text(shown)
    assert set(narrowed) <= set(page.evaluate(SEEN))
    plain = new_page(java_script_enabled=False, **PHONE)
    plain.goto(page.url)
    stays = plain.locator("[data-stays] > :not([hidden])").all()
    assert [view.get_attribute("data-commune") for view in stays] == narrowed
    expect(plain.locator("[data-stays-shown]")).to_have_text(shown)
    left = page.evaluate(LEFT)
    assert 0 < len(left) < len(everybody_left)
    assert plain.evaluate(LEFT) == left
    for view in (page, plain):
        expect(view.locator("[data-left-shown]")).to_have_text(f"{len(left)}/{len(everybody_left)}")
    plain.locator("summary", has_text="Từng đơn vị").click()
    assert plain.locator("[data-stays] > :visible").count() == len(narrowed)
    href = page.locator("#listed-title ~ .takes a").first.get_attribute("href")
    file = page.request.get(f"{server.address.rstrip('/')}{href}").text()
    codes = {line.split(",")[0].strip('"') for line in file.splitlines()}
    assert set(narrowed) <= codes
    assert not codes & (set(everybody) - set(narrowed))


def test_the_nearest_come_first_as_the_server_says_too(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = opened(new_page(**PHONE), server, "to-cong-tac?province=51")
    page.get_by_text("Lọc, thứ tự, khoảng cách").click()
    page.get_by_label("Thứ tự").select_option("gần nhất trước")
    expect(page.locator("#distance-note")).to_have_text(
        "Hãy chọn nơi xuất phát để xếp, lọc theo khoảng cách."
    )
    page.select_option("#from", label="Đặc khu Lý Sơn")
    expect(page.locator("#distance-note")).to_have_text("")
    by_script, said = page.evaluate(SEEN), page.locator("[data-away]").all_text_contents()
    plain = new_page(java_script_enabled=False, **PHONE)
    plain.goto(page.url)
    assert [
        entry.get_attribute("data-commune") for entry in plain.locator("[data-entries] > *").all()
    ] == by_script
    assert plain.locator("[data-away]").all_text_contents() == said
    page.get_by_label("Thứ tự").select_option("cần nhất trước")
    assert page.evaluate(SEEN) != by_script


def test_the_script_leaves_out_who_is_too_far_as_the_server_does(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = opened(new_page(**PHONE), server, "to-cong-tac?province=51")
    page.get_by_text("Lọc, thứ tự, khoảng cách").click()
    expect(page.get_by_label("Trong vòng")).to_be_disabled()
    everybody = page.evaluate(SEEN)
    page.select_option("#from", label="Xã Ba Gia")
    page.get_by_label("Trong vòng").select_option("20")
    near = page.evaluate(SEEN)
    assert 0 < len(near) < len(everybody)
    plain = new_page(java_script_enabled=False, **PHONE)
    plain.goto(page.url)
    seen = plain.locator("[data-entries] > :not([hidden])").all()
    assert [entry.get_attribute("data-commune") for entry in seen] == near
    assert plain.locator("[data-shown]").inner_text() == page.locator("[data-shown]").inner_text()
    page.select_option("#from", "")
    assert page.evaluate(SEEN) == everybody


def test_where_somebody_stands_is_asked_only_on_the_button_and_never_leaves_the_phone(
    new_page: Callable[..., Page], server: Server
) -> None:
    position = {"latitude": 15.3817, "longitude": 109.1184}
    page = new_page(**PHONE, geolocation=position, permissions=["geolocation"])
    sent: list[str] = []

    def note(request: Request) -> None:
        sent.append(request.url + (request.post_data or "") + str(request.headers))

    page.on("request", note)
    opened(page, server, "to-cong-tac?province=51&order=near")
    expect(page.locator("[data-away]").first).to_have_text("")
    page.get_by_role("button", name="Từ chỗ tôi đứng").click()
    expect(page.locator("[data-entries] > * >> nth=0")).to_contain_text("Đặc khu Lý Sơn")
    expect(page.locator("[data-away]").first).to_contain_text("km từ chỗ bạn đứng")
    page.wait_for_timeout(1500)  # one more question for news
    assert not [address for address in sent if "15.38" in address or "109.11" in address]
    assert "15.38" not in page.url
    page.select_option("#from", label="Xã Ba Gia")
    expect(page.locator("[data-away]").first).to_contain_text("km từ Xã Ba Gia")


def test_where_the_place_is_refused_a_commune_can_be_chosen(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = opened(new_page(**PHONE), server, "to-cong-tac?order=near")
    page.get_by_role("button", name="Từ chỗ tôi đứng").click()
    expect(page.locator("#distance-note")).to_contain_text(
        "Có thể chọn một đơn vị làm nơi xuất phát."
    )


def test_without_a_script_the_form_works(new_page: Callable[..., Page], server: Server) -> None:
    page = new_page(java_script_enabled=False, **PHONE)
    page.goto(server.address + "thieu-gi?province=51")
    page.select_option("select[name=fix]", "issue")
    page.get_by_role("button", name="Áp dụng").click()
    expect(page.locator("[data-shown]")).to_contain_text(": Cấp chữ ký số")
    assert "fix=issue" in page.url


NEWS = """async () => {
    const answer = await fetch('/to-cong-tac?province=51&as_of=2026-10-20');
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    dashboard.emit('state', { ...dashboard.current.state, page });
}"""


def test_news_keep_the_narrowed_list_and_its_order(page: Page, server: Server) -> None:
    opened(page, server, "to-cong-tac?province=51&from=21548")  # narrowed: its form is open
    page.locator('select[name="level"]').select_option(label="Đỏ")
    page.get_by_label("Thứ tự").select_option("gần nhất trước")
    before = page.evaluate(SEEN)
    page.evaluate(NEWS)
    after = page.evaluate(SEEN)
    assert set(after) != set(before)
    opened(page, server, "to-cong-tac?province=51&as_of=2026-10-20&level=red&from=21548&order=near")
    assert page.evaluate(SEEN) == after


def test_the_days_list_on_paper_has_boxes_to_tick_and_room_to_write(
    page: Page, server: Server
) -> None:
    opened(page, server, "to-cong-tac?province=51&level=red")
    page.emulate_media(media="print")
    for hidden in (".bar", ".narrowing", "a.button >> nth=0"):
        expect(page.locator(hidden)).to_be_hidden()
    card = page.locator(".card >> nth=0")
    made = """(card, which) => getComputedStyle(card, which).content
        + getComputedStyle(card, which).height"""
    assert "Ghi chú" in card.evaluate(made, "::after")
    assert card.evaluate("card => getComputedStyle(card, '::before').borderTopWidth") == "1px"
    expect(page.locator("[data-shown]")).to_contain_text("Đỏ")

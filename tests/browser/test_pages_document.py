"""The further pages in a browser: read without a script, kept up to date, found and shared from the
keyboard.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

import pytest
from playwright.sync_api import Page, expect

from tools.running import Server

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
SERIOUS = """() => axe.run(document, {resultTypes: ['violations']}).then(
    ({violations}) => violations
    .filter(one => ['serious', 'critical'].includes(one.impact))
    .map(one => one.id + ': ' + one.nodes[0].html.slice(0, 160)))"""
FITS = "() => document.documentElement.scrollWidth <= innerWidth"
SEEN = """() => [...document.querySelectorAll('.bar nav a')]
    .every(one => one.getBoundingClientRect().right <= innerWidth)"""
SMALL = """least => [...document.querySelectorAll('button, select, input:not([type=hidden]), '
    + '.bar a, .button, summary')]
    .filter(one => { const box = one.getBoundingClientRect();
        return box.width && one.checkVisibility() && Math.min(box.width, box.height) < least; })
    .map(one => one.outerHTML.slice(0, 80))"""
# On a phone links in sentences and cells count, too; drawings have their own reach.
SMALL_FOR_A_FINGER = """() => [...document.querySelectorAll(
    'button, select, input:not([type=hidden]), a[href], summary')]
    .filter(one => { const {width, height} = one.getBoundingClientRect();
        const isInside = one.closest('svg, .skip') || one.classList.contains('skip');
        return width > 3 && !isInside && one.checkVisibility({visibilityProperty: true})
            && height < 43.5; })
    .map(one => one.outerHTML.slice(0, 80))"""
PATHS = (
    "chi-so",
    "du-lieu",
    "thieu-gi",
    "to-cong-tac",
    "ho-so",
    "xep-hang?group=phuong",
    "xa/21205?province=51",
    "so-sanh?province=51&xa=21205,21250,21548",
    "ban-tin",
    "ban-tin/hop?province=51&from=2026-11-08",
)


def opened(page: Page, server: Server, path: str) -> Page:
    page.goto(server.address + path)
    page.wait_for_selector("html[data-ready]", state="attached")
    return page


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_nobody_is_shut_out_and_nothing_sticks_out(
    new_page: Callable[..., Page], server: Server, scheme: str, width: int
) -> None:
    page = new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
    for path in PATHS:
        opened(page, server, path)
        if width < 640:
            assert page.evaluate(SMALL_FOR_A_FINGER) == [], path
        page.evaluate(AXE)
        assert page.evaluate(SERIOUS) == [], path
        for other in (width, 320):
            page.set_viewport_size({"width": other, "height": 844})
            assert page.evaluate(FITS), (path, other)
            assert page.evaluate(SMALL, 24) == [], (path, other)
            assert page.evaluate(SEEN), (path, other, "every page is in sight")
        page.set_viewport_size({"width": width, "height": 844})
        if width > 1000:
            page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
            assert page.evaluate(FITS), path


def test_two_keys_and_enter_reach_a_commune(page: Page, server: Server) -> None:
    opened(page, server, "chi-so?province=51&as_of=2026-11-20")
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("ly")
    expect(page.locator("#found [role=option]").first).to_contain_text("Đặc khu Lý Sơn")
    expect(page.get_by_role("combobox", name="Tìm xã, phường")).to_have_attribute(
        "aria-activedescendant", "found-0"
    )
    page.keyboard.press("Enter")
    page.wait_for_url("**/xa/21548?province=51&as_of=2026-11-20")
    expect(page.locator("h1")).to_contain_text("Đặc khu Lý Sơn")


def test_arrows_choose_escape_closes_and_former_units_are_found(page: Page, server: Server) -> None:
    opened(page, server, "du-lieu")
    page.keyboard.press("/")
    page.keyboard.type("son ha")
    options = page.locator("#found [role=option]")
    expect(options).to_have_count(3)
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#found")).to_be_hidden()
    page.fill("#search", "chanh lo")
    expect(options.first).to_contain_text("Phường Cẩm Thành")
    expect(options.first).to_contain_text("trước là Phường Chánh Lộ")


def test_without_a_script_everything_is_read_and_the_forms_work(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page.goto(server.address + "du-lieu?province=25")
    expect(page.locator("h1")).to_contain_text("2 loại nguồn")
    page.select_option("#province", "51")
    page.get_by_role("button", name="Xem").click()
    expect(page.locator("h1")).to_contain_text("1 loại nguồn")
    assert "as_of=2" not in page.url
    page.fill("#search", "son ha")
    page.press("#search", "Enter")
    page.get_by_role("link", name="Xã Sơn Hạ").wait_for()
    page.get_by_role("link", name="Cách tính").click()
    expect(page.locator("#network_speed")).to_contain_text("xanh từ 50 Mbps")


def test_a_change_of_province_or_day_is_another_address(page: Page, server: Server) -> None:
    opened(page, server, "du-lieu")
    page.select_option("#province", "25")
    page.wait_for_url("**/du-lieu?province=25")
    page.fill("#as-of", "2026-11-20")
    page.wait_for_url("**/du-lieu?province=25&as_of=2026-11-20")
    expect(page.locator("#connection")).to_have_text("Đang xem ngày 20/11/2026")
    page.get_by_role("link", name="Về hôm nay").click()
    page.wait_for_url("**/du-lieu?province=25")
    expect(page.locator("#connection")).to_have_text("● Tự cập nhật")


def test_the_link_that_is_copied_says_which_day_it_keeps(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = opened(new_page(permissions=["clipboard-read", "clipboard-write"]), server, "chi-so")
    for choice, query in (
        ("của ngày 22/11/2026", "?province=51&as_of=2026-11-22"),
        ("luôn theo số liệu mới nhất", "?province=51"),
    ):
        page.get_by_text("Sao chép liên kết").click()
        page.get_by_role("button", name=choice).click()
        expect(page.locator("#shared")).to_contain_text("Đã chép liên kết")
        assert page.evaluate("navigator.clipboard.readText()") == f"{server.address}chi-so{query}"


MORPH = """() => {
    const made = html => new DOMParser().parseFromString(html, 'text/html').body;
    const old = document.querySelector('main');
    old.replaceChildren(...document.importNode(made(
        '<details><summary>a</summary></details><input value=""><ul><li id="x">x</li>'
        + '<li id="y">y</li></ul><p>1</p>'
    ), true).childNodes);
    const [details, input, list, line] = old.children, y = list.children[1];
    details.open = true;
    input.value = 'mine';
    input.focus();
    const fresh = made('<main><details><summary>b</summary></details><input value="theirs">'
        + '<ul><li id="z">z</li><li id="y" class="new">Y</li></ul>'
        + '<p>2</p><p>3</p></main>').firstChild;
    dashboard.morphNode(old, fresh);
    return [details.open, details.textContent, input.value, document.activeElement === input,
        list.children[1] === y, list.textContent, y.className,
            line.textContent, old.children.length];
}"""


def test_news_leave_what_belongs_to_the_person(page: Page, server: Server) -> None:
    opened(page, server, "chi-so")
    assert page.evaluate(MORPH) == [True, "b", "mine", True, True, "zY", "new", "2", 5]


FIELDS = """() => {
    const made = html => new DOMParser().parseFromString(html, 'text/html').body.firstChild;
    const field = (max, day) => `<main><input type="date" max="${max}" value="${day}">`
        + `<input type="date" max="${max}" value="${day}"></main>`;
    const old = document.importNode(made(field('2026-12-31', '2026-12-24')), true);
    document.body.append(old);
    old.lastChild.value = '2026-12-01';
    dashboard.morphNode(old, made(field('2027-01-01', '2026-12-25')));
    return [...old.children].map(({ max, value }) => [max, value]);
}"""


def test_after_midnight_fields_follow_the_day_unless_somebody_changed_them(
    page: Page, server: Server
) -> None:
    opened(page, server, "chi-so")
    assert page.evaluate(FIELDS) == [["2027-01-01", "2026-12-25"], ["2027-01-01", "2026-12-01"]]


def test_paper_has_its_line_and_no_controls(page: Page, server: Server) -> None:
    opened(page, server, "du-lieu?province=25&as_of=2025-07-13")
    page.emulate_media(media="print")
    expect(page.locator("#print-line")).to_contain_text("Phú Thọ · ngày 13/07/2025")
    for hidden in (".bar", ".share", "a.button >> nth=0"):
        expect(page.locator(hidden)).to_be_hidden()


@pytest.mark.outage
def test_an_open_page_shows_an_import_and_leaves_everything_else_as_it_is(
    page: Page, own_server: Server
) -> None:
    page.set_viewport_size({"width": 1440, "height": 500})
    opened(page, own_server, "du-lieu?province=52")
    page.evaluate(
        "() => { for (const row of document.querySelectorAll('[data-key]')) row.stays = true; }"
    )
    page.fill("#search", "ia")
    page.locator("#found [role=option]").first.wait_for()
    page.evaluate("() => document.getElementById('batches-title').scrollIntoView()")
    top = "() => document.querySelector('[data-key=\"batch-4\"]').getBoundingClientRect().top"
    before = page.evaluate(top)
    result = own_server.command("undo", "5")
    assert result.returncode == 0, result.stderr
    expect(page.locator('[data-key="batch-5"]')).to_contain_text("đã thu hồi")
    assert page.evaluate(top) == pytest.approx(before, abs=2)
    # the rest changed with the import
    kept = "#batches [data-key], #matrix [data-key], #completeness [data-key]"
    assert page.locator(kept).evaluate_all(
        "rows => rows.length > 100 && rows.every(row => row.stays)"
    )
    expect(page.locator("#search")).to_have_value("ia")
    expect(page.locator("#search")).to_be_focused()
    own_server.stop()
    expect(page.locator("#connection")).to_contain_text("Mất kết nối")
    expect(page.locator("h1")).to_contain_text("loại nguồn")

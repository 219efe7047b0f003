"""One commune in a browser: why it is red, where a figure is from, how its neighbours are; on any
screen and paper.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dashboard import names
from tests.browser.test_pages_document import AXE, SERIOUS, opened
from tools.running import Server

RED = "xa/21205?province=51"
# Of the three provinces those with most lines: promises that are overdue, contradictions, changes.
LONGEST = ("21205", "23392", "23941", "08416")
# Words on paper in letters of less than 9 pt; a sign is a drawing.
SMALL_PRINT = """() => {
    const words = document.createTreeWalker(
        document.querySelector('main'), NodeFilter.SHOW_TEXT);
    const small = [];
    while (words.nextNode()) {
        const {parentElement: one, data} = words.currentNode;
        const {width} = one.getBoundingClientRect();
        const isSign = one.closest('.sign, svg');
        if (!data.trim() || !one.checkVisibility() || width < 3 || isSign) continue;
        if (parseFloat(getComputedStyle(one).fontSize) < 11.99) small.push(data.trim());
    }
    return small;
}"""


def test_from_a_red_commune_to_its_reason_its_source_its_neighbour_and_a_comparison(
    page: Page, server: Server
) -> None:
    opened(page, server, RED)
    expect(page.locator("h1")).to_contain_text("Xã Ba Gia: Đỏ; còn 4 việc để đạt mức Xanh")
    why = page.locator('[data-key="signature_coverage"]')
    expect(why).to_contain_text("⚡ Khác kiểm tra")
    why.locator("summary").press("Enter")
    expect(why.get_by_text("kiểm tra: 23/10/2026")).to_be_visible()
    page.evaluate(AXE)
    assert page.evaluate(SERIOUS) == [], "what explains a figure is as easy to read as the figure"
    page.locator('[data-key="scanner_coverage"] summary').click()
    expect(why.get_by_text("kiểm tra: 23/10/2026")).to_be_hidden()
    page.locator('[data-figure="ket-qua"]').scroll_into_view_if_needed()
    page.wait_for_selector('[data-figure="ket-qua"][data-drawn="yes"]')
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Tải CSV").click()
    assert waiting.value.suggested_filename == "tieu-chi-xa_51_2026-11-22.csv"
    page.get_by_role("link", name="Xã Sơn Tịnh").click()
    page.wait_for_url("**/xa/*?province=51")
    page.go_back()
    page.get_by_role("link", name="So sánh với đơn vị khác").click()
    page.select_option('select[name="them"]', "21250")
    page.get_by_role("button", name="Thêm").first.click()
    expect(page.locator("h1")).to_have_text("So sánh 2 đơn vị: 1 mức Xanh, 1 mức Đỏ")
    page.get_by_role("link", name="bỏ chọn Xã Ba Gia").click()
    expect(page.locator("h1")).to_contain_text("Xã Nghĩa Giang so với nhóm xã")


@pytest.mark.parametrize("code", LONGEST)
def test_one_screen_of_a_desktop_and_one_sheet_of_paper_hold_a_commune(
    new_page: Callable[..., Page], server: Server, code: str
) -> None:
    page = new_page(viewport={"width": 1440, "height": 900})
    opened(page, server, f"xa/{code}")
    page.wait_for_selector('[data-figure="ket-qua"][data-drawn="yes"]')
    assert page.evaluate("() => document.documentElement.scrollHeight") <= 900
    sheet = page.pdf(format="A4", print_background=True)  # margins as the style sheet has them
    pages = [sheet.count(b"/Type /Page" + end) for end in (b"\n", b">>", b" ")]
    assert sum(pages) == 1
    page.emulate_media(media="print")
    assert page.evaluate(SMALL_PRINT) == []
    assert page.locator(".notes div:visible").count() >= 3, "lines to write on"


# Which communes' pages are higher than they may be: each is fetched once and laid out in a page
# that is open.
TOO_HIGH = """async ([codes, province, most]) => {
    const over = [];
    window.fetched ||= new Map();
    for (const code of codes) {
        if (!fetched.has(code)) {
            const answer = await fetch(`/xa/${code}?province=${province}`);
            const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
            fetched.set(code, page.querySelector('main'));
        }
        document.querySelector('main').replaceWith(fetched.get(code));
        const high = document.documentElement.scrollHeight;
        if (high > most) over.push(`${code}: ${high}`);
    }
    return over;
}"""
SHEET = {"width": 718, "height": 500}  # A4 within margins of 10 mm, as wide as 190 mm
SHEET_HEIGHT = 1047  # 277 mm


@pytest.mark.parametrize(("province", "every"), [("25", 3), ("51", 1), ("52", 3)])
def test_communes_of_the_sample_fit_one_screen_and_one_sheet(
    new_page: Callable[..., Page], server: Server, province: str, every: int
) -> None:
    """All of the first province; of the others, whose pages are made alike, every third."""
    codes = list(names.list_official_names(province))[::every]
    page = new_page(viewport={"width": 1440, "height": 900})
    opened(page, server, f"xa/{codes[0]}?province={province}")
    assert page.evaluate(TOO_HIGH, [codes, province, 900]) == []
    page.emulate_media(media="print")
    page.set_viewport_size(SHEET)  # type: ignore[arg-type]
    assert page.evaluate(TOO_HIGH, [codes, province, SHEET_HEIGHT]) == []


def test_a_phone_reads_the_level_first_and_without_a_script(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page.goto(server.address + RED)
    level = page.get_by_role("heading", name="Mức sẵn sàng")
    assert level.bounding_box()["y"] < 600  # type: ignore[index]
    speed = page.locator('[data-key="network_speed"]')
    speed.locator("summary").click()
    expect(speed.get_by_text("tự kê khai: 09/11/2026")).to_be_visible()
    page.get_by_text("Số liệu của biểu đồ").first.click()
    expect(page.locator("#figure-tiep-nhan table")).to_contain_text("16/11/2026")


def test_a_phone_folds_the_criteria_that_are_met(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    page.goto(server.address + "xa/21250?province=51")
    met, lacking = (page.locator(f"#criteria tbody tr{part}") for part in ("[data-met]", ""))
    count = met.count()
    assert 0 < count <= lacking.count()
    assert not any(row.is_visible() for row in met.all())
    fold = page.locator(".met-fold summary")
    expect(fold).to_have_text(f"{count} tiêu chí đã đạt")
    box = fold.bounding_box()
    assert box
    assert box["height"] >= 44
    fold.click()
    assert all(row.is_visible() for row in met.all())
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(page.locator(".met-fold")).to_be_hidden()

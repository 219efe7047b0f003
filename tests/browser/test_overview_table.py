"""The table of communes: order, search, selection, download, cards on a phone."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from dashboard import reference
from tools.running import Server

NAMES = (
    "() => [...document.querySelectorAll('#table tbody tr')].filter(row => !row.hidden)"
    ".map(row => row.querySelector('.name').textContent)"
)
CODES = "() => [...document.querySelectorAll('#table tbody tr')].map(row => row.dataset.commune)"


def opened(page: Page, server: Server, query: str = "") -> Page:
    page.goto(server.address + query)
    page.wait_for_selector("html[data-ready]")
    return page


def typed(page: Page, text: str) -> list[str]:
    page.fill("#search", text)
    names: list[str] = page.evaluate(NAMES)
    return names


def test_names_come_in_the_order_of_the_vietnamese_alphabet(home: Page) -> None:
    home.click('[data-sort="name"]')
    assert home.evaluate(CODES) == list(reference.select_communes_of_province("51").index)


def test_the_table_begins_with_those_most_in_need_as_the_list_beside_the_map_does(
    home: Page,
) -> None:
    named = home.locator("#need [data-select]").evaluate_all(
        "lines => lines.map(line => line.dataset.select)"
    )
    assert len(named) == 5
    assert home.evaluate(CODES)[:5] == named
    home.click('[data-sort="overall"]')  # ties within a level: by need, too
    assert home.evaluate(CODES)[:5] == named
    home.locator("#need button").nth(1).click()
    assert home.evaluate("() => dashboard.getAddress().commune") == named[1]


def test_each_of_those_most_in_need_is_told_in_a_line_and_a_long_reason_in_two(home: Page) -> None:
    lines = home.locator("#need button").all()
    heights = []
    for line in lines:
        box = line.bounding_box()
        assert box
        heights.append(box["height"])
        reason = line.locator(".reason")
        assert reason.evaluate("words => words.scrollWidth <= words.clientWidth + 1"), "clipped"
        assert " ".join(line.inner_text().split())
    assert 24 <= min(heights) <= 30
    assert max(heights) <= 34
    first = home.locator("#need button").first
    expect(first.locator(".rank")).to_have_text("1")
    expect(first.locator(".since")).to_have_text(re.compile("^từ (trước )?[0-9]{2}/"))


def test_search_needs_no_tones_but_respects_those_that_are_typed(home: Page) -> None:
    assert typed(home, "son ha") == ["Xã Sơn Hà", "Xã Sơn Hạ"]
    assert typed(home, "sơn hạ") == ["Xã Sơn Hạ"]
    assert typed(home, "SƠN HÀ") == ["Xã Sơn Hà"]
    assert set(typed(home, "ba to")) == {"Xã Ba Tơ", "Xã Ba Tô"}
    assert typed(home, "ba tô") == ["Xã Ba Tô"]
    assert typed(home, "ba tơ") == ["Xã Ba Tơ"]
    assert typed(home, "ly son") == ["Đặc khu Lý Sơn"]
    assert typed(home, "duc pho") == ["Phường Đức Phổ"]
    assert typed(home, "sonha") == ["Xã Sơn Hà", "Xã Sơn Hạ"]
    assert typed(home, "21250") == ["Xã Nghĩa Giang"]
    assert typed(home, "không có xã này") == []
    expect(home.locator("#no-match")).to_be_visible()
    expect(home.locator("#row-count")).to_have_text("0/96 đơn vị")


def test_two_keys_and_enter_reach_a_commune_as_on_every_page(home: Page) -> None:
    home.keyboard.press("/")
    expect(home.locator("#search")).to_be_focused()
    home.keyboard.type("ly")
    home.keyboard.press("Enter")  # at once: it waits for the names by itself
    expect(home.locator("#panel-title")).to_have_text("Đặc khu Lý Sơn")
    expect(home.locator("#panel-title")).to_be_focused()
    assert home.url.endswith("?commune=21548"), "what was typed for it narrows nothing afterwards"
    home.keyboard.press("Escape")
    expect(home.locator("#search")).to_be_focused()
    home.keyboard.type("son ha")
    options = home.locator("#found [role=option]")
    expect(options).to_have_count(3)
    expect(home.locator("#row-count")).to_have_text("2/96 đơn vị")  # the table below follows, too
    home.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    name = (options.nth(1).text_content() or "")[: len("Xã Sơn Hạ")]
    home.keyboard.press("Enter")
    expect(home.locator("#panel-title")).to_have_text(name)
    home.keyboard.press("Escape")


def test_who_only_looks_at_the_suggestions_keeps_what_is_typed_until_a_second_escape(
    home: Page,
) -> None:
    home.keyboard.press("/")
    home.keyboard.type("chanh lo")
    expect(home.locator("#found [role=option]")).to_contain_text("trước là Phường Chánh Lộ")
    expect(home.locator('#table tr[data-commune="21025"]')).to_be_visible()
    expect(home.locator("#row-count")).to_have_text("1/96 đơn vị")
    home.keyboard.press("Escape")
    expect(home.locator("#found")).to_be_hidden()
    expect(home.locator("#search")).to_have_value("chanh lo")
    home.keyboard.press("Escape")
    expect(home.locator("#search")).to_have_value("")
    expect(home.locator("#row-count")).to_have_text("96/96 đơn vị")


def test_tone_may_stand_on_either_vowel_and_in_either_normal_form(home: Page) -> None:
    matches = "([query, name]) => window.dashboard.buildMatcher(query)(name, '00000')"
    for query, name in (
        ("thuỷ", "Xã Sơn Thủy"),
        ("thủy", "Xã Sơn Thuỷ"),
        ("hoà bình", "Phường Hòa Bình"),
        ("ho\u0300a b", "Phường Hòa Bình"),
        ("đak", "Xã Đăk Hà"),
        ("Ðăk", "Xã Đăk Hà"),
        ("quang", "Xã Trương Quang Trọng"),
        ("ia\u00a0chim", "Xã Ia Chim"),
    ):
        assert home.evaluate(matches, [query, name]), (query, name)
    for query, name in (
        ("hoá", "Phường Hòa Bình"),
        ("đuc", "Xã Duc"),
        ("ang", "Xã Quang"),
        ("ba tô", "Xã Ba Tơ"),
    ):
        assert not home.evaluate(matches, [query, name]), (query, name)


def test_sorting_puts_what_is_unknown_last_both_ways(home: Page) -> None:
    column = home.locator('th[data-column="digital_signature"]')
    cells = (
        "() => [...document.querySelectorAll('#table tbody tr')].map(r => "
        "dashboard.current.state.layers.digital_signature.sort["
        "dashboard.current.state.codes.indexOf(r.dataset.commune)])"
    )
    for order, step in (("ascending", 1), ("descending", -1)):
        column.locator("button").click()
        expect(column).to_have_attribute("aria-sort", order)
        values = home.evaluate(cells)
        known_values = [value for value in values if value is not None]
        assert values == sorted(known_values, key=lambda value: step * value) + [None] * (
            len(values) - len(known_values)
        )
    assert "sort=-digital_signature" in home.url
    home.go_back()
    expect(column).to_have_attribute("aria-sort", "ascending")


def show_all(page: Page) -> None:
    more = page.locator("#more-rows")
    if more.is_visible():
        more.click()


def test_name_in_the_table_selects_and_opens_the_reasons(home: Page) -> None:
    show_all(home)
    name = home.locator('tr[data-commune="21250"] .name')
    name.focus()
    home.keyboard.press("Enter")
    expect(home.locator("#panel-title")).to_be_focused()
    expect(home.locator('path[data-commune="21250"]')).to_have_attribute("aria-selected", "true")
    home.keyboard.press("Escape")
    expect(name).to_be_focused()


def test_panel_is_seen_where_a_row_was_chosen(home: Page) -> None:
    show_all(home)
    name = home.locator('tr[data-commune="21250"] .name')
    for choose in (name.click, lambda: name.press("Enter")):
        name.scroll_into_view_if_needed()
        choose()
        expect(home.locator("#panel-title")).to_be_in_viewport()
        expect(home.locator("#panel-close")).to_be_in_viewport(ratio=1)
        expect(name).to_be_in_viewport()
        home.click("#panel-close")
        expect(name).to_be_focused()
        expect(name).to_be_in_viewport()
    name.click()
    home.evaluate("() => scrollTo(0, 0)")
    beside = (
        "() => { const [panel, headline] = ['#panel', '#headline'].map("
        "part => document.querySelector(part).getBoundingClientRect());"
        " return panel.top >= headline.bottom; }"
    )
    home.wait_for_function(beside)  # back at the map it stands beside it, below the headline


def test_panel_tells_own_rating_way_to_green_sources_and_whose_rules(home: Page) -> None:
    red, green = home.evaluate(
        "() => ['r', 'g'].map(letter => { const {layers, codes, own} = dashboard.current.state;"
        " return codes.find((code, at) => layers.overall.levels[at] === letter && own[at]); })"
    )
    for commune, shown in ((red, ["reasons", "way", "sources"]), (green, ["sources"])):
        home.evaluate("code => window.dashboard.selectCommune(code)", commune)
        panel = home.locator("#panel")
        expect(panel).to_contain_text("Tự đánh giá: ")
        expect(panel).to_contain_text("Tiêu chí")
        for name, title in (
            ("reasons", "Vì sao"),
            ("way", "Để đạt mức Xanh cần"),
            ("sources", "Nguồn và ngày"),
        ):
            part = panel.locator(f'[data-lines="{name}"]')
            if name in shown:
                expect(part.locator("h3")).to_have_text(title)
                assert part.locator("li").count() > 0
            else:
                expect(part).to_be_hidden()


def test_what_an_office_wrote_is_shown_as_text(page: Page, server: Server) -> None:
    def hostile(route: Route) -> None:
        answer = route.fetch(headers={**route.request.headers, "if-none-match": ""})
        state = answer.json()
        lines = [["<img src=x onerror=alert(1)>"] for _ in state["codes"]]
        state |= {
            "own": ["<b>own</b>" for _ in lines],
            "way": lines,
            "sources": lines,
            "rules": "<i>rules</i>",
        }
        route.fulfill(response=answer, json=state)

    page.route("**/api/state*", hostile)
    opened(page, server, "?commune=21250")
    expect(page.locator("#panel")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(page.locator("#panel")).to_contain_text("<b>own</b>")
    assert page.locator("#panel :is(img, b, i)").count() == 0


def test_the_download_holds_the_communes_that_are_shown_in_their_order(home: Page) -> None:
    home.fill("#search", "sơn")
    with home.expect_download() as waiting:
        home.click('[data-download="csv"]')
    content = Path(waiting.value.path()).read_bytes()
    assert content.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["Mã", "Xã, phường, đặc khu", "Mức"]
    assert waiting.value.suggested_filename == "toan-canh_51_2026-11-22.csv"
    shown = home.locator("#table tbody tr:visible").evaluate_all(
        "rows => rows.map(row => row.dataset.commune)"
    )
    assert [row[0] for row in rows[1:]] == shown


def test_phone_shows_cards_weakest_first(new_page: Callable[..., Page], server: Server) -> None:
    page = opened(new_page(viewport={"width": 390, "height": 844}), server)
    by_need = (
        "() => dashboard.current.state.need.order.map(at => dashboard.current.state.codes[at])"
    )
    assert page.evaluate(CODES) == page.evaluate(by_need)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    card = page.locator("#table tbody tr").first
    name, level = (
        card.locator(part).bounding_box() for part in (".name", '[data-column="overall"] .sign')
    )
    assert name
    assert level
    assert name["y"] < level["y"] + level["height"] / 2 < name["y"] + name["height"]  # in one line
    page.select_option("#sort", "name")
    assert page.evaluate(CODES) == list(reference.select_communes_of_province("51").index)


def test_a_phone_shows_ten_cards_and_the_rest_when_asked(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = opened(new_page(viewport={"width": 390, "height": 844}), server)
    cards = page.locator("#table tbody tr:visible")
    expect(cards).to_have_count(10)
    more = page.locator("#more-rows")
    expect(more.locator("span:visible")).to_have_text("86 đơn vị nữa")
    met = page.locator(
        '#table td[data-state="green"]:is([data-column="network"], [data-column="devices"])'
    )
    assert not any(cell.is_visible() for cell in met.all())
    with page.expect_download() as waiting:
        page.click('[data-download="csv"]')
    lines = Path(waiting.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 97  # to take along: all of them
    page.fill("#search", "sơn")
    expect(more).to_be_hidden()
    page.fill("#search", "")
    more.click()
    expect(cards).to_have_count(96)
    expect(more).to_be_hidden()
    expect(cards.nth(10).locator(".name")).to_be_focused()


def test_a_desktop_shows_twenty_rows_and_the_rest_when_asked(
    new_page: Callable[..., Page], server: Server
) -> None:
    home = opened(new_page(viewport={"width": 1440, "height": 900}), server)
    rows = home.locator("#table tbody tr:visible")
    expect(rows).to_have_count(20)
    more = home.locator("#more-rows")
    expect(more.locator("span:visible")).to_have_text("76 đơn vị nữa")
    more.click()
    expect(rows).to_have_count(96)
    expect(rows.nth(20).locator(".name")).to_be_focused()


def test_pressing_a_decision_on_a_phone_brings_its_list(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = opened(new_page(viewport={"width": 390, "height": 844}), server)
    line = page.locator("#decisions button:visible").nth(1)
    line.click()
    title = page.locator("#table-title")
    expect(title).to_be_in_viewport()
    expect(title).to_be_focused()
    expected = page.evaluate(
        "() => dashboard.current.state.decisions.lines.find("
        "line => line.code === dashboard.getAddress().signal).communes.length"
    )
    expect(page.locator("#table tbody tr:visible")).to_have_count(expected)
    expect(page.locator("#signal-note")).to_be_visible()

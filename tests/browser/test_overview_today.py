"""What the first page says beside the map: decisions, what changed, both axes, and the days since
the first.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tools.running import Server

PAINTED = """() => [...document.querySelectorAll('#map [data-level]')]
    .map(one => one.dataset.level).join()"""
TOPS = """() => 
    ['#headline', '#brief', '#map', '#movement', '#table', '#charts', '#quadrant-place'].map(
    one => document.querySelector(one).getBoundingClientRect().top)"""


CARDS = ("green", "network", "digital_signature", "devices", "on_time")


def test_five_cards_in_one_low_row_lead_to_the_pages_that_answer_them(home: Page) -> None:
    cards = home.locator("#headline .figure")
    names = cards.evaluate_all("cards => cards.map(card => card.dataset.figure)")
    assert names == list(CARDS)
    boxes = [card.bounding_box() for card in cards.all()]
    assert len({box["y"] for box in boxes if box}) == 1
    frame = home.locator("#headline").bounding_box()
    assert frame
    assert frame["height"] <= 96
    leads = cards.locator("a.card-link").evaluate_all("links => links.map(link => link.href)")
    for lead, name in zip(leads, CARDS, strict=True):
        assert "province=51" in lead
        assert ("/ho-so" if name == "on_time" else "/thieu-gi") in lead
        assert (f"dimension={name}" in lead) == (name not in ("green", "on_time"))
    under = home.locator('[data-figure="green"] .under')
    expect(under).to_have_text(re.compile(r"[0-9,]+% · .*([▲▼]\s|không đổi).*từ 15/11/2026"))
    curve = home.locator(".curve").bounding_box()
    assert curve
    assert (curve["width"], curve["height"]) == (60, 20)
    assert home.locator(".curve path").get_attribute("d")


def test_what_a_card_covers_opens_by_key_and_closes_with_escape(home: Page) -> None:
    ask, about = (home.locator(f'[data-figure="green"] {part}') for part in (".ask", ".about"))
    expect(about).to_be_hidden()
    ask.focus()
    home.keyboard.press("Enter")
    expect(about).to_be_visible()
    expect(about).to_contain_text("4 chưa báo cáo")
    expect(about).to_contain_text("đơn vị mức Xanh đã kiểm tra")
    home.keyboard.press("Escape")
    expect(about).to_be_hidden()
    expect(ask).to_be_focused()
    home.click('[data-figure="on_time"] .ask')
    opened_about = home.locator('[data-figure="on_time"] .about')
    for words in ("Tiếp nhận tháng 11/2026", "Đang quá hạn", "đơn vị"):
        expect(opened_about).to_contain_text(words)
    home.click("#map-title")
    expect(opened_about).to_be_hidden()
    expect(home.locator("#as-of-line")).to_contain_text("4/96 đơn vị chưa báo cáo")


def opened(page: Page, server: Server, query: str = "") -> Page:
    page.goto(server.address + query)
    page.wait_for_selector("html[data-ready]")
    return page


def test_a_decision_shows_only_its_communes_on_map_and_table_until_it_is_let_go(
    page: Page, server: Server
) -> None:
    opened(page, server)
    lines = page.locator("#decisions li:visible")
    assert 1 <= lines.count() <= 5
    line = page.locator('[data-signal="silent"]')
    count = int((line.locator(".decision").text_content() or "").split()[0])
    line.click()
    expect(line).to_have_attribute("aria-pressed", "true")
    assert "signal=silent" in page.url
    expect(page.locator("#row-count")).to_have_text(f"{count}/96 đơn vị")
    assert page.locator("#table tbody tr:visible").count() == count
    assert page.locator('#map [data-match="no"]').count() == 96 - count
    expect(page.locator("#signal-note")).to_contain_text("Chỉ hiện:")
    page.reload()
    expect(page.locator("#row-count")).to_have_text(f"{count}/96 đơn vị")
    page.click("#signal-off")
    expect(page.locator("#row-count")).to_have_text("96/96 đơn vị")
    assert "signal" not in page.url


def test_a_link_to_a_decision_that_is_settled_shows_everybody(page: Page, server: Server) -> None:
    opened(page, server, "?signal=certificates_expiring&province=01")
    expect(page.locator("#row-count")).to_have_text("126/126 đơn vị")
    assert "signal" not in page.url
    expect(page.locator("#no-decisions")).to_contain_text("Chưa có dữ liệu.")


def test_what_changed_is_told_since_last_week_yesterday_or_a_chosen_day(
    page: Page, server: Server
) -> None:
    opened(page, server)
    expect(page.locator("#movement-empty")).to_have_text(
        re.compile("^15/11/2026 → 22/11/2026: Xanh [0-9]+ → 51, Đỏ [0-9]+ → 15$")
    )
    groups, rows = page.locator("#movement-groups li"), page.locator("#movement-table tbody tr")
    assert sum(int(words.split()[0]) for words in groups.all_text_contents()) == rows.count() > 0
    page.select_option("#since", "yesterday")
    expect(page.locator(".since-words")).to_have_text("So với hôm qua")
    page.goto(server.address + "?since=2026-09-01")
    expect(page.locator("#movement-empty")).to_contain_text("01/09/2026 → 22/11/2026: Xanh")
    expect(page.locator("#since-day")).to_have_value("2026-09-01")
    if not page.locator("#movement-all").evaluate("one => one.open"):
        page.click("#movement-all summary")
    name = rows.first.locator(".name")
    commune_name = name.text_content() or ""
    name.click()
    expect(page.locator("#panel-title")).to_have_text(commune_name)


def test_days_run_over_the_map_and_where_they_stop_the_whole_page_follows(
    page: Page, server: Server
) -> None:
    addresses: list[str] = []
    page.on(
        "request",
        lambda request: addresses.append(request.url) if "/days/" in request.url else None,
    )
    opened(page, server)
    assert not addresses  # nobody reached for the slider yet
    now = page.evaluate(PAINTED)
    page.click("#replay-play")
    expect(page.locator("html")).to_have_attribute("data-replay", re.compile("2025-"))
    expect(page.locator("#replay-play")).to_contain_text("Dừng")
    page.wait_for_timeout(500)
    assert page.evaluate(PAINTED) != now
    shown = dict(
        page.evaluate(
            "() => [...document.querySelectorAll('#legend [data-state]')].map("
            "one => [one.dataset.state, +one.querySelector('.count').textContent])"
        )
    )
    assert sum(shown.values()) == 96
    page.click("#replay-play")
    expect(page.locator("html")).not_to_have_attribute("data-replay", re.compile("."))
    day = page.get_attribute("html", "data-as-of") or ""
    assert f"as_of={day}" in page.url
    assert page.input_value("#as-of") == day
    assert len(addresses) == 2  # one file a year, once


def test_the_replay_paints_what_the_day_itself_shows(page: Page, server: Server) -> None:
    opened(page, server, "?as_of=2025-09-10&show=network")
    alone = page.evaluate(PAINTED)
    opened(page, server, "?as_of=2025-09-11&show=network")
    page.focus("#replay-day")
    page.wait_for_timeout(300)
    page.keyboard.press("ArrowLeft")
    expect(page.locator("html")).to_have_attribute("data-replay", "2025-09-10")
    expect(page.locator("#replay-day")).to_have_attribute(
        "aria-valuetext", re.compile("10/09/2025, .*đơn vị đạt mức Xanh")
    )
    assert page.evaluate(PAINTED) == alone
    # stopped: the address follows
    expect(page.locator("html")).to_have_attribute("data-as-of", "2025-09-10")
    assert page.evaluate(PAINTED) == alone


# The days of a replay, one after the other.
NOTE_DAYS = """() => {
  const { dataset } = document.documentElement;
  new MutationObserver(() => {
    dataset.replayed = `${dataset.replayed || ""} ${dataset.replay}`;
  }).observe(document.documentElement, { attributeFilter: ["data-replay"] });
}"""


def test_who_wants_little_motion_gets_a_week_at_a_time(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = opened(
        new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce"), server
    )
    page.evaluate(NOTE_DAYS)
    page.click("#replay-play")
    # each stays for a moment: who asks now and then would miss some
    expect(page.locator("html[data-replayed*='2025-07-08']")).to_be_attached()
    replayed = page.get_attribute("html", "data-replayed") or ""
    assert replayed.split()[:2] == ["2025-07-01", "2025-07-08"]
    page.click("#replay-play")


def test_both_axes_are_a_chart_words_and_a_table(home: Page) -> None:
    home.wait_for_selector("#quadrant .main-svg", state="attached")
    expect(home.locator("#quadrant-said")).to_contain_text("Bộ chỉ số 766")
    home.click('[data-of="quadrant"] summary')
    rows = home.locator('[data-of="quadrant"] tbody tr')
    drawn = home.evaluate(
        "() => document.querySelectorAll('#quadrant .scatterlayer .point').length"
    )
    assert rows.count() == drawn > 60
    corners = [words for words in rows.all_text_contents() if "mức Xanh nhưng hồ sơ chậm" in words]
    assert f"{len(corners)} đơn vị mức Xanh nhưng hồ sơ chậm" in (
        home.locator("#quadrant-said").text_content() or ""
    )
    home.click('[data-of="green-over-time"] summary')
    first = home.locator('[data-of="green-over-time"] tbody tr').first
    expect(first).to_contain_text("22/11/2026")
    home.keyboard.press("Escape")
    expect(first).to_be_hidden()


def test_a_phone_reads_figures_decisions_map_changes_list_then_charts(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = opened(
        new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True), server
    )
    tops = page.evaluate(TOPS)
    assert tops == sorted(tops)
    page.wait_for_timeout(800)
    assert page.locator(".js-plotly-plot").count() == 0  # half a megabyte that nobody asked for
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390

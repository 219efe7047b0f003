"""An open page follows the data by itself and keeps what the person is doing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial

import pytest
from playwright.sync_api import Page, Route, expect

from dashboard import store
from tests.making import batch, declaration
from tools.running import Server

TODAY = date(2026, 11, 22)
PLACE = "() => document.activeElement.getBoundingClientRect().top"
BOX = "() => document.querySelector('#map svg').getAttribute('viewBox')"


def opened(page: Page, server: Server, query: str = "") -> Page:
    page.goto(server.address + query)
    page.wait_for_selector("html[data-ready]")
    return page


def report(server: Server, name: str, commune: str, **changed: float) -> None:
    """Another process imports a declaration of one commune."""
    engine = store.open_store(server.settings.database_url)
    arrived = batch(
        name, as_of=datetime(2026, 11, 22, 11), readings=declaration(commune, TODAY, **changed)
    )
    store.save_batch(engine, arrived, by="test")
    engine.dispose()


def test_import_elsewhere_shows_within_ten_seconds_and_disturbs_nothing(
    own_server: Server, page: Page
) -> None:
    opened(page, own_server)
    version = page.get_attribute("html", "data-version")
    page.click("#zoom-in")
    page.evaluate("() => { const p = document.querySelector('#map svg'); p.stays = true; }")
    page.evaluate(
        "() => { for (const r of document.querySelectorAll('#table tbody tr')) r.stays = true; }"
    )
    page.click("#more-rows")
    name = page.locator('tr[data-commune="21250"] .name')
    name.focus()
    assert page.evaluate("() => scrollY") > 500
    page.wait_for_selector("#quadrant .main-svg")  # charts above the table have come
    page.wait_for_timeout(500)
    box, position = page.evaluate(BOX), page.evaluate(PLACE)

    report(own_server, "later", "21250", network_stable=0, network_mbps=1)
    shape = page.locator('path[data-commune="21250"]')
    expect(shape).to_have_attribute("data-level", "red")
    assert int(page.get_attribute("html", "data-version") or 0) == int(version or 0) + 1
    expect(page.locator('tr[data-commune="21250"] [data-column="overall"]')).to_have_attribute(
        "data-state", "red"
    )
    assert page.evaluate(BOX) == box
    # The charts above fold, as the first real file leaves them without figures: half a line.
    assert page.evaluate(PLACE) == pytest.approx(position, abs=12)
    expect(name).to_be_focused()
    assert page.evaluate("() => document.querySelector('#map svg').stays")
    assert page.evaluate(
        "() => [...document.querySelectorAll('#table tbody tr')].every(r => r.stays)"
    )


def test_without_news_a_refresh_touches_nothing(home: Page) -> None:
    home.wait_for_selector("#dossiers-over-time .main-svg")
    home.wait_for_timeout(1000)  # plotly settles its labels once more after drawing
    home.evaluate("""() => {
        window.touched = [];
        new MutationObserver(all => {
            for (const m of all) window.touched.push(m.target.id || m.target.nodeName); })
            .observe(document.querySelector('main'),
                {childList: true, subtree: true, attributes: true, characterData: true});
    }""")
    with home.expect_response(lambda answer: "/api/state" in answer.url) as first:
        pass
    assert first.value.status == 304
    home.wait_for_timeout(300)
    assert home.evaluate("() => window.touched.filter(id => id !== 'charts')") == []


@pytest.mark.outage
def test_server_gone_keeps_the_data_says_since_when_and_recovers(
    own_server: Server, page: Page
) -> None:
    opened(page, own_server)
    levels = (
        "() => [...document.querySelectorAll('[data-level]')].map(one => one.dataset.level).join()"
    )
    before = page.evaluate(levels)
    own_server.stop()
    status = page.locator("#connection")
    expect(status).to_contain_text("Mất kết nối từ")
    expect(status).to_contain_text("đang hiện số liệu đến 20/11/2026")
    assert page.evaluate(levels) == before
    own_server.start()
    expect(status).to_have_text("● Tự cập nhật")
    report(own_server, "after the outage", "21250", network_stable=0, network_mbps=1)
    expect(page.locator('path[data-commune="21250"]')).to_have_attribute("data-level", "red")


@pytest.mark.outage
def test_garbage_counts_as_a_lost_connection(page: Page, server: Server) -> None:
    opened(page, server)
    status, look_again = page.locator("#connection"), "() => dispatchEvent(new Event('online'))"
    for code, body in (
        (500, "trouble"),
        (200, "<html>login</html>"),
        (200, "{}"),
        (200, "null"),
        (502, ""),
    ):
        page.route("**/api/state*", partial(Route.fulfill, status=code, body=body))
        page.evaluate(look_again)
        expect(status).to_contain_text("Mất kết nối từ")
        assert page.locator("[data-level]").count() == 96
        page.unroute("**/api/state*")
        page.evaluate(look_again)
        expect(status).to_have_text("● Tự cập nhật")


@pytest.mark.outage
def test_page_opened_while_the_state_cannot_be_had_says_so_and_comes_to_life(
    page: Page, server: Server
) -> None:
    page.route("**/api/state*", lambda route: route.abort())
    page.goto(server.address)
    expect(page.locator("#connection")).to_contain_text("Chưa tải được số liệu")
    page.unroute("**/api/state*")
    page.wait_for_selector("html[data-ready]")


def test_redeploy_reloads_the_page_once(page: Page, server: Server) -> None:
    opened(page, server)
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))

    def newer(route: Route) -> None:
        answer = route.fetch(headers={**route.request.headers, "if-none-match": ""})
        route.fulfill(
            response=answer, json={**answer.json(), "build": "another"}, headers={"ETag": '"other"'}
        )

    page.route("**/api/state*", newer)
    page.wait_for_event("load")
    page.wait_for_selector("html[data-ready]")
    for _ in range(3):  # as many questions as three seconds hold
        with page.expect_response("**/api/state*"):
            page.evaluate("() => dispatchEvent(new Event('online'))")
    page.wait_for_timeout(300)
    assert len(loads) == 1
    page.wait_for_selector("html[data-ready]")


def test_only_one_question_at_a_time(new_page: Callable[..., Page], server: Server) -> None:
    page = new_page()
    under_way: list[int] = [0, 0]

    def slow(route: Route) -> None:
        under_way[0] += 1
        under_way[1] = max(under_way)
        page.wait_for_timeout(10)
        route.continue_()
        under_way[0] -= 1

    page.route("**/api/state*", slow)
    opened(page, server)
    for _ in range(5):
        page.evaluate("() => dispatchEvent(new Event('online'))")
        page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(1500)
    assert under_way[1] == 1


@pytest.mark.outage
def test_age_of_the_data_grows_by_itself_and_is_apart_from_the_connection(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = new_page()
    page.clock.install(time=datetime(2026, 11, 22, 12))
    opened(page, server)
    page.wait_for_selector(".js-plotly-plot .main-svg")
    age = page.locator("#data-age")
    expect(age).to_have_text("điều kiện: số liệu 2 ngày trước")
    expect(page.locator("#connection")).to_have_text("● Tự cập nhật")
    page.route("**/api/state*", lambda route: route.abort())
    page.clock.fast_forward("26:00:00")
    expect(age).to_have_text("điều kiện: số liệu 3 ngày trước")
    expect(page.locator("#connection")).to_contain_text("Mất kết nối từ")


def test_age_of_the_data_counts_days_of_the_calendar_as_the_rows_do(
    new_page: Callable[..., Page], server: Server
) -> None:
    # the calendar is Vietnam's wherever the screen is
    page = new_page(timezone_id="America/New_York")
    # a wrong one: the server's day counts
    page.clock.install(time=datetime(2026, 10, 2, 16, 30, tzinfo=UTC))
    read = ["2026-11-22T16:00:00+07:00"]

    def at_the_moment(route: Route) -> None:
        answer = route.fetch(headers={**route.request.headers, "if-none-match": ""})
        route.fulfill(
            response=answer,
            json={**answer.json(), "data_time": read[0]},
            headers={"ETag": f'"{read[0]}"'},
        )

    page.route("**/api/state*", at_the_moment)
    opened(page, server)
    age = page.locator("#data-age")
    for moment, words in (
        ("22T16", "hôm nay"),
        ("21T23", "hôm qua"),
        ("20T23", "2 ngày trước"),
        ("13T23", "9 ngày trước"),
    ):
        read[0] = f"2026-11-{moment}:00:00+07:00"
        page.evaluate("() => dispatchEvent(new Event('online'))")
        expect(age).to_have_text(f"điều kiện: số liệu {words}")

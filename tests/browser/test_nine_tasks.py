"""What people open the dashboard for, from `/` on, in at most three clicks: each test walks the way
of a person and holds the answer on the screen against the store's own.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard import store, text
from dashboard.store import exports
from tools.running import Server

MOST_CLICKS = 3
DAY = date(2026, 11, 22)
CARD = "#page .need [name=commune], #page .need button"
COUNT_PRINTS = "window.printed = 0; window.print = () => { window.printed += 1; };"


class Person:
    """Somebody at a desktop who opened `/`, whose clicks are counted."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page = page
        self.clicks = 0
        page.add_init_script(COUNT_PRINTS)
        page.goto(server.address)
        page.wait_for_selector("html[data-ready]")

    def click(self, place: Locator) -> None:
        self.clicks += 1
        assert self.clicks <= MOST_CLICKS, "too far for a question of every day"
        place.click()

    def open_page(self, word: str) -> None:
        bar = self.page.get_by_role("navigation", name="Các trang")
        self.click(bar.get_by_role("link", name=word))
        self.page.wait_for_selector("html[data-ready]")

    def choose(self, place: Locator, value: str) -> None:
        self.clicks += 1
        place.select_option(value)


@pytest.fixture
def person(new_page: Callable[..., Page], server: Server) -> Person:
    size = {"width": 1440, "height": 900}
    permissions = ["clipboard-read", "clipboard-write"]
    return Person(new_page(viewport=size, permissions=permissions), server)


@pytest.fixture(scope="module")
def report(server: Server) -> dict[str, Any]:
    """What the store knows, without the web."""
    result = server.command("export", "report", "--province", "51")
    assert result.returncode == 0, result.stderr
    told: dict[str, Any] = json.loads(result.stdout)
    return told


@pytest.fixture(scope="module")
def readings(server: Server) -> list[dict[str, str]]:
    """Every reading of the province, oldest first."""
    result = server.command("export", "readings", "--province", "51")
    assert result.returncode == 0, result.stderr
    rows = csv.DictReader(io.StringIO(result.stdout))
    return sorted(rows, key=lambda row: row["as_of"])


def test_which_five_are_worst_and_why(person: Person, report: dict[str, Any]) -> None:
    lines = person.page.locator(CARD).all()
    assert len(lines) == 5
    names = {entry["name"]: entry for entry in report["communes"]}
    for line in lines:
        words = line.inner_text().replace("\u00a0", " ")
        name = line.locator(".need-name").inner_text()
        commune = names[name]
        assert commune["level"] == "red"
        lacking = [entry for entry in commune["reasons"] if entry.startswith("▲")]
        assert lacking
        assert all(
            reason.removesuffix(" ✓") in " ".join(lacking)
            for reason in line.locator(".reason").inner_text().replace("\u00a0", " ").split(" · ")
        )
        assert re.search("từ (trước )?[0-9/]{10}", words)
    assert person.clicks == 0


def test_what_a_commune_lacks_and_since_when(
    person: Person, readings: list[dict[str, str]]
) -> None:
    person.page.get_by_role("combobox", name="Tìm xã, phường").fill("ba gia")
    person.page.keyboard.press("Enter")
    panel = person.page.locator("#panel")
    expect(panel.locator("#panel-title")).to_have_text("Xã Ba Gia")
    reasons = " ".join(panel.locator('[data-lines="reasons"] li').all_inner_texts())
    lacks = re.findall(r"thiếu (?:từ [0-9/]{10}, [0-9]+|ít nhất [0-9]+) ngày", reasons)
    assert len(lacks) == panel.locator('[data-lines="reasons"] li').count()
    # the visit that found fewer computers than were declared, and the first day of it
    own = [row for row in readings if row["commune_code"] == "21205"]
    found = [
        row for row in own if (row["measure"], row["basis"]) == ("computer_available", "verified")
    ]
    told = re.search(r"Máy tính: ([0-9]+)/22 .*?thiếu từ ([0-9/]{10}), ([0-9]+) ngày", reasons)
    assert told
    assert told[1] == found[-1]["value"]
    began = DAY - timedelta(days=int(told[3]))
    assert told[2] == text.format_day(began)
    assert began.isoformat() in {row["as_of"] for row in own}


def test_whether_last_month_was_better(
    person: Person, report: dict[str, Any], server: Server
) -> None:
    person.choose(person.page.locator("#since"), "month")
    before = json.loads(
        server.command("export", "report", "--province", "51", "--as-of", "2026-10-22").stdout
    )
    green, red = (
        f"{word} {before['province']['levels'][level]} → {report['province']['levels'][level]}"
        for level, word in (("green", "Xanh"), ("red", "Đỏ"))
    )
    expect(person.page.locator("#movement-empty")).to_have_text(
        f"22/10/2026 → 22/11/2026: {green}, {red}"
    )
    expect(person.page.locator("#moved")).to_contain_text("đơn vị")


def test_who_did_not_report_this_week(person: Person, readings: list[dict[str, str]]) -> None:
    person.open_page("Dữ liệu")
    person.click(person.page.get_by_role("link", name=re.compile("Chỉ .* đơn vị cần nhắc")))
    week_ago = (DAY - timedelta(days=7)).isoformat()
    in_time = {
        row["commune_code"]
        for row in readings
        if row["basis"] == "declared" and row["as_of"] >= week_ago
    }
    rows = person.page.locator(".matrix tbody tr")
    assert rows.count() == 96 - len(in_time)
    expect(rows.first).to_be_visible()


def test_printing_the_sheet_of_a_visit(person: Person, report: dict[str, Any]) -> None:
    name = person.page.locator(f"{CARD} .need-name").first.inner_text()
    person.click(person.page.locator(CARD).first)
    person.click(person.page.locator("#panel").get_by_role("link", name="Lập phiếu đi cơ sở"))
    person.page.wait_for_selector("html[data-ready]")
    person.click(person.page.get_by_role("button", name="In phiếu"))
    assert person.page.evaluate("printed") == 1
    sheet = person.page.locator(".sheet-page")
    expect(sheet.locator("h2")).to_contain_text(name)
    commune = next(entry for entry in report["communes"] if entry["name"] == name)
    expect(sheet.locator("tbody tr")).to_have_count(len(commune["criteria"]))
    lacking = [entry for entry in commune["criteria"] if entry["level"] in ("red", "yellow")]
    assert sheet.get_by_text("thiếu ", exact=False).count() >= len(lacking) > 0
    person.page.emulate_media(media="print")
    assert person.page.pdf(format="A4").count(b"/Type /Page\n") == 1


def test_sending_the_chairman_this_view(
    person: Person, new_page: Callable[..., Page], server: Server
) -> None:
    person.page.select_option("#show", "network")
    person.click(person.page.locator("details.share summary"))
    person.click(person.page.locator('[data-share="day"]'))
    expect(person.page.locator("#shared")).to_contain_text("Đã chép liên kết của ngày 22/11/2026")
    address = person.page.evaluate("() => navigator.clipboard.readText()")
    other = new_page(viewport={"width": 390, "height": 844})
    other.goto(address)
    other.wait_for_selector("html[data-ready]")
    title = person.page.locator("#map-title").inner_text()
    expect(other.locator("#map-title")).to_have_text(title)
    described = other.locator('meta[property="og:description"]').get_attribute("content")
    assert "22/11/2026" in f"{described}{other.title()}"
    assert "Quảng Ngãi" in f"{described}{other.title()}"


def test_the_best_ward_on_time(person: Person, report: dict[str, Any]) -> None:
    person.open_page("Xếp hạng")
    wards = [entry for entry in report["communes"] if entry["kind"] == "phuong"]
    best = next(entry for entry in wards if entry["ranks"]["on_time_766"]["place"] == 1)
    first = person.page.locator("main tr").filter(has_text=re.compile("1/9(?![0-9])"))
    expect(first.filter(has_text="Phường")).to_contain_text(best["name"])


def test_when_all_will_be_green(person: Person, report: dict[str, Any]) -> None:
    person.open_page("Nhu cầu")
    expected = date.fromisoformat(report["province"]["pace"]["expected"])
    earliest = date.fromisoformat(report["province"]["pace"]["earliest"])
    verdict = person.page.locator(".verdict")
    expect(verdict).to_contain_text(f"tháng {expected.month}/{expected.year}")
    expect(verdict).to_contain_text(f"sớm nhất tháng {earliest.month}/{earliest.year}")
    expect(verdict).to_contain_text("muộn nhất chưa xác định")
    box = verdict.bounding_box()
    assert box
    assert box["y"] + box["height"] < 300


def test_who_told_this_number(person: Person, server: Server) -> None:
    person.click(person.page.locator(CARD).last)
    person.click(person.page.get_by_role("link", name="Trang của đơn vị"))
    person.page.wait_for_selector("html[data-ready]")
    row = person.page.locator('[data-key="signature_coverage"]')
    person.click(row.locator("summary"))
    engine = store.open_store(server.settings.database_url)
    batches = exports.fetch_batches(engine, "51")
    engine.dispose()
    for batch, file_name in zip(batches["batch"], batches["file_name"], strict=True):
        if "ho-so" not in file_name:
            expect(row.locator(".how")).to_contain_text(f"{file_name} (đợt {batch}")


def test_who_told_a_figure_of_the_headline(person: Person) -> None:
    person.click(person.page.locator('[data-figure="green"] .ask'))
    about = person.page.locator('[data-figure="green"] .about')
    expect(about).to_contain_text("Nguồn: các đơn vị tự kê khai và kết quả kiểm tra")
    expect(about).to_contain_text("Tệp: mo-phong_51_kiem-tra_")
    expect(about).to_contain_text("(đợt ")
    expect(about).not_to_contain_text("ho-so")
    dossiers = person.page.locator('[data-figure="on_time"] .told')
    expect(dossiers).to_contain_text("Tệp: mo-phong_51_ho-so_")
    expect(dossiers).not_to_contain_text("kiem-tra")
    person.click(about.get_by_role("link", name="từng tệp, đợt nạp"))
    expect(person.page.locator("#batches tbody tr").first).to_contain_text("đợt")

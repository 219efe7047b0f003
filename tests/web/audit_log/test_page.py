"""/nhat-ky: every write in words, narrowed by what one asks for and by where one may look."""

from __future__ import annotations

import ast
import csv
import io

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from dashboard.accounts.roles import Role
from dashboard.settings import ROOT, Settings
from dashboard.store import screens
from dashboard.store.audit import AuditLine, Author, append_audit_line, begin_audited_write
from dashboard.web.audit_log.page import ACTION_WORDS
from dashboard.web.server import create_app
from tests.web.people import ADMIN, add_account, open_browser, sign_in


def reader(own_store: Engine, settings: Settings, role: Role, province: str = "") -> FlaskClient:
    add_account(own_store, "doc", role, province=province)
    browser = open_browser(create_app(settings).server)
    sign_in(browser, "doc")
    return browser


def write_lines(engine: Engine, count: int, province: str = "25") -> None:
    with begin_audited_write(engine) as connection:
        for number in range(count):
            line = AuditLine("import_batch", f"batch {number}", province, after={"file": "x.csv"})
            append_audit_line(connection, Author("binh", "Sở Nội vụ"), line)


def test_an_administrator_reads_everything_in_words(own_store: Engine, settings: Settings) -> None:
    screens.add_screen(own_store, "Phòng họp 2", ADMIN)
    page = reader(own_store, settings, Role.ADMINISTRATOR).get("/nhat-ky")
    assert page.headers["Cache-Control"] == "no-store"
    for words in ("Thêm màn hình", "Phòng họp 2", "Nạp tệp", "dòng lệnh", "Quản trị", "đợt 1"):
        assert words in page.text
    assert "add_screen</td>" not in page.text


def test_every_action_of_the_store_has_words() -> None:
    written = {
        node.args[0].value
        for file in (ROOT / "dashboard" / "store").glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "AuditLine"
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(written) > 10
    assert written <= set(ACTION_WORDS)


def test_a_coordinator_reads_only_lines_of_their_provinces(
    own_store: Engine, settings: Settings
) -> None:
    write_lines(own_store, 1)
    browser = reader(own_store, settings, Role.COORDINATOR, "51")
    for address in ("/nhat-ky", "/nhat-ky.csv"):
        shown = browser.get(address).text
        assert "Quảng Ngãi" in shown
        assert "x.csv" not in shown
    assert browser.get("/nhat-ky?province=25").status_code == 403
    assert browser.get("/nhat-ky.csv?province=25").status_code == 403


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CLERK, Role.TEAM])
def test_who_does_not_coordinate_reads_nothing(
    own_store: Engine, settings: Settings, role: Role
) -> None:
    browser = reader(own_store, settings, role, "51")
    assert browser.get("/nhat-ky").status_code == 403
    assert browser.get("/nhat-ky.csv").status_code == 403
    assert browser.get("/nhat-ky.xlsx").status_code == 403


def rows(browser: FlaskClient, query: str) -> list[dict[str, str]]:
    written = browser.get(f"/nhat-ky.csv?{query}").text.removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(written)))


def test_filters_narrow_and_nonsense_is_left_out(own_store: Engine, settings: Settings) -> None:
    write_lines(own_store, 3)
    browser = reader(own_store, settings, Role.ADMINISTRATOR)
    everything = rows(browser, "")
    assert len(rows(browser, "account=BINH")) == 3
    assert {row["Việc"] for row in rows(browser, "action=sign_in")} == {"Đăng nhập"}
    assert len(rows(browser, "province=25")) == 3
    day = "-".join(reversed(everything[0]["Lúc"].split()[1].split("/")))
    assert len(rows(browser, f"day={day}")) == len(everything)
    assert rows(browser, "day=2026-01-05") == []
    assert len(rows(browser, "day=x&action=x&before=x")) == len(everything)


def test_many_lines_come_page_by_page(own_store: Engine, settings: Settings) -> None:
    write_lines(own_store, 120)
    browser = reader(own_store, settings, Role.ADMINISTRATOR)
    address = "/nhat-ky?province=25"
    seen = 0
    for _ in range(3):
        page = browser.get(address).text
        seen += page.count("<tr>") - 1
        older = [part for part in page.split('"') if "before=" in part and "nhat-ky?" in part]
        address = older[0].replace("&amp;", "&") if "Cũ hơn" in page else ""
    assert (seen, address) == (120, "")


def test_the_workbook_holds_what_the_page_shows(own_store: Engine, settings: Settings) -> None:
    write_lines(own_store, 2)
    browser = reader(own_store, settings, Role.ADMINISTRATOR)
    answer = browser.get("/nhat-ky.xlsx?action=import_batch&province=25")
    assert "nhat_ky_2026-11-22.xlsx" in answer.headers["Content-Disposition"]
    sheets = openpyxl.load_workbook(io.BytesIO(answer.data))
    heads, *rows = sheets["Số liệu"].iter_rows(values_only=True)
    assert heads[:3] == ("Số", "Lúc", "Tài khoản")
    assert [row[7] for row in rows] == ["đợt 1", "đợt 0"]
    assert all(isinstance(row[0], int) for row in rows)

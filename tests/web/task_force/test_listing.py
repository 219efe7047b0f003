"""Coordinators put communes on the list of weak ones and take them off, once each."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from dashboard.accounts.roles import Role
from dashboard.settings import Settings
from dashboard.store import audit, plans
from dashboard.web.server import create_app
from tests.web.people import add_account, open_browser, post_form, sign_in

FORM = "/to-cong-tac/danh-sach-yeu?province=51"


def open_as(role: Role, settings: Settings, engine: Engine) -> FlaskClient:
    add_account(engine, f"so.{role}", role, province="51")
    browser = open_browser(create_app(settings).server)
    sign_in(browser, f"so.{role}")
    return browser


def decide(browser: FlaskClient, step: str, reason: str, entry: str = "") -> int:
    if not entry:
        match = re.search(r'name="entry" value="([^"]+)"', browser.get(FORM).text)
        assert match is not None
        entry = match[1]
    fields = {"entry": entry, "step": step, "commune": "21250", "reason": reason}
    return post_form(browser, FORM, **fields).status_code


def test_on_and_off_with_reasons_and_audit(own_store: Engine, settings: Settings) -> None:
    browser = open_as(Role.COORDINATOR, settings, own_store)
    assert decide(browser, "put_on", " ") == 400
    entry = "6f3f1f6e-2f0c-4a39-9a55-51d2b8f5a0c7"
    assert decide(browser, "put_on", "gặp ông Nguyễn Văn An, <b>chưa ổn định", entry) == 303
    assert decide(browser, "put_on", "gặp ông Nguyễn Văn An, <b>chưa ổn định", entry) == 303
    (row,) = plans.fetch_weak_entries(own_store, "51").to_dict("records")
    assert (row["commune_code"], row["basis"]) == ("21250", "decision")
    assert "Nguyễn" not in row["reason"]
    page = browser.get("/to-cong-tac?province=51").text
    assert "1 đơn vị trong danh sách yếu: 1 theo quyết định" in page
    assert "<b>chưa" not in page
    assert "<span data-stays-shown>1/1</span>" in page
    narrowed = browser.get("/to-cong-tac?province=51&level=red").text
    assert "<span data-stays-shown>0/1</span>" in narrowed, "it lacks nothing"
    assert decide(browser, "take_off", "đã ổn định") == 303
    page = browser.get("/to-cong-tac?province=51").text
    assert "Không đơn vị nào trong danh sách yếu" in page
    assert "đã ổn định" in page
    assert "<span data-left-shown>1/1</span>" in page
    narrowed = browser.get("/to-cong-tac?province=51&level=red").text
    assert "<span data-left-shown>0/1</span>" in narrowed, "as its file is narrowed"
    lines = audit.fetch_audit_lines(own_store, action="import_batch", account="so.coordinator")
    assert lines["door"].tolist() == ["page", "page"]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CLERK, Role.TEAM])
def test_others_decide_nothing(own_store: Engine, settings: Settings, role: Role) -> None:
    assert open_as(role, settings, own_store).get(FORM).status_code == 403

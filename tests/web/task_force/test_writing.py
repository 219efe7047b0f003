"""Clerks write by hand what the province gives and what citizens told of communes: each once."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from sqlalchemy import Engine

from dashboard.accounts.roles import Role
from dashboard.settings import Settings
from dashboard.store import plans
from dashboard.web.server import create_app
from tests.web.people import add_account, open_browser, post_form, sign_in

RESOURCE_FORM = "/to-cong-tac/nguon-luc?province=51"
ENTRY = "6f3f1f6e-2f0c-4a39-9a55-51d2b8f5a0c7"
NEXT = "7a3f1f6e-2f0c-4a39-9a55-51d2b8f5a0c8"
GOOD = {
    **{"entry": ENTRY, "resource": "", "kind": "certificate.unlock", "commune": "21250"},
    **{"what": "Mở khóa thiết bị, gọi 0905 123 456", "quantity": "12", "done": "3"},
    **{"office": "Sở Khoa học và Công nghệ", "began_on": "2025-07-20", "ended_on": ""},
}
WRONG: tuple[dict[str, str], ...] = (
    {"kind": "certificate"},
    {"commune": "99999"},
    {"commune": "00004"},
    {"what": " "},
    {"quantity": "0"},
    {"quantity": "mười"},
    {"done": "13"},
    {"began_on": "2025-06-30"},
    {"ended_on": "2025-07-19"},
    {"entry": "1"},
    {"resource": NEXT},
)
FEEDBACK_FORM = "/to-cong-tac/phan-anh?province=51"


def test_a_thing_is_written_once_and_its_newer_state_takes_its_place(
    own_store: Engine, settings: Settings
) -> None:
    add_account(own_store, "so.clerk", Role.CLERK, province="51")
    browser = open_browser(create_app(settings).server)
    sign_in(browser, "so.clerk")
    for fields in WRONG:
        answer = post_form(browser, RESOURCE_FORM, **(GOOD | fields))
        assert answer.status_code == 400, fields
        assert 'role="alert"' in answer.text
    assert plans.fetch_resources(own_store, "51").empty
    assert post_form(browser, RESOURCE_FORM, **GOOD).status_code == 303
    assert post_form(browser, RESOURCE_FORM, **GOOD).status_code == 303, (
        "sent twice it is written once"
    )
    (row,) = plans.fetch_resources(own_store, "51").to_dict("records")
    assert (row["topic"], row["variant"], row["quantity"], row["done"]) == (
        *("certificate", "unlock"),
        *(12, 3),
    )
    assert "0905" not in row["what"]

    form = browser.get(RESOURCE_FORM).text
    assert f"resource={ENTRY}" in form
    assert "còn 9" in form
    again = browser.get(f"{RESOURCE_FORM}&resource={ENTRY}").text
    assert 'value="12"' in again
    newer = GOOD | {"entry": NEXT, "resource": ENTRY, "done": "12"}
    assert post_form(browser, RESOURCE_FORM, **newer).status_code == 303
    (row,) = plans.fetch_resources(own_store, "51").to_dict("records")
    assert (row["resource_id"], row["done"]) == (ENTRY, 12)
    page = browser.get("/to-cong-tac?province=51").text
    assert "Thiết bị chữ ký số mở khóa" in page
    assert "12/12" in page


@pytest.mark.parametrize("role", [Role.VIEWER, Role.TEAM])
def test_others_write_nothing_that_is_given(
    own_store: Engine, settings: Settings, role: Role
) -> None:
    add_account(own_store, f"so.{role}", role, province="51")
    browser = open_browser(create_app(settings).server)
    sign_in(browser, f"so.{role}")
    assert browser.get(RESOURCE_FORM).status_code == 403


def test_counts_of_a_month_are_written_once_and_a_blank_is_not_nought(
    own_store: Engine, settings: Settings
) -> None:
    add_account(own_store, "so.clerk", Role.CLERK, province="51")
    browser = open_browser(create_app(settings).server)
    sign_in(browser, "so.clerk")
    good = {
        **{"entry": ENTRY, "commune": "21250", "month": "2025-07"},
        **{"received": "12", "apologised": "", "resolved": "11", "satisfaction": "17,2"},
    }
    wrong = (
        {"received": "Nguyễn Văn An"},
        {"satisfaction": "98"},
        {"month": "2025-06"},
        {"commune": "99999"},
        {"received": "", "resolved": "", "satisfaction": ""},
    )
    for fields in wrong:
        answer = post_form(browser, FEEDBACK_FORM, **(good | fields))
        assert answer.status_code == 400, fields
    # months are chosen, not typed in the browser's own language: the newest first
    months = re.findall(
        r'<option value="(\d{4}-\d\d)"', browser.get(FEEDBACK_FORM).get_data(as_text=True)
    )
    assert (months[0], months[-1]) == ("2026-11", "2025-07")
    assert post_form(browser, FEEDBACK_FORM, **good).status_code == 303
    assert post_form(browser, FEEDBACK_FORM, **good).status_code == 303, (
        "sent twice it is written once"
    )
    assert post_form(browser, FEEDBACK_FORM, **(good | {"received": "13"})).status_code == 400
    (row,) = plans.fetch_feedback(own_store, "51").to_dict("records")
    assert (row["received"], row["resolved"], row["satisfaction"]) == (12, 11, 17.2)
    assert pd.isna(row["apologised"])
    assert row["period_to"] == pd.Timestamp("2025-07-31")


@pytest.mark.parametrize("role", [Role.VIEWER, Role.TEAM])
def test_others_write_no_feedback(own_store: Engine, settings: Settings, role: Role) -> None:
    add_account(own_store, f"so.{role}", role, province="51")
    browser = open_browser(create_app(settings).server)
    sign_in(browser, f"so.{role}")
    assert browser.get(FEEDBACK_FORM).status_code == 403

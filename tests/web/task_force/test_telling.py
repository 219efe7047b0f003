"""Clerks write feedback of citizens by hand: counts alone, once, for the month that they say."""

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

FORM = "/to-cong-tac/phan-anh?province=51"
ENTRY = "6f3f1f6e-2f0c-4a39-9a55-51d2b8f5a0c7"


def test_counts_of_a_month_are_written_once_and_a_blank_is_not_nought(
    told: Engine, settings: Settings
) -> None:
    add_account(told, "so.clerk", Role.CLERK, province="51")
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
        answer = post_form(browser, FORM, **(good | fields))
        assert answer.status_code == 400, fields
    # months are chosen, not typed in the browser's own language: the newest first
    months = re.findall(r'<option value="(\d{4}-\d\d)"', browser.get(FORM).get_data(as_text=True))
    assert (months[0], months[-1]) == ("2026-11", "2025-07")
    assert post_form(browser, FORM, **good).status_code == 303
    assert post_form(browser, FORM, **good).status_code == 303, "sent twice it is written once"
    assert post_form(browser, FORM, **(good | {"received": "13"})).status_code == 400
    (row,) = plans.fetch_feedback(told, "51").to_dict("records")
    assert (row["received"], row["resolved"], row["satisfaction"]) == (12, 11, 17.2)
    assert pd.isna(row["apologised"])
    assert row["period_to"] == pd.Timestamp("2025-07-31")


@pytest.mark.parametrize("role", [Role.VIEWER, Role.TEAM])
def test_others_write_nothing(told: Engine, settings: Settings, role: Role) -> None:
    add_account(told, f"so.{role}", role, province="51")
    browser = open_browser(create_app(settings).server)
    sign_in(browser, f"so.{role}")
    assert browser.get(FORM).status_code == 403

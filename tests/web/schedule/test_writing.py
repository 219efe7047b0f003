"""Coordinators add teams, plan their days and call them off, each once and in the audit."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from dashboard.accounts.roles import Role
from dashboard.settings import Settings
from dashboard.store import audit, plans
from dashboard.web.server import create_app
from tests.web.people import add_account, open_browser, post_form, sign_in

FORM = "/to-cong-tac/lich/ghi?province=51"
TEAM = "6f3f1f6e-2f0c-4a39-9a55-51d2b8f5a0c7"
DAY = "7a3f1f6e-2f0c-4a39-9a55-51d2b8f5a0c8"
THIRD = "8b3f1f6e-2f0c-4a39-9a55-51d2b8f5a0c9"


def open_as(role: Role, settings: Settings, engine: Engine) -> FlaskClient:
    add_account(engine, f"so.{role}", role, province="51")
    browser = open_browser(create_app(settings).server)
    sign_in(browser, f"so.{role}")
    return browser


def test_a_team_is_added_planned_called_off_and_ended(
    own_store: Engine, settings: Settings
) -> None:
    browser = open_as(Role.COORDINATOR, settings, own_store)

    def write(entry: str, step: str, **fields: str) -> int:
        return post_form(browser, FORM, entry=entry, step=step, **fields).status_code

    team = {"name": "Tổ <b>cơ động", "size": "20", "communes": "21250; 21289"}
    assert write(TEAM, "add_team", **(team | {"size": "hai mươi"})) == 400
    assert write(TEAM, "add_team", **(team | {"communes": "xã Không Có"})) == 400
    assert write(TEAM, "add_team", **team) == 303
    (row,) = plans.fetch_teams(own_store, "51").to_dict("records")
    assert (row["name"], row["size"], row["communes"]) == ("Tổ <b>cơ động", 20, "21250 21289")
    assert write(THIRD, "add_team", **team) == 400, "a name stands for one team"

    day = {"team": TEAM, "day": settings.today().isoformat(), "stops": "21289,21250"}
    assert write(DAY, "plan_day", **(day | {"stops": "99999"})) == 400
    assert write(DAY, "plan_day", **(day | {"day": "2025-06-01"})) == 400
    assert write(DAY, "plan_day", **day) == 303
    assert write(DAY, "plan_day", **day) == 303, "sent twice it is written once"
    assert write(THIRD, "plan_day", **day) == 400, "a team is in one place"
    (row,) = plans.fetch_team_days(own_store, "51").to_dict("records")
    assert (row["communes"], row["state"]) == ("21289 21250", "planned")
    page = browser.get("/to-cong-tac/lich?province=51").text
    assert "Tổ &lt;b&gt;cơ động" in page
    assert "<b>cơ" not in page

    assert write(THIRD, "call_off", day=DAY) == 303
    assert plans.fetch_team_days(own_store, "51")["state"].tolist() == ["called_off"]
    assert write("9c3f1f6e-2f0c-4a39-9a55-51d2b8f5a0ca", "end_team", team=TEAM) == 303
    assert not plans.fetch_teams(own_store, "51")["ended_on"].isna().any()
    lines = audit.fetch_audit_lines(own_store, action="import_batch", account="so.coordinator")
    assert len(lines) == 4


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CLERK, Role.TEAM])
def test_others_plan_nothing(own_store: Engine, settings: Settings, role: Role) -> None:
    assert open_as(role, settings, own_store).get(FORM).status_code == 403

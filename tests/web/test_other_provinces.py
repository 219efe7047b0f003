"""A team of another province is refused everywhere: every address of the server is asked, by every
way in which an address can name a province or a commune, and every form is sent.
"""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from dashboard import store
from dashboard.accounts.roles import PUBLIC_ACTIONS, Action, Role
from dashboard.settings import Settings
from dashboard.store import audit
from dashboard.web.endpoints import ENDPOINT_ACTIONS
from dashboard.web.server import create_app
from tests.web.people import OWN, add_account, open_browser, sign_in, token_of

# The store of the tests tells of this commune of Quảng Ngãi alone; the team is of Phú Thọ.
COMMUNE, NAME = "21250", "Nghĩa Giang"
QUERIES = (
    "",
    "province=51",
    f"province=25&commune={COMMUNE}",
    f"province=25&xa={COMMUNE},21025",
    f"province=25&communes={COMMUNE}&code={COMMUNE}&q=Nghia+Giang",
)
PARTS = {"code": COMMUNE, "province": "51", "form": "readiness", "step": "lock", "year": 2026}
PARTS |= {"number": 1, "figure": "theo-tuan"}
NAMES = ("xep-hang", "thieu-gi", "toan-quoc", "du-lieu", "ho-so")
# What holds no figure: signing in, scripts, the description of the interface.
OPEN = {Action.ENTER, Action.KEEP_ACCOUNT, Action.REPORT_SCREEN}


def ask_every_address(server: Flask, browser: FlaskClient, method: str) -> dict[str, TestResponse]:
    answers = {}
    adapter = server.url_map.bind("localhost")
    for rule in server.url_map.iter_rules():
        if method not in (rule.methods or ()) or ENDPOINT_ACTIONS[rule.endpoint] in OPEN:
            continue
        for name in NAMES if "name" in rule.arguments else ("x",):
            parts = {part: PARTS.get(part, name) for part in rule.arguments}
            for query in QUERIES:
                address = f"{adapter.build(rule.endpoint, parts, method)}?{query}"
                answers[f"{method} {address}"] = browser.open(
                    address,
                    method=method,
                    headers=OWN,
                    data={"csrf_token": "", "province": "51", "commune": COMMUNE, "code": COMMUNE},
                )
    return answers


def test_a_team_of_another_province_sees_nothing_of_it(
    own_store: Engine, settings: Settings
) -> None:
    add_account(own_store, "doi", Role.TEAM, province="25")
    server = create_app(settings.model_copy(update={"view": "signed-in"})).server
    browser = open_browser(server)
    sign_in(browser, "doi")
    answers = ask_every_address(server, browser, "GET")
    assert len(answers) > 300
    shown = [
        request_line for request_line, answer in answers.items() if NAME.encode() in answer.data
    ]
    assert shown == []
    assert {answer.status_code for answer in answers.values()} <= {
        200,
        302,
        308,
        400,
        401,
        403,
        404,
    }
    named = ("/?", "/ho-so?", "/to-cong-tac?", "/api/state?", "/api/report?", "/tai/xep-hang.csv?")
    assert {answers[f"GET {name}province=51"].status_code for name in named} == {403}
    of_the_country = ("/toan-quoc", "/tai/toan-quoc.csv", "/tai/toan-quoc.xlsx")
    assert {browser.get(address).status_code for address in of_the_country} == {403}


def test_a_team_of_another_province_changes_nothing_of_it(
    own_store: Engine, settings: Settings
) -> None:
    add_account(own_store, "doi", Role.TEAM, province="25")
    server = create_app(settings).server
    browser = open_browser(server)
    sign_in(browser, "doi")
    token = token_of(browser, "/tai-khoan")
    version = store.fetch_data_version(own_store)
    written = set(audit.fetch_audit_lines(own_store)["number"])
    adapter = server.url_map.bind("localhost")
    statuses = {}
    for rule in server.url_map.iter_rules():
        action = ENDPOINT_ACTIONS[rule.endpoint]
        if "POST" not in (rule.methods or ()) or action in OPEN | PUBLIC_ACTIONS["public"]:
            continue
        parts = {part: PARTS.get(part, "x") for part in rule.arguments}
        address = adapter.build(rule.endpoint, parts, "POST")
        fields = {"csrf_token": token, "province": "51", "commune": COMMUNE, "code": COMMUNE}
        fields |= {"what": "x", "urgency": "urgent", "text": "x", "reason": "x"}
        answer = browser.post(address, data=fields, headers=OWN)
        statuses[address] = answer.status_code
        sent = {"id": "a" * 32, "commune": COMMUNE, "commune_code": COMMUNE, "values": {}}
        again = browser.post(address, json=sent, headers={**OWN, "X-CSRFToken": token})
        statuses[f"{address} as JSON"] = again.status_code
    assert len(statuses) > 30
    assert set(statuses.values()) <= {400, 401, 403, 404, 409, 413, 415, 422}, statuses
    assert store.fetch_data_version(own_store) == version
    assert set(audit.fetch_audit_lines(own_store)["number"]) == written

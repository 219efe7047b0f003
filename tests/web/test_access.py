"""The one door: every address has an action, what has none is refused, and who sends a form is
asked.
"""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from flask import Request
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.routing import BuildError
from werkzeug.test import EnvironBuilder

from dashboard.accounts.roles import PUBLIC_ACTIONS, Action, Role
from dashboard.cli.serve import list_missing_protection
from dashboard.settings import Settings, read_settings
from dashboard.web import access, client_address, sessions
from dashboard.web.endpoints import ENDPOINT_ACTIONS
from dashboard.web.server import create_app
from tests.conftest import TODAY
from tests.web.people import OWN, add_account, open_browser, sign_in, token_of
from tools.running import environment_in


def test_every_address_has_an_action_and_every_row_an_address(pages: FlaskClient) -> None:
    endpoints = {rule.endpoint for rule in pages.application.url_map.iter_rules()}
    assert endpoints == set(ENDPOINT_ACTIONS)


def test_an_address_without_a_row_is_refused(own_pages: FlaskClient) -> None:
    server = own_pages.application
    server._got_first_request = False  # another address, as a later version might add one
    server.add_url_rule("/new", "new", lambda: "figures")
    assert own_pages.get("/new").status_code == 403


def test_public_viewing_sets_no_cookie_and_asks_nobody(pages: FlaskClient) -> None:
    for address in ("/", "/ho-so", "/api/state", "/api/report", "/man-hinh"):
        answer = pages.get(address)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.fixture
def closed_pages(own_store: Engine, settings: Settings, tmp_path: Path) -> FlaskClient:
    """The program where viewing needs an account."""
    environment = environment_in(tmp_path, DASHBOARD_TODAY=TODAY, DASHBOARD_VIEW="signed-in")
    environment["DASHBOARD_DATABASE_URL"] = settings.database_url
    return create_app(read_settings(environment)).server.test_client()


def test_where_viewing_needs_an_account_nothing_is_shown_without(closed_pages: FlaskClient) -> None:
    example_parts = {
        "province": "51",
        "fingerprint": "x",
        "year": 2026,
        "tag": "x",
        "code": "21250",
        "figure": "x",
        "name": "x",
        "number": 1,
        "secret": "x",
        "token": "x",
        "form": "readiness",
        "step": "lock",
        "path": "x",
    }
    adapter = closed_pages.application.url_map.bind("localhost")
    walked = 0
    for rule in closed_pages.application.url_map.iter_rules():
        action = ENDPOINT_ACTIONS[rule.endpoint]
        if action in PUBLIC_ACTIONS["signed-in"]:
            continue
        parts = {name: example_parts[name] for name in rule.arguments}
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        answer = closed_pages.open(adapter.build(rule.endpoint, parts, method), method=method)
        assert answer.status_code in (302, 401), rule.endpoint
        assert answer.headers.get("Location", "/dang-nhap").startswith("/dang-nhap")
        walked += 1
    assert walked > 20


def test_what_is_computed_for_one_alone_is_limited_and_open_pages_are_not(
    own_pages: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "READING_LIMIT", access.parse("3 per minute"))
    costly = ("/api/report", "/tai/xep-hang.csv", "/ho-so?period=2026-11-01..2026-11-07")
    own_pages.environ_base["REMOTE_ADDR"] = "192.0.2.9"
    statuses = [own_pages.get(address).status_code for address in costly * 2]
    assert statuses[3:] == [429] * 3
    assert 429 not in statuses[:3]
    assert own_pages.get("/api/report").headers["Retry-After"] == "60"
    assert {own_pages.get("/api/state?province=51").status_code for _ in range(5)} == {200}
    elsewhere = {"REMOTE_ADDR": "192.0.2.10"}
    assert own_pages.get("/api/report", environ_base=elsewhere).status_code == 200


def test_who_shows_no_cookie_costs_the_store_no_question_of_the_key(
    own_pages: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions: list[str] = []

    def fetch_secret(_engine: Engine, name: str) -> str:
        questions.append(name)
        return "secret"

    monkeypatch.setattr("dashboard.store.accounts.fetch_server_secret", fetch_secret)
    for address in ("/", "/ho-so", "/api/state?province=51", "/man-hinh", "/health"):
        assert own_pages.get(address).status_code == 200
    assert not questions
    assert own_pages.get("/dang-nhap").status_code == 200
    assert questions == ["cookies"], "its form carries a token"


def test_a_number_that_no_database_keeps_is_not_there(
    own_store: Engine, settings: Settings
) -> None:
    add_account(own_store, "quantri", Role.ADMINISTRATOR, province="")
    browser = open_browser(create_app(settings).server)
    sign_in(browser, "quantri")
    token = token_of(browser, "/tai-khoan")
    adapter = browser.application.url_map.bind("localhost")
    walked = 0
    for rule in browser.application.url_map.iter_rules():
        if "number" not in rule.arguments:
            continue
        walked += 1
        for number in (2**31 - 1, 2**31, 2**63, 10**30):
            parts = {name: number if name == "number" else "remove" for name in rule.arguments}
            try:
                address = adapter.build(rule.endpoint, parts)
            except BuildError:  # such an address leads nowhere
                continue
            for method in {"GET", "POST"} & (rule.methods or set()):
                fields = {"csrf_token": token}
                answer = browser.open(address, method=method, data=fields, headers=OWN)
                assert answer.status_code in {303, 400, 401, 403, 404}, address
    assert walked > 5
    for before in (2**63, 10**30, -1):
        assert browser.get(f"/nhat-ky?before={before}").status_code == 200
    assert browser.get(f"/du-lieu/dot/{10**30}/go").status_code == 404


def test_public_actions_show_and_never_write(pages: FlaskClient) -> None:
    written = {
        rule.endpoint
        for rule in pages.application.url_map.iter_rules()
        if "POST" in (rule.methods or ())
        and ENDPOINT_ACTIONS[rule.endpoint] in {Action.LOOK, Action.TAKE_AWAY}
    }
    assert written == set()


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "", "x"],
)
def test_after_signing_in_nobody_is_led_to_another_server(target: str) -> None:
    assert sessions.choose_local_address(target, "/") == "/"


def test_after_signing_in_one_goes_on_where_one_was() -> None:
    assert sessions.choose_local_address("/ho-so?province=51", "/") == "/ho-so?province=51"


def request_from(peer: str, **headers: str) -> Request:
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    builder = EnvironBuilder(environ_base={"REMOTE_ADDR": peer}, headers=named)
    return Request(builder.get_environ())


PROXIES = (ip_network("10.0.0.5"),)


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.7", "1.2.3.4", "192.0.2.7"),
        ("10.0.0.5", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.5", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        ("10.0.0.5", "1.2.3.4, 10.0.0.5", "1.2.3.4"),
        ("10.0.0.5", "", "10.0.0.5"),
        ("", "1.2.3.4", ""),
    ],
)
def test_only_a_listed_proxys_word_counts(peer: str, forwarded: str, client: str) -> None:
    request = request_from(peer, X_Forwarded_For=forwarded)
    assert client_address.find_client_address(request, PROXIES) == client


def test_tls_is_believed_of_a_listed_proxy_only() -> None:
    assert client_address.is_secure(request_from("10.0.0.5", X_Forwarded_Proto="https"), PROXIES)
    assert not client_address.is_secure(
        request_from("192.0.2.7", X_Forwarded_Proto="https"), PROXIES
    )


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8050", 200),
        ("127.0.0.1:8050", 200),
        ("[::1]:8050", 200),
        ("10.0.0.7", 200),
        ("bang.tinh.vn", 200),
        ("BANG.tinh.vn.:80", 200),
        ("evil.example", 421),
        ("bang.tinh.vn.evil.example", 421),
        ("[::1", 421),
    ],
)
def test_only_names_of_this_server_are_answered(settings: Settings, host: str, status: int) -> None:
    own = settings.model_copy(update={"hosts": ("bang.tinh.vn",)})
    client = create_app(own).server.test_client()
    answer = client.get("/api/state?province=51", headers={"Host": host})
    assert answer.status_code == status
    if status == 421:
        assert "DASHBOARD_HOSTS" in answer.text
        assert host not in answer.text
    assert client.get("/health", headers={"Host": host}).status_code == 200


def test_a_server_on_the_network_says_what_it_lacks(settings: Settings) -> None:
    def list_missing(**changes: Any) -> str:
        return " ".join(list_missing_protection(settings.model_copy(update=changes)))

    assert list_missing(host="127.0.0.1") == ""
    assert "DASHBOARD_PROXIES" in list_missing(host="0.0.0.0")
    assert "DASHBOARD_HOSTS" in list_missing(host="0.0.0.0")
    proxies = read_settings({"DASHBOARD_PROXIES": "10.0.0.5"}).proxies
    assert list_missing(host="0.0.0.0", hosts=("bang.tinh.vn",), proxies=proxies) == ""

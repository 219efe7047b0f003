"""Signing in at the province's own provider, a real one that a package starts; and a proxy that
names who it signed in.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask.testing import FlaskClient
from oidc_provider_mock import User, run_server_in_thread
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from dashboard.accounts.roles import Role
from dashboard.errors import SettingInvalid
from dashboard.settings import Settings, read_settings
from dashboard.store import accounts
from dashboard.web.server import create_app
from tests.web.people import ADMIN, add_account, open_browser, post_form

PEOPLE = (
    User(sub="1", claims={"preferred_username": "An.Nguyen@tinh.vn", "groups": ["van-thu"]}),
    User(sub="2", claims={"preferred_username": "binh", "groups": ["khach"]}),
    User(sub="3", claims={"preferred_username": "quantri", "groups": "lanh-dao"}),
)
RULES = "van-thu=clerk:51 25, lanh-dao=viewer"
START = "/dang-nhap/tinh?next=/ho-so"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with run_server_in_thread(user_claims=PEOPLE) as provider:
        yield f"http://localhost:{provider.server_port}"


@pytest.fixture
def browser(own_store: Engine, settings: Settings, issuer: str) -> FlaskClient:
    environment = {
        "DASHBOARD_OIDC_ISSUER": issuer,
        "DASHBOARD_OIDC_CLIENT_ID": "dashboard",
        "DASHBOARD_OIDC_CLIENT_SECRET": "x",
        "DASHBOARD_OIDC_ROLES": RULES,
    }
    read = read_settings({**settings.write_environment(), **environment})
    return open_browser(create_app(read).server)


def go_to_provider(browser: FlaskClient, start: str = START) -> str:
    """Where the dashboard sends the browser to sign in."""
    answer = browser.get(start)
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def sign_in_there(address: str, person: str) -> str:
    """Sign in at the provider; where it sends the browser back."""
    answer = requests.post(address, data={"sub": person}, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"


def sign_in_by_province(browser: FlaskClient, person: str) -> TestResponse:
    return browser.get(sign_in_there(go_to_provider(browser), person))


def test_an_account_is_made_at_the_first_sign_in(own_store: Engine, browser: FlaskClient) -> None:
    answer = sign_in_by_province(browser, "1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/ho-so")
    account = next(row for row in accounts.list_accounts(own_store))
    assert account.role is Role.CLERK
    assert account.provinces == frozenset({"51", "25"})
    assert re.fullmatch(r"an\.nguyen-[0-9a-f]{8}", account.name)
    assert "Văn thư nạp số liệu" in browser.get("/tai-khoan").text
    sign_in_by_province(browser, "1")
    assert len(accounts.list_accounts(own_store)) == 1


def test_each_attempt_has_its_own_state_nonce_and_challenge(browser: FlaskClient) -> None:
    fields = [parse_qs(urlsplit(go_to_provider(browser)).query) for _ in range(2)]
    for name in ("state", "nonce", "code_challenge"):
        assert fields[0][name] != fields[1][name]
    assert fields[0]["code_challenge_method"] == ["S256"]


def test_an_answer_without_the_attempt_is_refused(
    own_store: Engine, settings: Settings, browser: FlaskClient
) -> None:
    back = sign_in_there(go_to_provider(browser), "1")
    stranger = open_browser(browser.application)
    assert stranger.get(back).status_code == 403, "another browser never began it"
    assert browser.get(re.sub(r"state=[^&]+", "state=x", back)).status_code == 403
    assert accounts.list_accounts(own_store) == []


def test_an_answer_counts_once(browser: FlaskClient) -> None:
    back = sign_in_there(go_to_provider(browser), "1")
    assert browser.get(back).status_code == 303
    assert open_browser(browser.application).get(back).status_code == 403
    assert browser.get(back).status_code == 403


def test_who_has_no_role_is_refused(own_store: Engine, browser: FlaskClient) -> None:
    answer = sign_in_by_province(browser, "2")
    assert answer.status_code == 403
    assert "không được giao vai trò nào" in answer.text
    assert accounts.list_accounts(own_store) == []


def test_a_name_of_the_provider_never_is_an_account_of_ours(
    own_store: Engine, browser: FlaskClient
) -> None:
    add_account(own_store, "quantri", Role.ADMINISTRATOR, province="")
    sign_in_by_province(browser, "3")
    assert browser.get("/quan-tri").status_code == 403
    assert len(accounts.list_accounts(own_store)) == 2


def test_a_locked_account_does_not_come_in_by_the_provider(
    own_store: Engine, browser: FlaskClient
) -> None:
    sign_in_by_province(browser, "1")
    accounts.lock_account(own_store, accounts.list_accounts(own_store)[0].name, ADMIN, locked=True)
    assert sign_in_by_province(browser, "1").status_code == 403


def test_signing_out_ends_the_provider_s_session_too(browser: FlaskClient, issuer: str) -> None:
    sign_in_by_province(browser, "1")
    answer = post_form(browser, "/dang-xuat", "/tai-khoan")
    assert answer.status_code == 200
    match = re.search(r'href="(http[^"]+end_session[^"]+)"', answer.text)
    assert match is not None
    address = html.unescape(match[1])
    assert address.startswith(issuer)
    assert requests.get(address, timeout=10).status_code == 200
    assert browser.get("/tai-khoan").status_code == 302


def test_without_the_setting_there_is_no_such_way(own_store: Engine, settings: Settings) -> None:
    browser = open_browser(create_app(settings).server)
    assert browser.get("/dang-nhap/tinh").status_code == 404
    assert "/dang-nhap/tinh" not in browser.get("/dang-nhap").text


def test_a_provider_that_is_away_is_told(own_store: Engine, browser: FlaskClient) -> None:
    gone = browser.application.config["DASHBOARD_SETTINGS"].model_copy(
        update={"oidc_issuer": "http://localhost:9"}
    )
    answer = open_browser(create_app(gone).server).get(START)
    assert answer.status_code == 503


HEADER = "X-Forwarded-User"


def behind_proxy(settings: Settings, proxies: str) -> FlaskClient:
    environment = {"DASHBOARD_PROXY_USER_HEADER": HEADER, "DASHBOARD_PROXIES": proxies}
    read = read_settings({**settings.write_environment(), **environment})
    return open_browser(create_app(read).server)


def test_a_listed_proxy_names_who_is_signed_in(own_store: Engine, settings: Settings) -> None:
    add_account(own_store, "an")
    browser = behind_proxy(settings, "127.0.0.1")
    assert "Văn thư nạp số liệu" in browser.get("/tai-khoan", headers={HEADER: "an"}).text
    assert browser.get("/quan-tri", headers={HEADER: "an"}).status_code == 403
    assert browser.get("/tai-khoan", headers={HEADER: "nobody"}).status_code == 302
    assert browser.get("/tai-khoan").status_code == 302
    accounts.lock_account(own_store, "an", ADMIN, locked=True)
    assert browser.get("/tai-khoan", headers={HEADER: "an"}).status_code == 302


def test_the_header_of_anybody_else_counts_for_nothing(
    own_store: Engine, settings: Settings
) -> None:
    add_account(own_store, "an")
    forged = {HEADER: "an", "X-Forwarded-For": "10.0.0.5"}
    assert behind_proxy(settings, "10.0.0.5").get("/tai-khoan", headers=forged).status_code == 302
    unset = open_browser(create_app(settings).server)
    assert unset.get("/tai-khoan", headers=forged).status_code == 302


@pytest.mark.parametrize(
    "environment",
    [
        {"DASHBOARD_PROXY_USER_HEADER": HEADER},
        {"DASHBOARD_PROXY_USER_HEADER": "X User", "DASHBOARD_PROXIES": "10.0.0.5"},
        {"DASHBOARD_OIDC_ISSUER": "https://dangnhap.tinh.vn"},
        {"DASHBOARD_OIDC_ISSUER": "http://dangnhap.tinh.vn"},
        {"DASHBOARD_OIDC_ROLES": "van-thu=king"},
        {"DASHBOARD_OIDC_ROLES": "van-thu=clerk:99"},
    ],
)
def test_half_settings_are_refused_at_the_start(environment: dict[str, str]) -> None:
    with pytest.raises(SettingInvalid):
        read_settings(environment)

"""/quan-tri: accounts, keys and screens by forms; what is secret is shown once, and nobody gives
more than they have.
"""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from dashboard.accounts.roles import Role
from dashboard.settings import Settings
from dashboard.store import accounts, audit, keys, screens
from dashboard.web.server import create_app
from tests.web.people import OWN, add_account, open_browser, post_form, sign_in

PAGE = "/quan-tri"


@pytest.fixture
def admin(own_store: Engine, settings: Settings) -> FlaskClient:
    """The browser of an administrator of all provinces."""
    add_account(own_store, "quan.tri", Role.ADMINISTRATOR, province="")
    browser = open_browser(create_app(settings).server)
    sign_in(browser, "quan.tri")
    return browser


@pytest.fixture
def local(own_store: Engine, settings: Settings) -> FlaskClient:
    """The browser of an administrator of Quảng Ngãi."""
    add_account(own_store, "o.tinh", Role.ADMINISTRATOR, province="51")
    browser = open_browser(create_app(settings).server)
    sign_in(browser, "o.tinh")
    return browser


def secret_in(page: str) -> str:
    match = re.search(r"<code>([^<]+)</code>", page)
    assert match is not None
    return match[1]


def test_an_account_is_added_and_its_password_shown_once(
    admin: FlaskClient, own_store: Engine, settings: Settings
) -> None:
    fields = {"name": "An", "office": "UBND", "role": "clerk", "provinces": "51, 25"}
    answer = post_form(admin, f"{PAGE}/tai-khoan", PAGE, **fields)
    assert answer.headers["Cache-Control"] == "no-store"
    password = secret_in(answer.text)
    assert "<code>" not in admin.get(PAGE).text
    record = accounts.fetch_account(own_store, "an")
    assert record is not None
    assert record.account.provinces == {"51", "25"}
    browser = open_browser(create_app(settings).server)
    assert sign_in(browser, "an", password).headers["Location"] == "/doi-mat-khau"
    line = audit.fetch_audit_lines(own_store, action="create_account", account="quan.tri")
    assert line["door"].tolist() == ["page"]


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "x", "role": "clerk"},
        {"name": "binh", "role": "king"},
        {"name": "binh", "role": "clerk", "provinces": "99"},
        {"name": "binh", "role": "team", "communes": "1"},
        {"name": "quan.tri", "role": "clerk"},
    ],
)
def test_an_account_that_cannot_be_is_refused_with_a_line(
    admin: FlaskClient, own_store: Engine, fields: dict[str, str]
) -> None:
    before = len(accounts.list_accounts(own_store))
    answer = post_form(admin, f"{PAGE}/tai-khoan", PAGE, **fields)
    assert answer.status_code == 400
    assert 'class="fault"' in answer.text
    assert len(accounts.list_accounts(own_store)) == before


def test_locking_counts_at_once_and_can_be_taken_back(
    admin: FlaskClient, own_store: Engine, settings: Settings
) -> None:
    add_account(own_store, "an")
    browser = open_browser(create_app(settings).server)
    sign_in(browser, "an")
    post_form(admin, f"{PAGE}/tai-khoan/an/lock", PAGE)
    assert browser.get("/tai-khoan").headers["Location"].startswith("/dang-nhap")
    post_form(admin, f"{PAGE}/tai-khoan/an/unlock", PAGE)
    assert sign_in(browser, "an").status_code == 303
    post_form(admin, f"{PAGE}/tai-khoan/an/signout", PAGE)
    assert browser.get("/tai-khoan").status_code == 302
    password = secret_in(post_form(admin, f"{PAGE}/tai-khoan/an/password", PAGE).text)
    assert sign_in(browser, "an", password).headers["Location"] == "/doi-mat-khau"
    post_form(admin, f"{PAGE}/tai-khoan/an/role", PAGE, role="viewer", provinces="25")
    record = accounts.fetch_account(own_store, "an")
    assert record is not None
    assert (record.account.role, record.account.provinces) == (Role.VIEWER, frozenset({"25"}))


def test_the_last_administrator_stays(admin: FlaskClient, own_store: Engine) -> None:
    answer = post_form(admin, f"{PAGE}/tai-khoan/quan.tri/lock", PAGE)
    assert "tài khoản quản trị cuối cùng" in answer.text
    assert admin.get(PAGE).status_code == 200


def test_a_key_is_shown_once_works_and_is_revoked(admin: FlaskClient, own_store: Engine) -> None:
    answer = post_form(admin, f"{PAGE}/khoa", PAGE, office="Sở Nội vụ", provinces="51")
    secret = secret_in(answer.text)
    assert keys.use_api_key(own_store, secret) is not None
    assert secret not in admin.get(PAGE).text
    post_form(admin, f"{PAGE}/khoa/1/thu-hoi", PAGE)
    assert keys.use_api_key(own_store, secret) is None
    assert "đã thu hồi" in admin.get(PAGE).text


def test_a_screen_gets_a_link_and_is_removed(
    admin: FlaskClient, own_store: Engine, settings: Settings
) -> None:
    link = secret_in(post_form(admin, f"{PAGE}/man-hinh", PAGE, name="Phòng họp 2").text)
    screen = open_browser(create_app(settings).server)
    answer = screen.get(link.removeprefix("http://localhost").replace("&amp;", "&"))
    assert answer.status_code in (302, 303)
    assert "Phòng họp 2" in admin.get(PAGE).text
    post_form(admin, f"{PAGE}/man-hinh/1/remove", PAGE)
    assert screens.fetch_screens(own_store).empty


def test_who_administers_a_province_gives_nothing_beyond_it(
    local: FlaskClient, own_store: Engine
) -> None:
    add_account(own_store, "binh", province="25")
    add_account(own_store, "moi.noi", Role.VIEWER, province="")
    number, secret = keys.create_api_key(own_store, "Sở", ["25"], audit.Author("x"))
    page = local.get(PAGE).text
    assert "binh" not in page
    assert "moi.noi" not in page
    for fields in ({"provinces": ""}, {"provinces": "25"}, {"provinces": "51, 25"}):
        answer = post_form(local, f"{PAGE}/tai-khoan", PAGE, name="moi", role="clerk", **fields)
        assert answer.status_code == 400
        answer = post_form(local, f"{PAGE}/khoa", PAGE, office="Sở", **fields)
        assert answer.status_code == 400
    for name in ("binh", "moi.noi"):
        assert post_form(local, f"{PAGE}/tai-khoan/{name}/lock", PAGE).status_code == 400
    assert post_form(local, f"{PAGE}/khoa/{number}/thu-hoi", PAGE).status_code == 400
    assert keys.use_api_key(own_store, secret) is not None
    own = post_form(local, f"{PAGE}/tai-khoan", PAGE, name="moi", role="clerk", provinces="51")
    assert own.status_code == 200


def test_without_the_token_nothing_changes(admin: FlaskClient, own_store: Engine) -> None:
    assert admin.post(f"{PAGE}/khoa", data={"office": "Sở"}, headers=OWN).status_code == 400
    assert keys.list_api_keys(own_store) == []


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CLERK, Role.TEAM, Role.COORDINATOR])
def test_nobody_else_administers(own_store: Engine, settings: Settings, role: Role) -> None:
    add_account(own_store, "an", role, province="")
    browser = open_browser(create_app(settings).server)
    sign_in(browser, "an")
    assert browser.get(PAGE).status_code == 403
    answer = post_form(browser, f"{PAGE}/khoa", "/tai-khoan", office="Sở")
    assert answer.status_code == 403
    assert keys.list_api_keys(own_store) == []
    assert "/quan-tri" not in browser.get("/tai-khoan").text

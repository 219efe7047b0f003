"""What the tests of pages that people write on share: accounts, browsers, forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from dashboard.accounts.passwords import hash_password
from dashboard.accounts.roles import Account, Role
from dashboard.store import accounts
from dashboard.store.audit import Author

PASSWORD = "con mèo nhỏ ngủ"
ADMIN = Author("quantri")
OWN = {"Origin": "http://localhost"}
Browser = Callable[[], FlaskClient]


def add_account(
    engine: Engine,
    name: str,
    role: Role = Role.CLERK,
    *,
    province: str = "51",
    must_change: bool = False,
) -> None:
    """An account whose password is PASSWORD, limited to one province."""
    provinces = frozenset({province} if province else ())
    account = Account(0, name, "Sở Nội vụ", role, provinces, must_change=must_change)
    accounts.create_account(engine, account, hash_password(PASSWORD), ADMIN)


def open_browser(server: Flask) -> FlaskClient:
    """A browser with cookies of its own."""
    browser = server.test_client()
    browser.environ_base["HTTP_ACCEPT"] = "text/html"
    return browser


def token_of(browser: FlaskClient, address: str) -> str:
    """The token that the forms of a page carry."""
    match = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(address).text)
    assert match is not None
    return match[1]


def post_form(browser: FlaskClient, address: str, form_at: str = "", **fields: Any) -> TestResponse:
    """Send a form as the page at `form_at` (by default the same address) would."""
    fields = {"csrf_token": token_of(browser, form_at or address), **fields}
    return browser.post(address, data=fields, headers=OWN)


def sign_in(browser: FlaskClient, name: str, password: str = PASSWORD, **more: str) -> TestResponse:
    """Sign in as that account."""
    return post_form(browser, "/dang-nhap", name=name, password=password, **more)

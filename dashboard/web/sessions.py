"""Sessions of staff and what makes a browser a wall screen: the cookies, how a session begins and
ends.
"""

from __future__ import annotations

import secrets
import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, Response, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_login import UserMixin, login_user, logout_user
from sqlalchemy import Engine
from werkzeug.routing import IntegerConverter, Map

from dashboard.accounts.roles import Account
from dashboard.settings import Settings
from dashboard.store import StoreUnavailable, accounts
from dashboard.store.audit import Author, Door
from dashboard.web import client_address

_SECRET_SECONDS = 60
# What makes a browser one wall screen (store/screens.py); no script ever reads it.
SCREEN_COOKIE = "dashboard_screen"
_SCREEN_COOKIE_FOR = timedelta(days=400)


class SignedIn(UserMixin):
    """What flask-login keeps: the account, known by its session's token and not by its number, so
    that a session that was ended is nobody's.
    """

    def __init__(self, account: Account, token: str) -> None:
        self.account = account
        self.token = token

    def get_id(self) -> str:
        return self.token


class StoreSessions(SecureCookieSessionInterface):
    """Flask's signed cookie, with the key that all server processes find in the store."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings
        self._secret: str | None = None
        self._read_at = 0.0

    def find_secret(self) -> str:
        """The key, asked of the store when it is needed and then kept for a minute: a restored
        store has another one. While the store is away the last one holds.
        """
        if self._secret is None or time.monotonic() - self._read_at > _SECRET_SECONDS:
            try:
                self._secret = accounts.fetch_server_secret(self._engine, "cookies")
                self._read_at = time.monotonic()
            except StoreUnavailable:
                self._secret = self._secret or secrets.token_hex(32)
        return self._secret

    def open_session(self, app: Flask, request_: Request) -> SecureCookieSession | None:
        # Who shows no cookie has nothing that a key could open.
        if self.get_cookie_name(app) not in request_.cookies:
            return self.session_class()
        return super().open_session(app, request_)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        # Looking into the cookie is no reason to tell proxies that the answer depends on it.
        if session.modified:
            super().save_session(app, session, response)

    def get_cookie_secure(self, app: Flask) -> bool:
        return client_address.is_secure(request, self._settings.proxies)


class _StoredNumber(IntegerConverter):
    """A number in an address; one that no database keeps is of nothing (404)."""

    def __init__(self, url_map: Map, *args: Any, **options: Any) -> None:
        super().__init__(url_map, *args, **{"max": 2**31 - 1, **options})


class DashboardServer(Flask):
    """Flask that asks for its key only where a cookie or the token of a form is read or signed."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.url_map.converters["int"] = _StoredNumber

    @property
    def secret_key(self) -> str | None:  # type: ignore[override]  # Flask reads it of its settings
        interface = self.session_interface
        return interface.find_secret() if isinstance(interface, StoreSessions) else None


def begin_session(engine: Engine, account: Account, door: str) -> None:
    """Sign in: a new session and nothing of the one before, so that nobody can have prepared it."""
    author = Author(account.name, account.office, Door.PAGE)
    browser = describe_browser(request.headers.get("User-Agent", ""))
    token = accounts.start_session(engine, account, door=door, browser=browser, author=author)
    session.clear()
    login_user(SignedIn(account, token))
    g.account = account


def leave_session(engine: Engine, token: str, author: Author) -> None:
    """Sign out: the session is ended in the store, and the cookie emptied."""
    accounts.sign_out(engine, token, author)
    logout_user()
    session.clear()
    g.account = None


def keep_screen_secret(answer: Response, secret: str, settings: Settings) -> None:
    """Have the browser keep what makes it one screen."""
    answer.set_cookie(
        SCREEN_COOKIE,
        secret,
        max_age=_SCREEN_COOKIE_FOR,
        secure=client_address.is_secure(request, settings.proxies),
        httponly=True,
        samesite="Lax",
    )


def choose_local_address(written: str, default: str) -> str:
    """Where to go after signing in: an address of this server, never another's."""
    parts = urlsplit(written)
    is_local = written.startswith("/") and not written.startswith(("//", "/\\"))
    printable = all(letter.isprintable() and letter != "\\" for letter in written)
    return written if is_local and printable and not (parts.scheme or parts.netloc) else default


def describe_browser(user_agent: str) -> str:
    """A browser and its machine in two words, so that a person tells their own sessions apart."""
    browsers = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    machines = (
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    )
    names = [
        next((name for mark, name in marks if mark in user_agent), "")
        for marks in (browsers, machines)
    ]
    return ", ".join(name for name in names if name) or "không rõ"

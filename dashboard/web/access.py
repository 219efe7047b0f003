"""The one door that every request passes: which action an address is, and whether who asks may.

An address without a row in ENDPOINT_ACTIONS (endpoints.py) is refused, whatever it is. Forms that
change anything must come from a page of ours: their Origin is this server and they carry the token
of their session.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Set
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address
from types import MappingProxyType
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    redirect,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import Engine

from dashboard import reference
from dashboard.accounts.roles import KEY_ACTIONS, PUBLIC_ACTIONS, Account, Action
from dashboard.settings import Settings
from dashboard.store import StoreUnavailable, accounts, attempts, keys, screens
from dashboard.store.audit import Author, Door
from dashboard.web import answer_maker, client_address, sessions
from dashboard.web.base_path import locate_path
from dashboard.web.documents.document import read_page_view
from dashboard.web.documents.navigation import NATION_PATH
from dashboard.web.endpoints import (
    ASKED_BY_MACHINES,
    COSTLY_ENDPOINTS,
    ENDPOINT_ACTIONS,
    KEY_ENDPOINTS,
    LARGE_POSTS,
    OF_ALL_PROVINCES,
    SCRIPT_POSTS,
    WALL_ENDPOINTS,
)

# Answered from a copy of the store, where there is one.
_MAY_LAG = frozenset({Action.LOOK, Action.TAKE_AWAY})
# What programs ask: they follow no redirect to a page where one signs in, and are counted.
_API_FOLDER = "/api/v1/"
# Of one address, in each server process: an office of many behind one address is far below it.
READING_LIMIT = parse("120 per minute")
# A bulletin that nobody asked for before takes a process of its own.
_STRICTER_LIMITS = MappingProxyType({"bulletin_pdf": parse("30 per minute")})
_log = logging.getLogger("dashboard")


def register(server: Flask, settings: Settings, engine: Engine) -> None:
    """Puts the door in front of every address of `server`."""
    server.session_interface = sessions.StoreSessions(engine, settings)
    server.config.update(
        DASHBOARD_SETTINGS=settings,
        DASHBOARD_ENGINE=engine,
        SESSION_COOKIE_NAME="dashboard_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_CHECK_DEFAULT=False,  # the door asks for it
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        WTF_CSRF_SSL_STRICT=False,  # the door compares Origin, which a proxy does not change
    )
    csrf = CSRFProtect(server)
    manager = LoginManager()
    # Its own protection takes the first address of X-Forwarded-For for the client's (0.6.3), which
    # anybody can write; a session here can be ended at any moment instead.
    manager.session_protection = None
    manager.init_app(server)
    # It looks after a cookie that we never set, and so marks every answer as one for one visitor.
    server.after_request_funcs[None].remove(manager._update_remember_cookie)
    idle = timedelta(minutes=settings.idle_minutes)
    # In memory: reading never writes to the store.
    reading = FixedWindowRateLimiter(MemoryStorage())

    @manager.user_loader
    def load_signed_in(token: str) -> sessions.SignedIn | None:
        account = accounts.fetch_session_account(engine, token, idle)
        return sessions.SignedIn(account, token) if account else None

    own_names = {"localhost", socket.gethostname().lower(), *settings.hosts}

    @server.before_request
    def refuse_foreign_host() -> ResponseReturnValue | None:
        if request.endpoint in ASKED_BY_MACHINES or "*" in own_names:
            return None
        if is_own_host(request.host, own_names):
            return None
        _log.warning("refused (421): a name of this server that DASHBOARD_HOSTS does not have")
        return Response(
            "Máy chủ không nhận tên này; người quản trị hãy thêm tên vào DASHBOARD_HOSTS.",
            status=421,
            mimetype="text/plain",
        )

    @server.before_request
    def refuse_without_right() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None  # no such address: Flask says so
        action = ENDPOINT_ACTIONS.get(request.endpoint)
        if action is None:
            _log.error("%r refused (403): its address has no action", request.path)
            abort(403)
        secret = _read_key_secret()
        if request.endpoint in KEY_ENDPOINTS or (secret and action is not Action.ENTER):
            return _admit_program(action, secret, settings, engine)
        account = find_account()
        if refusal := _refuse_action(action, account, settings, engine):
            return refusal
        # What is kept for all (kept_answers.py) is neither made by who is signed in nor theirs.
        g.is_for_everybody = account is None and action in PUBLIC_ACTIONS[settings.view]
        # Who may write reads what they wrote; a copy of the store may be behind it.
        may_lag = action in _MAY_LAG or request.endpoint in ASKED_BY_MACHINES
        g.reads_replica = g.is_for_everybody and may_lag
        client = client_address.find_client_address(request, settings.proxies)
        # All who come through a proxy that nobody listed are this machine: they share no limit.
        # In the maker of answers they were counted by the process that they asked.
        is_counted = (
            _is_costly() and not client_address.is_loopback(client) and not answer_maker.is_maker()
        )
        limit = _STRICTER_LIMITS.get(request.endpoint, READING_LIMIT)
        if is_counted and not reading.hit(limit, client):
            return _answer_too_often()
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            _refuse_foreign_origin(strict=request.endpoint not in SCRIPT_POSTS)
            if request.endpoint in LARGE_POSTS:
                # Only here, and only for who may send: others are refused before a byte is read.
                request.max_content_length = settings.max_upload
            if request.endpoint not in SCRIPT_POSTS:
                csrf.protect()
        return None

    @server.after_request
    def keep_private(response: Response) -> Response:
        # What depends on who asks is kept by no proxy, and not by a browser that others use next.
        action = ENDPOINT_ACTIONS.get(request.endpoint or "", Action.ENTER)
        if action not in PUBLIC_ACTIONS[settings.view]:
            response.vary.add("Cookie")
            response.headers["Cache-Control"] = _make_private(response)
        return response

    @server.errorhandler(CSRFError)
    def refuse_form(_error: CSRFError) -> tuple[str, int]:
        _log.warning("%r refused (400): the form carries no valid token", request.path)
        return "Biểu mẫu đã hết hạn; hãy tải lại trang rồi gửi lại.", 400


def _is_costly() -> bool:
    """Whether the answer is computed for who asks alone: a whole report, tables as files, days of
    their own choice. What open pages ask by themselves is never counted.
    """
    days_of_own_choice = ".." in request.args.get("period", "")
    for_programs = request.path.startswith(_API_FOLDER)
    return request.endpoint in COSTLY_ENDPOINTS or for_programs or days_of_own_choice


def _answer_too_often() -> Response:
    _log.warning("%r refused (429): too often", request.path)
    answer = Response(
        "Quá nhiều lần trong thời gian ngắn; hãy đợi một phút rồi thử lại.",
        status=429,
        mimetype="text/plain",
    )
    answer.headers["Retry-After"] = "60"
    return answer


def is_own_host(host: str, own_names: Set[str]) -> bool:
    """Whether the Host of a request is this server's: a listed name, or an address in digits.

    A page elsewhere can have its own name lead here (DNS rebinding) and then reads all answers;
    an address in digits leads nowhere else.
    """
    try:
        name = (urlsplit(f"//{host}").hostname or "").lower().rstrip(".")
    except ValueError:
        return False
    if name in own_names:
        return True
    try:
        return bool(ip_address(name))
    except ValueError:
        return False


def make_limiter(server: Flask, settings: Settings, engine: Engine) -> Limiter:
    """A limiter without limits of its own: each address that costs or can be guessed at names
    its own.
    """

    @server.errorhandler(RateLimitExceeded)
    def refuse_for_now(error: RateLimitExceeded) -> Response:
        return _answer_too_often()

    return Limiter(
        lambda: client_address.find_client_address(request, settings.proxies),
        app=server,
        storage_uri=f"{attempts.SCHEME}://",
        storage_options={"engine": engine},  # type: ignore[dict-item]  # handed on as it is
        # While the store is away nobody can sign in anyhow; what only reads goes on.
        swallow_errors=True,
    )


def find_account() -> Account | None:
    """Who is signed in, asked of the store once a request; None for anybody else."""
    if "account" not in g:
        g.account = None
        settings: Settings = current_app.config["DASHBOARD_SETTINGS"]
        if name := _read_proxied_name(settings):
            g.account = _fetch_proxied_account(current_app.config["DASHBOARD_ENGINE"], name)
        # Without the cookie nobody is: most requests ask nothing of the store.
        elif current_app.config["SESSION_COOKIE_NAME"] in request.cookies:
            # While the store is away public pages say so themselves; the rest needs an account.
            with suppress(StoreUnavailable):
                g.account = current_user.account if current_user.is_authenticated else None
    account: Account | None = g.account
    return account


def require_account(refusal: int = 403) -> Account:
    """Who is signed in; that refusal for anybody else."""
    account = find_account()
    if account is None:
        abort(refusal)
    return account


def _read_proxied_name(settings: Settings) -> str:
    """Whom a listed proxy says that it signed in; anybody else's word counts for nothing."""
    if not settings.proxy_user_header:
        return ""
    if not client_address.is_proxy(request.remote_addr or "", settings.proxies):
        return ""
    return request.headers.get(settings.proxy_user_header, "").strip()[:40]


def _fetch_proxied_account(engine: Engine, name: str) -> Account | None:
    """Its account here: a proxy says who somebody is, never what they may."""
    with suppress(StoreUnavailable):
        record = accounts.fetch_account(engine, name)
        if record and not record.account.locked:
            # The password of the account, which nobody uses, need not be changed first.
            return replace(record.account, must_change=False)
        _log.warning("%r: the proxy names an account that is not here or locked", request.path)
    return None


def find_token() -> str:
    """The token of the present session; empty where nobody is signed in."""
    return current_user.token if find_account() and current_user.is_authenticated else ""


def find_author() -> Author:
    """Who writes by this request, for the audit."""
    account = find_account()
    door = g.get("door", Door.PAGE)
    return Author(account.name, account.office, door) if account else Author("", "", door)


def _refuse_action(
    action: Action, account: Account | None, settings: Settings, engine: Engine
) -> ResponseReturnValue | None:
    """The refusal, or None where the request may go on."""
    if action in PUBLIC_ACTIONS[settings.view]:
        return None
    if request.endpoint in WALL_ENDPOINTS and _is_accepted_screen(engine):
        return None
    if account is None:
        return _ask_to_sign_in()
    if account.must_change and action not in {Action.ENTER, Action.KEEP_ACCOUNT}:
        return _lead_to("change_password", 403)
    if not account.may_do(action):
        _log.warning("%r refused (403): %s may not %s", request.path, account.role, action)
        abort(403)
    if action in {Action.LOOK, Action.TAKE_AWAY}:
        return _refuse_other_province(account, settings)
    return None


def _read_key_secret() -> str:
    """The key that a program shows; empty where it shows none."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.casefold() == "bearer" else ""


def _admit_program(
    action: Action, secret: str, settings: Settings, engine: Engine
) -> ResponseReturnValue | None:
    """The refusal of a program, or None where it may go on, as an account of its office. What
    guards forms guards browsers that send cookies by themselves; a key is sent on purpose.
    """
    account = keys.use_api_key(engine, secret) if secret else None
    if account is None:
        _log.warning("%r refused (401): no key that works", request.path)
        return _ask_for_key()
    is_for_pages = action is Action.SEND_FILES and request.endpoint not in KEY_ENDPOINTS
    if action not in KEY_ACTIONS or is_for_pages:
        _log.warning("%r refused (403): %s may not %s", request.path, account.name, action)
        abort(403)
    g.account = account
    g.door = Door.API
    if request.endpoint in LARGE_POSTS:
        request.max_content_length = settings.max_upload
    is_reading = action is Action.TAKE_AWAY and action not in PUBLIC_ACTIONS[settings.view]
    return _refuse_other_province(account, settings) if is_reading else None


def _ask_for_key() -> Response:
    answer = Response("Cần khóa còn hiệu lực.", status=401, mimetype="text/plain")
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _is_accepted_screen(engine: Engine) -> bool:
    """Whether a wall screen of the office asks: it stays for weeks and signs in nowhere."""
    secret = request.cookies.get(sessions.SCREEN_COOKIE, "")
    return bool(secret) and screens.find_accepted_screen(engine, secret) is not None


def _refuse_other_province(account: Account, settings: Settings) -> ResponseReturnValue | None:
    if request.endpoint in OF_ALL_PROVINCES:
        return None
    path = request.view_args or {}
    is_of_nation = request.endpoint == NATION_PATH or path.get("name") == NATION_PATH.strip("/")
    if is_of_nation and account.provinces:
        _log.warning("%r refused (403): all provinces", request.path)
        abort(403)
    provinces = {path["province"]} if "province" in path else set()
    communes = reference.load_communes()
    if path.get("code") in communes.index:
        provinces.add(str(communes.at[path["code"], "province_code"]))
    provinces = provinces or {read_page_view(settings).province}
    if all(account.reaches_province(province) for province in provinces):
        return None
    is_named = "province" in request.args or "province" in path or "code" in path
    if not is_named and request.method == "GET" and account.provinces:
        # Nobody asked for another province: the settings' own is just not theirs.
        fields = {**path, **request.args, "province": min(account.provinces)}
        return redirect(url_for(str(request.endpoint), **fields))
    _log.warning("%r refused (403): another province", request.path)
    abort(403)


def _ask_to_sign_in() -> ResponseReturnValue:
    if request.path.startswith(_API_FOLDER):
        return _ask_for_key()
    if request.method == "GET" and request.accept_mimetypes.accept_html:
        return redirect(url_for("sign_in", next=locate_path(request.full_path.rstrip("?"))))
    return Response("Cần đăng nhập.", status=401, mimetype="text/plain")


def _lead_to(endpoint: str, status: int) -> ResponseReturnValue:
    is_page = not request.path.startswith(_API_FOLDER)
    if is_page and request.method == "GET" and request.accept_mimetypes.accept_html:
        return redirect(url_for(endpoint))
    return Response("Hãy đổi mật khẩu trước.", status=status, mimetype="text/plain")


def _refuse_foreign_origin(*, strict: bool) -> None:
    """Raise 403 where another site's page sent this. `strict`: where nothing says who did, too."""
    origin = request.headers.get("Origin", "")
    site = request.headers.get("Sec-Fetch-Site", "")
    is_own = urlsplit(origin).netloc == request.host if origin else site == "same-origin"
    if not is_own and (strict or origin or site):
        _log.warning("%r refused (403): sent by a page of another site", request.path)
        abort(403)


def _make_private(response: Response) -> str:
    kept = response.headers.get("Cache-Control", "")
    return "no-store" if "no-store" in kept or response.status_code != 200 else "private, no-cache"

"""The one door that every request passes: which action an address is, and whether who asks may.

An address without a row in ENDPOINT_ACTIONS is refused, whatever it is (deny by default); a test
walks all rules of the server. Forms that change anything must come from a page of ours: their
Origin is this server and they carry the token of their session.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Mapping, Set
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

ENDPOINT_ACTIONS: Mapping[str, Action] = MappingProxyType(
    {
        # Dash's own, and what scripts and styles are
        "static": Action.ENTER,
        "_dash_assets.static": Action.ENTER,
        "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>": Action.ENTER,
        "/_dash-layout": Action.LOOK,
        "/_dash-dependencies": Action.LOOK,
        "/_reload-hash": Action.LOOK,
        "/_favicon.ico": Action.ENTER,
        "/": Action.LOOK,
        "/<path:path>": Action.ENTER,  # answers 404
        "bundle": Action.ENTER,
        "dash_scripts": Action.ENTER,
        "plotly_js": Action.ENTER,
        "worker": Action.ENTER,
        "list_worker": Action.ENTER,
        "health": Action.ENTER,
        "ready": Action.ENTER,
        "metrics": Action.ENTER,  # for whom is its own setting
        # what pages show
        "state": Action.LOOK,
        "charts": Action.LOOK,
        "map_of": Action.LOOK,
        "moved": Action.LOOK,
        "days_of": Action.LOOK,
        "names_of": Action.LOOK,
        "screen": Action.LOOK,
        "scenes": Action.LOOK,
        "heard": Action.REPORT_SCREEN,
        "/tim": Action.LOOK,
        "/toan-quoc": Action.LOOK,
        "/thieu-gi": Action.LOOK,
        "/to-cong-tac": Action.LOOK,
        "/to-cong-tac/lich": Action.LOOK,
        "/to-cong-tac/bao-cao": Action.LOOK,
        "/to-cong-tac/viec-hua": Action.LOOK,
        "/du-lieu": Action.LOOK,
        "/chi-so": Action.LOOK,
        "/ho-so": Action.LOOK,
        "/xep-hang": Action.LOOK,
        "/xa/<code>": Action.LOOK,
        "/so-sanh": Action.LOOK,
        "/api": Action.LOOK,
        "/ban-tin": Action.LOOK,
        "/ban-tin/hop": Action.LOOK,
        "/nhung": Action.LOOK,
        "/toan-canh": Action.LOOK,
        "/toan-canh/bieu-do/<figure>.json": Action.LOOK,
        "/ho-so/bieu-do/<figure>.json": Action.LOOK,
        "/xa/<code>/bieu-do/<figure>.json": Action.LOOK,
        # what is taken along
        "report": Action.TAKE_AWAY,
        "download": Action.TAKE_AWAY,
        "download_workbook": Action.TAKE_AWAY,
        "dossier_form": Action.TAKE_AWAY,
        "declaration_form": Action.TAKE_AWAY,
        "field_report_workbook": Action.TAKE_AWAY,
        "bulletin_pdf": Action.TAKE_AWAY,
        # the same for programs: /api/v1
        "api_provinces": Action.TAKE_AWAY,
        "api_province": Action.TAKE_AWAY,
        "api_communes": Action.TAKE_AWAY,
        "api_commune": Action.TAKE_AWAY,
        "api_levels": Action.TAKE_AWAY,
        "api_criteria": Action.TAKE_AWAY,
        "api_readings": Action.TAKE_AWAY,
        "api_dossiers": Action.TAKE_AWAY,
        "api_rankings": Action.TAKE_AWAY,
        "api_signals": Action.TAKE_AWAY,
        "api_sources": Action.TAKE_AWAY,
        "api_follow_ups": Action.TAKE_AWAY,
        "api_support_requests": Action.TAKE_AWAY,
        "api_weak_list": Action.TAKE_AWAY,
        "api_teams": Action.TAKE_AWAY,
        "api_team_days": Action.TAKE_AWAY,
        "api_field_resources": Action.TAKE_AWAY,
        "api_feedback": Action.TAKE_AWAY,
        "api_visits": Action.TAKE_AWAY,
        "api_map": Action.TAKE_AWAY,
        "api_changes": Action.TAKE_AWAY,
        "api_calendar": Action.TAKE_AWAY,
        "api_description": Action.ENTER,  # how to ask; no figure is in it
        # wall screens
        "enter_screen": Action.ENTER,
        # accounts
        "sign_in": Action.ENTER,
        "redeem_link": Action.ENTER,
        "begin_province_sign_in": Action.ENTER,
        "end_province_sign_in": Action.ENTER,
        "sign_out": Action.KEEP_ACCOUNT,
        "change_password": Action.KEEP_ACCOUNT,
        "show_account": Action.KEEP_ACCOUNT,
        "end_session": Action.KEEP_ACCOUNT,
        # files that are sent
        "send_files": Action.SEND_FILES,
        "show_upload": Action.SEND_FILES,
        "confirm_upload": Action.SEND_FILES,
        "retry_upload": Action.SEND_FILES,
        "drop_upload": Action.SEND_FILES,
        "undo_batch": Action.SEND_FILES,
        "download_form": Action.TAKE_AWAY,
        # visits of teams; the page itself holds no figure, a phone keeps it
        "visit_form": Action.ENTER,
        "visit_sheets": Action.RECORD_VISITS,
        "visit_session": Action.RECORD_VISITS,
        "receive_visit": Action.RECORD_VISITS,
        "receive_saved_visits": Action.SEND_FILES,
        # what offices promised
        "decide_weak_list": Action.COORDINATE,
        "plan_team_days": Action.COORDINATE,
        # counts of a month, as a file would bring them
        "tell_feedback": Action.SEND_FILES,
        "tell_resource": Action.SEND_FILES,
        "/to-cong-tac/yeu-cau": Action.LOOK,
        # each step has its own right besides (support_requests/writing.py)
        "ask_support": Action.ASK_SUPPORT,
        "show_support_request": Action.ASK_SUPPORT,
        "add_support_step": Action.ASK_SUPPORT,
        "add_follow_up": Action.COORDINATE,
        "withdraw_follow_up": Action.COORDINATE,
        # what was sent of what needs a decision
        "show_alerts": Action.COORDINATE,
        "acknowledge_alert": Action.COORDINATE,
        # who changed what; accounts, keys, screens
        "show_audit": Action.READ_AUDIT,
        "download_audit": Action.READ_AUDIT,
        "download_audit_workbook": Action.READ_AUDIT,
        "administer": Action.ADMINISTER,
        "add_account": Action.ADMINISTER,
        "change_account": Action.ADMINISTER,
        "add_key": Action.ADMINISTER,
        "revoke_key": Action.ADMINISTER,
        "add_screen": Action.ADMINISTER,
        "change_screen": Action.ADMINISTER,
        # the same for programs, with a key of their office
        "receive_import": Action.SEND_FILES,
        "show_import": Action.SEND_FILES,
        "confirm_import": Action.SEND_FILES,
    }
)
# What a wall screen asks for: where viewing needs an account, its own secret opens these.
_WALL_ENDPOINTS = frozenset({"screen", "scenes", "map_of", "heard"})
# Posted by a script of ours that only says that a screen is on: no form, no token.
_SCRIPT_POSTS = frozenset({"heard"})
# Files: as large as the settings allow, where any other body is small.
_LARGE_POSTS = frozenset({"send_files", "receive_import"})
# Only for programs: no cookie opens them, so that no page of another site can use one. A key opens
# no form of a page.
_KEY_ENDPOINTS = frozenset({"receive_import", "show_import", "confirm_import"})
# Proxies and watchdogs ask by whatever name they have; no figure is in the answer.
_ASKED_BY_MACHINES = frozenset({"health", "ready"})
# Answered from a copy of the store, where there is one.
_MAY_LAG = frozenset({Action.LOOK, Action.TAKE_AWAY})
_COSTLY_ENDPOINTS = frozenset(
    {
        "report",
        "download",
        "download_workbook",
        "download_form",
        "dossier_form",
        "declaration_form",
        "field_report_workbook",
        "bulletin_pdf",
    }
)
# What programs ask: they follow no redirect to a page where one signs in, and are counted.
_API_FOLDER = "/api/v1/"
# It names the provinces that an account reaches, and no figure of any.
_OF_ALL_PROVINCES = frozenset({"api_provinces"})
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
        if request.endpoint in _ASKED_BY_MACHINES or "*" in own_names:
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
        if request.endpoint in _KEY_ENDPOINTS or (secret and action is not Action.ENTER):
            return _admit_program(action, secret, settings, engine)
        account = find_account()
        if refusal := _refuse_action(action, account, settings, engine):
            return refusal
        # What is kept for all (kept_answers.py) is neither made by who is signed in nor theirs.
        g.is_for_everybody = account is None and action in PUBLIC_ACTIONS[settings.view]
        # Who may write reads what they wrote; a copy of the store may be behind it.
        may_lag = action in _MAY_LAG or request.endpoint in _ASKED_BY_MACHINES
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
            _refuse_foreign_origin(strict=request.endpoint not in _SCRIPT_POSTS)
            if request.endpoint in _LARGE_POSTS:
                # Only here, and only for who may send: others are refused before a byte is read.
                request.max_content_length = settings.max_upload
            if request.endpoint not in _SCRIPT_POSTS:
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
    return request.endpoint in _COSTLY_ENDPOINTS or for_programs or days_of_own_choice


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
    if request.endpoint in _WALL_ENDPOINTS and _is_accepted_screen(engine):
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
    is_for_pages = action is Action.SEND_FILES and request.endpoint not in _KEY_ENDPOINTS
    if action not in KEY_ACTIONS or is_for_pages:
        _log.warning("%r refused (403): %s may not %s", request.path, account.name, action)
        abort(403)
    g.account = account
    g.door = Door.API
    if request.endpoint in _LARGE_POSTS:
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
    if request.endpoint in _OF_ALL_PROVINCES:
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

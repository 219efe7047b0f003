"""Signing in and out, one's password and where one is signed in: forms without any script.

/dang-nhap, /lien-ket/<token> (the first administrator, once), /doi-mat-khau, /tai-khoan.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from flask import Flask, Response, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import Engine

from dashboard.accounts.passwords import find_password_fault, hash_password, verify_password
from dashboard.accounts.roles import (
    ROLE_NAMES,
    Account,
    Action,
    Role,
    describe_reach,
    find_name_fault,
)
from dashboard.reference import VIETNAM
from dashboard.settings import Settings
from dashboard.store import accounts
from dashboard.store.audit import Author, Door
from dashboard.store.clock import read_clock
from dashboard.text import format_moment
from dashboard.web import access, client_address, sessions
from dashboard.web.documents.forms import NAME_COOKIE, FormPage, render_form
from dashboard.web.sign_in import openid
from dashboard.web.sign_in.openid import PROVINCE_DOOR

# Attempts of one client, whatever the names it tries.
ATTEMPT_LIMIT: Final = "10 per minute; 100 per hour"
# One answer for a wrong password, an account that has to wait and a name that nobody has: who
# guesses learns no names.
_WRONG = (
    "Tên tài khoản hoặc mật khẩu không đúng. Sau 5 lần sai, mỗi lần thử lại phải cách lần trước "
    "tới một phút, kể cả khi mật khẩu đúng."
)
# A browser in which an account once signed in never waits because others guess at its password.
_KNOWN_BROWSER = "dashboard_browser"
_KNOWN_BROWSER_DAYS = 90
# What an account may do besides looking, and where.
_WAYS: Final = (
    (Action.SEND_FILES, "send_files", "Nạp tệp"),
    (Action.COORDINATE, "show_alerts", "Cảnh báo"),
    (Action.READ_AUDIT, "show_audit", "Nhật ký"),
    (Action.ADMINISTER, "administer", "Quản trị"),
)
_log = logging.getLogger("dashboard")


def register(server: Flask, settings: Settings, engine: Engine, limiter: Limiter) -> None:
    """Adds the forms to `server`."""
    provider = openid.register(server, settings, engine, limiter)

    @server.route("/dang-nhap", methods=["GET", "POST"], endpoint="sign_in")
    @limiter.limit(ATTEMPT_LIMIT, methods=["POST"])
    def sign_in() -> ResponseReturnValue:
        target = sessions.choose_local_address(request.values.get("next", ""), url_for("/"))
        if request.method == "GET":
            context = {"next": target, "fault": "", "province": provider is not None}
            return render_form(FormPage("sign_in/sign_in.html", "sign_in", context))
        name = request.form.get("name", "").strip().casefold()[:40]
        account = _check_password(engine, name, request.form.get("password", ""))
        if isinstance(account, str):
            _log.warning("sign-in refused: %s", account)
            context = {"next": target, "fault": account, "province": provider is not None}
            return render_form(FormPage("sign_in/sign_in.html", "sign_in", context, 403))
        sessions.begin_session(engine, account, "password")
        answer = redirect(url_for("change_password") if account.must_change else target, 303)
        return _remember_browser(answer, account, settings)  # type: ignore[arg-type]

    @server.route("/lien-ket/<token>", methods=["GET", "POST"], endpoint="redeem_link")
    @limiter.limit(ATTEMPT_LIMIT, methods=["POST"])
    def redeem_link(token: str) -> ResponseReturnValue:
        # The link is for who started the server, on the same machine.
        is_near = client_address.is_loopback(
            client_address.find_client_address(request, settings.proxies)
        )
        if not is_near or not accounts.is_first_link_valid(engine, token):
            return render_form(FormPage("sign_in/link_over.html", "sign_in", {}, 404))
        if request.method == "GET":
            return render_form(FormPage("sign_in/first.html", "sign_in", {"fault": "", "name": ""}))
        name = request.form.get("name", "").strip().casefold()
        fault = find_name_fault(name) or _find_new_fault(name)
        if not fault:
            account = Account(0, name, request.form.get("office", "")[:80], Role.ADMINISTRATOR)
            author = Author(name, account.office, Door.PAGE)
            password_hash = hash_password(request.form["password"])
            if not accounts.redeem_first_link(engine, token, account, password_hash, author):
                return render_form(FormPage("sign_in/link_over.html", "sign_in", {}, 404))
            record = accounts.fetch_account(engine, name)
            if record is None:
                abort(500)
            sessions.begin_session(engine, record.account, "link")
            answer = redirect(url_for("show_account"), 303)
            return _remember_browser(answer, record.account, settings)  # type: ignore[arg-type]
        context = {"fault": fault, "name": name}
        return render_form(FormPage("sign_in/first.html", "sign_in", context))

    @server.post("/dang-xuat", endpoint="sign_out")
    def sign_out() -> ResponseReturnValue:
        account = access.require_account()
        token = access.find_token()
        opened = accounts.list_sessions(engine, account, token)
        door = next((entry.door for entry in opened if entry.is_this), "")
        sessions.leave_session(engine, token, access.find_author())
        answer = redirect(url_for("/"), 303)
        # A page that goes on by itself: a form may lead to this server only (form-action).
        if provider and door == PROVINCE_DOOR and (address := provider.find_sign_out_address()):
            answer = render_form(
                FormPage("sign_in/signed_out.html", "sign_in", {"address": address})
            )
        answer.delete_cookie(NAME_COOKIE)
        answer.headers["Clear-Site-Data"] = '"cache"'
        return answer  # type: ignore[return-value]  # werkzeug's own class

    @server.route("/doi-mat-khau", methods=["GET", "POST"], endpoint="change_password")
    @limiter.limit(ATTEMPT_LIMIT, methods=["POST"])
    def change_password() -> ResponseReturnValue:
        account = access.require_account()
        fault = ""
        if request.method == "POST":
            checked = _check_password(engine, account.name, request.form.get("old", ""))
            fault = "Mật khẩu hiện tại không đúng." if isinstance(checked, str) else ""
            fault = fault or _find_new_fault(account.name)
            if not fault:
                password_hash = hash_password(request.form["password"])
                author = access.find_author()
                accounts.set_password(
                    engine, account.name, password_hash, author, must_change=False
                )
                record = accounts.fetch_account(engine, account.name)
                if record is not None:  # all sessions have ended, this one begins anew
                    sessions.begin_session(engine, record.account, "password")
                return redirect(url_for("show_account"), 303)
        page = FormPage(
            "sign_in/password.html",
            "sign_in",
            {"fault": fault, "first": account.must_change},
        )
        return render_form(page)

    @server.get("/tai-khoan", endpoint="show_account")
    def show_account() -> ResponseReturnValue:
        account = access.require_account()
        sessions = [
            {
                "number": entry.number,
                "browser": entry.browser,
                "started": format_moment(entry.started_at + VIETNAM.utcoffset(None)),
                "seen": format_moment(entry.seen_at + VIETNAM.utcoffset(None)),
                "is_this": entry.is_this,
            }
            for entry in accounts.list_sessions(engine, account, access.find_token())
        ]
        context = {
            "account": account,
            "role": ROLE_NAMES[account.role],
            "reach": describe_reach(account),
            "sessions": sessions,
            "ways": [
                (url_for(endpoint), word)
                for action, endpoint, word in _WAYS
                if account.may_do(action)
            ],
        }
        return render_form(FormPage("sign_in/account.html", "sign_in", context))

    @server.post("/tai-khoan/phien/<int:number>", endpoint="end_session")
    def end_session(number: int) -> ResponseReturnValue:
        account = access.require_account()
        if not accounts.end_session(engine, account, access.find_author(), number=number):
            abort(404)
        return redirect(url_for("show_account"), 303)


def _check_password(engine: Engine, name: str, password: str) -> Account | str:
    """The account, or why not in words; an unknown name takes as long as a wrong password."""
    record = accounts.fetch_account(engine, name) if name else None
    is_known_browser = bool(name) and _read_known_browser() == name
    wait_until = record.wait_until if record else None
    if wait_until and wait_until > read_clock() and not is_known_browser:
        verify_password(None, password)
        return _WRONG
    matches = verify_password(record.password_hash if record else None, password)
    if record is None or not matches:
        if record is not None:
            accounts.count_failure(engine, name)
        return _WRONG
    if record.account.locked:
        return "Tài khoản đang bị khóa; hãy liên hệ người quản trị."
    return record.account


def _find_new_fault(name: str) -> str:
    password = request.form.get("password", "")
    if password != request.form.get("again", ""):
        return "Hai lần nhập mật khẩu mới không giống nhau."
    return find_password_fault(password, name)


def _sign_browsers() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="known browser")


def _read_known_browser() -> str:
    written = request.cookies.get(_KNOWN_BROWSER, "")
    age = timedelta(days=_KNOWN_BROWSER_DAYS)
    try:
        return str(_sign_browsers().loads(written, max_age=int(age.total_seconds())))
    except BadSignature:
        return ""


def _remember_browser(answer: Response, account: Account, settings: Settings) -> Response:
    secure = client_address.is_secure(request, settings.proxies)
    answer.set_cookie(
        _KNOWN_BROWSER,
        str(_sign_browsers().dumps(account.name)),
        max_age=timedelta(days=_KNOWN_BROWSER_DAYS),
        secure=secure,
        httponly=True,
        samesite="Strict",
    )
    answer.set_cookie(NAME_COOKIE, account.name, secure=secure, samesite="Lax")
    return answer

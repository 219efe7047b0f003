"""Signing in at the province's own identity provider: OpenID Connect, by authlib.

State, nonce and PKCE (S256) are new for each attempt and kept in the signed cookie; the provider
says who somebody is, DASHBOARD_OIDC_ROLES what they may. Requests go to the issuer's hosts only
when somebody signs in, and only where it is configured.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Flask, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from sqlalchemy import Engine

from dashboard.accounts.roles import Account, find_name_fault
from dashboard.settings import RoleRule, Settings
from dashboard.store import accounts
from dashboard.store.audit import Author, Door
from dashboard.text import strip_tones
from dashboard.web import client_address, sessions
from dashboard.web.documents.forms import NAME_COOKIE, FormPage, render_form

ATTEMPT_LIMIT = "20 per minute; 200 per hour"
# What the session says of how it began; signing out of it signs out of the provider, too.
PROVINCE_DOOR = "province"
_TARGET = "province_target"
_SECONDS = 10
_log = logging.getLogger("dashboard")


class ProvinceSignIn:
    """The identity provider as authlib sees it."""

    def __init__(self, server: Flask, settings: Settings) -> None:
        # Here: most servers have no provider, and these are a sixth of what a server would import.
        from authlib.integrations.base_client import OAuthError
        from authlib.integrations.flask_client import OAuth
        from joserfc.errors import JoseError
        from requests import RequestException

        # What asking the provider raises where it is away or says something else than it should.
        self.faults: tuple[type[Exception], ...] = (
            OAuthError,
            JoseError,
            RequestException,
            ValueError,
        )
        self._settings = settings
        self.client = OAuth(server).register(
            "province",
            server_metadata_url=f"{settings.oidc_issuer}/.well-known/openid-configuration",
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret or None,
            client_kwargs={
                "scope": "openid profile",
                "code_challenge_method": "S256",
                "default_timeout": _SECONDS,
            },
        )

    def read_account(self, claims: Mapping[str, Any]) -> Account | None:
        """Who the provider says it is; None where no rule gives a role."""
        rule = choose_role_rule(claims.get(self._settings.oidc_role_claim), self._settings)
        if rule is None:
            return None
        name = make_account_name(claims, self.identify_person(claims))
        return Account(0, name, "", rule.role, rule.provinces)

    def identify_person(self, claims: Mapping[str, Any]) -> str:
        """By what the account is known again: no name, no address, nothing to read."""
        return accounts.hash_token(f"{self._settings.oidc_issuer} {claims['sub']}")

    def find_sign_out_address(self) -> str:
        """Where the provider ends its own session; empty where it has no such place or is away."""
        try:
            address = self.client.load_server_metadata().get("end_session_endpoint", "")
        except self.faults:
            return ""
        if not address:
            return ""
        fields = {
            "client_id": self._settings.oidc_client_id,
            "post_logout_redirect_uri": url_for("/", _external=True),
        }
        return f"{address}?{urlencode(fields)}"


def register(
    server: Flask, settings: Settings, engine: Engine, limiter: Limiter
) -> ProvinceSignIn | None:
    """Adds the way to the provider and back, where there is one; the provider."""
    provider = ProvinceSignIn(server, settings) if settings.oidc_issuer else None

    @server.get("/dang-nhap/tinh", endpoint="begin_province_sign_in")
    @limiter.limit(ATTEMPT_LIMIT)
    def begin_province_sign_in() -> ResponseReturnValue:
        if provider is None:
            return _refuse_sign_in("Không có cách đăng nhập này.", 404)
        # One attempt at a time: what an earlier one left is worth nothing any more.
        session.clear()
        target = sessions.choose_local_address(request.args.get("next", ""), url_for("/"))
        session[_TARGET] = target
        back = url_for("end_province_sign_in", _external=True)
        try:
            answer: ResponseReturnValue = provider.client.authorize_redirect(back)
        except provider.faults as error:
            _log.warning("the identity provider does not answer (%s)", type(error).__name__)
            return _refuse_sign_in("Hệ thống đăng nhập của tỉnh không trả lời; hãy thử lại.", 503)
        return answer

    @server.get("/dang-nhap/tinh/xong", endpoint="end_province_sign_in")
    @limiter.limit(ATTEMPT_LIMIT)
    def end_province_sign_in() -> ResponseReturnValue:
        if provider is None:
            return _refuse_sign_in("Không có cách đăng nhập này.", 404)
        target = sessions.choose_local_address(session.pop(_TARGET, ""), url_for("/"))
        try:
            claims = provider.client.authorize_access_token().get("userinfo")
        # What it says may name a person: only its kind is logged.
        except provider.faults as error:
            _log.warning("sign-in by the provider refused (%s)", type(error).__name__)
            return _refuse_sign_in("Lần đăng nhập này không còn hiệu lực; hãy thử lại.", 403)
        if not claims:
            _log.warning("sign-in by the provider refused: no identity token")
            return _refuse_sign_in("Hệ thống đăng nhập của tỉnh không nói ai đăng nhập.", 403)
        account = provider.read_account(claims)
        if account is None:
            _log.warning("sign-in by the provider refused: no rule gives a role")
            return _refuse_sign_in("Tài khoản này không được giao vai trò nào ở đây.", 403)
        external_id = provider.identify_person(claims)
        author = Author(account.name, "", Door.PAGE)
        saved = accounts.save_external_account(engine, external_id, account, author)
        if saved.locked:
            _log.warning("sign-in by the provider refused: the account is locked")
            return _refuse_sign_in("Tài khoản đang bị khóa; hãy liên hệ người quản trị.", 403)
        sessions.begin_session(engine, saved, PROVINCE_DOOR)
        answer = redirect(target, 303)
        secure = client_address.is_secure(request, settings.proxies)
        answer.set_cookie(NAME_COOKIE, saved.name, secure=secure, samesite="Lax")
        return answer

    return provider


def choose_role_rule(told_values: Any, settings: Settings) -> RoleRule | None:
    """The first rule whose value the claim has; the claim is one word or a list of them."""
    values = told_values if isinstance(told_values, list) else [told_values]
    return next((rule for rule in settings.oidc_roles if rule.value in values), None)


def make_account_name(claims: Mapping[str, Any], external_id: str) -> str:
    """What the account is called here: what the provider calls it, made fit, with a mark of its own
    so that it never is another's.
    """
    written = strip_tones(str(claims.get("preferred_username", ""))).partition("@")[0]
    name = re.sub(r"[^a-z0-9._-]", "", written.casefold())[:30]
    return f"{'tinh' if find_name_fault(name) else name}-{external_id[:8]}"


def _refuse_sign_in(words: str, status: int) -> ResponseReturnValue:
    context = {"words": words}
    return render_form(FormPage("sign_in/refused.html", "sign_in", context, status))

"""/quan-tri: accounts, keys of programs, wall screens; each change a plain form and a line of the
audit. What is shown once (a first password, a key, a screen's link) is in the answer of its form.

Who administers some provinces only gives and changes nothing that reaches beyond them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from sqlalchemy import Engine

from dashboard import reference, text
from dashboard.accounts.passwords import generate_password, hash_password
from dashboard.accounts.roles import (
    ROLE_NAMES,
    Account,
    Role,
    describe_reach,
    find_name_fault,
)
from dashboard.errors import DashboardError
from dashboard.reference import VIETNAM
from dashboard.settings import Settings
from dashboard.store import StoreUnavailable, accounts, keys, screens
from dashboard.web import access
from dashboard.web.base_path import locate_path
from dashboard.web.documents.forms import FormPage, render_form

CHANGE_LIMIT: Final = "60 per minute"


class ChangeRefused(DashboardError):
    """A change that this administrator cannot make: why, in words for them."""


@dataclass(frozen=True)
class ShownOnce:
    """What nobody can read again: whose it is, and the secret."""

    words: str
    secret: str


def register(server: Flask, settings: Settings, engine: Engine, limiter: Limiter) -> None:
    """Adds the page and its forms to `server`."""

    def answer(change: Callable[[Account], ShownOnce | None]) -> ResponseReturnValue:
        """Do it: back to the page, or the page with what is shown once, or with why not."""
        administrator = access.require_account()
        try:
            shown = change(administrator)
        except StoreUnavailable:
            raise
        except DashboardError as refusal:
            fault = f"{str(refusal).rstrip('.')}."
            return render_form(_build_page(engine, administrator, fault=fault))
        if shown is None:
            return redirect(url_for("administer"), 303)
        return render_form(_build_page(engine, administrator, shown=shown))

    @server.get("/quan-tri", endpoint="administer")
    def administer() -> ResponseReturnValue:
        return render_form(_build_page(engine, access.require_account()))

    @server.post("/quan-tri/tai-khoan", endpoint="add_account")
    @limiter.limit(CHANGE_LIMIT)
    def add_account() -> ResponseReturnValue:
        def change(administrator: Account) -> ShownOnce:
            name = request.form.get("name", "").strip().casefold()
            if fault := find_name_fault(name):
                raise ChangeRefused(fault)
            role, provinces, communes = _read_reach(administrator)
            office = request.form.get("office", "").strip()[:80]
            account = Account(0, name, office, role, provinces, communes, must_change=True)
            password = generate_password()
            password_hash = hash_password(password)
            accounts.create_account(engine, account, password_hash, access.find_author())
            return ShownOnce(f"Mật khẩu lần đầu của {name}, phải đổi khi đăng nhập", password)

        return answer(change)

    @server.post("/quan-tri/tai-khoan/<name>/<step>", endpoint="change_account")
    @limiter.limit(CHANGE_LIMIT)
    def change_account(name: str, step: str) -> ResponseReturnValue:
        def change(administrator: Account) -> ShownOnce | None:
            author = access.find_author()
            record = accounts.fetch_account(engine, name)
            if record is None or not _is_within(administrator, record.account.provinces):
                raise ChangeRefused("Không có tài khoản này trong phạm vi quản trị")
            if step in {"lock", "unlock"}:
                accounts.lock_account(engine, name, author, locked=step == "lock")
            elif step == "signout":
                accounts.sign_out_everywhere(engine, name, author)
            elif step == "role":
                role, provinces, communes = _read_reach(administrator)
                accounts.change_role(engine, name, role, provinces, communes, author)
            elif step == "password":
                password = generate_password()
                password_hash = hash_password(password)
                accounts.set_password(engine, name, password_hash, author, must_change=True)
                return ShownOnce(f"Mật khẩu mới của {name}, phải đổi khi đăng nhập", password)
            else:
                abort(404)
            return None

        return answer(change)

    @server.post("/quan-tri/khoa", endpoint="add_key")
    @limiter.limit(CHANGE_LIMIT)
    def add_key() -> ResponseReturnValue:
        def change(administrator: Account) -> ShownOnce:
            office = request.form.get("office", "").strip()[:80]
            if not office:
                raise ChangeRefused("Hãy ghi cơ quan dùng khóa")
            provinces = _read_provinces(administrator)
            author = access.find_author()
            number, secret = keys.create_api_key(engine, office, provinces, author)
            return ShownOnce(f"Khóa số {number} của {office}", secret)

        return answer(change)

    @server.post("/quan-tri/khoa/<int:number>/thu-hoi", endpoint="revoke_key")
    @limiter.limit(CHANGE_LIMIT)
    def revoke_key(number: int) -> ResponseReturnValue:
        def change(administrator: Account) -> None:
            if number not in {key.number for key in _list_own_keys(engine, administrator)}:
                raise ChangeRefused("Không có khóa này trong phạm vi quản trị")
            keys.revoke_api_key(engine, number, access.find_author())

        return answer(change)

    @server.post("/quan-tri/man-hinh", endpoint="add_screen")
    @limiter.limit(CHANGE_LIMIT)
    def add_screen() -> ResponseReturnValue:
        def change(administrator: Account) -> ShownOnce:
            name = " ".join(request.form.get("name", "").split())[:40]
            if not name:
                raise ChangeRefused("Hãy ghi tên màn hình")
            province = min(administrator.provinces, default=settings.province)
            secret = screens.add_screen(engine, name, access.find_author())
            path = locate_path(f"/man-hinh/vao/{secret}?province={province}")
            return ShownOnce(
                f"Liên kết của màn hình {name}, mở một lần trên chính màn hình đó",
                f"{request.host_url.rstrip('/')}{path}",
            )

        return answer(change)

    @server.post("/quan-tri/man-hinh/<int:number>/<step>", endpoint="change_screen")
    @limiter.limit(CHANGE_LIMIT)
    def change_screen(number: int, step: str) -> ResponseReturnValue:
        def change(administrator: Account) -> None:
            shown = {screen["number"] for screen in _list_own_screens(engine, administrator)}
            if number not in shown:
                raise ChangeRefused("Không có màn hình này trong phạm vi quản trị")
            steps = {"accept": screens.accept_screen, "remove": screens.remove_screen}
            if step not in steps:
                abort(404)
            steps[step](engine, number, access.find_author())

        return answer(change)


def _is_within(administrator: Account, provinces: Collection[str]) -> bool:
    """Whether what reaches these provinces (none: all) is within the administrator's reach."""
    return not administrator.provinces or (
        bool(provinces) and administrator.provinces.issuperset(provinces)
    )


def _read_provinces(administrator: Account) -> frozenset[str]:
    provinces = frozenset(re.findall(r"\w+", request.form.get("provinces", "")))
    if unknown := sorted(provinces - reference.load_province_names().keys()):
        raise ChangeRefused(f"Không có tỉnh mã {unknown[0][:10]}; mã gồm hai chữ số, ví dụ 51")
    if not _is_within(administrator, provinces):
        raise ChangeRefused("Chỉ cấp được phạm vi trong các tỉnh mà mình quản trị")
    return provinces


def _read_reach(administrator: Account) -> tuple[Role, frozenset[str], frozenset[str]]:
    role = request.form.get("role", "")
    if role not in {str(choice) for choice in Role}:
        raise ChangeRefused("Hãy chọn vai trò")
    communes = frozenset(re.findall(r"\w+", request.form.get("communes", "")))
    if unknown := sorted(communes - set(reference.load_communes().index)):
        raise ChangeRefused(f"Không có đơn vị cấp xã mã {unknown[0][:10]}")
    return Role(role), _read_provinces(administrator), communes


def _list_own_keys(engine: Engine, administrator: Account) -> list[keys.ApiKey]:
    return [key for key in keys.list_api_keys(engine) if _is_within(administrator, key.provinces)]


def _list_own_screens(engine: Engine, administrator: Account) -> list[dict[str, Any]]:
    """The screens of the administrator's provinces; one that was never on is of none yet."""
    names = reference.load_province_names()
    return [
        {
            "number": row["number"],
            "name": row["name"],
            "accepted": row["accepted"],
            "province": names.get(row["province_code"], ""),
        }
        for row in screens.fetch_screens(engine).to_dict("records")
        if not row["province_code"] or administrator.reaches_province(row["province_code"])
    ]


def _build_page(
    engine: Engine, administrator: Account, *, fault: str = "", shown: ShownOnce | None = None
) -> FormPage:
    offset = VIETNAM.utcoffset(None)
    context = {
        "fault": fault,
        "shown": shown,
        "roles": {str(role): name for role, name in ROLE_NAMES.items()},
        "province_names": {
            code: name
            for code, name in reference.load_province_names().items()
            if administrator.reaches_province(code)
        },
        "own_provinces": ", ".join(sorted(administrator.provinces)),
        "own_name": administrator.name,
        "accounts": [
            {
                "name": account.name,
                "role": str(account.role),
                "office": account.office,
                "reach": describe_reach(account),
                "provinces": ", ".join(sorted(account.provinces)),
                "communes": ", ".join(sorted(account.communes)),
                "locked": account.locked,
            }
            for account in accounts.list_accounts(engine)
            if _is_within(administrator, account.provinces)
        ],
        "keys": [
            {
                "number": key.number,
                "office": key.office,
                "reach": ", ".join(
                    reference.load_province_names()[code] for code in sorted(key.provinces)
                )
                or "mọi tỉnh, thành phố",
                "uses": key.uses,
                "used": text.format_moment(key.used_at + offset) if key.used_at else "chưa dùng",
                "revoked": key.revoked_at is not None,
            }
            for key in _list_own_keys(engine, administrator)
        ],
        "screens": _list_own_screens(engine, administrator),
    }
    return FormPage("administration/page.html", "administration", context)

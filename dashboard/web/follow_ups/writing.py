"""Adding a promise and withdrawing one with a reason. There is no third form: none closes one.

A promise's number is drawn when its form is opened; sent twice it is written once
(store/entries.py). What is written is a batch of its own, as a file would be.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final
from uuid import uuid4

import pandas as pd
from flask import Flask, abort, redirect, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from sqlalchemy import Engine

from dashboard import reference, text
from dashboard.accounts.roles import Account
from dashboard.batch import FOLLOW_UP_COLUMNS, Batch
from dashboard.errors import DashboardError
from dashboard.measures import MEASURES, PROMISED
from dashboard.reference import FIRST_DAY
from dashboard.settings import Settings
from dashboard.sources.cells.personal_data import hide_persons
from dashboard.sources.formats.sheet import Unreadable
from dashboard.sources.kinds.follow_ups.reader import KIND, read_office, read_target
from dashboard.store.entries import FieldEntry, SavedEntry, save_entry
from dashboard.store.exports import fetch_follow_ups
from dashboard.web import access
from dashboard.web.documents.address import PageView, parse_day_param
from dashboard.web.documents.document import read_page_view
from dashboard.web.documents.forms import FormPage, render_form
from dashboard.web.documents.navigation import build_address
from dashboard.web.follow_ups.page import PATH

WRITE_LIMIT: Final = "60 per minute"
_MOST_OF_WORDS = 300
_MOST_DAYS_AHEAD = 3 * 366
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FIELDS = ("entry", "commune", "what", "measure", "target", "owner", "promised_on", "due_on")


class PromiseRefused(DashboardError):
    """What cannot be taken as it was written, in words for who wrote it."""


def register(server: Flask, settings: Settings, engine: Engine, limiter: Limiter) -> None:
    """Adds the two forms to `server`."""

    @server.route(f"{PATH}/them", methods=["GET", "POST"], endpoint="add_follow_up")
    @limiter.limit(WRITE_LIMIT, methods=["POST"])
    def add_follow_up() -> ResponseReturnValue:
        account = _require_account()
        view = read_page_view(settings)
        _require_province(account, view.province)
        today = settings.today()
        written = {name: request.values.get(name, "").strip() for name in _FIELDS}
        if request.method == "GET":
            written |= {"entry": str(uuid4()), "promised_on": today.isoformat()}
            return render_form(_build_add_page(engine, view, account, written, today))
        try:
            promise = _read_written_promise(written, account, view.province, today)
            saved = _save(engine, promise, view.province, today, promise["follow_up_id"])
        except PromiseRefused as refusal:
            page = _build_add_page(engine, view, account, written, today, fault=str(refusal))
            return render_form(page)
        if saved.is_conflict:
            written["entry"] = str(uuid4())
            fault = "Biểu mẫu này đã được gửi với nội dung khác; kiểm tra lại rồi gửi lần nữa"
            return render_form(_build_add_page(engine, view, account, written, today, fault=fault))
        return redirect(build_address(PATH, PageView(view.province)), 303)

    @server.route(f"{PATH}/rut/<number>", methods=["GET", "POST"], endpoint="withdraw_follow_up")
    @limiter.limit(WRITE_LIMIT, methods=["POST"])
    def withdraw_follow_up(number: str) -> ResponseReturnValue:
        account = _require_account()
        view = read_page_view(settings)
        promise = _find_promise(engine, view.province, number)
        if promise is None or not account.reaches_commune(promise["commune_code"]):
            abort(404)
        today = settings.today()
        fault = ""
        if promise["withdrawn_on"] is not None:
            fault = "Việc hứa này đã được rút"
        elif request.method == "POST":
            reason = hide_persons(request.form.get("reason", ""), _MOST_OF_WORDS)
            if reason:
                promise |= {
                    "withdrawn_on": max(today, promise["promised_on"]),
                    "withdrawn_reason": reason,
                }
                entry_id = request.form.get("entry", "")
                if not _ID.fullmatch(entry_id):
                    abort(400)
                if not _save(engine, promise, view.province, today, entry_id).is_conflict:
                    return redirect(build_address(PATH, PageView(view.province)), 303)
            fault = "Hãy ghi lý do rút"
        context = {
            "fault": fault,
            "promise": promise,
            "name": str(reference.load_communes().at[promise["commune_code"], "name"]),
            "entry": str(uuid4()),
            "province": view.province,
            "number": number,
            "back": build_address(PATH, PageView(view.province)),
        }
        return render_form(
            FormPage("follow_ups/withdraw.html", "follow_ups", context, 400 if fault else 200)
        )


def _require_account() -> Account:
    account = access.find_account()
    if account is None:
        abort(403)
    return account


def _require_province(account: Account, province: str) -> None:
    if not account.reaches_province(province):
        abort(403)


def _build_add_page(
    engine: Engine,
    view: PageView,
    account: Account,
    written: Mapping[str, str],
    today: date,
    *,
    fault: str = "",
) -> FormPage:
    communes = reference.select_communes_of_province(view.province)["name"]
    known = fetch_follow_ups(engine, view.province)["owner"]
    context = {
        "fault": fault,
        "written": written,
        "province": view.province,
        "province_name": reference.load_province_names()[view.province],
        "communes": [
            (str(code), name)
            for code, name in communes.items()
            if account.reaches_commune(str(code))
        ],
        "measures": [(code, MEASURES[code].name) for code in PROMISED],
        "owners": sorted(set(known), key=text.make_sort_key),
        "today": today.isoformat(),
        "first_day": FIRST_DAY.isoformat(),
        "back": build_address(PATH, PageView(view.province)),
    }
    return FormPage("follow_ups/add.html", "follow_ups", context, 400 if fault else 200)


def _read_written_promise(
    written: Mapping[str, str], account: Account, province: str, today: date
) -> dict[str, Any]:
    """The promise as a row. Raises PromiseRefused."""
    if not _ID.fullmatch(written["entry"]):
        raise PromiseRefused("Biểu mẫu không còn nguyên vẹn; hãy mở lại trang rồi ghi lại")
    commune = written["commune"]
    in_province = commune in reference.select_communes_of_province(province).index
    if not (in_province and account.reaches_commune(commune)):
        raise PromiseRefused("Hãy chọn đơn vị trong phạm vi của tài khoản")
    measure = written["measure"]
    if measure not in PROMISED:
        raise PromiseRefused("Hãy chọn tiêu chí cho thấy việc hứa đã xong")
    what = hide_persons(written["what"], _MOST_OF_WORDS)
    if not what:
        raise PromiseRefused("Hãy ghi việc đã hứa")
    target = _read_by("Mức phải đạt", lambda: read_target(measure, written["target"]))
    if not written["owner"]:
        raise PromiseRefused("Hãy ghi cơ quan đã hứa")
    owner = _read_by("Cơ quan hứa", lambda: read_office(written["owner"]))
    promised_on = parse_day_param(written["promised_on"], today)
    if promised_on is None:
        raise PromiseRefused("Ngày hứa phải từ 01/07/2025 đến hôm nay")
    last = date.fromordinal(promised_on.toordinal() + _MOST_DAYS_AHEAD)
    due_on = parse_day_param(written["due_on"], last)
    if due_on is None or due_on < promised_on:
        raise PromiseRefused("Hạn hoàn thành phải từ ngày hứa đến ba năm sau đó")
    return {
        "follow_up_id": written["entry"],
        "commune_code": commune,
        "what": what,
        "measure": measure,
        "target": target,
        "owner": owner,
        "promised_on": promised_on,
        "due_on": due_on,
        "withdrawn_on": None,
        "withdrawn_reason": None,
    }


def _read_by(word: str, read: Any) -> Any:
    try:
        return read()
    except Unreadable as error:
        raise PromiseRefused(f"{word}: {error.message}; {error.remedy}") from error


def _find_promise(engine: Engine, province: str, number: str) -> dict[str, Any] | None:
    """The newest state of a promise; None where there is none of that number."""
    frame = fetch_follow_ups(engine, province)
    rows = frame[frame["follow_up_id"] == number]
    if rows.empty:
        return None
    row = rows.iloc[0]
    promise: dict[str, Any] = {name: row[name] for name in FOLLOW_UP_COLUMNS}
    for name in ("promised_on", "due_on", "withdrawn_on"):
        promise[name] = None if pd.isna(row[name]) else row[name].date()
    return promise | {"target": float(row["target"]), "withdrawn_reason": None}


def _save(
    engine: Engine, promise: Mapping[str, Any], province: str, today: date, entry_id: str
) -> SavedEntry:
    content = json.dumps(promise, ensure_ascii=False, sort_keys=True, default=str)
    entry = FieldEntry(entry_id, promise["commune_code"], content)
    batch = Batch(
        f"viec-hua_{promise['commune_code']}_{entry_id[:8]}",
        entry.sha256,
        KIND.code,
        province,
        datetime.combine(promise["withdrawn_on"] or promise["promised_on"], time()),
        rows=1,
        follow_ups=pd.DataFrame([promise], columns=FOLLOW_UP_COLUMNS, dtype=object),
    )
    return save_entry(engine, entry, batch, by=access.find_author())

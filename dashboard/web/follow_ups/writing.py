"""Adding a promise and withdrawing one with a reason. There is no third form: none closes one.

A promise's number is the one that its form drew when it was opened (entry_forms.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

import pandas as pd
from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from sqlalchemy import Engine

from dashboard import reference, text
from dashboard.accounts.roles import Account
from dashboard.batch import FOLLOW_UP_COLUMNS
from dashboard.measures import MEASURES, PROMISED
from dashboard.reference import FIRST_DAY
from dashboard.settings import Settings
from dashboard.sources.cells.personal_data import hide_persons
from dashboard.sources.formats.sheet import Unreadable
from dashboard.sources.kinds.follow_ups.reader import KIND, read_office, read_target
from dashboard.store.exports import fetch_follow_ups
from dashboard.web import access, entry_forms
from dashboard.web.documents.address import PageView, parse_day_param
from dashboard.web.documents.document import read_page_view
from dashboard.web.documents.forms import FormPage, render_form
from dashboard.web.documents.navigation import build_address
from dashboard.web.entry_forms import EntryRefused
from dashboard.web.follow_ups.page import PATH

_MOST_OF_WORDS = 300
_MOST_DAYS_AHEAD = 3 * 366
_FIELDS = ("entry", "commune", "what", "measure", "target", "owner", "promised_on", "due_on")


def register(server: Flask, settings: Settings, engine: Engine, limiter: Limiter) -> None:
    """Adds the two forms to `server`."""

    @server.route(f"{PATH}/them", methods=["GET", "POST"], endpoint="add_follow_up")
    @limiter.limit(entry_forms.WRITE_LIMIT, methods=["POST"])
    def add_follow_up() -> ResponseReturnValue:
        account, view = entry_forms.require_writer(settings)
        today = settings.today()
        written = {name: request.values.get(name, "").strip() for name in _FIELDS}
        if request.method == "GET":
            written |= {"entry": str(uuid4()), "promised_on": today.isoformat()}
            return render_form(_build_add_page(engine, view, account, written, today))
        try:
            promise = _read_written_promise(written, account, view.province, today)
            _save(engine, promise, view.province, promise["follow_up_id"])
        except EntryRefused as refusal:
            page = _build_add_page(engine, view, account, written, today, fault=str(refusal))
            return render_form(page)
        return entry_forms.lead_to(PATH, view.province)

    @server.route(f"{PATH}/rut/<number>", methods=["GET", "POST"], endpoint="withdraw_follow_up")
    @limiter.limit(entry_forms.WRITE_LIMIT, methods=["POST"])
    def withdraw_follow_up(number: str) -> ResponseReturnValue:
        account = access.require_account()
        view = read_page_view(settings)
        promise = _find_promise(engine, view.province, number)
        if promise is None or not account.reaches_commune(promise["commune_code"]):
            abort(404)
        today = settings.today()
        fault = ""
        if promise["withdrawn_on"] is not None:
            fault = "Việc hứa này đã được rút"
        elif request.method == "POST":
            try:
                _withdraw(engine, promise, view.province, today)
            except EntryRefused as refusal:
                fault = str(refusal)
            else:
                return entry_forms.lead_to(PATH, view.province)
        context = {
            "fault": fault,
            "promise": promise,
            "name": str(reference.load_communes().at[promise["commune_code"], "name"]),
            "entry": str(uuid4()),
            "province": view.province,
            "number": number,
            "back": build_address(PATH, PageView(view.province)),
        }
        return render_form(FormPage("follow_ups/withdraw.html", "follow_ups", context))


def _withdraw(engine: Engine, promise: Mapping[str, Any], province: str, today: date) -> None:
    """Write the promise as withdrawn for the reason that was sent. Raises EntryRefused."""
    reason = hide_persons(request.form.get("reason", ""), _MOST_OF_WORDS)
    if not reason:
        raise EntryRefused("Hãy ghi lý do rút")
    entry_id = request.form.get("entry", "")
    entry_forms.check_entry_id(entry_id)
    day = max(today, promise["promised_on"])
    withdrawn = {**promise, "withdrawn_on": day, "withdrawn_reason": reason}
    _save(engine, withdrawn, province, entry_id)


def _build_add_page(
    engine: Engine,
    view: PageView,
    account: Account,
    written: Mapping[str, str],
    today: date,
    *,
    fault: str = "",
) -> FormPage:
    known = fetch_follow_ups(engine, view.province)["owner"]
    context = {
        "fault": fault,
        "written": written,
        "province": view.province,
        "province_name": reference.load_province_names()[view.province],
        "communes": entry_forms.list_own_communes(account, view.province),
        "measures": [(code, MEASURES[code].name) for code in PROMISED],
        "owners": sorted(set(known), key=text.make_sort_key),
        "today": today.isoformat(),
        "first_day": FIRST_DAY.isoformat(),
        "back": build_address(PATH, PageView(view.province)),
    }
    return FormPage("follow_ups/add.html", "follow_ups", context)


def _read_written_promise(
    written: Mapping[str, str], account: Account, province: str, today: date
) -> dict[str, Any]:
    """The promise as a row. Raises EntryRefused."""
    entry_forms.check_entry_id(written["entry"])
    commune = written["commune"]
    entry_forms.check_commune(commune, account, province)
    measure = written["measure"]
    if measure not in PROMISED:
        raise EntryRefused("Hãy chọn tiêu chí cho thấy việc hứa đã xong")
    what = hide_persons(written["what"], _MOST_OF_WORDS)
    if not what:
        raise EntryRefused("Hãy ghi việc đã hứa")
    target = _read_by("Mức phải đạt", lambda: read_target(measure, written["target"]))
    if not written["owner"]:
        raise EntryRefused("Hãy ghi cơ quan đã hứa")
    owner = _read_by("Cơ quan hứa", lambda: read_office(written["owner"]))
    promised_on = parse_day_param(written["promised_on"], today)
    if promised_on is None:
        raise EntryRefused("Ngày hứa phải từ 01/07/2025 đến hôm nay")
    last = date.fromordinal(promised_on.toordinal() + _MOST_DAYS_AHEAD)
    due_on = parse_day_param(written["due_on"], last)
    if due_on is None or due_on < promised_on:
        raise EntryRefused("Hạn hoàn thành phải từ ngày hứa đến ba năm sau đó")
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
        raise EntryRefused(f"{word}: {error.message}; {error.remedy}") from error


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


def _save(engine: Engine, promise: Mapping[str, Any], province: str, entry_id: str) -> None:
    entry = entry_forms.make_entry(entry_id, promise["commune_code"], promise)
    entry_forms.save_once(
        engine,
        entry,
        f"viec-hua_{promise['commune_code']}_{entry_id[:8]}",
        KIND.code,
        province,
        promise["withdrawn_on"] or promise["promised_on"],
        follow_ups=pd.DataFrame([promise], columns=FOLLOW_UP_COLUMNS, dtype=object),
    )

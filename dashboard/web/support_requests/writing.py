"""Asking for help, and each step that follows; who may do which stands in STEP_ACTIONS.

Each is written once (entry_forms.py). Whoever mended cannot recheck. Apart from the page, whose
answers are kept for everybody: it knows neither the clock nor who looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import pandas as pd
from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from sqlalchemy import Engine

from dashboard import reference, text
from dashboard.accounts.roles import Account, Action
from dashboard.batch import SUPPORT_STEP_COLUMNS, SUPPORT_WAYS, URGENCIES
from dashboard.indicators.field.support_requests import (
    SupportRequest,
    SupportState,
    assess_support_requests,
)
from dashboard.reference import VIETNAM
from dashboard.settings import Settings
from dashboard.sources.cells.personal_data import HIDDEN, hide_persons
from dashboard.store.exports import fetch_support_steps
from dashboard.web import access, entry_forms
from dashboard.web.documents.address import PageView
from dashboard.web.documents.forms import FormPage, render_form
from dashboard.web.documents.navigation import build_address
from dashboard.web.entry_forms import EntryRefused
from dashboard.web.support_requests import words
from dashboard.web.support_requests.page import PATH
from dashboard.web.words.support_requests import (
    SUPPORT_STATE_WORDS,
    URGENCY_NAMES,
    format_office_hours,
)
from dashboard.workdays import load_calendar

_MOST_OF_WORDS = 500
_MOST_OF_OFFICE = 120
# What a step asks of who does it; a recheck besides of another account than the one that mended.
STEP_ACTIONS: Mapping[str, Action] = MappingProxyType(
    {
        "triaged": Action.COORDINATE,
        "helping": Action.RECORD_VISITS,
        "mended": Action.RECORD_VISITS,
        "rechecked": Action.ASK_SUPPORT,
        "reopened": Action.ASK_SUPPORT,
        "closed": Action.COORDINATE,
    }
)
_NEXT_STEPS: Mapping[SupportState, tuple[str, ...]] = MappingProxyType(
    {
        SupportState.ASKED: ("triaged", "helping", "mended"),
        SupportState.TRIAGED: ("triaged", "helping", "mended"),
        SupportState.HELPING: ("mended", "triaged"),
        SupportState.MENDED: ("rechecked", "reopened"),
        SupportState.RECHECKED: ("closed", "reopened"),
        SupportState.REOPENED: ("triaged", "helping", "mended"),
        SupportState.CLOSED: ("reopened",),
    }
)
_FIELDS = ("entry", "commune", "what", "subject", "urgency", "office")


def register(server: Flask, settings: Settings, engine: Engine, limiter: Limiter) -> None:
    """Adds the forms to `server`."""

    @server.route(f"{PATH}/moi", methods=["GET", "POST"], endpoint="ask_support")
    @limiter.limit(entry_forms.WRITE_LIMIT, methods=["POST"])
    def ask_support() -> ResponseReturnValue:
        account, view = entry_forms.require_writer(settings)
        written = {name: request.values.get(name, "").strip() for name in _FIELDS}
        if request.method == "GET":
            written |= {"entry": str(uuid4()), "urgency": written["urgency"] or "usual"}
            return render_form(_build_ask_page(engine, view, account, written))
        fault = _find_fault(written, account, view.province)
        if fault:
            return render_form(_build_ask_page(engine, view, account, written, fault))
        step = {
            "request_id": written["entry"],
            "commune_code": written["commune"],
            "step": "asked",
            "what": hide_persons(written["what"], _MOST_OF_WORDS),
            "subject": hide_persons(written["subject"], _MOST_OF_OFFICE) or None,
            "urgency": written["urgency"],
            "office": written["office"],
        }
        try:
            _save_step(engine, step, account, view.province, settings.today(), written["entry"])
        except EntryRefused as refusal:
            return render_form(_build_ask_page(engine, view, account, written, str(refusal)))
        return entry_forms.lead_to(PATH, view.province)

    @server.get(f"{PATH}/<number>", endpoint="show_support_request")
    def show_support_request(number: str) -> ResponseReturnValue:
        support_request = _find_request(engine, access.require_account(), number, settings.today())
        return render_form(_build_show_page(support_request, access.require_account()))

    @server.post(f"{PATH}/<number>", endpoint="add_support_step")
    @limiter.limit(entry_forms.WRITE_LIMIT)
    def add_support_step(number: str) -> ResponseReturnValue:
        account = access.require_account()
        support_request = _find_request(engine, account, number, settings.today())
        code = request.form.get("step", "")
        entry_id = request.form.get("entry", "")
        if code not in STEP_ACTIONS or not entry_forms.is_entry_id(entry_id):
            abort(400)
        if not account.may_do(STEP_ACTIONS[code]):
            abort(403)
        fault = _find_step_fault(support_request, code, account)
        office = hide_persons(request.form.get("office", ""), _MOST_OF_OFFICE)
        if not fault and code == "triaged" and (len(office) < 2 or HIDDEN in office):
            fault = "Hãy ghi cơ quan phụ trách, không ghi tên người"
        if fault:
            return render_form(_build_show_page(support_request, account, fault))
        way = request.form.get("way", "")
        step = {
            "request_id": support_request.request_id,
            "commune_code": support_request.commune_code,
            "step": code,
            "office": office or None,
            "way": way if way in SUPPORT_WAYS and code == "helping" else None,
            "note": hide_persons(request.form.get("note", ""), _MOST_OF_WORDS) or None,
        }
        province = str(reference.load_communes().at[support_request.commune_code, "province_code"])
        try:
            _save_step(engine, step, account, province, settings.today(), entry_id)
        except EntryRefused as refusal:
            return render_form(_build_show_page(support_request, account, str(refusal)))
        return entry_forms.lead_to(f"{PATH}/{number}", province)


def _find_fault(written: Mapping[str, str], account: Account, province: str) -> str:
    try:
        entry_forms.check_entry_id(written["entry"])
        entry_forms.check_commune(written["commune"], account, province)
    except EntryRefused as refusal:
        return str(refusal)
    if len(hide_persons(written["what"], _MOST_OF_WORDS)) < 3:
        return "Hãy ghi cần hỗ trợ việc gì"
    if written["urgency"] not in URGENCIES:
        return "Hãy chọn mức khẩn"
    if len(written["office"]) < 2 or HIDDEN in hide_persons(written["office"], _MOST_OF_OFFICE):
        return "Hãy ghi cơ quan để liên hệ lại, không ghi tên hay số điện thoại"
    return ""


def _find_step_fault(support_request: SupportRequest, code: str, account: Account) -> str:
    if code not in _NEXT_STEPS[support_request.state]:
        return "Yêu cầu đã sang bước khác; hãy xem lại rồi chọn bước tiếp theo"
    if code == "rechecked" and support_request.mended_by == account.name:
        return "Người khắc phục không tự phúc tra được; hãy để tài khoản khác phúc tra"
    return ""


def _find_request(engine: Engine, account: Account, number: str, today: date) -> SupportRequest:
    """The request of that number, where the account may see it; else 404."""
    if entry_forms.is_entry_id(number):
        provinces = account.provinces or reference.load_province_names().keys()
        for province in sorted(provinces):
            steps = fetch_support_steps(engine, province)
            steps = steps[steps["request_id"] == number]
            for support_request in assess_support_requests(steps, load_calendar(), today):
                if account.reaches_commune(support_request.commune_code):
                    return support_request
    abort(404)


def _save_step(
    engine: Engine,
    step: Mapping[str, Any],
    account: Account,
    province: str,
    today: date,
    entry_id: str,
) -> None:
    """Write a step once for its form. Raises EntryRefused where its id stands with other words."""
    content = {**step, "account": account.name}
    entry = entry_forms.make_entry(entry_id, step["commune_code"], content)
    at = datetime.combine(today, datetime.now(VIETNAM).time()).replace(microsecond=0)
    row = {**dict.fromkeys(SUPPORT_STEP_COLUMNS), **step, "stepped_at": at, "account": account.name}
    entry_forms.save_once(
        engine,
        entry,
        f"yeu-cau_{step['commune_code']}_{entry_id[:8]}",
        "support_requests",
        province,
        at,
        support_steps=pd.DataFrame([row], columns=SUPPORT_STEP_COLUMNS, dtype=object),
    )


def _build_ask_page(
    engine: Engine, view: PageView, account: Account, written: Mapping[str, str], fault: str = ""
) -> FormPage:
    known = fetch_support_steps(engine, view.province)["subject"].dropna()
    context = {
        "fault": fault,
        "written": written,
        "province": view.province,
        "province_name": reference.load_province_names()[view.province],
        "communes": entry_forms.list_own_communes(account, view.province),
        "subjects": sorted(set(known), key=text.make_sort_key),
        "urgencies": list(URGENCY_NAMES.items()),
        "back": build_address(PATH, PageView(view.province)),
    }
    return FormPage("support_requests/ask.html", "support_requests", context)


def _build_show_page(shown: SupportRequest, account: Account, fault: str = "") -> FormPage:
    communes = reference.load_communes()
    province = str(communes.at[shown.commune_code, "province_code"])
    own_mending = shown.state is SupportState.MENDED and shown.mended_by == account.name
    steps = [
        {"code": code, "word": words.STEP_NAMES[code], "entry": str(uuid4())}
        for code in _NEXT_STEPS[shown.state]
        if account.may_do(STEP_ACTIONS[code]) and not (code == "rechecked" and own_mending)
    ]
    context = {
        "fault": fault,
        "request": {
            "id": shown.request_id,
            "name": str(communes.at[shown.commune_code, "name"]),
            "word": SUPPORT_STATE_WORDS[shown.state],
            "what": shown.what,
            "subject": shown.subject,
            "urgency_word": URGENCY_NAMES.get(shown.urgency, ""),
            "asked": text.format_moment(shown.asked_at),
            "waited": format_office_hours(shown.waited_hours),
            "owner": shown.owner,
        },
        "life": [
            {
                "word": words.STEP_NAMES[step.step],
                "at": text.format_moment(step.at),
                "account": step.account,
                "office": step.office,
                "way": words.SUPPORT_WAY_NAMES.get(step.way, ""),
                "note": step.note,
            }
            for step in shown.steps
        ],
        "steps": steps,
        "own_mending": own_mending,
        "back": build_address(PATH, PageView(province)),
    }
    return FormPage("support_requests/show.html", "support_requests", context)

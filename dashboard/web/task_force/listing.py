"""Putting a commune on the list of weak ones and taking it off, each with a reason.

The number of a decision is drawn when its form is opened; sent twice it is written once
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

from dashboard import reference
from dashboard.accounts.roles import Account
from dashboard.batch import WEAK_ENTRY_COLUMNS, Batch
from dashboard.errors import DashboardError
from dashboard.indicators.field.weak_list import ListedSpan
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.sources.cells.personal_data import hide_persons
from dashboard.sources.kinds.weak_list.reader import KIND
from dashboard.store.entries import FieldEntry, save_entry
from dashboard.web import access
from dashboard.web.documents.address import PageView
from dashboard.web.documents.document import read_page_view
from dashboard.web.documents.forms import FormPage, render_form
from dashboard.web.documents.navigation import build_address

PATH = "/to-cong-tac/danh-sach-yeu"
DECIDE_LIMIT: Final = "60 per minute"
_MOST_OF_REASON = 300
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class DecisionRefused(DashboardError):
    """What cannot be decided as it was written, in words for who wrote it."""


def register(server: Flask, settings: Settings, reports: Reports, limiter: Limiter) -> None:
    """Adds the form to `server`."""

    @server.route(PATH, methods=["GET", "POST"], endpoint="decide_weak_list")
    @limiter.limit(DECIDE_LIMIT, methods=["POST"])
    def decide_weak_list() -> ResponseReturnValue:
        account = access.find_account()
        view = read_page_view(settings)
        if account is None or not account.reaches_province(view.province):
            abort(403)
        today = settings.today()
        spans = reports.weak_list(view.province, today, reports.version()).listed
        if request.method == "GET":
            return render_form(_build_page(view, account, spans, {}))
        written = {
            name: request.form.get(name, "").strip()
            for name in ("entry", "step", "commune", "reason")
        }
        try:
            decisions = _read_decisions(written, account, view.province, spans, today)
            for decision in decisions:
                _save(reports, decision, view.province, today, written["entry"])
        except DecisionRefused as refusal:
            return render_form(_build_page(view, account, spans, written, fault=str(refusal)))
        return redirect(build_address("/to-cong-tac", PageView(view.province)), 303)


def _build_page(
    view: PageView,
    account: Account,
    spans: tuple[ListedSpan, ...],
    written: Mapping[str, str],
    *,
    fault: str = "",
) -> FormPage:
    names = reference.select_communes_of_province(view.province)["name"]
    codes = [str(code) for code in names.index]
    on_list = {codes[span.position] for span in spans}
    choices = [(code, names[code]) for code in codes if account.reaches_commune(code)]
    context = {
        "fault": fault,
        "written": {"step": "", "commune": "", "reason": "", **written},
        "entry": str(uuid4()),
        "province": view.province,
        "on_list": [choice for choice in choices if choice[0] in on_list],
        "off_list": [choice for choice in choices if choice[0] not in on_list],
        "back": build_address("/to-cong-tac", PageView(view.province)),
    }
    return FormPage("task_force/listing.html", "task_force", context, 400 if fault else 200)


def _read_decisions(
    written: Mapping[str, str],
    account: Account,
    province: str,
    spans: tuple[ListedSpan, ...],
    today: date,
) -> list[dict[str, Any]]:
    """The rows of a decision, one a stay that it begins or ends. Raises DecisionRefused."""
    if not _ID.fullmatch(written["entry"]):
        raise DecisionRefused("Biểu mẫu không còn nguyên vẹn; hãy mở lại trang rồi ghi lại")
    codes = [str(code) for code in reference.select_communes_of_province(province).index]
    commune = written["commune"]
    if commune not in codes or not account.reaches_commune(commune):
        raise DecisionRefused("Hãy chọn đơn vị trong phạm vi của tài khoản")
    reason = hide_persons(written["reason"], _MOST_OF_REASON)
    if not reason:
        raise DecisionRefused("Hãy ghi lý do")
    stays = [span for span in spans if codes[span.position] == commune]
    common = {"commune_code": commune, "office": account.office or None}
    if written["step"] == "put_on":
        if any(span.basis == "decision" and span.entry_id != written["entry"] for span in stays):
            raise DecisionRefused("Đơn vị này đã có trong danh sách theo quyết định")
        state = {"entry_id": written["entry"], "basis": "decision", "listed_on": today}
        return [common | state | {"reason": reason, "left_on": None, "left_reason": None}]
    if written["step"] != "take_off":
        raise DecisionRefused("Hãy chọn đưa vào hoặc đưa ra")
    if not stays:
        raise DecisionRefused("Đơn vị này không còn trong danh sách")
    return [
        common
        | {
            "entry_id": span.entry_id or written["entry"],
            "basis": span.basis,
            "listed_on": span.listed_on,
            "reason": span.reason or None,
            "left_on": today,
            "left_reason": reason,
        }
        for span in stays
    ]


def _save(
    reports: Reports, decision: Mapping[str, Any], province: str, today: date, form: str
) -> None:
    content = json.dumps(decision, ensure_ascii=False, sort_keys=True, default=str)
    # A decision may end two stays at once, by rule and by decision: each is written once.
    number = form if decision["basis"] == "decision" else f"{form[:-4]}ffff"
    entry = FieldEntry(number, str(decision["commune_code"]), content)
    batch = Batch(
        f"don-vi-yeu_{decision['commune_code']}_{number[:8]}",
        entry.sha256,
        KIND.code,
        province,
        datetime.combine(today, time()),
        rows=1,
        weak_entries=pd.DataFrame([decision], columns=WEAK_ENTRY_COLUMNS, dtype=object),
    )
    if save_entry(reports.engine, entry, batch, by=access.find_author()).is_conflict:
        raise DecisionRefused("Biểu mẫu này đã được gửi với nội dung khác; hãy mở lại trang")

"""Putting a commune on the list of weak ones and taking it off, each with a reason
(entry_forms.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

import pandas as pd
from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter

from dashboard import reference
from dashboard.accounts.roles import Account
from dashboard.batch import WEAK_ENTRY_COLUMNS
from dashboard.indicators.field.weak_list import ListedSpan
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.sources.cells.personal_data import hide_persons
from dashboard.sources.kinds.weak_list.reader import KIND
from dashboard.web import entry_forms
from dashboard.web.documents.address import PageView
from dashboard.web.documents.forms import FormPage, render_form
from dashboard.web.documents.navigation import build_address
from dashboard.web.entry_forms import EntryRefused

PATH = "/to-cong-tac/danh-sach-yeu"
_MOST_OF_REASON = 300


def register(server: Flask, settings: Settings, reports: Reports, limiter: Limiter) -> None:
    """Adds the form to `server`."""

    @server.route(PATH, methods=["GET", "POST"], endpoint="decide_weak_list")
    @limiter.limit(entry_forms.WRITE_LIMIT, methods=["POST"])
    def decide_weak_list() -> ResponseReturnValue:
        account, view = entry_forms.require_writer(settings)
        today = settings.today()
        spans = reports.weak_list(view.province, today, reports.version()).listed
        if request.method == "GET":
            return render_form(_build_page(view, account, spans, {}))
        written = entry_forms.read_fields(("entry", "step", "commune", "reason"))
        try:
            decisions = _read_decisions(written, account, view.province, spans, today)
            for decision in decisions:
                _save(reports, decision, view.province, today, written["entry"])
        except EntryRefused as refusal:
            return render_form(_build_page(view, account, spans, written, fault=str(refusal)))
        return entry_forms.lead_to("/to-cong-tac", view.province)


def _build_page(
    view: PageView,
    account: Account,
    spans: tuple[ListedSpan, ...],
    written: Mapping[str, str],
    *,
    fault: str = "",
) -> FormPage:
    codes = _list_codes(view.province)
    on_list = {codes[span.position] for span in spans}
    choices = entry_forms.list_own_communes(account, view.province)
    context = {
        "fault": fault,
        "written": {"step": "", "commune": "", "reason": "", **written},
        "entry": str(uuid4()),
        "province": view.province,
        "on_list": [choice for choice in choices if choice[0] in on_list],
        "off_list": [choice for choice in choices if choice[0] not in on_list],
        "back": build_address("/to-cong-tac", PageView(view.province)),
    }
    return FormPage("task_force/listing.html", "task_force", context)


def _list_codes(province: str) -> list[str]:
    return [str(code) for code in reference.select_communes_of_province(province).index]


def _read_decisions(
    written: Mapping[str, str],
    account: Account,
    province: str,
    spans: tuple[ListedSpan, ...],
    today: date,
) -> list[dict[str, Any]]:
    """The rows of a decision, one a stay that it begins or ends. Raises EntryRefused."""
    entry_forms.check_entry_id(written["entry"])
    codes = _list_codes(province)
    commune = written["commune"]
    entry_forms.check_commune(commune, account, province)
    reason = hide_persons(written["reason"], _MOST_OF_REASON)
    if not reason:
        raise EntryRefused("Hãy ghi lý do")
    stays = [span for span in spans if codes[span.position] == commune]
    common = {"commune_code": commune, "office": account.office or None}
    if written["step"] == "put_on":
        if any(span.basis == "decision" and span.entry_id != written["entry"] for span in stays):
            raise EntryRefused("Đơn vị này đã có trong danh sách theo quyết định")
        state = {"entry_id": written["entry"], "basis": "decision", "listed_on": today}
        return [common | state | {"reason": reason, "left_on": None, "left_reason": None}]
    if written["step"] != "take_off":
        raise EntryRefused("Hãy chọn đưa vào hoặc đưa ra")
    if not stays:
        raise EntryRefused("Đơn vị này không còn trong danh sách")
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
    # A decision may end two stays at once, by rule and by decision: each is written once.
    number = form if decision["basis"] == "decision" else f"{form[:-4]}ffff"
    entry = entry_forms.make_entry(number, str(decision["commune_code"]), decision)
    entry_forms.save_once(
        reports.engine,
        entry,
        f"don-vi-yeu_{decision['commune_code']}_{number[:8]}",
        KIND.code,
        province,
        today,
        weak_entries=pd.DataFrame([decision], columns=WEAK_ENTRY_COLUMNS, dtype=object),
    )

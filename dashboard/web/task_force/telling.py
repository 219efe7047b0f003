"""Feedback of citizens written by hand: a commune's counts of a month, nobody's name or words
(entry_forms.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final
from uuid import uuid4

import pandas as pd
from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from sqlalchemy import Engine

from dashboard.accounts.roles import Account
from dashboard.batch import FEEDBACK_COLUMNS, FEEDBACK_COUNTS, MOST_SATISFACTION, Batch
from dashboard.reference import FIRST_DAY
from dashboard.settings import Settings
from dashboard.sources.cells import values
from dashboard.sources.formats.sheet import Unreadable
from dashboard.sources.kinds.feedback.reader import KIND
from dashboard.sources.recognise.periods import bound_month
from dashboard.web import entry_forms
from dashboard.web.documents.address import PageView
from dashboard.web.documents.forms import FormPage, render_form
from dashboard.web.documents.navigation import build_address
from dashboard.web.entry_forms import EntryRefused

PATH: Final = "/to-cong-tac/phan-anh"
_MOST = 100_000
_FIELDS = ("entry", "commune", "month", *FEEDBACK_COUNTS, "satisfaction")
_NAMES: Final = {
    "received": "Tiếp nhận",
    "apologised": "Xin lỗi",
    "resolved": "Đã xử lý",
    "satisfaction": "Điểm hài lòng",
}
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


def register(server: Flask, settings: Settings, engine: Engine, limiter: Limiter) -> None:
    """Adds the form to `server`."""

    @server.route(PATH, methods=["GET", "POST"], endpoint="tell_feedback")
    @limiter.limit(entry_forms.WRITE_LIMIT, methods=["POST"])
    def tell_feedback() -> ResponseReturnValue:
        account, view = entry_forms.require_writer(settings)
        today = settings.today()
        if request.method == "GET":
            return render_form(_build_page(view, account, today, {"entry": str(uuid4())}))
        written = entry_forms.read_fields(_FIELDS)
        try:
            row = _read_row(written, account, view.province, today)
            entry = entry_forms.make_entry(written["entry"], row["commune_code"], row)
            batch = Batch(
                f"phan-anh_{row['commune_code']}_{row['period_from']:%Y-%m}",
                entry.sha256,
                KIND.code,
                view.province,
                datetime.combine(min(row["period_to"], today), time()),
                rows=1,
                period=(row["period_from"], row["period_to"]),
                feedback=pd.DataFrame([row], columns=FEEDBACK_COLUMNS),
            )
            entry_forms.save_once(engine, entry, batch)
        except EntryRefused as refusal:
            return render_form(_build_page(view, account, today, written, fault=str(refusal)))
        return entry_forms.lead_to("/to-cong-tac", view.province)


def _build_page(
    view: PageView, account: Account, today: date, written: Mapping[str, str], *, fault: str = ""
) -> FormPage:
    context = {
        "fault": fault,
        "written": {**dict.fromkeys(_FIELDS, ""), "month": f"{today:%Y-%m}", **written},
        "province": view.province,
        "communes": entry_forms.list_own_communes(account, view.province),
        "months": [
            (f"{month:%Y-%m}", f"{month:%m/%Y}")
            for month in pd.period_range(FIRST_DAY, today, freq="M")[::-1]
        ],
        "counts": [(name, _NAMES[name]) for name in FEEDBACK_COUNTS],
        "back": build_address("/to-cong-tac", PageView(view.province)),
    }
    return FormPage("task_force/telling.html", "task_force", context, 400 if fault else 200)


def _read_row(
    written: Mapping[str, str], account: Account, province: str, today: date
) -> dict[str, Any]:
    """The row of FEEDBACK_COLUMNS that was written; a blank is not told. Raises EntryRefused."""
    entry_forms.check_entry_id(written["entry"])
    entry_forms.check_commune(written["commune"], account, province)
    month = _MONTH.fullmatch(written["month"])
    if month is None:
        raise EntryRefused("Hãy chọn tháng")
    first, last = bound_month(int(month[1]), int(month[2]))
    if not FIRST_DAY <= first <= today:
        raise EntryRefused("Hãy chọn tháng từ 7/2025 đến nay")
    numbers = {
        name: _read_number(name, written[name]) for name in (*FEEDBACK_COUNTS, "satisfaction")
    }
    if all(value is None for value in numbers.values()):
        raise EntryRefused("Hãy ghi ít nhất một số")
    return {
        "commune_code": written["commune"],
        "period_from": first,
        "period_to": last,
        **numbers,
    }


def _read_number(name: str, cell: str) -> float | None:
    is_score = name == "satisfaction"
    most = MOST_SATISFACTION if is_score else _MOST
    try:
        value = values.read_decimal(cell) if is_score else values.read_count(cell, most=_MOST)
    except Unreadable as error:
        raise EntryRefused(f"{_NAMES[name]}: {error.message}") from None
    if value is not None and not 0 <= value <= most:
        raise EntryRefused(f"{_NAMES[name]}: phải từ 0 đến {most:.0f}")
    return value

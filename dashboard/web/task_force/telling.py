"""Feedback of citizens written by hand: a commune's counts of a month, nobody's name or words.

The number of what is written is drawn when its form is opened; sent twice it is written once
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

from dashboard import reference
from dashboard.accounts.roles import Account
from dashboard.batch import FEEDBACK_COLUMNS, FEEDBACK_COUNTS, MOST_SATISFACTION, Batch
from dashboard.errors import DashboardError
from dashboard.reference import FIRST_DAY
from dashboard.settings import Settings
from dashboard.sources.cells import values
from dashboard.sources.formats.sheet import Unreadable
from dashboard.sources.kinds.feedback.reader import KIND
from dashboard.sources.recognise.periods import bound_month
from dashboard.store.entries import FieldEntry, save_entry
from dashboard.web import access
from dashboard.web.documents.address import PageView
from dashboard.web.documents.document import read_page_view
from dashboard.web.documents.forms import FormPage, render_form
from dashboard.web.documents.navigation import build_address

PATH: Final = "/to-cong-tac/phan-anh"
TELL_LIMIT: Final = "60 per minute"
_MOST = 100_000
_FIELDS = ("entry", "commune", "month", *FEEDBACK_COUNTS, "satisfaction")
_NAMES: Final = {
    "received": "Tiếp nhận",
    "apologised": "Xin lỗi",
    "resolved": "Đã xử lý",
    "satisfaction": "Điểm hài lòng",
}
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


class FeedbackRefused(DashboardError):
    """What cannot be taken as it was written, in words for who wrote it."""


def register(server: Flask, settings: Settings, engine: Engine, limiter: Limiter) -> None:
    """Adds the form to `server`."""

    @server.route(PATH, methods=["GET", "POST"], endpoint="tell_feedback")
    @limiter.limit(TELL_LIMIT, methods=["POST"])
    def tell_feedback() -> ResponseReturnValue:
        account = access.find_account()
        view = read_page_view(settings)
        if account is None or not account.reaches_province(view.province):
            abort(403)
        today = settings.today()
        if request.method == "GET":
            return render_form(_build_page(view, account, today, {"entry": str(uuid4())}))
        written = {name: request.form.get(name, "").strip() for name in _FIELDS}
        try:
            row = _read_row(written, account, view.province, today)
            content = json.dumps(row, ensure_ascii=False, sort_keys=True, default=str)
            entry = FieldEntry(written["entry"], row["commune_code"], content)
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
            if save_entry(engine, entry, batch, by=access.find_author()).is_conflict:
                raise FeedbackRefused("Biểu mẫu này đã gửi với nội dung khác; hãy mở lại trang")
        except FeedbackRefused as refusal:
            return render_form(_build_page(view, account, today, written, fault=str(refusal)))
        return redirect(build_address("/to-cong-tac", PageView(view.province)), 303)


def _build_page(
    view: PageView, account: Account, today: date, written: Mapping[str, str], *, fault: str = ""
) -> FormPage:
    names = reference.select_communes_of_province(view.province)["name"]
    context = {
        "fault": fault,
        "written": {**dict.fromkeys(_FIELDS, ""), "month": f"{today:%Y-%m}", **written},
        "province": view.province,
        "communes": [
            (str(code), name) for code, name in names.items() if account.reaches_commune(str(code))
        ],
        "first_month": f"{FIRST_DAY:%Y-%m}",
        "this_month": f"{today:%Y-%m}",
        "counts": [(name, _NAMES[name]) for name in FEEDBACK_COUNTS],
        "back": build_address("/to-cong-tac", PageView(view.province)),
    }
    return FormPage("task_force/telling.html", "task_force", context, 400 if fault else 200)


def _read_row(
    written: Mapping[str, str], account: Account, province: str, today: date
) -> dict[str, Any]:
    """The row of FEEDBACK_COLUMNS that was written; a blank is not told. Raises FeedbackRefused."""
    if not _ID.fullmatch(written["entry"]):
        raise FeedbackRefused("Biểu mẫu không còn nguyên vẹn; hãy mở lại trang rồi ghi lại")
    communes = reference.select_communes_of_province(province).index
    if written["commune"] not in communes or not account.reaches_commune(written["commune"]):
        raise FeedbackRefused("Hãy chọn đơn vị trong phạm vi của tài khoản")
    month = _MONTH.fullmatch(written["month"])
    if month is None:
        raise FeedbackRefused("Hãy chọn tháng")
    first, last = bound_month(int(month[1]), int(month[2]))
    if not FIRST_DAY <= first <= today:
        raise FeedbackRefused("Hãy chọn tháng từ 7/2025 đến nay")
    numbers = {
        name: _read_number(name, written[name]) for name in (*FEEDBACK_COUNTS, "satisfaction")
    }
    if all(value is None for value in numbers.values()):
        raise FeedbackRefused("Hãy ghi ít nhất một số")
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
        raise FeedbackRefused(f"{_NAMES[name]}: {error.message}") from None
    if value is not None and not 0 <= value <= most:
        raise FeedbackRefused(f"{_NAMES[name]}: phải từ 0 đến {most:.0f}")
    return value

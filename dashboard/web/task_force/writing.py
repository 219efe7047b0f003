"""What resources.py shows, written by hand (entry_forms.py): what the province gives its communes
(a course, seconded officials, devices, work on certificates, an electronic form; later how much of
it is done), and feedback of citizens (a commune's counts of a month, nobody's name or words).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from math import isnan
from typing import Any, Final
from uuid import uuid4

import pandas as pd
from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from sqlalchemy import Engine

from dashboard import reference
from dashboard.accounts.roles import Account
from dashboard.batch import (
    FEEDBACK_COLUMNS,
    FEEDBACK_COUNTS,
    MOST_SATISFACTION,
    RESOURCE_COLUMNS,
)
from dashboard.reference import FIRST_DAY
from dashboard.settings import Settings
from dashboard.sources.cells import values
from dashboard.sources.cells.personal_data import hide_persons
from dashboard.sources.formats.sheet import Unreadable
from dashboard.sources.kinds.feedback import reader as feedback
from dashboard.sources.kinds.field_resources import reader as field_resources
from dashboard.sources.recognise.periods import bound_month
from dashboard.store.plans import fetch_resources
from dashboard.web import entry_forms
from dashboard.web.documents.address import PageView, parse_day_param
from dashboard.web.documents.forms import FormPage, render_form
from dashboard.web.documents.navigation import build_address
from dashboard.web.entry_forms import EntryRefused
from dashboard.web.words.resources import RESOURCE_NAMES

_RESOURCE_PATH: Final = "/to-cong-tac/nguon-luc"
_MOST_AMOUNT = 100_000
_MOST_OF_WORDS = 200
_MOST_UNDONE = 20
_RESOURCE_FIELDS = (
    *("entry", "resource", "kind", "commune", "what"),
    *("quantity", "done", "office", "began_on", "ended_on"),
)
# What the select sends: topic and variant together.
_RESOURCE_KINDS = {
    f"{topic}.{variant}".rstrip("."): (topic, variant) for topic, variant in RESOURCE_NAMES
}
_FEEDBACK_PATH: Final = "/to-cong-tac/phan-anh"
_FEEDBACK_FIELDS = ("entry", "commune", "month", *FEEDBACK_COUNTS, "satisfaction")
_FEEDBACK_NAMES: Final = {
    "received": "Tiếp nhận",
    "apologised": "Xin lỗi",
    "resolved": "Đã xử lý",
    "satisfaction": "Điểm hài lòng",
}
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


def register(server: Flask, settings: Settings, engine: Engine, limiter: Limiter) -> None:
    """Adds both forms to `server`."""
    _register_resources(server, settings, engine, limiter)
    _register_feedback(server, settings, engine, limiter)


def _register_resources(
    server: Flask, settings: Settings, engine: Engine, limiter: Limiter
) -> None:
    @server.route(_RESOURCE_PATH, methods=["GET", "POST"], endpoint="tell_resource")
    @limiter.limit(entry_forms.WRITE_LIMIT, methods=["POST"])
    def tell_resource() -> ResponseReturnValue:
        account, view = entry_forms.require_writer(settings)
        today = settings.today()
        rows = _fetch_own_resources(engine, account, view.province)
        if request.method == "GET":
            known = rows.get(request.args.get("resource", ""))
            written = _prefill_resource(known, today)
            return render_form(_build_resource_page(view, account, rows, written))
        written = entry_forms.read_fields(_RESOURCE_FIELDS)
        try:
            row = _read_resource_row(written, account, view.province, rows, today)
            _save_resource(engine, row, view.province, written["entry"], today)
        except EntryRefused as refusal:
            page = _build_resource_page(view, account, rows, written, fault=str(refusal))
            return render_form(page)
        return entry_forms.lead_to("/to-cong-tac", view.province)


def _fetch_own_resources(
    engine: Engine, account: Account, province: str
) -> dict[str, dict[str, Any]]:
    """Id to row of what stands and the account may change; the newest first."""
    frame = fetch_resources(engine, province).sort_values("began_on", ascending=False)
    return {
        str(row["resource_id"]): row
        for row in frame.to_dict("records")
        if _reaches(account, row["commune_code"])
    }


def _reaches(account: Account, commune: object) -> bool:
    """What is the whole province's is written by who is not limited to communes."""
    if isinstance(commune, str):
        return account.reaches_commune(commune)
    return not account.communes


def _prefill_resource(known: Mapping[str, Any] | None, today: date) -> dict[str, str]:
    """The fields of a form that was opened: empty, or of a thing whose state is told anew."""
    written = dict.fromkeys(_RESOURCE_FIELDS, "") | {
        "entry": str(uuid4()),
        "began_on": today.isoformat(),
    }
    if known is None:
        return written
    ended = known["ended_on"]
    return written | {
        "resource": str(known["resource_id"]),
        "kind": f"{known['topic']}.{known['variant'] or ''}".rstrip("."),
        "commune": known["commune_code"] or "",
        "what": known["what"],
        "quantity": str(int(known["quantity"])),
        "done": "" if isnan(known["done"]) else str(int(known["done"])),
        "office": known["office"] or "",
        "began_on": known["began_on"].date().isoformat(),
        "ended_on": "" if pd.isna(ended) else ended.date().isoformat(),
    }


def _build_resource_page(
    view: PageView,
    account: Account,
    rows: Mapping[str, Mapping[str, Any]],
    written: Mapping[str, str],
    *,
    fault: str = "",
) -> FormPage:
    names = reference.select_communes_of_province(view.province)["name"]
    undone = [row for row in rows.values() if _count_undone(row)][:_MOST_UNDONE]
    context = {
        "fault": fault,
        "written": written,
        "province": view.province,
        "kinds": [(code, RESOURCE_NAMES[kind]) for code, kind in _RESOURCE_KINDS.items()],
        "communes": entry_forms.list_own_communes(account, view.province),
        "of_all": not account.communes,
        "first_day": FIRST_DAY.isoformat(),
        "undone": [
            {
                "href": build_address(_RESOURCE_PATH, view, {"resource": str(row["resource_id"])}),
                "what": row["what"],
                "where": names.get(row["commune_code"], "toàn tỉnh"),
                "left": _count_undone(row),
                "began_on": row["began_on"].date(),
            }
            for row in undone
        ],
        "back": build_address("/to-cong-tac", PageView(view.province)),
    }
    return FormPage("task_force/giving.html", "task_force", context)


def _count_undone(row: Mapping[str, Any]) -> int:
    return 0 if isnan(row["done"]) else int(row["quantity"] - row["done"])


def _read_resource_row(
    written: Mapping[str, str],
    account: Account,
    province: str,
    rows: Mapping[str, Mapping[str, Any]],
    today: date,
) -> dict[str, Any]:
    """The row of RESOURCE_COLUMNS that was written. Raises EntryRefused."""
    entry_forms.check_entry_id(written["entry"])
    if written["resource"] and written["resource"] not in rows:
        raise EntryRefused("Nguồn lực cần cập nhật không còn; hãy mở lại trang")
    if written["kind"] not in _RESOURCE_KINDS:
        raise EntryRefused("Hãy chọn loại nguồn lực")
    commune = written["commune"] or None
    if commune:
        entry_forms.check_commune(commune, account, province)
    elif not _reaches(account, None):
        raise EntryRefused("Hãy chọn đơn vị trong phạm vi của tài khoản")
    what = hide_persons(written["what"], _MOST_OF_WORDS)
    if not what:
        raise EntryRefused("Hãy ghi nội dung, không ghi tên người")
    quantity = _read_count("Số lượng", written["quantity"])
    done = None
    if not quantity:
        raise EntryRefused("Hãy ghi số lượng, từ 1 trở lên")
    if written["done"]:
        done = _read_count("Đã thực hiện", written["done"])
        if done is not None and done > quantity:
            raise EntryRefused("Số đã thực hiện lớn hơn số lượng; hãy sửa một trong hai số")
    began_on, ended_on = _read_days(written, today)
    topic, variant = _RESOURCE_KINDS[written["kind"]]
    return {
        "resource_id": written["resource"] or written["entry"],
        "topic": topic,
        "commune_code": commune,
        "what": what,
        "variant": variant or None,
        "quantity": quantity,
        "done": done,
        "office": hide_persons(written["office"], _MOST_OF_WORDS) or None,
        "began_on": began_on,
        "ended_on": ended_on,
    }


def _read_days(written: Mapping[str, str], today: date) -> tuple[date, date | None]:
    """When it began, and until when it lasts, if that is told. Raises EntryRefused."""
    last = date(today.year + 3, 12, 31)
    began_on = parse_day_param(written["began_on"], last)
    if began_on is None:
        raise EntryRefused("Hãy chọn ngày bắt đầu, từ 01/07/2025")
    if not written["ended_on"]:
        return began_on, None
    ended_on = parse_day_param(written["ended_on"], last)
    if ended_on is None or ended_on < began_on:
        raise EntryRefused("Ngày kết thúc phải từ ngày bắt đầu đến ba năm tới")
    return began_on, ended_on


def _read_count(name: str, cell: str) -> int | None:
    try:
        value = values.read_count(cell, most=_MOST_AMOUNT)
    except Unreadable as error:
        raise EntryRefused(f"{name}: {error.message}") from None
    return None if value is None else int(value)


def _save_resource(
    engine: Engine, row: Mapping[str, Any], province: str, entry_id: str, today: date
) -> None:
    # Of the whole province: an entry belongs to some commune, so that is the province's first.
    communes = reference.select_communes_of_province(province).index
    entry = entry_forms.make_entry(entry_id, row["commune_code"] or str(communes[0]), row)
    entry_forms.save_once(
        engine,
        entry,
        f"nguon-luc_{row['commune_code'] or province}_{entry_id[:8]}",
        field_resources.KIND.code,
        province,
        min(row["began_on"], today),
        resources=pd.DataFrame([row], columns=RESOURCE_COLUMNS, dtype=object),
    )


# Feedback of citizens.


def _register_feedback(server: Flask, settings: Settings, engine: Engine, limiter: Limiter) -> None:
    @server.route(_FEEDBACK_PATH, methods=["GET", "POST"], endpoint="tell_feedback")
    @limiter.limit(entry_forms.WRITE_LIMIT, methods=["POST"])
    def tell_feedback() -> ResponseReturnValue:
        account, view = entry_forms.require_writer(settings)
        today = settings.today()
        if request.method == "GET":
            return render_form(_build_feedback_page(view, account, today, {"entry": str(uuid4())}))
        written = entry_forms.read_fields(_FEEDBACK_FIELDS)
        try:
            row = _read_feedback_row(written, account, view.province, today)
            entry = entry_forms.make_entry(written["entry"], row["commune_code"], row)
            entry_forms.save_once(
                engine,
                entry,
                f"phan-anh_{row['commune_code']}_{row['period_from']:%Y-%m}",
                feedback.KIND.code,
                view.province,
                min(row["period_to"], today),
                period=(row["period_from"], row["period_to"]),
                feedback=pd.DataFrame([row], columns=FEEDBACK_COLUMNS),
            )
        except EntryRefused as refusal:
            return render_form(
                _build_feedback_page(view, account, today, written, fault=str(refusal))
            )
        return entry_forms.lead_to("/to-cong-tac", view.province)


def _build_feedback_page(
    view: PageView, account: Account, today: date, written: Mapping[str, str], *, fault: str = ""
) -> FormPage:
    context = {
        "fault": fault,
        "written": {**dict.fromkeys(_FEEDBACK_FIELDS, ""), "month": f"{today:%Y-%m}", **written},
        "province": view.province,
        "communes": entry_forms.list_own_communes(account, view.province),
        "months": [
            (f"{month:%Y-%m}", f"{month:%m/%Y}")
            for month in pd.period_range(FIRST_DAY, today, freq="M")[::-1]
        ],
        "counts": [(name, _FEEDBACK_NAMES[name]) for name in FEEDBACK_COUNTS],
        "back": build_address("/to-cong-tac", PageView(view.province)),
    }
    return FormPage("task_force/telling.html", "task_force", context)


def _read_feedback_row(
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
        name: _read_feedback_number(name, written[name])
        for name in (*FEEDBACK_COUNTS, "satisfaction")
    }
    if all(value is None for value in numbers.values()):
        raise EntryRefused("Hãy ghi ít nhất một số")
    return {
        "commune_code": written["commune"],
        "period_from": first,
        "period_to": last,
        **numbers,
    }


def _read_feedback_number(name: str, cell: str) -> float | None:
    is_score = name == "satisfaction"
    most = MOST_SATISFACTION if is_score else _MOST_AMOUNT
    try:
        value = (
            values.read_decimal(cell) if is_score else values.read_count(cell, most=_MOST_AMOUNT)
        )
    except Unreadable as error:
        raise EntryRefused(f"{_FEEDBACK_NAMES[name]}: {error.message}") from None
    if value is not None and not 0 <= value <= most:
        raise EntryRefused(f"{_FEEDBACK_NAMES[name]}: phải từ 0 đến {most:.0f}")
    return value

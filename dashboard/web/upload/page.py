"""/du-lieu/nap-tep: a clerk sends files, reads what they would change, confirms, takes back.

The server keeps the bytes in the store and starts a process of its own for each step
(cli/uploads.py); the page only shows how far it is. All of it works without a script.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import pandas as pd
from flask import Flask, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from sqlalchemy import Engine
from werkzeug.datastructures import FileStorage

from dashboard import reference, store, text
from dashboard.accounts.roles import Account
from dashboard.forms.columns import FORMS
from dashboard.measures import MEASURES
from dashboard.reference import VIETNAM
from dashboard.settings import Settings
from dashboard.store import uploads
from dashboard.store.undo import NoSuchBatch, UndoPreview, preview_undo
from dashboard.store.uploads import Upload, UploadState
from dashboard.web import access, file_steps
from dashboard.web.documents.data_sources import (
    describe_batch,
    fetch_batches_until,
    list_kind_words,
)
from dashboard.web.documents.forms import FormPage, render_form
from dashboard.web.file_steps import Confirmation

SEND_LIMIT: Final = "30 per minute; 300 per hour"
_MOST_FILES = 20
_BATCHES_SHOWN = 15
_PART_WORDS = {
    "dossiers": "dòng số lượng hồ sơ",
    "certificates": "dòng chứng thư số",
    "singles": "hồ sơ",
    "follow_ups": "việc hứa",
    "support_steps": "bước của yêu cầu hỗ trợ",
    "weak_entries": "mục danh sách đơn vị yếu",
    "teams": "tổ công tác",
    "team_days": "ngày đi của tổ",
    "resources": "nguồn lực hỗ trợ",
    "feedback": "dòng phản ánh, kiến nghị",
}
_STATE_WORDS: Final = {
    UploadState.WAITING: "đang chờ đọc",
    UploadState.READING: "đang đọc",
    UploadState.READY: "chờ xác nhận",
    UploadState.REFUSED: "không nhận",
    UploadState.IMPORTING: "đang nạp",
    UploadState.DONE: "đã nạp",
    UploadState.DROPPED: "đã bỏ",
}
_RUNNING: Final = {UploadState.WAITING, UploadState.READING, UploadState.IMPORTING}
_log = logging.getLogger("dashboard")


def register(server: Flask, settings: Settings, engine: Engine, limiter: Limiter) -> None:
    """Adds the page and its steps to `server`."""

    @server.route("/du-lieu/nap-tep", methods=["GET", "POST"], endpoint="send_files")
    @limiter.limit(SEND_LIMIT, methods=["POST"])
    def send_files() -> ResponseReturnValue:
        account = access.require_account()
        if request.method == "GET":
            return render_form(_build_send_page(engine, settings, account))
        files = [file for file in request.files.getlist("files") if file.filename]
        fault = _find_fault(files, account)
        if fault:
            return render_form(_build_send_page(engine, settings, account, fault))
        numbers = [_keep_file(engine, file, account) for file in files[:_MOST_FILES]]
        for number in numbers:
            file_steps.start_step(settings, number)
        target = url_for("send_files")
        if len(numbers) == 1:
            target = url_for("show_upload", number=numbers[0])
        return redirect(target, 303)

    @server.get("/du-lieu/nap-tep/<int:number>", endpoint="show_upload")
    def show_upload(number: int) -> ResponseReturnValue:
        return render_form(
            _build_upload_page(engine, file_steps.require_own_upload(engine, number))
        )

    @server.post("/du-lieu/nap-tep/<int:number>/nap", endpoint="confirm_upload")
    def confirm_upload(number: int) -> ResponseReturnValue:
        upload = file_steps.require_own_upload(engine, number)
        sha256 = request.form.get("sha256", "")
        token = request.form.get("token", "")
        confirmation = file_steps.confirm_sent_file(engine, settings, upload, sha256, token)
        if confirmation is Confirmation.OVER:
            _log.warning("%r refused (410): confirmed after a day", request.path)
            abort(410)
        if confirmation is Confirmation.OTHER_FILE:
            _log.warning("%r refused (409): another file was confirmed", request.path)
            abort(409)
        return redirect(url_for("show_upload", number=number), 303)

    @server.post("/du-lieu/nap-tep/<int:number>/lai", endpoint="retry_upload")
    def retry_upload(number: int) -> ResponseReturnValue:
        upload = file_steps.require_own_upload(engine, number)
        if upload.is_stuck and not upload.is_over:
            # An import that stopped in the middle left nothing: its transaction was not committed.
            uploads.move_upload(engine, number, upload.state, UploadState.WAITING)
            file_steps.start_step(settings, number)
        return redirect(url_for("show_upload", number=number), 303)

    @server.post("/du-lieu/nap-tep/<int:number>/bo", endpoint="drop_upload")
    def drop_upload(number: int) -> ResponseReturnValue:
        upload = file_steps.require_own_upload(engine, number)
        if upload.state in {UploadState.READY, UploadState.REFUSED}:
            uploads.move_upload(engine, number, upload.state, UploadState.DROPPED)
        return redirect(url_for("send_files"), 303)

    @server.route("/du-lieu/dot/<int:number>/go", methods=["GET", "POST"], endpoint="undo_batch")
    def undo_batch(number: int) -> ResponseReturnValue:
        account = access.require_account()
        try:
            preview = preview_undo(engine, number)
        except NoSuchBatch:
            abort(404)
        if not account.reaches_province(preview.province_code):
            _log.warning("%r refused (403): another province", request.path)
            abort(403)
        if request.method == "POST":
            turn = store.WriteTurn(f"undo {number}")
            store.undo_batch(engine, number, turn, by=access.find_author())
            return redirect(url_for("undo_batch", number=number), 303)
        return render_form(_build_undo_page(preview))

    @server.get("/du-lieu/mau/<form>.xlsx", endpoint="download_form")
    def download_form(form: str) -> ResponseReturnValue:
        province = request.args.get("province", settings.province)
        if form not in FORMS or province not in reference.load_province_names():
            abort(404)
        # Here: openpyxl takes its time and memory, and few ever fetch a form.
        from dashboard.forms.workbook import write_form

        with tempfile.TemporaryDirectory(prefix="form-") as folder:
            path = Path(folder) / "form.xlsx"
            write_form(FORMS[form], province, settings.today(), path)
            answer = Response(
                path.read_bytes(),
                mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            )
        answer.headers["Content-Disposition"] = f'attachment; filename="mau_{form}_{province}.xlsx"'
        return answer


def _find_fault(files: list[FileStorage], account: Account) -> str:
    if not files:
        return "Hãy chọn ít nhất một tệp."
    if len(files) > _MOST_FILES:
        return f"Mỗi lần gửi tối đa {_MOST_FILES} tệp."
    return file_steps.find_hint_fault(request.form, account)


def _keep_file(engine: Engine, file: FileStorage, account: Account) -> int:
    with closing(file):
        stream = cast("BinaryIO", file.stream)
        return file_steps.keep_sent_file(engine, stream, file.filename or "", request.form, account)


def _build_send_page(
    engine: Engine, settings: Settings, account: Account, fault: str = ""
) -> FormPage:
    provinces = {
        code: name
        for code, name in reference.load_province_names().items()
        if account.reaches_province(code)
    }
    chosen = settings.province if settings.province in provinces else next(iter(provinces))
    if len(account.provinces) == 1:
        chosen = next(iter(account.provinces))
    frame = fetch_batches_until(engine, chosen, settings.today())
    shown = frame[frame["origin"] == "imported"].head(_BATCHES_SHOWN)
    context = {
        "fault": fault,
        "provinces": provinces,
        "chosen": chosen,
        "forms": {name: list_kind_words().get(name, name) for name in FORMS},
        "most": text.format_number(settings.max_upload // 1_000_000),
        "uploads": [
            {
                "number": upload.upload_id,
                "name": upload.file_name,
                "state": _STATE_WORDS[upload.state],
                "sent": text.format_moment(upload.sent_at + VIETNAM.utcoffset(None)),
            }
            for upload in uploads.list_uploads(engine, account.name)
        ],
        "batches": [
            {**describe_batch(row), "is_undone": not pd.isna(row["undone_at"])}
            for _, row in shown.iterrows()
        ],
        "province_name": reference.load_province_names()[chosen],
    }
    return FormPage("upload/send.html", "upload", context, script="upload.js")


def _build_upload_page(engine: Engine, upload: Upload) -> FormPage:
    is_running = upload.state in _RUNNING and not upload.is_stuck
    result = upload.result
    version = store.fetch_data_version(engine)
    context = {
        "upload": upload,
        "state": _STATE_WORDS[upload.state],
        "size": text.format_number(-(-upload.size // 1000)),
        "is_running": is_running,
        "is_stuck": upload.is_stuck,
        "is_ready": upload.state is UploadState.READY and not upload.is_over,
        "is_over": upload.is_over and upload.state is not UploadState.DONE,
        "is_done": upload.state is UploadState.DONE,
        "data_changed": upload.data_token != version.token,
        "refusal": result.get("refusal", "") if upload.state is UploadState.REFUSED else "",
        "problems": result.get("problems", []),
        "problem_count": result.get("problem_count", 0),
        "batches": [_describe_result(entry) for entry in result.get("batches", [])],
        "token": version.token,
    }
    return FormPage("upload/upload.html", "upload", context)


def _describe_result(entry: Mapping[str, Any]) -> dict[str, Any]:
    kind = str(entry["kind"])
    days = [text.format_day(date.fromisoformat(day)) for day in entry.get("period", [])]
    as_of = entry.get("as_of", "")
    return {
        **entry,
        "province_name": reference.load_province_names()[entry["province"]],
        "kind_name": list_kind_words().get(kind, kind),
        "period": " – ".join(days),
        "as_of": text.format_day(date.fromisoformat(as_of)) if as_of else "",
    }


def _name_part(row: Mapping[str, Any]) -> str:
    """What a line of a batch tells of: a measure, else the part of the file that it stands for."""
    if row["name"] in MEASURES:
        return MEASURES[row["name"]].name
    return _PART_WORDS[row["part"]]


def _build_undo_page(preview: UndoPreview) -> FormPage:
    rows = [
        {
            "name": _name_part(row),
            "values": row["value_count"],
            "units": row["units"],
        }
        for row in preview.values.to_dict("records")
        if row["value_count"]
    ]
    context = {
        "preview": preview,
        "kind_name": list_kind_words().get(preview.file_kind, preview.file_kind),
        "province_name": reference.load_province_names()[preview.province_code],
        "imported_at": text.format_moment(preview.imported_at + VIETNAM.utcoffset(None)),
        "rows": rows,
    }
    return FormPage("upload/undo.html", "upload", context)

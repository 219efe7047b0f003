"""POST /api/v1/imports: programs send files with a key of their office, as clerks do by the page.

    POST /api/v1/imports             the file: multipart (field `file`) or the body (`?file=`)
    GET  /api/v1/imports/<n>         how far it is, and what the dry run or the import says
    POST /api/v1/imports/<n>/confirm {"sha256": …, "data_token": …} as the dry run told them

Every refusal is an RFC 9457 problem (problems.py).
"""

from __future__ import annotations

from contextlib import closing
from typing import Any, BinaryIO, Final, Literal, cast

from flask import Flask, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from pydantic import Field
from sqlalchemy import Engine

from dashboard.settings import Settings
from dashboard.store import fetch_data_version
from dashboard.store.uploads import UploadState
from dashboard.web import access, file_steps
from dashboard.web.api.problems import FOLDER, answer_problem
from dashboard.web.api.v1.models import ApiModel
from dashboard.web.file_steps import Confirmation

RECEIVE_LIMIT: Final = "60 per minute; 1000 per hour"
_CONFLICTS: Final = {
    Confirmation.OTHER_FILE: "Mã SHA-256 không phải của tệp này; hãy đọc lại kết quả đọc thử.",
    Confirmation.OTHER_DATA: "Số liệu đã thay đổi sau lần đọc thử; chương trình đang đọc thử lại, "
    "hãy xem kết quả mới rồi xác nhận.",
    Confirmation.NOT_READY: "Tệp không ở bước chờ xác nhận; có thể đã được xác nhận rồi.",
}
_COUNTS = ("new", "changed", "unchanged", "refused")
PATH: Final = "/imports"
_HINTS: Final = {
    "province": "Mã tỉnh, nếu tệp không ghi",
    "as_of": "Ngày của số liệu, nếu tệp không ghi (2026-11-22)",
    "period": "Kỳ của số liệu, nếu tệp không ghi (2026-08)",
}
_NUMBER: Final = {
    "name": "number",
    "in": "path",
    "required": True,
    "description": "Số của lần gửi, như câu trả lời đầu đã ghi",
    "schema": {"type": "integer", "minimum": 0},
}


def register(server: Flask, settings: Settings, engine: Engine, limiter: Limiter) -> None:
    """Adds the addresses to `server`."""

    @server.post(f"{FOLDER}imports", endpoint="receive_import")
    @limiter.limit(RECEIVE_LIMIT)
    def receive_import() -> ResponseReturnValue:
        account = access.require_account(401)
        # What a shell's curl calls any body that it is not told about: read as fields, it is gone.
        if request.mimetype == "application/x-www-form-urlencoded":
            return answer_problem(
                415,
                "Hãy gửi multipart/form-data, hoặc nội dung tệp với Content-Type: "
                "application/octet-stream.",
            )
        is_form = request.mimetype == "multipart/form-data"
        hints = request.form if is_form else request.args
        sent_files = [file for file in request.files.getlist("file") if file.filename]
        file_name = request.args.get("file", "")
        if fault := file_steps.find_hint_fault(hints, account):
            return answer_problem(400, fault)
        if is_form and len(sent_files) != 1:
            return answer_problem(400, "Mỗi lần gửi đúng một tệp, trong trường file.")
        if not is_form and not file_name:
            return answer_problem(400, "Hãy ghi tên tệp trong địa chỉ: ?file=so_lieu.xlsx.")
        if is_form:
            file_name = sent_files[0].filename or ""
        stream = cast("BinaryIO", sent_files[0].stream if is_form else request.stream)
        with closing(stream):
            number = file_steps.keep_sent_file(engine, stream, file_name, hints, account)
        file_steps.start_step(settings, number)
        answer = jsonify(_describe_import(engine, number))
        answer.status_code = 202
        answer.headers["Location"] = url_for("show_import", number=number)
        return answer

    @server.get(f"{FOLDER}imports/<int:number>", endpoint="show_import")
    def show_import(number: int) -> ResponseReturnValue:
        return jsonify(_describe_import(engine, number))

    @server.post(f"{FOLDER}imports/<int:number>/confirm", endpoint="confirm_import")
    @limiter.limit(RECEIVE_LIMIT)
    def confirm_import(number: int) -> ResponseReturnValue:
        upload = file_steps.require_own_upload(engine, number, refusal=401)
        body = request.get_json(silent=True, force=True)
        sha256, token = (
            (body.get("sha256"), body.get("data_token")) if isinstance(body, dict) else (None, None)
        )
        if not isinstance(sha256, str) or not isinstance(token, str):
            return answer_problem(
                400, 'Hãy gửi JSON {"sha256": …, "data_token": …} như kết quả đọc thử đã ghi.'
            )
        confirmation = file_steps.confirm_sent_file(engine, settings, upload, sha256, token)
        if confirmation is Confirmation.OVER:
            return answer_problem(410, "Tệp chỉ được giữ một ngày để chờ xác nhận; hãy gửi lại.")
        if confirmation in _CONFLICTS:
            return answer_problem(409, _CONFLICTS[confirmation])
        return jsonify(_describe_import(engine, number)), 202


def _describe_import(engine: Engine, number: int) -> dict[str, Any]:
    upload = file_steps.require_own_upload(engine, number, refusal=401)
    is_ready = upload.state is UploadState.READY and not upload.is_over
    return {
        "import": upload.upload_id,
        "state": "stuck" if upload.is_stuck else str(upload.state),
        "file": upload.file_name,
        "sha256": upload.sha256,
        "bytes": upload.size,
        "sent_at": f"{upload.sent_at.isoformat(timespec='seconds')}Z",
        "rows_read": upload.progress,
        "data_token": upload.data_token if is_ready else None,
        "data_changed": is_ready and upload.data_token != fetch_data_version(engine).token,
        "refusal": upload.result.get("refusal"),
        "problems": upload.result.get("problems", []),
        "problem_count": upload.result.get("problem_count", 0),
        "batches": [_describe_import_batch(entry) for entry in upload.result.get("batches", [])],
    }


def _describe_import_batch(entry: dict[str, Any]) -> dict[str, Any]:
    """As the page's table: what is new, changed, unchanged and refused, by name of the figure."""
    if "values" not in entry:
        return entry
    figures = [
        {"name": name, **dict(zip(_COUNTS, counts, strict=True))}
        for name, *counts in entry["values"]
    ]
    return {**entry, "values": figures}


# How programs send files, as the published description says it (openapi.py).


class OutcomeCounts(ApiModel):
    """Communes by what the file changes for them."""

    new: int
    changed: int
    unchanged: int
    refused: int


class OutcomeRow(OutcomeCounts):
    """One figure by name: so many of its values are new, changed, unchanged, refused."""

    name: str


class FileProblem(ApiModel):
    """What somebody can mend in the file."""

    message: str
    remedy: str
    row: int | None
    column: str | None
    value: str | None
    severity: Literal["refused", "warning"]


class ImportBatch(ApiModel):
    """What a dry run says of one province of the file, and what an import did with it."""

    province: str
    kind: str
    already: int | None = Field(description="Số của đợt nạp trước, nếu tệp này đã nạp rồi")
    problem_count: int
    problems: list[FileProblem]
    as_of: str | None = None
    period: list[str] | None = None
    rows: int | None = None
    communes: OutcomeCounts | None = None
    values: list[OutcomeRow] | None = None
    replaces_simulation: bool | None = None
    batch: int | None = None
    words: str | None = None


ImportState = Literal[
    "waiting", "reading", "ready", "refused", "importing", "done", "dropped", "stuck"
]


class ImportStatus(ApiModel):
    """How far a file is; `sha256` and `data_token` are what a confirmation repeats."""

    number: int = Field(alias="import")
    state: ImportState
    file: str
    sha256: str
    bytes: int
    sent_at: str
    rows_read: int
    data_token: str | None
    data_changed: bool
    refusal: str | None
    problems: list[FileProblem]
    problem_count: int
    batches: list[ImportBatch]


class ImportConfirmation(ApiModel):
    """What was seen in the dry run."""

    sha256: str
    data_token: str


def describe_sending(
    status: dict[str, str], confirmation: dict[str, str], problems: dict[str, Any]
) -> dict[str, Any]:
    """The three addresses. `status`, `confirmation`: references to their models; `problems`: the
    refusals of every address.
    """
    content = {"application/json": {"schema": status}}
    over = {**problems["400"], "description": "Tệp chỉ được giữ một ngày để chờ xác nhận"}
    too_large = {**problems["400"], "description": "Tệp quá lớn"}
    other_type = {**problems["400"], "description": "Kiểu nội dung không nhận được"}
    refusals = {**problems, "410": over, "413": too_large, "415": other_type}

    def answer(code: str, words: str) -> dict[str, Any]:
        return {code: {"description": words, "content": content}, **refusals}

    file = {"type": "string", "contentMediaType": "application/octet-stream"}
    hints = {name: {"type": "string", "description": words} for name, words in _HINTS.items()}
    form = {"type": "object", "properties": {"file": file, **hints}, "required": ["file"]}
    fields = {"file": "Tên tệp, khi nội dung tệp là thân của yêu cầu", **_HINTS}
    key_only: list[dict[str, list[str]]] = [{"officeKey": []}]
    return {
        PATH: {
            "post": {
                "operationId": "receive_import",
                "summary": "Gửi một tệp để đọc thử; chưa nạp gì",
                "security": key_only,
                "parameters": [
                    {
                        "name": name,
                        "in": "query",
                        "required": False,
                        "description": words,
                        "schema": {"type": "string"},
                    }
                    for name, words in fields.items()
                ],
                "requestBody": {
                    "required": True,
                    "content": {
                        "multipart/form-data": {"schema": form},
                        "application/octet-stream": {"schema": {}},
                    },
                },
                "responses": answer("202", "Đã nhận, đang đọc thử; địa chỉ để hỏi ở Location"),
            }
        },
        f"{PATH}/{{number}}": {
            "parameters": [_NUMBER],
            "get": {
                "operationId": "show_import",
                "summary": "Kết quả đọc thử hoặc nạp của một tệp đã gửi",
                "security": key_only,
                "responses": answer("200", "Tệp đang ở bước nào"),
            },
        },
        f"{PATH}/{{number}}/confirm": {
            "parameters": [_NUMBER],
            "post": {
                "operationId": "confirm_import",
                "summary": "Nạp tệp đã đọc thử, nếu tệp và số liệu vẫn như đã xem",
                "security": key_only,
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": confirmation}},
                },
                "responses": answer("202", "Đang nạp"),
            },
        },
    }

"""How programs send files (web/api/imports.py), as the published description says it."""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import Field

from dashboard.web.api.v1.models import ApiModel

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

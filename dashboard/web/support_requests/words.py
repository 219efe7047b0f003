"""Requests for help in words: states, urgencies, how long they took, each as a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard import text
from dashboard.indicators.field.support_requests import (
    Incident,
    SupportRequest,
    SupportState,
)
from dashboard.indicators.report import Report
from dashboard.web.documents.downloads import (
    CellType,
    DownloadTable,
    TableColumn,
    build_unit_columns,
)
from dashboard.web.words.support_requests import (
    SUPPORT_STATE_WORDS,
    URGENCY_NAMES,
    format_office_hours,
)

SUPPORT_WAY_NAMES = {"remote": "từ xa", "visit": "đến tận nơi"}
STEP_NAMES = {
    "asked": "Gửi yêu cầu",
    "triaged": "Phân công",
    "helping": "Bắt đầu hỗ trợ",
    "mended": "Đã khắc phục",
    "rechecked": "Phúc tra đạt",
    "reopened": "Chưa đạt, mở lại",
    "closed": "Đóng yêu cầu",
}


def tell_support_title(requests: Sequence[SupportRequest], incidents: Sequence[Incident]) -> str:
    """`12 yêu cầu đang mở, 3 chờ tiếp nhận; 1 sự cố chung`."""
    if not requests:
        return "Chưa có yêu cầu hỗ trợ nào"
    still_open = [request for request in requests if request.is_open]
    if not still_open:
        closed = text.format_number(len(requests))
        return f"Không yêu cầu hỗ trợ nào đang mở; {closed} đã đóng"
    waiting = sum(request.state is SupportState.ASKED for request in still_open)
    words = f"{text.format_number(len(still_open))} yêu cầu hỗ trợ đang mở"
    if waiting:
        words += f", {text.format_number(waiting)} chờ tiếp nhận"
    if incidents:
        words += f"; {text.format_number(len(incidents))} sự cố chung"
    return words


def tell_incident(report: Report, incident: Incident) -> dict[str, Any]:
    """One fault of many, with the communes that tell of it."""
    names = report.communes["name"]
    return {
        "subject": incident.subject,
        "count": len(incident.communes),
        "since": text.format_moment(incident.since),
        "communes": [(code, str(names[code])) for code in incident.communes],
    }


def tell_times(requests: Sequence[SupportRequest]) -> list[tuple[str, str]]:
    """How soon requests are answered and closed: word and the middle time of those that are."""
    lines = []
    for word, hours in (
        ("Tiếp nhận sau", [request.answer_hours for request in requests]),
        ("Đóng sau", [request.close_hours for request in requests]),
    ):
        known = sorted(value for value in hours if value is not None)
        if known:
            middle = known[len(known) // 2]
            told = f"{format_office_hours(middle)} (trung vị của {text.format_number(len(known))})"
            lines.append((word, told))
    reopened = sum(request.reopened > 0 for request in requests)
    repeated = sum(request.is_repeated for request in requests)
    if reopened:
        lines.append(("Phải mở lại", f"{text.format_number(reopened)} yêu cầu"))
    if repeated:
        lines.append(("Lặp lại trong 30 ngày", f"{text.format_number(repeated)} yêu cầu"))
    return lines


def describe_request(report: Report, request: SupportRequest) -> dict[str, Any]:
    """One row of the list."""
    return {
        "id": request.request_id,
        "code": request.commune_code,
        "name": str(report.communes.at[request.commune_code, "name"]),
        "state": str(request.state),
        "word": SUPPORT_STATE_WORDS[request.state],
        "urgency": request.urgency,
        "urgency_word": URGENCY_NAMES.get(request.urgency, ""),
        "what": request.what,
        "subject": request.subject,
        "owner": request.owner or request.office,
        "asked": text.format_moment(request.asked_at),
        "waited": format_office_hours(request.waited_hours),
        "is_open": request.is_open,
        "reopened": request.reopened,
        "is_repeated": request.is_repeated,
    }


def tabulate_requests(report: Report, requests: Sequence[SupportRequest]) -> DownloadTable:
    """The requests as a file, in the order of the page."""
    code_column, name_column = build_unit_columns()
    columns = (
        TableColumn("Mã đơn vị", code_column.meaning, CellType.CODE),
        name_column,
        TableColumn("Tình trạng", "Bước mới nhất của yêu cầu"),
        TableColumn("Mức khẩn", "Như đơn vị ghi khi gửi yêu cầu"),
        TableColumn("Nội dung yêu cầu", "Cần hỗ trợ việc gì"),
        TableColumn("Phần mềm, tiêu chí", "Phần mềm hoặc tiêu chí mà yêu cầu nói đến"),
        TableColumn("Cơ quan phụ trách", "Cơ quan được phân công; chưa phân công thì để trống"),
        TableColumn("Gửi lúc", "Ngày giờ gửi yêu cầu"),
        TableColumn(
            "Tiếp nhận sau (giờ)", "Giờ làm việc đến khi có người phụ trách", CellType.NUMBER
        ),
        TableColumn("Đóng sau (giờ)", "Giờ làm việc đến khi đóng", CellType.NUMBER),
        TableColumn("Đã chờ (giờ)", "Giờ làm việc từ lúc gửi", CellType.NUMBER),
        TableColumn("Số lần mở lại", "Số lần khắc phục chưa đạt", CellType.NUMBER),
        TableColumn("Mã yêu cầu", "Giữ nguyên khi gửi lại để cập nhật", CellType.CODE),
    )
    names = report.communes["name"]
    rows = [
        (
            *(request.commune_code, str(names[request.commune_code])),
            *(SUPPORT_STATE_WORDS[request.state], URGENCY_NAMES.get(request.urgency, "")),
            *(request.what, request.subject or None, request.owner or None),
            text.format_moment(request.asked_at),
            *(_round(request.answer_hours), _round(request.close_hours)),
            *(_round(request.waited_hours), request.reopened, request.request_id),
        )
        for request in requests
    ]
    return DownloadTable(columns, rows, "Yêu cầu hỗ trợ của cấp xã")


def _round(hours: float | None) -> float | None:
    return None if hours is None else round(hours, 1)

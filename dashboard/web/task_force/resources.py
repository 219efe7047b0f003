"""Two parts of /to-cong-tac: what the province gives its communes, and what citizens told."""

from __future__ import annotations

from math import isnan
from typing import Any

from dashboard import text
from dashboard.indicators.field.feedback import CommuneFeedback, list_least_satisfied
from dashboard.indicators.field.resources import ResourceTopic, ResourceTotal, add_up_resources
from dashboard.web.documents.document import PageRequest
from dashboard.web.documents.downloads import (
    CellType,
    DownloadTable,
    TableColumn,
    build_unit_columns,
)
from dashboard.web.documents.navigation import build_commune_address
from dashboard.web.words.resources import RESOURCE_NAMES, tell_satisfaction

_LEAST_SHOWN = 5
_OPEN_SHOWN = 5


def describe_resources(page_request: PageRequest) -> dict[str, Any] | None:
    """A row a topic: how many, how many of them done, by whom and where, and the newest day; None
    where nobody told anything.
    """
    totals = add_up_resources(page_request.report.field.resources)
    if not totals:
        return None
    newest = max(total.newest for total in totals)
    return {"rows": [_describe_total(total) for total in totals], "newest": newest}


def _describe_total(total: ResourceTotal) -> dict[str, Any]:
    where = []
    if total.topic is ResourceTopic.TRAINING:
        where.append(f"{text.format_number(total.entries)} khóa")
    if total.offices and total.topic is ResourceTopic.SECONDMENT:
        where.append(f"từ {text.format_number(total.offices)} sở, ngành")
    if total.communes:
        where.append(f"tại {text.format_number(total.communes)} đơn vị")
    return {
        "name": RESOURCE_NAMES[total.topic, total.variant],
        "quantity": text.format_number(total.quantity),
        "done": _tell_done(total),
        "where": ", ".join(where),
        "newest": total.newest,
    }


def _tell_done(total: ResourceTotal) -> str:
    """How many are done; "" of what is there or is not, such as a device."""
    if total.done_of:
        return text.format_part(total.done, total.done_of)
    is_there = total.topic in {ResourceTopic.DEVICE, ResourceTopic.SECONDMENT}
    return "" if is_there else "không ghi"


def describe_feedback(page_request: PageRequest) -> dict[str, Any] | None:
    """Sums of the newest period, the communes with the lowest score and those that have not
    answered all; None where nobody told anything.
    """
    summary = page_request.report.field.feedback
    if summary is None:
        return None
    counts = [
        f"{words} {text.format_number(value)}"
        for words, value in (("tiếp nhận", summary.received), ("xin lỗi", summary.apologised))
        if not isnan(value)
    ]
    if summary.received_of:
        share = text.format_share(int(summary.resolved_of), int(summary.received_of))
        counts.append(f"đã xử lý {share}")
    elif not isnan(summary.resolved):
        counts.append(f"đã xử lý {text.format_number(summary.resolved)}")
    unanswered = sorted(
        (entry for entry in summary.communes if _count_unanswered(entry) > 0),
        key=lambda entry: (-_count_unanswered(entry), entry.commune_code),
    )
    score = ""
    if summary.scored:
        median = tell_satisfaction(summary.median_satisfaction)
        score = f"Trung vị {median} ({text.format_number(summary.scored)} đơn vị có điểm)"
    return {
        "days": text.format_day_range(summary.first, summary.last),
        "communes": text.format_number(len(summary.communes)),
        "counts": ", ".join(counts),
        "score": score,
        "least": [
            {
                **_link_commune(page_request, entry),
                "words": f"{text.format_number(entry.satisfaction, 1)} điểm",
            }
            for entry in list_least_satisfied(summary, _LEAST_SHOWN)
        ],
        "unanswered": [
            {
                **_link_commune(page_request, entry),
                "words": f"{text.format_number(_count_unanswered(entry))} chưa xử lý",
            }
            for entry in unanswered[:_OPEN_SHOWN]
        ],
        "unanswered_count": len(unanswered),
    }


def _count_unanswered(entry: CommuneFeedback) -> float:
    """How many of those received are not resolved; 0 where either was not told."""
    if isnan(entry.received) or isnan(entry.resolved):
        return 0.0
    return entry.received - entry.resolved


def _link_commune(page_request: PageRequest, entry: CommuneFeedback) -> dict[str, str]:
    names = page_request.report.snapshot.province_data.communes["name"]
    return {
        "name": names[entry.commune_code],
        "href": build_commune_address(entry.commune_code, page_request.view),
    }


def tabulate_resources(page_request: PageRequest) -> DownloadTable:
    """Everything that the province gave until the day, a row a thing."""
    code_column, name_column = build_unit_columns()
    columns = (
        TableColumn("Loại", "Loại nguồn lực và tình trạng"),
        TableColumn("Mã đơn vị", code_column.meaning, CellType.CODE),
        name_column,
        TableColumn("Nội dung", "Khóa tập huấn, chuyên môn, thiết bị, việc hoặc biểu mẫu"),
        TableColumn("Số lượng", "Số chỗ, số người, số thiết bị, số chứng thư", CellType.NUMBER),
        TableColumn("Đã thực hiện", "Số đã dự, đã cấp, đã dùng", CellType.NUMBER),
        TableColumn("Cơ quan", "Cơ quan cử, được mời hoặc thực hiện"),
        TableColumn("Từ ngày", "Ngày bắt đầu", CellType.DAY),
        TableColumn("Đến ngày", "Ngày kết thúc; để trống: chưa ghi"),
    )
    report = page_request.report
    names = report.snapshot.province_data.communes["name"]
    rows = [
        (
            RESOURCE_NAMES[entry.topic, entry.variant],
            entry.commune_code or None,
            names[entry.commune_code] if entry.commune_code else "Toàn tỉnh",
            entry.what,
            entry.quantity,
            entry.done,
            entry.office or None,
            entry.began_on,
            text.format_day(entry.ended_on) if entry.ended_on else None,
        )
        for entry in report.field.resources
    ]
    return DownloadTable(columns, rows, "Nguồn lực hỗ trợ cấp xã")


def tabulate_feedback(page_request: PageRequest) -> DownloadTable:
    """The newest period's counts, a row a commune."""
    code_column, name_column = build_unit_columns()
    columns = (
        TableColumn("Mã đơn vị", code_column.meaning, CellType.CODE),
        name_column,
        TableColumn("Từ ngày", "Ngày đầu kỳ", CellType.DAY),
        TableColumn("Đến ngày", "Ngày cuối kỳ", CellType.DAY),
        TableColumn("Tiếp nhận", "Phản ánh, kiến nghị tiếp nhận trong kỳ", CellType.NUMBER),
        TableColumn("Đã xử lý", "Phản ánh, kiến nghị đã xử lý", CellType.NUMBER),
        TableColumn("Xin lỗi", "Số lần đã xin lỗi người dân", CellType.NUMBER),
        TableColumn("Điểm hài lòng", "Theo Bộ chỉ số 766, thang 18", CellType.NUMBER),
    )
    report = page_request.report
    names = report.snapshot.province_data.communes["name"]
    rows = [
        (
            *(entry.commune_code, names[entry.commune_code], entry.first, entry.last),
            *(
                None if isnan(value) else value
                for value in (entry.received, entry.resolved, entry.apologised, entry.satisfaction)
            ),
        )
        for entry in (report.field.feedback.communes if report.field.feedback else ())
    ]
    return DownloadTable(columns, rows, "Phản ánh, kiến nghị của người dân")

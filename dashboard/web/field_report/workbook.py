"""The report after the day as offices send it: a row a commune and day, in the order checked,
found, mended, proposed; then what was promised and asked. Fetched at /to-cong-tac/bao-cao.xlsx.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from flask import Flask, Response

from dashboard import text
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.web.documents import document, http_caching
from dashboard.web.documents.form_book import (
    SIMULATED_LINE,
    FilledForm,
    FormBook,
    FormRow,
    NothingToFill,
    name_province,
    respond_with_form,
)
from dashboard.web.field_report import outcomes
from dashboard.web.field_report.page import WORKBOOK_PATH, FieldReportPage

_TITLE: Final = "BÁO CÁO KẾT QUẢ KIỂM TRA, HỖ TRỢ TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG CẤP XÃ"
_VISIT_HEADS: Final = (
    ("STT", 5),
    ("Ngày", 11),
    ("Tổ", 20),
    ("Xã, phường, đặc khu", 26),
    ("Số tiêu chí đã kiểm tra", 11),
    ("Đúng kê khai", 9),
    ("Phát hiện khác kê khai", 44),
    ("Đã khắc phục tại chỗ", 30),
    ("Kiến nghị, ghi chú", 44),
)
_PROMISE_HEADS: Final = (
    ("STT", 5),
    ("Xã, phường, đặc khu", 26),
    ("Việc hứa", 44),
    ("Mức phải đạt", 26),
    ("Cơ quan hứa", 26),
    ("Ngày hứa", 11),
    ("Hạn", 11),
    ("Tình trạng", 14),
    ("Căn cứ", 44),
)
_SUPPORT_HEADS: Final = (
    ("STT", 5),
    ("Xã, phường, đặc khu", 26),
    ("Nội dung yêu cầu", 60),
    ("Ngày gửi", 11),
    ("Tình trạng", 16),
    ("Thời gian", 22),
)


def fill_field_report(page: FieldReportPage, *, simulated: bool) -> FilledForm:
    """The report of the page's days. Raises NothingToFill where nobody went anywhere, and nothing
    was promised or asked.
    """
    visits = _list_visit_rows(page)
    first = page.days[0]
    last = page.days[-1]
    made = outcomes.list_promises_made(page.follow_ups, first, last)
    kept = outcomes.list_promises_kept(page.follow_ups, first, last)
    promises = list(dict.fromkeys([*made, *kept]))
    asked = outcomes.list_requests_asked(page.support_requests, first, last)
    closed = outcomes.list_requests_closed(page.support_requests, first, last)
    requests = list(dict.fromkeys([*asked, *closed]))
    if not (visits or promises or requests):
        raise NothingToFill
    names = page.communes["name"]
    when = text.format_day_range(first, last)
    results = f"{page.team}: kết quả" if page.team else "Kết quả"
    form = FormBook(_TITLE)
    _write_sheet(form, "Kiểm tra", f"({results} {when})", _VISIT_HEADS, visits, simulated=simulated)
    _write_sheet(
        form,
        "Việc hứa",
        f"({outcomes.tell_promises(page.follow_ups, first, last)})",
        _PROMISE_HEADS,
        [
            (
                *(str(names[row.commune_code]), row.what, row.target, row.owner),
                *(row.promised_on, row.due_on, row.state, row.evidence),
            )
            for row in promises
        ],
        simulated=simulated,
    )
    _write_sheet(
        form,
        "Yêu cầu hỗ trợ",
        f"({outcomes.tell_requests(page.support_requests, first, last)})",
        _SUPPORT_HEADS,
        [
            (str(names[row.commune_code]), row.what, row.asked_on, row.state, row.hours)
            for row in requests
        ],
        simulated=simulated,
    )
    notes = [
        f"Ghi chú của báo cáo, {name_province(page.page_request.view.province)}",
        "Đúng kê khai: kiểm tra cho cùng mức với tự kê khai.",
        "Tổ theo lịch của tổ công tác; đi ngoài lịch thì theo nơi ghi kết quả.",
        "Việc hứa chỉ được coi là đã thực hiện khi số liệu sau ngày hứa đạt mức đã hứa.",
        "Thời gian của yêu cầu hỗ trợ tính bằng giờ làm việc.",
    ]
    return FilledForm(
        f"bao-cao-to-cong-tac_{page.page_request.view.province}_{last}",
        form.finish(notes, simulated=simulated),
    )


def _list_visit_rows(page: FieldReportPage) -> list[FormRow]:
    """A row a commune and day where a value was checked or something was written."""
    checked = {(row["day"], row["code"]): row for row in page.list_rows()}
    written: dict[tuple[date, str], list[outcomes.WrittenNote]] = {}
    for note in page.notes:
        written.setdefault((note.day, note.commune_code), []).append(note)
    rows: list[FormRow] = []
    for day, code in sorted({*checked, *written}):
        row = checked.get((day, code))
        notes = written.get((day, code), [])
        rows.append(
            (
                day,
                row["team"] if row else page.find_team(code, day) or "không rõ tổ",
                str(page.communes["name"][code]),
                row["checked"] if row else 0,
                row["confirmed"] if row else 0,
                "; ".join(row["otherwise"]) if row else "",
                outcomes.join_notes([note for note in notes if note.is_mended]),
                outcomes.join_notes([note for note in notes if not note.is_mended]),
            )
        )
    return rows


def _write_sheet(
    form: FormBook,
    name: str,
    line: str,
    heads: Sequence[tuple[str, int]],
    rows: Sequence[FormRow],
    *,
    simulated: bool,
) -> None:
    sheet = form.add_sheet(name)
    last_column = len(heads) - 1
    form.write_head(sheet, (0, 0), (0, last_column), _TITLE, "title")
    form.write_head(sheet, (1, 0), (1, last_column), line, "line")
    if simulated:
        form.write(sheet, 2, 0, SIMULATED_LINE, "bold")
    for column, (words, width) in enumerate(heads):
        form.write(sheet, 3, column, words, "head")
        sheet.set_column(column, column, width)
    sheet.set_row(3, 32)
    sheet.repeat_rows(3)
    sheet.freeze_panes(4, 0)
    for number, row in enumerate(rows, start=1):
        form.write_row(sheet, 3 + number, (number, *row))
    if not rows:
        form.write(sheet, 4, 0, "Không có trong thời gian này.", "plain")


def register(server: Flask, settings: Settings, reports: Reports) -> None:
    """Adds the address of the workbook to `server`."""

    @server.get(WORKBOOK_PATH, endpoint="field_report_workbook")
    @http_caching.tell_store_unavailable
    def field_report_workbook() -> Response:
        page_request = document.read_page_request(settings, reports, {})
        page = FieldReportPage(page_request)
        return respond_with_form(
            lambda simulated: fill_field_report(page, simulated=simulated), page_request
        )

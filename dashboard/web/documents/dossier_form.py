"""Form II.06a/VPCP of a period, filled in from the report: what came in, what was resolved and what
is open, a row a unit. Fetched at /ho-so/bieu-II.06a.xlsx; `import` reads it back.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from flask import Flask, Response

from dashboard import text
from dashboard.indicators.report import KIND_OF_LISTS, Report
from dashboard.indicators.throughput.count_rows import NEW
from dashboard.indicators.throughput.source_selection import PeriodFigures
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.web.documents import document, http_caching
from dashboard.web.documents.data_sources import list_kind_words
from dashboard.web.documents.form_book import (
    SIMULATED_LINE,
    FilledForm,
    FormBook,
    NothingToFill,
    name_province,
    respond_with_form,
)
from dashboard.web.documents.period import select_period
from dashboard.web.words.dossiers import tell_part_source
from dashboard.web.words.period_names import name_told_period

_DOSSIER_FORM_TITLE = (
    "TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT TTHC TẠI CƠ QUAN, ĐƠN VỊ TRỰC TIẾP GIẢI QUYẾT TTHC"
)
# Place of the column (from 1, as the form numbers them) → the count.
_DOSSIER_COLUMNS: Final = {
    3: "received",
    4: "received_online",
    5: "received_other",
    6: "carried_over",
    7: "resolved",
    8: "resolved_early",
    9: "resolved_on_time",
    10: "resolved_late",
    11: "open",
    12: "open_in_term",
    13: "open_overdue",
}
_DOSSIER_HEADS: Final = (
    # first row and column, last row and column, words
    ((5, 0), (7, 0), "TT"),
    ((5, 1), (7, 1), "Đơn vị"),
    ((5, 2), (5, 5), "Số lượng hồ sơ tiếp nhận"),
    ((5, 6), (5, 9), "Số lượng hồ sơ đã giải quyết"),
    ((5, 10), (5, 12), "Số lượng hồ sơ đang giải quyết"),
    ((6, 2), (7, 2), "Tổng số"),
    ((6, 3), (6, 4), "Trong kỳ"),
    ((6, 5), (7, 5), "Từ kỳ trước"),
    ((7, 3), (7, 3), "Trực tuyến"),
    ((7, 4), (7, 4), "Trực tiếp, dịch vụ bưu chính"),
    ((6, 6), (7, 6), "Tổng số"),
    ((6, 7), (7, 7), "Trước hạn"),
    ((6, 8), (7, 8), "Đúng hạn"),
    ((6, 9), (7, 9), "Quá hạn"),
    ((6, 10), (7, 10), "Tổng số"),
    ((6, 11), (7, 11), "Trong hạn"),
    ((6, 12), (7, 12), "Quá hạn"),
)
_OTHER_CHANNELS: Final = ("received_in_person", "received_post", "received_other")


def fill_dossier_form(report: Report, *, simulated: bool) -> FilledForm:
    """Form II.06a of the report's period. Raises NothingToFill where no source tells of it."""
    figures = report.dossiers.of_period.period_figures
    balance = report.dossiers.balance
    if figures is None or balance is None:
        raise NothingToFill
    last = min(figures.period.last, figures.until)
    first = figures.period.first
    form = FormBook(_DOSSIER_FORM_TITLE)
    sheet = form.add_sheet("II.06a")
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, 30)
    sheet.set_column(2, 12, 11)
    province = name_province(report.snapshot.province)
    form.write(sheet, 0, 0, "Biểu số II.06a/VPCP/KSTT", "bold")
    form.write(sheet, 0, 7, f"Đơn vị báo cáo: UBND {province}", "plain")
    form.write_head(sheet, (1, 0), (1, 12), _DOSSIER_FORM_TITLE, "title")
    period_name = text.upper_first_letter(name_told_period(figures.period, last))
    form.write_head(sheet, (2, 0), (2, 12), f"Kỳ báo cáo: {period_name}", "line")
    form.write(sheet, 3, 0, f"(Từ ngày {first:%d/%m/%Y} đến ngày {last:%d/%m/%Y})", "plain")
    form.write(sheet, 3, 10, "Đơn vị tính: Số hồ sơ TTHC", "plain")
    if simulated:
        form.write(sheet, 4, 0, SIMULATED_LINE, "bold")
    for head_first, head_last, words in _DOSSIER_HEADS:
        form.write_head(sheet, head_first, head_last, words, "head")
    sheet.set_row(7, 45)  # its heads wrap
    for column in range(13):
        form.write(sheet, 8, column, f"({column + 1})", "number")
    sheet.freeze_panes(9, 2)
    sheet.repeat_rows(5, 8)

    groups = [("UBND cấp xã", report.communes["name"].tolist(), _count_columns(figures, balance))]
    departments = report.dossiers.of_period.departments
    if departments is not None and report.dossiers.department_balance is not None:
        names = report.snapshot.province_data.department_names
        counts = _count_columns(departments, report.dossiers.department_balance)
        told = counts[counts.notna().any(axis=1)]
        groups.append(("Sở, ban, ngành", [names.get(code, code) for code in told.index], told))
    row = 9
    for numeral, (heading, names_of_units, counts) in zip(("I", "II"), groups, strict=False):
        form.write_row(sheet, row, [numeral, heading, *[None] * 11], "total")
        for number, (name, cells) in enumerate(
            zip(names_of_units, counts.to_numpy(), strict=True), start=1
        ):
            form.write_row(sheet, row + number, [number, str(name), *cells])
        row += 1 + len(counts)
    every_unit = pd.concat([counts for _, _, counts in groups])
    form.write_row(
        sheet, row, [None, "Tổng cộng", *every_unit.sum(min_count=1).to_numpy()], "total"
    )
    form.write(sheet, row + 2, 9, "Ngày … tháng … năm …", "line")
    form.write(sheet, row + 3, 1, "Người lập biểu", "sign")
    form.write(sheet, row + 3, 9, "TM. ỦY BAN NHÂN DÂN", "sign")
    notes = [
        f"Ghi chú của biểu II.06a, {province}",
        *_note_dossiers(report, figures, last),
    ]
    return FilledForm(
        f"bieu-II.06a_{report.snapshot.province}_{first}_{last}",
        form.finish(notes, simulated=simulated),
    )


def _count_columns(figures: PeriodFigures, balance: pd.DataFrame) -> pd.DataFrame:
    """Per unit the form's counts in the order of its columns; NaN where not told."""
    sums = figures.sums
    frame = pd.DataFrame(index=sums.index)
    for name in _DOSSIER_COLUMNS.values():
        frame[name] = sums[name].astype(np.float64)
    frame["received_other"] = sums[list(_OTHER_CHANNELS)].sum(axis=1, min_count=1)
    frame["carried_over"] = balance["carried_over"]
    # The form counts what its period began with among what it received; a list does not.
    frame["received"] = (sums[NEW] + balance["carried_over"]).fillna(frame["received"])
    frame["open"] = balance["open"]
    return frame


def _note_dossiers(report: Report, figures: PeriodFigures, last: date) -> list[str]:
    """Whose figures these are, and what of them the form has no column for."""
    sums = figures.sums
    kind = list_kind_words().get(figures.source_kind, figures.source_kind)
    told = report.dossiers.of_period.communes_told
    notes = [
        f"Nguồn: {tell_part_source([kind], told, len(report.codes), last)}.",
        "Ô trống: chưa biết hoặc nguồn không cho số này; số 0 là không có.",
        "Các dòng tổng là số đã cộng, không phải công thức.",
    ]
    channels = [
        f"{words} {text.format_number(sums[name].sum())}"
        for name, words in (
            ("received_in_person", "trực tiếp"),
            ("received_post", "bưu chính công ích"),
        )
        if sums[name].notna().any()
    ]
    if channels:
        notes.append(
            f"Cột (5) của cấp xã gộp: {', '.join(channels)}; biểu không có cột riêng cho từng kênh."
        )
    if figures.source_kind == KIND_OF_LISTS:
        notes.append("Cột (6) đếm từ danh sách hồ sơ: hồ sơ chưa xong vào tối trước ngày đầu kỳ.")
    for name, words in (
        ("paused", "đang tạm dừng, không nằm trong cột (11)"),
        ("no_due_day", "không có ngày hẹn trả, không xét được đúng hạn"),
        ("no_finish_day", "đã giải quyết nhưng không có ngày trả, không nằm trong cột (8)–(10)"),
    ):
        if sums[name].sum() > 0:
            notes.append(
                f"Biểu không có cột cho {text.format_number(sums[name].sum())} hồ sơ {words}."
            )
    if report.dossiers.of_period.has_departments:
        notes.append("Biểu không có cột mã: khi nạp lại, sở, ngành được nhận theo tên.")
    if not figures.complete:
        notes.append("Chưa đủ kỳ: nguồn chưa cho số liệu của mọi ngày trong kỳ.")
    return notes


def register(server: Flask, settings: Settings, reports: Reports) -> None:
    """Adds the address of the form to `server`."""

    @server.get("/ho-so/bieu-II.06a.xlsx")
    @http_caching.tell_store_unavailable
    def dossier_form() -> Response:
        page_request = document.read_page_request(settings, reports, {})
        report = select_period(page_request).report
        return respond_with_form(
            lambda simulated: fill_dossier_form(report, simulated=simulated), page_request
        )

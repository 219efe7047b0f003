"""The declaration of conditions, filled in from the report of a day: a row a commune, what it has
and what it needs, as it said itself. Fetched at /du-lieu/bieu-ke-khai.xlsx; `import` reads it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
from flask import Flask, Response

from dashboard import text
from dashboard.indicators.report import Report
from dashboard.measures import DECLARED, MEASURES, restore_value_type
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.web.documents import document, http_caching
from dashboard.web.documents.form_book import (
    SIMULATED_LINE,
    FilledForm,
    FormBook,
    NothingToFill,
    name_province,
    respond_with_form,
)

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

DECLARATION_SHEET: Final = "Kê khai"
_DECLARATION_TITLE = "BIỂU TỔNG HỢP ĐIỀU KIỆN VẬN HÀNH TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG CẤP XÃ"
_FLAG_WORDS: Final = ("Không đạt", "Đạt")
_RATING_WORDS: Final = {"green": "Xanh", "yellow": "Vàng", "red": "Đỏ"}
_HEADS_OF_MEASURES: Final = {
    "network_stable": ("Hạ tầng mạng", "Đường truyền thông suốt"),
    "network_mbps": ("Hạ tầng mạng", "Tốc độ (Mbps)"),
    "signature_needed": ("Chữ ký số", "Cần"),
    "signature_issued": ("Chữ ký số", "Đã cấp"),
    "kiosk_needed": ("Thiết bị tra cứu TTHC", "Cần"),
    "kiosk_available": ("Thiết bị tra cứu TTHC", "Có"),
    "staff_planned": ("Nhân sự một cửa", "Biên chế"),
    "staff_present": ("Nhân sự một cửa", "Hiện có"),
    "self_rating": ("Tự đánh giá",),
}


def _head_measure(code: str) -> tuple[str, ...]:
    if code in _HEADS_OF_MEASURES:
        return _HEADS_OF_MEASURES[code]
    name = MEASURES[code].name
    top, _, below = name.partition(": ")
    return (top, text.upper_first_letter(below)) if below else (name,)


def fill_declaration_form(report: Report, *, simulated: bool) -> FilledForm:
    """What each commune last declared, as of the report's day. Raises NothingToFill where none ever
    did.

    A row has one day: what was declared earlier than the rest of its row stands on a sheet of its
    own, with its day, and not as if it were newer.
    """
    layers = _list_declared_layers(report)
    if not layers:
        raise NothingToFill
    form = FormBook(_DECLARATION_TITLE)
    for number, rows in enumerate(layers):
        name = f"Kê khai trước {number}" if number else DECLARATION_SHEET
        _write_declarations(form, form.add_sheet(name), report, rows, simulated=simulated)
    notes = [
        f"Ghi chú của biểu kê khai, {name_province(report.snapshot.province)}",
        f"Tính đến ngày {text.format_day(report.today)}: số do đơn vị tự kê khai lần gần nhất, kèm "
        "ngày kê khai; kết quả kiểm tra và số đo tự động không nằm trong biểu này.",
        "Dòng trống: đơn vị chưa kê khai lần nào. Ô trống: chưa biết; số 0 là không có.",
    ]
    if len(layers) > 1:
        notes.append(
            'Số kê khai từ những ngày trước của cùng đơn vị nằm ở trang "Kê khai trước": mỗi dòng '
            "chỉ có một ngày kê khai."
        )
    return FilledForm(
        f"bieu-ke-khai_{report.snapshot.province}_{report.today}",
        form.finish(notes, simulated=simulated),
    )


def has_declarations(report: Report) -> bool:
    """Whether there is anything to fill the form with."""
    return bool(_list_declared_layers(report))


DeclaredRow = dict[str, float]


def _list_declared_layers(report: Report) -> list[dict[int, tuple[int, DeclaredRow]]]:
    """First each commune's newest declaration (by its place: age in days, values), then those
    before it of which something still counts.
    """
    day = np.array([report.today], dtype="datetime64[D]")
    history = report.snapshot.province_data.history
    on_day = history.on(day)
    declared: dict[int, dict[int, DeclaredRow]] = {}
    for code in DECLARED:
        last = on_day.last(code, "declared")
        for position in np.flatnonzero(~np.isnan(last.age[:, 0])).tolist():
            age = int(last.age[position, 0])
            values = declared.setdefault(position, {}).setdefault(age, {})
            values[code] = float(last.value[position, 0])
    deepest = max(map(len, declared.values()), default=0)
    return [
        {
            position: sorted(by_age.items())[number]
            for position, by_age in declared.items()
            if len(by_age) > number
        }
        for number in range(deepest)
    ]


def _write_declarations(
    form: FormBook,
    sheet: Worksheet,
    report: Report,
    rows: dict[int, tuple[int, DeclaredRow]],
    *,
    simulated: bool,
) -> None:
    heads = [
        ("STT",),
        ("Mã ĐVHC",),
        ("Xã, phường, đặc khu",),
        *map(_head_measure, DECLARED),
        ("Ngày kê khai",),
    ]
    last_column = len(heads) - 1
    form.write_head(sheet, (0, 0), (0, last_column), _DECLARATION_TITLE, "title")
    as_of = f"{report.today:%d/%m/%Y}"
    line = f"(Số liệu tính đến ngày {as_of}, do các xã, phường, đặc khu tự kê khai)"
    form.write_head(sheet, (1, 0), (1, last_column), line, "line")
    if simulated:
        form.write(sheet, 2, 0, SIMULATED_LINE, "bold")
    _write_declaration_heads(form, sheet, heads)
    sheet.set_row(3, 32)  # their heads wrap
    sheet.set_row(4, 48)
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, 9)
    sheet.set_column(2, 2, 26)
    sheet.set_column(3, last_column, 10)
    sheet.freeze_panes(5, 3)
    sheet.repeat_rows(3, 4)
    names = report.communes["name"].tolist()
    places = range(len(names)) if sheet.get_name() == DECLARATION_SHEET else sorted(rows)
    for number, place in enumerate(places, start=1):
        row = 4 + number
        cells: list[str | float | date | None] = [number, report.codes[place], str(names[place])]
        age, values = rows.get(place, (0, {}))
        cells += [_write_measure(code, values.get(code)) for code in DECLARED]
        cells.append(report.today - timedelta(days=age) if values else None)
        form.write_row(sheet, row, cells)
    sheet.ignore_errors({"number_stored_as_text": f"B6:B{5 + len(names)}"})


def _write_measure(code: str, value: float | None) -> str | float | None:
    """A stored value as the form writes it."""
    if value is None:
        return None
    if MEASURES[code].type == "flag":
        return _FLAG_WORDS[bool(value)]
    if MEASURES[code].type == "rating":
        return _RATING_WORDS[str(restore_value_type(code, value))]
    return value


def _write_declaration_heads(
    form: FormBook, sheet: Worksheet, heads: Sequence[tuple[str, ...]]
) -> None:
    column = 0
    while column < len(heads):
        head = heads[column]
        if len(head) == 1:
            form.write_head(sheet, (3, column), (4, column), head[0], "head")
            column += 1
            continue
        last = column
        while last + 1 < len(heads) and heads[last + 1][0] == head[0]:
            last += 1
        form.write_head(sheet, (3, column), (3, last), head[0], "head")
        for below in range(column, last + 1):
            form.write(sheet, 4, below, heads[below][1], "head")
        column = last + 1


def register(server: Flask, settings: Settings, reports: Reports) -> None:
    """Adds the address of the form to `server`."""

    @server.get("/du-lieu/bieu-ke-khai.xlsx")
    @http_caching.tell_store_unavailable
    def declaration_form() -> Response:
        page_request = document.read_page_request(settings, reports, {})
        report = page_request.report
        return respond_with_form(
            lambda simulated: fill_declaration_form(report, simulated=simulated), page_request
        )

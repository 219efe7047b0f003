"""The forms that offices send each other, filled in from a report as workbooks: II.06a/VPCP of a
period, and the declaration of conditions. `import` reads both back.

What a form has no column for is said on its second sheet, and totals are printed as values: a form
is passed on by programs that compute nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any, Final

import numpy as np
import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dashboard import reference, text
from dashboard.indicators.report import KIND_OF_LISTS, Report
from dashboard.indicators.throughput.count_rows import NEW
from dashboard.indicators.throughput.source_selection import PeriodFigures
from dashboard.measures import DECLARED, MEASURES, restore_value_type
from dashboard.web.documents.data_sources import list_kind_words
from dashboard.web.documents.workbooks import WORKBOOK_OPTIONS, write_text_cell
from dashboard.web.words.dossiers import tell_part_source
from dashboard.web.words.period_names import name_told_period

NOTES_SHEET: Final = "Ghi chú"
DECLARATION_SHEET: Final = "Kê khai"
SIMULATED_LINE: Final = "SỐ LIỆU MÔ PHỎNG, KHÔNG PHẢI SỐ LIỆU THẬT"
_FONT: Final[dict[str, Any]] = {
    "font_name": "Times New Roman",
    "font_size": 11,
    "valign": "vcenter",
}
_FORMATS: Final[dict[str, dict[str, Any]]] = {
    "plain": {},
    "bold": {"bold": True},
    "title": {"bold": True, "font_size": 13, "align": "center"},
    "line": {"italic": True, "align": "center"},
    "head": {"bold": True, "align": "center", "text_wrap": True, "border": 1},
    "number": {"italic": True, "align": "center", "border": 1},
    "text": {"border": 1, "text_wrap": True},
    "code": {"border": 1, "num_format": "@"},
    "group": {"border": 1, "bold": True},
    "count": {"border": 1, "num_format": "#,##0"},
    "decimal": {"border": 1, "num_format": "#,##0.0"},
    "day": {"border": 1, "num_format": "dd/mm/yyyy", "align": "right"},
    "total": {"border": 1, "bold": True, "num_format": "#,##0"},
    "sign": {"bold": True, "align": "center"},
    "note": {"text_wrap": True, "valign": "top"},
}
FormRow = Sequence[str | float | date | None]


@dataclass(frozen=True)
class FilledForm:
    """A form as a workbook, and the name of its file without the ending."""

    name: str
    content: bytes


class NothingToFill(Exception):
    """The report has no figure for this form: an empty one would be read as a report of nothing."""


class _FormBook:
    """A workbook in the look of the offices' forms."""

    def __init__(self, title: str) -> None:
        self._content = BytesIO()
        self.book = xlsxwriter.Workbook(self._content, WORKBOOK_OPTIONS)
        # The same report gives the same file.
        self.book.set_properties({"title": title, "created": _to_moment(reference.FIRST_DAY)})
        self.formats: dict[str, Format] = {
            name: self.book.add_format(_FONT | form) for name, form in _FORMATS.items()
        }

    def add_sheet(self, name: str) -> Worksheet:
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet

    def write(self, sheet: Worksheet, row: int, column: int, words: str, form: str) -> None:
        write_text_cell(sheet, row, column, words, self.formats[form])

    def write_head(
        self, sheet: Worksheet, first: tuple[int, int], last: tuple[int, int], words: str, form: str
    ) -> None:
        """A cell over several; the words are written apart from the merging, as a text."""
        if first != last:
            sheet.merge_range(*first, *last, "", self.formats[form])
        self.write(sheet, *first, words, form)

    def write_row(self, sheet: Worksheet, row: int, cells: FormRow, form: str = "count") -> None:
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                self.write(sheet, row, column, cell, "group" if form == "total" else "text")
            elif isinstance(cell, date):
                sheet.write_datetime(row, column, _to_moment(cell), self.formats["day"])
            elif cell is None or math.isnan(cell):
                sheet.write_blank(row, column, None, self.formats[form])
            else:
                is_whole = float(cell).is_integer()
                sheet.write_number(row, column, cell, self.formats[form if is_whole else "decimal"])

    def finish(self, notes: Sequence[str]) -> bytes:
        """All notes in one column, so that no reader takes them for a table."""
        sheet = self.add_sheet(NOTES_SHEET)
        sheet.set_column(0, 0, 120)
        for row, note in enumerate(notes):
            self.write(sheet, row, 0, note, "bold" if row == 0 else "note")
        self.book.close()
        return self._content.getvalue()


def _to_moment(day: date) -> pd.Timestamp:
    return pd.Timestamp(day)


# Form II.06a/VPCP: what came in, what was resolved and what is open in a period, a row a unit.

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
    figures = report.dossiers.period_figures
    balance = report.balance
    if figures is None or balance is None:
        raise NothingToFill
    last = min(figures.period.last, figures.until)
    first = figures.period.first
    form = _FormBook(_DOSSIER_FORM_TITLE)
    sheet = form.add_sheet("II.06a")
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, 30)
    sheet.set_column(2, 12, 11)
    province = reference.load_province_names()[report.snapshot.province]
    form.write(sheet, 0, 0, "Biểu số II.06a/VPCP/KSTT", "bold")
    form.write(sheet, 0, 7, f"Đơn vị báo cáo: UBND tỉnh {province}", "plain")
    form.write_head(sheet, (1, 0), (1, 12), _DOSSIER_FORM_TITLE, "title")
    period_name = text.upper_first_letter(name_told_period(figures.period, last))
    form.write_head(sheet, (2, 0), (2, 12), f"Kỳ báo cáo: {period_name}", "line")
    form.write(sheet, 3, 0, f"(Từ ngày {first:%d/%m/%Y} đến ngày {last:%d/%m/%Y})", "plain")
    form.write(sheet, 3, 10, "Đơn vị tính: Số hồ sơ TTHC", "plain")
    if simulated:
        form.write(sheet, 4, 0, SIMULATED_LINE, "bold")
    for head_first, head_last, words in _DOSSIER_HEADS:
        form.write_head(sheet, head_first, head_last, words, "head")
    for column in range(13):
        form.write(sheet, 8, column, f"({column + 1})", "number")
    sheet.freeze_panes(9, 2)
    sheet.repeat_rows(5, 8)

    groups = [("UBND cấp xã", report.communes["name"].tolist(), _count_columns(figures, balance))]
    departments = report.dossiers.departments
    if departments is not None and report.department_balance is not None:
        names = report.snapshot.province_data.department_names
        counts = _count_columns(departments, report.department_balance)
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
    notes = [f"Ghi chú của biểu II.06a, tỉnh {province}", *_note_dossiers(report, figures, last)]
    return FilledForm(
        f"bieu-II.06a_{report.snapshot.province}_{first}_{last}",
        form.finish([*notes, SIMULATED_LINE] if simulated else notes),
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
    told = report.dossiers.communes_told
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
    if report.dossiers.has_departments:
        notes.append("Biểu không có cột mã: khi nạp lại, sở, ngành được nhận theo tên.")
    if not figures.complete:
        notes.append("Chưa đủ kỳ: nguồn chưa cho số liệu của mọi ngày trong kỳ.")
    return notes


# The declaration of conditions: a row a commune, what it has and what it needs, as it said itself.

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
    form = _FormBook(_DECLARATION_TITLE)
    for number, rows in enumerate(layers):
        name = f"Kê khai trước {number}" if number else DECLARATION_SHEET
        _write_declarations(form, form.add_sheet(name), report, rows, simulated=simulated)
    province = reference.load_province_names()[report.snapshot.province]
    notes = [
        f"Ghi chú của biểu kê khai, tỉnh {province}",
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
        form.finish([*notes, SIMULATED_LINE] if simulated else notes),
    )


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
    form: _FormBook,
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
    form: _FormBook, sheet: Worksheet, heads: Sequence[tuple[str, ...]]
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

"""Writing a form as a workbook: drop-downs, explanations, and headings that nobody changes by
accident.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from dashboard import reference
from dashboard.forms.columns import FormColumn, OfficeForm, list_form_columns
from dashboard.measures import MEASURES
from dashboard.reference import FIRST_DAY

HEAD_ROWS = (4, 5)
_FIRST_ROW = HEAD_ROWS[-1] + 1
_WIDTHS = {
    "": 6,
    "commune_code": 10,
    "commune": 30,
    "note": 50,
    "criterion": 30,
    "team": 24,
    "what": 50,
    "measure": 30,
    "owner": 30,
    "topic": 20,
    "variant": 20,
    "office": 30,
}
_DUE_WORDS = "Ngày phải xong, ngày/tháng/năm; không trước ngày hứa."
_LOCKED_FIELDS = {"commune_code", "commune"}
_LINE = Side(style="thin", color="999999")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD_FILL = PatternFill("solid", fgColor="D9E2F3")
_LOCKED_FILL = PatternFill("solid", fgColor="F2F2F2")
_UNLOCKED = Protection(locked=False)
# What each kind of cell takes: the rule of the spreadsheet program, and its words for a person.
_RULES: dict[str, tuple[dict[str, Any], str]] = {
    "flag": (
        {"type": "list", "formula1": '"Đạt,Không đạt"'},
        "Chọn Đạt hoặc Không đạt; chưa biết thì để trống.",
    ),
    "rating": (
        {"type": "list", "formula1": '"Xanh,Vàng,Đỏ"'},
        "Chọn Xanh, Vàng hoặc Đỏ; chưa biết thì để trống.",
    ),
    "count": (
        {"type": "whole", "operator": "between", "formula1": "0", "formula2": "1000000"},
        "Số nguyên từ 0 trở lên; không có thì ghi 0, chưa biết thì để trống.",
    ),
    "decimal": (
        {"type": "decimal", "operator": "between", "formula1": "0", "formula2": "1000000"},
        "Số từ 0 trở lên, có thể có phần thập phân; chưa biết thì để trống.",
    ),
    "day": (
        {
            "type": "date",
            "operator": "greaterThanOrEqual",
            "formula1": f"DATE({FIRST_DAY:%Y,%m,%d})",
        },
        "Ngày/tháng/năm, ví dụ 13/07/2026, không sau ngày ghi ở tiêu đề biểu.",
    ),
}
# What is chosen from a list, by its field: as the reader of the kind knows the words.
_CHOICES = {
    "topic": "tập huấn,biệt phái,thiết bị,chứng thư số,biểu mẫu điện tử",
    "variant": "đã mua,đang mua,hỏng,cấp mới,thay đổi thông tin,mở khóa",
}
_GUIDE = (
    "CÁCH ĐIỀN",
    "1. Chỉ nhập vào các ô trắng; tiêu đề, mã và tên đơn vị được khóa để biểu luôn đọc được.",
    "2. Sửa dòng trong ngoặc dưới tên biểu cho đúng ngày hoặc kỳ của số liệu.",
    "3. Ô để trống nghĩa là chưa biết; ghi 0 nghĩa là không có. Hai điều này khác nhau.",
    "4. Không ghi họ tên, số điện thoại hay số giấy tờ của bất kỳ ai vào biểu.",
    "5. Đơn vị không khai thì để trống cả dòng.",
)


# More than the sheets of the largest form. Without room for them the library ends in a traceback.
_ROOM_ASIDE = 2_000_000


def write_form(form: OfficeForm, province: str, day: date, path: Path) -> None:
    """Write a form for the communes of a province. Raises FileExistsError where there is such a
    file.
    """
    book = Workbook()
    book.properties.creator = ""
    page = book.active
    page.title = "Biểu"
    columns_written = _fill_page(page, form, province, day)
    guide = book.create_sheet("Hướng dẫn")
    _write_guide(guide, list_form_columns(form))
    if form.rows:
        _offer_communes(book, page, columns_written, province, form)
    with TemporaryFile() as aside:  # where the library puts its sheets while it writes
        aside.write(bytes(_ROOM_ASIDE))
        aside.flush()
    content = BytesIO()
    book.save(content)
    with path.open("xb") as stream:
        try:
            stream.write(content.getvalue())
            stream.flush()
        except OSError:
            path.unlink(missing_ok=True)  # a full disk: half a form is none
            raise


def _fill_page(page: Worksheet, form: OfficeForm, province: str, day: date) -> list[FormColumn]:
    shown = [FormColumn("", ("STT",), "text"), *list_form_columns(form)]
    page["A1"] = f"{form.title} – {reference.load_province_names()[province].upper()}"
    page["A2"] = form.period_line(day)
    page["A1"].font = Font(bold=True, size=13)
    page["A2"].font = Font(italic=True)
    page["A2"].protection = _UNLOCKED
    for row in (1, 2):
        page.merge_cells(start_row=row, start_column=1, end_row=row, end_column=min(len(shown), 12))
    _write_headings(page, shown)
    codes = list(reference.select_communes_of_province(province).index)
    names = reference.load_communes()["name"]
    for index in range(form.rows or len(codes)):
        row = _FIRST_ROW + index
        fixed_values = (
            {} if form.rows else {"commune_code": codes[index], "commune": str(names[codes[index]])}
        )
        for number, column in enumerate(shown, start=1):
            cell = page.cell(
                row, number, index + 1 if not column.field else fixed_values.get(column.field)
            )
            cell.border = _BORDER
            if not column.field or column.field in fixed_values:
                cell.fill = _LOCKED_FILL
            else:
                cell.protection = _UNLOCKED
            if column.cell == "day":
                cell.number_format = "dd/mm/yyyy"
            if column.field == "commune_code":
                cell.number_format = "@"
    _add_rules(page, shown, form.rows or len(codes))
    page.freeze_panes = page.cell(
        _FIRST_ROW, 2 + sum(column.field in _LOCKED_FIELDS for column in shown)
    )
    page.protection.sheet = True
    page.protection.formatColumns = page.protection.formatRows = False
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    return shown


def _write_headings(page: Worksheet, shown: Sequence[FormColumn]) -> None:
    top, below = HEAD_ROWS
    for number, column in enumerate(shown, start=1):
        first = number == 1 or shown[number - 2].path[0] != column.path[0]
        page.cell(top, number, column.path[0] if first else None)
        page.cell(below, number, column.path[1] if len(column.path) == 2 else None)
        for row in HEAD_ROWS:
            cell = page.cell(row, number)
            cell.font = Font(bold=True)
            cell.fill = _HEAD_FILL
            cell.border = _BORDER
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        if len(column.path) == 1:
            page.merge_cells(start_row=top, start_column=number, end_row=below, end_column=number)
        elif first:
            last = number
            while last < len(shown) and shown[last].path[0] == column.path[0]:
                last += 1
            if last > number:
                page.merge_cells(start_row=top, start_column=number, end_row=top, end_column=last)
        page.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(column.field, 14)
    page.row_dimensions[top].height = page.row_dimensions[below].height = 36


def _add_rules(page: Worksheet, shown: Sequence[FormColumn], rows: int) -> None:
    for number, column in enumerate(shown, start=1):
        if column.cell in _RULES:
            rule, words = _RULES[column.cell]
            words = _DUE_WORDS if column.field == "due_on" else words
            _add_rule(page, number, rows, rule, " – ".join(column.path), words)
        elif column.field in _CHOICES:
            rule = {"type": "list", "formula1": f'"{_CHOICES[column.field]}"'}
            words = f"Chọn một trong: {_CHOICES[column.field].replace(',', ', ')}."
            if column.field == "variant":
                words = f"Chỉ của thiết bị (3 mục đầu) và chứng thư số (3 mục sau). {words}"
            _add_rule(page, number, rows, rule, " – ".join(column.path), words)
        elif column.field in {"criterion", "measure"}:
            names = [measure.name for measure in MEASURES.values()]
            _add_rule(
                page,
                number,
                rows,
                {},
                "Tiêu chí",
                f"Ghi tên tiêu chí như trong biểu kê khai, ví dụ {names[0]}.",
            )


def _add_rule(
    page: Worksheet, number: int, rows: int, rule: dict[str, Any], title: str, words: str
) -> None:
    check = DataValidation(
        allow_blank=True, showErrorMessage=bool(rule), showInputMessage=True, **rule
    )
    check.promptTitle = title[:32]
    check.prompt = words
    check.errorTitle = "Giá trị không hợp lệ"
    check.error = words
    letter = get_column_letter(number)
    check.add(f"{letter}{_FIRST_ROW}:{letter}{_FIRST_ROW + rows - 1}")
    page.add_data_validation(check)


def _offer_communes(
    book: Workbook, page: Worksheet, shown: Sequence[FormColumn], province: str, form: OfficeForm
) -> None:
    """The province's communes to choose from; they lie on a hidden sheet because they are too many
    for a list.
    """
    names = book.create_sheet("Danh mục")
    for row, name in enumerate(reference.select_communes_of_province(province)["name"], start=1):
        names.cell(row, 1, str(name))
    names.sheet_state = "hidden"
    column_number = next(
        number for number, column in enumerate(shown, start=1) if column.field == "commune"
    )
    rule = {"type": "list", "formula1": f"'Danh mục'!$A$1:$A${names.max_row}"}
    _add_rule(
        page, column_number, form.rows, rule, "Đơn vị", "Chọn xã, phường, đặc khu trong danh sách."
    )


def _write_guide(guide: Worksheet, shown: Sequence[FormColumn]) -> None:
    """All in one column, so that no reader takes the explanations for a table."""
    lines = [*_GUIDE, "", "CÁC CỘT"]
    for column in shown:
        if column.cell in _RULES:
            words = _DUE_WORDS if column.field == "due_on" else _RULES[column.cell][1]
            lines.append(f"{' – '.join(column.path)}: {words}")
    for row, line in enumerate(lines, start=1):
        cell = guide.cell(row, 1, line)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(bold=line.isupper())
    guide.column_dimensions["A"].width = 110
    guide.protection.sheet = True

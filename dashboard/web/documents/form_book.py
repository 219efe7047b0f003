"""A form that offices send each other, filled in: a workbook in its look, with a sheet of notes for
what the form has no column for. Totals are values: a form is passed on by programs that compute
nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from flask import Response

from dashboard import reference, text
from dashboard.web.documents import data_sources
from dashboard.web.documents.document import PageRequest
from dashboard.web.documents.downloads import name_download
from dashboard.web.documents.workbooks import WORKBOOK_OPTIONS, WORKBOOK_TYPE, write_text_cell

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

NOTES_SHEET: Final = "Ghi chú"
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


class FormBook:
    """A workbook in the look of the offices' forms."""

    def __init__(self, title: str) -> None:
        import xlsxwriter  # here: see workbooks.py

        self._content = BytesIO()
        self.book = xlsxwriter.Workbook(self._content, WORKBOOK_OPTIONS)
        # The same report gives the same file.
        self.book.set_properties({"title": title, "created": to_moment(reference.FIRST_DAY)})
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
                sheet.write_datetime(row, column, to_moment(cell), self.formats["day"])
            elif cell is None or math.isnan(cell):
                sheet.write_blank(row, column, None, self.formats[form])
            else:
                is_whole = float(cell).is_integer()
                sheet.write_number(row, column, cell, self.formats[form if is_whole else "decimal"])

    def finish(self, notes: Sequence[str], *, simulated: bool) -> bytes:
        """All notes in one column, so that no reader takes them for a table; of `simulated` figures
        the last one says so.
        """
        if simulated:
            notes = [*notes, SIMULATED_LINE]
        sheet = self.add_sheet(NOTES_SHEET)
        sheet.set_column(0, 0, 120)
        for row, note in enumerate(notes):
            self.write(sheet, row, 0, note, "bold" if row == 0 else "note")
        self.book.close()
        return self._content.getvalue()


def name_province(code: str) -> str:
    """`tỉnh Quảng Ngãi`, `thành phố Huế`: as the list of communes writes it."""
    communes = reference.load_communes()
    name = str(communes.loc[communes["province_code"] == code, "province_name"].iloc[0])
    return text.lower_first_letter(name)


def to_moment(day: date) -> pd.Timestamp:
    return pd.Timestamp(day)


def respond_with_form(fill: Callable[[bool], FilledForm], page_request: PageRequest) -> Response:
    """The form as a file; `fill` is told whether any figure is simulated."""
    is_simulated = data_sources.is_simulated(
        page_request.reports,
        page_request.view.province,
        page_request.version,
    )
    try:
        filled = fill(is_simulated)
    except NothingToFill:
        words = "Chưa nguồn nào cho số liệu của biểu này trong kỳ hoặc ngày đã chọn."
        return Response(words, status=404, mimetype="text/plain")
    headers = name_download(filled.name, "xlsx")
    return Response(filled.content, mimetype=WORKBOOK_TYPE, headers=headers)

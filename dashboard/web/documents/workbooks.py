"""A table to take along as a workbook: its figures on the first sheet, whose they are and what each
column means on the second.

Texts are written as texts whatever they begin with: nothing that came from outside is ever a
formula or a link, and no apostrophe is needed. What is not known is a blank.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from math import isfinite
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from dashboard.web import theme
from dashboard.web.documents.downloads import CellType, DownloadTable, TableCell, TableColumn

# Loaded with the first workbook that is written: 2 MB of a server, and of its start.
if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    Formats = dict[str, Format]

WORKBOOK_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIGURES_SHEET: Final = "Số liệu"
SIMULATED_SHEET: Final = "Số liệu mô phỏng"
MEANINGS_SHEET: Final = "Giải thích"
# What a cell of Excel holds at most, and what XML does not carry at all.
_MOST_LETTERS = 32_767
_IMPOSSIBLE_LETTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDTHS = (9, 48)
_MEANING_WIDTHS = (34, 100)
_LINE_HEIGHT = 15  # points
_HIGHEST = 409  # points: what a spreadsheet's row can be
_EDGES = 2  # letters: the room beside a text
_FORMATS: Final = {
    "text": {"valign": "top", "text_wrap": True},
    "code": {"valign": "top", "num_format": "@"},
    "whole": {"valign": "top", "num_format": "#,##0"},
    "decimal": {"valign": "top", "num_format": "#,##0.0###"},
    "share": {"valign": "top", "num_format": "0.0%"},
    "day": {"valign": "top", "num_format": "dd/mm/yyyy", "align": "right"},
    "moment": {"valign": "top", "num_format": "hh:mm dd/mm/yyyy", "align": "right"},
    "head": {
        "bold": True,
        "text_wrap": True,
        "valign": "top",
        "bg_color": theme.WORKBOOK_HEAD,
        "bottom": 1,
    },
    "title": {"bold": True, "font_size": 13},
}
WORKBOOK_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_workbook(
    table: DownloadTable, notes: Sequence[tuple[str, str]], *, simulated: bool
) -> bytes:
    """The table as .xlsx. `notes`: what is said of the whole table, each under its word."""
    import xlsxwriter

    content = BytesIO()
    with xlsxwriter.Workbook(content, WORKBOOK_OPTIONS) as book:
        book.set_properties({"title": table.title})
        formats = {name: book.add_format(properties) for name, properties in _FORMATS.items()}
        figures = book.add_worksheet(SIMULATED_SHEET if simulated else FIGURES_SHEET)
        _write_figures(figures, table, formats)
        _write_meanings(book.add_worksheet(MEANINGS_SHEET), table, notes, formats)
    return content.getvalue()


def _write_figures(sheet: Worksheet, table: DownloadTable, formats: Formats) -> None:
    from xlsxwriter.utility import xl_range

    columns = table.columns
    widths = [_measure_head(column.head) for column in columns]
    for number, column in enumerate(columns):
        write_text_cell(sheet, 0, number, column.head, formats["head"])
    last_row = 0
    for last_row, row in enumerate(table.rows, start=1):
        for number, (column, cell) in enumerate(zip(columns, row, strict=True)):
            widths[number] = max(
                widths[number], _write_cell(sheet, (last_row, number), column, cell, formats)
            )
    least, most = _WIDTHS
    widths = [min(max(width + 2, least), most) for width in widths]
    for number, width in enumerate(widths):
        sheet.set_column(number, number, width)
    heads = [column.head for column in columns]
    _fit_heights(sheet, [heads, *table.rows], widths)
    sheet.autofilter(0, 0, last_row, len(columns) - 1)
    # Names stay in sight beside figures that are scrolled to.
    named = [number for number, column in enumerate(columns) if column.cells is CellType.TEXT]
    sheet.freeze_panes(1, named[0] + 1 if named and named[0] < 2 else 0)
    sheet.ignore_errors(
        {"number_stored_as_text": xl_range(0, 0, max(last_row, 1), len(columns) - 1)}
    )
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&R&P/&N")


def _fit_heights(
    sheet: Worksheet, rows: Sequence[Sequence[TableCell]], widths: Sequence[int]
) -> None:
    """Rows as high as what wraps in them: not every program sees to that by itself."""
    for number, row in enumerate(rows):
        lines = _count_lines(row, widths)
        if lines > 1:
            sheet.set_row(number, min(lines * _LINE_HEIGHT, _HIGHEST))


def _count_lines(cells: Sequence[TableCell], widths: Sequence[int]) -> int:
    """Lines of the tallest text of a row."""
    return max(
        (
            sum(len(wrap(part, width - _EDGES)) or 1 for part in cell.split("\n"))
            for cell, width in zip(cells, widths, strict=False)
            if isinstance(cell, str) and (len(cell) > width - _EDGES or "\n" in cell)
        ),
        default=1,
    )


def _measure_head(head: str) -> int:
    """A head wraps between words, over up to three lines."""
    return max(len(head) // 3, *(len(word) for word in head.split()), 0)


def _write_cell(
    sheet: Worksheet,
    place: tuple[int, int],
    column: TableColumn,
    cell: TableCell,
    formats: Formats,
) -> int:
    """Writes it and says how many letters it is wide."""
    if isinstance(cell, str):
        write_text_cell(
            sheet, *place, cell, formats["code" if column.cells is CellType.CODE else "text"]
        )
        return max(map(len, cell.split("\n")))
    if isinstance(cell, date):
        has_hour = isinstance(cell, datetime) and (cell.hour, cell.minute) != (0, 0)
        sheet.write_datetime(*place, cell, formats["moment" if has_hour else "day"])
        return 16 if has_hour else 10
    if cell is None or not isfinite(cell):
        return 0
    name = "whole" if float(cell).is_integer() else "decimal"
    if column.cells is CellType.SHARE:
        name = "share"
    sheet.write_number(*place, cell, formats[name])
    return len(f"{cell:,.1f}")


def write_text_cell(sheet: Worksheet, row: int, column: int, words: str, form: Format) -> None:
    """A text as a text, whatever it begins with; what no cell can hold is left out."""
    clean = _IMPOSSIBLE_LETTERS.sub("", words)
    if len(clean) > _MOST_LETTERS:
        clean = f"{clean[: _MOST_LETTERS - 1]}…"
    sheet.write_string(row, column, clean, form)


def _write_meanings(
    sheet: Worksheet, table: DownloadTable, notes: Sequence[tuple[str, str]], formats: Formats
) -> None:
    columns = [(column.head, column.meaning) for column in table.columns]
    rows = [(table.title, ""), *notes, ("", ""), ("Cột", "Ý nghĩa"), *columns]
    looks = ["title", *["text"] * (len(notes) + 1), "head", *["text"] * len(columns)]
    for number, ((word, sentence), look) in enumerate(zip(rows, looks, strict=True)):
        for place, words in enumerate((word, sentence)):
            if words:
                write_text_cell(sheet, number, place, words, formats[look])
    for number, width in enumerate(_MEANING_WIDTHS):
        sheet.set_column(number, number, width)
    # The title runs on over the empty cell beside it.
    _fit_heights(sheet, [(), *rows[1:]], _MEANING_WIDTHS)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)

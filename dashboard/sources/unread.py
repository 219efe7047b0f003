"""What of a file was not read, for the one who imports it: sheets, columns, hidden rows.

A figure that nobody took is told, never passed over: one line for each kind of thing, with its
places.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from dashboard import text
from dashboard.errors import Problem
from dashboard.messages import Message, join_messages, write_message
from dashboard.sources.formats.sheet import Sheet, SheetRow, format_cell_text
from dashboard.sources.recognise.file_kinds import RecognisedFile
from dashboard.sources.recognise.header_rows import FieldColumn, UnreadColumn
from dashboard.sources.recognise.table import SheetTable, spell_column_letter
from dashboard.sources.recognise.turned import tell_turned

_MOST_NAMED = 8
_MOST_ROWS = 20_000
_ORDINALS = {text.make_spelling_key(heading) for heading in ("STT", "TT", "Số TT", "Số thứ tự")}
# A row of an explanation has fewer cells.
_LEAST_ENTRY_CELLS = 4
# Fewer rows of figures than this are a note or a legend.
_LEAST_ROWS = 2
# "20/30", "120,5 / 60,2", "12 máy", "85 Mbps"; "10/2026" is a month.
_FIGURE_WITH_MORE = re.compile(
    r"^\d[\d.,]*\s*(?:/\s*(?!20\d\d$)\d[\d.,]*|(?:máy|bộ|cái|chiếc|người|hồ sơ|hs|[kmg]bps))$",
    re.IGNORECASE,
)


def list_unread_parts(recognised: RecognisedFile) -> list[Problem]:
    """What in the whole file looks like figures and was not read."""
    problems = _tell_turned([entry.table.sheet for entry in recognised.tables])
    unread = [sheet for sheet in recognised.sheets_without_table if _holds_data(sheet)]
    if unread:
        problems.append(
            Problem(
                write_message(
                    "không đọc {sheets}: không thấy tiêu đề của biểu nào đã biết",
                    sheets=_join(list(map(_name_sheet, unread))),
                ),
                write_message("hãy ghi đủ dòng tiêu đề trên trang đó, hoặc tách thành tệp riêng"),
            )
        )
    hidden = [sheet.name for sheet in recognised.hidden_sheets if _holds_data(sheet)]
    if hidden:
        problems.append(
            Problem(
                write_message("không đọc trang ẩn {sheets}", sheets=_join_names(hidden)),
                write_message(
                    "không cần sửa nếu đó là số cũ; nếu là số liệu cần nhập, hãy bỏ ẩn trang"
                ),
                severity="warning",
            )
        )
    return problems


def _tell_turned(sheets: list[Sheet]) -> list[Problem]:
    """One line for each way in which sheets were turned round."""
    names_by_note: dict[Message, list[str]] = {}
    for sheet in sheets:
        if note := tell_turned(sheet):
            names_by_note.setdefault(note, []).append(sheet.name)
    return [
        Problem(
            write_message(
                "trang {sheets}: {note}", sheets=_join_names(dict.fromkeys(names)), note=note
            )
            if len(sheets) > 1
            else note,
            write_message("hãy kiểm tra lại số đã nhận"),
            severity="warning",
        )
        for note, names in names_by_note.items()
    ]


def _name_sheet(sheet: Sheet) -> Message:
    if not sheet.is_part or not sheet.peek:
        return write_message('trang "{sheet}"', sheet=sheet.name)
    return write_message(
        'trang "{sheet}" từ dòng {row}', sheet=sheet.name, row=sheet.peek[0].number
    )


def list_unread_columns(table: SheetTable) -> list[Problem]:
    """The columns and hidden rows of a table that were not taken, or taken though nobody sees them.

    To be asked after the table was read.
    """
    problems: list[Problem] = []
    head = table.head
    by_reason: dict[Message, list[UnreadColumn]] = {}
    for column in head.left_out:
        by_reason.setdefault(column.reason, []).append(column)
    for reason, columns in by_reason.items():
        problems.append(
            Problem(
                write_message(
                    "không lấy cột {columns}: {reason}",
                    columns=_join_columns(columns),
                    reason=reason,
                ),
                write_message("không cần sửa nếu đúng vậy"),
                head.last_row,
                severity="warning",
            )
        )
    problems += _tell_sums(table)
    if table.one_row_a_unit:
        problems += _tell_columns_of_figures(table)
        problems += _tell_hidden_rows(table)
    hidden_fields = [
        column for column in head.columns.values() if column.index in table.sheet.hidden_columns
    ]
    if hidden_fields:
        problems.append(
            Problem(
                write_message("đã đọc cột ẩn {columns}", columns=_join_columns(hidden_fields)),
                write_message("hãy bỏ ẩn các cột đó và kiểm tra lại số"),
                head.last_row,
                severity="warning",
            )
        )
    return problems


def _tell_sums(table: SheetTable) -> list[Problem]:
    return [
        Problem(
            write_message("là tổng của các cột này"),
            write_message("không cần sửa nếu đúng vậy"),
            table.head.last_row,
            column.heading,
            severity="warning",
        )
        for column in table.head.columns.values()
        if column.parts
    ]


def _tell_columns_of_figures(table: SheetTable) -> list[Problem]:
    columns = [
        column
        for column in table.head.ignored_columns
        if text.make_spelling_key(column.heading) not in _ORDINALS and "%" not in column.heading
    ]
    if not columns:
        return []
    with_figures: set[int] = set()
    for row in table.rows(_MOST_ROWS):
        for column in columns:
            if column.index < len(row.cells) and _is_figure(row.cells[column.index]):
                with_figures.add(column.index)
    unread = [column for column in columns if column.index in with_figures]
    if not unread:
        return []
    return [
        Problem(
            write_message(
                "không đọc cột {columns}: có số nhưng không rõ là số gì",
                columns=_join_columns(unread),
            ),
            write_message(
                "hãy sửa tên cột, hoặc dạy thêm trong data/layouts.toml (hoặc ghi ignore ở đó)"
            ),
            table.head.last_row,
        )
    ]


def _tell_hidden_rows(table: SheetTable) -> list[Problem]:
    problems = []
    overruled = sorted(set(table.overruled_rows))
    if overruled:
        problems.append(
            Problem(
                write_message(
                    "không lấy {count} dòng ẩn ({rows}): đơn vị đã có dòng đang hiện",
                    count=len(overruled),
                    rows=_join_rows(overruled),
                ),
                write_message("không cần sửa nếu dòng ẩn là số cũ"),
                severity="warning",
            )
        )
    hidden_rows = table.sheet.hidden_rows
    rows = table.rows(_MOST_ROWS) if hidden_rows else ()
    hidden = [row.number for row in rows if row.number in hidden_rows]
    if hidden:
        problems.append(
            Problem(
                write_message(
                    "đã đọc {count} dòng ẩn ({rows})", count=len(hidden), rows=_join_rows(hidden)
                ),
                write_message("hãy bỏ ẩn các dòng đó và kiểm tra lại số"),
                severity="warning",
            )
        )
    return problems


def _holds_data(sheet: Sheet) -> bool:
    """Rows of figures, or of words beside days and codes as a list of dossiers has them."""
    figures = sum(_counts_figures(row) >= 2 for row in sheet.peek)
    entries = sum(_is_entry(row) for row in sheet.peek)
    return max(figures, entries) >= _LEAST_ROWS


def _is_entry(row: SheetRow) -> bool:
    written = [format_cell_text(cell) for cell in row.cells]
    with_digits = sum(any(map(str.isdigit, cell)) for cell in written)
    return sum(map(bool, written)) >= _LEAST_ENTRY_CELLS and with_digits > 1


def _counts_figures(row: SheetRow) -> int:
    """Figures of a row, but for its number in the list."""
    cells = row.cells[1:] if row.cells and _is_figure(row.cells[0]) else row.cells
    return sum(map(_is_figure, cells))


def _is_figure(cell: object) -> bool:
    if isinstance(cell, str):
        written = format_cell_text(cell)
        if _FIGURE_WITH_MORE.match(written):
            return True
        digits = written.replace(".", "").replace(",", "").replace(" ", "")
        return digits.isdecimal() and len(digits) < 10
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _join_names(names: Iterable[str]) -> Message:
    # within quotation marks in every language
    return _join([write_message('"{sheet}"', sheet=name) for name in names])


def _join_columns(columns: Iterable[FieldColumn | UnreadColumn]) -> Message:
    return _join(
        [
            write_message(
                '"{heading}" ({letter})',
                heading=column.heading,
                letter=spell_column_letter(column.index),
            )
            for column in columns
        ]
    )


def _join_rows(numbers: list[int]) -> Message:
    return write_message("dòng {rows}", rows=_join([str(number) for number in numbers]))


def _join(words: Sequence[str]) -> Message:
    more = len(words) - _MOST_NAMED
    if more <= 0:
        return join_messages(", ", words)
    return write_message("{named} và {more} nơi nữa", named=words[:_MOST_NAMED], more=more)

"""What was of no use, for the one who imports a file: its sheets, columns and hidden rows that were
not read, and the forms that an administrator taught and that did not help.

A figure that nobody took is told, never passed over: one line for each kind of thing, with its
places. Of a form only headings are quoted, never a cell below them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from dashboard import text
from dashboard.errors import Problem
from dashboard.messages import Message, join_messages, write_message
from dashboard.sources.formats.sheet import Sheet, SheetRow, format_cell_text
from dashboard.sources.recognise.column_choice import FieldColumn, UnreadColumn
from dashboard.sources.recognise.file_kinds import Layout, load_file_kinds
from dashboard.sources.recognise.header_rows import find_header_rows
from dashboard.sources.recognise.heading_words import split_taught_words
from dashboard.sources.recognise.kind_of_file import RecognisedFile, RecognisedTable
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
# What people call a sheet that does not count; "Nhập" is where figures are entered.
_DRAFT = re.compile(r"(?<!\w)(?:nháp|draft|backup|sao lưu|bản cũ|số cũ|số liệu cũ|old)(?!\w)")
# Of so many of its headings a layout must be told why it was not applied though nobody named it.
_NEARLY_SHARE = 0.5
_MOST_HEADINGS = 4
_LONGEST_HEADING = 80
_ALIKE = 0.6


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


def leave_drafts(
    tables: Sequence[RecognisedTable],
) -> tuple[Sequence[RecognisedTable], list[Problem]]:
    """The tables without those of a sheet that is called a draft, where another sheet has the same
    kind of form."""
    final_kinds = {entry.file_kind for entry in tables if not _is_draft(entry)}
    kept = [entry for entry in tables if not _is_draft(entry) or entry.file_kind not in final_kinds]
    drafts = dict.fromkeys(entry.table.sheet.name for entry in tables if entry not in kept)
    if not drafts:
        return tables, []
    message = write_message(
        "không đọc trang {sheets}: tên trang là bản nháp hoặc bản cũ, và trang khác có biểu đó",
        sheets=_join_names(drafts),
    )
    return kept, [
        Problem(message, write_message("không cần sửa nếu đúng vậy; nếu không, hãy đổi tên trang"))
    ]


def _is_draft(entry: RecognisedTable) -> bool:
    return bool(_DRAFT.search(text.normalize_text(entry.table.sheet.name).casefold()))


def _tell_turned(sheets: list[Sheet]) -> list[Problem]:
    """One line for each way in which sheets were turned round."""
    names_by_note: dict[Message, list[str]] = {}
    for sheet in sheets:
        if note := tell_turned(sheet):
            names_by_note.setdefault(note, []).append(sheet.name)
    remedy = write_message("hãy kiểm tra lại số đã nhận")
    problems = []
    for note, names in names_by_note.items():
        words = note
        if len(sheets) > 1:
            names_once = _join_names(dict.fromkeys(names))
            words = write_message("trang {sheets}: {note}", sheets=names_once, note=note)
        problems.append(Problem(words, remedy, severity="warning"))
    return problems


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


class UnusedLayout(NamedTuple):
    """A layout that was taught, and behind its name what is wrong with it for a file."""

    name: str
    fault: Message


def tell_unused_layouts(
    sheets: Sequence[Sheet],
    layouts: Sequence[Layout],
    recognised: RecognisedFile | None,
    *,
    tells_all: bool = False,
) -> list[UnusedLayout]:
    """One line for each layout that helped no table of the file, or not with all its headings.
    Standing layouts for other forms are told only where `tells_all`; those that nearly fit, and
    those named for this import, always.
    """
    used = [entry.layout for entry in recognised.tables] if recognised else []
    words = _gather_words(sheets)
    lines = []
    for layout in layouts:
        levels = _list_levels(layout)
        missing = [level for level in levels if split_taught_words(level) not in words]
        if layout in used:
            if missing and (tells_all or layout.is_asked):
                named = _join_missing(missing, words)
                fault = write_message(": không thấy tiêu đề {headings}", headings=named)
                lines.append(UnusedLayout(layout.name, fault))
            continue
        is_near = len(missing) <= (1 - _NEARLY_SHARE) * len(levels)
        if tells_all or layout.is_asked or is_near:
            reason = _explain_layout(layout, sheets, missing, words)
            fault = write_message(" không áp dụng được: {reason}", reason=reason)
            lines.append(UnusedLayout(layout.name, fault))
    return lines


def _list_levels(layout: Layout) -> list[str]:
    """Every level of the headings that a layout names."""
    headings = [heading for heading, _ in layout.headings]
    headings += [heading for _, parts in layout.sums for heading in parts]
    headings += [level for level, _ in layout.periods]
    levels = (level.strip() for heading in headings for level in heading.split(">"))
    return list(dict.fromkeys(level for level in levels if level))


def _gather_words(sheets: Iterable[Sheet]) -> dict[tuple[str, ...], str]:
    """What stands in cells of the first rows that may be headings, by its words."""
    cells = (
        format_cell_text(cell)
        for sheet in sheets
        for row in sheet.peek
        for cell in row.cells
        if isinstance(cell, str)
    )
    return {split_taught_words(cell): cell for cell in cells if 0 < len(cell) <= _LONGEST_HEADING}


def _explain_layout(
    layout: Layout,
    sheets: Sequence[Sheet],
    missing: list[str],
    words: dict[tuple[str, ...], str],
) -> Message:
    names = list(dict.fromkeys(sheet.name for sheet in sheets))
    if layout.sheet and text.make_spelling_key(layout.sheet) not in map(
        text.make_spelling_key, names
    ):
        return write_message(
            'tệp không có trang "{sheet}" (có {present})',
            sheet=layout.sheet,
            present=[write_message('"{heading}"', heading=name) for name in names[:_MOST_HEADINGS]],
        )
    if missing:
        return write_message(
            "không thấy tiêu đề {headings}", headings=_join_missing(missing, words)
        )
    file_kind = next(kind for kind in load_file_kinds() if kind.code == layout.kind_code)
    vocabulary = file_kind.vocabulary_taught_by(layout)
    heads = [
        find_header_rows(sheet, vocabulary, layout.heading_rows, has_period=file_kind.has_period)
        for sheet in sheets
    ]
    lacking = [file_kind.missing(head) for head in heads if head is not None]
    if not lacking:
        if layout.heading_rows is None:
            return write_message("các tiêu đề đó không đứng cùng nhau")
        first, last = layout.heading_rows
        return write_message(
            "các tiêu đề đó không đứng cùng nhau ở dòng {first}–{last}", first=first, last=last
        )
    fewest = min(lacking, key=len)
    if fewest:
        return write_message("còn thiếu cột {columns}", columns=list(fewest[:_MOST_HEADINGS]))
    return write_message("tệp khớp hơn với một cách đọc khác")


def _join_missing(missing: list[str], words: dict[tuple[str, ...], str]) -> Message:
    """The headings that the file has not, each with the one that looks most like it."""
    named = []
    for level in missing[:_MOST_HEADINGS]:
        plain = text.strip_tones(level)
        score, nearest = max(
            (
                (SequenceMatcher(None, text.strip_tones(cell), plain).ratio(), cell)
                for cell in words.values()
            ),
            default=(0.0, ""),
        )
        quoted = write_message('"{heading}"', heading=level)
        if score >= _ALIKE:
            quoted = write_message(
                '"{heading}" (gần nhất là "{nearest}")', heading=level, nearest=nearest
            )
        named.append(quoted)
    more = len(missing) - _MOST_HEADINGS
    if more <= 0:
        return join_messages(", ", named)
    return write_message("{headings} và {more} tiêu đề nữa", headings=named, more=more)

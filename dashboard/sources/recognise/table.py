"""The rows of a table below its head: no numbering, no repeated head, nothing from the signatures
on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest
from operator import itemgetter
from typing import Any

from dashboard import text
from dashboard.errors import FileRefused, Problem
from dashboard.messages import Message, write_message
from dashboard.sources.formats.sheet import (
    Cell,
    Sheet,
    SheetRow,
    format_cell_text,
    is_blank,
    share_figure,
)
from dashboard.sources.recognise.header_rows import HeaderRows, make_text_grid
from dashboard.sources.recognise.headings import NEAR, FileField

CROSSES = frozenset({"x", "v", "1", "1.0", "✓", "✔", "☑", "có", "+", "true"})
_MOST_COMPARED_ROWS = 1_000_000
_UNIT_FIELDS = ("commune", "commune_code", "agency_code")
_LEAST_STARTS = 2
_SHARE_OF_NAMED = 0.4
_UNNAMED_REMEDY = write_message("hãy ghi mỗi đơn vị một dòng, hoặc ghi tên đơn vị ở mọi dòng")
# A line of signatures fills at most so many of the table's columns.
_MOST_SIGNATURE_CELLS = 4
# "(12)"; "(3)=(4)+(5)" is longer
_LONGEST_ORDINAL = 7
_ORDINAL = re.compile(r"^\(?(?:\d{1,3}|[A-Za-z])\)?(?:\s*=[\s\d()+\-=]*)?$")
_IN_BRACKETS = re.compile(r"^\([^()\d]+\)$")
_SIGNATURES = tuple(
    text.make_spelling_key(words)
    for words in (
        "Người lập",
        "Người tổng hợp",
        "Người báo cáo",
        "TM. Ủy ban nhân dân",
        "TM. UBND",
        "Thủ trưởng",
        "Nơi nhận",
        "Chủ tịch",
        "Phó Chủ tịch",
        "KT. Chủ tịch",
        "Giám đốc",
        "KT. Giám đốc",
        "Ký tên",
        "Ký, ghi rõ họ tên",
        "Xác nhận của",
        "Đại diện",
        "Ghi chú",
    )
)
_SUM_WORDS = ("tổng", "cộng", "toàn tỉnh")
RAGGED_REMEDY = write_message(
    "hãy đặt số có dấu phẩy và chữ có dấu ngăn cách trong nháy kép, "
    "hoặc xuất lại với dấu chấm phẩy hay dạng .xlsx"
)
_SIGNED_DAY = re.compile(r"ngày\s+[\d.…]*\s*tháng\s+[\d.…]*\s*năm", re.IGNORECASE)


class SheetTable:
    """A recognised table: its head, and its rows from below the head to the signatures."""

    def __init__(
        self,
        file: str,
        sheet: Sheet,
        head: HeaderRows,
        fields: dict[str, FileField],
        *,
        one_row_a_unit: bool = False,
    ):
        self.file = file
        self.sheet = sheet
        self.head = head
        self.fields = fields
        self.one_row_a_unit = one_row_a_unit
        # Numbers of hidden rows that gave way to a visible row of the same unit.
        self.overruled_rows: list[int] = []
        self._head_lines = {tuple(map(text.make_spelling_key, line)) for line in head.lines}
        self._head_cells = {key for line in self._head_lines for key in line if key}
        self._index = {name: column.index for name, column in head.columns.items()}
        self._crossed = {name for name, column in head.columns.items() if column.choices}
        # the rows by which the columns were judged, and the judgement (`ProblemCollector`)
        self.judged: tuple[Sequence[SheetRow], Any] | None = None
        self._turned: tuple[Sequence[SheetRow], list[tuple[Cell, ...]]] | None = None
        # of a text file: numbers of the rows with another number of cells than the head
        self.ragged_rows: list[int] = []
        self.text_width = measure_text_width(sheet, head)
        self._shared_cells = self._list_shared_cells()

    def _list_shared_cells(self) -> dict[int, list[int]]:
        """Per number of a row below the head its cells that are merged over several fields."""
        field_indexes = {index for column in self.head.columns.values() for index in column.indexes}
        shared_cells: dict[int, list[int]] = {}
        for (top, left), (_, right) in self.sheet.merged:
            if top < self.head.last_row or left == right:
                continue
            if len(field_indexes.intersection(range(left, right + 1))) > 1:
                shared_cells.setdefault(top + 1, []).append(left)
        return shared_cells

    def adopt_head(self, head: HeaderRows) -> None:
        """Read the same rows under a head of which a kind of file has understood more columns."""
        self.head = head
        self._index = {name: column.index for name, column in head.columns.items()}
        self._crossed = {name for name, column in head.columns.items() if column.choices}

    def has(self, field: str) -> bool:
        return field in self._index

    def heading(self, field: str) -> str:
        """The heading as the file writes it."""
        return self.head.columns[field].heading

    def cell(self, row: SheetRow, field: str) -> Cell:
        """The cell of a field; None where the file has no such column or the row ends before it."""
        index = self._index.get(field)
        if index is None:
            return None
        if field in self._crossed:
            return _read_choice(row, self.head.columns[field].choices)
        return row.cells[index] if index < len(row.cells) else None

    def list_cells(self, rows: Sequence[SheetRow], field: str) -> list[Cell]:
        """The cells of a field in these rows, as `cell` gives them."""
        index = self._index.get(field)
        if index is None or field in self._crossed:
            return [self.cell(row, field) for row in rows]
        if self._turned is None or self._turned[0] is not rows:
            # asked of every field, some of them twice: the rows are turned to columns once
            self._turned = rows, list(zip_longest(*(row.cells for row in rows)))
        columns = self._turned[1]
        return list(columns[index]) if index < len(columns) else [None] * len(rows)

    def part_cells(self, row: SheetRow, field: str) -> list[Cell]:
        """The cells of the further columns that are added to the field's first one."""
        column = self.head.columns.get(field)
        indexes = column.parts if column else ()
        return [row.cells[index] if index < len(row.cells) else None for index in indexes]

    def refuse_rivals(self) -> None:
        """Raises FileRefused where two columns stand for one field and do not say the same."""
        if not self.head.rivals:
            return
        rivals = {rival.field: rival for rival in self.head.rivals}
        for row in self.rows(_MOST_COMPARED_ROWS):
            for rival in rivals.values():
                first, second = (
                    format_cell_text(row.get_cell(column.index))
                    for column in (rival.first, rival.second)
                )
                if first != second:
                    first_column, second_column = (
                        write_message(
                            '"{heading}" (cột {letter})',
                            heading=column.heading,
                            letter=spell_column_letter(column.index),
                        )
                        for column in (rival.first, rival.second)
                    )
                    raise FileRefused(
                        self.file,
                        write_message(
                            "hai cột {first} và {second} cùng nghĩa nhưng khác số, "
                            "không rõ lấy cột nào",
                            first=first_column,
                            second=second_column,
                        ),
                        write_message(
                            "hãy bỏ bớt một cột, hoặc ghi rõ kỳ (tháng, lũy kế, kỳ trước) vào "
                            "tiêu đề"
                        ),
                    )

    def rows(self, most: int) -> Iterator[SheetRow]:
        """Rows with anything in a column that counts; refuses the file beyond `most` of them.

        Below a line of signatures only a row as full as a row of the table is taken again: the
        names of those who signed are nobody's business here.
        """
        taken = 0
        signed = False
        counter = _UnnamedRows([self._index[name] for name in _UNIT_FIELDS if name in self._index])
        visible_units = self._list_visible_units()
        self.overruled_rows = []
        self.ragged_rows = []
        indexes = [index for column in self.head.columns.values() for index in column.indexes]
        full_width = min(3, len(indexes))
        last_index = max(indexes)
        pick = itemgetter(*indexes, last_index)  # a tuple also where there is one column
        for row in self.sheet.rows():
            if row.number <= self.head.last_row:
                continue
            width = len(row.cells)
            filled: Sequence[Cell] = pick(row.cells)[:-1] if last_index < width else (None,)
            if None in filled or "" in filled:
                filled = [
                    cell
                    for i in indexes
                    if i < width and (cell := row.cells[i]) is not None and cell != ""
                ]
            if len(filled) <= _MOST_SIGNATURE_CELLS:
                filled = [cell for cell in filled if not is_blank(cell)]
                signed = (signed and len(filled) < full_width) or is_signature(row)
            else:
                signed = False
            if (
                signed
                or not filled
                or (
                    self._may_belong_to_head(filled)
                    and (
                        _is_numbering(row, filled)
                        or _explains_headings(filled)
                        or self._repeats_head(row, filled)
                    )
                )
            ):
                continue
            if row.number in self.sheet.hidden_rows and self._name_unit(row) in visible_units:
                self.overruled_rows.append(row.number)
                continue
            ragged = bool(self.text_width) and is_ragged(row, self.text_width)
            if ragged and not _sums_up(filled):
                self.ragged_rows.append(row.number)
            taken += 1
            if taken > most:
                message = write_message("bảng có hơn {most:,.0f} dòng", most=most)
                raise FileRefused(
                    self.file,
                    message,
                    write_message("hãy kiểm tra lại: biểu này chỉ có một dòng cho mỗi đơn vị"),
                )
            if self.ragged_rows and self.ragged_rows[-1] == row.number:
                continue
            counter.count(row)
            yield self._share_figures(row)
        self.refuse_mostly_ragged(taken - len(self.ragged_rows))
        if counter.is_pattern:
            raise FileRefused(self.file, counter.tell(), _UNNAMED_REMEDY)

    def _share_figures(self, row: SheetRow) -> SheetRow:
        indexes = self._shared_cells.get(row.number)
        if not indexes:
            return row
        cells = list(row.cells)
        for index in indexes:
            if index < len(cells):
                cells[index] = share_figure(cells[index])
        return SheetRow(row.number, cells)

    def refuse_mostly_ragged(self, taken: int) -> None:
        """Refuse a file in which at least as many rows do not fit the head as do."""
        if self.ragged_rows and len(self.ragged_rows) >= taken:
            message = write_message(
                "{ragged_rows}, nên giá trị lệch cột",
                ragged_rows=_tell_ragged_rows(self.ragged_rows),
            )
            raise FileRefused(self.file, message, RAGGED_REMEDY)

    def _list_visible_units(self) -> set[tuple[str, ...]]:
        """The units that have a row which a person sees; a hidden row never wins over it."""
        if not self.one_row_a_unit or not self.sheet.hidden_rows:
            return set()
        below = (row for row in self.sheet.rows() if row.number > self.head.last_row)
        return {self._name_unit(row) for row in below if row.number not in self.sheet.hidden_rows}

    def _name_unit(self, row: SheetRow) -> tuple[str, ...]:
        cells = [self.cell(row, field) for field in ("commune", "commune_code", "agency_code")]
        return tuple(text.make_spelling_key(format_cell_text(cell)) for cell in cells)

    def _may_belong_to_head(self, filled: Sequence[Cell]) -> bool:
        """A cheap first sieve: a name that is no word of the head stands in no row of it."""
        for cell in filled:
            if cell.__class__ is str and len(cell) > _LONGEST_ORDINAL and "=" not in cell:  # type: ignore[arg-type,operator]
                words = cell.strip()  # type: ignore[union-attr]
                if len(words) > _LONGEST_ORDINAL and words[0] != "(":
                    return _make_word_key(cell) in self._head_cells  # type: ignore[arg-type]
        return True

    def _repeats_head(self, row: SheetRow, filled: Sequence[Cell]) -> bool:
        # of a repeated head every word is one of the head's
        word = next((cell for cell in filled if isinstance(cell, str)), None)
        if word is None or _make_word_key(word) not in self._head_cells:
            return False
        width = len(next(iter(self._head_lines)))
        line = make_text_grid([row], width)[0]
        return tuple(map(text.make_spelling_key, line)) in self._head_lines

    def notes(self) -> list[Problem]:
        """Warnings about columns understood by a near spelling only, or that stand twice."""
        row = self.head.last_row
        near_spelt = [
            Problem(
                write_message("không đúng tên cột, được hiểu theo tên gần giống"),
                write_message("hãy kiểm tra tên cột"),
                row,
                column.heading,
                severity="warning",
            )
            for column in self.head.columns.values()
            if column.score == NEAR
        ]
        return near_spelt

    def tell_ragged_rows(self) -> list[Problem]:
        """The rows that were left out because their cells do not stand under the headings."""
        if not self.ragged_rows:
            return []
        message = write_message(
            "{ragged_rows}; không nhận các dòng này",
            ragged_rows=_tell_ragged_rows(self.ragged_rows),
        )
        return [Problem(message, RAGGED_REMEDY, self.ragged_rows[0])]


def _make_word_key(word: str) -> str:
    """`make_spelling_key`, of which a code is its own."""
    return word if word.isascii() and word.isdecimal() else text.make_spelling_key(word)


class _UnnamedRows:
    """Rows without a unit among rows with one: further lines of the unit above them, or further
    things of it. One of them alone is a slip; where they are a habit, the rows that are named hold
    a part of each unit's figures.
    """

    def __init__(self, unit_indexes: Sequence[int]):
        self._unit_indexes = unit_indexes
        self._named = 0
        self._starts: list[int] = []
        self._follows_named = False

    def count(self, row: SheetRow) -> None:
        width = len(row.cells)
        for index in self._unit_indexes:
            if index < width and not is_blank(row.cells[index]):
                self._named += 1
                self._follows_named = True
                return
        if self._follows_named and not _sums_up(row.cells):
            self._starts.append(row.number)
            self._follows_named = False

    @property
    def is_pattern(self) -> bool:
        most = max(_LEAST_STARTS, _SHARE_OF_NAMED * self._named)
        return bool(self._unit_indexes) and len(self._starts) >= most

    def tell(self) -> Message:
        return write_message(
            "dưới các dòng có tên đơn vị là những dòng có số liệu mà không có tên "
            "(dòng {rows}), nên không rõ số nào là của đơn vị nào",
            rows=[*self._starts[:3], "…"],
        )


def _read_choice(row: SheetRow, choices: tuple[tuple[int, str], ...]) -> Cell:
    """The heading of the column in which the cross stands; all of them where there are several, and
    what is written where it is no cross."""
    filled = [
        (row.cells[index], word)
        for index, word in choices
        if index < len(row.cells) and not is_blank(row.cells[index])
    ]
    others = [cell for cell, _ in filled if format_cell_text(cell).casefold() not in CROSSES]
    if others:
        return f"{format_cell_text(others[0])}?"
    return ", ".join(word for _, word in filled)


def spell_column_letter(index: int) -> str:
    """The spreadsheet's name of a column: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def measure_text_width(sheet: Sheet, head: HeaderRows) -> int:
    """How many cells the head of a text file has, blanks at its end left out; 0 for other files."""
    if sheet.text is None:
        return 0
    widths = [
        _count_cells(row) for row in sheet.peek if head.first_row <= row.number <= head.last_row
    ]
    return max(widths, default=0)


def is_ragged(row: SheetRow, width: int) -> bool:
    """Whether a row has more cells than the head, or ends before it: a mark within a number or a
    line break within a cell has moved what stands behind it.
    """
    return _count_cells(row) > width or len(row.cells) < width


def _count_cells(row: SheetRow) -> int:
    """Cells up to the last one that is not blank."""
    return next(
        (
            index + 1
            for index in range(len(row.cells) - 1, -1, -1)
            if not is_blank(row.cells[index])
        ),
        0,
    )


def _sums_up(filled: Sequence[Cell]) -> bool:
    """A line of totals, which people end where the figures end."""
    return any(
        isinstance(cell, str)
        and text.make_spelling_key(cell).startswith(tuple(map(text.make_spelling_key, _SUM_WORDS)))
        for cell in filled
    )


def _tell_ragged_rows(numbers: Sequence[int]) -> Message:
    named = ", ".join(map(str, numbers[:3])) + (", …" if len(numbers) > 3 else "")
    return write_message(
        "{rows:,.0f} dòng có số ô khác dòng tiêu đề (dòng {named})", rows=len(numbers), named=named
    )


def is_signature(row: SheetRow) -> bool:
    """ "Người lập biểu", "TM. ỦY BAN NHÂN DÂN", "Ngày … tháng … năm …": and no figure beside it."""
    words = [format_cell_text(cell) for cell in row.cells if not is_blank(cell)]
    signs = [
        word
        for word in words
        if text.make_spelling_key(word).startswith(_SIGNATURES) or _SIGNED_DAY.search(word)
    ]
    return bool(signs) and not any(re.search(r"\d", word) for word in words if word not in signs)


def _explains_headings(filled: Sequence[Cell]) -> bool:
    """The row "(ghi đúng tên) (cái) (bộ)" under a heading: words in brackets, no figure."""
    return len(filled) > 1 and all(
        isinstance(cell, str) and _IN_BRACKETS.match(cell.strip()) for cell in filled
    )


def is_numbering_cell(cell: Cell) -> bool:
    """ "(3)", "A", "(3)=(4)+(5)": a cell of the row that numbers the columns."""
    written = f"{cell:g}" if isinstance(cell, float) else format_cell_text(cell)
    return bool(_ORDINAL.match(written))


def _is_numbering(row: SheetRow, filled: Sequence[Cell]) -> bool:
    """The row "(1) (2) (3)" under a heading: every cell an ordinal, one after the other."""
    if len(filled) < 2:
        return False
    written = []
    for cell in row.cells:
        if not is_blank(cell):
            written.append(f"{cell:g}" if isinstance(cell, float) else format_cell_text(cell))
            if len(written[-1]) > 60 or not _ORDINAL.match(written[-1]):
                return False
    if any(isinstance(cell, bool) for cell in filled):
        return False
    numbers = [
        int(match.group()) for word in written if (match := re.search(r"\d+", word.split("=")[0]))
    ]
    rising = all(low + 1 == high for low, high in pairwise(numbers))
    return rising and (len(numbers) > 1 or not numbers)

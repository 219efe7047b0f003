"""Finding the table in a sheet: its heading rows, its columns, its rows, its end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dashboard import text
from dashboard.errors import FileRefused, Problem
from dashboard.sources.headings import NEAR, UNTONED, Field, Vocabulary, Words
from dashboard.sources.sheet import Cell, Row, Sheet, blank

MAX_HEADING_ROWS = 5
MAX_COLUMNS = 400
# A line of signatures fills at most so many of the table's columns.
_SPARSE = 4
_ORDINAL = re.compile(r"^\(?(?:\d{1,3}|[A-Za-z])\)?(?:\s*=.*)?$")
_SIGNATURES = tuple(
    text.spelling_key(words)
    for words in (
        "Người lập", "Người tổng hợp", "Người báo cáo", "TM. Ủy ban nhân dân", "TM. UBND", "Thủ trưởng", "Nơi nhận",
        "Chủ tịch", "Phó Chủ tịch", "KT. Chủ tịch", "Giám đốc", "KT. Giám đốc", "Ký tên", "Ký, ghi rõ họ tên",
        "Xác nhận của", "Ghi chú",
    )
)  # fmt: skip
_FIGURE = re.compile(r"^\s*[-–]?[\d.,/:\s]+(?:%|Mbps)?\s*$|^\s*[-–]\s*$", re.IGNORECASE)
_SIGNED_DAY = re.compile(r"ngày\s+[\d.…]*\s*tháng\s+[\d.…]*\s*năm", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    """A column that stands for a field: where, as what the file heads it, how surely (1 is exact)."""

    index: int
    heading: str
    score: float


@dataclass(frozen=True)
class Head:
    """The heading rows of one table. `titles` is the text above it, `ignored` the headings of no field."""

    first_row: int
    last_row: int
    columns: dict[str, Column]
    ignored: tuple[str, ...]
    titles: tuple[str, ...]
    lines: frozenset[Words]
    doubled: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        return sum(column.score for column in self.columns.values())


def _written(cell: Cell) -> str:
    return text.normal(cell) if isinstance(cell, str) else ("" if blank(cell) else str(cell))


def _grid(rows: list[Row], width: int) -> list[list[str]]:
    return [[_written(cell) for cell in row.cells[:width]] + [""] * (width - len(row.cells)) for row in rows]


def _fill_merged(grid: list[list[str]], rows: list[Row], sheet: Sheet) -> None:
    """Write a merged block's heading into each of its columns (top row of the block only)."""
    place = {row.number - 1: index for index, row in enumerate(rows)}
    for (top, left), (_, right) in sheet.merged:
        if top in place and left < right < len(grid[place[top]]):
            line = grid[place[top]]
            line[left : right + 1] = [line[left]] * (right + 1 - left)


def _fill_right(block: list[list[str]]) -> list[list[str]]:
    """Headings over several columns whose merge is lost (CSV): a blank takes its left neighbour's
    heading if something stands below both and they share all headings above."""
    filled = [list(line) for line in block]
    for level, line in enumerate(filled[:-1]):
        below = filled[level + 1 :]
        for column in range(1, len(line)):
            under = any(row[column] for row in below)
            left_under = any(row[column - 1] for row in below)
            same_above = all(row[column] == row[column - 1] for row in filled[:level])
            if not line[column] and under and left_under and same_above:
                line[column] = line[column - 1]
    return filled


def _paths(block: list[list[str]]) -> list[Words]:
    """Each column's headings from the top down, blanks and repetitions left out."""
    columns = zip(*_fill_right(block), strict=True)
    return [tuple(dict.fromkeys(filter(None, column))) for column in columns]


def _has_figures(row: Row) -> bool:
    """A row with many numbers or days in it is a row of the table, not a heading."""
    filled = [cell for cell in row.cells if not blank(cell)]
    figures = sum(not isinstance(cell, str) or bool(_FIGURE.match(cell)) for cell in filled)
    return 4 * figures > len(filled)


def find_head(sheet: Sheet, vocabulary: Vocabulary) -> Head | None:
    """The rows of `sheet` whose columns stand for the most fields; None where no two columns do."""
    rows = sheet.peek
    width = min(max((len(row.cells) for row in rows), default=0), MAX_COLUMNS)
    grid = _grid(rows, width)
    _fill_merged(grid, rows, sheet)
    figures = [_has_figures(row) for row in rows]
    hits = [sum(map(vocabulary.sounds_like_heading, line)) for line in grid]
    best: tuple[float, int, int] | None = None
    for first in range(len(rows)):
        for height in range(1, min(MAX_HEADING_ROWS, len(rows) - first) + 1):
            last = first + height - 1
            if not hits[first] or figures[last]:
                break
            if not hits[last] or sum(hits[first : last + 1]) < 2:
                continue
            found = _columns(_paths(grid[first : first + height]), vocabulary)
            score = sum(column.score for column in found.values()) - 0.001 * height
            if len(found) > 1 and (best is None or score > best[0] + 1e-9):
                best = (score, first, height)
    if best is None:
        return None
    _, first, height = best
    paths = _paths(grid[first : first + height])
    columns = _columns(paths, vocabulary)
    _add_misspelt(columns, paths, vocabulary)
    used = {column.index for column in columns.values()}
    ignored = tuple(" > ".join(path) for index, path in enumerate(paths) if path and index not in used)
    titles = tuple(cell for line in grid[:first] for cell in dict.fromkeys(line) if cell)
    lines = frozenset(tuple(line) for line in _grid(rows[first : first + height], width))
    doubled = tuple(
        " > ".join(path)
        for index, path in enumerate(paths)
        if path and index not in used and (vocabulary.field_of(path) or ("", 0.0))[1] >= UNTONED - 0.05
    )
    return Head(rows[first].number, rows[first + height - 1].number, columns, ignored, titles, lines, doubled)


def _columns(paths: list[Words], vocabulary: Vocabulary) -> dict[str, Column]:
    """Each field's best column; of two as good the left one, unless neither is an exact match."""
    found: dict[str, Column] = {}
    unsure: set[str] = set()
    for index, path in enumerate(paths):
        meant = vocabulary.field_of(path) if path else None
        if meant is None:
            continue
        name, score = meant
        known = found.get(name)
        if known is None or score > known.score:
            found[name] = Column(index, " > ".join(path), score)
            unsure.discard(name)
        elif score == known.score and score < UNTONED - 0.05:
            unsure.add(name)
    return {name: column for name, column in found.items() if name not in unsure}


def _add_misspelt(columns: dict[str, Column], paths: list[Words], vocabulary: Vocabulary) -> None:
    used = {column.index for column in columns.values()}
    for index, path in enumerate(paths):
        if path and index not in used:
            name = vocabulary.misspelt(path, set(vocabulary.fields) - set(columns))
            if name:
                columns[name] = Column(index, " > ".join(path), NEAR)


class Table:
    """A recognised table: its head, and its rows from below the head to the signatures."""

    def __init__(self, file: str, sheet: Sheet, head: Head, fields: dict[str, Field]):
        self.file, self.sheet, self.head, self.fields = file, sheet, head, fields
        self._head_cells = {cell for line in head.lines for cell in line if cell}
        self._index = {name: column.index for name, column in head.columns.items()}

    def has(self, field: str) -> bool:
        return field in self._index

    def heading(self, field: str) -> str:
        """The heading as the file writes it."""
        return self.head.columns[field].heading

    def cell(self, row: Row, field: str) -> Cell:
        """The cell of a field; None where the file has no such column or the row ends before it."""
        index = self._index.get(field)
        return row.cells[index] if index is not None and index < len(row.cells) else None

    def rows(self, most: int) -> Iterator[Row]:
        """Rows with anything in a column that counts; refuses the file beyond `most` of them.

        Below a line of signatures only a row as full as a row of the table is taken again: the names
        of those who signed are nobody's business here.
        """
        taken, signed = 0, False
        indexes = list(self._index.values())
        full = min(3, len(indexes))
        for row in self.sheet.rows():
            if row.number <= self.head.last_row:
                continue
            width = len(row.cells)
            filled = [cell for i in indexes if i < width and (cell := row.cells[i]) is not None and cell != ""]
            if len(filled) <= _SPARSE:
                filled = [cell for cell in filled if not blank(cell)]
                signed = (signed and len(filled) < full) or _is_signature(row)
            else:
                signed = False
            if signed or not filled or _is_numbering(row, filled) or self._repeats_head(row, filled):
                continue
            taken += 1
            if taken > most:
                message = f"bảng có hơn {text.number(most)} dòng"
                raise FileRefused(self.file, message, "hãy kiểm tra lại: biểu này chỉ có một dòng cho mỗi xã")
            yield row

    def _repeats_head(self, row: Row, filled: Sequence[Cell]) -> bool:
        if not any(cell in self._head_cells for cell in filled if isinstance(cell, str)):
            return False
        width = len(next(iter(self.head.lines)))
        return tuple(_grid([row], width)[0]) in self.head.lines

    def notes(self) -> list[Problem]:
        """Warnings about columns that were understood by a near spelling only, or that stand twice."""
        row = self.head.last_row
        near = [
            Problem("không đúng tên cột, được hiểu theo tên gần giống", "hãy kiểm tra tên cột", row, column.heading,
                    severity="warning")
            for column in self.head.columns.values()
            if column.score == NEAR
        ]  # fmt: skip
        twice = [
            Problem("có hai cột cùng nghĩa, chỉ lấy cột bên trái", "hãy bỏ bớt một cột", row, heading,
                    severity="warning")
            for heading in self.head.doubled
        ]  # fmt: skip
        return near + twice


def _is_signature(row: Row) -> bool:
    """ "Người lập biểu", "TM. ỦY BAN NHÂN DÂN", "Ngày … tháng … năm …": and no figure beside it."""
    words = [_written(cell) for cell in row.cells if not blank(cell)]
    signs = [word for word in words if text.spelling_key(word).startswith(_SIGNATURES) or _SIGNED_DAY.search(word)]
    return bool(signs) and not any(re.search(r"\d", word) for word in words if word not in signs)


def _is_numbering(row: Row, filled: Sequence[Cell]) -> bool:
    """The row "(1) (2) (3)" under a heading: every cell an ordinal, going up."""
    if len(filled) < 2 or any(isinstance(cell, bool) or (isinstance(cell, str) and len(cell) > 12) for cell in filled):
        return False
    written = [f"{cell:g}" if isinstance(cell, float) else _written(cell) for cell in row.cells if not blank(cell)]
    if not all(_ORDINAL.match(word) for word in written):
        return False
    numbers = [int(found.group()) for word in written if (found := re.search(r"\d+", word.split("=")[0]))]
    rising = all(low < high for low, high in pairwise(numbers))
    return rising and (len(numbers) > 1 or not numbers)

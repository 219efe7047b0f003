"""What every kind of file looks like once it is open: sheets of rows of cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

# A blank cell is "" (or None); text is as written, not trimmed.
Cell = str | float | int | bool | date | datetime | time | timedelta | None
# A written zero, or nothing at all where no number stands.
DASHES = frozenset("-–—−")
# A block merged over more rows than this is no group of rows but a mistake of the pen.
_MOST_MERGED_ROWS = 10_000
# A merged block of a workbook: (first row, first column), (last row, last column), all from 0.
MergedBlock = tuple[tuple[int, int], tuple[int, int]]


class SheetRow(NamedTuple):
    """One row that is not blank: its number as the spreadsheet program shows it, and its cells."""

    number: int
    cells: list[Cell]


class TextForm(NamedTuple):
    """How a text table is written."""

    encoding: str
    separator: str


@dataclass(frozen=True)
class Sheet:
    """One sheet: `peek` is its first rows (at least 100 where it has them), `rows` opens all of
    them.

    `alternative`: another reading of the same text file (with another separator), not a sheet
    beside it. `text`: how the file is written, where it is text. `hidden_rows`: numbers of the rows
    that a person does not see; `hidden_columns`: the same of columns, from 0.
    """

    name: str
    peek: list[SheetRow]
    rows: Callable[[], Iterator[SheetRow]]
    merged: list[MergedBlock] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    alternative: bool = False
    text: TextForm | None = None


def fill_merged_down(rows: Iterable[SheetRow], merged: list[MergedBlock]) -> Iterator[SheetRow]:
    """The rows, with the words of a merged block in each of its rows: a name that is written once
    over ten rows is the name of all ten. A number in such a block is not ten numbers and stays."""
    covered: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, _) in merged:
        for row_index in range(top + 1, min(bottom, top + _MOST_MERGED_ROWS) + 1):
            covered.setdefault(row_index, []).append((top, left))
    tops = {corner for corners in covered.values() for corner in corners}
    by_row: dict[int, list[int]] = {}
    for top, left in tops:
        by_row.setdefault(top, []).append(left)
    words: dict[tuple[int, int], str] = {}
    for row in rows:
        row_index = row.number - 1
        for left in by_row.get(row_index, ()):
            cell = row.cells[left] if left < len(row.cells) else ""
            if isinstance(cell, str):
                words[row_index, left] = cell
        if row_index in covered:
            cells = list(row.cells)
            for corner in covered[row_index]:
                left = corner[1]
                if corner in words and left < len(cells) and is_blank(cells[left]):
                    cells[left] = words[corner]
            row = SheetRow(row.number, cells)
        yield row


def is_blank(cell: Cell) -> bool:
    return (
        cell is None
        or cell == ""
        or (isinstance(cell, str) and not cell.strip(" \t\r\n\u00a0\u200b\ufeff"))
    )


class Unreadable(ValueError):
    """A cell that cannot be read: what is wrong with it, and what to write instead."""

    def __init__(self, message: str, remedy: str):
        super().__init__(message)
        self.message = message
        self.remedy = remedy

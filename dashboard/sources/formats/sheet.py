"""What every kind of file looks like once it is open: sheets of rows of cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

# A blank cell is "" (or None); text is as written, not trimmed.
Cell = str | float | int | bool | date | datetime | time | timedelta | None
# A written zero, or nothing at all where no number stands.
DASHES = frozenset("-–—−")
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
    beside it. `text`: how the file is written, where it is text.
    """

    name: str
    peek: list[SheetRow]
    rows: Callable[[], Iterator[SheetRow]]
    merged: list[MergedBlock] = field(default_factory=list)
    alternative: bool = False
    text: TextForm | None = None


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
        self.message, self.remedy = message, remedy

"""What every kind of file looks like once it is open: sheets of rows of cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple

from dashboard import text
from dashboard.messages import Message

# A blank cell is "" (or None); text is as written, not trimmed.
Cell = str | float | int | bool | date | datetime | time | timedelta | None
# A written zero, or nothing at all where no number stands.
DASHES = frozenset("-–—−")
# A block merged over more rows than this is no group of rows but a mistake of the pen.
_MOST_MERGED_ROWS = 10_000
# A merged block of a workbook: (first row, first column), (last row, last column), all from 0.
MergedBlock = tuple[tuple[int, int], tuple[int, int]]


# "24", "1.234", "67,9%", "24 máy", "20/30"; "03/11/2026" is a day.
_FIGURE = re.compile(
    r"^\s*[-–−+]?\s*\d[\d.,\s']*%?\s*(?:/\s*\d[\d.,]*\s*)?(?:\([^()]*\)\s*)?(?:[^\W\d]+\s*){0,3}$"
)


_NUMBER_OR_DAY = re.compile(r"^\s*[-–]?[\d.,/:\s]+(?:%|Mbps)?\s*$|^\s*[-–]\s*$", re.IGNORECASE)


# "2025" or "09/11/2026" where a heading stands says of which time its columns are.
_YEAR = re.compile(r"20[2-3]\d")
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](20[2-3]\d)")
_LEAST_HEADINGS = 2
# Beside them a day is that of a title: "Từ ngày:" | 01/10/2026.
_NO_HEADING = re.compile(r"\d|:\s*$|^\s*(?:từ|đến|kỳ|ngày|tháng|quý|tính)\b", re.IGNORECASE)
_UNIT_NAME = re.compile(r"\s*(?:ubnd|(?:xã|phường|đặc khu|thị trấn|[xp]\.)\s*\w)", re.IGNORECASE)


class SharedFigure(str):
    """A number that one merged cell gives to several rows or columns: whose it is, or how much of
    it is whose, nobody can tell. As a code it is every row's, as a quantity nobody's."""

    __slots__ = ()


class SheetRow(NamedTuple):
    """One row that is not blank: its number as the spreadsheet program shows it, and its cells."""

    number: int
    cells: list[Cell]

    def get_cell(self, index: int) -> Cell:
        """The cell of a column; blank behind the row's last one."""
        return self.cells[index] if index < len(self.cells) else ""


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
    that a person does not see; `hidden_columns`: the same of columns, from 0. `old_encoding`: what
    people call the encoding from which its letters were converted, else "". `height`: how many
    rows it may have, 0 where nobody knows before they are read. `is_part`: whether it is one of
    several tables of a sheet (`recognise.sheet_parts`), and `titles_above` what stands over all of
    them. `turned`: how the form stood before it was written as a row a unit (`recognise.turned`).
    """

    name: str
    peek: list[SheetRow]
    rows: Callable[[], Iterator[SheetRow]]
    merged: list[MergedBlock] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    alternative: bool = False
    text: TextForm | None = None
    old_encoding: str = ""
    height: int = 0
    is_hidden: bool = False
    is_part: bool = False
    titles_above: tuple[str, ...] = ()
    turned: str = ""

    @cached_property
    def written(self) -> list[list[str]]:
        """The first rows as text, made once: every kind of file looks for its headings in them."""
        lines = [[format_cell_text(cell) for cell in row.cells] for row in self.peek]
        for place in self._time_rows:
            cells = self.peek[place].cells
            lines[place] = [
                _spell_time(cell) or line for cell, line in zip(cells, lines[place], strict=True)
            ]
        return lines

    @cached_property
    def figure_rows(self) -> list[bool]:
        """Which of the first rows have so many figures that they are no headings."""
        return [
            has_figures(row) and place not in self._time_rows for place, row in enumerate(self.peek)
        ]

    @cached_property
    def _time_rows(self) -> frozenset[int]:
        """Places of the rows that are headings of years or days: "2025 | 2026" below or above a
        row of headings, with no name of a unit beside it.
        """
        return frozenset(place for place in range(len(self.peek)) if self._heads_times(place))

    def _heads_times(self, place: int) -> bool:
        cells = self.peek[place].cells
        # nearly every row of a table has a number that is no year
        if any(cell.__class__ in (int, float) and not 2020 <= cell <= 2039 for cell in cells):  # type: ignore[operator]
            return False
        times = [(index, time) for index, cell in enumerate(cells) if (time := _spell_time(cell))]
        if len({time for _, time in times}) < 2 or len({time[0] for _, time in times}) > 1:
            return False
        others = [cell for cell in cells if not is_blank(cell) and not _spell_time(cell)]
        if any(not isinstance(cell, str) or _NO_HEADING.search(cell) for cell in others):
            return False
        left = cells[: times[0][0]]
        if any(isinstance(cell, str) and _UNIT_NAME.match(cell) for cell in left):
            return False
        above = self.peek[place - 1] if place else None
        if above is not None and _may_head(above):
            # the heading of the units may reach down to here
            first = next(index for index, cell in enumerate(above.cells) if not is_blank(cell))
            if first >= len(left) or is_blank(left[first]) or left[first] == above.cells[first]:
                return True
        below = self.peek[place + 1] if place + 1 < len(self.peek) else None
        return below is not None and any(not is_blank(cell) for cell in left) and _may_head(below)

    @cached_property
    def heading_paths(self) -> dict[tuple[int, int], list[tuple[str, ...]]]:
        """The headings over each column, by first row and number of rows, where they were read
        once: every kind of file looks at the same rows (`recognise.header_rows`).
        """
        return {}


def format_cell_text(cell: Cell) -> str:
    """A cell as text in its normal form; "" where it is blank."""
    if isinstance(cell, str):
        return text.normalize_text(cell)
    return "" if is_blank(cell) else str(cell)


def _spell_time(cell: Cell) -> str:
    """A bare year or day as a heading says it, "Năm 2025" or "Ngày 09/11/2026"; "" of all else."""
    if isinstance(cell, datetime) and cell.time() == time():
        cell = cell.date()
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return f"Ngày {cell:%d/%m/%Y}" if _YEAR.fullmatch(f"{cell.year}") else ""
    if isinstance(cell, str | int | float) and not isinstance(cell, bool):
        written = cell.strip() if isinstance(cell, str) else f"{cell:g}"
        if _YEAR.fullmatch(written):
            return f"Năm {written}"
        if match := _DAY.fullmatch(written):
            return f"Ngày {int(match[1]):02d}/{int(match[2]):02d}/{match[3]}"
    return ""


def _may_head(row: SheetRow) -> bool:
    words = {cell for cell in row.cells if not is_blank(cell)}
    return len(words) >= _LEAST_HEADINGS and not has_figures(row)


def has_figures(row: SheetRow) -> bool:
    """A row with many numbers or days in it is a row of the table, not a heading."""
    filled = [cell for cell in row.cells if not is_blank(cell)]
    figures = sum(not isinstance(cell, str) or bool(_NUMBER_OR_DAY.match(cell)) for cell in filled)
    return 4 * figures > len(filled)


def fill_merged_down(rows: Iterable[SheetRow], merged: list[MergedBlock]) -> Iterator[SheetRow]:
    """The rows, with the words of a merged block in each of its rows: a name or a day that is
    written once over ten rows is that of all ten. A number in such a block is not ten numbers: it
    becomes a `SharedFigure`, in its own row too."""
    covered: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, _) in merged:
        for row_index in range(top + 1, min(bottom, top + _MOST_MERGED_ROWS) + 1):
            covered.setdefault(row_index, []).append((top, left))
    tops = {corner for corners in covered.values() for corner in corners}
    by_row: dict[int, list[int]] = {}
    for top, left in tops:
        by_row.setdefault(top, []).append(left)
    written: dict[tuple[int, int], Cell] = {}
    for row in rows:
        row_index = row.number - 1
        cells = list(row.cells) if row_index in by_row or row_index in covered else row.cells
        for left in by_row.get(row_index, ()):
            if left < len(cells) and not is_blank(cells[left]):
                cells[left] = written[row_index, left] = share_figure(cells[left])
        for corner in covered.get(row_index, ()):
            left = corner[1]
            if corner in written and left < len(cells) and is_blank(cells[left]):
                cells[left] = written[corner]
        yield SheetRow(row.number, cells)


def share_figure(cell: Cell) -> Cell:
    """A cell of several rows or columns: words and days as they are, a number as nobody's."""
    if isinstance(cell, str):
        return SharedFigure(cell) if _FIGURE.match(cell) else cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return SharedFigure(f"{cell:.15g}")
    return cell


def is_blank(cell: Cell) -> bool:
    return (
        cell is None
        or cell == ""
        or (isinstance(cell, str) and not cell.strip(" \t\r\n\u00a0\u200b\ufeff"))
    )


class Unreadable(ValueError):
    """A cell that cannot be read: what is wrong with it, and what to write instead."""

    def __init__(self, message: Message, remedy: Message):
        super().__init__(message)
        self.message = message
        self.remedy = remedy

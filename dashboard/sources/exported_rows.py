"""The columns of our own export as a frame of text, read whole and at once rather than cell by cell."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dashboard import text
from dashboard.errors import FileRefused, Problem
from dashboard.sources import delimited, values
from dashboard.sources.findings import MOST
from dashboard.sources.kinds import Given
from dashboard.sources.sheet import TextForm, Unreadable
from dashboard.sources.table import Table

# About a gigabyte of memory; a province's whole history of readings has a tenth of it.
MOST_ROWS = 3_000_000


class Columns:
    """The wanted columns of a table as text, with the problems found in them.

    `frame`: one row a row of the file, its number as index; a column that the file lacks is "".
    A row is `kept` until something in it is refused.
    """

    def __init__(self, table: Table, given: Given, wanted: Sequence[str]):
        self.frame = _frame(table, given, [name for name in wanted if table.has(name)]).reindex(
            columns=list(wanted), fill_value=""
        )
        self.kept = np.ones(len(self.frame), dtype=bool)
        self._problems: list[Problem] = []
        self._more = 0

    def read(self, name: str, one: Callable[[str], Any], among: Any = None) -> np.ndarray:
        """A column's values: each different text is read once by `one`, which raises Unreadable or gives
        None for what is not told. `among`: only these rows (a mask); the others stay None."""
        told = self.frame[name].to_numpy(dtype=object)
        codes, different = pd.factorize(told if among is None else told[among], use_na_sentinel=False)
        found = np.empty(len(different), dtype=object)
        wrong: dict[int, Unreadable] = {}
        for place, cell in enumerate(different):
            try:
                found[place] = one(cell) if cell else None
            except Unreadable as error:
                wrong[place] = error
        if among is None:
            everything = found[codes]
        else:
            everything = np.full(len(told), None, dtype=object)
            everything[among] = found[codes]
        for place, fault in wrong.items():
            bad = np.zeros(len(told), dtype=bool)
            bad[slice(None) if among is None else among] = codes == place
            self.refuse(bad, fault.message, fault.remedy, name)
        return everything

    def refuse(self, rows: np.ndarray, message: str, remedy: str, column: str | None = None) -> None:
        """Refuse these rows (a mask) and say why, each with its number and, of `column`, its cell."""
        self.note(rows & self.kept, message, remedy, column, refused=True)
        self.kept &= ~rows

    def note(self, rows: np.ndarray, message: str, remedy: str, column: str | None, *, refused: bool) -> None:
        places = np.flatnonzero(rows)
        room = max(MOST - len(self._problems), 0)
        self._more += len(places[room:])
        severity: Any = "refused" if refused else "warning"
        for place in places[:room]:
            written = self.frame[column].iat[place] if column else None
            cell = values.shown(written) if values.quotable(written) else None
            row = int(self.frame.index[place])
            self._problems.append(Problem(message, remedy, row, column, cell or None, severity))

    def once(self, frame: pd.DataFrame, keys: list[str], told: list[str]) -> pd.DataFrame:
        """Of rows about the same thing the first where they agree, none where they differ."""
        kept = frame[self.kept]
        again = np.zeros(len(frame), dtype=bool)
        again[self.kept] = kept.duplicated(keys, keep=False).to_numpy()
        if again.any():
            doubled = frame[again]
            same = doubled.groupby(keys, dropna=False)[told].transform("nunique", dropna=False).le(1).all(axis=1)
            differ = again.copy()
            differ[again] = ~same.to_numpy()
            self.refuse(differ, "có dòng khác về cùng nội dung nhưng khác số; không nhận dòng nào", "hãy giữ một dòng")
            later = np.zeros(len(frame), dtype=bool)
            later[self.kept] = frame[self.kept].duplicated(keys).to_numpy()
            self.note(later, "lặp lại một dòng giống hệt; đã nhận một", "hãy bỏ bớt một dòng", None, refused=False)
            self.kept &= ~later
        return frame

    def problems(self) -> tuple[Problem, ...]:
        found = sorted(self._problems, key=lambda problem: problem.row or 0)
        if not self._more:
            return tuple(found)
        last = Problem(f"còn {text.number(self._more)} lỗi nữa", "hãy sửa các lỗi đã nêu rồi nhập lại để xem tiếp")
        return (*found, last)


def _frame(table: Table, given: Given, names: list[str]) -> pd.DataFrame:
    if table.sheet.text is None or given.path is None:
        return _from_rows(table, names)
    head, form = table.head, table.sheet.text
    _check_widths(table, given, given.path, form)
    names = sorted(names, key=lambda name: head.columns[name].index)
    try:
        frame = pd.read_csv(
            given.path,
            sep=form.separator,
            encoding=form.encoding,
            dtype=object,
            na_filter=False,
            index_col=False,
            skiprows=head.last_row - 1,
            skip_blank_lines=False,
            skipinitialspace=True,
            usecols=[head.columns[name].index for name in names],
            nrows=MOST_ROWS + 1,
        )
    except ValueError as error:  # also pandas' own
        raise _broken(given, None) from error
    frame.index = pd.RangeIndex(head.last_row + 1, head.last_row + 1 + len(frame))
    return _limited(table, frame.set_axis(names, axis=1).fillna(""))


def _check_widths(table: Table, given: Given, path: Path, form: TextForm) -> None:
    """Refuse a file with a separator too many in some row: pandas would read the cells behind it shifted."""
    width = len(next(iter(table.head.lines)))
    for number, line in enumerate(delimited.lines(path, form.encoding), start=1):
        if line.count(form.separator) < width or number <= table.head.last_row:
            continue
        cells = next(csv.reader([line], delimiter=form.separator))
        if any(cell.strip() for cell in cells[width:]):
            raise _broken(given, number)


def _broken(given: Given, row: int | None) -> FileRefused:
    where = f"dòng {row} có" if row else "có dòng"
    message = f"{where} nhiều ô hơn dòng tiêu đề hoặc dấu nháy kép không khép lại"
    return FileRefused(given.file_name, message, "hãy xuất lại tệp rồi gửi lại")


def _from_rows(table: Table, names: list[str]) -> pd.DataFrame:
    rows = list(islice((row for row in table.sheet.rows() if row.number > table.head.last_row), MOST_ROWS + 1))
    written = list(zip_longest(*(row.cells for row in rows)))  # column by column; a short row ends in blanks
    places = {name: table.head.columns[name].index for name in names}
    columns = {name: list(map(_as_text, written[place])) for name, place in places.items() if place < len(written)}
    frame = pd.DataFrame(columns, index=[row.number for row in rows], dtype=object)
    return _limited(table, frame.reindex(columns=names, fill_value=""))


def _as_text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    return f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else str(cell)


def _limited(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    if len(frame) > MOST_ROWS:
        message = f"tệp có hơn {text.number(MOST_ROWS)} dòng"
        raise FileRefused(table.file, message, "hãy chia tệp theo tỉnh hoặc theo năm rồi gửi từng phần")
    return frame[(frame != "").any(axis=1)]

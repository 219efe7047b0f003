"""The columns of our own export as a frame of text, read whole and at once rather than cell by
cell.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dashboard.errors import FileRefused, Problem
from dashboard.messages import Message, write_message
from dashboard.sources.cells import values
from dashboard.sources.formats import delimited
from dashboard.sources.formats.sheet import TextForm, Unreadable
from dashboard.sources.problems import MOST_PROBLEMS
from dashboard.sources.recognise.file_kinds import ImportContext
from dashboard.sources.recognise.table import SheetTable

# About a gigabyte of memory; a province's whole history of readings has a tenth of it.
MOST_EXPORT_ROWS = 3_000_000


class ExportColumns:
    """The wanted columns of a table as text, with the problems found in them.

    `frame`: one row a row of the file, its number as index; a column that the file lacks is "".
    A row is `kept` until something in it is refused.
    """

    def __init__(self, table: SheetTable, context: ImportContext, wanted: Sequence[str]):
        self.frame = _read_frame(
            table, context, [name for name in wanted if table.has(name)]
        ).reindex(columns=list(wanted), fill_value="")
        self.kept = np.ones(len(self.frame), dtype=bool)
        self._problems: list[Problem] = []
        self._unlisted = 0

    def read(self, name: str, read_cell: Callable[[str], Any], mask: Any = None) -> np.ndarray:
        """A column's values: each different text is read once by `read_cell`, which raises
        Unreadable or gives None for what is not told. `mask`: only these rows (a mask); the others
        stay None."""
        written = self.frame[name].to_numpy(dtype=object)
        codes, different = pd.factorize(
            written if mask is None else written[mask], use_na_sentinel=False
        )
        results = np.empty(len(different), dtype=object)
        faults: dict[int, Unreadable] = {}
        for position, cell in enumerate(different):
            try:
                results[position] = read_cell(cell) if cell else None
            except Unreadable as error:
                faults[position] = error
        if mask is None:
            all_results = results[codes]
        else:
            all_results = np.full(len(written), None, dtype=object)
            all_results[mask] = results[codes]
        for position, fault in faults.items():
            faulty = np.zeros(len(written), dtype=bool)
            faulty[slice(None) if mask is None else mask] = codes == position
            self.refuse(faulty, fault.message, fault.remedy, name)
        return all_results

    def refuse(
        self, rows: np.ndarray, message: Message, remedy: Message, column: str | None = None
    ) -> None:
        """Refuse these rows (a mask): why, and each with its number and, of `column`, its cell."""
        self.note(rows & self.kept, message, remedy, column, refused=True)
        self.kept &= ~rows

    def note(
        self,
        rows: np.ndarray,
        message: Message,
        remedy: Message,
        column: str | None,
        *,
        refused: bool,
    ) -> None:
        positions = np.flatnonzero(rows)
        room = max(MOST_PROBLEMS - len(self._problems), 0)
        self._unlisted += len(positions[room:])
        severity: Any = "refused" if refused else "warning"
        for position in positions[:room]:
            written = self.frame[column].iat[position] if column else None
            cell = values.quote_cell(written) if values.is_quotable(written) else None
            row = int(self.frame.index[position])
            self._problems.append(Problem(message, remedy, row, column, cell or None, severity))

    def once(self, frame: pd.DataFrame, keys: list[str], value_columns: list[str]) -> pd.DataFrame:
        """Of rows about the same thing the first where they agree, none where they differ."""
        kept = frame[self.kept]
        repeated = np.zeros(len(frame), dtype=bool)
        repeated[self.kept] = kept.duplicated(keys, keep=False).to_numpy()
        if repeated.any():
            repeated_rows = frame[repeated]
            same = (
                repeated_rows.groupby(keys, dropna=False)[value_columns]
                .transform("nunique", dropna=False)
                .le(1)
                .all(axis=1)
            )
            differ = repeated.copy()
            differ[repeated] = ~same.to_numpy()
            self.refuse(
                differ,
                write_message("có dòng khác về cùng nội dung nhưng khác số; không nhận dòng nào"),
                write_message("hãy giữ một dòng"),
            )
            later = np.zeros(len(frame), dtype=bool)
            later[self.kept] = frame[self.kept].duplicated(keys).to_numpy()
            self.note(
                later,
                write_message("lặp lại một dòng giống hệt; đã nhận một"),
                write_message("hãy bỏ bớt một dòng"),
                None,
                refused=False,
            )
            self.kept &= ~later
        return frame

    def problems(self) -> tuple[Problem, ...]:
        in_order = sorted(self._problems, key=lambda problem: problem.row or 0)
        if not self._unlisted:
            return tuple(in_order)
        last = Problem(
            write_message("còn {problems:,.0f} lỗi nữa", problems=self._unlisted),
            write_message("hãy sửa các lỗi đã nêu rồi nạp lại để xem tiếp"),
        )
        return (*in_order, last)


def _read_frame(table: SheetTable, context: ImportContext, names: list[str]) -> pd.DataFrame:
    if table.sheet.text is None or context.path is None or table.sheet.is_part:
        return _frame_from_rows(table, names)
    head = table.head
    form = table.sheet.text
    _check_widths(table, context, context.path, form)
    names = sorted(names, key=lambda name: head.columns[name].index)
    try:
        frame = pd.read_csv(
            context.path,
            sep=form.separator,
            encoding=form.encoding,
            dtype=object,
            na_filter=False,
            index_col=False,
            skiprows=head.last_row - 1,
            skip_blank_lines=False,
            skipinitialspace=True,
            usecols=[head.columns[name].index for name in names],
            nrows=MOST_EXPORT_ROWS + 1,
        )
    except ValueError as error:  # also pandas' own
        raise _broken_file(context, None) from error
    frame.index = pd.RangeIndex(head.last_row + 1, head.last_row + 1 + len(frame))
    return _limit_rows(table, frame.set_axis(names, axis=1).fillna(""))


def _check_widths(table: SheetTable, context: ImportContext, path: Path, form: TextForm) -> None:
    """Refuse a file with a separator too many in some row: pandas would read the cells behind it
    shifted.
    """
    width = len(next(iter(table.head.lines)))
    for number, line in enumerate(delimited.read_lines(path, form.encoding), start=1):
        if line.count(form.separator) < width or number <= table.head.last_row:
            continue
        cells = next(csv.reader([line], delimiter=form.separator))
        if any(cell.strip() for cell in cells[width:]):
            raise _broken_file(context, number)


def _broken_file(context: ImportContext, row: int | None) -> FileRefused:
    where = write_message("dòng {row} có", row=row) if row else write_message("có dòng")
    message = write_message(
        "{where} nhiều ô hơn dòng tiêu đề hoặc dấu nháy kép không khép lại", where=where
    )
    return FileRefused(context.file_name, message, write_message("hãy xuất lại tệp rồi gửi lại"))


def _frame_from_rows(table: SheetTable, names: list[str]) -> pd.DataFrame:
    rows = list(
        islice(
            (row for row in table.sheet.rows() if row.number > table.head.last_row),
            MOST_EXPORT_ROWS + 1,
        )
    )
    # column by column; a short row ends in blanks
    by_column = list(zip_longest(*(row.cells for row in rows)))
    indexes = {name: table.head.columns[name].index for name in names}
    columns = {
        name: list(map(_convert_to_text, by_column[index]))
        for name, index in indexes.items()
        if index < len(by_column)
    }
    frame = pd.DataFrame(columns, index=[row.number for row in rows], dtype=object)
    return _limit_rows(table, frame.reindex(columns=names, fill_value=""))


def _convert_to_text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    return f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else str(cell)


def _limit_rows(table: SheetTable, frame: pd.DataFrame) -> pd.DataFrame:
    if len(frame) > MOST_EXPORT_ROWS:
        message = write_message("tệp có hơn {most_rows:,.0f} dòng", most_rows=MOST_EXPORT_ROWS)
        raise FileRefused(
            table.file,
            message,
            write_message("hãy chia tệp theo tỉnh hoặc theo năm rồi gửi từng phần"),
        )
    return frame[(frame != "").any(axis=1)]

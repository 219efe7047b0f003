"""The columns of a long list, a piece of rows at a time; columns that nobody declared never get here.

A text file goes through pandas' parser, which is told which columns to keep: what a person's name or
number is, is not even made a string. A file with a quote that its own line does not close goes through the
strict reader of `delimited` (it would swallow rows in silence), and so do workbooks through theirs.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from dashboard.errors import FileRefused
from dashboard.sources.sheet import Cell, TextForm
from dashboard.sources.table import Table

# Small enough for the processor's cache: pieces of 100,000 rows take a third longer.
ROWS = 20_000
_BLOCK = 1 << 20
_NOT_WHOLE = ("không đọc được trọn tệp vì có dấu nháy kép đặt sai", "hãy sửa tệp hoặc xuất lại dạng .xlsx")


@dataclass(frozen=True)
class Chunk:
    """Some rows: `numbers` as the spreadsheet program shows them; per field its cells.

    A field of `grouped` has its cells as (codes, different texts), other fields as an array of objects.
    """

    numbers: np.ndarray
    cells: dict[str, np.ndarray]
    grouped: dict[str, tuple[np.ndarray, list[str]]]


def chunks(table: Table, path: Path | None, columns: dict[str, int], grouped: frozenset[str]) -> Iterator[Chunk]:
    """All rows below the head, ROWS at a time. `columns`: field to the place of its column."""
    form = table.sheet.text
    if form is not None and path is not None and (lines := _whole_lines(path, form)) is not None:
        return _parsed(table, path, form, columns, grouped, lines)
    return _read(table, columns, grouped)


def _whole_lines(path: Path, form: TextForm) -> int | None:
    """How many lines with quotes the file has (0: none), if every line closes the quotes that it opens; else None."""
    lines = quotes = 0
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(_BLOCK), b""):
            if b'"' not in block and not quotes:
                lines += block.count(b"\n")
                continue
            if form.encoding.startswith("utf-16"):
                return None
            letters = np.frombuffer(block, dtype=np.uint8)
            marks, ends = np.flatnonzero(letters == ord('"')), np.flatnonzero(letters == ord("\n"))
            if ((quotes + np.searchsorted(marks, ends)) % 2).any():
                return None
            lines, quotes = lines + len(ends), quotes + len(marks)
    return None if quotes % 2 else lines if quotes else 0


def _parsed(
    table: Table, path: Path, form: TextForm, columns: dict[str, int], grouped: frozenset[str], lines: int
) -> Iterator[Chunk]:
    places = sorted(set(columns.values()))
    # Called "utf-8", the bytes are parsed as they are; a mark at their start is above the head anyway.
    encoding = "utf-8" if form.encoding == "utf-8-sig" else form.encoding
    try:
        # As objects: "category" would take 1.000650 for a number and lose its zeros.
        with pd.read_csv(
            path, sep=form.separator, encoding=encoding, header=None, names=range(places[-1] + 1),
            usecols=places, dtype=object, skiprows=table.head.last_row, skip_blank_lines=False,
            na_filter=False, quoting=csv.QUOTE_MINIMAL if lines else csv.QUOTE_NONE, chunksize=ROWS, index_col=False,
        ) as reader:  # fmt: skip
            start = table.head.last_row + 1
            for frame in reader:
                cells = {field: frame[place].to_numpy() for field, place in columns.items()}
                yield _grouped(np.arange(start, start + len(frame)), cells, grouped)
                start += len(frame)
            if start <= lines:  # a quote in the middle of a cell opened one that a later line closed
                raise FileRefused(path.name, *_NOT_WHOLE)
    except pd.errors.EmptyDataError:  # nothing below the head
        return
    except pd.errors.ParserError as error:
        raise FileRefused(path.name, *_NOT_WHOLE) from error


def _read(table: Table, columns: dict[str, int], grouped: frozenset[str]) -> Iterator[Chunk]:
    below = (row for row in table.sheet.rows() if row.number > table.head.last_row)
    while some := list(islice(below, ROWS)):
        cells = {
            field: _objects([row.cells[place] if place < len(row.cells) else "" for row in some])
            for field, place in columns.items()
        }
        yield _grouped(np.array([row.number for row in some]), cells, grouped)


def _grouped(numbers: np.ndarray, cells: dict[str, np.ndarray], grouped: frozenset[str]) -> Chunk:
    found = {}
    for field in grouped:
        codes, different = pd.factorize(cells.pop(field))
        found[field] = codes, [_as_text(cell) for cell in different]
    return Chunk(numbers, cells, found)


def _objects(cells: list[Cell]) -> np.ndarray:
    column = np.empty(len(cells), dtype=object)
    column[:] = ["" if cell is None else cell for cell in cells]
    return column


def _as_text(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "1" if cell else "0"
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)

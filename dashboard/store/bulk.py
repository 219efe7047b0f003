"""Writing a frame's rows: many at once, and on SQLite past everything that costs time per row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Table, insert

from dashboard.batch import CERTIFICATES, COUNTS

# Rows handed to the driver at once: bounds memory without costing speed.
_CHUNK = 20_000
_WHOLE = frozenset([*COUNTS, *CERTIFICATES])


def add(connection: Connection, table: Table, frame: pd.DataFrame, batch_id: int) -> int:
    """Insert the rows of a frame for a batch: None where nothing was told, counts as whole numbers; how many."""
    if frame.empty:
        return 0
    names = [*frame.columns, "batch_id"]
    # SQLAlchemy looks at each value of each row; SQLite's driver takes the tuples as they are.
    by_driver = connection.dialect.name == "sqlite"
    columns = [_cells(frame[name], whole=name in _WHOLE, as_text=by_driver) for name in frame.columns]
    rows = zip(*columns, [batch_id] * len(frame), strict=True)
    for chunk in _chunks(rows):
        if by_driver:
            places = ", ".join("?" * len(names))
            told = ", ".join(f'"{table.c[name].name}"' for name in names)
            connection.exec_driver_sql(f"INSERT INTO {table.name} ({told}) VALUES ({places})", chunk)
        else:
            connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in chunk])
    return len(frame)


def _chunks(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while chunk := list(islice(rows, _CHUNK)):
        yield chunk


def _cells(column: pd.Series, *, whole: bool, as_text: bool) -> list[Any]:
    missing = column.isna().tolist()
    values = column.tolist()
    if whole:
        return [None if gone else int(value) for value, gone in zip(values, missing, strict=True)]
    first = next((value for value, gone in zip(values, missing, strict=True) if not gone), None)
    if as_text and isinstance(first, date):
        values = [value.isoformat() if isinstance(value, date) else value for value in values]
    return [None if gone else value for value, gone in zip(values, missing, strict=True)] if any(missing) else values

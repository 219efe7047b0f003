"""Writing a frame's rows: many at once, past everything that costs time per row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Table, insert
from sqlalchemy.exc import DBAPIError

from dashboard.batch import CERTIFICATES, COUNTS

# Rows handed to the driver at once: bounds memory without costing speed.
_CHUNK = 20_000
# With SQLite's 2 MB a list of a million dossiers is written and read again all the time: 18 s, with this 6 s.
_CACHE_KB = 64_000
Rows = Iterator[tuple[Any, ...]]
_WHOLE = frozenset([*COUNTS, *CERTIFICATES])


def make_room(connection: Connection) -> None:
    """Room for what a batch changes, on this connection until it is closed."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE_KB}")


def add(connection: Connection, table: Table, frame: pd.DataFrame, batch_id: int) -> int:
    """Insert the rows of a frame for a batch: None where nothing was told, counts as whole numbers; how many."""
    if frame.empty:
        return 0
    names = [*frame.columns, "batch_id"]
    write = _WRITERS.get(connection.dialect.name, _by_statements)
    # SQLite keeps days as text, and its driver no longer turns them into text itself.
    columns = [_cells(frame[name], whole=name in _WHOLE, as_text=write is _by_tuples) for name in frame.columns]
    write(connection, table, names, zip(*columns, [batch_id] * len(frame), strict=True))
    return len(frame)


def _by_statements(connection: Connection, table: Table, names: list[str], rows: Rows) -> None:
    for chunk in _chunks(rows):
        connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in chunk])


def _by_tuples(connection: Connection, table: Table, names: list[str], rows: Rows) -> None:
    """SQLAlchemy looks at each value of each row; SQLite's driver takes the tuples as they are."""
    question = f"INSERT INTO {table.name} ({_quoted(names)}) VALUES ({', '.join('?' * len(names))})"
    for chunk in _chunks(rows):
        connection.exec_driver_sql(question, chunk)


def _by_copy(connection: Connection, table: Table, names: list[str], rows: Rows) -> None:
    """PostgreSQL's own way to take many rows, inside the same transaction."""
    question = f"COPY {table.name} ({_quoted(names)}) FROM STDIN"
    driver: Any = connection.dialect.dbapi
    raw: Any = connection.connection
    try:
        with raw.cursor() as cursor, cursor.copy(question) as copy:
            for row in rows:
                copy.write_row(row)
    except driver.Error as error:
        known = DBAPIError.instance(question, None, error, driver.Error, hide_parameters=True)
        raise known from error


_WRITERS = {"sqlite": _by_tuples, "postgresql": _by_copy}


def _quoted(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _chunks(rows: Rows) -> Iterator[list[tuple[Any, ...]]]:
    while chunk := list(islice(rows, _CHUNK)):
        yield chunk


def _cells(column: pd.Series, *, whole: bool, as_text: bool) -> list[Any]:
    missing = column.isna().to_numpy()
    if whole:
        values = np.where(missing, 0, column).astype(np.int64).astype(object)
    elif as_text and isinstance(next(iter(column[~missing]), None), date):
        place, days = pd.factorize(column)  # two years of days, a hundred thousand times: each is written once
        values = np.array([*(day.isoformat() for day in days), None], dtype=object)[place]
    else:
        values = column.to_numpy(dtype=object, copy=True)
    values[missing] = None
    return values.tolist()  # type: ignore[no-any-return]

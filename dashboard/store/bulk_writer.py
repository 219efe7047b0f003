"""Writing many rows: a frame at once, past everything that costs time per row, and upserts.

SQLite and PostgreSQL only, as all of the store: each has its own fast way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Integer, Table
from sqlalchemy.exc import DBAPIError

# Rows handed to the driver at once: bounds memory without costing speed.
_CHUNK_ROWS = 20_000
# With SQLite's 2 MB a list of a million dossiers is written and read again all the time: 18 s, with
# this 6 s.
_CACHE_KB = 64_000
RowTuples = Iterator[tuple[Any, ...]]


def enlarge_cache(connection: Connection) -> None:
    """Room for what a batch changes, on this connection until it is closed."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE_KB}")


def insert_frame(connection: Connection, table: Table, frame: pd.DataFrame, batch_id: int) -> int:
    """Insert the rows of a frame for a batch: None where nothing was told, whole numbers where the
    table has them; how many.
    """
    if frame.empty:
        return 0
    names = [*frame.columns, "batch_id"]
    on_sqlite = connection.dialect.name == "sqlite"
    write_rows = _insert_by_tuples if on_sqlite else _insert_by_copy
    # SQLite keeps days and moments as text, and its driver does not turn them into text itself.
    columns = [
        _prepare_cells(
            frame[name],
            as_whole_numbers=isinstance(table.c[name].type, Integer),
            as_text=on_sqlite,
        )
        for name in frame.columns
    ]
    write_rows(connection, table, names, zip(*columns, [batch_id] * len(frame), strict=True))
    return len(frame)


def _insert_by_tuples(
    connection: Connection, table: Table, names: list[str], rows: RowTuples
) -> None:
    """SQLAlchemy looks at each value of each row; SQLite's driver takes the tuples as they are:
    3 times as fast.
    """
    question = (
        f"INSERT INTO {table.name} ({_quote_names(names)}) VALUES ({', '.join('?' * len(names))})"
    )
    while chunk := list(islice(rows, _CHUNK_ROWS)):
        connection.exec_driver_sql(question, chunk)


def _insert_by_copy(
    connection: Connection, table: Table, names: list[str], rows: RowTuples
) -> None:
    """PostgreSQL's own way to take many rows, inside the same transaction."""
    question = f"COPY {table.name} ({_quote_names(names)}) FROM STDIN"
    driver: Any = connection.dialect.dbapi
    raw: Any = connection.connection
    try:
        with raw.cursor() as cursor, cursor.copy(question) as copy:
            for row in rows:
                copy.write_row(row)
    except driver.Error as error:
        wrapped = DBAPIError.instance(question, None, error, driver.Error, hide_parameters=True)
        raise wrapped from error


def _quote_names(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _prepare_cells(column: pd.Series, *, as_whole_numbers: bool, as_text: bool) -> list[Any]:
    if column.dtype.kind == "M":
        return _prepare_moments(column, as_text)
    missing = column.isna().to_numpy()
    if as_whole_numbers:
        values = np.where(missing, 0, column).astype(np.int64).astype(object)
    elif as_text and isinstance(next(iter(column[~missing]), None), date):
        # two years of days, a hundred thousand times: each is written once
        codes, days = pd.factorize(column)
        values = np.array([*(day.isoformat() for day in days), None], dtype=object)[codes]
    else:
        values = column.to_numpy(dtype=object, copy=True)
    values[missing] = None
    return values.tolist()  # type: ignore[no-any-return]


def _prepare_moments(column: pd.Series, as_text: bool) -> list[Any]:
    """SQLite's text in the form in which SQLAlchemy reads it."""
    values = column.to_numpy().astype("datetime64[s]")
    if not as_text:
        return values.tolist()  # type: ignore[no-any-return]  # NaT is None
    written = np.char.add(
        np.char.replace(np.datetime_as_string(values), "T", " "), ".000000"
    ).astype(object)
    written[np.isnat(values)] = None
    return written.tolist()  # type: ignore[no-any-return]


def _begin_insert(connection: Connection, table: Table) -> Any:
    # Here: a server loads the words of its own database, not 2 MB of both.
    if connection.dialect.name == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


def upsert_rows(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    replace_known: bool = True,
) -> None:
    """Insert the rows; what the table knows by its key is replaced, or left as it is."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    statement: Any = _begin_insert(connection, table)
    if replace_known:
        new_values = {name: statement.excluded[name] for name in rows[0] if name not in keys}
        statement = statement.on_conflict_do_update(index_elements=keys, set_=new_values)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    connection.execute(statement, rows)

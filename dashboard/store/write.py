"""Writing one batch: all of it with a new data version in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Engine, Table, func, insert, select, update
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from dashboard.batch import CERTIFICATES, COUNTS, Batch
from dashboard.store import dossier_records, schema
from dashboard.store.engine import make_unavailable_error
from dashboard.store.undo import delete_simulated_batches

# Writing a frame's rows: many at once, past everything that costs time per row.

# Rows handed to the driver at once: bounds memory without costing speed.
_CHUNK_ROWS = 20_000
# With SQLite's 2 MB a list of a million dossiers is written and read again all the time: 18 s, with
# this 6 s.
_CACHE_KB = 64_000
RowTuples = Iterator[tuple[Any, ...]]
_WHOLE_NUMBER_COLUMNS = frozenset([*COUNTS, *CERTIFICATES])


def enlarge_cache(connection: Connection) -> None:
    """Room for what a batch changes, on this connection until it is closed."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE_KB}")


def insert_frame(connection: Connection, table: Table, frame: pd.DataFrame, batch_id: int) -> int:
    """Insert the rows of a frame for a batch: None where nothing was told, counts as whole numbers;
    how many.
    """
    if frame.empty:
        return 0
    names = [*frame.columns, "batch_id"]
    write_rows = _WRITERS.get(connection.dialect.name, _insert_by_statements)
    # SQLite keeps days as text, and its driver no longer turns them into text itself.
    columns = [
        _prepare_cells(
            frame[name],
            as_whole_numbers=name in _WHOLE_NUMBER_COLUMNS,
            as_text=write_rows is _insert_by_tuples,
        )
        for name in frame.columns
    ]
    write_rows(connection, table, names, zip(*columns, [batch_id] * len(frame), strict=True))
    return len(frame)


def _insert_by_statements(
    connection: Connection, table: Table, names: list[str], rows: RowTuples
) -> None:
    for chunk in _split_chunks(rows):
        connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in chunk])


def _insert_by_tuples(
    connection: Connection, table: Table, names: list[str], rows: RowTuples
) -> None:
    """SQLAlchemy looks at each value of each row; SQLite's driver takes the tuples as they are."""
    question = (
        f"INSERT INTO {table.name} ({_quote_names(names)}) VALUES ({', '.join('?' * len(names))})"
    )
    for chunk in _split_chunks(rows):
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


_WRITERS = {"sqlite": _insert_by_tuples, "postgresql": _insert_by_copy}


def _quote_names(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _split_chunks(rows: RowTuples) -> Iterator[list[tuple[Any, ...]]]:
    while chunk := list(islice(rows, _CHUNK_ROWS)):
        yield chunk


def _prepare_cells(column: pd.Series, *, as_whole_numbers: bool, as_text: bool) -> list[Any]:
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


_VIETNAM = timedelta(hours=7)  # files speak in Vietnam's time, moments of imports are kept in UTC


@dataclass(frozen=True)
class SavedBatch:
    """What became of a batch. `already`: the same file was imported before, nothing changed."""

    batch_id: int
    version: int
    already: bool
    written: Mapping[str, int] = field(default_factory=dict)  # rows per table


def save_batch(engine: Engine, batch: Batch, *, by: str) -> SavedBatch:
    """Write one batch in one transaction; the same file a second time changes nothing.

    Raises StoreUnavailable where the store cannot be written (the store is then as before).
    """
    return save_batches(engine, [batch], by=by)[0]


def save_batches(
    engine: Engine, batches: Sequence[Batch], *, by: str, instead_of: Sequence[int] = ()
) -> list[SavedBatch]:
    """Write all batches of a file (one a province) in one transaction with one new data version.

    `instead_of`: numbers of simulated batches that go in the same transaction, with their rows.
    """
    try:
        with engine.connect() as connection, connection.begin() as transaction:
            # First the version: its row is the lock behind which two imports wait for each other.
            connection.execute(
                update(schema.data_version).values(version=schema.data_version.c.version + 1)
            )
            version: int = connection.scalar(select(schema.data_version.c.version)) or 0
            delete_simulated_batches(connection, instead_of)
            earlier_ids = [find_same_file(connection, batch) for batch in batches]
            if None not in earlier_ids:
                transaction.rollback()
                return [
                    SavedBatch(batch_id, version - 1, already=True)
                    for batch_id in earlier_ids
                    if batch_id is not None
                ]
            return write_batches(connection, batches, earlier_ids, by, version)
    except SQLAlchemyError as error:
        raise make_unavailable_error(engine, error) from error


def write_batches(
    connection: Connection,
    batches: Sequence[Batch],
    earlier_ids: Sequence[int | None],
    by: str,
    version: int,
) -> list[SavedBatch]:
    """Write those batches that are not `earlier_ids`, inside a transaction that the
    caller began.
    """
    return [
        _write_batch(connection, batch, by, version)
        if batch_id is None
        else SavedBatch(batch_id, version, already=True)
        for batch, batch_id in zip(batches, earlier_ids, strict=True)
    ]


def _write_batch(connection: Connection, batch: Batch, by: str, version: int) -> SavedBatch:
    enlarge_cache(connection)
    batch_id = _add_batch(connection, batch, by, version)
    _add_agencies(connection, batch, batch_id)
    frames = {
        schema.reading: batch.readings,
        schema.dossier_count: batch.dossiers,
        schema.certificate_count: batch.certificates,
        schema.visit: batch.visits,
    }
    written = {
        table: insert_frame(connection, table, frame, batch_id) for table, frame in frames.items()
    }
    written[schema.dossier] = dossier_records.insert_dossiers(connection, batch, batch_id)
    _verify_counts(connection, batch_id, written)
    if written[schema.dossier]:
        dossier_records.count_days(connection, batch, batch_id)
    # last: a streamed list finds them while it is written
    _add_problems(connection, batch, batch_id)
    return SavedBatch(
        batch_id,
        version,
        already=False,
        written={table.name: rows for table, rows in written.items()},
    )


def find_same_file(connection: Connection, batch: Batch) -> int | None:
    """An earlier batch of the same bytes. What the sample brought does not stop a real import of
    it.
    """
    table = schema.import_batch.c
    same = select(table.id).where(
        table.sha256 == batch.sha256,
        table.province_code == batch.province_code,
        table.origin == batch.origin,
        table.undone_at.is_(None),
    )
    return connection.scalar(same.limit(1))


def _limit_to_now(as_of: datetime, now: datetime) -> datetime:
    """A file that speaks of a later hour of the day on which it comes knows no more than of the
    moment it comes; one of a later day is kept as told, as nothing shows it before that day."""
    return min(as_of, now.replace(second=0, microsecond=0)) if as_of.date() == now.date() else as_of


def _add_batch(connection: Connection, batch: Batch, by: str, version: int) -> int:
    period, now = batch.period or (None, None), datetime.now(UTC).replace(tzinfo=None)
    result = connection.execute(
        insert(schema.import_batch).values(
            file_name=batch.file_name,
            sha256=batch.sha256,
            kind=batch.file_kind,
            origin=batch.origin,
            province_code=batch.province_code,
            as_of=_limit_to_now(batch.as_of.replace(tzinfo=None), now + _VIETNAM),
            period_from=period[0],
            period_to=period[1],
            imported_by=by,
            imported_at=now,
            row_count=batch.rows,
            problem_count=0,
            version=version,
        )
    )
    assert result.inserted_primary_key is not None
    return int(result.inserted_primary_key[0])


def _add_problems(connection: Connection, batch: Batch, batch_id: int) -> None:
    if not batch.problems:
        return
    rows = [{**problem.as_dict(), "batch_id": batch_id} for problem in batch.problems]
    connection.execute(insert(schema.problem), rows)
    this = schema.import_batch.c.id == batch_id
    connection.execute(update(schema.import_batch).where(this).values(problem_count=len(rows)))


def _add_agencies(connection: Connection, batch: Batch, batch_id: int) -> None:
    """Learn agency codes: a newer file's name for a code replaces the older one."""
    if batch.agencies.empty:
        return
    frame = batch.agencies.astype(object).where(batch.agencies.notna(), None)
    rows = [
        {**row, "province_code": batch.province_code, "batch_id": batch_id}
        for row in frame.to_dict("records")
    ]
    stored_codes = set(connection.scalars(select(schema.agency.c.agency_code)))
    for row in rows:
        if row["agency_code"] in stored_codes:
            same = schema.agency.c.agency_code == row["agency_code"]
            connection.execute(update(schema.agency).where(same).values(**row))
    fresh = [row for row in rows if row["agency_code"] not in stored_codes]
    if fresh:
        connection.execute(insert(schema.agency), fresh)
    units = set(connection.scalars(select(schema.unit.c.code)))
    departments = [
        {"code": row["agency_code"], "level": "department", "province_code": batch.province_code}
        for row in rows
        if row["commune_code"] is None and row["agency_code"] not in units
    ]
    if departments:
        connection.execute(insert(schema.unit), departments)


def _verify_counts(connection: Connection, batch_id: int, written: Mapping[Table, int]) -> None:
    for table, expected in written.items():
        stored = connection.scalar(
            select(func.count()).select_from(table).where(table.c.batch_id == batch_id)
        )
        assert stored == expected, f"{table.name}: {stored} rows stored, {expected} written"

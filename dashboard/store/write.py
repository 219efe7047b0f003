"""Writing one batch: all of it with a new data version in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from dashboard.batch import COUNTS, DOSSIER_COLUMNS, READING_COLUMNS, Batch
from dashboard.store import schema
from dashboard.store.engine import unavailable

# Rows handed to the driver at once: bounds memory without costing speed.
_CHUNK = 20_000


@dataclass(frozen=True)
class Saved:
    """What became of a batch. `already`: the same file was imported before, nothing changed."""

    batch_id: int
    version: int
    already: bool
    readings: int = 0
    dossiers: int = 0


def save(engine: Engine, batch: Batch, *, by: str) -> Saved:
    """Write `batch` in one transaction; the same file a second time changes nothing.

    Raises StoreUnavailable where the store cannot be written (the store is then as before).
    """
    try:
        with engine.connect() as connection, connection.begin() as transaction:
            # First the version: its row is the lock behind which two imports wait for each other.
            connection.execute(update(schema.data_version).values(version=schema.data_version.c.version + 1))
            version: int = connection.scalar(select(schema.data_version.c.version)) or 0
            known = _same_file(connection, batch)
            if known is not None:
                transaction.rollback()
                return Saved(known, version - 1, already=True)
            batch_id = _add_batch(connection, batch, by, version)
            _add_agencies(connection, batch, batch_id)
            readings = _add(connection, schema.reading, _reading_rows(batch.readings, batch_id))
            dossiers = _add(connection, schema.dossier_count, _dossier_rows(batch.dossiers, batch_id))
            _verify(connection, batch_id, readings, dossiers)
            return Saved(batch_id, version, already=False, readings=readings, dossiers=dossiers)
    except SQLAlchemyError as error:
        raise unavailable(engine, error) from error


def _same_file(connection: Connection, batch: Batch) -> int | None:
    """An earlier batch of the same bytes. What the sample brought does not stop a real import of it."""
    table = schema.import_batch.c
    same = select(table.id).where(table.sha256 == batch.sha256, table.province_code == batch.province_code)
    return connection.scalar(same.where(table.origin == batch.origin).limit(1))


def _add_batch(connection: Connection, batch: Batch, by: str, version: int) -> int:
    period = batch.period or (None, None)
    result = connection.execute(
        insert(schema.import_batch).values(
            file_name=batch.file_name,
            sha256=batch.sha256,
            kind=batch.kind,
            origin=batch.origin,
            province_code=batch.province_code,
            as_of=batch.as_of.replace(tzinfo=None),
            period_from=period[0],
            period_to=period[1],
            imported_by=by,
            imported_at=datetime.now(UTC).replace(tzinfo=None),
            row_count=batch.rows,
            problem_count=len(batch.problems),
            version=version,
        )
    )
    assert result.inserted_primary_key is not None
    batch_id = int(result.inserted_primary_key[0])
    if batch.problems:
        rows = [{**problem.as_dict(), "batch_id": batch_id} for problem in batch.problems]
        connection.execute(insert(schema.problem), rows)
    return batch_id


def _add_agencies(connection: Connection, batch: Batch, batch_id: int) -> None:
    """Learn agency codes: a newer file's name for a code replaces the older one."""
    if batch.agencies.empty:
        return
    frame = batch.agencies.astype(object).where(batch.agencies.notna(), None)
    rows = [{**row, "province_code": batch.province_code, "batch_id": batch_id} for row in frame.to_dict("records")]
    known = set(connection.scalars(select(schema.agency.c.agency_code)))
    for row in rows:
        if row["agency_code"] in known:
            same = schema.agency.c.agency_code == row["agency_code"]
            connection.execute(update(schema.agency).where(same).values(**row))
    fresh = [row for row in rows if row["agency_code"] not in known]
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


def _reading_rows(readings: pd.DataFrame, batch_id: int) -> Iterable[dict[str, Any]]:
    columns = [readings[column].tolist() for column in READING_COLUMNS]
    names = [*READING_COLUMNS, "batch_id"]
    return (dict(zip(names, (*row, batch_id), strict=True)) for row in zip(*columns, strict=True))


def _dossier_rows(dossiers: pd.DataFrame, batch_id: int) -> Iterable[dict[str, Any]]:
    def cells(column: str) -> list[Any]:
        values = dossiers[column]
        if column in COUNTS:
            return [None if pd.isna(value) else int(value) for value in values.tolist()]
        return [None if pd.isna(value) else value for value in values.tolist()]

    columns = [cells(column) for column in DOSSIER_COLUMNS]
    names = [*DOSSIER_COLUMNS, "batch_id"]
    return (dict(zip(names, (*row, batch_id), strict=True)) for row in zip(*columns, strict=True))


def _add(connection: Connection, table: Any, rows: Iterable[dict[str, Any]]) -> int:
    """Insert rows chunk by chunk; how many there were."""
    total, chunk = 0, []
    for row in rows:
        chunk.append(row)
        if len(chunk) == _CHUNK:
            connection.execute(insert(table), chunk)
            total, chunk = total + len(chunk), []
    if chunk:
        connection.execute(insert(table), chunk)
    return total + len(chunk)


def _verify(connection: Connection, batch_id: int, readings: int, dossiers: int) -> None:
    for table, expected in ((schema.reading, readings), (schema.dossier_count, dossiers)):
        stored = connection.scalar(select(func.count()).select_from(table).where(table.c.batch_id == batch_id))
        assert stored == expected, f"{table.name}: {stored} rows stored, {expected} written"

"""Writing one batch: all of it with a new data version in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, Table, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from dashboard.batch import Batch
from dashboard.store import bulk, schema, singles
from dashboard.store.engine import unavailable
from dashboard.store.undo import drop

_VIETNAM = timedelta(hours=7)  # files speak in Vietnam's time, moments of imports are kept in UTC


@dataclass(frozen=True)
class Saved:
    """What became of a batch. `already`: the same file was imported before, nothing changed."""

    batch_id: int
    version: int
    already: bool
    written: Mapping[str, int] = field(default_factory=dict)  # rows per table


def save(engine: Engine, batch: Batch, *, by: str) -> Saved:
    """Write one batch in one transaction; the same file a second time changes nothing.

    Raises StoreUnavailable where the store cannot be written (the store is then as before).
    """
    return save_file(engine, [batch], by=by)[0]


def save_file(engine: Engine, batches: Sequence[Batch], *, by: str, instead_of: Sequence[int] = ()) -> list[Saved]:
    """Write all batches of a file (one a province) in one transaction with one new data version.

    `instead_of`: numbers of simulated batches that go in the same transaction, with their rows.
    """
    try:
        with engine.connect() as connection, connection.begin() as transaction:
            # First the version: its row is the lock behind which two imports wait for each other.
            connection.execute(update(schema.data_version).values(version=schema.data_version.c.version + 1))
            version: int = connection.scalar(select(schema.data_version.c.version)) or 0
            drop(connection, instead_of)
            known = [same_file(connection, batch) for batch in batches]
            if None not in known:
                transaction.rollback()
                return [Saved(batch_id, version - 1, already=True) for batch_id in known if batch_id is not None]
            return write_all(connection, batches, known, by, version)
    except SQLAlchemyError as error:
        raise unavailable(engine, error) from error


def write_all(
    connection: Connection, batches: Sequence[Batch], known: Sequence[int | None], by: str, version: int
) -> list[Saved]:
    """Write those batches that are not `known`, inside a transaction that the caller began."""
    return [
        _write(connection, batch, by, version) if batch_id is None else Saved(batch_id, version, already=True)
        for batch, batch_id in zip(batches, known, strict=True)
    ]


def _write(connection: Connection, batch: Batch, by: str, version: int) -> Saved:
    bulk.make_room(connection)
    batch_id = _add_batch(connection, batch, by, version)
    _add_agencies(connection, batch, batch_id)
    frames = {
        schema.reading: batch.readings,
        schema.dossier_count: batch.dossiers,
        schema.certificate_count: batch.certificates,
        schema.visit: batch.visits,
    }
    written = {table: bulk.add(connection, table, frame, batch_id) for table, frame in frames.items()}
    written[schema.dossier] = singles.add(connection, batch, batch_id)
    _verify(connection, batch_id, written)
    if written[schema.dossier]:
        singles.count_days(connection, batch, batch_id)
    _add_problems(connection, batch, batch_id)  # last: a streamed list finds them while it is written
    return Saved(batch_id, version, already=False, written={table.name: rows for table, rows in written.items()})


def same_file(connection: Connection, batch: Batch) -> int | None:
    """An earlier batch of the same bytes. What the sample brought does not stop a real import of it."""
    table = schema.import_batch.c
    same = select(table.id).where(
        table.sha256 == batch.sha256,
        table.province_code == batch.province_code,
        table.origin == batch.origin,
        table.undone_at.is_(None),
    )
    return connection.scalar(same.limit(1))


def _not_ahead(as_of: datetime, now: datetime) -> datetime:
    """A file that speaks of a later hour of the day on which it comes knows no more than of the moment it comes; one
    of a later day is kept as told, as nothing shows it before that day."""
    return min(as_of, now.replace(second=0, microsecond=0)) if as_of.date() == now.date() else as_of


def _add_batch(connection: Connection, batch: Batch, by: str, version: int) -> int:
    period, now = batch.period or (None, None), datetime.now(UTC).replace(tzinfo=None)
    result = connection.execute(
        insert(schema.import_batch).values(
            file_name=batch.file_name,
            sha256=batch.sha256,
            kind=batch.kind,
            origin=batch.origin,
            province_code=batch.province_code,
            as_of=_not_ahead(batch.as_of.replace(tzinfo=None), now + _VIETNAM),
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


def _verify(connection: Connection, batch_id: int, written: Mapping[Table, int]) -> None:
    for table, expected in written.items():
        stored = connection.scalar(select(func.count()).select_from(table).where(table.c.batch_id == batch_id))
        assert stored == expected, f"{table.name}: {stored} rows stored, {expected} written"

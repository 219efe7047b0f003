"""Writing one batch: all of it with a new data version in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine, Table, func, insert, select, update

from dashboard.batch import Batch
from dashboard.messages import write_message
from dashboard.reference import VIETNAM
from dashboard.store import dossier_records, schema
from dashboard.store.audit import AuditLine, Author, append_audit_line, make_author
from dashboard.store.bulk_writer import enlarge_cache, insert_frame, upsert_rows
from dashboard.store.clock import read_clock
from dashboard.store.engine import (
    StoreUnavailable,
    bump_data_version,
    explain_failures,
)
from dashboard.store.undo import delete_simulated_batches
from dashboard.store.write_turn import WriteTurn, begin_writing

_ANY_TURN = WriteTurn()


def _confirm_nothing() -> None:
    """What was written may stay."""


@dataclass(frozen=True)
class SavedBatch:
    """What became of a batch. `already`: the same file was imported before, nothing changed."""

    batch_id: int
    version: int
    already: bool
    written: Mapping[str, int] = field(default_factory=dict)  # rows per table


def save_batch(engine: Engine, batch: Batch, *, by: str | Author) -> SavedBatch:
    """Write one batch in one transaction; the same file a second time changes nothing.

    Raises StoreUnavailable where the store cannot be written (the store is then as before).
    """
    return save_batches(engine, [batch], by=by)[0]


def save_batches(
    engine: Engine,
    batches: Sequence[Batch],
    *,
    by: str | Author,
    instead_of: Sequence[int] = (),
    turn: WriteTurn = _ANY_TURN,
    confirm: Callable[[], None] = _confirm_nothing,
) -> list[SavedBatch]:
    """Write all batches of a file (one a province) in one transaction with one new data version.

    `by`: who does it; the name alone stands for an account of the machine at its command line.
    `instead_of`: numbers of simulated batches that go in the same transaction, with their rows.
    `turn`: who writes and how long it waits for others. `confirm` is called when all is written and
    nothing is committed; what it raises takes everything back.
    """
    author = make_author(by)
    with explain_failures(engine), begin_writing(engine, turn) as connection:
        version = bump_data_version(connection)
        delete_simulated_batches(connection, instead_of)
        earlier_ids = [find_same_file(connection, batch) for batch in batches]
        if None not in earlier_ids:
            connection.rollback()
            return [
                SavedBatch(batch_id, version - 1, already=True)
                for batch_id in earlier_ids
                if batch_id is not None
            ]
        saved_batches = write_batches(connection, batches, earlier_ids, author.account, version)
        audit_batches(connection, author, saved_batches, batches)
        confirm()
        return saved_batches


def audit_batches(
    connection: Connection,
    author: Author,
    saved_batches: Sequence[SavedBatch],
    batches: Sequence[Batch],
) -> None:
    """Add a line to the audit for each batch that was written, in the caller's transaction."""
    for saved, batch in zip(saved_batches, batches, strict=True):
        if not saved.already:
            after = {
                "file": batch.file_name,
                "sha256": batch.sha256,
                "kind": batch.file_kind,
                "origin": batch.origin,
                "problems": len(batch.problems),
                "rows": dict(saved.written),
            }
            line = AuditLine(
                "import_batch", f"batch {saved.batch_id}", batch.province_code, after=after
            )
            append_audit_line(connection, author, line)


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
    saved_batches = []
    for batch, batch_id in zip(batches, earlier_ids, strict=True):
        if batch_id is None:
            saved_batches.append(_write_batch(connection, batch, by, version))
        else:
            saved_batches.append(SavedBatch(batch_id, version, already=True))
    return saved_batches


def _write_batch(connection: Connection, batch: Batch, by: str, version: int) -> SavedBatch:
    enlarge_cache(connection)
    batch_id = _add_batch(connection, batch, by, version)
    _add_agencies(connection, batch, batch_id)
    frames = {
        schema.reading: batch.readings,
        schema.dossier_count: batch.dossiers,
        schema.certificate_count: batch.certificates,
        schema.outage: batch.outages,
        schema.visit: batch.visits,
        schema.follow_up: batch.follow_ups,
        schema.weak_entry: batch.weak_entries,
        schema.team: batch.teams,
        schema.team_day: batch.team_days,
        schema.support_step: batch.support_steps,
        schema.field_resource: batch.resources,
        schema.feedback: batch.feedback,
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
        table.kind == batch.file_kind,
        table.origin == batch.origin,
        table.undone_at.is_(None),
    )
    return connection.scalar(same.limit(1))


def _limit_to_now(as_of: datetime, now: datetime) -> datetime:
    """A file that speaks of a later hour of the day on which it comes knows no more than of the
    moment it comes; one of a later day is kept as told, as nothing shows it before that day."""
    return min(as_of, now.replace(second=0, microsecond=0)) if as_of.date() == now.date() else as_of


def _add_batch(connection: Connection, batch: Batch, by: str, version: int) -> int:
    period = batch.period or (None, None)
    now = read_clock()
    result = connection.execute(
        insert(schema.import_batch).values(
            file_name=batch.file_name,
            sha256=batch.sha256,
            kind=batch.file_kind,
            origin=batch.origin,
            province_code=batch.province_code,
            as_of=_limit_to_now(batch.as_of.replace(tzinfo=None), now + VIETNAM.utcoffset(None)),
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
    upsert_rows(connection, schema.agency, rows)
    departments = [
        {"code": row["agency_code"], "level": "department", "province_code": batch.province_code}
        for row in rows
        if row["commune_code"] is None
    ]
    upsert_rows(connection, schema.unit, departments, replace_known=False)


def _verify_counts(connection: Connection, batch_id: int, written: Mapping[Table, int]) -> None:
    """Raises StoreUnavailable where the database holds not what it was given; the transaction is
    then taken back.
    """
    for table, expected in written.items():
        stored = connection.scalar(
            select(func.count()).select_from(table).where(table.c.batch_id == batch_id)
        )
        if stored != expected:
            raise StoreUnavailable(
                write_message(
                    "Kho dữ liệu giữ {stored} dòng của bảng {table} thay vì {expected} dòng"
                    " đã ghi; chưa nạp gì, hãy kiểm tra máy chủ cơ sở dữ liệu rồi nạp lại",
                    stored=stored,
                    table=table.name,
                    expected=expected,
                )
            )

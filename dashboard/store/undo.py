"""Taking a batch back: its rows stay as history, the views no longer show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
from sqlalchemy import Connection, Engine, delete, select, update

from dashboard.batch import Batch
from dashboard.errors import DashboardError
from dashboard.messages import write_message
from dashboard.store import dossier_records, schema
from dashboard.store.audit import AuditLine, Author, append_audit_line, make_author
from dashboard.store.clock import read_clock
from dashboard.store.engine import (
    bump_data_version,
    explain_failures,
    read_store,
)
from dashboard.store.read import fetch_frame, fetch_rows, read_query
from dashboard.store.write_turn import WriteTurn, begin_writing

_ANY_TURN = WriteTurn()
_BATCH = schema.import_batch.c


class NoSuchBatch(DashboardError):
    """No batch has that number; says how to find the numbers."""


@dataclass(frozen=True)
class UndoneBatch:
    """A batch that no longer counts. `already`: it was taken back before, nothing changed."""

    batch_id: int
    file_name: str
    province_code: str
    version: int
    already: bool


def undo_batch(
    engine: Engine, batch_id: int, turn: WriteTurn = _ANY_TURN, *, by: str | Author
) -> UndoneBatch:
    """Take one batch back in one transaction with a new data version; its file may then be imported
    again.

    Agencies that the batch taught stay known. Raises NoSuchBatch, StoreUnavailable.
    """
    with explain_failures(engine), begin_writing(engine, turn) as connection:
        version = bump_data_version(connection)
        row = (
            connection.execute(select(schema.import_batch).where(_BATCH.id == batch_id))
            .mappings()
            .first()
        )
        if row is None:
            connection.rollback()
            raise NoSuchBatch(
                write_message(
                    "Không có đợt nạp số {batch_id}; xem các đợt bằng lệnh batches",
                    batch_id=batch_id,
                )
            )
        if row["undone_at"] is not None:
            connection.rollback()
            return UndoneBatch(
                batch_id, row["file_name"], row["province_code"], version - 1, already=True
            )
        mark_batches_undone(connection, [batch_id])
        _count_days_again(connection, batch_id, row["province_code"])
        line = AuditLine(
            "undo_batch",
            f"batch {batch_id}",
            row["province_code"],
            before={"file": row["file_name"], "sha256": row["sha256"], "kind": row["kind"]},
        )
        append_audit_line(connection, make_author(by), line)
        return UndoneBatch(batch_id, row["file_name"], row["province_code"], version, already=False)


@dataclass(frozen=True)
class UndoPreview:
    """What taking a batch back would change. `values`: of each part and measure how many values
    that count now would go (each to the one before it, where there is one), and in how many
    communes or units; `simulation_returns`: whether the province would have nothing real left.
    """

    batch_id: int
    file_name: str
    province_code: str
    file_kind: str
    imported_by: str
    imported_at: datetime
    already: bool
    values: pd.DataFrame
    simulation_returns: bool


def preview_undo(engine: Engine, batch_id: int) -> UndoPreview:
    """Look at what taking a batch back would change; nothing is. Raises NoSuchBatch,
    StoreUnavailable.
    """
    with read_store(engine) as connection:
        question = select(schema.import_batch).where(_BATCH.id == batch_id)
        row = connection.execute(question).mappings().first()
        if row is None:
            raise NoSuchBatch(
                write_message(
                    "Không có đợt nạp số {batch_id}; xem các đợt bằng lệnh batches",
                    batch_id=batch_id,
                )
            )
        # of a batch that was taken back nothing counts, and asking takes seconds
        values = pd.DataFrame()
        if row["undone_at"] is None:
            values = fetch_rows(connection, read_query("count_current_values"), batch=batch_id)
        others = select(_BATCH.id).where(
            _BATCH.province_code == row["province_code"],
            _BATCH.origin == "imported",
            _BATCH.undone_at.is_(None),
            _BATCH.id != batch_id,
        )
        has_others = connection.scalar(others.limit(1)) is not None
    return UndoPreview(
        batch_id,
        row["file_name"],
        row["province_code"],
        row["kind"],
        row["imported_by"],
        row["imported_at"],
        row["undone_at"] is not None,
        values,
        row["origin"] == "imported" and not has_others,
    )


def mark_batches_undone(connection: Connection, batch_ids: Iterable[int]) -> None:
    """Mark batches as taken back, inside a transaction that the caller began."""
    now = read_clock()
    condition = _BATCH.id.in_(list(batch_ids)) & _BATCH.undone_at.is_(None)
    connection.execute(update(schema.import_batch).where(condition).values(undone_at=now))


def delete_simulated_batches(connection: Connection, batch_ids: Sequence[int]) -> None:
    """Take simulated batches back and let their rows go: what was invented is no history, and a new
    set comes daily.
    """
    if not batch_ids:
        return
    mark_batches_undone(connection, batch_ids)
    for table in schema.BATCH_TABLES:
        connection.execute(delete(table).where(table.c.batch_id.in_(list(batch_ids))))


def _count_days_again(connection: Connection, batch_id: int, province: str) -> None:
    """Later lists were counted together with the dossiers of the one taken back: count their days
    anew.
    """
    lists = select(schema.dossier.c.batch_id).distinct()
    if connection.scalar(lists.where(schema.dossier.c.batch_id == batch_id).limit(1)) is None:
        return
    later = select(schema.import_batch).where(
        _BATCH.province_code == province,
        _BATCH.id > batch_id,
        _BATCH.undone_at.is_(None),
        _BATCH.id.in_(lists),
    )
    for row in connection.execute(later.order_by(_BATCH.id)).mappings().all():
        connection.execute(
            delete(schema.dossier_count).where(schema.dossier_count.c.batch_id == row["id"])
        )
        later_batch = Batch(
            row["file_name"], row["sha256"], row["kind"], province, row["as_of"], row["row_count"]
        )
        dossier_records.count_days(connection, later_batch, row["id"])


def list_simulated_provinces(engine: Engine) -> frozenset[str]:
    """Provinces whose figures are simulated now: the first real file of one makes them step
    aside.
    """
    frame = fetch_frame(engine, read_query("list_simulated_provinces"))
    return frozenset(str(code) for code in frame["province_code"])


def fetch_simulated_batches(engine: Engine) -> dict[str, dict[int, date]]:
    """Per province its simulated batches that were not taken back, each with its day."""
    days_by_province: dict[str, dict[int, date]] = {}
    statement = select(_BATCH.id, _BATCH.province_code, _BATCH.as_of).where(
        _BATCH.origin == "simulated", _BATCH.undone_at.is_(None)
    )
    with engine.connect() as connection:
        for number, province, moment in connection.execute(statement):
            days_by_province.setdefault(province, {})[number] = moment.date()
    return days_by_province

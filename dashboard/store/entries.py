"""What people write on pages, exactly once, however often a bad line sends it.

An entry has an id that was drawn when its form was opened. It is written with its batch in one
transaction under that id: the same id again changes nothing and gets the first answer; the same id
with other content is a conflict, which is told and never decided here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine, exists, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from dashboard.batch import Batch
from dashboard.store import schema
from dashboard.store.audit import Author
from dashboard.store.clock import read_clock
from dashboard.store.engine import bump_data_version, make_unavailable_error
from dashboard.store.write import audit_batches, write_batches
from dashboard.store.write_turn import WriteTurn, begin_writing

_ANY_TURN = WriteTurn()
_BATCH = schema.import_batch.c


@dataclass(frozen=True)
class FieldEntry:
    """What somebody wrote of a commune. `content` is its text in one fixed form (JSON with sorted
    keys): two entries are the same where it is.
    """

    entry_id: str
    commune_code: str
    content: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content.encode()).hexdigest()


@dataclass(frozen=True)
class SavedEntry:
    """What became of an entry. `already`: its id was there before; `saved_content` is what stands
    under the id, of a conflict the other one's. `for_practice`: it stands beside simulated figures
    and goes with them.
    """

    entry_id: str
    batch_id: int
    already: bool
    saved_content: str
    is_conflict: bool = False
    for_practice: bool = False


def save_entry(
    engine: Engine, entry: FieldEntry, batch: Batch, *, by: Author, turn: WriteTurn = _ANY_TURN
) -> SavedEntry:
    """Write an entry and its batch in one transaction with a new data version, once for its id.

    Where the province shows simulated figures the batch is of them, so that a form that somebody
    tries does not make them step aside. Raises StoreUnavailable; the store is then as before.
    """
    try:
        return _write_entry(engine, entry, batch, by, turn)
    except IntegrityError:
        # Two sent it at once, and the other was first.
        saved = _find_entry(engine, entry)
        if saved is None:
            raise
        return saved
    except SQLAlchemyError as error:
        raise make_unavailable_error(engine, error) from error


def _write_entry(
    engine: Engine, entry: FieldEntry, batch: Batch, by: Author, turn: WriteTurn
) -> SavedEntry:
    with begin_writing(engine, turn) as connection:
        version = bump_data_version(connection)
        saved = _select_entry(connection, entry)
        if saved is not None:
            connection.rollback()
            return saved
        for_practice = _shows_simulation(connection, batch.province_code)
        batch = replace(
            batch, sha256=entry.sha256, origin="simulated" if for_practice else "imported"
        )
        saved_batches = write_batches(connection, [batch], [None], by.account, version)
        connection.execute(
            insert(schema.field_entry).values(
                entry_id=entry.entry_id,
                content_sha256=entry.sha256,
                content=entry.content,
                commune_code=entry.commune_code,
                account=by.account,
                batch_id=saved_batches[0].batch_id,
                saved_at=read_clock(),
            )
        )
        audit_batches(connection, by, saved_batches, [batch])
        return SavedEntry(
            entry.entry_id,
            saved_batches[0].batch_id,
            already=False,
            saved_content=entry.content,
            for_practice=for_practice,
        )


def _find_entry(engine: Engine, entry: FieldEntry) -> SavedEntry | None:
    with engine.connect() as connection:
        return _select_entry(connection, entry)


def _select_entry(connection: Connection, entry: FieldEntry) -> SavedEntry | None:
    """What stands under the entry's id; None where nothing does."""
    table = schema.field_entry
    row = connection.execute(select(table).where(table.c.entry_id == entry.entry_id)).first()
    if row is None:
        return None
    origin = connection.scalar(select(_BATCH.origin).where(_BATCH.id == row.batch_id))
    return SavedEntry(
        entry.entry_id,
        row.batch_id,
        already=True,
        saved_content=row.content,
        is_conflict=row.content_sha256 != entry.sha256,
        for_practice=origin != "imported",
    )


def _shows_simulation(connection: Connection, province: str) -> bool:
    """Whether a province has simulated figures and nothing real that made them step aside."""
    origins = {
        origin: connection.scalar(
            select(
                exists().where(
                    _BATCH.province_code == province,
                    _BATCH.origin == origin,
                    _BATCH.undone_at.is_(None),
                )
            )
        )
        for origin in ("simulated", "imported")
    }
    return bool(origins["simulated"]) and not origins["imported"]

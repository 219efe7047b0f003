"""Questions that belong together are answered from one commit: none sees half of an import, or of
another store.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

# A restore makes every table anew, and to a moment before it a new table is an empty one. Locking
# one table comes before the moment itself: a restore, which begins with this table, waits for who
# reads, and who comes later waits for the restore.
_KEEP_TABLES = "LOCK TABLE data_version IN ACCESS SHARE MODE"


class ReadableCopy(Protocol):
    """What gives a connection to a copy of the store, as long as that answers (replica.py)."""

    def connect(self) -> Connection | None: ...


class _Snapshot:
    """A reading transaction of one thread, begun by its first question."""

    def __init__(self, engine: Engine, replica: ReadableCopy | None) -> None:
        self.engine = engine
        self._replica = replica
        self._connection: Connection | None = None

    def connect(self) -> Connection:
        if self._connection is None:
            copy = self._replica.connect() if self._replica else None
            connection = copy or self.engine.connect()
            try:
                if self.engine.dialect.name == "sqlite":
                    # its driver begins none for questions
                    connection.exec_driver_sql("BEGIN")
                else:
                    connection.execution_options(isolation_level="REPEATABLE READ")
                    connection.exec_driver_sql(_KEEP_TABLES)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def close(self) -> None:
        """Gives the connection back; where its server ended it since the last question, what was
        answered counts all the same.
        """
        if self._connection is not None:
            with suppress(SQLAlchemyError):  # the pool lets go of it all the same
                self._connection.close()


_CURRENT: ContextVar[_Snapshot | None] = ContextVar("snapshot", default=None)


@contextmanager
def hold_one_commit(engine: Engine, replica: ReadableCopy | None = None) -> Iterator[None]:
    """All that this thread reads inside is of the commit that its first question meets: of the
    store, or of its `replica` where that answers. What it writes inside goes its own way.
    """
    outer = _CURRENT.get()
    if outer is not None and outer.engine is engine:
        yield
        return
    snapshot = _Snapshot(engine, replica)
    _CURRENT.set(snapshot)
    try:
        yield
    finally:
        _CURRENT.set(outer)
        snapshot.close()


@contextmanager
def connect_for_reading(engine: Engine) -> Iterator[Connection]:
    """A connection for one question: that of the commit that is held, else one of its own."""
    snapshot = _CURRENT.get()
    if snapshot is not None and snapshot.engine is engine:
        yield snapshot.connect()
        return
    with engine.connect() as connection:
        yield connection

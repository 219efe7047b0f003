"""How connections are made and looked at again: no store that hangs, and none that was swapped
unseen.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import InvalidatePoolError

from dashboard.store.replacement import StoreFile, has_journal

BUSY_SECONDS = 15
POOL_SECONDS = 10
CONNECT_SECONDS = 5
# PostgreSQL makes readers wait for nothing but a table that is being altered or locked by hand. Who
# waits holds a thread of the server, and there are few of them: a page that is told at once asks
# again and keeps its picture.
LOCK_SECONDS = 1
BRIEF_WAIT_MS = 200
# A store has its kind of journal once and for all; who makes it holds the file for a moment only.
JOURNAL_WAIT_MS = 500
# Between us and PostgreSQL a pooler may hand each transaction to another session (PgBouncer), so
# nothing stays with a session: questions are not prepared, limits are said in each transaction.
STATELESS: Mapping[str, dict[str, Any]] = MappingProxyType({"psycopg": {"prepare_threshold": None}})
# libpq's own, in ms: how long sent bytes may stay unacknowledged (a cable pulled, a machine
# paused).
_NETWORK = {"connect_timeout": CONNECT_SECONDS, "tcp_user_timeout": 10_000, "keepalives_idle": 30}


def configure_connections(engine: Engine) -> None:
    """What every new connection is told, whoever opens it."""
    if engine.dialect.name == "postgresql":

        @event.listens_for(engine, "do_connect")
        def _no_hanging(
            _dialect: object, _record: object, _args: object, connect_args: dict[str, Any]
        ) -> None:
            for name, value in _NETWORK.items():  # what the address says itself wins
                connect_args.setdefault(name, value)

    if engine.dialect.name == "sqlite":
        _read_without_room(engine)

        @event.listens_for(engine, "connect")
        def _pragmas(connection: Any, _record: object) -> None:
            cursor = connection.cursor()
            cursor.execute("PRAGMA foreign_keys=ON")
            # A file that was emptied under its readers stays locked: nobody waits long for that.
            cursor.execute(f"PRAGMA busy_timeout={JOURNAL_WAIT_MS}")
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
            cursor.execute("PRAGMA synchronous=NORMAL")
            cursor.close()


class _FixedConnection(sqlite3.Connection):
    """To a file that nobody can write to: it is read as it stands, for one question."""


def _read_without_room(engine: Engine) -> None:
    """On a full or read-only disk SQLite cannot make the index beside the file, without which it
    opens no store: figures are shown all the same, and whoever writes is told.

    Nobody has the store open then, or the index would be there; and the next question looks again.
    """
    database = engine.url.database
    if not database or database == ":memory:" or "uri" in engine.url.query:
        return
    path = os.path.abspath(database)

    @event.listens_for(engine, "do_connect")
    def _open_fixed(
        _dialect: object, _record: object, _args: object, connect_args: dict[str, Any]
    ) -> Any:
        return open_as_it_stands(path, **connect_args) if _lacks_room(path) else None

    @event.listens_for(engine, "checkin")
    def _look_again(connection: Any, record: Any) -> None:
        if isinstance(connection, _FixedConnection):
            record.invalidate()


def open_for_one_look(path: str) -> sqlite3.Connection:
    """A connection of one's own that remembers no page; also where nothing can be written."""
    if _lacks_room(path):
        return open_as_it_stands(path)
    return sqlite3.connect(f"file:{quote(path)}?mode=rw", uri=True, timeout=5)


def open_as_it_stands(path: str, **options: Any) -> sqlite3.Connection:
    """To a file that nobody can write to."""
    address = f"file:{quote(path)}?mode=ro&immutable=1"
    return sqlite3.connect(address, **{**options, "uri": True, "factory": _FixedConnection})


def _lacks_room(path: str) -> bool:
    """Whether a store is there, all of it in its file, that cannot be opened for want of room or
    rights beside it.
    """
    if not os.path.exists(path) or not os.path.getsize(path) or has_journal(path):
        return False
    try:
        address = f"file:{quote(path)}?mode=rw"
        with closing(sqlite3.connect(address, uri=True, timeout=0)) as connection:
            connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    except sqlite3.Error as error:
        name = error.sqlite_errorname
        return name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR_SHM"))
    return False


@contextmanager
def wait_briefly(connection: Connection) -> Iterator[None]:
    """Within, a lock that somebody holds is an error at once: for what may be let go (a heartbeat),
    where waiting would take the threads of readers.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {BRIEF_WAIT_MS}")
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout={BRIEF_WAIT_MS}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


def enforce_timeouts(engine: Engine, answer_seconds: float | None) -> None:
    """Rules for an opened store; of SQLite, connections made before are closed."""
    if engine.dialect.name == "postgresql" and answer_seconds:
        # Not a question: the moment that a transaction reads begins with what comes after.
        timeouts = (
            f"SET LOCAL statement_timeout = {int(answer_seconds * 1000)}; "
            f"SET LOCAL lock_timeout = {LOCK_SECONDS * 1000}"
        )

        @event.listens_for(engine, "begin")
        def _answer_in_time(connection: Connection) -> None:
            connection.exec_driver_sql(timeouts)

    database = engine.url.database
    if (
        engine.dialect.name == "sqlite"
        and database
        and database != ":memory:"
        and "uri" not in engine.url.query
    ):
        _watch_file(engine, os.path.abspath(database))
        _leave_no_journal(engine, os.path.abspath(database))
        engine.dispose()


def _watch_file(engine: Engine, path: str) -> None:
    """A connection stays with the file that it opened, even where another stands in its place: look
    each time.

    Costs two `stat` (some microseconds) a question. An open connection holds its file, so its
    number is not given to another one meanwhile.
    """
    store_file = StoreFile(path)

    @event.listens_for(engine, "do_connect")
    def _never_create(
        _dialect: object, _record: object, _args: object, connect_args: dict[str, Any]
    ) -> Any:
        return sqlite3.connect(f"file:{quote(path)}?mode=rw", **{**connect_args, "uri": True})

    @event.listens_for(engine, "connect")
    def _remember(_connection: object, record: Any) -> None:
        record.info["file"] = (_identify_file(path), store_file.count_replacements())

    @event.listens_for(engine, "checkout")
    def _look(_connection: object, record: Any, _proxy: object) -> None:
        replacements = store_file.count_replacements()
        identity = _identify_file(path)
        if identity is None or record.info.get("file") != (identity, replacements):
            raise InvalidatePoolError("the file of the store is gone or another one")


def _leave_no_journal(engine: Engine, path: str) -> None:
    """What was written goes into the file itself at once: a journal left beside it would be played
    into a backup that is put in its place, and the store would be neither the one nor the other."""

    @event.listens_for(engine, "checkin")
    def _empty(connection: Any, _record: object) -> None:
        if connection is not None and has_journal(path):
            # whoever reads at this moment keeps the journal until the next time
            with suppress(sqlite3.Error):
                connection.execute("PRAGMA busy_timeout=0")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


def _identify_file(path: str) -> tuple[int, int] | None:
    try:
        file_status = os.stat(path)
    except OSError:
        return None
    return file_status.st_dev, file_status.st_ino

"""How connections are made and looked at again: no store that hangs, and none that was swapped
unseen.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
    """Rules for an opened store: connections made before are closed, later ones keep them."""
    if engine.dialect.name == "postgresql" and answer_seconds:

        @event.listens_for(engine, "do_connect")
        def _answer_in_time(
            _dialect: object, _record: object, _args: object, connect_args: dict[str, Any]
        ) -> None:
            timeouts = (
                f"-c statement_timeout={int(answer_seconds * 1000)} "
                f"-c lock_timeout={LOCK_SECONDS * 1000}"
            )
            connect_args["options"] = f"{connect_args.get('options', '')} {timeouts}".strip()

        engine.dispose()
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

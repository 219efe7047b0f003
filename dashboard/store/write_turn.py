"""Whose turn it is to write: one at a time, and who waits says for whom.

On SQLite the turn is a lock file beside the store (`filelock`) with a note of its holder, on
PostgreSQL an advisory lock whose holder is named by its session. Both go with their process.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql_text

from dashboard import text
from dashboard.messages import write_message
from dashboard.reference import VIETNAM
from dashboard.store import connections
from dashboard.store.engine import StoreBusy, make_unavailable_error
from dashboard.store.read import read_query

_TURN_LOCK = 7_202_508  # any number, the same in every process; not the one of migrations
_LOOK_SECONDS = 0.2
_LONGEST_LABEL = 40  # PostgreSQL cuts names of sessions at 63 bytes


def _say_nothing(_line: str) -> None:
    """Who waits where nobody reads."""


@dataclass(frozen=True)
class WriteTurn:
    """Who wants to write (`import danh_sach.csv`), how long it waits for another that writes, and
    where it says for whom: `tell_wait` gets one line for each that it waits for.
    """

    label: str = "dashboard"
    wait_seconds: float = connections.BUSY_SECONDS
    tell_wait: Callable[[str], None] = _say_nothing


@contextmanager
def begin_writing(engine: Engine, turn: WriteTurn) -> Iterator[Connection]:
    """A connection in a transaction that nobody else writes beside; committed at the end, rolled
    back by an error or by the connection's own `rollback`.

    Raises StoreBusy, naming who writes, where the turn does not come in time.
    """
    database = engine.url.database or ""
    if engine.dialect.name != "sqlite" or database in ("", ":memory:"):
        with engine.connect() as connection, connection.begin():
            if engine.dialect.name == "postgresql":
                _wait_for_session(connection, turn)
            yield connection
        return
    with hold_lock_file(engine, database, turn), engine.connect() as connection:
        # who writes without asking for a turn (a shell of SQLite) is waited for as long
        _set_busy_seconds(connection, turn.wait_seconds)
        try:
            with connection.begin():
                yield connection
        finally:
            _set_busy_seconds(connection, connections.BUSY_SECONDS)


def _set_busy_seconds(connection: Connection, seconds: float) -> None:
    """By the driver: SQLAlchemy would begin a transaction for it."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(f"PRAGMA busy_timeout={int(seconds * 1000)}")


@contextmanager
def hold_lock_file(engine: Engine, database: str, turn: WriteTurn) -> Iterator[None]:
    """The turn to write a SQLite store, also where the store itself is not there yet."""
    # Here: who only reads waits for no library of locks, which brings asyncio.
    from filelock import FileLock, Timeout

    note = Path(f"{database}-writer")
    lock = FileLock(f"{database}-lock", mode=0o600, thread_local=False)
    deadline = time.monotonic() + turn.wait_seconds
    holder = ""
    while True:
        left_seconds = max(deadline - time.monotonic(), 0)
        try:
            lock.acquire(timeout=min(left_seconds, 2 * _LOOK_SECONDS), poll_interval=_LOOK_SECONDS)
            break
        except Timeout:
            holder = _tell_holder(turn, _read_note(note), holder)
            if not left_seconds:
                raise make_busy_error(holder, turn.wait_seconds) from None
        except OSError as error:
            raise make_unavailable_error(engine, error) from error
    try:
        with suppress(OSError):  # a full disk: the others wait all the same, without a name
            note.write_text(_write_note(turn.label), encoding="utf-8")
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _write_note(label: str) -> str:
    since = datetime.now(VIETNAM).strftime("%H:%M:%S")
    return json.dumps({"pid": os.getpid(), "label": label, "since": since})


def _read_note(note: Path) -> str:
    try:
        entry = json.loads(note.read_text(encoding="utf-8"))
        return _describe_holder(
            str(entry["label"]),
            write_message("tiến trình {process}", process=entry["pid"]),
            entry["since"],
        )
    except (OSError, ValueError, KeyError, TypeError):  # it has just begun, or ended
        return write_message("một chương trình khác đang ghi kho")


def _describe_holder(label: str, process: str, since: str) -> str:
    return write_message(
        "{process} ({label}) đang ghi kho từ {since}",
        process=process,
        label=label or write_message("không rõ"),
        since=since,
    )


def _tell_holder(turn: WriteTurn, holder: str, holder_before: str) -> str:
    if holder != holder_before:
        seconds = int(turn.wait_seconds)
        turn.tell_wait(
            write_message(
                "Đang chờ: {holder}; chờ tối đa {seconds:,} giây (DASHBOARD_LOCK_WAIT)",
                holder=holder,
                seconds=seconds,
            )
        )
    return holder


def make_busy_error(holder: str, waited_seconds: float) -> StoreBusy:
    """One plain line: who wrote longer than was waited."""
    seconds = int(waited_seconds)
    return StoreBusy(
        write_message(
            "chưa ghi gì vì sau {seconds:,} giây chờ {holder}; hãy nạp lại khi việc "
            "đó xong, hoặc tăng DASHBOARD_LOCK_WAIT",
            seconds=seconds,
            holder=holder,
        )
    )


def _wait_for_session(connection: Connection, turn: WriteTurn) -> None:
    """The advisory lock of the database, held until the end of the transaction."""
    label = text.strip_tones(turn.label).encode("ascii", "replace").decode()
    session_name = f"{os.getpid()} {label[:_LONGEST_LABEL]}"
    connection.execute(
        sql_text("SELECT set_config('application_name', :name, true)"), {"name": session_name}
    )
    deadline = time.monotonic() + turn.wait_seconds
    holder = ""
    turn_lock = sql_text("SELECT pg_try_advisory_xact_lock(:lock)")
    while not connection.scalar(turn_lock, {"lock": _TURN_LOCK}):
        holder = _tell_holder(turn, _find_session(connection), holder)
        if time.monotonic() >= deadline:
            raise make_busy_error(holder, turn.wait_seconds)
        time.sleep(_LOOK_SECONDS)
    # who writes without asking for a turn is waited for as long
    left_ms = max(int((deadline - time.monotonic()) * 1000), 1)
    connection.execute(
        sql_text("SELECT set_config('lock_timeout', :wait, true)"), {"wait": f"{left_ms}ms"}
    )


def _find_session(connection: Connection) -> str:
    row = connection.execute(
        sql_text(read_query("find_writing_session")), {"lock": _TURN_LOCK}
    ).first()
    if row is None or row.xact_start is None:  # it has just ended
        return write_message("một chương trình khác đang ghi kho")
    process, _, label = row.application_name.partition(" ")
    since = row.xact_start.astimezone(VIETNAM).strftime("%H:%M:%S")
    return _describe_holder(label, write_message("tiến trình {process}", process=process), since)

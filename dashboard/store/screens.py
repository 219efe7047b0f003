"""The wall screens that report: one row a screen, the newest word of each. No figures, no persons,
no addresses.

A screen is its secret, which its browser keeps, never its name, which anybody may send. Who looks
after the screens accepts one, or makes it with a link of its own; what nobody accepted is shown
apart and forgotten an hour after its last word. Written beside the data, never with them: a
heartbeat is no news for anybody who reads figures.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import pandas as pd
from sqlalchemy import Connection, Engine, case, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from dashboard.errors import DashboardError
from dashboard.messages import write_message
from dashboard.store import connections, schema
from dashboard.store.accounts import hash_token
from dashboard.store.audit import AuditLine, Author, append_audit_line
from dashboard.store.clock import is_to_come
from dashboard.store.engine import explain_failures, make_unavailable_error
from dashboard.store.snapshots import connect_for_reading

# Of screens that nobody accepted; those that somebody did have room always.
MOST_UNKNOWN = 50
# A screen says where it is once a minute; what comes sooner of the same is not written.
AT_MOST_EVERY = timedelta(seconds=20)
# One of so many makes room for a new one only after that: a flood never pushes out one that is on.
MAKES_ROOM_AFTER = timedelta(minutes=10)
UNKNOWN_KEPT_FOR = timedelta(hours=1)
_SCREEN = schema.screen.c


class NoSuchScreen(DashboardError):
    """No screen has that number; says how to find the numbers."""


@dataclass(frozen=True)
class Heartbeat:
    """What a screen says of itself; `fresh_seconds`: since the server last answered it, None: never
    did.
    """

    name: str
    province_code: str
    scene: str
    version: int
    build: str
    fresh_seconds: int | None
    errors: int
    token: str = ""


def draw_secret() -> str:
    """What makes a browser one screen and no other."""
    return secrets.token_urlsafe(24)


def save_heartbeat(
    engine: Engine, heartbeat: Heartbeat, secret: str, now: datetime, *, may_be_new: bool = True
) -> bool:
    """Keep the newest word of the screen of this secret (`now`: UTC, naive); False where it spoke a
    moment ago, or where it is new and that may not be, or MOST_UNKNOWN others are on.

    The name of an accepted screen stays as it was accepted. Raises StoreUnavailable.
    """
    screen = schema.screen
    values = {**asdict(heartbeat), "seen_at": now}
    same = _SCREEN.secret_sha256 == hash_token(secret)
    kept_name = case((_SCREEN.accepted.is_(True), _SCREEN.name), else_=heartbeat.name)
    try:
        with engine.begin() as connection, connections.wait_briefly(connection):
            is_due = (
                _SCREEN.seen_at.is_(None)
                | (_SCREEN.seen_at <= now - AT_MOST_EVERY)
                | is_to_come(_SCREEN.seen_at, now)
            )
            changed = update(screen).where(same, is_due).values(**{**values, "name": kept_name})
            if connection.execute(changed).rowcount:
                return True
            is_known = connection.scalar(select(_SCREEN.number).where(same)) is not None
            if is_known or not may_be_new or not _make_room(connection, now):
                return False
            _insert_screen(connection, secret, {**values, "accepted": False})
            return True
    except IntegrityError:
        return False  # the same screen was written by another process at this moment
    except SQLAlchemyError as error:
        raise make_unavailable_error(engine, error) from error


def add_screen(engine: Engine, name: str, author: Author) -> str:
    """A screen that is accepted before it was ever on; the secret that its link carries. Raises
    StoreUnavailable.
    """
    secret = draw_secret()
    silent = asdict(Heartbeat(name, "", "", 0, "", None, 0))
    with _write_store(engine) as connection:
        number = _insert_screen(connection, secret, {**silent, "seen_at": None, "accepted": True})
        line = AuditLine("add_screen", f"screen {number}", after={"name": name})
        append_audit_line(connection, author, line)
    return secret


def accept_screen(engine: Engine, number: int, author: Author) -> None:
    """Say that this screen is one of the office's. Raises NoSuchScreen, StoreUnavailable."""
    with _write_store(engine) as connection:
        name = _find_name(connection, number)
        connection.execute(
            update(schema.screen).where(_SCREEN.number == number).values(accepted=True)
        )
        line = AuditLine("accept_screen", f"screen {number}", after={"name": name})
        append_audit_line(connection, author, line)


def remove_screen(engine: Engine, number: int, author: Author) -> None:
    """Forget a screen; its link no longer works. Raises NoSuchScreen, StoreUnavailable."""
    with _write_store(engine) as connection:
        name = _find_name(connection, number)
        connection.execute(delete(schema.screen).where(_SCREEN.number == number))
        line = AuditLine("remove_screen", f"screen {number}", before={"name": name})
        append_audit_line(connection, author, line)


def find_accepted_screen(engine: Engine, secret: str) -> str | None:
    """The name of the accepted screen of this secret; None where there is none. Raises
    StoreUnavailable.
    """
    question = select(_SCREEN.name).where(
        _SCREEN.secret_sha256 == hash_token(secret), _SCREEN.accepted.is_(True)
    )
    with explain_failures(engine), connect_for_reading(engine) as connection:
        name = connection.scalar(question)
    return None if name is None else str(name)


def fetch_screens(engine: Engine) -> pd.DataFrame:
    """Every screen known, by name: the fields of Heartbeat, number, accepted and seen_at (UTC, NaT:
    never on). Raises StoreUnavailable.
    """
    shown = [column for column in schema.screen.columns if column.name != "secret_sha256"]
    question = select(*shown).order_by(_SCREEN.name, _SCREEN.number)
    with explain_failures(engine), connect_for_reading(engine) as connection:
        rows = connection.execute(question).all()
    frame = pd.DataFrame([tuple(row) for row in rows], columns=[column.name for column in shown])
    frame["seen_at"] = pd.to_datetime(frame["seen_at"]).astype("datetime64[s]")
    return frame


def _make_room(connection: Connection, now: datetime) -> bool:
    """Forget unknown screens that are silent; whether one more has room among the others."""
    unknown = _SCREEN.accepted.is_(False)
    old = unknown & ((_SCREEN.seen_at < now - UNKNOWN_KEPT_FOR) | is_to_come(_SCREEN.seen_at, now))
    connection.execute(delete(schema.screen).where(old))
    count, oldest = connection.execute(
        select(func.count(), func.min(_SCREEN.seen_at)).where(unknown)
    ).one()
    if count < MOST_UNKNOWN:
        return True
    if oldest > now - MAKES_ROOM_AFTER:
        return False
    connection.execute(delete(schema.screen).where(unknown, _SCREEN.seen_at == oldest))
    return True


def _insert_screen(connection: Connection, secret: str, values: dict[str, object]) -> int:
    number = (connection.scalar(select(func.max(_SCREEN.number))) or 0) + 1
    row = {**values, "secret_sha256": hash_token(secret), "number": number}
    connection.execute(insert(schema.screen), row)
    return number


def _find_name(connection: Connection, number: int) -> str:
    name = connection.scalar(select(_SCREEN.name).where(_SCREEN.number == number))
    if name is None:
        raise NoSuchScreen(
            write_message(
                "Không có màn hình số {number}; xem các màn hình bằng lệnh screen list",
                number=number,
            )
        )
    return str(name)


@contextmanager
def _write_store(engine: Engine) -> Iterator[Connection]:
    with explain_failures(engine), engine.begin() as connection:
        yield connection

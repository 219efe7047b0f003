"""The wall screens that report: one row a screen, the newest word of each. No figures, no persons,
no addresses.

Written beside the data, never with them: a heartbeat is no news for anybody who reads figures.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import pandas as pd
from sqlalchemy import Connection, Engine, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from dashboard.store import connections, schema
from dashboard.store.engine import make_unavailable_error
from dashboard.store.snapshots import connect_for_reading

MOST_SCREENS = 200
# A screen says where it is once a minute; what comes sooner under the same name is not written.
AT_MOST_EVERY = timedelta(seconds=20)
# One of so many makes room for a new name only after that: a flood of names never pushes out a
# screen that is on.
MAKES_ROOM_AFTER = timedelta(minutes=10)


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


def save_heartbeat(engine: Engine, heartbeat: Heartbeat, now: datetime) -> bool:
    """Keep the newest word of a screen (`now`: UTC, naive); False where it spoke a moment ago, or
    where it is new and MOST others are on.

    At most MOST screens are kept; the longest silent makes room for a new one. Raises
    StoreUnavailable.
    """
    screen = schema.screen
    values = {**asdict(heartbeat), "seen_at": now}
    same = screen.c.name == heartbeat.name
    try:
        with engine.begin() as connection, connections.wait_briefly(connection):
            changed = (
                update(screen).where(same, screen.c.seen_at <= now - AT_MOST_EVERY).values(**values)
            )
            if connection.execute(changed).rowcount:
                return True
            if connection.scalar(select(screen.c.name).where(same)) is not None:
                return False
            if not _has_room(connection, now):
                return False
            connection.execute(insert(screen), values)
            _delete_oldest(connection)
            return True
    except IntegrityError:
        return False  # the same screen was written by another process at this moment
    except SQLAlchemyError as error:
        raise make_unavailable_error(engine, error) from error


def _has_room(connection: Connection, now: datetime) -> bool:
    screen_count, oldest = connection.execute(
        select(func.count(), func.min(schema.screen.c.seen_at))
    ).one()
    return screen_count < MOST_SCREENS or oldest <= now - MAKES_ROOM_AFTER


def _delete_oldest(connection: Connection) -> None:
    screen = schema.screen
    names_kept = (
        select(screen.c.name).order_by(screen.c.seen_at.desc(), screen.c.name).limit(MOST_SCREENS)
    )
    connection.execute(delete(screen).where(screen.c.name.not_in(names_kept)))


def fetch_screens(engine: Engine) -> pd.DataFrame:
    """Every screen known: the fields of Heartbeat and seen_at (UTC), by name. Raises
    StoreUnavailable.
    """
    columns = [column.name for column in schema.screen.columns]
    try:
        with connect_for_reading(engine) as connection:
            rows = connection.execute(select(schema.screen).order_by(schema.screen.c.name)).all()
    except SQLAlchemyError as error:
        raise make_unavailable_error(engine, error) from error
    frame = pd.DataFrame([tuple(row) for row in rows], columns=columns)
    frame["seen_at"] = pd.to_datetime(frame["seen_at"]).astype("datetime64[s]")
    return frame

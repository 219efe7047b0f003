"""The watchers of folders that say they live: one row a folder, the newest word of each.

Written beside the data, never with them: that a watcher lives is no news of any figure.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import pandas as pd
from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import SQLAlchemyError

from dashboard.store import schema
from dashboard.store.bulk_writer import upsert_rows
from dashboard.store.engine import make_unavailable_error

# A folder that nobody watches any more is forgotten after that.
FORGOTTEN_AFTER = timedelta(days=30)


@dataclass(frozen=True)
class WatcherMark:
    """What a watcher says of itself: its folder and process, since when it runs, which file it is
    at ("" none), files imported and refused since its start, the fault that it last told ("" none).
    """

    folder: str
    process: int
    started_at: datetime
    stopped: bool
    file_name: str
    imported: int
    refused: int
    fault: str


def save_watcher_mark(engine: Engine, mark: WatcherMark, now: datetime) -> None:
    """Keep the newest word of a folder's watcher (`now`: UTC, naive). Raises StoreUnavailable."""
    watcher = schema.watcher
    row = {**asdict(mark), "folder": mark.folder[-200:], "fault": mark.fault[:300], "seen_at": now}
    try:
        with engine.begin() as connection:
            upsert_rows(connection, watcher, [row])
            connection.execute(delete(watcher).where(watcher.c.seen_at < now - FORGOTTEN_AFTER))
    except SQLAlchemyError as error:
        raise make_unavailable_error(engine, error) from error


def fetch_watchers(engine: Engine) -> pd.DataFrame:
    """Every watcher known: the fields of WatcherMark and seen_at (UTC), by folder. Raises
    StoreUnavailable.
    """
    columns = [column.name for column in schema.watcher.columns]
    try:
        with engine.connect() as connection:
            rows = connection.execute(select(schema.watcher).order_by(schema.watcher.c.folder))
            frame = pd.DataFrame([tuple(row) for row in rows], columns=columns)
    except SQLAlchemyError as error:
        raise make_unavailable_error(engine, error) from error
    for name in ("started_at", "seen_at"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[s]")
    return frame

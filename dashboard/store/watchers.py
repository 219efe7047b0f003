"""The watchers of folders that say they live: one row a folder, the newest word of each.

Written beside the data, never with them: that a watcher lives is no news of any figure.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import pandas as pd
from sqlalchemy import Engine, delete, select

from dashboard.store import schema
from dashboard.store.bulk_writer import upsert_rows
from dashboard.store.engine import explain_failures, read_store

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
    with explain_failures(engine), engine.begin() as connection:
        upsert_rows(connection, watcher, [row])
        connection.execute(delete(watcher).where(watcher.c.seen_at < now - FORGOTTEN_AFTER))


def fetch_watchers(engine: Engine) -> pd.DataFrame:
    """Every watcher known: the fields of WatcherMark and seen_at (UTC), by folder. Raises
    StoreUnavailable.
    """
    columns = [column.name for column in schema.watcher.columns]
    with read_store(engine) as connection:
        rows = connection.execute(select(schema.watcher).order_by(schema.watcher.c.folder))
        frame = pd.DataFrame([tuple(row) for row in rows], columns=columns)
    for name in ("started_at", "seen_at"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[s]")
    return frame

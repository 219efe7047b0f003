"""What machines say of themselves, beside the data and never with them: it is no news of figures.

Watchers of folders say that they live: one row a folder, the newest word of each. Machines that
serve have files of their own: the hashes that all of them should have.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import pandas as pd
from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from dashboard.store import schema
from dashboard.store.bulk_writer import upsert_rows
from dashboard.store.clock import read_clock
from dashboard.store.engine import explain_failures, make_unavailable_error, read_store
from dashboard.store.snapshots import connect_for_reading

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


def fetch_node_files(engine: Engine) -> dict[str, tuple[str, str]]:
    """Name to hash and the machine that set it; empty before any did. Raises StoreUnavailable."""
    table = schema.node_file.c
    with explain_failures(engine), connect_for_reading(engine) as connection:
        rows = connection.execute(select(table.name, table.sha256, table.set_by)).all()
    return {name: (sha256, set_by) for name, sha256, set_by in rows}


def set_node_files(engine: Engine, hashes: Mapping[str, str], machine: str) -> None:
    """From now on these are what all machines should have. Raises StoreUnavailable."""
    now = read_clock().replace(microsecond=0)
    rows = [
        {"name": name, "sha256": sha256, "set_by": machine[:80], "set_at": now}
        for name, sha256 in hashes.items()
    ]
    try:
        with engine.begin() as connection:
            connection.execute(delete(schema.node_file))
            connection.execute(insert(schema.node_file), rows)
    except IntegrityError:
        return  # another machine set its own at this moment: it is as new
    except SQLAlchemyError as error:
        raise make_unavailable_error(engine, error) from error

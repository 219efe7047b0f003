"""What lies as files on each machine that serves: the hashes that all of them should have."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from dashboard.store import schema
from dashboard.store.clock import read_clock
from dashboard.store.engine import explain_failures, make_unavailable_error
from dashboard.store.snapshots import connect_for_reading


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

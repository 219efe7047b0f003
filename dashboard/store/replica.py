"""A copy of the store that PostgreSQL itself keeps (a standby): pages read it, nobody writes to it.

It may be a little behind; its version and its figures are of the same moment all the same.
"""

from __future__ import annotations

import logging
import time

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from dashboard.errors import DashboardError
from dashboard.messages import write_message
from dashboard.store import connections
from dashboard.store.engine import StoreUnavailable, make_store_engine
from dashboard.store.read import fetch_data_version

# So long the store itself is read after the copy did not answer: each asker waits for who is away.
_RESTS_SECONDS = 10.0
_log = logging.getLogger("dashboard")


class OtherStore(DashboardError):
    """What should be a copy of the store is another one: figures of it are none of ours."""


class Replica:
    """The copy, as long as it answers. Safe to share between threads."""

    def __init__(self, url: str, *, answer_seconds: float | None = None) -> None:
        self.engine = make_store_engine(url)
        connections.enforce_timeouts(self.engine, answer_seconds)
        self._rests_until = 0.0

    def connect(self) -> Connection | None:
        """A connection that answers; None while the store itself is to be asked."""
        if time.monotonic() < self._rests_until:
            return None
        try:
            return self.engine.connect()
        except SQLAlchemyError as error:
            self._rests_until = time.monotonic() + _RESTS_SECONDS
            reason = type(getattr(error, "orig", None) or error).__name__
            _log.warning("the replica does not answer (%s): the store itself is read", reason)
            return None


def open_replica(url: str, engine: Engine, *, answer_seconds: float | None = None) -> Replica:
    """The copy of an opened store; it need not answer yet. Raises OtherStore where it is none, and
    closes both.
    """
    replica = Replica(url, answer_seconds=answer_seconds)
    try:
        copied_id = fetch_data_version(replica.engine).store_id
    except StoreUnavailable:
        _log.warning("the replica does not answer: the store itself is read until it does")
        return replica
    if copied_id != fetch_data_version(engine).store_id:
        replica.engine.dispose()
        engine.dispose()
        raise OtherStore(
            write_message(
                "Kho ở DASHBOARD_READ_URL không phải bản sao của kho ở "
                "DASHBOARD_DATABASE_URL; hãy sửa một trong hai, hoặc để trống "
                "DASHBOARD_READ_URL"
            )
        )
    return replica

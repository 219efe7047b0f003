"""How often something was tried, for all server processes together: what flask-limiter asks of a
storage (web/access.py sets how often something may be tried).
"""

from __future__ import annotations

import time
from typing import Any

from limits.storage import Storage
from sqlalchemy import Engine, delete, select, text
from sqlalchemy.exc import SQLAlchemyError

from dashboard.store import schema
from dashboard.store.clock import CLOCK_TOLERANCE
from dashboard.store.read import read_query

# What a limiter calls this storage.
SCHEME = "dashboard"
_COUNT = schema.attempt_count.c


class AttemptStorage(Storage):
    """What flask-limiter asks of a storage, answered by the store."""

    STORAGE_SCHEME: list[str] | None = [SCHEME]  # noqa: RUF012

    def __init__(self, uri: str | None = None, *, engine: Engine, **options: Any) -> None:
        super().__init__(uri, **options)
        self._engine = engine

    @property
    def base_exceptions(self) -> type[Exception]:
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        return count_attempt(self._engine, key, expiry, amount)

    def get(self, key: str) -> int:
        return fetch_attempts(self._engine, key)[0]

    def get_expiry(self, key: str) -> float:
        return fetch_attempts(self._engine, key)[1]

    def check(self) -> bool:
        return True

    def reset(self) -> int | None:
        return forget_attempts(self._engine)

    def clear(self, key: str) -> None:
        forget_attempts(self._engine, key)


def count_attempt(engine: Engine, key: str, seconds: int, amount: int) -> int:
    """Count `amount` more under the key, which are forgotten `seconds` after the first; how many
    there are.
    """
    now = time.time()
    latest = now + seconds + CLOCK_TOLERANCE.total_seconds()
    values = {"key": key[:200], "now": now, "seconds": seconds, "amount": amount, "latest": latest}
    with engine.begin() as connection:
        attempts = connection.scalar(text(read_query("count_attempt")), values)
        connection.execute(delete(schema.attempt_count).where(_COUNT.ends_at <= now))
    return int(attempts or 0)


def fetch_attempts(engine: Engine, key: str) -> tuple[int, float]:
    """How many there are under the key, and when (seconds since 1970) they are forgotten."""
    now = time.time()
    question = select(_COUNT.attempts, _COUNT.ends_at).where(
        _COUNT.key == key[:200], _COUNT.ends_at > now
    )
    with engine.connect() as connection:
        row = connection.execute(question).first()
    return (int(row.attempts), float(row.ends_at)) if row else (0, now)


def forget_attempts(engine: Engine, key: str | None = None) -> int:
    """Forget what was counted under the key, or everything; how many keys that were."""
    statement = delete(schema.attempt_count)
    if key is not None:
        statement = statement.where(_COUNT.key == key[:200])
    with engine.begin() as connection:
        return connection.execute(statement).rowcount

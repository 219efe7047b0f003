"""How often something was tried, for all server processes together (web/limits.py sets how often
it may be).
"""

from __future__ import annotations

import time

from sqlalchemy import Engine, delete, select, text

from dashboard.store import schema
from dashboard.store.read import read_query

_COUNT = schema.attempt_count.c


def count_attempt(engine: Engine, key: str, seconds: int, amount: int) -> int:
    """Count `amount` more under the key, which are forgotten `seconds` after the first; how many
    there are.
    """
    now = time.time()
    values = {"key": key[:200], "now": now, "seconds": seconds, "amount": amount}
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

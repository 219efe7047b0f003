"""How often an address may be asked by one client: flask-limiter, its counts in the store."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded
from limits.storage import Storage
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from dashboard.settings import Settings
from dashboard.store import attempts
from dashboard.web.client_address import find_client_address

_log = logging.getLogger("dashboard")


class AttemptStorage(Storage):
    """What flask-limiter asks of a storage, answered by the store."""

    STORAGE_SCHEME: list[str] | None = ["dashboard"]  # noqa: RUF012

    def __init__(self, uri: str | None = None, *, engine: Engine, **options: Any) -> None:
        super().__init__(uri, **options)
        self._engine = engine

    @property
    def base_exceptions(self) -> type[Exception]:
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        return attempts.count_attempt(self._engine, key, expiry, amount)

    def get(self, key: str) -> int:
        return attempts.fetch_attempts(self._engine, key)[0]

    def get_expiry(self, key: str) -> float:
        return attempts.fetch_attempts(self._engine, key)[1]

    def check(self) -> bool:
        return True

    def reset(self) -> int | None:
        return attempts.forget_attempts(self._engine)

    def clear(self, key: str) -> None:
        attempts.forget_attempts(self._engine, key)


def make_limiter(server: Flask, settings: Settings, engine: Engine) -> Limiter:
    """A limiter without limits of its own: each address that costs or can be guessed at names
    its own.
    """

    @server.errorhandler(RateLimitExceeded)
    def refuse_for_now(error: RateLimitExceeded) -> Response:
        _log.warning("%r refused (429): too often", request.path)
        answer = Response(
            "Quá nhiều lần trong thời gian ngắn; hãy đợi một phút rồi thử lại.",
            status=429,
            mimetype="text/plain",
        )
        answer.headers["Retry-After"] = "60"
        return answer

    return Limiter(
        lambda: find_client_address(request, settings.proxies),
        app=server,
        storage_uri="dashboard://",
        storage_options={"engine": engine},  # type: ignore[dict-item]  # handed on as it is
        # While the store is away nobody can sign in anyhow; what only reads goes on.
        swallow_errors=True,
    )

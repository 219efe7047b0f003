"""Each request gets a number, is counted and timed, and says why where it fails."""

from __future__ import annotations

import logging
import re
import time
from uuid import uuid4

from flask import Flask, Response, g, request

from dashboard.counters import REQUEST_SECONDS, REQUESTS, UNAVAILABLE
from dashboard.errors import describe_cause
from dashboard.logs import find_route
from dashboard.settings import Settings
from dashboard.web import answer_maker
from dashboard.web.client_address import find_client_address

_log = logging.getLogger("dashboard")
# A proxy's own number of the request is kept, so that both logs can be held side by side.
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


def register(server: Flask, settings: Settings) -> None:
    """Adds number, time and count of each request; call it first, so that all else is timed."""

    @server.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        sent = request.headers.get("X-Request-ID", "")
        g.client = find_client_address(request, settings.proxies)
        g.request_id = sent if _REQUEST_ID.fullmatch(sent) else uuid4().hex[:16]

    @server.after_request
    def count(response: Response) -> Response:
        if answer_maker.is_maker():
            return response  # counted where it was asked
        route = find_route()
        seconds = time.perf_counter() - g.get("began", time.perf_counter())
        method = request.method if request.method in _METHODS else "other"
        REQUESTS.labels(method, route, response.status_code).inc()
        REQUEST_SECONDS.labels(route).observe(seconds)
        if response.status_code >= 400:
            response.headers["X-Request-ID"] = g.get("request_id", "-")
        if settings.access_log == "on":
            _log.info("%d", response.status_code)
        return response


def log_unavailable(error: BaseException) -> None:
    """Says why a request is answered with 503, and counts it."""
    reason = describe_cause(error)
    UNAVAILABLE.labels(type(error).__name__).inc()
    _log.warning("not answered (503): %s", reason)

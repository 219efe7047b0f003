"""Each request gets a number, is counted and timed, and says why where it fails; the server's log
has one line an event with its time, level and request, as text or as JSON. Never a query, a body or
an address with values in it: a route is a pattern.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from flask import Flask, Response, g, has_request_context, request

from dashboard.counters import REQUEST_SECONDS, REQUESTS, UNAVAILABLE
from dashboard.errors import describe_cause
from dashboard.reference import VIETNAM
from dashboard.settings import Settings
from dashboard.web import answer_maker
from dashboard.web.client_address import find_client_address

_log = logging.getLogger("dashboard")
# A proxy's own number of the request is kept, so that both logs can be held side by side.
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_LIBRARY_LEVEL = "WARNING"


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


class LogFormatter(logging.Formatter):
    """Lines of `line_format` text or json; inside a request with its id, client, route and
    seconds so far.
    """

    def __init__(self, line_format: str = "text") -> None:
        super().__init__()
        self._line_format = line_format

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, VIETNAM).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname,
            "process": record.process,
            **describe_request(),
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0]:
            fields["error"] = record.exc_info[0].__name__  # its words may quote what was sent
        if self._line_format == "json":
            return json.dumps(fields, ensure_ascii=False)
        values = (_write_field(name, value) for name, value in fields.items())
        return " ".join(values).replace("\n", "\\n").replace("\r", "\\r")


def _write_field(name: str, value: Any) -> str:
    return str(value) if name in ("time", "level", "message") else f"{name}={value}"


def describe_request() -> Mapping[str, Any]:
    """Id, client, method, route and seconds so far of the request at hand; empty outside one."""
    if not has_request_context():
        return {}
    began = g.get("began")
    return {
        "request": g.get("request_id", "-"),
        "client": g.get("client") or request.remote_addr or "-",
        "method": request.method,
        "route": find_route(),
        "seconds": round(time.perf_counter() - began, 3) if began is not None else 0.0,
    }


def find_route() -> str:
    """The pattern of the address (`/xa/<code>`), `-` where no page fits it."""
    return request.url_rule.rule if request.url_rule is not None else "-"


def build_log_config(line_format: str) -> dict[str, Any]:
    """What gunicorn configures the log with: everything to standard error."""
    quiet = {"level": _LIBRARY_LEVEL, "handlers": ["stderr"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {"()": "dashboard.web.request_log.LogFormatter", "line_format": line_format},
            "generic": {"()": "dashboard.web.request_log.LogFormatter", "line_format": line_format},
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "lines",
                "stream": "ext://sys.stderr",
            },
            # gunicorn's own defaults name these two
            "console": {"class": "logging.StreamHandler", "formatter": "lines"},
            "error_console": {"class": "logging.StreamHandler", "formatter": "lines"},
        },
        "root": {"level": _LIBRARY_LEVEL, "handlers": ["stderr"]},
        "loggers": {
            "gunicorn.error": quiet,
            "gunicorn.access": quiet,
            "dashboard": {"level": "INFO", "handlers": ["stderr"], "propagate": False},
        },
    }

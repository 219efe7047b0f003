"""How the server's log is written: one line an event with its time, level and request, as text or
as JSON. Never a query, a body or an address with values in it: a route is a pattern.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import g, has_request_context, request

from dashboard.reference import VIETNAM

LOG_FORMATS = ("text", "json")
_LIBRARY_LEVEL = "WARNING"


class LogFormatter(logging.Formatter):
    """Lines of `request_format` text or json; inside a request with its id, client, route and
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
            "lines": {"()": "dashboard.logs.LogFormatter", "line_format": line_format},
            "generic": {"()": "dashboard.logs.LogFormatter", "line_format": line_format},
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

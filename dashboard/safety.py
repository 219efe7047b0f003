"""What protects the server: headers, size limits, and a look at every callback call before Dash sees it.

Anybody can post anything to a callback. What no page of ours would send is answered with 400 and
one log line; neither the answer nor the log repeats what was sent.
"""

from __future__ import annotations

import logging
import traceback
from typing import Any

import dash
from flask import Response, abort, request
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge

CALLS = "/_dash-update-component"
_log = logging.getLogger("dashboard")

_EVERYWHERE = {"X-Content-Type-Options": "nosniff"}
_DOCUMENTS = {
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def content_security_policy(app: dash.Dash) -> str:
    """The policy; call it once every callback is registered, because it holds their scripts' hashes."""
    scripts = " ".join(["'self'", *dict.fromkeys(app.csp_hashes())])
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'self'"
    )


def register(app: dash.Dash) -> None:
    """Adds headers, the check of calls and plain error answers; after all callbacks are registered."""
    server, policy = app.server, content_security_policy(app)

    @server.before_request
    def look_at_calls() -> None:
        if request.path == CALLS and request.method == "POST":
            reason = _fault(app)
            if reason:
                _log.warning("callback call refused (400): %s", reason)
                abort(400)

    @server.after_request
    def add_headers(response: Response) -> Response:
        # A 304 stands for an answer whose headers the browser has; on a bad network its bytes count.
        if response.status_code != 304:
            response.headers.update(_EVERYWHERE)
            if response.mimetype in {"text/html", "image/svg+xml"}:
                for name, value in {**_DOCUMENTS, "Content-Security-Policy": policy}.items():
                    response.headers.setdefault(name, value)
        return response

    @server.errorhandler(Exception)
    def say_plainly(error: Exception) -> tuple[str, int] | HTTPException:
        if isinstance(error, HTTPException):
            return error
        if server.testing:
            raise error
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{place.filename}:{place.lineno}"
        if request.path == CALLS:
            # The values that were sent stay out of the log: only what failed and where.
            _log.error("callback failed (500): %s at %s", type(error).__name__, where)
        else:
            _log.exception("%s failed (500): %s at %s", request.path, type(error).__name__, where)
        return "Máy chủ gặp lỗi; hãy thử lại sau ít phút.", 500


def _fault(app: dash.Dash) -> str:
    """Why this call cannot come from one of our pages; empty where it can."""
    try:
        body = request.get_json(force=True)
    except RequestEntityTooLarge:
        raise
    except (BadRequest, RecursionError):  # thousands of brackets exhaust the parser
        return "not JSON"
    if not isinstance(body, dict) or not isinstance(body.get("output"), str):
        return "no output"
    callback = app.callback_map.get(body["output"], {})
    if "callback" not in callback:
        return "unknown output"
    for part in ("inputs", "state"):
        sent = body.get(part, [])
        if not isinstance(sent, list) or len(sent) != len(callback[part]):
            return f"wrong {part}"
        if any(not _same(one, declared) for one, declared in zip(sent, callback[part], strict=True)):
            return f"wrong {part}"
    outputs = body.get("outputs", [])
    for one in outputs if isinstance(outputs, list) else [outputs]:
        if not _is_property(one):
            return "wrong outputs"
    changed = body.get("changedPropIds", [])
    if not isinstance(changed, list) or not all(isinstance(one, str) for one in changed):
        return "wrong changedPropIds"
    return ""


def _is_property(one: Any) -> bool:
    return isinstance(one, dict) and isinstance(one.get("id"), str) and isinstance(one.get("property"), str)


def _same(sent: Any, declared: dict[str, Any]) -> bool:
    """Whether a sent input is the declared one; a pattern (`{"index": ALL}`) is sent as a list."""
    if str(declared["id"]).startswith("{"):
        return isinstance(sent, list | dict)
    return _is_property(sent) and sent["id"] == declared["id"] and sent["property"] == declared["property"]

"""What protects the server: headers, size limits, and a look at every callback call before Dash sees it.

Anybody can post anything to a callback. What no page of ours would send is answered with 400 and
one log line; neither the answer nor the log repeats what was sent.
"""

from __future__ import annotations

import logging
from typing import Any

import dash
from dash.exceptions import DependencyException
from flask import Response, abort, request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge

from dashboard.errors import kind_and_place
from dashboard.store import StoreUnavailable

CALLS = "/_dash-update-component"
_log = logging.getLogger("dashboard")

_SAID = {
    400: "Yêu cầu không đúng dạng; hãy tải lại trang.",
    405: "Địa chỉ này không nhận cách gọi đó.",
    413: "Yêu cầu quá lớn.",
}


def permissions(*, geolocation: str = "") -> str:
    """The Permissions-Policy of a page: nothing, unless the page itself ("self") may ask where somebody stands."""
    return f"camera=(), geolocation=({geolocation}), microphone=(), payment=(), usb=()"


_EVERYWHERE = {"X-Content-Type-Options": "nosniff"}
_DOCUMENTS = {
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": permissions(),
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
    def say_plainly(error: Exception) -> tuple[str, int] | Response | HTTPException:
        if isinstance(error, HTTPException):
            return _in_vietnamese(error)
        if isinstance(error, DependencyException):  # Dash raises it for a file that it does not have
            return _plain("Không có tệp này.", 404)
        if isinstance(error, ParseException):  # gunicorn's, while the body is read: its bytes are in it
            _log.warning("body of %r not readable (400)", request.path)
            return _plain("Yêu cầu không đọc được.", 400)
        if isinstance(error, StoreUnavailable):
            _log.warning("%r not answered (503): the store is unavailable", request.path)
            return _plain("Kho dữ liệu tạm thời không đọc được; hãy thử lại sau ít phút.", 503)
        if server.testing:
            raise error
        if request.path == CALLS:
            # The values that were sent stay out of the log: only what failed and where.
            _log.error("callback failed (500): %s", kind_and_place(error))
        else:
            _log.exception("%r failed (500): %s", request.path, kind_and_place(error))
        return "Máy chủ gặp lỗi; hãy thử lại sau ít phút.", 500


def _plain(words: str, status: int) -> Response:
    return Response(words, status=status, mimetype="text/plain")


def _in_vietnamese(error: HTTPException) -> Response | HTTPException:
    """The same answer, with its headers (what a 405 allows), in words of ours where we have any."""
    if error.code not in _SAID:
        return error
    answer = error.get_response()
    answer.set_data(_SAID[error.code])
    answer.mimetype = "text/plain"
    return answer  # type: ignore[return-value]  # werkzeug's own class, which Flask takes as well


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
    if "outputs" in body and not _are_outputs(body["outputs"], body["output"]):
        return "wrong outputs"
    changed = body.get("changedPropIds", [])
    if not isinstance(changed, list) or not all(isinstance(one, str) for one in changed):
        return "wrong changedPropIds"
    return ""


def _are_outputs(sent: Any, output: str) -> bool:
    """Whether `outputs` tells apart what `output` names: `a.figure`, or several as `..a.figure...b.figure..`."""
    several = output.startswith("..")
    declared = [one.rpartition(".") for one in (output[2:-2].split("...") if several else [output])]
    told = sent if several else [sent]
    return (
        isinstance(told, list)
        and len(told) == len(declared)
        # "@…" behind a property marks a second callback that writes it; it is not sent.
        and all(
            _same(one, {"id": i, "property": p.partition("@")[0]})
            for one, (i, _, p) in zip(told, declared, strict=True)
        )
    )


def _is_property(one: Any) -> bool:
    return isinstance(one, dict) and isinstance(one.get("id"), str) and isinstance(one.get("property"), str)


def _same(sent: Any, declared: dict[str, Any]) -> bool:
    """Whether a sent input is the declared one; a pattern (`{"index": ALL}`) is sent as a list."""
    if str(declared["id"]).startswith("{"):
        return isinstance(sent, list | dict)
    return _is_property(sent) and sent["id"] == declared["id"] and sent["property"] == declared["property"]

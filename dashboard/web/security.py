"""What protects the server: headers, and error answers that repeat nothing of what was sent."""

from __future__ import annotations

import logging

import dash
from dash.exceptions import DependencyException
from flask import Response, request
from gunicorn.http.errors import ParseException
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from dashboard.errors import describe_error_location, list_error_steps
from dashboard.store import StoreUnavailable
from dashboard.web import theme
from dashboard.web.request_log import log_unavailable

_log = logging.getLogger("dashboard")

_ERROR_WORDS = {
    400: "Yêu cầu không đúng dạng; hãy tải lại trang.",
    403: "Không được phép; hãy dùng tài khoản có quyền làm việc này, hoặc nhờ người quản trị.",
    405: "Địa chỉ này không nhận cách gọi đó.",
    409: "Tệp được xác nhận không phải là tệp đã đọc thử; hãy tải lại trang.",
    410: "Tệp gửi đã quá một ngày; hãy gửi lại.",
    413: "Yêu cầu quá lớn.",
}
_OTHER_WORDS = "Yêu cầu không thực hiện được."


def write_permissions_policy(*, geolocation: str = "") -> str:
    """The Permissions-Policy of a page: nothing, unless the page itself ("self") may ask where
    somebody stands.
    """
    return f"camera=(), geolocation=({geolocation}), microphone=(), payment=(), usb=()"


_HEADERS_OF_ALL = {"X-Content-Type-Options": "nosniff"}
# Answers without a page behind them: nothing of theirs is a script, a style or kept.
HEADERS_OF_OWN_ANSWERS = {
    **_HEADERS_OF_ALL,
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
}
_HEADERS_OF_DOCUMENTS = {
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": write_permissions_policy(),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def write_content_security_policy(app: dash.Dash, frame_ancestors: str = "") -> str:
    """The policy; call it once every callback is registered, because it holds their scripts'
    hashes.
    """
    scripts = " ".join(["'self'", theme.hash_early_script(), *dict.fromkeys(app.csp_hashes())])
    ancestors = ["'self'", *frame_ancestors.split()]
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
        f"form-action 'self'; frame-ancestors {' '.join(ancestors)}"
    )


def register(app: dash.Dash, frame_ancestors: str = "") -> None:
    """Adds headers and plain error answers; call it after all callbacks."""
    server = app.server
    policy = write_content_security_policy(app, frame_ancestors)

    @server.after_request
    def add_headers(response: Response) -> Response:
        # A 304 stands for an answer whose headers the browser has; on a bad network its bytes
        # count.
        if response.status_code != 304:
            response.headers.update(_HEADERS_OF_ALL)
            if response.mimetype in {"text/html", "image/svg+xml"}:
                for name, value in {
                    **_HEADERS_OF_DOCUMENTS,
                    "Content-Security-Policy": policy,
                }.items():
                    response.headers.setdefault(name, value)
        return response

    @server.errorhandler(Exception)
    def say_plainly(error: Exception) -> tuple[str, int] | Response | HTTPException:
        if isinstance(error, HTTPException):
            return _translate_error(error)
        # Dash raises it for a file that it does not have
        if isinstance(error, DependencyException):
            return _answer_plainly("Không có tệp này.", 404)
        # gunicorn's, while the body is read: its bytes are in it
        if isinstance(error, ParseException):
            _log.warning("body of %r not readable (400)", request.path)
            return _answer_plainly("Yêu cầu không đọc được.", 400)
        if isinstance(error, StoreUnavailable):
            if isinstance(error.__cause__, DataError):  # PostgreSQL keeps no zero byte, say
                _log.warning("%r refused (400): a value that the store cannot hold", request.path)
                return _answer_plainly(_ERROR_WORDS[400], 400)
            log_unavailable(error)
            return _answer_plainly(
                "Kho dữ liệu tạm thời không đọc được; hãy thử lại sau ít phút.", 503
            )
        # What was sent or read stays out of the log, and with it the error's message: only what
        # failed, where, and by which way it came there.
        _log.error(
            "%r failed (500): %s; way: %s",
            request.path,
            describe_error_location(error),
            " > ".join(list_error_steps(error)),
        )
        return "Máy chủ gặp lỗi; hãy thử lại sau ít phút.", 500


def _answer_plainly(words: str, status: int) -> Response:
    return Response(words, status=status, mimetype="text/plain")


def _translate_error(error: HTTPException) -> Response | HTTPException:
    """The same answer, with its headers (what a 405 allows), in words of ours."""
    if error.code is None or error.code < 400:
        return error  # a redirect
    if error.code == 413:
        _log.warning("%r refused (413): too large", request.path)
    answer = error.get_response()
    answer.set_data(_ERROR_WORDS.get(error.code, _OTHER_WORDS))
    answer.mimetype = "text/plain"
    return answer  # type: ignore[return-value]  # werkzeug's own class, which Flask takes as well

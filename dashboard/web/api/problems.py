"""Refusals under /api/v1 as programs read them: RFC 9457 problems, whoever refused."""

from __future__ import annotations

import json
from typing import Final

from flask import Flask, Response, request

FOLDER: Final = "/api/v1/"
PROBLEM_TYPE: Final = "application/problem+json"
_TITLES: Final = {
    400: "Yêu cầu không đúng",
    401: "Cần khóa còn hiệu lực",
    403: "Không có quyền này",
    404: "Không có ở địa chỉ này",
    405: "Địa chỉ này không nhận cách gọi đó",
    409: "Không còn đúng với số liệu hiện có",
    410: "Tệp đã hết hạn",
    413: "Yêu cầu quá lớn",
    415: "Kiểu nội dung không nhận được",
    421: "Máy chủ không nhận tên này",
    429: "Gọi quá nhiều lần",
    500: "Máy chủ gặp lỗi",
    503: "Kho dữ liệu tạm thời không đọc được",
}


def answer_problem(status: int, detail: str = "") -> Response:
    """A problem: `{"type", "title", "status", "detail"}`, the last where there is more to say."""
    problem = {
        "type": "about:blank",
        "title": _TITLES.get(status, "Không thực hiện được"),
        "status": status,
        **({"detail": detail} if detail else {}),
    }
    return Response(json.dumps(problem, ensure_ascii=False), status=status, mimetype=PROBLEM_TYPE)


def register(server: Flask) -> None:
    """Whoever refused it, the door, a limit or the server: programs read one form of refusal."""

    @server.after_request
    def write_problem(response: Response) -> Response:
        if not f"{request.path}/".startswith(FOLDER) or response.status_code < 400:
            return response
        if response.mimetype != PROBLEM_TYPE:
            problem = answer_problem(response.status_code)
            response.set_data(problem.get_data())
            response.mimetype = PROBLEM_TYPE
        return response

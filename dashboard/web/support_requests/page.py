"""/to-cong-tac/yeu-cau: who asked for help, how urgent it is, who takes care, how long it takes.

The page only reads; asking and each further step are forms of their own (writing.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.indicators.field.support_requests import SupportRequest, SupportState
from dashboard.web.base_path import locate_path
from dashboard.web.documents import navigation
from dashboard.web.documents.document import Document, PageRequest
from dashboard.web.documents.downloads import DownloadTable
from dashboard.web.documents.misread import list_misread_choices
from dashboard.web.documents.narrowing import NarrowingField
from dashboard.web.support_requests import words
from dashboard.web.words.support_requests import SUPPORT_STATE_WORDS

PATH = "/to-cong-tac/yeu-cau"
_OPEN = "open"


def build_support_context(page_request: PageRequest) -> Mapping[str, Any]:
    """What page.html writes."""
    report = page_request.report
    view = page_request.view
    return {
        "headline": lambda: words.tell_support_title(
            report.field.support_requests, report.field.incidents
        ),
        "incidents": lambda: [
            words.tell_incident(report, entry) for entry in report.field.incidents
        ],
        "times": lambda: words.tell_times(report.field.support_requests),
        "listed": lambda: _describe_list(page_request),
        "commune_link": lambda code: navigation.build_commune_address(code, view),
        "ask_address": f"{locate_path(PATH)}/moi?province={view.province}",
        "show_address": f"{locate_path(PATH)}/",
        "is_live": view.as_of is None,
    }


def _read_state(page_request: PageRequest) -> str:
    state = page_request.query.get("state", _OPEN)
    return state if state in {_OPEN, "all", *SupportState} else _OPEN


def _select_requests(page_request: PageRequest) -> list[SupportRequest]:
    state = _read_state(page_request)
    return [
        entry
        for entry in page_request.report.field.support_requests
        if state == "all" or entry.state == state or (state == _OPEN and entry.is_open)
    ]


def _describe_list(page_request: PageRequest) -> dict[str, Any]:
    report = page_request.report
    states = [(str(state), word) for state, word in SUPPORT_STATE_WORDS.items()]
    choices = [(_OPEN, "đang mở"), *states, ("all", "tất cả")]
    rows = []
    for entry in _select_requests(page_request):
        row = words.describe_request(report, entry)
        row["href"] = navigation.build_commune_address(entry.commune_code, page_request.view)
        rows.append(row)
    return {
        "field": NarrowingField("state", "Tình trạng", choices, _read_state(page_request)),
        "rows": rows,
        "total": len(report.field.support_requests),
        "query": {"state": _read_state(page_request)},
    }


def _tabulate_page(page_request: PageRequest) -> DownloadTable:
    return words.tabulate_requests(page_request.report, _select_requests(page_request))


SUPPORT_REQUESTS_DOCUMENT = Document(
    PATH,
    "Yêu cầu hỗ trợ",
    "support_requests/page.html",
    build_support_context,
    "support_requests",
    preserved_params=("state",),
    misread=lambda page_request: list_misread_choices(
        page_request.query, {"state": _read_state(page_request)}
    ),
    downloads={"yeu-cau-ho-tro": _tabulate_page},
)

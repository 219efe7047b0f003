"""/ban-tin: the bulletins of a province by day, week and month, to read here and as PDF; and
/ban-tin/hop: what changed since the last meeting.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

from flask import Flask, Response, redirect

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.field.follow_ups import FollowUpState
from dashboard.indicators.report import Report
from dashboard.indicators.throughput import periods
from dashboard.reference import FIRST_DAY
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.web import theme
from dashboard.web.bulletin.making import compose_bulletin, print_bulletin
from dashboard.web.bulletin.typesetting import TypesettingFailed
from dashboard.web.bulletin.words import EDITIONS, Edition, tell_green_change
from dashboard.web.documents import document, http_caching
from dashboard.web.documents.address import PageView, parse_day_param
from dashboard.web.documents.document import Document, PageRequest
from dashboard.web.documents.downloads import name_download
from dashboard.web.documents.navigation import build_address
from dashboard.web.words.follow_ups import STATE_WORDS, tell_evidence
from dashboard.web.words.movement import describe_movement

PATH = "/ban-tin"
PDF_PATH = "/ban-tin/ban-tin.pdf"
MEETING_PATH = "/ban-tin/hop"
# So many editions before the chosen one are offered.
_EARLIER = {"day": 7, "week": 5, "month": 3}
_DAYS_BETWEEN_MEETINGS = 7


def register(server: Flask, settings: Settings, reports: Reports) -> None:
    """Adds the address of the PDF to `server`."""

    @server.get(PDF_PATH)
    @http_caching.tell_store_unavailable
    def bulletin_pdf() -> Response:
        page_request = document.read_page_request(settings, reports, {})
        edition = _read_edition(page_request)
        try:
            printed = print_bulletin(
                reports,
                page_request.view.province,
                edition,
                page_request.day,
                page_request.version,
            )
        except TypesettingFailed as error:
            return Response(f"{error}; hãy thử lại.", status=503, mimetype="text/plain")
        headers = name_download(printed.name, "pdf")
        return Response(printed.content, mimetype="application/pdf", headers=headers)


def _read_edition(page_request: PageRequest) -> Edition:
    return EDITIONS.get(page_request.query.get("edition", ""), EDITIONS["day"])


def build_bulletin_context(page_request: PageRequest) -> Mapping[str, Any]:
    """What page.html writes."""
    edition = _read_edition(page_request)
    view = page_request.view
    bulletin = partial(
        compose_bulletin,
        page_request.reports,
        view.province,
        edition,
        page_request.day,
        page_request.version,
    )
    return {
        "headline": lambda: bulletin().title,
        "bulletin": bulletin,
        "editions": [
            (
                build_address(PATH, view, {"edition": other.code}),
                f"Theo {other.word}",
                other is edition,
            )
            for other in EDITIONS.values()
        ],
        "pdf": build_address(PDF_PATH, view, {"edition": edition.code}),
        "meeting": build_address(MEETING_PATH, view),
        "earlier": lambda: _list_earlier(edition, view.province, page_request.day),
        "word": edition.word,
    }


def _list_earlier(edition: Edition, province: str, day: date) -> list[dict[str, str]]:
    """Editions before the chosen one: what they are called, where they are read and fetched."""
    listed = []
    for _ in range(_EARLIER[edition.code]):
        if edition.code == "day":
            day = day - timedelta(days=1)
        else:
            of_grain = periods.find_week_of if edition.code == "week" else periods.find_month_of
            day = of_grain(day).first - timedelta(days=1)
        if day < FIRST_DAY:
            break
        view = PageView(province, day)
        listed.append(
            {
                "name": text.upper_first_letter(edition.tell_days(day)),
                "href": build_address(PATH, view, {"edition": edition.code}),
                "pdf": build_address(PDF_PATH, view, {"edition": edition.code}),
            }
        )
    return listed


def _list_misread_edition(page_request: PageRequest) -> list[str]:
    written = page_request.query.get("edition", "")
    return [] if not written or written in EDITIONS else ["không có loại bản tin đó"]


BULLETIN_DOCUMENT = Document(
    PATH,
    "Bản tin",
    "bulletin/page.html",
    build_bulletin_context,
    "bulletin",
    preserved_params=("edition",),
    filters=lambda page_request: f"bản tin {_read_edition(page_request).word}",
    misread=_list_misread_edition,
)


# Since the last meeting.


def describe_meeting(report: Report, begin: date) -> dict[str, Any]:
    """`green`: the count and its change; `groups`: counts with names; `rows`: every commune that
    moved, with its two levels and why; `empty`: what is said where nothing can be compared."""
    movement = describe_movement(report, begin)
    names = report.communes["name"].tolist()
    rows = [
        {
            "name": names[position],
            "code": report.codes[position],
            "before": theme.LEVEL_OF_LETTER[before].code,
            "now": theme.LEVEL_OF_LETTER[now].code,
            "reason": reason,
        }
        for position, before, now, reason in movement["rows"]
    ]
    counts = levels.count_levels(report.readiness.assessment.overall)
    is_known = counts["unknown"] + counts["stale"] < len(report.codes)
    return {
        "green": counts["green"] if is_known else None,
        "all": len(report.codes),
        "change": tell_green_change(report, begin),
        "groups": movement["groups"],
        "rows": rows,
        "empty": movement["empty"],
    }


# What became of a promise between two meetings, in the order in which it is told.
_PROMISE_GROUPS = {
    FollowUpState.OVERDUE: "quá hạn",
    FollowUpState.REOPENED: "từng đạt, nay lại không đạt",
    FollowUpState.KEPT: "đã thực hiện",
    FollowUpState.WITHDRAWN: "đã rút",
}


def describe_promises(report: Report, begin: date) -> dict[str, Any]:
    """`counts`: how many promises came to which state since that day, in words; `rows`: each with
    office, day and what shows it; `still`: how many were overdue before and are; `made`: how many
    are new.
    """
    names = dict(zip(report.codes, report.communes["name"], strict=True))
    moved = [
        follow_up
        for follow_up in report.field.follow_ups
        if follow_up.since > begin and follow_up.state in _PROMISE_GROUPS
    ]
    counts = [
        f"{text.format_number(number)} việc {words}"
        for state, words in _PROMISE_GROUPS.items()
        if (number := sum(follow_up.state is state for follow_up in moved))
    ]
    still = sum(
        follow_up.state is FollowUpState.OVERDUE and follow_up.since <= begin
        for follow_up in report.field.follow_ups
    )
    return {
        "total": len(report.field.follow_ups),
        "counts": counts,
        "still": still,
        "made": sum(follow_up.promised_on > begin for follow_up in report.field.follow_ups),
        "rows": [
            {
                "id": follow_up.follow_up_id,
                "code": follow_up.commune_code,
                "name": names[follow_up.commune_code],
                "what": follow_up.what,
                "owner": follow_up.owner,
                "due": follow_up.due_on,
                "state": STATE_WORDS[follow_up.state],
                "since": follow_up.since,
                "evidence": follow_up.withdrawn_reason or tell_evidence(follow_up),
            }
            for follow_up in moved
        ],
    }


def _read_meeting_begin(page_request: PageRequest) -> date:
    """The day of the last meeting; a week before where the address names none that is earlier."""
    written = parse_day_param(page_request.query.get("from", ""), page_request.day)
    if written and written < page_request.day:
        return written
    return max(page_request.day - timedelta(days=_DAYS_BETWEEN_MEETINGS), FIRST_DAY)


def build_meeting_context(page_request: PageRequest) -> Mapping[str, Any] | Response:
    """What meeting.html writes. An address with `to` is sent on to the one that every page has for
    a past day."""
    if "to" in page_request.query:
        last = parse_day_param(page_request.query["to"], page_request.today)
        view = PageView(page_request.view.province, last or page_request.day)
        fields = {
            name: page_request.query[name] for name in ("from", "v") if page_request.query.get(name)
        }
        return redirect(  # type: ignore[return-value]  # werkzeug's own class
            build_address(MEETING_PATH, view, fields)
        )
    begin = _read_meeting_begin(page_request)
    day = page_request.day
    version = page_request.version.number
    stamped = page_request.query.get("v", "")
    lasting = build_address(
        MEETING_PATH,
        PageView(page_request.view.province, day),
        {"from": begin.isoformat(), "v": str(version)},
    )
    return {
        "headline": f"Từ lần họp trước: {text.format_day(begin)} đến {text.format_day(day)}",
        "changes": lambda: describe_meeting(page_request.report, begin),
        "promises": lambda: describe_promises(page_request.report, begin),
        "begin": begin,
        "version": version,
        "lasting": lasting,
        "other_version": stamped if stamped.isdecimal() and stamped != str(version) else "",
        "bulletin_address": build_address(PATH, page_request.view),
    }


def _list_misread_begin(page_request: PageRequest) -> list[str]:
    written = page_request.query.get("from", "")
    is_misread = written and written != _read_meeting_begin(page_request).isoformat()
    return ["ngày họp trước không hợp lệ"] if is_misread else []


MEETING_DOCUMENT = Document(
    MEETING_PATH,
    "Từ lần họp trước",
    "bulletin/meeting.html",
    build_meeting_context,
    "bulletin",
    preserved_params=("from", "v"),
    misread=_list_misread_begin,
)

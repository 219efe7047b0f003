"""What came of a team's days: mended on the spot, proposed, promised and kept, asked and closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from dashboard import text
from dashboard.batch import VISIT_MENDED
from dashboard.indicators.field.follow_ups import FollowUp, FollowUpState
from dashboard.indicators.field.support_requests import SupportRequest, SupportState
from dashboard.measures import MEASURES
from dashboard.web.words.follow_ups import tell_evidence, tell_target
from dashboard.web.words.support_requests import SUPPORT_STATE_WORDS, format_office_hours

_MENDED_KEY = text.make_spelling_key(VISIT_MENDED)


@dataclass(frozen=True)
class WrittenNote:
    """What a team wrote of a commune on a day: `mended` of a criterion (then `words` is its name),
    else what it noted and proposes.
    """

    day: date
    commune_code: str
    team: str
    words: str
    is_mended: bool


def list_notes(rows: pd.DataFrame) -> list[WrittenNote]:
    """Notes in the order of days. `rows`: visited_on (datetime64), commune_code, measure, team,
    note (rows without one tell who was there).
    """
    notes = []
    for row in rows[rows["note"].notna()].to_dict("records"):
        measure = MEASURES.get(row["measure"] or "")
        is_mended = measure is not None and text.make_spelling_key(row["note"]).startswith(
            _MENDED_KEY
        )
        words = row["note"]
        if measure is not None:
            words = measure.name if is_mended else f"{measure.name}: {words}"
        notes.append(
            WrittenNote(
                row["visited_on"].date(), row["commune_code"], row["team"] or "", words, is_mended
            )
        )
    return notes


@dataclass(frozen=True)
class PromiseRow:
    """A promise that was made or kept in the days, in words."""

    commune_code: str
    what: str
    owner: str
    target: str
    promised_on: date
    due_on: date
    state: str
    evidence: str


@dataclass(frozen=True)
class SupportRow:
    """A request for help that was asked or closed in the days, in words."""

    commune_code: str
    what: str
    asked_on: date
    state: str
    hours: str


def list_promises_made(follow_ups: Sequence[FollowUp], first: date, last: date) -> list[PromiseRow]:
    return [_describe_promise(entry) for entry in follow_ups if first <= entry.promised_on <= last]


def list_promises_kept(follow_ups: Sequence[FollowUp], first: date, last: date) -> list[PromiseRow]:
    """Those that evidence of these days shows as kept, whenever they were made."""
    return [
        _describe_promise(entry)
        for entry in follow_ups
        if entry.state is FollowUpState.KEPT and first <= entry.since <= last
    ]


def tell_promises(follow_ups: Sequence[FollowUp], first: date, last: date) -> str:
    """`Việc hứa: thêm 3, thực hiện 2; còn 14 việc chưa xong, trong đó 5 quá hạn`."""
    made = len(list_promises_made(follow_ups, first, last))
    kept = len(list_promises_kept(follow_ups, first, last))
    ended = {FollowUpState.KEPT, FollowUpState.WITHDRAWN}
    owed = sum(entry.state not in ended for entry in follow_ups)
    overdue = sum(entry.state is FollowUpState.OVERDUE for entry in follow_ups)
    return (
        f"Việc hứa: thêm {text.format_number(made)}, thực hiện {text.format_number(kept)}; còn "
        f"{text.format_number(owed)} việc chưa xong, trong đó {text.format_number(overdue)} quá hạn"
    )


def _describe_promise(entry: FollowUp) -> PromiseRow:
    return PromiseRow(
        entry.commune_code,
        entry.what,
        entry.owner,
        tell_target(entry),
        entry.promised_on,
        entry.due_on,
        _STATE_OF_PROMISE[entry.state],
        tell_evidence(entry),
    )


_STATE_OF_PROMISE = {
    FollowUpState.OVERDUE: "quá hạn",
    FollowUpState.REOPENED: "mở lại",
    FollowUpState.OPEN: "trong hạn",
    FollowUpState.KEPT: "đã thực hiện",
    FollowUpState.WITHDRAWN: "đã rút",
}


def list_requests_asked(
    requests: Sequence[SupportRequest], first: date, last: date
) -> list[SupportRow]:
    return [
        _describe_request(request)
        for request in requests
        if first <= request.asked_at.date() <= last
    ]


def list_requests_closed(
    requests: Sequence[SupportRequest], first: date, last: date
) -> list[SupportRow]:
    return [_describe_request(request) for request in _select_closed(requests, first, last)]


def _select_closed(
    requests: Sequence[SupportRequest], first: date, last: date
) -> list[SupportRequest]:
    return [
        request
        for request in requests
        if request.state is SupportState.CLOSED and first <= request.since.date() <= last
    ]


def tell_requests(requests: Sequence[SupportRequest], first: date, last: date) -> str:
    """`Yêu cầu hỗ trợ: gửi 4, đóng 3 (bình quân 12,5 giờ làm việc); còn mở 7`."""
    asked = len(list_requests_asked(requests, first, last))
    closed = _select_closed(requests, first, last)
    hours = [request.close_hours for request in closed if request.close_hours is not None]
    mean = f" (bình quân {format_office_hours(sum(hours) / len(hours))})" if hours else ""
    still_open = sum(request.is_open for request in requests)
    return (
        f"Yêu cầu hỗ trợ: gửi {text.format_number(asked)}, đóng {text.format_number(len(closed))}"
        f"{mean}; còn mở {text.format_number(still_open)}"
    )


def _describe_request(request: SupportRequest) -> SupportRow:
    hours = request.close_hours if request.close_hours is not None else request.waited_hours
    return SupportRow(
        request.commune_code,
        request.what,
        request.asked_at.date(),
        SUPPORT_STATE_WORDS[request.state],
        format_office_hours(hours),
    )


def join_notes(notes: Sequence[WrittenNote]) -> str:
    return "; ".join(dict.fromkeys(note.words for note in notes))

"""What became of each request for help on a day, and how long it took in hours of office work.

A request is the steps that were told of it, in their order. Who mended does not recheck: a recheck
by the same account counts for nothing, and nothing is closed without a recheck after its mending.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

import numpy as np
import pandas as pd

from dashboard import text
from dashboard.workdays import WorkingDayCalendar

# Hours of office work on a working day; ours until a province replaces them.
OFFICE_HOURS = ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 30)))
_SECONDS_OF_DAY = sum(
    3600 * (end.hour - begin.hour) + 60 * (end.minute - begin.minute) for begin, end in OFFICE_HOURS
)
# One fault of many: so many communes that tell of the same within so many working days.
INCIDENT_COMMUNES = 3
INCIDENT_DAYS = 5
# A fault of the same in the same commune so soon after it was closed is a repeated one.
REPEATED_WITHIN = timedelta(days=30)


class SupportState(StrEnum):
    """In the order in which they are listed: what waits for somebody comes first."""

    REOPENED = "reopened"
    ASKED = "asked"
    TRIAGED = "triaged"
    HELPING = "helping"
    MENDED = "mended"
    RECHECKED = "rechecked"
    CLOSED = "closed"


_URGENCY_ORDER = {"stopped": 0, "hindered": 1, "usual": 2}


@dataclass(frozen=True)
class SupportStep:
    """One step: what was done when by which account, with its office, way and words."""

    step: str
    at: datetime
    account: str
    office: str
    way: str
    note: str


@dataclass(frozen=True)
class SupportRequest:
    """A request on a day. `answer_hours` until somebody took care, `close_hours` until it was
    closed, in hours of office work; None: not yet. `waited_hours` since it was asked, of open ones
    until the end of the day. `mended_by`: who may not recheck.
    """

    request_id: str
    commune_code: str
    what: str
    subject: str
    urgency: str
    office: str
    owner: str
    state: SupportState
    asked_at: datetime
    since: datetime
    answer_hours: float | None
    close_hours: float | None
    waited_hours: float
    reopened: int
    mended_by: str
    is_repeated: bool
    steps: tuple[SupportStep, ...] = field(repr=False)

    @property
    def is_open(self) -> bool:
        return self.state is not SupportState.CLOSED


@dataclass(frozen=True)
class Incident:
    """One fault that many communes tell of; `since` when the first did."""

    subject: str
    communes: tuple[str, ...]
    since: datetime


class SupportLog:
    """Steps of requests for help (batch.SUPPORT_STEP_COLUMNS, `stepped_at` datetime64). What was
    made of them for the newest days asked for is kept: most files tell of no step.
    """

    def __init__(self, steps: pd.DataFrame) -> None:
        self.steps = steps
        # Not of the class: it would keep every log that there ever was.
        self.list_requests = lru_cache(maxsize=4)(self._list_requests)

    def _list_requests(
        self, calendar: WorkingDayCalendar, today: date
    ) -> tuple[SupportRequest, ...]:
        """As `assess_support_requests`."""
        return assess_support_requests(self.steps, calendar, today)


def assess_support_requests(
    steps: pd.DataFrame, calendar: WorkingDayCalendar, today: date
) -> tuple[SupportRequest, ...]:
    """Every request asked until the end of `today`, open ones first, the most urgent and longest
    waiting before others. `steps`: batch.SUPPORT_STEP_COLUMNS, `stepped_at` datetime64.
    """
    known_until = datetime.combine(today, time.max)
    by_request: dict[str, list[pd.Series]] = defaultdict(list)
    # Plain values at once: pandas takes ten times as long to unpack each cell.
    moments = steps["stepped_at"].to_numpy().astype("datetime64[us]").tolist()
    plain = steps.astype(object).assign(stepped_at=pd.Series(moments, steps.index, dtype=object))
    for row in plain.itertuples():
        if row.stepped_at <= known_until:
            by_request[row.request_id].append(row)
    requests = [
        request
        for rows in by_request.values()
        if (request := _fold_steps(rows, calendar, today)) is not None
    ]
    return tuple(sorted(_mark_repeated(requests), key=_sort_key))


def _fold_steps(
    rows: Sequence[pd.Series], calendar: WorkingDayCalendar, today: date
) -> SupportRequest | None:
    """The life of one request; None where nobody asked."""
    order = {step: place for place, step in enumerate(SupportState)}
    rows = sorted(rows, key=lambda row: (row.stepped_at, order[SupportState(row.step)]))
    asked = next((row for row in rows if row.step == "asked"), None)
    if asked is None:
        return None
    asked_at = asked.stepped_at
    state = SupportState.ASKED
    since = asked_at
    owner = mended_by = ""
    answered: datetime | None = None
    reopened = 0
    for row in rows:
        at = row.stepped_at
        step = SupportState(row.step)
        if step is SupportState.ASKED or not _may_follow(step, state, row.account, mended_by):
            continue
        answered = answered or at
        owner = _read(row.office) or owner if step is SupportState.TRIAGED else owner
        mended_by = row.account if step is SupportState.MENDED else mended_by
        reopened += step is SupportState.REOPENED
        state = step
        since = at
    end = datetime.combine(today, OFFICE_HOURS[-1][1])
    is_closed = state is SupportState.CLOSED
    return SupportRequest(
        asked.request_id,
        asked.commune_code,
        _read(asked.what),
        _read(asked.subject),
        _read(asked.urgency) or "usual",
        _read(asked.office),
        owner,
        state,
        asked_at,
        since,
        None if answered is None else count_office_hours(asked_at, answered, calendar),
        count_office_hours(asked_at, since, calendar) if is_closed else None,
        count_office_hours(asked_at, since if is_closed else end, calendar),
        reopened,
        mended_by,
        is_repeated=False,
        steps=tuple(
            SupportStep(
                row.step,
                row.stepped_at,
                _read(row.account),
                _read(row.office),
                _read(row.way),
                _read(row.note),
            )
            for row in rows
        ),
    )


def _may_follow(step: SupportState, state: SupportState, account: str, mended_by: str) -> bool:
    """Whether a step counts after a state: the rules that nobody gets around by a file either."""
    if step is SupportState.RECHECKED:
        return state is SupportState.MENDED and account != mended_by
    if step is SupportState.CLOSED:
        return state is SupportState.RECHECKED
    if step is SupportState.REOPENED:
        return state in {SupportState.MENDED, SupportState.RECHECKED, SupportState.CLOSED}
    return state not in {SupportState.CLOSED, SupportState.RECHECKED}


def _read(cell: object) -> str:
    return cell if isinstance(cell, str) else ""


def count_office_hours(first: datetime, last: datetime, calendar: WorkingDayCalendar) -> float:
    """Hours of office work between two moments; 0 where the second is not later."""
    if last <= first:
        return 0.0
    begun = first.date()
    ended = last.date()
    seconds = _count_office_seconds(begun, first, last, calendar)
    if ended > begun:
        seconds += _count_office_seconds(ended, first, last, calendar)
        # Hundreds of requests were asked months ago: days in between count as wholes.
        eve = np.array([ended - timedelta(days=1)], dtype="datetime64[D]")
        between = calendar.between(np.array([begun], dtype="datetime64[D]"), eve)
        seconds += int(between[0]) * _SECONDS_OF_DAY
    return seconds / 3600


def _count_office_seconds(
    day: date, first: datetime, last: datetime, calendar: WorkingDayCalendar
) -> float:
    """What of a day's office work lies between two moments."""
    if not calendar.is_working_day(day):
        return 0.0
    return sum(
        max(
            0.0,
            (
                min(last, datetime.combine(day, end)) - max(first, datetime.combine(day, begin))
            ).total_seconds(),
        )
        for begin, end in OFFICE_HOURS
    )


def _mark_repeated(requests: Sequence[SupportRequest]) -> list[SupportRequest]:
    """Requests of one commune about one subject, asked soon after the one before was closed."""
    by_topic: dict[tuple[str, str], list[SupportRequest]] = defaultdict(list)
    for request in requests:
        by_topic[request.commune_code, text.make_spelling_key(request.subject)].append(request)
    repeated = {
        later.request_id
        for (_, subject), group in by_topic.items()
        if subject
        for earlier, later in pairwise(sorted(group, key=lambda entry: entry.asked_at))
        if not earlier.is_open and later.asked_at - earlier.since <= REPEATED_WITHIN
    }
    return [
        SupportRequest(**{**vars(request), "is_repeated": request.request_id in repeated})
        for request in requests
    ]


def _sort_key(request: SupportRequest) -> tuple[int, int, float, str]:
    order = {state: place for place, state in enumerate(SupportState)}
    if not request.is_open:
        return 9, 0, -request.since.timestamp(), request.request_id
    return (
        _URGENCY_ORDER.get(request.urgency, 2),
        order[request.state],
        request.asked_at.timestamp(),
        request.request_id,
    )


def find_incidents(
    requests: Sequence[SupportRequest], calendar: WorkingDayCalendar
) -> tuple[Incident, ...]:
    """Faults that many communes tell of at once, the largest first; of open requests only."""
    by_subject: dict[str, list[SupportRequest]] = defaultdict(list)
    for request in requests:
        if request.is_open and request.subject:
            by_subject[text.make_spelling_key(request.subject)].append(request)
    incidents = [
        incident
        for group in by_subject.values()
        if (incident := _find_incident(sorted(group, key=lambda r: r.asked_at), calendar))
    ]
    return tuple(sorted(incidents, key=lambda entry: (-len(entry.communes), entry.subject)))


def _find_incident(
    group: Sequence[SupportRequest], calendar: WorkingDayCalendar
) -> Incident | None:
    """The requests of one subject, from the first that others follow soon enough."""
    for first in group:
        near = [
            request
            for request in group
            if request.asked_at >= first.asked_at
            and calendar.between(
                np.array([first.asked_at.date()], dtype="datetime64[D]"),
                np.array([request.asked_at.date()], dtype="datetime64[D]"),
            )[0]
            <= INCIDENT_DAYS
        ]
        communes = tuple(dict.fromkeys(request.commune_code for request in near))
        if len(communes) >= INCIDENT_COMMUNES:
            return Incident(first.subject, communes, first.asked_at)
    return None

"""Requests for help: a life by rules that nobody gets around, office hours, incidents."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.batch import SUPPORT_STEP_COLUMNS
from dashboard.indicators.field.support_requests import (
    OFFICE_HOURS,
    SupportRequest,
    SupportState,
    assess_support_requests,
    count_office_hours,
    find_incidents,
)
from dashboard.indicators.signals.signals import find_incident_signal
from dashboard.web.words.signals import list_signal_lines
from dashboard.workdays import load_calendar

CALENDAR = load_calendar()
TODAY = date(2026, 11, 20)
MONDAY = datetime(2026, 11, 16, 8, 0)


def step(
    name: str, hours: float, account: str = "xa", request: str = "a", **more: Any
) -> dict[str, Any]:
    usual = {
        "request_id": request,
        "commune_code": "21250",
        "step": name,
        "stepped_at": MONDAY + timedelta(hours=hours),
        "what": "Không đăng nhập được" if name == "asked" else None,
        "subject": "Cổng Dịch vụ công" if name == "asked" else None,
        "urgency": "usual" if name == "asked" else None,
        "account": account,
    }
    return {**dict.fromkeys(SUPPORT_STEP_COLUMNS), **usual, **more}


def assess(*steps: dict[str, Any], today: date = TODAY) -> tuple[SupportRequest, ...]:
    frame = pd.DataFrame(list(steps), columns=SUPPORT_STEP_COLUMNS)
    return assess_support_requests(frame.astype({"stepped_at": "datetime64[s]"}), CALENDAR, today)


LIFE = (
    step("asked", 0),
    step("triaged", 2, "dieu.phoi", office="Sở KH&CN"),
    step("helping", 3, "to.1", way="remote"),
    step("mended", 24, "to.1"),
    step("rechecked", 25, "xa"),
    step("closed", 26, "dieu.phoi"),
)


def test_a_request_goes_from_asking_to_closing() -> None:
    (request,) = assess(*LIFE)
    assert request.state is SupportState.CLOSED
    assert request.owner == "Sở KH&CN"
    assert request.answer_hours == 2.0
    # Monday 8:00 to Tuesday 10:00: 7.5 hours of Monday, 2.5 of Tuesday
    assert request.close_hours == 10.0


@pytest.mark.parametrize("count", range(1, 7))
def test_on_each_day_only_what_was_known_counts(count: int) -> None:
    (request,) = assess(*LIFE[:count])
    assert request.state == LIFE[count - 1]["step"]


def test_who_mended_does_not_recheck_and_nothing_closes_without_a_recheck() -> None:
    own = (*LIFE[:4], step("rechecked", 25, "to.1"), step("closed", 26, "dieu.phoi"))
    (request,) = assess(*own)
    assert request.state is SupportState.MENDED
    assert request.mended_by == "to.1"


def test_a_request_is_opened_again_and_counted() -> None:
    (request,) = assess(*LIFE[:4], step("reopened", 30, "xa"))
    assert request.state is SupportState.REOPENED
    assert request.reopened == 1
    assert request.close_hours is None


def test_the_same_soon_after_it_was_closed_is_a_repeated_fault() -> None:
    requests = {r.request_id: r for r in assess(*LIFE, step("asked", 72, request="b"))}
    assert requests["b"].is_repeated
    assert not requests["a"].is_repeated


def test_one_fault_of_many_communes_is_one_incident() -> None:
    codes = ("21250", "21040", "21025")
    steps = [step("asked", 24 * n, request=code, commune_code=code) for n, code in enumerate(codes)]
    (incident,) = find_incidents(assess(*steps), CALENDAR)
    assert incident.communes == codes
    assert incident.since == MONDAY
    (signal,) = find_incident_signal([incident])
    assert (signal.communes, signal.value.tolist()) == (codes, [1, 1, 1])
    (line,) = list_signal_lines((signal,), dict.fromkeys(codes, "Xã"))
    assert line["title"] == "1 sự cố chung tại 3 đơn vị"
    assert line["reason"] == f"{incident.subject} (3 đơn vị)"
    assert find_incident_signal([]) == ()
    assert find_incidents(assess(*steps[:2]), CALENDAR) == ()
    late = [*steps[:2], step("asked", 24 * 14, request="c", commune_code="21025")]
    assert find_incidents(assess(*late, today=date(2026, 12, 31)), CALENDAR) == ()


def test_open_ones_come_first_the_most_urgent_before_others() -> None:
    requests = assess(
        *LIFE,
        step("asked", 1, request="b"),
        step("asked", 50, request="c", urgency="stopped"),
    )
    assert [request.request_id for request in requests] == ["c", "b", "a"]


@given(
    st.datetimes(datetime(2026, 4, 25), datetime(2026, 5, 10)),
    st.integers(0, 6 * 24 * 60),
)
def test_hours_of_office_work_agree_with_counting_minutes(first: datetime, minutes: int) -> None:
    first = first.replace(second=0, microsecond=0)
    spring = np.arange("2026-04-20", "2026-05-25", dtype="datetime64[D]")
    working_days = set(spring[CALENDAR.is_working(spring)].tolist())
    moments = [first + timedelta(minutes=minute) for minute in range(minutes)]
    worked = sum(
        moment.date() in working_days
        and any(begin <= moment.time() < end for begin, end in OFFICE_HOURS)
        for moment in moments
    )
    counted = count_office_hours(first, first + timedelta(minutes=minutes), CALENDAR)
    assert counted == pytest.approx(worked / 60)

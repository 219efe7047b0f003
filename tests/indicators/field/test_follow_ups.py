"""A promise is closed by evidence alone: a reading or visit after it, a visit's word first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.batch import FOLLOW_UP_COLUMNS
from dashboard.indicators.field.follow_ups import (
    EVIDENCE_COLUMNS,
    FollowUp,
    FollowUpState,
    assess_follow_ups,
    count_follow_up_states,
    list_owing_offices,
)
from dashboard.indicators.signals.signals import find_follow_up_signal
from dashboard.web.words.signals import list_signal_lines

PROMISED = date(2026, 9, 1)
VERIFIED_DAYS = 90
TARGET = 4.0
Told = Sequence[tuple[str, int, float]]


def day(number: int) -> date:
    return PROMISED + timedelta(days=number)


def promises(*rows: dict[str, Any]) -> pd.DataFrame:
    usual = {
        "follow_up_id": "a",
        "commune_code": "21250",
        "what": "Cấp máy scan",
        "measure": "scanner_available",
        "target": TARGET,
        "owner": "Sở KH&CN",
        "promised_on": PROMISED,
        "due_on": day(20),
        "withdrawn_on": None,
        "withdrawn_reason": None,
    }
    frame = pd.DataFrame([usual | row for row in rows], columns=FOLLOW_UP_COLUMNS)
    for name in ("promised_on", "due_on", "withdrawn_on"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[s]")
    return frame


def evidence(readings: Told) -> pd.DataFrame:
    rows = [
        ("21250", "scanner_available", basis, pd.Timestamp(day(number)), value, f"{basis}{number}")
        for basis, number, value in readings
    ]
    return pd.DataFrame(rows, columns=EVIDENCE_COLUMNS)


def assess(readings: Told, today: int, **changed: Any) -> FollowUp:
    (follow_up,) = assess_follow_ups(
        promises(changed), evidence(readings), day(today), VERIFIED_DAYS
    )
    return follow_up


def test_without_evidence_it_is_open_until_its_day_and_overdue_after() -> None:
    assert assess([], 20).state is FollowUpState.OPEN
    late = assess([], 21)
    assert (late.state, late.since, late.evidence) == (FollowUpState.OVERDUE, day(21), None)


def test_what_was_told_on_the_day_of_the_promise_or_before_keeps_nothing() -> None:
    assert assess([("verified", -1, 9), ("declared", 0, 9)], 5).state is FollowUpState.OPEN


def test_a_reading_that_reaches_the_target_keeps_it_and_is_named() -> None:
    kept = assess([("declared", 3, 3), ("declared", 10, 4), ("declared", 17, 5)], 30)
    assert (kept.state, kept.since, kept.is_late) == (FollowUpState.KEPT, day(10), False)
    assert kept.evidence is not None
    assert (kept.evidence.basis, kept.evidence.file_name) == ("declared", "declared10")
    assert assess([("declared", 25, 4)], 30).is_late


def test_a_visit_that_finds_less_wins_over_what_is_declared_after_it() -> None:
    readings = [("verified", 5, 3), ("declared", 12, 4)]
    assert assess(readings, 30).state is FollowUpState.OVERDUE
    # until the finding is no longer in force
    kept = assess(readings, 5 + VERIFIED_DAYS + 1)
    assert (kept.state, kept.since) == (FollowUpState.KEPT, day(5 + VERIFIED_DAYS + 1))


def test_later_evidence_below_the_target_opens_it_again() -> None:
    readings = [("declared", 10, 4), ("verified", 12, 3)]
    assert assess(readings, 11).state is FollowUpState.KEPT
    again = assess(readings, 12)
    assert (again.state, again.since) == (FollowUpState.REOPENED, day(12))
    assert again.evidence is not None
    assert again.evidence.file_name == "verified12"
    assert assess([*readings, ("verified", 15, 4)], 40).state is FollowUpState.KEPT


def test_a_withdrawn_one_stays_so_and_was_none_before() -> None:
    changed = {"withdrawn_on": day(30), "withdrawn_reason": "Gộp vào gói khác"}
    assert assess([], 29, **changed).state is FollowUpState.OVERDUE
    withdrawn = assess([("declared", 40, 9)], 50, **changed)
    assert (withdrawn.state, withdrawn.since) == (FollowUpState.WITHDRAWN, day(30))
    assert withdrawn.withdrawn_reason == "Gộp vào gói khác"
    assert withdrawn.evidence is None


def test_who_owes_longest_stands_first_and_offices_are_counted() -> None:
    rows = promises(
        {"follow_up_id": "open", "due_on": day(90)},
        {"follow_up_id": "late", "due_on": day(9), "owner": "VNPT"},
        {"follow_up_id": "later", "due_on": day(5)},
        {"follow_up_id": "gone", "withdrawn_on": day(3)},
        {"follow_up_id": "tomorrow", "promised_on": day(41), "due_on": day(50)},
    )
    follow_ups = assess_follow_ups(rows, evidence([]), day(40), VERIFIED_DAYS)
    assert [follow_up.follow_up_id for follow_up in follow_ups] == ["later", "late", "open", "gone"]
    assert list_owing_offices(follow_ups) == [("Sở KH&CN", 1), ("VNPT", 1)]
    assert count_follow_up_states(follow_ups)[FollowUpState.OVERDUE] == 2


def state_the_slow_way(readings: Told, today: int, due: int) -> tuple[FollowUpState, str]:
    """Day by day: look at everything told after the promise until that day, and ask who decides."""
    state, file_name = FollowUpState.OPEN, ""
    for now in range(1, today + 1):
        until = [entry for entry in readings if 0 < entry[1] <= now]
        in_force = [
            entry for entry in until if entry[0] == "verified" and now - entry[1] <= VERIFIED_DAYS
        ]
        candidates = in_force or until
        if not candidates:
            continue
        basis, number, value = max(candidates, key=lambda entry: (entry[1], entry[0]))
        if value >= TARGET:
            if state is not FollowUpState.KEPT:
                file_name = f"{basis}{number}"
            state = FollowUpState.KEPT
        else:
            if state is FollowUpState.KEPT:
                state, file_name = FollowUpState.REOPENED, f"{basis}{number}"
            elif state is FollowUpState.OPEN:
                file_name = f"{basis}{number}"
    if state is FollowUpState.OPEN and today > due:
        return FollowUpState.OVERDUE, file_name
    return state, file_name


TELLINGS = st.lists(
    st.tuples(
        st.sampled_from(["declared", "verified"]),
        st.integers(-5, 220),
        st.sampled_from([2.0, 3.0, 4.0, 5.0]),
    ),
    max_size=12,
    unique_by=lambda entry: entry[:2],
)


@given(readings=TELLINGS, today=st.integers(0, 240), due=st.integers(0, 120))
def test_any_history_is_judged_as_day_by_day(readings: Told, today: int, due: int) -> None:
    follow_up = assess(readings, today, due_on=day(due))
    state, file_name = state_the_slow_way(readings, today, due)
    assert follow_up.state is state
    if state in {FollowUpState.KEPT, FollowUpState.REOPENED}:
        assert follow_up.evidence is not None
        assert follow_up.evidence.file_name == file_name


@given(readings=TELLINGS, today=st.integers(0, 240))
def test_nothing_closes_a_promise_but_evidence_after_it(readings: Told, today: int) -> None:
    follow_up = assess(readings, today)
    if follow_up.state is FollowUpState.KEPT:
        assert follow_up.evidence is not None
        assert PROMISED < follow_up.evidence.as_of <= follow_up.since <= day(today)
        assert follow_up.evidence.value >= TARGET


@pytest.mark.parametrize("today", [19, 20, 21])
def test_no_promise_is_in_two_states(today: int) -> None:
    follow_ups = assess_follow_ups(promises({}), evidence([]), day(today), VERIFIED_DAYS)
    assert sum(count_follow_up_states(follow_ups).values()) == 1


def test_overdue_promises_are_one_signal_of_who_waits_and_who_owes() -> None:
    rows = promises(
        {"follow_up_id": "a", "due_on": day(5)},
        {"follow_up_id": "b", "due_on": day(9), "owner": "VNPT"},
        {"follow_up_id": "c", "due_on": day(2), "commune_code": "21025"},
        {"follow_up_id": "d", "due_on": day(99), "commune_code": "21028"},
    )
    follow_ups = assess_follow_ups(rows, evidence([]), day(40), VERIFIED_DAYS)
    (signal,) = find_follow_up_signal(follow_ups)
    assert signal.communes == ("21250", "21025")
    assert signal.value.tolist() == [2, 1]
    assert {name: flags.tolist() for name, flags in signal.facts.items()} == {
        "Sở KH&CN": [1, 1],
        "VNPT": [1, 0],
    }
    assert signal.since.tolist() == [day(6), day(3)]
    names = {"21250": "Xã A", "21025": "Xã B", "21028": "Xã C"}
    (line,) = list_signal_lines((signal,), names)
    assert line["title"] == "3 việc hứa quá hạn tại 2 đơn vị"
    assert line["reason"] == "Sở KH&CN (2), VNPT (1)"
    assert find_follow_up_signal(()) == ()

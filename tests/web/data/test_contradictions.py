"""What does not fit together is told with both sides, their days and what to do."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from dashboard.web.data import contradictions
from tests import making
from tests.web.reporting import CODES, TODAY, report_of

A, B = CODES[:2]


def seen(code: str, measure: str, value: float, ago: int) -> tuple[str, str, float, str, date]:
    return (code, measure, value, "verified", TODAY - timedelta(days=ago))


def test_a_contradiction_tells_both_values_their_days_and_how_long_the_finding_holds() -> None:
    visits = making.readings([seen(A, "network_mbps", 12, 10), seen(B, "network_mbps", 100, 3)])
    report = report_of(declared={A: TODAY - timedelta(days=12), B: TODAY}, readings=visits)
    (contradiction,) = contradictions.list_contradictions(report)
    assert (contradiction.code, contradiction.declared, contradiction.verified) == (
        A,
        "120 Mbps",
        "12 Mbps",
    )
    assert (contradiction.declared_on, contradiction.verified_on, contradiction.days) == (
        date(2026, 11, 10),
        date(2026, 11, 12),
        10,
    )
    assert contradiction.expires == date(2026, 11, 12) + timedelta(days=90)
    assert contradiction.todo == contradictions.ASK_THE_COMMUNE
    assert contradictions.count_checked_communes(report) == 2


def test_who_declared_after_the_visit_is_visited_again_the_longest_waiting_first() -> None:
    visits = making.readings([seen(A, "network_mbps", 12, 10), seen(B, "online_meeting", 0, 40)])
    listed = contradictions.list_contradictions(
        report_of(declared={A: TODAY, B: TODAY}, readings=visits)
    )
    assert [(contradiction.code, contradiction.days) for contradiction in listed] == [
        (B, 40),
        (A, 10),
    ]
    assert {contradiction.todo for contradiction in listed} == {contradictions.VISIT_AGAIN}
    assert (listed[0].declared, listed[0].verified) == ("có", "không")


def test_a_finding_that_expired_contradicts_nothing() -> None:
    report = report_of(
        declared={A: TODAY}, readings=making.readings([seen(A, "network_mbps", 12, 91)])
    )
    assert contradictions.list_contradictions(report) == []
    assert contradictions.count_checked_communes(report) == 0


def declared(code: str, day: date, **changed: float) -> pd.DataFrame:
    return making.declaration(code, day, **changed)


def test_jumps_are_told_in_words_newest_first() -> None:
    before = TODAY - timedelta(days=14)
    after = TODAY - timedelta(days=7)
    declarations = [declared(A, before, network_mbps=20.5), declared(A, after, network_mbps=205)]
    declarations += [
        declared(B, before, scanner_available=3),
        declared(B, TODAY, scanner_available=0),
    ]
    report = report_of(readings=pd.concat(declarations))
    gone, faster = contradictions.list_declared_jumps(report)
    assert (gone.code, gone.measure, gone.change) == (B, "Máy scan: có", "3 → 0")
    assert "hết sạch" in gone.why
    assert (faster.measure, faster.change, faster.day) == ("Tốc độ mạng", "20,5 → 205 Mbps", after)
    assert faster.why == "gấp 10 lần so với lần kê khai trước"
    assert contradictions.count_declaring_communes(report) == 2


def test_a_fall_and_a_rise_from_nought_have_words_of_their_own() -> None:
    days = [TODAY - timedelta(days=ago) for ago in (21, 14, 7)]
    declarations = [
        declared(A, day, network_mbps=speed) for day, speed in zip(days, (100, 10, 0), strict=True)
    ]
    whys = [
        jump.why
        for jump in contradictions.list_declared_jumps(report_of(readings=pd.concat(declarations)))
    ]
    assert whys == ["nay là 0", "giảm 10 lần so với lần kê khai trước"]


def test_where_nobody_declared_nothing_can_jump() -> None:
    assert contradictions.count_declaring_communes(report_of()) == 0
    assert contradictions.list_declared_jumps(report_of()) == []

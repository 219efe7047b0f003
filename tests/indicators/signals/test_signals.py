"""Signals: what needs a decision enters at one limit, leaves at another, and depends on nothing but
data.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators.signals import rules, signals
from dashboard.indicators.signals.rules import WINDOW_DAYS, RuleResult, SignalInput

NAN = float("nan")
TODAY = np.datetime64("2026-11-22")  # a Sunday
DAYS = np.arange(TODAY - WINDOW_DAYS + 1, TODAY + 1)
WORKING = np.is_busday(DAYS)
Rows = dict[str, list[float]]


def seen(
    codes: Sequence[str] = ("21025",), certificates: Sequence[tuple[Any, ...]] = (), **rows: Any
) -> SignalInput:
    """A quiet province but for `rows`: per array one list a commune, padded with its first value at
    the front.
    """

    def array(name: str, quiet: float) -> np.ndarray:
        lists = [list(map(float, row)) or [quiet] for row in rows.get(name, [[quiet]] * len(codes))]
        return np.array([[row[0]] * (WINDOW_DAYS - len(row)) + row for row in lists])

    first_day = rows.get("first_day", date(2025, 7, 1))
    counts = pd.DataFrame(certificates, columns=["commune_code", "as_of", "active", "expiring_30"])
    return SignalInput(
        tuple(codes),
        DAYS,
        WORKING,
        array("speed", 100),
        np.full(WINDOW_DAYS, 20.0),
        array("probed", NAN),
        counts.assign(as_of=pd.to_datetime(counts["as_of"])),
        array("open_overdue", NAN),
        array("report_age", 1),
        array("contradicted", 0),
        first_day,
    )


def codes_of(looked: SignalInput) -> list[str]:
    return [signal.code for signal in signals.find_signals(looked)]


def days_on(result: RuleResult) -> list[bool]:
    return [bool(on) for on in result.state.on[0]]


def test_a_quiet_province_has_no_signal() -> None:
    assert signals.find_signals(seen()) == ()


def test_a_line_that_lost_a_third_is_told_with_what_it_was() -> None:
    (signal,) = signals.find_signals(seen(speed=[[100] * 40 + [70] * 5]))
    assert (signal.code, signal.severity, signal.communes) == ("network_falling", 1, ("21025",))
    assert (signal.value[0], signal.facts["before"][0], signal.facts["probed"][0]) == (70, 100, 0)
    assert signal.since[0] == TODAY - 4


@pytest.mark.parametrize(
    ("speeds", "falling"),
    [
        ([100, 71], False),
        ([100, 70], True),
        ([100, 70, 84], True),  # not back yet
        ([100, 70, 85], False),
        ([100] + [50] * 14, True),
        ([100] + [50] * 15, False),  # no longer news
        ([100] + [50] * 20 + [15], True),  # but a further fall is
        ([22, 19], True),
        ([22, 19, 24], True),
        ([22, 19, 25], False),
        ([19, 19], False),  # nobody saw it fall
        ([NAN, 15], False),
    ],
)
def test_speed_falls_and_recovers_by_two_limits(speeds: list[float], falling: bool) -> None:
    assert codes_of(seen(speed=[speeds])) == (["network_falling"] if falling else [])


def test_probes_answer_where_there_are_enough_to_compare() -> None:
    fallen = [50.0] * 30 + [20.0] * 4
    (signal,) = signals.find_signals(seen(probed=[fallen]))
    assert (signal.value[0], signal.facts["before"][0], signal.facts["probed"][0]) == (20, 50, 1)
    assert codes_of(seen(probed=[fallen[:-3]])) == []  # one bad day of seven is no fall
    assert codes_of(seen(probed=[[NAN] * 50 + [50, 20, 20, 20]])) == []  # nothing to compare with


@pytest.mark.parametrize(
    ("counts", "expiring"),
    [
        ([("2026-11-20", 40, 1)], False),
        ([("2026-11-20", 40, 2)], True),
        ([("2026-11-20", 10, 1)], True),
        ([("2026-11-01", 40, 2), ("2026-11-20", 40, 1)], True),
        ([("2026-11-01", 40, 2), ("2026-11-20", 40, 0)], False),
        ([("2026-10-23", 40, 9)], True),
        ([("2026-10-22", 40, 9)], False),  # a count of 31 days ago no longer speaks
        ([("2026-11-20", NAN, 1)], False),
        ([("2026-11-23", 40, 9)], False),  # not known yet
    ],
)
def test_certificates_expire_by_two_limits_and_while_the_count_is_fresh(
    counts: list[tuple[Any, ...]], expiring: bool
) -> None:
    rows = [("21025", *count) for count in counts]
    assert codes_of(seen(certificates=rows)) == (["certificates_expiring"] if expiring else [])


def on_working_days(values: Sequence[float]) -> list[float]:
    """One value a working day up to today, nothing told on other days."""
    row = np.full(WINDOW_DAYS, NAN)
    row[np.flatnonzero(WORKING)[-len(values) :]] = values
    return row.tolist()


@pytest.mark.parametrize(
    ("values", "growing"),
    [
        ([2, 3, 4, 5], True),  # over a weekend too: days off are nobody's fault
        ([2, 3, 4], False),
        ([1, 2, 3, 4], False),  # fewer than five
        ([3, 4, 4, 5, 6], False),
        ([2, 3, 4, 5, 4], True),
        ([2, 3, 4, 5, 4, 5, 4], True),
        ([5, 6, 7, 8, 7, 6], False),
        ([2, 3, 4, 5, 2], False),
        ([2, 3, NAN, 4, 5], True),
        ([2, 3, 4, 5] + [NAN] * 9, True),
        ([2, 3, 4, 5] + [NAN] * 10, False),  # nobody told for two weeks
        ([2, 3, 4] + [NAN] * 10 + [5], False),
    ],
)
def test_overdue_grows_three_told_days_in_a_row(values: list[float], growing: bool) -> None:
    assert codes_of(seen(open_overdue=[on_working_days(values)])) == (
        ["overdue_growing"] if growing else []
    )


def test_overdue_growing_says_where_it_began() -> None:
    (signal,) = signals.find_signals(seen(open_overdue=[on_working_days([4, 3, 4, 6, 9, 8])]))
    assert (signal.value[0], signal.facts["before"][0]) == (8, 3)
    assert signal.since[0] == np.datetime64("2026-11-19")


@pytest.mark.parametrize(
    ("ages", "first_day", "is_silent"),
    [
        ([30], date(2025, 7, 1), False),
        ([31], date(2025, 7, 1), True),
        ([31, 8], date(2025, 7, 1), True),
        ([31, 7], date(2025, 7, 1), False),
        ([NAN], date(2026, 11, 8), True),
        ([NAN], date(2026, 11, 9), False),
        ([NAN], None, False),
    ],
)
def test_silence_enters_after_thirty_days_and_only_a_report_ends_it(
    ages: list[float], first_day: date | None, is_silent: bool
) -> None:
    assert codes_of(seen(report_age=[ages], first_day=first_day)) == (
        ["silent"] if is_silent else []
    )


@given(st.integers(31, 500), st.integers(0, 60))
def test_a_silent_commune_never_drops_out_by_staying_silent(age: int, longer: int) -> None:
    ages = np.arange(age + longer - WINDOW_DAYS + 1, age + longer + 1.0)
    assert days_on(rules.detect_silence(seen(report_age=[np.maximum(ages, 0)])))[-1]


def test_those_who_never_reported_come_first_among_the_silent() -> None:
    (signal,) = signals.find_signals(
        seen(("1", "2", "3", "4"), report_age=[[40], [NAN], [90], [2]])
    )
    assert signal.communes == ("2", "3", "1")
    assert signal.value.tolist()[1:] == [90, 40]


def test_a_contradiction_lasts_until_the_recheck_agrees_or_the_finding_expires() -> None:
    (signal,) = signals.find_signals(seen(contradicted=[[0, 2, 2, 1]]))
    assert (signal.code, signal.value[0], signal.since[0]) == ("contradicted", 1, TODAY - 2)
    assert codes_of(seen(contradicted=[[0, 2, 2, 0]])) == []


def test_a_province_has_at_most_five_lines_the_most_urgent_first() -> None:
    everything = seen(
        speed=[[100, 10]],
        certificates=[("21025", "2026-11-20", 9, 5)],
        open_overdue=[on_working_days([5, 6, 7, 8])],
        report_age=[[90]],
        contradicted=[[1]],
    )
    lines = signals.find_signals(everything)
    assert [signal.severity for signal in lines] == [1, 2, 3, 4, 5]
    assert len(signals.SIGNAL_RULES) == 5


def test_equal_communes_stand_in_the_order_of_their_codes() -> None:
    (signal,) = signals.find_signals(seen(("3", "1", "2"), contradicted=[[1], [1], [2]]))
    assert signal.communes == ("2", "1", "3")


# Random provinces: runs of values around the limits, so that every band is entered, crossed and
# left.


def runs(*values: float) -> st.SearchStrategy[list[float]]:
    run = st.tuples(st.sampled_from(values), st.integers(1, 16))
    lists = st.lists(run, min_size=1, max_size=12)
    return lists.map(
        lambda parts: [value for value, days in parts for _ in range(days)][:WINDOW_DAYS]
    )


def swings(*values: float) -> st.SearchStrategy[list[float]]:
    """Another value every day, for the rules that count days."""
    return st.lists(st.sampled_from(values), min_size=1, max_size=40)


CODES = ("21025", "21028", "21031")


@st.composite
def provinces(draw: st.DrawFn) -> SignalInput:
    def each(strategy: st.SearchStrategy[list[float]]) -> list[list[float]]:
        return [draw(strategy) for _ in CODES]

    count = st.tuples(
        st.sampled_from((*CODES, "99999")),
        st.integers(0, 95),
        st.sampled_from((NAN, 5.0, 40.0)),
        st.sampled_from((NAN, 0.0, 1.0, 2.0, 4.0)),
    )
    drawn = draw(st.lists(count, max_size=12, unique_by=lambda count_row: count_row[:2]))
    return seen(
        CODES,
        [(code, TODAY + 2 - age, active, soon) for code, age, active, soon in drawn],
        speed=each(runs(NAN, 15, 19, 21, 24, 25, 50, 84, 100)),
        probed=each(runs(NAN, NAN, 15, 30, 90, 100)),
        open_overdue=each(swings(NAN, 1, 2, 3, 4, 5, 6, 7, 8)),
        report_age=each(runs(NAN, 0, 7, 8, 30, 31, 90)),
        contradicted=each(runs(0, 1, 2)),
        first_day=draw(st.sampled_from((None, date(2026, 10, 20)))),
    )


def middle(values: Sequence[float], at_least: int) -> float:
    numbers = [value for value in values if value == value]
    return median(numbers) if len(numbers) >= at_least else NAN


def slow_news(
    level: Sequence[float], limits: Sequence[tuple[float, float, float]], most: int
) -> list[int | None]:
    """Per day the day on which a fall was entered; `limits`: enter (and at or under it), back,
    armed at first.
    """
    armed, began = False, None
    entered: list[int | None] = []
    for day, (value, (low, back, armed_from)) in enumerate(zip(level, limits, strict=True)):
        if not entered or not any(day_entered is not None for day_entered in entered):
            armed = armed or value >= armed_from
        if value >= back:
            armed, began = True, None
        elif began is not None and day - began >= most:
            began = None
        elif began is None and armed and value <= low:
            armed, began = False, day
        entered.append(began)
    return entered


def slow_fall(level: list[float], before: list[float], red: list[float]) -> list[int | None]:
    under = slow_news(level, [(np.nextafter(limit, 0), 1.25 * limit, limit) for limit in red], 14)
    lost = slow_news(level, [(0.70 * usual, 0.85 * usual, 0.85 * usual) for usual in before], 14)
    return [
        min((day for day in both if day is not None), default=None)
        for both in zip(under, lost, strict=True)
    ]


def slow_network(looked: SignalInput, index: int) -> list[int | None]:
    speed, probed = looked.speed[index].tolist(), looked.probed[index].tolist()
    red = looked.red_below.tolist()
    span = range(len(speed))
    by_speed = slow_fall(speed, [middle(speed[max(0, d - 28) : d], 7) for d in span], red)
    week = [middle(probed[max(0, d - 6) : d + 1], 3) for d in span]
    month = [middle(probed[max(0, d - 34) : max(0, d - 6)], 7) for d in span]
    by_probe = slow_fall(week, month, red)
    return [by_probe[d] if month[d] == month[d] else by_speed[d] for d in span]


def slow_certificates(looked: SignalInput, index: int) -> list[int | None]:
    counts = [
        row
        for row in looked.certificates.to_dict("records")
        if row["commune_code"] == looked.codes[index]
    ]
    began, entered = None, []
    for number, day in enumerate(looked.days):
        counts_until = [row for row in counts if np.datetime64(row["as_of"], "D") <= day]
        newest = max(counts_until, key=lambda row: row["as_of"], default=None)
        if (
            newest is None
            or (day - np.datetime64(newest["as_of"], "D")).astype(int) > 30
            or newest["expiring_30"] == 0
        ):
            began = None
        elif began is None:
            soon = newest["expiring_30"]
            began = number if soon >= 2 or (soon == 1 and newest["active"] <= 10) else None
        entered.append(began)
    return entered


def slow_overdue(looked: SignalInput, index: int) -> list[int | None]:
    values: list[float] = []  # the told values in a row
    began, untold, entered = None, 0, []
    for number, value in enumerate(looked.open_overdue[index].tolist()):
        if looked.working[number]:
            if value != value:
                untold += 1
                if untold >= 10:
                    began, values = None, []
            else:
                values, untold = [*values, value], 0
                steps = [after - before for before, after in pairwise(values)]
                if value < 3 or (len(steps) >= 2 and steps[-1] < 0 and steps[-2] < 0):
                    began = None
                elif began is None and len(steps) >= 3 and min(steps[-3:]) > 0 and value >= 5:
                    began = number
        entered.append(began)
    return entered


def slow_silent(looked: SignalInput, index: int) -> list[int | None]:
    began, entered = None, []
    for number, age in enumerate(looked.report_age[index].tolist()):
        day = looked.days[number].item()
        old = (
            looked.first_day is not None and (day - looked.first_day).days >= 14
            if age != age
            else age > 30
        )
        if age <= 7:
            began = None
        elif began is None and old:
            began = number
        entered.append(began)
    return entered


def slow_contradicted(looked: SignalInput, index: int) -> list[int | None]:
    began, entered = None, []
    for number, criteria in enumerate(looked.contradicted[index]):
        began = (number if began is None else began) if criteria else None
        entered.append(began)
    return entered


TWINS: list[
    tuple[Callable[[SignalInput], RuleResult], Callable[[SignalInput, int], list[int | None]]]
] = [
    (rules.detect_network_falling, slow_network),
    (rules.detect_certificates_expiring, slow_certificates),
    (rules.detect_overdue_growing, slow_overdue),
    (rules.detect_silence, slow_silent),
    (rules.detect_contradictions, slow_contradicted),
]


@given(provinces())
@settings(max_examples=40, deadline=None)
def test_every_rule_agrees_with_its_slow_twin_on_every_day(looked: SignalInput) -> None:
    for rule, twin in TWINS:
        latched = rule(looked).state
        for index in range(len(looked.codes)):
            since = [
                day if on else None
                for day, on in zip(latched.since[index], latched.on[index], strict=True)
            ]
            assert since == twin(looked, index), rule.__name__


@given(provinces(), st.permutations(range(len(CODES))))
@settings(max_examples=12, deadline=None)
def test_the_order_in_which_communes_are_given_changes_nothing(
    looked: SignalInput, order: list[int]
) -> None:
    other = SignalInput(
        tuple(looked.codes[index] for index in order),
        looked.days,
        looked.working,
        looked.speed[order],
        looked.red_below,
        looked.probed[order],
        looked.certificates.sample(frac=1, random_state=1),
        looked.open_overdue[order],
        looked.report_age[order],
        looked.contradicted[order],
        looked.first_day,
    )
    for signal, same in zip(signals.find_signals(looked), signals.find_signals(other), strict=True):
        assert (signal.code, signal.communes, signal.since.tolist()) == (
            same.code,
            same.communes,
            same.since.tolist(),
        )
        np.testing.assert_array_equal(signal.value, same.value)
        for name, fact in signal.facts.items():
            np.testing.assert_array_equal(fact, same.facts[name])


def crossings(values: Sequence[float], on: Sequence[bool]) -> list[list[float]]:
    """What was seen from each exit to the next entry, both days included."""
    ends = [day for day in range(1, len(on)) if on[day] != on[day - 1]]
    return [list(values[leave : enter + 1]) for leave, enter in pairwise(ends) if not on[leave]]


@given(
    swings(15, 19, 20, 21, 24, 25, 30),
    swings(0, 5, 7, 8, 29, 30, 31, 60),
    swings(1, 2, 3, 4, 5, 6, 7, 8),
)
@settings(max_examples=40, deadline=None)
def test_between_exit_and_entry_the_whole_band_was_crossed(
    speeds: list[float], ages: list[float], overdue: list[float]
) -> None:
    level = np.array([speeds])
    fallen = rules.apply_news_hysteresis(level < 20, level >= 25, level >= 20, 14)
    for between in crossings(speeds, fallen.on[0].tolist()):
        assert min(between) < 20 < 25 <= max(between)
    silent = seen(report_age=[ages])
    for between in crossings(silent.report_age[0].tolist(), days_on(rules.detect_silence(silent))):
        assert min(between) <= 7 < 30 < max(between)
    working_overdue = on_working_days(overdue)
    for between in crossings(
        working_overdue, days_on(rules.detect_overdue_growing(seen(open_overdue=[working_overdue])))
    ):
        values = [value for value in between if value == value]
        assert len(values) >= 4  # from where it left, three steps up
        assert values[-4:] == sorted(set(values[-4:]))
        assert values[-1] >= 5


@pytest.mark.parametrize("limit", [20, 70])
def test_a_speed_that_swings_around_one_limit_comes_once(limit: float) -> None:
    swing = [limit - 1, limit + 1] * 8
    on = days_on(
        rules.detect_network_falling(seen(speed=[[*[30 if limit == 20 else 100] * 30, *swing]]))
    )
    assert sum(now and not before for before, now in pairwise(on)) == 1

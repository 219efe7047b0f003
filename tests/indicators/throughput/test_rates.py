"""Rates: both halves from the same rows, nothing divided by nothing, no comparison with a period
that is not there.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import sources
from dashboard.indicators.throughput import rates
from dashboard.indicators.throughput.counts import DossierCounts
from dashboard.indicators.throughput.rates import INCOMPLETE, KNOWN, NO_ACTIVITY, RATES, UNKNOWN
from dashboard.indicators.throughput.source_selection import PeriodFigures, select_period_figures
from tests.indicators.throughput.counting import MONDAY, UNITS, Row, frame, row
from tests.indicators.throughput.test_source_selection import WEEKDAYS

DAYS = [MONDAY + timedelta(days=n) for n in range(5)]


def of(rows: list[Row], first: date = DAYS[0], last: date = DAYS[-1]) -> PeriodFigures:
    period_figures = select_period_figures(DossierCounts(frame(rows), UNITS), first, last, WEEKDAYS)
    assert period_figures is not None
    return period_figures


def test_both_on_time_definitions_from_the_same_report() -> None:
    figures = of(
        [
            row(
                "00001",
                DAYS[0],
                received=100,
                carried_over=20,
                resolved=60,
                resolved_early=10,
                resolved_on_time=35,
                resolved_late=15,
                open_in_term=30,
                open_overdue=10,
            )
        ]
    )
    assert rates.compute_rate(figures, "on_time_766").value[0] == 0.75
    assert rates.compute_rate(figures, "on_time_report").value[0] == 0.75
    assert rates.compute_rate(figures, "overdue_open").value[0] == 0.25
    assert rates.compute_net_flow(figures).iloc[0] == -20


def test_a_zero_denominator_is_no_activity_and_silence_is_unknown() -> None:
    rate = rates.compute_rate(
        of([row("00001", DAYS[0], received=0, on_time_766=0), row("00002", DAYS[0], received=4)]),
        "on_time_766",
    )
    assert rate.state.tolist() == [NO_ACTIVITY, UNKNOWN, UNKNOWN]
    assert np.isnan(rate.value).all()
    assert rates.pool_rates(rate).state == NO_ACTIVITY
    assert rates.pool_rates(rate, np.array([False, True, True])).state == UNKNOWN


def test_a_day_that_tells_only_one_half_does_not_skew_the_rate() -> None:
    rows = [row("00001", DAYS[0], received=10, on_time_766=9), row("00001", DAYS[1], received=90)]
    assert rates.compute_rate(of(rows), "on_time_766").value[0] == 0.9


def test_who_leaves_out_a_week_or_half_of_its_figures_tells_only_a_part() -> None:
    weeks = [(DAYS[0] + timedelta(weeks=n), DAYS[0] + timedelta(weeks=n, days=6)) for n in range(2)]
    rows = [row("00001", *week, received=10, on_time_766=9) for week in weeks]
    rows += [
        row("00002", *weeks[0], received=10, on_time_766=9),
        row("00002", *weeks[1], received=10),
    ]
    rows += [row("00003", *weeks[0], received=10, on_time_766=9)]
    for last in (weeks[1][1], weeks[1][1] + timedelta(weeks=1)):
        assert rates.compute_rate(of(rows, DAYS[0], last), "on_time_766").partial.tolist() == [
            False,
            True,
            True,
        ]


def test_a_dossier_filed_online_needs_no_scanning() -> None:
    rows = [
        row("00001", DAYS[0], received=10, received_online=8, digitised=9),
        row("00002", DAYS[0], received=10, received_online=8, digitised=0),
        row("00003", DAYS[0], received=10, received_online=8),
    ]
    rate = rates.compute_rate(of(rows), "digitised")
    assert rate.value[:2].tolist() == [0.9, 0.8]
    assert rate.state.tolist() == [KNOWN, KNOWN, UNKNOWN]


def test_what_was_carried_over_was_not_received_anew_online() -> None:
    figures = of(
        [
            row(
                "00001",
                DAYS[0],
                received=100,
                received_online=60,
                received_in_person=20,
                carried_over=20,
            )
        ]
    )
    assert rates.compute_rate(figures, "online").value[0] == 0.75


def month(first: str, last: str, received: float, on_time: float, unit: str = "00001") -> Row:
    return row(unit, first, last, "portal_progress", received=received, on_time_766=on_time)


def test_a_comparison_needs_two_periods_that_were_told_as_a_whole() -> None:
    july, august = (
        month("2026-07-01", "2026-07-31", 10, 5),
        month("2026-08-01", "2026-08-31", 10, 8),
    )
    now = rates.compute_rate(of([august], date(2026, 8, 1), date(2026, 8, 31)), "on_time_766")
    before = rates.compute_rate(of([july], date(2026, 7, 1), date(2026, 7, 31)), "on_time_766")
    change = rates.compare_rates(now, before)
    assert change.difference[0] == pytest.approx(0.3)
    assert change.state.tolist() == [KNOWN, UNKNOWN, UNKNOWN]
    assert rates.compare_rates(now, None).state.tolist() == [INCOMPLETE, UNKNOWN, UNKNOWN]
    short = rates.compute_rate(
        of(
            [row("00001", "2026-07-20", received=3, on_time_766=3)],
            date(2026, 7, 1),
            date(2026, 7, 31),
        ),
        "on_time_766",
    )
    assert rates.compare_rates(now, short).state[0] == INCOMPLETE
    assert np.isnan(rates.compare_rates(now, short).difference[0])
    nothing = rates.compute_rate(
        of([month("2026-07-01", "2026-07-31", 0, 0)], date(2026, 7, 1), date(2026, 7, 31)),
        "on_time_766",
    )
    assert rates.compare_rates(now, nothing).state[0] == NO_ACTIVITY


def test_a_new_unit_has_no_period_before() -> None:
    first, last = date(2026, 8, 1), date(2026, 8, 31)
    now = of([month("2026-08-01", "2026-08-31", 10, 8, unit) for unit in UNITS], first, last)
    before = of([month("2026-07-01", "2026-07-31", 7, 8)], date(2026, 7, 1), date(2026, 7, 31))
    rate_now = rates.compute_rate(now, "on_time_766")
    change = rates.compare_rates(rate_now, rates.compute_rate(before, "on_time_766"))
    assert change.state.tolist() == [KNOWN, INCOMPLETE, INCOMPLETE]
    assert rates.compare_rates(rate_now, None).state.tolist() == [INCOMPLETE] * 3


NAMES = (
    "received",
    "received_online",
    "resolved",
    "resolved_early",
    "resolved_on_time",
    "open_in_term",
    "open_overdue",
    "digitised",
    "e_result",
    "on_time_766",
)
SLOW = {
    "on_time_766": (lambda d: d["on_time_766"], lambda d: d["received"]),
    "on_time_report": (
        lambda d: _plus(d["resolved_early"], d["resolved_on_time"]),
        lambda d: d["resolved"],
    ),
    "online": (lambda d: d["received_online"], lambda d: d["received"]),
    "digitised": (
        lambda d: (
            d["digitised"]
            if d["digitised"] is None
            else max(d["digitised"], d["received_online"] or 0)
        ),
        lambda d: d["received"],
    ),
    "e_result": (lambda d: d["e_result"], lambda d: d["resolved"]),
    "overdue_open": (
        lambda d: d["open_overdue"],
        lambda d: _plus(d["open_in_term"], d["open_overdue"]),
    ),
}


def _plus(count: int | None, other: int | None) -> int | None:
    return None if count is None or other is None else count + other


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(UNITS), st.integers(0, 4)),
        st.fixed_dictionaries({name: st.one_of(st.none(), st.integers(0, 9)) for name in NAMES}),
        min_size=1,
    )
)
def test_rates_agree_with_a_slow_walk_over_the_days(
    told_days: dict[tuple[str, int], dict[str, Any]],
) -> None:
    rows = [row(unit, DAYS[day], **values) for (unit, day), values in told_days.items()]
    figures = of(rows)
    for code in RATES:
        result = rates.compute_rate(figures, code)
        part_of, whole_of = SLOW[code]
        parts, wholes = 0, 0
        for number, unit in enumerate(UNITS):
            days = [values for (who, day), values in sorted(told_days.items()) if who == unit]
            if code == "overdue_open":  # a stock, on the last evening
                last = max(day for _, day in told_days)
                days = [
                    values
                    for (who, day), values in told_days.items()
                    if who == unit and day == last
                ]
            both = [(part_of(day), whole_of(day)) for day in days]
            both = [pair for pair in both if None not in pair]
            part, total = sum(pair[0] for pair in both), sum(pair[1] for pair in both)
            parts, wholes = parts + part, wholes + total
            expected = UNKNOWN if not both else KNOWN if total else NO_ACTIVITY
            assert result.state[number] == expected, (code, unit)
            if expected == KNOWN:
                assert (result.numerator[number], result.denominator[number]) == (part, total)
                assert result.value[number] == part / total
            else:
                assert np.isnan(result.value[number])
        assert (
            rates.pool_rates(result).state != KNOWN
            or rates.pool_rates(result).value == parts / wholes
        )


KINDS_OF_DOSSIERS = ("in_time", "late", "paused", "no_due_day", "no_finish_day")


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(UNITS), st.integers(0, 4)),
        st.fixed_dictionaries({name: st.integers(0, 3) for name in KINDS_OF_DOSSIERS}),
        min_size=1,
    )
)
def test_who_cannot_be_judged_is_on_neither_side_of_a_share_in_time(
    days: dict[tuple[str, int], dict[str, int]],
) -> None:
    rows = []
    for (unit, day), dossiers in days.items():
        counts: dict[str, Any] = {name: dossiers[name] for name in ("no_due_day", "no_finish_day")}
        outcomes: dict[str, Any] = {
            "resolved_early": dossiers["in_time"],
            "resolved_on_time": 0,
            "resolved_late": dossiers["late"],
        }
        counts |= {"received": sum(dossiers.values()), "on_time_766": dossiers["in_time"]}
        resolved = sum(outcomes.values()) + dossiers["no_due_day"]
        rows.append(row(unit, DAYS[day], resolved=resolved, **outcomes, **counts))
    figures = of(rows)
    judged_kinds = {"on_time_766": KINDS_OF_DOSSIERS[:3], "on_time_report": KINDS_OF_DOSSIERS[:2]}
    for code, kinds in judged_kinds.items():
        rated = rates.compute_rate(figures, code)
        for number, unit in enumerate(UNITS):
            own = [dossiers for (who, _), dossiers in days.items() if who == unit]
            judged = sum(dossiers[name] for dossiers in own for name in kinds)
            left_out = sum(dossiers["no_due_day"] for dossiers in own)
            if code == "on_time_766":
                left_out += sum(dossiers["no_finish_day"] for dossiers in own)
            state = KNOWN if judged else UNKNOWN if left_out or not own else NO_ACTIVITY
            assert rated.state[number] == state
            assert rated.partial[number] == (left_out > judged)
            if judged:
                in_time = sum(dossiers["in_time"] for dossiers in own)
                assert (rated.numerator[number], rated.denominator[number]) == (in_time, judged)


def test_a_list_that_tells_no_outcome_has_no_share_and_a_form_keeps_its_own_whole() -> None:
    weak = row("00001", DAYS[0], received=9, no_due_day=0, no_finish_day=6, resolved=2)
    form = row("00002", DAYS[0], resolved=10, resolved_early=4, resolved_on_time=4, resolved_late=1)
    figures = of([weak, form])
    assert rates.compute_rate(figures, "on_time_766").state[0] == UNKNOWN
    report = rates.compute_rate(figures, "on_time_report")
    assert report.state[:2].tolist() == [UNKNOWN, KNOWN]
    assert report.denominator[1] == 10, "as the form defines it"


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=2, max_size=3))
def test_a_silent_unit_never_raises_a_rate(units: list[tuple[int, int]]) -> None:
    rows = [
        row(UNITS[n], DAYS[0], received=max(pair), on_time_766=min(pair))
        for n, pair in enumerate(units)
    ]
    everybody, fewer = (
        rates.pool_rates(rates.compute_rate(of(some), "on_time_766")) for some in (rows, rows[:-1])
    )
    silent = rates.pool_rates(
        rates.compute_rate(of([*rows[:-1], row(UNITS[len(rows) - 1], DAYS[0])]), "on_time_766")
    )
    assert silent == fewer or (silent.state, fewer.state) == (NO_ACTIVITY, NO_ACTIVITY)
    assert everybody.denominator == sum(max(pair) for pair in units)


def test_kim_boi_and_the_province_in_august_2026(shared: Path) -> None:
    batch = sources.read_file(
        shared / "published" / "phu_tho_2026-08_progress.csv", today=date(2026, 11, 22)
    )
    counts = batch.dossiers.rename(columns={"deciding_unit": "unit"}).assign(kind=batch.file_kind)
    units = list(counts["unit"])
    august = select_period_figures(
        DossierCounts(counts, units), date(2026, 8, 1), date(2026, 8, 31), WEEKDAYS
    )
    assert august is not None
    rate = rates.compute_rate(august, "on_time_766")
    name = batch.agencies.set_index("name")["commune_code"]
    kim_boi = units.index(next(code for agency, code in name.items() if "Kim Bôi" in str(agency)))
    assert (rate.denominator[kim_boi], round(rate.value[kim_boi], 4)) == (919, 0.9021)
    everything = rates.pool_rates(rate)
    assert (everything.numerator, everything.denominator, round(everything.value, 4)) == (
        144625,
        184513,
        0.7838,
    )
    communes = np.array([unit.isdigit() for unit in units])
    own, others = rates.pool_rates(rate, communes), rates.pool_rates(rate, ~communes)
    assert (own.numerator + others.numerator, own.denominator + others.denominator) == (
        144625,
        184513,
    )

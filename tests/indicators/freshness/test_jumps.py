"""Jumps: slips of the pen are told of, ordinary changes are not."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators.freshness import quality
from dashboard.indicators.readiness.history import History
from tests import making

FIRST = date(2026, 11, 1)
CODES = ("21025", "21028")
NAN = float("nan")


LAST = FIRST + timedelta(days=30)


def history(rows: list[tuple[str, str, float, str, date]]) -> History:
    frame = making.readings(rows)
    return History(
        frame.assign(as_of=pd.to_datetime(frame["as_of"]), value=frame["value"].astype("float64")),
        CODES,
    )


def why(measure: str, *values: float, basis: str = "declared") -> list[str]:
    rows = [
        ("21025", measure, value, basis, FIRST + timedelta(days=n))
        for n, value in enumerate(values)
    ]
    return quality.find_reading_jumps(history(rows), FIRST, LAST)["why"].tolist()


@pytest.mark.parametrize(
    ("measure", "values", "expected"),
    [
        ("network_mbps", (20, 99), []),
        ("network_mbps", (20, 100), ["speed_factor"]),
        ("network_mbps", (100, 20), ["speed_factor"]),
        ("network_mbps", (0, 50, 0), ["speed_factor"] * 2),
        ("network_mbps", (0, 0), []),
        ("scanner_needed", (4, 6), []),
        ("scanner_needed", (4, 7), ["need_changed"]),
        ("staff_planned", (10, 14), []),
        ("staff_planned", (10, 5), ["need_changed"]),
        ("scanner_available", (3, 0), ["available_gone"]),
        ("signature_issued", (2, 0), []),
        ("scanner_available", (3, 1), []),
        ("network_stable", (1, 0), []),
    ],
)
def test_what_does_not_fit_the_value_before_is_told(
    measure: str, values: tuple[float, ...], expected: list[str]
) -> None:
    assert why(measure, *values) == expected


def test_what_a_visit_found_is_no_slip_of_the_declaration() -> None:
    assert why("network_mbps", 20, 100, basis="verified") == []


def test_a_jump_says_from_what_to_what_and_old_ones_are_left_out() -> None:
    readings = history(
        [
            ("21025", "network_mbps", mbps, "declared", FIRST + timedelta(days=n))
            for n, mbps in enumerate((10, 100, 10, 100))
        ]
    )
    jumps = quality.find_reading_jumps(
        readings, FIRST + timedelta(days=2), FIRST + timedelta(days=2)
    )
    assert jumps.columns.tolist() == quality.JUMP_COLUMNS
    row = ["21025", "network_mbps", pd.Timestamp(2026, 11, 3), 100.0, 10.0, "speed_factor"]
    assert jumps.to_numpy().tolist() == [row]
    nothing = quality.find_reading_jumps(history([]), FIRST, LAST)
    assert nothing.empty
    assert nothing.columns.tolist() == quality.JUMP_COLUMNS


@given(
    st.lists(
        st.tuples(
            st.sampled_from(CODES),
            st.sampled_from(
                ("network_mbps", "scanner_needed", "scanner_available", "network_stable")
            ),
            st.sampled_from((NAN, 0.0, 1.0, 2.0, 3.0, 5.0, 6.0, 10.0, 25.0)),
            st.sampled_from(("declared", "verified")),
            st.dates(FIRST, FIRST + timedelta(days=9)),
        ),
        unique_by=lambda row: (row[0], row[1], row[3], row[4]),
    )
)
@settings(max_examples=40, deadline=None)
def test_jumps_of_readings_agree_with_their_slow_twin(
    rows: list[tuple[str, str, float, str, date]],
) -> None:
    since = FIRST + timedelta(days=4)
    jumps = quality.find_reading_jumps(history(rows), since, LAST)
    expected = []
    rows = [row for row in rows if not np.isnan(row[2])]
    for code, measure, after, basis, day in rows:
        earlier = [
            row
            for row in rows
            if row[:2] == (code, measure) and row[3] == "declared" and row[4] < day
        ]
        if basis == "declared" and earlier and day >= since:
            before = max(earlier, key=lambda row: row[4])[2]
            if said := slow_why(measure, before, after):
                expected.append((code, measure, pd.Timestamp(day), before, after, said))
    expected.sort(key=lambda row: (row[2], row[0], row[1]))
    assert list(jumps.itertuples(index=False, name=None)) == expected


def slow_why(measure: str, before: float, after: float) -> str:
    low, high = sorted((before, after))
    if measure == "network_mbps" and high > low and high >= 5 * low:
        return "speed_factor"
    if measure == "scanner_needed" and high - low >= 3 and high - low >= before / 2:
        return "need_changed"
    return "available_gone" if measure == "scanner_available" and after == 0 and before >= 3 else ""


def daily(counts: dict[str, list[float]]) -> pd.DataFrame:
    rows = [
        {"commune_code": code, "day": pd.Timestamp(FIRST) + pd.Timedelta(days=n), "received": value}
        for code, values in counts.items()
        for n, value in enumerate(values)
    ]
    return pd.DataFrame(rows, columns=["commune_code", "day", "received"])


@pytest.mark.parametrize(
    ("before", "after", "jumped"),
    [
        ([8] * 14, 49, True),
        ([8] * 14, 48, False),  # six times is not more than six times
        ([8] * 13, 49, False),  # too few days to say what is usual
        ([8] * 13 + [NAN] * 20, 49, False),
        ([1] * 14, 30, False),
        ([1] * 14, 31, True),
        ([500] * 20 + [8] * 28, 49, True),  # only the last 28 told days
    ],
)
def test_a_day_with_far_more_dossiers_than_usual_is_told(
    before: list[float], after: float, jumped: bool
) -> None:
    jumps = quality.find_count_jumps(daily({"21025": [*before, after]}), FIRST)
    assert jumps["why"].tolist() == (["many_in_a_day"] if jumped else [])
    if jumped:
        assert (jumps.at[0, "before"], jumps.at[0, "after"]) == (before[-1], after)


def test_a_commune_is_compared_with_its_own_days_only() -> None:
    assert quality.find_count_jumps(daily({"21025": [5] * 28, "21028": [90] * 10}), FIRST).empty
    assert quality.find_count_jumps(daily({}), FIRST).empty


counts = st.lists(st.sampled_from((NAN, 0.0, 2.0, 5.0, 8.0, 31.0, 40.0, 60.0)), max_size=50)


@given(counts, counts, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_jumps_of_counts_agree_with_their_slow_twin_in_any_order(
    first_values: list[float], second_values: list[float], luck: Any
) -> None:
    frame = daily(dict(zip(CODES, (first_values, second_values), strict=True)))
    order = list(range(len(frame)))
    luck.shuffle(order)
    since = FIRST + timedelta(days=16)
    expected = []
    for code, values in zip(CODES, (first_values, second_values), strict=True):
        for number, value in enumerate(values):
            earlier = [before for before in values[:number] if before == before][-28:]
            if (
                number >= 16
                and len(earlier) >= 14
                and value > 6 * median(earlier)
                and value >= median(earlier) + 30
            ):
                day = pd.Timestamp(FIRST) + pd.Timedelta(days=number)
                expected.append((code, "received", day, median(earlier), value, "many_in_a_day"))
    expected.sort(key=lambda row: (row[2], row[0]))
    jumps = quality.find_count_jumps(frame.iloc[order].astype({"received": np.float64}), since)
    assert list(jumps.itertuples(index=False, name=None)) == expected

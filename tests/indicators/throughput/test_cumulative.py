"""Cumulative figures: what happened between two snapshots; a drop is a correction, never a negative
count.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators.throughput.counts import DossierCounts
from tests.indicators.throughput.counting import MONDAY, UNITS, frame, row


def snapshots(
    *received: float | None, first: str = "2026-01-01", last: str = "2026-03-02"
) -> list[dict[str, object]]:
    """One snapshot a day from one start."""
    begin = date.fromisoformat(last)
    return [
        row("00001", first, begin + timedelta(days=number), "exported", received=value)
        for number, value in enumerate(received)
    ]


def test_successive_days_give_days() -> None:
    counts = DossierCounts(frame(snapshots(100, 110, 125)), UNITS)
    daily = counts.daily("received", np.datetime64("2026-03-02") + np.arange(4))
    assert np.array_equal(daily[0], [np.nan, 10, 15, np.nan], equal_nan=True), (
        "the first one tells no day of its own"
    )


def test_a_drop_is_told_as_a_correction_and_that_day_is_not_known() -> None:
    counts = DossierCounts(frame(snapshots(100, 90, 95)), UNITS)
    daily = counts.daily("received", np.datetime64("2026-03-03") + np.arange(2))
    assert np.array_equal(daily[0], [np.nan, 5], equal_nan=True)
    correction = counts.corrections.iloc[0].tolist()
    assert correction == ["exported", "00001", "received", pd.Timestamp("2026-03-03"), 100, 90]
    assert counts.until(date(2026, 3, 2)).corrections.empty, "on the day before nobody knew"


def test_what_was_not_told_once_is_not_known_on_either_side() -> None:
    counts = DossierCounts(frame(snapshots(100, None, 120, 125)), UNITS)
    daily = counts.daily("received", np.datetime64("2026-03-03") + np.arange(3))
    assert np.array_equal(daily[0], [np.nan, np.nan, 5], equal_nan=True)


def test_what_was_carried_over_is_in_every_snapshot_and_in_no_difference() -> None:
    rows = [
        row(
            "00001",
            "2026-01-01",
            last,
            "report",
            received=received,
            carried_over=40,
            open=open_,
            mean_days=3,
        )
        for last, received, open_ in [
            ("2026-01-31", 140, 30),
            ("2026-02-28", 190, 20),
            ("2026-03-31", 260, 25),
        ]
    ]
    counts = DossierCounts(frame(rows), UNITS)
    derived = next(source for source in counts.sources if source.derived)
    assert derived.rows.column("received").tolist() == [140, 50, 70]
    assert derived.rows.column("received_new").tolist() == [100, 50, 70]
    assert np.array_equal(derived.rows.column("carried_over"), [40, np.nan, np.nan], equal_nan=True)
    assert not {"open", "mean_days"} & derived.rows.values.keys(), (
        "stocks and means cannot be subtracted"
    )
    assert counts.stock("open", np.array(["2026-02-28"], "datetime64[D]"))[0, 0] == 20, (
        "the snapshot itself tells it"
    )


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(UNITS), st.integers(1, 12)),
        st.one_of(st.none(), st.integers(0, 50)),
        max_size=24,
    )
)
def test_differences_agree_with_a_slow_walk_along_each_units_snapshots(
    values: dict[tuple[str, int], int | None],
) -> None:
    rows = [
        row(unit, MONDAY, MONDAY + timedelta(days=end), received=value)
        for (unit, end), value in values.items()
    ]
    counts = DossierCounts(frame(rows), UNITS)
    expected, corrections = {}, []
    for unit in UNITS:
        before: int | None = None
        begin, ends = 0, sorted(end for who, end in values if who == unit)
        # Two ends of one start are snapshots, unless they are natural weeks and days alone.
        if len(ends) < 2:
            continue
        for end in ends:
            now = values[unit, end]
            difference = (
                now if begin == 0 else None if now is None or before is None else now - before
            )
            if difference is not None and difference < 0:
                corrections.append((unit, MONDAY + timedelta(days=end), before, now))
                difference = None
            expected[unit, begin, end] = difference
            before, begin = now, end + 1
    daily, monday = {}, int(np.datetime64(MONDAY).astype(int))
    for source in counts.sources:
        if source.derived:
            for unit, first, last, value in zip(
                source.rows.unit,
                source.rows.first,
                source.rows.last,
                source.rows.column("received"),
                strict=True,
            ):
                daily[UNITS[unit], int(first) - monday, int(last) - monday] = (
                    None if np.isnan(value) else value
                )
    assert daily == expected
    told_back = counts.corrections
    assert sorted(
        zip(
            told_back["unit"],
            told_back["day"].dt.date if len(told_back) else [],
            told_back["before"],
            told_back["after"],
            strict=True,
        )
    ) == sorted(corrections)
    assert all(value is None or value >= 0 for value in daily.values())

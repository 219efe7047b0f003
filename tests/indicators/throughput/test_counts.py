"""Counts: grains, what a day tells, what was known on a day; nothing is mixed and nothing
forgotten.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators.throughput.count_rows import NarrowColumns
from dashboard.indicators.throughput.counts import DossierCounts
from dashboard.indicators.throughput.periods import GRAINS
from tests.indicators.throughput.counting import MONDAY, UNITS, Row, frame, row, told_rows
from tests.indicators.throughput.test_periods import slow_grain


def days(first: date, count: int) -> np.ndarray:
    return np.datetime64(first, "D") + np.arange(count)


@pytest.mark.parametrize(
    ("first", "last", "grain"),
    [
        ("2026-08-03", "2026-08-03", "day"),
        ("2026-08-03", "2026-08-09", "week"),
        ("2026-08-01", "2026-08-31", "month"),
        ("2026-07-01", "2026-09-30", "quarter"),
        ("2026-01-01", "2026-12-31", "year"),
        ("2026-01-01", "2026-08-15", "cumulative"),
        ("2025-07-01", "2026-02-03", "cumulative"),
        ("2026-08-04", "2026-08-09", "other"),
    ],
)
def test_each_row_has_a_grain(first: str, last: str, grain: str) -> None:
    periods = DossierCounts(frame([row("00001", first, last, received=5)]), UNITS).periods
    assert periods[["grain", "units", "received", "derived"]].to_numpy().tolist() == [
        [grain, 1, 5.0, False]
    ]


def test_two_ends_of_one_start_are_cumulative_and_a_month_among_them_stays_a_month() -> None:
    rows = [row("00001", "2026-08-01", last) for last in ("2026-08-14", "2026-08-31")]
    periods = DossierCounts(frame(rows), UNITS).periods
    assert periods.loc[~periods["derived"], "grain"].tolist() == ["month", "cumulative"]
    other = [*rows[:1], row("00002", "2026-08-01", "2026-08-31")]
    assert DossierCounts(frame(other), UNITS).periods["grain"].tolist() == ["month", "other"], (
        "of another unit it is no sibling"
    )


def test_rows_of_units_not_asked_for_are_left_out() -> None:
    counts = frame(
        [row("00001", "2026-08-03", received=5), row("H44.42", "2026-08-03", received=50)]
    )
    assert DossierCounts(counts, UNITS).periods["received"].tolist() == [5]
    assert DossierCounts(counts, ["H44.42"]).periods["received"].tolist() == [50]


def test_a_stock_is_told_for_its_evening_alone_by_the_finest_source() -> None:
    rows = [
        row("00001", "2026-08-01", "2026-08-31", "dossier_report", open=30),
        row("00001", "2026-08-31", source_kind="dossiers", open=28),
        row("00002", "2026-08-01", "2026-08-31", "dossier_report", open=7),
    ]
    counts = DossierCounts(frame(rows), UNITS)
    stock = counts.stock("open", days(date(2026, 8, 30), 3))
    assert np.array_equal(
        stock, np.array([[np.nan, 28, np.nan], [np.nan, 7, np.nan], [np.nan] * 3]), equal_nan=True
    )
    assert np.isnan(counts.stock("paused", days(date(2026, 8, 30), 3))).all()


def test_days_come_from_one_source_the_one_that_tells_most() -> None:
    rows = [
        row("00001", "2026-08-03", source_kind="a", received=1),
        row("00001", "2026-08-04", source_kind="a", received=2),
        row("00002", "2026-08-03", source_kind="b", received=9),
    ]
    daily = DossierCounts(frame(rows), UNITS).daily("received", days(date(2026, 8, 3), 2))
    assert np.array_equal(
        daily, np.array([[1, 2], [np.nan, np.nan], [np.nan, np.nan]]), equal_nan=True
    )


def test_nothing_told_is_no_period_and_no_figure() -> None:
    counts = DossierCounts(frame([]), UNITS)
    assert counts.periods.empty
    assert counts.corrections.empty
    assert np.isnan(counts.daily("received", days(MONDAY, 2))).all()
    assert np.isnan(counts.stock("open", days(MONDAY, 2))).all()


def slow_stock(rows: list[Row], column: str, day: date) -> dict[str, float]:
    stocks: dict[str, float] = {}
    for grain in GRAINS:
        for source_kind in ("list", "report"):
            for counts_row in rows:
                is_grain = grain == slow_label(rows, counts_row)
                if (
                    is_grain
                    and counts_row["kind"] == source_kind
                    and counts_row["last"] == day
                    and counts_row.get(column) is not None
                ):
                    stocks.setdefault(counts_row["unit"], counts_row[column])
    return stocks


def slow_label(rows: list[Row], counts_row: Row) -> str:
    natural = slow_grain(counts_row["first"], counts_row["last"])
    same = [
        other
        for other in rows
        if all(other[key] == counts_row[key] for key in ("unit", "kind", "first"))
    ]
    return "cumulative" if natural == "other" and len(same) > 1 else natural


@settings(max_examples=25, deadline=None)
@given(told_rows(), st.integers(0, 15))
def test_the_counts_agree_with_a_slow_look_at_every_row(rows: list[Row], offset: int) -> None:
    counts = DossierCounts(frame(rows), UNITS)
    day = MONDAY + timedelta(days=offset)
    stock = counts.stock("open_in_term", days(day, 1))[:, 0]
    expected = slow_stock(rows, "open_in_term", day)
    assert np.array_equal(
        stock, np.array([expected.get(unit, np.nan) for unit in UNITS]), equal_nan=True
    )

    periods = counts.periods[~counts.periods["derived"]]
    slow = sorted(
        {
            (
                counts_row["kind"],
                slow_label(rows, counts_row),
                counts_row["first"],
                counts_row["last"],
            )
            for counts_row in rows
        }
    )
    ends = (periods[end].dt.date for end in ("period_from", "period_to"))
    assert sorted(zip(periods["kind"], periods["grain"], *ends, strict=True)) == slow

    for unit_index, unit in enumerate(UNITS):
        of_unit = [
            counts_row
            for counts_row in rows
            if counts_row["unit"] == unit and counts_row.get("received") is not None
        ]
        newest = max(
            ((counts_row["last"], counts_row["first"]) for counts_row in of_unit), default=None
        )
        newest_row = counts.newest_of(unit_index)
        assert (newest_row and (newest_row[1].last, newest_row[1].first)) == newest
        assert newest_row is None or (newest_row[0], newest_row[2]) in {
            (counts_row["kind"], counts_row["received"])
            for counts_row in of_unit
            if (counts_row["last"], counts_row["first"]) == newest
        }

    counts_until, fresh = (
        counts.until(day),
        DossierCounts(
            frame([counts_row for counts_row in rows if counts_row["last"] <= day]), UNITS
        ),
    )
    period_days = days(MONDAY, 20)
    assert np.array_equal(
        counts_until.daily("received", period_days),
        fresh.daily("received", period_days),
        equal_nan=True,
    )
    assert counts_until.periods["units"].sum() <= counts.periods["units"].sum()
    shuffled = frame(rows).sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(DossierCounts(shuffled, UNITS).periods, counts.periods)


def test_evenings_of_a_unit_are_told_by_one_kind_of_source_only() -> None:
    rows = [
        row(unit, f"2026-10-{day}", source_kind="dossiers", open_overdue=day - 20)
        for unit in UNITS[:2]
        for day in (29, 30)
    ]
    rows += [
        row(unit, "2026-10-01", "2026-10-31", "dossier_report", open_overdue=500)
        for unit in UNITS[1:]
    ]
    days = np.datetime64("2026-10-29") + np.arange(3)
    counts = DossierCounts(frame(rows), UNITS)
    assert counts.stock("open_overdue", days)[1].tolist() == [9, 10, 500], (
        "of one evening any source may tell"
    )
    expected = [[9, 10, np.nan], [9, 10, np.nan], [np.nan, np.nan, 500]]
    assert np.array_equal(counts.end_of_day_stock("open_overdue", days), expected, equal_nan=True)


def test_nobody_asked_for_is_an_empty_answer() -> None:
    counts = DossierCounts(frame([row("00001", "2026-08-03", received=5)]), [])
    assert counts.periods.empty
    assert counts.stock("open", days(MONDAY, 2)).shape == (0, 2)


def test_nothing_is_lost_in_columns_that_are_kept_in_half_the_memory() -> None:
    most = 2**24 + 1  # the first whole number that a float32 rounds
    rows = [
        row("00001", "2026-08-03", received=most, open=3, mean_days=7.05),
        row("00002", "2026-08-03", received=5, open=2**24),
    ]
    (source,) = DossierCounts(frame(rows), UNITS).sources
    assert source.rows.column("received").tolist() == [most, 5]
    assert source.rows.column("open").tolist() == [3, 2**24]
    assert source.rows.column("mean_days")[0] == 7.05
    assert np.isnan(source.rows.column("mean_days")[1])
    kept = NarrowColumns.of({"open": source.rows.column("open")})
    assert (str(kept["open"].dtype), kept.nbytes) == ("float64", 2 * 4)


@given(told_rows(), told_rows())
@settings(max_examples=25)
def test_rows_taken_in_later_are_as_if_they_had_been_there_from_the_beginning(
    earlier: list[Row], later: list[Row]
) -> None:
    def key(counts_row: Row) -> tuple[object, ...]:
        return counts_row["unit"], counts_row["kind"], counts_row["first"], counts_row["last"]

    before = {key(counts_row): counts_row for counts_row in earlier}
    now = {key(counts_row): counts_row for counts_row in later}
    kept = DossierCounts(frame([*before.values()]), UNITS).with_rows(frame([*now.values()]), UNITS)
    anew = DossierCounts(frame([*(before | now).values()]), UNITS)
    assert [(source.source_kind, source.grain) for source in kept.sources] == [
        (source.source_kind, source.grain) for source in anew.sources
    ]
    pd.testing.assert_frame_equal(kept.periods, anew.periods)
    for source, made in zip(kept.sources, anew.sources, strict=True):
        np.testing.assert_array_equal(source.rows.key, made.rows.key)
        for name in {*source.rows.values, *made.rows.values}:
            np.testing.assert_array_equal(source.rows.column(name), made.rows.column(name))

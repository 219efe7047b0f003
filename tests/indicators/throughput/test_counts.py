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
    told = [row("00001", "2026-08-01", last) for last in ("2026-08-14", "2026-08-31")]
    periods = DossierCounts(frame(told), UNITS).periods
    assert periods.loc[~periods["derived"], "grain"].tolist() == ["month", "cumulative"]
    other = [*told[:1], row("00002", "2026-08-01", "2026-08-31")]
    assert DossierCounts(frame(other), UNITS).periods["grain"].tolist() == ["month", "other"], (
        "of another unit it is no sibling"
    )


def test_rows_of_units_not_asked_for_are_left_out() -> None:
    told = frame([row("00001", "2026-08-03", received=5), row("H44.42", "2026-08-03", received=50)])
    assert DossierCounts(told, UNITS).periods["received"].tolist() == [5]
    assert DossierCounts(told, ["H44.42"]).periods["received"].tolist() == [50]


def test_a_stock_is_told_for_its_evening_alone_by_the_finest_source() -> None:
    told = [
        row("00001", "2026-08-01", "2026-08-31", "dossier_report", open=30),
        row("00001", "2026-08-31", kind="dossiers", open=28),
        row("00002", "2026-08-01", "2026-08-31", "dossier_report", open=7),
    ]
    counts = DossierCounts(frame(told), UNITS)
    stock = counts.stock("open", days(date(2026, 8, 30), 3))
    assert np.array_equal(
        stock, np.array([[np.nan, 28, np.nan], [np.nan, 7, np.nan], [np.nan] * 3]), equal_nan=True
    )
    assert np.isnan(counts.stock("paused", days(date(2026, 8, 30), 3))).all()


def test_days_come_from_one_source_the_one_that_tells_most() -> None:
    told = [
        row("00001", "2026-08-03", kind="a", received=1),
        row("00001", "2026-08-04", kind="a", received=2),
        row("00002", "2026-08-03", kind="b", received=9),
    ]
    daily = DossierCounts(frame(told), UNITS).daily("received", days(date(2026, 8, 3), 2))
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
    found: dict[str, float] = {}
    for grain in GRAINS:
        for kind in ("list", "report"):
            for told in rows:
                is_grain = grain == slow_label(rows, told)
                if (
                    is_grain
                    and told["kind"] == kind
                    and told["last"] == day
                    and told.get(column) is not None
                ):
                    found.setdefault(told["unit"], told[column])
    return found


def slow_label(rows: list[Row], told: Row) -> str:
    natural = slow_grain(told["first"], told["last"])
    same = [
        other for other in rows if all(other[key] == told[key] for key in ("unit", "kind", "first"))
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
        {(told["kind"], slow_label(rows, told), told["first"], told["last"]) for told in rows}
    )
    ends = (periods[end].dt.date for end in ("period_from", "period_to"))
    assert sorted(zip(periods["kind"], periods["grain"], *ends, strict=True)) == slow

    for at, unit in enumerate(UNITS):
        of_unit = [
            told for told in rows if told["unit"] == unit and told.get("received") is not None
        ]
        newest = max(((told["last"], told["first"]) for told in of_unit), default=None)
        found = counts.newest_of(at)
        assert (found and (found[1].last, found[1].first)) == newest
        assert found is None or (found[0], found[2]) in {
            (told["kind"], told["received"])
            for told in of_unit
            if (told["last"], told["first"]) == newest
        }

    known, fresh = (
        counts.until(day),
        DossierCounts(frame([told for told in rows if told["last"] <= day]), UNITS),
    )
    asked = days(MONDAY, 20)
    assert np.array_equal(
        known.daily("received", asked), fresh.daily("received", asked), equal_nan=True
    )
    assert known.periods["units"].sum() <= counts.periods["units"].sum()
    shuffled = frame(rows).sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(DossierCounts(shuffled, UNITS).periods, counts.periods)


def test_evenings_of_a_unit_are_told_by_one_kind_of_source_only() -> None:
    rows = [
        row(unit, f"2026-10-{day}", kind="dossiers", open_overdue=day - 20)
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
    def key(told: Row) -> tuple[object, ...]:
        return told["unit"], told["kind"], told["first"], told["last"]

    before = {key(told): told for told in earlier}
    now = {key(told): told for told in later}
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

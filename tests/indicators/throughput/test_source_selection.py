"""Which source answers for a period, and that nothing is counted twice on the way to its sums."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators.throughput.counts import DossierCounts
from dashboard.indicators.throughput.periods import GRAINS
from dashboard.indicators.throughput.source_selection import PeriodFigures, select_period_figures
from dashboard.sources import read_file
from dashboard.workdays import WorkingDayCalendar
from tests.indicators.throughput.counting import MONDAY, UNITS, Row, frame, row, told_rows
from tests.indicators.throughput.test_counts import slow_label

WEEKDAYS = WorkingDayCalendar(frozenset(), frozenset())


def asked(
    rows: list[Row], first: str, last: str, units: tuple[str, ...] = UNITS
) -> PeriodFigures | None:
    return select_period_figures(
        DossierCounts(frame(rows), units),
        date.fromisoformat(first),
        date.fromisoformat(last),
        WEEKDAYS,
    )


def sure(rows: list[Row], first: str, last: str) -> PeriodFigures:
    figures = asked(rows, first, last)
    assert figures is not None
    return figures


def weekdays(unit: str, first: str, count: int, received: int) -> list[Row]:
    days = [date.fromisoformat(first) + timedelta(days=n) for n in range(count)]
    return [
        row(unit, day, source_kind="dossiers", received=received)
        for day in days
        if day.weekday() < 5
    ]


AUGUST = ("2026-08-01", "2026-08-31")
REPORT = row("00001", *AUGUST, "dossier_report", received=90, carried_over=30, resolved=70, open=20)


def test_days_answer_before_the_months_report_when_every_working_day_is_told() -> None:
    figures = sure([*weekdays("00001", "2026-08-01", 31, received=3), REPORT], *AUGUST)
    assert (figures.source_kind, figures.grain, figures.complete, figures.until) == (
        "dossiers",
        "day",
        True,
        date(2026, 8, 31),
    )
    assert figures.sums.at["00001", "received"] == 63, "the report's 90 are never added"
    rival = figures.alternative_sources.iloc[0]
    assert (rival["kind"], rival["grain"], rival["received"], rival["difference"]) == (
        "dossier_report",
        "month",
        90,
        -3,
    ), "30 of the report's 90 lay open before: the list tells three more"


def test_one_missing_working_day_leaves_the_answer_to_the_report() -> None:
    days = [
        day_row
        for day_row in weekdays("00001", "2026-08-01", 31, received=3)
        if day_row["first"] != date(2026, 8, 12)
    ]
    figures = sure([*days, REPORT], *AUGUST)
    assert (figures.source_kind, figures.grain, figures.sums.at["00001", "received"]) == (
        "dossier_report",
        "month",
        90,
    )
    assert figures.alternative_sources.empty, "what is not complete reconciles nothing"


def test_a_holiday_may_be_silent() -> None:
    days = [
        day_row
        for day_row in weekdays("00001", "2026-08-01", 31, received=3)
        if day_row["first"] != date(2026, 8, 12)
    ]
    holiday = WorkingDayCalendar(frozenset({date(2026, 8, 12)}), frozenset())
    figures = select_period_figures(
        DossierCounts(frame(days), UNITS), date(2026, 8, 1), date(2026, 8, 31), holiday
    )
    assert figures is not None
    assert figures.complete


def test_without_a_complete_source_the_one_that_reaches_furthest_says_until_when() -> None:
    days = weekdays("00001", "2026-08-01", 20, received=3)
    figures = sure([*days, row("00001", "2026-08-03", "2026-08-09", "weekly", received=9)], *AUGUST)
    assert (figures.source_kind, figures.complete, figures.until) == (
        "dossiers",
        False,
        date(2026, 8, 20),
    )
    assert asked(days, "2026-09-01", "2026-09-30") is None


def test_a_source_of_more_units_answers_before_a_finer_one_of_few() -> None:
    rows = weekdays("00001", "2026-08-01", 31, received=3)
    rows += [row(unit, *AUGUST, "portal_progress", received=60) for unit in UNITS]
    assert sure(rows, *AUGUST).source_kind == "portal_progress"


def test_what_a_list_still_holds_of_an_older_month_does_not_answer_for_it() -> None:
    """A list of November holds the dossiers of August that are still open, one on each day and in
    each commune.
    """
    remains = [
        day_row for unit in UNITS for day_row in weekdays(unit, "2026-08-01", 31, received=1)
    ]
    portal = [row(unit, *AUGUST, "portal_progress", received=900) for unit in UNITS]
    figures = sure([*remains, *portal], *AUGUST)
    assert (figures.source_kind, figures.sums["received"].sum()) == (
        "portal_progress",
        900 * len(UNITS),
    )
    assert figures.alternative_sources.empty, "what is not complete reconciles nothing"
    nearly = [
        day_row for unit in UNITS for day_row in weekdays(unit, "2026-08-01", 31, received=40)
    ]
    assert sure([*nearly, *portal], *AUGUST).source_kind == "dossiers", (
        "840 of 900 is another way of counting"
    )


def test_months_of_a_quarter_carry_over_once() -> None:
    rows = [
        row(
            "00001",
            first,
            last,
            "dossier_report",
            received=received,
            carried_over=carried,
            resolved=resolved,
            resolved_early=resolved,
            resolved_on_time=0,
            open=open_,
            open_in_term=open_,
            on_time_766=resolved + open_,
        )
        for first, last, received, carried, resolved, open_ in [
            ("2026-07-01", "2026-07-31", 110, 10, 90, 20),
            ("2026-08-01", "2026-08-31", 120, 20, 105, 15),
            ("2026-09-01", "2026-09-30", 95, 15, 90, 5),
        ]
    ]
    figures = sure(rows, "2026-07-01", "2026-09-30")
    sums = figures.sums.loc["00001"]
    assert (sums["received"], sums["received_new"], sums["carried_over"]) == (290, 280, 10)
    assert (sums["resolved"], sums["open"]) == (285, 5), (
        "received = resolved + open, for the quarter as for a month"
    )
    assert sums["on_time_766"] == 290, (
        "what is open in term in July is not on time a second time in August"
    )
    assert not figures.partial[0]


def test_a_unit_that_told_two_of_three_months_is_partial() -> None:
    months = [
        ("2026-07-01", "2026-07-31"),
        ("2026-08-01", "2026-08-31"),
        ("2026-09-01", "2026-09-30"),
    ]
    rows = [row("00001", *month, "portal_progress", received=5) for month in months]
    rows += [row("00002", *month, "portal_progress", received=5) for month in months[:2]]
    assert sure(rows, "2026-07-01", "2026-09-30").partial.tolist() == [False, True, False]


def test_days_whose_received_is_only_what_is_new_are_added_as_they_are() -> None:
    rows = [
        row(
            "00001",
            f"2026-08-0{day}",
            received=10,
            received_online=6,
            received_in_person=4,
            carried_over=carried,
        )
        for day, carried in [(3, 0), (4, 7), (5, 9)]
    ]
    sums = sure(rows, "2026-08-03", "2026-08-05").sums.loc["00001"]
    assert (sums["received"], sums["received_new"], sums["carried_over"]) == (30, 30, 0)


def test_stocks_are_those_of_the_last_day_if_need_be_from_another_source() -> None:
    days = [dict(day_row, open=9) for day_row in weekdays("00001", "2026-08-01", 31, received=3)]
    assert sure(days, *AUGUST).sums.at["00001", "open"] == 9
    silent = weekdays("00001", "2026-08-01", 31, received=3)
    assert sure([*silent, REPORT], *AUGUST).sums.at["00001", "open"] == 20
    assert np.isnan(sure(silent, *AUGUST).sums.at["00001", "open"])


def test_mean_days_are_weighted_by_what_was_resolved_else_received() -> None:
    rows = [
        row("00001", "2026-08-03", mean_days=2, resolved=30, received=1),
        row("00001", "2026-08-04", mean_days=10, resolved=10, received=1),
        row("00002", "2026-08-03", mean_days=8, received=40),
    ]
    figures = sure(rows, "2026-08-03", "2026-08-04")
    assert figures.sums.loc[["00001", "00002"], "mean_days"].tolist() == [4, 8]
    assert figures.totals()["mean_days"] == 6


def test_cumulative_snapshots_answer_for_the_month_between_them() -> None:
    rows = [
        row("00001", "2026-01-01", last, "report", received=received, carried_over=5)
        for last, received in [("2026-07-31", 705), ("2026-08-31", 815)]
    ]
    figures = sure(rows, *AUGUST)
    assert (figures.grain, figures.derived, figures.complete) == ("month", True, True)
    assert figures.sums.at["00001", "received"] == 110
    year = sure(rows, "2026-01-01", "2026-08-31")
    assert (year.grain, year.derived, year.sums.at["00001", "received"]) == (
        "cumulative",
        False,
        815,
    )


def test_a_month_in_which_a_snapshot_was_corrected_is_not_known_for_that_unit() -> None:
    def snapshots(unit: str, received: list[int]) -> list[Row]:
        return [
            row(unit, "2026-01-01", f"2026-07-{31 - n}", "report", received=count)
            for n, count in enumerate(reversed(received))
        ]

    rows = snapshots("00001", [700, 720, 590, 610]) + snapshots("00002", [700, 720, 740, 760])
    figures = sure(rows, "2026-07-29", "2026-07-31")
    assert np.array_equal(figures.sums["received"], [np.nan, 60, np.nan], equal_nan=True), (
        "40 is not what happened"
    )
    assert figures.partial.tolist() == [True, False, False]


def test_asked_for_one_kind_of_source_no_other_answers() -> None:
    counts = DossierCounts(frame([*weekdays("00001", "2026-08-01", 31, received=3), REPORT]), UNITS)
    first, last = (date.fromisoformat(day) for day in AUGUST)
    figures = select_period_figures(counts, first, last, WEEKDAYS, source_kind="dossier_report")
    assert figures is not None
    assert (figures.source_kind, figures.sums.at["00001", "received"]) == ("dossier_report", 90)
    assert (
        select_period_figures(counts, first, last, WEEKDAYS, source_kind="portal_progress") is None
    )


def test_snapshots_of_working_days_answer_for_a_week_with_its_weekend() -> None:
    rows = [
        row("00001", "2026-08-01", f"2026-08-{day:02}", "report", received=10 * day)
        for day in (2, 3, 4, 5, 6, 7, 9)
    ]
    figures = sure(rows, "2026-08-03", "2026-08-09")
    assert (figures.derived, figures.complete, figures.sums.at["00001", "received"]) == (
        True,
        True,
        70,
    )


def slow_inside(
    rows: list[Row], source_kind: str, grain: str, first: date, last: date
) -> list[Row]:
    """The rows of one source within a period, none of a unit over another; by unit and day."""
    own = [
        counts_row
        for counts_row in rows
        if counts_row["kind"] == source_kind and slow_label(rows, counts_row) == grain
    ]
    own = [
        counts_row
        for counts_row in own
        if first <= counts_row["first"] and counts_row["last"] <= last
    ]
    kept = []
    for unit in UNITS:
        reached = date.min
        for counts_row in sorted(
            (counts_row for counts_row in own if counts_row["unit"] == unit),
            key=lambda t: (t["first"], -t["last"].toordinal()),
        ):
            if counts_row["first"] > reached:
                kept.append(counts_row)
            reached = max(reached, counts_row["last"])
    return kept


def slow_complete(inside: list[Row], grain: str, first: date, last: date) -> bool:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if grain == "day":
        return all(
            day.weekday() >= 5 or any(counts_row["first"] == day for counts_row in inside)
            for day in days
        )
    covers = (
        [inside]
        if grain == "week"
        else [[counts_row for counts_row in inside if counts_row["unit"] == unit] for unit in UNITS]
    )
    return any(
        all(
            any(counts_row["first"] <= day <= counts_row["last"] for counts_row in some)
            for day in days
        )
        for some in covers
    )


def slow_sum(values: list[Any]) -> float:
    known_values = [value for value in values if value is not None]
    return float(sum(known_values)) if known_values else float("nan")


def slow_new(counts_row: Row) -> float | None:
    """The drawn rows tell only one channel, so the form's definition holds unless the online ones
    are all.
    """
    return (
        None
        if counts_row.get("received") is None
        else counts_row["received"] - (counts_row.get("carried_over") or 0)
    )


@settings(max_examples=40, deadline=None)
@given(told_rows(), st.integers(0, 8), st.integers(0, 13))
def test_the_answer_agrees_with_a_slow_search_through_all_rows(
    rows: list[Row], offset: int, length: int
) -> None:
    for counts_row in rows:
        # which leaves no doubt that received counts what was carried over
        counts_row["received_online"] = None
    first = MONDAY + timedelta(days=offset)
    last = first + timedelta(days=length)
    figures = select_period_figures(DossierCounts(frame(rows), UNITS), first, last, WEEKDAYS)
    sources = [(source_kind, grain) for source_kind in ("list", "report") for grain in GRAINS]
    inside = {source: slow_inside(rows, *source, first, last) for source in sources}
    complete = [
        source
        for source in sources
        if inside[source] and slow_complete(inside[source], source[1], first, last)
    ]
    if figures is None:
        assert not any(inside.values())
        return
    assert figures.complete or not complete
    if figures.derived:
        assert all(
            name not in figures.sums or (figures.sums[name].dropna() >= 0).all()
            for name in ("resolved", "digitised")
        )
        return
    assert not figures.complete or (figures.source_kind, figures.grain) in complete
    own = inside[figures.source_kind, figures.grain]
    assert figures.until == max(counts_row["last"] for counts_row in own)
    for unit in UNITS:
        mine = sorted(
            (counts_row for counts_row in own if counts_row["unit"] == unit),
            key=lambda counts_row: counts_row["first"],
        )
        expected = {
            name: slow_sum([counts_row.get(name) for counts_row in mine])
            for name in ("resolved", "e_result", "digitised")
        }
        expected["received_new"] = slow_sum([slow_new(counts_row) for counts_row in mine])
        expected["received"] = slow_sum(
            [
                counts_row.get("received") if counts_row is mine[0] else slow_new(counts_row)
                for counts_row in mine
            ]
        )
        expected["carried_over"] = slow_sum([mine[0].get("carried_over")] if mine else [])
        for name, value in expected.items():
            assert figures.sums.at[unit, name] == value or (
                np.isnan(value) and np.isnan(figures.sums.at[unit, name])
            ), name
    shuffled = select_period_figures(
        DossierCounts(frame(rows).sample(frac=1, random_state=3), UNITS), first, last, WEEKDAYS
    )
    assert shuffled is not None
    pd.testing.assert_frame_equal(shuffled.sums, figures.sums)
    totals = figures.totals()
    assert all(
        totals[name] == slow_sum([None if np.isnan(v) else v for v in figures.sums[name]])
        or np.isnan(totals[name])
        for name in ("received", "resolved", "open_in_term")
    )


@pytest.fixture(scope="module")
def progress(shared: Path) -> pd.DataFrame:
    """The portal's list of August 2026 as the store hands it over."""
    batch = read_file(
        shared / "published" / "phu_tho_2026-08_progress.csv", today=date(2026, 11, 22)
    )
    return batch.dossiers.rename(columns={"deciding_unit": "unit"}).assign(kind=batch.file_kind)


def test_the_published_month_of_phu_tho_is_reproduced_departments_apart(
    progress: pd.DataFrame,
) -> None:
    codes = progress["unit"].unique()
    communes = [code for code in codes if code.isdigit()]
    departments = [code for code in codes if not code.isdigit()]
    assert (len(communes), len(departments)) == (148, 15)
    of = [
        select_period_figures(
            DossierCounts(progress, units), date(2026, 8, 1), date(2026, 8, 31), WEEKDAYS
        )
        for units in (codes, communes, departments)
    ]
    all_of_it, of_communes, of_departments = (
        figures.totals() for figures in of if figures is not None
    )
    assert (all_of_it["received"], all_of_it["on_time_766"]) == (184513, 144625)
    assert round(all_of_it["on_time_766"] / all_of_it["received"], 4) == 0.7838
    for name in ("received", "on_time_766"):
        assert of_communes[name] + of_departments[name] == all_of_it[name]
    # The portal prints 7.05 for the province; weighted by what was received its own list gives
    # 7.29.
    assert round(all_of_it["mean_days"], 2) == 7.29


def test_the_report_of_quang_ngai_gives_its_printed_figures(shared: Path) -> None:
    file = "II.06a_quang_ngai_2026-10.xlsx"
    expected = json.loads((shared / "samples" / "expected.json").read_text(encoding="utf-8"))[file]
    batch = read_file(shared / "samples" / file, today=date(2026, 11, 22))
    counts = batch.dossiers.rename(columns={"deciding_unit": "unit"}).assign(kind=batch.file_kind)
    figures = select_period_figures(
        DossierCounts(counts, list(expected["communes"])),
        date(2026, 10, 1),
        date(2026, 10, 31),
        WEEKDAYS,
    )
    assert figures is not None
    assert (figures.source_kind, figures.grain, figures.complete) == (
        "dossier_report",
        "month",
        True,
    )
    totals = figures.totals()
    for name in (
        "received",
        "received_online",
        "carried_over",
        "resolved",
        "resolved_late",
        "open",
        "open_overdue",
    ):
        assert totals[name] == sum(commune[name] for commune in expected["communes"].values()), name
    assert totals["received_new"] == totals["received"] - totals["carried_over"]

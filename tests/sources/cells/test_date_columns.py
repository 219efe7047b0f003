"""Whole columns of days read at once give what each cell read alone gives. Day first or month first
is what a whole column says; a column turned round is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.sources.cells import days
from dashboard.sources.cells.date_columns import (
    HALF_DAY_ORDER,
    MIXED_ORDER,
    TURNED_ROUND,
    DateOrder,
    find_matching_cells,
    judge_date_order,
    read_moment_column,
)
from dashboard.sources.formats.sheet import Cell, Unreadable

FORMS = [
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
    "%d-%m-%Y %H:%M",
    "%d.%m.%Y",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d",
    "%Y/%m/%d %H:%M",
    "%H:%M %d/%m/%Y",
]
MOMENTS = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0)
)


def make_column(cells: Sequence[object]) -> np.ndarray:
    column = np.empty(len(cells), dtype=object)
    column[:] = cells
    return column


def one_by_one(cells: list[object]) -> list[object]:
    moments: list[object] = []
    for cell in cells:
        try:
            value = days.read_moment(cell)  # type: ignore[arg-type]
        except Unreadable:
            moments.append("unreadable")
        else:
            moments.append(None if value is None else value)
    return moments


def at_once(cells: list[object]) -> list[object]:
    moments, whole_days, bad = read_moment_column(make_column(cells))
    return [
        "unreadable" if wrong else None if np.isnat(value) else (value.item(), bool(is_day))
        for value, is_day, wrong in zip(moments, whole_days, bad, strict=True)
    ]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(MOMENTS, st.sampled_from(FORMS)), min_size=1, max_size=40))
def test_a_moment_reads_back_as_itself_in_any_form(written: list[tuple[datetime, str]]) -> None:
    cells: list[object] = [moment.strftime(form) for moment, form in written]
    moments, _, bad = read_moment_column(make_column(cells))
    assert not bad.any()
    assert [value.item() for value in moments] == [
        datetime.strptime(str(cell), form) for cell, (_, form) in zip(cells, written, strict=True)
    ]
    assert at_once(cells) == one_by_one(cells)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.text("0123456789/-.: TZhđ", max_size=20) | st.floats(30_000, 80_000) | st.none(),
        max_size=40,
    )
)
def test_what_is_no_moment_is_unreadable_alone_and_in_a_column(cells: list[object]) -> None:
    assert at_once(cells) == one_by_one(cells)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text("H48.-15", max_size=8) | st.just("H48.113") | st.just("H48"), max_size=60))
def test_a_column_of_codes_fits_where_each_code_fits(cells: list[str]) -> None:
    pattern = re.compile(r"[A-Z]\d{2}(?:\.\d{1,4})*")
    assert find_matching_cells(make_column(cells), pattern).tolist() == [
        bool(pattern.fullmatch(cell)) for cell in cells
    ]


@pytest.mark.parametrize(
    "cell", ["29/02/2025", "31/04/2026 08:00", "00/10/2026", "10/00/2026", "08/10/2026 24:00"]
)
def test_a_day_that_no_calendar_has_is_unreadable(cell: str) -> None:
    assert at_once([cell]) == ["unreadable"]


NOVEMBER = [date(2026, 11, day) for day in range(2, 28)]


def turn_round(day: date) -> Cell:
    """What a spreadsheet program in a US locale makes of `day`, typed day first."""
    if day.day <= 12:
        return datetime(day.year, day.day, day.month)
    return f"{day:%d/%m/%Y} 08:15:00"


def judge_at_once(cells: list[Cell]) -> DateOrder:
    order = DateOrder()
    read_moment_column(make_column(cells), order)
    return order


@given(st.lists(st.sampled_from(NOVEMBER), min_size=2, max_size=60))
def test_a_column_that_a_spreadsheet_turned_round_is_in_doubt(typed: list[date]) -> None:
    cells = [turn_round(day) for day in typed]
    has_both = len({isinstance(cell, str) for cell in cells}) == 2
    for order in (judge_date_order(cells), judge_at_once(cells)):
        doubt = order.find_doubt()
        if has_both:
            assert doubt is not None
            assert doubt[0] == TURNED_ROUND


@given(st.lists(st.dates(date(2025, 7, 1), date(2026, 12, 31)), min_size=1, max_size=60))
def test_days_written_day_first_are_never_in_doubt(typed: list[date]) -> None:
    for cells in (
        [f"{day:%d/%m/%Y}" for day in typed],
        [f"{day.day}/{day.month}/{day.year}" for day in typed],
    ):
        for order in (judge_date_order(cells), judge_at_once(list(cells))):
            assert order.find_doubt() is None
            assert not order.month_first


def test_a_column_that_can_only_be_month_first_is_read_so() -> None:
    cells: list[Cell] = [f"{day:%m/%d/%Y} 08:15" for day in NOVEMBER]
    order = judge_date_order(cells)
    assert order.month_first
    assert order.find_doubt() is None
    moments, _, unreadable = read_moment_column(make_column(cells), month_first=True)
    assert not unreadable.any()
    assert [moment.item().date() for moment in moments] == NOVEMBER


def test_one_slip_of_the_pen_does_not_turn_a_column() -> None:
    cells: list[Cell] = [f"{day:%d/%m/%Y}" for day in NOVEMBER[:9]]
    order = judge_date_order([*cells, "11/20/2026"])
    assert not order.month_first
    assert order.find_doubt() is not None  # nothing shows that the others are day first
    assert (
        judge_date_order(
            [
                *cells,
                "20/11/2026",
                "21/11/2026",
                "22/11/2026",
                "23/11/2026",
                "24/11/2026",
                "11/25/2026",
            ]
        ).find_doubt()
        is None
    )


def test_both_orders_in_one_column_are_refused() -> None:
    cells = [f"{day:%d/%m/%Y}" if day.day % 2 else f"{day:%m/%d/%Y}" for day in NOVEMBER]
    doubt = judge_date_order(cells).find_doubt()
    assert doubt is not None
    assert doubt[0] == MIXED_ORDER


def test_english_clocks_on_days_up_to_the_twelfth_do_not_say_the_order() -> None:
    doubt = judge_date_order(["03/11/2026 2:20 PM", "05/11/2026 9:30 AM"]).find_doubt()
    assert doubt is not None
    assert doubt[0] == HALF_DAY_ORDER
    assert judge_date_order(["03/11/2026 2:20 CH", "05/11/2026 9:30 SA"]).find_doubt() is None


@pytest.mark.parametrize("month", [3, 7, 11])
def test_days_of_one_month_that_became_one_day_of_many_months(month: int) -> None:
    turned: list[Cell] = [datetime(2026, day, month) for day in range(1, 13)]
    assert judge_date_order(turned).find_doubt() is not None
    real: list[Cell] = [datetime(2026, month, 1) + timedelta(days=step) for step in range(12)]
    assert judge_date_order(real).find_doubt() is None

"""Day first or month first is what a whole column says; a column turned round is refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.sources.cells import columns
from dashboard.sources.cells.date_order import (
    HALF_DAY_ORDER,
    MIXED_ORDER,
    TURNED_ROUND,
    DateOrder,
    judge_date_order,
)
from dashboard.sources.formats.sheet import Cell

NOVEMBER = [date(2026, 11, day) for day in range(2, 28)]


def turn_round(day: date) -> Cell:
    """What a spreadsheet program in a US locale makes of `day`, typed day first."""
    if day.day <= 12:
        return datetime(day.year, day.day, day.month)
    return f"{day:%d/%m/%Y} 08:15:00"


def judge_at_once(cells: list[Cell]) -> DateOrder:
    column = np.empty(len(cells), dtype=object)
    column[:] = cells
    order = DateOrder()
    columns.read_moment_column(column, order)
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
    column = np.empty(len(cells), dtype=object)
    column[:] = cells
    moments, _, unreadable = columns.read_moment_column(column, month_first=True)
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

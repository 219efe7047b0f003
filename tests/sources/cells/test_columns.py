"""Whole columns read at once give what each cell read alone gives."""

from __future__ import annotations

import re
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.sources.cells import columns, days
from dashboard.sources.formats.sheet import Unreadable

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


def column(cells: list[object]) -> np.ndarray:
    found = np.empty(len(cells), dtype=object)
    found[:] = cells
    return found


def one_by_one(cells: list[object]) -> list[object]:
    told: list[object] = []
    for cell in cells:
        try:
            value = days.read_moment(cell)  # type: ignore[arg-type]
        except Unreadable:
            told.append("unreadable")
        else:
            told.append(None if value is None else value)
    return told


def at_once(cells: list[object]) -> list[object]:
    found, whole_days, bad = columns.read_moment_column(column(cells))
    return [
        "unreadable" if wrong else None if np.isnat(value) else (value.item(), bool(is_day))
        for value, is_day, wrong in zip(found, whole_days, bad, strict=True)
    ]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(MOMENTS, st.sampled_from(FORMS)), min_size=1, max_size=40))
def test_a_moment_reads_back_as_itself_in_any_form(told: list[tuple[datetime, str]]) -> None:
    cells: list[object] = [moment.strftime(form) for moment, form in told]
    found, _, bad = columns.read_moment_column(column(cells))
    assert not bad.any()
    assert [value.item() for value in found] == [
        datetime.strptime(str(c), f) for c, (_, f) in zip(cells, told, strict=True)
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
    assert columns.find_matching_cells(column(list(cells)), pattern).tolist() == [
        bool(pattern.fullmatch(cell)) for cell in cells
    ]


@pytest.mark.parametrize(
    "cell", ["29/02/2025", "31/04/2026 08:00", "00/10/2026", "10/00/2026", "08/10/2026 24:00"]
)
def test_a_day_that_no_calendar_has_is_unreadable(cell: str) -> None:
    assert at_once([cell]) == ["unreadable"]

"""One reader of moments for all kinds of file: every way of writing one, and never a guess."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.sources.cells import date_columns, days
from dashboard.sources.formats.sheet import Unreadable

AFTERNOON = datetime(2026, 11, 3, 14, 20)


@pytest.mark.parametrize(
    "written",
    [
        "03/11/2026 2:20:00 CH",
        "03/11/2026 02:20 PM",
        "2:20 CH 03/11/2026",
        "3/11/26 14:20",
        "03-Thg11-26 14:20",
        "03 Tháng Mười Một 2026 14:20:00",
        "3-Nov-2026 14h20",
        "14 giờ 20 phút ngày 03/11/2026",
        "14:20 ngày 3 tháng 11 năm 2026",
        "2026-11-03T07:20:00Z",
        "2026-11-03 14:20:00+07:00",
        "2026-11-03T07:20:00.000+00:00",
        "Thứ ba, 03/11/2026 14:20",
        "03/11/2026 14:20:00 - 4 ngày (Đã quá hạn 2 giờ)",
        "03/11/2026 14:20 (Còn 3 ngày)",
        "'03/11/2026 14:20",
        "20261103142000",
        "20261103T1420",
        "1793690400000",
    ],
)
def test_a_moment_reads_the_same_in_each_of_its_ways(written: str) -> None:
    assert days.read_moment(written) == (AFTERNOON, False)
    assert days.read_log_moment(written) == AFTERNOON
    assert days.read_day(written) == AFTERNOON.date()


@pytest.mark.parametrize(
    ("written", "hour"),
    [("12:05 SA", 0), ("12:05 CH", 12), ("8:05 SA", 8), ("08:05 sáng", 8), ("8:05 tối", 20)],
)
def test_the_halves_of_a_day_in_vietnamese(written: str, hour: int) -> None:
    moment = days.read_moment(f"09/11/2026 {written}")
    assert moment == (datetime(2026, 11, 9, hour, 5), False)


def test_a_moment_of_another_zone_is_the_local_day() -> None:
    assert days.read_day("2026-11-03T20:00:00Z") == date(2026, 11, 4)


@pytest.mark.parametrize(
    "written",
    [
        "11/13/2026",
        "14:20 SA 03/11/2026",
        "03/11/2026 25:00",
        "03/11/2026 - 10/11/2026",
        "03/11/2026 (gia hạn 10/11/2026)",
        "03/11/2026 theo giấy hẹn",
        "12:05 tối 03/11/2026",
        "03-Foo-26",
    ],
)
def test_what_may_mean_another_day_is_no_day(written: str) -> None:
    with pytest.raises(Unreadable):
        days.read_moment(written)


WAYS = (
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %I:%M:%S CH",
    "%d-Thg%m-%y",
    "%d/%m/%y %H:%M",
    "%Y-%m-%dT%H:%M:%SZ",
    "%d/%m/%Y %H:%M - 3 ngày",
    "%m/%d/%Y",
    "%Y-%m-%dZ%H:%M",
)


@given(
    st.lists(
        st.tuples(
            st.datetimes(datetime(2016, 1, 1), datetime(2034, 1, 1)), st.sampled_from(WAYS)
        ).map(lambda drawn: drawn[0].strftime(drawn[1])),
        min_size=1,
        max_size=30,
    )
)
def test_a_column_reads_each_cell_as_the_cell_alone(cells: list[str]) -> None:
    column = np.empty(len(cells), dtype=object)
    column[:] = cells
    moments, are_days, unreadable = date_columns.read_moment_column(column)
    for cell, moment, is_day, is_bad in zip(cells, moments, are_days, unreadable, strict=True):
        try:
            alone = days.read_moment(cell)
        except Unreadable:
            assert is_bad
        else:
            assert not is_bad
            assert alone == (moment.item(), bool(is_day))

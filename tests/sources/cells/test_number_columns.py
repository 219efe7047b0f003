"""Units, decimal marks and eaten thousands: what a column of numbers says as a whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.sources.cells import number_columns, values
from dashboard.sources.formats.sheet import Cell, Unreadable


@pytest.mark.parametrize(
    ("heading", "scale"),
    [
        ("Tốc độ (Mbps)", 1),
        ("Tốc độ", 1),
        ("Hạ tầng mạng > Tốc độ (Kbps)", 0.001),
        ("Băng thông, kb/s", 0.001),
        ("Tốc độ (Gbps)", 1000),
        ("Tốc độ (MB/s)", None),
        ("download_kbps", 0.001),
        ("download_bps", 0.000001),
        ("Download (bytes/s)", None),
    ],
)
def test_a_heading_says_the_unit_of_a_speed(heading: str, scale: float | None) -> None:
    assert number_columns.find_speed_scale(heading) == scale


@pytest.mark.parametrize(
    ("cell", "mbps"),
    [
        ("9.800 Kbps", 9.8),
        ("1 Gbps", 1000),
        ("85,5 Mbps", 85.5),
        ("85,5", 85.5),
        ("9 800 kbit/s", 9.8),
        ("0.087 Gbps", 87),
    ],
)
def test_a_speed_takes_the_unit_that_stands_beside_it(cell: str, mbps: float) -> None:
    assert values.read_speed(cell) == pytest.approx(mbps)


@pytest.mark.parametrize(
    ("heading", "cells", "is_doubtful"),
    [
        ("Download", [9_800.0, 8_200.0, 95.0], True),
        ("Download", ["9800", "8200"], True),
        ("Download", [50_000.0, 95.0, 90.0], True),
        ("Tốc độ (Mbps)", [9_800.0, 8_200.0], False),
        ("Tốc độ", [1_000.0, 1_000.0, 300.0], False),
        ("Tốc độ", ["1000 Mbps", "9800 Kbps", "-"], False),
        ("Tốc độ", [], False),
    ],
)
def test_speeds_without_a_unit_that_no_commune_has_are_kilobits(
    heading: str, cells: list[Cell], is_doubtful: bool
) -> None:
    assert bool(number_columns.find_doubt_of_bare_speeds(heading, cells)) is is_doubtful


@pytest.mark.parametrize("cell", ["82%", "12 MB/s", "8.204", "nhanh"])
def test_what_is_no_certain_speed_is_refused(cell: str) -> None:
    with pytest.raises(Unreadable):
        values.read_speed(cell)


@pytest.mark.parametrize(
    ("heading", "titles"),
    [
        ("Số hồ sơ tiếp nhận (nghìn hồ sơ)", ()),
        ("Đã cấp (%)", ()),
        ("Số hồ sơ", ("Đơn vị tính: nghìn hồ sơ",)),
        ("Số hồ sơ", ("ĐVT: 1.000 hồ sơ",)),
    ],
)
def test_counts_in_thousands_or_percent_are_no_counts(
    heading: str, titles: tuple[str, ...]
) -> None:
    assert number_columns.find_unit_doubt_of_counts(heading, titles) is not None


def test_a_plain_unit_of_counts_is_no_doubt() -> None:
    assert number_columns.find_unit_doubt_of_counts("Số hồ sơ", ("Đơn vị tính: hồ sơ",)) is None


@given(st.lists(st.integers(0, 3000), min_size=3, max_size=40))
def test_thousands_that_a_locale_ate_make_the_column_doubtful(counts: list[int]) -> None:
    eaten: list[Cell] = [count / 1000 if count >= 1000 else float(count) for count in counts]
    doubt = number_columns.find_doubt_of_counts(eaten)
    if any(count >= 1000 and count % 100 for count in counts):
        assert doubt is not None
    assert number_columns.find_doubt_of_counts([float(count) for count in counts]) is None


def test_shares_in_a_column_of_counts_are_not_read_as_counts() -> None:
    assert number_columns.find_doubt_of_counts([1.0, 0.7, 1.0, 0.55]) is not None


def test_small_numbers_beside_texts_of_thousands_are_not_read() -> None:
    cells: list[Cell] = [1.0, "1.234", 2.0, "2.640"]
    assert number_columns.has_doubtful_small_numbers(cells)
    with pytest.raises(Unreadable):
        values.read_count(1.0, doubts_below=number_columns.SMALL)
    assert not number_columns.has_doubtful_small_numbers(["1.234", 860.0, 12.0])


def test_three_decimals_are_decided_by_the_column() -> None:
    assert number_columns.uses_decimal_point_in_speeds(["8.104", "8.296", "93.411"])
    assert number_columns.uses_decimal_point_in_speeds(["8.104", "8.29"])
    assert not number_columns.uses_decimal_point_in_speeds(["1.000", "300"])
    assert number_columns.find_doubt_of_speeds(["8.104", "2.000"]) is not None
    assert number_columns.find_doubt_of_speeds(["1.000", "300"]) is None


@pytest.mark.parametrize("written", ["498 (*)", "498*", "498¹", "498 (**)"])
def test_a_footnote_mark_behind_a_number_is_passed_over(written: str) -> None:
    assert values.read_count(written) == 498
    with pytest.raises(Unreadable):
        values.read_count("498 (3)")  # three of them are something

"""Any number, flag, rating or day, written in any of its ways, reads back as itself; the rest is
refused.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.sources.cells import days, values
from dashboard.sources.formats.sheet import Unreadable

DAYS = st.dates(date(2000, 1, 2), date(2099, 12, 30))
SPACES = st.sampled_from(["", " ", "\u00a0", "  ", "\t"])


def grouped(number: int, mark: str) -> str:
    return f"{number:,}".replace(",", mark)


@given(st.integers(0, 9_999_999), st.sampled_from([".", ",", " ", "\u00a0", ""]), SPACES, SPACES)
def test_a_count_reads_back_from_any_grouping(
    number: int, mark: str, before: str, after: str
) -> None:
    assert values.read_count(before + grouped(number, mark) + after) == number
    assert values.read_count(number) == values.read_count(float(number)) == number


@given(
    st.integers(0, 99_999_999),
    st.integers(1, 2),
    st.sampled_from(["", ".", " "]),
    st.sampled_from(["", " Mbps", "%", " %"]),
)
def test_a_decimal_reads_back_with_its_comma(
    number: int, digits: int, mark: str, unit: str
) -> None:
    value = number / 10**digits
    units, part = divmod(number, 10**digits)
    assert values.read_decimal(f"{grouped(units, mark)},{part:0{digits}d}{unit}") == pytest.approx(
        value
    )
    assert values.read_decimal(value) == value


@given(st.decimals(0, 9999, places=3, allow_nan=False))
def test_a_column_that_shows_decimal_points_keeps_them(number: Any) -> None:
    assert values.uses_decimal_point(["7.32", str(number)])
    assert values.read_decimal(str(number), point=True) == pytest.approx(float(number))


def test_a_lone_group_of_thousands_is_not_a_decimal() -> None:
    assert values.read_decimal("1.234") == values.read_count("1.234") == 1234
    assert values.read_decimal("1.234.567,5") == 1_234_567.5
    assert values.read_decimal("1,234.5") == 1234.5
    assert not values.uses_decimal_point(["1.234", "67,9"])


def test_a_dash_is_zero_and_a_blank_is_not_known() -> None:
    for dash in ("-", " - ", "–", "—"):
        assert values.read_count(dash) == values.read_decimal(dash) == values.read_flag(dash) == 0
    for blank in ("", None, "   ", "\u00a0"):
        for read in (
            values.read_count,
            values.read_decimal,
            values.read_flag,
            values.read_rating,
            days.read_day,
        ):
            assert read(blank) is None


@given(
    DAYS,
    st.sampled_from(
        [
            "{0.day}/{0.month}/{0.year}",
            "{0:%d/%m/%Y}",
            "{0:%d-%m-%Y}",
            "{0:%d.%m.%Y}",
            "{0:%Y-%m-%d}",
            "{0:%Y-%m-%d} 00:00:00",
            "{0:%d/%m/%Y} 16:05",
            " {0:%d/%m/%Y}\u00a0",
            "ngày {0.day} tháng {0.month} năm {0.year}",
        ]
    ),
)
def test_a_day_reads_back_from_any_spelling(day: date, way: str) -> None:
    assert days.read_day(way.format(day)) == day
    assert days.read_day(day) == days.read_day(datetime.combine(day, time(9, 30))) == day


@given(DAYS.filter(lambda day: day > date(2000, 1, 1)))
def test_a_day_reads_back_from_its_excel_serial(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert (
        days.read_day(float(serial))
        == days.read_day(serial + 0.6875)
        == days.read_day(str(serial))
        == day
    )


@given(st.dates(date(2025, 7, 1), date(2026, 12, 31)).filter(lambda day: day.day > 12))
def test_a_month_first_day_is_refused_never_turned_round(day: date) -> None:
    with pytest.raises(Unreadable):
        days.read_day(f"{day:%m/%d/%Y}")
    assert days.read_day("03/07/2025") == date(2025, 7, 3)


def case_and_form(word: str) -> list[str]:
    forms = [word, word.upper(), word.capitalize(), f" {word} ", f"{word}\u00a0", f"{word}."]
    return forms + [unicodedata.normalize("NFD", form) for form in forms]


@pytest.mark.parametrize(
    ("words", "value"),
    [(["đạt", "có", "x"], 1), (["không đạt", "chưa đạt", "không", "chưa", "0"], 0)],
)
def test_a_flag_reads_in_any_case_and_form(words: list[str], value: int) -> None:
    assert {values.read_flag(form) for word in words for form in case_and_form(word)} == {value}
    assert (
        values.read_flag(True),
        values.read_flag(False),
        values.read_flag(1.0),
        values.read_flag("0"),
    ) == (1, 0, 1, 0)


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("198 (95,2%)", 198),
        ("1.198 (95.2 %)", 1198),
        ("4’410", 4410),
        ("207 (HS)", 207),
        ("6 đ/c", 6),
        ("12 thiết bị", 12),
    ],
)
def test_a_count_reads_with_its_share_or_unit_beside_it(cell: str, count: int) -> None:
    assert values.read_count(cell) == count


@pytest.mark.parametrize("cell", ["95,2%", "(95,2%)", "12 (3)", "12 (hỏng 2)"])
def test_a_share_alone_or_another_number_beside_is_no_count(cell: str) -> None:
    with pytest.raises(Unreadable):
        values.read_count(cell)


@pytest.mark.parametrize(
    ("cell", "value"),
    [("☑ Có  ☐ Không", 1), ("☐ Có; ☒ Không", 0), ("□ Đạt ■ Không đạt", 0), ("☑", 1), ("☐", 0)],
)
def test_the_ticked_box_of_a_cell_counts(cell: str, value: int) -> None:
    assert values.read_flag(cell) == value


@pytest.mark.parametrize("cell", ["☐ Có ☐ Không", "☑ Có ☑ Không"])
def test_no_box_or_two_say_nothing(cell: str) -> None:
    with pytest.raises(Unreadable):
        values.read_flag(cell)
    assert values.read_rating("☐ Xanh ☒ Vàng ☐ Đỏ") == 1


@pytest.mark.parametrize(
    ("word", "value"), [("xanh", 2), ("vàng", 1), ("đỏ", 0), ("mức xanh", 2), ("\u00d0ỏ", 0)]
)
def test_a_rating_reads_in_any_case_and_form(word: str, value: int) -> None:
    assert {values.read_rating(form) for form in case_and_form(word)} == {value}


@pytest.mark.parametrize(
    ("read", "cell"),
    [
        (values.read_count, "abc"),
        (values.read_count, "-5"),
        (values.read_count, -1.0),
        (values.read_count, "1,5"),
        (values.read_count, 2.5),
        (values.read_count, "1.2.3"),
        (values.read_count, True),
        (values.read_count, "5/7"),
        (values.read_count, "#N/A"),
        (values.read_count, time(3, 0)),
        (values.read_decimal, "85 km"),
        (values.read_decimal, "mười"),
        (values.read_decimal, timedelta(1)),
        (values.read_flag, "có lúc"),
        (values.read_flag, 2.0),
        (values.read_rating, "xanh lá"),
        (values.read_rating, 3.0),
        (days.read_day, "31/02/2025"),
        (days.read_day, "hôm qua"),
        (days.read_day, "7/2025"),
        (days.read_day, 12.0),
        (days.read_day, 1e9),
        (days.read_day, True),
    ],
)
def test_what_is_not_certain_is_refused_with_a_remedy(
    read: Callable[[Any], Any], cell: Any
) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(cell)
    assert refusal.value.remedy.startswith("hãy")


@given(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from([float("nan"), float("inf")]),
        st.floats(),
        st.integers(),
        st.booleans(),
        st.datetimes(),
        st.times(),
        st.none(),
    )
)
def test_no_cell_whatever_breaks_a_reader(cell: Any) -> None:
    for read in (
        values.read_count,
        values.read_decimal,
        values.read_flag,
        values.read_rating,
        days.read_day,
        values.read_words,
    ):
        try:
            value = read(cell)
        except Unreadable:
            continue
        assert value is None or value == value, "never NaN"


@pytest.mark.parametrize(
    "cell", [1e9, 10**12, "1000000000", "999.999.999.999", "1 000 000 000", "12345678901234567"]
)
def test_a_count_that_no_province_has_is_refused_before_it_reaches_the_store(cell: Any) -> None:
    with pytest.raises(Unreadable) as refused:
        values.read_count(cell)
    assert refused.value.remedy.startswith("hãy")
    assert values.read_count("999.999.999") == 999_999_999


@pytest.mark.parametrize(
    ("cell", "may"),
    [
        ("mười", True),
        ("85 km", True),
        ("12/13", True),
        (-5.0, True),
        ("Nguyễn Thị Bí Mật", False),
        ("NGUYEN BI", False),
        ("Bí Mật, 1975", False),
        ("ThônKínMítXãSơnHàQuảngNgãi", False),
        ("", False),
        (None, False),
    ],
)
def test_what_may_be_a_person_in_the_wrong_column_is_not_quoted(cell: Any, may: bool) -> None:
    assert values.is_quotable(cell) is may
    if isinstance(cell, str):
        assert values.is_quotable(unicodedata.normalize("NFD", cell)) is may

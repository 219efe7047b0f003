"""Words and numbers leave the program in one way, and two spellings of a name are one name."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import reference, text

NAMES = reference.load_communes()["bare_name"].unique().tolist()
# The letter that carries the tone differs between the old and the new way of writing.
OLD_PLACEMENT = {
    "òa": "oà",
    "óa": "oá",
    "ỏa": "oả",
    "õa": "oã",
    "ọa": "oạ",
    "ùy": "uỳ",
    "ủy": "uỷ",
    "úy": "uý",
}


@pytest.mark.parametrize(
    ("spelling", "other_spelling"),
    [
        ("Hoà Bình", "Hòa Bình"),
        ("Thuỷ", "THỦY"),
        ("Ðăk Hà", "Đăk Hà"),
        ("Bình\u00a0Sơn", "  bình   sơn "),
        (unicodedata.normalize("NFD", "Ba Tơ"), "Ba Tơ"),
    ],
)
def test_two_spellings_of_one_name_have_one_key(spelling: str, other_spelling: str) -> None:
    assert text.make_spelling_key(spelling) == text.make_spelling_key(other_spelling)


@pytest.mark.parametrize(
    ("name", "other_name"), [("Sơn Hà", "Sơn Hạ"), ("Ba Tơ", "Ba Tô"), ("Đắk", "Dắk"), ("Mỹ", "My")]
)
def test_names_that_differ_in_a_tone_or_letter_stay_apart(name: str, other_name: str) -> None:
    assert text.make_spelling_key(name) != text.make_spelling_key(other_name)


@given(st.sampled_from(NAMES), st.sampled_from(["NFC", "NFD"]), st.booleans(), st.booleans())
def test_any_commune_in_any_spelling_has_its_own_key(
    name: str, form: str, upper: bool, old: bool
) -> None:
    written = name
    if old:
        for new_way, old_way in OLD_PLACEMENT.items():
            written = written.replace(new_way, old_way)
    written = unicodedata.normalize(form, written.upper() if upper else written)  # type: ignore[arg-type]
    assert text.make_spelling_key(f" {written}\u00a0") == text.make_spelling_key(name)


def test_names_sort_by_the_vietnamese_alphabet() -> None:
    names = [
        "Đăk Hà",
        "Ea Súp",
        "Dục Nông",
        "Âu Cơ",
        "Ăn",
        "An Phú",
        "Ba Tô",
        "Ba Tơ",
        "Sơn Hạ",
        "Sơn Hà",
        "Tú",
        "Tu",
    ]
    assert sorted(names, key=text.make_sort_key) == [
        "An Phú",
        "Ăn",
        "Âu Cơ",
        "Ba Tô",
        "Ba Tơ",
        "Dục Nông",
        "Đăk Hà",
        "Ea Súp",
        "Sơn Hà",
        "Sơn Hạ",
        "Tu",
        "Tú",
    ]


def test_searching_without_tones_uses_plain_letters() -> None:
    assert text.strip_tones("Đắk Tô") == "dak to"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (text.format_number(1_234_567.5, 1), "1.234.567,5"),
        (text.format_number(None), "chưa có dữ liệu"),
        (text.format_percent(0.5135), "51,4%"),
        (text.format_percent(float("nan")), "không phát sinh"),
        (text.format_share(76, of=148), "76/148 (51,4%)"),
        (text.format_share(0, of=0), "0/0"),
        (text.format_day(date(2025, 7, 3)), "03/07/2025"),
        (text.format_moment(datetime(2025, 7, 13, 16)), "16:00 13/07/2025"),
        (text.format_moment(datetime(2025, 7, 13)), "13/07/2025"),
        (text.format_age(0), "hôm nay"),
        (text.format_age(1), "hôm qua"),
        (text.format_age(1200), "1.200 ngày trước"),
    ],
)
def test_figures_are_written_the_vietnamese_way(written: str, expected: str) -> None:
    assert written == expected

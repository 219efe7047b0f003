"""Names and codes as offices write them lead to the commune that is meant, or to nobody."""

from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import names, reference, text

CODES = sorted(reference.load_communes().index)
OFFICES = (
    "",
    "UBND ",
    "ubnd ",
    "Ủy ban nhân dân ",
    "Uỷ ban nhân dân ",
    "Trung tâm Phục vụ hành chính công ",
    "TTPVHCC ",
)
TAILS = ("", " - Tỉnh {}", ", tỉnh {}", " (tỉnh {})", ", {}", " - {}", " - TP. {}")


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("UBND xã Hạ Hòa", "Hạ Hòa"),
        ("UBND Phường Việt Trì", "Việt Trì"),
        ("XÃ SƠN TỊNH", "SƠN TỊNH"),
        ("UBND xã Lâm Thao - Tỉnh Phú Thọ", "Lâm Thao"),
        ("Trung tâm Phục vụ hành chính công xã Kim Bôi, tỉnh Phú Thọ", "Kim Bôi"),
        ("HĐND & UBND xã Ia O", "Ia O"),
        ("P.Việt Trì", "Việt Trì"),
        ("ĐẶC KHU LÝ SƠN (Quảng Ngãi)", "LÝ SƠN"),
        ("xã Ba\u00a0Tơ", "Ba Tơ"),
        ("Xa Dung", "Xa Dung"),  # a commune of Điện Biên, not "xã Dung"
        ("Phường Lang Biang - Đà Lạt - Lâm Đồng", "Lang Biang - Đà Lạt"),
        ("", ""),
    ],
)
def test_office_kind_and_province_are_no_part_of_a_name(written: str, bare: str) -> None:
    assert names.extract_bare_name(written) == bare


def test_every_commune_is_found_by_its_full_and_its_bare_name() -> None:
    for code, name, bare, province in reference.load_communes()[
        ["name", "bare_name", "province_code"]
    ].itertuples(name=None):
        assert names.match_commune(province, None, name) == names.CommuneMatch(code)
        assert names.match_commune(province, None, bare) == names.CommuneMatch(code)


@settings(deadline=None)
@given(
    st.sampled_from(CODES),
    st.sampled_from(OFFICES),
    st.sampled_from(TAILS),
    st.booleans(),
    st.booleans(),
)
def test_every_usual_spelling_of_a_name_finds_its_commune(
    code: str, office: str, tail: str, capitals: bool, decomposed: bool
) -> None:
    row = reference.load_communes().loc[code]
    written = (
        office + row["name"] + tail.format(reference.shorten_province_name(row["province_name"]))
    )
    written = written.upper() if capitals else written
    written = unicodedata.normalize("NFD" if decomposed else "NFC", written).replace("Đ", "\u00d0")
    assert names.match_commune(row["province_code"], None, written).code == code


@settings(deadline=None)
@given(
    st.sampled_from(CODES), st.sampled_from(["{}", "'{}", " {} ", "{}.0", "{},00"]), st.booleans()
)
def test_a_code_survives_numbers_and_lost_zeros(code: str, written: str, as_number: bool) -> None:
    province = reference.load_communes().at[code, "province_code"]
    value = float(code) if as_number else written.format(code.lstrip("0"))
    assert names.match_commune(province, value, None).code == code


@settings(deadline=None)
@given(st.text(max_size=40))
def test_no_text_makes_matching_fail(written: str) -> None:
    match = names.match_commune("51", written, written)
    assert match.code is None or match.code in reference.select_communes_of_province("51").index


@settings(deadline=None)
@given(st.sampled_from(CODES))
def test_stripping_what_is_no_name_twice_changes_nothing(code: str) -> None:
    once = names.extract_bare_name(reference.load_communes().at[code, "name"])
    assert names.extract_bare_name(once) == once


def test_names_that_differ_in_a_tone_are_two_communes() -> None:
    for name, other_name in (("Sơn Hà", "Sơn Hạ"), ("Ba Tơ", "Ba Tô")):
        assert (
            names.match_commune("51", None, name).code
            != names.match_commune("51", None, other_name).code
        )


def test_a_name_without_tones_is_asked_back_not_guessed() -> None:
    match = names.match_commune("51", None, "Son Ha")
    assert match.code is None
    assert match.candidates[:2] == ("Xã Sơn Hà", "Xã Sơn Hạ")


def test_a_small_l_for_a_capital_i_is_understood_where_only_one_commune_fits() -> None:
    assert names.match_commune("51", None, "la Chim") == names.match_commune("51", None, "Ia Chim")
    # La Bằng in Thái Nguyên is no Ia Bằng.
    assert (
        reference.load_communes().at[names.match_commune("19", None, "La Bằng").code, "name"]
        == "Xã La Bằng"
    )


def test_both_places_of_a_tone_are_one_name() -> None:
    assert (
        names.match_commune("25", None, "xã Hạ Hoà").code
        == names.match_commune("25", None, "xã Hạ Hòa").code
        is not None
    )


def test_code_wins_over_name_and_the_difference_is_mentioned() -> None:
    match = names.match_commune("51", 21025, "Ba Tơ")
    assert match.code == "21025"
    assert "Phường Cẩm Thành" in str(match.note)
    assert "Ba Tơ" in str(match.note)


def test_a_code_of_another_province_gives_way_to_the_name() -> None:
    match = names.match_commune("51", "00004", "Ba Tơ")
    assert reference.load_communes().at[match.code, "name"] == "Xã Ba Tơ"
    assert "00004" in str(match.note)


def test_a_name_from_before_july_2025_is_told_apart_and_not_guessed() -> None:
    former = next(
        name
        for name in ("Nghĩa Dũng", "Nghĩa Dõng", "Nghĩa Hà")
        if names.make_name_key(name) not in names.index_codes_by_key("51")
    )
    match = names.match_commune("51", None, f"xã {former}")
    assert match.code is None
    assert match.former_of == ("Xã An Phú",)
    assert "01/07/2025" in str(match.note)


def test_names_within_a_province_are_unambiguous() -> None:
    for province in reference.load_province_names():
        assert len(names.index_codes_by_key(province)) == len(
            reference.select_communes_of_province(province)
        )


def test_the_province_is_told_by_the_names_in_a_file() -> None:
    for province in reference.load_province_names():
        assert (
            names.find_province_of_names(reference.select_communes_of_province(province)["name"])
            == province
        )
    assert names.find_province_of_names(["Nơi Không Có"]) is None


@pytest.mark.parametrize("written", ["Tỉnh Phú Thọ", "phú thọ", "PHÚ THỌ", "tỉnh Phú\u00a0Thọ"])
def test_a_province_is_found_with_and_without_its_kind(written: str) -> None:
    assert names.find_province_named(written) == "25"


def test_nearest_names_are_few_and_best_first() -> None:
    near = names.suggest_nearest_names("Sơn Tịn", "51")
    assert near[0] == "Xã Sơn Tịnh"
    assert len(near) <= 3
    assert text.make_spelling_key(near[0]) != names.make_name_key(near[0])


def _write_in_odd_ways(name: str) -> list[str]:
    """A commune's official name as systems, lists and former spellings print it."""
    prefix = next(word for word in ("Phường", "Đặc khu", "Xã") if name.startswith(word))
    bare = name.removeprefix(prefix).strip()
    return [
        f"5. {name}",
        f"12) {name}",
        f"{bare} ({prefix.lower()})",
        f"{name} (1)",
        f"{name}¹",
        f"{name} (*)",
        f"Bộ phận TN&TKQ {prefix.lower()} {bare}",
        f"UBND {prefix.lower()} {bare.replace(' ', '')}",
        f"{name} ({bare})",
        f"07 - {name}",
        f"- {name}",
        f"a) {name}",
        f'"{name}"',
        f"“{bare}”",
        f"TT {bare}",
        name.upper().replace(" ", "  "),
        name.replace("ỹ", "ĩ").replace("ý", "í") if "uý" not in name else name,
        name.replace("Đắk", "Đak"),
        name.replace("Đắk", "Đăk"),
    ]


@pytest.mark.heavy
def test_an_odd_spelling_of_any_commune_is_that_commune_or_none() -> None:
    """Every third way for each commune, other ones for the next."""
    frame = reference.load_communes()
    tried = unread = 0
    for at, (code, name, province) in enumerate(
        zip(frame.index, frame["name"], frame["province_code"], strict=True)
    ):
        for written in _write_in_odd_ways(name)[at % 3 :: 3]:
            read = names.match_commune(province, None, written).code
            assert read in (code, None), (written, read)
            tried += 1
            unread += read is None
    # two syllables with a tone each, written as one word, are left to a person
    assert unread < 0.06 * tried


def test_a_former_unit_is_never_taken_for_a_commune_by_a_loose_spelling() -> None:
    frame = reference.load_communes()
    official = {
        province: {names.make_name_key(name) for name in rows["name"]}
        for province, rows in frame.groupby("province_code")
    }
    for province, rows in frame.groupby("province_code"):
        for part in {part for parts in rows["formed_from"] for part in parts.split("; ") if part}:
            former = names.extract_former_name(part)
            if names.make_name_key(former) not in official[province]:
                assert names.match_commune(province, None, former).code is None, former


def test_a_former_unit_is_never_another_commune_of_its_name() -> None:
    """But for those whose whole name, kind and all, an official one of today repeats."""
    frame = reference.load_communes()
    for province, rows in frame.groupby("province_code"):
        became: dict[str, set[str]] = {}
        for code, parts in rows["formed_from"].items():
            for part in filter(None, parts.split("; ")):
                became.setdefault(names.extract_former_name(part), set()).add(str(code))
        for former, codes in became.items():
            read = names.match_commune(province, None, former).code
            is_todays = read is not None and text.make_spelling_key(
                rows.at[read, "name"]
            ) == text.make_spelling_key(former)
            assert read is None or read in codes or is_todays, (former, read)


def test_a_name_with_another_province_behind_it_is_none_of_this_one() -> None:
    frame = reference.load_communes()
    province_names = reference.load_province_names()
    twins = frame[frame["name"].duplicated(keep=False)].groupby("name")["province_code"]
    checked = 0
    for name, provinces in twins:
        for here, there in itertools.permutations(provinces, 2):
            for tail in (f" - tỉnh {province_names[there]}", f" ({province_names[there]})"):
                assert names.match_commune(here, None, name + tail).code is None
                assert names.match_commune(there, None, name + tail).code is not None
                checked += 1
        if checked > 400:
            break


def test_a_name_that_may_have_lost_its_marks_is_asked_back() -> None:
    assert names.match_commune("79", None, "thanh an").code is None
    frame = reference.load_communes()[::50]
    for code, name, province in zip(
        frame.index, frame["name"], frame["province_code"], strict=True
    ):
        for written in (text.strip_tones(name), text.strip_tones(names.extract_bare_name(name))):
            assert names.match_commune(province, None, written).code in (code, None)
    assert names.match_commune("79", None, "Xã Thanh An").code is not None


@pytest.mark.parametrize("name", ["Thị trấn Châu Ổ", "Xã Tịnh Hà", "Xã Sơn Hạ"])
def test_a_code_beside_the_name_of_another_unit_is_not_believed(name: str) -> None:
    assert not names.may_be_name_of_code("51", "21040", name)
    assert names.may_be_name_of_code("51", "21040", "Xã Bình Sơm")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Xã Ngọc Réo", "23515"),
        ("Xã Ngọc Tụ", "23428"),
        ("Xã Ngọk Linh", "23365"),
        ("UBND xã Đắc Tô", "23401"),
        ("Xã Đắc Hà", "23500"),
        ("Xã Ngọc Reo", None),
    ],
)
def test_names_of_the_highlands_end_in_k_or_c(written: str, code: str | None) -> None:
    assert names.match_commune("51", None, written).code == code


@pytest.mark.parametrize(
    "written",
    [
        "Tỉnh Quảng Ngãi / UBND xã Bình Sơn / Trung tâm PVHCC",
        "UBND tỉnh Quảng Ngãi > UBND xã Bình Sơn",
        "Huyện Bình Sơn » Xã Bình Sơn",
        "② Xã Bình Sơn",
        "Trung tâm PV HCC xã Bình Sơn",
        "TT PV HCC xã Bình Sơn",
    ],
)
def test_where_an_office_belongs_is_no_part_of_its_name(written: str) -> None:
    assert names.match_commune("51", name=written).code == "21040"


@pytest.mark.parametrize("written", ["Xã Bình Sơn / Xã Sơn Tịnh", "Tỉnh Quảng Ngãi / Sở Nội vụ"])
def test_two_units_or_none_in_a_path_are_no_commune(written: str) -> None:
    assert names.match_commune("51", name=written).code is None

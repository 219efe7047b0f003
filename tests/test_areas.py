"""Parts of the sample provinces: every commune in one former province and one former district."""

from __future__ import annotations

import pytest

from dashboard import reference
from dashboard.areas import FORMER_DISTRICT, Area, find_former_district, list_areas_of_province

SIZES = {
    "51": {"Quảng Ngãi (cũ)": 56, "Kon Tum (cũ)": 40},
    "52": {"Bình Định (cũ)": 58, "Gia Lai (cũ)": 77},
    "25": {"Hòa Bình (cũ)": 46, "Vĩnh Phúc (cũ)": 36, "Phú Thọ (cũ)": 66},
}


def _area(province: str, name: str) -> Area:
    return next(area for area in list_areas_of_province(province) if area.name == name)


@pytest.mark.parametrize("province", SIZES)
@pytest.mark.parametrize("area_kind", ["former_province", FORMER_DISTRICT])
def test_every_commune_is_in_exactly_one(province: str, area_kind: str) -> None:
    areas = [area for area in list_areas_of_province(province) if area.kind == area_kind]
    codes = [code for area in areas for code in area.communes]
    assert sorted(codes) == sorted(reference.select_communes_of_province(province).index)
    if area_kind == "former_province":
        assert {area.name: len(area.communes) for area in areas} == SIZES[province]


def test_border_and_island_communes_are_those_that_sources_name() -> None:
    names = reference.load_communes()["name"]
    assert len(_area("51", "Biên giới").communes) == 9
    assert {names[code] for code in _area("52", "Biên giới").communes} == {
        *("Xã Ia Mơ", "Xã Ia Púch", "Xã Ia Pnôn", "Xã Ia Nan"),
        *("Xã Ia Dom", "Xã Ia Chia", "Xã Ia O"),
    }
    assert {names[code] for code in _area("51", "Hải đảo").communes} == {"Đặc khu Lý Sơn"}


def test_mountains_are_kon_tum_and_five_districts() -> None:
    mountains = _area("51", "Miền núi").communes
    assert _area("51", "Kon Tum (cũ)").communes < mountains
    assert _area("51", "Huyện Ba Tơ (cũ)").communes < mountains
    assert not mountains & _area("51", "Huyện Mộ Đức (cũ)").communes


def test_each_says_its_source_and_has_an_address_of_its_own() -> None:
    for province in SIZES:
        areas = list_areas_of_province(province)
        assert all(area.source and area.communes for area in areas)
        assert len({area.code for area in areas}) == len(areas)


def test_most_of_the_former_units_decide() -> None:
    assert find_former_district("Xã A (Huyện X); Xã B (Huyện Y); Xã C (Huyện Y)") == "Huyện Y"
    assert find_former_district("") == ""

"""Communes are found without tones, by former names and codes, also where no script runs."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from dashboard import reference
from dashboard.web.documents import commune_names
from dashboard.web.search.page import search_communes


def names(query: str, province: str = "51") -> list[str]:
    return [
        str(reference.load_communes().at[code, "name"])
        for code, _ in search_communes(province, query)
    ]


def test_tones_need_not_be_typed_but_count_where_they_are() -> None:
    assert names("son ha")[:2] == ["Xã Sơn Hà", "Xã Sơn Hạ"]
    # former units come last
    assert search_communes("51", "son ha")[2:] == [("21319", "Xã Sơn Hải")]
    assert names("sơn hạ") == ["Xã Sơn Hạ"]
    assert names("SƠN  HÀ") == ["Xã Sơn Hà"]


def test_a_former_unit_leads_to_what_it_became() -> None:
    (hit,) = search_communes("51", "Phường Chánh Lộ")
    assert hit == ("21025", "Phường Chánh Lộ")


def test_digits_are_looked_for_in_codes() -> None:
    assert search_communes("51", "21548") == [("21548", "")]


@pytest.mark.parametrize("query", ["", "   ", "́", "zzzz", "%", "'--"])
def test_what_fits_nothing_finds_nothing(query: str) -> None:
    assert search_communes("51", query) == []


def test_the_only_match_is_gone_to_at_once(pages: FlaskClient) -> None:
    answer = pages.get("/tim?q=ly+son&province=51&as_of=2026-11-20")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/xa/21548?province=51&as_of=2026-11-20"


def test_several_matches_are_a_list_and_none_looks_further_than_the_province(
    pages: FlaskClient,
) -> None:
    page = pages.get("/tim?q=son+ha").text
    assert "3 đơn vị khớp" in page
    assert 'href="/xa/21289?province=51"' in page
    assert pages.get("/tim?q=Ia+Hrung").headers["Location"].endswith("?province=52")
    assert (
        "Không có xã, phường, đặc khu, đơn vị cũ hay mã nào khớp" in pages.get("/tim?q=zzzz").text
    )
    assert pages.get("/tim").status_code == 200


def test_the_browsers_list_has_every_commune_and_is_kept_for_good(pages: FlaskClient) -> None:
    answer = pages.get(commune_names.build_names_address("51"))
    communes = answer.get_json()["communes"]
    assert len(communes) == 96
    assert communes[[c[0] for c in communes].index("21025")][:3] == [
        "21025",
        "Phường Cẩm Thành",
        "Phường Nghĩa Chánh",
    ]
    assert "immutable" in answer.headers["Cache-Control"]
    assert pages.get("/api/state?province=51").get_json()[
        "names"
    ] == commune_names.build_names_address("51")

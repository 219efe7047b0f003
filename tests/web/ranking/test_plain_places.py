"""/xep-hang by plain places in the whole province, and by parts of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from flask.testing import FlaskClient

from dashboard import reference, store
from dashboard.areas import list_areas_of_province
from dashboard.settings import Settings
from dashboard.web.ranking import plain_places
from dashboard.web.server import create_app
from tests import making
from tests.indicators.throughput.test_places_before import AUGUST, JULY, WHOLE, of
from tests.web.ranking.test_words import NAMES, told

BA_TO = next(area for area in list_areas_of_province("51") if area.code == "huyen-ba-to").communes
LOWLAND = "21025"  # Phường Nghĩa Lộ


@pytest.fixture
def client(settings: Settings) -> Iterator[FlaskClient]:
    """Ba Tơ's communes resolve 40 of 100 electronically, one lowland commune 90 of 100; another
    has all of three.
    """
    engine = store.open_store(settings.database_url)
    span = {"first": date(2026, 10, 1), "last": date(2026, 10, 31)}
    reported = [(code, 100, 40) for code in sorted(BA_TO)] + [(LOWLAND, 100, 90), ("21028", 3, 3)]
    rows = making.dossiers(
        {"unit": code, **span, "received": resolved, "resolved": resolved, "e_result": e_result}
        for code, resolved, e_result in reported
    )
    store.save_batch(
        engine,
        making.batch(
            "bieu",
            dossiers=rows,
            file_kind="dossier_report",
            period=(span["first"], span["last"]),
        ),
        by="test",
    )
    yield create_app(settings).server.test_client()
    engine.dispose()


def _read_words(client: FlaskClient, query: str) -> str:
    html = client.get(f"/xep-hang?province=51&period=2026-10&by=e_result{query}").get_data(
        as_text=True
    )
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_mountain_stands_against_lowland_and_before_against_after(client: FlaskClient) -> None:
    words = _read_words(client, "")
    assert "Miền núi 8/64 320/800 (40,0%)" in words
    assert "Đồng bằng, ven biển, đảo 2/32 93/103 (90,3%)" in words
    assert "Huyện Ba Tơ (cũ) 8/8 320/800 (40,0%)" in words
    assert "Kon Tum (cũ) 0/40 chưa có dữ liệu" in words


def test_first_in_the_province_by_the_plain_rate_needs_enough_dossiers(client: FlaskClient) -> None:
    words = _read_words(client, "").partition("Tỷ lệ cao nhất cả tỉnh")[2]
    name = reference.load_communes().at[LOWLAND, "name"]
    assert f"1 {name} 90/100 (90,0%)" in words
    assert "3/3 (100,0%)" not in words.partition("Theo vùng")[0]


def test_lists_are_narrowed_to_a_part_and_places_stay(client: FlaskClient) -> None:
    words = _read_words(client, "&area=huyen-ba-to")
    assert "Chỉ hiện Huyện Ba Tơ (cũ): 8/96 đơn vị" in words
    rows = client.get("/xep-hang?province=51&period=2026-10&by=e_result&area=huyen-ba-to").get_data(
        as_text=True
    )
    listed = set(re.findall(r'<tr data-key="(\d{5})"', rows))
    assert listed
    assert listed <= BA_TO
    assert "Chỉ hiện" not in _read_words(client, "&area=nowhere")


def test_counts_are_ranked_as_newspapers_print_them_and_silence_has_no_place() -> None:
    dossiers_told = of([told("00001", AUGUST, 200, 0), told("00002", AUGUST, 200, 0)], WHOLE)
    rows = plain_places.list_ranks_by_count(dossiers_told, NAMES, "received", "best")
    assert [(row["place"], row["count"]) for row in rows] == [
        ("1/2", "200"),
        ("1/2", "200"),
        ("–", "chưa có dữ liệu"),
    ]
    assert [row["word"] for row in plain_places.list_top_communes(dossiers_told, NAMES)] == [
        "Tiếp nhận"
    ], "of the others nobody told"
    assert plain_places.list_top_communes(of([], WHOLE), NAMES) == []


def test_who_had_no_rank_before_neither_gained_nor_lost() -> None:
    dossiers_told = of(
        [
            told("00001", AUGUST, 300, 0),
            told("00002", AUGUST, 200, 0),
            told("00003", AUGUST, 100, 0),
            told("00002", JULY, 100, 0),
            told("00003", JULY, 200, 0),
        ],
        WHOLE,
    )
    for order in ("gained", "lost"):
        rows = plain_places.list_ranks_by_count(dossiers_told, NAMES, "received", order)
        assert rows[-1]["code"] == "00001", order

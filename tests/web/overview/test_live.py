"""What an open page is told: the state with its version, nothing where nothing changed, maps by
fingerprint, days as letters and lengths.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import brotli
import numpy as np
import pandas as pd
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sqlalchemy import Engine

from dashboard import store
from dashboard.batch import Batch
from dashboard.settings import Settings
from dashboard.web import bundles
from dashboard.web.overview.live import encode_level_runs, encode_replay
from dashboard.web.overview.words import WEAK_LIST_CODE
from dashboard.web.server import create_app
from dashboard.web.words.explain import LETTERS
from tests import making

DAY = date(2026, 11, 20)


@pytest.fixture
def stored(settings: Settings) -> Iterator[Engine]:
    """A store of 96 communes of which one is green, one red, and 94 never reported."""
    engine = store.prepare_store(settings.database_url)
    declared = [
        making.declaration("21250", DAY),
        making.declaration("21028", DAY, network_stable=0),
    ]
    for number, readings in enumerate(declared):
        as_of = datetime(2026, 11, 20, 16)
        store.save_batch(
            engine, making.batch(f"b{number}", readings=readings, as_of=as_of), by="test"
        )
    yield engine
    engine.dispose()


@pytest.fixture
def client(stored: Engine, settings: Settings) -> FlaskClient:
    return create_app(settings).server.test_client()


def state(client: FlaskClient, query: str = "province=51", **headers: str) -> dict[str, Any]:
    answer = client.get(f"/api/state?{query}", headers=headers)
    assert answer.status_code == 200
    content: dict[str, Any] = answer.get_json()
    return content


def test_map_and_table_can_be_narrowed_to_the_weak_list(client: FlaskClient) -> None:
    shown_state = state(client)
    line = shown_state["weak_list"]
    assert line["title"] == "1 đơn vị trong danh sách yếu"
    assert [shown_state["codes"][index] for index in line["communes"]] == ["21028"]
    assert "signal=weak_list" in client.get("/to-cong-tac?province=51").text
    assert state(client, "province=01")["weak_list"] is None
    assert "signal=weak_list" not in client.get("/to-cong-tac?province=01").text
    written = (bundles.WEB / "overview" / "address.js").read_text()
    assert f"|{WEAK_LIST_CODE})$/" in written, "the address may hold it"


def test_the_counts_add_up_to_the_communes(client: FlaskClient) -> None:
    shown_state = state(client)
    assert len(shown_state["codes"]) == 96
    for layer in shown_state["layers"].values():
        assert sum(layer["counts"].values()) == 96
        assert len(layer["levels"]) == len(layer["text"]) == len(layer["sort"]) == 96
    assert shown_state["layers"]["overall"]["counts"] == {
        "green": 1,
        "yellow": 0,
        "red": 1,
        "unknown": 94,
        "stale": 0,
    }


def test_every_commune_that_is_not_green_says_why(client: FlaskClient) -> None:
    shown_state = state(client)
    for level, reasons in zip(
        shown_state["layers"]["overall"]["levels"], shown_state["reasons"], strict=True
    ):
        assert bool(reasons) == (level != "g")
    red = shown_state["reasons"][shown_state["codes"].index("21028")]
    assert red == [
        "▲ Đường truyền: không, thiếu từ 20/11/2026, 2 ngày (cần có; tự kê khai 20/11/2026)"
    ]


def test_headlines_carry_denominator_and_age(client: FlaskClient) -> None:
    shown_state = state(client)
    green = next(figure for figure in shown_state["headline"] if figure["id"] == "green")
    assert (green["value"], green["note"]) == (
        "1/96",
        "94 chưa báo cáo · 0/1 đơn vị mức Xanh đã kiểm tra",
    )
    assert shown_state["data_as_of"] == "tính đến 16:00 20/11/2026"


def test_a_province_without_any_file_is_unknown_never_nought_percent(client: FlaskClient) -> None:
    shown_state = state(client, "province=01")
    assert shown_state["layers"]["overall"]["counts"]["unknown"] == 126
    shown = {figure["id"]: (figure["value"], figure["share"]) for figure in shown_state["headline"]}
    assert shown["green"] == shown["received"] == shown["on_time"] == ("chưa có dữ liệu", "")
    assert shown_state["data_as_of"] == ""
    assert shown_state["notice"] == "Chưa nạp tệp nào của Hà Nội; đã có số liệu: Quảng Ngãi"


def test_a_past_day_shows_what_was_known_then(client: FlaskClient) -> None:
    shown_state = state(client, "province=51&as_of=2026-11-19")
    assert shown_state["layers"]["overall"]["counts"]["unknown"] == 96
    assert (shown_state["as_of"], shown_state["live"]) == ("2026-11-19", False)


def test_nothing_is_sent_where_nothing_changed(client: FlaskClient, stored: Engine) -> None:
    first = client.get("/api/state?province=51")
    headers = {"If-None-Match": first.headers["ETag"]}
    unchanged = client.get("/api/state?province=51", headers=headers)
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    store.save_batch(
        stored, making.batch("new", readings=making.declaration("21025", DAY)), by="test"
    )
    changed = client.get("/api/state?province=51", headers=headers)
    assert changed.status_code == 200
    assert changed.get_json()["version"] == first.get_json()["version"] + 1


def test_a_tag_that_a_proxy_weakened_is_still_known(client: FlaskClient) -> None:
    tag = client.get("/api/state?province=51").headers["ETag"]
    assert (
        client.get("/api/state?province=51", headers={"If-None-Match": f"W/{tag}"}).status_code
        == 304
    )


def test_the_answer_to_another_address_is_never_taken_for_unchanged(client: FlaskClient) -> None:
    headers = {"If-None-Match": client.get("/api/state?province=51").headers["ETag"]}
    for query in ("province=52", "province=51&as_of=2026-11-20"):
        assert client.get(f"/api/state?{query}", headers=headers).status_code == 200


def test_the_state_travels_compressed_and_small(client: FlaskClient) -> None:
    answer = client.get("/api/state?province=51", headers={"Accept-Encoding": "br"})
    assert answer.headers["Content-Encoding"] == "br"
    assert brotli.decompress(answer.data).startswith(b"{")
    assert len(answer.data) < 25_000


@pytest.mark.parametrize(
    "query", ["province=99", "province=' OR 1=1", "as_of=9999-99-99", "province[]=51", "x=" * 900]
)
def test_hostile_addresses_show_the_default_view(client: FlaskClient, query: str) -> None:
    assert state(client, query)["province"] == "51"


def test_the_map_is_served_by_its_fingerprint_for_ever(client: FlaskClient) -> None:
    address = state(client)["map"]
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert "immutable" in answer.headers["Cache-Control"]
    assert set(re.findall(r'data-commune="(\d{5})"', answer.text)) == set(state(client)["codes"])


@pytest.mark.parametrize(
    "address", ["/map/51-000000000000.svg", "/map/99-1.svg", "/map/../app.py", "/map/51-.svg"]
)
def test_any_other_map_address_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_schematic_outlines_are_named_as_such(client: FlaskClient) -> None:
    assert state(client)["outline_note"] == "Ranh giới dạng sơ đồ, không phải địa giới"


def test_simulated_figures_are_named_until_the_first_real_file(settings: Settings) -> None:
    engine = store.prepare_store(settings.database_url)
    simulated = making.batch("s", readings=making.declaration("21025", DAY), origin="simulated")
    store.save_batch(engine, simulated, by="test")
    client = create_app(settings).server.test_client()
    assert state(client)["notice"].startswith("Số liệu mô phỏng")
    store.save_batch(
        engine, making.batch("real", readings=making.declaration("21250", DAY)), by="test"
    )
    assert state(client)["notice"] == ""
    engine.dispose()


def saved(settings: Settings, *batches: Batch) -> FlaskClient:
    """A dashboard over a store with just these batches."""
    engine = store.prepare_store(settings.database_url)
    for batch in batches:
        store.save_batch(engine, batch, by="test")
    engine.dispose()
    return create_app(settings).server.test_client()


def figures(shown_state: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {figure["id"]: figure for figure in shown_state["headline"]}


def test_when_everything_is_too_old_no_headline_says_nought(settings: Settings) -> None:
    old = date(2026, 9, 1)
    shown_state = state(
        saved(settings, making.batch("old", readings=making.declaration("21250", old)))
    )
    for name in ("green", "network", "digital_signature", "devices"):
        assert figures(shown_state)[name]["value"] == "số liệu đã cũ"
        assert figures(shown_state)[name]["note"] == "95 chưa báo cáo · 1 số liệu cũ"
    assert "số liệu đã cũ" in shown_state["layers"]["overall"]["title"]


def test_few_or_no_dossiers_is_not_called_silence(settings: Settings) -> None:
    rows = [{"unit": "21250", "first": DAY, "received": 5, "on_time_766": 5}]
    rows.append({"unit": "21028", "first": DAY, "received": 0, "on_time_766": 0})
    shown_state = state(saved(settings, making.batch("few", dossiers=making.dossiers(rows))))
    layer = shown_state["layers"]["on_time"]
    assert layer["words"] == {"unknown": "Không xếp màu"}
    assert (
        layer["title"] == "Đúng hạn tháng 11/2026 đến 20/11 theo Bộ chỉ số 766: "
        "chưa đơn vị nào đủ 30 hồ sơ để xếp màu"
    )
    words = dict(zip(shown_state["codes"], layer["text"], strict=True))
    assert words["21250"] == "5/5 (100,0%), ít hồ sơ nên không xếp màu"
    assert words["21028"] == "không phát sinh"
    assert words["21025"] == "chưa có dữ liệu"


def test_the_province_is_communes_and_departments_and_each_stands_beside_it(
    settings: Settings,
) -> None:
    agencies = making.agencies([("H48.01", "Sở Công Thương", "department", None)])
    rows = [
        {
            "unit": "21250",
            "first": DAY,
            "received": 80,
            "on_time_766": 60,
            "open_in_term": 8,
            "open_overdue": 2,
        },
        {"unit": "H48.01", "first": DAY, "received": 20, "on_time_766": 20},
    ]
    shown_state = state(
        saved(settings, making.batch("both", agencies=agencies, dossiers=making.dossiers(rows)))
    )
    shown = figures(shown_state)
    assert shown["received"]["value"] == "100"
    assert shown["received"]["note"].startswith("cấp xã 80, sở, ngành 20; đến")
    assert shown["on_time"]["value"] == "80,00%"
    assert "cấp xã 75,0%, sở, ngành 100,0%; 80/100 hồ sơ" in shown["on_time"]["note"]
    assert "mới 1/96 đơn vị" in shown["on_time"]["note"]
    assert shown["on_time"]["under"] == (
        "tháng 11/2026 đến 20/11 · 1/96 đơn vị · Đang quá hạn: 2"
    ), "of which days a rate is stands under it, not behind the question mark alone"
    assert shown["overdue"]["note"].startswith("cấp xã; trên 10 hồ sơ đang giải quyết")


def test_the_panel_says_who_told_what_is_missing_and_whose_rules_apply(settings: Settings) -> None:
    short = making.declaration("21250", DAY, scanner_needed=4, scanner_available=3, network_mbps=30)
    rating = making.readings([("21250", "self_rating", 2, "declared", DAY)])
    visited = making.readings([("21250", "network_stable", 0, "verified", DAY)])
    readings = pd.concat([short, rating, visited], ignore_index=True)
    shown_state = state(saved(settings, making.batch("one", readings=readings)))
    index = shown_state["codes"].index("21250")
    assert shown_state["own"][index] == "Tự đánh giá: Xanh (20/11/2026)"
    assert shown_state["way"][index] == [
        "Khắc phục: đường truyền (rồi phúc tra), tốc độ mạng từ 30 lên 50 Mbps",
        "Mua sắm: +1 máy scan",
    ]
    assert shown_state["sources"][index] == [
        "tự kê khai 20/11/2026: 12 tiêu chí",
        "kiểm tra 20/11/2026: Đường truyền",
    ]
    assert shown_state["rules"].startswith("Tiêu chí và ngưỡng: ")
    assert any(
        "xanh từ 50 Mbps, đỏ dưới 20 Mbps" in reason for reason in shown_state["reasons"][index]
    )


def read_back(written: str) -> str:
    return "".join(letter * int(times) for letter, times in re.findall(r"([a-z])(\d+)", written))


@given(arrays(np.int8, st.integers(0, 40), elements=st.integers(0, 4)))
def test_what_is_written_reads_back_the_same(level: np.ndarray) -> None:
    assert read_back(encode_level_runs(level)) == "".join(LETTERS[number] for number in level)


def test_only_layers_that_the_map_shows_travel() -> None:
    level = np.zeros((2, 3), dtype=np.int8)
    replay = encode_replay(
        {"overall": level, "network": level, "staff": level}, ["1", "2"], date(2026, 1, 1)
    )
    assert set(replay["layers"]) == {"overall", "network"}
    assert (replay["first"], replay["days"], replay["layers"]["overall"]) == (
        "2026-01-01",
        3,
        ["r3", "r3"],
    )


def test_a_restless_year_of_a_large_province_stays_below_forty_kilobytes() -> None:
    random = np.random.default_rng(7)
    # Every commune changes its level every tenth day in each layer: far more than any province
    # does.
    layers = {
        name: np.repeat(random.integers(0, 5, (168, 37), dtype=np.int8), 10, axis=1)
        for name in ("overall", "network", "digital_signature", "devices")
    }
    codes = [f"{code:05d}" for code in range(168)]
    body = json.dumps(
        encode_replay(layers, codes, date(2026, 1, 1)), separators=(",", ":")
    ).encode()
    assert len(brotli.compress(body, quality=9)) <= 40_000

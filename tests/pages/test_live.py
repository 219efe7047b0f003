"""What an open page is told: the state with its version, nothing where nothing changed, maps by fingerprint."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import brotli
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from dashboard import store
from dashboard.server import create_app
from dashboard.settings import Settings
from tests import making

DAY = date(2026, 11, 20)


@pytest.fixture
def stored(settings: Settings) -> Iterator[Engine]:
    """A store of 96 communes of which one is green, one red, and 94 never reported."""
    engine = store.open_store(settings.database_url)
    told = [making.declaration("21250", DAY), making.declaration("21028", DAY, network_stable=0)]
    for place, readings in enumerate(told):
        as_of = datetime(2026, 11, 20, 16)
        store.save(engine, making.batch(f"b{place}", readings=readings, as_of=as_of), by="test")
    yield engine
    engine.dispose()


@pytest.fixture
def client(stored: Engine, settings: Settings) -> FlaskClient:
    return create_app(settings).server.test_client()


def state(client: FlaskClient, query: str = "province=51", **headers: str) -> dict[str, Any]:
    answer = client.get(f"/api/state?{query}", headers=headers)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def test_the_counts_add_up_to_the_communes(client: FlaskClient) -> None:
    told = state(client)
    assert len(told["codes"]) == 96
    for layer in told["layers"].values():
        assert sum(layer["counts"].values()) == 96
        assert len(layer["levels"]) == len(layer["text"]) == len(layer["sort"]) == 96
    assert told["layers"]["overall"]["counts"] == {"green": 1, "yellow": 0, "red": 1, "unknown": 94, "stale": 0}


def test_every_commune_that_is_not_green_says_why(client: FlaskClient) -> None:
    told = state(client)
    for level, reasons in zip(told["layers"]["overall"]["levels"], told["reasons"], strict=True):
        assert bool(reasons) == (level != "g")
    red = told["reasons"][told["codes"].index("21028")]
    assert red == ["▲ Đường truyền: không (cần có; tự kê khai 20/11/2026)"]


def test_headlines_carry_denominator_and_age(client: FlaskClient) -> None:
    told = state(client)
    green = next(figure for figure in told["headline"] if figure["id"] == "green")
    assert (green["value"], green["note"]) == ("1/96", "94 chưa báo cáo")
    assert told["data_as_of"] == "tính đến 16:00 20/11/2026"


def test_a_province_without_any_file_is_unknown_never_nought_percent(client: FlaskClient) -> None:
    told = state(client, "province=01")
    assert told["layers"]["overall"]["counts"]["unknown"] == 126
    shown = {figure["id"]: (figure["value"], figure["share"]) for figure in told["headline"]}
    assert shown["green"] == shown["received"] == shown["on_time"] == ("chưa có dữ liệu", "")
    assert told["data_as_of"] == told["notice"] == ""


def test_a_past_day_shows_what_was_known_then(client: FlaskClient) -> None:
    told = state(client, "province=51&as_of=2026-11-19")
    assert told["layers"]["overall"]["counts"]["unknown"] == 96
    assert (told["as_of"], told["live"]) == ("2026-11-19", False)


def test_nothing_is_sent_where_nothing_changed(client: FlaskClient, stored: Engine) -> None:
    first = client.get("/api/state?province=51")
    known = {"If-None-Match": first.headers["ETag"]}
    unchanged = client.get("/api/state?province=51", headers=known)
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    store.save(stored, making.batch("new", readings=making.declaration("21025", DAY)), by="test")
    changed = client.get("/api/state?province=51", headers=known)
    assert changed.status_code == 200
    assert changed.get_json()["version"] == first.get_json()["version"] + 1


def test_the_answer_to_another_address_is_never_taken_for_unchanged(client: FlaskClient) -> None:
    known = {"If-None-Match": client.get("/api/state?province=51").headers["ETag"]}
    for query in ("province=52", "province=51&as_of=2026-11-20"):
        assert client.get(f"/api/state?{query}", headers=known).status_code == 200


def test_the_state_travels_compressed_and_small(client: FlaskClient) -> None:
    answer = client.get("/api/state?province=51", headers={"Accept-Encoding": "br"})
    assert answer.headers["Content-Encoding"] == "br"
    assert brotli.decompress(answer.data).startswith(b"{")
    assert len(answer.data) < 25_000


@pytest.mark.parametrize("query", ["province=99", "province=' OR 1=1", "as_of=9999-99-99", "province[]=51", "x=" * 900])
def test_hostile_addresses_show_the_default_view(client: FlaskClient, query: str) -> None:
    assert state(client, query)["province"] == "51"


def test_the_map_is_served_by_its_fingerprint_for_ever(client: FlaskClient) -> None:
    address = state(client)["map"]
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert "immutable" in answer.headers["Cache-Control"]
    assert set(re.findall(r'data-commune="(\d{5})"', answer.text)) == set(state(client)["codes"])


@pytest.mark.parametrize("address", ["/map/51-000000000000.svg", "/map/99-1.svg", "/map/../app.py", "/map/51-.svg"])
def test_any_other_map_address_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_schematic_outlines_are_named_as_such(client: FlaskClient) -> None:
    assert state(client)["outline_note"] == "Ranh giới sơ đồ"


def test_simulated_figures_are_named_until_the_first_real_file(settings: Settings) -> None:
    engine = store.open_store(settings.database_url)
    simulated = making.batch("s", readings=making.declaration("21025", DAY), origin="simulated")
    store.save(engine, simulated, by="test")
    client = create_app(settings).server.test_client()
    assert state(client)["notice"].startswith("Số liệu mô phỏng")
    store.save(engine, making.batch("real", readings=making.declaration("21250", DAY)), by="test")
    assert state(client)["notice"] == ""
    engine.dispose()

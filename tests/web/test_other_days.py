"""Other days of the first page: the replay's files by their tags, and what changed since a chosen
day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from dashboard import store
from dashboard.settings import Settings
from dashboard.web.overview import state
from dashboard.web.server import create_app
from tests import making

FIRST = date(2026, 1, 10)
SECOND = date(2026, 11, 20)


@pytest.fixture
def stored(settings: Settings) -> Iterator[Engine]:
    """One commune green in January, red in November; the others never reported."""
    engine = store.prepare_store(settings.database_url)
    for name, day, changed in (("a", FIRST, {}), ("b", SECOND, {"network_stable": 0.0})):
        readings = making.declaration("21250", day, **changed)
        as_of = datetime(day.year, day.month, day.day, 16)
        store.save_batch(engine, making.batch(name, readings=readings, as_of=as_of), by="test")
    yield engine
    engine.dispose()


@pytest.fixture
def client(stored: Engine, settings: Settings) -> FlaskClient:
    return create_app(settings).server.test_client()


def test_the_years_together_have_every_day_since_the_first_and_are_kept_for_ever(
    client: FlaskClient,
) -> None:
    shown_state = client.get("/api/state?province=51").get_json()
    years = [client.get(address) for address in shown_state["days"]]
    assert [year.get_json()["first"] for year in years] == ["2025-07-01", "2026-01-01"]
    days = sum(year.get_json()["days"] for year in years)
    assert days == (date.fromisoformat(shown_state["today"]) - date(2025, 7, 1)).days + 1
    assert all("immutable" in year.headers["Cache-Control"] for year in years)
    year = years[1].get_json()
    assert year["codes"] == shown_state["codes"]
    runs = year["layers"]["overall"][shown_state["codes"].index("21250")]
    assert runs.startswith("u9g")
    assert runs.endswith("r3")


def test_a_day_at_the_address_of_its_version_is_kept_for_ever_and_never_gets_newer_figures(
    client: FlaskClient, stored: Engine
) -> None:
    day = "/api/state?province=51&as_of=2026-11-21"
    stamp = client.get("/api/state?province=51").get_json()["stamp"]
    kept, live = client.get(f"{day}&v={stamp}"), client.get(day)
    assert "immutable" in kept.headers["Cache-Control"]
    assert live.headers["Cache-Control"] == "no-cache"
    assert (kept.data, kept.headers["ETag"]) == (live.data, live.headers["ETag"])
    readings = making.declaration("21250", date(2026, 11, 21))
    store.save_batch(stored, making.batch("c", readings=readings), by="test")
    older = client.get(f"{day}&v={stamp}")
    assert (older.status_code, older.headers["Location"]) == (307, day)
    assert older.headers["Cache-Control"] == "no-store"
    newer = client.get(day).get_json()
    assert newer["layers"]["overall"] != kept.get_json()["layers"]["overall"]
    assert client.get(f"{day}&v={newer['stamp']}").status_code == 200


def test_what_no_version_has_is_led_to_what_is_there(client: FlaskClient) -> None:
    stamp = client.get("/api/state?province=51").get_json()["stamp"]
    for address, led_to in (
        (f"province=51&v={stamp}", "province=51"),  # a live view moves on
        ("province=51&as_of=2026-11-20&v=<b>", "province=51&as_of=2026-11-20"),
        (f"province=25&as_of=2026-11-20&v={stamp}", "province=25&as_of=2026-11-20"),
        (f"province=51&as_of=2999-01-01&v={stamp}", "province=51"),
    ):
        answer = client.get(f"/api/state?{address}")
        assert (answer.status_code, answer.headers["Location"]) == (307, f"/api/state?{led_to}")


def test_a_day_of_which_a_part_failed_is_not_kept(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = client.get("/api/state?province=51").get_json()["stamp"]
    monkeypatch.setattr(state, "describe_dossier_state", lambda *_: 1 / 0)
    answer = client.get(f"/api/state?province=51&as_of=2026-11-19&v={stamp}")
    assert answer.get_json()["failed"]
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_replay_of_a_day_is_the_state_of_that_day(client: FlaskClient) -> None:
    shown_state = client.get("/api/state?province=51&as_of=2026-01-12").get_json()
    year = client.get(shown_state["days"][1]).get_json()
    assert all(
        runs.startswith("u9g") == (level == "g")
        for runs, level in zip(
            year["layers"]["overall"], shown_state["layers"]["overall"]["levels"], strict=True
        )
    )


def test_another_version_has_another_address_and_the_old_one_is_gone(
    client: FlaskClient, stored: Engine
) -> None:
    before = client.get("/api/state?province=51").get_json()["days"]
    store.save_batch(
        stored, making.batch("c", readings=making.declaration("21028", SECOND)), by="test"
    )
    assert client.get(before[0]).status_code == 404
    assert client.get(client.get("/api/state?province=51").get_json()["days"][0]).status_code == 200


@pytest.mark.parametrize(
    "address", ["/days/99-2026-x.json", "/days/51-1999-x.json", "/days/51-2026-x.json"]
)
def test_any_other_file_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_what_changed_since_a_chosen_day(client: FlaskClient) -> None:
    answer = client.get("/api/movement?province=51&since=2026-01-15")
    content = answer.get_json()
    assert [group["title"] for group in content["groups"]] == ["1 đơn vị chuyển sang Đỏ"]
    assert (
        client.get(
            "/api/movement?province=51&since=2026-01-15",
            headers={"If-None-Match": answer.headers["ETag"]},
        ).status_code
        == 304
    )


def test_what_changed_until_a_day_is_kept_for_good_at_the_address_of_its_version(
    client: FlaskClient, stored: Engine
) -> None:
    stamp = client.get("/api/state?province=51").get_json()["stamp"]
    address = "/api/movement?province=51&as_of=2026-11-22&since=2026-01-15"
    kept = client.get(f"{address}&v={stamp}")
    assert "immutable" in kept.headers["Cache-Control"]
    assert kept.get_json() == client.get(address).get_json()
    assert client.get(address).headers["Cache-Control"] == "no-cache"
    store.save_batch(
        stored, making.batch("c", readings=making.declaration("21028", SECOND)), by="test"
    )
    late = client.get(f"{address}&v={stamp}")
    assert late.status_code == 307
    assert late.headers["Location"].endswith(address.removeprefix("/api"))


def test_the_state_has_last_week_and_yesterday_already(client: FlaskClient) -> None:
    movement = client.get("/api/state?province=51").get_json()["movement"]
    assert (movement["week"]["since"], movement["yesterday"]["since"]) == (
        "2026-11-15",
        "2026-11-21",
    )


@pytest.mark.parametrize(
    "since", ["", "junk", "2026-11-22", "2027-01-01", "2024-01-01", "' OR 1=1"]
)
def test_a_day_that_cannot_be_compared_with_is_refused_in_words(
    client: FlaskClient, since: str
) -> None:
    answer = client.get(f"/api/movement?province=51&since={since}")
    assert answer.status_code == 400
    assert "chọn một ngày" in answer.text


def test_a_broken_part_never_takes_the_state_with_it(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(state, "list_decisions", breaks)
    shown_state = client.get("/api/state?province=51").get_json()
    assert shown_state["decisions"] is None
    assert shown_state["layers"]["overall"]["counts"]["red"] == 1

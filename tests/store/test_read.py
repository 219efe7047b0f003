"""What counts now: the later batch wins, simulated figures step aside, nothing is deleted."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text

from dashboard import store
from dashboard.store import read, readings, schema
from tests import making

DAY, LATER = date(2026, 11, 13), date(2026, 11, 20)


@pytest.mark.parametrize("name", sorted(path.stem for path in Path(read._QUERIES).glob("*.sql")))
def test_a_question_is_asked_without_its_comments(name: str) -> None:
    assert "--" not in read.read_query(name)


def test_a_name_in_a_comment_of_a_question_wants_no_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "q.sql").write_text(
        "-- q.sql: all of :batch\nSELECT 1\n    -- and of :other\nWHERE 1 = :one\n"
    )
    monkeypatch.setattr(read, "_QUERIES", tmp_path)
    read.read_query.cache_clear()
    assert set(text(read.read_query("q"))._bindparams) == {"one"}
    read.read_query.cache_clear()


def speed(engine: Engine, until: date = LATER) -> list[float]:
    frame = read.fetch_latest_readings(engine, "51", until)
    return frame.loc[frame["measure"] == "network_mbps", "value"].tolist()


def save(engine: Engine, name: str, mbps: float, day: date = DAY, **more: Any) -> None:
    rows = making.readings(
        [("21250", "network_mbps", mbps, str(more.pop("basis", "declared")), day)]
    )
    store.save_batch(engine, making.batch(name, readings=rows, **more), by="test")


def test_a_later_correction_of_the_same_day_wins_and_history_stays(engine: Engine) -> None:
    save(engine, "a", 10)
    save(engine, "b", 20)
    assert speed(engine) == [20]
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(schema.reading)) == 2


def test_an_older_report_that_arrives_later_does_not_replace_a_newer_one(engine: Engine) -> None:
    save(engine, "a", 20, LATER)
    save(engine, "b", 10, DAY)
    assert speed(engine) == [20]
    assert speed(engine, until=DAY) == [10]


def test_declared_and_verified_are_two_values(engine: Engine) -> None:
    save(engine, "a", 100)
    save(engine, "b", 5, basis="verified")
    frame = read.fetch_latest_readings(engine, "51", LATER)
    assert sorted(zip(frame["basis"], frame["value"], strict=True)) == [
        ("declared", 100.0),
        ("verified", 5.0),
    ]


def test_the_first_real_file_of_a_province_sets_its_simulated_figures_aside(engine: Engine) -> None:
    save(engine, "a", 10, origin="simulated")
    assert speed(engine) == [10]
    rows = making.declaration("04978", DAY)
    store.save_batch(engine, making.batch("other", province="25", readings=rows), by="test")
    assert speed(engine) == [10]  # a file of Phú Thọ says nothing about Quảng Ngãi
    rows = making.declaration("21028", DAY)
    store.save_batch(engine, making.batch("real", readings=rows), by="test")
    assert set(readings.fetch_readings_of_province(engine, "51")["commune_code"]) == {"21028"}
    assert read.fetch_sources(engine, "51", LATER)["origin"].tolist() == ["imported"]


def test_published_figures_stay_beside_real_files(engine: Engine) -> None:
    save(engine, "a", 10, origin="published")
    save(engine, "b", 20, LATER)
    assert set(read.fetch_sources(engine, "51", LATER)["origin"]) == {"published", "imported"}


def test_published_figures_do_not_stop_a_real_import_of_the_same_file(engine: Engine) -> None:
    save(engine, "a", 10, origin="published")
    rows = making.readings([("21250", "network_mbps", 10, "declared", DAY)])
    assert not store.save_batch(engine, making.batch("a", readings=rows), by="test").already


def test_a_source_of_a_later_day_is_not_known_earlier(engine: Engine) -> None:
    save(engine, "a", 10, LATER, as_of=datetime(2026, 11, 20, 16))
    assert read.fetch_sources(engine, "51", DAY).empty


def test_what_visits_found_at_one_commune_is_what_all_readings_tell(engine: Engine) -> None:
    for name, mbps, day in (("a", 10, DAY), ("b", 20, LATER), ("c", 30, LATER)):
        save(engine, name, mbps, day, basis="verified")
    save(engine, "d", 40, LATER)
    frame = read.fetch_latest_readings(engine, "51", LATER)
    verified = frame[frame["basis"] == "verified"]
    for code in verified["commune_code"].unique():
        own = verified[verified["commune_code"] == code]
        of_commune = read.fetch_verified_of_commune(engine, code, LATER)
        assert of_commune == {"network_mbps": 30}
        assert of_commune == dict(zip(own["measure"], own["value"], strict=True))
    assert read.fetch_verified_of_commune(engine, "99999", LATER) == {}

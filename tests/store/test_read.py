"""What counts now: the later batch wins, simulated figures step aside, nothing is deleted."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text

from dashboard import store
from dashboard.store import read, schema
from tests import making

DAY, LATER = date(2026, 11, 13), date(2026, 11, 20)


@pytest.mark.parametrize("name", sorted(path.stem for path in Path(read._QUERIES).glob("*.sql")))
def test_a_question_is_asked_without_its_comments(name: str) -> None:
    assert "--" not in read.query(name)


def test_a_name_in_a_comment_of_a_question_wants_no_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "q.sql").write_text("-- q.sql: all of :batch\nSELECT 1\n    -- and of :other\nWHERE 1 = :one\n")
    monkeypatch.setattr(read, "_QUERIES", tmp_path)
    read.query.cache_clear()
    assert set(text(read.query("q"))._bindparams) == {"one"}
    read.query.cache_clear()


def speed(engine: Engine, until: date = LATER) -> list[float]:
    frame = read.latest_readings(engine, "51", until)
    return frame.loc[frame["measure"] == "network_mbps", "value"].tolist()


def save(engine: Engine, name: str, mbps: float, day: date = DAY, **more: Any) -> None:
    rows = making.readings([("21250", "network_mbps", mbps, str(more.pop("basis", "declared")), day)])
    store.save(engine, making.batch(name, readings=rows, **more), by="test")


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
    frame = read.latest_readings(engine, "51", LATER)
    assert sorted(zip(frame["basis"], frame["value"], strict=True)) == [("declared", 100.0), ("verified", 5.0)]


def test_the_first_real_file_of_a_province_sets_its_simulated_figures_aside(engine: Engine) -> None:
    save(engine, "a", 10, origin="simulated")
    assert speed(engine) == [10]
    rows = making.declaration("04978", DAY)
    store.save(engine, making.batch("other", province="25", readings=rows), by="test")
    assert speed(engine) == [10]  # a file of Phú Thọ says nothing about Quảng Ngãi
    rows = making.declaration("21028", DAY)
    store.save(engine, making.batch("real", readings=rows), by="test")
    assert set(read.readings(engine, "51", LATER)["commune_code"]) == {"21028"}
    assert read.sources(engine, "51", LATER)["origin"].tolist() == ["imported"]


def test_published_figures_stay_beside_real_files(engine: Engine) -> None:
    save(engine, "a", 10, origin="published")
    save(engine, "b", 20, LATER)
    assert set(read.sources(engine, "51", LATER)["origin"]) == {"published", "imported"}


def test_published_figures_do_not_stop_a_real_import_of_the_same_file(engine: Engine) -> None:
    save(engine, "a", 10, origin="published")
    rows = making.readings([("21250", "network_mbps", 10, "declared", DAY)])
    assert not store.save(engine, making.batch("a", readings=rows), by="test").already


def test_counts_of_days_and_of_longer_periods_are_never_added(engine: Engine) -> None:
    rows = [{"unit": "21250", "first": date(2026, 11, day), "received": 2, "open_overdue": day} for day in range(1, 11)]
    rows.append({"unit": "21250", "first": date(2026, 11, 1), "last": date(2026, 11, 10), "received": 21})
    store.save(engine, making.batch("a", dossiers=making.dossiers(rows)), by="test")
    first, last = date(2026, 11, 1), date(2026, 11, 10)
    days = read.dossiers_per_unit(engine, "51", first, last, daily=True).loc["21250"]
    assert (days["received"], days["open_overdue"]) == (20, 10)  # flows add up, a stock is the last day's
    whole = read.dossiers_per_unit(engine, "51", first, last, daily=False).loc["21250"]
    assert whole["received"] == 21


def test_a_later_report_of_the_same_period_replaces_the_earlier_one(engine: Engine) -> None:
    for name, received in (("a", 5), ("b", 7)):
        rows = making.dossiers([{"unit": "21250", "first": DAY, "received": received}])
        store.save(engine, making.batch(name, dossiers=rows), by="test")
    assert read.dossiers_by_period(engine, "51", LATER)["received"].tolist() == [7]


def test_what_no_source_told_is_missing_not_zero(engine: Engine) -> None:
    rows = making.dossiers([{"unit": "21250", "first": DAY, "received": 5}])
    store.save(engine, making.batch("a", dossiers=rows), by="test")
    told = read.dossiers_by_period(engine, "51", LATER).iloc[0]
    assert told["received"] == 5
    assert told.isna()["resolved"]


def test_dossiers_accepted_for_another_commune_belong_to_who_decides(engine: Engine) -> None:
    rows = making.dossiers([{"unit": "21250", "accepting": "21028", "first": DAY, "received": 5}])
    store.save(engine, making.batch("a", dossiers=rows), by="test")
    assert read.dossiers_per_unit(engine, "51", DAY, DAY, daily=True).index.tolist() == ["21250"]


def test_a_source_of_a_later_day_is_not_known_earlier(engine: Engine) -> None:
    save(engine, "a", 10, LATER, as_of=datetime(2026, 11, 20, 16))
    assert read.sources(engine, "51", DAY).empty
    assert read.readings(engine, "51", DAY).empty

"""What a summary of each province is made from."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

import pandas as pd
from sqlalchemy import Engine, text, update

from dashboard import store
from dashboard.settings import Settings
from dashboard.store import provinces, schema
from dashboard.store.read import read_query
from dashboard.store.readings import fetch_readings_of_province
from tests import making

SECOND = datetime(2026, 11, 29, 23, 56, 57)


def _stamp_import_at(engine: Engine, moment: datetime) -> str:
    with engine.begin() as connection:
        connection.execute(update(schema.import_batch).values(imported_at=moment))
    return provinces.stamp_provinces(engine)["51"]


def test_the_same_number_of_files_within_one_second_has_another_stamp(engine: Engine) -> None:
    """A backup that is put back counts from where it counted before, and a second is long."""
    store.save_batch(engine, making.batch("a"), by="test")
    first = _stamp_import_at(engine, SECOND.replace(microsecond=100_000))
    assert _stamp_import_at(engine, SECOND.replace(microsecond=600_000)) != first
    assert _stamp_import_at(engine, SECOND.replace(microsecond=100_000)) == first


def test_a_batch_taken_back_changes_the_stamp_of_its_province_alone(engine: Engine) -> None:
    for name, province in (("a", "51"), ("b", "01")):
        store.save_batch(engine, making.batch(name, province=province), by="test")
    before = provinces.stamp_provinces(engine)
    store.undo_batch(engine, 1, by="test")
    after = provinces.stamp_provinces(engine)
    assert after["51"] != before["51"]
    assert after["01"] == before["01"]


def _find_newest_slowly(engine: Engine, province: str, until: date) -> dict[tuple[str, ...], float]:
    newest: dict[tuple[str, ...], tuple[pd.Timestamp, int, float]] = {}
    for row in fetch_readings_of_province(engine, province).itertuples():
        key = str(row.commune_code), str(row.measure), str(row.basis)
        candidate = row.as_of, row.batch_id, row.value
        if row.as_of <= pd.Timestamp(until) and candidate > newest.get(
            key, (pd.Timestamp.min, 0, 0.0)
        ):
            newest[key] = candidate
    return {key: value for key, (_, _, value) in newest.items()}


def test_the_newest_readings_are_those_that_a_walk_through_all_finds(engine: Engine) -> None:
    chance = random.Random(34)
    first = date(2026, 1, 5)
    for number in range(12):
        rows = [
            (commune, measure, chance.randrange(100), basis, first + timedelta(chance.randrange(9)))
            for commune in ("21250", "21025", "07918")
            for measure, basis in (
                ("network_mbps", "declared"),
                ("network_mbps", "verified"),
                ("computer_needed", "declared"),
            )
            if chance.random() < 0.7
        ]
        for province, own in (("51", ("21250", "21025")), ("25", ("07918",))):
            own_readings = making.readings(row for row in rows if row[0] in own)
            store.save_batch(
                engine,
                making.batch(f"{number} {province}", province, readings=own_readings),
                by="test",
            )
    store.undo_batch(engine, 9, by="test")
    for until in (first - timedelta(1), *(first + timedelta(days) for days in range(0, 10, 3))):
        for province in ("51", "25"):
            newest = provinces.fetch_newest_readings(engine, province, until)
            assert {
                (str(row.commune_code), str(row.measure), str(row.basis)): row.value
                for row in newest.itertuples()
            } == _find_newest_slowly(engine, province, until)


def test_a_longer_history_is_not_walked_through(settings: Settings) -> None:
    engine = store.open_store(settings.database_url)
    question = read_query("find_newest_readings_of_province", pairs="('network_mbps', 'declared')")
    with engine.connect() as connection:
        values = {"province": "51", "until": "2026-11-22"}
        plan = connection.execute(text(f"EXPLAIN QUERY PLAN {question}"), values).all()
    engine.dispose()
    steps = [str(row[-1]) for row in plan if "PRIMARY KEY (commune_code" in str(row[-1])]
    key = "commune_code=? AND measure=? AND basis=? AND as_of"
    assert [step.partition("(")[2] for step in steps] == [f"{key}<?)", f"{key}=?)"]

"""Which source told of which commune on which day, whatever came after it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from dashboard import store
from dashboard.batch import CERTIFICATES as COUNTED
from dashboard.store import dossiers
from dashboard.store.readings import (
    fetch_readings_of_province,
    fetch_reporting_days,
    list_count_days,
)
from tests import making

DAY = date(2026, 11, 13)
LATER = date(2026, 11, 20)
CERTIFICATES = pd.DataFrame(
    {"commune_code": ["21250"], "as_of": [DAY], **{name: [1.0] for name in COUNTED}}
)


def told(engine: Engine, since: date = DAY, province: str = "51") -> list[tuple[str, str, date]]:
    frame = fetch_reporting_days(
        engine,
        province,
        fetch_readings_of_province(engine, province),
        list_count_days(dossiers.fetch_count_rows(engine, province)),
        since,
    )
    assert list(frame.columns) == ["kind", "commune_code", "as_of"]
    return sorted((row.kind, row.commune_code, row.as_of.date()) for row in frame.itertuples())


def save(engine: Engine, name: str, **parts: Any) -> int:
    return store.save_batch(engine, making.batch(name, **parts), by="test").batch_id


def speed(day: date = DAY, basis: str = "declared", measure: str = "network_mbps") -> pd.DataFrame:
    return making.readings([("21250", measure, 1, basis, day)])


def test_nobody_told_anything_of_an_empty_province(engine: Engine) -> None:
    assert told(engine) == []


def test_a_day_is_told_once_however_many_measures_and_files_say_it(engine: Engine) -> None:
    save(engine, "a", readings=making.declaration("21250", DAY))
    save(engine, "b", readings=making.declaration("21250", DAY, network_mbps=7))
    assert told(engine) == [("readiness", "21250", DAY)]


def test_a_source_that_another_one_corrected_has_told_all_the_same(engine: Engine) -> None:
    save(engine, "a", file_kind="device_inventory", readings=speed())
    save(engine, "b", readings=speed())
    assert told(engine) == [("device_inventory", "21250", DAY), ("readiness", "21250", DAY)]


def test_every_kind_of_source_tells(engine: Engine) -> None:
    save(
        engine,
        "a",
        file_kind="probe_log",
        readings=speed(basis="verified", measure="network_uptime"),
    )
    save(engine, "b", file_kind="certificates", certificates=CERTIFICATES)
    report = [{"unit": "21250", "first": date(2026, 10, 21), "last": LATER, "received": 3}]
    save(engine, "c", file_kind="dossier_report", dossiers=making.dossiers(report))
    expected = [
        ("certificates", "21250", DAY),
        ("dossier_report", "21250", LATER),
        ("probe_log", "21250", DAY),
    ]
    assert told(engine) == expected


def test_departments_and_days_before_and_other_provinces_are_left_out(engine: Engine) -> None:
    agencies = making.agencies([("H48.1", "Sở Y tế", "department", None)])
    rows = making.dossiers([{"unit": "H48.1", "first": DAY, "received": 3}])
    save(engine, "a", file_kind="dossiers", dossiers=rows, agencies=agencies)
    save(engine, "b", readings=speed(DAY - timedelta(days=1)))
    assert told(engine) == []
    assert told(engine, DAY - timedelta(days=1), "25") == []


def test_a_batch_taken_back_has_told_nothing(engine: Engine) -> None:
    number = save(engine, "a", readings=speed())
    store.undo_batch(engine, number, by="test")
    assert told(engine) == []


def test_the_sample_and_an_export_tell_as_the_file_they_stand_for(engine: Engine) -> None:
    for number, (basis, measure) in enumerate(
        (("declared", "network_mbps"), ("verified", "network_mbps"), ("verified", "network_uptime"))
    ):
        save(engine, f"r{number}", file_kind="sample", readings=speed(basis=basis, measure=measure))
    rows = [
        {"unit": "21250", "first": DAY, "received": 3},
        {"unit": "21250", "first": DAY, "last": LATER},
    ]
    save(engine, "d", file_kind="sample", dossiers=making.dossiers(rows))
    save(engine, "c", file_kind="exported", certificates=CERTIFICATES)
    kinds = ["certificates", "dossier_report", "dossiers", "probe_log", "readiness", "visits"]
    assert [part for part, _, _ in told(engine)] == kinds

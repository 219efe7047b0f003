"""What teams found at a commune, and the file behind each of its values."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from dashboard import store
from dashboard.batch import VISIT_COLUMNS
from dashboard.store.readings import fetch_reading_sources, fetch_visits_of_commune
from tests import making

DAY, LATER = date(2026, 11, 13), date(2026, 11, 20)


def save(engine: Engine, name: str, **parts: Any) -> int:
    return store.save_batch(engine, making.batch(name, **parts), by="test").batch_id


def visit(engine: Engine, name: str, day: date = DAY, speed: float = 7) -> int:
    noted = [
        ("21250", day, "network_mbps", "Tổ 1", "dây đứt"),
        ("21250", day, None, "Tổ 1", "cần máy scan"),
    ]
    return save(
        engine,
        name,
        file_kind="visits",
        readings=making.readings([("21250", "network_mbps", speed, "verified", day)]),
        visits=pd.DataFrame(noted, columns=VISIT_COLUMNS, dtype=object),
    )


def test_a_visit_is_told_with_what_it_found_and_what_it_noted(engine: Engine) -> None:
    batch = visit(engine, "a")
    visits = fetch_visits_of_commune(engine, "51", "21250", DAY)
    assert visits["visited_on"].dt.date.tolist() == [DAY, DAY]
    values = {
        row.measure if isinstance(row.measure, str) else "": row for row in visits.itertuples()
    }
    assert (
        values["network_mbps"].value,
        values["network_mbps"].note,
        values["network_mbps"].batch,
    ) == (
        7,
        "dây đứt",
        batch,
    )
    assert pd.isna(values[""].value)
    assert values[""].note == "cần máy scan"


def test_the_newest_visit_stands_first_and_the_future_is_not_known(engine: Engine) -> None:
    visit(engine, "a")
    visit(engine, "b", LATER, 50)
    assert fetch_visits_of_commune(engine, "51", "21250", LATER)["visited_on"].dt.date.tolist() == [
        LATER,
        LATER,
        DAY,
        DAY,
    ]
    assert len(fetch_visits_of_commune(engine, "51", "21250", DAY)) == 2


def test_what_was_taken_back_or_declared_or_probed_is_no_visit(engine: Engine) -> None:
    batch = visit(engine, "a")
    save(engine, "b", readings=making.declaration("21250", DAY))
    probed = making.readings([("21250", "network_uptime", 1, "verified", DAY)])
    save(engine, "c", file_kind="probe_log", readings=probed)
    store.undo_batch(engine, batch, by="test")
    visits = fetch_visits_of_commune(engine, "51", "21250", DAY)
    assert visits.empty
    assert list(visits.columns) == ["visited_on", "measure", "value", "team", "note", "batch"]


def test_the_newest_value_names_its_file_on_each_basis(engine: Engine) -> None:
    save(engine, "old", readings=making.declaration("21250", DAY))
    new = save(engine, "new", readings=making.declaration("21250", LATER))
    seen = visit(engine, "seen")
    sources = fetch_reading_sources(engine, "51", "21250", LATER).set_index(["measure", "basis"])
    assert sources.at[("network_mbps", "declared"), "batch"] == new
    assert sources.at[("network_mbps", "declared"), "file_name"] == "new.xlsx"
    assert sources.at[("network_mbps", "declared"), "as_of"].date() == LATER
    assert sources.at[("network_mbps", "verified"), "batch"] == seen
    past = fetch_reading_sources(engine, "51", "21250", DAY).set_index(["measure", "basis"])
    assert past.at[("network_mbps", "declared"), "file_name"] == "old.xlsx"
    assert fetch_reading_sources(engine, "51", "21025", LATER).empty

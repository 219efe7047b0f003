"""A batch that was taken back no longer counts, for days that other lists share neither."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine, select

from dashboard import store
from dashboard.batch import SINGLE_COLUMNS
from dashboard.store import dry_run, exports, schema
from dashboard.store.undo import NoSuchBatch, fetch_simulated_batches
from tests import making

DAY = date(2026, 11, 13)
EVER = (date(2025, 7, 1), date(2027, 1, 1))


def singles(*codes: str, state: int = 4) -> list[pd.DataFrame]:
    rows = [
        (
            code,
            None,
            None,
            "21250",
            "21250",
            pd.Timestamp(2026, 11, 10, 9),
            pd.Timestamp(2026, 11, 30),
            pd.NaT,
            state,
            None,
            None,
        )
        for code in codes
    ]
    return [pd.DataFrame(rows, columns=SINGLE_COLUMNS)]


def received(engine: Engine) -> float:
    frame = exports.fetch_dossier_counts(engine, "51", *EVER)
    return float(frame["received"].sum())


def tally(result: dry_run.DryRunResult, name: str) -> dict[str, int]:
    rows = result.values[result.values["name"] == name]
    return dict(zip(rows["outcome"], rows["values"], strict=True))


def test_undo_is_one_new_version_and_keeps_the_history(engine: Engine) -> None:
    saved = store.save_batch(
        engine, making.batch("a", readings=making.declaration("21250", DAY)), by="test"
    )
    undone = store.undo_batch(engine, saved.batch_id, by="test")
    assert (undone.already, undone.version) == (False, saved.version + 1)
    assert exports.fetch_reading_history(engine, "51", *EVER).empty
    assert exports.fetch_batches(engine, "51")["undone_at"].notna().all()
    assert store.undo_batch(engine, saved.batch_id, by="test").already
    assert store.fetch_data_version(engine).number == saved.version + 1
    with pytest.raises(NoSuchBatch):
        store.undo_batch(engine, 99, by="test")


def test_undoing_a_correction_brings_back_what_it_corrected(engine: Engine) -> None:
    store.save_batch(
        engine,
        making.batch("a", readings=making.declaration("21250", DAY, network_mbps=10)),
        by="test",
    )
    later = store.save_batch(
        engine,
        making.batch("b", readings=making.declaration("21250", DAY, network_mbps=90)),
        by="test",
    )
    store.undo_batch(engine, later.batch_id, by="test")
    frame = exports.fetch_reading_history(engine, "51", *EVER).set_index("measure")
    assert frame.loc["network_mbps", "value"] == 10


def test_undoing_a_list_takes_its_dossiers_out_of_days_that_later_lists_counted(
    engine: Engine,
) -> None:
    when: dict[str, Any] = {"as_of": datetime(2026, 11, 13), "file_kind": "dossier_list"}
    first = store.save_batch(
        engine,
        making.batch("a", singles=singles("H48.1-261110-0001", "H48.1-261110-0002"), **when),
        by="x",
    )
    second = store.save_batch(
        engine, making.batch("b", singles=singles("H48.1-261110-0003"), **when), by="x"
    )
    assert received(engine) == 3
    store.undo_batch(engine, first.batch_id, by="test")
    assert received(engine) == 1
    store.undo_batch(engine, second.batch_id, by="test")
    assert received(engine) == 0


def test_a_simulation_is_replaced_in_one_transaction(engine: Engine) -> None:
    old = making.batch(
        "old", origin="simulated", readings=making.declaration("21250", DAY, network_mbps=10)
    )
    before = store.save_batch(engine, old, by="sample")
    assert fetch_simulated_batches(engine) == {"51": {before.batch_id: DAY}}
    new = making.batch(
        "new", origin="simulated", readings=making.declaration("21250", DAY, network_mbps=90)
    )
    after = store.save_batches(engine, [new], by="sample", instead_of=[before.batch_id])[0]
    assert after.version == before.version + 1
    assert fetch_simulated_batches(engine) == {"51": {after.batch_id: DAY}}
    with engine.connect() as connection:  # invented rows are no history
        assert connection.execute(select(schema.reading.c.batch_id).distinct()).scalars().all() == [
            after.batch_id
        ]
    assert len(exports.fetch_batches(engine)) == 2


def test_a_rehearsal_counts_single_dossiers_and_changes_nothing(engine: Engine) -> None:
    when: dict[str, Any] = {"as_of": datetime(2026, 11, 13), "file_kind": "dossier_list"}
    store.save_batch(
        engine,
        making.batch("a", singles=singles("H48.1-261110-0001", "H48.1-261110-0002"), **when),
        by="x",
    )
    before = store.fetch_data_version(engine).number
    dossiers = singles("H48.1-261110-0001", "H48.1-261110-0003")[0]
    dossiers = pd.concat([dossiers, singles("H48.1-261110-0002", state=5)[0]])
    result = dry_run.compare_batches(engine, [making.batch("b", singles=[dossiers], **when)])[0]
    assert tally(result, "dossier") == {"new": 1, "changed": 1, "unchanged": 1}
    # The day of receipt; of the list's own day, after the newest reception, no receptions are told.
    assert tally(result, "received") == {"changed": 1}
    assert store.fetch_data_version(engine).number == before
    assert len(exports.fetch_batches(engine)) == 1


def test_a_rehearsal_counts_certificates(engine: Engine) -> None:
    columns = ["commune_code", "as_of", "active", "locked"]
    empty = {"revoked": None, "expired": None, "expiring_30": None, "expiring_60": None}
    first = pd.DataFrame([("21250", DAY, 5.0, 1.0)], columns=columns).assign(**empty)
    second = pd.DataFrame(
        [("21250", date(2026, 11, 20), 6.0, 1.0), ("21025", date(2026, 11, 20), 2.0, 0.0)],
        columns=columns,
    )
    store.save_batch(engine, making.batch("a", certificates=first), by="x")
    result = dry_run.compare_batches(
        engine, [making.batch("b", certificates=second.assign(**empty))]
    )[0]
    assert tally(result, "active") == {"new": 1, "changed": 1}
    assert tally(result, "locked") == {"new": 1, "unchanged": 1}
    assert result.communes == {"new": 1, "changed": 1, "unchanged": 0}

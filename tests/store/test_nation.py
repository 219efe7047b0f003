"""What a summary of each province is made from."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, update

from dashboard import store
from dashboard.store import nation, schema
from tests import making

SECOND = datetime(2026, 11, 29, 23, 56, 57)


def _stamp_import_at(engine: Engine, moment: datetime) -> str:
    with engine.begin() as connection:
        connection.execute(update(schema.import_batch).values(imported_at=moment))
    return nation.stamp_provinces(engine)["51"]


def test_the_same_number_of_files_within_one_second_has_another_stamp(engine: Engine) -> None:
    """A backup that is put back counts from where it counted before, and a second is long."""
    store.save_batch(engine, making.batch("a"), by="test")
    first = _stamp_import_at(engine, SECOND.replace(microsecond=100_000))
    assert _stamp_import_at(engine, SECOND.replace(microsecond=600_000)) != first
    assert _stamp_import_at(engine, SECOND.replace(microsecond=100_000)) == first


def test_a_batch_taken_back_changes_the_stamp_of_its_province_alone(engine: Engine) -> None:
    for name, province in (("a", "51"), ("b", "01")):
        store.save_batch(engine, making.batch(name, province=province), by="test")
    before = nation.stamp_provinces(engine)
    store.undo_batch(engine, 1, by="test")
    after = nation.stamp_provinces(engine)
    assert after["51"] != before["51"]
    assert after["01"] == before["01"]

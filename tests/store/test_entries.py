"""What is written on a page is there once, however often it is sent; on both databases."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine, func, select

from dashboard import store
from dashboard.batch import READING_COLUMNS, VISIT_COLUMNS, Batch
from dashboard.store import schema
from dashboard.store.audit import Author, Door, verify_audit
from dashboard.store.entries import FieldEntry, SavedEntry, save_entry
from tests import making

FIRST = "00000001-0000-4000-8000-000000000000"
TEAM = Author("to.luu.dong.1", "Sở KH&CN", Door.PAGE)
DAY = date(2026, 11, 20)


def write_entry(value: float = 12.0, entry_id: str = FIRST) -> FieldEntry:
    return FieldEntry(entry_id, "21250", json.dumps({"computer_available": value}))


def make_batch(value: float = 12.0, **more: Any) -> Batch:
    readings = [("21250", "computer_available", value, "verified", DAY)]
    visits = [("21250", DAY, "computer_available", "Sở KH&CN", None)]
    return making.batch(
        "kiểm tra 21250",
        file_kind="visits",
        readings=pd.DataFrame(readings, columns=READING_COLUMNS),
        visits=pd.DataFrame(visits, columns=VISIT_COLUMNS, dtype=object),
        **more,
    )


def save(engine: Engine, value: float = 12.0, entry_id: str = FIRST) -> SavedEntry:
    return save_entry(engine, write_entry(value, entry_id), make_batch(value), by=TEAM)


def count_rows(engine: Engine, table: Any) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(select(func.count()).select_from(table)) or 0)


def test_an_entry_sent_again_changes_nothing_and_has_the_first_answer(engine: Engine) -> None:
    first = save(engine)
    version = store.fetch_data_version(engine)
    again = save(engine)
    assert (first.already, again.already) == (False, True)
    assert again.batch_id == first.batch_id
    assert not again.is_conflict
    assert store.fetch_data_version(engine) == version
    assert count_rows(engine, schema.visit) == 1
    assert verify_audit(engine).intact


def test_an_id_with_other_content_is_a_conflict_that_tells_what_stands(engine: Engine) -> None:
    save(engine)
    other = save(engine, value=9.0)
    assert other.is_conflict
    assert json.loads(other.saved_content) == {"computer_available": 12.0}
    assert count_rows(engine, schema.visit) == 1


def test_two_who_send_one_entry_at_once_write_it_once(engine: Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: save(engine), range(8)))
    assert sum(not answer.already for answer in answers) == 1
    assert len({answer.batch_id for answer in answers}) == 1
    assert count_rows(engine, schema.visit) == 1


def test_what_cannot_be_written_whole_leaves_no_id(engine: Engine) -> None:
    """A reading of no commune breaks the transaction: the phone may send the same id again."""
    bad = make_batch()
    bad.readings["commune_code"] = "99999"
    entry = FieldEntry(FIRST, "21250", "{}")
    with pytest.raises(Exception):  # noqa: B017, PT011 - the two databases name it differently
        save_entry(engine, entry, bad, by=TEAM)
    assert count_rows(engine, schema.field_entry) == 0
    assert not save(engine).already


def test_an_entry_taken_back_keeps_its_id(engine: Engine) -> None:
    first = save(engine)
    store.undo_batch(engine, first.batch_id, by="test")
    assert save(engine).already


def test_beside_simulated_figures_an_entry_is_practice_and_goes_with_them(engine: Engine) -> None:
    store.save_batch(engine, making.batch("mô phỏng", origin="simulated"), by="sample")
    assert save(engine).for_practice
    store.save_batch(engine, making.batch("thật"), by="test")
    real = save(engine, entry_id=FIRST.replace("1", "2"))
    assert not real.for_practice

"""A batch is written whole with a new data version, once, or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError

from dashboard import store
from dashboard.store import dossiers, read, schema, write
from tests import making

DAY = date(2026, 11, 13)


def count(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return (
            connection.scalar(select(func.count()).select_from(schema.metadata.tables[table])) or 0
        )


def test_a_new_store_holds_every_commune(engine: Engine) -> None:
    assert count(engine, "commune") == 3321
    assert read.is_store_empty(engine)


def test_opening_a_store_again_changes_nothing(engine: Engine) -> None:
    before = store.fetch_data_version(engine).number
    store.open_store(engine.url.render_as_string(hide_password=False)).dispose()
    assert store.fetch_data_version(engine).number == before


def test_a_batch_raises_the_version_by_one(engine: Engine) -> None:
    before = store.fetch_data_version(engine).number
    saved = store.save_batch(
        engine, making.batch("a", readings=making.declaration("21250", DAY)), by="test"
    )
    assert saved.version == store.fetch_data_version(engine).number == before + 1
    assert saved.written["reading"] == len(making.GREEN_READINGS)


def test_a_file_that_speaks_of_a_later_hour_of_today_knows_no_more_than_now(engine: Engine) -> None:
    # files speak in Vietnam's time
    now = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=7)
    parts = {
        "late": datetime.combine(now, time(23, 59)),
        "day": datetime.combine(now, time()),
        "tomorrow": datetime.combine(now + timedelta(days=2), time(8)),
    }
    for name, as_of in parts.items():
        store.save_batch(engine, replace(making.batch(name), as_of=as_of), by="test")
    batch = schema.import_batch.c
    with engine.connect() as connection:
        kept = {
            row.file_name: row.as_of
            for row in connection.execute(select(batch.file_name, batch.as_of))
        }
    late, *others = (kept[f"{name}.xlsx"] for name in parts)
    assert now.replace(second=0, microsecond=0) <= late <= now + timedelta(minutes=1)
    assert others == [parts["day"], parts["tomorrow"]]


def test_the_same_file_twice_changes_nothing(engine: Engine) -> None:
    batch = making.batch("a", readings=making.declaration("21250", DAY))
    first = store.save_batch(engine, batch, by="test")
    again = store.save_batch(engine, batch, by="test")
    assert again.already
    assert (again.batch_id, again.version) == (first.batch_id, first.version)
    assert count(engine, "reading") == len(making.GREEN_READINGS)


def test_a_batch_that_cannot_be_stored_whole_leaves_no_trace(engine: Engine) -> None:
    before = store.fetch_data_version(engine).number
    rows = making.readings(
        [
            ("21250", "network_mbps", 10, "declared", DAY),
            ("99999", "network_mbps", 1, "declared", DAY),
        ]
    )
    with pytest.raises(store.StoreUnavailable) as caught:
        store.save_batch(engine, making.batch("a", readings=rows), by="test")
    assert isinstance(caught.value.__cause__, IntegrityError)
    assert store.fetch_data_version(engine).number == before
    assert count(engine, "import_batch") == count(engine, "reading") == 0


def test_two_imports_at_once_wait_for_each_other(engine: Engine) -> None:
    before = store.fetch_data_version(engine).number
    batches = [making.batch(f"b{n}", readings=making.declaration("21250", DAY)) for n in range(6)]
    with ThreadPoolExecutor(3) as many:
        saved = list(many.map(lambda batch: store.save_batch(engine, batch, by="test"), batches))
    assert sorted(saved_batch.version for saved_batch in saved) == [before + n for n in range(1, 7)]


def test_rows_that_the_database_did_not_keep_are_refused_in_words_and_nothing_is_changed(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = store.fetch_data_version(engine).number
    monkeypatch.setattr(write, "insert_frame", lambda *_: 7)
    with pytest.raises(store.StoreUnavailable, match="giữ 0 dòng của bảng reading thay vì 7"):
        store.save_batch(
            engine, making.batch("a", readings=making.declaration("21250", DAY)), by="test"
        )
    assert store.fetch_data_version(engine).number == before
    assert count(engine, "import_batch") == 0


def test_a_newer_file_renames_an_agency_and_one_code_twice_is_known_by_its_last_name(
    engine: Engine,
) -> None:
    for name, rows in {
        "a": [("H44.110", "UBND X", "commune", "04792")],
        "b": [("H44.110", "UBND Y", "commune", "04792"), ("H44.110", "UBND Z", "commune", "04792")],
    }.items():
        agencies = making.agencies(rows)
        store.save_batch(engine, making.batch(name, province="25", agencies=agencies), by="test")
    with engine.connect() as connection:
        names = connection.scalars(select(schema.agency.c.name)).all()
    assert names == ["UBND Z"]


def test_problems_are_kept_with_their_place(engine: Engine) -> None:
    problem = making.problem(
        "không phải là số", "hãy nhập số", row=14, column="Chữ ký số > Đã cấp", value="abc"
    )
    store.save_batch(engine, making.batch("a", problems=(problem,)), by="test")
    with engine.connect() as connection:
        row = connection.execute(select(schema.problem)).mappings().one()
    assert (row["row"], row["column"], row["value"]) == (14, "Chữ ký số > Đã cấp", "abc")


def test_departments_become_units_and_agency_codes_are_learned(engine: Engine) -> None:
    agencies = making.agencies(
        [
            ("H44.07", "Sở Công Thương", "department", None),
            ("H44.110", "UBND X", "commune", "04792"),
        ]
    )
    rows = making.dossiers(
        [
            {"unit": "H44.07", "first": DAY, "received": 5},
            {"unit": "04792", "first": DAY, "received": 3},
        ]
    )
    store.save_batch(
        engine, making.batch("a", province="25", agencies=agencies, dossiers=rows), by="test"
    )
    renamed = making.agencies([("H44.110", "UBND Y", "commune", "04792")])
    store.save_batch(engine, making.batch("b", province="25", agencies=renamed), by="test")
    with engine.connect() as connection:
        names = dict(
            connection.execute(select(schema.agency.c.agency_code, schema.agency.c.name)).fetchall()
        )  # type: ignore[arg-type]
    assert names == {"H44.07": "Sở Công Thương", "H44.110": "UBND Y"}
    assert dossiers.resolve_counts(dossiers.fetch_count_rows(engine, "25")).set_index("level")[
        "received"
    ].to_dict() == {
        "commune": 3.0,
        "department": 5.0,
    }


def test_an_unreachable_store_is_one_plain_line_without_its_password() -> None:
    with pytest.raises(store.StoreUnavailable) as caught:
        store.open_store("postgresql+psycopg://someone:secret@127.0.0.1:1/nothing")
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "DASHBOARD_DATABASE_URL" in str(caught.value)


def test_a_damaged_store_is_one_plain_line(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("damaged") / "store.sqlite"
    file.write_bytes(b"this is no database" * 100)
    with pytest.raises(store.StoreUnavailable, match="DASHBOARD_DATABASE_URL"):
        store.open_store(f"sqlite:///{file}")

"""A store that goes away, comes back or hangs: noticed at once, said plainly, never made up."""

from __future__ import annotations

import os
import socket
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from threading import Event

import pandas as pd
import pytest
from sqlalchemy import Engine, text

from dashboard import reference, store
from dashboard.data_version import DataVersion
from dashboard.settings import Settings
from dashboard.store import connections, read
from dashboard.store.inspection import inspect_store
from dashboard.store.replacement import StoreFile
from dashboard.web.server import create_app
from tests import making
from tools.postgresql import PostgreSQL

DAY = date(2026, 11, 13)


def fill(engine: Engine, name: str) -> None:
    store.save_batch(
        engine, making.batch(name, readings=making.declaration("21250", DAY)), by="test"
    )


def backup(path: Path) -> Path:
    """A copy of the store as `sqlite3 .backup` makes it."""
    copy = path.with_suffix(".backup")
    with sqlite3.connect(path) as of, sqlite3.connect(copy) as to:
        of.backup(to)
    of.close()
    to.close()
    return copy


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite"


def remove(file: Path) -> None:
    for part in file.parent.glob(f"{file.name}*"):
        part.unlink()


def test_a_store_that_was_deleted_is_unavailable_and_never_made_anew(file: Path) -> None:
    engine = store.prepare_store(f"sqlite:///{file}")
    assert store.fetch_data_version(engine).number > 0
    remove(file)
    for _ in range(3):
        with pytest.raises(store.StoreUnavailable, match="không dùng được"):
            store.fetch_data_version(engine)
        with pytest.raises(store.StoreUnavailable):
            read.is_store_empty(engine)
    assert not file.exists()
    engine.dispose()


def test_a_store_that_was_put_back_is_read_without_a_restart(file: Path) -> None:
    engine = store.prepare_store(f"sqlite:///{file}")
    fill(engine, "a")
    then, copy = store.fetch_data_version(engine).number, backup(file)
    fill(engine, "b")
    assert store.fetch_data_version(engine).number == then + 1
    remove(file)
    os.replace(copy, file)
    assert store.fetch_data_version(engine).number == then
    assert len(read.fetch_sources(engine, "51", DAY)) == 1
    engine.dispose()


def test_a_store_that_another_file_replaced_is_seen_by_connections_that_are_already_open(
    file: Path,
) -> None:
    engine = store.prepare_store(f"sqlite:///{file}")
    copy = backup(file)
    fill(engine, "a")
    held = [engine.connect() for _ in range(3)]
    for connection in held:
        connection.execute(text("SELECT 1"))
        connection.close()
    remove(file)
    os.replace(copy, file)
    assert read.is_store_empty(engine)
    engine.dispose()


def test_while_one_thread_notices_another_store_no_other_reads_pages_of_the_old_one(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their connections remember pages, and the index that is made anew looks as it did before."""
    engine = store.prepare_store(f"sqlite:///{file}")
    fill(engine, "old")
    other = store.prepare_store(f"sqlite:///{file.with_name('other.sqlite')}")
    fill(other, "other")
    new_version = store.fetch_data_version(other)
    replaced_by = backup(file.with_name("other.sqlite"))
    # two connections that remember pages
    with engine.connect() as own, engine.connect() as other_own:
        for connection in (own, other_own):
            connection.execute(text("SELECT token FROM data_version")).all()
    begun, release, reset = Event(), Event(), StoreFile._reset_index

    def reset_slowly(store_file: StoreFile) -> None:
        begun.set()
        assert release.wait(20)
        reset(store_file)

    monkeypatch.setattr(StoreFile, "_reset_index", reset_slowly)
    file.write_bytes(replaced_by.read_bytes())
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(store.fetch_data_version, engine)
        assert begun.wait(20)
        second = pool.submit(store.fetch_data_version, engine)
        time.sleep(0.2)
        assert not second.done(), "it waits"
        release.set()
        assert {first.result(), second.result()} == {new_version}


def test_a_backup_put_in_place_is_not_mixed_with_what_was_imported_since(file: Path) -> None:
    store.prepare_store(f"sqlite:///{file}").dispose()
    serving = store.open_store(f"sqlite:///{file}", answer_seconds=20)
    then, copy = store.fetch_data_version(serving).number, backup(file)
    importing = store.open_store(f"sqlite:///{file}")
    fill(importing, "a")
    importing.dispose()
    assert store.fetch_data_version(serving).number == then + 1
    os.replace(copy, file)
    assert store.fetch_data_version(serving).number == then
    assert read.is_store_empty(serving)
    serving.dispose()


def test_the_server_answers_503_while_the_store_is_away_and_200_when_it_is_back(
    settings: Settings,
) -> None:
    client = create_app(settings).server.test_client()
    file = Path(settings.database_url.removeprefix("sqlite:///"))
    copy = backup(file)
    assert client.get("/api/state?province=51").status_code == 200
    remove(file)
    assert client.get("/api/state?province=51").status_code == 503
    assert client.get("/ready").status_code == 503
    os.replace(copy, file)
    assert client.get("/api/state?province=51").status_code == 200
    assert client.get("/ready").status_code == 200


def test_a_store_that_a_newer_program_made_is_one_plain_line(file: Path) -> None:
    engine = store.prepare_store(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(store.StoreUnavailable, match="phiên bản mới hơn"):
        store.open_store(f"sqlite:///{file}")


def test_a_store_in_memory_still_opens() -> None:
    engine = store.prepare_store("sqlite:///:memory:")
    assert store.fetch_data_version(engine).number > 0
    engine.dispose()


def test_a_question_that_takes_too_long_is_given_up_where_people_wait(
    postgresql: PostgreSQL,
) -> None:
    url = postgresql.create_database("patience")
    store.prepare_store(url).dispose()
    engine = store.open_store(url, answer_seconds=0.3)
    began = time.monotonic()
    with pytest.raises(store.StoreUnavailable):
        read.fetch_frame(engine, "SELECT pg_sleep(20)")
    assert time.monotonic() - began < 5
    engine.dispose()
    patient = store.open_store(url)
    assert len(read.fetch_frame(patient, "SELECT pg_sleep(0.5)")) == 1
    patient.dispose()


def test_who_waits_for_tables_that_a_restore_makes_anew_reads_what_it_brought(
    new_database: Callable[[], AbstractContextManager[str]],
) -> None:
    with new_database() as url, ThreadPoolExecutor(1) as pool:
        writer, reader = store.open_store(url), store.open_store(url, answer_seconds=20)

        def read_version() -> DataVersion:
            with store.hold_one_commit(reader):
                return store.fetch_data_version(reader)

        with writer.begin() as restore:
            restore.execute(text("CREATE TEMP TABLE kept AS SELECT * FROM data_version"))
            restore.execute(text("TRUNCATE data_version"))
            version = pool.submit(read_version)
            time.sleep(0.3)
            restore.execute(text("INSERT INTO data_version SELECT * FROM kept"))
        assert version.result() == store.fetch_data_version(writer)
        writer.dispose()
        reader.dispose()


def test_a_database_machine_that_accepts_and_says_nothing_does_not_hold_the_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(connections._NETWORK, "connect_timeout", 2)  # the least that libpq knows
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        began = time.monotonic()
        with pytest.raises(store.StoreUnavailable):
            store.open_store(f"postgresql://reader@127.0.0.1:{silent.getsockname()[1]}/kho")
        assert time.monotonic() - began < 10


def grow(file: Path, batches: int) -> Path:
    """A store of its own with many pages, as a file without a journal."""
    engine = store.prepare_store(f"sqlite:///{file}")
    for number in range(batches):
        codes = reference.select_communes_of_province("51").index[:60]
        rows = pd.concat([making.declaration(str(code), DAY) for code in codes])
        store.save_batch(engine, making.batch(f"{file.stem}{number:02}", readings=rows), by="test")
    engine.dispose()
    return file


@pytest.mark.parametrize(("first", "second"), [(1, 12), (12, 1), (3, 3)])
def test_a_copy_written_over_the_file_is_read_at_once_by_all_connections(
    tmp_path: Path, first: int, second: int
) -> None:
    file, other = grow(tmp_path / "a.sqlite", first), grow(tmp_path / "b.sqlite", second)
    servers = [store.open_store(f"sqlite:///{file}", answer_seconds=20) for _ in range(2)]
    for serving in servers:
        assert len(read.fetch_sources(serving, "51", DAY)) == first
    with open(file, "r+b") as opened:  # as cp does
        opened.truncate(0)
        opened.write(other.read_bytes())
    for serving in servers * 2:
        names = set(read.fetch_sources(serving, "51", DAY)["file_name"])
        assert names == {f"b{number:02}.xlsx" for number in range(second)}
    importing = store.open_store(f"sqlite:///{file}")
    fill(importing, "c")
    for serving in servers:
        assert len(read.fetch_sources(serving, "51", DAY)) == second + 1
    assert inspect_store(importing).faults == []
    for engine in (*servers, importing):
        engine.dispose()


def test_a_backup_copied_over_a_store_that_was_imported_into_counts(tmp_path: Path) -> None:
    file = grow(tmp_path / "a.sqlite", 2)
    before = file.read_bytes()
    serving = store.open_store(f"sqlite:///{file}", answer_seconds=20)
    then = store.fetch_data_version(serving)
    for number in range(3):
        importing = store.open_store(f"sqlite:///{file}")
        fill(importing, f"c{number}")
        importing.dispose()
        assert store.fetch_data_version(serving).number == then.number + 1
        file.write_bytes(before)
        assert store.fetch_data_version(serving) == then
        assert len(read.fetch_sources(serving, "51", DAY)) == 2
    serving.dispose()

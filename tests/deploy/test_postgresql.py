"""PostgreSQL as offices run it: behind PgBouncer, with a standby, a role that alters nothing."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.engine import make_url

from dashboard import store
from dashboard.settings import read_settings
from dashboard.store import read
from dashboard.store.replica import OtherStore
from dashboard.store.snapshots import connect_for_reading, hold_one_commit
from dashboard.store.write_turn import WriteTurn, begin_writing
from dashboard.web.server import create_app
from tests import making
from tests.conftest import TODAY
from tests.web import people
from tools.pgbouncer import find_pgbouncer, run_pgbouncer
from tools.postgresql import PostgreSQL, Standby, run_postgresql, run_standby
from tools.running import ROOT, environment_in

DAY = date(2026, 11, 13)
STATE = "/api/state?province=51"
NewDatabase = Callable[[], AbstractContextManager[str]]


def declare(url: str, name: str) -> None:
    """A file that an office sends: the version goes up."""
    engine = store.open_store(url)
    batch = making.batch(name, readings=making.declaration("21250", DAY))
    try:
        store.save_batch(engine, batch, by="test")
    finally:
        engine.dispose()


def serve(folder: Path, url: str, **more: str) -> Flask:
    """The whole program over that store."""
    values = {**environment_in(folder), "DASHBOARD_DATABASE_URL": url, "DASHBOARD_TODAY": TODAY}
    return create_app(read_settings({**values, **more})).server


def read_state(browser: FlaskClient) -> int:
    """The version of the data that a page shows."""
    answer = browser.get(STATE)
    assert answer.status_code == 200, answer.text
    return int(answer.get_json()["version"])


def dispose(server: Flask) -> None:
    server.config["DASHBOARD_ENGINE"].dispose()
    if replica := server.config["DASHBOARD_REPLICA"]:
        replica.engine.dispose()


@pytest.fixture
def pooled(postgresql: PostgreSQL, new_database: NewDatabase) -> Iterator[str]:
    """The address of an empty store behind PgBouncer, with two sessions for everybody."""
    if find_pgbouncer() is None:
        pytest.skip("pgbouncer is not here; `make test` fetches it as root on Debian")
    with new_database() as address, run_pgbouncer(postgresql) as pooler:
        name = make_url(address).database
        yield f"{pooler}/{name}"


def test_a_session_that_is_ended_after_the_last_question_spoils_no_answer(
    new_database: NewDatabase,
) -> None:
    with new_database() as address:
        engine = store.prepare_store(address)
        with hold_one_commit(engine):
            with connect_for_reading(engine) as connection:
                session = connection.scalar(text("SELECT pg_backend_pid()"))
            with engine.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:session)"), {"session": session})
            time.sleep(0.2)
        assert store.fetch_data_version(engine).number >= 1
        assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        engine.dispose()


def test_behind_pgbouncer_nothing_stays_with_a_session(pooled: str) -> None:
    engine = store.open_store(pooled, answer_seconds=0.5)

    def find_session(number: int) -> int | None:
        # committed: the driver forgets what it counted where a transaction is rolled back
        with engine.begin() as connection:
            question = text("SELECT pg_backend_pid() + 0 * :number")
            return connection.scalar(question, {"number": number})

    with ThreadPoolExecutor(8) as pool:
        sessions = set(pool.map(find_session, range(200)))
    assert len(sessions) <= 2, "eight threads share two"
    began = time.monotonic()
    with pytest.raises(store.StoreUnavailable):
        read.fetch_frame(engine, "SELECT pg_sleep(20)")
    assert time.monotonic() - began < 3
    patient = store.open_store(pooled)
    for _ in range(10):
        assert len(read.fetch_frame(patient, "SELECT pg_sleep(0.6)")) == 1
        left = read.fetch_frame(
            patient,
            "SELECT (SELECT count(*) FROM pg_prepared_statements) AS prepared, "
            "(SELECT count(*) FROM pg_locks WHERE locktype = 'advisory') AS locks, "
            "current_setting('lock_timeout') AS wait",
        )
        assert left.iloc[0].tolist() == [0, 0, "0"]
    engine.dispose()
    patient.dispose()


def test_behind_pgbouncer_pages_read_while_files_are_written_in_turn(
    pooled: str, tmp_path: Path
) -> None:
    server = serve(tmp_path, pooled)
    before = read_state(server.test_client())
    with ThreadPoolExecutor(8) as pool:
        writers = [pool.submit(declare, pooled, f"ke-khai-{number}") for number in range(4)]
        versions = [pool.submit(read_state, server.test_client()) for _ in range(40)]
        for writer in writers:
            writer.result()
        seen = [version.result() for version in versions]
    assert set(seen) <= set(range(before, before + 5))
    assert read_state(server.test_client()) == before + 4
    people.add_account(server.config["DASHBOARD_ENGINE"], "van-thu")
    browser = people.open_browser(server)
    assert people.sign_in(browser, "van-thu").status_code == 303
    assert browser.get("/tai-khoan").status_code == 200
    dispose(server)


def test_behind_pgbouncer_who_waits_is_told_for_whom(pooled: str) -> None:
    engine = store.open_store(pooled)
    said: list[str] = []
    with begin_writing(engine, WriteTurn("import danh_sach.csv")):
        turn = WriteTurn("undo", wait_seconds=0.5, tell_wait=said.append)
        with pytest.raises(store.StoreBusy), begin_writing(engine, turn):
            pass
    assert "import danh_sach.csv" in said[0]
    engine.dispose()


def test_machines_that_migrate_at_once_do_it_one_after_the_other(postgresql: PostgreSQL) -> None:
    url = postgresql.create_database("moved_at_once")
    make = f"from dashboard import store; store.prepare_store({url!r}).dispose()"
    command = [sys.executable, "-c", make]
    both = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) for _ in range(2)]
    assert [process.communicate()[1] for process in both] == [b"", b""]
    assert [process.returncode for process in both] == [0, 0]
    engine = store.open_store(url)
    assert store.fetch_data_version(engine).number > 0
    engine.dispose()


def test_a_role_that_may_alter_nothing_serves_and_imports(
    postgresql: PostgreSQL, new_database: NewDatabase, tmp_path: Path
) -> None:
    """The rights are those of operations.md; only `setup` and `upgrade` need more."""
    with new_database() as address:
        name = make_url(address).database
        assert name
        grants = (Path(__file__).parents[2] / "deploy/postgresql/grant-rights.sql").read_text()
        with psycopg.connect(postgresql.write_uri(name), autocommit=True) as connection:
            connection.execute("DROP ROLE IF EXISTS dashboard_web")
            connection.execute("CREATE ROLE dashboard_web LOGIN")
            connection.execute(grants.encode())
            connection.execute("SET ROLE dashboard_web")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("ALTER TABLE reading ADD COLUMN more integer")
        url = address.replace("//postgres:@", "//dashboard_web@")
        assert "dashboard_web" in url
        server = serve(tmp_path, url)
        before = read_state(server.test_client())
        declare(url, "ke-khai")
        assert read_state(server.test_client()) == before + 1
        people.add_account(server.config["DASHBOARD_ENGINE"], "van-thu")
        assert people.sign_in(people.open_browser(server), "van-thu").status_code == 303
        dispose(server)
        with psycopg.connect(postgresql.write_uri(name), autocommit=True) as connection:
            connection.execute("DROP OWNED BY dashboard_web")
            connection.execute("DROP ROLE dashboard_web")


@pytest.fixture(scope="module")
def own_postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL that tests may stop."""
    with run_postgresql() as server:
        store.prepare_store(server.create_database("kho")).dispose()
        yield server


def test_terminated_sessions_and_a_restart_cost_one_answer_at_most(
    own_postgresql: PostgreSQL, tmp_path: Path
) -> None:
    server = serve(tmp_path, own_postgresql.write_address("kho"))
    browser = server.test_client()
    before = read_state(browser)
    own_postgresql.terminate_sessions()
    assert read_state(browser) == before
    own_postgresql.stop()
    assert browser.get(STATE).status_code == 503
    assert browser.get("/ready").status_code == 503
    own_postgresql.start()
    assert read_state(browser) == before
    assert browser.get("/ready").status_code == 200
    dispose(server)


def test_a_store_that_can_only_be_read_shows_and_refuses_plainly(
    own_postgresql: PostgreSQL, tmp_path: Path
) -> None:
    """What stands there while a standby is not promoted yet."""
    url = own_postgresql.write_address("kho")
    server = serve(tmp_path, url)
    people.add_account(server.config["DASHBOARD_ENGINE"], "thu-ky")
    with run_standby(own_postgresql) as standby:
        copy = serve(tmp_path, standby.write_address("kho"))
        assert read_state(copy.test_client()) == read_state(server.test_client())
        browser = people.open_browser(copy)
        assert people.sign_in(browser, "thu-ky").status_code == 503
        with pytest.raises(store.StoreUnavailable):
            declare(standby.write_address("kho"), "ke-khai")
        standby.promote()
        assert people.sign_in(browser, "thu-ky").status_code == 303
        declare(standby.write_address("kho"), "ke-khai")
        dispose(copy)
    dispose(server)


def wait_for_version(browser: FlaskClient, version: int) -> None:
    deadline = time.monotonic() + 15
    while read_state(browser) != version:
        assert time.monotonic() < deadline, "the standby did not catch up"
        time.sleep(0.1)


def test_pages_read_the_replica_and_who_is_signed_in_the_store_itself(
    own_postgresql: PostgreSQL, tmp_path: Path
) -> None:
    url = own_postgresql.write_address("kho")
    with run_standby(own_postgresql) as standby:
        server = serve(tmp_path, url, DASHBOARD_READ_URL=standby.write_address("kho"))
        people.add_account(server.config["DASHBOARD_ENGINE"], "can-bo")
        anybody, clerk = server.test_client(), people.open_browser(server)
        assert people.sign_in(clerk, "can-bo").status_code == 303
        before = read_state(clerk)
        wait_for_version(anybody, before)
        standby.set_pause(pauses=True)
        declare(url, "ke-khai-moi")
        assert read_state(clerk) == before + 1
        assert read_state(anybody) == before, "version and figures of the standby"
        standby.set_pause(pauses=False)
        wait_for_version(anybody, before + 1)
        _lose_each(own_postgresql, standby, server, before + 1)
        dispose(server)


def _lose_each(primary: PostgreSQL, standby: Standby, server: Flask, version: int) -> None:
    anybody = server.test_client()
    primary.stop()
    assert read_state(anybody) == version
    assert anybody.get("/ready").status_code == 200
    assert people.open_browser(server).get("/dang-nhap").status_code in {200, 503}
    primary.start()
    standby.stop()
    anybody.get(STATE)  # may be in the middle of it
    assert read_state(anybody) == version, "the store itself is read"


def test_a_replica_of_another_store_is_refused(
    own_postgresql: PostgreSQL, new_database: NewDatabase, tmp_path: Path
) -> None:
    with new_database() as other, pytest.raises(OtherStore, match="DASHBOARD_READ_URL"):
        serve(tmp_path, own_postgresql.write_address("kho"), DASHBOARD_READ_URL=other)

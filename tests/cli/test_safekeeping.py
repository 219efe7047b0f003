"""The store is kept, put back, looked at and renewed: on SQLite, then on PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, select, text

from dashboard import store
from dashboard.__main__ import main
from dashboard.settings import ROOT
from dashboard.store import read, schema
from dashboard.store.backup import write_backup
from dashboard.store.engine import list_revisions, make_store_engine
from dashboard.store.write_turn import WriteTurn, begin_writing
from tests import making
from tests.conftest import TODAY
from tools.running import environment_in

DAY = date(2026, 11, 13)
Run = Callable[..., tuple[int, str, str]]


def bring(engine: Engine, name: str) -> None:
    readings = making.declaration("21250", DAY)
    store.save_batch(engine, making.batch(name, readings=readings), by="test")


def names_of(engine: Engine) -> list[str]:
    return sorted(read.fetch_sources(engine, "51", DAY)["file_name"])


def fetch_audit_actions(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(select(schema.audit_entry.c.action)))


def read_place(line: str) -> Path:
    """The file that a command names at the end of its line."""
    return Path(line.strip().rpartition(" ")[2])


@pytest.fixture
def typed(
    request: pytest.FixtureRequest,
    store_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Types a command on the test's own store."""
    environment = environment_in(tmp_path, DASHBOARD_TODAY=TODAY)
    for name, value in {**environment, "DASHBOARD_DATABASE_URL": store_url}.items():
        monkeypatch.setenv(name, value)
    if store_url.startswith("postgresql"):
        monkeypatch.setenv("PATH", request.getfixturevalue("postgresql").extend_path())

    def run_command(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run_command


def test_a_backup_comes_back_as_a_store_of_its_own_while_others_read(
    typed: Run, engine: Engine, tmp_path: Path, store_url: str
) -> None:
    bring(engine, "a")
    then = store.fetch_data_version(engine)
    kept = tmp_path / "ban-sao"
    assert typed("backup", str(kept))[0] == 0
    assert kept.stat().st_mode & 0o077 == 0
    bring(engine, "b")
    serving = store.open_store(store_url, answer_seconds=20)
    assert names_of(serving) == ["a.xlsx", "b.xlsx"]
    status, out, err = typed("restore", str(kept))
    assert (status, err) == (0, "")
    assert "Kho trước khi phục hồi được giữ tại" in out
    assert names_of(serving) == ["a.xlsx"]
    now = store.fetch_data_version(serving)
    assert now.number == then.number
    assert now.token != then.token
    assert now.store_id != then.store_id
    assert typed("check")[0] == 0
    assert "restore_store" in set(fetch_audit_actions(engine))
    # what it was before comes back, too
    assert typed("restore", str(read_place(out)))[0] == 0
    assert names_of(serving) == ["a.xlsx", "b.xlsx"]
    serving.dispose()


def test_who_reads_while_a_store_is_put_back_reads_on_in_the_one_it_began_with(
    typed: Run, engine: Engine, tmp_path: Path, store_url: str
) -> None:
    kept = tmp_path / "ban-sao"
    assert typed("backup", str(kept))[0] == 0
    bring(engine, "a")
    reading = store.open_store(store_url, answer_seconds=20)
    restore = Thread(target=typed, args=("restore", str(kept)))
    with store.hold_one_commit(reading):
        version = store.fetch_data_version(reading)
        restore.start()
        restore.join(timeout=1)
        assert names_of(reading) == ["a.xlsx"]
        assert store.fetch_data_version(reading) == version
    restore.join()
    assert names_of(reading) == []
    reading.dispose()


@pytest.mark.usefixtures("engine")
def test_a_backup_never_overwrites_and_says_so(typed: Run, tmp_path: Path) -> None:
    kept = tmp_path / "ban-sao"
    kept.write_text("mine")
    status, out, err = typed("backup", str(kept))
    assert (status, out, len(err.splitlines())) == (2, "", 1)
    assert kept.read_text() == "mine"
    status, _, err = typed("backup", str(tmp_path / "nowhere" / "ban-sao"))
    assert (status, len(err.splitlines())) == (2, 1)


def test_what_is_no_backup_changes_nothing(typed: Run, engine: Engine, tmp_path: Path) -> None:
    bring(engine, "a")
    before = store.fetch_data_version(engine)
    odd = tmp_path / "odd"
    for content in (b"", b"this is no backup" * 99, b"SQLite format 3\x00", b"PGDMP" * 99):
        odd.write_bytes(content)
        status, out, err = typed("restore", str(odd))
        assert (status, out, len(err.splitlines())) == (2, "", 1)
    assert typed("restore", str(tmp_path / "absent"))[0] == 2
    assert store.fetch_data_version(engine) == before


def test_a_backup_of_a_newer_program_is_refused(typed: Run, engine: Engine, tmp_path: Path) -> None:
    stamp = text("UPDATE alembic_version SET version_num = :revision")
    with engine.begin() as connection:
        connection.execute(stamp, {"revision": "9999"})
    write_backup(engine, tmp_path / "ban-sao")
    with engine.begin() as connection:
        connection.execute(stamp, {"revision": list_revisions()[-1]})
    bring(engine, "a")
    status, _, err = typed("restore", str(tmp_path / "ban-sao"))
    assert (status, len(err.splitlines())) == (2, 1)
    assert "mới hơn" in err
    assert names_of(engine) == ["a.xlsx"]
    assert typed("check")[0] == 0


def test_the_migrations_told_by_their_files_are_those_that_alembic_walks() -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "dashboard" / "store" / "migrations"))
    walked = ScriptDirectory.from_config(config).walk_revisions()
    assert list_revisions() == [script.revision for script in walked][::-1]


def migrate_to(url: str, revision: str) -> None:
    """A store as an earlier program made it."""
    engine = make_store_engine(url)
    config = Config()
    config.set_main_option("script_location", str(ROOT / "dashboard" / "store" / "migrations"))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()
    engine.dispose()


@pytest.fixture
def first_store(store_url: str) -> str:
    """The test's own store, as the first schema had it."""
    if store_url.startswith("sqlite"):
        Path(store_url.removeprefix("sqlite:///")).unlink()
    else:
        engine = create_engine(store_url)
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()
    migrate_to(store_url, "0001")
    engine = create_engine(store_url)
    batch = (
        "INSERT INTO import_batch (id, file_name, sha256, kind, origin, province_code, as_of,"
        " imported_by, imported_at, row_count, problem_count, version) VALUES (1, 'cu.xlsx', 'x',"
        " 'readiness', 'imported', '51', '2026-11-13 16:00:00', 'test', '2026-11-13 17:00:00',"
        " 1, 0, 1)"
    )
    with engine.begin() as connection:
        connection.execute(text(batch))
        connection.execute(text("UPDATE data_version SET version = 1"))
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT setval('import_batch_id_seq', 1)"))
    engine.dispose()
    return store_url


def test_the_first_schema_is_upgraded_after_a_backup_and_goes_back_through_it(
    first_store: str, typed: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert typed("batches")[0] == 2
    status, out, err = typed("upgrade")
    assert (status, err) == (0, "")
    kept = read_place(out.splitlines()[0])
    assert kept.is_file()
    engine = store.open_store(first_store)
    assert names_of(engine) == ["cu.xlsx"]
    assert store.fetch_data_version(engine).token
    bring(engine, "a")
    assert typed("check")[0] == 0
    assert "không có gì phải làm" in typed("upgrade")[1]
    # the backup of the first schema is one that restore takes, migrating it on the way
    assert typed("restore", str(kept))[0] == 0
    assert names_of(engine) == ["cu.xlsx"]
    engine.dispose()
    if first_store.startswith("sqlite"):  # and the old program opens it as it is
        with closing(sqlite3.connect(kept)) as old:
            assert old.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)


def test_check_tells_what_is_wrong(typed: Run, engine: Engine) -> None:
    bring(engine, "a")
    with engine.begin() as connection:
        connection.execute(text("UPDATE import_batch SET problem_count = 7, version = 99"))
    status, out, _ = typed("check")
    assert status == 2
    assert "LỖI đợt 1: số vấn đề" in out
    assert "LỖI có đợt nạp của phiên bản 99" in out


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The store on which `run` types."""
    return tmp_path / "dashboard.sqlite"


def test_a_restore_waits_for_an_import_and_says_for_whom(
    run: Run, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("backup", str(tmp_path / "ban-sao"))[0] == 0
    monkeypatch.setenv("DASHBOARD_LOCK_WAIT", "0")
    engine = store.open_store(f"sqlite:///{file}")
    with begin_writing(engine, WriteTurn("import lớn")) as connection:
        connection.execute(schema.data_version.update().values(version=3))
        status, _, err = run("restore", str(tmp_path / "ban-sao"))
        assert status == 2
        assert "import lớn" in err
    engine.dispose()


def test_a_store_that_is_destroyed_or_gone_is_put_back(
    run: Run, file: Path, tmp_path: Path
) -> None:
    kept = str(tmp_path / "ban-sao")
    assert run("backup", kept)[0] == 0
    file.write_bytes(b"no database any more" * 1000)
    status, out, err = run("restore", kept)
    assert (status, err) == (0, "")
    assert read_place(out).read_bytes().startswith(b"no database")
    assert run("check")[0] == 0
    file.unlink()
    assert run("restore", kept)[0] == 0
    assert run("check")[0] == 0


def test_a_damaged_store_is_told_by_check_and_doctor(run: Run, file: Path) -> None:
    with open(file, "r+b") as opened:
        opened.seek(20 * 4096)
        opened.write(b"\xff" * 40_000)
    assert run("check")[0] == 2
    status, out, _ = run("doctor")
    assert status == 2
    assert any(line.startswith("LỖI") and "kho" in line for line in out.splitlines())


def test_doctor_tells_a_remedy_for_each_finding(
    run: Run, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOST", "0.0.0.0")
    status, out, err = run("doctor")
    lines = out.splitlines()
    assert (status, err) == (2, "")  # static files were not prepared
    assert any("DASHBOARD_TODAY" in line for line in lines)
    assert any("python -m dashboard setup" in line for line in lines)
    assert any("nginx" in line and "DASHBOARD_PROXIES" in line for line in lines)
    assert any("DASHBOARD_HOSTS trống" in line and "tên miền" in line for line in lines)
    assert all("; " in line for line in lines if not line.startswith("tốt"))
    file.unlink()
    status, out, _ = run("doctor")
    assert status == 2
    assert "Chưa có kho dữ liệu" in out
    assert not file.exists()


@pytest.mark.usefixtures("file")
def test_doctor_has_no_remark_on_a_server_that_is_protected(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOST", "0.0.0.0")
    monkeypatch.setenv("DASHBOARD_PROXIES", "127.0.0.1")
    monkeypatch.setenv("DASHBOARD_HOSTS", "bang.tinh.vn")
    [line] = [line for line in run("doctor")[1].splitlines() if " mạng: " in line]
    assert line.startswith("tốt")


def test_doctor_sees_a_clock_before_all_data(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_TODAY", "2000-01-01")
    status, out, _ = run("doctor")
    assert status == 2
    assert "01/01/2000" in out

"""A store as one file to keep: writing it while others read and import, and putting it back.

SQLite: a copy by its own backup interface, both ways, so that nobody's journal is played into
another store and whoever reads sees the old store or the new one. PostgreSQL: `pg_dump` and
`pg_restore`, one transaction.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, update
from sqlalchemy.exc import SQLAlchemyError

from dashboard.data_version import DataVersion, draw_token
from dashboard.errors import DashboardError
from dashboard.messages import write_message
from dashboard.store import schema
from dashboard.store.audit import AuditLine, Author, append_audit_line
from dashboard.store.engine import (
    find_schema_revision,
    list_revisions,
    locate_store_file,
    make_store_engine,
    make_unavailable_error,
    prepare_store,
)
from dashboard.store.read import fetch_data_version, read_query
from dashboard.store.write_turn import WriteTurn, hold_lock_file

_POSTGRESQL_MAGIC = b"PGDMP"
_SQLITE_MAGIC = b"SQLite format 3\x00"


class BackupRefused(DashboardError):
    """A backup that cannot be written or put back: why, and what to do."""


@dataclass(frozen=True)
class RestoredStore:
    """What a restore did: the version that is served now, and where the old store is kept (None:
    there was none).
    """

    version: DataVersion
    aside: Path | None


def write_backup(engine: Engine, target: Path) -> int:
    """Write the whole store into one new file, of one moment, while others read and import; its
    size. Never overwrites; what cannot be finished leaves no file. Raises BackupRefused.
    """
    _refuse_known_name(target)
    try:
        with _write_beside(target) as draft:
            if locate_store_file(engine):
                _copy_sqlite(engine, draft)
            else:
                _dump_postgresql(engine, draft)
            size = draft.stat().st_size
            os.link(draft, target)
    except (OSError, sqlite3.Error) as error:
        raise BackupRefused(
            write_message(
                "Không ghi được bản sao lưu {target} ({reason}); hãy kiểm tra thư mục, "
                "quyền ghi và chỗ trống",
                target=target,
                reason=_name_reason(error),
            )
        ) from error
    return size


def restore_backup(
    url: str, source: Path, aside: Path, turn: WriteTurn, author: Author
) -> RestoredStore:
    """Put a backup in the place of the store at `url`, with an identity of its own; the old store
    goes to `aside`. Servers go on: their next question is answered from it; who is signed in signs
    in again. Raises BackupRefused, StoreUnavailable; the old store then stays.
    """
    engine = make_store_engine(url)
    try:
        if locate_store_file(engine):
            return _restore_sqlite(engine, source, aside, turn, author)
        return _restore_postgresql(engine, source, aside, author)
    except SQLAlchemyError as error:
        raise make_unavailable_error(engine, error) from error
    except (OSError, sqlite3.Error) as error:
        raise BackupRefused(
            write_message(
                "Không phục hồi được từ {source} ({reason}), kho dữ liệu vẫn như trước;"
                " hãy kiểm tra tệp, quyền và chỗ trống",
                source=source.name,
                reason=_name_reason(error),
            )
        ) from error
    finally:
        engine.dispose()


def _refuse_known_name(target: Path) -> None:
    if os.path.lexists(target):
        raise BackupRefused(
            write_message("Đã có tệp {target}; hãy chọn tên khác cho bản sao lưu", target=target)
        )


def _restore_sqlite(
    engine: Engine, source: Path, aside: Path, turn: WriteTurn, author: Author
) -> RestoredStore:
    file = locate_store_file(engine)
    assert file is not None
    with _write_beside(file) as draft:
        _refuse_known_name(aside)
        _check_magic(source, _SQLITE_MAGIC)
        shutil.copyfile(source, draft)
        _verify_sqlite(draft, source.name)
        draft_url = f"sqlite:///{draft}"
        _refuse_newer(draft_url, source.name)
        _renew_restored(draft_url, source.name, author)
        _end_journal(draft)
        with hold_lock_file(engine, str(file), turn):
            kept = _put_in_place(draft, file, aside, turn.wait_seconds)
    engine.dispose()
    return RestoredStore(fetch_data_version(engine), kept)


def _put_in_place(draft: Path, file: Path, aside: Path, wait_seconds: float) -> Path | None:
    """Into the old store where there is one that SQLite opens, so that all who have it open change
    over together; else as a file of its own, which needs nobody at the old one.
    """
    if not file.exists():
        _remove_journal(file)
        os.link(draft, file)
        return None
    try:
        _keep_aside(file, aside)
        _overwrite_pages(draft, file, wait_seconds)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise  # busy, full, read-only: the old store is sound
        # what is there is no database any more
        users = _list_users(file)
        if users:
            raise BackupRefused(
                write_message(
                    "Kho dữ liệu hiện tại đã hỏng và đang có chương trình mở (tiến trình "
                    "{processes}); hãy dừng serve và watch rồi chạy lại lệnh này",
                    processes=users,
                )
            ) from error
        aside.unlink(missing_ok=True)
        os.link(file, aside)
        _remove_journal(file)
        os.replace(draft, file)
        draft.touch()  # whoever made it removes it
    return aside


def _keep_aside(file: Path, aside: Path) -> None:
    """The old store as it is, also where its pages are damaged."""
    with closing(_open_sqlite(file)) as old, closing(sqlite3.connect(aside)) as kept:
        os.chmod(aside, 0o600)
        old.backup(kept)


def _overwrite_pages(draft: Path, file: Path, wait_seconds: float) -> None:
    """One transaction of the old store writes every page of the new one into it."""
    deadline = time.monotonic() + wait_seconds

    def give_up(status: int, _remaining: int, _total: int) -> None:
        if status != sqlite3.SQLITE_DONE and time.monotonic() > deadline:
            raise BackupRefused(
                write_message(
                    "Đang có lệnh nạp số liệu vào kho; hãy đợi lệnh đó xong hoặc dừng nó "
                    "rồi phục hồi lại"
                )
            )

    with closing(sqlite3.connect(draft)) as new, closing(_open_sqlite(file)) as old:
        new.backup(old, progress=give_up, sleep=0.05)
        old.execute("PRAGMA busy_timeout=200")  # whoever reads now keeps the journal a while longer
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _open_sqlite(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, timeout=5)
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _copy_sqlite(engine: Engine, draft: Path) -> None:
    with engine.connect() as connection, closing(sqlite3.connect(draft)) as copy:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.backup(copy)
    _end_journal(draft)
    _verify_sqlite(draft, write_message("bản sao lưu"))
    # A copy that somebody puts in place by hand is told from the store by it.
    copied = make_store_engine(f"sqlite:///{draft}")
    with suppress(SQLAlchemyError), copied.begin() as connection:
        _draw_identity(connection)  # which a store of an older schema does not have yet
    copied.dispose()
    _end_journal(draft)


def _end_journal(file: Path) -> None:
    """One file, nothing beside it, all of it on the disk."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE").fetchall()
    with open(file, "rb") as written:
        os.fsync(written.fileno())


def _verify_sqlite(file: Path, name: str) -> None:
    """Raises BackupRefused unless the file is a sound store of this program's kind."""
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True)) as connection:
            sound = connection.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    except sqlite3.Error as error:
        raise BackupRefused(
            write_message(
                "{name} không phải kho dữ liệu đọc được ({reason}); hãy chọn bản khác",
                name=name,
                reason=_name_reason(error),
            )
        ) from error
    if not {"alembic_version", "data_version", "import_batch"} <= tables:
        raise BackupRefused(
            write_message(
                "{name} không phải kho dữ liệu của chương trình này; hãy chọn bản khác", name=name
            )
        )
    if not sound or broken:
        raise BackupRefused(
            write_message(
                "{name} đã hỏng (kiểm tra toàn vẹn); hãy chọn bản sao lưu khác", name=name
            )
        )


def _refuse_newer(url: str, name: str) -> None:
    engine = make_store_engine(url)
    try:
        with engine.connect() as connection:
            revision = find_schema_revision(connection)
    finally:
        engine.dispose()
    if revision not in list_revisions():
        raise BackupRefused(
            write_message(
                "{name} do một phiên bản mới hơn của chương trình tạo ra; hãy cập nhật "
                "chương trình",
                name=name,
            )
        )


def _renew_restored(url: str, name: str, author: Author) -> None:
    """Brings what was put back up to this schema, as a store of its own: nobody is signed in who
    was when it was kept, and the audit tells of it.
    """
    prepare_store(url).dispose()
    engine = make_store_engine(url)
    try:
        with engine.begin() as connection:
            _draw_identity(connection)
            for table in (schema.account_session, schema.one_time_link, schema.attempt_count):
                connection.execute(delete(table))
            append_audit_line(connection, author, AuditLine("restore_store", name))
            if engine.dialect.name == "postgresql":  # privileges are not in a dump
                connection.exec_driver_sql(read_query("guard_audit"))
    finally:
        engine.dispose()


def _draw_identity(connection: Connection) -> None:
    """Another store from now on, of the same data."""
    values = {"store_id": draw_token(), "token": draw_token()}
    connection.execute(update(schema.data_version).values(**values))


def _restore_postgresql(engine: Engine, source: Path, aside: Path, author: Author) -> RestoredStore:
    url = engine.url.render_as_string(hide_password=False)
    _check_magic(source, _POSTGRESQL_MAGIC)
    listing = _run_tool(engine, ["pg_restore", "--list", str(source)])
    if " data_version " not in listing or " alembic_version " not in listing:
        raise BackupRefused(
            write_message(
                "{source} không phải bản sao lưu của chương trình này; hãy chọn bản khác",
                source=source.name,
            )
        )
    kept = None
    with engine.connect() as connection:
        has_store = find_schema_revision(connection) is not None
    if has_store:
        write_backup(engine, aside)
        kept = aside
    engine.dispose()
    _replay_dump(engine, source)
    try:
        _refuse_newer(url, source.name)
    except BackupRefused:
        if kept:
            _replay_dump(engine, kept)
        raise
    _renew_restored(url, source.name, author)
    return RestoredStore(fetch_data_version(engine), kept)


def _dump_postgresql(engine: Engine, draft: Path) -> None:
    arguments = ["--format=custom", "--no-owner", "--no-privileges", f"--file={draft}"]
    _run_tool(engine, ["pg_dump", *arguments, "--dbname", _make_dsn(engine)])


def _replay_dump(engine: Engine, source: Path) -> None:
    """One transaction drops what is there, also what a newer schema added, and makes what was.

    Readers hold `data_version` (snapshots.py): it goes first, so nobody reads half of it.
    """
    others = (name for name in schema.metadata.tables if name != schema.data_version.name)
    tables = [schema.data_version.name, *others, "alembic_version"]
    drops = [
        "SET client_min_messages = warning;",
        *(f"DROP TABLE IF EXISTS {name} CASCADE;" for name in tables),
        read_query("drop_guarding_functions"),
    ]
    with tempfile.TemporaryDirectory(prefix="dashboard-restore-") as folder:
        dropping = Path(folder) / "drop.sql"
        dropping.write_text("\n".join(drops), encoding="utf-8")
        making = Path(folder) / "make.sql"
        options = ["--no-owner", "--no-privileges", f"--file={making}"]
        _run_tool(engine, ["pg_restore", *options, str(source)])
        options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        files = [f"--file={dropping}", f"--file={making}"]
        _run_tool(engine, ["psql", *options, *files, "--dbname", _make_dsn(engine)])


def _make_dsn(engine: Engine) -> str:
    """The address without its password, which goes through the environment: others may list what
    runs here.
    """
    address = engine.url.set(drivername="postgresql", password=None)
    return address.render_as_string(hide_password=False)


def _run_tool(engine: Engine, arguments: Sequence[str]) -> str:
    """What PostgreSQL's own program prints. Raises BackupRefused with its last line."""
    program = arguments[0]
    if shutil.which(program) is None:
        raise BackupRefused(
            write_message(
                "Không có chương trình {program} trên máy này; hãy cài gói "
                "postgresql-client cùng phiên bản với máy chủ cơ sở dữ liệu",
                program=program,
            )
        )
    environment = dict(os.environ)
    if engine.url.password:
        environment["PGPASSWORD"] = str(engine.url.password)
    finished = subprocess.run(
        arguments, env=environment, capture_output=True, text=True, check=False
    )
    if finished.returncode:
        lines = finished.stderr.strip().splitlines() or [write_message("không rõ lý do")]
        reason = next((line for line in lines if "ERROR" in line), lines[0])
        raise BackupRefused(
            write_message(
                "{program} không làm được ({reason}); hãy kiểm tra tệp, quyền và phiên "
                "bản của {program}",
                program=program,
                reason=reason,
            )
        )
    return finished.stdout


def _check_magic(source: Path, magic: bytes) -> None:
    with open(source, "rb") as opened:
        if opened.read(len(magic)) == magic:
            return
    expected = "SQLite" if magic == _SQLITE_MAGIC else "PostgreSQL"
    raise BackupRefused(
        write_message(
            "{source} không phải bản sao lưu của một kho {expected}; hãy chọn đúng "
            "tệp mà lệnh backup đã ghi",
            source=source.name,
            expected=expected,
        )
    )


@contextmanager
def _write_beside(target: Path) -> Iterator[Path]:
    """A file of its own in the same folder, for nobody else's eyes, that goes at the end."""
    number, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    os.close(number)
    draft = Path(name)
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)
        _remove_journal(draft)


def _remove_journal(file: Path) -> None:
    for ending in ("-wal", "-shm", "-journal"):
        file.with_name(file.name + ending).unlink(missing_ok=True)


def _list_users(file: Path) -> list[int]:
    """Other processes that have a file open, as far as this account may see."""
    users = set()
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if os.path.samefile(link, file):
                users.add(int(link.parts[2]))
        except OSError:
            continue
    return sorted(users - {os.getpid()})


def _name_reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__

"""Opening the store: the address, SQLite's manners, migrations, the list of communes."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, inspect, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from dashboard import reference
from dashboard.data_version import draw_token
from dashboard.errors import DashboardError
from dashboard.messages import write_message
from dashboard.store import connections, schema
from dashboard.store.bulk_writer import upsert_rows

_MIGRATIONS = Path(__file__).parent / "migrations"
# Where alembic keeps at which migration a store is: one row.
_REVISION_TABLE = "alembic_version"
# Any number, the same in every process: two workers that start together migrate one after the
# other.
_MIGRATION_LOCK = 7_202_507
# What SQLite and PostgreSQL say where others hold what is wanted.
_BUSY_REASONS = ("database is locked", "lock timeout")
# What PostgreSQL's library says of a certificate that it does not trust, or of none.
_TLS_REASONS = ("certificate", "SSL")


class StoreUnavailable(DashboardError):
    """The store cannot be opened, read or written; says which and what to do."""


class StoreBusy(StoreUnavailable):
    """Somebody else writes, longer than was waited; says who where that is known."""


class StoreMissing(StoreUnavailable):
    """There is no store at the address; says which command makes one."""


class StoreOutdated(StoreUnavailable):
    """The store is of an older schema; says which command brings it up to date."""


def open_store(url: str, *, answer_seconds: float | None = None) -> Engine:
    """The engine for the store at a SQLAlchemy address, which must be there and of this schema.

    `answer_seconds` is the longest that PostgreSQL may take over one question: for who reads while
    people wait; an import takes as long as it takes. A SQLite file that is gone is never made anew,
    and one that was put in its place is the one that is read. Raises StoreUnavailable with one
    plain line; a password in the address is never printed.
    """
    engine = make_store_engine(url)
    try:
        _require_schema(engine)
        connections.enforce_timeouts(engine, answer_seconds)
        _fill_reference(engine)
    except SQLAlchemyError as error:
        engine.dispose()
        raise make_unavailable_error(engine, error) from error
    except StoreUnavailable:
        engine.dispose()
        raise
    return engine


def prepare_store(url: str) -> Engine:
    """The engine as of `open_store`; a store that is not there is made, one of an older schema
    migrated.
    """
    from alembic.util import CommandError  # here: see find_schema_revision

    engine = make_store_engine(url)
    try:
        file = locate_store_file(engine)
        if file:
            file.parent.mkdir(parents=True, exist_ok=True)
        _migrate(engine)
    except SQLAlchemyError as error:
        raise make_unavailable_error(engine, error) from error
    except CommandError as error:
        raise _make_newer_error(engine) from error
    except OSError as error:
        raise StoreUnavailable(
            write_message(
                "Không tạo được thư mục của kho dữ liệu ({strerror}); kiểm tra "
                "DASHBOARD_DATABASE_URL, chỗ trống và quyền ghi",
                strerror=error.strerror,
            )
        ) from error
    finally:
        if engine.url.database != ":memory:":
            engine.dispose()
    if engine.url.database != ":memory:":
        return open_store(url)
    _fill_reference(engine)
    return engine


def open_store_for_trial(url: str) -> Engine:
    """As `open_store`; but a store in a new, empty folder of the machine's temporary files is made.

    Who tries out how a file is read needs no set-up for it, and nobody's store that is away lies
    there.
    """
    engine = make_store_engine(url)
    file = locate_store_file(engine)
    engine.dispose()
    temporary = Path(tempfile.gettempdir()).resolve()
    if file and file.parent.resolve().is_relative_to(temporary) and _is_empty_folder(file.parent):
        return prepare_store(url)
    return open_store(url)


def _is_empty_folder(folder: Path) -> bool:
    return folder.is_dir() and next(folder.iterdir(), None) is None


def locate_store_file(engine: Engine) -> Path | None:
    """The file of a SQLite store; None for any other."""
    database = engine.url.database
    if engine.dialect.name != "sqlite" or not database or database == ":memory:":
        return None
    return None if "uri" in engine.url.query else Path(database).absolute()


def find_schema_revision(connection: Connection) -> str | None:
    """Which migration a store is at; None where there is none of ours."""
    # Asked without alembic: only who migrates pays for importing it, no server and no command.
    if not inspect(connection).has_table(_REVISION_TABLE):
        return None
    revision = connection.scalar(text(f"SELECT version_num FROM {_REVISION_TABLE}"))
    return None if revision is None else str(revision)


def list_revisions() -> list[str]:
    """The migrations of this program, the oldest first: `0001_first_schema.py` is 0001."""
    files = (_MIGRATIONS / "versions").glob("[0-9]*_*.py")
    return sorted(file.name.partition("_")[0] for file in files)


def _require_schema(engine: Engine) -> None:
    shown = engine.url.render_as_string(hide_password=True)
    file = locate_store_file(engine)
    missing = StoreMissing(
        write_message(
            "Chưa có kho dữ liệu tại {shown}; kiểm tra DASHBOARD_DATABASE_URL và ổ "
            "đĩa, hoặc tạo kho mới bằng lệnh: python -m dashboard setup",
            shown=shown,
        )
    )
    if file and not (file.exists() and file.stat().st_size):
        raise missing
    with engine.connect() as connection:
        revision = find_schema_revision(connection)
    revisions = list_revisions()
    if revision is None:
        raise missing
    if revision not in revisions:
        raise _make_newer_error(engine)
    if revision != revisions[-1]:
        raise StoreOutdated(
            write_message(
                "Kho dữ liệu {shown} còn theo lược đồ {revision} của phiên bản trước; "
                "hãy chạy: python -m dashboard upgrade (lệnh này sao lưu trước)",
                shown=shown,
                revision=revision,
            )
        )


def _make_newer_error(engine: Engine) -> StoreUnavailable:
    """A schema that this program does not know: a newer one has been here."""
    return StoreUnavailable(
        write_message(
            "Kho dữ liệu {shown} do một phiên bản mới hơn của chương trình tạo "
            "ra; hãy cập nhật chương trình, hoặc dùng bản sao lưu của kho từ trước "
            "khi cập nhật",
            shown=engine.url.render_as_string(hide_password=True),
        )
    )


@contextmanager
def explain_failures(engine: Engine) -> Iterator[None]:
    """A store that does not answer raises StoreUnavailable, one plain line."""
    try:
        yield
    except SQLAlchemyError as error:
        raise make_unavailable_error(engine, error) from error


@contextmanager
def read_store(engine: Engine) -> Iterator[Connection]:
    """A connection to ask by. Raises StoreUnavailable."""
    with explain_failures(engine), engine.connect() as connection:
        yield connection


def make_unavailable_error(engine: Engine, error: Exception) -> StoreUnavailable:
    """One plain line for a store that does not answer."""
    shown = engine.url.render_as_string(hide_password=True)
    reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    if any(words in reason for words in _BUSY_REASONS):
        return StoreBusy(
            write_message(
                "Kho dữ liệu {shown} đang bận: một chương trình khác ghi hoặc khóa kho "
                "quá lâu; hãy thử lại khi việc đó xong, hoặc tăng DASHBOARD_LOCK_WAIT",
                shown=shown,
            )
        )
    if engine.dialect.name != "sqlite" and any(words in reason for words in _TLS_REASONS):
        return StoreUnavailable(
            write_message(
                "Kho dữ liệu {shown} không dùng được ({reason}); kiểm tra sslmode, sslrootcert và "
                "tên máy trong DASHBOARD_DATABASE_URL, và chứng thư số của máy chủ cơ sở dữ liệu",
                shown=shown,
                reason=reason,
            )
        )
    return StoreUnavailable(
        write_message(
            "Kho dữ liệu {shown} không dùng được ({reason}); kiểm tra "
            "DASHBOARD_DATABASE_URL, quyền đọc ghi của tệp và thư mục, hoặc máy chủ"
            " cơ sở dữ liệu",
            shown=shown,
            reason=reason,
        )
    )


def make_store_engine(url: str) -> Engine:
    """The engine for an address, whatever is there. Raises StoreUnavailable."""
    try:
        address = make_url(url)
        if address.drivername in ("postgres", "postgresql"):
            address = address.set(drivername="postgresql+psycopg")
        if address.get_backend_name() == "sqlite":
            engine = create_engine(address, connect_args={"timeout": connections.BUSY_SECONDS})
        else:
            engine = create_engine(
                address,
                pool_pre_ping=True,
                pool_timeout=connections.POOL_SECONDS,
                connect_args=connections.STATELESS.get(address.get_driver_name(), {}),
            )
    except (ArgumentError, ImportError) as error:
        raise StoreUnavailable(
            write_message(
                "Không mở được kho dữ liệu ({kind}); kiểm tra "
                "DASHBOARD_DATABASE_URL, ví dụ sqlite:///var/dashboard.sqlite",
                kind=type(error).__name__,
            )
        ) from error
    connections.configure_connections(engine)
    return engine


def _migrate(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with engine.connect() as connection:
        if find_schema_revision(connection) == list_revisions()[-1]:
            return
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(
                text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK}
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def _fill_reference(engine: Engine) -> None:
    """Bring communes and units up to data/communes.csv; nothing happens where they already are."""
    sha256 = hashlib.sha256(reference.COMMUNES_FILE.read_bytes()).hexdigest()
    with engine.connect() as connection:
        if _read_reference_sha256(connection) == sha256:
            return
    with engine.begin() as connection:
        # The update comes first: it takes the write lock, so a second process waits here and then
        # sees our work.
        bump_data_version(connection)
        if _read_reference_sha256(connection) == sha256:
            return
        rows = reference.load_communes().reset_index().drop(columns="bare_name")
        records = rows.astype(object).where(rows.notna(), None).to_dict("records")
        upsert_rows(connection, schema.commune, records)
        units = [
            {
                "code": record["code"],
                "level": "commune",
                "province_code": record["province_code"],
            }
            for record in records
        ]
        upsert_rows(connection, schema.unit, units, replace_known=False)
        connection.execute(update(schema.data_version).values(reference_sha256=sha256))


def bump_data_version(connection: Connection) -> int:
    """The next version's number, inside a transaction that the caller began. Comes first in each
    that writes: its row is the lock behind which two writers wait for each other.
    """
    table = schema.data_version
    connection.execute(update(table).values(version=table.c.version + 1, token=draw_token()))
    return connection.scalar(select(table.c.version)) or 0


def _read_reference_sha256(connection: Connection) -> str | None:
    return connection.scalar(select(schema.data_version.c.reference_sha256))

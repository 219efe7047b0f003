"""Opening the store: the address, SQLite's manners, migrations, the list of communes."""

from __future__ import annotations

import hashlib
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from dashboard import reference
from dashboard.data_version import draw_token
from dashboard.errors import DashboardError
from dashboard.store import connections, schema
from dashboard.store.bulk_writer import upsert_rows

_MIGRATIONS = Path(__file__).parent / "migrations"
# Any number, the same in every process: two workers that start together migrate one after the
# other.
_MIGRATION_LOCK = 7_202_507
# What SQLite and PostgreSQL say where others hold what is wanted.
_BUSY_REASONS = ("database is locked", "lock timeout")


class StoreUnavailable(DashboardError):
    """The store cannot be opened, read or written; says which and what to do."""


class StoreBusy(StoreUnavailable):
    """Somebody else writes, longer than was waited; says who where that is known."""


def open_store(url: str, *, answer_seconds: float | None = None) -> Engine:
    """The engine for a SQLAlchemy address, migrated to the newest schema and holding all communes.

    `answer_seconds` is the longest that PostgreSQL may take over one question from then on: for who
    reads while people wait; an import takes as long as it takes. From then on, too, a SQLite file
    that is gone is never made anew, and one that was put in its place is the one that is read.
    Raises StoreUnavailable with one plain line; a password in the address is never printed.
    """
    try:
        engine = _make_engine(url)
    except (ArgumentError, ImportError, OSError) as error:
        raise StoreUnavailable(
            f"Không mở được kho dữ liệu ({type(error).__name__}); "
            "kiểm tra DASHBOARD_DATABASE_URL, ví dụ sqlite:///var/dashboard.sqlite"
        ) from error
    try:
        _migrate(engine)
        _fill_reference(engine)
    except SQLAlchemyError as error:
        engine.dispose()
        raise make_unavailable_error(engine, error) from error
    # a schema that this program does not know: a newer one has been here
    except CommandError as error:
        engine.dispose()
        raise StoreUnavailable(
            f"Kho dữ liệu {engine.url.render_as_string(hide_password=True)} do một phiên bản mới "
            "hơn của chương trình "
            "tạo ra; hãy cập nhật chương trình, hoặc dùng bản sao lưu của kho từ trước khi cập nhật"
        ) from error
    connections.enforce_timeouts(engine, answer_seconds)
    return engine


def make_unavailable_error(engine: Engine, error: Exception) -> StoreUnavailable:
    """One plain line for a store that does not answer."""
    shown = engine.url.render_as_string(hide_password=True)
    reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    if any(words in reason for words in _BUSY_REASONS):
        return StoreBusy(
            f"Kho dữ liệu {shown} đang bận: một chương trình khác ghi hoặc khóa kho quá lâu; hãy "
            "thử lại khi việc đó xong, hoặc tăng DASHBOARD_LOCK_WAIT"
        )
    return StoreUnavailable(
        f"Kho dữ liệu {shown} không dùng được ({reason}); "
        "kiểm tra DASHBOARD_DATABASE_URL, quyền đọc ghi của tệp và thư mục, hoặc máy chủ cơ sở "
        "dữ liệu"
    )


def _make_engine(url: str) -> Engine:
    address = make_url(url)
    if address.drivername in ("postgres", "postgresql"):
        address = address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() != "sqlite":
        engine = create_engine(address, pool_pre_ping=True, pool_timeout=connections.POOL_SECONDS)
    else:
        if address.database and address.database != ":memory:":
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(address, connect_args={"timeout": connections.BUSY_SECONDS})
    connections.configure_connections(engine)
    return engine


def _migrate(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    head = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == head:
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

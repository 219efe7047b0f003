"""Whether a store is sound: what the database says of its pages, and what must always be true."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import Connection, Engine, Table, func, select
from sqlalchemy.exc import SQLAlchemyError

from dashboard import reference
from dashboard.batch import COUNTS
from dashboard.messages import write_message
from dashboard.store import schema
from dashboard.store.connections import open_for_one_look
from dashboard.store.engine import (
    explain_failures,
    locate_store_file,
    make_unavailable_error,
)
from dashboard.store.replacement import read_signature
from dashboard.store.snapshots import connect_for_reading, hold_one_commit

# All that hangs on a batch.
_WRITTEN_TABLES = (*schema.BATCH_TABLES, schema.problem)
# At most so many lines of one kind: a broken page breaks thousands of rows.
_MOST_LINES = 5
# After a long look at all pages nobody looks again for so many times as long as it took.
_LONG_LOOK_SECONDS = 1.0
_RESTS_TIMES = 10


@dataclass(frozen=True)
class StoreInspection:
    """What a store holds (rows per table) and each fault of it, one line a fault."""

    rows: dict[str, int]
    faults: list[str]


def inspect_store(engine: Engine) -> StoreInspection:
    """Look at all of a store, of one moment, while others read and import. Raises StoreUnavailable
    where it cannot even be asked.
    """
    with (
        explain_failures(engine),
        hold_one_commit(engine),
        connect_for_reading(engine) as connection,
    ):
        faults = list(_list_page_faults(connection, f"integrity_check({_MOST_LINES})"))
        if faults:  # nothing that stands on broken pages can be believed
            return StoreInspection({}, faults)
        faults += _list_broken_rules(connection)
        tables = (*_WRITTEN_TABLES, schema.import_batch)
        rows = {table.name: _count_rows(connection, table) for table in tables}
        return StoreInspection(rows, faults)


def find_page_fault(engine: Engine) -> str:
    """The first fault that the database finds in its pages, "" where they are sound. Reads all of
    them. Raises StoreUnavailable.
    """
    file = locate_store_file(engine)
    try:
        if file is None:
            with connect_for_reading(engine) as connection:
                return next(_list_page_faults(connection, ""), "")
        with closing(open_for_one_look(str(file))) as fresh:
            (line,) = fresh.execute("PRAGMA quick_check(1)").fetchone()
            return "" if line == "ok" else _describe_page_fault(line)
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise make_unavailable_error(engine, error) from error


class PageProbe:
    """Whether the pages of a store are sound: looked at anew when its file changed, but never most
    of the time.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._file = locate_store_file(engine)
        self._lock = Lock()
        self._signature: tuple[int, ...] | None = None
        self._fault = ""
        self._rests_until = 0.0

    def find_fault(self) -> str:
        """The first fault, "" where all is sound. Raises StoreUnavailable."""
        signature = read_signature(str(self._file)) if self._file else None
        with self._lock:
            known = signature is not None and signature == self._signature
            if not known and (self._fault or time.monotonic() >= self._rests_until):
                began = time.monotonic()
                self._fault = find_page_fault(self._engine)
                self._signature = signature
                seconds = time.monotonic() - began
                if seconds > _LONG_LOOK_SECONDS:
                    self._rests_until = time.monotonic() + _RESTS_TIMES * seconds
            return self._fault


def _list_page_faults(connection: Connection, question: str) -> Iterator[str]:
    """PostgreSQL looks after its pages itself: every row is read instead."""
    if connection.dialect.name != "sqlite":
        for table in (*_WRITTEN_TABLES, schema.commune, schema.agency):
            _count_rows(connection, table)
        return
    for (line,) in connection.exec_driver_sql(f"PRAGMA {question}"):
        if line != "ok":
            yield _describe_page_fault(line)


def _describe_page_fault(line: str) -> str:
    return write_message("trang dữ liệu hỏng: {line}", line=line.splitlines()[-1])


def _list_broken_rules(connection: Connection) -> Iterator[str]:
    version = schema.data_version.c
    versions = connection.execute(select(version.version, version.token, version.store_id)).all()
    if len(versions) != 1:
        yield write_message(
            "bảng data_version có {versions} dòng thay vì 1", versions=len(versions)
        )
        return
    number, token, store_id = versions[0]
    if not token or not store_id:
        yield write_message("kho không có mã nhận dạng")
    newest = connection.scalar(select(func.max(schema.import_batch.c.version))) or 0
    if newest > number:
        yield write_message(
            "có đợt nạp của phiên bản {newest}, kho mới ở phiên bản {number}",
            newest=newest,
            number=number,
        )
    communes = _count_rows(connection, schema.commune)
    if communes < len(reference.load_communes()):
        yield write_message(
            "danh mục có {communes} xã thay vì {expected}",
            communes=communes,
            expected=len(reference.load_communes()),
        )
    yield from _list_orphans(connection)
    yield from _list_wrong_totals(connection)


def _list_orphans(connection: Connection) -> Iterator[str]:
    """Rows whose batch, commune or unit is not there."""
    for table in schema.metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda foreign: foreign.parent.name):
            column = key.parent
            orphans = select(func.count()).where(
                column.is_not(None), column.not_in(select(key.column))
            )
            if count := connection.scalar(orphans):
                yield write_message(
                    "{count} dòng của bảng {table} có {column} không tồn tại",
                    count=count,
                    table=table.name,
                    column=column.name,
                )


def _list_wrong_totals(connection: Connection) -> Iterator[str]:
    batch = schema.import_batch.c
    problems = (
        select(func.count())
        .where(schema.problem.c.batch_id == batch.id)
        .correlate(schema.import_batch)
        .scalar_subquery()
    )
    wrong = select(batch.id).where(batch.problem_count != problems).limit(_MOST_LINES)
    for number in connection.scalars(wrong):
        yield write_message(
            "đợt {number}: số vấn đề đã ghi khác số dòng vấn đề đang có", number=number
        )
    counts = schema.dossier_count.c
    conditions = {write_message("{name} âm", name=name): counts[name] < 0 for name in COUNTS}
    conditions[write_message("kỳ ngược")] = counts.period_to < counts.period_from
    for words, condition in conditions.items():
        if count := connection.scalar(select(func.count()).where(condition)):
            yield write_message("{count} dòng số lượng hồ sơ có {words}", count=count, words=words)


def _count_rows(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0

"""The audit: every write is a line, chained by hash to the one before, in the same transaction.

A line that was changed, removed or put in between breaks the chain from there on; a chain that was
cut off at its end is found with a checkpoint that was kept elsewhere (docs/security.md). Lines hold
what staff did: account, office, and codes and counts of what was written, never a citizen's data.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, insert, select, update

from dashboard.store import schema
from dashboard.store.engine import explain_failures, read_store

FIRST_HASH = "0" * 64
_HASHED_COLUMNS = (
    "number",
    "written_at",
    "account",
    "office",
    "door",
    "action",
    "province_code",
    "subject",
    "before",
    "after",
    "previous_hash",
)
_ROWS_AT_ONCE = 5_000
_MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"


class Door(StrEnum):
    """Where somebody came in to write."""

    PAGE = "page"
    COMMAND = "command"
    FOLDER = "folder"
    API = "api"


@dataclass(frozen=True)
class Author:
    """Who writes: the account (of the page, or of the machine), its office, and the door."""

    account: str
    office: str = ""
    door: Door = Door.COMMAND


def make_author(by: str | Author) -> Author:
    """The author, also of a command that only says what it is called."""
    return by if isinstance(by, Author) else Author(by)


@dataclass(frozen=True)
class AuditLine:
    """What was done: a verb and object ("import_batch"), to what, and how it was before and
    after.
    """

    action: str
    subject: str
    province_code: str = ""
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ChainCheck:
    """How the audit stands. `broken_at`: the first line that does not follow from the one before;
    `end_agrees`: whether the kept end of the chain is its last line.
    """

    lines: int
    last_hash: str
    broken_at: int | None
    end_agrees: bool

    @property
    def intact(self) -> bool:
        return self.broken_at is None and self.end_agrees


@contextmanager
def begin_audited_write(engine: Engine) -> Iterator[Connection]:
    """One transaction. It takes the audit's lock first, so that nobody reads what another who
    writes is about to change. Raises StoreUnavailable.
    """
    with explain_failures(engine), engine.begin() as connection:
        connection.execute(update(schema.audit_end).values(number=schema.audit_end.c.number))
        yield connection


def append_audit_line(connection: Connection, author: Author, line: AuditLine) -> None:
    """Add a line inside a transaction that the caller began: both are kept, or neither.

    The end's row is changed first: its lock makes those who write at once follow one another, so
    the chain cannot fork (its `previous_hash` is unique besides).
    """
    end = schema.audit_end
    connection.execute(update(end).values(number=end.c.number + 1))
    number, previous_hash = connection.execute(select(end.c.number, end.c.hash)).one()
    row = {
        "number": number,
        "written_at": datetime.now(UTC).strftime(_MOMENT),
        "account": author.account,
        "office": author.office,
        "door": str(author.door),
        "action": line.action,
        "province_code": line.province_code,
        "subject": line.subject,
        "before": _write_json(line.before),
        "after": _write_json(line.after),
        "previous_hash": previous_hash,
    }
    row["hash"] = compute_line_hash(row)
    connection.execute(insert(schema.audit_entry), row)
    connection.execute(update(end).values(hash=row["hash"]))


def compute_line_hash(row: Mapping[str, Any]) -> str:
    """SHA-256 over the line's columns as a JSON list, the hash of the line before among them."""
    written = json.dumps([row[name] for name in _HASHED_COLUMNS], ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def verify_audit(engine: Engine, checkpoint: tuple[int, str] | None = None) -> ChainCheck:
    """Follow the whole chain. `checkpoint`: number and hash of a line, as somebody kept them
    elsewhere; the chain is broken at it where that line is missing or another. Raises
    StoreUnavailable.
    """
    expected_number = 1
    previous_hash = FIRST_HASH
    broken_at = None
    with read_store(engine) as connection:
        end_number, end_hash = connection.execute(
            select(schema.audit_end.c.number, schema.audit_end.c.hash)
        ).one()
        lines = _iterate_lines(connection)
        for row in lines:
            follows = (row["number"], row["previous_hash"]) == (expected_number, previous_hash)
            # Somebody may have made the whole chain anew; what was kept elsewhere they cannot.
            is_other = (
                checkpoint is not None
                and checkpoint[0] == row["number"]
                and (checkpoint[1] != row["hash"])
            )
            if not follows or is_other or row["hash"] != compute_line_hash(row):
                broken_at = expected_number
                lines.close()
                break
            previous_hash = row["hash"]
            expected_number += 1
    if broken_at is None and checkpoint is not None and checkpoint[0] >= expected_number:
        broken_at = expected_number
    end_agrees = (end_number, end_hash) == (expected_number - 1, previous_hash)
    return ChainCheck(expected_number - 1, previous_hash, broken_at, end_agrees)


def fetch_audit_lines(
    engine: Engine,
    *,
    provinces: frozenset[str] = frozenset(),
    account: str = "",
    action: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before_number: int | None = None,
    limit: int = 200,
) -> pd.DataFrame:
    """Lines, newest first, with the columns of `audit_entry`; `provinces`: only lines of these.
    `since`, `until`: UTC, the second one not included. Raises StoreUnavailable.
    """
    entry = schema.audit_entry
    question = select(entry).order_by(entry.c.number.desc()).limit(limit)
    if provinces:
        question = question.where(entry.c.province_code.in_(provinces))
    if account:
        question = question.where(entry.c.account == account)
    if action:
        question = question.where(entry.c.action == action)
    # Moments are written so that they stand in their order as words, too.
    if since is not None:
        question = question.where(entry.c.written_at >= since.strftime(_MOMENT))
    if until is not None:
        question = question.where(entry.c.written_at < until.strftime(_MOMENT))
    if before_number is not None:
        question = question.where(entry.c.number < before_number)
    with read_store(engine) as connection:
        rows = connection.execute(question).mappings().all()
    columns = [column.name for column in entry.columns]
    return pd.DataFrame([dict(row) for row in rows], columns=columns)


def iterate_audit_lines(engine: Engine) -> Iterator[dict[str, Any]]:
    """Every line from the first on, for `audit export`. Raises StoreUnavailable."""
    with read_store(engine) as connection:
        yield from _iterate_lines(connection)


def _iterate_lines(connection: Connection) -> Generator[dict[str, Any]]:
    entry = schema.audit_entry
    question = select(entry).order_by(entry.c.number)
    # Who stops in the middle leaves no cursor open.
    with connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(question) as result:
        for row in result.mappings():
            yield dict(row)


def _write_json(values: Mapping[str, Any]) -> str:
    return json.dumps(dict(values), ensure_ascii=False, sort_keys=True, default=str)

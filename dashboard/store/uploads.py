"""Files that were sent through the page: their bytes, what a dry run found, what became of them.

    waiting ─► reading ─► ready ─► importing ─► done
                  │         │ (the data changed meanwhile: waiting again)
                  ▼         ▼
               refused   dropped

Each step is one statement that names the state before, so that two who press at once make one step.
Bytes are kept for a day, or until the file is imported or dropped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from dashboard.store import schema
from dashboard.store.audit import AuditLine, Author, Door, append_audit_line
from dashboard.store.clock import is_to_come, read_clock
from dashboard.store.connections import wait_briefly
from dashboard.store.engine import (
    explain_failures,
    locate_store_file,
    read_store,
)

KEPT_FOR = timedelta(days=1)
# A step that told nothing for so long has no process any more.
STUCK_AFTER = timedelta(minutes=2)
_CHUNK_BYTES = 1_000_000
_UPLOAD = schema.upload.c
_CHUNK = schema.upload_chunk.c


class UploadState(StrEnum):
    """How far a file has come."""

    WAITING = "waiting"
    READING = "reading"
    READY = "ready"
    REFUSED = "refused"
    IMPORTING = "importing"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Upload:
    """A file that was sent. `hints`: what the sender told besides (province, day, period);
    `result`: what the dry run, or the import, said (JSON of cli/uploads.py); times are UTC.
    """

    upload_id: int
    author: Author
    provinces: frozenset[str]
    file_name: str
    sha256: str
    size: int
    hints: Mapping[str, str]
    state: UploadState
    progress: int
    data_token: str
    result: Mapping[str, Any]
    sent_at: datetime
    touched_at: datetime

    @property
    def is_over(self) -> bool:
        """Whether its bytes are gone because nobody confirmed it in time."""
        now = read_clock()
        return self.sent_at < now - KEPT_FOR or bool(is_to_come(self.sent_at, now))

    @property
    def is_stuck(self) -> bool:
        """Whether a step was begun and nobody works on it any more."""
        is_running = self.state in {UploadState.READING, UploadState.IMPORTING, UploadState.WAITING}
        return is_running and self.touched_at < read_clock() - STUCK_AFTER


def save_upload(
    engine: Engine,
    stream: BinaryIO,
    *,
    file_name: str,
    hints: Mapping[str, str],
    provinces: frozenset[str],
    author: Author,
) -> int:
    """Keep a file chunk by chunk; its number. `provinces`: where its sender may act. Raises
    StoreUnavailable.
    """
    now = read_clock()
    digest = hashlib.sha256()
    size = 0
    with explain_failures(engine), engine.begin() as connection:
        inserted = connection.execute(
            insert(schema.upload).values(
                account=author.account,
                office=author.office,
                door=str(author.door),
                provinces=",".join(sorted(provinces)),
                file_name=file_name,
                sha256="",
                size=0,
                hints=json.dumps(dict(hints), ensure_ascii=False),
                state=UploadState.WAITING,
                progress=0,
                data_token="",
                result="{}",
                sent_at=now,
                touched_at=now,
            )
        ).inserted_primary_key
        assert inserted is not None
        upload_id = inserted[0]
        number = 0
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
            row = {"upload_id": upload_id, "number": number, "content": chunk}
            connection.execute(insert(schema.upload_chunk), row)
            number += 1
        sha256 = digest.hexdigest()
        connection.execute(
            update(schema.upload).where(_UPLOAD.id == upload_id).values(sha256=sha256, size=size)
        )
        after = {"file": file_name, "sha256": sha256, "bytes": size}
        append_audit_line(
            connection, author, AuditLine("send_file", f"upload {upload_id}", after=after)
        )
    return int(upload_id)


def fetch_upload(engine: Engine, upload_id: int) -> Upload | None:
    """The upload of this number; None where there is none. Raises StoreUnavailable."""
    with read_store(engine) as connection:
        question = select(schema.upload).where(_UPLOAD.id == upload_id)
        row = connection.execute(question).mappings().first()
    return _add_progress(engine, _read_row(row)) if row else None


def list_uploads(engine: Engine, account: str, limit: int = 20) -> list[Upload]:
    """What the account sent last, the newest first. Raises StoreUnavailable."""
    question = (
        select(schema.upload)
        .where(_UPLOAD.account == account)
        .order_by(_UPLOAD.id.desc())
        .limit(limit)
    )
    with read_store(engine) as connection:
        rows = connection.execute(question).mappings().all()
    return [_add_progress(engine, _read_row(row)) for row in rows]


def iterate_upload_bytes(engine: Engine, upload_id: int) -> Iterator[bytes]:
    """The file, chunk by chunk, one in memory at a time. Raises StoreUnavailable."""
    number = 0
    while True:
        question = select(_CHUNK.content).where(
            _CHUNK.upload_id == upload_id, _CHUNK.number == number
        )
        with read_store(engine) as connection:
            content = connection.scalar(question)
        if content is None:
            return
        yield content
        number += 1


def move_upload(
    engine: Engine,
    upload_id: int,
    before: UploadState,
    after: UploadState,
    **values: Any,
) -> bool:
    """Take one step; False where the upload was not in the state before, so somebody else took it.

    `values`: other columns. Raises StoreUnavailable.
    """
    if "result" in values:
        values["result"] = json.dumps(values["result"], ensure_ascii=False, default=str)
    statement = (
        update(schema.upload)
        .where(_UPLOAD.id == upload_id, _UPLOAD.state == before)
        .values(state=after, touched_at=read_clock(), **values)
    )
    with explain_failures(engine), engine.begin() as connection:
        has_moved = bool(connection.execute(statement).rowcount)
        if has_moved and after in {UploadState.DONE, UploadState.DROPPED}:
            connection.execute(delete(schema.upload_chunk).where(_CHUNK.upload_id == upload_id))
    if has_moved and (beside := _locate_progress(engine, upload_id)):
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    return has_moved


def note_progress(engine: Engine, upload_id: int, rows: int) -> None:
    """Say that somebody still works on it; let go where that cannot be written.

    The step itself writes to the store meanwhile, and SQLite has one writer: there a small file
    beside the store tells it.
    """
    if beside := _locate_progress(engine, upload_id):
        with suppress(OSError):
            beside.write_text(str(rows), encoding="ascii")
        return
    statement = (
        update(schema.upload)
        .where(_UPLOAD.id == upload_id)
        .values(progress=rows, touched_at=read_clock())
    )
    with suppress(SQLAlchemyError), engine.begin() as connection, wait_briefly(connection):
        connection.execute(statement)


def _locate_progress(engine: Engine, upload_id: int) -> Path | None:
    file = locate_store_file(engine)
    return file.with_name(f"{file.name}-upload-{upload_id}") if file else None


def _add_progress(engine: Engine, upload: Upload) -> Upload:
    """What a step that runs told beside the store."""
    beside = _locate_progress(engine, upload.upload_id)
    if beside is None or upload.state not in {UploadState.READING, UploadState.IMPORTING}:
        return upload
    try:
        rows = int(beside.read_text(encoding="ascii"))
        moment = datetime.fromtimestamp(beside.stat().st_mtime, UTC).replace(tzinfo=None)
    except (OSError, ValueError):
        return upload
    return replace(upload, progress=rows, touched_at=max(upload.touched_at, moment))


def delete_old_uploads(engine: Engine) -> int:
    """Let go of what nobody confirmed within a day; how many files that were."""
    now = read_clock()
    is_old = (_UPLOAD.sent_at < now - KEPT_FOR) | is_to_come(_UPLOAD.sent_at, now)
    old = select(_UPLOAD.id).where(is_old)
    with explain_failures(engine), engine.begin() as connection:
        connection.execute(delete(schema.upload_chunk).where(_CHUNK.upload_id.in_(old)))
        return connection.execute(
            update(schema.upload)
            .where(
                is_old,
                _UPLOAD.state.not_in([UploadState.DONE, UploadState.DROPPED]),
            )
            .values(state=UploadState.DROPPED)
        ).rowcount


def _read_row(row: Mapping[Any, Any]) -> Upload:
    return Upload(
        row["id"],
        Author(row["account"], row["office"], Door(row["door"])),
        frozenset(code for code in row["provinces"].split(",") if code),
        row["file_name"],
        row["sha256"],
        row["size"],
        json.loads(row["hints"]),
        UploadState(row["state"]),
        row["progress"],
        row["data_token"],
        json.loads(row["result"]),
        row["sent_at"],
        row["touched_at"],
    )

"""Files that were sent: how far a step has come is told while that step writes to the store."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, update

from dashboard.store import schema, uploads
from dashboard.store.audit import Author
from dashboard.store.clock import read_clock
from dashboard.store.engine import bump_data_version
from dashboard.store.uploads import UploadState
from tests.making import save_small_upload


def test_progress_is_told_while_the_step_holds_the_store(engine: Engine, tmp_path: Path) -> None:
    number = save_small_upload(engine, Author("an"))
    uploads.move_upload(engine, number, UploadState.WAITING, UploadState.READING)
    long_ago = read_clock() - timedelta(minutes=5)
    with engine.begin() as connection:
        connection.execute(update(schema.upload).values(touched_at=long_ago))
    upload = uploads.fetch_upload(engine, number)
    assert upload is not None
    assert upload.is_stuck
    with engine.begin() as writing:  # as a dry run and an import do, for as long as they last
        bump_data_version(writing)
        uploads.note_progress(engine, number, 12_000)
        upload = uploads.fetch_upload(engine, number)
    assert upload is not None
    assert (upload.progress, upload.is_stuck) == (12_000, False)
    assert uploads.list_uploads(engine, "an")[0].progress == 12_000
    uploads.move_upload(engine, number, UploadState.READING, UploadState.READY)
    assert not list(tmp_path.glob("*upload*")), "nothing stays beside the store"

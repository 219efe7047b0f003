"""`upload`: what the server starts for a file that was sent through the page, in a process of
its own: first the dry run, and after its sender confirmed it the import. Nobody types it.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import FileLock
from sqlalchemy import Engine

from dashboard import reference, sources, store
from dashboard.batch import Batch
from dashboard.cli import console
from dashboard.cli.import_files import (
    count_refused,
    list_outcome_rows,
    parse_period_option,
)
from dashboard.errors import DashboardError, FileRefused, Problem, describe_error_location
from dashboard.messages import write_message
from dashboard.settings import Settings
from dashboard.sources.recognise.layouts import load_layouts
from dashboard.store import dry_run, uploads
from dashboard.store.uploads import Upload, UploadState

# More are counted, and these are enough to mend a file by.
_PROBLEMS_SHOWN = 200
_PROGRESS_SECONDS = 1.0


def work_on_upload(settings: Settings, options: argparse.Namespace) -> int:
    """Take the upload's next step: dry run where it waits, import where it was confirmed."""
    # One after the other on one machine: two large lists at once would take its memory.
    lock = FileLock(settings.static_dir.parent / "uploads.lock")
    with console.use_store(settings) as engine, lock:
        upload = uploads.fetch_upload(engine, options.upload)
        if upload is None:
            raise DashboardError(write_message("Không có tệp số {number}", number=options.upload))
        if upload.state is UploadState.IMPORTING:
            _import_upload(engine, settings, upload)
        elif uploads.move_upload(
            engine, upload.upload_id, UploadState.WAITING, UploadState.READING
        ):
            _try_upload(engine, settings, upload)
    return console.DONE


def _try_upload(engine: Engine, settings: Settings, upload: Upload) -> None:
    """The dry run; its result is kept with the data version that it was made against."""
    version = store.fetch_data_version(engine)
    try:
        result = _read_upload(engine, settings, upload, _describe_changes)
        state = UploadState.READY
    except FileRefused as refusal:
        result = describe_refusal(str(refusal), refusal.problems)
        state = UploadState.REFUSED
    except DashboardError as error:
        result = describe_refusal(str(error), [])
        state = UploadState.REFUSED
    except Exception as error:
        # What it says may quote a cell of the file: only its kind and place go on.
        result = describe_refusal(
            f"Chương trình gặp lỗi khi đọc tệp ({describe_error_location(error)}); hãy báo dòng "
            "này cho người phụ trách",
            [],
        )
        state = UploadState.REFUSED
    uploads.move_upload(
        engine,
        upload.upload_id,
        UploadState.READING,
        state,
        result=result,
        data_token=version.token,
    )


def _import_upload(engine: Engine, settings: Settings, upload: Upload) -> None:
    try:
        result = _read_upload(engine, settings, upload, _save_changes)
        state = UploadState.DONE
    except DashboardError as error:
        problems = error.problems if isinstance(error, FileRefused) else []
        result = describe_refusal(str(error), problems)
        state = UploadState.REFUSED
    except Exception as error:
        result = describe_refusal(
            f"Chương trình gặp lỗi khi nạp tệp ({describe_error_location(error)}); chưa có gì được "
            "nạp, hãy báo dòng này cho người phụ trách",
            [],
        )
        state = UploadState.REFUSED
    uploads.move_upload(engine, upload.upload_id, UploadState.IMPORTING, state, result=result)


def _read_upload(engine: Engine, settings: Settings, upload: Upload, use: Any) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="upload-") as folder:
        # The folder is ours; of the name only its last part is ever used, as the sender's words.
        path = Path(folder) / Path(upload.file_name).name
        with path.open("wb") as file:
            for chunk in uploads.iterate_upload_bytes(engine, upload.upload_id):
                file.write(chunk)
        period = upload.hints.get("period", "")
        as_of = upload.hints.get("as_of", "")
        batches = sources.read_file_by_province(
            path,
            province=upload.hints.get("province") or None,
            as_of=date.fromisoformat(as_of) if as_of else None,
            period=parse_period_option(period) if period else None,
            today=settings.today(),
            layouts=load_layouts(None),
        )
        _refuse_other_provinces(upload, batches)
        told = [_count_rows(engine, upload, batch) for batch in batches]
        turn = store.WriteTurn(f"upload {upload.file_name}", settings.lock_wait)
        result: dict[str, Any] = use(engine, upload, told, turn)
        return result


def _refuse_other_provinces(upload: Upload, batches: Sequence[Batch]) -> None:
    names = reference.load_province_names()
    others = [
        names[batch.province_code]
        for batch in batches
        if upload.provinces and batch.province_code not in upload.provinces
    ]
    if others:
        raise FileRefused(
            upload.file_name,
            write_message(
                "có số liệu của {provinces}, ngoài phạm vi của tài khoản", provinces=others
            ),
            write_message("hãy gửi tệp của tỉnh mình, hoặc nhờ người quản trị mở rộng phạm vi"),
        )


def _count_rows(engine: Engine, upload: Upload, batch: Batch) -> Batch:
    """The same batch; as its list is read, the page learns how far it is."""

    def count() -> Iterator[pd.DataFrame]:
        rows = 0
        told_at = 0.0
        for chunk in batch.singles:
            rows += len(chunk)
            if time.monotonic() - told_at >= _PROGRESS_SECONDS:
                uploads.note_progress(engine, upload.upload_id, rows)
                told_at = time.monotonic()
            yield chunk

    return replace(batch, singles=count()) if not isinstance(batch.singles, tuple) else batch


def _describe_changes(
    engine: Engine, _upload: Upload, batches: Sequence[Batch], turn: store.WriteTurn
) -> dict[str, Any]:
    results = dry_run.compare_batches(engine, batches, turn)
    simulated = store.list_simulated_provinces(engine)
    return {
        "batches": [
            _describe_batch(batch, result, batch.province_code in simulated)
            for batch, result in zip(batches, results, strict=True)
        ]
    }


def _describe_batch(
    batch: Batch, result: dry_run.DryRunResult, replaces_simulation: bool
) -> dict[str, Any]:
    refused = count_refused(batch, load_layouts(None))
    refused_rows = refused.pop("", 0)
    return {
        "province": batch.province_code,
        "kind": batch.file_kind,
        "as_of": batch.as_of.date().isoformat(),
        "period": [day.isoformat() for day in batch.period] if batch.period else [],
        "rows": batch.rows,
        "already": result.already,
        "communes": {**result.communes, "refused": refused_rows},
        "values": [] if result.already else list_outcome_rows(result, refused),
        "replaces_simulation": replaces_simulation and not result.already,
        **_describe_problems(batch.problems),
    }


def _save_changes(
    engine: Engine, upload: Upload, batches: Sequence[Batch], turn: store.WriteTurn
) -> dict[str, Any]:
    saved_batches = store.save_batches(engine, batches, by=upload.author, turn=turn)
    return {
        "batches": [
            {
                "province": batch.province_code,
                "kind": batch.file_kind,
                "batch": saved.batch_id,
                "already": saved.batch_id if saved.already else None,
                "words": console.describe_saved_batch(saved, batch),
                **_describe_problems(batch.problems),
            }
            for saved, batch in zip(saved_batches, batches, strict=True)
        ]
    }


def describe_refusal(message: str, problems: Sequence[Problem]) -> dict[str, Any]:
    """What a refused file's page shows."""
    return {"refusal": message, **_describe_problems(problems)}


def _describe_problems(problems: Sequence[Problem]) -> dict[str, Any]:
    return {
        "problem_count": len(problems),
        "problems": [problem.as_dict() for problem in problems[:_PROBLEMS_SHOWN]],
    }

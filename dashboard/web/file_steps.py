"""The steps of a file that somebody sends, by the page or by a program: kept, read, confirmed.

The server keeps the bytes in the store and starts a process of its own for each step
(cli/uploads.py).
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from enum import Enum, auto
from threading import Thread
from typing import BinaryIO

from flask import abort
from sqlalchemy import Engine

from dashboard import reference, store
from dashboard.accounts.roles import Account
from dashboard.settings import ROOT, Settings
from dashboard.store import uploads
from dashboard.store.uploads import Upload, UploadState
from dashboard.web import access

_LONGEST_NAME = 150
# Marks that change the direction of what follows would show another name than is written.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f/\\:\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
# What a sender may say where the file does not: province, day, period.
HINTS = ("province", "as_of", "period")


class Confirmation(Enum):
    """What became of a confirmation."""

    BEGUN = auto()
    OTHER_FILE = auto()
    OTHER_DATA = auto()
    NOT_READY = auto()
    OVER = auto()


def find_hint_fault(hints: Mapping[str, str], account: Account) -> str:
    """Why what the sender said besides is not taken, in words; empty where it is."""
    province = hints.get("province", "")
    if province and not (
        province in reference.load_province_names() and account.reaches_province(province)
    ):
        return "Tài khoản không được nạp số liệu của tỉnh này."
    for name, pattern in (("as_of", r"\d{4}-\d\d-\d\d"), ("period", r"\d{4}-\d\d")):
        written = hints.get(name, "")
        if written and not (re.fullmatch(pattern, written) and _is_day(f"{written}-01"[:10])):
            return "Ngày hoặc kỳ không đúng; hãy chọn lại, hoặc để trống nếu tệp đã ghi."
    return ""


def keep_sent_file(
    engine: Engine,
    stream: BinaryIO,
    file_name: str,
    hints: Mapping[str, str],
    account: Account,
) -> int:
    """Keep one file; its number. Of its name only words are kept, never a path."""
    uploads.delete_old_uploads(engine)
    return uploads.save_upload(
        engine,
        stream,
        file_name=_UNSAFE.sub("_", file_name).strip(". ")[-_LONGEST_NAME:] or "tep",
        hints={name: value for name in HINTS if (value := hints.get(name, ""))},
        provinces=account.provinces,
        author=access.find_author(),
    )


def require_own_upload(engine: Engine, number: int, *, refusal: int = 403) -> Upload:
    """What this account or key sent; `refusal` for nobody, and 404 for what others sent, as if it
    were not there.
    """
    account = access.require_account(refusal)
    upload = uploads.fetch_upload(engine, number)
    if upload is None or upload.author.account != account.name:
        abort(404)
    return upload


def confirm_sent_file(
    engine: Engine, settings: Settings, upload: Upload, sha256: str, token: str
) -> Confirmation:
    """Begin the import of what the sender saw: this file, against these data.

    Of two who confirm at once one takes the step. Where the data changed since the dry run, what
    was confirmed is not what would happen: the dry run is made again.
    """
    if upload.is_over:
        return Confirmation.OVER
    if sha256 != upload.sha256:
        return Confirmation.OTHER_FILE
    is_same_data = token == upload.data_token == store.fetch_data_version(engine).token
    after = UploadState.IMPORTING if is_same_data else UploadState.WAITING
    if not uploads.move_upload(engine, upload.upload_id, UploadState.READY, after):
        return Confirmation.NOT_READY
    start_step(settings, upload.upload_id)
    return Confirmation.BEGUN if is_same_data else Confirmation.OTHER_DATA


def start_step(settings: Settings, number: int) -> None:
    """A process of its own: reading a large list would make everybody who looks wait."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard", "upload", str(number)],
        cwd=ROOT,
        env=settings.write_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    Thread(target=process.wait, daemon=True).start()


def _is_day(written: str) -> bool:
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return True

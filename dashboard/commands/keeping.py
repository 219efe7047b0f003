"""`undo` and `batches`: what was imported, and taking it back."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import Any

import pandas as pd

from dashboard import reference, store, text
from dashboard.commands import telling
from dashboard.settings import VIETNAM, Settings
from dashboard.store import listing

_HEADS = ("đợt", "nhập lúc", "người nhập", "tệp", "loại", "tỉnh", "dòng", "vấn đề", "đã gỡ lúc")


def undo(settings: Settings, asked: argparse.Namespace) -> int:
    """Take a batch back; a second time is a plain line, not an error."""
    engine = store.open_store(settings.database_url)
    undone = store.undo(engine, asked.batch)
    engine.dispose()
    of = f"Đợt {undone.batch_id} ({telling.printable(undone.file_name)}, {reference.provinces()[undone.province_code]})"
    if undone.already:
        print(f"{of} đã được gỡ trước đây, không có gì thay đổi")
    else:
        print(f"{of} đã được gỡ, phiên bản {undone.version}; có thể nhập lại tệp này")
    return telling.DONE


def batches(settings: Settings, asked: argparse.Namespace) -> int:
    """Every batch in the order of its number, also those taken back; times as in Vietnam."""
    telling.known_province(asked.province)
    engine = store.open_store(settings.database_url)
    frame = listing.batches(engine, asked.province or "")
    engine.dispose()
    if frame.empty:
        print("Chưa có đợt nhập nào")
        return telling.DONE
    rows = [
        (
            row.batch,
            _local(row.imported_at),
            row.imported_by,
            row.file_name,
            row.kind if row.origin == "imported" else f"{row.kind} ({row.origin})",
            f"{row.province_code} {reference.provinces()[row.province_code]}",
            row.row_count,
            row.problem_count,
            _local(row.undone_at),
        )
        for row in frame.itertuples()
    ]
    telling.say(telling.table(_HEADS, rows))
    return telling.DONE


def _local(moment: Any) -> str:
    """A stored moment (UTC) on the clocks of Vietnam."""
    if pd.isna(moment):
        return ""
    known: datetime = pd.Timestamp(moment).tz_localize("UTC").tz_convert(VIETNAM).to_pydatetime()
    return text.moment(known)

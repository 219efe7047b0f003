"""`undo_import` and `list_batches`: what was imported, and taking it back."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import Any

import pandas as pd

from dashboard import reference, store
from dashboard.cli import console
from dashboard.cli.language import tell_moment, tell_user
from dashboard.messages import write_message
from dashboard.reference import VIETNAM
from dashboard.settings import Settings
from dashboard.store import exports

_BATCH_HEADS = (
    write_message("đợt"),
    write_message("nạp lúc"),
    write_message("người nạp"),
    write_message("tệp"),
    write_message("loại"),
    write_message("tỉnh"),
    write_message("dòng"),
    write_message("vấn đề"),
    write_message("đã gỡ lúc"),
)


def undo_import(settings: Settings, options: argparse.Namespace) -> int:
    """Take a batch back; a second time is a plain line, not an error."""
    with console.use_store(settings) as engine:
        turn = console.make_write_turn(settings, f"undo {options.batch}")
        undone = store.undo_batch(engine, options.batch, turn, by=console.find_account_name())
    batch_words = write_message(
        "Đợt {batch_id} ({file_name}, {province})",
        batch_id=undone.batch_id,
        file_name=console.make_printable(undone.file_name),
        province=reference.load_province_names()[undone.province_code],
    )
    if undone.already:
        print(
            tell_user(
                "{batch_words} đã được gỡ trước đây, không có gì thay đổi", batch_words=batch_words
            )
        )
    else:
        print(
            tell_user(
                "{batch_words} đã được gỡ, phiên bản {version}; có thể nạp lại tệp này",
                batch_words=batch_words,
                version=undone.version,
            )
        )
    return console.DONE


def list_batches(settings: Settings, options: argparse.Namespace) -> int:
    """Every batch in the order of its number, also those taken back; times as in Vietnam."""
    console.check_province(options.province)
    with console.use_store(settings) as engine:
        frame = exports.fetch_batches(engine, options.province or "")
    if frame.empty:
        print(tell_user("Chưa có đợt nạp nào"))
        return console.DONE
    rows = [
        (
            row.batch,
            _format_local_moment(row.imported_at),
            row.imported_by,
            row.file_name,
            row.kind if row.origin == "imported" else f"{row.kind} ({row.origin})",
            f"{row.province_code} {reference.load_province_names()[row.province_code]}",
            row.row_count,
            row.problem_count,
            _format_local_moment(row.undone_at),
        )
        for row in frame.itertuples()
    ]
    console.print_lines(console.format_table(_BATCH_HEADS, rows))
    return console.DONE


def _format_local_moment(moment: Any) -> str:
    """A stored moment (UTC) on the clocks of Vietnam."""
    if pd.isna(moment):
        return ""
    local_moment: datetime = (
        pd.Timestamp(moment).tz_localize("UTC").tz_convert(VIETNAM).to_pydatetime()
    )
    return tell_moment(local_moment)

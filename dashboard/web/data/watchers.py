"""The watchers of folders, for /du-lieu: whether what offices drop is still imported."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import PurePath
from typing import Any

from sqlalchemy import Engine

from dashboard.messages import write_message
from dashboard.reference import VIETNAM
from dashboard.store.watchers import fetch_watchers

# A watcher speaks every twenty seconds while it has no file in hand.
GONE_AFTER = timedelta(minutes=2)
# The longest list that was tried (a million dossiers) takes two minutes.
STUCK_AFTER = timedelta(minutes=30)


def list_watchers(engine: Engine, now: datetime) -> list[dict[str, Any]]:
    """The watchers of folders, by folder; `now`: UTC, naive. Raises StoreUnavailable.

    folder (its name alone), seen (Vietnam's time), says: what is to be known of it, state (a
    level's code: "green" at work, "stale" in trouble, "unknown" stopped), imported, refused.
    """
    rows = []
    for row in fetch_watchers(engine).to_dict("records"):
        seen_at = row["seen_at"].to_pydatetime()
        state, remark = _judge_watcher(row, seen_at, now)
        rows.append(
            {
                "folder": PurePath(row["folder"]).name,
                "seen": _read_local(seen_at),
                "state": state,
                "says": remark,
                "imported": row["imported"],
                "refused": row["refused"],
            }
        )
    return rows


def _judge_watcher(row: dict[str, Any], seen_at: datetime, now: datetime) -> tuple[str, str]:
    if row["stopped"]:
        return "unknown", write_message("Đã dừng; tệp thả vào không được nhập")
    silent = abs(now - seen_at)  # ahead of now: written before a wrong clock was set right
    if row["file_name"]:
        since = _read_local(seen_at)
        file_words = write_message(
            "tệp {file_name} từ {since:%H:%M %d/%m/%Y}", file_name=row["file_name"], since=since
        )
        if silent > STUCK_AFTER:
            return "stale", write_message("Kẹt ở {file_words}", file_words=file_words)
        return "green", write_message("Đang nhập {file_words}", file_words=file_words)
    if silent > GONE_AFTER:
        return "stale", write_message("Không còn báo về; tệp thả vào không được nhập")
    if row["fault"]:
        return "stale", write_message("Đang chạy, gặp lỗi: {fault}", fault=row["fault"])
    return "green", write_message("Đang chạy")


def _read_local(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC).astimezone(VIETNAM)

"""The machines that say they live, for /du-lieu: whether watchers of folders still import what
offices drop, and which wall screens show old figures.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import PurePath
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from dashboard import reference, text
from dashboard.data_version import DataVersion
from dashboard.messages import write_message
from dashboard.reference import VIETNAM
from dashboard.store.machines import fetch_watchers
from dashboard.store.screens import fetch_screens

# A watcher speaks every twenty seconds while it has no file in hand.
WATCHER_GONE_AFTER = timedelta(minutes=2)
# The longest list that was tried (a million dossiers) takes two minutes.
STUCK_AFTER = timedelta(minutes=30)
# Three words missed: the screen is off, or its line is.
SCREEN_GONE_AFTER = timedelta(minutes=4)
# Answers are half a minute apart at the slowest (poll.js); two minutes without any are an outage.
OLD_AFTER_SECONDS = 120
# What a screen calls itself whose address gives no name: where it is silent, somebody closed a
# window.
UNNAMED = "không tên"
_STATES_IN_ORDER = ("stale", "unknown", "green")


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
    if silent > WATCHER_GONE_AFTER:
        return "stale", write_message("Không còn báo về; tệp thả vào không được nhập")
    if row["fault"]:
        return "stale", write_message("Đang chạy, gặp lỗi: {fault}", fault=row["fault"])
    return "green", write_message("Đang chạy")


def _read_local(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC).astimezone(VIETNAM)


def list_screens(engine: Engine, version: DataVersion, now: datetime) -> list[dict[str, Any]]:
    """The screens for /du-lieu, those that the office accepted before others, in each those in
    trouble first; `version` of the data and `now` (UTC, naive). One that nobody accepted and that
    has no name is listed as long as it reports.

    number, name, accepted, province, scene, seen (Vietnam's time; None: never on), says: what is to
    be known of it, state (a level's code: "green" shows the newest data, "stale" old ones,
    "unknown" was not heard of for four minutes), errors.
    """
    rows = []
    for row in fetch_screens(engine).to_dict("records"):
        seen_at = None if pd.isna(row["seen_at"]) else row["seen_at"].to_pydatetime()
        # Ahead of now: written before a wrong clock was set right.
        silent = abs(now - seen_at) if seen_at else None
        state, remark = _judge_screen(row, version, silent)
        accepted = bool(row["accepted"])
        if state == "unknown" and row["name"].startswith(UNNAMED) and not accepted:
            continue
        rows.append(
            {
                "number": int(row["number"]),
                "name": row["name"],
                "accepted": accepted,
                "province": reference.load_province_names().get(row["province_code"], ""),
                "scene": row["scene"],
                "seen": seen_at.replace(tzinfo=UTC).astimezone(VIETNAM) if seen_at else None,
                "state": state,
                "says": remark,
                "errors": row["errors"],
            }
        )
    return sorted(
        rows,
        key=lambda row: (
            not row["accepted"],
            _STATES_IN_ORDER.index(row["state"]),
            text.make_sort_key(row["name"]),
        ),
    )


def _judge_screen(
    row: dict[str, Any], version: DataVersion, silent: timedelta | None
) -> tuple[str, str]:
    if silent is None:
        return "unknown", "Chưa bật lần nào"
    if silent > SCREEN_GONE_AFTER:
        return "unknown", "Không còn báo về"
    seconds_waited = row["fresh_seconds"]
    if seconds_waited != seconds_waited or seconds_waited is None:
        return "stale", "Chưa nhận được số liệu nào từ khi bật"
    if row["version"] != version.number:
        return "stale", f"Đang hiện phiên bản {row['version']}, mới nhất là {version.number}"
    if row["token"] != version.token:
        return "stale", "Đang hiện số liệu của một kho dữ liệu khác"
    if seconds_waited > OLD_AFTER_SECONDS:
        return (
            "stale",
            f"Không liên lạc được máy chủ trong {text.format_number(seconds_waited // 60)} phút",
        )
    return "green", "Đang hiện số liệu mới nhất"

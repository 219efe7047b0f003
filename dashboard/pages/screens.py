"""POST /api/screens: a wall screen says once a minute that it lives and what it shows; /du-lieu lists them."""

from __future__ import annotations

import json
import logging
import re
import time
from collections import deque
from datetime import UTC, datetime, timedelta
from threading import BoundedSemaphore, Lock
from typing import Any

from flask import Flask, Response, abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine

from dashboard import reference, text
from dashboard.reports import Reports
from dashboard.settings import VIETNAM
from dashboard.store import StoreUnavailable
from dashboard.store.screens import Heartbeat, note, screens
from dashboard.views.wall import SCENES

LONGEST_NAME, LARGEST_BODY = 40, 1000
# All screens together, in each process: 200 screens speak some three times a second.
MOST_A_SECOND = 10
# A store that does not answer holds no more of the server's threads than these, in each process.
MOST_AT_ONCE = 3
# Three words missed: the screen is off, or its line is.
GONE_AFTER = timedelta(minutes=4)
# Answers are half a minute apart at the slowest (poll.js); two minutes without any are an outage.
OLD_AFTER_SECONDS = 120
# What beat.js calls a screen whose address gives no name: where it is silent, somebody closed a window.
UNNAMED = "không tên"
_IN_ORDER = ("stale", "unknown", "green")
_MOST = 2_000_000_000
_log = logging.getLogger("dashboard")


def register(server: Flask, reports: Reports) -> None:
    """Adds POST /api/screens; what comes too soon or too often is answered alike and not kept."""
    often, writing = _Often(MOST_A_SECOND), BoundedSemaphore(MOST_AT_ONCE)

    @server.post("/api/screens")
    def heard() -> ResponseReturnValue:
        if (request.content_length or 0) > LARGEST_BODY:
            abort(413)
        if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            abort(400)  # a page of another site, in the browser of somebody who may see this server
        heartbeat = read(request.get_data(cache=False)[: LARGEST_BODY + 1])
        if heartbeat is None:
            _log.warning("heartbeat refused (400)")
            abort(400)
        if not often.may() or not writing.acquire(blocking=False):
            return Response(status=204)
        try:
            note(reports.engine, heartbeat, datetime.now(UTC).replace(tzinfo=None, microsecond=0))
        except StoreUnavailable:
            return Response(status=503)  # the screen will say it again; nothing hangs on it
        finally:
            writing.release()
        return Response(status=204)


class _Often:
    """Whether one more thing may be done within this second."""

    def __init__(self, most: int) -> None:
        self._times, self._lock = deque[float](maxlen=most), Lock()

    def may(self) -> bool:
        now = time.monotonic()
        with self._lock:
            if len(self._times) == self._times.maxlen and now - self._times[0] < 1:
                return False
            self._times.append(now)
            return True


def read(body: bytes) -> Heartbeat | None:
    """What a screen said; None where no screen of ours would say it."""
    if len(body) > LARGEST_BODY:
        return None
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    name, province, scene = _name(said.get("name")), said.get("province"), said.get("scene")
    build, version, errors = said.get("build"), _whole(said.get("version")), _whole(said.get("errors"))
    fresh = said.get("fresh")
    if not name or version is None or errors is None or (fresh is not None and _whole(fresh) is None):
        return None
    return Heartbeat(
        name,
        province if isinstance(province, str) and province in reference.provinces() else "",
        scene if isinstance(scene, str) and scene in SCENES else "",
        version,
        build if isinstance(build, str) and re.fullmatch(r"[0-9a-f]{1,16}", build) else "",
        _whole(fresh),
        errors,
    )


def _name(said: Any) -> str:
    """Letters, digits and a few marks; nothing that could be anything but a name on a list."""
    if not isinstance(said, str):
        return ""
    return re.sub(r"[^\w .,()/-]", "", text.normal(said[: 4 * LONGEST_NAME]))[:LONGEST_NAME].strip()


def _whole(said: Any) -> int | None:
    return said if isinstance(said, int) and not isinstance(said, bool) and 0 <= said <= _MOST else None


def listed(engine: Engine, version: int, now: datetime) -> list[dict[str, Any]]:
    """The screens for /du-lieu, those in trouble first; `version` of the data and `now` (UTC, naive).
    One that has no name is listed as long as it reports.

    name, province, scene, seen (Vietnam's time), says: what is to be known of it, state (a level's code: "green"
    shows the newest data, "stale" old ones, "unknown" was not heard of for four minutes), errors.
    """
    rows = []
    for row in screens(engine).to_dict("records"):
        seen = row["seen_at"].to_pydatetime()
        state, says = _state(row, version, now - seen)
        if state == "unknown" and row["name"].startswith(UNNAMED):
            continue
        rows.append(
            {
                "name": row["name"],
                "province": reference.provinces().get(row["province_code"], ""),
                "scene": row["scene"],
                "seen": seen.replace(tzinfo=UTC).astimezone(VIETNAM),
                "state": state,
                "says": says,
                "errors": row["errors"],
            }
        )
    return sorted(rows, key=lambda row: (_IN_ORDER.index(row["state"]), text.sort_key(row["name"])))


def _state(row: dict[str, Any], version: int, silent: timedelta) -> tuple[str, str]:
    if silent > GONE_AFTER:
        return "unknown", "Không còn báo về"
    waited = row["fresh_seconds"]
    if waited != waited or waited is None:
        return "stale", "Chưa nhận được số liệu nào từ khi bật"
    if row["version"] != version:
        return "stale", f"Đang hiện phiên bản {row['version']}, mới nhất là {version}"
    if waited > OLD_AFTER_SECONDS:
        return "stale", f"Không liên lạc được máy chủ trong {text.number(waited // 60)} phút"
    return "green", "Đang hiện số liệu mới nhất"

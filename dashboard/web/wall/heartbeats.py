"""POST /api/screens: a wall screen says once a minute that it lives and what it shows.

/du-lieu lists them (web/data/screens.py).
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections import deque
from datetime import UTC, datetime
from threading import BoundedSemaphore, Lock
from typing import Annotated, Any

from flask import Flask, Response, abort, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, BeforeValidator, Field, StrictInt

from dashboard import reference, text
from dashboard.reports import Reports
from dashboard.store import StoreUnavailable
from dashboard.store.screens import Heartbeat, save_heartbeat
from dashboard.web.request_log import log_unavailable
from dashboard.web.wall.scenes import SCENE_MAKERS

LONGEST_NAME = 40
LARGEST_BODY = 1000
# All screens together, in each process: 200 screens speak some three times a second.
MOST_A_SECOND = 10
# A store that does not answer holds no more of the server's threads than these, in each process.
MOST_AT_ONCE = 3
_log = logging.getLogger("dashboard")


def register(server: Flask, reports: Reports) -> None:
    """Adds POST /api/screens; what comes too soon or too often is answered alike and not kept."""
    rate_limit = _RateLimit(MOST_A_SECOND)
    writing = BoundedSemaphore(MOST_AT_ONCE)

    @server.post("/api/screens")
    def heard() -> ResponseReturnValue:
        if (request.content_length or 0) > LARGEST_BODY:
            abort(413)
        if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            abort(400)  # a page of another site, in the browser of somebody who may see this server
        heartbeat = parse_heartbeat(request.get_data(cache=False)[: LARGEST_BODY + 1])
        if heartbeat is None:
            _log.warning("heartbeat refused (400)")
            abort(400)
        if not rate_limit.allows_another() or not writing.acquire(blocking=False):
            return Response(status=204)
        try:
            save_heartbeat(
                reports.engine, heartbeat, datetime.now(UTC).replace(tzinfo=None, microsecond=0)
            )
        except StoreUnavailable as error:
            log_unavailable(error)
            return Response(status=503)  # the screen will say it again; nothing hangs on it
        finally:
            writing.release()
        return Response(status=204)


class _RateLimit:
    """Whether one more thing may be done within this second."""

    def __init__(self, limit: int) -> None:
        self._times = deque[float](maxlen=limit)
        self._lock = Lock()

    def allows_another(self) -> bool:
        now = time.monotonic()
        with self._lock:
            if len(self._times) == self._times.maxlen and now - self._times[0] < 1:
                return False
            self._times.append(now)
            return True


def _clean_name(written: Any) -> str:
    """Letters, digits and a few marks; nothing that could be anything but a name on a list."""
    if not isinstance(written, str):
        return ""
    return re.sub(r"[^\w .,()/-]", "", text.normalize_text(written[: 4 * LONGEST_NAME]))[
        :LONGEST_NAME
    ].strip()


NaturalNumber = Annotated[StrictInt, Field(ge=0, le=2_000_000_000)]


def _keep_text(written: Any) -> str:
    return written if isinstance(written, str) else ""


class ScreenMessage(BaseModel):
    """What a screen sends. Without a name and the two numbers it is none of ours; a province, scene
    or build that nobody knows is told as none.
    """

    name: Annotated[str, BeforeValidator(_clean_name), Field(min_length=1)]
    version: NaturalNumber
    errors: NaturalNumber
    fresh: NaturalNumber | None = None
    province: Annotated[str, BeforeValidator(_keep_text)] = ""
    scene: Annotated[str, BeforeValidator(_keep_text)] = ""
    build: Annotated[str, BeforeValidator(_keep_text)] = ""
    token: Annotated[str, BeforeValidator(_keep_text)] = ""


def parse_heartbeat(body: bytes) -> Heartbeat | None:
    """What a screen said; None where no screen of ours would say it."""
    if len(body) > LARGEST_BODY:
        return None
    try:
        message = ScreenMessage.model_validate(json.loads(body))
    except (ValueError, RecursionError):
        return None
    return Heartbeat(
        message.name,
        message.province if message.province in reference.load_province_names() else "",
        message.scene if message.scene in SCENE_MAKERS else "",
        message.version,
        message.build if re.fullmatch(r"[0-9a-f]{1,16}", message.build) else "",
        message.fresh,
        message.errors,
        message.token if re.fullmatch(r"[0-9a-f]{1,32}", message.token) else "",
    )

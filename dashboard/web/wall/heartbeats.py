"""POST /api/screens: a wall screen says once a minute that it lives and what it shows.

/du-lieu lists them (web/data/machines.py).
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections import deque
from threading import BoundedSemaphore, Lock
from typing import Annotated, Any

from flask import Flask, Response, abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, BeforeValidator, Field, StrictInt
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from dashboard import reference, text
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.store import StoreUnavailable
from dashboard.store.attempts import count_attempt
from dashboard.store.clock import read_clock
from dashboard.store.screens import (
    Heartbeat,
    draw_secret,
    find_accepted_screen,
    save_heartbeat,
)
from dashboard.web import sessions
from dashboard.web.request_log import log_unavailable
from dashboard.web.wall.scenes import SCENE_MAKERS

LONGEST_NAME = 40
LARGEST_BODY = 1000
# All screens together, in each process: 200 screens speak some three times a second.
MOST_A_SECOND = 10
# A store that does not answer holds no more of the server's threads than these, in each process.
MOST_AT_ONCE = 3
# New screens of one address: an office behind one address has some ten.
MOST_NEW_AN_HOUR = 20
# More digits are no room's number: nobody leaves a telephone number on a list.
MOST_DIGITS = 4
_SECRET = re.compile(r"[A-Za-z0-9_-]{32}")
_log = logging.getLogger("dashboard")


def register(server: Flask, settings: Settings, reports: Reports) -> None:
    """Adds POST /api/screens; what comes too soon or too often is answered alike and not kept. A
    browser that speaks for the first time gets the secret that makes it one screen.
    """
    _register_links(server, settings, reports.engine)
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
        written = request.cookies.get(sessions.SCREEN_COOKIE, "")
        secret = written if _SECRET.fullmatch(written) else draw_secret()
        now = read_clock().replace(microsecond=0)
        try:
            # Who comes without a secret of ours is new each time, and few of one address are.
            may_be_new = _may_add_screen(reports.engine) if secret != written else True
            save_heartbeat(reports.engine, heartbeat, secret, now, may_be_new=may_be_new)
        except StoreUnavailable as error:
            log_unavailable(error)
            return Response(status=503)  # the screen will say it again; nothing hangs on it
        finally:
            writing.release()
        answer = Response(status=204)
        if secret != written and may_be_new:
            sessions.keep_screen_secret(answer, secret, settings)
        return answer


def _may_add_screen(engine: Engine) -> bool:
    """Whether the client's address may bring one more screen within this hour."""
    try:
        return count_attempt(engine, f"screen {g.client}", 3600, 1) <= MOST_NEW_AN_HOUR
    except SQLAlchemyError:
        return False


def _register_links(server: Flask, settings: Settings, engine: Engine) -> None:
    @server.get("/man-hinh/vao/<secret>", endpoint="enter_screen")
    def enter_screen(secret: str) -> ResponseReturnValue:
        """The link of one screen: opened once on its browser, which then stays that screen."""
        name = find_accepted_screen(engine, secret)
        if name is None:
            abort(404)
        fields = {"ten": name, **{key: request.args[key] for key in request.args if key != "ten"}}
        answer = redirect(url_for("screen", **fields))
        sessions.keep_screen_secret(answer, secret, settings)  # type: ignore[arg-type]
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers["Cache-Control"] = "no-store"
        return answer


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
    digits = [match.start() for match in re.finditer(r"\d", written)][MOST_DIGITS:]
    written = written[: digits[0]] if digits else written
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

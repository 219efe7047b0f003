"""Open pages and wall screens without a browser, as the server meets them: for tools/load.py."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import brotli

from dashboard.web.wall.page import POLL_SLOWDOWN

# assets/poll.js: how long a page waits, and how it asks less often.
PATIENCE = 8.0
SLOWEST = 30.0
SLOWER = 1.6
SOON = 1.5
ONE_WALL_IN = 10


class Lost(Exception):
    """A question without an answer, and why."""


@dataclass(frozen=True)
class Answer:
    """`body` is still compressed; `headers` have small letters."""

    status: int
    headers: dict[str, str]
    body: bytes

    def read_json(self) -> Any:
        is_brotli = self.headers.get("content-encoding") == "br"
        return json.loads(brotli.decompress(self.body) if is_brotli else self.body)


class Line:
    """A browser's connection to the server, kept between questions."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, address: str, etag: str = "", body: bytes = b"") -> Answer:
        """A question with a body of JSON is a POST. Raises Lost."""
        lines = [
            f"{'POST' if body else 'GET'} {address} HTTP/1.1",
            f"Host: 127.0.0.1:{self._port}",
            "Accept-Encoding: br, gzip",
        ]
        if etag:
            lines.append(f"If-None-Match: {etag}")
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        request = "\r\n".join([*lines, "", ""]).encode() + body
        is_kept = self._writer is not None
        try:
            async with asyncio.timeout(PATIENCE):
                try:
                    return await self._exchange(request)
                except (OSError, asyncio.IncompleteReadError):
                    self.close()
                    if not is_kept:
                        raise
                # The server closed what was kept for long: browsers ask once more, too.
                return await self._exchange(request)
        except TimeoutError:
            self.close()
            raise Lost(f"no answer within {PATIENCE:.0f} s") from None
        except (OSError, asyncio.IncompleteReadError) as error:
            self.close()
            raise Lost(type(error).__name__) from None

    async def _exchange(self, request: bytes) -> Answer:
        if self._writer is None or self._reader is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        status_line, *lines = head.decode("latin-1").split("\r\n")
        pairs = [line.partition(":") for line in lines if line]
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        body = await self._reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(int(status_line.split()[1]), headers, body)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = None
        self._writer = None


@dataclass(frozen=True)
class Told:
    """What a page needs of a state: its version, and where its charts are."""

    version: int
    charts: str


@dataclass
class Measured:
    """What all pages of one run met; seconds."""

    polls: list[float] = field(default_factory=list)  # answered by "unchanged"
    states: list[float] = field(default_factory=list)
    charts: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    # Of each tag what its answer told: each is unpacked once, not by every page.
    told: dict[str, Told] = field(default_factory=dict)


class OpenPage:
    """One page or wall screen that asks until it is cancelled. `version`: what it shows."""

    def __init__(
        self,
        port: int,
        number: int,
        province: str,
        poll_seconds: float,
        measured: Measured,
    ) -> None:
        self.province = province
        self.version = 0
        self._is_wall = number % ONE_WALL_IN == ONE_WALL_IN - 1
        path = "/api/wall" if self._is_wall else "/api/state"
        self._address = f"{path}?province={self.province}"
        self._pause = poll_seconds * (POLL_SLOWDOWN if self._is_wall else 1)
        self._line = Line(port)
        self._measured = measured
        self._etag = ""

    async def live(self) -> None:
        """Opened at some moment of the first pause, so that pages do not ask together."""
        failures = 0
        try:
            await asyncio.sleep(random.random() * self._pause)
            while True:
                try:
                    is_soon_newer = await self._ask()
                    failures = 0
                    pause = self._pause
                    if is_soon_newer:
                        await asyncio.sleep(SOON * random.uniform(0.5, 1.5))
                        continue
                except Lost as error:
                    self._measured.errors[str(error)] += 1
                    failures += 1
                    pause = min(SLOWEST, self._pause * SLOWER ** (failures - 1))
                await asyncio.sleep(pause * random.uniform(0.85, 1.15))
        finally:
            self._line.close()

    async def _ask(self) -> bool:
        """Whether the server said that something newer is being made."""
        began = time.perf_counter()
        answer = await self._line.ask(self._address, self._etag)
        seconds = time.perf_counter() - began
        if answer.status == 304:
            self._measured.polls.append(seconds)
            return "retry-after" in answer.headers
        if answer.status != 200:
            raise Lost(f"status {answer.status}")
        self._measured.states.append(seconds)
        is_first = not self._etag
        self._etag = answer.headers["etag"]
        told = self._measured.told
        if self._etag not in told:
            told[self._etag] = _read_told(answer.read_json())
        self.version = told[self._etag].version
        if not self._is_wall and not is_first:
            await self._ask_for_charts(told[self._etag].charts)
        return False

    async def _ask_for_charts(self, address: str) -> None:
        began = time.perf_counter()
        answer = await self._line.ask(address)
        if answer.status != 200:
            raise Lost(f"charts: status {answer.status}")
        self._measured.charts.append(time.perf_counter() - began)


def _read_told(state: dict[str, Any]) -> Told:
    """Of a state of `/` or of a wall, which has no charts."""
    fields = {"province": "province", "as_of": "as_of", "v": "stamp"}
    query = urlencode({field: state.get(name, "") for field, name in fields.items()})
    return Told(state["version"], f"/api/charts?{query}")

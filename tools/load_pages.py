"""Open pages and wall screens without a browser, as the server meets them: for tools/load.py."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

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
        """GET, or POST of a JSON body. Raises Lost."""
        lines = [
            f"{'POST' if body else 'GET'} {address} HTTP/1.1",
            f"Host: 127.0.0.1:{self._port}",
            "Accept-Encoding: br",
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


@dataclass
class Measured:
    """What all pages of one run met; seconds."""

    polls: list[float] = field(default_factory=list)  # answered by "unchanged"
    states: list[float] = field(default_factory=list)
    charts: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    # Of each tag the version that its answer told: each is unpacked once, not by every page.
    versions: dict[str, int] = field(default_factory=dict)


@dataclass
class ChartsCall:
    """The callback that writes the charts' figures, as the server describes it."""

    output: str
    outputs: list[dict[str, str]]

    def write_body(self, province: str, token: str) -> bytes:
        key = {"query": f"province={province}", "token": token, "scheme": "light", "narrow": False}
        inputs = [{"id": "chart-key", "property": "data-key", "value": json.dumps(key)}]
        call = {
            "output": self.output,
            "outputs": self.outputs,
            "inputs": inputs,
            "changedPropIds": ["chart-key.data-key"],
        }
        return json.dumps(call).encode()


async def find_charts_call(port: int) -> ChartsCall | None:
    """None where charts no longer come by a callback."""
    line = Line(port)
    answer = await line.ask("/_dash-dependencies")
    line.close()
    for callback in answer.read_json():
        if [entry["id"] for entry in callback["inputs"]] == ["chart-key"]:
            output = callback["output"]
            parts = [part.rpartition(".") for part in output.strip(".").split("...")]
            return ChartsCall(output, [{"id": name, "property": prop} for name, _, prop in parts])
    return None


class OpenPage:
    """One page or wall screen that asks until it is cancelled. `version`: what it shows."""

    def __init__(
        self,
        port: int,
        number: int,
        province: str,
        poll_seconds: float,
        measured: Measured,
        charts_call: ChartsCall | None,
    ) -> None:
        self.province = province
        self.version = 0
        self._is_wall = number % ONE_WALL_IN == ONE_WALL_IN - 1
        path = "/api/wall" if self._is_wall else "/api/state"
        self._address = f"{path}?province={self.province}"
        self._pause = poll_seconds * (POLL_SLOWDOWN if self._is_wall else 1)
        self._line = Line(port)
        self._measured = measured
        self._charts_call = None if self._is_wall else charts_call
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
        versions = self._measured.versions
        if self._etag not in versions:
            versions[self._etag] = answer.read_json()["version"]
        self.version = versions[self._etag]
        if self._charts_call is not None and not is_first:
            await self._ask_for_charts(self._charts_call)
        return False

    async def _ask_for_charts(self, charts_call: ChartsCall) -> None:
        began = time.perf_counter()
        body = charts_call.write_body(self.province, self._etag)
        answer = await self._line.ask("/_dash-update-component", body=body)
        if answer.status not in {200, 204}:
            raise Lost(f"charts: status {answer.status}")
        self._measured.charts.append(time.perf_counter() - began)

"""The line between a wall screen and its server in tests: it tells the server's time, and it fails
when told to.
"""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page, Route

from tools.running import Server

# Noon in Vietnam on the day of the sample.
BEGAN = datetime(2026, 11, 22, 12, tzinfo=timezone(timedelta(hours=7)))
GARBAGE = (
    "<html>login</html>",
    "{}",
    "null",
    "[]",
    '{"scenes":[],"codes":[],"map":""}',
    '{"version":',
)


@dataclass
class Line:
    """What lies between screen and server: the server's time, and every fault. `passed`: simulated
    seconds.
    """

    server: Server
    fault: str = ""
    passed: float = 0.0
    refreshes: int = 0
    documents: int = 0  # that the browser went to
    held: list[tuple[float, Route]] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(0))

    def now(self) -> float:
        """The server's milliseconds since 1970."""
        return (BEGAN.timestamp() + self.passed) * 1000

    def attach(self, page: Page) -> None:
        page.route("**/api/**", self._answer)
        page.route("**/man-hinh*", self._answer)

    def _answer(self, route: Route) -> None:
        if "/api/wall" in route.request.url:
            self.refreshes += 1
        self.documents += route.request.is_navigation_request()
        try:
            self._by_fault(route)
        except BrowserError as problem:
            # The page went on without this answer (its patience ended, it was loaded anew).
            if "not running" in str(problem):
                raise

    def _by_fault(self, route: Route) -> None:
        if self.fault == "down":
            route.abort("connectionrefused")
        elif self.fault in ("500", "503"):
            route.fulfill(status=int(self.fault), body="trouble")
        elif self.fault == "garbage" and "/api/screens" not in route.request.url:
            route.fulfill(status=200, body=self.chance.choice(GARBAGE), headers={"X-Now": "1"})
        elif self.fault == "slow" and "/api/wall" in route.request.url:
            self.held.append((self.passed + self.chance.choice([1, 5, 30]), route))
        else:
            self._pass_on(route)

    def _pass_on(self, route: Route) -> None:
        asked = dict(route.request.headers)
        if self.fault == "build":
            asked.pop("if-none-match", None)  # another build never says "unchanged"
        answer = route.fetch(headers=asked)
        headers = {**answer.headers, "x-now": str(int(self.now()))}
        if self.fault == "build" and answer.status == 200 and "/api/wall" in route.request.url:
            route.fulfill(
                response=answer, json={**answer.json(), "build": "0ther"}, headers=headers
            )
        else:
            route.fulfill(response=answer, headers=headers)

    def release(self) -> None:
        """Answers whose time has come."""
        due = [one for one in self.held if one[0] <= self.passed]
        self.held = [one for one in self.held if one[0] > self.passed]
        for _, route in due:
            with suppress(BrowserError):  # where the page did not wait
                self._pass_on(route)

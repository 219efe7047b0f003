"""One wall screen in a browser whose clock is run faster, looked at like somebody who stands before
it for weeks.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page

from dashboard import store
from tools.wall_line import Line

# The browser believes in another year altogether.
WRONG_CLOCK = datetime(2019, 3, 1, 4, 5, 6)
STEP = 2.0  # seconds a step: less than any patience of the page
SECONDS_A_SCENE = 20
WARM_UP = 60  # refreshes after which a page is as large as it will be

LOOK = """() => ({
  scene: document.documentElement.dataset.scene || "",
  version: Number(document.documentElement.dataset.version || 0),
  connection: document.documentElement.dataset.connection || "",
  title: document.getElementById("title").textContent,
  shown: document.getElementById("page").checkVisibility()
    && getComputedStyle(document.body).opacity === "1",
  communes: document.querySelectorAll(".commune[data-level]").length,
  scenes: window.dashboard && dashboard.current.state
    ? dashboard.current.state.scenes.map((scene) => scene.id)
    : [],
})"""
# Counts the questions whose answer the page does not have yet: how soon it comes is the machine's,
# not the wall's.
COUNT = """(() => {
  const plain = window.fetch;
  window.asked = 0;
  window.fetch = async (...question) => {
    window.asked += 1;
    try {
      const answer = await plain(...question);
      await answer.clone().arrayBuffer();
      return answer;
    } finally {
      window.asked -= 1;
    }
  };
})()"""


@dataclass
class Soak:
    """One screen for a long time; `problems` are the requirements that were missed."""

    page: Page
    line: Line
    seconds: int = SECONDS_A_SCENE
    pace: float = STEP
    problems: list[str] = field(default_factory=list)
    changes: int = 0
    loads: int = 0
    recoveries: int = 0
    growth: float = 0.0
    worst_refreshes: int = 0
    _last: str = ""
    _heaps: list[float] = field(default_factory=list)
    _life: int = 0

    def start(self, query: str = "province=51") -> None:
        self.page.on("dialog", lambda dialog: self._missed(f"a dialog: {dialog.message}"))
        self.page.on("pageerror", lambda error: self._missed(f"thrown: {error}"))
        self.page.on("load", self._loaded)
        self.line.attach(self.page)
        self.page.add_init_script(COUNT)
        self.page.clock.install(time=WRONG_CLOCK)
        # else real time runs on beside the simulated
        self.page.clock.pause_at(WRONG_CLOCK + timedelta(seconds=1))
        self.page.goto(f"{self.line.server.address}man-hinh?{query}&giay={self.seconds}")
        self.page.wait_for_selector("html[data-ready]", state="attached")

    def _loaded(self, _page: Page) -> None:
        self.loads += 1
        self._life = self.line.refreshes
        self._heaps = []

    def _missed(self, what: str) -> None:
        moment = timedelta(seconds=round(self.line.passed))
        self.problems.append(f"{moment} ({self.line.fault or 'up'}): {what}")
        print(self.problems[-1], file=sys.stderr)

    def step(self, seconds: float = 0.0) -> None:
        """Lets time pass (`pace` unless told) and answers arrive."""
        seconds = seconds or self.pace
        self.page.clock.run_for(int(seconds * 1000))
        self.line.passed += seconds  # answers that came meanwhile told a time up to a step ago
        self.line.release()
        self._wait_for_answers()

    def _wait_for_answers(self) -> None:
        """Until no question and no document is under way: an answer of before told the time of
        before.
        """
        for _ in range(5000):
            with suppress(BrowserError):  # the page is being loaded anew
                if self.loads >= self.line.documents and self.page.evaluate("asked") <= len(
                    self.line.held
                ):
                    break
            self.page.wait_for_timeout(1)  # real time: the browser's own is stopped

    def sleep(self, seconds: float) -> None:
        """The computer sleeps: its counter stands still, its clock does not."""
        self.line.passed += seconds
        woken = self.page.evaluate("Date.now()") + seconds * 1000
        self.page.clock.set_system_time(datetime.fromtimestamp(woken / 1000, UTC))
        self.step()
        self.look()

    def throttle(self, seconds: float) -> None:
        """Each timer runs once a minute, as in a window that the browser takes for a hidden one."""
        end = self.line.passed + seconds
        while self.line.passed < end:
            self.line.passed += 60
            self.page.clock.fast_forward(60_000)
            self.step()
            self.look()

    def look(self) -> dict[str, Any]:
        """What is seen, checked against what must be seen at any time.

        While a page loads itself anew the browser shows the last picture; then the new one has to
        be there soon.
        """
        try:
            self.page.wait_for_selector("html[data-ready]", state="attached", timeout=5000)
            seen: dict[str, Any] = self.page.evaluate(LOOK)
        except BrowserError:
            self.page.wait_for_selector("html[data-ready]", state="attached")
            return self.look()
        if not seen["shown"] or not seen["title"] or not seen["communes"]:
            self._missed(f"no picture: {seen}")
        self._check_scene(seen)
        if seen["scene"] != self._last:
            self.changes += 1
            self._last = seen["scene"]
        return seen

    def _check_scene(self, seen: dict[str, Any]) -> None:
        """The scene of the clock; an answer's time may be a step old here, and a beat a second
        late.
        """
        now = self.line.now() / 1000
        if not seen["scenes"] or now % self.seconds < 2 * self.pace:
            return
        due = seen["scenes"][int(now // self.seconds) % len(seen["scenes"])]
        if due != seen["scene"]:
            self._missed(f"shows {seen['scene']} where {due} is due")

    def measure(self) -> None:
        """Memory in use after collecting garbage, against what it was when this page had
        warmed up.
        """
        if self.line.refreshes - self._life < WARM_UP:
            return
        session = self.page.context.new_cdp_session(self.page)
        session.send("HeapProfiler.collectGarbage")
        self._heaps.append(session.send("Runtime.getHeapUsage")["usedSize"] / 1e6)
        session.detach()
        self.growth = max(self.growth, self._heaps[-1] - self._heaps[0])

    def endure(self, fault: str, seconds: float) -> None:
        """A fault for so long, then the way back: the right data within one refresh, and never an
        empty screen.
        """
        self.line.fault = fault
        if fault == "asleep":
            self.sleep(60 * seconds)
        elif fault == "throttled":
            self.throttle(seconds)
        else:
            self._pass(seconds)
        self.line.fault = ""
        for _, route in self.line.held:
            with suppress(BrowserError):
                route.abort()
        self.line.held.clear()
        self._recover()

    def _pass(self, seconds: float) -> None:
        end = self.line.passed + seconds
        while self.line.passed < end:
            self.step()
            self.look()

    def _recover(self) -> None:
        """Until the first refresh after the fault was answered."""
        engine = store.open_store(self.line.server.settings.database_url)
        version = store.fetch_data_version(engine).number
        engine.dispose()
        before = self.line.refreshes
        seen = self.look()
        for _ in range(60):
            if seen["version"] == version and seen["connection"] == "live":
                break
            self.step()
            seen = self.look()
        else:
            self._missed(f"not back two minutes after a fault: {seen}")
        self.recoveries += 1
        # The refresh that was under way when the fault ended does not count, the one after it does.
        self.worst_refreshes = max(self.worst_refreshes, self.line.refreshes - before)

"""`make soak`: days of a wall screen in minutes, with everything that goes wrong in an office.

A real server and a real Chromium; the browser's clock is run faster (Playwright's), and a line between the
two moves the server's time along and fails at random: no server, 500, 503, answers that are too slow, that are
no answers, of another build; or the computer sleeps, or the browser hardly lets its timers run. Prints what
happened and ends with 1 where a requirement of the wall was missed.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pandas as pd
from playwright.sync_api import Browser, Page, Route, sync_playwright
from playwright.sync_api import Error as BrowserError

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dashboard import store
from dashboard.batch import READING_COLUMNS, Batch
from tools.running import CHROMIUM_ARGS, Server, chromium_path, environment_in, free_port

# Noon in Vietnam on the day of the sample; the browser believes in another year altogether.
BEGAN = datetime(2026, 11, 22, 12, tzinfo=timezone(timedelta(hours=7)))
WRONG_CLOCK = datetime(2019, 3, 1, 4, 5, 6)
STEP = 2.0  # seconds a step: less than any patience of the page
SECONDS_A_SCENE = 20
FAULTS = ("down", "500", "503", "slow", "garbage", "build", "asleep", "throttled")
GARBAGE = ("<html>login</html>", "{}", "null", "[]", '{"scenes":[],"codes":[],"map":""}', '{"version":')
WARM_UP = 60  # refreshes after which a page is as large as it will be
MOST_GROWTH = 2.0  # MB

LOOK = """() => ({
  scene: document.documentElement.dataset.scene || "",
  version: Number(document.documentElement.dataset.version || 0),
  connection: document.documentElement.dataset.connection || "",
  title: document.getElementById("title").textContent,
  shown: document.getElementById("page").checkVisibility() && getComputedStyle(document.body).opacity === "1",
  communes: document.querySelectorAll(".commune[data-level]").length,
  scenes: window.dashboard && dashboard.state ? dashboard.state.scenes.map((one) => one.id) : [],
})"""
# Counts the questions whose answer the page does not have yet: how soon it comes is the machine's, not the wall's.
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
class Line:
    """What lies between screen and server: the server's time, and every fault. `passed`: simulated seconds."""

    server: Server
    fault: str = ""
    passed: float = 0.0
    refreshes: int = 0
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
            route.fulfill(response=answer, json={**answer.json(), "build": "0ther"}, headers=headers)
        else:
            route.fulfill(response=answer, headers=headers)

    def release(self) -> None:
        """Answers whose time has come."""
        due = [one for one in self.held if one[0] <= self.passed]
        self.held = [one for one in self.held if one[0] > self.passed]
        for _, route in due:
            with suppress(BrowserError):  # where the page did not wait
                self._pass_on(route)


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
        self.page.clock.pause_at(WRONG_CLOCK + timedelta(seconds=1))  # else real time runs on beside the simulated
        self.page.goto(f"{self.line.server.address}man-hinh?{query}&giay={self.seconds}")
        self.page.wait_for_selector("html[data-ready]", state="attached")

    def _loaded(self, _page: Page) -> None:
        self.loads += 1
        self._life, self._heaps = self.line.refreshes, []

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
        with suppress(BrowserError):  # the page was loaded anew: nothing is under way any more
            for _ in range(5000):
                if self.page.evaluate("asked") <= len(self.line.held):
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

        While a page loads itself anew the browser shows the last picture; then the new one has to be there soon.
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
        """The scene of the clock; an answer's time may be a step old here, and a beat a second late."""
        now = self.line.now() / 1000
        if not seen["scenes"] or now % self.seconds < 2 * self.pace:
            return
        due = seen["scenes"][int(now // self.seconds) % len(seen["scenes"])]
        if due != seen["scene"]:
            self._missed(f"shows {seen['scene']} where {due} is due")

    def measure(self) -> None:
        """Memory in use after collecting garbage, against what it was when this page had warmed up."""
        if self.line.refreshes - self._life < WARM_UP:
            return
        session = self.page.context.new_cdp_session(self.page)
        session.send("HeapProfiler.collectGarbage")
        self._heaps.append(session.send("Runtime.getHeapUsage")["usedSize"] / 1e6)
        session.detach()
        self.growth = max(self.growth, self._heaps[-1] - self._heaps[0])

    def endure(self, fault: str, seconds: float) -> None:
        """A fault for so long, then the way back: the right data within one refresh, and never an empty screen."""
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
        version = store.version(engine)
        engine.dispose()
        before, seen = self.line.refreshes, self.look()
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


def import_something(server: Server, value: float) -> None:
    """Another figure of one commune, through the store's own door, as another process imports it."""
    now = server.settings.now()
    rows = [("21250", "network_mbps", value, "declared", now.date())]
    readings = pd.DataFrame(rows, columns=READING_COLUMNS)
    moment = now.replace(tzinfo=None, microsecond=0)
    batch = Batch("soak.xlsx", f"{time.time_ns():064d}", "readiness", "51", moment, 1, "simulated", readings=readings)
    engine = store.open_store(server.settings.database_url)
    store.save(engine, batch, by="soak")
    engine.dispose()


def run(soak: Soak, refreshes: int, imports: int, tell: Callable[[str], None] = print) -> None:
    """Faults at random until so many refreshes were asked for."""
    chance = soak.line.chance
    every = max(1, refreshes // max(1, imports))
    next_import, next_measure = every, 0
    while soak.line.refreshes < refreshes:
        soak._pass(chance.choice([20, 60, 180]))
        if soak.line.refreshes >= next_measure:
            soak.measure()
            next_measure += max(20, refreshes // 20)
            tell(
                f"{timedelta(seconds=round(soak.line.passed))}: {soak.line.refreshes} refreshes, "
                f"{soak.changes} scenes, {len(soak.problems)} problems"
            )
        fault = chance.choice(FAULTS)
        if soak.line.refreshes >= next_import:
            import_something(soak.line.server, chance.randint(1, 100))
            next_import += every
            fault = chance.choice(FAULTS[:5])  # news that come while nobody can hear them
        soak.endure(fault, chance.choice([10, 60, 240]))
    soak.measure()


def opened(browser: Browser, server: Server, seed: int, seconds: int = SECONDS_A_SCENE) -> Soak:
    """A screen on its line. No worker: what it keeps would never reach the line."""
    context = browser.new_context(
        viewport={"width": 1366, "height": 768}, locale="vi-VN", service_workers="block", timezone_id="America/New_York"
    )
    return Soak(context.new_page(), Line(server, chance=random.Random(seed)), seconds)


def main() -> int:
    """Prints the figures; 1 where a requirement was missed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--refreshes", type=int, default=2500, help="how many times the screen asks (2500)")
    asked.add_argument("--imports", type=int, default=25, help="how many files arrive meanwhile (25)")
    asked.add_argument("--seed", type=int, default=7, help="another order of faults (7)")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        server = Server(folder, environment_in(folder, DASHBOARD_TODAY=BEGAN.date().isoformat()), free_port())
        result = server.command("setup")
        if result.returncode:
            print(result.stderr.strip() or result.stdout.strip(), file=sys.stderr)
            return 1
        server.start()
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGS)
                soak = opened(browser, server, options.seed)
                soak.start()
                began = time.monotonic()
                run(soak, options.refreshes, options.imports)
                took = time.monotonic() - began
                browser.close()
        finally:
            server.stop()
    figures = {
        "simulated": str(timedelta(seconds=round(soak.line.passed))),
        "refreshes": soak.line.refreshes,
        "scene changes": soak.changes,
        "recoveries": soak.recoveries,
        "refreshes until right again, at most": soak.worst_refreshes,
        "loads": soak.loads,
        f"memory growth after warm-up, MB (at most {MOST_GROWTH})": round(soak.growth, 2),
        "problems": len(soak.problems),
        "took, s": round(took),
    }
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    print("\n".join(soak.problems[:20]))
    return 1 if soak.problems or soak.growth > MOST_GROWTH else 0


if __name__ == "__main__":
    sys.exit(main())

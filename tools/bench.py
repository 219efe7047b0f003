"""`make bench`: what the page costs, measured in a real browser against a real server on fresh
sample data.

Bytes are counted by a small relay between browser and server, so they are exactly what crosses the
wire: headers, bodies, retries. Each figure stands beside its target and, where it tells something,
beside what the same thing costs without the measure taken. Times are this machine's, not promises.
"""

from __future__ import annotations

import argparse
import http.client
import re
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import text

from dashboard import reference, store
from dashboard.batch import COUNTS, READING_COLUMNS, Batch
from dashboard.reports import Reports, read_criteria
from dashboard.store import read
from dashboard.web import plotly_bundle
from dashboard.web.server import DOCUMENTS
from dashboard.web.wall.page import POLL_SLOWDOWN
from tools.running import CHROMIUM_ARGS, Server, chromium_path, environment_in, free_port

# Waited for as selectors: Playwright's wait_for_function needs eval, which the page's policy
# forbids.
READY = "html[data-ready]"
CHARTS = ".js-plotly-plot .main-svg >> nth=3"
# The page's own word for "drawn", said on the wire: waiting from here would count what came after
# it.
SAY_DRAWN = """new MutationObserver((_, watch) => {
  if (!document.documentElement || !document.documentElement.hasAttribute("data-ready")) return;
  watch.disconnect();
  fetch("/health?drawn");
}).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-ready"] });"""
PROVINCE = "51"
COMMUNE = "21250"
LARGEST = "25"  # of the sample's provinces: 148 communes
IN_LARGEST = {"province": LARGEST}
# A commune's line on a bad day: 400 kbit/s, 400 ms there and back (what browsers call "slow 3G").
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}


@dataclass
class Relay:
    """Passes bytes between a browser and the server and counts those that come down."""

    server_port: int
    port: int = field(default_factory=free_port)
    down: int = 0
    compressed: bool = True
    drawn_at: int = 0  # what had come down when the page said that it was drawn (SAY_DRAWN)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        listening = socket.create_server(("127.0.0.1", self.port), backlog=64)

        def accept() -> None:
            while True:
                browser, _ = listening.accept()
                upstream = socket.create_connection(("127.0.0.1", self.server_port))
                for source, target, counted in (
                    (browser, upstream, False),
                    (upstream, browser, True),
                ):
                    threading.Thread(
                        target=self._pass_on, args=(source, target, counted), daemon=True
                    ).start()

        threading.Thread(target=accept, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, counted: bool) -> None:
        try:
            while data := source.recv(65536):
                if counted:
                    with self._lock:
                        self.down += len(data)
                elif b"GET /health?drawn" in data:
                    self.drawn_at = self.down
                if not counted and not self.compressed:
                    data = re.sub(rb"(?i)\r\nAccept-Encoding: [^\r]*", b"", data)
                target.sendall(data)
        except OSError:
            pass
        finally:
            for end in (source, target):
                end.close()

    @contextmanager
    def counting(self) -> Iterator[Callable[[], int]]:
        before = self.down
        yield lambda: self.down - before

    def wait_for_silence(self, seconds: float = 0.7) -> None:
        """Returns once nothing has come down for a while (a poll's 304 does not count as
        something).
        """
        seen = self.down
        since = time.monotonic()
        while time.monotonic() - since < seconds:
            time.sleep(0.05)
            if self.down - seen > 400:
                seen = self.down
                since = time.monotonic()


@dataclass
class Bench:
    """One server, one browser; every method prints one or a few lines."""

    server: Server
    relay: Relay
    browser: Browser
    outside: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.relay.port}/?province={PROVINCE}"

    def line(
        self, what: str, value: float, unit: str, target: float | None = None, beside: str = ""
    ) -> None:
        """Prints one figure; one over its target is marked and counted."""
        shown = f"{value:,.0f}" if unit == "bytes" else f"{value:,.2f}"
        goal = f"≤ {target:,.0f}" if target is not None else "–"
        verdict = ""
        if target is not None:
            verdict = "ok" if value <= target else "MISSED"
        if verdict == "MISSED":
            self.missed.append(what)
        print(f"{what:<58}{shown:>12} {unit:<6}{goal:>14}  {verdict:<7}{beside}", flush=True)

    def page(self) -> Page:
        context = self.browser.new_context(
            viewport={"width": 1440, "height": 900}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
        )
        page = context.new_page()
        page.add_init_script(SAY_DRAWN)

        def note(request: Any) -> None:
            if not request.url.startswith(
                (f"http://127.0.0.1:{self.relay.port}/", "data:", "blob:", "about:")
            ):
                self.outside.append(request.url)

        page.on("request", note)
        return page

    def plain_bytes(self) -> tuple[int, int]:
        """What a cold load costs when nothing is compressed: until ready, and with charts."""
        page = self.page()
        self.relay.compressed = False
        before = self.relay.down
        with self.relay.counting() as counted:
            page.goto(self.address, wait_until="commit")
            self.draw_charts(page)
            page.context.close()
            self.relay.compressed = True
            return self.relay.drawn_at - before, counted()

    def draw_charts(self, page: Page) -> None:
        page.wait_for_selector(READY, state="attached")
        page.evaluate("document.getElementById('charts').scrollIntoView()")
        page.wait_for_selector(CHARTS, state="attached", timeout=60_000)
        self.relay.wait_for_silence()

    def cold_and_warm(self) -> Page:
        plain_ready, plain_whole = self.plain_bytes()
        page = self.page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        with self.relay.counting() as counted:
            before = self.relay.down
            started = time.perf_counter()
            page.goto(self.address, wait_until="commit")
            page.wait_for_selector(READY, state="attached")
            seconds = time.perf_counter() - started
            requests = sum("?drawn" not in url for url in asked)
            self.draw_charts(page)
            self.line(
                "cold load until map, headline and table are drawn",
                self.relay.drawn_at - before,
                "bytes",
                300_000,
                f"{plain_ready:,} uncompressed",
            )
            lean = plotly_bundle.locate_lean_plotly(self.server.settings.static_dir).is_file()
            name = "lean plotly" if lean else "plotly of the package"
            self.line(
                f"cold load with charts ({name})",
                counted(),
                "bytes",
                900_000 if lean else 1_500_000,
                f"{plain_whole:,} uncompressed",
            )
            whole = counted()
        with self.relay.counting() as counted:
            page.reload(wait_until="commit")
            page.wait_for_selector(READY, state="attached")
            self.draw_charts(page)
            self.line("warm reload, with charts", counted(), "bytes", 30_000, f"{whole:,} cold")
        self.line("cold load until drawn, this machine", seconds, "s")
        self.line("cold load until drawn, questions asked", requests, "", 12)
        return page

    def slow_line(self, what: str, address: str) -> None:
        page = self.page()
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW)
        started = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.wait_for_selector(READY, state="attached", timeout=120_000)
        self.line(f"{what}, 400 kbit/s and 400 ms", time.perf_counter() - started, "s")
        page.context.close()

    def team(self) -> None:
        """The page for a task force's phone: first visit, next visit, and the first one on a bad
        line.
        """
        address = f"http://127.0.0.1:{self.relay.port}/to-cong-tac?province={PROVINCE}"
        page = self.page()
        with self.relay.counting() as counted:
            page.goto(address, wait_until="commit")
            page.wait_for_selector(READY, state="attached")
            self.relay.wait_for_silence()
            first = counted()
        self.line("task force's page, first visit", first, "bytes", 60_000)
        with self.relay.counting() as counted:
            page.reload(wait_until="commit")
            page.wait_for_selector(READY, state="attached")
            self.relay.wait_for_silence()
            self.line(
                "task force's page, next visit", counted(), "bytes", 30_000, f"{first:,} first"
            )
        page.context.close()
        self.slow_line("task force's page, first visit", address)

    def further(self, page: Page, path: str) -> None:
        """What another page costs somebody who has seen `/`, all its charts included."""
        with self.relay.counting() as counted:
            page.goto(
                f"http://127.0.0.1:{self.relay.port}{path}?province={PROVINCE}", wait_until="commit"
            )
            page.wait_for_selector(READY, state="attached")
            for place in page.locator("[data-figure]").all():
                place.scroll_into_view_if_needed()
            page.wait_for_selector("[data-figure]:not([data-drawn=yes])", state="detached")
            self.relay.wait_for_silence()
            self.line(f"{path} after /", counted(), "bytes", 60_000)

    def replay(self, page: Page) -> None:
        """The slider under the map: what the levels of all days weigh, and how long a day takes to
        show.
        """
        with self.relay.counting() as counted:
            page.focus("#replay-day")
            self.relay.wait_for_silence()
            self.line(
                "time slider, every day since 01/07/2025",
                counted(),
                "bytes",
                40_000,
                "all years together",
            )
        milliseconds = page.evaluate(
            """() => {
              const slider = document.getElementById("replay-day"), started = performance.now();
              for (let day = 0; day < 200; day += 1) {
                slider.value = day;
                slider.dispatchEvent(new Event("input", { bubbles: true }));
              }
              return (performance.now() - started) / 200;
            }"""
        )
        self.line(
            "a day of the time slider, painted",
            milliseconds,
            "ms",
            40,
            "25 days a second when it plays",
        )

    def switches(self, page: Page) -> None:
        """From the moment a person chooses to the moment the map has changed."""
        milliseconds = page.evaluate(
            """async () => {
              const change = (id, value, done) => new Promise((resolve, reject) => {
                setTimeout(() => reject(new Error(`${id} ${value} never showed`)), 20000);
                const control = document.getElementById(id);
                const started = performance.now();
                const watch = new MutationObserver(() => {
                  if (!done()) return;
                  watch.disconnect();
                  resolve(performance.now() - started);
                });
                watch.observe(document.documentElement, { attributes: true, subtree: true });
                control.value = value;
                for (const name of ["input", "change"])
                  control.dispatchEvent(new Event(name, { bubbles: true }));
              });
              const levels = () =>
                [...document.querySelectorAll("[data-level]")].map((e) => e.dataset.level).join();
              const layers = [], days = [];
              for (const value of ["network", "devices", "digital_signature", "overall"]) {
                const before = levels();
                layers.push(await change("show", value, () => levels() !== before));
              }
              for (const value of ["2025-07-13", "2025-08-01", "2025-09-15", "2026-01-15"]) {
                const isShown = () => document.documentElement.dataset.asOf === value;
                days.push(await change("as-of", value, isShown));
              }
              return { layers, days };
            }"""
        )
        self.line("another layer shows in the map", statistics.median(milliseconds["layers"]), "ms")
        beside = "server's first answer for a day included"
        self.line(
            "another day shows in the map",
            statistics.median(milliseconds["days"]),
            "ms",
            None,
            beside,
        )
        page.goto(self.address, wait_until="commit")
        page.wait_for_selector(READY, state="attached")
        self.relay.wait_for_silence()

    def change(self, page: Page) -> None:
        """A file imported by another process, until the open page shows it."""
        self.draw_charts(page)
        version = page.evaluate("document.documentElement.dataset.version")
        with self.relay.counting() as counted:
            imported = time.perf_counter()
            _import_something(self.server)
            page.wait_for_selector(f'html:not([data-version="{version}"])', state="attached")
            seconds = time.perf_counter() - imported
            self.relay.wait_for_silence()
            self.line("refresh with change: state and both charts", counted(), "bytes", 25_000)
        self.line("an import shows on an open page after", seconds, "s", 10)

    def polls(self) -> None:
        """Bytes and server time of a poll, asked as a page asks."""
        etag, whole, _ = _ask(self.server.port, "")
        _, unchanged, status = _ask(self.server.port, etag)
        if status != 304:
            self.missed.append("304")
        self.line(
            "refresh without change",
            unchanged,
            "bytes",
            300,
            f"{whole:,} with the state, compressed",
        )
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port)

        def median(path: str, headers: dict[str, str], times: int = 400) -> float:
            taken = []
            for _ in range(times):
                started = time.perf_counter()
                connection.request("GET", path, headers=headers)
                connection.getresponse().read()
                taken.append((time.perf_counter() - started) * 1000)
            return statistics.median(taken)

        path = f"/api/state?province={PROVINCE}"
        compressed = {"Accept-Encoding": "br"}
        floor = f"{median('/health', {}):.2f} ms for an answer that does nothing"
        self.line(
            "a poll without change, there and back",
            median(path, {**compressed, "If-None-Match": etag}),
            "ms",
        )
        self.line(
            "a poll with the whole state, there and back",
            median(path, compressed),
            "ms",
            None,
            floor,
        )

    def loading(self) -> None:
        """What the first who looks after an import waits for, in processor time, beside pandas' own
        way to fetch it.
        """
        settings = self.server.settings
        engine = store.open_store(settings.database_url)
        reports = Reports(engine, read_criteria(settings.criteria), settings.outlines_dir)
        started = time.process_time()
        reports.loaded(LARGEST, reports.version())
        taken = time.process_time() - started
        started = time.process_time()
        for name in ("list_readings", "list_dossier_counts"):
            pd.read_sql(
                text(read.read_query(name, counts=", ".join(COUNTS))),
                engine,
                params=IN_LARGEST,
            )
        plain = time.process_time() - started
        engine.dispose()
        self.line(
            "a province out of the store, sorted",
            taken,
            "s",
            None,
            f"{plain:.2f} s for read_sql alone",
        )

    def wall(self) -> None:
        """What one wall screen costs in an hour in which nothing happens: questions
        and heartbeats.
        """
        questions = 3600 / (POLL_SLOWDOWN * self.server.settings.poll_seconds)
        heartbeats = 60
        path = f"/api/wall?province={PROVINCE}"
        body = b'{"name":"bench","version":1,"errors":0,"fresh":1}'
        etag, whole, _ = _ask(self.server.port, "", path)
        _, unchanged, status = _ask(self.server.port, etag, path)
        if status != 304:
            self.missed.append("304 of the wall")
        said = b""
        taken = dict[str, list[float]]({"GET": [], "POST": []})
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port)
        for method, address, sent, headers in (
            ("GET", path, None, {"If-None-Match": etag}),
            ("POST", "/api/screens", body, {}),
        ):
            for _ in range(200):
                started = time.perf_counter()
                connection.request(method, address, sent, headers)
                answer = connection.getresponse()
                answer.read()
                taken[method].append((time.perf_counter() - started) * 1000)
            said = str(answer.headers).encode()
        hour = questions * unchanged + heartbeats * (len(said) + 32)
        beside = (
            f"{questions:.0f} questions, {heartbeats} heartbeats; the whole picture once is "
            f"{whole:,}"
        )
        self.line("a wall screen, idle for an hour", hour, "bytes", 150_000, beside)
        times = [statistics.median(taken[method]) for method in ("GET", "POST")]
        self.line(
            "a wall screen's hour at the server", questions * times[0] + heartbeats * times[1], "ms"
        )


def _ask(
    port: int, etag: str, path: str = f"/api/state?province={PROVINCE}"
) -> tuple[str, int, int]:
    """ETag, bytes on the wire and status of one question."""
    condition = f"If-None-Match: {etag}\r\n" if etag else ""
    request = (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Accept-Encoding: br\r\n{condition}Connection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request.encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    found = re.search(rb"(?i)\r\netag: ([^\r]+)", answer)
    return found[1].decode() if found else "", len(answer), int(answer.split()[1])


def _import_something(server: Server) -> None:
    """Another figure of today for every commune, through the store's own door.

    Said to be simulated, because a real file would make the sample data of its province step aside.
    """
    now = server.settings.now()
    rows = [
        (code, "signature_issued", 5.0, "declared", now.date())
        for code in reference.select_communes_of_province(PROVINCE).index
    ]
    readings = pd.DataFrame(rows, columns=READING_COLUMNS)
    moment = now.replace(tzinfo=None, microsecond=0)
    batch = Batch(
        "bench.xlsx",
        f"{time.time_ns():064d}",
        "readiness",
        PROVINCE,
        moment,
        len(rows),
        "simulated",
        readings=readings,
    )
    engine = store.open_store(server.settings.database_url)
    store.save_batch(engine, batch, by="bench")
    engine.dispose()


def main() -> int:
    """Prints all figures; 1 where a target was missed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument(
        "--without-npm", action="store_true", help="measure with the bundle of the plotly package"
    )
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        more = {"PATH": ""} if options.without_npm else {}
        server = Server(folder, environment_in(folder, **more), free_port())
        started = time.perf_counter()
        result = server.command("setup")
        if result.returncode:
            print(result.stderr.strip() or result.stdout.strip(), file=sys.stderr)
            return 1
        first = time.perf_counter() - started
        started = time.perf_counter()
        server.command("setup")
        again = time.perf_counter() - started
        relay = Relay(server.port)
        server.start()
        relay.start()
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=chromium_path(), args=CHROMIUM_ARGS
                )
                bench = Bench(server, relay, browser)
                print(
                    f"{'measured ' + datetime.now(UTC).date().isoformat():<58}{'':>12} "
                    f"{'':<6}{'target':>14}"
                )
                page = bench.cold_and_warm()
                bench.polls()
                bench.loading()
                bench.wall()
                bench.replay(page)
                bench.switches(page)
                bench.change(page)
                bench.slow_line("cold load until drawn", bench.address)
                for document in DOCUMENTS:
                    bench.further(page, document.rule.replace("<code>", COMMUNE))
                bench.team()
                bench.line("requests to outside hosts", len(bench.outside), "", 0)
                bench.line("setup from nothing, packages there", first, "s")
                bench.line("setup again", again, "s")
                browser.close()
        finally:
            server.stop()
    print(f"Missed: {', '.join(bench.missed)}" if bench.missed else "All targets reached.")
    return 1 if bench.missed else 0


if __name__ == "__main__":
    sys.exit(main())

"""`make bench-peers`: the dashboard beside a static page, plain Dash and Streamlit, in one run.

    python -m tools.bench_peers --viewers 50 --seconds 20

All show the same figures of the sample's first province: a map of its communes by level, five
figures, two charts and a table, for any of the last 28 days. The static page is what nothing can be
quicker than: each day is a compressed file that nginx sends and a script draws. Plain Dash and
Streamlit (tools/peers/) are written as their manuals show it, the figures in memory. The dashboard
shows what it always shows, with the sample's whole store behind it.

Measured of each, and printed as a table of Markdown:

- start: from the command until the page's address answers;
- cold page: questions, and bytes as they cross the wire, until its charts are drawn;
- change: from the choice of another day until the page shows it, in a browser (median of 12);
- changes a second: so many viewers choose one random day after another without a browser; each
  waits for its answer, whole, before it asks again. The viewers run on the same machine;
- PSS of all processes, after the first page and after the viewers.

Give up other work on the machine while it runs; ratios, not seconds, tell of another machine.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import gzip
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import plotly
from playwright.sync_api import Browser, Page, sync_playwright

from dashboard.settings import ROOT
from tools.load import measure_memory
from tools.load_pages import Line
from tools.nginx import Nginx, find_nginx
from tools.running import CHROMIUM_ARGS, Server, chromium_path, environment_in, free_port

PROVINCE = "51"
DAYS = 28
CHANGES = 12
PEERS = ROOT / "tools" / "peers"
PEERS_PYTHON = ROOT / "var" / "peers" / "bin" / "python"
LEVEL_NAMES = {"g": "Xanh", "y": "Vàng", "r": "Đỏ", "u": "Chưa báo cáo", "s": "Số liệu cũ"}
COLUMNS = ("day", "code", "name", "level", "level_name", "share", "received")
_NGINX = """
daemon off; {user} worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    types {{ text/html html; text/javascript js; application/json json geojson; }}
    access_log off; gzip_static on; keepalive_requests 100000;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {folder}/pages; }}
}}
"""


@dataclass
class Row:
    """What was measured of one of them; bytes, seconds and MB."""

    name: str
    start: float = 0.0
    questions: int = 0
    cold_bytes: int = 0
    change: float = 0.0
    change_bytes: int = 0
    per_second: float = 0.0
    slowest: float = 0.0  # the 95th percentile of a viewer's change
    idle_memory: float = 0.0
    memory: float = 0.0


@dataclass
class Peer:
    """One of those measured. `wait_for_page` returns when the charts are drawn, `choose` when the
    page shows the day; `view` is many viewers without a browser, and gives the seconds of each
    change and of all.
    """

    name: str
    command: list[str]
    port: int
    path: str
    wait_for_page: Callable[[Page], None]
    choose: Callable[[Page, int], None]
    view: Callable[[int, float], tuple[list[float], float]]
    environment: dict[str, str] = field(default_factory=dict)
    front: Nginx | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.path}"


# ---- the figures of all -----------------------------------------------------------------------


def fetch_states(server: Server) -> dict[str, dict[str, Any]]:
    """The dashboard's own answers for the last days, by day."""
    states = {}
    newest = _fetch_json(f"{server.address}api/state?province={PROVINCE}")
    last_day = date.fromisoformat(newest["as_of"])
    for back in reversed(range(DAYS)):
        day = (last_day - timedelta(days=back)).isoformat()
        query = urlencode({"province": PROVINCE, "as_of": day})
        states[day] = _fetch_json(f"{server.address}api/state?{query}")
    return states


def _fetch_json(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=60) as answer:
        return json.load(answer)


def write_figures(folder: Path, server: Server, states: dict[str, dict[str, Any]]) -> None:
    """`figures.csv` and `communes.geojson`, as tools/peers/figures.py reads them."""
    newest = next(reversed(states.values()))
    names = _fetch_json(server.address + newest["names"].lstrip("/"))
    name_of = {commune[0]: commune[1] for commune in names["communes"]}
    with open(folder / "figures.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for day, state in states.items():
            received = state["columns"]["received"]["sort"]
            shares = state["layers"]["on_time"]["text"]
            levels = state["layers"]["overall"]["levels"]
            for code, level, share, number in zip(
                state["codes"], levels, shares, received, strict=True
            ):
                row = (day, code, name_of[code], level, LEVEL_NAMES[level], share, number or 0)
                writer.writerow(row)
    shutil.copy(ROOT / "data" / "outlines" / f"{PROVINCE}.geojson", folder / "communes.geojson")


def write_static_pages(folder: Path, data: Path) -> None:
    """A page, its script, the outlines and a file a day, each with its compressed twin."""
    os.environ["DASHBOARD_PEERS_DATA"] = str(data)
    from tools.peers import figures as drawing

    rows = drawing.read_figures()
    days = sorted(rows["day"].unique())
    (folder / "days").mkdir(parents=True)
    for day in days:
        of_day = rows[rows["day"] == day]
        answer = {
            "level_of": dict(zip(of_day["code"], of_day["level"], strict=True)),
            "levels": drawing.draw_levels(rows, day).to_plotly_json(),
            "received": drawing.draw_received(of_day).to_plotly_json(),
            "headline": [f"{n}: {v}" for n, v in drawing.summarise_day(of_day).items()],
            "communes": of_day[drawing.TABLE_COLUMNS].to_numpy().tolist(),
        }
        text = json.dumps(answer, cls=plotly.utils.PlotlyJSONEncoder)
        (folder / "days" / f"{day}.json").write_text(text, encoding="utf-8")
    (folder / "days.json").write_text(json.dumps(days), encoding="utf-8")
    shutil.copy(data / "communes.geojson", folder)
    shutil.copy(PEERS / "static_page.html", folder / "index.html")
    script = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    shutil.copy(script, folder / "plotly.min.js")
    for file in [path for path in folder.rglob("*") if path.is_file()]:
        Path(f"{file}.gz").write_bytes(gzip.compress(file.read_bytes(), 9))


# ---- the four ---------------------------------------------------------------------------------


def describe_dashboard(
    server: Server, states: dict[str, dict[str, Any]], front: Nginx | None = None
) -> Peer:
    """By itself, or with the nginx of deploy/ before it, which keeps what has a version."""
    days = list(states)
    port = front.port if front else server.port

    def wait_for_page(page: Page) -> None:
        page.wait_for_selector("html[data-ready]", state="attached")
        page.evaluate("document.getElementById('charts').scrollIntoView()")
        page.wait_for_selector(".js-plotly-plot .main-svg >> nth=3", state="attached")

    def choose(page: Page, turn: int) -> None:
        day = days[turn]
        page.evaluate(
            """day => {
              const control = document.getElementById("as-of");
              control.value = day;
              for (const name of ["input", "change"])
                control.dispatchEvent(new Event(name, { bubbles: true }));
            }""",
            day,
        )
        page.wait_for_selector(f'html[data-as-of="{day}"]', state="attached")

    async def change_day(line: Line) -> None:
        day = random.choice(days)
        # As a page asks that steps to a day: at the address of its version.
        stamped = {"province": PROVINCE, "as_of": day, "v": states[day]["stamp"]}
        query = urlencode(stamped)
        state = await line.ask(f"/api/state?{query}")
        charts = await line.ask(f"/api/charts?{query}")
        assert (state.status, charts.status) == (200, 200)

    return Peer(
        "… behind its nginx" if front else "This dashboard",
        [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "gunicorn.conf.py")],
        port,
        f"/?province={PROVINCE}",
        wait_for_page,
        choose,
        _view_by_lines(port, change_day),
        {**server.environment, "PORT": str(server.port), "DASHBOARD_PROXIES": "127.0.0.1"},
        front,
    )


def describe_static_page(folder: Path, days: list[str]) -> Peer:
    port = free_port()
    user = "user root;" if os.getuid() == 0 else ""
    settings = _NGINX.format(folder=folder, port=port, user=user)
    (folder / "nginx.conf").write_text(settings, encoding="utf-8")

    def wait_for_page(page: Page) -> None:
        page.wait_for_selector("#received .main-svg >> nth=0", state="attached")

    def choose(page: Page, turn: int) -> None:
        page.select_option("#day", days[turn])
        page.wait_for_selector(f"h2:has-text('{days[turn]}')")

    async def change_day(line: Line) -> None:
        answer = await line.ask(f"/days/{random.choice(days)}.json")
        assert answer.status == 200

    program = find_nginx()
    assert program is not None
    return Peer(
        "Static files (nginx)",
        [program, "-p", str(folder), "-c", str(folder / "nginx.conf")],
        port,
        "/index.html",
        wait_for_page,
        choose,
        _view_by_lines(port, change_day),
    )


def describe_plain_dash(data: Path, days: list[str]) -> Peer:
    port = free_port()
    bind = f"127.0.0.1:{port}"

    def wait_for_page(page: Page) -> None:
        page.wait_for_selector("#received .main-svg >> nth=0", state="attached")
        page.wait_for_selector("#communes td >> nth=3", state="attached")

    def choose(page: Page, turn: int) -> None:
        page.check(f'input[value="{days[turn]}"]')
        page.wait_for_selector(f"h2:has-text('{days[turn]}')")

    outputs = [
        {"id": name, "property": what}
        for name, what in (
            *(("shown", "children"), ("headline", "children"), ("map", "figure")),
            *(("levels", "figure"), ("received", "figure"), ("communes", "data")),
        )
    ]
    names = "...".join(f"{output['id']}.{output['property']}" for output in outputs)

    async def change_day(line: Line) -> None:
        value = {"id": "day", "property": "value", "value": random.choice(days)}
        question = {
            "output": f"..{names}..",
            "outputs": outputs,
            "inputs": [value],
            "changedPropIds": ["day.value"],
            "state": [],
        }
        answer = await line.ask("/_dash-update-component", body=json.dumps(question).encode())
        assert answer.status == 200, answer

    return Peer(
        "Plain Dash",
        [
            *(sys.executable, "-m", "gunicorn", "--workers", "2", "--threads", "4"),
            *("--bind", bind, "tools.peers.dash_page:server"),
        ],
        port,
        "/",
        wait_for_page,
        choose,
        _view_by_lines(port, change_day),
        {"DASHBOARD_PEERS_DATA": str(data)},
    )


def describe_streamlit(data: Path, days: list[str]) -> Peer:
    port = free_port()

    def wait_for_page(page: Page) -> None:
        page.wait_for_selector(".js-plotly-plot .main-svg >> nth=5", state="attached")

    def choose(page: Page, turn: int) -> None:
        # Turns go back by a day each.
        page.locator('[data-testid="stSlider"] input').press("ArrowLeft")
        page.wait_for_selector(f"h2:has-text('{days[turn]}')")

    def view(viewers: int, seconds: float) -> tuple[list[float], float]:
        command = [PEERS_PYTHON, PEERS / "streamlit_viewers.py", port, viewers, seconds]
        done = subprocess.run(
            [str(part) for part in command], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        told = json.loads(done.stdout)
        return told["seconds"], told["elapsed"]

    options = {
        "server.port": port,
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "browser.gatherUsageStats": "false",
        "server.fileWatcherType": "none",
    }
    return Peer(
        "Streamlit",
        [
            *(str(PEERS_PYTHON), "-m", "streamlit", "run", str(PEERS / "streamlit_page.py")),
            *(f"--{name}={value}" for name, value in options.items()),
        ],
        port,
        "/",
        wait_for_page,
        choose,
        view,
        {"DASHBOARD_PEERS_DATA": str(data)},
    )


def _view_by_lines(
    port: int, change_day: Callable[[Line], Any]
) -> Callable[[int, float], tuple[list[float], float]]:
    async def view(viewers: int, span: float) -> tuple[list[float], float]:
        seconds: list[float] = []
        began = time.perf_counter()

        async def live() -> None:
            line = Line(port)
            while time.perf_counter() - began < span:
                asked = time.perf_counter()
                await change_day(line)
                seconds.append(time.perf_counter() - asked)
            line.close()

        await asyncio.gather(*(live() for _ in range(viewers)))
        return seconds, time.perf_counter() - began

    def view_beside(viewers: int, span: float) -> tuple[list[float], float]:
        # Playwright has the loop of this thread.
        with ThreadPoolExecutor(1) as beside:
            return beside.submit(asyncio.run, view(viewers, span)).result()

    return view_beside


# ---- measuring --------------------------------------------------------------------------------


@contextmanager
def run_peer(peer: Peer, folder: Path) -> Iterator[tuple[list[int], float]]:
    """Its processes and the seconds until its page answered; it ends with the block."""
    with open(folder / "peers.log", "ab") as log:
        began = time.perf_counter()
        process = subprocess.Popen(
            peer.command,
            env={**os.environ, **peer.environment},
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
        processes = [process.pid]
        try:
            if peer.front:
                peer.front.start()
                assert peer.front.process
                processes.append(peer.front.process.pid)
            while True:
                try:
                    with urllib.request.urlopen(peer.address, timeout=5):
                        break
                except OSError:
                    if process.poll() is not None or time.perf_counter() - began > 60:
                        raise RuntimeError((folder / "peers.log").read_text("utf-8")) from None
                    time.sleep(0.02)
            yield processes, time.perf_counter() - began
        finally:
            if peer.front:
                peer.front.stop()
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def measure_peer(peer: Peer, browser: Browser, folder: Path, viewers: int, seconds: float) -> Row:
    """All of it, of one of them."""
    row = Row(peer.name)
    with run_peer(peer, folder) as (processes, row.start):
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN")
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        bytes_received = [0]
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        session.on(
            "Network.loadingFinished",
            lambda event: bytes_received.append(int(event["encodedDataLength"])),
        )
        session.on(
            "Network.webSocketFrameReceived",
            lambda event: bytes_received.append(len(event["response"]["payloadData"])),
        )
        page.goto(peer.address, wait_until="commit")
        peer.wait_for_page(page)
        page.wait_for_timeout(1500)
        row.questions = sum(not url.startswith(("data:", "blob:")) for url in asked)
        row.cold_bytes = sum(bytes_received)
        row.idle_memory = sum(map(measure_memory, processes))
        page.evaluate("scrollTo(0, 0)")
        bytes_received.clear()
        changes = []
        for turn in range(DAYS - 2, DAYS - 2 - CHANGES, -1):
            began = time.perf_counter()
            peer.choose(page, turn)
            changes.append(time.perf_counter() - began)
            page.wait_for_timeout(700)
        row.change = statistics.median(changes)
        row.change_bytes = sum(bytes_received) // CHANGES
        context.close()
        peer.view(2, seconds)  # what is made at the first question is not the question
        taken, elapsed = peer.view(viewers, seconds)
        row.per_second = len(taken) / elapsed
        row.slowest = statistics.quantiles(taken, n=20)[-1]
        row.memory = sum(map(measure_memory, processes))
    print(f"measured: {row}", file=sys.stderr, flush=True)
    return row


def print_table(rows: list[Row], viewers: int) -> None:
    """Markdown, as it stands in README."""
    print(
        f"| | start | cold page | change of day | bytes of it | changes/s, {viewers} viewers "
        "| p95 of one | PSS, one page | PSS after |"
    )
    print("|---|" + "---:|" * 8)
    for row in rows:
        cold = f"{row.questions} questions, {row.cold_bytes / 1000:,.0f} kB"
        print(
            f"| {row.name} | {row.start:.1f} s | {cold} | {row.change * 1000:,.0f} ms "
            f"| {row.change_bytes / 1000:,.1f} kB | {row.per_second:,.1f} "
            f"| {row.slowest * 1000:,.0f} ms | {row.idle_memory:,.0f} MB "
            f"| {row.memory:,.0f} MB |"
        )


def main() -> int:
    assert __doc__
    parser = argparse.ArgumentParser(
        prog="python -m tools.bench_peers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--viewers", type=int, default=50)
    parser.add_argument("--store", type=Path, help="folder of a filled store, instead of a new one")
    parser.add_argument("--seconds", type=float, default=20.0, help="that viewers change days")
    given = parser.parse_args()
    if not PEERS_PYTHON.exists() or find_nginx() is None:
        print("`make bench-peers` installs what this needs.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        data = folder / "data"
        pages = folder / "pages"
        data.mkdir()
        store = given.store or folder / "store"
        store.mkdir(exist_ok=True)
        server = Server(folder, environment_in(store), free_port())
        made = server.command("setup")
        if made.returncode:
            raise RuntimeError(made.stderr)
        server.start()
        states = fetch_states(server)
        write_figures(data, server, states)
        server.stop()
        write_static_pages(pages, data)
        days = list(states)
        (folder / "nginx").mkdir()
        peers = (
            describe_dashboard(server, states),
            describe_dashboard(
                server, states, Nginx(folder / "nginx", [server.port], limits=False)
            ),
            describe_static_page(folder, days),
            describe_plain_dash(data, days),
            describe_streamlit(data, days),
        )
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGS)
        rows = [measure_peer(peer, browser, folder, given.viewers, given.seconds) for peer in peers]
        browser.close()
    print_table(rows, given.viewers)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

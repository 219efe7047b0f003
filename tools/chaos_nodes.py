"""Misfortune on several machines: `python -m tools.chaos_nodes --minutes 10`.

Three servers with folders of their own serve one PostgreSQL behind the nginx of deploy/. Round
after round imports, watchers and server processes are killed (-9), a whole server is, the database
and nginx are restarted, all sessions are ended, one server gets other rules, one is of another
build. Forty pages ask nginx with the tags of what they have, and a browser has one open, where
there is one. A page may go without an answer only while database or nginx are away, and none may
show anything by the other rules. At the end all is compared with a quiet twin, as tools/chaos.py
does.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

from dashboard.settings import ROOT
from tools.chaos import (
    TODAY,
    AllowedTime,
    Chaos,
    Tally,
    compare_with_twin,
    make_quiet_twin,
    run_rounds,
)
from tools.load import list_processes
from tools.nginx import Nginx, find_nginx
from tools.postgresql import PostgreSQL, run_postgresql
from tools.running import CHROMIUM_ARGS, Server, chromium_path, environment_in, free_port

NODES = 3
# As pages ask: nginx lets whoever asks for whole reports wait after two a second.
PAUSES = (1.5, 4.5)
ANSWERED = frozenset({200, 304})
# What nginx says where nobody answers it, and nobody where there is no nginx.
AWAY = frozenset({0, 502, 503, 504})
LONGEST_AWAY = 20.0
STATE = "api/state?province=51"
# Begins the name of each of the other rules.
OTHER_RULE = "may-khac"


class ChaosOfNodes(Chaos):
    """Servers behind nginx, two watchers and what befalls them."""

    pauses = PAUSES

    def __init__(self, folder: Path, postgresql: PostgreSQL, url: str, tally: Tally) -> None:
        super().__init__(folder, url, False, tally, postgresql)
        self._database = postgresql
        self._outages = AllowedTime()
        self._killings = AllowedTime()
        self._nodes = [self._make_node(f"node-{number}", url) for number in range(1, NODES + 1)]
        (folder / "nginx").mkdir()
        self._nginx = Nginx(folder / "nginx", [node.port for node in self._nodes])
        self._other_build = self._copy_program(folder / "other-build")
        self._other_rules = self._write_other_rules(folder / "criteria.toml")

    @property
    def address(self) -> str:
        return f"{self._nginx.address}/"

    @property
    def servers(self) -> list[Server]:
        return self._nodes

    def list_misfortunes(self) -> list[Callable[[], None]]:
        return [
            self.kill_imports,
            self.kill_server_processes,
            self.lose_a_node,
            self.restart_the_database,
            self.change_rules_of_a_node,
            self.kill_watchers,
            self.end_all_sessions,
            self.restart_nginx,
            self.change_build_of_a_node,
        ]

    def list_visitors(self) -> list[Callable[[threading.Event], None]]:
        return [*super().list_visitors(), self.watch_in_browser]

    # What happens in a round.

    def kill_server_processes(self) -> None:
        with self._killings.allow():
            super().kill_server_processes()

    def lose_a_node(self) -> None:
        """One server with all its processes, as by a power cut; it comes back."""
        node = self._draw.choice(self._nodes)
        assert node.process is not None
        processes = list_processes(node.process.pid)
        with self._killings.allow():
            for process in processes:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            node.process.wait()
            time.sleep(1)
        node.process = None
        self._import(self.files.make_next())
        time.sleep(self._draw.uniform(0, 5))
        node.start()
        self.tally.done["nodes killed"] += 1

    def restart_the_database(self) -> None:
        """As by a power cut, while a file is imported, which is done again."""
        file = self.files.make_next()
        with self._outages.allow():
            importing = self._start("import", str(file), "--province", "51")
            time.sleep(self._draw.uniform(0.3, 4))
            self._database.stop()
            time.sleep(self._draw.uniform(0, 3))
            self._database.start()
            importing.wait()
            self._wait_for_pages()
        self._import(file)
        self.tally.done["databases restarted"] += 1

    def end_all_sessions(self) -> None:
        """As a failover does; who asks is answered by a new one."""
        with self._outages.allow():
            for _ in range(3):
                self._database.terminate_sessions()
                time.sleep(self._draw.uniform(0.5, 2))
            self._wait_for_pages()
        self._import(self.files.make_next())
        self.tally.done["times all sessions were ended"] += 3

    def restart_nginx(self) -> None:
        """Read anew, which nobody notices, and ended and started."""
        self._nginx.reload()
        time.sleep(2)
        with self._outages.allow():
            self._nginx.stop()
            time.sleep(self._draw.uniform(0, 2))
            self._nginx.start()
            self._wait_for_pages()
        self.tally.done["proxies restarted"] += 1

    def change_rules_of_a_node(self) -> None:
        """One server with other rules says so, and nothing of it is shown."""
        node = self._draw.choice(self._nodes)
        with self._replace(node):
            node.environment["DASHBOARD_CRITERIA"] = str(self._other_rules)
            node.start("health")
            status, said = self._ask(f"{node.address}ready")
            if status != 503 or b"criteria" not in said:
                self.tally.blame(f"/ready of a node with other rules: {status} {said[:200]!r}")
            self._import(self.files.make_next())
            time.sleep(5)
            del node.environment["DASHBOARD_CRITERIA"]
        self.tally.done["nodes with other rules"] += 1

    def change_build_of_a_node(self) -> None:
        """One server of another build: its pages get their styles wherever they ask."""
        node = self._draw.choice(self._nodes)
        with self._replace(node):
            node.root = self._other_build
            node.start()
            self._import(self.files.make_next())
            for _ in range(10):
                self._load_page_with_style()
            node.root = ROOT
        self.tally.done["nodes of another build"] += 1

    # How the world goes on meanwhile.

    def judge_answer(self, page: str, asked_at: float, status: int, body: bytes) -> None:
        """What a page may get: its content, or none while database or nginx are away."""
        if OTHER_RULE.encode() in body.lower():
            self.tally.blame(f"/{page} was answered by other rules")
        if status in ANSWERED or (status in AWAY and self._outages.covers(asked_at)):
            return
        if status == 0 and self._killings.covers(asked_at):
            self.tally.done["answers cut in their middle by a kill"] += 1
            return
        self.tally.blame(f"/{page} answered {status}")

    def watch_in_browser(self, over: threading.Event) -> None:
        """One open page: no error of its scripts, no part that failed, and at last what is so."""
        if (path := chromium_path()) is None:
            self.tally.done["browsers (not tried: none is here)"] += 0
            return
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
            page = browser.new_page()
            page.on("pageerror", lambda error: self.tally.blame(f"the open page: {error}"))
            page.goto(f"{self.address}?province=51", timeout=120_000)
            while not over.is_set():
                page.wait_for_timeout(1_000)
                if "đang lỗi" in page.inner_text("body"):
                    self.tally.blame("a part of the open page failed")
            _, ready = self._ask(f"{self.address}ready")
            token = json.loads(ready)["token"]
            try:
                page.wait_for_selector(f"html[data-token='{token}']", timeout=60_000)
            except Error:
                self.tally.blame("the open page does not show what is so")
            self.tally.done["open pages in a browser"] += 1
            browser.close()

    # Servers, nginx and what is asked of them.

    def start(self) -> None:
        self._expect("setup")
        self._import(self.files.make_next())
        for node in self._nodes:
            node.start()
        self._nginx.start()
        self._serves.set()
        self._watchers = [self._start_watcher() for _ in range(2)]

    def stop(self) -> None:
        self._nginx.stop()
        for node in self._nodes:
            node.stop()
        super().stop()

    def compare_nodes(self) -> None:
        """All show the same, when all is over."""
        shown = {self._ask(f"{node.address}{STATE}") for node in self._nodes}
        if len(shown) > 1 or {status for status, _ in shown} != {200}:
            self.tally.blame(f"nodes show different figures: {[part[0] for part in shown]}")

    def _make_node(self, name: str, url: str) -> Server:
        folder = self._folder / name
        folder.mkdir()
        few = {"DASHBOARD_WORKERS": "2", "DASHBOARD_THREADS": "8", "DASHBOARD_TODAY": TODAY}
        environment = {**environment_in(folder, **few), "DASHBOARD_DATABASE_URL": url}
        return Server(folder, environment, free_port())

    @contextmanager
    def _replace(self, node: Server) -> Iterator[None]:
        """Taken out of service in between, and put back as it was before."""
        node.stop()
        yield
        node.stop()
        node.start()

    def _wait_for_pages(self) -> None:
        deadline = time.monotonic() + LONGEST_AWAY
        while self._ask(f"{self.address}{STATE}")[0] != 200:
            if time.monotonic() > deadline:
                self.tally.blame(f"no page {LONGEST_AWAY:.0f} s after a restart")
                return
            time.sleep(0.2)

    def _load_page_with_style(self) -> None:
        asked_at = time.monotonic()
        status, page = self._ask(f"{self.address}ho-so?province=51")
        self.judge_answer("ho-so", asked_at, status, page)
        _, _, rest = page.decode().partition('href="/bundles/')
        style = rest.partition('"')[0]
        status, _ = self._ask(f"{self.address}bundles/{style}")
        if status != 200:
            self.tally.blame(f"the style of a page of another build answered {status}")

    def _ask(self, address: str) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError:
            return 0, b""

    def _copy_program(self, folder: Path) -> Path:
        for name in ("dashboard", "assets", "data"):
            shutil.copytree(ROOT / name, folder / name)
        for name in ("app.py", "gunicorn.conf.py", "pyproject.toml", "requirements.txt"):
            shutil.copy(ROOT / name, folder)
        style = folder / "dashboard" / "web" / "dossiers" / "page.css"
        style.write_text(style.read_text(encoding="utf-8") + "\n.older { color: inherit; }\n")
        return folder

    def _write_other_rules(self, file: Path) -> Path:
        rules = (ROOT / "data" / "criteria.toml").read_text(encoding="utf-8")
        names = re.compile(r'^(name|short) = "', re.MULTILINE)
        file.write_text(names.sub(rf'\1 = "{OTHER_RULE} ', rules), encoding="utf-8")
        return file


def run_chaos_of_nodes(folder: Path, seconds: float) -> Tally:
    """The whole run in `folder`; what was done and seen."""
    tally = Tally()
    with run_postgresql() as postgresql:
        os.environ["PATH"] = postgresql.extend_path()
        urls = {name: postgresql.create_database(name) for name in ("chaos", "twin")}
        twin = make_quiet_twin(folder, urls["twin"])
        chaos = ChaosOfNodes(folder, postgresql, urls["chaos"], tally)
        try:
            chaos.start()
            run_rounds(chaos, seconds)
            chaos.compare_nodes()
        finally:
            chaos.stop()
        chaos.judge_end()
        compare_with_twin(chaos, twin)
    return tally


def main() -> int:
    """Prints the table; 1 where anything was lost, wrong or without an answer."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--minutes", type=float, default=10.0, help="of misfortune (10)")
    options.add_argument("--keep", type=Path, help="a new folder, kept to look at")
    asked = options.parse_args()
    if find_nginx() is None:
        print("nginx is not here; `make test` fetches it as root on Debian", file=sys.stderr)
        return 1
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="chaos-"))
    folder.mkdir(exist_ok=True)
    try:
        tally = run_chaos_of_nodes(folder, 60 * asked.minutes)
    finally:
        if not asked.keep:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{NODES} nodes, {asked.minutes:g} minutes")
    print(tally.format_table())
    print("\n".join(sorted(set(tally.faults))[:20]))
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())

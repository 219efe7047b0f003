"""Restores while serving: two stores change places again and again under pages that poll.

`python -m tools.restores 100` prints a table, `--store postgresql` of that database. An answer is
wrong where it was asked for after a restore had ended and shows the other store, or half of one.
While PostgreSQL is restored, its readers wait a second and then get 503.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import pandas as pd

from dashboard import store
from dashboard.batch import READING_COLUMNS, Batch
from dashboard.store.audit import Author
from dashboard.store.backup import restore_backup, write_backup
from dashboard.store.write_turn import WriteTurn
from tools.postgresql import run_postgresql
from tools.running import Server, environment_in, free_port

TODAY = "2026-11-22"
PAGES = ("api/state?province=51", "api/report?province=51", "api/wall?province=51", "du-lieu")
# The one commune of which each store tells.
COMMUNES = {"a": "21250", "b": "21025"}
# Asked for each time with the tag of the last answer, as browsers do: 304 shows what was shown.
POLLERS = 8


@dataclass(frozen=True)
class PageAnswer:
    """One answer: when it was asked for and came, its status, which store it shows ("" none)."""

    page: str
    began: float
    ended: float
    status: int
    shows: str


@dataclass
class RestoreTally:
    """What was seen: each restore's begin, end and store; all answers."""

    restores: list[tuple[float, float, str]] = field(default_factory=list)
    answers: list[PageAnswer] = field(default_factory=list)

    def list_wrong(self) -> list[str]:
        """Answers that show a store that was not there between question and answer."""
        wrong = []
        for answer in self.answers:
            before = [name for _, ended, name in self.restores if ended <= answer.began]
            during = [
                name
                for began, ended, name in self.restores
                if began < answer.ended and ended > answer.began
            ]
            if answer.shows and answer.shows not in {*before[-1:], *during}:
                late = answer.began - max(end for _, end, _ in self.restores if end <= answer.began)
                wrong.append(f"{answer.page} shows {answer.shows} {1000 * late:.0f} ms after")
        return wrong

    def list_failed_later(self) -> list[str]:
        """Questions without an answer more than a second away from any restore."""
        return [
            f"{answer.page} got {answer.status}"
            for answer in self.answers
            if answer.status not in (200, 304)
            and not any(
                began < answer.ended and answer.began < ended + 1
                for began, ended, _ in self.restores
            )
        ]

    def format_table(self) -> str:
        statuses = Counter(answer.status for answer in self.answers)
        slowest = max((ended - began for began, ended, _ in self.restores), default=0.0)
        rows = {
            "restores": len(self.restores),
            "answers": len(self.answers),
            **{f"answers with {status}": count for status, count in sorted(statuses.items())},
            "answers of the wrong store": len(self.list_wrong()),
            "no answer 1 s after a restore": len(self.list_failed_later()),
            "slowest restore, ms": round(1000 * slowest),
        }
        return "\n".join(f"{name:<30}{count:>8}" for name, count in rows.items())


def make_backup(url: str, name: str, kept: Path) -> Path:
    """A backup of a store in which one commune told of itself."""
    engine = store.prepare_store(url)
    row = (COMMUNES[name], "network_stable", 0.0, "declared", date(2026, 11, 20))
    readings = pd.DataFrame([row], columns=READING_COLUMNS)
    as_of = datetime(2026, 11, 20, 16)
    batch = Batch(f"{name}.xlsx", name * 64, "readiness", "51", as_of, 1, readings=readings)
    store.save_batch(engine, batch, by="restores")
    write_backup(engine, kept)
    engine.dispose()
    return kept


def find_store_shown(page: str, body: bytes) -> str:
    """Which of the two stores an answer shows."""
    if page == "du-lieu":
        shown = [name for name in COMMUNES if f"{name}.xlsx".encode() in body]
    else:
        content = json.loads(body)
        shown = [
            name for name, commune in COMMUNES.items() if shows_commune(page, content, commune)
        ]
    return shown[0] if len(shown) == 1 else f"{len(shown)} stores"


def shows_commune(page: str, content: dict[str, object], commune: str) -> bool:
    """Whether an answer tells anything of a commune."""
    if page.startswith("api/report"):
        rows = content["communes"]
        assert isinstance(rows, list)
        return any(row["commune_code"] == commune and row["level"] != "unknown" for row in rows)
    codes = content["codes"]
    assert isinstance(codes, list)
    if page.startswith("api/state"):
        levels = content["layers"]["overall"]["levels"]  # type: ignore[index]
    else:
        levels = content["scenes"][0]["levels"]  # type: ignore[index]
    return bool(levels[codes.index(commune)] != "u")


def run_restores(
    folder: Path, count: int, make_url: Callable[[str], str], pause: float = 0.3
) -> RestoreTally:
    """Serve by two processes, poll, restore `count` times; what was seen. `make_url`: the address
    of an empty store by its name.
    """
    backups = {
        name: make_backup(make_url(f"store_{name}"), name, folder / f"{name}.backup")
        for name in COMMUNES
    }
    url = make_url("served")
    environment = {
        **environment_in(folder, DASHBOARD_TODAY=TODAY, DASHBOARD_WORKERS="2"),
        "DASHBOARD_DATABASE_URL": url,
    }
    tally = RestoreTally()

    def restore(name: str) -> None:
        began = time.monotonic()
        aside = folder / f"aside-{len(tally.restores)}"
        restore_backup(url, backups[name], aside, WriteTurn("restores"), Author("restores"))
        tally.restores.append((began, time.monotonic(), name))
        aside.unlink(missing_ok=True)

    restore("a")
    server = Server(folder, environment, free_port())
    server.start()
    over = threading.Event()
    pages = [PAGES[number % len(PAGES)] for number in range(POLLERS)]
    pollers = [
        threading.Thread(target=_poll_page, args=(server.address, page, tally, over))
        for page in pages
    ]
    try:
        for poller in pollers:
            poller.start()
        for number in range(count):
            time.sleep(pause)
            restore("ba"[number % 2])
        time.sleep(1)
    finally:
        over.set()
        for poller in pollers:
            poller.join()
        server.stop()
    return tally


def _poll_page(address: str, page: str, tally: RestoreTally, over: threading.Event) -> None:
    etag = ""
    shown = ""
    while not over.is_set():
        headers = {"If-None-Match": etag} if etag else {}
        began = time.monotonic()
        try:
            question = urllib.request.Request(address + page, headers=headers)
            with urllib.request.urlopen(question, timeout=20) as response:
                status = response.status
                etag = response.headers["ETag"]
                shown = find_store_shown(page, response.read())
        except urllib.error.HTTPError as error:
            status = error.code
        except OSError:
            status = 0
        seen = shown if status in (200, 304) else ""
        tally.answers.append(PageAnswer(page, began, time.monotonic(), status, seen))
        time.sleep(0.02)


def run_restores_on(database: str, folder: Path, count: int) -> RestoreTally:
    """As `run_restores`, on SQLite or on a PostgreSQL server of its own."""
    if database == "sqlite":
        return run_restores(folder, count, lambda name: f"sqlite:///{folder / name}.sqlite")
    with run_postgresql() as server:
        os.environ["PATH"] = server.extend_path()
        return run_restores(folder, count, server.create_database)


def main() -> int:
    """Prints the table; 1 where an answer was wrong, or none came without a restore."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("count", type=int, nargs="?", default=100, help="restores (100)")
    options.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="restores-") as folder:
        tally = run_restores_on(asked.store, Path(folder), asked.count)
    print(tally.format_table())
    faults = [*tally.list_wrong(), *tally.list_failed_later()]
    print("\n".join(faults[:10]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

"""An hour of misfortune in ten minutes, on SQLite or PostgreSQL, with a quiet twin.

    python -m tools.chaos --store postgresql --minutes 10

Forty pages poll a server of two processes, two watchers share a folder, false screens report. Round
after round files are sent while imports, watchers and server processes are killed (-9), writers
stop in the middle of a file, clocks stand wrong or jump under who runs, the disk is full, and
backups are put back. At the end the same files are imported without any of it into another store:
every figure, dossier and batch must be the same, the audit whole, no file lost, no answer a failure
of ours, and no page may have shown what a restore had taken back. As root, stores lie on a small
file system of their own; otherwise the full disk is left out and the table says so.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from dashboard import reference
from dashboard.reference import VIETNAM
from dashboard.settings import ROOT
from tools.clocks import Clock
from tools.disks import fill_disk, mount_small_disk
from tools.load import list_processes
from tools.postgresql import PostgreSQL, run_postgresql
from tools.restores import shows_commune
from tools.running import Server, environment_in, free_port

TODAY = "2026-11-22"
FIRST_FILE_DAY = date(2026, 3, 1)
# As daylight saving, a wrong day and a wrong year do; files of a day that is to come are refused.
JUMPS = [timedelta(hours=-5), timedelta(hours=1), timedelta(days=-2), timedelta(days=400)]
# As an empty battery does.
JUMP_BEFORE_ALL = timedelta(days=-365 * 20)
PAGES = (
    *("", "ho-so", "du-lieu", "to-cong-tac", "man-hinh", "xa/21250"),
    *("api/state?province=51", "api/wall?province=51", "api/report?province=51"),
)
POLLERS = 40
PATIENCE = 60.0  # seconds
# No file but the stray one tells of this commune: what is shown of it was taken back.
STRAY_COMMUNE = "21250"
STRAY_PAGE = "api/state?province=51"
MEASURES = ("network_mbps", "signature_needed", "signature_issued", "computer_available")
DISK_MEGABYTES = 700
STILL_SECONDS = 2
# Longer than that: who has a file open for writing may pause as long as it likes (README).
WRITER_PAUSE = 5
# What gunicorn says of a process that was killed, and a server of rules that it alone has.
EXPECTED_ERRORS = ("was sent SIGKILL", "NOT READY")
EXPORTS = ("report", "readings", "dossiers", "problems")
# What differs between two stores of the same data: when and in which order files came.
_OF_ITS_STORE = {"version", "token", "batch", "batch_id", "imported_at", "build", "imported_by"}


@dataclass
class Tally:
    """What was done and seen; `faults` must stay empty."""

    done: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    slowest: float = 0.0
    faults: list[str] = field(default_factory=list)

    def blame(self, fault: str) -> None:
        self.faults.append(fault)

    def format_table(self) -> str:
        rows = {
            **self.done,
            **{f"answers {status}": count for status, count in sorted(self.answers.items())},
            "slowest answer, ms": round(1000 * self.slowest),
            "faults": len(self.faults),
        }
        return "\n".join(f"{name:<56}{count:>8,}" for name, count in rows.items())


class AllowedTime:
    """When something may be seen that else is a fault: the stray file, a page without an answer.
    From where it is allowed until a moment after.
    """

    def __init__(self) -> None:
        self._ended_at = time.monotonic()
        self._is_open = False
        self._lock = threading.Lock()

    @contextmanager
    def allow(self) -> Iterator[None]:
        with self._lock:
            self._is_open = True
        try:
            yield
        finally:
            with self._lock:
                self._ended_at = time.monotonic()
                self._is_open = False

    def covers(self, asked_at: float) -> bool:
        """Whether a question of this moment, whose answer came now, may have met it."""
        with self._lock:
            return self._is_open or asked_at <= self._ended_at


class Files:
    """The files of a run, each of its own day and with its own dossiers, so that the order in which
    watchers take them does not matter.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()
        self._communes = [
            str(code)
            for code in reference.select_communes_of_province("51").index
            if code != STRAY_COMMUNE
        ]
        self.made: list[Path] = []

    def make_next(self) -> Path:
        """Readings of a day, or, every third time, a list of dossiers received on one."""
        number = len(self.made)
        day = FIRST_FILE_DAY + timedelta(days=number)
        draw = random.Random(number)
        if number % 3 == 2:
            file = self._folder / f"ho_so_{number:04}.csv"
            text = self._write_list(day, draw)
        else:
            file = self._folder / f"so_lieu_{number:04}.csv"
            text = self._write_readings(day, draw)
        file.write_text(text, encoding="utf-8")
        self.made.append(file)
        return file

    def _write_readings(self, day: date, draw: random.Random) -> str:
        lines = [
            f"{code},{measure},{draw.randrange(1, 90)},{day}"
            for code in self._communes
            for measure in MEASURES
        ]
        return "\n".join(["commune_code,measure,value,as_of", *lines]) + "\n"

    def _write_list(self, day: date, draw: random.Random) -> str:
        names = reference.load_communes().loc[self._communes, "name"]
        head = "Mã hồ sơ;Mã TTHC;Đơn vị tiếp nhận;Ngày tiếp nhận;Ngày hẹn trả;Ngày kết thúc xử lý"
        lines = [f"{head};Trạng thái;Hình thức tiếp nhận"]
        for place in range(3_000):
            due, finished = (day + timedelta(days=draw.randrange(1, 15)) for _ in range(2))
            name = names.iloc[draw.randrange(len(names))]
            code = f"H48.{100 + place % 90}-{day:%y%m%d}-{place:04}"
            lines.append(
                f"{code};2.000815;UBND {name};{day:%d/%m/%Y};{due:%d/%m/%Y};"
                f"{finished:%d/%m/%Y};Đã trả kết quả;Trực tuyến"
            )
        return "\n".join(lines) + "\n"

    def make_stray(self, number: int) -> Path:
        """A file that a restore takes back: it alone tells of its commune."""
        file = self._folder / f"lac_{number:04}.csv"
        file.write_text(
            "commune_code,measure,value,as_of\n"
            f"{STRAY_COMMUNE},network_stable,{number % 2},2026-11-20\n"
            f"{STRAY_COMMUNE},network_mbps,{number + 1},2026-11-20\n",
            encoding="utf-8",
        )
        return file


class Chaos:
    """A server, two watchers and what befalls them."""

    pauses = (0.3, 1.2)  # between two questions of a page

    def __init__(
        self,
        folder: Path,
        url: str,
        has_small_disk: bool,
        tally: Tally,
        postgresql: PostgreSQL | None = None,
    ) -> None:
        self.tally = tally
        self._postgresql = postgresql
        self.files = Files(folder / "files")
        self.stray = AllowedTime()
        self._folder = folder
        self._disk = folder / "disk" if has_small_disk else None
        self._inbox = folder / "inbox"
        self._inbox.mkdir()
        ten_o_clock = datetime.fromisoformat(f"{TODAY}T10:00").replace(tzinfo=VIETNAM)
        self.clock = Clock(folder / "clock", ten_o_clock)
        quick = {
            "DASHBOARD_WATCH_STILL": str(STILL_SECONDS),
            "DASHBOARD_WORKERS": "2",
            **self.clock.environment,
        }
        environment = {**environment_in(folder, **quick), "DASHBOARD_DATABASE_URL": url}
        self.server = Server(folder, environment, free_port())
        self._watchers: list[subprocess.Popen[bytes]] = []
        self._dropped: list[Path] = []
        self._strays = 0
        self._serves = threading.Event()
        self._draw = random.Random()

    @property
    def address(self) -> str:
        """Where pages ask."""
        return self.server.address

    @property
    def servers(self) -> list[Server]:
        """Who serves."""
        return [self.server]

    def list_misfortunes(self) -> list[Callable[[], None]]:
        return [
            self.kill_imports,
            self.kill_watchers,
            self.restore_under_pages,
            self.kill_server_processes,
            self.fill_disk,
            self.turn_clocks,
            self.jump_clocks,
        ]

    def list_visitors(self) -> list[Callable[[threading.Event], None]]:
        """Who asks all the while, until the event."""
        pages = [PAGES[number % len(PAGES)] for number in range(POLLERS)]
        return [*(partial(self.poll_page, page) for page in pages), self.send_false_heartbeats]

    # What happens in a round.

    def kill_imports(self) -> None:
        """Each import is killed at any moment, then done again."""
        for _ in range(3):
            file = self.files.make_next()
            importing = self._start("import", str(file), "--province", "51")
            time.sleep(self._draw.uniform(0.3, 4))
            importing.kill()
            importing.wait()
            self.tally.done["imports killed"] += 1
            self._import(file)

    def kill_watchers(self) -> None:
        """Files fall into the folder, some slowly, while the watchers are killed and come back."""
        for number in range(4):
            file = self.files.make_next()
            self._drop(file, pause=WRITER_PAUSE if number % 2 else 0)
            time.sleep(self._draw.uniform(0, 2))
            victim = self._draw.randrange(len(self._watchers))
            self._watchers[victim].kill()
            self._watchers[victim].wait()
            self.tally.done["watchers killed"] += 1
            self._watchers[victim] = self._start_watcher()
        self._wait_for_inbox()

    def kill_server_processes(self) -> None:
        """Workers are killed; the server starts others by itself."""
        for _ in range(2):
            process = self._draw.choice(self.servers).process
            assert process is not None
            workers = list_processes(process.pid)[1:]
            if workers:
                with suppress(ProcessLookupError):
                    os.kill(self._draw.choice(workers), signal.SIGKILL)
                self.tally.done["server processes killed"] += 1
            time.sleep(1)

    def restore_under_pages(self) -> None:
        """A backup, a stray file, the backup again: nothing of the stray file is left."""
        self._strays += 1
        kept = self._folder / f"kept-{self._strays}"
        self._expect("backup", str(kept))
        with self.stray.allow():
            self._import(self.files.make_stray(self._strays))
            time.sleep(self._draw.uniform(0, 2))
            if self._draw.random() < 0.5:
                restoring = self._start("restore", str(kept))
                time.sleep(self._draw.uniform(0.3, 3))
                restoring.kill()
                restoring.wait()
                self.tally.done["restores killed"] += 1
            self._expect("restore", str(kept))
        self.tally.done["restores under polling pages"] += 1
        for left in self._folder.rglob("*truoc-phuc-hoi*"):
            left.unlink()
        kept.unlink()

    def turn_clocks(self) -> None:
        """A file of the future is refused and nothing written; a server whose clock stands before
        all figures answers; both go on when the clock is right.
        """
        file = self.files.make_next()
        wrong = {"DASHBOARD_TODAY": "2000-01-01"}
        finished = self._start("import", str(file), "--province", "51", **wrong)
        if finished.wait() == 0:
            self.tally.blame("an import whose clock stands in 2000 took a file of 2026")
        self._import(file)
        self._serves.clear()
        self.server.stop()
        self.server.environment |= wrong
        self.server.start()
        for page in PAGES:
            self._ask_page(page)
        self.server.stop()
        del self.server.environment["DASHBOARD_TODAY"]
        self.server.start()
        self._serves.set()
        self.tally.done["clocks that stood wrong"] += 2

    def jump_clocks(self) -> None:
        """Under who serves and watches the clock goes on and back: no process ends, files are taken
        meanwhile, and when it is right again all is shown as before.
        """
        processes = self._list_server_processes()
        shown = self._read_shown()
        jumps = [*self._draw.sample(JUMPS, len(JUMPS)), JUMP_BEFORE_ALL]
        for ahead in jumps:
            self.clock.jump(ahead)
            for page in PAGES:
                self._ask_page(page)
        if self._read_shown() == shown:
            self.tally.blame("the server's clock did not jump")
        self.clock.jump(timedelta())
        for page, content in self._read_shown().items():
            if content != shown[page]:
                difference = describe_difference(shown[page], content)
                self.tally.blame(f"/{page} after the clock jumped and was set right: {difference}")
        for ahead in self._draw.sample(JUMPS, len(JUMPS)):
            self.clock.jump(ahead)
            self._drop(self.files.make_next())
            self._import(self.files.make_next())
        self._wait_for_inbox()
        self.clock.jump(timedelta())
        if self._list_server_processes() != processes:
            self.tally.blame("a server process did not outlive a jump of its clock")
        self.tally.done["clocks that jumped under a server"] += len(jumps) + len(JUMPS) + 2

    def _list_server_processes(self) -> list[int]:
        assert self.server.process is not None
        return sorted(list_processes(self.server.process.pid))

    def _read_shown(self) -> dict[str, Any]:
        """What pages show at this moment, without what an answer was asked for before."""
        shown = {}
        for page in PAGES:
            if page.startswith("api/"):
                with urllib.request.urlopen(self.server.address + page, timeout=30) as answer:
                    shown[page] = strip_of_store(json.load(answer))
        return shown

    def fill_disk(self) -> None:
        """Imports, backups and watched files meet a full disk; all are done when there is room."""
        if self._disk is None:
            self.tally.done["full disks (not tried: needs root)"] += 0
            return
        by_command = self.files.make_next()
        by_folder = self.files.make_next()
        with fill_disk(self._disk):
            for arguments in (
                ("import", str(by_command), "--province", "51"),
                ("backup", str(self._disk / "no-room")),
            ):
                finished = self._run(*arguments)
                self._judge_refusal(arguments[0], finished)
            self._drop(by_folder)
            time.sleep(6)
        self.tally.done["full disks"] += 1
        if self._postgresql:
            # without room for its log it ends itself, and on a full disk no start succeeds
            self._postgresql.start_if_dead()
        self._import(by_command)
        self._wait_for_inbox()

    # How the world goes on meanwhile.

    def poll_page(self, page: str, over: threading.Event) -> None:
        etag = ""
        while not over.wait(random.uniform(*self.pauses)):
            if self._serves.is_set():
                etag = self._ask_page(page, etag)

    def send_false_heartbeats(self, over: threading.Event) -> None:
        """Names by the hundred, telephone numbers, markup, what is no JSON at all."""
        draw = random.Random(1)
        while not over.wait(0.05):
            name = draw.choice(
                ["Phòng họp 2", "0912345678", "<script>alert(1)</script>", "x" * 900]
            )
            said = {"name": f"{name}{draw.randrange(999)}", "version": 1, "errors": 0, "fresh": 1}
            body = draw.choice([json.dumps(said).encode(), b"{" * 500, b"\xff\x00", b"[]"])
            with suppress(OSError, http.client.HTTPException):
                request = urllib.request.Request(f"{self.address}api/screens", data=body)
                urllib.request.urlopen(request, timeout=10).read()
            self.tally.done["false heartbeats"] += 1

    def judge_answer(self, page: str, asked_at: float, status: int, body: bytes) -> None:
        """What a page may get while its server is stopped and killed."""
        if status not in (200, 304, 503, 0):
            self.tally.blame(f"/{page} answered {status}")

    def _ask_page(self, page: str, etag: str = "") -> str:
        began = time.monotonic()
        headers = {"If-None-Match": etag} if etag else {}
        question = urllib.request.Request(self.address + page, headers=headers)
        try:
            with urllib.request.urlopen(question, timeout=PATIENCE) as answer:
                status = answer.status
                body = answer.read()
                etag = answer.headers["ETag"] or ""
        except urllib.error.HTTPError as error:
            status = error.code
            body = error.read()
        except (OSError, http.client.HTTPException):  # a server killed in the middle of its answer
            status = 0
            body = b""
        self.tally.answers[status] += 1
        self.tally.slowest = max(self.tally.slowest, time.monotonic() - began)
        self.judge_answer(page, began, status, body)
        is_looked_at = page == STRAY_PAGE and status == 200 and not self.stray.covers(began)
        if is_looked_at and shows_commune(page, json.loads(body), STRAY_COMMUNE):
            self.tally.blame(f"/{page} shows what a restore took back")
        return etag

    # Commands and watchers.

    def start(self) -> None:
        self._expect("setup")
        # Simulated figures, which tell of every commune, step aside for the first file.
        self._import(self.files.make_next())
        self.server.start()
        self._serves.set()
        self._watchers = [self._start_watcher() for _ in range(2)]

    def stop(self) -> None:
        for watcher in self._watchers:
            watcher.terminate()
            watcher.wait()
        self.server.stop()

    def judge_end(self) -> None:
        """Store and folder after all: sound, whole, nothing left behind."""
        self._expect("check")
        self._expect("audit", "verify")
        done = {path.name for path in (self._inbox / "done").glob("*.csv")}
        if len(done) < len(self._dropped):
            self.tally.blame(f"{len(self._dropped)} files fell, {len(done)} are in done/")
        refused = [path.name for path in (self._inbox / "refused").glob("*.csv")]
        if refused:
            self.tally.blame(f"refused: {refused}")
        log = "".join(server.log() for server in self.servers)
        for line in log.splitlines():
            is_ours = " ERROR " in line and not any(words in line for words in EXPECTED_ERRORS)
            if is_ours or "Traceback" in line:
                self.tally.blame(f"the server's log: {line[:300]}")

    def _start_watcher(self) -> subprocess.Popen[bytes]:
        return self._start("watch", str(self._inbox), "--province", "51", "--every", "0.5")

    def _start(self, *arguments: str, **more: str) -> subprocess.Popen[bytes]:
        with open(self._folder / "commands.log", "ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dashboard", *arguments],
                env={**os.environ, **self.server.environment, **more},
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        finished = self.server.command(*arguments)
        if "Traceback" in finished.stderr:
            self.tally.blame(f"{arguments[0]} told a traceback: {finished.stderr[-300:]}")
        return finished

    def _expect(self, *arguments: str) -> None:
        finished = self._run(*arguments)
        if finished.returncode:
            self.tally.blame(f"{' '.join(arguments)}: {finished.stdout[-300:]}{finished.stderr}")

    def _import(self, file: Path) -> None:
        self._expect("import", str(file), "--province", "51")
        self.tally.done["files imported by command"] += 1

    def _judge_refusal(self, what: str, finished: subprocess.CompletedProcess[str]) -> None:
        lines = finished.stderr.strip().splitlines()
        if finished.returncode == 0:
            self.tally.done[f"{what} that a full disk did not hinder"] += 1
        elif not lines or len(lines) > 3:
            self.tally.blame(f"{what} on a full disk told: {finished.stderr[-300:]}")

    def _drop(self, file: Path, pause: float = 0) -> None:
        content = file.read_bytes()
        with open(self._inbox / file.name, "wb") as target:
            target.write(content[: len(content) // 2])
            target.flush()
            time.sleep(pause)
            target.write(content[len(content) // 2 :])
        self._dropped.append(file)
        self.tally.done["slow writers" if pause else "files dropped into the folder"] += 1

    def _wait_for_inbox(self, seconds: float = 120) -> None:
        deadline = time.monotonic() + seconds
        while [path for path in self._inbox.iterdir() if path.is_file()]:
            if time.monotonic() > deadline:
                left = [path.name for path in self._inbox.iterdir() if path.is_file()]
                self.tally.blame(f"not taken after {seconds:.0f} s: {left}")
                return
            time.sleep(0.2)
        while not all((self._inbox / "done" / file.name).exists() for file in self._dropped):
            if time.monotonic() > deadline:
                return
            time.sleep(0.2)


def strip_of_store(value: Any) -> Any:
    """An answer without what names the store and not the data."""
    if isinstance(value, dict):
        return {
            key: strip_of_store(part) for key, part in value.items() if key not in _OF_ITS_STORE
        }
    if isinstance(value, list):
        return [strip_of_store(part) for part in value]
    return value


def sort_rows(value: Any) -> Any:
    """Rows in an order of their own: batches came in another one."""
    if isinstance(value, dict):
        return {key: sort_rows(part) for key, part in value.items()}
    if isinstance(value, list):
        return sorted(map(sort_rows, value), key=lambda part: json.dumps(part, sort_keys=True))
    return value


def list_differences(chaos: Server, twin: Server, days: list[date]) -> Iterator[str]:
    """Where the two stores tell something else."""
    for what in EXPORTS:
        for day in days if what == "report" else days[-1:]:
            command = ["export", what, "--province", "51", "--as-of", str(day), "--format", "json"]
            answers = [server.command(*command) for server in (chaos, twin)]
            if any(answer.returncode for answer in answers):
                yield f"{what} of {day}: {answers[0].stderr}{answers[1].stderr}"
                continue
            first, second = (
                sort_rows(strip_of_store(json.loads(answer.stdout))) for answer in answers
            )
            if first != second:
                yield f"{what} of {day} differs: {describe_difference(first, second)}"
    command = ["export", "batches", "--province", "51", "--format", "json"]
    answers = [server.command(*command) for server in (chaos, twin)]
    if any(answer.returncode for answer in answers):
        yield f"batches: {answers[0].stderr}{answers[1].stderr}"
        return
    chaos_names, twin_names = (
        Counter(row["file_name"] for row in json.loads(answer.stdout) if not row.get("undone_at"))
        for answer in answers
    )
    if chaos_names != twin_names:
        more = chaos_names - twin_names
        less = twin_names - chaos_names
        yield f"batches differ: {more} more, {less} less"


def describe_difference(first: Any, second: Any, where: str = "") -> str:
    """The first place where two answers part."""
    if isinstance(first, dict) and isinstance(second, dict) and first.keys() == second.keys():
        for key, part in first.items():
            if part != second[key]:
                return describe_difference(part, second[key], f"{where}.{key}")
    if isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        for number, pair in enumerate(zip(first, second, strict=True)):
            if pair[0] != pair[1]:
                return describe_difference(*pair, f"{where}[{number}]")
    return f"{where}: {str(first)[:120]} / {str(second)[:120]}"


def run_rounds(chaos: Chaos, seconds: float) -> None:
    """Every misfortune at least once, then in any order until the time is over."""
    misfortunes = chaos.list_misfortunes()
    over = threading.Event()
    threads = [threading.Thread(target=visit, args=(over,)) for visit in chaos.list_visitors()]
    for thread in threads:
        thread.start()
    try:
        began = time.monotonic()
        number = 0
        while number < len(misfortunes) or time.monotonic() - began < seconds:
            if number and number % len(misfortunes) == 0:
                random.shuffle(misfortunes)
            misfortune = misfortunes[number % len(misfortunes)]
            misfortune()
            chaos.tally.done["misfortunes"] += 1
            number += 1
    finally:
        over.set()
        for thread in threads:
            thread.join()


def compare_with_twin(chaos: Chaos, twin: Server) -> None:
    """The same files once more, one after the other, in peace."""
    twin.command("setup")
    for file in chaos.files.made:
        imported = twin.command("import", str(file), "--province", "51")
        if imported.returncode:
            chaos.tally.blame(f"the twin's import of {file.name}: {imported.stderr}")
    chaos.tally.done["files compared with the quiet twin"] = len(chaos.files.made)
    last = FIRST_FILE_DAY + timedelta(days=len(chaos.files.made))
    days = [FIRST_FILE_DAY + timedelta(days=5), last, date.fromisoformat(TODAY)]
    for difference in list_differences(chaos.server, twin, days):
        chaos.tally.blame(difference)


def make_quiet_twin(folder: Path, database_url: str) -> Server:
    """The server that the same files reach while nothing is broken."""
    quiet = folder / "twin"
    quiet.mkdir()
    environment = environment_in(quiet, DASHBOARD_TODAY=TODAY)
    return Server(quiet, {**environment, "DASHBOARD_DATABASE_URL": database_url}, free_port())


def run_chaos(database: str, folder: Path, seconds: float) -> Tally:
    """The whole run in `folder`; what was done and seen."""
    tally = Tally()
    disk = folder / "disk"
    disk.mkdir()
    with ExitStack() as stack:
        has_small_disk = stack.enter_context(mount_small_disk(disk, DISK_MEGABYTES))
        urls = {name: f"sqlite:///{disk / name}.sqlite" for name in ("chaos", "twin")}
        postgresql = None
        if database == "postgresql":
            postgresql = stack.enter_context(run_postgresql(disk))
            os.environ["PATH"] = postgresql.extend_path()
            urls = {name: postgresql.create_database(name) for name in urls}
        twin = make_quiet_twin(folder, urls["twin"])
        chaos = Chaos(folder, urls["chaos"], has_small_disk, tally, postgresql)
        try:
            chaos.start()
            run_rounds(chaos, seconds)
        finally:
            chaos.stop()
        chaos.judge_end()
        compare_with_twin(chaos, twin)
    return tally


def main() -> int:
    """Prints the table; 1 where anything was lost, wrong or between."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    options.add_argument("--minutes", type=float, default=10.0, help="of misfortune (10)")
    options.add_argument("--keep", type=Path, help="a new folder, kept to look at")
    asked = options.parse_args()
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="chaos-"))
    folder.mkdir(exist_ok=True)
    try:
        tally = run_chaos(asked.store, folder, 60 * asked.minutes)
    finally:
        if not asked.keep:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{asked.store}, {asked.minutes:g} minutes")
    print(tally.format_table())
    print("\n".join(sorted(set(tally.faults))[:20]))
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())

"""What signing in and sending files through the page cost, beside what they are measured against.

Looking at pages where there are accounts stands beside the same without any: seconds of the
server's processors, taken in turns. A list of dossiers goes through the page, from the form to the
import that was confirmed, and by the command, dry run and import, each into a store of its own.
Memory is that of the server's processes while the file comes in, and of the step that reads it.
"""

from __future__ import annotations

import argparse
import http.client
import http.cookiejar
import re
import statistics
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from dashboard import store
from dashboard.accounts import passwords
from dashboard.accounts.roles import Account, Role
from dashboard.store import accounts, audit, uploads
from dashboard.store.audit import Author
from dashboard.store.uploads import UploadState
from tools.bench_sources import make_list
from tools.load import list_processes, measure_processor
from tools.postgresql import run_postgresql
from tools.running import Server, environment_in, free_port

TODAY = "2026-11-22"
PASSWORD = "ba con gà trống gáy"
MOST_FOR_ACCOUNTS = 1.05
LEAST_HASHING = 0.15
MOST_FOR_THE_PAGE = 1.3
# The server passes a file on chunk by chunk: what it keeps of a list of 30 MB is far less.
MOST_MEMORY = 25.0
PAGES = ("/ho-so?province=51", "/to-cong-tac?province=51", "/api/state?province=51")
_ROUNDS = 9
_ASKED = 60
_LONGEST_STEP = 900.0


class Browser:
    """Somebody's browser: cookies and the forms of pages."""

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)

    def look(self, path: str) -> str:
        with self._opener.open(self._address + path, timeout=60) as answer:
            return str(answer.read().decode())

    def send_form(self, path: str, form_at: str, fields: dict[str, str], file: Path | None) -> str:
        """Send the form of a page; the address that it leads to."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.look(form_at))
        assert token is not None
        fields = {"csrf_token": token[1], **fields}
        headers = {"Origin": self._address}
        if file is None:
            body = urllib.parse.urlencode(fields).encode()
        else:
            boundary = uuid.uuid4().hex
            headers["Content-Type"] = f"multipart/form-data; boundary={boundary}"
            body = _write_multipart(fields, file, boundary)
        request = urllib.request.Request(self._address + path, data=body, headers=headers)
        with self._opener.open(request, timeout=300) as answer:
            return urllib.parse.urlsplit(answer.geturl()).path


def _write_multipart(fields: dict[str, str], file: Path, boundary: str) -> bytes:
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{file.name}"'
    parts += [f"{head}\r\n\r\n".encode(), file.read_bytes(), f"\r\n--{boundary}--\r\n".encode()]
    return b"".join(parts)


class Bench:
    """Prints figures; counts those over their target."""

    def __init__(self) -> None:
        self.missed: list[str] = []

    def line(self, what: str, value: float, unit: str, goal: str, is_reached: bool) -> None:
        verdict = "ok" if is_reached else "MISSED"
        if not is_reached:
            self.missed.append(what)
        print(f"{what:<58}{value:>12,.2f} {unit:<6}{goal:>14}  {verdict}", flush=True)

    def beside(self, what: str, value: float, unit: str) -> None:
        print(f"{what:<58}{value:>12,.2f} {unit}", flush=True)


def make_server(folder: Path) -> Server:
    """A server of one process on a store of its own with the sample data."""
    folder.mkdir()
    server = Server(
        folder,
        environment_in(folder, DASHBOARD_TODAY=TODAY, DASHBOARD_WORKERS="1"),
        free_port(),
    )
    prepared = server.command("setup")
    if prepared.returncode:
        raise SystemExit(prepared.stderr or prepared.stdout)
    return server


def add_clerk(server: Server) -> None:
    engine = store.open_store(server.settings.database_url)
    clerk = Account(0, "can.bo", "Sở Nội vụ", Role.CLERK, frozenset({"51"}))
    hashed = passwords.hash_password(PASSWORD)
    accounts.create_account(engine, clerk, hashed, Author("bench"))
    engine.dispose()


def sign_in(server: Server) -> Browser:
    browser = Browser(server.address)
    browser.send_form("/dang-nhap", "/dang-nhap", {"name": "can.bo", "password": PASSWORD}, None)
    return browser


def ask_pages(server: Server) -> float:
    """Seconds of the server's processors for a number of looks, as one connection asks them."""
    assert server.process is not None
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    before = measure_processor(server.process.pid)
    for number in range(_ASKED * len(PAGES)):
        connection.request("GET", PAGES[number % len(PAGES)], headers={"Accept-Encoding": "br"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
    connection.close()
    return measure_processor(server.process.pid) - before


def measure_looking(bench: Bench, plain: Server, peopled: Server) -> None:
    """Pages without accounts and with them, in turns."""
    for server in (plain, peopled):
        ask_pages(server)
    taken = [(ask_pages(plain), ask_pages(peopled)) for _ in range(_ROUNDS)]
    without, having = (statistics.median(column) for column in zip(*taken, strict=True))
    count = _ASKED * len(PAGES)
    bench.beside("a page, nobody has an account, processor", 1000 * without / count, "ms")
    bench.beside("a page where there are accounts, processor", 1000 * having / count, "ms")
    # Of what was measured side by side: a busy machine disturbs both alike.
    ratio = statistics.median(second / first for first, second in taken)
    bench.line(
        "accounts switched on, times without", ratio, "", "≤ 1.05", ratio <= MOST_FOR_ACCOUNTS
    )


def measure_signing_in(bench: Bench) -> None:
    hashed = passwords.hash_password(PASSWORD)
    taken = []
    for _ in range(5):
        began = time.process_time()
        passwords.verify_password(hashed, PASSWORD)
        taken.append(time.process_time() - began)
    seconds = statistics.median(taken)
    bench.line("a password, hashing (processor)", seconds, "s", "≥ 0.15", seconds >= LEAST_HASHING)


class Memory:
    """The most that the server's own processes and its step took (MB), looked at often."""

    def __init__(self, process: int) -> None:
        self._process = process
        self.server = 0.0
        self.step = 0.0

    def look(self) -> None:
        server = 0.0
        for member in list_processes(self._process):
            try:
                command = Path(f"/proc/{member}/cmdline").read_bytes()
                status = Path(f"/proc/{member}/status").read_text()
            except OSError:
                continue
            found = re.search(r"VmRSS:\s+(\d+)", status)
            megabytes = int(found[1]) / 1024 if found else 0.0
            if b"\0upload\0" in command:
                self.step = max(self.step, megabytes)
            else:
                server += megabytes
        self.server = max(self.server, server)

    @contextmanager
    def watching(self) -> Iterator[None]:
        over = threading.Event()

        def watch() -> None:
            while not over.wait(0.1):
                self.look()

        thread = threading.Thread(target=watch)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def wait_for_state(engine: Engine, state: UploadState) -> None:
    deadline = time.monotonic() + _LONGEST_STEP
    while time.monotonic() < deadline:
        [upload] = uploads.list_uploads(engine, "can.bo", 1)
        if upload.state is state:
            return
        if upload.state is UploadState.REFUSED:
            raise SystemExit(f"refused: {upload.result}")
        time.sleep(0.1)
    raise SystemExit(f"the upload never became {state}")


def send_through_page(server: Server, file: Path, memory: Memory) -> tuple[float, float]:
    """Seconds from the form to the dry run, and from the confirmation to the end."""
    engine = store.open_store(server.settings.database_url)
    clerk = sign_in(server)
    with memory.watching():
        began = time.perf_counter()
        page = clerk.send_form("/du-lieu/nap-tep", "/du-lieu/nap-tep", {"province": "51"}, file)
        wait_for_state(engine, UploadState.READY)
        read = time.perf_counter() - began
        fields = dict(re.findall(r'name="(sha256|token)" value="([^"]*)"', clerk.look(page)))
        began = time.perf_counter()
        clerk.send_form(f"{page}/nap", page, fields, None)
        wait_for_state(engine, UploadState.DONE)
        stored = time.perf_counter() - began
    engine.dispose()
    return read, stored


def send_by_command(server: Server, file: Path) -> tuple[float, float]:
    """Seconds of the dry run and of the import."""
    taken = []
    for more in (["--dry-run"], []):
        began = time.perf_counter()
        done = server.command("import", str(file), "--province", "51", *more)
        if done.returncode:
            raise SystemExit(done.stderr)
        taken.append(time.perf_counter() - began)
    return taken[0], taken[1]


def measure_sending(bench: Bench, plain: Server, peopled: Server, file: Path) -> None:
    """The list through the page, and by the command."""
    assert peopled.process is not None
    memory = Memory(peopled.process.pid)
    memory.look()
    idle = memory.server
    read, stored = send_through_page(peopled, file, memory)
    command_read, command_stored = send_by_command(plain, file)
    bench.beside("the list by the command: dry run", command_read, "s")
    bench.beside("the list by the command: import", command_stored, "s")
    bench.beside("the list through the page: sent and read", read, "s")
    bench.beside("the list through the page: confirmed to done", stored, "s")
    ratios = {
        "confirmed to done, times the command's import": stored / command_stored,
        "all through the page, times the command's both": (read + stored)
        / (command_read + command_stored),
    }
    for what, ratio in ratios.items():
        bench.line(what, ratio, "", f"≤ {MOST_FOR_THE_PAGE}", ratio <= MOST_FOR_THE_PAGE)
    grown = memory.server - idle
    bench.beside("the file itself", file.stat().st_size / 1e6, "MB")
    bench.line("the server's memory grew by", grown, "MB", "≤ 25", grown <= MOST_MEMORY)
    bench.beside("the step that reads it, at its peak", memory.step, "MB")


def measure_audit(bench: Bench, folder: Path) -> None:
    """A thousand lines of twenty who write at once, on both databases: one chain."""
    with run_postgresql() as postgresql:
        urls = [f"sqlite:///{folder / 'audit.sqlite'}", postgresql.create_database("audit")]
        for url in urls:
            engine = store.prepare_store(url)

            def write(_number: int, engine: Engine = engine) -> None:
                with engine.begin() as connection:
                    audit.append_audit_line(
                        connection, Author("bench"), audit.AuditLine("test", "x")
                    )

            began = time.perf_counter()
            with ThreadPoolExecutor(20) as pool:
                list(pool.map(write, range(1000)))
            seconds = time.perf_counter() - began
            chain = audit.verify_audit(engine)
            is_whole = chain.intact and chain.lines == 1000
            what = f"audit of 1,000 writes by 20 at once, {engine.dialect.name}"
            bench.line(what, seconds, "s", "chain whole", is_whole)
            engine.dispose()


def main() -> int:
    """Prints all figures; 1 where a target was missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=200_000, help="dossiers of the list (200000)")
    asked = options.parse_args()
    bench = Bench()
    measure_signing_in(bench)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        measure_audit(bench, folder)
        plain = make_server(folder / "plain")
        peopled = make_server(folder / "peopled")
        add_clerk(peopled)
        file = folder / "danh_sach.csv"
        make_list(file, asked.rows)
        for server in (plain, peopled):
            server.start()
        try:
            measure_looking(bench, plain, peopled)
            measure_sending(bench, plain, peopled, file)
        finally:
            for server in (plain, peopled):
                server.stop()
    print(f"Missed: {', '.join(bench.missed)}" if bench.missed else "All targets reached.")
    return 1 if bench.missed else 0


if __name__ == "__main__":
    sys.exit(main())

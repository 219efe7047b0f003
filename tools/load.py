"""What many open pages cost: `python -m tools.load` opens 50, 200, 500 and 1,000 of them
(tools/load_pages.py) on a server of its own, imports files meanwhile, and prints one table.

    python -m tools.load --pages 200 500 --seconds 60 --imports 2

Each page asks as a browser does: on a connection that it keeps, with the tag of what it has, after
a pause that is drawn anew each time; it gives up after 8 s and asks less often while it gets no
answer. Nine in ten are `/`, which asks for its charts after every new state; the others are wall
screens. They show three provinces in turn. Files are imported by the command line, evenly over the
time, and the table tells how long until every page showed each of them.

The server starts anew for each number of pages, so that memory can be compared (PSS of all its
processes: what they share is counted once). The pages run in this process on the same machine and
take their share of it: `own` is what they took of one processor, and where it nears 100 %, times
tell of them and not of the server. Give up other work on the machine while it runs.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path

from dashboard import store
from tools.bench_sources import make_list
from tools.load_pages import Measured, OpenPage
from tools.running import Server, environment_in, free_port

# Of the sample's provinces, with a commune of each that the imported files speak of.
PROVINCES = {"51": "21250", "52": "21553", "25": "07918"}
# Of the list of single dossiers (`--dossiers`).
LARGEST_PROVINCE = "25"
DOSSIER_DAYS = 60
# How long after the last import pages have to show it before the rest is given up.
LONGEST_WAIT = 60.0
_LOOK_SECONDS = 0.02


def list_processes(process: int) -> list[int]:
    """A process and all that it started."""
    children: list[str] = []
    for thread in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):  # one that just ended
            children += thread.read_text().split()
    return [process, *(found for child in children for found in list_processes(int(child)))]


def measure_memory(process: int) -> float:
    """MB of a process and all that it started; what they share is counted once (PSS)."""
    kilobytes = 0
    for member in list_processes(process):
        with suppress(FileNotFoundError, ProcessLookupError):  # a worker that was just replaced
            for line in Path(f"/proc/{member}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    kilobytes += int(line.split()[1])
    return kilobytes / 1024


def measure_processor(process: int) -> float:
    """Seconds of processor that a process and all that it started took until now, also those that
    ended.
    """
    ticks = 0
    for member in list_processes(process):
        with suppress(FileNotFoundError, ProcessLookupError):
            # Behind the name, which may hold anything: state, …, then utime and stime, and those
            # of children that ended.
            fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Run:
    """One row of the table."""

    pages: int
    measured: Measured
    opened_after: float  # seconds until every page showed something; they begin within one pause
    shown_after: list[float]  # of each import, until every page showed it; inf: not all did
    processor: float  # seconds of all server processes
    own_share: float  # of one processor, that the pages themselves took
    idle_memory: float
    memory: float


class Imports:
    """Sample files on their way into the store, by the command line."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._engine = store.open_store(server.settings.database_url)
        self._turns = cycle(PROVINCES.items())

    def fetch_version(self) -> int:
        return store.fetch_data_version(self._engine).number

    async def import_next(self) -> tuple[int, float]:
        """The version that the file made, and the moment of its commit."""
        province, commune = next(self._turns)
        before = self.fetch_version()
        file = self._server.folder / f"load-{before}-{province}.csv"
        day = self._server.settings.today().isoformat()
        value = 1 + before % 99
        file.write_text(
            f"commune_code,measure,value,as_of\n{commune},network_mbps,{value},{day}\n",
            encoding="utf-8",
        )
        running = asyncio.create_task(asyncio.to_thread(self._server.command, "import", str(file)))
        while (version := self.fetch_version()) == before and not running.done():
            await asyncio.sleep(_LOOK_SECONDS)
        committed = time.perf_counter()
        ended = await running
        if ended.returncode:
            raise RuntimeError(f"the import failed:\n{ended.stderr}")
        return version, committed

    def close(self) -> None:
        self._engine.dispose()


async def open_pages(server: Server, count: int, seconds: float, imports: int) -> Run:
    """So many pages, so many imports evenly over the time; the server is running and rested."""
    assert server.process is not None
    process = server.process.pid
    poll_seconds = server.settings.poll_seconds
    idle_memory = measure_memory(process)
    measured = Measured()
    pages = [
        OpenPage(
            server.port,
            number,
            [*PROVINCES][number % len(PROVINCES)],
            poll_seconds,
            measured,
        )
        for number in range(count)
    ]
    tasks = [asyncio.create_task(page.live()) for page in pages]
    files = Imports(server)
    try:
        opening = time.perf_counter()
        opened_after = await _wait_until_shown(pages, files.fetch_version()) - opening
        # What follows is asked by pages that are open; how they opened is another matter.
        for series in (measured.polls, measured.states, measured.charts, measured.errors):
            series.clear()
        began = time.perf_counter()
        own_began = time.process_time()
        processor_before = measure_processor(process)
        shown_after = []
        for number in range(imports):
            due = began + seconds * (number + 0.5) / imports
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            version, committed = await files.import_next()
            shown_after.append(await _wait_until_shown(pages, version) - committed)
        await asyncio.sleep(max(0.0, began + seconds - time.perf_counter()))
        passed = time.perf_counter() - began
        return Run(
            pages=count,
            measured=measured,
            opened_after=opened_after,
            shown_after=shown_after,
            processor=measure_processor(process) - processor_before,
            own_share=(time.process_time() - own_began) / passed,
            idle_memory=idle_memory,
            memory=measure_memory(process),
        )
    finally:
        files.close()
        for task in tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)


async def _wait_until_shown(pages: Sequence[OpenPage], version: int) -> float:
    """The moment at which every page showed a version or a later one; inf where some did not."""
    latest = time.perf_counter() + LONGEST_WAIT
    while any(page.version < version for page in pages):
        if time.perf_counter() > latest:
            return float("inf")
        await asyncio.sleep(_LOOK_SECONDS)
    return time.perf_counter()


HEADINGS = (
    "pages",
    "all open s",
    "polls p50/p95/p99 ms",
    "new states p50/p95/p99 ms",
    "charts p50/p95/p99 ms",
    "all show it s",
    "cpu s",
    "own",
    "PSS MB idle/after",
    "errors",
)


def list_cells(run: Run) -> tuple[str, ...]:
    """The row of one run, under HEADINGS."""
    measured = run.measured
    return (
        f"{run.pages:,}",
        f"{run.opened_after:.1f}",
        _format_quantiles(measured.polls),
        _format_quantiles(measured.states),
        _format_quantiles(measured.charts),
        " ".join(f"{seconds:.1f}" for seconds in run.shown_after) or "–",
        f"{run.processor:.1f}",
        f"{run.own_share:.0%}",
        f"{run.idle_memory:.0f}/{run.memory:.0f}",
        ", ".join(f"{count}× {what}" for what, count in measured.errors.most_common()) or "0",
    )


def _format_quantiles(seconds: list[float]) -> str:
    if len(seconds) < 2:
        return "–"
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    quantiles = [cuts[share - 1] * 1000 for share in (50, 95, 99)]
    return f"{'/'.join(f'{value:,.0f}' for value in quantiles)} ({len(seconds):,})"


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print(" | ".join(cells).rstrip(), flush=True)


def import_dossiers(server: Server, number: int) -> None:
    """A list of single dossiers until the server's day. Raises RuntimeError where it is refused."""
    today = datetime.combine(server.settings.today(), datetime.min.time())
    file = server.folder / "dossiers.csv"
    start = today - timedelta(days=DOSSIER_DAYS)
    make_list(file, number, LARGEST_PROVINCE, start, DOSSIER_DAYS)
    ended = server.command("import", str(file))
    file.unlink()
    print(ended.stdout.strip() or ended.stderr.strip(), flush=True)
    if ended.returncode:
        raise RuntimeError("the list of dossiers was refused")


def _allow_many_connections() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def main() -> int:
    """Prints the table; 1 where a page got no answer or did not come to show an import."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument(
        "--pages", type=int, nargs="+", default=[50, 200, 500, 1000], metavar="NUMBER"
    )
    options.add_argument("--seconds", type=float, default=120.0, help="of each number (120)")
    options.add_argument("--imports", type=int, default=3, help="in this time (3)")
    options.add_argument(
        "--dossiers", type=int, default=0, help="single ones of two months in the largest province"
    )
    asked = options.parse_args()
    runs = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        environment = environment_in(folder, DASHBOARD_TODAY="2026-11-22")
        server = Server(folder, environment, free_port())
        prepared = server.command("setup")
        if prepared.returncode:
            print(prepared.stderr.strip() or prepared.stdout.strip(), file=sys.stderr)
            return 1
        if asked.dossiers:
            import_dossiers(server, asked.dossiers)
        for count in asked.pages:
            began = time.perf_counter()
            server.start()
            print(f"{count} pages; ready after {time.perf_counter() - began:.1f} s", flush=True)
            _allow_many_connections()
            try:
                runs.append(asyncio.run(open_pages(server, count, asked.seconds, asked.imports)))
            finally:
                server.stop()
    print_table([HEADINGS, *map(list_cells, runs)])
    is_whole = all(not run.measured.errors and float("inf") not in run.shown_after for run in runs)
    return 0 if is_whole else 1


if __name__ == "__main__":
    sys.exit(main())

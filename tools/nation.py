"""A store of the whole country, to be measured: declarations and daily counts of all 3,321
communes, simulated and marked so, read by the real reader and written through the store's own door.

    python -m tools.nation --provinces 34 --days 60 --folder var/nation
    python -m tools.nation --days 730 --until 2027-06-30 --declared-every 28 --counted-every 60

Provinces differ on purpose, as offices do: some have probes or daily counts, some only declare, and
in each a few communes never report or fell silent. What is printed: how long a day of all provinces
takes to import, the memory of a server before and after every province was looked at, and time and
bytes of `/toan-quoc`.
"""

from __future__ import annotations

import argparse
import gzip
import random
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Engine

from dashboard import reference, sources, store
from dashboard.measures import DEVICES
from tools.running import Server, environment_in, free_port

LAST_DAY = date(2026, 11, 22)
# Of a hundred communes so many never report, and so many have not for the last months.
NEVER_REPORTED = 3
FELL_SILENT = 5
_SILENT_DAYS = 45
_DECLARATION_HEAD = [
    "Mã ĐVHC",
    "Xã, phường, đặc khu",
    "Đường truyền thông suốt",
    "Tốc độ (Mbps)",
    "Chữ ký số cần",
    "Chữ ký số đã cấp",
    *(f"{name} {word}" for name in DEVICES.values() for word in ("cần", "có")),
    "Họp trực tuyến từ Trung ương",
    "Thiết bị an toàn thông tin",
    "Công khai bộ TTHC",
    "Nhân sự một cửa: biên chế",
    "Nhân sự một cửa: hiện có",
]
_COUNTS_HEAD = [
    "Mã ĐVHC",
    "Đơn vị",
    "Tổng tiếp nhận",
    "Đã giải quyết",
    "Đã giải quyết > Trước hạn",
    "Đã giải quyết > Đúng hạn",
    "Đã giải quyết > Quá hạn",
]


def list_provinces(count: int) -> list[str]:
    """The first provinces by code, so that a smaller store is part of a larger one."""
    return sorted(reference.load_province_names())[:count]


def write_declaration(
    path: Path, provinces: list[str], day: date, last_day: date = LAST_DAY
) -> None:
    """What the communes of some provinces declare on a day, as one file of an office."""
    lines = [["SỐ LIỆU MÔ PHỎNG, không phải số thật"], _DECLARATION_HEAD]
    for code, name in _list_reporting_communes(provinces, day, last_day):
        lines.append([code, name, *_draw_declaration(code, day)])
    _write_table(path, lines)


def write_daily_counts(path: Path, province: str, day: date, last_day: date = LAST_DAY) -> None:
    """The dossiers of one province and day, as one file of an office."""
    lines = [["SỐ LIỆU MÔ PHỎNG, không phải số thật"], _COUNTS_HEAD]
    for code, name in _list_reporting_communes([province], day, last_day):
        chance = random.Random(f"{code} {day} dossiers")
        resolved = [chance.randrange(4), chance.randrange(12), chance.randrange(3)]
        counts = [sum(resolved) + chance.randrange(4), sum(resolved), *resolved]
        lines.append([code, name, *map(str, counts)])
    _write_table(path, lines)


def _list_reporting_communes(
    provinces: list[str], day: date, last_day: date
) -> Iterator[tuple[str, str]]:
    communes = reference.load_communes().sort_index()
    chosen = communes[communes["province_code"].isin(provinces)]
    for code, name in chosen["name"].items():
        luck = random.Random(f"{code} habit").randrange(100)
        silent = luck < NEVER_REPORTED + FELL_SILENT and day > last_day - timedelta(_SILENT_DAYS)
        if luck >= NEVER_REPORTED and not silent:
            yield str(code), str(name)


def _draw_declaration(code: str, day: date) -> list[str]:
    habit = random.Random(f"{code} state")
    weakness = habit.choice([0, 0, 0, 1, 2])
    chance = random.Random(f"{code} {day}")
    needed = [12 + habit.randrange(20), *(1 + habit.randrange(8) for _ in DEVICES)]
    lacking = [0 if chance.random() > weakness / 3 else 1 + chance.randrange(3) for _ in needed]
    available = [max(0, need - lack) for need, lack in zip(needed, lacking, strict=True)]
    pairs = [str(n) for pair in zip(needed, available, strict=True) for n in pair]
    stable = "Không đạt" if weakness == 2 and chance.random() < 0.5 else "Đạt"
    speed = str(habit.randrange(15, 60) if weakness == 2 else habit.randrange(60, 300))
    staff = 5 + habit.randrange(6)
    present = str(staff - (1 if weakness else 0))
    return [stable, speed, *pairs, "Đạt", "Đạt", "Đạt", str(staff), present]


def _write_table(path: Path, lines: list[list[str]]) -> None:
    path.write_text("".join(f"{';'.join(line)}\n" for line in lines), encoding="utf-8-sig")


def import_file(engine: Engine, path: Path, day: date, *, is_counts: bool) -> float:
    """One file through reader and store, marked as simulated; how many seconds it took."""
    before = time.perf_counter()
    batches = sources.read_file_by_province(
        path, as_of=day, period=(day, day) if is_counts else None, today=max(day, LAST_DAY)
    )
    marked = [replace(batch, origin="simulated") for batch in batches]
    store.save_batches(engine, marked, by="nation")
    return time.perf_counter() - before


def fill_store(
    engine: Engine,
    folder: Path,
    count: int,
    days: int,
    *,
    declared_every: int = 14,
    counted_every: int = 1,
    last_day: date = LAST_DAY,
) -> list[float]:
    """Imports what was told on the last days, oldest first: declarations and counts of a day every
    so many days; the seconds that each day with either took.
    """
    provinces = list_provinces(count)
    # Every fourth only declares: its sources are others than its neighbours'.
    counting = [code for number, code in enumerate(provinces) if number % 4 != 3]
    taken = []
    for back in range(days - 1, -1, -1):
        day = last_day - timedelta(days=back)
        seconds = 0.0
        if back % declared_every == 0 or back == days - 1:
            declaration = folder / f"mo-phong_ke-khai_{day}.csv"
            write_declaration(declaration, provinces, day, last_day)
            seconds += import_file(engine, declaration, day, is_counts=False)
        for province in counting if back % counted_every == 0 else ():
            # the form of dossiers is one province's
            counts = folder / f"mo-phong_ho-so_{province}_{day}.csv"
            write_daily_counts(counts, province, day, last_day)
            seconds += import_file(engine, counts, day, is_counts=True)
            counts.unlink()
        if seconds:
            taken.append(seconds)
            print(f"{day}: {seconds:.1f} s", flush=True)
    return taken


def read_memory_mb(process: int) -> tuple[float, float]:
    """Proportional and resident memory of a process and its children, in MB."""
    processes = [process, *_list_children(process)]
    proportional = sum(_read_kb(f"/proc/{number}/smaps_rollup", "Pss:") for number in processes)
    resident = max(_read_kb(f"/proc/{number}/status", "VmRSS:") for number in processes)
    return proportional / 1024, resident / 1024


def _list_children(process: int) -> list[int]:
    written = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [int(number) for number in written.split()]


def _read_kb(path: str, word: str) -> int:
    lines = Path(path).read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(word))


def fetch(address: str) -> tuple[float, int, int]:
    """Seconds until the whole answer was there, its bytes on the wire and unpacked."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    before = time.perf_counter()
    with urllib.request.urlopen(request, timeout=300) as response:
        body = response.read()
        packed = response.headers.get("Content-Encoding") == "gzip"
    seconds = time.perf_counter() - before
    return seconds, len(body), len(gzip.decompress(body) if packed else body)


def measure_server(folder: Path, provinces: list[str], last_day: date = LAST_DAY) -> None:
    """Starts a server on the store and prints what it costs to look at the whole country."""
    environment = environment_in(
        folder, DASHBOARD_TODAY=last_day.isoformat(), DASHBOARD_WORKERS="1"
    )
    server = Server(folder, environment, free_port())
    server.start()
    try:
        _measure_pages(server, provinces, last_day)
    finally:
        server.stop()


def _measure_pages(server: Server, provinces: list[str], last_day: date) -> None:
    assert server.process is not None
    national = f"{server.address}toan-quoc"
    _print_memory("idle", server.process.pid)
    for word in ("first view", "again", "again"):
        _print_fetch(f"/toan-quoc, {word}", national)
    _print_fetch("/toan-quoc, a week before", f"{national}?as_of={last_day - timedelta(days=7)}")
    _print_memory("after /toan-quoc", server.process.pid)
    seconds = [fetch(f"{server.address}api/state?province={code}")[0] for code in provinces]
    print(f"state of each province: {sum(seconds):.1f} s, longest {max(seconds):.2f} s")
    _print_memory("after the state of every province", server.process.pid)
    for path in ("ho-so", "du-lieu"):
        seconds = [fetch(f"{server.address}{path}?province={code}")[0] for code in provinces]
        print(f"/{path} of each province: {sum(seconds):.1f} s, longest {max(seconds):.2f} s")
        _print_memory(f"after /{path} of every province", server.process.pid)


def _print_fetch(word: str, address: str) -> None:
    seconds, packed, plain = fetch(address)
    print(f"{word}: {1000 * seconds:.0f} ms, {packed / 1000:.1f} kB packed, {plain / 1000:.0f} kB")


def _print_memory(word: str, process: int) -> None:
    proportional, resident = read_memory_mb(process)
    print(f"memory {word}: {resident:.0f} MB of the largest process, {proportional:.0f} MB of all")


def main() -> int:
    """Fills a store where there is none yet and prints what it costs; exit status 0."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--provinces", type=int, default=34)
    arguments.add_argument("--days", type=int, default=28)
    arguments.add_argument("--declared-every", type=int, default=14, metavar="DAYS")
    arguments.add_argument("--counted-every", type=int, default=1, metavar="DAYS")
    arguments.add_argument("--until", type=date.fromisoformat, default=LAST_DAY, metavar="DAY")
    arguments.add_argument("--folder", type=Path, help="kept; a store in it is measured as it is")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "dashboard.sqlite").exists():
            environment = environment_in(folder)
            engine = store.prepare_store(environment["DASHBOARD_DATABASE_URL"])
            seconds = sorted(
                fill_store(
                    engine,
                    Path(temporary),
                    options.provinces,
                    options.days,
                    declared_every=options.declared_every,
                    counted_every=options.counted_every,
                    last_day=options.until,
                )
            )
            engine.dispose()
            print(
                f"a day of all provinces: {seconds[len(seconds) // 2]:.1f} s in the middle, "
                f"{seconds[-1]:.1f} s with declarations"
            )
        size = (folder / "dashboard.sqlite").stat().st_size / 1e6
        print(f"store: {size:.0f} MB")
        measure_server(folder, list_provinces(options.provinces), options.until)
    return 0


if __name__ == "__main__":
    sys.exit(main())

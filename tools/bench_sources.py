"""What reading costs: a list of a million dossiers and a declaration of all 3,321 communes, beside
plain pandas (with its fastest engine, its default one, and doing the same work).

Each reading runs in a process of its own, so that its peak of memory is its own; both readings of a
file are made in one run, so that the machine is the same. How many times pandas' time a reading
takes is told by seconds of the processor (the reader's child counted), which a busy machine changes
least. The files are made up on the spot, from no real person.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pandas as pd

from dashboard import reference, sources, store, text
from dashboard.measures import DEVICES

TODAY = date(2026, 11, 22)
LIST_HEAD = (
    "STT;Mã hồ sơ;Mã TTHC;Chủ hồ sơ;Số CCCD;Số điện thoại;Đơn vị tiếp nhận;Ngày tiếp nhận;Ngày "
    "hẹn trả;"
    "Ngày kết thúc xử lý;Trạng thái;Hình thức tiếp nhận;Số hóa thành phần hồ sơ"
)


def make_list(
    path: Path,
    rows: int,
    province: str = "51",
    start: datetime = datetime(2026, 1, 1),
    days: int = 300,
) -> None:
    """A dossier list of one province as its portal exports it, of so many days from `start` on."""
    chance = random.Random(1)
    names = [
        f(name)
        for name in reference.select_communes_of_province(province)["name"]
        for f in (str, str.upper, "UBND {}".format)
    ]
    end = start + timedelta(days=days)
    with path.open("w", encoding="utf-8-sig") as stream:
        stream.write(LIST_HEAD + "\n")
        for number in range(rows):
            received = start + timedelta(seconds=chance.randrange(days * 86_400))
            due = received + timedelta(days=chance.randrange(1, 20))
            finished = received + timedelta(seconds=chance.randrange(20 * 86_400))
            done = chance.random() < 0.85 and finished < end
            cells = [
                number + 1,
                f"H48.{100 + number % 96}-{received:%y%m%d}-{number:07d}",
                "2.000815",
            ]
            cells += [
                f"NGƯỜI NỘP {number}",
                f"0{chance.randrange(10**11):011d}",
                f"09{chance.randrange(10**8):08d}",
            ]
            cells += [
                chance.choice(names),
                *(f"{moment:%d/%m/%Y %H:%M:%S}" for moment in (received, due)),
            ]
            cells += (
                [f"{finished:%d/%m/%Y %H:%M:%S}", "Đã trả kết quả"] if done else ["", "Đang xử lý"]
            )
            cells += [
                chance.choice(["Trực tuyến", "Trực tiếp", "BCCI"]),
                chance.choice(["Có", "Không"]),
            ]
            stream.write(";".join(map(str, cells)) + "\n")


def declaration() -> list[list[object]]:
    """The declaration of every commune of the country, as rows of cells."""
    chance = random.Random(2)
    head = ["STT", "Mã ĐVHC", "Xã, phường, đặc khu", "Đường truyền thông suốt", "Tốc độ (Mbps)"]
    head += ["Chữ ký số cần", "Chữ ký số đã cấp"]
    names = {
        "computer": "Máy tính",
        "scanner": "Máy scan",
        "photocopier": "Máy photocopy",
        "queue_machine": "Máy lấy số",
        "display": "Màn hình hiển thị",
        "kiosk": "Thiết bị tra cứu",
    }
    head += [f"{names[code]} {word}" for code in DEVICES for word in ("cần", "có")]
    rows: list[list[object]] = [["BIỂU TỔNG HỢP (tính đến 16h ngày 13/11/2026)"], list(head)]
    for number, (code, name) in enumerate(reference.load_communes()["name"].items(), start=1):
        counts = [chance.randrange(40) for _ in head[5:]]
        rows.append(
            [
                number,
                str(code),
                name,
                chance.choice(["Đạt", "Không đạt"]),
                chance.randrange(300),
                *counts,
            ]
        )
    return rows


def make_declaration(xlsx: Path, csv: Path, communes: int) -> None:
    """The same declaration in both formats."""
    rows = declaration()[: communes + 2]
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("Biểu")
    for row in rows:
        page.append(row)
    book.save(xlsx)
    csv.write_text("\n".join(";".join(map(str, row)) for row in rows), encoding="utf-8")


def read_file(path: Path) -> int:
    """Our reading: rows checked, problems collected, single dossiers gone through once."""
    batches = sources.read_file_by_province(
        path, today=TODAY, province="51" if path.stem == "list" else None
    )
    return sum(batch.rows + 0 * sum(map(len, batch.singles)) for batch in batches)


def read_plainly(path: Path) -> int:
    """Plain pandas: reads, parses the days, groups. It checks nothing."""
    if path.stem == "list":
        frame = pd.read_csv(path, sep=";")
        for name in ("Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý"):
            frame[name] = pd.to_datetime(frame[name], format="%d/%m/%Y %H:%M:%S")
        day = frame["Ngày tiếp nhận"].dt.date
        frame.groupby(["Đơn vị tiếp nhận", day, "Trạng thái"]).size()
        return len(frame)
    if path.suffix == ".xlsx":
        frame = pd.read_excel(path, header=1, engine="calamine")
    else:
        frame = pd.read_csv(path, sep=";", header=1)
    frame.groupby("Xã, phường, đặc khu").sum(numeric_only=True)
    return len(frame)


def read_by_default(path: Path) -> int:
    """Plain pandas with the engine that it takes by itself (openpyxl), for workbooks only."""
    frame = pd.read_excel(path, header=1, engine="openpyxl")
    frame.groupby("Xã, phường, đặc khu").sum(numeric_only=True)
    return len(frame)


def read_to_readings(path: Path) -> int:
    """What somebody would write in pandas for the same outcome, for a declaration: known codes
    whose names agree, whole numbers within bounds, a row a reading, province by province. It knows
    this one form, tells no problem and no place.
    """
    if path.suffix == ".xlsx":
        frame = pd.read_excel(path, header=1, engine="calamine", dtype=object)
    else:
        frame = pd.read_csv(path, sep=";", header=1, dtype=object)
    communes = reference.load_communes()
    frame.index = pd.Index(frame["Mã ĐVHC"].astype(str).str.zfill(5))
    names = frame["Xã, phường, đặc khu"].map(text.make_spelling_key)
    official = communes["name"].map(text.make_spelling_key).reindex(frame.index)
    frame = frame[(names == official).to_numpy()]
    stable = frame["Đường truyền thông suốt"].map({"Đạt": 1, "Không đạt": 0})
    counts = frame.iloc[:, 4:].apply(pd.to_numeric, errors="coerce")
    whole = counts.where((counts >= 0) & (counts <= 10_000) & (counts % 1 == 0))
    readings = whole.assign(stable=stable).melt(ignore_index=False).dropna()
    by_province = readings.groupby(communes["province_code"].reindex(readings.index).to_numpy())
    return sum(len(part) for _, part in by_province) and len(frame)


def read_and_store(path: Path) -> int:
    """Our reading and the store's writing, to an empty SQLite file."""
    engine = store.prepare_store(f"sqlite:///{path.parent / 'store.sqlite'}")
    batches = sources.read_file_by_province(
        path, today=TODAY, province="51" if path.stem == "list" else None
    )
    store.save_batches(engine, batches, by="bench")
    return sum(batch.rows for batch in batches)


# Rows, seconds, seconds of the processor, peak of memory (MB).
Measured = tuple[int, float, float, float]


def _measure(
    work: Callable[[Path], int], path: Path, answer: multiprocessing.SimpleQueue[Measured]
) -> None:
    # modules, names and headings are learned once a process
    work(path.with_name("small") / path.name)
    before = time.perf_counter()
    processor_before = _sum_processor_seconds()
    rows = work(path)
    seconds = time.perf_counter() - before
    processor_seconds = _sum_processor_seconds() - processor_before
    # Linux tells kilobytes; the reader of workbooks works in a child of its own.
    peak = (
        max(
            resource.getrusage(who).ru_maxrss
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        / 1000
    )
    answer.put((rows, seconds, processor_seconds, peak))


def _sum_processor_seconds() -> float:
    """Of this process and its children that have ended."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def measured(work: Callable[[Path], int], path: Path) -> Measured:
    """One reading in a fresh process."""
    context = multiprocessing.get_context("spawn")
    answer: multiprocessing.SimpleQueue[Measured] = context.SimpleQueue()
    process = context.Process(target=_measure, args=(work, path, answer))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"{work.__name__} of {path.name} ended with {process.exitcode}")
    return answer.get()


def _list_works(path: Path) -> list[Callable[[Path], int]]:
    works: list[Callable[[Path], int]] = [read_plainly]
    if path.stem == "declaration":
        works += [read_by_default] if path.suffix == ".xlsx" else []
        works.append(read_to_readings)
    return [*works, read_file, read_and_store]


def main() -> int:
    """Print one line a reading; exit status 0."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=1_000_000, help="dossiers in the list")
    rows = arguments.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        files = [
            Path(folder) / name for name in ("list.csv", "declaration.xlsx", "declaration.csv")
        ]
        make_list(files[0], rows)
        make_declaration(files[1], files[2], communes=3_321)
        small = Path(folder) / "small"
        small.mkdir()
        make_list(small / files[0].name, 20)
        make_declaration(small / files[1].name, small / files[2].name, communes=20)
        print(
            f"{'file':<18}{'work':<18}{'rows':>10}{'seconds':>9}{'cpu s':>9}"
            f"{'rows/s':>10}{'peak MB':>9}{'× pandas':>10}"
        )
        for path in files:
            plain = 0.0
            for work in _list_works(path):
                # The shortest of three: the first pays for the disk. The store is written once.
                times = 1 if work is read_and_store else 3
                count, seconds, processor_seconds, peak = min(
                    (measured(work, path) for _ in range(times)), key=lambda measured: measured[2]
                )
                plain = plain or processor_seconds
                figures = (
                    f"{count:>10}{seconds:>9.2f}{processor_seconds:>9.2f}{count / seconds:>10.0f}"
                    f"{peak:>9.0f}{processor_seconds / plain:>10.1f}"
                )
                print(f"{path.name:<18}{work.__name__:<18}{figures}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Random workbooks of known truth: never a wrong value, and nearly all of them read whole."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from openpyxl.utils import get_column_letter

from tests.sources.truth import (
    Column,
    Rows,
    Truth,
    import_file,
    list_declared_columns,
    list_report_columns,
    make_head,
    make_rows,
    save_book,
    tell_declared,
    tell_report,
)

BOOKS = 60
LEAST_READ = 0.95
MONTHS = {
    number: (f"2026-{number:02}-01", f"2026-{number:02}-{last:02}")
    for number, last in ((7, 31), (8, 31), (9, 30), (10, 31))
}
# Figures that are nobody's of the period, under headings like those of the period's.
STRANGE_OF_REPORTS: list[Column] = [
    (("Luỹ kế từ đầu năm", "Tiếp nhận"), lambda seed: 9_000 + seed),
    (("Cùng kỳ năm trước", "Đã giải quyết"), lambda seed: 5_000 + seed),
    (("Tỷ lệ (%)", "Đúng hạn"), lambda seed: 50 + seed),
    (("Đã giải quyết", "Tỷ lệ đúng hạn (%)"), lambda seed: 60 + seed),
    (("Thanh toán hồ sơ", "Trực tuyến"), lambda seed: 700 + seed),
    (("Hồ sơ chờ tiếp nhận", "Quá hạn"), lambda seed: 300 + seed),
    (("Ghi chú", ""), lambda seed: f"đã rà soát lần {seed}"),
    (("Dân số", ""), lambda seed: 8_000 + seed),
]
STRANGE_OF_DECLARATIONS: list[Column] = [
    (("Chữ ký số", "Kế hoạch cấp"), lambda seed: 90 + seed),
    (("Máy tính", "Hỏng"), lambda seed: 70 + seed),
    (("Chữ ký số", "Tỷ lệ (%)"), lambda seed: 40 + seed),
    (("Máy in", "Có"), lambda seed: 30 + seed),
    (("Ghi chú", ""), lambda _: "máy cũ"),
]


@dataclass
class Table:
    """A table of a random workbook, and what it truly says."""

    rows: Rows
    truth: Truth
    head_row: int


def make_report_table(chance: random.Random) -> Table:
    number = chance.choice(list(MONTHS))
    shift = 7 * number
    columns = list_report_columns(shift)
    columns += chance.sample(STRANGE_OF_REPORTS, chance.randint(0, 4))
    chance.shuffle(columns)
    written = chance.choice(["Tháng {0}/2026", "THÁNG {0} NĂM 2026", "Kỳ báo cáo: Tháng {0}-2026"])
    truth = tell_report(MONTHS[number], shift)
    return assemble_table(chance, columns, written.format(number), truth)


def make_declared_table(chance: random.Random) -> Table:
    day = chance.randint(1, 20)
    columns = list_declared_columns(day)
    columns += chance.sample(STRANGE_OF_DECLARATIONS, chance.randint(0, 3))
    chance.shuffle(columns)
    title = f"(Số liệu tính đến {chance.randint(7, 17)}h ngày {day:02}/11/2026)"
    return assemble_table(chance, columns, title, tell_declared(f"2026-11-{day:02}", day))


def make_side_by_side(chance: random.Random) -> Table:
    """Two months in one table: the month stands over its columns."""
    first, second = sorted(chance.sample(list(MONTHS), 2))
    columns: list[Column] = [
        ((f"Tháng {number}/2026", *heads), figure)
        for number in (first, second)
        for heads, figure in list_report_columns(7 * number)
    ]
    title = f"Tháng {first} và tháng {second} năm 2026"
    truth = {
        key: value
        for number in (first, second)
        for key, value in tell_report(MONTHS[number], 7 * number).items()
    }
    return assemble_table(chance, columns, title, truth)


def assemble_table(chance: random.Random, columns: list[Column], title: str, truth: Truth) -> Table:
    """Titles, head, rows in any order, and what offices write around them."""
    rows: Rows = [["BIỂU TỔNG HỢP"]] if chance.random() < 0.5 else []
    rows.append([title])
    head_row = len(rows)
    head = make_head(columns, chance.choice(["Đơn vị", "Xã, phường, đặc khu", "Tên đơn vị"]))
    body = make_rows(columns)
    chance.shuffle(body)
    sums = [
        sum(cells) if all(isinstance(cell, int) for cell in cells) else ""
        for cells in zip(*(row[1:] for row in body), strict=True)
    ]
    for where in chance.sample(["top", "middle", "bottom"], chance.randint(0, 2)):
        position = {"top": 0, "middle": 2, "bottom": len(body)}[where]
        name = "Cộng khối" if where == "middle" else "Tổng cộng"
        body.insert(position, [name, *(sums if where != "middle" else [""] * len(sums))])
    if chance.random() < 0.4:
        numbering = [f"({number})" for number in range(1, len(columns) + 2)]
        body.insert(0, numbering)
    if chance.random() < 0.4:
        head = [["STT" if level == 0 else "", *line] for level, line in enumerate(head)]
        body = [[number + 1, *row] for number, row in enumerate(body)]
        if str(body[0][1]).startswith("("):
            body[0] = [f"({number})" for number in range(1, len(columns) + 3)]
    if chance.random() < 0.3:
        body += [[], ["", "Người lập biểu", "", "Thủ trưởng đơn vị"], ["", "Nguyễn Văn A"]]
    return Table([*rows, *head, *body], truth, head_row)


def merge_parents(path: Path, tables: list[Table]) -> None:
    """Merge equal parents beside each other, as a form prints them."""
    book = openpyxl.load_workbook(path)
    for page, table in zip(book.worksheets, tables, strict=True):
        line = table.rows[table.head_row]
        start = 0
        for column in range(1, len(line) + 1):
            if column < len(line) and line[column] == line[start] and line[start]:
                continue
            if column - start > 1:
                letters = [get_column_letter(start + 1), get_column_letter(column)]
                row = table.head_row + 1
                page.merge_cells(f"{letters[0]}{row}:{letters[1]}{row}")
            start = column
    book.save(path)


def make_random_book(path: Path, chance: random.Random) -> Truth:
    """One sheet, several, or tables below each other; what it truly says."""
    form = chance.choice(["one", "one", "sheets", "stacked", "months"])
    makers = [make_report_table, make_declared_table]
    if form == "months":
        tables = [make_side_by_side(chance)]
    elif form == "one":
        tables = [chance.choice(makers)(chance)]
    else:
        tables = [maker(chance) for maker in makers]
        chance.shuffle(tables)
    if form == "stacked":
        save_book(path, [line for table in tables for line in (*table.rows, [], [])])
    else:
        save_book(path, *(table.rows for table in tables))
        if chance.random() < 0.5:
            merge_parents(path, tables)
    return {key: value for table in tables for key, value in table.truth.items()}


def test_random_books_are_never_read_wrong_and_nearly_always_whole(tmp_path: Path) -> None:
    outcomes: Counter[str] = Counter()
    for seed in range(BOOKS):
        path = tmp_path / f"{seed}.xlsx"
        truth = make_random_book(path, random.Random(seed))
        outcome = import_file(path)
        wrong = {
            key: (value, truth.get(key))
            for key, value in outcome.read.items()
            if truth.get(key) != value
        }
        assert not wrong, f"seed {seed}: {dict(list(wrong.items())[:3])}"
        if outcome.read == truth:
            outcomes["whole"] += 1
        else:
            assert outcome.refusal or outcome.refused, f"seed {seed} lost values in silence"
            outcomes["told"] += 1
            print(f"seed {seed}: {outcome.words[:300]}")
    print(f"{BOOKS} random workbooks: {dict(outcomes)}")
    assert outcomes["whole"] >= LEAST_READ * BOOKS, dict(outcomes)

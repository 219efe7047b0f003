"""The same declaration in any layout and format gives the same readings."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import sources
from tests.sources.forms import (
    COLUMNS,
    FORMATS,
    TITLES,
    Grid,
    form,
    head_of,
    row_of,
    save,
    save_csv,
    save_xlsx,
    some_communes,
    true_values,
    written,
)

TODAY = date(2026, 11, 22)
CODES = some_communes("51", 12)
TRUTH = {code: true_values(code) for code in CODES}
# What other offices print for the same columns.
OTHER_WORDS = {
    "Xã, phường, đặc khu": [
        "Tên đơn vị",
        "ĐƠN VỊ",
        "Đơn vị hành chính",
        "Tên xã/phường",
        "Xã/ phường",
    ],
    "Mã ĐVHC": ["Mã đơn vị hành chính", "MÃ XÃ", "Mã ĐVHC\n(5 số)"],
    "Chữ ký số": ["CKS", "CHỮ KÝ SỐ", "Số chữ ký số"],
    "Máy tính": ["Máy vi tính", "Số lượng máy tính", "MÁY TÍNH"],
    "Máy scan": ["Máy quét", "Máy Scan (cái)"],
    "Cần": ["Nhu cầu", "Số lượng cần", "Số cần"],
    "Có": ["Hiện có", "Đã có", "Số lượng hiện có"],
    "Tốc độ (Mbps)": ["Tốc độ đường truyền (Mbps)", "Tốc độ", "Băng thông (Mbps)"],
    "Ngày kê khai": ["Ngày khai", "NGÀY BÁO CÁO"],
    "Tự đánh giá": ["Mức tự đánh giá", "Tự  đánh giá "],
}
EXTRA = [
    ("extra", ("Ghi chú",)),
    ("extra", ("Người liên hệ", "Điện thoại")),
    ("extra", ("Đề xuất, kiến nghị",)),
]


def groups() -> list[list[tuple[str, tuple[str, ...]]]]:
    """Columns that stand under one heading stay together."""
    parents: list[list[tuple[str, tuple[str, ...]]]] = []
    for column in COLUMNS:
        if parents and len(column[1]) == 2 and parents[-1][0][1][0] == column[1][0]:
            parents[-1].append(column)
        else:
            parents.append([column])
    return parents


def shuffled_form(random_: random.Random, one_row: bool) -> Grid:
    """Columns in any order with others among them, headings in other words, rows in any order."""
    parts = [*groups(), *([column] for column in random_.sample(EXTRA, random_.randint(0, 3)))]
    random_.shuffle(parts)
    columns: list[tuple[str, tuple[str, ...]]] = []
    for part in parts:
        words = {
            word: random_.choice([word, *OTHER_WORDS.get(word, [])])
            for _, path in part
            for word in path
        }
        columns += [(name, tuple(words[word] for word in path)) for name, path in part]
    head: Grid = [[" ".join(path) for _, path in columns]] if one_row else head_of(columns)[0]
    if random_.random() < 0.5:
        head.append([f"({column_number})" for column_number in range(1, len(columns) + 1)])
    rows = [
        row_of(code, number, columns_without_extra(columns), TRUTH[code])
        for number, code in enumerate(CODES, 1)
    ]
    rows = [with_extra(columns, row) for row in rows]
    random_.shuffle(rows)
    if random_.random() < 0.5:
        rows.insert(0, group_row(columns, "UBND cấp xã"))
    if random_.random() < 0.5:
        rows.append(total_row(columns))
    for _ in range(random_.randint(0, 3)):
        rows.insert(random_.randint(0, len(rows)), [])
    grid: Grid = [*[list(title) for title in TITLES], [], *head, *rows]
    if random_.random() < 0.5:
        grid += [
            [],
            [None, None, None, "Ngày 14 tháng 7 năm 2025"],
            [None, "Người lập biểu", None, "TM. UBND TỈNH"],
        ]
        grid += [[], [None, "Trần Văn Một", None, "Lê Thị Hai"]]
    blank_rows, blank_columns = random_.randint(0, 4), random_.randint(0, 3)
    return [[] for _ in range(blank_rows)] + [[None] * blank_columns + row for row in grid]


def columns_without_extra(
    columns: list[tuple[str, tuple[str, ...]]],
) -> list[tuple[str, tuple[str, ...]]]:
    return [column for column in columns if column[0] != "extra"]


def with_extra(columns: list[tuple[str, tuple[str, ...]]], row: list[Any]) -> list[Any]:
    cells = iter(row)
    return ["Trần Văn Một" if name == "extra" else next(cells) for name, _ in columns]


def group_row(columns: list[tuple[str, tuple[str, ...]]], name: str) -> list[Any]:
    return [{"number": "I", "commune": name}.get(column) for column, _ in columns]


def total_row(columns: list[tuple[str, tuple[str, ...]]]) -> list[Any]:
    return [
        "Tổng cộng"
        if name == "commune"
        else 9999
        if name.endswith(("_needed", "_available", "_issued"))
        else None
        for name, _ in columns
    ]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    random_=st.randoms(use_true_random=False),
    file_format=st.sampled_from(FORMATS),
    one_row=st.booleans(),
)
def test_any_order_of_columns_and_rows_in_any_format_reads_the_same(
    random_: random.Random, file_format: str, one_row: bool
) -> None:
    grid = shuffled_form(random_, one_row)
    with TemporaryDirectory() as folder:
        batch = sources.read_file(save(Path(folder), "bieu", grid, file_format), today=TODAY)
    assert written(batch) == TRUTH
    assert batch.problems == ()
    assert (batch.province_code, batch.as_of.hour, batch.rows >= len(CODES)) == ("51", 16, True)


def test_merged_headings_reach_over_their_columns(tmp_path: Path) -> None:
    grid = form(CODES)
    blocks = [
        (top + 3, left, bottom + 3, right) for top, left, bottom, right in head_of(COLUMNS)[1]
    ]
    assert (
        written(sources.read_file(save_xlsx(tmp_path / "a.xlsx", grid, blocks), today=TODAY))
        == TRUTH
    )


def test_three_heading_rows_read_like_two(tmp_path: Path) -> None:
    grid = form(CODES)
    above = ["I. Thông tin chung", None, None, "II. Điều kiện vận hành"] + [None] * (
        len(COLUMNS) - 4
    )
    grid.insert(3, above)
    blocks = [(3, 0, 3, 2), (3, 3, 3, len(COLUMNS) - 1)]
    assert (
        written(sources.read_file(save_xlsx(tmp_path / "a.xlsx", grid, blocks), today=TODAY))
        == TRUTH
    )


def test_needed_and_available_may_stand_above_the_devices(tmp_path: Path) -> None:
    turned = [
        (name, tuple(reversed(path)) if path[-1] in ("Cần", "Có") else path)
        for name, path in COLUMNS
    ]
    columns = sorted(turned, key=lambda column: (column[1][0] in ("Cần", "Có"), column[1][0]))
    assert (
        written(sources.read_file(save_csv(tmp_path / "a.csv", form(CODES, columns)), today=TODAY))
        == TRUTH
    )


def test_a_misspelt_heading_is_understood_with_a_warning(tmp_path: Path) -> None:
    columns = [
        (name, tuple(word.replace("trực tuyến", "trực tuyyến") for word in path))
        for name, path in COLUMNS
    ]
    batch = sources.read_file(save_xlsx(tmp_path / "a.xlsx", form(CODES, columns)), today=TODAY)
    assert written(batch) == TRUTH
    assert {problem.severity for problem in batch.problems} == {"warning"}


def test_the_table_is_found_on_any_sheet(tmp_path: Path) -> None:
    import openpyxl

    path = save_xlsx(tmp_path / "a.xlsx", form(CODES), sheet="Biểu 01 (chính thức)")
    book = openpyxl.load_workbook(path)
    book.create_sheet("Hướng dẫn", 0)["A1"] = "Các xã kê khai vào biểu 01"
    book.save(path)
    assert written(sources.read_file(path, today=TODAY)) == TRUTH


def test_a_second_table_of_the_kind_is_left_with_a_warning(tmp_path: Path) -> None:
    import openpyxl

    path = save_xlsx(tmp_path / "a.xlsx", form(CODES), sheet="13.7")
    book = openpyxl.load_workbook(path)
    book.copy_worksheet(book["13.7"]).title = "12.7"
    book.save(path)
    batch = sources.read_file(path, today=TODAY)
    assert written(batch) == TRUTH
    assert list(batch.problems) == []


@pytest.mark.parametrize("keep", ["commune", "commune_code"])
def test_names_or_codes_alone_are_enough(tmp_path: Path, keep: str) -> None:
    drop = {"commune", "commune_code"} - {keep}
    columns = [column for column in COLUMNS if column[0] not in drop]
    assert (
        written(
            sources.read_file(save_xlsx(tmp_path / "a.xlsx", form(CODES, columns)), today=TODAY)
        )
        == TRUTH
    )


def test_a_file_of_several_provinces_is_split_by_province(tmp_path: Path) -> None:
    codes = [*some_communes("51", 5), *some_communes("25", 5)]
    path = save_xlsx(tmp_path / "a.xlsx", form(codes))
    batches = sources.read_file_by_province(path, today=TODAY)
    assert sorted(batch.province_code for batch in batches) == ["25", "51"]
    assert {code for batch in batches for code in written(batch)} == set(codes)

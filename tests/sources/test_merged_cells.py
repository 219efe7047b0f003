"""Cells merged over rows or columns: names and days count for all of them, numbers for none."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dashboard import sources
from dashboard.batch import Batch

TITLE = "Số liệu tính đến ngày 10/11/2026"
HEADS: list[list[Any]] = [
    ["Xã, phường, đặc khu", "Chữ ký số", None, "Máy tính", None],
    [None, "Cần", "Đã cấp", "Cần", "Có"],
]
ROWS: list[list[Any]] = [
    ["Phường Cẩm Thành", 20, 10, 12, 5],
    ["Xã Bình Sơn", 21, 11, 13, 6],
    ["Xã Sơn Tịnh", 22, 12, 14, 7],
]
FIELDS = ("signature_needed", "signature_issued", "computer_needed", "computer_available")
CODES = ("21025", "21040", "21220")


def read_merged(path: Path, block: str, first: Any = None) -> Batch:
    """The declaration with a merged block (row 4 is the first commune's) and what stands in it."""
    book = openpyxl.Workbook()
    page = book.active
    for row in ([TITLE], *HEADS, *ROWS):
        page.append(row)
    if first is not None:
        page[block.split(":")[0]] = first
    page.merge_cells(block)
    book.save(path)
    return sources.read_file(path, province="51", today=date(2026, 11, 28))


def list_values(batch: Batch) -> dict[tuple[str, str], float]:
    columns = batch.readings[["commune_code", "measure", "value"]].to_numpy()
    return {(code, measure): value for code, measure, value in columns}


def list_true_values() -> dict[tuple[str, str], float]:
    return {
        (code, name): value
        for code, row in zip(CODES, ROWS, strict=True)
        for name, value in zip(FIELDS, row[1:], strict=True)
    }


@pytest.mark.parametrize("written", [None, "10", "10 máy"])
def test_a_number_over_several_communes_is_no_ones(tmp_path: Path, written: str | None) -> None:
    batch = read_merged(tmp_path / "a.xlsx", "C4:C5", written)
    shared = {("21025", "signature_issued"), ("21040", "signature_issued")}
    values = list_true_values()
    assert list_values(batch) == {key: values[key] for key in values if key not in shared}
    problems = [problem for problem in batch.problems if "ô gộp" in problem.message]
    assert [problem.row for problem in problems] == [4, 5]
    assert {problem.severity for problem in problems} == {"refused"}


def test_a_number_over_two_columns_is_neithers(tmp_path: Path) -> None:
    batch = read_merged(tmp_path / "a.xlsx", "B4:C4")
    shared = {("21025", "signature_needed"), ("21025", "signature_issued")}
    values = list_true_values()
    assert list_values(batch) == {key: values[key] for key in values if key not in shared}
    assert any("ô gộp" in problem.message for problem in batch.problems)


@pytest.mark.parametrize("day", ["03/11/2026 08:00", datetime(2026, 11, 3, 8)])
def test_the_unit_and_the_day_of_several_dossiers_are_each_ones(tmp_path: Path, day: Any) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["Mã hồ sơ", "Đơn vị tiếp nhận", "Ngày tiếp nhận", "Trạng thái"])
    for number in range(4):
        page.append([f"H48.113-261103-{number:04d}", "Xã Bình Sơn", day, "Đang xử lý"])
    page.merge_cells("B2:B5")
    page.merge_cells("C2:C5")
    book.save(tmp_path / "a.xlsx")
    batch = sources.read_file(tmp_path / "a.xlsx", province="51", today=date(2026, 11, 28))
    frames = list(batch.singles)
    assert [unit for frame in frames for unit in frame["accepting_unit"]] == ["21040"] * 4
    assert {str(moment)[:10] for frame in frames for moment in frame["received_at"]} == {
        "2026-11-03"
    }

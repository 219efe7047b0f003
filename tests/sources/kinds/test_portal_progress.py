"""The portal's progress list: period, province, departments, and what does not add up."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard import sources
from dashboard.batch import Batch
from dashboard.errors import FileRefused
from tests.sources.forms import FORMATS, Grid, official, save, save_csv, some_communes

TODAY = date(2026, 11, 22)
AUGUST = (date(2026, 8, 1), date(2026, 8, 31))
CODES = some_communes("25", 6)


def listing() -> Grid:
    head = ["agency_code", "agency_name", "level", "received", "on_time", "avg_days"]
    rows = [
        [
            f"H44.{100 + number}",
            f"UBND {official(code)} - Tỉnh Phú Thọ",
            "COMMUNE",
            1200 + number,
            900 + number,
            "7.05",
        ]
        for number, code in enumerate(CODES)
    ]
    return [head, *rows, ["H44.42", "Sở Nội vụ - Tỉnh Phú Thọ", "PROVINCE", 50, 20, "3.310"]]


def read(tmp_path: Path, grid: Grid, name: str = "tien_do_2026-08.csv", **how: Any) -> Batch:
    return sources.read_file(save_csv(tmp_path / name, grid), today=TODAY, **how)


def test_counts_days_and_codes_are_kept_per_deciding_unit(tmp_path: Path) -> None:
    batch = read(tmp_path, listing())
    first = batch.dossiers.set_index("deciding_unit").loc[CODES[0]]
    assert (first["received"], first["on_time_766"], first["mean_days"]) == (1200, 900, 7.05)
    assert (first["period_from"], first["period_to"]) == AUGUST
    department = batch.dossiers.set_index("deciding_unit").loc["H44.42"]
    assert department["mean_days"] == 3.31, "a column with decimal points keeps them in every cell"
    assert batch.agencies.set_index("agency_code").at["H44.100", "commune_code"] == CODES[0]
    assert batch.agencies.set_index("agency_code").at["H44.42", "commune_code"] is None


@pytest.mark.parametrize("file_format", FORMATS)
def test_any_format_reads_the_same(tmp_path: Path, file_format: str) -> None:
    batch = sources.read_file(
        save(tmp_path, "tien_do_2026-08", listing(), file_format), today=TODAY
    )
    assert batch.dossiers.equals(read(tmp_path, listing()).dossiers)


def test_vietnamese_headings_in_any_order_read_the_same(tmp_path: Path) -> None:
    words = [
        "Mã cơ quan",
        "Tên cơ quan, đơn vị",
        "Cấp",
        "Tổng số hồ sơ tiếp nhận",
        "Số hồ sơ đúng hạn",
        "Số ngày xử lý trung bình",
    ]
    grid = [["CỔNG DỊCH VỤ CÔNG"], [], *[[None, *reversed(row)] for row in [words, *listing()[1:]]]]
    assert read(tmp_path, grid).dossiers.equals(read(tmp_path, listing()).dossiers)


def test_without_a_level_the_name_tells_communes_from_departments(tmp_path: Path) -> None:
    grid = [[*row[:2], *row[3:]] for row in listing()]
    assert read(tmp_path, grid).agencies["level"].tolist() == ["commune"] * 6 + ["department"]


@pytest.mark.parametrize(
    "name", ["tien_do_2026-08.csv", "phu_tho_202608.csv", "T8.2026.csv", "thang 08-2026.csv"]
)
def test_the_month_in_the_files_name_is_the_period(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, listing(), name).period == AUGUST


def test_the_callers_period_wins_and_a_title_is_understood(tmp_path: Path) -> None:
    july = (date(2026, 7, 1), date(2026, 7, 31))
    assert read(tmp_path, listing(), period=july).period == july
    assert read(tmp_path, [["Tháng 8 năm 2026"], [], *listing()], "a.csv").period == AUGUST
    grid = [["(Từ ngày 01/07/2026 đến ngày 30/09/2026)"], [], *listing()]
    assert read(tmp_path, grid, "a.csv").period == (date(2026, 7, 1), date(2026, 9, 30))


@pytest.mark.parametrize(
    "name", ["tien_do.csv", "tien_do_2026-08-15.csv", "tien_do_2026-08_2026-09.csv"]
)
def test_without_one_certain_period_the_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileRefused, match="--period 2026-08"):
        read(tmp_path, listing(), name)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        (3, "-5", "là số âm"),
        (3, "1,5", "không phải số nguyên"),
        (3, "", "để trống"),
        (4, "1300", "nhiều hơn số tiếp nhận (1.200)"),
        (0, "Trần Văn Một", "không phải mã định danh"),
        (1, "UBND xã Không Có", "không có trong danh mục"),
    ],
)
def test_a_row_that_does_not_add_up_is_not_taken(
    tmp_path: Path, column: int, value: str, words: str
) -> None:
    grid = listing()
    grid[1][column] = value
    batch = read(tmp_path, grid)
    assert [words in str(problem) for problem in batch.problems] == [True]
    assert batch.problems[0].row == 2
    assert len(batch.dossiers) == 6


def test_a_unit_twice_is_taken_only_if_both_rows_agree(tmp_path: Path) -> None:
    same, other = listing(), listing()
    same.append(list(same[1]))
    other.append([*other[1][:4], 7, "1.00"])
    assert len(read(tmp_path, same).dossiers) == 7
    assert len(read(tmp_path, other).dossiers) == 6
    assert "dòng 2 và dòng 9" in str(read(tmp_path, other).problems[0])


def test_thousands_in_counts_are_no_decimals(tmp_path: Path) -> None:
    grid = listing()
    grid[1][3:5] = ["2.971", "2.348"]
    first = read(tmp_path, grid).dossiers.iloc[0]
    assert (first["received"], first["on_time_766"]) == (2971, 2348)

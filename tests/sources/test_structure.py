"""What columns, blocks, sheets and periods of a file mean: never a wrong value."""

from __future__ import annotations

import importlib.util
import os
import random
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dashboard import sources, store
from dashboard.__main__ import main
from dashboard.batch import Batch
from dashboard.errors import FileRefused

TODAY = date(2026, 11, 28)
COMMUNES = {
    "21025": "Phường Cẩm Thành",
    "21040": "Xã Bình Sơn",
    "21220": "Xã Sơn Tịnh",
    "21250": "Xã Nghĩa Giang",
    "21289": "Xã Sơn Hà",
}
TITLE = "Kỳ báo cáo: Tháng 10/2026"


def save_rows(path: Path, *sheets: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.active if not number else book.create_sheet(f"Trang {number + 1}")
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def read_batch(path: Path) -> Batch:
    return sources.read_file(path, province="51", today=TODAY)


def make_figures(number: int) -> dict[str, int]:
    early, on_time, late = 10 + number, 20 + number, 3 + number
    in_term, overdue = 7 + number, 2 + number
    resolved, opened = early + on_time + late, in_term + overdue
    return {
        "received": resolved + opened,
        "resolved": resolved,
        "resolved_early": early,
        "resolved_on_time": on_time,
        "resolved_late": late,
        "open": opened,
        "open_in_term": in_term,
        "open_overdue": overdue,
    }


HEADS = {
    "received": ("Tiếp nhận", "Tổng số"),
    "resolved": ("Đã giải quyết", "Tổng số"),
    "resolved_early": ("Đã giải quyết", "Trước hạn"),
    "resolved_on_time": ("Đã giải quyết", "Đúng hạn"),
    "resolved_late": ("Đã giải quyết", "Quá hạn"),
    "open": ("Đang giải quyết", "Tổng số"),
    "open_in_term": ("Đang giải quyết", "Trong hạn"),
    "open_overdue": ("Đang giải quyết", "Quá hạn"),
}


def make_report(columns: list[tuple[str, str, Any]]) -> list[list[Any]]:
    """`columns`: the two levels of a heading, and a function of a commune's number."""
    rows: list[list[Any]] = [[TITLE], []]
    rows.append(["Đơn vị", *(parent for parent, _, _ in columns)])
    rows.append(["", *(head for _, head, _ in columns)])
    for number, name in enumerate(COMMUNES.values()):
        rows.append([name, *(figure(number) for _, _, figure in columns)])
    return rows


def list_columns() -> list[tuple[str, str, Any]]:
    return [
        (*heads, lambda number, name=name: make_figures(number)[name])
        for name, heads in HEADS.items()
    ]


def check_report(batch: Batch) -> int:
    """How many values are there; every one is true."""
    count = 0
    by_unit = batch.dossiers.set_index("deciding_unit")
    for number, code in enumerate(COMMUNES):
        for name, value in make_figures(number).items():
            stored = by_unit.at[code, name] if code in by_unit.index else float("nan")
            if stored == stored:
                assert stored == value, (code, name)
                count += 1
    return count


def test_other_dossiers_under_the_same_last_word_are_not_counted(tmp_path: Path) -> None:
    columns = [("Thanh toán hồ sơ", "Trực tuyến", lambda _: 999), *list_columns()]
    batch = read_batch(save_rows(tmp_path / "a.xlsx", make_report(columns)))
    assert check_report(batch) == 40
    assert batch.dossiers["received_online"].isna().all()
    assert any("Thanh toán hồ sơ" in str(problem) for problem in batch.problems)


def test_two_columns_that_nothing_tells_apart_refuse_the_file(tmp_path: Path) -> None:
    columns = [("Tiếp nhận", "Tổng số", lambda _: 999), *list_columns()]
    with pytest.raises(FileRefused, match="Tiếp nhận > Tổng số"):
        read_batch(save_rows(tmp_path / "a.xlsx", make_report(columns)))


def test_columns_whose_sums_fail_everywhere_were_misread(tmp_path: Path) -> None:
    columns = list_columns()
    columns[2] = (*HEADS["resolved_early"], lambda number: 90 - number)
    with pytest.raises(FileRefused, match="khác tổng"):
        read_batch(save_rows(tmp_path / "a.xlsx", make_report(columns)))


def test_a_sheet_of_figures_without_headings_is_told(tmp_path: Path) -> None:
    further = [["", 1, 2, 3], ["", 4, 5, 6], ["", 7, 8, 9]]
    path = save_rows(tmp_path / "a.xlsx", make_report(list_columns()), further)
    batch = read_batch(path)
    assert check_report(batch) == 40
    assert any(
        "Trang 2" in problem.message and problem.severity == "refused" for problem in batch.problems
    )


@pytest.mark.parametrize("seed", range(20))
def test_random_reports_are_read_and_never_wrong(tmp_path: Path, seed: int) -> None:
    """Shuffled columns beside cumulative figures, last year's, shares and payments."""
    chance = random.Random(seed)
    columns = list_columns()
    strange = [
        ("Luỹ kế từ đầu năm", "Tiếp nhận", lambda number: 9_000 + number),
        ("Cùng kỳ năm trước", "Đã giải quyết", lambda number: 5_000 + number),
        ("Tỷ lệ (%)", "Đúng hạn", lambda number: 50 + number),
        ("Thanh toán hồ sơ", "Trực tuyến", lambda number: 700 + number),
        ("Hồ sơ chờ tiếp nhận", "Quá hạn", lambda number: 300 + number),
    ]
    columns += chance.sample(strange, chance.randint(0, len(strange)))
    chance.shuffle(columns)
    batch = read_batch(save_rows(tmp_path / "a.xlsx", make_report(columns)))
    assert check_report(batch) == 40


CASES = Path(__file__).parents[2].parent / "shared" / "cases" / "importer"


@pytest.mark.skipif(not CASES.exists(), reason="the collected files are not here")
@pytest.mark.parametrize(
    "number", ["02", "04", "07", "08", "10", "36", "37", "42", "71", "116", "117"]
)
def test_the_collected_files_are_read_right(number: str) -> None:
    """By the judge that came with them, on a store that `setup` would make."""
    spec = importlib.util.spec_from_file_location("check_cases", CASES / "check.py")
    assert spec is not None
    assert spec.loader is not None
    judge = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(judge)

    def run_prepared(arguments: list[str]) -> int:
        store.prepare_store(os.environ["DASHBOARD_DATABASE_URL"]).dispose()
        return main(arguments)

    folder = next(CASES.glob(f"{number}-*"))
    url = os.environ.get("DASHBOARD_DATABASE_URL")
    try:
        verdict, _, figures, said = judge.check(run_prepared, folder)
    finally:
        os.environ.pop("DASHBOARD_DATABASE_URL", None)
        if url is not None:
            os.environ["DASHBOARD_DATABASE_URL"] = url
    assert verdict in {"OK", "OK+notes"}, (figures, said)

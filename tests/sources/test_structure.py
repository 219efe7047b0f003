"""What columns, blocks, sheets and periods of a file mean: never a wrong value."""

from __future__ import annotations

import importlib.util
import os
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from dashboard import sources, store
from dashboard.__main__ import main
from tests.sources.truth import (
    MONTH,
    REPORT_HEADS,
    TODAY,
    Column,
    Outcome,
    Rows,
    assert_read,
    import_file,
    list_report_columns,
    make_table,
    save_book,
    tell_report,
)


def make_report(columns: Sequence[Column]) -> Rows:
    return [[MONTH], [], *make_table(columns)]


def import_report(folder: Path, columns: Sequence[Column], *more_sheets: Rows) -> Outcome:
    return import_file(save_book(folder / "a.xlsx", make_report(columns), *more_sheets))


def test_other_dossiers_under_the_same_last_word_are_not_counted(tmp_path: Path) -> None:
    columns: list[Column] = [
        (("Thanh toán hồ sơ", "Trực tuyến"), lambda _: 999),
        *list_report_columns(),
    ]
    outcome = import_report(tmp_path, columns)
    assert_read(outcome, tell_report())
    assert "Thanh toán hồ sơ" in outcome.words
    batch = sources.read_file(tmp_path / "a.xlsx", province="51", today=TODAY)
    assert batch.dossiers["received_online"].isna().all()


def test_two_columns_that_nothing_tells_apart_refuse_the_file(tmp_path: Path) -> None:
    columns: list[Column] = [(REPORT_HEADS["received"], lambda _: 999), *list_report_columns()]
    assert "Tiếp nhận > Tổng số" in import_report(tmp_path, columns).refusal


def test_columns_whose_sums_fail_everywhere_were_misread(tmp_path: Path) -> None:
    columns = list_report_columns()
    columns[2] = (REPORT_HEADS["resolved_early"], lambda number: 90 - number)
    assert "khác tổng" in import_report(tmp_path, columns).refusal


def test_a_sheet_of_figures_without_headings_is_told(tmp_path: Path) -> None:
    further: Rows = [["", 1, 2, 3], ["", 4, 5, 6], ["", 7, 8, 9]]
    outcome = import_report(tmp_path, list_report_columns(), further)
    assert_read(outcome, tell_report())
    assert any("Trang 2" in problem for problem in outcome.refused)


@pytest.mark.parametrize("seed", range(20))
def test_random_reports_are_read_and_never_wrong(tmp_path: Path, seed: int) -> None:
    """Shuffled columns beside cumulative figures, last year's, shares and payments."""
    chance = random.Random(seed)
    columns = list_report_columns()
    strange: list[Column] = [
        (("Luỹ kế từ đầu năm", "Tiếp nhận"), lambda number: 9_000 + number),
        (("Cùng kỳ năm trước", "Đã giải quyết"), lambda number: 5_000 + number),
        (("Tỷ lệ (%)", "Đúng hạn"), lambda number: 50 + number),
        (("Thanh toán hồ sơ", "Trực tuyến"), lambda number: 700 + number),
        (("Hồ sơ chờ tiếp nhận", "Quá hạn"), lambda number: 300 + number),
    ]
    columns += chance.sample(strange, chance.randint(0, len(strange)))
    chance.shuffle(columns)
    assert_read(import_report(tmp_path, columns), tell_report())


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

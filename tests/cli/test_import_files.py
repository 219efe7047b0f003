"""What a clerk types: import, export, sample, outlines; each says in one line what it did or what
to mend.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard import store
from dashboard.cli import console
from dashboard.errors import Problem
from dashboard.messages import write_message
from dashboard.settings import Settings
from tests import making
from tests.cli.conftest import exported


@pytest.mark.parametrize(
    ("file", "province"),
    [("ke_khai_phu_tho_2025-07-13.xlsx", "25"), ("ke_khai_quang_ngai_2026-11-13.xlsx", "51")],
)
def test_an_imported_declaration_is_exported_with_every_true_value(
    run: Any, shared: Path, file: str, province: str
) -> None:
    assert run("import", str(shared / "samples" / file))[0] == 0
    expected = json.loads((shared / "samples" / "expected.json").read_text(encoding="utf-8"))[file][
        "communes"
    ]
    exported_values: dict[str, dict[str, Any]] = {}
    for row in exported(run, "readings", province):
        exported_values.setdefault(row["commune_code"], {"declared_on": row["as_of"]})[
            row["measure"]
        ] = row["value"]
        assert row["basis"] == "declared"
    assert exported_values == {code: values for code, values in expected.items() if values}


def test_the_published_progress_list_adds_up_to_the_province(run: Any, shared: Path) -> None:
    status, out, _ = run("import", str(shared / "published" / "phu_tho_2026-08_progress.csv"))
    assert status == 0, out
    rows = exported(run, "dossiers", "25")
    assert len(rows) == 148
    assert {(row["from"], row["to"]) for row in rows} == {("2026-08-01", "2026-08-31")}
    kim_boi = next(row for row in rows if row["commune_code"] == "04978")
    assert kim_boi["received"] == 919
    assert kim_boi["resolved"] is None  # the source does not tell: empty, not nought


def test_importing_a_file_again_changes_nothing(run: Any, shared: Path, settings: Settings) -> None:
    file = str(shared / "samples" / "ke_khai_phu_tho_2025-07-13.xlsx")
    run("import", file)
    before = exported(run, "readings", "25")
    status, out, _ = run("import", file)
    assert status == 0
    assert "đã nạp trước đây" in out
    assert exported(run, "readings", "25") == before


def test_a_day_before_the_report_knows_nothing(run: Any, shared: Path) -> None:
    run("import", str(shared / "samples" / "ke_khai_phu_tho_2025-07-13.xlsx"))
    assert exported(run, "readings", "25", "--as-of", "2025-07-03") == []
    assert (
        len(
            {
                row["commune_code"]
                for row in exported(run, "readings", "25", "--as-of", "2025-07-13")
            }
        )
        == 145
    )


def test_a_refused_file_leaves_store_and_version_untouched(
    run: Any, tmp_path: Path, settings: Settings
) -> None:
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"this is no workbook")
    engine = store.open_store(settings.database_url)
    before = store.fetch_data_version(engine).number
    status, out, err = run("import", str(bad))
    assert (status, out) == (2, "")
    assert err.startswith("bad.xlsx: ")
    assert err.count("\n") == 1
    assert store.fetch_data_version(engine).number == before
    engine.dispose()


def test_a_missing_file_is_one_plain_line(run: Any, tmp_path: Path) -> None:
    status, _, err = run("import", str(tmp_path / "nowhere.xlsx"))
    assert status == 2
    assert "nowhere.xlsx" in err
    assert "Traceback" not in err


def test_communes_are_exported_as_csv_that_reads_back(run: Any) -> None:
    status, out, _ = run("export", "communes", "--province", "51")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert status == 0
    assert len(rows) == 96
    assert next(row["name"] for row in rows if row["commune_code"] == "21548") == "Đặc khu Lý Sơn"


def test_an_unknown_province_is_one_plain_line(run: Any) -> None:
    for command in (
        ("export", "readings", "--province", "99"),
        ("import", "--province", "99", "x.xlsx"),
    ):
        status, _, err = run(*command)
        assert status == 2
        assert "Không có tỉnh mã 99" in err


def test_a_bad_setting_is_one_plain_line(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "eighty")
    status, _, err = run("export", "communes", "--province", "51")
    assert status == 2
    assert "PORT" in err
    assert err.count("\n") == 1


def test_a_first_real_file_says_before_it_happens_that_simulated_figures_step_aside(
    run: Any, tmp_path: Path, settings: Settings
) -> None:
    engine = store.prepare_store(settings.database_url)
    readings = making.declaration("21025", date(2026, 11, 20))
    store.save_batch(engine, making.batch("s", readings=readings, origin="simulated"), by="test")
    file = tmp_path / "ke_khai.csv"
    file.write_text(
        "Mã đơn vị,Đơn vị,Máy tính: cần,Máy tính: có\n21115,Xã Trà Bồng,9,8\n", encoding="utf-8"
    )
    lines: list[str] = []
    for options in (["--dry-run"], [], ["--dry-run"]):
        _, out, err = run(
            "import", "--province", "51", "--as-of", "2026-11-20", *options, str(file)
        )
        assert out, err
        lines.append(out.splitlines()[0])
    warning = (
        "Quảng Ngãi đang hiện số liệu mô phỏng. Đây là tệp thật đầu tiên của tỉnh: nạp xong, "
        "số liệu mô phỏng không hiện nữa, màn hình chỉ còn biểu kê khai điều kiện vận hành; "
        'các phần khác ghi "chưa có dữ liệu" cho đến khi có tệp.'
    )
    assert lines[:2] == [warning, warning]
    assert "mô phỏng" not in lines[2], "said once: now the province shows real figures"


def test_one_cause_in_many_cells_is_told_once_with_its_places() -> None:
    problems = [
        Problem(
            write_message("là tỷ lệ phần trăm, không phải số lượng"),
            write_message("hãy nhập số lượng"),
            row,
            "Chữ ký số > Đã cấp",
            f"{row}%",
        )
        for row in range(6, 13)
    ]
    other = Problem(write_message("là số âm"), write_message("hãy nhập lại"), 9, "Tốc độ", "-3")
    assert console.describe_problems([*problems[:3], other, *problems[3:]]) == [
        '  dòng 6, 7, 8, 9, 10, …, cột "Chữ ký số > Đã cấp", 7 chỗ: "6%", "7%", "8%", "9%", "10%", '
        '"…" là tỷ lệ phần trăm, không phải số lượng; hãy nhập số lượng',
        '  dòng 9, cột "Tốc độ": "-3" là số âm; hãy nhập lại',
    ]
    assert console.describe_problems([problems[0], other], most=1)[1] == "  … và 1 vấn đề nữa"

"""A filter over a table, or a column beside its figures, that makes a part of a unit's figures."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.sources.truth import (
    LIST_HEAD,
    MONTH,
    OCTOBER,
    Rows,
    assert_read,
    assert_told,
    import_file,
    list_declared_columns,
    list_report_columns,
    make_dossiers,
    make_table,
    save_book,
    tell_declared,
    tell_report,
)

DECLARED_TITLE = "BIỂU KÊ KHAI (tính đến 16h ngày 10/11/2026)"


def make_report(*lines: list[Any], title: str = MONTH) -> Rows:
    return [[title], *lines, *make_table(list_report_columns())]


def add_column(table: Rows, heading: str, cell: Any, *, head_rows: int) -> Rows:
    """The table with one more column, right of the units' names."""
    added = [[row[0], heading if number == 0 else "", *row[1:]] for number, row in enumerate(table)]
    for row in added[head_rows:]:
        row[1] = cell
    return added


def make_report_with_column(heading: str, cell: Any) -> Rows:
    table = make_table(list_report_columns())
    head_rows = max(len(heads) for heads, _ in list_report_columns())
    return [[MONTH], *add_column(table, heading, cell, head_rows=head_rows)]


def make_declaration_with_column(heading: str, cell: Any) -> Rows:
    table = make_table(list_declared_columns())
    head_rows = max(len(heads) for heads, _ in list_declared_columns())
    return [[DECLARED_TITLE], *add_column(table, heading, cell, head_rows=head_rows)]


@pytest.mark.parametrize(
    "line",
    [
        ["Kênh tiếp nhận: Trực tuyến"],
        ["Thủ tục: Đăng ký khai sinh"],
        ["Trạng thái: Quá hạn"],
        ["Lĩnh vực: Tất cả; Mức độ: Toàn trình"],
        ["Lĩnh vực:", "Hộ tịch"],
        ["Hình thức nộp", "Trực tuyến"],
        ["Đối tượng nộp: Tổ chức"],
    ],
)
def test_a_report_under_a_filter_is_not_the_communes(tmp_path: Path, line: list[str]) -> None:
    outcome = import_file(save_book(tmp_path / "a.xlsx", make_report(line)))
    assert "phía trên bảng" in outcome.refusal
    assert "một phần hồ sơ" in outcome.refusal


@pytest.mark.parametrize(
    "line",
    [
        ["Lĩnh vực: Tất cả", "Kênh: --- Tất cả ---"],
        ["Lĩnh vực: Tất cả; Hình thức: Trực tuyến, trực tiếp, BCCI"],
        ["Trạng thái: Đã phê duyệt"],
        ["Lĩnh vực:", ""],
    ],
)
def test_a_filter_that_lets_everything_through_limits_nothing(
    tmp_path: Path, line: list[str]
) -> None:
    assert_read(import_file(save_book(tmp_path / "a.xlsx", make_report(line))), tell_report())


def test_a_list_under_a_filter_tells_no_rate(tmp_path: Path) -> None:
    rows = [["Trạng thái: Quá hạn"], LIST_HEAD, *make_dossiers(range(6))]
    assert "phía trên bảng" in import_file(save_book(tmp_path / "a.xlsx", rows)).refusal


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("Lĩnh vực", "Đất đai"),
        ("Hình thức nộp", "Trực tuyến"),
        ("Loại hồ sơ", "Liên thông"),
        ("Quầy", "Quầy số 2"),
    ],
)
def test_rows_of_one_field_or_way_are_not_the_units(
    tmp_path: Path, heading: str, cell: str
) -> None:
    rows = make_report_with_column(heading, cell)
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert_told(outcome, {}, f'"{cell}"')
    assert "một phần của đơn vị" in outcome.refusal


@pytest.mark.parametrize("line", [["Người nộp: Trần Văn Ánh"], ["Đối tượng nộp", "Trần Văn Ánh"]])
def test_a_filter_by_person_is_refused_without_the_name(tmp_path: Path, line: list[Any]) -> None:
    outcome = import_file(save_book(tmp_path / "a.xlsx", make_report(line)))
    assert f'"{line[0].partition(":")[0]}: …"' in outcome.refusal
    assert "Ánh" not in outcome.refusal


def test_a_column_of_persons_is_refused_without_a_name(tmp_path: Path) -> None:
    rows = make_report_with_column("Người nộp", "Trần Văn Ánh")
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert "Ánh" not in outcome.refusal
    assert "một phần của đơn vị" in outcome.refusal


def test_a_column_that_says_all_fields_limits_nothing(tmp_path: Path) -> None:
    rows = make_report_with_column("Lĩnh vực", "Tất cả")
    assert_read(import_file(save_book(tmp_path / "a.xlsx", rows)), tell_report())


@pytest.mark.parametrize(
    ("heading", "cell"), [("Địa điểm", "Cơ sở 2"), ("Bộ phận", "Văn phòng HĐND và UBND")]
)
def test_what_one_place_of_a_unit_has_is_not_the_units(
    tmp_path: Path, heading: str, cell: str
) -> None:
    rows = make_declaration_with_column(heading, cell)
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert "một phần của đơn vị" in outcome.refusal


@pytest.mark.parametrize(
    ("heading", "cell"),
    [("Địa điểm", "Thôn 3, đường Hùng Vương"), ("Bộ phận", "Bộ phận một cửa")],
)
def test_an_address_or_the_centre_itself_is_no_part(
    tmp_path: Path, heading: str, cell: str
) -> None:
    rows = make_declaration_with_column(heading, cell)
    assert_read(import_file(save_book(tmp_path / "a.xlsx", rows)), tell_declared())


@pytest.mark.parametrize(("heading", "cell"), [("Tháng", 9), ("Tháng", "T9"), ("Năm", 2025)])
def test_a_column_of_another_month_than_the_title_refuses(
    tmp_path: Path, heading: str, cell: Any
) -> None:
    rows = make_report_with_column(heading, cell)
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert "khác kỳ" in outcome.refusal


def test_a_column_of_the_titles_month_refuses_nothing(tmp_path: Path) -> None:
    rows = make_report_with_column("Kỳ báo cáo", "Tháng 10/2026")
    assert_read(import_file(save_book(tmp_path / "a.xlsx", rows)), tell_report())


def test_a_stage_that_is_to_come_is_not_what_there_is(tmp_path: Path) -> None:
    rows = make_declaration_with_column("Giai đoạn", "Năm 2027")
    assert "khác kỳ" in import_file(save_book(tmp_path / "a.xlsx", rows)).refusal


@pytest.mark.parametrize(
    "line",
    [
        ["Từ ngày:", "01/10/2026", "Đến ngày:", "31/10/2026"],
        ["Từ ngày", datetime(2026, 10, 1), "Đến ngày", datetime(2026, 10, 31)],
        ["Tháng", 10, "Năm", 2026],
    ],
)
def test_a_period_stands_in_cells_beside_their_labels(tmp_path: Path, line: list[Any]) -> None:
    rows = make_report(line, title="KẾT QUẢ GIẢI QUYẾT HỒ SƠ")
    assert_read(import_file(save_book(tmp_path / "a.xlsx", rows)), tell_report(OCTOBER))

"""Offices' forms with several lines a unit, or with units in rows above their dossiers: read where
they are understood whole, refused where a figure might be another's.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.sources.truth import (
    CODES,
    DAY,
    LIST_HEAD,
    MONTH,
    NAMES,
    REPORT_HEADS,
    Rows,
    assert_read,
    count_conditions,
    count_dossiers,
    import_file,
    make_dossiers,
    save_book,
    tell_declared,
    tell_dossiers,
    tell_report,
)

PLACES = range(len(CODES))


def make_declared_lines(
    kinds: tuple[str, str] = ("Cần", "Có"), *, is_named_once: bool = True, heading: str = "Nội dung"
) -> Rows:
    rows: Rows = [[DAY], ["STT", "Đơn vị", heading, "Chữ ký số", "Máy tính"]]
    for number in PLACES:
        counts = list(count_conditions(number).values())
        again = "" if is_named_once else NAMES[number]
        rows.append([number + 1, NAMES[number], kinds[0], *counts[::2]])
        rows.append(["", again, kinds[1], *counts[1::2]])
    return rows


def make_report_lines(kinds: dict[str, int], *, in_unit_column: bool = False) -> Rows:
    """A line a kind; the figures are the true ones where a kind's factor is 1."""
    heads = list(REPORT_HEADS.values())
    columns = ["Đơn vị"] if in_unit_column else ["Đơn vị", "Kỳ"]
    blanks = [""] * len(columns)
    rows: Rows = [[MONTH], [*columns, *(head[0] for head in heads)]]
    rows.append([*blanks, *(head[1] for head in heads)])
    for commune_number in PLACES:
        if in_unit_column:
            rows.append([NAMES[commune_number]])
        for number, (line_kind, factor) in enumerate(kinds.items()):
            figures = [factor * value for value in count_dossiers(commune_number).values()]
            name = "" if number else NAMES[commune_number]
            rows.append(
                [f"- {line_kind}", *figures] if in_unit_column else [name, line_kind, *figures]
            )
    return rows


@pytest.mark.parametrize("is_named_once", [True, False])
@pytest.mark.parametrize(
    "kinds", [("Cần", "Có"), ("Nhu cầu", "Hiện có"), ("- Số lượng cần", "- Số lượng có")]
)
def test_what_is_needed_above_what_is_there(
    tmp_path: Path, kinds: tuple[str, str], is_named_once: bool
) -> None:
    rows = make_declared_lines(kinds, is_named_once=is_named_once)
    outcome = import_file(save_book(tmp_path / "ke_khai.xlsx", rows))
    assert_read(outcome, tell_declared())
    assert "nhiều dòng" in outcome.words


def test_lines_of_a_text_file(tmp_path: Path) -> None:
    path = tmp_path / "ke_khai.csv"
    path.write_text("\n".join(";".join(map(str, row)) for row in make_declared_lines()))
    assert_read(import_file(path), tell_declared())


@pytest.mark.parametrize("in_unit_column", [True, False])
@pytest.mark.parametrize(
    "kinds",
    [
        {"Trong tháng": 1, "Lũy kế": 9},
        {"Lũy kế từ đầu năm": 9, "Trong tháng": 1},
        {"Tháng trước": 2, "Tháng này": 1},
        {"Số lượng": 1, "Tỷ lệ (%)": 0},
    ],
)
def test_lines_of_the_month_and_of_other_periods(
    tmp_path: Path, kinds: dict[str, int], in_unit_column: bool
) -> None:
    rows = make_report_lines(kinds, in_unit_column=in_unit_column)
    assert_read(import_file(save_book(tmp_path / "a.xlsx", rows)), tell_report())


@pytest.mark.parametrize(
    "kinds", [{"Đầu kỳ": 9, "Cuối kỳ": 1}, {"Kế hoạch": 9, "Thực hiện": 1}, {"": 1, " ": 9}]
)
def test_lines_of_no_known_kind_are_refused(tmp_path: Path, kinds: dict[str, int]) -> None:
    outcome = import_file(save_book(tmp_path / "a.xlsx", make_report_lines(kinds)))
    assert not outcome.read
    assert "không có tên (dòng 5, 7, 9, …)" in outcome.refusal


def test_a_unit_that_lacks_a_line_leaves_the_form_uncertain(tmp_path: Path) -> None:
    rows = make_declared_lines()
    del rows[5]
    assert not import_file(save_book(tmp_path / "ke_khai.xlsx", rows)).read


def test_a_cross_beside_one_line_is_no_cross_beside_the_other(tmp_path: Path) -> None:
    rows = make_declared_lines()
    for number, row in enumerate(rows[1:]):
        row.append("Thiết bị ATTT" if not number else "x" if number % 2 else "")
    assert not import_file(save_book(tmp_path / "ke_khai.xlsx", rows)).read


def make_grouped_list(units: list[Any], *, further: Rows | None = None) -> Rows:
    """Two dossiers below each unit's row."""
    head = [heading for heading in LIST_HEAD if heading != "Đơn vị tiếp nhận"]
    rows: Rows = [["DANH SÁCH HỒ SƠ"], head]
    for number, unit in enumerate(units):
        dossiers = make_dossiers([number, number + len(NAMES)])
        rows += [unit, *(further or []), *([row[0], *row[2:]] for row in dossiers)]
    return rows


@pytest.mark.parametrize(
    "spell",
    [
        lambda number, name: [name],
        lambda number, name: [["I", "II", "III", "IV", "V"][number], f"UBND {name}"],
        lambda number, name: [f"Đơn vị: {name} (2 hồ sơ)"],
    ],
)
@pytest.mark.parametrize("further", [[], [["Lĩnh vực: Đất đai"]]])
def test_a_unit_above_its_dossiers_is_theirs(tmp_path: Path, spell: Any, further: Rows) -> None:
    units = [spell(number, name) for number, name in enumerate(NAMES)]
    path = save_book(tmp_path / "ds.xlsx", make_grouped_list(units, further=further))
    outcome = import_file(path)
    assert_read(outcome, tell_dossiers(range(10)))
    assert "dòng riêng" in outcome.words


@pytest.mark.parametrize("other", ["Xã Không Có", "Nguyễn Văn A", "Chuyển kỳ sau"])
def test_a_row_above_dossiers_that_is_no_unit_leaves_the_list_uncertain(
    tmp_path: Path, other: str
) -> None:
    units = [[name] for name in NAMES]
    units[2] = [other]
    assert not import_file(save_book(tmp_path / "ds.xlsx", make_grouped_list(units))).read


def test_who_decides_is_not_who_stands_above(tmp_path: Path) -> None:
    rows = make_grouped_list([[name] for name in NAMES])
    rows[1:] = [
        [*row, "Đơn vị giải quyết" if number == 0 else NAMES[0]] if len(row) > 1 else row
        for number, row in enumerate(rows[1:])
    ]
    assert_read(import_file(save_book(tmp_path / "ds.xlsx", rows)), tell_dossiers(range(10)))


def test_a_unit_far_below_keeps_the_first_from_being_everybodys(tmp_path: Path) -> None:
    head = [heading for heading in LIST_HEAD if heading != "Đơn vị tiếp nhận"]
    rows: Rows = [["DANH SÁCH HỒ SƠ"], head]
    for number in (0, 1):
        numbers = range(number, 200 * len(NAMES), len(NAMES))
        rows += [[NAMES[number]], *([row[0], *row[2:]] for row in make_dossiers(numbers))]
    outcome = import_file(save_book(tmp_path / "ds.xlsx", rows))
    assert set(outcome.read.values()) == {CODES[0], CODES[1]}
    assert len(outcome.read) == 400
    rows.append(["Phường Chưa Biết"])
    rows += [[row[0], *row[2:]] for row in make_dossiers([9_999])]
    assert not import_file(save_book(tmp_path / "ds.xlsx", rows)).read


@pytest.mark.parametrize(
    "head",
    [
        ["Đơn vị", "Loại thiết bị", "Số lượng", "Tình trạng"],
        ["Đơn vị", "Số hiệu chứng thư", "Ngày hết hạn", "Trạng thái"],
    ],
)
def test_a_unit_that_is_written_once_over_its_things_is_asked_back(
    tmp_path: Path, head: list[str]
) -> None:
    rows: Rows = [[DAY], head]
    for name in NAMES:
        rows.append([name, "Máy tính", 3, "Đang sử dụng"])
        rows.append(["", "Máy tính xách tay", 2, "Đang sử dụng"])
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert not outcome.read
    assert "không có tên" in outcome.refusal


def test_two_rows_of_a_unit_that_differ_are_nobodys_to_choose(tmp_path: Path) -> None:
    rows: Rows = [[DAY], ["Đơn vị", "Máy tính", "Máy scan"]]
    rows += [[name, 10, 2] for name in NAMES]
    rows.append([NAMES[0], 12, 2])
    rows.append([NAMES[1], 10, 2])
    outcome = import_file(save_book(tmp_path / "kiem_ke.xlsx", rows))
    assert {code for _, code, _ in outcome.read} == set(CODES[1:])
    assert "hai dòng khác nhau (dòng 3 và dòng 8)" in outcome.words
    assert "hai dòng giống nhau (dòng 4 và dòng 9)" in outcome.words

"""Forms that differ from ours as offices' forms do: read right, or refused with the true cause."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dashboard import sources
from tests.sources.truth import (
    CODES,
    DAY,
    MONTH,
    NAMES,
    OCTOBER,
    REPORT_HEADS,
    TODAY,
    Column,
    Rows,
    assert_read,
    assert_told,
    count_dossiers,
    import_file,
    list_declared_columns,
    list_report_columns,
    make_table,
    save_book,
    tell_declared,
    tell_report,
)

COLUMNS = list_report_columns()
SUMS = [sum(figure(number) for number in range(5)) for _, figure in COLUMNS]
ISSUED = ("signature_issued", CODES[0], "2026-11-10")


def list_shifted_columns(kinds: list[tuple[str, int]], *, on_top: bool) -> list[Column]:
    """Each column of the report as often as there are kinds of figures, true where the shift is
    0; the kind stands over the columns or below each of them."""
    pairs = [(name, *pair) for name in REPORT_HEADS for pair in kinds]
    if on_top:
        pairs.sort(key=lambda pair: [figure_kind for figure_kind, _ in kinds].index(pair[1]))
    return [
        (
            (figure_kind, *REPORT_HEADS[name]) if on_top else (*REPORT_HEADS[name], figure_kind),
            lambda seed, name=name, shift=shift: count_dossiers(seed + shift)[name],  # type: ignore[misc]
        )
        for name, figure_kind, shift in pairs
    ]


@pytest.mark.parametrize(
    "kinds",
    [
        [("Trong kỳ", 0), ("Luỹ kế", 300), ("Cùng kỳ", 100)],
        [("Lũy kế từ đầu năm", 300), ("Trong tháng", 0)],
        [("Tháng trước", 50), ("Tháng này", 0), ("So sánh (+/-)", 7)],
        [("Phát sinh trong kỳ", 0), ("Cộng dồn đến kỳ báo cáo", 200)],
        [("Số lượng", 0), ("Tỷ lệ", 41)],
        [("SL", 0), ("TL (%)", 41)],
        [("Kỳ trước", 50), ("Kỳ báo cáo", 0)],
    ],
)
@pytest.mark.parametrize("on_top", [False, True])
def test_the_figures_of_the_period_are_told_from_others(
    tmp_path: Path, kinds: list[tuple[str, int]], on_top: bool
) -> None:
    columns = list_shifted_columns(kinds, on_top=on_top)
    outcome = import_file(save_book(tmp_path / "a.xlsx", make_table(columns, MONTH)))
    truth = tell_report()
    assert {
        key: outcome.read[key] for key in outcome.read if truth.get(key) != outcome.read[key]
    } == {}
    assert outcome.read == truth or outcome.refusal, outcome.words


@pytest.mark.parametrize(
    "kinds",
    [
        [("Số liệu A", 50), ("Số liệu B", 0)],
        [("Lĩnh vực đất đai", 5), ("Lĩnh vực hộ tịch", 0)],
        [("Cấp tỉnh tiếp nhận", 50), ("Cấp xã tiếp nhận", 0)],
        [("Kỳ gốc", 70), ("Kỳ sau", 0)],
    ],
)
@pytest.mark.parametrize("on_top", [False, True])
def test_blocks_that_nothing_tells_apart_are_refused(
    tmp_path: Path, kinds: list[tuple[str, int]], on_top: bool
) -> None:
    columns = list_shifted_columns(kinds, on_top=on_top)
    outcome = import_file(save_book(tmp_path / "a.xlsx", make_table(columns, MONTH)))
    assert outcome.refusal
    assert not outcome.read


@pytest.mark.parametrize(
    "name",
    [
        *("Cộng I", "Cụm số 1", "Khu vực miền núi", "Huyện Sơn Hà (cũ)", "Tỉnh Quảng Ngãi"),
        *("Quảng Ngãi", "96 xã, phường", "TOÀN TỈNH (96 xã, phường)", "Cộng các xã:"),
        *("Tổng (I+II)", "Trong đó:", "Cấp xã", "Tổng số xã, phường"),
    ],
)
@pytest.mark.parametrize("position", [3, 6, 8])
def test_sums_between_the_rows_are_no_units(tmp_path: Path, name: str, position: int) -> None:
    rows = make_table(COLUMNS, MONTH)
    rows.insert(position, [name, *SUMS])
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert outcome.read == tell_report(), outcome.words


@pytest.mark.parametrize(
    "unit",
    [
        *("Đơn vị tính: nghìn hồ sơ", "ĐVT: 1.000 hồ sơ", "(Đơn vị tính: ngàn hồ sơ)"),
        *("Đvt: 100 hồ sơ", "Đơn vị tính: chục hồ sơ", "đơn vị tính : %"),
        *("ĐƠN VỊ TÍNH: NGHÌN HỒ SƠ", "Đơn vị: vạn hồ sơ"),
    ],
)
def test_counts_in_another_unit_are_refused(tmp_path: Path, unit: str) -> None:
    rows = make_table(COLUMNS, MONTH)
    rows.insert(1, ["", "", "", "", unit])
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert_told(outcome, {}, "đơn vị")
    assert not outcome.read


@pytest.mark.parametrize(
    "cell",
    [
        *("10-12", "khoảng 20", ">20", "20/24", "20 (trong đó 3 hỏng)", "~20", "15+5", "24₂"),
        *("hai mươi", "(24)", "từ 10 đến 12", "20?", "10/11", "20; 21", "N/A", "chưa xác định"),
        *("0x10", "1e3", "1,5 nghìn", "2 triệu", "2k", "1,234,5", "1 2", "20\n21", "20→22"),
        *("#REF!", "#N/A", "#DIV/0!", "-5", "24,5", "70%", "x", True, datetime(2026, 11, 10)),
    ],
)
def test_what_is_no_certain_count_is_told(tmp_path: Path, cell: Any) -> None:
    rows = make_table(list_declared_columns(), DAY)
    rows[3][2] = cell
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    truth = tell_declared()
    del truth[ISSUED]
    assert_told(outcome, truth, "dòng 4")
    assert outcome.read == truth


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        *(("24²", 24), ("24(*)", 24), ("24 máy", 24), ("1 234", 1234), ("0", 0), ("-", 0)),
        *(("２４", 24), ("24\u00a0", 24), ("024", 24), ("24,0", 24), (24.0, 24)),
    ],
)
def test_certain_counts_are_read_as_people_write_them(
    tmp_path: Path, cell: Any, value: int
) -> None:
    rows = make_table(list_declared_columns(), DAY)
    rows[3][2] = cell
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert_read(outcome, tell_declared() | {ISSUED: value})


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("Tuần 44 (từ 26/10 đến 01/11/2026)", ("2026-10-26", "2026-11-01")),
        ("Lũy kế từ đầu năm đến hết tháng 10 năm 2026", ("2026-01-01", "2026-10-31")),
        ("10 tháng năm 2026", ("2026-01-01", "2026-10-31")),
        ("Quý 3 năm 2026", ("2026-07-01", "2026-09-30")),
        ("THÁNG 10 NĂM 2026", OCTOBER),
        ("Từ 01.10.2026 đến 31.10.2026", OCTOBER),
        ("Kỳ báo cáo: Tháng 10/2026 (số liệu tính đến 05/11/2026)", OCTOBER),
        ("9 tháng đầu năm 2026", ("2026-01-01", "2026-09-30")),
    ],
)
def test_titles_tell_the_period(tmp_path: Path, title: str, period: tuple[str, str]) -> None:
    path = save_book(tmp_path / "a.xlsx", make_table(COLUMNS, title))
    assert_read(import_file(path), tell_report(period))


@pytest.mark.parametrize("title", ["Tháng 9, tháng 10 năm 2026", "Tháng mười", "Kỳ này"])
def test_titles_without_a_certain_period_are_refused(tmp_path: Path, title: str) -> None:
    outcome = import_file(save_book(tmp_path / "a.xlsx", make_table(COLUMNS, title)))
    assert "kỳ báo cáo" in outcome.refusal


def add_notes(rows: Rows) -> None:
    rows += [[], ["Ghi chú: trích từ hệ thống"], ["(*) Gồm 12 hồ sơ, 34 hồ sơ"]]
    rows += [["Người lập biểu", "", "", "Thủ trưởng"], ["Nguyễn Văn A", "", "", "Trần B"]]


def break_names(rows: Rows) -> None:
    for row in rows[3:]:
        row[0] = row[0].replace(" ", "\n", 1)


def set_kinds_above(rows: Rows) -> None:
    rows[3:] = [
        line
        for row in rows[3:]
        for line in ([row[0].split(" ", 1)[0]], [row[0].split(" ", 1)[1], *row[1:]])
    ]


def add_percentages(rows: Rows) -> None:
    for number, row in enumerate(rows[1:]):
        extra = ("Đã giải quyết", "Tỷ lệ đúng hạn (%)", 85)[min(number, 2)]
        row.insert(5, extra)


@pytest.mark.parametrize("change", [add_notes, break_names, set_kinds_above, add_percentages])
def test_what_stands_around_the_figures_changes_none(
    tmp_path: Path, change: Callable[[Rows], None]
) -> None:
    rows = make_table(COLUMNS, MONTH)
    change(rows)
    assert_read(import_file(save_book(tmp_path / "a.xlsx", rows)), tell_report())


@pytest.mark.parametrize("is_below", [True, False])
def test_names_that_end_in_the_next_row(tmp_path: Path, *, is_below: bool) -> None:
    rows = make_table(COLUMNS, MONTH)
    lines: Rows = []
    for name, *figures in rows[3:]:
        first, last = name.rsplit(" ", 1)
        lines += [[first], [last, *figures]] if is_below else [[first, *figures], [last]]
    outcome = import_file(save_book(tmp_path / "a.xlsx", [*rows[:3], *lines]))
    assert_read(outcome, tell_report())
    assert "tên đơn vị xuống dòng" in outcome.words


def test_a_longer_name_in_two_rows_is_not_the_shorter_commune(tmp_path: Path) -> None:
    rows = make_table(COLUMNS, MONTH)
    rows[3][0] = "Xã Sơn Tây"
    rows.insert(4, ["Thượng"])
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert "21334" in {key[1] for key in outcome.read}
    assert "21340" not in {key[1] for key in outcome.read}


def test_a_name_that_ends_in_no_unit_is_told(tmp_path: Path) -> None:
    rows = make_table(COLUMNS, MONTH)
    rows[4][0] = "Xã Bình"
    rows.insert(5, ["Nguyên Sơn"])
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    truth = {key: n for key, n in tell_report().items() if key[1] != CODES[1]}
    assert_told(outcome, truth, "không có trong danh mục")


def test_names_that_a_formula_did_not_find_leave_the_province_certain(tmp_path: Path) -> None:
    rows = make_table(COLUMNS, MONTH)
    rows[4][0] = rows[6][0] = "#N/A"
    batch = sources.read_file(save_book(tmp_path / "a.xlsx", rows), today=TODAY)
    assert batch.province_code == "51"
    assert len(batch.dossiers) == len(CODES) - 2


def test_the_unit_of_counts_in_a_cell_of_its_own(tmp_path: Path) -> None:
    rows = make_table(COLUMNS, MONTH)
    rows.insert(1, ["", "", "", "Đơn vị tính:", "nghìn hồ sơ"])
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert_told(outcome, {}, "nghìn")
    assert not outcome.read


def test_a_head_with_the_same_words_twice_is_refused(tmp_path: Path) -> None:
    words = ["Đơn vị", "Tiếp nhận", "Giải quyết", "Đúng hạn", "Quá hạn", "Chưa giải quyết"]
    rows: Rows = [[MONTH], [*words, "Đúng hạn", "Quá hạn"]]
    rows += [[name, 42, 33, 30, 3, 9, 7, 2] for name in NAMES]
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert '"Đúng hạn"' in outcome.refusal


def test_a_hidden_row_that_is_the_only_one_is_read_and_told(tmp_path: Path) -> None:
    path = save_book(tmp_path / "a.xlsx", make_table(COLUMNS, MONTH))
    book = openpyxl.load_workbook(path)
    book.active.row_dimensions[5].hidden = True
    book.save(path)
    outcome = import_file(path)
    assert_read(outcome, tell_report())
    assert "dòng ẩn" in outcome.words


def test_a_hidden_column_of_the_same_heading_never_wins(tmp_path: Path) -> None:
    columns = [(("Tiếp nhận", "Tổng số"), lambda _: 999), *COLUMNS]
    path = save_book(tmp_path / "a.xlsx", make_table(columns, MONTH))
    book = openpyxl.load_workbook(path)
    book.active.column_dimensions["B"].hidden = True
    book.save(path)
    outcome = import_file(path)
    assert_read(outcome, tell_report())
    assert "cột ẩn" in outcome.words


def test_sums_of_a_page_are_no_units(tmp_path: Path) -> None:
    rows = make_table(COLUMNS, MONTH)
    below = [sum(row[index] for row in rows[3:5]) for index in range(1, len(rows[3]))]
    rows.insert(5, ["Cộng trang", *below])
    rows.insert(6, ["Mang sang", *below])
    assert_read(import_file(save_book(tmp_path / "a.xlsx", rows)), tell_report())


def test_a_formula_without_a_result_is_named_as_the_cause(tmp_path: Path) -> None:
    rows = make_table(COLUMNS, MONTH)
    for row in rows[3:]:
        row[1] = '=IF(A1="","",12)'
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    truth = {key: n for key, n in tell_report().items() if key[0] != "received"}
    assert_told(outcome, truth, "là công thức chưa có kết quả")


def test_figures_beside_types_of_devices_are_told(tmp_path: Path) -> None:
    rows: Rows = [["Tính đến ngày 10/11/2026"], ["Đơn vị", "Máy tính", "Máy scan", "CTS"]]
    rows += [[name, 9, 2, 12 + place] for place, name in enumerate(NAMES)]
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert outcome.read["computer_available", CODES[0], "2026-11-10"] == 9
    assert '"CTS" (D)' in " ".join(outcome.refused)

"""All tables of a workbook: below each other, beside each other, sheet after sheet."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources.forms import save_csv
from tests.sources.truth import (
    COMMUNES,
    DAY,
    LIST_HEAD,
    MONTH,
    NAMES,
    SEPTEMBER,
    Column,
    Rows,
    Truth,
    assert_read,
    assert_told,
    import_file,
    list_declared_columns,
    list_report_columns,
    make_dossiers,
    make_head,
    make_rows,
    make_table,
    save_book,
    tell_declared,
    tell_dossiers,
    tell_report,
)

REPORT = make_table(list_report_columns(), MONTH)
DECLARATION = make_table(list_declared_columns(), DAY)
SCANNERS: list[Column] = [
    (("Máy scan", "Cần"), lambda seed: 3 + seed),
    (("Máy scan", "Có"), lambda seed: 1 + seed),
]


def tell_scanners(codes: list[str]) -> Truth:
    return {
        (name, code, "2026-11-10"): first + number
        for number, code in enumerate(codes)
        for name, first in (("scanner_needed", 3), ("scanner_available", 1))
    }


def set_beside(left: Rows, right: Rows) -> Rows:
    width = max(map(len, left))
    return [
        [*first, *[""] * (width + 1 - len(first)), *second]
        for first, second in zip(left, right, strict=True)
    ]


def test_two_kinds_below_each_other(tmp_path: Path) -> None:
    path = save_book(tmp_path / "a.xlsx", [*DECLARATION, [], [], *REPORT])
    assert_read(import_file(path), tell_declared() | tell_report())


def test_two_months_below_each_other_have_their_own_periods(tmp_path: Path) -> None:
    earlier = make_table(list_report_columns(40), "Tháng 9/2026")
    path = save_book(tmp_path / "a.xlsx", [*earlier, [], *REPORT])
    assert_read(import_file(path), tell_report(SEPTEMBER, 40) | tell_report())


def test_a_month_without_its_year_has_that_of_the_sheet(tmp_path: Path) -> None:
    sheet: Rows = [["BÁO CÁO NĂM 2026"], ["Tháng 9"], *make_table(list_report_columns(40)), []]
    path = save_book(
        tmp_path / "a.xlsx", [*sheet, ["Tháng 10"], *make_table(list_report_columns())]
    )
    assert_read(import_file(path), tell_report(SEPTEMBER, 40) | tell_report())


@pytest.mark.parametrize("separator", ["xlsx", ";"])
def test_two_days_below_each_other(tmp_path: Path, separator: str) -> None:
    earlier = make_table(list_declared_columns(-1), "Số liệu tính đến ngày 09/11/2026")
    sheet = [*earlier, [], *DECLARATION]
    path = tmp_path / "a.csv"
    if separator == "xlsx":
        save_book(path.with_suffix(".xlsx"), sheet)
        path = path.with_suffix(".xlsx")
    else:
        save_csv(path, sheet, separator)
    truth = tell_declared("2026-11-09", -1) | tell_declared()
    assert_read(import_file(path), truth)


def test_further_columns_below_take_the_day_above(tmp_path: Path) -> None:
    path = save_book(tmp_path / "a.xlsx", [*DECLARATION, [], ["Biểu 2"], *make_table(SCANNERS)])
    assert_read(import_file(path), tell_declared() | tell_scanners(list(COMMUNES)))


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Số liệu quý trước, tháng 9/2026", "tính đến ngày nào"),
        ("Kế hoạch năm 2027", "kế hoạch hoặc đề xuất"),
        ("Kỳ trước", "tính đến ngày nào"),
        ("Dự kiến trang bị", "tính đến ngày nào"),
        ("Cùng kỳ", "tính đến ngày nào"),
    ],
)
def test_a_table_with_a_time_of_its_own_takes_none_from_above(
    tmp_path: Path, title: str, reason: str
) -> None:
    further = make_table(SCANNERS, title)
    outcome = import_file(save_book(tmp_path / "a.xlsx", [*DECLARATION, [], *further]))
    assert_told(outcome, tell_declared(), reason)


def test_a_head_on_each_page_is_the_same_table(tmp_path: Path) -> None:
    columns = list_report_columns()
    second = [["Trang 2/2"], *make_table(columns, communes=[3, 4])]
    second[1] = [f"{cell}  ".upper() for cell in second[1]]
    path = save_book(tmp_path / "a.xlsx", [*make_table(columns, MONTH, [0, 1, 2]), *second])
    outcome = import_file(path)
    assert_read(outcome, tell_report())
    assert not outcome.words.strip()


def test_a_day_under_the_signatures_is_not_the_next_tables(tmp_path: Path) -> None:
    signed: Rows = [["Ngày 12 tháng 11 năm 2026", "", "Người lập biểu"], ["", "", "Ký tên"]]
    letter = "(Kèm theo Công văn số 12 ngày 05/11/2026)"
    sheet = [*DECLARATION, *signed, ["Biểu 2"], *make_table(SCANNERS, letter)]
    path = save_book(tmp_path / "a.xlsx", sheet)
    assert_read(import_file(path), tell_declared() | tell_scanners(list(COMMUNES)))


def test_two_kinds_beside_each_other(tmp_path: Path) -> None:
    path = save_book(tmp_path / "a.xlsx", set_beside(DECLARATION, REPORT))
    assert_read(import_file(path), tell_declared() | tell_report())


def test_blocks_whose_communes_stand_in_another_order(tmp_path: Path) -> None:
    right = make_table(SCANNERS)
    for row, name in zip(right[2:], reversed(NAMES), strict=True):
        row[0] = name
    path = save_book(tmp_path / "a.xlsx", [[DAY], *set_beside(DECLARATION[1:], right)])
    truth = tell_declared() | tell_scanners(list(reversed(COMMUNES)))
    assert_read(import_file(path), truth)


def test_halves_of_one_table_with_the_names_repeated_stay_one(tmp_path: Path) -> None:
    columns = list_report_columns()
    left, right = make_table(columns[:2]), make_table(columns[2:])
    path = save_book(tmp_path / "a.xlsx", [[MONTH], *set_beside(left, right)])
    assert_read(import_file(path), tell_report())


def test_an_unknown_table_below_is_told(tmp_path: Path) -> None:
    paid: Rows = [["Bảng 2"], ["Đơn vị", "Số giao dịch", "Số tiền"]]
    paid += [[name, 500, 7000] for name in NAMES]
    outcome = import_file(save_book(tmp_path / "a.xlsx", [*REPORT, [], *paid]))
    assert_told(outcome, tell_report(), "từ dòng")
    assert outcome.read == tell_report()


def test_a_list_that_goes_on_without_headings(tmp_path: Path) -> None:
    path = save_book(
        tmp_path / "a.xlsx",
        [LIST_HEAD, *make_dossiers(range(6))],
        make_dossiers(range(6, 12)),
        make_dossiers(range(12, 15)),
    )
    assert_read(import_file(path), tell_dossiers(range(15)))


def test_a_report_that_goes_on_without_headings(tmp_path: Path) -> None:
    columns = list_report_columns()
    first = make_table(columns, MONTH, [0, 1, 2])
    path = save_book(tmp_path / "a.xlsx", first, make_rows(columns, [3, 4]))
    assert_read(import_file(path), tell_report())


def test_rows_in_other_columns_do_not_go_on_with_a_list(tmp_path: Path) -> None:
    shifted = [["x", *row] for row in make_dossiers(range(6, 12))]
    path = save_book(tmp_path / "a.xlsx", [LIST_HEAD, *make_dossiers(range(6))], shifted)
    outcome = import_file(path)
    assert_told(outcome, tell_dossiers(range(6)), 'không đọc trang "Trang 2"')


def test_a_hidden_sheet_is_never_read_and_told(tmp_path: Path) -> None:
    older = make_table(list_declared_columns(50), DAY)
    outcome = import_file(save_book(tmp_path / "a.xlsx", older, DECLARATION, hidden=[0]))
    assert_read(outcome, tell_declared())
    assert "trang ẩn" in outcome.words


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("Ngày 9-11", "Ngày 10-11"),
        ("9.11", "10.11"),
        ("09-11-2026", "10-11-2026"),
        ("20261109", "20261110"),
    ],
)
def test_the_tab_tells_the_day_of_its_sheet(tmp_path: Path, earlier: str, later: str) -> None:
    title = "BIỂU KÊ KHAI NĂM 2026"
    path = save_book(
        tmp_path / "a.xlsx",
        make_table(list_declared_columns(-1), title),
        make_table(list_declared_columns(), title),
        names=[earlier, later],
    )
    assert_read(import_file(path), tell_declared("2026-11-09", -1) | tell_declared())


@pytest.mark.parametrize(
    ("earlier", "later"),
    [("Tháng 9", "Tháng 10"), ("T9", "T10"), ("9-2026", "10-2026")],
)
def test_the_tab_tells_the_month_of_its_sheet(tmp_path: Path, earlier: str, later: str) -> None:
    title = "BÁO CÁO NĂM 2026"
    path = save_book(
        tmp_path / "a.xlsx",
        make_table(list_report_columns(40), title),
        make_table(list_report_columns(), title),
        names=[earlier, later],
    )
    assert_read(import_file(path), tell_report(SEPTEMBER, 40) | tell_report())


@pytest.mark.parametrize("names", [["T9"], ["T9", "T10"], ["Tháng 9", "Tháng 10"]])
def test_a_tab_without_a_year_has_that_of_the_files_name(tmp_path: Path, names: list[str]) -> None:
    sheets = [make_table(list_report_columns(shift), "BÁO CÁO") for shift in (40, 0)]
    path = save_book(tmp_path / "bao_cao_2026-10.xlsx", *sheets[: len(names)], names=names)
    truth = tell_report(SEPTEMBER, 40) | (tell_report() if len(names) > 1 else {})
    assert_read(import_file(path), truth)


def test_a_tabs_day_is_not_that_of_the_files_name(tmp_path: Path) -> None:
    sheet = make_table(list_declared_columns(-1), "KÊ KHAI")
    path = save_book(tmp_path / "ke_khai_20261110.xlsx", sheet, names=["9.11"])
    assert_read(import_file(path), tell_declared("2026-11-09", -1))


@pytest.mark.parametrize("title", ["Kỳ trước", "Kế hoạch năm 2027", ""])
def test_a_second_table_under_the_same_head_is_not_the_same_day(tmp_path: Path, title: str) -> None:
    other = make_table(list_declared_columns(50), title)
    outcome = import_file(save_book(tmp_path / "a.xlsx", [*DECLARATION, [], *other]))
    assert_told(outcome, tell_declared(), "dòng")


def test_sheets_that_contradict_each_other_tell_neither(tmp_path: Path) -> None:
    other = make_table(list_declared_columns(9), DAY, [0, 1])
    outcome = import_file(save_book(tmp_path / "a.xlsx", DECLARATION, other))
    assert_told(outcome, tell_declared(), "khác nhau giữa các trang")
    assert outcome.read == tell_declared(communes=[2, 3, 4])


def test_sheets_that_repeat_each_other_are_read_once(tmp_path: Path) -> None:
    again = make_table(list_declared_columns(), DAY, [0, 1])
    assert_read(import_file(save_book(tmp_path / "a.xlsx", DECLARATION, again)), tell_declared())


def test_titles_repeated_on_each_page_begin_no_table(tmp_path: Path) -> None:
    """Sums carried from page to page are those of one table."""
    columns = list_report_columns()
    head = [["BÁO CÁO HỒ SƠ THỦ TỤC HÀNH CHÍNH"], [MONTH], *make_head(columns)]
    first, second = make_rows(columns, range(3)), make_rows(columns, range(3, 5))
    carried = [sum(column) for column in zip(*(row[1:] for row in first), strict=True)]
    every = [sum(column) for column in zip(*(row[1:] for row in first + second), strict=True)]
    rows = [*head, *first, ["Cộng trang 1", *carried], ["Trang 2/2"], *head]
    rows += [["Mang sang", *carried], *second, ["Tổng cộng", *every]]
    outcome = import_file(save_book(tmp_path / "bao_cao.xlsx", rows))
    assert_read(outcome, tell_report())
    assert not outcome.warnings


def test_another_title_above_the_same_head_begins_a_table(tmp_path: Path) -> None:
    columns = list_report_columns()
    rows = [["BÁO CÁO HỒ SƠ THỦ TỤC HÀNH CHÍNH"], [MONTH], *make_table(columns, communes=[0, 1])]
    rows += [["Kỳ báo cáo: Tháng 9/2026"], *make_table(columns, communes=[2])]
    outcome = import_file(save_book(tmp_path / "bao_cao.xlsx", rows))
    october, september = tell_report(communes=[0, 1]), tell_report(SEPTEMBER, communes=[2])
    assert_read(outcome, {**october, **september})


def test_a_sheet_called_a_draft_does_not_contradict_the_other(tmp_path: Path) -> None:
    title = f"BÁO CÁO HỒ SƠ THỦ TỤC HÀNH CHÍNH. {MONTH}"
    sheets = [make_table(list_report_columns(shift), title) for shift in (3, 0)]
    names = ["Bản nháp", "Chính thức"]
    outcome = import_file(save_book(tmp_path / "bao_cao.xlsx", *sheets, names=names))
    assert_told(outcome, tell_report(), "bản nháp")
    assert outcome.read == tell_report()
    outcome = import_file(save_book(tmp_path / "nhap.xlsx", sheets[1], names=["Nháp"]))
    assert_read(outcome, tell_report())

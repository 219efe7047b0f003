"""Habits of offices and small programs around known figures: all of them are read."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from html import escape
from pathlib import Path

import openpyxl
import pytest

from dashboard import names, sources
from dashboard.sources.recognise.file_kinds import find_field_by_heading
from tests.sources.truth import (
    CODES,
    DAY,
    LIST_HEAD,
    MONTH,
    NAMES,
    OCTOBER,
    TODAY,
    Rows,
    Truth,
    assert_read,
    count_conditions,
    count_dossiers,
    import_file,
    list_declared_columns,
    list_report_columns,
    make_dossiers,
    make_head,
    make_rows,
    make_table,
    save_book,
    tell_declared,
    tell_report,
)

COLUMNS = list_report_columns()


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Tiếp nhận trực tiếp/bưu chính", "received_other"),
        ("Tiếp nhận trực tiếp / Bưu chính", "received_other"),
        ("Hồ sơ kỳ trước chuyển qua (Tồn đầu kỳ)", "carried_over"),
        ("Đang giải quyết > Trong đó > Đã quá hạn", "open_overdue"),
        ("Chưa xử lý > Quá hạn", "open_overdue"),
        ("Nhận trong kỳ", "in_period"),
        ("HS đã GQ > Đúng hạn", "resolved_on_time"),
        ("Tổng HS tiếp nhận", "received"),
    ],
)
def test_headings_of_small_programs(heading: str, name: str) -> None:
    assert find_field_by_heading("dossier_report", heading) == name


def test_the_offices_code_before_its_name_is_no_part_of_it() -> None:
    assert names.extract_bare_name("H48.113 - UBND Xã Sơn Hà") == "Sơn Hà"
    assert names.extract_bare_name("H48.15.02: Xã Sơn Hà") == "Sơn Hà"
    assert names.extract_bare_name("Xã Sơn Hà (H48.113)") == "Sơn Hà"
    assert names.extract_bare_name("UBND xã Sơn Hà - 000.00.113.H48") == "Sơn Hà"
    assert names.extract_bare_name("Sơn Hà, xã") == "Sơn Hà"


def test_pairs_in_a_column_of_no_field_are_told(tmp_path: Path) -> None:
    rows = make_table(list_declared_columns(), DAY)
    rows[1].append("Số người được cấp / tổng số")
    rows[2].append("")
    for number, row in enumerate(rows[3:]):
        row.append(f"{20 + number}/{30 + number}")
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert outcome.read == tell_declared()
    assert "được cấp / tổng số" in " ".join(outcome.refused)


def test_a_row_that_explains_the_headings_is_no_commune(tmp_path: Path) -> None:
    columns = list_declared_columns()
    explained = ["(ghi đúng tên)", *["(cái)"] * len(columns)]
    rows = [[DAY], *make_head(columns), explained, *make_rows(columns)]
    assert_read(import_file(save_book(tmp_path / "a.xlsx", rows)), tell_declared())


def test_one_odd_name_among_many_leaves_the_province_certain(tmp_path: Path) -> None:
    rows = make_table(list_declared_columns(), DAY)
    rows.append(["Cụm số 1 (chưa sắp xếp)", 1, 1, 1, 1])
    batch = sources.read_file(save_book(tmp_path / "a.xlsx", rows), today=TODAY)
    assert batch.province_code == "51"
    assert len(batch.readings) == len(tell_declared())


@pytest.mark.parametrize("other", ["Còn thiếu", "Đề nghị bổ sung", "Kế hoạch năm 2027"])
def test_a_heading_over_devices_is_part_of_them(tmp_path: Path, other: str) -> None:
    """The heading of the units reaches up to the row of "Hiện có" and what stands beside it."""
    rows: Rows = [
        [DAY],
        ["Đơn vị", "Hiện có", "", other, ""],
        ["", "Máy tính", "Máy scan", "Máy tính", "Máy scan"],
        *([name, 9 + number, 2, 70, 71] for number, name in enumerate(NAMES)),
    ]
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for block in ("A2:A3", "B2:C2", "D2:E2"):
        book.active.merge_cells(block)
    book.save(tmp_path / "a.xlsx")
    outcome = import_file(tmp_path / "a.xlsx")
    assert outcome.read == {
        (name, CODES[number], "2026-11-10"): value
        for number in range(5)
        for name, value in (("computer_available", 9 + number), ("scanner_available", 2))
    }


def test_a_heading_row_under_columns_of_no_field_alone(tmp_path: Path) -> None:
    """The last heading row has words under a block that nobody knows: it is no unit's row."""
    head: Rows = [
        ["Đơn vị", "Hồ sơ liên thông", "", *[heads[0] for heads, _ in COLUMNS]],
        ["", "Tiếp nhận", "", *[heads[1] for heads, _ in COLUMNS]],
        ["", "Từ sở", "Từ xã", *[""] * len(COLUMNS)],
    ]
    book = openpyxl.Workbook()
    body = [[row[0], 700, 701, *row[1:]] for row in make_rows(COLUMNS)]
    for row in ([MONTH], *head, *body):
        book.active.append(row)
    for block in ("A2:A4", "B2:C2", "B3:C3"):
        book.active.merge_cells(block)
    book.save(tmp_path / "a.xlsx")
    batch = sources.read_file(tmp_path / "a.xlsx", today=TODAY)
    assert batch.dossiers["received"].tolist() == [
        count_dossiers(number)["received"] for number in range(5)
    ]
    assert not any("không có trong danh mục" in problem.message for problem in batch.problems)


def test_objects_within_objects_are_headings_of_two_levels(tmp_path: Path) -> None:
    records = []
    for number, name in enumerate(NAMES):
        record: dict[str, object] = {"Đơn vị": name}
        for (parent, own), figure in COLUMNS:
            record.setdefault(parent, {})[own] = figure(number)  # type: ignore[index]
        records.append(record)
    path = tmp_path / "a.json"
    wrapped = {"fromDate": "2026-10-01", "toDate": "2026-10-31", "data": records}
    path.write_text(json.dumps(wrapped, ensure_ascii=False), encoding="utf-8")
    assert_read(import_file(path), tell_report())


def test_answers_to_an_online_form_have_their_own_days(tmp_path: Path) -> None:
    columns = list_declared_columns()
    head = ["Dấu thời gian", "Tên xã", *(" ".join(heads) for heads, _ in columns)]
    rows: Rows = [head]
    rows += [
        [f"{3 + number:02d}/11/2026 08:10:22", *row]
        for number, row in enumerate(make_rows(columns))
    ]
    later = [f"09/11/2026 10:{number}0:00" for number in range(2)]
    rows.append([later[0], NAMES[0], *(figure(50) for _, figure in columns)])
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    truth: Truth = {
        (name, CODES[number], f"2026-11-{3 + number:02d}"): value
        for number in range(5)
        for name, value in count_conditions(number).items()
    }
    truth |= {(name, CODES[0], "2026-11-09"): n for name, n in count_conditions(50).items()}
    assert_read(outcome, truth)


def test_two_answers_of_one_day_contradict_each_other(tmp_path: Path) -> None:
    columns = list_declared_columns()
    head = ["Dấu thời gian", "Tên xã", *(" ".join(heads) for heads, _ in columns)]
    rows: Rows = [head, *(["03/11/2026 08:10", *row] for row in make_rows(columns))]
    rows.append(["03/11/2026 09:00", NAMES[0], *(figure(50) for _, figure in columns)])
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert outcome.read == tell_declared("2026-11-03", communes=range(1, 5))
    assert "hai dòng khác nhau" in outcome.words


def test_a_list_that_can_only_be_month_first_is_not_held_against_its_codes(tmp_path: Path) -> None:
    dossiers = make_dossiers(range(4))
    for number, row in enumerate(dossiers):
        day = date(2026, 11, 12 + number)
        row[0] = f"H48.113-{day:%y%m%d}-{number:04d}"
        row[2:5] = [f"{day:%m/%d/%Y} 08:00", "11/24/2026 08:00", f"{day:%m/%d/%Y} 15:00"]
    outcome = import_file(save_book(tmp_path / "a.xlsx", [LIST_HEAD, *dossiers]))
    assert len(outcome.read) == 4
    assert "tháng trước ngày" in outcome.words


def write_ods(
    path: Path, rows: Rows, hidden: range = range(0), shared: tuple[int, int] | None = None
) -> None:
    """A sheet of OpenDocument as small as it can be, with collapsed rows, and a cell `shared` (row,
    column) by its row and the next one."""
    lines = []
    for number, row in enumerate(rows):
        cells = []
        for column, cell in enumerate(row):
            spans = ' table:number-rows-spanned="2"' if (number, column) == shared else ""
            if shared and (number - 1, column) == shared:
                cells.append("<table:covered-table-cell/>")
            elif isinstance(cell, int):
                cells.append(
                    f'<table:table-cell{spans} office:value-type="float" office:value="{cell}"/>'
                )
            else:
                words = f"<text:p>{escape(str(cell))}</text:p>"
                cells.append(
                    f'<table:table-cell office:value-type="string">{words}</table:table-cell>'
                )
        hides = ' table:visibility="collapse"' if number in hidden else ""
        lines.append(f"<table:table-row{hides}>{''.join(cells)}</table:table-row>")
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet><table:table "
        f'table:name="Biểu">{"".join(lines)}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)


def test_collapsed_rows_of_an_opendocument_sheet_never_win(tmp_path: Path) -> None:
    rows = make_table(COLUMNS, MONTH)
    old = [[row[0], *(cell + 500 for cell in row[1:])] for row in rows[3:]]
    write_ods(tmp_path / "a.ods", [*rows[:3], *old, *rows[3:]], hidden=range(3, 8))
    outcome = import_file(tmp_path / "a.ods")
    assert_read(outcome, tell_report())
    assert "5 dòng ẩn" in outcome.words


def test_a_dossier_list_needs_a_unit_somewhere(tmp_path: Path) -> None:
    unit = LIST_HEAD.index("Đơn vị tiếp nhận")
    rows = [
        [cell for column, cell in enumerate(row) if column != unit]
        for row in (LIST_HEAD, *make_dossiers(range(3)))
    ]
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert "Đơn vị tiếp nhận" in outcome.refusal


def test_the_period_of_the_title_of_a_report_is_that_of_its_figures(tmp_path: Path) -> None:
    rows = [["So với cùng kỳ tháng 10/2025"], *make_table(COLUMNS, MONTH)]
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert {key[2:] for key in outcome.read} == {OCTOBER}


def test_a_figure_over_two_rows_of_an_opendocument_sheet_is_nobodys(tmp_path: Path) -> None:
    rows = make_table(COLUMNS, MONTH)
    write_ods(tmp_path / "a.ods", rows, shared=(3, 2))
    outcome = import_file(tmp_path / "a.ods")
    truth = tell_report()
    for code in CODES[:2]:
        del truth["resolved", code, *OCTOBER]
    assert outcome.read == truth
    assert "ô gộp" in outcome.words


def test_a_pair_over_several_rows_is_nobodys(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Xã", "Ngày kiểm tra", "Tiêu chí", "Kết quả kiểm tra"])
    for number, name in enumerate(NAMES):
        book.active.append([name, "09/11/2026", "Chữ ký số", None if number else "20/30"])
    book.active.merge_cells("D2:D6")
    book.save(tmp_path / "a.xlsx")
    outcome = import_file(tmp_path / "a.xlsx")
    assert not outcome.read
    assert "ô gộp" in outcome.words


def test_text_that_is_kept_from_excel_is_read(tmp_path: Path) -> None:
    rows = make_table(COLUMNS, MONTH)
    wrapped = [
        ";".join(f'="{cell}"' if isinstance(cell, int) else str(cell) for cell in row)
        for row in rows
    ]
    (tmp_path / "a.csv").write_text("\n".join(wrapped), encoding="utf-8")
    assert_read(import_file(tmp_path / "a.csv"), tell_report())

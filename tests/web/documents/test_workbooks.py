"""A workbook that is taken along: real numbers and days, codes as text, whose figures and what each
column means, and no text that a spreadsheet program would run.
"""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime
from io import BytesIO
from math import nan
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient

from dashboard.web.documents.downloads import CellType, DownloadTable, TableCell, TableColumn
from dashboard.web.documents.workbooks import (
    FIGURES_SHEET,
    MEANINGS_SHEET,
    SIMULATED_SHEET,
    write_workbook,
)
from dashboard.web.overview.table import OVERVIEW_TABLE_NAME
from dashboard.web.server import DOCUMENTS

COLUMNS = (
    TableColumn("Mã", "mã đơn vị", CellType.CODE),
    TableColumn("Đơn vị", "tên"),
    TableColumn("Phần", "phần", CellType.NUMBER),
    TableColumn("Toàn thể", "toàn thể", CellType.NUMBER),
    TableColumn("Tỷ lệ (%)", "phần ÷ toàn thể", CellType.SHARE),
    TableColumn("Ngày", "ngày", CellType.DAY),
    TableColumn("Nạp lúc", "lúc", CellType.DAY),
)
HOSTILE = [
    "=cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "+84 1",
    "-1+1",
    "{=1+1}",
    '=HYPERLINK("http://x","y")',
    "http://x.invalid/a",
    "mailto:a@b.invalid",
    "internal:Sheet2!A1",
    "file:///etc/passwd",
    "<script>alert(1)</script> & ]]>",
    "_x003D_1+1",
    "\t=1",
    "0012",
    "1e5",
    "TRUE",
    "a\nb",
    "  hai đầu ",
]
NAMES = [name for document in DOCUMENTS for name in document.downloads] + [OVERVIEW_TABLE_NAME]


def open_book(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(content))


def write_rows(*rows: list[TableCell]) -> bytes:
    table = DownloadTable(COLUMNS, rows, "Hồ sơ theo đơn vị")
    return write_workbook(table, [("Nguồn", "biểu II.06a")], simulated=False)


def list_values(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(values_only=True))


def test_numbers_days_and_shares_are_real_and_codes_are_text() -> None:
    content = write_rows(
        ["02101", "Sơn Hạ", 120, 178.0, 120 / 178, date(2026, 11, 20), datetime(2026, 11, 20, 16)],
        ["02102", "An Phú", nan, None, nan, None, None],
    )
    sheet = open_book(content)[FIGURES_SHEET]
    assert list_values(sheet)[1:] == [
        (
            *("02101", "Sơn Hạ", 120, 178, 120 / 178),
            *(datetime(2026, 11, 20), datetime(2026, 11, 20, 16)),
        ),
        ("02102", "An Phú", None, None, None, None, None),
    ], "what nobody told is blank, never nought"
    formats = [cell.number_format for cell in sheet[2]]
    assert formats == ["@", "General", "#,##0", "#,##0", "0.0%", "dd/mm/yyyy", "hh:mm dd/mm/yyyy"]
    assert sheet["A2"].data_type == "s"


def test_the_head_stays_in_sight_and_filters() -> None:
    sheet = open_book(write_rows(["02101", "Sơn Hạ", 1, 2, 0.5, None, None]))[FIGURES_SHEET]
    assert sheet.auto_filter.ref == "A1:G2"
    assert sheet.freeze_panes == "C2"
    assert sheet.column_dimensions["B"].width > 8


def test_the_second_sheet_says_whose_figures_they_are_and_what_each_column_means() -> None:
    book = open_book(write_rows(["02101", "Sơn Hạ", 1, 2, 0.5, None, None]))
    assert book.sheetnames == [FIGURES_SHEET, MEANINGS_SHEET]
    rows = list_values(book[MEANINGS_SHEET])
    assert rows[0][0] == "Hồ sơ theo đơn vị"
    assert ("Nguồn", "biểu II.06a") in rows
    assert rows[-7:] == [(column.head, column.meaning) for column in COLUMNS]


@pytest.mark.parametrize("words", HOSTILE)
def test_no_text_is_a_formula_a_link_or_a_number(words: str) -> None:
    columns = [TableColumn(words, words)] * 2
    table = DownloadTable(columns, [[words, words]], words)
    content = write_workbook(table, [(words, words)], simulated=False)
    for sheet in open_book(content):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.hyperlink is None
                if cell.value is not None and cell.value not in ("Cột", "Ý nghĩa"):
                    assert (cell.value, cell.data_type) == (words, "s")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            xml = archive.read(name).decode()
            assert not re.search(r"<(?:\w+:)?(?:f|hyperlink|externalLink)[ >]", xml), name
            assert 'TargetMode="External"' not in xml


def test_letters_that_no_xml_carries_and_texts_too_long_break_nothing() -> None:
    content = write_rows(["1", "a\x00\x0b\ufffe\ud800b", 1, 1, 1.0, None, None])
    assert open_book(content)[FIGURES_SHEET]["B2"].value == "ab"
    longest = open_book(write_rows(["1", "x" * 40_000, 1, 1, 1.0, None, None]))
    assert longest[FIGURES_SHEET]["B2"].value == "x" * 32_766 + "…"


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_table_is_the_same_in_both_files(pages: FlaskClient, name: str) -> None:
    query = "province=51&xa=21250"
    answer = pages.get(f"/tai/{name}.xlsx?{query}")
    assert answer.status_code == 200
    whose = "" if name == "toan-quoc" else "_51"  # of the whole country
    file_name = f'filename="{name}{whose}_2026-11-22.xlsx"'
    assert file_name in answer.headers["Content-Disposition"]
    book = open_book(answer.data)
    figures, meanings = (list_values(book[sheet]) for sheet in book.sheetnames)
    lines = pages.get(f"/tai/{name}.csv?{query}").text.removeprefix("\ufeff").splitlines()
    assert len(figures) == len(lines), "one row each"
    notes = dict(row[:2] for row in meanings if row[0])
    if whose:
        assert notes["Tỉnh, thành phố"] == "Quảng Ngãi"
    assert notes["Nguồn"]
    head = len(figures[0])
    assert [row[0] for row in meanings[-head:]] == list(figures[0])
    assert all(row[1] for row in meanings[-head:]), "each column is explained"


def test_simulated_figures_say_so_on_the_sheet_itself() -> None:
    table = DownloadTable(COLUMNS, [], "Bảng")
    book = open_book(write_workbook(table, [], simulated=True))
    assert book.sheetnames == [SIMULATED_SHEET, MEANINGS_SHEET]


def test_a_table_that_is_none_is_not_there(pages: FlaskClient) -> None:
    assert pages.get("/tai/nothing.xlsx").status_code == 404


def test_rows_are_as_high_as_what_wraps_in_them() -> None:
    columns = (TableColumn("Thứ hạng từ", "x"), TableColumn("Vì sao", "một câu dài " * 30))
    table = DownloadTable(columns, [["1", "mười chữ " * 20], ["2", "ngắn"]], "Bảng")
    book = open_book(write_workbook(table, [], simulated=False))
    heights = [book[FIGURES_SHEET].row_dimensions[number].height for number in (1, 2, 3)]
    assert heights == [30, 60, None]
    assert book[MEANINGS_SHEET].row_dimensions[5].height == 60

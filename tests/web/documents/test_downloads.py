"""A table that is taken along opens right in Excel: its letters, its numbers, and no formula from
outside.
"""

from __future__ import annotations

import csv
from datetime import date, datetime
from math import nan

import pytest

from dashboard.text import escape_formula, format_csv_row
from dashboard.web.documents.downloads import (
    CellType,
    DownloadTable,
    TableCell,
    TableColumn,
    respond_with_csv,
)


def make_table(heads: list[str], rows: list[list[TableCell]]) -> DownloadTable:
    return DownloadTable([TableColumn(head, "nghĩa") for head in heads], rows, "Bảng")


@pytest.mark.parametrize("text", ["=1+1", "+84", "-2", "@SUM(A1)", "\t1", "\r1", "\n1", "＝1+1"])
def test_no_text_is_taken_for_a_formula(text: str) -> None:
    assert escape_formula(text) == f"'{text}"


@pytest.mark.parametrize(
    ("text", "guarded"),
    [
        ("x;=1+1;y.csv", "x;'=1+1;y.csv"),
        ("x; -2|@a", "x;' -2|'@a"),
        ("x\t+84", "x\t'+84"),
        ("x\n=1", "x\n'=1"),
        ('x;"=1&"";y', 'x;\'"=1&"";y'),
        (" =1+1", "' =1+1"),
        ("=1;=2", "'=1;'=2"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("\n=1", "'\n'=1"),
    ],
)
def test_no_part_of_a_text_becomes_a_formula_behind_another_separator(
    text: str, guarded: str
) -> None:
    assert escape_formula(text) == guarded


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_no_program_finds_a_formula_whatever_it_parts_cells_by(separator: str) -> None:
    names = ["x;=1+1;y.csv", 'x;"=1&"";y', "x\t=1", "a|@b", "x\n-1+1", "x;\r\n+1"]
    rows: list[list[TableCell]] = [[26, name, "end"] for name in names]
    text = respond_with_csv(make_table(["a", "b", "c"], rows), "bang").get_data(as_text=True)
    cells = [cell for row in csv.reader(text.splitlines(), delimiter=separator) for cell in row]
    assert [cell for cell in cells if cell.lstrip(' "').startswith(("=", "+", "-", "@"))] == []


@pytest.mark.parametrize("text", ["a;b", "a,b", "a\tb", "a|b", "a\nb"])
def test_text_with_a_separator_of_any_kind_is_quoted(text: str) -> None:
    assert format_csv_row([1, text, None, 2.5]) == f'1,"{text}",,2.5'


@pytest.mark.parametrize("value", ["xã Sơn Hạ", "1=1", "a; b", "", -2, 0.5, None])
def test_everything_else_is_as_it_is(value: object) -> None:
    assert escape_formula(value) == value


def test_letters_numbers_and_what_is_not_known() -> None:
    rows: list[list[TableCell]] = [["Sơn Hạ, cũ", 1234, 7.0, 67.9, nan, None, -3]]
    answer = respond_with_csv(make_table(["Tên", "a", "b", "c", "d", "e", "=f"], rows), "bang")
    assert (
        answer.get_data(as_text=True)
        == '\ufeffTên,a,b,c,d,e,\'=f\r\n"Sơn Hạ, cũ",1234,7,"67,9",,,-3\r\n'
    )
    assert answer.mimetype == "text/csv"


def test_a_share_is_per_cent_and_a_day_is_written_as_people_write_it() -> None:
    columns = [
        TableColumn("Tỷ lệ (%)", "phần ÷ toàn thể", CellType.SHARE),
        TableColumn("Ngày", "ngày", CellType.DAY),
        TableColumn("Lúc", "lúc", CellType.DAY),
    ]
    rows: list[list[TableCell]] = [
        [121 / 178, date(2026, 11, 20), datetime(2026, 11, 20, 16, 5)],
        [nan, None, None],
        [1.0, date(2026, 11, 1), datetime(2026, 11, 1)],
    ]
    answer = respond_with_csv(DownloadTable(columns, rows, "Bảng"), "bang")
    assert answer.get_data(as_text=True).removeprefix("\ufeff").splitlines()[1:] == [
        "68,20/11/2026,16:05 20/11/2026",
        ",,",
        "100,01/11/2026,01/11/2026",
    ]

"""A table that is taken along opens right in Excel: its letters, its numbers, and no formula from
outside.
"""

from __future__ import annotations

from math import nan

import pytest

from dashboard.text import escape_formula
from dashboard.web.documents.downloads import CsvCell, CsvTable, respond_with_csv


@pytest.mark.parametrize("text", ["=1+1", "+84", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1"])
def test_no_text_is_taken_for_a_formula(text: str) -> None:
    assert escape_formula(text) == f"'{text}"


@pytest.mark.parametrize("value", ["xã Sơn Hạ", "1=1", "", -2, 0.5, None])
def test_everything_else_is_as_it_is(value: object) -> None:
    assert escape_formula(value) == value


def test_letters_numbers_and_what_is_not_known() -> None:
    rows: list[list[CsvCell]] = [["Sơn Hạ, cũ", 1234, 7.0, 67.9, nan, None, -3]]
    answer = respond_with_csv(CsvTable(["Tên", "a", "b", "c", "d", "e", "=f"], rows), "bang")
    assert (
        answer.get_data(as_text=True)
        == '\ufeffTên,a,b,c,d,e,\'=f\r\n"Sơn Hạ, cũ",1234,7,"67,9",,,-3\r\n'
    )
    assert answer.mimetype == "text/csv"

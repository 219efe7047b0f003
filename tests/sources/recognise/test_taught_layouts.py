"""A form that nobody foresaw is taught in a few lines, and a mistake in them is named."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard import sources
from dashboard.errors import FileRefused
from dashboard.sources.recognise.layouts import (
    LAYOUTS_FILE,
    LayoutInvalid,
    load_layouts,
    parse_layouts,
)
from tests.sources.forms import save_xlsx

TODAY = date(2026, 11, 22)
LAYOUT = """
[[layout]]
name = "Biểu 03"
kind = "readiness"
sheet = "B3"
[layout.headings]
"Cơ sở" = "commune"
"CTS > Số đủ" = "signature_needed"
"CTS > Số đang dùng" = "signature_issued"
"Có" = "ignore"
"""
GRID: list[list[Any]] = [
    ["Phụ lục 3. Số liệu tính đến ngày 13/11/2026, tỉnh Quảng Ngãi"],
    ["Cơ sở", "CTS", None, "Máy tính", None],
    [None, "Số đủ", "Số đang dùng", "Cần", "Có"],
    ["Xã Sơn Hà", 12, 9, 5, 4],
    ["Xã Sơn Hạ", 10, 10, 6, 6],
]


def readings(path: Path, **more: Any) -> dict[tuple[str, str], float]:
    batch = sources.read_file(path, today=TODAY, province="51", **more)
    assert batch.problems == ()
    return {(row.commune_code, row.measure): row.value for row in batch.readings.itertuples()}


@pytest.fixture
def form(tmp_path: Path) -> Path:
    return save_xlsx(tmp_path / "bieu.xlsx", GRID, sheet="B3")


def test_a_form_with_words_of_its_own_is_refused_until_it_is_taught(form: Path) -> None:
    with pytest.raises(FileRefused):
        sources.read_file(form, today=TODAY, province="51")
    found = readings(form, layouts=parse_layouts(LAYOUT, "x.toml"))
    signatures = {value for (_, measure), value in found.items() if measure == "signature_issued"}
    assert signatures == {9, 10}
    assert len(found) == 6


def test_a_taught_heading_wins_over_what_the_readers_know(form: Path) -> None:
    whole = LAYOUT.replace('"Có" = "ignore"', '"Máy tính > Có" = "kiosk_available"')
    found = readings(form, layouts=parse_layouts(whole, "x.toml"))
    assert {measure for _, measure in found} == {
        "signature_needed",
        "signature_issued",
        "computer_needed",
        "kiosk_available",
    }


def test_a_layout_is_for_its_sheet_only(tmp_path: Path) -> None:
    other = save_xlsx(tmp_path / "bieu.xlsx", GRID, sheet="B4")
    with pytest.raises(FileRefused):
        sources.read_file(
            other, today=TODAY, province="51", layouts=parse_layouts(LAYOUT, "x.toml")
        )


def test_heading_rows_can_be_told_where_they_cannot_be_seen(tmp_path: Path) -> None:
    grid: list[list[Any]] = [GRID[0], ["1", "2", "3"], ["Xã Sơn Hà", 12, 9], ["Xã Sơn Hạ", 10, 10]]
    layout = """
[[layout]]
name = "Chỉ có số cột"
kind = "readiness"
heading_rows = [2]
[layout.headings]
"1" = "commune"
"2" = "signature_needed"
"3" = "signature_issued"
"""
    path = save_xlsx(tmp_path / "bieu.xlsx", grid)
    assert len(readings(path, layouts=parse_layouts(layout, "x.toml"))) == 4


def test_other_forms_are_read_as_before(shared: Path) -> None:
    path = shared / "samples" / "ke_khai_quang_ngai_2026-11-13.xlsx"
    assert readings(path, layouts=parse_layouts(LAYOUT, "x.toml")) == readings(path)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (('kind = "readiness"', 'kind = "readyness"'), 'trường "kind"'),
        (('name = "Biểu 03"', ""), 'trường "name"'),
        (('"commune"', '"comune"'), '"comune"'),
        (('sheet = "B3"', "sheet = 3"), 'trường "sheet"'),
        (('sheet = "B3"', 'page = "B3"'), '"page"'),
        (('sheet = "B3"', "heading_rows = [5, 2]"), 'trường "heading_rows"'),
        (('"Có" = "ignore"', '"Số đủ CTS" = "kiosk_needed"'), "Số đủ CTS"),
        (('"Có" = "ignore"', '"!" = "commune"'), '"!"'),
        (("[[layout]]", "[layout]"), "[[layout]]"),
        (("[[layout]]", "[[layouts]]"), "layout"),
        (('name = "Biểu 03"', "name = Biểu"), "TOML"),
    ],
)
def test_a_mistake_names_the_file_the_entry_and_the_field(
    change: tuple[str, str], named: str
) -> None:
    with pytest.raises(LayoutInvalid) as caught:
        parse_layouts(LAYOUT.replace(*change), "x.toml")
    assert str(caught.value).startswith("x.toml")
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_projects_own_file_is_valid_and_its_example_too() -> None:
    assert load_layouts() == ()
    commented = [
        line.removeprefix("#").strip()
        for line in LAYOUTS_FILE.read_text(encoding="utf-8").splitlines()
    ]
    example = "\n".join(commented[commented.index("[[layout]]") :])
    (layout,) = parse_layouts(example, LAYOUTS_FILE.name)
    assert layout.kind_code == "readiness"
    assert layout.heading_rows == (4, 5)

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
    values = readings(form, layouts=parse_layouts(LAYOUT, "x.toml"))
    signatures = {value for (_, measure), value in values.items() if measure == "signature_issued"}
    assert signatures == {9, 10}
    assert len(values) == 6


def test_a_taught_heading_wins_over_what_the_readers_know(form: Path) -> None:
    layout = LAYOUT.replace('"Có" = "ignore"', '"Máy tính > Có" = "kiosk_available"')
    values = readings(form, layouts=parse_layouts(layout, "x.toml"))
    assert {measure for _, measure in values} == {
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


DONE = ["Nhận", "Xong", "Xong sớm", "Xong đúng", "Xong trễ"]
REPORT: list[list[Any]] = [
    ["BÁO CÁO tháng 10/2026, tỉnh Quảng Ngãi"],
    ["Cơ sở", "Khối A", None, None, None, None, "Khối B"],
    [None, *DONE, *DONE],
    *[
        [name, 100, 90, 30, 50, 10, 900, 890, 300, 500, 90]
        for name in ("Xã Sơn Hà", "Xã Sơn Hạ", "Xã Ba Tơ")
    ],
]
BLOCKS = [(1, 1, 1, 5), (1, 6, 1, 10)]
REPORT_LAYOUT = """
[[layout]]
name = "Hai khối"
kind = "dossier_report"
[layout.headings]
"Cơ sở" = "commune"
"Nhận" = "received"
"Xong sớm" = "resolved_early"
"Xong đúng" = "resolved_on_time"
"Xong trễ" = "resolved_late"
"""
DONE_ITSELF = '"Xong" = "resolved"\n'


def report_counts(path: Path, layout: str) -> dict[str, float]:
    batch = sources.read_file(path, today=TODAY, layouts=parse_layouts(layout, "x.toml"))
    assert len(batch.dossiers) == 3
    assert batch.period == (date(2026, 10, 1), date(2026, 10, 31))
    counts = batch.dossiers.iloc[0].dropna().to_dict()
    return {name: value for name, value in counts.items() if isinstance(value, float)}


def test_a_level_says_of_which_period_its_columns_are(tmp_path: Path) -> None:
    path = save_xlsx(tmp_path / "a.xlsx", REPORT, BLOCKS)
    with pytest.raises(FileRefused, match="cùng nghĩa nhưng khác số"):
        report_counts(path, REPORT_LAYOUT + DONE_ITSELF)
    periods = '[layout.periods]\n"Khối A" = "current"\n"Khối B" = "ignore"\n'
    counts = report_counts(path, REPORT_LAYOUT + DONE_ITSELF + periods)
    assert counts["received"] == 100
    assert counts["resolved"] == 90
    ignored = REPORT_LAYOUT.replace("kind =", 'ignore = ["Khối B"]\nkind =') + DONE_ITSELF
    assert report_counts(path, ignored) == counts


def test_a_level_may_name_another_month(tmp_path: Path) -> None:
    path = save_xlsx(tmp_path / "a.xlsx", REPORT, BLOCKS)
    periods = '[layout.periods]\n"Khối A" = "2026-10"\n"Khối B" = "2026-09"\n'
    layouts = parse_layouts(REPORT_LAYOUT + DONE_ITSELF + periods, "x.toml")
    dossiers = sources.read_file(path, today=TODAY, layouts=layouts).dossiers
    received = dict(zip(dossiers["period_from"], dossiers["received"], strict=True))
    assert received == {date(2026, 10, 1): 100, date(2026, 9, 1): 900}


def test_columns_are_added_up_as_taught(tmp_path: Path) -> None:
    wide = [row + [None] * (6 - len(row)) for row in REPORT]
    path = save_xlsx(tmp_path / "a.xlsx", [row[:2] + row[3:6] for row in wide])
    with pytest.raises(FileRefused, match="không thấy cột"):
        report_counts(path, REPORT_LAYOUT)
    layout = REPORT_LAYOUT.replace('"Xong sớm" = "resolved_early"\n', "").replace(
        '"Xong đúng" = "resolved_on_time"\n', ""
    )
    sums = '[layout.sums]\nresolved_in_time = ["Khối A > Xong sớm", "Xong đúng"]\n'
    resolved = '"Đã xong" = "resolved"\n'
    grid = [[*row[:2], *row[3:6], row[2]] for row in wide]
    grid[2][5] = "Đã xong"
    grid[2][3] = "Xong đúng"
    path = save_xlsx(tmp_path / "b.xlsx", grid, [(1, 1, 1, 4)])
    counts = report_counts(path, layout + resolved + sums)
    assert counts["resolved_late"] == 10
    assert counts["resolved"] == 90
    batch = sources.read_file(
        path, today=TODAY, layouts=parse_layouts(layout + resolved + sums, "x.toml")
    )
    assert any("là tổng của các cột này" in problem.message for problem in batch.problems)


@pytest.mark.parametrize(
    ("layout", "reason"),
    [
        (LAYOUT.replace('"B3"', '"B9"'), 'không có trang "B9" (có "B3")'),
        (LAYOUT.replace('sheet = "B3"', "heading_rows = [4, 5]"), "ở dòng 4–5"),
    ],
)
def test_a_layout_that_does_not_apply_says_why(form: Path, layout: str, reason: str) -> None:
    layouts = parse_layouts(layout, "x.toml")
    with pytest.raises(FileRefused) as refusal:
        sources.read_file(form, today=TODAY, province="51", layouts=layouts)
    assert reason in refusal.value.message


def test_a_heading_of_a_layout_that_is_not_there_is_told(form: Path, tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text(LAYOUT.replace('"Có" =', '"Cóa" ='), encoding="utf-8")
    batch = sources.read_file(form, today=TODAY, province="51", layouts=load_layouts(file))
    messages = [problem.message for problem in batch.problems]
    assert any('không thấy tiêu đề "Cóa" (gần nhất là "Có")' in words for words in messages)


def test_a_layout_named_for_an_import_that_helps_nothing_is_told(
    shared: Path, tmp_path: Path
) -> None:
    path = shared / "samples" / "ke_khai_quang_ngai_2026-11-13.xlsx"
    file = tmp_path / "x.toml"
    file.write_text(LAYOUT, encoding="utf-8")
    batch = sources.read_file(path, today=TODAY, layouts=load_layouts(file))
    assert any('"Biểu 03" không áp dụng được' in problem.message for problem in batch.problems)
    standing = sources.read_file(path, today=TODAY, layouts=load_layouts(None, file))
    assert not any("Biểu 03" in problem.message for problem in standing.problems)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ('[layout.periods]\n"Kỳ" = "hôm qua"\n', 'trường "periods", "Kỳ": không hiểu kỳ "hôm qua"'),
        ('[layout.sums]\nnothing = ["a", "b"]\n', 'trường "sums": không có trường "nothing"'),
        ('[layout.sums]\nopen = ["a"]\n', 'trường "sums", "open": thiếu phần tử'),
        ('[layout.sums]\nopen = ["a", "Cơ sở"]\n', '"Cơ sở": tiêu đề phải có chữ'),
        ('[layout.sums]\nreceived = ["a", "b"]\n', '"received": đã có một cột riêng'),
    ],
)
def test_a_mistake_in_sums_or_periods_is_named(change: str, named: str) -> None:
    with pytest.raises(LayoutInvalid) as caught:
        parse_layouts(REPORT_LAYOUT + change, "x.toml")
    assert str(caught.value).startswith('x.toml, mẫu biểu thứ 1 ("Hai khối")')
    assert named in str(caught.value)

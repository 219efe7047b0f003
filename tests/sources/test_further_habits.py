"""Small habits of offices and programs, each with known truth: numbers before headings, "Trong đó"
beside a heading, months without their year, names with more beside them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard import names
from tests.sources.truth import (
    CODES,
    DAY,
    MONTH,
    NAMES,
    OCTOBER,
    SEPTEMBER,
    Rows,
    assert_read,
    count_conditions,
    count_dossiers,
    import_file,
    list_declared_columns,
    list_report_columns,
    make_head,
    make_rows,
    make_table,
    save_book,
    tell_declared,
    tell_report,
)

PLACES = range(len(CODES))
REPORT = list_report_columns()


def test_numbers_before_headings_are_no_part_of_them(tmp_path: Path) -> None:
    rows: Rows = [
        [DAY],
        ["Đơn vị", "1. Chữ ký số", "1. Chữ ký số", "II. Máy tính", "II. Máy tính"],
        ["", "1.1. Cần", "1.2 Đã cấp", "a) Cần", "(2) Có"],
    ]
    rows += [[NAMES[number], *count_conditions(number).values()] for number in PLACES]
    assert_read(import_file(save_book(tmp_path / "a.xlsx", rows)), tell_declared())


@pytest.mark.parametrize("words", ["Trong đó", "Chia ra:", "Gồm"])
def test_parts_beside_their_whole(tmp_path: Path, words: str) -> None:
    rows: Rows = [
        [MONTH],
        ["Đơn vị", "Tiếp nhận", "Đã giải quyết", words, "", "", "Đang giải quyết", words, ""],
        ["", "", "", "Trước hạn", "Đúng hạn", "Quá hạn", "", "Trong hạn", "Quá hạn"],
    ]
    rows += [[NAMES[number], *count_dossiers(number).values()] for number in PLACES]
    assert_read(import_file(save_book(tmp_path / "a.xlsx", rows)), tell_report())


def test_channels_of_what_was_resolved_are_nothing_received(tmp_path: Path) -> None:
    rows = make_table(
        [*REPORT, (("Đã giải quyết", "Trực tuyến"), lambda number: 40 + number)], MONTH
    )
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert_read(outcome, tell_report())
    assert 'không đọc cột "Đã giải quyết > Trực tuyến"' in outcome.words


@pytest.mark.parametrize(
    ("title", "months"),
    [
        ("TỔNG HỢP HỒ SƠ NĂM 2026", ("Tháng 9", "Tháng 10")),
        ("TỔNG HỢP HỒ SƠ", ("T9/2026", "T10/2026")),
    ],
)
def test_months_beside_each_other_have_the_year_of_the_title(
    tmp_path: Path, title: str, months: tuple[str, str]
) -> None:
    columns = [
        ((month, *heads), figure)
        for month, shift in zip(months, (50, 0), strict=True)
        for heads, figure in list_report_columns(shift)
    ]
    outcome = import_file(save_book(tmp_path / "a.xlsx", make_table(columns, title)))
    assert_read(outcome, tell_report(SEPTEMBER, 50) | tell_report())


@pytest.mark.parametrize(
    ("titles", "is_october"),
    [
        (["BÁO CÁO HỒ SƠ THÁNG 10", "Ngày 05/11/2026"], True),
        (["BÁO CÁO HỒ SƠ THÁNG 10", "Năm 2026"], True),
        (["BÁO CÁO HỒ SƠ", "(Từ 01 - 31/10/2026)"], True),
        (["BÁO CÁO HỒ SƠ", "(Từ ngày 01 đến ngày 31/10/2026)"], True),
        (["BÁO CÁO HỒ SƠ THÁNG 10", "Ngày 05/01/2026"], False),
        (["BÁO CÁO HỒ SƠ THÁNG 10 VÀ LŨY KẾ", "Năm 2026"], False),
        (["BÁO CÁO HỒ SƠ THÁNG 9, THÁNG 10", "Năm 2026"], False),
        (["BÁO CÁO HỒ SƠ THÁNG 10", "Quảng Ngãi, tháng 11 năm 2026"], True),
        (["BÁO CÁO HỒ SƠ THÁNG 10", "Quảng Ngãi, tháng 1 năm 2026"], False),
        (["BÁO CÁO HỒ SƠ NĂM 2026", "(đến hết tháng 10)"], False),
        (["BÁO CÁO HỒ SƠ NỬA ĐẦU THÁNG 10/2026"], False),
        (["BÁO CÁO HỒ SƠ 15 NGÀY ĐẦU THÁNG 10/2026"], False),
        (["BÁO CÁO HỒ SƠ THÁNG 10 VÀ LŨY KẾ 10 THÁNG NĂM 2026"], False),
        (["BÁO CÁO HỒ SƠ 10 THÁNG NĂM 2026 VÀ THÁNG 10"], False),
        (["BÁO CÁO HỒ SƠ THÁNG 10", "Kèm theo Công văn số 5 ngày 05/11/2026"], False),
    ],
)
def test_a_month_has_the_only_year_that_stands_beside_it(
    tmp_path: Path, titles: list[str], is_october: bool
) -> None:
    rows: Rows = [*([title] for title in titles), *make_head(REPORT), *make_rows(REPORT)]
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert outcome.read == (tell_report(OCTOBER) if is_october else {}), outcome.words


def test_a_day_without_its_year_has_that_of_the_files_name(tmp_path: Path) -> None:
    rows = make_table(list_declared_columns(), "Số liệu tính đến 16h ngày 10/11")
    assert_read(import_file(save_book(tmp_path / "ke_khai_2026.xlsx", rows)), tell_declared())
    assert import_file(save_book(tmp_path / "ke_khai.xlsx", rows)).refusal


@pytest.mark.parametrize("spell", ["{} HS", "'{}", "’{} "])
def test_counts_as_text_of_other_programs(tmp_path: Path, spell: str) -> None:
    rows = make_table(REPORT, MONTH)
    rows[3:] = [[row[0], *(spell.format(cell) for cell in row[1:])] for row in rows[3:]]
    assert_read(import_file(save_book(tmp_path / "a.xlsx", rows)), tell_report())


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Xã Bình Sơn (hợp nhất Bình Long, thị trấn Châu Ổ)", "21040"),
        ("Xã Sơn Hà (Sơn Thượng, Sơn Bao cũ)", "21289"),
        ("Xã Bình Sơn (mới)", "21040"),
        ("Cẩm Thành (P)", "21025"),
        ("Bình Sơn - xã", "21040"),
        ("21040 - Xã Bình Sơn", "21040"),
        ("Trung tâm PVHCC xã Bình Sơn - Bộ phận tiếp nhận", "21040"),
        # one former unit may be meant itself; the others contradict themselves
        ("Xã Sơn Hà (thị trấn Di Lăng cũ)", None),
        ("Xã Sơn Hà (cũ)", None),
        ("Xã Sơn Hà (trừ xã Sơn Bao, xã Sơn Thượng cũ)", None),
        ("Xã Sơn Hà - Bộ phận một cửa số 2", None),
        ("Cẩm Thành (xã)", None),
        ("Bình Sơn - phường", None),
        ("21289 - Xã Bình Sơn", None),
    ],
)
def test_names_with_more_beside_them(name: str, code: str | None) -> None:
    assert names.match_commune("51", None, name).code == code

"""Forms with a commune a column, a criterion a row, or the commune in the title alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard import sources
from tests.sources.truth import (
    CODES,
    DAY,
    LIST_HEAD,
    MONTH,
    NAMES,
    OCTOBER,
    SEPTEMBER,
    TODAY,
    Rows,
    assert_read,
    count_conditions,
    count_dossiers,
    import_file,
    list_declared_columns,
    make_dossiers,
    make_table,
    save_book,
    tell_declared,
    tell_dossiers,
)

CRITERIA = {
    "signature_needed": "Chữ ký số cần",
    "signature_issued": "Chữ ký số đã cấp",
    "computer_needed": "Máy tính cần",
    "computer_available": "Máy tính hiện có",
}
REPORT_TITLE = "BÁO CÁO GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH"
# A number, a row's words, and what it is: a row without a number is a part of the one above.
REPORT_ROWS = [
    (1, "Tổng số hồ sơ tiếp nhận", "received"),
    (2, "Hồ sơ đã giải quyết", "resolved"),
    ("", "Trong đó: Trước hạn", "resolved_early"),
    ("", "- Đúng hạn", "resolved_on_time"),
    ("", "- Quá hạn", "resolved_late"),
    (3, "Hồ sơ đang giải quyết", "open"),
    ("", "Trong hạn", "open_in_term"),
    ("", "Quá hạn", "open_overdue"),
]


def make_across(places: range) -> Rows:
    return [
        [DAY],
        ["STT", "Tiêu chí", "ĐVT", *(NAMES[commune] for commune in places)],
        *(
            [number, words, "Cái", *(count_conditions(commune)[name] for commune in places)]
            for number, (name, words) in enumerate(CRITERIA.items(), start=1)
        ),
        ["", "Người lập biểu", "", "Thủ trưởng"],
    ]


def make_down(number: int, *, heading: str = "Giá trị", title: str = "BIỂU TỰ KÊ KHAI") -> Rows:
    counts = count_conditions(number)
    return [
        [title],
        [f"Đơn vị: {NAMES[number]}"],
        [DAY],
        ["STT", "Tiêu chí", heading],
        *([n, words, counts[name]] for n, (name, words) in enumerate(CRITERIA.items(), start=1)),
    ]


def test_a_commune_a_column(tmp_path: Path) -> None:
    outcome = import_file(save_book(tmp_path / "a.xlsx", make_across(range(5))))
    assert_read(outcome, tell_declared())
    assert "mỗi xã một cột" in outcome.words


def test_a_unit_beside_a_turned_criterion_counts(tmp_path: Path) -> None:
    rows: Rows = [
        [DAY],
        ["Tiêu chí", "Đơn vị tính", *NAMES],
        ["Tốc độ đường truyền", "Kbps", *range(10_000, 60_000, 10_000)],
        ["Chữ ký số đã cấp", "%", *range(50, 100, 10)],
        ["Chữ ký số cần", "cái", *range(10, 15)],
    ]
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert outcome.read["network_mbps", CODES[0], "2026-11-10"] == 10
    assert ("signature_issued", CODES[0], "2026-11-10") not in outcome.read


def test_a_report_with_a_commune_a_column(tmp_path: Path) -> None:
    rows: Rows = [
        [REPORT_TITLE],
        [MONTH],
        ["STT", "Chỉ tiêu", *NAMES, "Tổng cộng"],
        *(
            [
                number,
                words,
                *(count_dossiers(commune_number)[name] for commune_number in range(5)),
                0,
            ]
            for number, words, name in REPORT_ROWS
        ),
    ]
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert_read(
        outcome,
        {
            (name, CODES[commune_number], *OCTOBER): value
            for commune_number in range(5)
            for name, value in count_dossiers(commune_number).items()
        },
    )


def test_a_part_is_of_the_row_above_it(tmp_path: Path) -> None:
    """ "Đúng hạn" under the open dossiers is none of the resolved ones."""
    rows: Rows = [
        [REPORT_TITLE],
        [MONTH],
        ["Chỉ tiêu", *NAMES],
        ["Tổng số hồ sơ tiếp nhận", *range(100, 105)],
        ["Hồ sơ đã giải quyết", *range(60, 65)],
        ["Hồ sơ đang giải quyết", *[40] * 5],
        ["Đúng hạn", *[30] * 5],
        ["Quá hạn", *[10] * 5],
    ]
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert outcome.read["open_in_term", CODES[0], *OCTOBER] == 30
    assert not any(key[0] == "resolved_on_time" for key in outcome.read)


def test_a_criterion_a_row_for_one_commune(tmp_path: Path) -> None:
    outcome = import_file(save_book(tmp_path / "a.xlsx", make_down(4)))
    assert_read(outcome, tell_declared(communes=[4]))
    assert "mỗi tiêu chí một dòng" in outcome.words


def test_a_sheet_a_commune_tells_the_province(tmp_path: Path) -> None:
    """Each name is that of communes of several provinces, together they are of one."""
    path = save_book(tmp_path / "a.xlsx", *(make_down(number) for number in range(5)), names=NAMES)
    batch = sources.read_file(path, today=TODAY)
    assert batch.province_code == "51"
    assert len(batch.readings) == len(tell_declared())


def test_devices_a_row_with_needed_and_there_beside_each_other(tmp_path: Path) -> None:
    rows: Rows = [
        ["UBND XÃ BÌNH SƠN"],
        [DAY],
        ["STT", "Thiết bị", "Cần", "Có", "Ghi chú"],
        [1, "Máy tính", 15, 9, "3 máy cũ"],
        [2, "Máy scan", 4, 2, ""],
    ]
    assert_read(
        import_file(save_book(tmp_path / "a.xlsx", rows)),
        {
            (name, "21040", "2026-11-10"): value
            for name, value in {
                "computer_needed": 15,
                "computer_available": 9,
                "scanner_needed": 4,
                "scanner_available": 2,
            }.items()
        },
    )


@pytest.mark.parametrize(
    ("heading", "title"),
    [("Thực tế", "BIỂU THEO DÕI"), ("Kết quả kiểm tra", "BIỂU")],
)
def test_what_was_found_is_never_turned_into_a_declaration(
    tmp_path: Path, heading: str, title: str
) -> None:
    rows = make_down(1, heading=heading, title=title)
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert outcome.refusal
    assert not outcome.read


@pytest.mark.parametrize(
    "titles",
    [
        ["BIÊN BẢN KIỂM TRA", "Đơn vị: UBND xã Bình Sơn", "Ngày 10/11/2026"],
        ["PHIẾU KIỂM TRA", "Đơn vị được kiểm tra: UBND xã Bình Sơn", "Ngày kiểm tra: 10/11/2026"],
        [
            "BIÊN BẢN",
            "Hôm nay, vào lúc 8 giờ 00 ngày 10/11/2026, tại Trung tâm Phục vụ hành chính công "
            "xã Bình Sơn, chúng tôi gồm:",
        ],
    ],
)
def test_the_minutes_of_one_visit_are_what_was_found_there(
    tmp_path: Path, titles: list[str]
) -> None:
    rows: Rows = [
        *([title] for title in titles),
        ["TT", "Nội dung kiểm tra", "Kết quả", "Ghi chú"],
        [1, "Tốc độ mạng", "38,2 Mbps", ""],
        [2, "Máy tính", "9/15", "hỏng 2"],
        ["", "ĐẠI DIỆN XÃ", "ĐẠI DIỆN TỔ", ""],
    ]
    batch = sources.read_file(save_book(tmp_path / "a.xlsx", rows), province="51", today=TODAY)
    assert {tuple(row) for row in batch.readings.astype(str).to_numpy()} == {
        ("21040", "network_mbps", "38.2", "verified", "2026-11-10"),
        ("21040", "computer_available", "9.0", "verified", "2026-11-10"),
        ("21040", "computer_needed", "15.0", "verified", "2026-11-10"),
    }
    assert all(problem.severity == "warning" for problem in batch.problems)


@pytest.mark.parametrize("words", ["tại xã Bình Sơn và tại xã Sơn Hà", "tại trụ sở", ""])
def test_minutes_without_one_commune_are_nobodys(tmp_path: Path, words: str) -> None:
    rows: Rows = [
        ["BIÊN BẢN KIỂM TRA"],
        [f"Ngày 10/11/2026, {words}"],
        ["TT", "Nội dung kiểm tra", "Kết quả"],
        [1, "Tốc độ mạng", "38,2"],
        [2, "Máy tính", "9/15"],
    ]
    assert import_file(save_book(tmp_path / "a.xlsx", rows)).refusal


def test_two_communes_in_the_titles_are_nobodys_rows(tmp_path: Path) -> None:
    rows = [[NAMES[0]], *make_down(1)]
    assert import_file(save_book(tmp_path / "a.xlsx", rows)).refusal


def test_a_declaration_a_criterion_a_row_is_no_visit(tmp_path: Path) -> None:
    rows: Rows = [
        ["TỰ KÊ KHAI ĐIỀU KIỆN VẬN HÀNH"],
        [DAY],
        ["Xã", "Tiêu chí", "Giá trị"],
        *([name, "Chữ ký số cần", 20] for name in NAMES),
    ]
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert "kê khai" in outcome.refusal


def test_a_list_of_one_commune_whose_name_is_the_title(tmp_path: Path) -> None:
    unit = LIST_HEAD.index("Đơn vị tiếp nhận")
    rows: Rows = [["DANH SÁCH HỒ SƠ"], [f"Đơn vị: {NAMES[0]}"]]
    rows += [
        [cell for column, cell in enumerate(row) if column != unit]
        for row in (LIST_HEAD, *make_dossiers([0, 5, 10]))
    ]
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert_read(outcome, tell_dossiers([0, 5, 10]))
    assert "chỉ có ở tiêu đề" in outcome.words


def test_levels_beside_each_other_are_one_heading(tmp_path: Path) -> None:
    rows: Rows = [[DAY], ["Nhóm", "Nội dung", *NAMES]]
    for group, needed, there in (("Máy tính", 12, 5), ("Chữ ký số", 20, 10)):
        rows.append([group, "Cần", *(needed + number for number in range(5))])
        rows.append([group, "Đã cấp" if there == 10 else "Có", *range(there, there + 5)])
    assert_read(import_file(save_book(tmp_path / "a.xlsx", rows)), tell_declared())


def test_an_unknown_commune_among_the_columns_is_told(tmp_path: Path) -> None:
    rows = make_across(range(5))
    rows[1].insert(4, "Xã Không Có Thật")
    for row in rows[2:6]:
        row.insert(4, 99)
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert outcome.read == tell_declared()
    assert "không có trong danh mục" in outcome.words


def test_months_beside_each_other_have_their_own_periods(tmp_path: Path) -> None:
    rows: Rows = [
        ["UBND XÃ BÌNH SƠN"],
        ["BÁO CÁO GIẢI QUYẾT HỒ SƠ 6 THÁNG CUỐI NĂM 2026"],
        ["STT", "Chỉ tiêu", "Tháng 9", "Tháng 10"],
        [1, "Tổng số hồ sơ tiếp nhận", 30, 40],
        [2, "Đã giải quyết", 28, 38],
    ]
    outcome = import_file(save_book(tmp_path / "a.xlsx", rows))
    assert outcome.read == {
        ("received", "21040", *SEPTEMBER): 30,
        ("resolved", "21040", *SEPTEMBER): 28,
        ("received", "21040", *OCTOBER): 40,
        ("resolved", "21040", *OCTOBER): 38,
    }


@pytest.mark.parametrize("title", ["KẾ HOẠCH TRANG BỊ NĂM 2027", "Đề xuất mua sắm thiết bị"])
def test_a_plan_is_nothing_that_is_there(tmp_path: Path, title: str) -> None:
    outcome = import_file(save_book(tmp_path / "a.xlsx", make_down(1, title=title)))
    assert "kế hoạch hoặc đề xuất" in outcome.refusal


def test_a_view_beside_a_known_table_is_left_and_told(tmp_path: Path) -> None:
    """It may show other days, and has no time of its own."""
    view = [row for row in make_across(range(5)) if row != [DAY]]
    path = save_book(tmp_path / "a.xlsx", make_table(list_declared_columns(), DAY), view)
    outcome = import_file(path)
    assert outcome.read == tell_declared()
    assert 'không đọc trang "Trang 2"' in outcome.words

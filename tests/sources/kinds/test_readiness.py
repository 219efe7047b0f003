"""What is odd in a declaration is told with its place and a remedy, and never guessed."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from dashboard import sources
from dashboard.batch import Batch
from dashboard.errors import FileRefused, Problem
from tests.sources.forms import (
    COLUMNS,
    Grid,
    form,
    official,
    save_xlsx,
    some_communes,
    true_values,
    written,
)

TODAY = date(2026, 11, 22)
CODES = some_communes("51", 10)
PLACE = {name: index for index, (name, _) in enumerate(COLUMNS)}
FIRST_ROW = 6  # two titles, a blank row, two heading rows


def cell(grid: Grid, row: int, name: str, value: Any) -> None:
    """Write into the row as the spreadsheet program numbers it."""
    grid[row - 1][PLACE[name]] = value


def read(tmp_path: Path, grid: Grid, **how: Any) -> Batch:
    return sources.read_file(save_xlsx(tmp_path / "ke_khai.xlsx", grid), today=TODAY, **how)


def only_problem(batch: Batch) -> Problem:
    assert len(batch.problems) == 1, [str(problem) for problem in batch.problems]
    return batch.problems[0]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("signature_issued", "abc", '"abc" không phải là số'),
        ("signature_issued", -3, '"-3" là số âm'),
        ("signature_issued", 2.5, '"2,5" không phải số nguyên'),
        ("network_stable", "tạm được", "không rõ là đạt hay không đạt"),
        ("network_mbps", "-3,5", "là số âm"),
        ("self_rating", "tím", "không phải mức đánh giá"),
        ("declared_on", "13/13/2025", "không có trong lịch"),
        ("declared_on", date(2025, 8, 1), "nằm ngoài khoảng"),
        ("declared_on", "30/06/2025", "nằm ngoài khoảng"),
    ],
)
def test_an_odd_cell_is_named_with_row_column_value_and_remedy(
    tmp_path: Path, name: str, value: Any, words: str
) -> None:
    grid = form(CODES)
    cell(grid, FIRST_ROW + 2, name, value)
    batch = read(tmp_path, grid)
    problem = only_problem(batch)
    assert problem.row == FIRST_ROW + 2
    assert problem.column == " > ".join(COLUMNS[PLACE[name]][1])
    assert words in str(problem)
    assert problem.remedy.startswith("hãy")
    truth = {code: true_values(code) for code in CODES}
    if name == "declared_on":
        truth[CODES[2]][name] = date(2025, 7, 13)
    else:
        del truth[CODES[2]][name]
    assert written(batch) == truth, "everything else is taken"


def test_the_message_reads_as_the_office_was_promised(tmp_path: Path) -> None:
    grid = form(CODES)
    cell(grid, 14, "signature_issued", "abc")
    said = str(only_problem(read(tmp_path, grid)))
    assert (
        said
        == 'dòng 14, cột "Chữ ký số > Đã cấp": "abc" không phải là số; hãy nhập số hoặc để trống'
    )


@pytest.mark.parametrize("count", [12_000, 20_261_120])
def test_a_count_that_no_commune_has_is_told_and_not_taken(tmp_path: Path, count: int) -> None:
    grid = form(CODES)
    cell(grid, FIRST_ROW, "scanner_available", count)
    batch = read(tmp_path, grid)
    problem = only_problem(batch)
    assert (problem.severity, problem.row) == ("refused", FIRST_ROW)
    assert "scanner_available" not in written(batch)[CODES[0]]


def test_an_unknown_commune_is_told_with_near_names(tmp_path: Path) -> None:
    grid = form(CODES)
    cell(grid, FIRST_ROW, "commune", official(CODES[0]) + "g")
    cell(grid, FIRST_ROW, "commune_code", None)
    batch = read(tmp_path, grid)
    problem = only_problem(batch)
    assert problem.row == FIRST_ROW
    assert official(CODES[0]) in problem.message
    assert CODES[0] not in written(batch)


def test_a_code_and_a_name_that_contradict_each_other_are_not_taken(tmp_path: Path) -> None:
    grid = form(CODES[:5])
    cell(grid, FIRST_ROW, "commune", official(CODES[7]))
    batch = read(tmp_path, grid)
    assert "mâu thuẫn" in only_problem(batch).message
    assert not {CODES[0], CODES[7]} & set(written(batch))


def test_names_that_differ_in_a_tone_stay_two_communes(tmp_path: Path) -> None:
    codes = [
        code for code in some_communes("51", 96) if official(code) in ("Xã Sơn Hà", "Xã Sơn Hạ")
    ]
    assert len(codes) == 2
    grid = form([*codes, *CODES])
    for row in range(FIRST_ROW, len(grid) + 1):
        cell(grid, row, "commune_code", None)
    assert written(read(tmp_path, grid)) == {code: true_values(code) for code in [*codes, *CODES]}


def test_lost_zeros_of_codes_come_back(tmp_path: Path) -> None:
    codes = some_communes("25", 10)
    grid = form(codes)
    for row, code in enumerate(codes, start=FIRST_ROW):
        cell(grid, row, "commune_code", int(code))
        cell(grid, row, "commune", None)
    assert set(written(read(tmp_path, grid))) == set(codes)


def test_a_commune_twice_with_other_values_is_not_taken_at_all(tmp_path: Path) -> None:
    grid = form(CODES)
    grid.append(list(grid[FIRST_ROW - 1]))
    cell(grid, len(grid), "staff_present", 39)
    batch = read(tmp_path, grid)
    problem = only_problem(batch)
    assert f"dòng {FIRST_ROW} và dòng {len(grid)}" in problem.message
    assert CODES[0] not in written(batch)


def test_a_commune_twice_with_the_same_values_is_taken_once(tmp_path: Path) -> None:
    grid = form(CODES)
    grid.append(list(grid[FIRST_ROW - 1]))
    batch = read(tmp_path, grid)
    assert only_problem(batch).severity == "warning"
    assert written(batch) == {code: true_values(code) for code in CODES}


def test_a_silent_commune_is_unknown_and_no_problem(tmp_path: Path) -> None:
    grid = form(CODES)
    grid[FIRST_ROW - 1][PLACE["network_stable"] :] = [None] * (
        len(COLUMNS) - PLACE["network_stable"]
    )
    batch = read(tmp_path, grid)
    assert CODES[0] not in written(batch)
    assert batch.problems == ()
    assert batch.rows == len(CODES)


def test_without_a_day_anywhere_the_file_is_refused_with_the_way_out(tmp_path: Path) -> None:
    grid = form(CODES)
    grid[1] = []
    with pytest.raises(FileRefused, match="--as-of"):
        read(tmp_path, grid)
    assert read(tmp_path, grid, as_of=date(2025, 7, 20)).as_of == datetime(2025, 7, 20)


def test_the_day_of_the_covering_letter_is_not_the_day_of_the_figures(tmp_path: Path) -> None:
    grid = form(CODES)
    grid[1] = ["(Kèm theo Công văn số 12/SKHCN ngày 15/07/2025)"]
    with pytest.raises(FileRefused, match="--as-of"):
        read(tmp_path, grid)


def test_the_day_in_the_title_stands_above_the_callers(tmp_path: Path) -> None:
    assert read(tmp_path, form(CODES), as_of=date(2025, 7, 20)).as_of == datetime(2025, 7, 13, 16)


@pytest.mark.parametrize(
    ("title", "moment"),
    [
        ("Số liệu tính đến 16h00 ngày 13/7/2025", datetime(2025, 7, 13, 16)),
        ("tính đến 16 giờ 30 phút, ngày 13 tháng 7 năm 2025", datetime(2025, 7, 13, 16, 30)),
        ("(Cập nhật đến ngày 13.07.2025)", datetime(2025, 7, 13)),
        ("TÍNH ĐẾN HẾT NGÀY 13/07/2025", datetime(2025, 7, 13)),
        ("Tính đến 08:05 13/07/2025", datetime(2025, 7, 13, 8, 5)),
        ("Báo cáo ngày 13/07/2025", datetime(2025, 7, 13)),
        (
            "(Kèm theo Công văn số 12/SKHCN ngày 15/07/2025; tính đến ngày 13/07/2025)",
            datetime(2025, 7, 13),
        ),
    ],
)
def test_the_title_tells_the_moment_in_many_ways(
    tmp_path: Path, title: str, moment: datetime
) -> None:
    grid = form(CODES)
    grid[1] = [title]
    assert read(tmp_path, grid).as_of == moment


@pytest.mark.parametrize("day", ["13/07/1900", "13/07/2099", "30/06/2025"])
def test_a_day_that_cannot_be_refuses_the_file(tmp_path: Path, day: str) -> None:
    grid = form(CODES)
    grid[1] = [f"Tính đến ngày {day}"]
    with pytest.raises(FileRefused, match=day):
        read(tmp_path, grid)


def test_tomorrow_is_taken_with_a_warning_and_a_later_day_refused(tmp_path: Path) -> None:
    grid = form(CODES)
    grid[1] = ["Tính đến ngày 23/11/2026"]
    assert only_problem(read(tmp_path, grid)).severity == "warning"
    grid[1] = ["Tính đến ngày 24/11/2026"]
    with pytest.raises(FileRefused, match="24/11/2026"):
        read(tmp_path, grid)


def names_only(codes: list[str], title: str | None = None) -> Grid:
    grid = form(codes)
    for row in range(FIRST_ROW, len(grid) + 1):
        cell(grid, row, "commune_code", None)
    if title:
        grid[0] = [title]
    return grid


def shared_names() -> list[str]:
    """Communes of Quảng Ngãi whose names other provinces have too."""
    from dashboard.names import _index_provinces_by_key, make_name_key
    from dashboard.reference import load_communes

    where = _index_provinces_by_key()
    codes = some_communes("51", 96)
    return [
        code
        for code in codes
        if len(where[make_name_key(official(code))]) > 1 and load_communes() is not None
    ]


def test_names_that_fit_one_province_alone_tell_the_province(tmp_path: Path) -> None:
    assert read(tmp_path, names_only(CODES)).province_code == "51"


def test_an_uncertain_province_is_asked_for(tmp_path: Path) -> None:
    grid = names_only(shared_names()[:1])
    with pytest.raises(FileRefused, match="--province"):
        read(tmp_path, grid)
    assert read(tmp_path, grid, province="51").province_code == "51"
    assert (
        read(tmp_path, names_only(shared_names()[:1], "UBND TỈNH QUẢNG NGÃI")).province_code == "51"
    )


def test_a_file_of_another_province_than_said_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="của Quảng Ngãi, không phải của Phú Thọ"):
        read(tmp_path, form(CODES), province="25")
    with pytest.raises(FileRefused, match="không có tỉnh nào"):
        read(tmp_path, form(CODES), province="xx")


def test_no_cell_of_a_column_that_is_not_ours_is_ever_quoted(tmp_path: Path) -> None:
    grid = form(CODES)
    grid[3].append("Người liên hệ")
    for row in grid[FIRST_ROW - 1 :]:
        row.append("Trần Văn Một 0912345678")
        row[PLACE["staff_present"]] = "nhiều"
        row[PLACE["commune"]] = "Xã Không Có"
        row[PLACE["commune_code"]] = None
    batch = read(tmp_path, grid, province="51")
    assert batch.problems
    assert "Trần" not in " ".join(map(str, batch.problems))


def test_thousands_of_problems_are_counted_not_listed(tmp_path: Path) -> None:
    grid = form(some_communes("51", 96))
    for row in grid[FIRST_ROW - 1 :]:
        row[PLACE["network_stable"] :] = ["??"] * (len(COLUMNS) - PLACE["network_stable"])
    batch = read(tmp_path, grid)
    assert len(batch.problems) == 1_001
    assert "lỗi nữa" in batch.problems[-1].message


def test_a_persons_name_where_a_number_belongs_is_told_by_its_place_alone(tmp_path: Path) -> None:
    grid = form(CODES)
    cell(grid, FIRST_ROW + 2, "signature_issued", "Nguyễn Thị Bí Mật")
    problem = only_problem(read(tmp_path, grid))
    assert (problem.row, problem.value) == (FIRST_ROW + 2, None)
    assert problem.column
    assert "Bí Mật" not in str(problem)


@pytest.mark.parametrize(
    ("measure", "most"),
    [
        ("computer_available", 2_000),
        ("signature_issued", 5_000),
        ("staff_present", 1_000),
        ("kiosk_needed", 500),
    ],
)
def test_each_measure_has_a_largest_value_of_its_own(
    tmp_path: Path, measure: str, most: int
) -> None:
    grid = form(CODES)
    cell(grid, FIRST_ROW, measure, most)
    cell(grid, FIRST_ROW + 1, measure, most + 1)
    batch = read(tmp_path, grid)
    problem = only_problem(batch)
    assert (problem.severity, problem.row) == ("refused", FIRST_ROW + 1)
    assert problem.column
    assert f"nhiều nhất {most:,}".replace(",", ".") in problem.message
    assert f'"{most + 1}"' in str(problem)
    assert written(batch)[CODES[0]][measure] == most
    assert measure not in written(batch)[CODES[1]]

"""The dossier report is read in any layout.

Whatever does not add up is told with both numbers.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard import sources
from dashboard.batch import Batch
from dashboard.errors import FileRefused
from tests.sources.forms import FORMATS, Grid, official, save, save_csv, some_communes

NAME = "II.06a_quang_ngai_2026-10.xlsx"
TODAY = date(2026, 11, 22)
TITLES: Grid = [
    ["UBND TỈNH QUẢNG NGÃI"],
    ["BÁO CÁO TIẾN ĐỘ GIẢI QUYẾT HỒ SƠ"],
    ["(Từ ngày 01/10/2026 đến ngày 31/10/2026)"],
]
FIELDS = [
    "received",
    "carried_over",
    "in_period",
    "received_online",
    "received_in_person",
    "received_post",
    "resolved",
    "resolved_early",
    "resolved_on_time",
    "resolved_late",
    "open",
    "open_in_term",
    "open_overdue",
    "paused",
    "paused_in_term",
    "paused_overdue",
]
_: Any = None
# The heads that such tables have: rows from the top down, a merge written as blanks.
HEADS: dict[str, Grid] = {
    "three rows": [
        [
            "TT",
            "Đơn vị",
            "Hồ sơ tiếp nhận",
            _,
            _,
            _,
            _,
            _,
            "Hồ sơ đã giải quyết",
            _,
            _,
            _,
            "Hồ sơ đang giải quyết",
            _,
            _,
            "Hồ sơ tạm dừng",
            _,
            _,
        ],
        [
            _,
            _,
            "Tổng số",
            "Kỳ trước chuyển sang",
            "Trong kỳ",
            _,
            _,
            _,
            "Tổng số",
            "Trước hạn",
            "Đúng hạn",
            "Quá hạn",
            "Tổng số",
            "Trong hạn",
            "Quá hạn",
            "Tổng số",
            "Trong hạn",
            "Quá hạn",
        ],
        [_, _, _, _, "Tổng", "Trực tuyến", "Trực tiếp", "BCCI", _, _, _, _, _, _, _, _, _, _],
    ],
    "two rows": [
        [
            "STT",
            "Cơ quan, đơn vị",
            "Tiếp nhận",
            _,
            _,
            _,
            _,
            _,
            "Đã giải quyết",
            _,
            _,
            _,
            "Đang giải quyết",
            _,
            _,
            "Tạm dừng xử lý",
            _,
            _,
        ],
        [
            _,
            _,
            "Tổng số",
            "Tồn kỳ trước",
            "Tiếp nhận mới",
            "Qua mạng",
            "Trực tiếp",
            "Bưu chính công ích",
            "Tổng",
            "Sớm hạn",
            "Đúng hạn",
            "Trễ hạn",
            "Tổng",
            "Còn hạn",
            "Quá hạn",
            "Tổng",
            "Còn hạn",
            "Quá hạn",
        ],
    ],
    "capitals": [
        [
            "TT",
            "TÊN ĐƠN VỊ",
            "TỔNG SỐ HỒ SƠ TIẾP NHẬN",
            _,
            _,
            _,
            _,
            _,
            "KẾT QUẢ GIẢI QUYẾT",
            _,
            _,
            _,
            "HỒ SƠ ĐANG XỬ LÝ",
            _,
            _,
            "TẠM DỪNG, CHỜ BỔ SUNG",
            _,
            _,
        ],
        [
            _,
            _,
            "Tổng số",
            "Từ kỳ trước",
            "Mới tiếp nhận trong kỳ",
            "Trực tuyến",
            "Trực tiếp",
            "Qua dịch vụ BCCI",
            "Tổng số",
            "Trước hạn",
            "Đúng hạn",
            "Quá hạn",
            "Tổng số",
            "Chưa đến hạn",
            "Quá hạn",
            "Tổng số",
            "Trong hạn",
            "Quá hạn",
        ],
    ],
    "one row": [
        [
            "TT",
            "Đơn vị",
            "Tổng tiếp nhận",
            "Kỳ trước chuyển sang",
            "Tiếp nhận trong kỳ",
            "Tiếp nhận trực tuyến",
            "Tiếp nhận trực tiếp",
            "Tiếp nhận qua BCCI",
            "Đã giải quyết",
            "Đã giải quyết trước hạn",
            "Đã giải quyết đúng hạn",
            "Đã giải quyết quá hạn",
            "Đang giải quyết",
            "Đang giải quyết trong hạn",
            "Đang giải quyết quá hạn",
            "Tạm dừng",
            "Tạm dừng trong hạn",
            "Tạm dừng quá hạn",
        ],
    ],
    "no tones": [
        [
            "TT",
            "Don vi",
            "Tiep nhan",
            _,
            _,
            _,
            _,
            _,
            "Da giai quyet",
            _,
            _,
            _,
            "Dang giai quyet",
            _,
            _,
            "Tam dung",
            _,
            _,
        ],
        [
            _,
            _,
            "Tong so",
            "Ky truoc chuyen sang",
            "Trong ky",
            "Truc tuyen",
            "Truc tiep",
            "BCCI",
            "Tong so",
            "Truoc han",
            "Dung han",
            "Qua han",
            "Tong so",
            "Trong han",
            "Qua han",
            "Tong so",
            "Trong han",
            "Qua han",
        ],
    ],
}


def counts_of(number: int) -> dict[str, int]:
    """A row that adds up, different for every place."""
    n = {
        "received_online": 40 + number,
        "received_in_person": 20,
        "received_post": 3 + number,
        "carried_over": 7,
    }
    n |= {
        "resolved_early": 30,
        "resolved_on_time": 20 + number,
        "resolved_late": 2,
        "open_in_term": 5,
        "open_overdue": 4,
    }
    n |= {"paused_in_term": 6 + number, "paused_overdue": 3}
    n["in_period"] = n["received_online"] + n["received_in_person"] + n["received_post"]
    n["received"] = n["in_period"] + n["carried_over"]
    n["resolved"] = n["resolved_early"] + n["resolved_on_time"] + n["resolved_late"]
    n["open"] = n["open_in_term"] + n["open_overdue"]
    n["paused"] = n["paused_in_term"] + n["paused_overdue"]
    assert n["received"] == n["resolved"] + n["open"] + n["paused"]
    return n


def row(number: int | str, name: str, counts: dict[str, int]) -> list[Any]:
    return [number, name, *(counts[field] for field in FIELDS)]


def summed(rows: list[dict[str, int]]) -> dict[str, int]:
    return {field: sum(counts[field] for counts in rows) for field in FIELDS}


def table(head: str = "three rows", titles: Grid = TITLES, places: int = 4) -> Grid:
    """A whole report: two groups with their sums, a total, a numbering row, signatures."""
    codes = some_communes("51", places)
    communes = [counts_of(number) for number in range(places)]
    sector = [counts_of(places)]
    return [
        *titles,
        [],
        *HEADS[head],
        [f"({number})" for number in range(1, 19)],
        row("", "Tổng cộng", summed([*communes, *sector])),
        row("I", "UBND cấp xã", summed(communes)),
        *(
            row(number + 1, f"UBND {official(code)}", communes[number])
            for number, code in enumerate(codes)
        ),
        row("II", "Sở, ban, ngành", summed(sector)),
        row(1, "Sở Tài chính", sector[0]),
        [],
        ["", "", "", "", "", "", "", "", "", "", "", "Ngày 06 tháng 11 năm 2026"],
        ["", "Người lập biểu", "", "", "", "", "", "", "", "", "", "TM. ỦY BAN NHÂN DÂN"],
        ["", "Trần Thị Ký Tên"],
    ]


def read(folder: Path, grid: Grid, form: str = "csv;") -> Batch:
    return sources.read_file(save(folder, "bao_cao", grid, form), province="51", today=TODAY)


def cells(batch: Batch, code: str) -> dict[str, Any]:
    line = batch.dossiers.set_index("deciding_unit").loc[code]
    return {
        name: int(value)
        for name, value in line.items()
        if isinstance(value, int | float) and value == value
    }


def test_every_cell_of_the_sample_is_read_as_it_is_meant(shared: Path) -> None:
    batch = sources.read_file(shared / "samples" / NAME, today=TODAY)
    truth = json.loads((shared / "samples" / "expected.json").read_text(encoding="utf-8"))[NAME]
    said = {
        code: {name: cells(batch, code)[name] for name in truth["total"]}
        for code in truth["communes"]
    }
    assert said == truth["communes"]
    assert {name: int(batch.dossiers[name].sum()) for name in truth["total"]} == truth["total"]
    assert (batch.file_kind, batch.province_code) == (truth["kind"], truth["province"])
    assert [day.isoformat() for day in batch.period or ()] == truth["period"]
    assert batch.problems == ()


def test_on_time_of_the_national_index_is_resolved_in_time_plus_open_in_term(shared: Path) -> None:
    frame = sources.read_file(shared / "samples" / NAME, today=TODAY).dossiers
    sums = frame["resolved_early"] + frame["resolved_on_time"] + frame["open_in_term"]
    assert frame["on_time_766"].equals(sums)


@pytest.mark.parametrize("head", HEADS)
def test_the_progress_table_is_understood_under_any_head(tmp_path: Path, head: str) -> None:
    batch = read(tmp_path, table(head))
    assert batch.problems == ()
    for number, code in enumerate(some_communes("51", 4)):
        true = counts_of(number)
        kept = {name: true[name] for name in FIELDS if name in batch.dossiers}
        in_time = true["resolved_early"] + true["resolved_on_time"] + true["open_in_term"]
        assert cells(batch, code) == {**kept, "on_time_766": in_time}


@pytest.mark.parametrize("form", FORMATS)
def test_the_progress_table_is_the_same_in_every_format(tmp_path: Path, form: str) -> None:
    batch = read(tmp_path, table(), form)
    assert batch.problems == ()
    assert cells(batch, some_communes("51", 1)[0])["paused"] == 9


def test_paused_is_the_sum_of_its_parts_where_no_sum_is_printed(tmp_path: Path) -> None:
    grid = [[cell for column, cell in enumerate(line) if column != 15] for line in table("one row")]
    batch = read(tmp_path, grid)
    assert cells(batch, some_communes("51", 1)[0])["paused"] == 9


def test_departments_stand_apart_under_a_code_of_their_own(tmp_path: Path) -> None:
    batch = read(tmp_path, table())
    assert batch.agencies.to_dict("records") == [
        {
            "agency_code": "51:so-tai-chinh",
            "name": "Sở Tài chính",
            "level": "department",
            "commune_code": None,
        }
    ]
    assert cells(batch, "51:so-tai-chinh")["received"] == counts_of(4)["received"]
    assert len(batch.dossiers) == 5, "no total, no group and no signature is a unit"


def test_a_printed_total_that_is_not_the_sum_is_told_with_both_numbers(tmp_path: Path) -> None:
    grid = table("one row")
    total = next(line for line in grid if len(line) > 1 and line[1] == "Tổng cộng")
    total[2] += 10
    (problem,) = read(tmp_path, grid).problems
    assert (problem.severity, problem.row, problem.column) == ("warning", 7, "Tổng tiếp nhận")
    assert problem.value == str(total[2])
    assert str(total[2] - 10) in problem.message


def test_a_groups_sum_is_held_against_its_own_rows(tmp_path: Path) -> None:
    grid = table("one row")
    next(line for line in grid if len(line) > 1 and line[1] == "UBND cấp xã")[8] += 1
    (problem,) = read(tmp_path, grid).problems
    assert (problem.severity, problem.row, problem.column) == ("warning", 8, "Đã giải quyết")
    assert "4 dòng" in problem.message


@pytest.mark.parametrize(
    ("column_index", "column"),
    [
        (2, "Tổng tiếp nhận"),
        (4, "Tiếp nhận trong kỳ"),
        (8, "Đã giải quyết"),
        (12, "Đang giải quyết"),
        (15, "Tạm dừng"),
    ],
)
def test_a_row_that_does_not_add_up_is_taken_as_printed_with_a_warning(
    tmp_path: Path, column_index: int, column: str
) -> None:
    grid = table("one row")
    line = next(line for line in grid if len(line) > 1 and line[0] == 1)
    line[column_index] += 1
    batch = read(tmp_path, grid)
    own = [problem for problem in batch.problems if problem.row == 9]
    assert any(
        problem.column == column and str(line[column_index] - 1) in problem.message
        for problem in own
    )
    assert {problem.severity for problem in batch.problems} == {"warning"}
    field = FIELDS[column_index - 2]
    if field in batch.dossiers:
        assert cells(batch, some_communes("51", 1)[0])[field] == line[column_index]


def test_more_resolved_than_received_is_refused_with_both_numbers(tmp_path: Path) -> None:
    grid = table("one row")
    next(line for line in grid if len(line) > 1 and line[0] == 1)[8] = 9_999
    batch = read(tmp_path, grid)
    refused = [problem for problem in batch.problems if problem.severity == "refused"]
    assert [(problem.row, problem.value) for problem in refused] == [(9, "9999")]
    assert some_communes("51", 1)[0] not in set(batch.dossiers["deciding_unit"])


def test_more_than_a_commune_can_have_in_a_month_is_refused(tmp_path: Path) -> None:
    grid = table("one row")
    next(line for line in grid if len(line) > 1 and line[0] == 1)[2] = 300_000
    batch = read(tmp_path, grid)
    (problem,) = [problem for problem in batch.problems if problem.severity == "refused"]
    assert (problem.row, problem.value) == (9, "300000")
    assert "293.000 hồ sơ trong 31 ngày" in problem.message
    assert some_communes("51", 1)[0] not in set(batch.dossiers["deciding_unit"])


def test_negative_and_unreadable_counts_are_refused_and_stay_unknown(tmp_path: Path) -> None:
    grid = table("one row")
    line = next(line for line in grid if len(line) > 1 and line[0] == 1)
    line[5], line[6] = -3, "nhiều"
    batch = read(tmp_path, grid)
    refused = {problem.column for problem in batch.problems if problem.severity == "refused"}
    assert refused == {"Tiếp nhận trực tuyến", "Tiếp nhận trực tiếp"}
    assert not {"received_online", "received_in_person"} & set(
        cells(batch, some_communes("51", 1)[0])
    )


def test_a_unit_told_twice_differently_is_not_taken(tmp_path: Path) -> None:
    grid = table("one row")
    row_index = next(
        row_index for row_index, line in enumerate(grid) if len(line) > 1 and line[0] == 1
    )
    grid.insert(
        row_index + 1, [7, grid[row_index][1], *(2 * value for value in grid[row_index][2:])]
    )
    batch = read(tmp_path, grid)
    assert some_communes("51", 1)[0] not in set(batch.dossiers["deciding_unit"])
    assert any("hai dòng khác nhau" in problem.message for problem in batch.problems)


def test_a_commune_without_a_figure_is_unknown_not_zero(tmp_path: Path) -> None:
    grid = table("one row")
    next(line for line in grid if len(line) > 1 and line[0] == 1)[2:] = [None] * 16
    assert some_communes("51", 1)[0] not in set(read(tmp_path, grid).dossiers["deciding_unit"])


@pytest.mark.parametrize(
    ("title", "first", "last"),
    [
        ("Kỳ báo cáo: Tháng 10/2026", date(2026, 10, 1), date(2026, 10, 31)),
        ("Kỳ báo cáo: Quý III năm 2026", date(2026, 7, 1), date(2026, 9, 30)),
        ("Kỳ báo cáo: 6 tháng đầu năm 2026", date(2026, 1, 1), date(2026, 6, 30)),
        ("Kỳ báo cáo: sáu tháng cuối năm 2025", date(2025, 7, 1), date(2025, 12, 31)),
        ("Kỳ báo cáo: 9 tháng năm 2026", date(2026, 1, 1), date(2026, 9, 30)),
        ("Lũy kế từ đầu năm đến ngày 31/10/2026", date(2026, 1, 1), date(2026, 10, 31)),
        ("Luỹ kế từ đầu năm đến hết tháng 10 năm 2026", date(2026, 1, 1), date(2026, 10, 31)),
        ("(từ 15/12/2025 đến hết ngày 14/10/2026)", date(2025, 12, 15), date(2026, 10, 14)),
        (
            "Từ ngày 01 tháng 10 năm 2026 đến ngày 31 tháng 10 năm 2026",
            date(2026, 10, 1),
            date(2026, 10, 31),
        ),
        ("Kỳ báo cáo: Năm 2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("QUÝ IV NĂM 2026 (ĐẾN 31/10)", date(2026, 10, 1), date(2026, 10, 31)),
        ("QUÝ IV/2026 (đến hết ngày 31/10/2026)", date(2026, 10, 1), date(2026, 10, 31)),
        ("Tháng 11/2026 (tính đến 16h ngày 20/11/2026)", date(2026, 11, 1), date(2026, 11, 20)),
        ("Tháng 10/2026 (tính đến ngày 31/10/2026)", date(2026, 10, 1), date(2026, 10, 31)),
        ("Tháng 10/2026 (tính đến ngày 06/11/2026)", date(2026, 10, 1), date(2026, 10, 31)),
    ],
)
def test_the_period_is_read_from_the_title(
    tmp_path: Path, title: str, first: date, last: date
) -> None:
    letter = ["Quảng Ngãi, ngày 06 tháng 11 năm 2026"]
    assert read(tmp_path, table(titles=[["UBND TỈNH QUẢNG NGÃI"], letter, [title]])).period == (
        first,
        last,
    )


def test_a_report_without_a_period_is_refused_unless_it_is_given(tmp_path: Path) -> None:
    path = save_csv(tmp_path / "bao_cao.csv", table(titles=[["UBND TỈNH QUẢNG NGÃI"]]))
    with pytest.raises(FileRefused, match="không rõ kỳ báo cáo"):
        sources.read_file(path, today=TODAY)
    given = (date(2026, 10, 1), date(2026, 10, 31))
    assert sources.read_file(path, period=given, today=TODAY).period == given

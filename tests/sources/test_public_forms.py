"""Forms as public systems and offices lay them out, made here, with known true values.

Each is either read right, every value, or refused with the reason; none stores another figure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard import sources
from dashboard.batch import Batch
from dashboard.errors import FileRefused
from tests.sources.forms import Grid, official, save_csv, save_xlsx, some_communes

TODAY = date(2026, 11, 28)
UNITS = {code: official(code) for code in some_communes("51", 4)}
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))


def read(path: Path, **options: Any) -> Batch:
    return sources.read_file(path, today=TODAY, **options)


def counts_of(batch: Batch, period: tuple[date, date] = OCTOBER) -> dict[str, dict[str, float]]:
    """Per unit what the batch says of a period."""
    frame = batch.dossiers
    frame = frame[(frame["period_from"] == period[0]) & (frame["period_to"] == period[1])]
    return {row["deciding_unit"]: row.dropna().to_dict() for _, row in frame.iterrows()}


def assert_true(
    batch: Batch, true: Mapping[str, float], period: tuple[date, date] = OCTOBER
) -> None:
    """Every unit has the true values, times its place in the file."""
    counts = counts_of(batch, period)
    assert list(counts) == list(UNITS)
    for number, code in enumerate(UNITS):
        for name, value in true.items():
            assert counts[code].get(name) == value * (number + 1), (code, name)


def rows_of(values: list[Any]) -> Grid:
    """A row a unit: numbers are multiplied by the place of the unit."""
    return [
        [
            number + 1,
            name,
            *[value * (number + 1) if isinstance(value, int) else value for value in values],
        ]
        for number, name in enumerate(UNITS.values())
    ]


def down(rows: tuple[int, int], *columns: int) -> list[tuple[int, int, int, int]]:
    return [(rows[0], column, rows[1], column) for column in columns]


def refused(problems: Any) -> list[str]:
    return [problem.message for problem in problems if problem.severity == "refused"]


def test_an_egov_report_of_what_is_to_be_resolved(tmp_path: Path) -> None:
    grid: Grid = [
        ["BÁO CÁO TÌNH HÌNH GIẢI QUYẾT HỒ SƠ TTHC tỉnh Quảng Ngãi"],
        ["Từ ngày 01/10/2026 đến ngày 31/10/2026"],
        [
            "STT",
            "Đơn vị",
            "Tổng số hồ sơ cần giải quyết",
            None,
            None,
            None,
            "Hồ sơ đã giải quyết",
            None,
            None,
            None,
            None,
            "Hồ sơ đang giải quyết",
            None,
            None,
        ],
        [
            None,
            None,
            "Tổng số",
            "Kỳ trước chuyển qua",
            "Mới tiếp nhận",
            None,
            "Tổng",
            "Trước hạn",
            "Đúng hạn",
            "Quá hạn",
            "Tỷ lệ %",
            "Tổng",
            "Chưa đến hạn",
            "Quá hạn",
        ],
        [None, None, None, None, "Qua mạng", "Trực tiếp"],
    ]
    grid += rows_of([100, 10, 60, 30, 80, 20, 50, 10, "87,5", 20, 15, 5])
    merges = [(2, 2, 2, 5), (2, 6, 2, 10), (2, 11, 2, 13), (3, 4, 3, 5), *down((2, 4), 0, 1)]
    batch = read(save_xlsx(tmp_path / "a.xlsx", grid, merges + down((3, 4), 2, 3, *range(6, 14))))
    true = {"received": 100, "carried_over": 10, "received_online": 60, "received_in_person": 30}
    true |= {"resolved": 80, "resolved_early": 20, "resolved_on_time": 50, "resolved_late": 10}
    assert_true(batch, true | {"open": 20, "open_in_term": 15, "open_overdue": 5})


def test_an_opencps_summary_of_what_is_to_be_handled(tmp_path: Path) -> None:
    grid: Grid = [
        ["Báo cáo tổng hợp tháng 10/2026 - Tỉnh Quảng Ngãi"],
        [
            "STT",
            "Đơn vị",
            "Tồn kỳ trước",
            "Tiếp nhận trong kỳ",
            "Tổng phải xử lý",
            "Đã giải quyết",
            None,
            None,
            "Đang xử lý",
            None,
            "Rút hồ sơ",
        ],
        [None] * 5 + ["Sớm hạn", "Đúng hạn", "Trễ hạn", "Còn hạn", "Quá hạn"],
    ]
    grid += rows_of([10, 90, 100, 20, 50, 10, 15, 5, 1])
    merges = [(1, 5, 1, 7), (1, 8, 1, 9), *down((1, 2), 0, 1, 2, 3, 4, 10)]
    batch = read(save_xlsx(tmp_path / "a.xlsx", grid, merges))
    true = {"received": 100, "carried_over": 10, "resolved_early": 20, "resolved_on_time": 50}
    assert_true(batch, true | {"resolved_late": 10, "open_in_term": 15, "open_overdue": 5})
    assert any('"Rút hồ sơ"' in message for message in refused(batch.problems))


OUTCOMES = ["Tiếp nhận", "Đã giải quyết", "Trước hạn", "Đúng hạn", "Quá hạn"]
TRUE_OUTCOMES = {"received": 100, "resolved": 90, "resolved_early": 30, "resolved_on_time": 50}


def test_a_block_since_new_year_at_the_left_is_not_the_month(tmp_path: Path) -> None:
    grid: Grid = [
        ["BÁO CÁO tháng 10/2026 tỉnh Quảng Ngãi"],
        ["STT", "Đơn vị", "Lũy kế từ đầu năm", *[None] * 4, "Trong kỳ báo cáo"],
        [None, None, *OUTCOMES, *OUTCOMES],
    ]
    grid += rows_of([1000, 900, 300, 500, 100, 100, 90, 30, 50, 10])
    merges = [*down((1, 2), 0, 1), (1, 2, 1, 6), (1, 7, 1, 11)]
    assert_true(read(save_xlsx(tmp_path / "a.xlsx", grid, merges)), TRUE_OUTCOMES)


def test_two_quarters_beside_each_other_are_two_periods(tmp_path: Path) -> None:
    grid: Grid = [
        ["BÁO CÁO quý III và quý IV tỉnh Quảng Ngãi"],
        ["STT", "Đơn vị", "Quý II/2026", *[None] * 4, "Quý III/2026"],
        [None, None, *OUTCOMES, *OUTCOMES],
    ]
    grid += rows_of([1000, 900, 300, 500, 100, 100, 90, 30, 50, 10])
    merges = [*down((1, 2), 0, 1), (1, 2, 1, 6), (1, 7, 1, 11)]
    batch = read(save_xlsx(tmp_path / "a.xlsx", grid, merges))
    assert_true(batch, TRUE_OUTCOMES, (date(2026, 7, 1), date(2026, 9, 30)))
    assert_true(batch, {"received": 1000}, (date(2026, 4, 1), date(2026, 6, 30)))


@pytest.mark.parametrize("title", ["tháng 10/2026", ""])
def test_the_same_month_of_another_year_is_left_out(tmp_path: Path, title: str) -> None:
    years = ["Năm 2025", "Năm 2026", "Tăng/giảm"]
    grid: Grid = [
        [f"BÁO CÁO {title} tỉnh Quảng Ngãi"],
        [
            "STT",
            "Đơn vị",
            "Hồ sơ tiếp nhận",
            None,
            None,
            "Đã giải quyết đúng hạn",
            None,
            None,
            "Đã giải quyết trước hạn",
            "Đã giải quyết",
        ],
        [None, None, *years, *years],
    ]
    grid += rows_of([80, 100, 25, 70, 50, 28, 30, 90])
    merges = [*down((1, 2), 0, 1, 8, 9), (1, 2, 1, 4), (1, 5, 1, 7)]
    path = save_xlsx(tmp_path / "bao_cao_2026-10.xlsx", grid, merges)
    batch = read(path)
    assert len(batch.dossiers) == len(UNITS)
    assert_true(batch, TRUE_OUTCOMES)


def test_shares_in_a_row_of_their_own_are_left_out(tmp_path: Path) -> None:
    grid: Grid = [
        ["BÁO CÁO tháng 10/2026 tỉnh Quảng Ngãi"],
        [
            "STT",
            "Đơn vị",
            "Tiếp nhận",
            "Đã giải quyết",
            "Trước hạn",
            None,
            "Đúng hạn",
            None,
            "Quá hạn",
            None,
        ],
        [*[None] * 4, *["Số lượng", "Tỷ lệ"] * 3],
    ]
    grid += rows_of([100, 90, 30, 33, 50, 56, 10, 11])
    merges = [*down((1, 2), 0, 1, 2, 3), (1, 4, 1, 5), (1, 6, 1, 7), (1, 8, 1, 9)]
    batch = read(save_xlsx(tmp_path / "a.xlsx", grid, merges))
    assert_true(batch, TRUE_OUTCOMES | {"resolved_late": 10})
    assert not any("Số lượng" in message for message in refused(batch.problems))


def test_the_week_before_is_not_this_week(tmp_path: Path) -> None:
    grid: Grid = [
        ["BÁO CÁO TUẦN từ ngày 09/11/2026 đến ngày 15/11/2026 tỉnh Quảng Ngãi"],
        ["STT", "Đơn vị", "Tiếp nhận", None, "Đã giải quyết", None, "Trước hạn", "Đúng hạn"],
        [None, None, "Tuần trước", "Tuần này", "Tuần trước", "Tuần này"],
    ]
    grid += rows_of([70, 100, 60, 90, 30, 50])
    merges = [*down((1, 2), 0, 1, 6, 7), (1, 2, 1, 3), (1, 4, 1, 5)]
    batch = read(save_xlsx(tmp_path / "a.xlsx", grid, merges))
    assert_true(batch, TRUE_OUTCOMES, (date(2026, 11, 9), date(2026, 11, 15)))


# --- dossier lists -------------------------------------------------------------------------------

HEAD = ["Mã hồ sơ", "Mã TTHC", "Đơn vị tiếp nhận", "Ngày tiếp nhận", "Ngày hẹn trả"]
HEAD += ["Ngày kết thúc xử lý", "Trạng thái"]
RECEIVED = datetime(2026, 11, 3, 14, 20)


def list_of(moments: list[tuple[Any, Any, Any]], code_day: str = "261103") -> Grid:
    names = list(UNITS.values())
    return [
        HEAD,
        *[
            [
                f"H48.113-{code_day}-{n:04}",
                "1.000656",
                f"UBND {names[n % 4]}",
                *written,
                "Đã trả kết quả",
            ]
            for n, written in enumerate(moments)
        ],
    ]


@pytest.mark.parametrize(
    "moments",
    [
        ("03/11/26 14:20", "06/11/26 17:00", "05/11/26 09:10"),
        ("3/11/26 2:20 CH", "6/11/26 5:00 CH", "5/11/26 9:10 SA"),
        ("2026-11-03T07:20:00Z", "2026-11-06T10:00:00Z", "2026-11-05T02:10:00.000Z"),
        ("20261103142000", "20261106170000", "20261105091000"),
        ("20261103T142000", "20261106T1700", "2026/11/05 09:10"),
        ("1793690400000", "1793959200000", "1793844600000"),
        ("14h20 ngày 03/11/2026", "17 giờ 00 ngày 06/11/2026", "Thứ năm, 05/11/2026 09:10"),
        ("03/11/2026\n14:20", "06 Th11 2026 17:00", "5-Nov-2026 9:10"),
    ],
)
def test_moments_as_systems_write_them(tmp_path: Path, moments: tuple[str, str, str]) -> None:
    batch = read(save_csv(tmp_path / "a.csv", list_of([moments] * 6)), province="51")
    dossiers = pd.concat(batch.singles)
    assert set(dossiers["received_at"]) == {RECEIVED}
    assert set(dossiers["due"]) == {datetime(2026, 11, 6, 17)}
    assert set(dossiers["finished_at"]) == {datetime(2026, 11, 5, 9, 10)}


@pytest.mark.parametrize("count", [1, 6])
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_days_that_contradict_the_codes_of_their_dossiers_are_refused(
    tmp_path: Path, file_format: str, count: int
) -> None:
    """3 November by its code, 11 March by its column: day and month have changed places."""
    moments: tuple[Any, Any, Any] = ("11/03/2026", "11/06/2026", "11/05/2026")
    if file_format == "xlsx":
        moments = (datetime(2026, 3, 11), datetime(2026, 6, 11), datetime(2026, 5, 11))
        path = save_xlsx(tmp_path / "a.xlsx", list_of([moments] * count))
    else:
        path = save_csv(tmp_path / "a.csv", list_of([moments] * count))
    with pytest.raises(FileRefused, match="tháng trước ngày"):
        read(path, province="51")
    right = save_csv(tmp_path / "b.csv", list_of([("03/11/2026", "06/11/2026", "")] * count))
    assert read(right, province="51").rows == count


def test_a_week_month_first_is_no_day_of_seven_months(tmp_path: Path) -> None:
    moments = [(f"11/0{day}/2026", "", "") for day in range(2, 9)]
    path = save_csv(tmp_path / "a.csv", list_of(moments, "269999"))
    with pytest.raises(FileRefused, match="cùng một ngày ở nhiều tháng"):
        read(path, province="51")


def test_a_list_without_a_readable_day_is_refused_for_that(tmp_path: Path) -> None:
    path = save_csv(tmp_path / "a.csv", list_of([("26-11-03 14:20", "", "")] * 6))
    with pytest.raises(FileRefused, match='không đọc được ngày nào ở cột "Ngày tiếp nhận"'):
        read(path, province="51")


def test_the_list_of_an_opencps_service(tmp_path: Path) -> None:
    """Keys and milliseconds as its answers have them."""
    records = [
        {
            "dossierNo": f"H48.113-261103-{number:04}",
            "serviceCode": "1.000656",
            "govAgencyName": f"UBND {name}",
            "receiveDate": 1793690400000,
            "dueDate": 1793959200000,
            "finishDate": 1793844600000,
            "dossierStatusText": "Đã trả kết quả",
        }
        for number, name in enumerate(UNITS.values())
    ]
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"total": 4, "data": records}), encoding="utf-8")
    dossiers = pd.concat(read(path, province="51").singles)
    assert list(dossiers["accepting_unit"]) == list(UNITS)
    assert set(dossiers["received_at"]) == {RECEIVED}
    assert set(dossiers["finished_at"]) == {datetime(2026, 11, 5, 9, 10)}


def test_a_month_beside_the_asked_one_is_not_stored_as_it(tmp_path: Path) -> None:
    """A unit that has no figures in October keeps September's out of it."""
    grid: Grid = [
        ["BÁO CÁO tỉnh Quảng Ngãi"],
        ["STT", "Đơn vị", "Tháng 9/2026", *[None] * 4, "Tháng 10/2026"],
        [None, None, *OUTCOMES, *OUTCOMES],
    ]
    grid += rows_of([1000, 900, 300, 500, 100, 100, 90, 30, 50, 10])
    grid[-1][7:] = [None] * 5
    merges = [*down((1, 2), 0, 1), (1, 2, 1, 6), (1, 7, 1, 11)]
    path = save_xlsx(tmp_path / "a.xlsx", grid, merges)
    batch = read(path, period=OCTOBER)
    assert list(batch.dossiers["received"]) == [100, 200, 300]
    assert any("kỳ khác --period" in problem.message for problem in batch.problems)
    with pytest.raises(FileRefused, match="không bảng nào của kỳ"):
        read(path, period=(date(2026, 8, 1), date(2026, 8, 31)))
    assert len(read(path).dossiers) == 7

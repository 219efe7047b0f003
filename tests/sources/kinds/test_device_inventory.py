"""Device inventories in three layouts say the same: what is there and works."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard import sources
from dashboard.batch import Batch
from dashboard.errors import FileRefused
from dashboard.sources.formats.sheet import Unreadable
from dashboard.sources.kinds.device_inventory.reader import read_usability, recognise_device
from tests.sources.forms import FORMATS, Grid, official, save, save_csv, some_communes

TODAY = date(2026, 11, 22)
CODES = some_communes("51", 6)
TITLES: Grid = [["BẢNG KIỂM KÊ THIẾT BỊ TỈNH QUẢNG NGÃI"], ["(Tính đến ngày 13/11/2026)"], []]
HEAD = ["STT", "Đơn vị", "Loại thiết bị", "Mã tài sản", "Tình trạng", "Người quản lý"]
WORDS = {
    "computer": "Máy tính để bàn Dell",
    "scanner": "Máy scan HP ScanJet",
    "kiosk": "Màn hình tra cứu TTHC",
}
# commune -> device -> (works, broken)
TRUTH = {
    code: {"computer": (3 + number, number % 2), "scanner": (number % 3, 1), "kiosk": (0, 1)}
    for number, code in enumerate(CODES)
}


def one_a_row() -> Grid:
    rows: Grid = []
    for code, kinds in TRUTH.items():
        for device, (works, broken) in kinds.items():
            for state in ["Đang sử dụng"] * works + ["Hỏng, chờ sửa chữa"] * broken:
                asset = f"TS{len(rows):05d}"
                rows.append(
                    [len(rows) + 1, official(code), WORDS[device], asset, state, "Trần Văn Một"]
                )
    return rows


def available(batch: Batch) -> dict[str, dict[str, float]]:
    counts: dict[str, dict[str, float]] = {}
    for code, measure, value in batch.readings[["commune_code", "measure", "value"]].to_numpy():
        counts.setdefault(code, {})[measure.removesuffix("_available")] = value
    return counts


WORKS = {
    code: {device: works for device, (works, _) in kinds.items()} for code, kinds in TRUTH.items()
}


def read(tmp_path: Path, grid: Grid, **how: Any) -> Batch:
    return sources.read_file(save_csv(tmp_path / "kiem_ke.csv", grid), today=TODAY, **how)


def test_one_device_a_row_what_is_broken_is_not_available(tmp_path: Path) -> None:
    batch = read(tmp_path, [*TITLES, HEAD, *one_a_row()])
    assert available(batch) == WORKS
    assert (batch.file_kind, batch.province_code, batch.problems) == ("device_inventory", "51", ())
    assert set(batch.readings["basis"]) == {"declared"}
    assert set(batch.readings["as_of"]) == {date(2026, 11, 13)}
    assert "photocopier_available" not in set(batch.readings["measure"]), (
        "what nobody counted is unknown"
    )


@pytest.mark.parametrize("file_format", FORMATS)
def test_any_format_order_and_other_words_read_the_same(tmp_path: Path, file_format: str) -> None:
    words = ["TT", "Tên đơn vị", "Tên tài sản", "Số serial", "Hiện trạng sử dụng", "Cán bộ"]
    rows = one_a_row()
    random.Random(5).shuffle(rows)
    grid: Grid = [*TITLES, [None, *reversed(words)], [], *[[None, *reversed(row)] for row in rows]]
    assert (
        available(sources.read_file(save(tmp_path, "a", grid, file_format), today=TODAY)) == WORKS
    )


@pytest.mark.parametrize(
    ("heads", "cells"),
    [
        (["Số lượng", "Hỏng"], lambda works, broken: [works + broken, broken]),
        (
            ["Tổng số", "Đang sử dụng", "Hư hỏng"],
            lambda works, broken: [works + broken, works, broken or "-"],
        ),
        (["Đang dùng"], lambda works, broken: [works]),
        (["SL"], lambda works, broken: [works]),
    ],
)
def test_counts_per_type_in_rows(tmp_path: Path, heads: list[str], cells: Any) -> None:
    rows = [
        [official(code), WORDS[device], *cells(*both), "ghi chú"]
        for code, kinds in TRUTH.items()
        for device, both in kinds.items()
    ]
    batch = read(
        tmp_path, [*TITLES, ["Xã", "Thiết bị", *heads, "Ghi chú"], *rows, ["Tổng cộng", None, 99]]
    )
    assert available(batch) == WORKS
    assert (batch.file_kind, batch.problems) == ("device_inventory", ())


def test_types_as_columns(tmp_path: Path) -> None:
    top = ["TT", "Xã, phường", "Máy tính", None, "Máy scan", None, "Thiết bị tra cứu", None]
    below = [None, None, "Tổng số", "Hỏng", "Tổng số", "Hỏng", "Tổng số", "Hỏng"]
    rows: Grid = [
        [
            number,
            official(code),
            *[cell for both in kinds.values() for cell in (sum(both), both[1])],
        ]
        for number, (code, kinds) in enumerate(TRUTH.items(), start=1)
    ]
    batch = read(tmp_path, [*TITLES, top, below, *rows])
    assert (available(batch), batch.file_kind, batch.problems) == (WORKS, "device_inventory", ())
    plain = [[row[1], row[2] - row[3], row[4] - row[5], row[6] - row[7]] for row in rows]
    batch = read(tmp_path, [*TITLES, ["Xã, phường", "Máy vi tính", "Máy quét", "Kiosk"], *plain])
    assert (available(batch), batch.file_kind) == (WORKS, "device_inventory")


def test_two_types_of_one_device_add_up_and_other_things_are_counted_as_left_out(
    tmp_path: Path,
) -> None:
    head = ["Xã", "Loại thiết bị", "Số lượng"]
    name = official(CODES[0])
    rows: Grid = [
        [name, "Máy tính để bàn", 5],
        [name, "Laptop", 2],
        [name, "Máy in Canon", 4],
        [name, "Ghế xoay", 9],
    ]
    batch = read(tmp_path, [*TITLES, head, *rows])
    assert available(batch) == {CODES[0]: {"computer": 7}}
    (problem,) = batch.problems
    assert problem.severity == "warning"
    assert '2 dòng là thiết bị khác ("Máy in Canon", "Ghế xoay")' in problem.message


@pytest.mark.parametrize("lots", [("Phòng một cửa", "Phòng tư pháp"), (2019, 2023)])
def test_lots_that_differ_in_room_or_year_add_up(tmp_path: Path, lots: tuple[Any, Any]) -> None:
    head = ["STT", "Đơn vị", "Loại thiết bị", "Đặt tại, năm mua", "Số lượng"]
    rows: Grid = [[n, official(CODES[0]), "Máy tính", lot, 4 * n] for n, lot in enumerate(lots, 1)]
    batch = read(tmp_path, [*TITLES, head, *rows])
    assert available(batch) == {CODES[0]: {"computer": 12}}
    assert not batch.problems


def test_the_same_device_twice_counts_once(tmp_path: Path) -> None:
    rows = one_a_row()
    batch = read(tmp_path, [*TITLES, HEAD, *rows, rows[0]])
    assert available(batch) == WORKS
    assert [problem.severity for problem in batch.problems] == ["warning"]
    head = ["Xã", "Loại thiết bị", "Số lượng"]
    batch = read(
        tmp_path,
        [*TITLES, head, [official(CODES[0]), "Máy scan", 2], [official(CODES[0]), "Máy scan", 3]],
    )
    assert available(batch) == {CODES[0]: {"scanner": 2}}
    assert [problem.severity for problem in batch.problems] == ["refused"]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["Máy scan", -2, 0], "là số âm"),
        (["Máy scan", 2, 3], "ít hơn số dùng được và hỏng"),
        (["Máy scan", "hai", 0], "không phải là số"),
        (["Máy scan", None, 1], "chỉ ghi số hỏng"),
        ([None, 2, 0], "không ghi loại"),
    ],
)
def test_a_row_that_cannot_be_is_told_and_not_taken(
    tmp_path: Path, cells: list[Any], words: str
) -> None:
    head = ["Xã", "Loại thiết bị", "Số lượng", "Hỏng"]
    batch = read(
        tmp_path,
        [*TITLES, head, [official(CODES[0]), *cells], [official(CODES[1]), "Máy scan", 4, 1]],
    )
    assert available(batch) == {CODES[1]: {"scanner": 3}}
    (problem,) = batch.problems
    assert words in problem.message
    assert problem.row == 5


def test_a_state_that_is_blank_or_not_certain_is_not_guessed(tmp_path: Path) -> None:
    rows = one_a_row()
    rows[0][4], rows[1][4] = None, "chưa bàn giao"
    batch = read(tmp_path, [*TITLES, HEAD, *rows])
    assert available(batch)[CODES[0]]["computer"] == WORKS[CODES[0]]["computer"] - 2
    assert [(problem.row, problem.column) for problem in batch.problems] == [
        (5, "Tình trạng"),
        (6, "Tình trạng"),
    ]
    assert "Trần Văn Một" not in " ".join(map(str, batch.problems))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("MÁY VI TÍNH", "computer"),
        ("Bộ máy tính để bàn Dell Vostro 3020", "computer"),
        ("Laptop", "computer"),
        ("Máy quét tài liệu Brother ADS-2700W", "scanner"),
        ("Máy phô tô", "photocopier"),
        ("Máy lấy số tự động", "queue_machine"),
        ("Màn hình LED hiển thị", "display"),
        ("Màn hình tra cứu TTHC", "kiosk"),
        ("Màn hình máy tính Dell", None),
        ("Máy tính bảng", None),
        ("Máy in", None),
        ("Máy photocopy kiêm scan", None),
    ],
)
def test_a_type_in_any_wording(written: str, meant: str | None) -> None:
    assert recognise_device(written) == meant


def test_states_in_any_wording() -> None:
    assert [
        read_usability(said)
        for said in ("Đang sử dụng", "Tốt", "Không hỏng", "x", 1, "Còn dùng được")
    ] == [True] * 6
    assert [
        read_usability(said) for said in ("Hỏng", "hư hỏng", "Chờ thanh lý", "Không hoạt động", 0)
    ] == [False] * 5
    assert read_usability(None) is None
    with pytest.raises(Unreadable):
        read_usability("để trong kho")


def test_a_form_without_a_day_and_one_of_another_province_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="--as-of"):
        read(tmp_path, [["KIỂM KÊ QUẢNG NGÃI"], HEAD, *one_a_row()])
    codes = [
        code for code, kinds in TRUTH.items() for both in kinds.values() for _ in range(sum(both))
    ]
    rows = [[*row, code] for row, code in zip(one_a_row(), codes, strict=True)]
    with pytest.raises(FileRefused, match="không phải của"):
        read(tmp_path, [*TITLES, [*HEAD, "Mã xã"], *rows], province="25")


def list_counts(batch: Batch, measure: str) -> dict[str, float]:
    return {
        row.commune_code: row.value for row in batch.readings.itertuples() if row.measure == measure
    }


@pytest.mark.parametrize("needed", ["Số lượng cần", "Cần", "Định mức"])
def test_what_is_needed_stands_beside_what_is_there(tmp_path: Path, needed: str) -> None:
    rows = [
        [official(code), WORDS[device], 9 - number, works]
        for number, (code, kinds) in enumerate(TRUTH.items())
        for device, (works, _) in kinds.items()
    ]
    batch = read(tmp_path, [*TITLES, ["Đơn vị", "Loại thiết bị", needed, "Số lượng có"], *rows])
    assert available(batch)[CODES[1]]["computer"] == WORKS[CODES[1]]["computer"]
    assert list_counts(batch, "computer_needed") == {
        code: 9 - number for number, code in enumerate(CODES)
    }
    assert not batch.problems


def test_what_is_needed_is_nobodys_where_several_rows_say_it(tmp_path: Path) -> None:
    rows = [
        [official(code), "Máy tính", room, 4, 10]
        for code in CODES
        for room in ("Phòng một cửa", "Phòng họp")
    ]
    head = ["Đơn vị", "Loại thiết bị", "Nơi đặt", "Số lượng", "Cần"]
    batch = read(tmp_path, [*TITLES, head, *rows])
    assert list_counts(batch, "computer_available") == dict.fromkeys(CODES, 8)
    assert not list_counts(batch, "computer_needed")
    assert any("số cần" in problem.message for problem in batch.problems)


@pytest.mark.parametrize(
    "title",
    [
        "DANH SÁCH THIẾT BỊ HỎNG",
        "Danh sách thiết bị đề nghị thanh lý",
        "Tổng hợp máy tính, máy scan cấp mới năm 2026",
        "Biên bản bàn giao thiết bị cho các xã (thiết bị bàn giao đợt 2)",
    ],
)
def test_a_list_of_some_devices_is_no_inventory(tmp_path: Path, title: str) -> None:
    with pytest.raises(FileRefused, match="chỉ có một phần"):
        read(tmp_path, [[title], *TITLES[1:], HEAD, *one_a_row()])


def test_an_inventory_may_name_what_is_broken(tmp_path: Path) -> None:
    title = "KIỂM KÊ THIẾT BỊ (TỐT, HỎNG, ĐỀ NGHỊ BỔ SUNG) TỈNH QUẢNG NGÃI"
    batch = read(tmp_path, [[title], *TITLES[1:], HEAD, *one_a_row()])
    assert available(batch) == WORKS


def test_computers_of_two_sorts_add_up(tmp_path: Path) -> None:
    head = ["Xã, phường", "Máy tính để bàn", "Máy tính xách tay", "Máy quét"]
    rows = [[official(code), 5 + number, 2, 1] for number, code in enumerate(CODES)]
    counts = available(read(tmp_path, [*TITLES, head, *rows]))
    assert counts == {
        code: {"computer": 7 + number, "scanner": 1} for number, code in enumerate(CODES)
    }

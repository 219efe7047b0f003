"""What teams found: one finding a row or one visit a row.

What comes out are verified readings, and notes without persons.
"""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard import sources
from dashboard.batch import Batch
from dashboard.errors import FileRefused
from dashboard.measures import restore_value_type
from dashboard.sources.cells.personal_data import hide_persons
from dashboard.sources.formats.sheet import Unreadable
from dashboard.sources.kinds.visits.reader import read_result_values, recognise_criterion
from tests.sources.forms import FORMATS, Grid, official, save, save_csv, some_communes

TODAY = date(2026, 11, 22)
CODES = some_communes("51", 6)
HEAD = ["STT", "Tên xã", "Ngày kiểm tra", "Tiêu chí", "Kết quả kiểm tra", "Tổ công tác", "Ghi chú"]
TEAM = "Tổ công tác số 2"


def findings() -> Grid:
    values = [
        ("Đường truyền", "Không đạt"),
        ("Tốc độ mạng", "85,5 Mbps"),
        ("Máy scan (có)", 2),
        ("Chữ ký số", "30/37"),
        ("Họp trực tuyến từ Trung ương", "Đạt"),
        ("Nhân sự một cửa hiện có trên biên chế", "5/7"),
    ]
    return [
        [
            number,
            official(code),
            date(2026, 11, 10 + number % 3),
            *visit,
            TEAM,
            "chập chờn lúc 8h" if number % 2 else None,
        ]
        for number, (code, visit) in enumerate(zip(CODES, values, strict=True))
    ]


TRUTH: dict[str, dict[str, Any]] = {
    CODES[0]: {"network_stable": False},
    CODES[1]: {"network_mbps": 85.5},
    CODES[2]: {"scanner_available": 2},
    CODES[3]: {"signature_issued": 30, "signature_needed": 37},
    CODES[4]: {"online_meeting": True},
    CODES[5]: {"staff_present": 5, "staff_planned": 7},
}


def read(tmp_path: Path, grid: Grid, **how: Any) -> Batch:
    return sources.read_file(
        save_csv(tmp_path / "kiem_tra_quang_ngai.csv", grid), today=TODAY, **how
    )


def told(batch: Batch) -> dict[str, dict[str, Any]]:
    values: dict[str, dict[str, Any]] = {}
    for code, measure, value in batch.readings[["commune_code", "measure", "value"]].to_numpy():
        values.setdefault(code, {})[measure] = restore_value_type(measure, value)
    return values


def test_findings_become_verified_readings_of_the_day_of_the_visit(tmp_path: Path) -> None:
    batch = read(tmp_path, [HEAD, *findings()])
    assert told(batch) == TRUTH
    assert (batch.file_kind, batch.province_code, batch.problems, batch.as_of.date()) == (
        "visits",
        "51",
        (),
        date(2026, 11, 12),
    )
    assert set(batch.readings["basis"]) == {"verified"}
    days = batch.readings.drop_duplicates("commune_code").set_index("commune_code")["as_of"]
    assert days[CODES[1]] == date(2026, 11, 11)
    visit = batch.visits.set_index("measure").loc["network_mbps"]
    assert visit.tolist() == [CODES[1], date(2026, 11, 11), TEAM, "chập chờn lúc 8h"]
    assert len(batch.visits) == len(batch.readings)


@pytest.mark.parametrize("file_format", FORMATS)
def test_any_format_order_and_other_words_read_the_same(tmp_path: Path, file_format: str) -> None:
    words = [
        "TT",
        "Đơn vị",
        "Ngày",
        "Nội dung kiểm tra",
        "Hiện trạng",
        "Đoàn kiểm tra",
        "Nhận xét, kiến nghị",
    ]
    rows = findings()
    random.Random(4).shuffle(rows)
    grid: Grid = [["BIÊN BẢN KIỂM TRA TỈNH QUẢNG NGÃI"], [], [None, None, *reversed(words)], []]
    grid += [[None, None, *reversed(row)] for row in rows]
    assert told(sources.read_file(save(tmp_path, "a", grid, file_format), today=TODAY)) == TRUTH


def test_what_was_declared_is_never_taken_for_what_was_checked(tmp_path: Path) -> None:
    heads = ["TT", "Xã, phường", "Ngày kiểm tra"]
    heads += ["Tốc độ mạng kê khai (Mbps)", "Tốc độ mạng kiểm tra (Mbps)"]
    grid: Grid = [heads, [1, official(CODES[0]), "10/11/2026", 100, 38.2]]
    batch = read(tmp_path, grid)
    assert list(batch.readings["value"]) == [38.2]


def test_a_visit_a_row_with_the_measures_as_columns(tmp_path: Path) -> None:
    top = [
        "TT",
        "Xã, phường",
        "Ngày kiểm tra",
        "Tổ công tác",
        "Hạ tầng mạng",
        None,
        "Chữ ký số",
        None,
        "Máy scan",
        "Máy tính (có/cần)",
        "Ghi chú",
    ]
    below = [
        None,
        None,
        None,
        None,
        "Đường truyền thông suốt",
        "Tốc độ (Mbps)",
        "Cần",
        "Đã cấp",
        None,
        None,
        None,
    ]
    rows: Grid = [
        [
            1,
            official(CODES[0]),
            "10/11/2026",
            TEAM,
            "Đạt",
            "120,5",
            10,
            9,
            "2/3",
            "4/5",
            "đủ điều kiện",
        ],
        [2, official(CODES[1]), "11/11/2026", TEAM, "Không", None, None, None, 1, None, None],
        [
            3,
            official(CODES[2]),
            "11/11/2026",
            TEAM,
            None,
            None,
            None,
            None,
            None,
            None,
            "đường vào xã sạt lở",
        ],
        [4, official(CODES[3]), None, None, None, None, None, None, None, None, None],
    ]
    batch = read(tmp_path, [top, below, *rows])
    assert told(batch) == {
        CODES[0]: {
            "network_stable": True,
            "network_mbps": 120.5,
            "signature_needed": 10,
            "signature_issued": 9,
            "scanner_available": 2,
            "scanner_needed": 3,
            "computer_available": 4,
            "computer_needed": 5,
        },
        CODES[1]: {"network_stable": False, "scanner_available": 1},
    }
    alone = batch.visits[batch.visits["commune_code"] == CODES[2]].iloc[0]
    assert (alone["measure"], alone["note"]) == (None, "đường vào xã sạt lở")
    assert (batch.file_kind, batch.problems) == ("visits", ())


def test_needed_and_there_may_stand_in_columns_of_their_own(tmp_path: Path) -> None:
    head = [
        "Đơn vị được kiểm tra",
        "Thời gian kiểm tra",
        "Nội dung",
        "Yêu cầu",
        "Thực tế",
        "Đơn vị kiểm tra",
    ]
    rows: Grid = [
        [official(CODES[0]), "10/11/2026", "Máy scan", 3, 2, "Sở KH&CN"],
        [official(CODES[1]), "10/11/2026", "Tốc độ mạng", 50, "45,5", "Sở KH&CN"],
    ]
    batch = read(tmp_path, [head, *rows])
    assert told(batch) == {
        CODES[0]: {"scanner_available": 2, "scanner_needed": 3},
        CODES[1]: {"network_mbps": 45.5},
    }
    assert set(batch.visits["team"]) == {"Sở KH&CN"}


def test_the_day_may_stand_in_the_title_alone(tmp_path: Path) -> None:
    rows = [[*row[:2], *row[3:]] for row in findings()]
    head = [*HEAD[:2], *HEAD[3:]]
    batch = read(
        tmp_path, [["KẾT QUẢ KIỂM TRA THỰC TẾ"], ["(ngày 10 tháng 11 năm 2026)"], [], head, *rows]
    )
    assert told(batch) == TRUTH
    assert set(batch.readings["as_of"]) == {date(2026, 11, 10)}
    with pytest.raises(FileRefused, match="--as-of"):
        read(tmp_path, [head, *rows])


@pytest.mark.parametrize(
    ("criterion", "measure"),
    [
        ("Đường truyền", "network_stable"),
        ("ĐƯỜNG TRUYỀN ỔN ĐỊNH", "network_stable"),
        ("Tốc độ (Mbps)", "network_mbps"),
        ("network_mbps", "network_mbps"),
        ("Máy scan (có)", "scanner_available"),
        ("Số máy quét cần", "scanner_needed"),
        ("Máy scan có trên số cần", "scanner"),
        ("Máy scan (có/cần)", "scanner"),
        ("Máy photo", "photocopier"),
        ("CKS", "signature"),
        ("Kiosk tra cứu", "kiosk"),
        ("Nhân sự một cửa hiện có trên biên chế", "staff"),
        ("Đường truyên", "network_stable"),
        ("Số máy scan còn thiếu", None),
        ("Wifi", None),
        ("Tự đánh giá", None),
    ],
)
def test_a_criterion_in_any_wording(criterion: str, measure: str | None) -> None:
    assert recognise_criterion(criterion) == measure


def test_what_was_found_of_a_device_is_a_number_never_a_yes() -> None:
    assert read_result_values("scanner", "2/3") == {"scanner_available": 2, "scanner_needed": 3}
    assert read_result_values("scanner", "0/3 máy") == {"scanner_available": 0, "scanner_needed": 3}
    assert read_result_values("scanner", 2.0) == {"scanner_available": 2}
    assert read_result_values("network_stable", "chưa đạt") == {"network_stable": 0}
    assert read_result_values("scanner", " ") == {}
    for said in ("Đạt", "-3", "1,5", "hai"):
        with pytest.raises(Unreadable):
            read_result_values("scanner", said)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        (1, "Xã Không Có", "không có trong danh mục"),
        (2, "", "để trống"),
        (2, "31/12/2099", "nằm ngoài khoảng"),
        (2, "01/01/1900", "nằm ngoài khoảng"),
        (2, "hôm qua", "không phải ngày"),
        (3, "Wifi công cộng", "không rõ là tiêu chí nào"),
        (3, None, "không ghi tiêu chí nào"),
        (4, "-5", "là số âm"),
        (4, "nhanh", "không phải là số"),
    ],
)
def test_a_row_that_cannot_be_is_told_with_its_place_and_not_taken(
    tmp_path: Path, column: int, value: Any, words: str
) -> None:
    rows = findings()
    rows[1][column] = value
    batch = read(tmp_path, [HEAD, *rows])
    (problem,) = batch.problems
    assert words in problem.message
    assert problem.row == 3
    assert problem.severity == "refused"
    assert problem.remedy.startswith("hãy")
    assert told(batch) == {code: values for code, values in TRUTH.items() if code != CODES[1]}


def test_two_results_of_one_day_that_differ_are_both_left_out(tmp_path: Path) -> None:
    rows = findings()
    batch = read(tmp_path, [HEAD, *rows, list(rows[0]), [*rows[1][:4], "70", *rows[1][5:]]])
    assert [problem.severity for problem in batch.problems] == ["warning", "refused"]
    assert told(batch) == {code: values for code, values in TRUTH.items() if code != CODES[1]}
    assert not batch.visits.duplicated(["commune_code", "visited_on", "measure"]).any()


def test_persons_are_taken_out_of_notes_teams_and_messages(tmp_path: Path) -> None:
    rows = findings()
    rows[0][5:] = [
        "Tổ 1 - Ông Trần Văn Một 0912.345.678",
        "liên hệ mot@example.vn, CCCD 051099012345, ngày 10/11/2026",
    ]
    rows[1][4] = "gọi +84 912 345 678"
    batch = read(tmp_path, [HEAD, *rows])
    everything = batch.visits.to_csv() + " ".join(map(str, batch.problems))
    for secret in ("Trần", "Một", "912", "345", "example", "0510"):
        assert secret not in everything
    first = batch.visits.iloc[0]
    assert first["team"] == "Tổ 1 - Ông […] […]"
    assert first["note"] == "liên hệ […], CCCD […], ngày 10/11/2026"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("+84 (91) 234-56-78 máy hỏng", "[…] máy hỏng"),
        ("2/3 máy, ngày 01.07.2025 có 16 máy", "2/3 máy, ngày 01.07.2025 có 16 máy"),
        ("1.234.567 hồ sơ, mã H48.113-261008-0975", "1.234.567 hồ sơ, mã H48.113-261008-0975"),
        ("đ/c Lê Thị Hai báo hỏng", "đ/c […] báo hỏng"),
        ("phường Bà Rịa và đặc khu Cô Tô", "phường Bà Rịa và đặc khu Cô Tô"),
        ("anh chị em đều đủ", "anh chị em đều đủ"),
    ],
)
def test_persons_are_told_from_days_numbers_and_places(written: str, kept: str) -> None:
    assert hide_persons(written) == kept


def test_a_long_note_is_cut(tmp_path: Path) -> None:
    rows = findings()
    rows[0][6] = "rất dài " * 500
    assert len(read(tmp_path, [HEAD, *rows]).visits.iloc[0]["note"]) <= 500


def test_another_provinces_visits_are_refused(tmp_path: Path) -> None:
    head, rows = (
        [*HEAD, "Mã xã"],
        [[*row, code] for row, code in zip(findings(), CODES, strict=True)],
    )
    with pytest.raises(FileRefused, match="Quảng Ngãi, không phải của Gia Lai"):
        read(tmp_path, [head, *rows], province="52")

"""Certificates per commune: from a list with one a row in any wording, or from counts; holders
never kept.
"""

from __future__ import annotations

import json
import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard import sources
from dashboard.batch import CERTIFICATES, Batch
from dashboard.errors import FileRefused
from dashboard.sources.formats.sheet import Unreadable
from dashboard.sources.kinds.certificates.reader import read_certificate_state
from tests.sources.forms import FORMATS, Grid, official, save, save_csv, some_communes

TODAY = date(2026, 11, 22)
AS_OF = date(2026, 11, 13)
CODES = some_communes("51", 8)
SAMPLE = "chung_thu_so_quang_ngai_2026-11-13.xlsx"
TITLES: Grid = [["DANH SÁCH CHỨNG THƯ SỐ"], ["Tính đến ngày 13/11/2026"], []]
HEAD = [
    "TT",
    "Họ tên",
    "Đơn vị",
    "Số hiệu chứng thư",
    "Ngày cấp",
    "Ngày hết hạn",
    "Trạng thái",
    "Email",
]
PERSON = ["Trần Văn Một", "mot@example.vn"]


def line(number: int, code: str, days_left: int, said: str) -> list[Any]:
    ends = AS_OF + timedelta(days=days_left)
    return [
        number,
        PERSON[0],
        official(code),
        f"A5D4{number:08d}",
        "06/06/2022",
        f"{ends:%d/%m/%Y}",
        said,
        PERSON[1],
    ]


def certificates() -> Grid:
    """Of the first commune one of each kind; of the others what chance gives."""
    said = ["Hoạt động", "Bị khóa", "Đã thu hồi", "Hết hạn"]
    fixed = [
        (-1, "Hoạt động"),
        (-1, "Bị khóa"),
        (0, "Hoạt động"),
        (30, "Hoạt động"),
        (31, "Hoạt động"),
        (60, "Hoạt động"),
        (61, "Hoạt động"),
        (5, "Bị khóa"),
        (400, "Thu hồi"),
        (-9, "Thu hồi"),
    ]
    rows = [line(number, CODES[0], *cells) for number, cells in enumerate(fixed, start=1)]
    chance = random.Random(1)
    rows += [
        line(number, chance.choice(CODES[1:6]), chance.randint(-50, 400), chance.choice(said))
        for number in range(100, 180)
    ]
    return rows


def form(rows: Grid) -> Grid:
    return [*TITLES, HEAD, *rows]


def told(batch: Batch) -> dict[str, dict[str, float]]:
    frame = batch.certificates.set_index("commune_code")
    return {str(code): frame.loc[code, CERTIFICATES].to_dict() for code in frame.index}


def read(tmp_path: Path, grid: Grid, **how: Any) -> Batch:
    return sources.read_file(save_csv(tmp_path / "cts_quang_ngai.csv", grid), today=TODAY, **how)


def test_every_commune_of_the_sample_has_exactly_its_true_counts(shared: Path) -> None:
    truth = json.loads((shared / "samples" / "expected.json").read_text(encoding="utf-8"))[SAMPLE]
    batch = sources.read_file(shared / "samples" / SAMPLE, today=TODAY)
    counts = told(batch)
    assert {
        code: {name: counts[code][name] for name in values}
        for code, values in truth["communes"].items()
    } == truth["communes"]
    assert set(counts) == set(truth["communes"])
    assert (batch.file_kind, batch.province_code, batch.rows, batch.problems) == (
        "certificates",
        "51",
        1316,
        (),
    )
    assert batch.as_of == datetime(2026, 11, 13)
    assert set(batch.certificates["as_of"]) == {AS_OF}


def test_the_last_day_counts_as_a_day_of_use_and_what_ended_is_expired_whatever_its_state(
    tmp_path: Path,
) -> None:
    assert told(read(tmp_path, form(certificates())))[CODES[0]] == {
        "active": 5,
        "locked": 1,
        "revoked": 2,
        "expired": 2,
        "expiring_30": 2,
        "expiring_60": 4,
    }


def test_counts_agree_with_a_slow_and_obvious_twin(tmp_path: Path) -> None:
    rows = certificates()
    truth: dict[str, dict[str, float]] = {}
    for code in {row[2] for row in rows}:
        own = [
            (row[6], (datetime.strptime(row[5], "%d/%m/%Y").date() - AS_OF).days)
            for row in rows
            if row[2] == code
        ]
        active = [left for said, left in own if said == "Hoạt động" and left >= 0]
        truth[code] = {
            "active": len(active),
            "locked": sum(said == "Bị khóa" and left >= 0 for said, left in own),
            "revoked": sum("hu hồi" in said for said, _ in own),
            "expired": sum(
                said == "Hết hạn" or (left < 0 and "hu hồi" not in said) for said, left in own
            ),
            "expiring_30": sum(left <= 30 for left in active),
            "expiring_60": sum(left <= 60 for left in active),
        }
    assert {
        official(code): values for code, values in told(read(tmp_path, form(rows))).items()
    } == truth


@pytest.mark.parametrize("file_format", FORMATS)
def test_any_format_order_of_columns_and_other_words_read_the_same(
    tmp_path: Path, file_format: str
) -> None:
    words = [
        "STT",
        "Họ và tên thuê bao",
        "Cơ quan, đơn vị",
        "Serial",
        "Hiệu lực từ ngày",
        "Hiệu lực đến ngày",
        "Tình trạng CTS",
        "Thư điện tử",
    ]
    grid = [[None, None, *reversed(row)] for row in [words, *certificates()]]
    random.Random(2).shuffle(rows := grid[1:])
    path = save(tmp_path, "cts_2026-11-13", [["CHI TIẾT"], [], [], grid[0], [], *rows], file_format)
    assert told(sources.read_file(path, today=TODAY)) == told(read(tmp_path, form(certificates())))


def test_holders_names_numbers_and_addresses_are_nowhere_in_what_was_read(tmp_path: Path) -> None:
    rows = certificates()
    rows[3][5] = "không rõ"
    rows[4][6] = "gọi 0912 345 678 hỏi mot@example.vn"
    rows.append(rows[5])
    rows.append([*rows[6][:6], "Thu hồi", ""])
    rows[7][2] = "Xã Không Có"
    batch = read(tmp_path, form(rows))
    everything = (
        f"{batch!r} {[str(problem) for problem in batch.problems]} {batch.certificates.to_csv()}"
    )
    assert len(batch.problems) == 5
    for secret in (*PERSON, "0912", "A5D4", "example"):
        assert secret not in everything


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Đang hoạt động", "active"),
        ("HOẠT ĐỘNG", "active"),
        ("Còn hiệu lực", "active"),
        ("đã mở khoá", "active"),
        ("Sắp hết hạn", "active"),
        ("Đã khoá", "locked"),
        ("Tạm dừng", "locked"),
        ("Chờ mở khóa", "locked"),
        ("Locked", "locked"),
        ("Huỷ bỏ", "revoked"),
        ("Bị thu hồi", "revoked"),
        ("Hết hiệu lực", "expired"),
        ("Không còn hiệu lực", "expired"),
        ("Chưa kích hoạt", "pending"),
        ("Không có", "none"),
        ("", None),
    ],
)
def test_a_state_in_any_wording_is_understood(said: str, meant: str | None) -> None:
    assert read_certificate_state(said) == meant


@pytest.mark.parametrize("said", ["Không hoạt động", "ngừng sử dụng", "lạ", "12"])
def test_a_state_that_is_not_certain_is_not_guessed(said: str, tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        read_certificate_state(said)
    batch = read(tmp_path, form([line(1, CODES[0], 99, "Hoạt động"), line(2, CODES[0], 99, said)]))
    assert told(batch)[CODES[0]]["active"] == 1
    assert [(problem.row, problem.column) for problem in batch.problems] == [(6, "Trạng thái")]


def test_a_certificate_told_twice_counts_once_and_never_where_the_rows_differ(
    tmp_path: Path,
) -> None:
    rows = [
        line(1, CODES[0], 99, "Hoạt động"),
        line(2, CODES[0], 99, "Hoạt động"),
        line(3, CODES[0], 99, "Hoạt động"),
    ]
    rows += [list(rows[0]), [*rows[1][:6], "Bị khóa", ""]]
    batch = read(tmp_path, form(rows))
    assert told(batch)[CODES[0]]["active"] == 2
    assert sorted(problem.severity for problem in batch.problems) == ["refused", "warning"]
    assert "dòng 6, 9" in "".join(map(str, batch.problems))


def test_numbers_that_lost_digits_in_a_spreadsheet_make_no_two_certificates_one(
    tmp_path: Path,
) -> None:
    rows = [line(number, CODES[0], 200, "Hoạt động") for number in (1, 2)]
    for row in rows:
        row[HEAD.index("Số hiệu chứng thư")] = "5,4E+18"
    assert told(read(tmp_path, form(rows)))[CODES[0]]["active"] == 2


@pytest.mark.parametrize("ends", ["01/01/1900", "31/12/2099", "31/02/2027", "lâu lắm"])
def test_a_last_day_that_cannot_be_is_told_and_the_state_counts(tmp_path: Path, ends: str) -> None:
    row = line(1, CODES[0], 5, "Hoạt động")
    row[5] = ends
    batch = read(tmp_path, form([row]))
    assert told(batch)[CODES[0]]["active"] == 1
    assert batch.certificates["expiring_30"].isna().all(), "unknown is not nought"
    assert [(problem.row, problem.column, problem.value) for problem in batch.problems] == [
        (5, "Ngày hết hạn", ends)
    ]


def test_a_list_whose_last_days_are_mostly_unreadable_is_refused(tmp_path: Path) -> None:
    rows = [line(number, CODES[0], 500, "Hoạt động") for number in range(4)]
    for row in rows[1:]:
        row[5] = "theo quyết định"
    with pytest.raises(FileRefused, match="không đọc được 3/4 ngày"):
        read(tmp_path, form(rows))


@pytest.mark.parametrize("span", ["{} - {}", "{}–{}", "Từ {} đến {}", "Từ ngày {} đến hết ngày {}"])
def test_the_last_day_of_a_span_counts(tmp_path: Path, span: str) -> None:
    rows = certificates()
    whole = told(read(tmp_path, form(rows)))
    for row in rows:
        row[5] = span.format("06/06/2022", row[5])
    assert told(read(tmp_path, form(rows))) == whole


@pytest.mark.parametrize(
    "title",
    [
        "DANH SÁCH CHỨNG THƯ SỐ SẮP HẾT HẠN",
        "Danh sách chữ ký số bị khóa tính đến ngày 13/11/2026",
        "Danh sách đề nghị gia hạn CTS, thu hồi CTS",
        "Danh sách chứng thư số cấp mới tháng 10",
        "Danh sách chứng thư số được cấp năm 2026",
    ],
)
def test_a_list_of_some_certificates_is_no_list_of_all(tmp_path: Path, title: str) -> None:
    grid = form(certificates())
    with pytest.raises(FileRefused, match="chỉ có một phần"):
        read(tmp_path, [[title], *grid[1:]])


@pytest.mark.parametrize(
    "title",
    [
        "DANH SÁCH CHỨNG THƯ SỐ ĐÃ CẤP (đang hoạt động, hết hạn, thu hồi)",
        "Tình trạng chứng thư số: hoạt động, bị khóa, hết hạn",
        "Danh sách chứng thư số được cấp cho các xã",
    ],
)
def test_a_title_that_names_all_states_is_of_all(tmp_path: Path, title: str) -> None:
    grid = form(certificates())
    assert told(read(tmp_path, [[title], *grid[1:]])) == told(read(tmp_path, grid))


@pytest.mark.parametrize(
    "room", ["Phòng Kinh tế - UBND {}", "Phòng Văn hóa - Xã hội {}", "Phòng Kinh tế ({})"]
)
def test_a_room_of_the_office_is_the_communes(tmp_path: Path, room: str) -> None:
    rows = certificates()
    truth = told(read(tmp_path, form(rows)))
    for row in rows[::3]:
        name = row[2]
        row[2] = room.format(name[:1].lower() + name[1:])
    batch = read(tmp_path, form(rows))
    assert told(batch) == truth
    assert not batch.problems


@pytest.mark.parametrize("other", ["Phòng khám đa khoa {}", "Trường tiểu học {}"])
def test_others_of_the_commune_are_no_rooms_of_its_office(tmp_path: Path, other: str) -> None:
    rows = certificates()
    row = rows[0]
    row[2] = other.format(row[2])
    (problem,) = read(tmp_path, form(rows)).problems
    assert "không có trong danh mục" in problem.message


def test_a_list_without_last_days_does_not_say_what_expires_soon(tmp_path: Path) -> None:
    batch = read(tmp_path, form([[*row[:5], None, *row[6:]] for row in certificates()]))
    assert told(batch)[CODES[0]]["active"] == 6
    without = [
        [cell for column, cell in enumerate(row) if column != 5]
        for row in form(certificates())
        if len(row) > 1
    ]
    batch = read(tmp_path, [*TITLES, *without])
    assert batch.certificates["expiring_30"].isna().all()


def test_a_commune_without_a_row_is_unknown_and_departments_are_no_communes(tmp_path: Path) -> None:
    rows = [*certificates(), line(500, CODES[0], 99, "Hoạt động")]
    rows[-1][2] = "Sở Nội vụ"
    batch = read(tmp_path, form(rows))
    assert not {CODES[6], CODES[7]} & set(told(batch))
    assert [
        (problem.severity, "1 dòng là của sở" in problem.message) for problem in batch.problems
    ] == [("warning", True)]


def test_a_form_of_counts_is_taken_as_written_and_a_blank_is_no_zero(tmp_path: Path) -> None:
    head = [
        "TT",
        "Xã, phường",
        "Tổng số",
        "Đang hoạt động",
        "Bị khóa",
        "Đã thu hồi",
        "Hết hạn",
        "Sắp hết hạn trong 30 ngày",
        "Sắp hết hạn trong 60 ngày",
    ]
    grid = [
        *TITLES,
        head,
        [1, official(CODES[0]), 15, 12, 1, 0, 2, 3, 4],
        [2, official(CODES[1]), 0, 0, 0, 0, 0, 0, 0],
        [3, official(CODES[2]), None, 7, None, None, "-", None, None],
        [4, official(CODES[3]), *[None] * 7],
        [5, official(CODES[4]), 9, 7, 1, 0, 2, 8, 1],
        [6, official(CODES[5]), 0, *[None] * 6],
        [None, "Tổng cộng", 99, 99, 9, 9, 9, 9, 9],
    ]
    batch = read(tmp_path, grid)
    frame = batch.certificates.set_index("commune_code")[CERTIFICATES]
    assert frame.loc[CODES[0]].tolist() == [12, 1, 0, 2, 3, 4]
    assert frame.loc[CODES[1]].tolist() == frame.loc[CODES[5]].tolist() == [0] * 6
    assert frame.loc[CODES[2]].dropna().to_dict() == {"active": 7, "expired": 0}
    assert CODES[3] not in frame.index
    assert [(problem.row, problem.severity) for problem in batch.problems] == [
        (9, "warning"),
        (9, "warning"),
    ]
    assert batch.file_kind == "certificates"


def test_a_file_for_another_province_and_a_file_without_a_day_are_refused(tmp_path: Path) -> None:
    path = save_csv(tmp_path / "cts.csv", [HEAD, *certificates()])
    with pytest.raises(FileRefused, match="--as-of"):
        sources.read_file(path, today=TODAY)
    assert sources.read_file(path, today=TODAY, as_of=AS_OF).as_of.date() == AS_OF
    tail = [[*row[:2], f"{row[2]} - Tỉnh Quảng Ngãi", *row[3:]] for row in certificates()]
    with pytest.raises(FileRefused, match="Quảng Ngãi, không phải của"):
        sources.read_file(save_csv(tmp_path / "cts.csv", form(tail)), today=TODAY, province="52")


def test_names_alone_are_enough_to_refuse_a_file_under_another_province(shared: Path) -> None:
    with pytest.raises(FileRefused, match="tệp là của Quảng Ngãi, không phải của Gia Lai"):
        sources.read_file(shared / "samples" / SAMPLE, today=TODAY, province="52")

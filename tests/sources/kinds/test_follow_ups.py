"""What offices promised: read with its measure and target, never with a person, never as kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dashboard import sources
from dashboard.batch import Batch
from dashboard.sources.kinds.follow_ups.reader import recognise_promised_measure
from tests.sources.forms import Grid, official, save, some_communes

TODAY = date(2026, 11, 22)
CODES = some_communes("51", 4)
HEAD = [
    "STT",
    "Xã, phường, đặc khu",
    "Việc hứa",
    "Tiêu chí",
    "Mức phải đạt",
    "Cơ quan hứa",
    "Ngày hứa",
    "Hạn hoàn thành",
]
PROMISED, DUE = date(2026, 11, 2), date(2026, 11, 16)


def promise(code: str, *cells: object) -> list[object]:
    return [1, official(code), *cells, PROMISED, DUE]


def read(tmp_path: Path, rows: Grid, head: list[str] = HEAD) -> Batch:
    file = save(tmp_path, "hua", [head, *rows], "xlsx")
    return sources.read_file(file, province="51", today=TODAY)


def problems(batch: Batch) -> list[str]:
    return [str(problem) for problem in batch.problems]


def test_a_promise_is_read_with_its_measure_target_office_and_days(tmp_path: Path) -> None:
    batch = read(
        tmp_path,
        [
            promise(CODES[0], "Cấp thêm 2 máy scan", "Máy scan: có", 4, "Sở KH&CN"),
            promise(CODES[1], "Nâng đường truyền", "Tốc độ mạng", "50,5", "VNPT Quảng Ngãi"),
            promise(CODES[2], "Sửa cáp", "Đường truyền thông suốt", None, "Viettel Quảng Ngãi"),
        ],
    )
    assert problems(batch) == []
    assert batch.file_kind == "follow_ups"
    follow_ups = batch.follow_ups
    assert follow_ups["commune_code"].tolist() == CODES[:3]
    assert follow_ups["measure"].tolist() == ["scanner_available", "network_mbps", "network_stable"]
    assert follow_ups["target"].tolist() == [4, 50.5, 1]
    assert follow_ups["owner"].tolist() == ["Sở KH&CN", "VNPT Quảng Ngãi", "Viettel Quảng Ngãi"]
    assert set(follow_ups["promised_on"]) == {PROMISED}
    assert set(follow_ups["due_on"]) == {DUE}
    assert follow_ups["withdrawn_on"].isna().all()


def test_the_same_row_sent_again_is_the_same_promise(tmp_path: Path) -> None:
    row = promise(CODES[0], "Cấp thêm 2 máy scan", "Máy scan: có", 4, "Sở KH&CN")
    first = read(tmp_path, [row]).follow_ups["follow_up_id"][0]
    later = [*row[:-1], date(2026, 12, 1)]
    assert read(tmp_path, [later]).follow_ups["follow_up_id"].tolist() == [first]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (("Cấp máy", "Máy in", 2, "Sở KH&CN"), "không rõ là tiêu chí nào"),
        (("Cấp máy", "Máy scan: cần", 2, "Sở KH&CN"), "không rõ là tiêu chí nào"),
        (("Cấp máy", "Máy scan: có", None, "Sở KH&CN"), "để trống"),
        (("Cấp máy", "Máy scan: có", 0, "Sở KH&CN"), "không phải mức phải đạt"),
        (("Cấp máy", "Máy scan: có", 40_000, "Sở KH&CN"), "lớn khác thường"),
        (("Cấp máy", "Máy scan: có", 2, None), "để trống"),
        (("Cấp máy", "Máy scan: có", 2, "ông Trần Văn Một"), "có tên hoặc số của một người"),
    ],
)
def test_what_no_reading_can_show_or_no_office_owes_is_refused(
    tmp_path: Path, cells: tuple[object, ...], message: str
) -> None:
    batch = read(tmp_path, [promise(CODES[0], *cells)])
    assert batch.follow_ups.empty
    assert message in problems(batch)[0]
    assert "Trần" not in "".join(problems(batch))


def test_a_promise_of_tomorrow_or_due_before_it_was_made_is_refused(tmp_path: Path) -> None:
    row = promise(CODES[0], "Cấp máy", "Máy scan: có", 2, "Sở KH&CN")
    batch = read(
        tmp_path,
        [[*row[:-2], date(2026, 11, 23), DUE], [*row[:-2], PROMISED, date(2026, 11, 1)]],
    )
    assert batch.follow_ups.empty
    assert len(batch.problems) == 2


def test_a_withdrawal_wants_its_day_and_its_reason(tmp_path: Path) -> None:
    head = [*HEAD, "Ngày rút", "Lý do rút"]
    row = promise(CODES[0], "Cấp máy", "Máy scan: có", 2, "Sở KH&CN")
    day, reason = date(2026, 11, 10), "Đã chuyển sang gói thầu khác"
    taken = read(tmp_path, [[*row, day, reason]], head).follow_ups
    assert taken[["withdrawn_on", "withdrawn_reason"]].to_numpy().tolist() == [[day, reason]]
    for half in ([day, None], [None, reason]):
        batch = read(tmp_path, [[*row, *half]], head)
        assert batch.follow_ups.empty
        assert len(batch.problems) == 1


def test_persons_do_not_stand_in_what_was_promised(tmp_path: Path) -> None:
    row = promise(CODES[0], "Ông Trần Văn Một (0912345678) cấp máy", "Máy scan: có", 2, "Sở KH&CN")
    words = read(tmp_path, [row]).follow_ups["what"][0]
    assert "Trần" not in words
    assert "0912" not in words


@pytest.mark.parametrize("measure", ["network_mbps", "Tốc độ mạng", "Tốc độ mạng (Mbps)"])
def test_a_measure_is_named_by_code_or_words(measure: str) -> None:
    assert recognise_promised_measure(measure) == "network_mbps"

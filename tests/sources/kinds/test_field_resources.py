"""What the province gives its communes, and what citizens told, as offices write it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from dashboard import sources
from dashboard.batch import Batch
from dashboard.errors import FileRefused
from tests.sources.forms import Grid, official, save_csv

TODAY = date(2026, 11, 22)
XA = "21250"
HEAD = [
    *("Loại nguồn lực", "Mã xã", "Nội dung nguồn lực", "Tình trạng nguồn lực", "Số lượng"),
    *("Đã thực hiện", "Cơ quan", "Từ ngày", "Đến ngày"),
]


def read(tmp_path: Path, grid: Grid, name: str = "tep.csv") -> Batch:
    path = save_csv(tmp_path / name, grid)
    return sources.read_file_by_province(path, today=TODAY, province="51")[0]


def test_resource_without_a_commune_is_the_whole_provinces(tmp_path: Path) -> None:
    row = ["tập huấn", "", "Ký số", "", 120, 97, "UBND cấp xã", "05/10/2026", "05/10/2026"]
    batch = read(tmp_path, [HEAD, row])
    (resource,) = batch.resources.to_dict("records")
    assert resource["commune_code"] is None
    assert (resource["topic"], resource["quantity"], resource["done"]) == ("training", 120, 97)


def test_persons_name_in_a_secondment_reaches_no_row(tmp_path: Path) -> None:
    head = [*HEAD, "Họ và tên"]
    row = ["biệt phái", XA, "Đất đai, ông Nguyễn Văn Một", "", 1, "", "Sở Tư pháp", "01/09/2026"]
    batch = read(tmp_path, [head, [*row, "", "Nguyễn Văn Một"]])
    assert len(batch.resources) == 1
    assert "Văn Một" not in batch.resources.to_string()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["máy bay", XA, "X", "", 1, "", "", "01/09/2026", ""], "không rõ là gì"),
        (["thiết bị", XA, "Máy in", "cấp mới", 1, "", "", "01/09/2026", ""], "không rõ là gì"),
        (["tập huấn", "", "Ký số", "", 10, 11, "", "01/09/2026", ""], "lớn hơn số lượng"),
        (["tập huấn", "", "Ký số", "", "", "", "", "01/09/2026", ""], "để trống"),
        (["tập huấn", "", "Ký số", "", 9, "", "", "02/09/2026", "01/09/2026"], "trước ngày bắt"),
    ],
)
def test_what_is_not_certain_is_told_and_left_out(
    tmp_path: Path, row: list[object], words: str
) -> None:
    batch = read(tmp_path, [HEAD, row])
    assert batch.resources.empty
    assert words in batch.problems[0].message


def test_second_file_tells_the_newer_state_of_the_same_thing(tmp_path: Path) -> None:
    first = ["thiết bị", XA, "Máy in", "đang mua", 2, "", "Sở Tài chính", "01/09/2026", ""]
    later = [*first[:4], 3, *first[5:]]
    numbers = {
        read(tmp_path, [HEAD, row], f"{number}.csv").resources["resource_id"][0]
        for number, row in enumerate((first, later))
    }
    assert len(numbers) == 1


FEEDBACK_HEAD = [
    *("Mã xã", "Xã", "Phản ánh, kiến nghị tiếp nhận", "Đã xin lỗi"),
    *("Phản ánh, kiến nghị đã xử lý", "Điểm hài lòng (766)"),
]


def test_feedback_is_counted_by_commune_and_month_and_blank_is_not_nought(tmp_path: Path) -> None:
    grid: Grid = [["Phản ánh tháng 10/2026"], FEEDBACK_HEAD, [XA, official(XA), 4, "", 3, "17,5"]]
    (row,) = read(tmp_path, grid).feedback.to_dict("records")
    assert (row["period_from"], row["period_to"]) == (date(2026, 10, 1), date(2026, 10, 31))
    assert (row["received"], row["resolved"], row["satisfaction"]) == (4, 3, 17.5)
    assert pd.isna(row["apologised"])


def test_feedback_without_a_period_is_refused_and_more_than_18_points_are_none(
    tmp_path: Path,
) -> None:
    grid: Grid = [FEEDBACK_HEAD, [XA, official(XA), 4, 1, 3, "98,5"]]
    with pytest.raises(FileRefused, match="kỳ"):
        read(tmp_path, grid)
    batch = read(tmp_path, [["Phản ánh tháng 10/2026"], *grid], "18.csv")
    assert pd.isna(batch.feedback["satisfaction"][0])
    assert "lớn hơn" in batch.problems[0].message

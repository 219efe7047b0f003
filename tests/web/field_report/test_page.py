"""The report after the day: what was checked, found, mended, proposed, promised and asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from flask.testing import FlaskClient

from dashboard import sources, store
from dashboard.batch import TEAM_COLUMNS
from dashboard.settings import Settings
from dashboard.web.server import create_app
from tests import making
from tests.sources.forms import Grid, official, save_csv

TODAY = date(2026, 11, 22)
XA = "21250"
NAME = official(XA)
FILES: dict[str, Grid] = {
    "visits": [
        [
            "STT",
            "Tên xã",
            "Ngày kiểm tra",
            "Tiêu chí",
            "Kết quả kiểm tra",
            "Tổ công tác",
            "Ghi chú",
        ],
        [
            *(1, NAME, "17/11/2026", "Họp trực tuyến từ Trung ương", "Đạt", "Tổ 7"),
            "Đã khắc phục tại chỗ",
        ],
        [
            2,
            NAME,
            "17/11/2026",
            "Thiết bị an toàn thông tin",
            "Đạt",
            "Tổ 7",
            "Đề nghị bản quyền Q3",
        ],
        [
            3,
            NAME,
            "03/11/2026",
            "Đường truyền thông suốt",
            "Đạt",
            "Tổ 7",
            "Cũ Q4",
        ],
    ],
    "follow_ups": [
        [
            *("Tên xã", "Việc hứa", "Tiêu chí", "Mức phải đạt", "Cơ quan hứa", "Ngày hứa"),
            "Hạn thực hiện",
        ],
        [
            NAME,
            "Họp được Q5",
            "Họp trực tuyến từ Trung ương",
            "",
            "Sở Q6",
            "10/11/2026",
            "30/11/2026",
        ],
        [NAME, "Máy scan Q7", "Máy scan: có", 97, "Sở Q8", "18/11/2026", "30/11/2026"],
    ],
    "support_requests": [
        ["Mã xã", "Xã", "Thời điểm yêu cầu", "Nội dung yêu cầu", "Phần mềm", "Mức khẩn"],
        [XA, NAME, "19/11/2026 08:15", "Máy chủ Q9 treo", "Phần mềm Q7", "gấp"],
        [XA, NAME, "02/11/2026 08:15", "Yêu cầu cũ Q0", "Phần mềm Q8", "gấp"],
    ],
}
PAGE = "/to-cong-tac/bao-cao?province=51&as_of=2026-11-22"


@pytest.fixture
def browser(settings: Settings, tmp_path: Path) -> Iterator[FlaskClient]:
    engine = store.open_store(settings.database_url)
    for name, grid in FILES.items():
        path = save_csv(tmp_path / f"{name}.csv", grid)
        batches = sources.read_file_by_province(path, today=TODAY, province="51")
        assert batches[0].problems == (), name
        store.save_batches(engine, batches, by="test")
    yield create_app(settings).server.test_client()
    engine.dispose()


def test_the_week_tells_what_was_mended_proposed_promised_and_asked(browser: FlaskClient) -> None:
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", browser.get(PAGE).text))
    for words in (
        f"17/11/2026 {NAME} Tổ 7 Họp trực tuyến từ Trung ương",
        "Thiết bị an toàn thông tin: Đề nghị bản quyền Q3",
        "Việc hứa: thêm 1, thực hiện 1; còn 1 việc chưa xong, trong đó 0 quá hạn",
        *("Họp được Q5", "Máy scan Q7", "Sở Q8"),
        "Yêu cầu hỗ trợ: gửi 1, đóng 0; còn mở 2",
        "Máy chủ Q9 treo",
    ):
        assert words in said, words
    assert "Cũ Q4" not in said
    assert "Yêu cầu cũ Q0" not in said


def test_the_workbook_has_the_same_in_the_order_of_the_offices(browser: FlaskClient) -> None:
    answer = browser.get(PAGE.replace("bao-cao", "bao-cao.xlsx") + "&date=2026-11-17")
    assert answer.status_code == 200
    book = openpyxl.load_workbook(BytesIO(answer.data))
    assert book.sheetnames == ["Kiểm tra", "Việc hứa", "Yêu cầu hỗ trợ", "Ghi chú"]
    heads = [cell.value for cell in book["Kiểm tra"][4]]
    assert heads[4:] == [
        *("Số tiêu chí đã kiểm tra", "Đúng kê khai", "Phát hiện khác kê khai"),
        *("Đã khắc phục tại chỗ", "Kiến nghị, ghi chú"),
    ]
    row = [cell.value for cell in book["Kiểm tra"][5]]
    assert row[3:5] == [NAME, 2]
    assert row[7] == "Họp trực tuyến từ Trung ương"
    assert book["Kiểm tra"].max_row == 5


def test_a_day_of_nothing_is_no_empty_report(browser: FlaskClient) -> None:
    address = "/to-cong-tac/bao-cao.xlsx?province=51&as_of=2026-11-22&date=2025-07-02"
    assert browser.get(address).status_code == 404


def test_a_team_has_a_report_of_its_own(browser: FlaskClient) -> None:
    page = browser.get(PAGE)
    assert "team=T%E1%BB%95+7" in page.text
    own = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", browser.get(PAGE + "&team=Tổ 7").text))
    assert "Tổ 7: " in own
    assert "Đề nghị bản quyền Q3" in own
    assert "Danh sách đơn vị yếu: " not in own, "that is the province's"
    book = browser.get(PAGE.replace("bao-cao", "bao-cao.xlsx") + "&team=Tổ 7")
    assert "Tổ 7" in openpyxl.load_workbook(BytesIO(book.data))["Kiểm tra"]["A2"].value
    assert "Tổ lạ" in browser.get(PAGE + "&team=Tổ lạ").text, "what is not there is told"


def test_a_visit_outside_the_schedule_is_of_who_wrote_it(
    settings: Settings, browser: FlaskClient, tmp_path: Path
) -> None:
    def read_teams() -> list[str]:
        return re.findall(r'data-label="Tổ">([^<]*)<', browser.get(PAGE).text)

    assert set(read_teams()) == {"Tổ 7"}, "the file names the team"
    grid = [FILES["visits"][0], [1, NAME, "20/11/2026", "Máy scan: có", 4, "Sở Q8", ""]]
    path = save_csv(tmp_path / "unplanned.csv", grid)
    engine = store.open_store(settings.database_url)
    batches = sources.read_file_by_province(path, today=TODAY, province="51")
    store.save_batches(engine, batches, by="test")
    assert "Sở Q8" in read_teams(), "no team of that office is known"
    assert "không rõ tổ" not in read_teams()
    own = {"office": "Sở Q8", "size": 20, "partner": None, "ended_on": None}
    teams = [
        {**own, "team_id": "mot", "name": "Tổ lưu động 1", "communes": "21289"},
        {**own, "team_id": "hai", "name": "Tổ lưu động 2", "communes": f"21289 {XA}"},
    ]
    frame = pd.DataFrame(teams, columns=TEAM_COLUMNS, dtype=object)
    store.save_batch(engine, making.batch("to", teams=frame), by="test")
    engine.dispose()
    assert "Tổ lưu động 2" in read_teams(), "the one of the two that looks after the commune"
    report = browser.get(PAGE + "&team=Tổ lưu động 2").text
    assert "Tổ lưu động 2: 1 đơn vị được kiểm tra" in report

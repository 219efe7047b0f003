"""One file of every kind is imported: what each of them told stands on a page and in the report."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from dashboard import reference, sources, store
from dashboard.settings import Settings
from dashboard.sources.recognise.file_kinds import load_file_kinds
from dashboard.web.server import create_app
from tests.sources.forms import Grid, official, save_csv

TODAY = date(2026, 11, 22)
XA = "21250"
OTHER = "21028"


def _grids() -> dict[str, Grid]:
    """One file of each kind, as an office writes it."""
    name, other = official(XA), official(OTHER)
    return {
        "readiness": [
            ["BIỂU KÊ KHAI ĐIỀU KIỆN VẬN HÀNH, tính đến ngày 13/11/2026"],
            ["Mã xã", "Xã", "Tốc độ mạng (Mbps)", "Chữ ký số: cần", "Chữ ký số: đã cấp"],
            [XA, name, 83, 41, 37],
            [OTHER, other, 84, 40, 36],
        ],
        "device_inventory": [
            ["BẢNG KIỂM KÊ THIẾT BỊ TỈNH QUẢNG NGÃI"],
            ["(Tính đến ngày 13/11/2026)"],
            ["STT", "Đơn vị", "Loại thiết bị", "Mã tài sản", "Tình trạng"],
            *([number, name, "Máy scan HP", f"TS{number}", "Tốt"] for number in range(1, 24)),
        ],
        "certificates": [
            ["TỔNG HỢP CHỨNG THƯ SỐ TỈNH QUẢNG NGÃI, tính đến ngày 13/11/2026"],
            [
                *("Mã xã", "Xã", "Đang hoạt động", "Bị khóa", "Thu hồi", "Hết hạn"),
                *("Hết hạn trong 30 ngày", "Hết hạn trong 60 ngày"),
            ],
            [XA, name, 31, 22, 13, 14, 15, 16],
        ],
        "visits": [
            ["STT", "Tên xã", "Ngày kiểm tra", "Tiêu chí", "Kết quả kiểm tra", "Tổ công tác"],
            [1, name, "10/11/2026", "Họp trực tuyến từ Trung ương", "Đạt", "Tổ công tác số 2"],
        ],
        "follow_ups": [
            [
                "Tên xã",
                "Việc hứa",
                "Tiêu chí",
                "Mức phải đạt",
                "Cơ quan hứa",
                "Ngày hứa",
                "Hạn thực hiện",
            ],
            [
                name,
                "Cấp 97 máy scan",
                "Máy scan: có",
                97,
                "Sở Tài chính",
                "03/11/2026",
                "11/11/2026",
            ],
        ],
        "support_requests": [
            ["Mã xã", "Xã", "Thời điểm yêu cầu", "Nội dung yêu cầu", "Phần mềm", "Mức khẩn"],
            [XA, name, "19/11/2026 08:15", "Máy chủ chứng thực treo", "Phần mềm Q7", "gấp"],
        ],
        "weak_list": [
            ["Mã xã", "Xã", "Căn cứ vào danh sách", "Ngày vào danh sách", "Lý do vào danh sách"],
            [XA, name, "quyết định", "04/11/2026", "Máy chủ hay dừng"],
        ],
        "teams": [
            ["Tên tổ công tác", "Cơ quan chủ trì", "Số thành viên", "Doanh nghiệp viễn thông"],
            ["Tổ cơ động số 7", "Sở KH&CN", 23, "Viettel"],
        ],
        "team_days": [["Tổ công tác", "Ngày đi", "Nơi đến"], ["Tổ cơ động số 7", "24/11/2026", XA]],
        "field_resources": [
            [
                *("Loại nguồn lực", "Mã xã", "Nội dung nguồn lực", "Tình trạng nguồn lực"),
                *("Số lượng", "Đã thực hiện", "Cơ quan", "Từ ngày", "Đến ngày"),
            ],
            ["biệt phái", XA, "Đất đai Q8", "", 3, "", "Sở Tư pháp", "01/09/2026", "31/12/2026"],
            ["thiết bị", XA, "Máy in Q9", "đang mua", 19, "", "", "02/10/2026", ""],
            ["tập huấn", "", "Ký số", "", 640, 617, "UBND xã", "05/10/2026", "05/10/2026"],
        ],
        "feedback": [
            ["PHẢN ÁNH, KIẾN NGHỊ CỦA NGƯỜI DÂN tháng 10/2026"],
            [
                *("Mã xã", "Xã", "Phản ánh, kiến nghị tiếp nhận", "Đã xin lỗi"),
                *("Phản ánh, kiến nghị đã xử lý", "Điểm hài lòng (766)"),
            ],
            [XA, name, 43, 17, 41, "16,3"],
        ],
        "probe_log": [
            ["Mã xã", "Xã", "Thời gian", "Trạng thái", "Tốc độ (Mbps)"],
            [XA, name, "12/11/2026 08:00:00", "up", "47,5"],
            [XA, name, "12/11/2026 08:15:00", "down", ""],
            [XA, name, "12/11/2026 08:30:00", "down", ""],
            [XA, name, "12/11/2026 09:40:00", "up", "48,5"],
            [XA, name, "12/11/2026 23:50:00", "down", ""],
            [XA, name, "13/11/2026 00:20:00", "up", "49,5"],
        ],
        "dossiers": [
            [
                *("Mã hồ sơ", "Mã TTHC", "Đơn vị tiếp nhận", "Đơn vị giải quyết"),
                *("Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Trạng thái"),
                *("Hình thức tiếp nhận", "Số hóa thành phần hồ sơ", "Lĩnh vực"),
            ],
            *(
                [
                    *(f"H48.113-26110{day}-000{day}", code, name, deciding),
                    *(f"0{day}/11/2026 08:00", "10/11/2026 08:00", finished, state),
                    *(channel, "Có", "Chứng thực" if day < 4 else "Hộ tịch"),
                ]
                for day, code, deciding, finished, state, channel in (
                    (2, "1.000656", name, "09/11/2026 08:00", "Đã trả kết quả", "Trực tuyến"),
                    (3, "1.000656", name, "12/11/2026 08:00", "Đã trả kết quả", "Trực tiếp"),
                    (4, "2.000815", other, "", "Đang xử lý", "Trực tiếp"),
                    (5, "2.000815", other, "", "Yêu cầu bổ sung", "Bưu chính công ích"),
                )
            ),
        ],
    }


@pytest.fixture(scope="module")
def imported(new_settings: Callable[[], Settings], tmp_path_factory: Any) -> Iterator[FlaskClient]:
    """The program over all of them, which tests only look at."""
    settings, folder = new_settings(), tmp_path_factory.mktemp("kinds")
    engine = store.open_store(settings.database_url)
    for name, grid in _grids().items():
        path = save_csv(folder / f"{name}.csv", grid)
        batches = sources.read_file_by_province(
            path, today=TODAY, as_of=datetime(2026, 11, 13), province="51"
        )
        assert [batch.file_kind for batch in batches] == [name], name
        assert batches[0].problems == (), name
        store.save_batches(engine, batches, by="test")
    yield create_app(settings).server.test_client()
    engine.dispose()


def _read_words(client: FlaskClient, address: str) -> str:
    """What a page says, without its marks."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def test_every_kind_of_file_of_a_province_is_imported_here() -> None:
    """The kinds that only repeat others' columns have tests of their own."""
    repeated = {"exported", "portal_progress", "dossier_report"}
    assert {file_kind.code for file_kind in load_file_kinds()} - repeated == set(_grids())


def test_certificates_and_probes_stand_on_the_communes_page(imported: FlaskClient) -> None:
    said = _read_words(imported, f"/xa/{XA}?as_of=2026-11-22")
    for words in (
        "danh sách 13/11/2026",
        *("đang hoạt động 31", "bị khóa 22", "thu hồi 13", "đã hết hạn 14"),
        *("hết hạn trong 30 ngày 15", "hết hạn trong 60 ngày 16"),
        *("hoạt động 70,0% số lần đo", "tốc độ giữa 48,8 Mbps", "2 lần mất mạng"),
        *("08:15–09:40 12/11/2026 (85 phút)", "23:50 12/11–00:20 13/11/2026 (30 phút)"),
        *("37/41", "83 Mbps", "23", "Tổ công tác số 2"),
    ):
        assert words in said, words


def test_weak_communes_teams_and_days_stand_on_the_pages_of_the_field(
    imported: FlaskClient,
) -> None:
    said = _read_words(imported, "/to-cong-tac?province=51&as_of=2026-11-22")
    for words in (
        "theo quyết định",
        *("04/11/2026, 18 ngày", "Máy chủ hay dừng", "Tổ cơ động số 7 đến ngày 24/11/2026"),
        "1 việc hứa chưa xong, 1 quá hạn",
    ):
        assert words in said, words
    said = _read_words(imported, "/to-cong-tac/lich?province=51&as_of=2026-11-22")
    for words in ("Tổ cơ động số 7", "Sở KH&amp;CN", "Viettel", "24/11/2026"):
        assert words in said, words


def test_what_is_given_and_what_citizens_told_stand_on_the_pages(imported: FlaskClient) -> None:
    said = _read_words(imported, "/to-cong-tac?province=51&as_of=2026-11-22")
    for words in (
        "Công chức đang biệt phái 3 từ 1 sở, ngành, tại 1 đơn vị",
        *("Thiết bị đang mua 19", "Lượt cán bộ tập huấn 640 617/640 1 khóa", "mới nhất 05/10/2026"),
        *("tiếp nhận 43", "xin lỗi 17", "đã xử lý 41/43", "16,3/18", "2 chưa xử lý"),
    ):
        assert words in said, words
    said = _read_words(imported, f"/xa/{XA}?as_of=2026-11-22")
    for words in (
        "3 công chức biệt phái từ Sở Tư pháp (đất đai Q8), từ 01/09/2026 đến 31/12/2026",
        "19 máy in Q9 đang mua, từ 02/10/2026",
        "tiếp nhận 43, đã xử lý 41, xin lỗi 17; điểm hài lòng theo Bộ chỉ số 766: 16,3/18",
    ):
        assert words in said, words
    report = imported.get("/api/report?province=51&as_of=2026-11-22").get_json()
    assert [row["quantity"] for row in report["resources"]] == [19, 640, 3]
    assert report["feedback"]["communes"][0]["apologised"] == 17


def test_requests_for_help_stand_on_their_page_and_on_the_communes(imported: FlaskClient) -> None:
    said = _read_words(imported, "/to-cong-tac/yeu-cau?province=51&as_of=2026-11-22")
    for words in ("Máy chủ chứng thực treo", "Phần mềm Q7", "ảnh hưởng xử lý", "08:15 19/11/2026"):
        assert words in said, words
    assert "máy chủ chứng thực treo" in _read_words(imported, f"/xa/{XA}?as_of=2026-11-22")


def test_promises_stand_on_their_page(imported: FlaskClient) -> None:
    said = _read_words(imported, "/to-cong-tac/viec-hua?province=51&as_of=2026-11-22")
    for words in ("1 việc hứa quá hạn", "Cấp 97 máy scan", "từ 97 trở lên", "Sở Tài chính"):
        assert words in said, words


@pytest.mark.parametrize("address", [f"/xa/{XA}?as_of=2026-11-22", "/to-cong-tac?province=51"])
def test_overdue_promises_rise_where_the_commune_is_looked_at(
    imported: FlaskClient, address: str
) -> None:
    said = _read_words(imported, address)
    assert "ấp 97 máy scan" in said
    assert "Sở Tài chính, hạn 11/11/2026" in said
    report = imported.get("/api/report?province=51").get_json()
    wall = imported.get("/api/wall?province=51&scenes=viec-hua").get_json()["scenes"][0]
    assert wall["title"].replace("\xa0", " ") == "Việc hứa quá hạn: 1 việc, 1 đơn vị còn chờ"
    assert [(entry["name"], entry["figure"]) for entry in wall["named"]] == [("Sở Tài chính", "1")]
    assert report["signals"][-1]["title"] == "1 việc hứa quá hạn tại 1 đơn vị"


def test_procedures_and_units_stand_on_the_page_of_dossiers(imported: FlaskClient) -> None:
    said = _read_words(imported, "/ho-so?province=51&as_of=2026-11-22&period=2026-11")
    assert "2/2 thủ tục có hồ sơ quá hạn" in said
    # received, resolved, of these late; overdue of what is open; late of what was received
    assert "1.000656 2 2 1 0/0 1/2 (50,0%)" in said
    assert "2.000815 2 0 0 1/1 1/2 (50,0%)" in said
    assert "2/2 lĩnh vực có hồ sơ quá hạn" in said
    assert "Chứng thực 2 2 1 0/0 1/2 (50,0%)" in said
    assert "Hộ tịch 2 0 0 1/1 1/2 (50,0%)" in said
    for words in ("Chứng thực,2,2,1,0,0", "Hộ tịch,2,0,0,1,1"):
        address = "/tai/ho-so-theo-linh-vuc.csv?province=51&as_of=2026-11-22&period=2026-11"
        assert words in imported.get(address).get_data(as_text=True).replace(";", ",")
    assert "2/4 hồ sơ nhận ở một nơi, giải quyết ở nơi khác" in said
    names = reference.load_communes()["name"]
    assert f"{names[XA]} {names[OTHER]} 2" in said


def test_where_no_list_tells_fields_nothing_stands_in_their_place(
    settings: Settings, tmp_path: Path
) -> None:
    grid = [row[:-1] for row in _grids()["dossiers"]]
    engine = store.open_store(settings.database_url)
    (batch,) = sources.read_file_by_province(
        save_csv(tmp_path / "dossiers.csv", grid),
        today=TODAY,
        as_of=datetime(2026, 11, 13),
        province="51",
    )
    store.save_batches(engine, [batch], by="test")
    engine.dispose()
    client = create_app(settings).server.test_client()
    said = _read_words(client, "/ho-so?province=51&as_of=2026-11-22&period=2026-11")
    assert "2/2 thủ tục có hồ sơ quá hạn" in said
    assert "ĩnh vực" not in said
    report = client.get("/api/report?province=51&as_of=2026-11-22").get_json()
    assert report["listed_dossiers"]["fields"] == []


def test_the_report_for_other_programs_tells_the_same(imported: FlaskClient) -> None:
    report: dict[str, Any] = imported.get("/api/report?province=51&as_of=2026-11-22").get_json()
    commune = next(entry for entry in report["communes"] if entry["commune_code"] == XA)
    assert commune["certificates"] == {
        "as_of": "2026-11-13",
        **{"active": 31, "locked": 22, "revoked": 13, "expired": 14},
        **{"expiring_30": 15, "expiring_60": 16},
    }
    assert commune["line"]["outages"] == [
        {"from": "2026-11-12T23:50:00", "to": "2026-11-13T00:20:00"},
        {"from": "2026-11-12T08:15:00", "to": "2026-11-12T09:40:00"},
    ]
    decided = [row for row in report["weak_list"] if row["basis"] == "decision"]
    assert [(row["commune_code"], row["listed_on"]) for row in decided] == [(XA, "2026-11-04")]
    assert [(row["name"], row["size"]) for row in report["teams"]] == [("Tổ cơ động số 7", 23)]
    assert [(row["day"], row["communes"]) for row in report["team_days"]] == [("2026-11-24", [XA])]
    assert commune["line"]["uptime"] == pytest.approx((2 / 5 + 1) / 2)
    listed = report["listed_dossiers"]
    assert [row["procedure_code"] for row in listed["procedures"]] == ["1.000656", "2.000815"]
    assert [row["field"] for row in listed["fields"]] == ["Chứng thực", "Hộ tịch"]
    assert listed["handovers"] == [{"accepting_unit": XA, "deciding_unit": OTHER, "dossiers": 2}]


def test_what_nobody_told_is_said_so_and_no_nought(imported: FlaskClient) -> None:
    said = _read_words(imported, "/xa/21025?as_of=2026-11-22")
    assert "Chưa có: chứng thư số, đo đường truyền" in said

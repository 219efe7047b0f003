"""/xa/<code> and /so-sanh: every figure with its reason, source and neighbours; what is not known
is never nought.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime, timedelta
from html.parser import HTMLParser

import pandas as pd
import pytest
from flask.testing import FlaskClient

from dashboard import store
from dashboard.batch import VISIT_COLUMNS
from dashboard.outlines import geojson
from dashboard.outlines.in_use import load_outlines
from dashboard.settings import Settings, read_settings
from dashboard.web.server import create_app
from tests import making
from tests.conftest import TODAY
from tests.web.conftest import HOSTILE
from tools.running import environment_in

TODAY_DAY = date.fromisoformat(TODAY)
DAY = date(2026, 11, 20)
MONTH = date(2026, 11, 1)


class Words(HTMLParser):
    """The words of a page, one blank between two."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def words(page: str) -> str:
    reader = Words()
    reader.feed(page.partition("<main")[2])
    return " ".join(" ".join(reader.found).split())


def row(page: str, key: str) -> str:
    return words("<main" + page.partition(f'data-key="{key}"')[2].partition("</tr>")[0])


def counts(unit: str, day: date, late: int) -> dict[str, object]:
    return {
        "unit": unit,
        "first": day,
        "received": 4,
        "received_online": 3,
        "received_in_person": 1,
        "resolved": 4,
        "resolved_early": 1,
        "resolved_on_time": 3 - late,
        "resolved_late": late,
        "open_in_term": 2,
        "open_overdue": 1,
        "on_time_766": 4 - late,
        "digitised": 4,
        "e_result": 2,
    }


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Two communes with declarations, one of them visited and found otherwise, and dossiers of two
    months.
    """
    settings = read_settings(
        environment_in(tmp_path_factory.mktemp("sheet"), DASHBOARD_TODAY=TODAY)
    )
    engine = store.prepare_store(settings.database_url)
    early = making.declaration("21250", date(2026, 10, 25), network_mbps=90)
    declared = [
        making.declaration("21250", DAY - timedelta(days=10), scanner_available=1),
        making.declaration("21235", DAY),
    ]
    store.save_batch(
        engine, making.batch("cu", readings=early, as_of=datetime(2026, 10, 25)), by="test"
    )
    store.save_batch(
        engine,
        making.batch("ke-khai", readings=pd.concat(declared), as_of=datetime(2026, 11, 20, 16)),
        by="test",
    )
    long_ago = ("21235", "network_stable", 0, "verified", DAY - timedelta(days=100))
    visits = making.readings([("21250", "network_mbps", 12, "verified", DAY), long_ago])
    noted = pd.DataFrame(
        [("21250", DAY, "network_mbps", "Tổ 1", HOSTILE)], columns=VISIT_COLUMNS, dtype=object
    )
    visit = making.batch(
        "kiem-tra", file_kind="visits", readings=visits, visits=noted, as_of=datetime(2026, 11, 20)
    )
    store.save_batch(engine, visit, by="test")
    days = [date(2026, 10, 1) + timedelta(days=n) for n in range(53)]
    rows = [counts(unit, day, late) for day in days for unit, late in (("21250", 1), ("21235", 0))]
    listed = making.batch(
        "ho-so", file_kind="dossiers", dossiers=making.dossiers(rows), as_of=datetime(2026, 11, 22)
    )
    store.save_batch(engine, listed, by="test")
    engine.dispose()
    return create_app(settings).server.test_client()


def test_the_title_says_level_and_distance_to_green(client: FlaskClient) -> None:
    page = client.get("/xa/21250").text
    assert "<h1>Xã Nghĩa Giang: Đỏ; còn 2 việc để đạt mức Xanh</h1>" in page
    assert "<title>Xã Nghĩa Giang · Quảng Ngãi" in page
    assert "data-broken" not in page
    for part in ("Khắc phục: tốc độ mạng từ 12 lên 50 Mbps (rồi phúc tra)", "Mua sắm: +1 máy scan"):
        assert part in page


def test_a_criterion_tells_both_authors_its_threshold_age_and_file(client: FlaskClient) -> None:
    speed = row(client.get("/xa/21250").text, "network_speed")
    for part in (
        "Đỏ",
        "12 Mbps ✓",
        "⚡ Khác kiểm tra",
        "120 Mbps 10/11/2026",
        "12 Mbps 20/11/2026",
        "xanh từ 50 Mbps, đỏ dưới 20 Mbps",
        "2 ngày",
        "Tốc độ mạng: theo số báo cáo, tính bằng Mbps.",
        "tự kê khai: 10/11/2026, ke-khai.xlsx (đợt 2",
        "kiểm tra: 20/11/2026, kiem-tra.xlsx (đợt 3",
        "Cách tính",
    ):
        assert part in speed, part
    scanner = row(client.get("/xa/21250").text, "scanner_coverage")
    assert "1/2 (50,0%)" in scanner
    assert "Tỷ lệ máy scan hiện có so với nhu cầu = có ÷ cần." in scanner
    assert "không 12/08/2026, cũ" in row(client.get("/xa/21235").text, "network_stable")


def test_what_changed_in_thirty_days_names_its_cause(client: FlaskClient) -> None:
    page = words(client.get("/xa/21250").text)
    assert "30 ngày qua (từ 23/10/2026): Chưa báo cáo → Đỏ" in page
    week = page.partition("7 ngày qua")[2].partition("30 ngày qua")[0]
    assert "Vàng → Đỏ, vì kiểm tra" in week
    assert "tốc độ mạng (120 Mbps → 12 Mbps)" in week


def test_dossiers_name_definition_source_peers_and_uncertainty(client: FlaskClient) -> None:
    page = client.get("/xa/21250").text
    assert "Nguồn: Danh sách hồ sơ, theo ngày" in words(page)
    national = row(page, "on_time_766")
    form = row(page, "on_time_report")
    assert "66/88 (75,0%)" in national
    assert "66/88 (75,0%)" in form
    assert "hạng 2/2 xã" in national
    assert "(đã giải quyết trước hạn + đã giải quyết đúng hạn) ÷ đã giải quyết" in form
    assert "trực tuyến 66/88 (75,0%) · trực tiếp 22" in words(page)
    assert "chưa có danh sách từng hồ sơ" in words(page), (
        "days that were counted are no list of single dossiers"
    )


def test_the_last_visit_tells_its_day_and_its_note_is_no_markup(client: FlaskClient) -> None:
    page = client.get("/xa/21250").text
    assert "Kiểm tra gần nhất: 20/11/2026" in words(page)
    assert "Tổ 1, 1 kết quả" in words(page)
    assert HOSTILE not in page


def test_neighbours_former_units_and_the_way_to_compare(client: FlaskClient) -> None:
    page = client.get("/xa/21250").text
    assert 'href="/xa/21205?province=51"' not in page.partition("Giáp ranh")[0]
    assert "Xã Nghĩa Thuận, Xã Nghĩa Kỳ, Xã Nghĩa Điền (Huyện Tư Nghĩa)" in page
    assert 'href="/so-sanh?province=51&amp;xa=21250"' in page
    assert 'href="/to-cong-tac/lich?province=51&amp;xa=21250"' in page, "the sheet of a visit"
    island = words(client.get("/xa/21548").text)
    assert "Gần nhất" in island
    assert "trên cơ sở sắp xếp Huyện Lý Sơn" in island
    assert "None" not in island
    assert " km" in island.partition("Gần nhất")[2]


def test_new_outlines_are_a_new_page(settings: Settings) -> None:
    """Neighbours come from the outlines: an open page must not keep the old ones."""
    client = create_app(settings).server.test_client()
    before = client.get("/xa/21250")
    has_tag = {"If-None-Match": before.headers["ETag"]}
    assert client.get("/xa/21250", headers=has_tag).status_code == 304
    assert "Giáp ranh" in words(before.text)
    features = {**load_outlines("51", settings.outlines_dir).features}
    del features["21250"]
    geojson.write_outlines(settings.outlines_dir, "51", features, "office")
    after = client.get("/xa/21250", headers=has_tag)
    assert after.status_code == 200
    assert "Gần nhất" in words(after.text)


def test_a_silent_commune_is_unknown_everywhere_and_nought_nowhere(client: FlaskClient) -> None:
    page = client.get("/xa/21548").text
    assert "Đặc khu Lý Sơn: Chưa báo cáo; cần báo cáo 13 tiêu chí" in page
    assert "data-broken" not in page
    body = words(page)
    for part in ("0%", "0 Mbps", "0/0"):
        assert f" {part}" not in body
    assert "chưa có dữ liệu" in row(page, "on_time_766")
    assert "không xếp hạng" in row(page, "on_time_766")
    assert "Chưa tổ nào kiểm tra đơn vị này." in body


def test_a_province_without_files_has_whole_pages(client: FlaskClient) -> None:
    for path in ("/xa/00004?province=01", "/so-sanh?province=01&xa=00004"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "data-broken" not in answer.text, path
        assert "chưa có dữ liệu" in answer.text.lower()


def test_a_past_day_shows_what_was_known_then(client: FlaskClient) -> None:
    page = client.get("/xa/21250?province=51&as_of=2026-10-26").text
    assert "Xã Nghĩa Giang: Xanh" in page
    assert "kiem-tra.xlsx" not in page


@pytest.mark.parametrize(
    ("address", "led"),
    [
        ("/xa/23602", "/xa/23602?province=52"),
        ("/xa/23602?as_of=2026-11-01", "/xa/23602?province=52&as_of=2026-11-01"),
        ("/xa/21250?province=25&was=51", "/?province=25"),
        ("/xa/21250?province=25", "/xa/21250?province=51"),
        ("/so-sanh?xa=23602,99999", "/so-sanh?province=52&xa=23602%2C99999"),
        ("/so-sanh?xa=23602", "/so-sanh?province=52&xa=23602"),
        ("/so-sanh?province=51&xa=21250&them=21235", "/so-sanh?province=51&xa=21250%2C21235"),
        (
            "/so-sanh?province=51&xa=21250&xa=21235&xa=21250,%00",
            "/so-sanh?province=51&xa=21250%2C21235",
        ),
        ("/so-sanh?province=51&xa=21250&them=x", "/so-sanh?province=51&xa=21250"),
    ],
)
def test_links_lead_to_the_commune_and_a_chosen_province_to_that_province(
    client: FlaskClient, address: str, led: str
) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers.get("Location")) == (302, led)


@pytest.mark.parametrize(
    "path", ["/xa/99999", "/xa/x", "/xa/", "/xa/21250/bieu-do/x.json", "/tai/tieu-chi-xa.csv"]
)
def test_what_is_no_commune_is_404(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_communes_stand_side_by_side_each_once_and_at_most_six(client: FlaskClient) -> None:
    page = client.get("/so-sanh?province=51&xa=21250,21235,21250,junk,05425").text
    assert "So sánh 2 đơn vị: 1 mức Xanh, 1 mức Đỏ" in page
    assert page.count('class="remove"') == 2
    assert "12 Mbps ✓" in row(page, "network_speed")
    assert "xanh" in row(page, "network_speed"), "the peers beside them"
    assert "Hồ sơ tháng 11/2026 đến 22/11/2026 (số liệu trong ngày, chưa chốt)" in page
    assert "kiểm tra, tính đến 16:00 20/11/2026; Danh sách hồ sơ, đến 22/11/2026" in page, (
        "a picture names both sources"
    )
    many = ",".join(["21250", "21235", "21025", "21028", "21034", "21040", "21061"])
    page = client.get(f"/so-sanh?province=51&xa={many}").text
    assert page.count('class="remove"') == 6
    assert 'name="them"' not in page


def test_one_alone_is_held_against_its_own_past_and_its_peers(client: FlaskClient) -> None:
    page = client.get("/so-sanh?province=51&xa=21250").text
    assert "so với nhóm xã và với chính mình trước đó" in page
    assert "Trước đó" in page
    on_time = row(page, "on_time_766")
    assert "63/84 (75,0%) nay không đổi" in on_time
    assert "trung vị 87,5%" in on_time
    assert "154/176 (87,5%)" in on_time


def test_nobody_chosen_asks_for_a_choice(client: FlaskClient) -> None:
    page = client.get("/so-sanh?province=51").text
    assert 'data-box="nothing"' in page
    assert '<option value="21250">Xã Nghĩa Giang</option>' in page


def test_both_tables_can_be_taken_along(client: FlaskClient) -> None:
    answer = client.get("/tai/tieu-chi-xa.csv?province=51&xa=21250")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) == 14
    assert rows[2][2:7] == ["Tốc độ mạng", "Đỏ", "12 Mbps", "120 Mbps", "10/11/2026"]
    answer = client.get("/tai/so-sanh.csv?province=51&xa=21250,21235")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    head, *figures = rows
    by_unit_and_figure = {(row[1], row[2]): dict(zip(head, row, strict=True)) for row in figures}
    speed = by_unit_and_figure["Tốc độ mạng", "Xã Nghĩa Giang"]
    assert (speed["Mức"], speed["Trị số"], speed["Đơn vị của trị số"], speed["Phần"]) == (
        "Đỏ",
        "12",
        "Mbps",
        "",
    )
    of_all = by_unit_and_figure["Tốc độ mạng", "Cả tỉnh"]
    assert (of_all["Toàn thể"], of_all["Đếm"]) == ("96", "đơn vị đạt mức Xanh")
    for row in figures:
        assert all(re.fullmatch(r"(-?\d+(,\d+)?)?", row[column]) for column in (4, 5, 6, 8)), row
    assert len(client.get("/tai/so-sanh.csv?province=51").text.splitlines()) == 1


def test_charts_have_words_and_tables_and_their_own_address(client: FlaskClient) -> None:
    page = words(client.get("/xa/21250").text)
    assert (
        "Tuần 16/11/2026: 28 hồ sơ mới; trung vị nhóm xã 28, 50% nhóm nằm trong khoảng 28–28."
        in page
    )
    assert "Tuần 16/11/2026: 21/28 (75,0%) hồ sơ giải quyết đúng hạn, 7 quá hạn." in page
    figure = client.get("/xa/21250/bieu-do/tiep-nhan.json").get_json()
    assert figure["data"][-1]["y"][-1] == 28
    assert figure["data"][-1]["y"][0] is None, "weeks of which nobody told are gaps"
    late = client.get("/xa/21250/bieu-do/ket-qua.json?dark=1").get_json()["data"][1]
    assert (late["name"], late["y"][-1]) == ("Quá hạn", 7)


def test_since_when_it_is_so_and_what_the_last_visit_changed(client: FlaskClient) -> None:
    page = words(client.get("/xa/21250").get_data(as_text=True))
    assert "đỏ đã 2 ngày, từ 20/11/2026" in page
    assert "2 ngày trước: Vàng → Đỏ" in page
    assert "Kiểm tra làm đổi mức: tốc độ mạng Xanh → Đỏ." in page

"""/thieu-gi and /to-cong-tac: every weak commune is in the page, narrowed and ordered as the
address says.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime
from html import unescape
from pathlib import Path

import pandas as pd
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dashboard import reference, store
from dashboard.settings import read_settings
from dashboard.web.documents.narrowing import ADDRESS_NAMES, ListNarrowing
from dashboard.web.needs import page as needs_page
from dashboard.web.server import create_app
from dashboard.web.words.explain import DIMENSIONS
from dashboard.web.words.weak import FIX_FILTERS, LEVEL_FILTERS
from tests import making
from tests.conftest import TODAY
from tests.web.conftest import HOSTILE
from tools.running import environment_in

DAY = date(2026, 11, 20)
CODES = [str(code) for code in reference.select_communes_of_province("51").index]
RED, YELLOW, OLD, *GREEN = CODES[10:20]
LISTS = ("/thieu-gi", "/to-cong-tac")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """One commune red (no line, as a visit found), one yellow (no scanner), one silent for 60 days,
    some green.
    """
    folder = tmp_path_factory.mktemp("lists")
    settings = read_settings(
        environment_in(folder, DASHBOARD_TODAY=TODAY, DASHBOARD_KEPT_BYTES="0")
    )
    engine = store.prepare_store(settings.database_url)
    rows = [
        making.declaration(RED, DAY),
        making.readings([(RED, "network_stable", 0, "verified", DAY)]),
        making.declaration(YELLOW, DAY, scanner_available=0),
        making.declaration(OLD, date(2026, 9, 23)),
        *(making.declaration(code, DAY) for code in GREEN),
    ]
    batch = making.batch("lists", readings=pd.concat(rows), as_of=datetime(2026, 11, 20, 16))
    store.save_batch(engine, batch, by="test")
    engine.dispose()
    return create_app(settings).server.test_client()


def seen(client: FlaskClient, address: str) -> list[str]:
    page = _cut_off_weak_list(client.get(address).text)
    entries = re.findall(r"<(?:li|tr)[^>]* data-commune=\"(\d+)\"([^>]*)>", page)
    return [code for code, attributes in entries if " hidden" not in attributes]


def _cut_off_weak_list(page: str) -> str:
    """Without the list with a life below, which is narrowed likewise."""
    return page.partition('id="listed-title"')[0]


def test_the_team_goes_to_red_then_yellow_and_calls_the_others(client: FlaskClient) -> None:
    page = client.get("/to-cong-tac").text
    assert (
        "<h1>2 đơn vị cần kiểm tra, hỗ trợ: 1 mức Đỏ, 1 mức Vàng; 87 đơn vị cần liên hệ</h1>"
        in page
    )
    visits, _, calls = page.partition('id="calls-title"')
    assert visits.index(f'data-commune="{RED}"') < visits.index(f'data-commune="{YELLOW}"')
    assert f'data-commune="{OLD}"' in calls
    assert f'href="/to-cong-tac/lich?province=51&amp;xa={RED}"' in visits, "its sheet"
    assert not any(f'data-commune="{code}"' in page for code in GREEN)


def test_green_lacking_and_waiting_add_up_on_the_page(client: FlaskClient) -> None:
    page = client.get("/thieu-gi").text
    assert "<h1>2/96 đơn vị còn thiếu điều kiện; 87 đơn vị chỉ chờ báo cáo</h1>" in page
    assert (
        "7 đơn vị đạt mức Xanh + 2 đơn vị còn thiếu + 87 đơn vị chỉ chờ báo cáo = 96 đơn vị" in page
    )
    assert "Nếu khắc phục đường truyền tại 1 đơn vị thì thêm 1 đơn vị đạt mức Xanh" in page


def test_two_remarks_of_a_line_are_two(tmp_path: Path) -> None:
    settings = read_settings(environment_in(tmp_path, DASHBOARD_TODAY="2026-12-31"))
    engine = store.prepare_store(settings.database_url)
    rows = [
        making.declaration(RED, DAY),  # too old by now, what the visit found is not
        making.readings([(RED, "network_stable", 0, "verified", DAY)]),
        making.declaration(YELLOW, date(2026, 12, 30), scanner_available=0),
    ]
    store.save_batch(
        engine,
        making.batch("told", readings=pd.concat(rows), as_of=datetime(2026, 12, 30)),
        by="test",
    )
    engine.dispose()
    page = create_app(settings).server.test_client().get("/thieu-gi").text
    assert '<span class="quiet">1 đơn vị phải phúc tra; 94 đơn vị chưa biết</span>' in page
    assert '<span class="quiet">95 đơn vị chưa biết</span>' in page


def test_who_only_has_to_report_has_one_thing_to_do_and_stands_behind_who_lacks_something(
    client: FlaskClient,
) -> None:
    page = client.get("/thieu-gi").text
    assert seen(client, "/thieu-gi")[:2] == [RED, YELLOW]
    row = page[page.index(f'data-commune="{OLD}"') :]
    assert '<td data-label="Số việc" class="figure-cell">1</td>' in row[: row.index("</tr>")]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("level=red", [RED]),
        ("level=contradicted", [RED]),
        ("level=stale", [OLD]),
        ("fix=buy", [YELLOW]),
        ("fix=recheck", [RED]),
        ("dimension=devices&level=yellow", [YELLOW]),
        ("dimension=devices&level=red", []),
    ],
)
def test_the_server_narrows_by_itself(
    client: FlaskClient, path: str, query: str, codes: list[str]
) -> None:
    assert seen(client, f"{path}?{query}") == codes
    page = client.get(f"{path}?{query}").text
    assert f"{len(codes)}/89 đơn vị: " in page
    entries = _cut_off_weak_list(page).count('data-commune="')
    assert entries == 89, "the script narrows further without asking"


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "junk", ["level=green", "fix=rm", f"dimension={HOSTILE}", "order=x", "from=99999", "level="]
)
def test_junk_in_the_address_narrows_nothing(client: FlaskClient, path: str, junk: str) -> None:
    answer = client.get(f"{path}?{junk}")
    assert "89/89 đơn vị<" in answer.text
    assert HOSTILE not in answer.text


def test_the_nearest_come_first_where_a_start_is_chosen(client: FlaskClient) -> None:
    page = unescape(client.get(f"/to-cong-tac?from={YELLOW}&order=near").text)
    assert page.index(f'data-commune="{YELLOW}"') < page.index(f'data-commune="{RED}"')
    name = reference.load_communes().at[YELLOW, "name"]
    assert f"<span data-away>0,0 km từ {name}</span>" in page
    assert "Hãy chọn nơi xuất phát" in client.get("/to-cong-tac?order=near").text


def test_who_is_too_far_from_the_start_is_left_out(client: FlaskClient) -> None:
    communes = reference.select_communes_of_province("51")
    lat, lon = communes["lat"].to_numpy(float), communes["lon"].to_numpy(float)
    position = communes.index.get_loc(YELLOW)
    km = reference.measure_great_circle_km(lat[position], lon[position], lat, lon)
    near = {code for code, far in zip(CODES, km, strict=True) if far <= 20} - set(GREEN)
    assert 2 < len(near) < 60
    address = f"/to-cong-tac?from={YELLOW}&within=20"
    assert set(seen(client, address)) == near
    page = unescape(client.get(address).text)
    assert f"{len(near)}/89 đơn vị: 20 km đường chim bay<" in page
    assert '<option value="20" selected>' in page
    assert {row[1] for row in rows_of(client, f"/tai/to-cong-tac.csv{address[12:]}")[1:]} == near
    without = client.get("/to-cong-tac?within=20").text
    assert "89/89 đơn vị<" in without
    assert "Hãy chọn nơi xuất phát để xếp, lọc theo khoảng cách." in without
    assert "không có lựa chọn 7;" in client.get(f"/to-cong-tac?from={YELLOW}&within=7").text


def test_only_the_teams_page_may_ask_where_somebody_stands(client: FlaskClient) -> None:
    assert "geolocation=(self)" in client.get("/to-cong-tac").headers["Permissions-Policy"]
    for path in ("/thieu-gi", "/chi-so", "/"):
        assert "geolocation=()" in client.get(path).headers["Permissions-Policy"]


def rows_of(client: FlaskClient, address: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(client.get(address).text.removeprefix("\ufeff"))))


def test_tables_are_taken_along_as_they_are_narrowed(client: FlaskClient) -> None:
    (head, row) = rows_of(client, f"/tai/to-cong-tac.csv?level=red&from={RED}")
    assert dict(zip(head, row, strict=True)) | {"Cần kiểm tra": ""} == {
        "Việc": "đến tận nơi",
        "Mã đơn vị": RED,
        "Đơn vị": reference.load_communes().at[RED, "name"],
        "Mức": "Đỏ",
        "Vì sao": "▲ Đường truyền: không ✓",
        "Cần kiểm tra": "",
        "Còn thiếu": "Khắc phục: đường truyền (rồi phúc tra)",
        "Lần kiểm tra gần nhất": "kiểm tra 20/11/2026, 2 ngày trước: chưa báo cáo thành đỏ",
        "Cách (km)": "0",
    }
    (head, row) = rows_of(client, "/tai/thieu-gi.csv?fix=buy")
    assert row[0:1] + row[3:6] == [
        YELLOW,
        "Mua sắm",
        "Tỷ lệ máy scan hiện có so với nhu cầu",
        "máy scan",
    ]
    assert dict(zip(head[6:], row[6:], strict=True)) == {
        **{"Đang có": "0", "Trên số cần": "2", "Cần đạt": "2", "Còn thiếu": "2"},
        **{"Có thể thiếu (số cũ)": "", "Phúc tra": "không"},
    }
    head, *needs = rows_of(client, "/tai/danh-muc.csv")
    assert len(needs) == 13
    speed = next(dict(zip(head, row, strict=True)) for row in needs if row[1] == "Tốc độ mạng")
    assert (speed["Thiếu cộng lại"], speed["Có thể thiếu cộng lại"]) == ("", ""), (
        "speeds do not add up"
    )
    assert speed["Ghi chú"] == "mỗi đơn vị một mức, không cộng: lên 50 Mbps"
    assert rows_of(client, "/tai/diem-nghen.csv")[1][:3] == [
        "một điều",
        "Khắc phục đường truyền tại 1 đơn vị",
        "1",
    ]


def test_the_table_of_the_first_page_has_every_number_in_a_column_of_its_own(
    client: FlaskClient,
) -> None:
    head, *rows = rows_of(client, f"/tai/toan-canh.csv?xa={YELLOW},{RED},99999")
    yellow, red = (dict(zip(head, row, strict=True)) for row in rows)
    assert (yellow["Mã"], yellow["Mức"], red["Mã"], red["Mức"]) == (YELLOW, "Vàng", RED, "Đỏ"), (
        "in the order asked for"
    )
    part = int(yellow["Thiết bị: có trong số cần"])
    needed = int(yellow["Thiết bị: cần có"])
    assert needed - part == 2
    assert yellow["Thiết bị: tỷ lệ (%)"] == f"{100 * part / needed:.1f}".replace(".", ",")
    assert yellow["Thiết bị: thiếu nhất"] == "máy scan\u00a00/2"
    assert (red["Đường truyền"], yellow["Đường truyền"], yellow["Số liệu ngày"]) == (
        "không",
        "có",
        "20/11/2026",
    )
    assert yellow["Tiếp nhận (hồ sơ)"] == "", "not told is a blank, no nought"
    assert len(rows_of(client, "/tai/toan-canh.csv")) == 97
    assert len(rows_of(client, "/tai/toan-canh.csv?xa=")) == 1, "a search that finds nothing"


def test_a_province_of_which_nothing_is_known_says_so(client: FlaskClient) -> None:
    page = client.get("/thieu-gi?province=01").text
    assert "Chưa biết 126 đơn vị còn thiếu gì: chưa đơn vị nào báo cáo" in page
    assert 'href="/du-lieu?province=01"' in page
    assert "python -m" not in page, "commands are for the page of the office"
    assert "data-commune" not in page, "126 lines that say the same say nothing"
    page = client.get("/to-cong-tac?province=01").text
    assert "<h1>Chưa biết đơn vị nào cần kiểm tra, hỗ trợ: chưa đơn vị nào báo cáo</h1>" in page
    assert "Chưa đơn vị nào trong 126 đơn vị báo cáo điều kiện vận hành" in page
    assert "cần liên hệ" not in page
    assert "python -m" not in page
    assert (
        "python -m dashboard template readiness --province 01"
        in client.get("/du-lieu?province=01").text
    )
    assert "data-commune" not in page
    assert len(rows_of(client, "/tai/to-cong-tac.csv?province=01")) == 1, "only its head"


def test_a_broken_part_leaves_the_others_standing(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(needs_page, "_describe_bottlenecks", lambda *_: 1 / 0)
    page = client.get("/thieu-gi").text
    assert page.count("data-broken") == 1
    assert 'id="communes-title"' in page


chosen = st.builds(
    ListNarrowing,
    level=st.sampled_from(["", *LEVEL_FILTERS]),
    fix=st.sampled_from(["", *FIX_FILTERS]),
    dimension=st.sampled_from(["", *DIMENSIONS]),
    start=st.sampled_from(["", *CODES[:3]]),
    order=st.sampled_from(["", "near", "name"]),
)


@hypothesis_settings(max_examples=40, deadline=None)
@given(chosen)
def test_a_choice_comes_back_from_its_address(choice: ListNarrowing) -> None:
    assert ListNarrowing.from_query(choice.to_query(), CODES) == choice
    assert set(choice.to_query()) <= set(ADDRESS_NAMES.values())

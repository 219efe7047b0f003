"""/du-lieu tells where every figure is from, how old it is and what is wrong, and nobody's name."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from dashboard import store
from dashboard.reports import read_criteria
from dashboard.settings import ROOT, Settings
from dashboard.web.data import contradictions
from dashboard.web.data.page import DATA_TABLES
from dashboard.web.documents import data_sources
from dashboard.web.server import create_app
from tests import making
from tests.web.conftest import HOSTILE


def cells(page: str, key: str) -> str:
    return page.partition(f'data-key="{key}"')[2].partition("</tr>")[0]


def test_each_source_tells_its_day_and_age(pages: FlaskClient) -> None:
    page = pages.get("/du-lieu").text
    assert "2 loại nguồn, mới nhất 16:00 20/11/2026; 95/96 đơn vị chậm hoặc chưa báo cáo" in page
    declared = cells(page, "Biểu kê khai điều kiện vận hành")
    for words in ("16:00 20/11/2026", "2 ngày trước", "mỗi 7 ngày", "ke-khai.xlsx"):
        assert words in declared


def test_a_source_that_never_came_is_told_of_and_is_not_nought(pages: FlaskClient) -> None:
    page = pages.get("/du-lieu").text
    untold = page.partition('<p class="untold">')[2].partition("</p>")[0]
    assert "Chưa có tệp nào" in untold
    assert "Kết quả kiểm tra của tổ công tác" in untold
    assert 'data-key="Kết quả kiểm tra của tổ công tác"' not in page


def test_a_past_day_shows_what_was_known_of_it(pages: FlaskClient) -> None:
    page = pages.get("/du-lieu?as_of=2026-11-15").text
    assert "1 loại nguồn, mới nhất 13/11/2026" in page
    assert "ke-khai.xlsx" not in page


def test_a_province_without_files_says_so(pages: FlaskClient) -> None:
    page = pages.get("/du-lieu?province=01").text
    assert "Chưa có tệp nào của Hà Nội" in page
    assert page.count('data-box="nothing"') == 2, "one line for all files, one for the screens"
    words = re.sub(r"<[^>]+>", " ", page)  # an address of a file may hold any number
    assert "126" not in words, "nobody is counted as silent of whom nothing could be known"
    assert "python -m dashboard template readiness --province 01" in page


def test_a_batch_that_was_taken_back_stays_in_the_list_and_counts_no_more(
    own_pages: FlaskClient, own_store: Engine
) -> None:
    store.undo_batch(own_store, 2, by="test")
    page = own_pages.get("/du-lieu").text
    assert "đã thu hồi" in cells(page, "batch-2")
    assert "1 loại nguồn" in page
    assert "Không có chỗ nào phải sửa" in page


def test_problems_say_where_what_and_how_to_mend_it(pages: FlaskClient) -> None:
    page = pages.get("/du-lieu").text
    for words in ("dòng 14, cột “Đã cấp”", "không phải là số", "hãy nhập số nguyên", "không nhận"):
        assert words in page
    assert "cả tệp" in page


def test_nobody_who_imported_is_named(pages: FlaskClient) -> None:
    for address in ("/du-lieu", "/tai/dot-nap.csv", "/tai/van-de.csv"):
        assert "nguyen.van.a" not in pages.get(address).text


def test_tables_can_be_taken_along_and_no_cell_is_a_formula(pages: FlaskClient) -> None:
    answer = pages.get("/tai/van-de.csv?province=51")
    assert (
        answer.headers["Content-Disposition"] == 'attachment; filename="van-de_51_2026-11-22.csv"'
    )
    assert answer.data.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0][:4] == ["Đợt", "Tệp", "Mức", "Dòng"]
    assert rows[1][3:6] == ["14", "Đã cấp", "'=1+1<script>alert(1)</script>"]
    assert len(rows) == 3


def test_what_the_data_ask_of_the_office_stands_first_and_leads_to_its_place(
    pages: FlaskClient,
) -> None:
    page = pages.get("/du-lieu").text
    tasks = page.partition('id="tasks"')[2].partition("</section>")[0]
    assert '<a href="#problems">1 chỗ trong tệp không nhận được</a>' in tasks
    assert (
        '<a href="#silence">95/96 đơn vị chưa từng có số liệu: Biểu kê khai điều kiện vận hành</a>'
        in tasks
    )
    for section in set(re.findall(r'<a href="#([a-z]+)"', tasks)):
        assert f'id="{section}"' in page


def test_only_those_who_are_late_are_asked_for_in_the_address_and_named_on_paper(
    pages: FlaskClient,
) -> None:
    every = pages.get("/du-lieu").text
    late = pages.get("/du-lieu?only=late").text
    assert 'data-key="21250"' in every.partition('id="matrix"')[2].partition("</section>")[0]
    matrix = late.partition('id="matrix"')[2].partition("</table>")[0]
    assert 'data-key="21250"' not in matrix
    assert matrix.count("<tr data-key") == 95
    assert (
        "chỉ đơn vị chậm hoặc chưa báo cáo"
        in late.partition('id="print-line"')[2].partition("</p>")[0]
    )
    assert 'name="only" value="late"' in late  # stays when the day changes
    assert (
        "only"
        not in pages.get(f"/du-lieu?only={HOSTILE}")
        .text.partition('id="matrix"')[2]
        .partition("</table>")[0]
    )


def test_nothing_that_was_not_told_is_said_to_be_in_order(pages: FlaskClient) -> None:
    page = pages.get("/du-lieu?province=01").text
    assert "chưa có gì để đối chiếu" in page
    assert "Mọi dòng của các tệp đều khớp" not in page
    assert "Không có chỗ nào phải sửa" not in page


def test_of_a_province_that_only_told_of_dossiers_nothing_declared_is_said_to_be_in_order(
    own_pages: FlaskClient, own_store: Engine
) -> None:
    days = [{"unit": "00004", "first": date(2026, 11, 20), "received": 7}]
    batch = making.batch("ho-so", "01", dossiers=making.dossiers(days), file_kind="dossier_report")
    store.save_batch(own_store, batch, by="test")
    page = own_pages.get("/du-lieu?province=01").text
    for words in ("chưa đối chiếu được tự kê khai", "Chưa đơn vị nào kê khai"):
        assert words in page
    assert 'id="matrix"' in page


def test_one_part_that_breaks_leaves_the_others(
    pages: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contradictions, "list_declared_jumps", lambda _: 1 // 0)
    page = pages.get("/du-lieu").text
    assert page.count('data-box="broken"') == 2  # the jumps, and the list that counts them
    assert 'id="matrix"' in page


@pytest.mark.parametrize("name", sorted(DATA_TABLES))
def test_each_table_has_a_head_and_full_rows_also_of_a_province_without_files(
    pages: FlaskClient, name: str
) -> None:
    for province in ("51", "01"):
        answer = pages.get(f"/tai/{name}.csv?province={province}")
        assert answer.status_code == 200
        head, *rows = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
        assert all(len(row) == len(head) for row in rows)


def test_the_matrix_is_taken_along_whole_and_what_is_not_known_is_blank(pages: FlaskClient) -> None:
    rows = list(csv.reader(io.StringIO(pages.get("/tai/im-lang.csv?province=51&only=late").text)))
    assert len(rows) == 97
    (own_row,) = (row for row in rows if row[0] == "21250")
    assert own_row[2:5] == ["Đúng kỳ", "Đúng kỳ", "2"]
    assert rows[1][2:5] == ["Chưa từng có", "Chưa từng có", ""]


def test_the_wall_screens_that_report_are_listed_and_the_page_is_new_when_one_falls_behind(
    own_pages: FlaskClient,
) -> None:
    before = own_pages.get("/du-lieu?province=51")
    assert "Chưa màn hình nào báo về" in before.text
    said = {
        "name": "Phòng họp <b>",
        "province": "51",
        "scene": "tong-the",
        "version": 1,
        "build": "ab",
        "fresh": 3,
        "errors": 0,
    }
    assert own_pages.post("/api/screens", json=said).status_code == 204
    after = own_pages.get("/du-lieu?province=51", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200, "what is shown beside the data is in the tag"
    assert "Phòng họp b" in after.text
    assert "Đang hiện phiên bản 1" in after.text
    assert own_pages.post("/api/screens", json=said).status_code == 204
    again = own_pages.get("/du-lieu?province=51", headers={"If-None-Match": after.headers["ETag"]})
    assert again.status_code == 304, "that it was heard once more is no news"


def test_a_kind_of_file_is_called_alike_where_it_is_read_and_where_it_is_expected() -> None:
    expected = {
        file_kind: rhythm.name
        for file_kind, rhythm in read_criteria(ROOT / "data" / "criteria.toml").rhythms.items()
    }
    assert expected.pop("dossiers") == "Hồ sơ từng ngày", (
        "counts of days tell them as well as lists of dossiers do"
    )
    read = data_sources.list_kind_words()
    assert {file_kind: read[file_kind] for file_kind in expected} == expected


def test_a_file_of_today_that_tells_of_earlier_days_leaves_none_of_them_empty(
    settings: Settings,
) -> None:
    engine = store.prepare_store(settings.database_url)
    readings = making.declaration("21250", date(2026, 11, 13))
    batch = making.batch("hom-nay", readings=readings, as_of=datetime(2026, 11, 22, 8))
    store.save_batch(engine, batch, by="test")
    engine.dispose()
    client = create_app(settings).server.test_client()
    without_files = "nên chưa biết đơn vị nào báo cáo, chưa có gì để đối chiếu"
    assert without_files not in client.get("/du-lieu?province=51&as_of=2026-11-20").text
    assert without_files in client.get("/du-lieu?province=51&as_of=2026-11-01").text

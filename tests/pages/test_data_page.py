"""/du-lieu tells where every figure is from, how old it is and what is wrong, and nobody's name."""

from __future__ import annotations

import csv
import io

from flask.testing import FlaskClient
from sqlalchemy import Engine

from dashboard import store


def cells(page: str, key: str) -> str:
    return page.partition(f'data-key="{key}"')[2].partition("</tr>")[0]


def test_each_source_tells_its_day_and_age(pages: FlaskClient) -> None:
    page = pages.get("/du-lieu").text
    assert "2 loại nguồn, mới nhất 16:00 20/11/2026; 95/96 xã chậm hoặc chưa báo cáo" in page
    declared = cells(page, "Biểu kê khai điều kiện vận hành")
    for words in ("16:00 20/11/2026", "2 ngày trước", "mỗi 7 ngày", "ke-khai.xlsx"):
        assert words in declared


def test_a_source_that_never_came_is_told_of_and_is_not_nought(pages: FlaskClient) -> None:
    visits = cells(pages.get("/du-lieu").text, "Kết quả kiểm tra của tổ công tác")
    assert "Chưa có tệp nào" in visits
    assert ">0<" not in visits


def test_a_past_day_shows_what_was_known_of_it(pages: FlaskClient) -> None:
    page = pages.get("/du-lieu?as_of=2026-11-15").text
    assert "1 loại nguồn, mới nhất 13/11/2026" in page
    assert "ke-khai.xlsx" not in page


def test_a_province_without_files_says_so(pages: FlaskClient) -> None:
    page = pages.get("/du-lieu?province=01").text
    assert "Chưa có tệp nào của Hà Nội" in page
    assert 'data-box="nothing"' in page


def test_a_batch_that_was_taken_back_stays_in_the_list_and_counts_no_more(own_pages: FlaskClient, told: Engine) -> None:
    store.undo(told, 2)
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
    assert answer.headers["Content-Disposition"] == 'attachment; filename="van-de_51_2026-11-22.csv"'
    assert answer.data.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0][:4] == ["Đợt", "Tệp", "Mức", "Dòng"]
    assert rows[1][3:6] == ["14", "Đã cấp", "'=1+1<script>alert(1)</script>"]
    assert len(rows) == 3

"""The further pages: whole in one answer, known by their tag, safe against what is written into an
address.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dashboard.messages import write_message
from dashboard.store import StoreUnavailable
from dashboard.web import server
from dashboard.web.documents import navigation
from dashboard.web.documents.navigation import FIELD_PAGES
from dashboard.web.meanings import page as meanings_page
from tests.web.conftest import HOSTILE

PATHS = [page.path for page in navigation.PAGES if page.path != "/"]


@pytest.mark.parametrize("path", PATHS)
def test_every_page_of_the_bar_answers_with_every_part_whole(pages: FlaskClient, path: str) -> None:
    answer = pages.get(path)
    assert answer.status_code == 200
    assert "data-broken" not in answer.text
    assert answer.text.startswith('<!DOCTYPE html>\n<html lang="vi"')
    assert answer.text.count("<h1>") == 1
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert "<style" not in answer.text
    assert " style=" not in answer.text
    assert "<script>" not in answer.text


def test_every_document_stands_in_the_bar_but_finding_and_what_a_commune_leads_to() -> None:
    documents = [document.rule for document in server.DOCUMENTS if "<" not in document.rule]
    assert sorted(["/", *documents]) == sorted(
        [
            *(page.path for page in navigation.PAGES),
            *(page.path for page in FIELD_PAGES if page.path != "/to-cong-tac"),
            "/tim",
            navigation.NATION_PATH,
            "/api",
            "/ban-tin",
            "/ban-tin/hop",
            "/nhung",
            "/toan-canh",
        ]
    )


@pytest.mark.parametrize(
    "path", ["/chi-so/x", "/du-lieux", "/tai/nothing.csv", "/tai/.csv", "/names/51-0.json"]
)
def test_an_address_that_is_no_page_is_404(pages: FlaskClient, path: str) -> None:
    assert pages.get(path).status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_what_did_not_change_costs_a_304(pages: FlaskClient, path: str) -> None:
    first = pages.get(path)
    again = pages.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = pages.get(f"{path}?province=25", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_links_to_other_pages_keep_province_and_day(pages: FlaskClient) -> None:
    page = pages.get("/chi-so?province=25&as_of=2025-07-13").text
    assert 'href="/?province=25&amp;as_of=2025-07-13"' in page
    assert 'href="/chi-so?province=25">Về hôm nay' in page
    assert (
        "as_of"
        not in pages.get("/chi-so?province=25").text.partition("<nav")[2].partition("</nav>")[0]
    )


@pytest.mark.parametrize(
    "query", ["province=99", "as_of=2999-01-01", "as_of=x&province=" + "9" * 3000, "province=%00"]
)
def test_junk_in_the_address_falls_back_to_the_live_page(pages: FlaskClient, query: str) -> None:
    answer = pages.get(f"/chi-so?{query}")
    assert answer.status_code == 200
    assert 'data-province="51"' in answer.text
    assert 'data-live="true"' in answer.text


def test_whatever_is_hostile_is_shown_as_text(pages: FlaskClient) -> None:
    for address in ("/du-lieu", f"/tim?q={HOSTILE}", f"/chi-so?province={HOSTILE}&as_of={HOSTILE}"):
        assert HOSTILE not in pages.get(address).text
    assert "&lt;script&gt;alert(1)" in pages.get("/du-lieu").text


def test_a_broken_part_leaves_the_others_standing_and_one_line_in_the_log(
    pages: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(meanings_page, "_describe_criterion", lambda *_: 1 / 0)
    with caplog.at_level(logging.ERROR, "dashboard"):
        answer = pages.get("/chi-so")
    assert answer.status_code == 200
    assert answer.text.count("Phần này đang lỗi, phần khác vẫn đúng") == 1
    assert "Năm trạng thái của một đơn vị" in answer.text
    assert "“Đúng hạn” có hai cách tính" in answer.text
    assert [record.message.count("\n") for record in caplog.records] == [0]
    assert "ZeroDivisionError" in caplog.text
    # It may be whole a moment later: no browser keeps it, and the open page asks with a tag that
    # does not last.
    assert answer.headers["Cache-Control"] == "no-store"
    tag = answer.headers["ETag"].strip('"')
    assert f'<meta name="tag" content="{tag}">' in answer.text


def test_a_store_that_is_away_leaves_the_frame_and_says_so(
    own_pages: FlaskClient, store_file: Path, tmp_path: Path
) -> None:
    store_file.rename(tmp_path / "elsewhere")
    answer = own_pages.get("/du-lieu")
    assert answer.status_code == 503
    assert "Kho dữ liệu tạm thời không đọc được" in answer.text
    assert 'href="/chi-so?province=51"' in answer.text
    assert "ETag" not in answer.headers


def test_a_store_that_goes_away_in_the_middle_is_never_half_a_page(
    pages: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise StoreUnavailable(write_message("gone"))

    monkeypatch.setattr(meanings_page, "_describe_criterion", gone)
    assert pages.get("/chi-so").status_code == 503


def test_what_is_printed_says_province_day_and_age(pages: FlaskClient) -> None:
    page = pages.get("/du-lieu?as_of=2026-11-21").text
    line = page.partition('id="print-line"')[2].partition("</p>")[0]
    for words in ("Quảng Ngãi", "ngày 21/11/2026", "tính đến 16:00 20/11/2026"):
        assert words in line


@pytest.mark.parametrize("path", [*PATHS, "/xa/21250", "/tim"])
def test_a_past_day_stands_in_the_title_and_a_link_in_a_chat_says_page_province_day_and_figure(
    pages: FlaskClient, path: str
) -> None:
    live, past = (pages.get(f"{path}{query}").text for query in ("", "?as_of=2026-10-01"))
    titles = [page.partition("<title>")[2].partition("</title>")[0] for page in (live, past)]
    assert "ngày" not in titles[0]
    assert " · ngày 01/10/2026 · Quảng Ngãi" in titles[1]
    shared = past.partition('property="og:title" content="')[2].partition('"')[0]
    assert titles[1] == f"{shared} · Mức độ sẵn sàng của cấp xã"
    said = [
        page.partition('property="og:description" content="')[2].partition('"')[0]
        for page in (live, past)
    ]
    figures = {"/ho-so": "Đúng hạn theo Bộ chỉ số 766: ", "/xa/21250": "Xã Nghĩa Giang: "}
    figure = figures.get(path, r"(\d+/96|chưa có dữ liệu về số) đơn vị đạt mức Xanh")
    for day, words in zip(("22/11/2026", "01/10/2026"), said, strict=True):
        assert re.match(f"Quảng Ngãi, ngày {day}: {figure}", words), words

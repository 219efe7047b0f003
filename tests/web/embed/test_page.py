"""Small views and charts for frames of a province's portal: no navigation; age, source and the way
to the whole page; framed by whom the settings name. /nhung gives the code for it.
"""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from dashboard.settings import Settings, read_settings
from dashboard.web.server import DOCUMENTS, create_app
from tests.conftest import TODAY
from tools.running import environment_in


@pytest.fixture(scope="module")
def sample_pages(sample_folder: Path) -> FlaskClient:
    settings = read_settings(environment_in(sample_folder, DASHBOARD_TODAY=TODAY))
    return create_app(settings).server.test_client()


SMALL_VIEWS = ("/xa/21250?embed=1", "/nhung?province=51&embed=1")
# Every chart of every page that somebody may show elsewhere.
CHARTS = [
    f"{document.rule.replace('<code>', '21250')}?province=51&xa=21250&embed=1&chart={name}"
    for document in DOCUMENTS
    for name in document.charts
]


@pytest.mark.parametrize("address", SMALL_VIEWS)
def test_a_small_view_is_without_navigation_and_says_age_source_and_where_all_is(
    pages: FlaskClient, address: str
) -> None:
    answer = pages.get(address)
    assert answer.status_code == 200
    assert "data-broken" not in answer.text
    for absent in ("<nav", "<form", "<script", " style=", "<iframe"):
        assert absent not in answer.text
    assert answer.text.count("<h1>") == 1
    assert "tính đến 16:00 20/11/2026" in answer.text
    assert "22/11/2026" in answer.text
    assert 'target="_blank" rel="noopener"' in answer.text
    again = pages.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_commune_leads_to_its_page_and_its_code_decides_the_province(pages: FlaskClient) -> None:
    assert 'href="/xa/21250?province=51"' in pages.get("/xa/21250?embed=1").text
    other = pages.get("/xa/21250?embed=1&province=25")
    assert other.headers["Location"] == "/xa/21250?province=51&embed=1"
    assert pages.get("/xa/99999?embed=1").status_code == 404
    assert "<nav" in pages.get("/xa/21250?embed=0").text


@pytest.mark.parametrize("address", CHARTS)
def test_every_chart_stands_alone_and_says_age_and_where_all_is(
    sample_pages: FlaskClient, address: str
) -> None:
    answer = sample_pages.get(address)
    assert answer.status_code == 200
    assert "data-broken" not in answer.text
    for absent in ("<nav", "<form", " style=", "<iframe", 'role="note"'):
        assert absent not in answer.text
    assert answer.text.count("<h1>") == 1
    assert "Ngày 22/11/2026" in answer.text
    assert ("data-figure=" in answer.text) == ("<script" in answer.text)
    assert 'target="_blank" rel="noopener"' in answer.text
    again = sample_pages.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_whatever_a_page_draws_may_be_shown_elsewhere(sample_pages: FlaskClient) -> None:
    for document in DOCUMENTS:
        if document.template and document.rule not in {"/api", "/nhung"}:
            page = sample_pages.get(f"{document.rule.replace('<code>', '21250')}?xa=21250").text
            drawn = re.findall(r'<[^<>]*\bid="(?:figure-)?([\w-]+)"[^<>]*\bdata-title=', page)
            groups = {name for name in drawn if name.startswith("hang-")}  # parts of `ranking`
            assert set(drawn) - groups <= set(document.charts), document.rule


def test_a_chart_is_the_pages_own(sample_pages: FlaskClient) -> None:
    page = sample_pages.get("/ho-so?province=51").text
    small = sample_pages.get("/ho-so?province=51&embed=1&chart=days").text
    drawing = page[page.index('<div id="days"') :]
    table = drawing[drawing.index("<table") : drawing.index("</table>")]
    assert table in small
    assert "nguồn: Số liệu mô phỏng" in small
    assert "theo-tuan" not in small


def test_a_chart_that_lacks_its_data_says_so_and_names_no_source(pages: FlaskClient) -> None:
    for address in ("/ho-so?province=01&embed=1&chart=days", "/?province=01&embed=1&chart=green"):
        small = pages.get(address, follow_redirects=True).text
        assert "chưa có dữ liệu" in small
        assert '<svg class="spark' not in small
    assert "nguồn:" not in pages.get("/ho-so?province=01&embed=1&chart=days").text


def test_the_map_has_every_commune_in_the_colour_and_word_of_its_level(
    sample_pages: FlaskClient,
) -> None:
    small = sample_pages.get("/toan-canh?province=51&embed=1&chart=map").text
    painted = Counter(re.findall(r'<path class="commune" data-level="(\w+)"', small))
    counted = dict(re.findall(r'<li data-state="(\w+)">.*?<strong>(\d+)</strong>', small))
    assert sum(painted.values()) == 96
    assert painted == {level: int(count) for level, count in counted.items() if count != "0"}
    assert small.count("<title>") == 1 + 96
    assert 'role="option"' not in small


def test_the_front_page_leads_to_its_small_view(pages: FlaskClient) -> None:
    answer = pages.get("/?embed=1&province=25")
    assert answer.headers["Location"] == "/nhung?embed=1&province=25"
    assert 'href="/?province=25"' in pages.get("/nhung?province=25&embed=1").text


def test_frames_that_portals_have_pasted_before_lead_to_the_same_charts(pages: FlaskClient) -> None:
    for former, chart in (("green", "green-over-time"), ("dossiers", "dossiers-over-time")):
        answer = pages.get(f"/nhung?province=51&chart={former}", follow_redirects=True)
        assert answer.request.path == "/toan-canh"
        assert answer.request.args["chart"] == chart
        assert answer.request.args["embed"] == "1"


def test_a_portal_chooses_light_or_dark(pages: FlaskClient) -> None:
    for theme in ("light", "dark"):
        small = pages.get(f"/nhung?embed=1&theme={theme}").text
        assert f'<html lang="vi" data-theme="{theme}">' in small
    assert "data-theme" not in pages.get("/nhung?embed=1").text


def test_what_of_an_address_is_not_understood_is_told_in_a_frame_too(pages: FlaskClient) -> None:
    assert "Không có tỉnh mang mã 99" in pages.get("/nhung?province=99&embed=1").text
    for address in ("/ho-so?embed=1&chart=zz", "/toan-canh?embed=1&chart=zz", "/nhung?theme=zz"):
        assert "không có lựa chọn zz" in pages.get(address).text


def test_the_code_shows_exactly_what_was_chosen(pages: FlaskClient) -> None:
    chosen = "pick=xep-hang/ranking&width=480&theme=light&page=http://x/xep-hang?by=digitised"
    page = pages.get(f"/nhung?province=51&{chosen.replace('?', '%3F')}").text
    code = unescape(re.findall(r'<code id="frame-code">(.*?)</code>', page, re.DOTALL)[0])
    (address,) = re.findall(r'<iframe src="http://localhost([^"]+)" width="480"', code)
    assert f'src="{address}"' in page.replace("http://localhost", "")
    frame = pages.get(unescape(address))
    assert frame.request.args.to_dict() == {
        **{"province": "51", "by": "digitised"},
        **{"embed": "1", "chart": "ranking", "theme": "light"},
    }
    assert frame.status_code == 200


def test_of_a_pasted_address_only_what_its_page_knows_is_taken(pages: FlaskClient) -> None:
    pasted = quote("/ho-so?period=2026-10&as_of=x&q=Nguyễn&embed=0")
    page = pages.get(f"/nhung?province=51&page={pasted}").text
    code = unescape(re.findall(r'<code id="frame-code">(.*?)</code>', page, re.DOTALL)[0])
    assert "/ho-so?province=51&amp;period=2026-10&amp;embed=1&amp;chart=theo-tuan" in code
    assert "Nguy" not in code


def test_what_nobody_told_is_said_and_never_nought(pages: FlaskClient) -> None:
    small = pages.get("/nhung?province=25&embed=1").text
    assert "chưa có dữ liệu" in small
    assert "0/148" not in small


def test_only_the_portals_of_the_settings_may_frame_it(
    own_pages: FlaskClient, settings: Settings
) -> None:
    assert "frame-ancestors 'self'" in _read_policy(own_pages)
    portal = settings.model_copy(update={"frame_ancestors": "https://cong.tinh.vn"})
    policy = _read_policy(create_app(portal).server.test_client())
    assert policy.endswith("frame-ancestors 'self' https://cong.tinh.vn")
    assert "Chưa trang nào được phép nhúng" in own_pages.get("/nhung").text
    assert (
        "https://cong.tinh.vn</code>" in create_app(portal).server.test_client().get("/nhung").text
    )


def _read_policy(client: FlaskClient) -> str:
    return client.get("/nhung").headers["Content-Security-Policy"]


def test_while_the_store_is_away_the_frame_says_so_without_figures(
    own_pages: FlaskClient, store_file: Path, tmp_path: Path
) -> None:
    store_file.rename(tmp_path / "elsewhere")
    for address in (*SMALL_VIEWS, "/ho-so?embed=1&chart=days", "/toan-canh?chart=map"):
        answer = own_pages.get(address)
        assert answer.status_code == 503
        assert "tạm thời không đọc được" in answer.text
        assert "<nav" not in answer.text

"""Small views for frames of a province's portal: no navigation, no script; age, source and the way
to the whole page; framed by whom the settings name.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dashboard import store
from dashboard.settings import Settings
from dashboard.web.server import create_app
from tests import making

SMALL_VIEWS = (
    "/xa/21250?embed=1",
    "/nhung?province=51",
    "/nhung?province=51&chart=green",
    "/nhung?province=51&chart=dossiers",
)


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


def test_the_front_page_leads_to_its_small_view(pages: FlaskClient) -> None:
    answer = pages.get("/?embed=1&province=25&chart=green")
    assert answer.headers["Location"] == "/nhung?embed=1&province=25&chart=green"
    assert 'href="/?province=25"' in pages.get("/nhung?province=25").text


def test_a_chart_of_dossiers_says_whose_they_are_and_the_last_month(settings: Settings) -> None:
    engine = store.open_store(settings.database_url)
    for month, days, resolved in ((9, 30, 80), (10, 31, 90)):
        span = {"first": date(2026, month, 1), "last": date(2026, month, days)}
        rows = making.dossiers(
            [{"unit": "21250", **span, "received": 100, "resolved": resolved, "carried_over": 0}]
        )
        batch = making.batch(
            f"bieu-{month}",
            dossiers=rows,
            file_kind="dossier_report",
            period=(span["first"], span["last"]),
        )
        store.save_batch(engine, batch, by="test")
    engine.dispose()
    client = create_app(settings).server.test_client()
    small = client.get("/nhung?province=51&chart=dossiers").text
    assert small.count('<svg class="spark"') == 2
    assert "Hồ sơ đã giải quyết mỗi tháng: 90 (" in small
    assert "thấp nhất 80, cao nhất 90" in small
    assert "hồ sơ: Biểu II.06a" in small
    other = client.get("/nhung?province=25&chart=dossiers").text
    assert "chưa có dữ liệu" in other
    assert '<svg class="spark"' not in other


def test_what_of_an_address_is_not_understood_is_told_in_a_frame_too(pages: FlaskClient) -> None:
    assert "Không có tỉnh mang mã 99" in pages.get("/nhung?province=99").text
    assert "không có lựa chọn zz" in pages.get("/nhung?province=51&chart=zz").text


def test_what_nobody_told_is_said_and_never_nought(pages: FlaskClient) -> None:
    small = pages.get("/nhung?province=25").text
    assert "chưa có dữ liệu" in small
    assert "0/148" not in small
    assert "chưa có dữ liệu" in pages.get("/nhung?province=25&chart=green").text


def test_only_the_portals_of_the_settings_may_frame_it(
    own_pages: FlaskClient, settings: Settings
) -> None:
    assert "frame-ancestors 'self'" in _read_policy(own_pages)
    portal = settings.model_copy(update={"frame_ancestors": "https://cong.tinh.vn"})
    policy = _read_policy(create_app(portal).server.test_client())
    assert policy.endswith("frame-ancestors 'self' https://cong.tinh.vn")


def _read_policy(client: FlaskClient) -> str:
    return client.get("/nhung").headers["Content-Security-Policy"]


def test_while_the_store_is_away_the_frame_says_so_without_figures(
    own_pages: FlaskClient, store_file: Path, tmp_path: Path
) -> None:
    store_file.rename(tmp_path / "elsewhere")
    for address in SMALL_VIEWS[:2]:
        answer = own_pages.get(address)
        assert answer.status_code == 503
        assert "tạm thời không đọc được" in answer.text
        assert "<nav" not in answer.text

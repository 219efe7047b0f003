"""/so-sanh by parts of a province: former provinces, mountains against lowland, now and before."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date

import pytest
from flask.testing import FlaskClient

from dashboard import store
from dashboard.areas import list_areas_of_province
from dashboard.settings import Settings
from dashboard.web.server import create_app
from tests import making

BA_TO = next(area for area in list_areas_of_province("51") if area.code == "huyen-ba-to").communes
LOWLAND = "21025"  # Phường Nghĩa Lộ


@pytest.fixture
def client(settings: Settings) -> Iterator[FlaskClient]:
    """Ba Tơ's communes resolve 40 of 100 electronically, one lowland commune 90 of 100; the month
    before 30 and 95.
    """
    engine = store.open_store(settings.database_url)
    for month, days, mountain, lowland in ((9, 30, 30, 95), (10, 31, 40, 90)):
        span = {"first": date(2026, month, 1), "last": date(2026, month, days)}
        shares = [(code, mountain) for code in sorted(BA_TO)] + [(LOWLAND, lowland)]
        rows = making.dossiers(
            {"unit": code, **span, "received": 100, "resolved": 100, "e_result": e_result}
            for code, e_result in shares
        )
        store.save_batch(
            engine,
            making.batch(
                f"bieu-{month}",
                dossiers=rows,
                file_kind="dossier_report",
                period=(span["first"], span["last"]),
            ),
            by="test",
        )
    declared = making.batch("ke-khai", readings=making.declaration(LOWLAND, date(2026, 11, 20)))
    store.save_batch(engine, declared, by="test")
    yield create_app(settings).server.test_client()
    engine.dispose()


def _read_words(client: FlaskClient, query: str) -> str:
    html = client.get(f"/so-sanh?province=51{query}").get_data(as_text=True)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).partition("So sánh theo vùng")[2]


def test_mountain_stands_against_lowland_and_now_against_before(client: FlaskClient) -> None:
    words = _read_words(client, "&area=mien-nui")
    assert "Miền núi 64 đơn vị Đồng bằng, ven biển, đảo 32 đơn vị Cả tỉnh, cấp xã 96" in words
    assert "Tiếp nhận 800 của 8/64 đơn vị 100 của 1/32 đơn vị 900 của 9/96 đơn vị" in words
    assert (
        "Cấp kết quả điện tử 320/800 (40,0%) so kỳ trước ▲ 10,0 điểm phần trăm"
        " 90/100 (90,0%) so kỳ trước ▼ 5,0 điểm phần trăm"
        " 410/900 (45,6%) so kỳ trước ▲ 8,3 điểm phần trăm"
    ) in words
    assert "Chưa báo cáo 64/64 (100,0%) 30 ngày trước: 64 31/32 (96,9%) 30 ngày trước: 32" in words
    # no colour is counted, and none is nought, where nobody told any
    no_data = "chưa có dữ liệu 30 ngày trước: chưa có dữ liệu"
    assert f"Đỏ {no_data} 0/32 (0,0%) 30 ngày trước: chưa có dữ liệu" in words


def test_the_title_names_the_areas_that_were_asked_for(client: FlaskClient) -> None:
    html = client.get("/so-sanh?province=51&area=mien-nui").get_data(as_text=True)
    assert "So sánh Miền núi và đồng bằng, ven biển, đảo</h1>" in re.sub(r"\s*<", "<", html)
    assert "Chưa chọn đơn vị nào" not in html


def test_former_provinces_stand_first_and_areas_are_chosen_by_the_address(
    client: FlaskClient,
) -> None:
    assert "Quảng Ngãi (cũ) 56 đơn vị Kon Tum (cũ) 40 đơn vị" in _read_words(client, "")
    both = _read_words(client, "&area=kon-tum&area=huyen-ba-to,nowhere")
    assert "Kon Tum (cũ) 40 đơn vị Huyện Ba Tơ (cũ) 8 đơn vị Cả tỉnh" in both
    assert "Tiếp nhận chưa có dữ liệu 800 900" in both
    # communes were asked for: areas are offered and not shown
    assert "Cả tỉnh, cấp xã" not in _read_words(client, f"&xa={LOWLAND}")


def test_areas_are_taken_along_with_their_numbers_apart(client: FlaskClient) -> None:
    written = client.get("/tai/so-sanh-vung.csv?province=51&area=mien-nui").get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(written.removeprefix("\ufeff"))))
    shares = {
        row["Của"]: (row["Phần"], row["Toàn thể"], row["Tỷ lệ (%)"])
        for row in rows
        if row["Chỉ tiêu"] == "Cấp kết quả điện tử"
    }
    assert shares == {
        "Miền núi": ("320", "800", "40"),
        "Đồng bằng, ven biển, đảo": ("90", "100", "90"),
        "Cả tỉnh, cấp xã": ("410", "900", "45,6"),
    }


def test_areas_that_the_province_does_not_have_are_told(client: FlaskClient) -> None:
    html = client.get("/so-sanh?province=51&area=mien-nui,zz").get_data(as_text=True)
    assert "Không có khu vực zz trong tỉnh này" in html
    assert "Không có khu vực" not in client.get("/so-sanh?area=mien-nui").get_data(as_text=True)


def test_more_areas_than_are_shown_are_told(client: FlaskClient) -> None:
    codes = ",".join(area.code for area in list_areas_of_province("51")[:7])
    html = client.get(f"/so-sanh?province=51&area={codes}").get_data(as_text=True)
    assert "Chỉ so sánh được 6 khu vực; các khu vực sau không hiện" in html

"""What of an address was not understood is told in one line; nothing is shown in silence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from dashboard.names import list_official_names
from dashboard.settings import Settings
from dashboard.web.server import create_app


@pytest.fixture
def client(settings: Settings) -> Iterator[FlaskClient]:
    with create_app(settings).server.test_client() as client:
        yield client


NEWEST = "đang xem số liệu mới nhất"


@pytest.mark.parametrize(
    ("address", "note"),
    [
        ("/ho-so?province=99", "Không có tỉnh mang mã 99; đang xem Quảng Ngãi"),
        ("/ho-so?province=<b>", "Không có tỉnh mang mã &lt;b&gt;; đang xem Quảng Ngãi"),
        ("/xep-hang?as_of=2020-01-01", f"Không có số liệu ngày 01/01/2020; {NEWEST}"),
        ("/thieu-gi?as_of=2026-02-30", f"Ngày trong địa chỉ không đọc được; {NEWEST}"),
        ("/so-sanh?province=51&xa=21250,99999", "Không có đơn vị mang mã 99999 trong tỉnh này"),
        ("/so-sanh?province=51&xa=21250,23602", "Không có đơn vị mang mã 23602 trong tỉnh này"),
        ("/ho-so?period=2031", "Kỳ trong địa chỉ không đọc được hoặc chưa đến"),
        ("/ho-so?period=abc", "Kỳ trong địa chỉ không đọc được hoặc chưa đến"),
    ],
)
def test_a_document_says_what_it_could_not_follow(
    client: FlaskClient, address: str, note: str
) -> None:
    assert note in client.get(address).text


def test_an_address_that_is_followed_says_nothing(client: FlaskClient) -> None:
    for address in ("/ho-so", "/ho-so?province=52&as_of=2026-11-01&period=2026-10", "/xa/21250"):
        assert "address-note" not in client.get(address).text


def test_days_after_the_day_that_is_shown_stay_in_the_address_and_are_told_of(
    client: FlaskClient,
) -> None:
    answer = client.get("/ho-so?from=2026-11-01&to=2026-11-20&as_of=2026-10-01")
    assert "period=2026-11-01..2026-11-20" in answer.headers["Location"]
    assert "Kỳ trong địa chỉ" in client.get(answer.headers["Location"]).text


def test_more_communes_than_can_be_compared_are_told_of(client: FlaskClient) -> None:
    codes = ",".join(list(list_official_names("52"))[:8])
    answer = client.get(f"/so-sanh?xa={codes}", follow_redirects=True)
    assert "Chỉ so sánh được 6 đơn vị" in answer.text


def test_the_code_of_a_commune_decides_its_province(client: FlaskClient) -> None:
    answer = client.get("/?commune=23602&province=51&show=network")
    assert answer.headers["Location"] == "/?commune=23602&province=52&show=network"
    assert client.get("/?commune=21250&province=51").status_code == 200
    assert client.get("/?commune=99999&province=51").status_code == 200


def test_a_slash_at_the_end_leads_to_the_page(client: FlaskClient) -> None:
    answer = client.get("/ho-so/?province=52")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/ho-so?province=52")
    assert client.get("/khong-co/").status_code == 404


@pytest.mark.parametrize(
    ("written", "page"),
    [
        ("/xa/21250/", "/xa/21250"),
        ("/ho-so//", "/ho-so"),
        ("/Ho-So", "/ho-so"),
        ("/vi.invalid//", None),
        ("/xa/", None),
    ],
)
def test_an_address_as_people_write_it_leads_to_the_page(
    client: FlaskClient, written: str, page: str | None
) -> None:
    answer = client.get(written)
    assert (answer.status_code, answer.headers.get("Location")) == ((308 if page else 404), page)


@pytest.mark.parametrize(
    ("query", "notes"),
    [
        ("province=99", ["Không có tỉnh mang mã 99; đang xem Quảng Ngãi"]),
        ("province=51&group=99999", ["Không có đơn vị mang mã 99999 trong tỉnh này"]),
        ("province=51&scenes=mang,abc", ["Không có cảnh abc"]),
        ("province=51&since=2026-02-30", ["Ngày họp trong địa chỉ không dùng được"]),
        ("seconds=1e9", ["Số giây mỗi cảnh từ 5 đến 600, không dùng được 1e9"]),
        ("seconds=3", ["Số giây mỗi cảnh từ 5 đến 600, không dùng được 3"]),
        ("province=51&group=21250&scenes=mang&seconds=600", []),
    ],
)
def test_a_wall_says_what_it_could_not_follow(
    client: FlaskClient, query: str, notes: list[str]
) -> None:
    assert client.get(f"/api/wall?{query}").get_json()["misread"] == notes

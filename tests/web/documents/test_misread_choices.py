"""What an address asks for and a page does not have is told, never passed over in silence."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

# Fields of pages with something in them that none of their choices is.
JUNK = (
    "/ho-so?by=zz",
    "/xep-hang?order=zz",
    "/thieu-gi?dimension=zz",
    "/du-lieu?only=zz",
    "/to-cong-tac?level=zz",
    "/to-cong-tac/viec-hua?state=zz",
    "/to-cong-tac/yeu-cau?state=zz",
    "/to-cong-tac/bao-cao?date=zz",
    "/to-cong-tac/lich?from=zz",
)
GOOD = (
    "/ho-so?by=received&form=bars",
    "/xep-hang?by=on_time_766&order=best",
    "/thieu-gi?dimension=network&order=name",
    "/du-lieu?only=late",
    "/to-cong-tac?level=red&order=name&from=21250",
    "/to-cong-tac/yeu-cau?state=all",
    "/to-cong-tac/bao-cao?date=2026-11-20",
    "/to-cong-tac/lich?from=21250",
)


def read_note(page: str) -> str:
    note = re.search(r'id="address-note"[^>]*>([^<]*)', page)
    return note.group(1) if note else ""


@pytest.mark.parametrize("path", JUNK)
def test_a_choice_that_a_page_does_not_have_is_told(pages: FlaskClient, path: str) -> None:
    assert read_note(pages.get(path).text) == (
        "Trang này không có lựa chọn zz; đang xem theo mặc định"
    )


@pytest.mark.parametrize("path", GOOD)
def test_a_choice_that_a_page_has_is_not_told(pages: FlaskClient, path: str) -> None:
    assert read_note(pages.get(path).text) == ""


@pytest.mark.parametrize("path", ["/ho-so", "/to-cong-tac/kiem-tra", "/dang-nhap", "/man-hinh"])
def test_a_slash_too_many_leads_to_the_page(pages: FlaskClient, path: str) -> None:
    answer = pages.get(f"{path}/?province=52")
    assert (answer.status_code, answer.location) == (308, f"{path}?province=52")


def test_the_code_of_a_commune_decides_the_province_of_the_first_page(pages: FlaskClient) -> None:
    answer = pages.get("/?commune=21925&province=51&show=network")
    assert answer.status_code == 302
    assert answer.location == "/?commune=21925&province=52&show=network"
    assert pages.get("/?commune=21250&province=51").status_code == 200
    assert pages.get("/?commune=99999&province=51").status_code == 200


def test_the_first_answer_is_titled_by_its_address(pages: FlaskClient) -> None:
    page = pages.get("/?province=51&commune=21250&show=network&as_of=2026-10-01").text
    title = "Xã Nghĩa Giang · Mạng · ngày 01/10/2026 · Mức độ sẵn sàng của cấp xã · Quảng Ngãi"
    assert f"<title>{title}</title>" in page
    assert f'property="og:title" content="{title}"' in page

"""`/` says figures, decisions and the ten most in need in the first answer: for weak lines, and for
chats that show a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import brotli
import pytest
from flask.testing import FlaskClient

from dashboard.messages import write_message
from dashboard.settings import Settings
from dashboard.store import StoreUnavailable
from dashboard.web.server import create_app

MOST_BYTES = 12_000  # a quarter of a second at 400 kbit/s, beside the way there and back
PAGE_IDS = re.compile(r' id="(?!react-entry-point|_dash|first-)')


@pytest.fixture
def client(settings: Settings) -> Iterator[FlaskClient]:
    with create_app(settings).server.test_client() as client:
        yield client


def read_body(page: str) -> str:
    return page.partition("<body>")[2]


def list_texts(page: str, name: str) -> list[str]:
    """The words of every element of a class."""
    return re.findall(rf'class="{name}"[^>]*>([^<]*)<', read_body(page))


def test_the_first_answer_says_figures_decisions_and_the_ten_most_in_need(
    pages: FlaskClient,
) -> None:
    page = pages.get("/?province=51").text
    state = pages.get("/api/state?province=51").get_json()
    assert list_texts(page, "value")[0] == state["headline"][0]["value"]
    assert list_texts(page, "under")[0] == state["headline"][0]["under"]
    assert len(list_texts(page, "value")) == 5
    assert list_texts(page, "decision") == [line["title"] for line in state["decisions"]["lines"]]
    in_need = re.findall(r'name="commune" value="(\d+)"', page)
    assert in_need == [state["codes"][index] for index in state["need"]["order"][:10]]
    assert all(list_texts(page, "reason")[:5])
    assert state["as_of_line"] in page


def test_the_first_answer_is_of_the_province_and_day_of_its_address(client: FlaskClient) -> None:
    page = client.get("/?province=52&as_of=2026-10-01").text
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", page) == re.findall(r"<title>(.*?)</title>", page)
    assert '<option value="52" selected>Gia Lai' in page
    assert "Nội dung cần chỉ đạo ngày 01/10/2026" in page
    assert 'href="/thieu-gi?province=52&amp;as_of=2026-10-01"' in page
    shared = re.search(r'property="og:description" content="([^"]*)"', page)
    assert shared is not None
    assert "tính đến 01/10/2026" in shared[1]


def test_it_is_small_and_waits_for_no_file_and_takes_no_place_of_the_page(
    pages: FlaskClient,
) -> None:
    for province in ("51", "52", "25", "01"):
        answer = pages.get(f"/?province={province}")
        assert len(brotli.compress(answer.data, quality=5)) <= MOST_BYTES
        head, _, body = answer.text.partition("<body>")
        assert "stylesheet" not in head
        assert body.index("first-answer") < body.index("stylesheet")
        assert PAGE_IDS.findall(body) == []


def test_where_nothing_was_told_it_says_so(client: FlaskClient) -> None:
    page = client.get("/?province=01").text
    assert set(list_texts(page, "value")) == {"chưa có dữ liệu"}
    assert 'name="commune"' not in page
    assert "chưa có dữ liệu điều kiện" in page


def test_while_the_store_is_away_the_first_answer_still_loads_the_scripts(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise StoreUnavailable(write_message("gone"))

    monkeypatch.setattr("dashboard.web.overview.first_answer._obtain_figures", fail)
    page = client.get("/?province=52")
    assert page.status_code == 200
    assert "Đang tải" in page.text
    assert "overview.js" in page.text


def test_the_wall_is_titled_by_its_province(client: FlaskClient) -> None:
    assert "<title>Màn hình · Gia Lai · " in client.get("/man-hinh?province=52").text
    assert "<title>Màn hình · Mức" in client.get("/man-hinh").text

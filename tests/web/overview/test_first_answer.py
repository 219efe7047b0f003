"""`/` says its headline in the first answer: for weak lines, and for chats that show a link."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from dashboard.settings import Settings
from dashboard.store import StoreUnavailable
from dashboard.web.server import create_app


@pytest.fixture
def client(settings: Settings) -> Iterator[FlaskClient]:
    with create_app(settings).server.test_client() as client:
        yield client


def test_the_first_answer_says_title_and_headline_of_its_address(client: FlaskClient) -> None:
    page = client.get("/?province=52&as_of=2026-10-01").text
    assert re.findall(r"<h1>(.*?)</h1>", page) == re.findall(r"<title>(.*?)</title>", page)
    assert "Gia Lai" in page
    assert page.count("<li>") >= 4
    shared = re.search(r'property="og:description" content="([^"]*)"', page)
    assert shared is not None
    assert "tính đến 01/10/2026" in shared[1]


def test_while_the_store_is_away_the_first_answer_still_loads_the_scripts(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise StoreUnavailable

    monkeypatch.setattr("dashboard.web.overview.first_answer._tell_headline", fail)
    page = client.get("/?province=52")
    assert page.status_code == 200
    assert "Đang tải" in page.text
    assert "overview.js" in page.text


def test_the_wall_is_titled_by_its_province(client: FlaskClient) -> None:
    assert "<title>Màn hình · Gia Lai · " in client.get("/man-hinh?province=52").text
    assert "<title>Màn hình · Mức" in client.get("/man-hinh").text

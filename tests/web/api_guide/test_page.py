"""/api: every address that it names answers, and its examples do what they say."""

from __future__ import annotations

import io
import re
from html import unescape
from typing import Any

import pandas as pd
import pytest
from flask.testing import FlaskClient

from dashboard.web.api.v1.openapi import build_description
from dashboard.web.api_guide.page import PATH


@pytest.fixture(scope="module")
def guide(pages: FlaskClient) -> str:
    return pages.get(f"{PATH}?province=51").text


def test_every_address_that_the_page_links_to_answers(pages: FlaskClient, guide: str) -> None:
    links = {unescape(link) for link in re.findall(r'href="(/api/v1[^"]*)"', guide)}
    assert len(links) > 15
    for link in links:
        assert pages.get(link).status_code == 200, link


def test_every_address_that_is_published_is_on_the_page(guide: str) -> None:
    for path in build_description(needs_key=False)["paths"]:
        address = path.replace("{province}", "51").replace("{code}", "…")
        address = address.replace("{number}", "…")
        assert f"<code>/api/v1{address}</code>" in guide, path


def test_the_python_example_runs(
    pages: FlaskClient, guide: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    examples = [unescape(text) for text in re.findall(r"(?s)<pre[^>]*><code>(.*?)</code>", guide)]
    code = next(example for example in examples if "import pandas" in example)
    readers = {"read_csv": pd.read_csv, "read_json": pd.read_json}

    def read_with(name: str) -> Any:
        def read(address: str, **options: Any) -> Any:
            answer = pages.get(address.removeprefix("http://localhost"))
            assert answer.status_code == 200
            return readers[name](io.BytesIO(answer.data), **options)

        return read

    for name in readers:
        monkeypatch.setattr(pd, name, read_with(name))
    variables: dict[str, Any] = {}
    exec(compile(code, "example", "exec"), variables)
    assert len(variables["levels"]) == len(variables["dossiers"]) == 96
    assert variables["levels"]["commune_code"].str.len().eq(5).all()
    assert variables["answer"]["as_of"] == "2026-11-22"


def test_the_page_is_whole_and_names_the_server_that_was_asked(pages: FlaskClient) -> None:
    answer = pages.get(PATH, base_url="http://127.0.0.1:8050")
    assert "data-broken" not in answer.text
    assert "http://127.0.0.1:8050/api/v1/provinces/" in answer.text
    assert answer.headers["ETag"] != pages.get(PATH).headers["ETag"]

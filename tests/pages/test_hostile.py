"""What a hostile visitor or a bad day does to the pages: nothing falls, nothing is repeated, nothing is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dashboard.indicators.report import Report
from dashboard.server import DOCUMENTS

OTHER = "21034"
XSS = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>"
ADDRESSES = [document.rule.replace("<code>", "21250") + "?province=51" for document in DOCUMENTS]
FIGURES = [
    f"{document.rule.replace('<code>', '21250')}/bieu-do/{name}.json?province=51"
    for document in DOCUMENTS
    for name in document.figures
]
TABLES = [f"/tai/{name}.csv?province=51&xa=21250" for document in DOCUMENTS for name in document.downloads]
DATA = ["/api/state?province=51", "/api/report?province=51", "/api/wall?province=51"]


def test_a_store_that_is_away_is_a_designed_page_everywhere_and_all_come_back(
    own_pages: FlaskClient, store_file: Path
) -> None:
    away = store_file.rename(store_file.with_suffix(".away"))
    for address in [*ADDRESSES, *FIGURES, *TABLES, *DATA]:
        answer = own_pages.get(address)
        assert answer.status_code == 503, address
        if address in ADDRESSES:
            assert 'data-box="away"' in answer.text
            assert answer.headers["Retry-After"]
            assert answer.headers["Cache-Control"] == "no-store"
    away.rename(store_file)
    for address in [*ADDRESSES, *FIGURES, *TABLES, *DATA]:
        assert own_pages.get(address).status_code == 200, address


@pytest.mark.parametrize("content", [b"", b"no database" * 1000])
def test_a_store_that_is_rubbish_is_said_to_be_away(own_pages: FlaskClient, store_file: Path, content: bytes) -> None:
    restored = store_file.with_suffix(".new")
    restored.write_bytes(content)
    restored.replace(store_file)
    assert {own_pages.get(address).status_code for address in [*ADDRESSES, *TABLES, *DATA]} == {503}


@pytest.mark.parametrize("part", ["dossiers", "gaps", "readiness", "own_rating", "freshness"])
def test_a_broken_part_takes_no_page_with_it(
    own_pages: FlaskClient, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    def fail(_self: Report) -> None:
        raise RuntimeError(part)

    monkeypatch.setattr(Report, part, property(fail))
    own_pages.application.testing = False
    broken = 0
    for address in [*ADDRESSES, f"/so-sanh?province=51&xa=21250,{OTHER}"]:
        answer = own_pages.get(address)
        assert answer.status_code == 200, address
        broken += "data-broken" in answer.text
        # What is broken now may be whole a moment later.
        assert ("data-broken" in answer.text) <= (answer.headers["Cache-Control"] == "no-store")
    assert broken


@pytest.mark.parametrize("part", ["dossiers", "gaps", "own_rating"])
def test_map_and_table_stand_where_another_part_breaks(
    own_pages: FlaskClient, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    whole = own_pages.get("/api/state?province=51&as_of=2026-11-21").json
    monkeypatch.setattr(Report, part, property(lambda _self: 1 / 0))
    broken = own_pages.get("/api/state?province=51&as_of=2026-11-22").json
    assert whole
    assert broken
    assert broken["layers"]["overall"]["levels"] == whole["layers"]["overall"]["levels"]
    assert {layer: one.keys() for layer, one in broken["layers"].items()} == {
        layer: one.keys() for layer, one in whole["layers"].items()
    }
    # A figure that is left out would stay on the screen as it was: it says that it is broken.
    assert [figure["id"] for figure in broken["headline"]] == [figure["id"] for figure in whole["headline"]]
    if part == "dossiers":
        assert broken["columns"]["received"]["text"][0] == "đang lỗi"
        assert "đang lỗi" in broken["layers"]["on_time"]["title"]
        assert broken["layers"]["on_time"]["counts"]["red"] == 0

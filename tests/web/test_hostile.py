"""What a hostile visitor or a bad day does to the pages: nothing falls, nothing is repeated,
nothing is kept.
"""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from dashboard import store
from dashboard.batch import VISIT_COLUMNS
from dashboard.indicators.report import DossiersPart, ReadinessPart, ReportContext, SourcesPart
from dashboard.settings import Settings
from dashboard.web.documents import http_caching
from dashboard.web.server import DOCUMENTS, create_app
from tests import making

OTHER = "21034"
XSS = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>"
ADDRESSES = [document.rule.replace("<code>", "21250") + "?province=51" for document in DOCUMENTS]
FIGURES = [
    f"{document.rule.replace('<code>', '21250')}/bieu-do/{name}.json?province=51"
    for document in DOCUMENTS
    for name in document.figures
]
TABLES = [
    f"/tai/{name}.csv?province=51&xa=21250" for document in DOCUMENTS for name in document.downloads
]
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
def test_a_store_that_is_rubbish_is_said_to_be_away(
    own_pages: FlaskClient, store_file: Path, content: bytes
) -> None:
    restored = store_file.with_suffix(".new")
    restored.write_bytes(content)
    restored.replace(store_file)
    assert {own_pages.get(address).status_code for address in [*ADDRESSES, *TABLES, *DATA]} == {503}


# Figures of a report, with the part that each is of.
PARTS = {
    "of_period": DossiersPart,
    "gaps": ReadinessPart,
    "assessment": ReadinessPart,
    "own_rating": ReadinessPart,
    "freshness": SourcesPart,
}


@pytest.mark.parametrize("figure", PARTS)
def test_a_broken_part_takes_no_page_with_it(
    own_pages: FlaskClient, monkeypatch: pytest.MonkeyPatch, figure: str
) -> None:
    def fail(_self: ReportContext) -> None:
        raise RuntimeError(figure)

    monkeypatch.setattr(PARTS[figure], figure, property(fail))
    broken = 0
    for address in [*ADDRESSES, f"/so-sanh?province=51&xa=21250,{OTHER}"]:
        answer = own_pages.get(address)
        assert answer.status_code == 200, address
        broken += "data-broken" in answer.text
        # What is broken now may be whole a moment later.
        assert ("data-broken" in answer.text) <= (answer.headers["Cache-Control"] == "no-store")
    assert broken


@pytest.mark.parametrize("figure", ["of_period", "gaps", "own_rating"])
def test_map_and_table_stand_where_another_part_breaks(
    own_pages: FlaskClient, monkeypatch: pytest.MonkeyPatch, figure: str
) -> None:
    unbroken = own_pages.get("/api/state?province=51&as_of=2026-11-21").json
    monkeypatch.setattr(PARTS[figure], figure, property(lambda _self: 1 / 0))
    broken = own_pages.get("/api/state?province=51&as_of=2026-11-22").json
    assert unbroken
    assert broken
    assert broken["layers"]["overall"]["levels"] == unbroken["layers"]["overall"]["levels"]
    assert {layer: layer_state.keys() for layer, layer_state in broken["layers"].items()} == {
        layer: layer_state.keys() for layer, layer_state in unbroken["layers"].items()
    }
    # A figure that is left out would stay on the screen as it was: it says that it is broken.
    assert [figure["id"] for figure in broken["headline"]] == [
        figure["id"] for figure in unbroken["headline"]
    ]
    if figure == "of_period":
        assert broken["columns"]["received"]["text"][0] == "đang lỗi"
        assert "đang lỗi" in broken["layers"]["on_time"]["title"]
        assert broken["layers"]["on_time"]["counts"]["red"] == 0


@pytest.mark.parametrize(
    "address", ["/api/state?province=51", "/thieu-gi?province=51", "/api/wall?province=51"]
)
def test_a_broken_part_is_tried_again_before_long_and_not_by_every_question(
    own_pages: FlaskClient, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    tries = list[int]()
    minute = [0]
    monkeypatch.setattr(http_caching, "number_attempt", lambda: minute[0])

    def fail(_self: ReportContext) -> None:
        tries.append(minute[0])
        raise RuntimeError

    def ask(tag: str | None) -> TestResponse:
        return own_pages.get(address, headers={"If-None-Match": tag} if tag else {})

    with monkeypatch.context() as broken:
        broken.setattr(ReadinessPart, "gaps", property(fail))
        first = ask(None)
        made = len(tries)
        assert made
        assert {ask(first.headers["ETag"]).status_code for _ in range(5)} == {304}
        assert len(tries) == made  # nobody tries in between
        minute[0] += 1
        assert ask(first.headers["ETag"]).status_code == 200
        assert len(tries) > made
    minute[0] += 1
    unbroken = ask(first.headers["ETag"])
    assert (unbroken.status_code, unbroken.headers["Cache-Control"]) == (200, "no-cache")
    assert unbroken.json["failed"] == [] if unbroken.json else "data-broken" not in unbroken.text
    minute[0] += 1
    assert (
        ask(unbroken.headers["ETag"]).status_code == 304
    )  # what is whole is good until data change


@pytest.fixture
def poisoned(own_store: Engine, settings: Settings) -> FlaskClient:
    """The program over a store whose files, teams and notes somebody named who means harm."""
    day = date(2026, 11, 18)
    visits = pd.DataFrame(
        [["21250", day, "line_stable", f"=cmd|x{XSS}", f"@note{XSS}"]], columns=VISIT_COLUMNS
    )
    readings = making.readings([("21250", "line_stable", 0.0, "verified", day)])
    problem = making.problem(
        f"+không đọc được {XSS}", f"-hãy sửa {XSS}", 3, f"\tcột{XSS}", f"\r\n=HYPERLINK(1){XSS}"
    )
    name = f"=1+1\r\nX-Evil: 1{XSS}.xlsx"
    batch = making.batch(
        name,
        file_kind="visits",
        visits=visits,
        readings=readings,
        problems=[problem],
        file_name=name,
    )
    store.save_batch(own_store, batch, by=XSS)
    return create_app(settings).server.test_client()


def test_what_files_hold_is_never_markup_and_never_a_formula(poisoned: FlaskClient) -> None:
    for address in [*ADDRESSES, "/xa/21250?province=51&as_of=2026-11-19"]:
        page = poisoned.get(address).text
        assert "<script>alert" not in page, address
        assert "<img src=x" not in page, address
    assert "&lt;script&gt;alert" in poisoned.get("/du-lieu?province=51").text
    cells = [
        cell
        for address in TABLES
        for row in csv.reader(
            io.StringIO(poisoned.get(address).text.removeprefix("\ufeff"), newline="")
        )
        for cell in row
    ]
    assert any("alert(1)" in cell for cell in cells)
    assert not [
        cell
        for cell in cells
        if cell.startswith(("=", "+", "@", "\t", "\r", "\n")) or cell[:2] == "-h"
    ]


@pytest.mark.parametrize(
    "value", [XSS, "\0\r\nX-Evil: 1", "x" * 3000, "9999-12-31", "２０２６-11-22"]
)
def test_no_field_of_an_address_reaches_a_page_as_markup_or_breaks_one(
    pages: FlaskClient, value: str
) -> None:
    kept = {field for document in DOCUMENTS for field in document.preserved_params} - {"from"}
    everything = dict.fromkeys([*kept, "province", "as_of", "q", "since", "dark", "to"], value)
    for document in DOCUMENTS:
        for query in ({**everything, "to": ""}, {"from": value}, {"them": value, "province": "51"}):
            answer = pages.get(document.rule.replace("<code>", "21250"), query_string=query)
            assert answer.status_code in {200, 302}, (document.rule, query)
            assert "<script>alert" not in answer.text
            assert "<img src=x" not in answer.text
            assert "data-broken" not in answer.text, (document.rule, query)
            assert "X-Evil" not in answer.headers
            assert not answer.headers.get("Location", "/xa")[:2].startswith(("//", "ht"))


@pytest.mark.parametrize(
    "ends", ["2026-01-01..9999-12-31", "0001-01-01..2026-11-22", "2025", "2026"]
)
@pytest.mark.parametrize("path", ["/ho-so", "/xep-hang"])
def test_a_period_at_the_end_of_the_calendar_breaks_no_part(
    pages: FlaskClient, path: str, ends: str
) -> None:
    answer = pages.get(f"{path}?province=51&period={ends}")
    assert answer.status_code == 200
    assert "data-broken" not in answer.text


@pytest.mark.parametrize("address", [*ADDRESSES, "/", "/man-hinh", "/khong-co", "/tim?q=%3Cb%3E"])
def test_every_document_is_protected(pages: FlaskClient, address: str) -> None:
    headers = pages.get(address).headers
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_a_province_without_any_data_has_every_page(pages: FlaskClient) -> None:
    for address in [*ADDRESSES, *FIGURES, *TABLES, *DATA]:
        address_of_province = address.replace("province=51", "province=01").replace(
            "21250", "00004"
        )
        answer = pages.get(address_of_province)
        assert answer.status_code == 200, address_of_province
        assert "data-broken" not in answer.text, address_of_province

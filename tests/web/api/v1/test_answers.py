"""How /api/v1 answers: pages of a list, CSV, tags, refusals that programs read, and the door."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pandas as pd
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from dashboard import store
from dashboard.settings import Settings
from dashboard.store import keys
from dashboard.web import access
from dashboard.web.api.problems import PROBLEM_TYPE
from dashboard.web.server import create_app
from tests import making
from tests.web.conftest import HOSTILE
from tests.web.people import ADMIN

DAY = date(2026, 11, 20)
LEVELS = "/api/v1/provinces/51/levels"
LISTS = ("communes", "levels", "criteria", "readings", "dossiers", "rankings", "sources", "visits")


def assert_refused(answer: TestResponse, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.mimetype == PROBLEM_TYPE
    problem: dict[str, Any] = answer.get_json(force=True)
    assert (problem["type"], problem["status"]) == ("about:blank", status)
    assert "Set-Cookie" not in answer.headers
    return problem


def add_reading(engine: Engine) -> None:
    readings = making.declaration("21289", DAY)
    store.save_batch(engine, making.batch("them", readings=readings), by="test")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/provinces/51/levels?limit=0", 400),
        ("/api/v1/provinces/51/levels?limit=5001", 400),
        ("/api/v1/provinces/51/levels?limit=%D9%A3", 400),
        ("/api/v1/provinces/51/levels?as_of=20261120", 400),
        ("/api/v1/provinces/51/levels?as_of=2026-02-30", 400),
        ("/api/v1/provinces/51/levels?as_of=2026-11-20&as_of=2026-11-21", 400),
        ("/api/v1/provinces/51/levels?asof=2026-11-20", 400),
        ("/api/v1/provinces/51/levels?format=xml", 400),
        ("/api/v1/provinces/51/levels?cursor=%00", 400),
        ("/api/v1/provinces/51/dossiers?period=thang-8", 400),
        ("/api/v1/provinces/51/rankings?by=luck", 400),
        ("/api/v1/provinces/51/readings?measure=x", 400),
        ("/api/v1/provinces/51/levels?as_of=2026-11-23", 404),
        ("/api/v1/provinces/51/levels?as_of=2025-06-30", 404),
        ("/api/v1/provinces/51/levels?cursor=abc", 404),
        ("/api/v1/provinces/51/dossiers?period=2027", 404),
        ("/api/v1/provinces/99/levels", 404),
        ("/api/v1/provinces/51/communes/00004", 404),
        ("/api/v1/provinces/51/nothing", 404),
        ("/api/v1", 404),
    ],
)
def test_what_cannot_be_answered_is_a_problem(
    pages: FlaskClient, address: str, status: int
) -> None:
    assert_refused(pages.get(address), status)


def test_a_problem_names_the_field_and_never_repeats_what_was_sent(pages: FlaskClient) -> None:
    problem = assert_refused(pages.get(f"{LEVELS}?limit=javascript"), 400)
    assert "limit" in problem["detail"]
    assert "javascript" not in str(problem)
    assert "evil" not in str(assert_refused(pages.get(f"{LEVELS}?evil=1"), 400))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_is_written_here(pages: FlaskClient, method: str) -> None:
    answer = pages.open(LEVELS, method=method)
    assert_refused(answer, 405)
    assert "GET" in answer.headers["Allow"]


def test_the_pages_of_a_list_are_the_list(pages: FlaskClient) -> None:
    complete = pages.get(f"{LEVELS}?limit=5000").get_json()
    rows = []
    address = f"{LEVELS}?limit=40"
    while address:
        answer = pages.get(address)
        page = answer.get_json()
        rows += page["items"]
        link = f'<{page["next"]}>; rel="next"' if page["next"] else None
        assert answer.headers.get("Link") == link
        assert page["total"] == complete["total"] == 96
        address = page["next"]
    assert rows == complete["items"]
    assert complete["next"] is None


def test_a_page_of_another_list_or_of_older_figures_is_refused(
    own_store: Engine, own_pages: FlaskClient
) -> None:
    following = own_pages.get(f"{LEVELS}?limit=40").get_json()["next"]
    assert own_pages.get(following).status_code == 200
    assert_refused(own_pages.get(following.replace("/levels", "/communes")), 404)
    add_reading(own_store)
    problem = assert_refused(own_pages.get(following), 409)
    assert "từ trang đầu" in problem["detail"]


@pytest.mark.parametrize("name", LISTS)
def test_csv_holds_the_same_as_json(pages: FlaskClient, name: str) -> None:
    address = f"/api/v1/provinces/51/{name}"
    answer = pages.get(f"{address}?limit=30", headers={"Accept": "text/csv"})
    assert answer.mimetype == "text/csv"
    assert answer.data == pages.get(f"{address}?limit=30&format=csv").data
    answer_json = pages.get(f"{address}?limit=30").get_json()
    table = pd.read_csv(io.BytesIO(answer.data), dtype=str, keep_default_na=False)
    rows = pd.json_normalize(answer_json["items"])
    assert len(table) == len(rows) > 0
    for column in rows.columns:
        values = rows[column].tolist()
        if column not in table:
            assert set(values) == {None}, "only what is nowhere known has no fields"
            continue
        if isinstance(values[0], list):
            continue
        for written, value in zip(table[column], values, strict=True):
            if isinstance(value, str):
                assert written.replace("'", "") == value.replace("'", "")
            elif isinstance(value, bool):
                assert written == str(value).lower()
            elif value is None or value != value:
                assert written == ""
            else:
                assert float(written) == pytest.approx(float(value))
    assert set(table["report_day"]) == {"2026-11-22"}
    assert set(table["simulated"]) == {"false"}


def test_an_empty_list_still_names_its_columns(pages: FlaskClient) -> None:
    written = pages.get("/api/v1/provinces/51/signals?format=csv").text
    assert written == (
        "code,severity,title,reason,communes,since,report_day,data_version,simulated\r\n"
    )


def test_what_did_not_change_is_an_empty_304_until_something_is_imported(
    own_store: Engine, own_pages: FlaskClient
) -> None:
    first = own_pages.get(LEVELS)
    etag = first.headers["ETag"]
    assert etag.startswith('"'), "a strong tag"
    again = own_pages.get(LEVELS, headers={"If-None-Match": etag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)
    other_form = {"If-None-Match": etag, "Accept": "text/csv"}
    assert own_pages.get(LEVELS, headers=other_form).status_code == 200
    packed = own_pages.get(LEVELS, headers={"If-None-Match": etag, "Accept-Encoding": "gzip"})
    assert packed.status_code == 200, "other bytes have another strong tag"
    assert {"Accept", "Accept-Encoding"} <= set(first.vary)
    add_reading(own_store)
    after = own_pages.get(LEVELS, headers={"If-None-Match": etag})
    assert after.status_code == 200
    assert after.get_json()["data_version"] == first.get_json()["data_version"] + 1


def test_hostile_names_stay_text_and_no_importer_is_named(pages: FlaskClient) -> None:
    address = "/api/v1/provinces/51/sources"
    files = [row["file_name"] for row in pages.get(address).get_json()["items"]]
    assert f"{HOSTILE}.xlsx" in files
    for form in ("json", "csv"):
        answer = pages.get(f"{address}?format={form}")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "nguyen.van.a" not in answer.text


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0.xlsx", "@SUM(1+1).xlsx", "+1.xlsx"])
def test_no_cell_of_csv_becomes_a_formula(
    own_store: Engine, own_pages: FlaskClient, name: str
) -> None:
    batch = making.batch(name, readings=making.declaration("21289", DAY), file_name=name)
    store.save_batch(own_store, batch, by="test")
    rows = own_pages.get("/api/v1/provinces/51/sources").get_json()["items"]
    assert name in [row["file_name"] for row in rows]
    lines = own_pages.get("/api/v1/provinces/51/sources?format=csv").data
    written = pd.read_csv(io.BytesIO(lines))["file_name"].tolist()
    assert f"'{name}" in written


def bear(engine: Engine, provinces: list[str]) -> dict[str, str]:
    secret = keys.create_api_key(engine, "Sở Nội vụ", provinces, ADMIN)[1]
    return {"Authorization": f"Bearer {secret}"}


def test_where_viewing_is_closed_a_key_of_the_province_opens_it(
    own_store: Engine, settings: Settings
) -> None:
    closed = create_app(settings.model_copy(update={"view": "signed-in"})).server.test_client()
    key = bear(own_store, ["51"])
    for address in (LEVELS, "/api/v1/provinces"):
        refused = closed.get(address, headers={"Accept": "text/html"})
        assert_refused(refused, 401)
        assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert closed.get(LEVELS, headers=key).status_code == 200
    assert "private" in closed.get(LEVELS, headers=key).headers["Cache-Control"]
    assert_refused(closed.get("/api/v1/provinces/25/levels", headers=key), 403)
    assert_refused(closed.get("/api/v1/provinces/25/communes/21250", headers=key), 403)
    provinces = closed.get("/api/v1/provinces", headers=key).get_json()["items"]
    assert [row["province"] for row in provinces] == ["51"]
    everywhere = bear(own_store, [])
    rows = closed.get("/api/v1/provinces", headers=everywhere).get_json()["items"]
    assert len(rows) == 34
    assert closed.get("/api/v1/openapi.json").status_code == 200


def test_a_key_that_is_none_is_refused_where_viewing_is_public_too(pages: FlaskClient) -> None:
    answer = pages.get(LEVELS, headers={"Authorization": "Bearer dashboard_x"})
    assert_refused(answer, 401)


def test_too_many_calls_of_one_address_are_a_problem(
    own_pages: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "READING_LIMIT", access.parse("2 per minute"))
    own_pages.environ_base["REMOTE_ADDR"] = "192.0.2.9"
    assert {own_pages.get(LEVELS).status_code for _ in range(2)} == {200}
    answer = own_pages.get(LEVELS)
    assert_refused(answer, 429)
    assert answer.headers["Retry-After"] == "60"

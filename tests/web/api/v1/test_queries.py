"""Lists of the field narrowed by whoever asks: the same rows as somebody picks by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.web.api.v1.test_rows import PROVINCE, fetch_rows

SINCE, UNTIL = "2026-10-01", "2026-11-15"
Row = dict[str, Any]

# Path, what is asked for, and which rows fit.
CASES: list[tuple[str, str, Callable[[Row], bool]]] = [
    ("follow-ups", "state=overdue", lambda row: row["state"] == "overdue"),
    ("follow-ups", "open=true", lambda row: row["state"] in {"overdue", "reopened", "open"}),
    ("follow-ups", "open=false", lambda row: row["state"] in {"kept", "withdrawn"}),
    ("support-requests", "state=closed", lambda row: row["state"] == "closed"),
    ("support-requests", "open=true", lambda row: row["state"] != "closed"),
    ("support-requests", "urgency=stopped", lambda row: row["urgency"] == "stopped"),
    ("weak-list", "open=true", lambda row: row["left_on"] is None),
    ("weak-list", "open=false&basis=rule", lambda row: row["left_on"] and row["basis"] == "rule"),
    ("teams", "open=true", lambda row: row["ended_on"] is None),
    ("team-days", "state=planned", lambda row: row["state"] == "planned"),
    ("resources", "topic=training", lambda row: row["topic"] == "training"),
    ("visits", "contradicted=true", lambda row: row["contradicted"]),
]
DAYS = {
    "follow-ups": "promised_on",
    "support-requests": "asked_at",
    "weak-list": "listed_on",
    "team-days": "day",
    "resources": "began_on",
    "visits": "visited_on",
}
OF_ONE_COMMUNE = ["follow-ups", "support-requests", "weak-list", "resources", "feedback", "visits"]


@pytest.mark.parametrize(("path", "query", "fits"), CASES)
def test_rows_are_those_that_fit(
    sample_program: FlaskClient, path: str, query: str, fits: Callable[[Row], bool]
) -> None:
    narrowed = fetch_rows(sample_program, f"/{path}?{query}")
    assert narrowed == [row for row in fetch_rows(sample_program, f"/{path}") if fits(row)]
    assert narrowed


@pytest.mark.parametrize(("path", "name"), DAYS.items())
def test_days_are_those_of_the_range_ends_included(
    sample_program: FlaskClient, path: str, name: str
) -> None:
    rows = fetch_rows(sample_program, f"/{path}?since={SINCE}&until={UNTIL}")
    days = [str(row[name])[:10] for row in fetch_rows(sample_program, f"/{path}") if row[name]]
    assert [str(row[name])[:10] for row in rows] == [day for day in days if SINCE <= day <= UNTIL]
    (day,) = {max(day for day in days if day <= UNTIL)}
    assert fetch_rows(sample_program, f"/{path}?since={day}&until={day}")


@pytest.mark.parametrize("path", OF_ONE_COMMUNE)
def test_one_commune_and_the_communes_of_a_team(sample_program: FlaskClient, path: str) -> None:
    everything = fetch_rows(sample_program, f"/{path}")
    code = next(row["commune_code"] for row in everything if row["commune_code"])
    rows = fetch_rows(sample_program, f"/{path}?commune={code}")
    assert rows == [row for row in everything if row["commune_code"] == code]
    if path in {"resources", "feedback"}:
        return
    team = fetch_rows(sample_program, "/teams")[0]
    rows = fetch_rows(sample_program, f"/{path}?team={team['id']}")
    assert rows == [row for row in everything if row["commune_code"] in team["communes"]]
    assert fetch_rows(sample_program, f"/{path}?team=nobody") == []


def test_who_looks_after_a_commune_and_who_goes_there(sample_program: FlaskClient) -> None:
    days = fetch_rows(sample_program, "/team-days")
    code = days[0]["communes"][0]
    team = days[0]["team_id"]
    there = fetch_rows(sample_program, f"/team-days?commune={code}&team={team}")
    assert there == [row for row in days if code in row["communes"] and row["team_id"] == team]
    teams = fetch_rows(sample_program, f"/teams?commune={code}")
    assert teams
    assert all(code in row["communes"] for row in teams)


def test_a_narrowed_list_is_paged_and_written_as_csv_like_any(sample_program: FlaskClient) -> None:
    path = f"/api/v1/provinces/{PROVINCE}/follow-ups?open=true"
    first = sample_program.get(f"{path}&limit=2").get_json()
    second = sample_program.get(first["next"]).get_json()
    rows = fetch_rows(sample_program, "/follow-ups?open=true")
    assert [*first["items"], *second["items"]] == rows[:4]
    csv = sample_program.get(f"{path}&format=csv&limit=5000").text
    assert csv.count("\r\n") == len(rows) + 1


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("follow-ups", "state=closed", "state"),
        ("follow-ups", "since=01/11/2026", "since"),
        ("support-requests", "open=yes", "open"),
        ("weak-list", "team=a b", "team"),
        ("visits", "commune=2125", "commune"),
    ],
)
def test_what_is_misread_is_told_with_its_choices(
    sample_program: FlaskClient, path: str, query: str, field: str
) -> None:
    answer = sample_program.get(f"/api/v1/provinces/{PROVINCE}/{path}?{query}")
    assert answer.status_code == 400
    assert f"Tham số {field} không đọc được" in answer.get_json()["detail"]

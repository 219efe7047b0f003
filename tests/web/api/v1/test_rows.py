"""What programs read is what the pages show: every figure is held against the report of the sample
store, or against the page itself.
"""

from __future__ import annotations

import json
import math
from datetime import date
from typing import Any, get_args

import pytest
from flask.testing import FlaskClient

from dashboard import reference
from dashboard.batch import RESOURCE_TOPICS, RESOURCE_VARIANTS, URGENCIES
from dashboard.indicators import levels
from dashboard.indicators.field.follow_ups import FollowUpState
from dashboard.indicators.field.support_requests import SupportState
from dashboard.indicators.report import Report
from dashboard.indicators.throughput.dossiers import RANKED_COUNTS
from dashboard.indicators.throughput.periods import Period
from dashboard.indicators.throughput.rates import RATES, STATES
from dashboard.reports import Reports
from dashboard.store.readings import fetch_reading_sources
from dashboard.web.api.v1.models import (
    ApiModel,
    FieldResourceRow,
    FigureState,
    FollowUpRow,
    LevelName,
    SupportRequestRow,
)

PROVINCE = "51"
DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def report(sample_reports: Reports) -> Report:
    return sample_reports.report(PROVINCE, DAY, sample_reports.version())


def fetch_rows(program: FlaskClient, path: str) -> list[dict[str, Any]]:
    sign = "&" if "?" in path else "?"
    answer = program.get(f"/api/v1/provinces/{PROVINCE}{path}{sign}limit=5000")
    assert answer.status_code == 200, answer.text
    content = answer.get_json()
    assert content["total"] == len(content["items"])
    assert (content["province"], content["as_of"]) == (PROVINCE, DAY.isoformat())
    rows: list[dict[str, Any]] = content["items"]
    return rows


def same(written: Any, figure: Any) -> bool:
    """Whether JSON says this figure; null stands for what is not known, and for nothing else."""
    figure = float(figure)
    return written is None if math.isnan(figure) else written == pytest.approx(figure, abs=1e-12)


def test_names_of_levels_and_states_are_the_house_s() -> None:
    assert get_args(LevelName) == levels.LEVEL_NAMES
    assert get_args(FigureState) == STATES


def test_levels_and_reasons_are_those_of_the_pages(
    sample_program: FlaskClient, report: Report
) -> None:
    rows = fetch_rows(sample_program, "/levels")
    overall = [levels.LEVEL_NAMES[code] for code in report.readiness.assessment.overall[:, 0]]
    assert [row["commune_code"] for row in rows] == list(report.codes)
    assert [row["level"] for row in rows] == overall
    assert {row["level"] for row in rows} >= {"red", "yellow", "green", "unknown"}
    for name, level in report.readiness.assessment.dimensions.items():
        names = [levels.LEVEL_NAMES[code] for code in level[:, 0]]
        assert [row["dimensions"][name] for row in rows] == names
    ages = report.readiness.level_age
    assert [row["level_days"] for row in rows] == ages.days.tolist()
    red = next(row for row in rows if row["level"] == "red")
    page = sample_program.get(f"/xa/{red['commune_code']}?province={PROVINCE}").text
    first_words = red["reasons"][0].split(" (")[0].removeprefix("▲ ").split(":")[0]
    assert first_words.lstrip("▲◐■● ") in page
    silent = next(row for row in rows if row["level"] == "unknown")
    assert silent["reported_on"] is None
    assert silent["declared_level"] == "unknown"


def test_every_criterion_says_what_decides_and_both_sides(
    sample_program: FlaskClient, report: Report
) -> None:
    rows = fetch_rows(sample_program, "/criteria")
    by_key = {(row["commune_code"], row["criterion"]): row for row in rows}
    judged_criteria = report.readiness.assessment.assessments
    assert len(rows) == len(by_key) == len(judged_criteria) * len(report.codes)
    for judged in judged_criteria:
        for position, code in enumerate(report.codes):
            row = by_key[code, judged.criterion.code]
            assert row["level"] == levels.LEVEL_NAMES[judged.level[position, 0]]
            assert same(row["value"], judged.value[position, 0])
            assert same(row["age_days"], judged.age[position, 0])
            assert same(row["declared_value"], judged.declared[position, 0]) or math.isnan(
                judged.declared_age[position, 0]
            )
            assert row["contradicted"] == judged.contradicted[position, 0]
            assert row["green_from"] == judged.criterion.green_from


def test_readings_name_the_file_that_a_commune_s_page_names(
    sample_program: FlaskClient, sample_reports: Reports
) -> None:
    rows = fetch_rows(sample_program, "/readings")
    for code in ("21250", "23392", "21034"):
        by_key = {
            (row["measure"], row["basis"]): (row["as_of"], row["batch"], row["file_name"])
            for row in rows
            if row["commune_code"] == code
        }
        sources = fetch_reading_sources(sample_reports.engine, PROVINCE, code, DAY)
        assert by_key == {
            (source.measure, source.basis): (
                source.as_of.date().isoformat(),
                source.batch,
                source.file_name,
            )
            for source in sources.itertuples()
        }
        assert by_key
        alone = fetch_rows(sample_program, f"/readings?commune={code}")
        assert alone == [row for row in rows if row["commune_code"] == code]
    of_speed = fetch_rows(sample_program, "/readings?measure=network_mbps")
    assert of_speed == [row for row in rows if row["measure"] == "network_mbps"]


def test_readings_of_a_past_day_name_a_file_of_later(sample_program: FlaskClient) -> None:
    answer = sample_program.get(f"/api/v1/provinces/{PROVINCE}/readings?as_of=2026-01-15")
    rows = answer.get_json()["items"]
    assert rows
    assert max(row["as_of"] for row in rows) <= "2026-01-15"


@pytest.mark.parametrize("query", ["", "2026-10"])
def test_dossiers_are_those_of_the_period(
    sample_program: FlaskClient, sample_reports: Reports, report: Report, query: str
) -> None:
    if query:
        month = Period(date(2026, 10, 1), date(2026, 10, 31))
        report = sample_reports.report(PROVINCE, DAY, sample_reports.version(), month)
    dossiers = report.dossiers.of_period
    figures = dossiers.period_figures
    assert figures is not None
    assert dossiers.period is not None
    rows = fetch_rows(sample_program, f"/dossiers?period={query}" if query else "/dossiers")
    assert {row["period_first"] for row in rows} == {dossiers.period.first.isoformat()}
    assert {row["source"] for row in rows} == {figures.source_kind}
    for position, row in enumerate(rows):
        assert row["commune_code"] == dossiers.codes[position]
        for name, figure in figures.sums.iloc[position].items():
            assert same(row["counts"][name], figure), name
        for code in RATES:
            rated = dossiers.rates[code]
            assert same(row["rates"][code]["value"], rated.value[position])
            assert same(row["rates"][code]["part"], rated.numerator[position])
            assert row["rates"][code]["state"] == STATES[rated.state[position]]


def test_places_are_those_of_the_ranking_page(sample_program: FlaskClient, report: Report) -> None:
    rows = fetch_rows(sample_program, "/rankings")
    by_key = {(row["by"], row["commune_code"]): row for row in rows}
    assert len(rows) == len(by_key) == (len(RATES) + len(RANKED_COUNTS)) * len(report.codes)
    for code in RATES:
        for commune, rank in report.dossiers.of_period.ranks[code].iterrows():
            row = by_key[code, commune]
            assert row["state"] == rank["state"]
            assert same(row["place"], rank["place"])
            assert same(row["value"], rank["rate"])
            assert same(row["lower"], rank["lower"])
    for name in RANKED_COUNTS:
        for commune, rank in report.dossiers.of_period.count_ranks[name].iterrows():
            assert same(by_key[f"count_{name}", commune]["place"], rank["place"])
    online = fetch_rows(sample_program, "/rankings?by=online")
    assert online == [row for row in rows if row["by"] == "online"]


def test_signals_and_the_province_are_those_of_the_overview(
    sample_program: FlaskClient, report: Report
) -> None:
    state = json.loads(sample_program.get(f"/api/state?province={PROVINCE}").text)
    titles = [row["title"] for row in fetch_rows(sample_program, "/signals")]
    assert titles
    assert all(title in json.dumps(state, ensure_ascii=False) for title in titles)
    province = sample_program.get(f"/api/v1/provinces/{PROVINCE}").get_json()["item"]
    assert province["levels"] == levels.count_levels(report.readiness.assessment.overall)
    assert sum(province["levels"].values()) == province["communes"] == len(report.codes)
    total = report.dossiers.of_period.total("on_time_766")
    assert same(province["rates"]["on_time_766"]["value"], total.value)
    figures = report.dossiers.of_period.period_figures
    assert figures is not None
    assert province["counts"]["received"] == figures.totals()["received"]


def test_one_commune_holds_the_rows_of_the_lists(sample_program: FlaskClient) -> None:
    address = f"/api/v1/provinces/{PROVINCE}/communes/21250"
    detail = sample_program.get(address).get_json()["item"]
    for path in ("criteria", "readings", "rankings", "follow-ups", "weak-list", "resources"):
        rows = fetch_rows(sample_program, f"/{path}")
        own = [row for row in rows if row["commune_code"] == "21250"]
        assert detail[path.replace("-", "_")] == own
    assert detail["level"] in fetch_rows(sample_program, "/levels")
    assert detail["dossiers"] in fetch_rows(sample_program, "/dossiers")
    assert detail["visits"] in fetch_rows(sample_program, "/visits")


def test_communes_and_provinces_are_all_there(sample_program: FlaskClient) -> None:
    rows = fetch_rows(sample_program, "/communes")
    communes = reference.select_communes_of_province(PROVINCE)
    assert [row["commune_code"] for row in rows] == communes.index.tolist()
    assert [row["lat"] for row in rows] == communes["lat"].tolist()
    provinces = sample_program.get("/api/v1/provinces").get_json()["items"]
    assert [row["province"] for row in provinces] == list(reference.load_province_names())
    assert {row["province"] for row in provinces if row["has_data"]} >= {PROVINCE, "25"}


def test_a_province_of_which_nobody_told_is_unknown_and_never_zero(
    sample_program: FlaskClient,
) -> None:
    content = sample_program.get("/api/v1/provinces/01/levels").get_json()
    assert {row["level"] for row in content["items"]} == {"unknown"}
    assert content["data_time"] is None
    dossiers = sample_program.get("/api/v1/provinces/01/dossiers").get_json()["items"]
    assert all(row["counts"] is None and row["source"] is None for row in dossiers)
    assert {row["rates"]["online"]["value"] for row in dossiers} == {None}


@pytest.mark.parametrize(
    "name", ["follow_ups", "support_requests", "weak_list", "teams", "team_days", "resources"]
)
def test_the_field_is_told_as_in_the_whole_report(sample_program: FlaskClient, name: str) -> None:
    part_of_report = sample_program.get(f"/api/report?province={PROVINCE}").get_json()[name]
    rows = fetch_rows(sample_program, "/" + name.replace("_", "-"))
    assert len(rows) == len(part_of_report) > 0
    names = reference.select_communes_of_province(PROVINCE)["name"]
    for row, entry in zip(rows, part_of_report, strict=True):
        for field in set(row) & set(entry) - {"asked_at", "since", "evidence", "name"}:
            assert row[field] == entry[field], field
        if "commune_code" in row:
            code = row["commune_code"]
            assert row["name"] == (names[code] if code else None)
    assert "account" not in json.dumps(rows)


def test_promises_and_requests_tell_by_what_and_since_when(
    sample_program: FlaskClient, report: Report
) -> None:
    kept = [row for row in fetch_rows(sample_program, "/follow-ups") if row["state"] == "kept"]
    assert kept
    assert all(row["evidence"]["value"] >= row["target"] for row in kept)
    requests = fetch_rows(sample_program, "/support-requests")
    assert {row["asked_at"][-6:] for row in requests} == {"+07:00"}
    assert {row["state"] for row in requests} <= {
        str(request.state) for request in report.field.support_requests
    }
    days = fetch_rows(sample_program, "/team-days")
    teams = {row["id"]: row["name"] for row in fetch_rows(sample_program, "/teams")}
    assert all(row["team"] == teams[row["team_id"]] for row in days)


def test_feedback_and_visits_are_unknown_where_nobody_told(
    sample_program: FlaskClient, report: Report
) -> None:
    feedback = report.field.feedback
    assert feedback is not None
    rows = fetch_rows(sample_program, "/feedback")
    for row, entry in zip(rows, feedback.communes, strict=True):
        for field in ("received", "apologised", "resolved", "satisfaction"):
            assert same(row[field], getattr(entry, field))
    quality = report.readiness.declaration_quality
    visits = fetch_rows(sample_program, "/visits")
    assert [row["commune_code"] for row in visits] == list(report.codes)
    assert [row["checked"] for row in visits] == quality.checked_of_communes.tolist()
    for row, lower, age in zip(
        visits, quality.lower_bounds, report.readiness.visit_priority.visit_age, strict=True
    ):
        assert same(row["confirmed_at_least"], lower)
        assert (row["visited_on"] is None) == math.isnan(age)
    nobody = sample_program.get("/api/v1/provinces/01/visits").get_json()["items"]
    assert {(row["visited_on"], row["confirmed_at_least"]) for row in nobody} == {(None, None)}
    for path in ("feedback", "follow-ups", "weak-list", "teams"):
        content = sample_program.get(f"/api/v1/provinces/01/{path}").get_json()
        assert (content["total"], content["items"]) == (0, [])


def test_names_of_states_are_those_of_the_field(sample_program: FlaskClient) -> None:
    def read_choices(model: type[ApiModel], field: str) -> set[str]:
        return {word for word in _flatten(model.model_fields[field].annotation) if word}

    def _flatten(annotation: Any) -> list[Any]:
        inner = get_args(annotation)
        return (
            [word for inner_kind in inner for word in (_flatten(inner_kind) or [inner_kind])]
            if inner
            else []
        )

    assert read_choices(FollowUpRow, "state") == set(FollowUpState)
    assert read_choices(SupportRequestRow, "state") == set(SupportState)
    assert read_choices(SupportRequestRow, "urgency") == set(URGENCIES)
    assert read_choices(FieldResourceRow, "topic") == set(RESOURCE_TOPICS)
    variants = {name for names in RESOURCE_VARIANTS.values() for name in names}
    assert read_choices(FieldResourceRow, "variant") - {type(None)} == variants

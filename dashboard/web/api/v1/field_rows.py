"""Rows of /api/v1 about the work in the field: what /api/report tells of it, with the names of the
communes. No account stands in them, as nobody's name does.
"""

from __future__ import annotations

from datetime import date, timedelta
from math import isnan
from typing import Any

from dashboard.web.api import field
from dashboard.web.api.json_values import jsonify_mapping, jsonify_number
from dashboard.web.api.v1.asking import ProvinceQuestion, zone_moment
from dashboard.web.api.v1.models import (
    FeedbackRow,
    FieldResourceRow,
    FollowUpRow,
    SupportRequestRow,
    TeamDayRow,
    TeamRow,
    VisitSummaryRow,
    WeakSpanRow,
)


def list_follow_up_rows(question: ProvinceQuestion) -> list[FollowUpRow]:
    """Every promise until the day, overdue ones first."""
    return [
        FollowUpRow.model_validate(
            {**_name_commune(question, entry), "evidence": _describe_evidence(entry["evidence"])}
        )
        for entry in field.list_follow_ups_json(question.report)
    ]


def _describe_evidence(evidence: dict[str, Any] | None) -> dict[str, Any] | None:
    if evidence is None:
        return None
    told = jsonify_mapping(evidence)
    file_name = told.pop("file")
    return {**told, "file_name": file_name}


def list_support_request_rows(question: ProvinceQuestion) -> list[SupportRequestRow]:
    """Every request for help until the day, open ones first."""
    entries = field.list_support_requests_json(question.report)
    moments = ("asked_at", "since")
    return [
        SupportRequestRow.model_validate(
            {
                **_name_commune(question, entry),
                **{name: zone_moment(entry[name]) for name in moments},
            }
        )
        for entry in entries
    ]


def list_weak_span_rows(question: ProvinceQuestion) -> list[WeakSpanRow]:
    """Stays on the list of weak communes, those that last first."""
    weak_list = question.reports.weak_list(question.province, question.day, question.version)
    return [
        WeakSpanRow.model_validate(_name_commune(question, entry))
        for entry in field.list_weak_spans_json(question.report, weak_list)
    ]


def list_team_rows(question: ProvinceQuestion) -> list[TeamRow]:
    """Teams as they are now."""
    return [TeamRow.model_validate(entry) for entry in _list_plans(question)["teams"]]


def list_team_day_rows(question: ProvinceQuestion) -> list[TeamDayRow]:
    """Where teams go on which day, as it is planned now."""
    plans = _list_plans(question)
    names = {team["id"]: team["name"] for team in plans["teams"]}
    return [
        TeamDayRow.model_validate({**entry, "team": names.get(entry["team_id"])})
        for entry in plans["team_days"]
    ]


def _list_plans(question: ProvinceQuestion) -> dict[str, list[dict[str, Any]]]:
    plans = question.reports.field_plans(question.province, question.version)
    return field.list_plans_json(plans)


def list_field_resource_rows(question: ProvinceQuestion) -> list[FieldResourceRow]:
    """What the province gives its communes, newest first."""
    return [
        FieldResourceRow.model_validate(_name_commune(question, entry))
        for entry in field.list_resources_json(question.report)
    ]


def list_feedback_rows(question: ProvinceQuestion) -> list[FeedbackRow]:
    """What citizens told in the newest period, a row a commune that reported it."""
    told = field.build_feedback_json(question.report)
    if told is None:
        return []
    period = {"period_first": told["from"], "period_last": told["to"]}
    return [
        FeedbackRow.model_validate({**_name_commune(question, entry), **period})
        for entry in told["communes"]
    ]


def list_visit_summary_rows(question: ProvinceQuestion) -> list[VisitSummaryRow]:
    """One row a commune: its newest visit, and how much of what it declares visits confirmed."""
    report = question.report
    quality = report.readiness.declaration_quality
    lower = quality.lower_bounds
    priority = report.readiness.visit_priority
    return [
        VisitSummaryRow(
            commune_code=code,
            name=question.commune_names[code],
            visited_on=_find_day_of_age(report.today, float(priority.visit_age[position])),
            contradicted=bool(priority.contradicted[position]),
            checked=int(quality.checked_of_communes[position]),
            confirmed=int(quality.confirmed_of_communes[position]),
            confirmed_at_least=jsonify_number(float(lower[position])),
        )
        for position, code in enumerate(report.codes)
    ]


def _find_day_of_age(today: date, age: float) -> date | None:
    return None if isnan(age) else today - timedelta(days=int(age))


def _name_commune(question: ProvinceQuestion, entry: dict[str, Any]) -> dict[str, Any]:
    """The entry as plain JSON, with the name of its commune (null: of the whole province)."""
    return {**jsonify_mapping(entry), "name": question.commune_names.get(entry["commune_code"])}

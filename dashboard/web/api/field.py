"""The work in the field as JSON: promises, whom they concern and what became of them."""

from __future__ import annotations

from math import isnan
from typing import Any

from dashboard.indicators.field.follow_ups import Evidence
from dashboard.indicators.field.weak_list import WeakList
from dashboard.indicators.report import Report
from dashboard.reports import FieldPlans


def list_weak_spans_json(report: Report, weak_list: WeakList) -> list[dict[str, Any]]:
    """Stays on the list of weak communes, those that last first; `left_on` null: still on it."""
    return [
        {
            "commune_code": report.codes[span.position],
            "basis": span.basis,
            "listed_on": span.listed_on.isoformat(),
            "reason": span.reason or None,
            "visits": [day.isoformat() for day in span.visits],
            "left_on": span.left_on.isoformat() if span.left_on else None,
            "left_by": span.left_by or None,
        }
        for span in (*weak_list.listed, *weak_list.ended)
    ]


def list_plans_json(plans: FieldPlans) -> dict[str, list[dict[str, Any]]]:
    """Teams, and where they go on which day, as they are planned now."""
    teams = plans.teams.astype(object).where(plans.teams.notna(), None)
    return {
        "teams": [
            {
                "id": row["team_id"],
                "name": row["name"],
                "office": row["office"],
                "size": None if row["size"] is None else int(row["size"]),
                "partner": row["partner"],
                "communes": str(row["communes"] or "").split(),
                "ended_on": row["ended_on"].date().isoformat() if row["ended_on"] else None,
            }
            for row in teams.to_dict("records")
        ],
        "team_days": [
            {
                "id": row["day_id"],
                "team_id": row["team_id"],
                "day": row["goes_on"].date().isoformat(),
                "communes": str(row["communes"] or "").split(),
                "state": row["state"],
            }
            for row in plans.team_days.to_dict("records")
        ],
    }


def list_support_requests_json(report: Report) -> list[dict[str, Any]]:
    """Every request for help until the day, open ones first; times in hours of office work."""
    return [
        {
            "id": request.request_id,
            "commune_code": request.commune_code,
            "what": request.what,
            "subject": request.subject or None,
            "urgency": request.urgency,
            "owner": request.owner or None,
            "state": str(request.state),
            "asked_at": request.asked_at.isoformat(),
            "since": request.since.isoformat(),
            "answer_hours": request.answer_hours,
            "close_hours": request.close_hours,
            "waited_hours": request.waited_hours,
            "reopened": request.reopened,
            "repeated": request.is_repeated,
        }
        for request in report.field.support_requests
    ]


def list_resources_json(report: Report) -> list[dict[str, Any]]:
    """What the province gives its communes, of all that began by the day."""
    return [
        {
            "topic": str(entry.topic),
            "variant": entry.variant or None,
            "commune_code": entry.commune_code or None,
            "what": entry.what,
            "quantity": entry.quantity,
            "done": entry.done,
            "office": entry.office or None,
            "began_on": entry.began_on.isoformat(),
            "ended_on": entry.ended_on.isoformat() if entry.ended_on else None,
        }
        for entry in report.field.resources
    ]


def build_feedback_json(report: Report) -> dict[str, Any] | None:
    """What citizens told in the newest period, a row a commune; None: nobody told any."""
    summary = report.field.feedback
    if summary is None:
        return None
    return {
        "from": summary.first.isoformat(),
        "to": summary.last.isoformat(),
        "communes": [
            {
                "commune_code": entry.commune_code,
                "received": _none_if_unknown(entry.received),
                "apologised": _none_if_unknown(entry.apologised),
                "resolved": _none_if_unknown(entry.resolved),
                "satisfaction": _none_if_unknown(entry.satisfaction),
            }
            for entry in summary.communes
        ],
    }


def _none_if_unknown(value: float) -> float | None:
    return None if isnan(value) else value


def _jsonify_evidence(evidence: Evidence | None) -> dict[str, Any] | None:
    if evidence is None:
        return None
    return {
        "basis": evidence.basis,
        "as_of": evidence.as_of.isoformat(),
        "value": evidence.value,
        "file": evidence.file_name,
    }


def list_follow_ups_json(report: Report) -> list[dict[str, Any]]:
    """Every promise until the day, overdue ones first, with the evidence that decides."""
    return [
        {
            "id": follow_up.follow_up_id,
            "commune_code": follow_up.commune_code,
            "what": follow_up.what,
            "measure": follow_up.measure,
            "target": follow_up.target,
            "owner": follow_up.owner,
            "promised_on": follow_up.promised_on.isoformat(),
            "due_on": follow_up.due_on.isoformat(),
            "state": str(follow_up.state),
            "since": follow_up.since.isoformat(),
            "evidence": _jsonify_evidence(follow_up.evidence),
            "withdrawn_reason": follow_up.withdrawn_reason or None,
        }
        for follow_up in report.field.follow_ups
    ]

"""The work in the field as JSON: promises, whom they concern and what became of them."""

from __future__ import annotations

from typing import Any

from dashboard.indicators.report import Report


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
            "evidence": {
                "basis": follow_up.evidence.basis,
                "as_of": follow_up.evidence.as_of.isoformat(),
                "value": follow_up.evidence.value,
                "file": follow_up.evidence.file_name,
            }
            if follow_up.evidence
            else None,
            "withdrawn_reason": follow_up.withdrawn_reason or None,
        }
        for follow_up in report.follow_ups
    ]

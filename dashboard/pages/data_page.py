"""/du-lieu: what every figure rests on, and what that asks of the office: silence, gaps, contradictions, files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from dashboard import text
from dashboard.indicators.report_sources import JUMPS_DAYS
from dashboard.pages import data_tables, navigation, screens
from dashboard.pages.data_asked import ONLY_LATE, Data, only_late
from dashboard.pages.document import Asked, Document
from dashboard.views import coverage, differences, doubts

# A file with thousands of bad rows is put right by its pattern; the whole list is in the CSV.
SHOWN = 50


def found(asked: Asked) -> Mapping[str, Any]:
    """What data.html writes."""
    data = Data(asked)
    return {
        "headline": lambda: _headline(data),
        "tasks": data.tasks,
        "sources": data.sources,
        "silence": lambda: _silence(data),
        "completeness": lambda: coverage.completeness(data.report),
        "contradictions": lambda: (doubts.contradictions(data.report), doubts.checked(data.report)),
        "jumps": lambda: (doubts.jumps(data.report), doubts.declared(data.report)),
        "differences": lambda: _differences(data),
        "unmatched": lambda: (data.unmatched(), len(data.batches)),
        "problems": lambda: data.problem_files,
        "batches": data.listed,
        "screens": lambda: _screens(asked),
        "shown": SHOWN,
        "jumps_days": JUMPS_DAYS,
        "address_of": lambda code: navigation.commune_address(code, asked.view),
        "all_communes": navigation.address("/du-lieu", asked.view),
        "late_communes": navigation.address("/du-lieu", asked.view, ONLY_LATE),
    }


def _headline(data: Data) -> str:
    came = [line for line in data.sources() if line["batches"]]
    if not came:
        return f"Chưa có tệp nào của {data.asked.province_name}"
    newest = text.moment(max(line["as_of"] for line in came))
    late = sum(row.late for row in data.matrix)
    silent = (
        f"{text.number(late)}/{text.number(len(data.matrix))} xã trễ hoặc chưa báo cáo" if late else "không xã nào trễ"
    )
    return f"{text.number(len(came))} loại nguồn, mới nhất {newest}; {silent}"


def _silence(data: Data) -> dict[str, Any]:
    """The matrix of ages, all communes or only those that are late, and what is said of each kind."""
    found, rows = data.report.freshness, data.matrix
    late = [row for row in rows if row.late]
    return {
        "kinds": coverage.kinds_told(data.report, data.kinds),
        "columns": [data.kinds.get(kind, kind) for kind in coverage.told_kinds(found)],
        "untold": coverage.untold(found, data.kinds),
        "rows": late if only_late(data.asked) else rows,
        "only_late": only_late(data.asked),
        "late": len(late),
        "communes": len(rows),
    }


def _differences(data: Data) -> dict[str, Any]:
    return {
        "answering": differences.answering(data.report, data.kinds),
        "rivals": differences.rivals(data.report, data.kinds),
        "corrections": differences.corrections(data.report, data.kinds),
    }


def _screens(asked: Asked) -> list[dict[str, Any]]:
    """The wall screens that report, of all provinces: which of them show old figures."""
    return screens.listed(asked.reports.engine, asked.version, datetime.now(UTC).replace(tzinfo=None))


def _told_of_screens(asked: Asked) -> object:
    """What is said of them, without the minute in which each was heard: that alone is no news."""
    return tuple((one["name"], one["province"], one["says"]) for one in _screens(asked))


def _filters(asked: Asked) -> str:
    return "chỉ xã trễ hoặc chưa báo cáo" if only_late(asked) else ""


DOCUMENT = Document(
    "/du-lieu",
    "Dữ liệu",
    "data.html",
    found,
    "data",
    keeps=("only",),
    filters=_filters,
    downloads=data_tables.TABLES,
    beside=_told_of_screens,
)

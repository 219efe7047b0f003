"""Sources are told beside each other and never added; what was corrected and what matched nobody is
named.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from dashboard.indicators.freshness.quality import UNMATCHED_REASONS
from dashboard.web.data import words
from tests import making
from tests.web.reporting import CODES, KINDS, report_of

A, B = CODES[:2]
FIRST = date(2026, 10, 1)
LAST = date(2026, 10, 31)


def told(
    source_kind: str, *received: tuple[str, int], first: date = FIRST, last: date = LAST
) -> pd.DataFrame:
    rows = [
        {"unit": code, "first": first, "last": last, "received": count} for code, count in received
    ]
    return making.dossiers(rows).assign(kind=source_kind)


def test_the_other_source_is_compared_over_the_communes_that_both_tell_of() -> None:
    counts = pd.concat(
        [told("dossier_report", (A, 100), (B, 50)), told("portal_progress", (A, 90))]
    )
    report = report_of(counts=counts)
    said = words.tell_period_source(report, KINDS)
    assert said.startswith(
        "Hồ sơ tháng 10/2026 lấy từ nguồn Báo cáo II.06a, theo tháng, theo số nguồn công bố, "
        "đến 31/10/2026"
    )
    assert "150 hồ sơ tiếp nhận của 2/5 (40,0%) đơn vị" in said
    (rival,) = words.list_alternative_sources(report, KINDS)
    assert (rival.communes, rival.received, rival.common, rival.difference) == (
        1,
        90.0,
        1,
        "ít hơn 10 hồ sơ",
    )
    assert rival.differs


def test_sources_that_agree_are_no_task() -> None:
    counts = pd.concat(
        [told("dossier_report", (A, 100), (B, 50)), told("portal_progress", (A, 100))]
    )
    report = report_of(counts=counts)
    assert [source.difference for source in words.list_alternative_sources(report, KINDS)] == [
        "khớp"
    ]
    assert not [
        task
        for task in words.list_office_tasks(report, KINDS, [], 0, 0)
        if task.section == "differences"
    ]


def test_a_cumulative_figure_that_fell_is_told_with_both_values() -> None:
    start = date(2026, 1, 1)
    snapshots = [
        told("dossier_report", (A, count), first=start, last=date(2026, 9, day))
        for day, count in ((4, 80), (11, 70))
    ]
    report = report_of(counts=pd.concat(snapshots))
    (correction,) = words.list_cumulative_corrections(report, KINDS)
    assert (
        correction.code,
        correction.column,
        correction.day,
        correction.before,
        correction.after,
    ) == (
        A,
        "tiếp nhận",
        date(2026, 9, 11),
        80.0,
        70.0,
    )
    assert "differences" in {
        task.section for task in words.list_office_tasks(report, KINDS, [], 0, 0)
    }


def test_where_nobody_told_of_dossiers_nothing_is_compared() -> None:
    report = report_of()
    assert words.tell_period_source(report, KINDS) == ""
    assert not words.list_alternative_sources(report, KINDS)
    assert not words.list_cumulative_corrections(report, KINDS)


def test_every_reason_why_a_row_matches_no_commune_has_its_words_and_remedy() -> None:
    rows = [
        (number, f"tep-{number}.xlsx", why, number + 1)
        for number, why in enumerate(UNMATCHED_REASONS.values())
    ]
    unmatched = words.explain_unmatched_rows(
        pd.DataFrame(rows, columns=["batch", "file_name", "why", "rows"])
    )
    assert [row.batch for row in unmatched] == sorted(
        (row.batch for row in unmatched), reverse=True
    )
    assert all(row.why and row.todo for row in unmatched)

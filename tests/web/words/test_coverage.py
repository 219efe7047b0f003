"""Who is silent is seen at once, what nobody expects is nobody's silence, and never is not late."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators.freshness import freshness
from dashboard.indicators.report import Report
from dashboard.web import theme
from dashboard.web.words import coverage
from tests.web.reporting import CODES, KINDS, TODAY, report_of

CELLS = st.lists(
    st.tuples(st.sampled_from(CODES), st.sampled_from(list(KINDS)), st.integers(0, 200)),
    max_size=20,
)


def report_told(*days_told: tuple[str, str, int]) -> Report:
    """A report of communes that were told of so many days ago, each by a kind of source."""
    rows = [
        (file_kind, code, pd.Timestamp(TODAY) - pd.Timedelta(days=age))
        for code, file_kind, age in days_told
    ]
    frame = pd.DataFrame(rows, columns=["kind", "commune_code", "as_of"]).astype(
        {"as_of": "datetime64[s]"}
    )
    return report_of(reporting_days=frame)


def row(report: Report, code: str) -> coverage.CoverageRow:
    (own_row,) = (
        coverage_row
        for coverage_row in coverage.list_coverage_rows(report)
        if coverage_row.code == code
    )
    return own_row


def test_the_most_silent_stands_first() -> None:
    a, b, c, *_ = CODES
    days_told = [(code, "readiness", 1) for code in CODES[3:]]
    report = report_told(
        (a, "readiness", 8), (b, "readiness", 30), (c, "readiness", 60), *days_told
    )
    assert [coverage_row.code for coverage_row in coverage.list_coverage_rows(report)[:3]] == [
        c,
        b,
        a,
    ]
    assert [coverage_row.word for coverage_row in coverage.list_coverage_rows(report)[:4]] == [
        "Quá hạn báo cáo",
        "Quá hạn báo cáo",
        "Chậm báo cáo",
        "Đúng kỳ",
    ]
    assert row(report, c).cells[0].age == "60 ngày trước"


def test_a_commune_of_which_nobody_told_is_unknown_and_neither_red_nor_nought_days_old() -> None:
    report = report_told((CODES[0], "readiness", 1))
    other = row(report, CODES[1])
    assert (other.level, other.word, other.late) == ("never", "Chưa từng có", True)
    assert np.isnan(other.cells[0].days)
    assert other.cells[0].age == ""


def test_a_kind_of_which_nobody_told_is_named_once_and_is_nobodys_silence() -> None:
    report = report_told(*[(code, "readiness", 1) for code in CODES])
    assert coverage.list_reporting_kinds(report.sources.freshness) == ["readiness"]
    assert "Danh sách hồ sơ" in coverage.name_unreported_kinds(report.sources.freshness, KINDS)
    assert not any(coverage_row.late for coverage_row in coverage.list_coverage_rows(report))


def test_visits_are_never_late() -> None:
    report = report_told(*[(code, "readiness", 1) for code in CODES], (CODES[0], "visits", 400))
    assert set(coverage.find_worst_states(report.sources.freshness).tolist()) == {freshness.FRESH}
    assert row(report, CODES[0]).cells[1].level == ""
    assert row(report, CODES[1]).cells[1].word == "chưa có dữ liệu"


def test_silence_has_looks_of_its_own_that_are_none_of_readiness() -> None:
    looks = {look for look, _ in coverage.STATE_LOOKS.values()}
    assert looks == set(theme.SILENCE)
    assert not looks & set(theme.LEVELS)
    days_told = [(CODES[number], "readiness", age) for number, age in enumerate((1, 8, 30))]
    report = report_told(*days_told)
    shown = [row(report, code).cells[0].level for code in CODES[:4]]
    assert shown == ["fresh", "late", "silent", "never"]


def test_a_kind_tells_its_day_rhythm_and_the_reports_made_or_that_there_was_no_period() -> None:
    report = report_told(*[(code, "readiness", age) for code in CODES for age in (2, 9, 16)])
    (described,) = coverage.describe_reporting_kinds(report, KINDS)
    size = len(CODES)
    day = "20/11/2026"
    assert (
        described.sentence
        == f"{size}/{size} đơn vị có số liệu (100,0%), mới nhất {day}; định kỳ: mỗi 7 ngày."
    )
    assert described.on_time == f"{2 * size}/{2 * size} (100,0%)"
    (young,) = coverage.describe_reporting_kinds(report_told((CODES[0], "readiness", 2)), KINDS)
    assert young.on_time == "chưa đủ kỳ"


@settings(max_examples=40, deadline=None)
@given(CELLS)
def test_the_worst_state_and_the_order_are_those_of_a_plain_loop(days_told: list[Any]) -> None:
    report = report_told(*days_told)
    freshness_of = report.sources.freshness
    counting = [
        k
        for k in freshness_of.kinds
        if k in report.criteria.rhythms and any(file_kind == k for _, file_kind, _ in days_told)
    ]
    for number, code in enumerate(CODES):
        states = [
            int(freshness_of.state[number, freshness_of.kinds.index(file_kind)])
            for file_kind in counting
        ]
        assert coverage.find_worst_states(freshness_of)[number] == max(
            states, default=freshness.NOT_EXPECTED
        )
        assert row(report, code).late == any(state in (1, 2, 3) for state in states)
    order = [
        int(coverage.find_worst_states(freshness_of)[CODES.index(coverage_row.code)])
        for coverage_row in coverage.list_coverage_rows(report)
    ]
    assert order == sorted(order, reverse=True)
    assert sorted(
        coverage_row.code for coverage_row in coverage.list_coverage_rows(report)
    ) == sorted(CODES)
    for file_kind in coverage.describe_reporting_kinds(report, KINDS):
        assert file_kind.bar is None or sum(
            count for _, _, count in file_kind.bar.parts
        ) == file_kind.bar.total == len(CODES)


def test_criteria_of_which_equally_much_is_known_stand_together() -> None:
    report = report_of(declared={CODES[0]: date(2026, 11, 20), CODES[1]: date(2026, 3, 1)})
    (completeness,) = coverage.list_completeness(report)
    assert len(completeness.criteria) == len(report.readiness.assessment.assessments)
    assert completeness.bar.parts == (
        ("", "Còn hạn", 1),
        ("stale", "Số liệu cũ", 1),
        ("unknown", "Chưa có", len(CODES) - 2),
    )


@pytest.mark.parametrize(("days", "words"), [(1, "hằng ngày"), (31, "mỗi 31 ngày")])
def test_a_rhythm_in_words(days: int, words: str) -> None:
    assert coverage.format_rhythm(days) == words

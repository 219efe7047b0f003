"""The office's list: red first, each line with its count and where it stands, nothing that is not
there.
"""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest

from dashboard.web.data.contradictions import list_crowded_days
from dashboard.web.data.words import UnmatchedRows, list_office_tasks
from tests import making
from tests.web.reporting import CODES, KINDS, TODAY, report_of


def told(*days_ago: int) -> pd.DataFrame:
    rows = [
        ("readiness", code, pd.Timestamp(TODAY - timedelta(days=ago)))
        for code, ago in zip(CODES, days_ago, strict=False)
    ]
    return pd.DataFrame(rows, columns=["kind", "commune_code", "as_of"]).astype(
        {"as_of": "datetime64[s]"}
    )


def test_silence_lateness_and_never_are_three_lines_with_their_counts() -> None:
    by_words = {
        task.words: task
        for task in list_office_tasks(report_of(reporting_days=told(1, 8, 30, 40)), KINDS, [], 0, 0)
    }
    red, yellow, grey = (
        next(words for words in by_words if part in words)
        for part in ("quá 3 kỳ", "chậm báo cáo", "chưa từng có số")
    )
    assert (red[:3], yellow[:3], grey[:3]) == ("2/5", "1/5", "1/5")
    assert [by_words[words].level for words in (red, yellow, grey)] == ["silent", "late", "never"]
    assert all(by_words[words].section == "silence" for words in (red, yellow, grey))


def test_red_comes_first_and_rows_that_matched_nobody_are_not_counted_twice() -> None:
    lost = [UnmatchedRows(1, "a.xlsx", 3, "tên", "sửa")]
    tasks = list_office_tasks(
        report_of(reporting_days=told(1, 8)), KINDS, lost, refused=5, warned=4
    )
    assert [task.words[:6] for task in tasks[:2]] == ["3 dòng", "2 chỗ "]
    urgency = {"red": 0, "silent": 0, "yellow": 1, "late": 1, "never": 2, "unknown": 2}
    ranks = [urgency[task.level] for task in tasks]
    assert ranks == sorted(ranks)
    assert any(task.words.startswith("4 chỗ") and task.level == "yellow" for task in tasks)


def test_contradictions_and_jumps_are_on_the_list() -> None:
    a = CODES[0]
    day = TODAY - timedelta(days=7)
    readings = [
        making.declaration(a, day, network_mbps=20),
        making.declaration(a, TODAY, network_mbps=200),
    ]
    readings.append(making.readings([(a, "online_meeting", 0.0, "verified", TODAY)]))
    tasks = list_office_tasks(report_of(readings=pd.concat(readings)), KINDS, [], 0, 0)
    assert {
        "contradictions": "1 tiêu chí tại 1 đơn vị: tự kê khai khác kết quả kiểm tra",
        "jumps": "1 số kê khai biến động bất thường",
    }.items() <= {task.section: task.words for task in tasks}.items()


@pytest.mark.parametrize(("other", "words"), [(5, "5"), (6, "5,5")])
def test_a_usual_day_between_two_counts_is_shown_as_it_is(other: int, words: str) -> None:
    days = [TODAY - timedelta(days=back) for back in range(40, -1, -1)]
    rows = [
        {"unit": CODES[0], "first": day, "received": (5, other)[place % 2]}
        for place, day in enumerate(days[:-1])
    ]
    rows.append({"unit": CODES[0], "first": days[-1], "received": 140})
    report = report_of(counts=making.dossiers(rows).assign(kind="dossiers"))
    (crowded,) = list_crowded_days(report)
    assert crowded.usual_words == words


def test_a_month_booked_on_one_day_is_on_the_list_with_what_is_usual() -> None:
    days = [TODAY - timedelta(days=back) for back in range(40, -1, -1)]
    rows = [{"unit": CODES[0], "first": day, "received": 5} for day in days[:-2]]
    rows += [{"unit": CODES[0], "first": days[-2], "received": 140}]
    rows += [{"unit": CODES[1], "first": day, "received": 200} for day in days]
    report = report_of(counts=making.dossiers(rows).assign(kind="dossiers"))
    (crowded,) = list_crowded_days(report)
    assert (crowded.code, crowded.day) == (CODES[0], days[-2])
    assert (crowded.received, crowded.usual) == (140, 5)
    assert crowded.why == "gấp 28 lần ngày thường"
    tasks = list_office_tasks(report, KINDS, [], 0, 0)
    assert {task.section: task.words for task in tasks}["crowded"] == (
        "1 ngày nhiều hồ sơ bất thường"
    )
    assert list_crowded_days(report_of()) == []


def test_a_province_of_which_nobody_told_has_one_line_sources_to_ask_for() -> None:
    (task,) = list_office_tasks(report_of(), KINDS, [], 0, 0)
    assert (task.level, task.section) == ("never", "sources")
    assert task.words.startswith("7 loại nguồn chưa từng có: Biểu kê khai, Danh sách hồ sơ")

"""The way to green in words: what is needed, by whom, in how many communes; what turns most of them
green; the pace.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from dashboard.indicators.readiness.pace import Pace
from dashboard.indicators.report import Report
from dashboard.web.needs.words import (
    divide_communes_by_need,
    group_needs_by_fix,
    list_pace_weeks,
    tell_common_silence,
    tell_needs_headline,
    tell_pace,
)
from dashboard.web.words import bottlenecks
from dashboard.web.words.weak import list_weak_communes
from tests import making
from tests.web.reporting import CODES, TODAY, report_of

OLD = TODAY - timedelta(days=40)


def lacking(**communes: dict[str, float]) -> Report:
    """The first communes as told (`a`, `b` …), the others green."""
    changes = dict(zip(CODES, communes.values(), strict=False))
    rows = [making.declaration(code, TODAY, **changes.get(code, {})) for code in CODES]
    return report_of(readings=pd.concat(rows))


def test_the_list_names_what_is_needed_by_who_has_to_act() -> None:
    report = lacking(
        a={"scanner_available": 1},
        b={"scanner_available": 0, "network_mbps": 12},
        c={"online_meeting": 0},
    )
    kinds = group_needs_by_fix(report)
    assert [(fix.word, fix.communes) for fix in kinds] == [
        ("Khắc phục", "1/5 đơn vị (20,0%)"),
        ("Mua sắm", "2/5 đơn vị (40,0%)"),
        ("Hoàn thiện", "1/5 đơn vị (20,0%)"),
    ]
    assert [(line.name, line.needed) for fix in kinds for line in fix.lines] == [
        ("Tốc độ mạng", "lên 50 Mbps"),
        ("Máy scan", "+3"),
        ("Họp trực tuyến từ Trung ương", "chưa có"),
    ]


def test_what_is_likely_what_is_unknown_and_what_needs_another_visit_stand_apart() -> None:
    rows = [
        making.declaration(CODES[0], OLD, scanner_available=0),
        making.declaration(CODES[1], TODAY),
    ]
    visited = making.readings([(CODES[1], "scanner_available", 1, "verified", TODAY)])
    (fix,) = group_needs_by_fix(report_of(readings=pd.concat([*rows, visited])))
    (line,) = fix.lines
    assert (line.needed, line.communes) == ("+1", "1/5 đơn vị (20,0%)")
    assert line.likely == "có thể thêm +2 ở 1 đơn vị, theo số cũ"
    assert line.recheck == "1 đơn vị phải phúc tra"
    assert line.silent == "4 đơn vị chưa biết"
    assert tell_common_silence([fix]) == "4 đơn vị chưa biết"


def test_green_lacking_and_waiting_communes_are_all_communes() -> None:
    rows = [
        making.declaration(CODES[0], OLD),
        making.declaration(CODES[1], TODAY, network_stable=0),
    ]
    report = report_of(readings=pd.concat([*rows, making.declaration(CODES[2], TODAY)]))
    assert divide_communes_by_need(report) == {"green": 1, "lacking": 1, "waiting": 3, "all": 5}
    assert tell_needs_headline(report) == "1/5 đơn vị còn thiếu điều kiện; 3 đơn vị chỉ chờ báo cáo"


def test_nothing_missing_and_nothing_known_are_two_things() -> None:
    assert (
        tell_needs_headline(lacking())
        == "Cả 5 đơn vị đều đạt mức Xanh, không còn nhu cầu; 0/5 đơn vị mức Xanh đã kiểm tra"
    )
    assert tell_needs_headline(report_of()) == (
        "Chưa biết 5 đơn vị còn thiếu gì: chưa đơn vị nào báo cáo"
    )
    assert group_needs_by_fix(lacking()) == group_needs_by_fix(report_of()) == []
    assert list_weak_communes(lacking()) == []
    aged = report_of(readings=making.declaration(CODES[0], OLD, scanner_available=0))
    assert tell_needs_headline(aged) == (
        "Chưa biết 5 đơn vị còn thiếu gì: không đơn vị nào có số liệu còn hạn"
    )
    (fix,) = group_needs_by_fix(aged)
    assert (fix.communes, fix.lines[0].needed, fix.lines[0].communes) == ("chưa biết",) * 3, (
        "unknown, not nought"
    )
    assert [weak.fixes for weak in list_weak_communes(report_of())] == [("report",)] * 5


def test_one_thing_is_told_with_how_many_need_it_and_how_many_it_turns_green() -> None:
    report = lacking(a={"network_stable": 0}, b={"network_stable": 0, "scanner_available": 1})
    (fix,) = bottlenecks.describe_single_fixes(report)
    assert fix.sentence == "Nếu khắc phục đường truyền tại 2 đơn vị thì thêm 1 đơn vị đạt mức Xanh"
    assert fix.codes == (CODES[0],)
    assert [pair.sentence for pair in bottlenecks.describe_fix_pairs(report)] == [
        "Nếu khắc phục đường truyền và mua sắm đủ máy scan thì thêm 2 đơn vị đạt mức Xanh"
    ]


def test_two_things_of_one_kind_are_not_told_twice_by_whom() -> None:
    report = lacking(a={"scanner_available": 1, "kiosk_available": 1})
    assert bottlenecks.describe_single_fixes(report) == []
    assert [fixes.words for fixes in bottlenecks.describe_fix_pairs(report)] == [
        "Mua sắm đủ máy scan và thiết bị tra cứu"
    ]
    assert [fixes.sentence for fixes in bottlenecks.describe_fix_kinds(report)] == [
        "Nếu mua sắm đủ thiết bị thì thêm 1 đơn vị đạt mức Xanh"
    ]


def test_two_kinds_are_told_only_where_they_do_more_than_one() -> None:
    report = lacking(a={"scanner_available": 1}, b={"scanner_available": 1, "signature_issued": 1})
    assert [pair.sentence for pair in bottlenecks.describe_fix_kinds(report)] == [
        "Nếu mua sắm đủ thiết bị thì thêm 1 đơn vị đạt mức Xanh",
        "Nếu cấp đủ chữ ký số và mua sắm đủ thiết bị thì thêm 2 đơn vị đạt mức Xanh",
    ]


def test_who_only_has_to_report_is_told_apart() -> None:
    rows = [
        making.declaration(CODES[0], OLD),
        *(making.declaration(code, TODAY) for code in CODES[1:4]),
    ]
    assert bottlenecks.tell_reports_awaited(report_of(readings=pd.concat(rows))) == (
        "2 đơn vị chưa thấy thiếu điều kiện nào, chỉ chờ báo cáo; "
        "1 đơn vị trong đó có số cũ đều đạt, báo cáo lại là có thể đạt mức Xanh."
    )
    assert bottlenecks.tell_reports_awaited(lacking()) == ""


def test_what_a_visit_found_is_told_to_need_another_one() -> None:
    rows = [making.declaration(code, TODAY) for code in CODES]
    visit = making.readings([(CODES[0], "network_stable", 0, "verified", TODAY)])
    (fix,) = bottlenecks.describe_single_fixes(report_of(readings=pd.concat([*rows, visit])))
    assert fix.note == "1 đơn vị trong đó phải phúc tra"


WEEKS = pd.DataFrame(
    {
        "first": [date(2026, 10, 26) + timedelta(weeks=n) for n in range(4)],
        "last": [date(2026, 11, 1) + timedelta(weeks=n) for n in range(3)]
        + [TODAY - timedelta(days=1)],
        "whole": [True, True, True, False],
        "green": [10, 12, 12, 13],
        "turned_green": [0, 2, 1, 1],
        "left_green": [0, 0, 1, 0],
        "turned_green_from_silence": [10, 0, 0, 0],
        "left_to_silence": [0, 0, 0, 0],
        "by_rule": [0, 0, -3, 2],
    }
)
PACE = Pace(WEEKS, 20, 13, 1.5, "trend", date(2026, 12, 25), date(2026, 12, 12))


def test_pace_names_the_mean_the_day_and_its_range() -> None:
    mean, day = tell_pace(PACE)
    assert mean == (
        "2 tuần trọn gần nhất: bình quân thêm 1,5 đơn vị đạt mức Xanh mỗi tuần; "
        "còn 7/20 đơn vị chưa đạt mức Xanh."
    )
    assert "khoảng tháng 12/2026 (sớm nhất tháng 12/2026, muộn nhất chưa xác định)" in day


@pytest.mark.parametrize(
    ("per_week", "words"),
    [
        (0.0, "số đơn vị đạt mức Xanh không đổi"),
        (-0.5, "bình quân bớt 0,5 đơn vị đạt mức Xanh mỗi tuần"),
    ],
)
def test_where_the_trend_leads_nowhere_no_day_is_told(per_week: float, words: str) -> None:
    sentence = tell_pace(
        replace(PACE, says="no_trend", per_week=per_week, expected=None, earliest=None)
    )
    assert words in sentence[0]
    assert sentence[1] == "Theo xu hướng này không đạt 100%, nên không nêu ngày dự kiến."


def test_too_few_weeks_and_all_green_are_said_plainly() -> None:
    assert tell_pace(replace(PACE, says="too_short"))[0].startswith(
        "Chưa đủ kỳ: cần ít nhất 4 tuần trọn"
    )
    assert tell_pace(replace(PACE, says="done")) == ["Cả 20 đơn vị đều đạt mức Xanh."]
    slow = replace(PACE, says="no_trend", per_week=0.02, expected=None)
    assert "số đơn vị đạt mức Xanh không đổi" in tell_pace(slow)[0]
    assert "trong 5 năm" in tell_pace(slow)[1]


def test_weeks_are_told_newest_first_and_the_running_one_as_such() -> None:
    newest, *_, oldest = list_pace_weeks(PACE)
    assert (newest.days, newest.running, newest.green, newest.width) == (
        "16/11–21/11/2026",
        True,
        "13/20",
        65.0,
    )
    assert [week.by_rule for week in list_pace_weeks(PACE)] == ["+2", "-3", "", ""]
    assert (oldest.days, oldest.from_silence) == ("26/10–01/11/2026", "10")

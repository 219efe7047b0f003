"""The way to green in words, grouped by who has to do something."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from dashboard.indicators import criteria
from dashboard.indicators.readiness import assessment, gaps
from dashboard.indicators.readiness.history import History
from dashboard.reports import read_criteria
from dashboard.settings import ROOT
from dashboard.web.words import commune_panel
from tests import making

DAY = date(2026, 11, 13)
CRITERIA = read_criteria(ROOT / "data" / "criteria.toml")


def way(*frames: pd.DataFrame) -> list[str]:
    rows = pd.concat(frames)
    history = History(rows.assign(as_of=pd.to_datetime(rows["as_of"])), ["21025"])
    return commune_panel.list_ways_to_green(
        gaps.find_gaps(assessment.assess_readiness(history, CRITERIA, DAY))
    )[0]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"scanner_available": 1, "computer_available": 0}, ["Mua sắm: +2 máy tính, +1 máy scan"]),
        ({"signature_issued": 18}, ["Cấp: +2 chữ ký số"]),
        (
            {"network_mbps": 12, "network_stable": 0},
            ["Khắc phục: đường truyền, tốc độ mạng từ 12 lên 50 Mbps"],
        ),
        ({"network_mbps": 47.5}, ["Khắc phục: tốc độ mạng từ 47,5 lên 50 Mbps"]),
        (
            {"staff_present": 6, "online_meeting": 0},
            ["Bố trí: +1 nhân sự Bộ phận Một cửa", "Hoàn thiện: họp trực tuyến từ Trung ương"],
        ),
    ],
)
def test_the_way_names_whole_things_by_what_closes_the_gap(
    changed: dict[str, float], expected: list[str]
) -> None:
    assert way(making.declaration("21025", DAY, **changed)) == expected


def test_what_a_visit_found_needs_another_visit() -> None:
    visit = making.readings(
        [
            ("21025", "network_stable", 0, "verified", DAY),
            ("21025", "scanner_available", 1, "verified", DAY),
        ]
    )
    assert way(making.declaration("21025", DAY), visit) == [
        "Khắc phục: đường truyền (rồi phúc tra)",
        "Mua sắm: +1 máy scan (rồi phúc tra)",
    ]


def test_silence_asks_for_a_report_and_old_values_say_what_was_short() -> None:
    assert way(making.readings([])) == ["Báo cáo lần đầu: toàn bộ 13 tiêu chí"]
    old = making.declaration(
        "21025", DAY - timedelta(days=40), scanner_available=1, network_mbps=30
    )
    assert way(old) == [
        "Báo cáo lại: toàn bộ 13 tiêu chí "
        "(số cũ còn thiếu: tốc độ mạng từ 30 lên 50 Mbps, +1 máy scan)"
    ]
    partly = making.declaration("21025", DAY, computer_available=1).query(
        "measure != 'security_device'"
    )
    assert way(partly) == ["Mua sắm: +1 máy tính", "Báo cáo lần đầu: thiết bị an toàn thông tin"]


def test_every_fix_has_its_words() -> None:
    assert tuple(commune_panel.FIX_WORDS) == criteria.FIXES

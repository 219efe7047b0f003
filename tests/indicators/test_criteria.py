"""Criteria are data; a mistake in them is named with file, entry and field before anything is served."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.indicators.criteria import CriteriaInvalid, parse
from dashboard.settings import ROOT

GOOD = (ROOT / "data" / "criteria.toml").read_text(encoding="utf-8")


def test_the_committed_criteria_cover_every_dimension() -> None:
    found = parse(GOOD, "criteria.toml").on(date(2026, 11, 13))
    assert {criterion.dimension for criterion in found} == {"network", "digital_signature", "devices", "supporting"}
    assert all(criterion.why and criterion.owner for criterion in found)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("green_from = 50", 'green_from = "nhiều"', "tiêu chí 2 (network_speed), trường green_from"),
        ('measure = "network_mbps"', 'measure = "mbps"', "'mbps' không phải số đo đã biết"),
        ("red_below = 20", "red_below = 60", "ngưỡng đỏ phải thấp hơn ngưỡng xanh"),
        ("stale_after_days = 30", "stale_after = 30", "trường stale_after: không có trường này"),
        ("expires_after_days = 90", "", "[verified] expires_after_days"),
        ('dimension = "network"', 'dimension = "mang"', "'mang' không có; chọn network"),
        ("[[criterion]]", "[[criterion]", "không phải TOML đúng"),
    ],
)
def test_a_mistake_is_named_with_its_entry_and_field(old: str, new: str, told: str) -> None:
    with pytest.raises(CriteriaInvalid) as caught:
        parse(GOOD.replace(old, new, 1), "criteria.toml")
    assert "criteria.toml" in str(caught.value)
    assert told in str(caught.value)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(CriteriaInvalid, match="có 2 lỗi"):
        parse(GOOD.replace("green_from = 50", 'green_from = "x"').replace("red_below = 0.8", "", 1), "criteria.toml")


def test_a_past_day_is_judged_by_the_rules_of_that_day() -> None:
    entry = GOOD[GOOD.index('[[criterion]]\ncode = "network_speed"') : GOOD.index('[[criterion]]\ncode = "signature_')]
    later = entry.replace("2025-07-01", "2026-01-01").replace("green_from = 50", "green_from = 100")
    ended = entry.replace("valid_from = 2025-07-01", "valid_from = 2025-07-01\nvalid_to = 2025-12-31")
    both = parse(GOOD.replace(entry, ended + later), "criteria.toml")
    speeds = [
        criterion.green_from
        for day in (date(2025, 12, 31), date(2026, 1, 1))
        for criterion in both.on(day)
        if criterion.code == "network_speed"
    ]
    assert speeds == [50, 100]


def test_two_entries_in_force_on_one_day_are_refused() -> None:
    entry = GOOD[GOOD.index('[[criterion]]\ncode = "network_speed"') : GOOD.index('[[criterion]]\ncode = "signature_')]
    with pytest.raises(CriteriaInvalid, match="network_speed: hai mục cùng có hiệu lực"):
        parse(GOOD.replace(entry, entry + entry), "criteria.toml")

"""Criteria and rules are data; a mistake in them is named with file, entry and field before
anything is served.
"""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.indicators.criteria import FIXES, Criterion
from dashboard.indicators.criteria_file import CriteriaInvalid, parse_criteria
from dashboard.measures import PROBED
from dashboard.settings import ROOT

GOOD = (ROOT / "data" / "criteria.toml").read_text(encoding="utf-8")
DAY = date(2026, 11, 13)
SPEED = GOOD[
    GOOD.index('[[criterion]]\ncode = "network_speed"') : GOOD.index(
        '[[criterion]]\ncode = "signature_'
    )
]
RULE = GOOD[GOOD.index("[[rule]]\nvalid_from") : GOOD.index("# Throughput is another axis")]
ON_TIME = GOOD[GOOD.index("[[throughput]]\nvalid_from") : GOOD.index("[[criterion]]")]
FROM = "valid_from = 2025-07-01"


def told(content: str) -> str:
    """What is said of a file with mistakes."""
    with pytest.raises(CriteriaInvalid) as caught:
        parse_criteria(content, "criteria.toml")
    return str(caught.value)


def test_the_committed_criteria_cover_every_dimension() -> None:
    criteria = parse_criteria(GOOD, "criteria.toml").on(DAY)
    assert {criterion.dimension for criterion in criteria} == {
        "network",
        "digital_signature",
        "devices",
        "supporting",
    }
    assert {criterion.fix for criterion in criteria} == set(FIXES)
    assert all(criterion.why and criterion.owner and criterion.name_en for criterion in criteria)


def test_what_probes_measure_is_no_criterion_or_communes_without_one_lose_their_green() -> None:
    assert not set(PROBED) & set(parse_criteria(GOOD, "criteria.toml").measures)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "green_from = 50",
            'green_from = "nhiều"',
            "tiêu chí 2 (network_speed), trường green_from",
        ),
        ("green_from = 50", "green_from = inf", "trường green_from: inf không dùng được"),
        ("red_below = 20", "red_below = nan", "trường red_below: nan không dùng được"),
        ('measure = "network_mbps"', 'measure = "mbps"', "'mbps' không phải số đo đã biết"),
        ("red_below = 20", "red_below = 60", "ngưỡng đỏ phải thấp hơn ngưỡng xanh"),
        ("green_from = 1.0\nred_below = 0.8", "green_from = 100\nred_below = 80", "ghi từ 0 đến 1"),
        ("stale_after_days = 30", "stale_after = 30", "trường stale_after: không có trường này"),
        (
            'fix = "issue"',
            'fix = "cấp"',
            "tiêu chí 3 (signature_coverage), trường fix: 'cấp' không dùng được",
        ),
        ('name_en = "Stable line"', "", "tiêu chí 1 (network_stable), trường name_en: thiếu"),
        ('dimension = "network"', 'dimension = "mang"', "'mang' không có; chọn network"),
        (
            "essential = true",
            "green_from = 1\nessential = true",
            "trường green_from: kind = 'flag' không dùng",
        ),
        ("[[criterion]]", "[[criterion]", "không phải TOML đúng"),
        ("[[criterion]]", "[[criteria]]", "mục criteria: không có mục này"),
        (
            "verified_expires_after_days = 90",
            "",
            "quy tắc [[rule]] 1 (2025-07-01), trường verified_expires_after_days: thiếu",
        ),
        (
            'red_when = "essential"',
            'red_when = "some"',
            "trường red_when: 'some' không dùng được; cần essential hoặc any",
        ),
        (
            "minimum_received = 30",
            "minimum_received = -1",
            "ngưỡng [[throughput]] 1 (2025-07-01), trường minimum_received",
        ),
        (
            "on_time_green_from = 0.95",
            "on_time_green_from = 95",
            "trường on_time_green_from: 95 không phải tỷ lệ",
        ),
        ("[[throughput]]", "[throughput]", "mục throughput: phải viết [[throughput]]"),
        (RULE, "", "thiếu mục [[rule]]"),
        ('kind = "readiness"', 'kind = "ke_khai"', "nguồn [[source]] 1 (ke_khai), trường kind"),
        ('kind = "dossiers"', 'kind = "readiness"', "[[source]] readiness: ghi hai lần"),
        (
            "expected_every_days = 7",
            "expected_every_days = 0",
            "trường expected_every_days: ít nhất 1",
        ),
        (FROM, f"{FROM}\nvalid_to = 2025-06-30", "trường valid_to: trước valid_from"),
    ],
)
def test_a_mistake_is_named_with_its_entry_and_field(old: str, new: str, expected: str) -> None:
    assert old in GOOD
    said = told(GOOD.replace(old, new, 1))
    assert "criteria.toml" in said
    assert expected in said


def test_all_mistakes_are_told_at_once() -> None:
    wrong = GOOD.replace("green_from = 50", 'green_from = "x"').replace(
        "1.0\nred_below = 0.8", "1.0"
    )
    assert "có 2 lỗi" in told(wrong)


@pytest.mark.parametrize(("name", "entry"), [("rule", RULE), ("throughput", ON_TIME)])
def test_every_day_has_exactly_one_rule(name: str, entry: str) -> None:
    def dated(*spans: tuple[str, str]) -> str:
        parts = [
            entry.replace(FROM, f"valid_from = {first}" + (f"\nvalid_to = {last}" if last else ""))
            for first, last in spans
        ]
        return GOOD.replace(entry, "".join(parts))

    assert f"[[{name}]], trường valid_from: từ 2025-07-01 đến 2025-07-31" in told(
        dated(("2025-08-01", ""))
    )
    assert f"[[{name}]], trường valid_to: từ 2026-01-01 không có" in told(
        dated(("2025-07-01", "2025-12-31"))
    )
    gap = dated(("2025-07-01", "2025-12-31"), ("2026-01-02", ""))
    assert f"[[{name}]], trường valid_from: từ 2026-01-01 đến 2026-01-01" in told(gap)
    overlap = dated(("2025-07-01", ""), ("2026-01-01", ""))
    assert f"[[{name}]], trường valid_to: hai mục cùng có hiệu lực ngày 2026-01-01" in told(overlap)
    # in any order
    parse_criteria(dated(("2026-01-01", ""), ("2025-07-01", "2025-12-31")), "criteria.toml")


def test_a_past_day_is_judged_by_the_rules_of_that_day() -> None:
    until, since = f"{FROM}\nvalid_to = 2025-12-31", "valid_from = 2026-01-01"
    later = SPEED.replace(FROM, since).replace("green_from = 50", "green_from = 100")
    content = GOOD.replace(SPEED, SPEED.replace(FROM, until) + later)
    strict = RULE.replace(FROM, since).replace('red_when = "essential"', 'red_when = "any"')
    content = content.replace(RULE, RULE.replace(FROM, until) + strict)
    few = ON_TIME.replace(FROM, since).replace("minimum_received = 30", "minimum_received = 50")
    both = parse_criteria(
        content.replace(ON_TIME, ON_TIME.replace(FROM, until) + few), "criteria.toml"
    )
    days = [date(2025, 7, 1), date(2025, 12, 31), date(2026, 1, 1)]
    speeds = [
        [criterion.green_from for criterion in both.on(day) if criterion.code == "network_speed"]
        for day in days
    ]
    assert speeds == [[50], [50], [100]]
    assert [both.rule_on(day).red_when for day in days] == ["essential", "essential", "any"]
    assert [both.throughput_on(day).minimum_received for day in days] == [30, 30, 50]
    assert both.in_force(days[0]) == both.in_force(days[1]) != both.in_force(days[2])
    assert len({both.in_force(day) for day in days}) == 2


def test_two_entries_of_one_criterion_in_force_on_one_day_are_refused() -> None:
    assert "network_speed, trường valid_to: hai mục cùng có hiệu lực" in told(
        GOOD.replace(SPEED, SPEED + SPEED)
    )


def test_one_thing_is_counted_by_one_criterion_only() -> None:
    again = SPEED.replace('code = "network_speed"', 'code = "fast"')
    assert "tiêu chí network_speed và fast, trường measure: cùng tính network_mbps" in told(
        GOOD + again
    )


def test_a_rule_by_which_everybody_would_be_green_is_refused() -> None:
    content = GOOD.replace('green_when = "all"', 'green_when = "essential"').replace(
        "essential = true", "essential = false"
    )
    assert "ngày 2025-07-01 không có tiêu chí nào để xếp xanh" in told(content)


def test_every_kind_of_file_may_have_a_rhythm() -> None:
    rhythms = parse_criteria(GOOD, "criteria.toml").rhythms
    assert rhythms["readiness"].expected_every_days == 7
    assert "visits" not in rhythms  # a visit comes when it comes


def test_groups_of_peers_are_the_administrators_to_name() -> None:
    assert parse_criteria(GOOD, "criteria.toml").peer_flags == ()
    named = GOOD + '\n[[peer_flag]]\ncode = "island"\nname = "hải đảo"\ncommunes = ["21548"]\n'
    (flag,) = parse_criteria(named, "criteria.toml").peer_flags
    assert (flag.code, flag.name, flag.communes) == ("island", "hải đảo", ("21548",))
    assert "nhóm [[peer_flag]] 1 (island), trường communes" in told(
        named.replace('["21548"]', "[21548]")
    )


def test_a_flag_is_green_for_yes_and_red_for_no_only_where_it_is_essential() -> None:
    by_code: dict[str, Criterion] = {
        criterion.code: criterion for criterion in parse_criteria(GOOD, "criteria.toml").criteria
    }
    assert (by_code["network_stable"].green_from, by_code["network_stable"].red_below) == (1, 1)
    assert (by_code["online_meeting"].green_from, by_code["online_meeting"].red_below) == (1, 0)

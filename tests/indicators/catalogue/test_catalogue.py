"""The catalogue tells every indicator, with limits of the code and examples that come out so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args, get_type_hints

import pandas as pd
import pytest

from dashboard.indicators import criteria, levels
from dashboard.indicators.catalogue import GROUPS, INDICATORS, TERMS
from dashboard.indicators.catalogue.entries import Indicator
from dashboard.indicators.catalogue.markdown import write_markdown
from dashboard.indicators.field.follow_ups import FollowUpState
from dashboard.indicators.freshness import freshness, quality
from dashboard.indicators.readiness import changes, gaps, pace
from dashboard.indicators.signals import rules, signals
from dashboard.indicators.throughput import ranking, rates
from dashboard.reports import read_criteria
from dashboard.settings import ROOT
from dashboard.web import theme
from dashboard.web.words import commune_panel
from tests.indicators.catalogue import (
    examples_dossiers,
    examples_field,
    examples_places,
    examples_readiness,
    examples_watching,
    small_province,
)

EVERY = pytest.mark.parametrize("indicator", INDICATORS.values(), ids=INDICATORS)
EXAMPLES = {
    **examples_readiness.EXAMPLES,
    **examples_dossiers.EXAMPLES,
    **examples_places.EXAMPLES,
    **examples_watching.EXAMPLES,
    **examples_field.EXAMPLES,
}


@EVERY
def test_an_example_comes_to_what_stands_there(indicator: Indicator) -> None:
    computed = EXAMPLES[indicator.code]()
    plain_values = {name: small_province.make_plain(computed[name]) for name in computed}
    example = indicator.example
    for name, expected in example.expected.items():
        if isinstance(expected, (int, float)):
            assert plain_values[name] == pytest.approx(expected, abs=5e-4), name
        else:
            assert plain_values[name] == expected, name
    for name in example.unknown:
        assert plain_values[name] is None, name


def test_every_example_that_is_computed_stands_in_the_catalogue() -> None:
    assert set(EXAMPLES) == set(INDICATORS)


@EVERY
def test_a_result_names_the_same_figures_in_both_languages(indicator: Indicator) -> None:
    example = indicator.example
    named_vi, named_en = (
        set(re.findall(r"\{(\w+)", words)) for words in (example.result.vi, example.result.en)
    )
    assert named_vi, "the text is made of what was computed"
    grains = {name for name in named_en if example.expected[name] in ("day", "month")}
    assert named_vi == named_en - grains, "grains are written out in Vietnamese"
    for words in (indicator.result_vi, indicator.result_en):
        assert "{" not in words
        assert "None" not in words


@EVERY
def test_an_entry_is_written_as_on_the_screen(indicator: Indicator) -> None:
    assert indicator.edges, "at least one edge case"
    described = (indicator.name, indicator.unit, indicator.meaning, indicator.formula)
    for words in (*described, indicator.source, *indicator.edges, indicator.example.facts):
        assert words.vi
        assert words.en
        assert not re.search(r"\d\s%", words.vi), "a per cent sign stands right behind its number"
        assert not re.search(r"\d\.\d(?!\d\d)", words.vi), "decimals are written with a comma"
        for prose in (words.vi, words.en):
            assert prose == prose.strip(), "a line that goes on ends in one space"
            assert "  " not in prose, "a line that goes on ends in one space"


def test_every_code_is_one_anchor_of_the_page() -> None:
    assert len(INDICATORS) == sum(len(group.indicators) for group in GROUPS)
    criterion_codes = {
        criterion.code for criterion in read_criteria(ROOT / "data" / "criteria.toml").criteria
    }
    assert not criterion_codes & set(INDICATORS)
    assert all(re.fullmatch(r"[a-z0-9_]+", code) for code in INDICATORS)


def test_every_rate_and_every_signal_has_an_entry() -> None:
    assert set(rates.RATES) <= set(INDICATORS)
    assert list(signals.SIGNAL_RULES) == [
        entry.code for group in GROUPS if group.code == "signals" for entry in group.indicators
    ]
    for code, rate in rates.RATES.items():
        assert INDICATORS[code].name.vi == rate.name
        assert INDICATORS[code].formula.vi == rate.formula
        assert INDICATORS[code].source.vi == rate.source


def test_every_state_cause_and_kind_has_its_words() -> None:
    names_in_use = {entry.values.name for entry in INDICATORS.values() if entry.values}
    assert names_in_use == set(TERMS)
    for name, codes in (
        ("levels", levels.LEVEL_NAMES),
        ("rate_states", rates.STATES),
        ("freshness_states", freshness.FRESHNESS_NAMES),
        ("causes", changes.CAUSES),
        ("pace_outcomes", get_args(get_type_hints(pace.Pace)["says"])),
        ("fixes", (*criteria.FIXES, gaps.REPORT, gaps.RECHECK)),
        ("unmatched_reasons", quality.UNMATCHED_REASONS.values()),
        ("reading_jumps", quality._JUMP_RULES),
        ("follow_up_states", FollowUpState),
        ("peer_groups", ("xa", "phuong", "dac_khu", "xa+mountainous")),
    ):
        assert set(TERMS[name]) == set(codes)


def test_every_state_of_a_place_has_its_words() -> None:
    in_time = pd.Series([90.0, 90, 9, 0, float("nan")])
    received = pd.Series([100.0, 100, 10, 0, 50])
    partial = [False, True, False, False, False]
    places = ranking.rank_rates(in_time, received, pd.Series(["xa"] * 5), 30, partial=partial)
    assert set(TERMS["rank_states"]) == set(places["state"])


def test_states_of_rates_are_called_the_same_where_a_place_has_them() -> None:
    for code in ("no_activity", "unknown"):
        assert TERMS["rank_states"][code] == TERMS["rate_states"][code]


def test_levels_are_called_as_they_are_drawn() -> None:
    assert {code: term.name.vi for code, term in TERMS["levels"].items()} == {
        level.code: level.word for level in theme.LEVELS.values()
    }


def test_the_green_count_names_all_levels_that_add_up() -> None:
    words = [TERMS["levels"][code].name.vi.lower() for code in levels.LEVEL_NAMES]
    assert f"{' + '.join(words)} = tổng số đơn vị" in INDICATORS["green_count"].formula.vi


def test_fixes_are_called_as_on_the_pages_of_work() -> None:
    assert {
        code: TERMS["fixes"][code].name.vi for code in criteria.FIXES
    } == commune_panel.FIX_WORDS


def test_limits_are_those_of_the_code() -> None:
    entered = INDICATORS["silent"].formula
    assert f"{rules.SILENT_AFTER_DAYS} ngày" in entered.vi
    assert f"{rules.SILENT_AFTER_DAYS} days" in entered.en
    assert "z = 1,9600" in INDICATORS["wilson"].formula.vi


def test_examples_use_the_criteria_that_are_ours() -> None:
    ours = {
        criterion.code: criterion
        for criterion in read_criteria(ROOT / "data" / "criteria.toml").criteria
    }
    compared = ("dimension", "kind", "fix", "essential", "green_from", "red_below")
    for example in (*small_province.CRITERIA.criteria, small_province.STABLE):
        own = ours[example.code]
        for name in (*compared, "stale_after_days"):
            assert getattr(example, name) == getattr(own, name), (example.code, name)


def test_results_digitised_issued_and_returned_are_three_things() -> None:
    issued = INDICATORS["e_result"]
    assert issued.name.vi == rates.RATES["e_result"].name == "Cấp kết quả điện tử"
    limits = " ".join(edge.vi for edge in issued.edges)
    for word in ("Số hóa kết quả", "cấp kết quả điện tử", "Trả kết quả điện tử"):
        assert f"“{word}”" in limits
    screens = [
        file.relative_to(ROOT).as_posix()
        for suffix in ("*.py", "*.html", "*.js", "*.toml")
        for folder in ("dashboard", "data/indicators", "assets")
        for file in (Path(ROOT) / folder).rglob(suffix)
        if re.search("(?<!“)trả kết quả điện tử", file.read_text(encoding="utf-8"), re.IGNORECASE)
    ]
    assert screens == [], "the press's word, which may mean either of two indicators of 766"


def test_the_documentation_is_what_the_catalogue_prints() -> None:
    written = (Path(ROOT) / "docs" / "indicators.md").read_text(encoding="utf-8")
    command = "python -m dashboard.indicators.catalogue.markdown > docs/indicators.md"
    assert written == write_markdown(), f"run: {command}"

"""The catalogue tells every indicator, with its own code's limits and examples that really come out so."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import get_args, get_type_hints

import pandas as pd
import pytest

from dashboard.indicators import (
    changes,
    coverage,
    criteria,
    fixes,
    freshness,
    gaps,
    jumps,
    levels,
    pace,
    ranking,
    rates,
    signal_rules,
    signals,
)
from dashboard.indicators.catalogue import GROUPS, INDICATORS, small_province, terms
from dashboard.indicators.catalogue.__main__ import markdown
from dashboard.indicators.catalogue.entry import Indicator, Words, plain
from dashboard.reports import read_criteria
from dashboard.settings import ROOT
from dashboard.views import theme, told

EVERY = pytest.mark.parametrize("indicator", INDICATORS.values(), ids=INDICATORS)


@EVERY
def test_an_example_comes_to_what_stands_there(indicator: Indicator) -> None:
    example = indicator.example
    found = {name: plain(value) for name, value in example.compute().items()}
    for name, expected in example.expected.items():
        if isinstance(expected, (int, float)):
            assert found[name] == pytest.approx(expected, abs=5e-4), name
        else:
            assert found[name] == expected, name


@EVERY
def test_a_result_names_the_same_figures_in_both_languages(indicator: Indicator) -> None:
    named = [re.findall(r"\{(\w+)", words) for words in indicator.example.result]
    assert named[0], "the text is made of what was computed"
    grains = {name for name in named[1] if indicator.example.expected[name] in ("day", "month")}
    assert set(named[0]) == set(named[1]) - grains, "grains are written out in Vietnamese"
    for words in (indicator.result_vi, indicator.result_en):
        assert "{" not in words
        assert "None" not in words


@EVERY
def test_an_entry_is_whole_and_written_as_on_the_screen(indicator: Indicator) -> None:
    values = [getattr(indicator, part.name) for part in fields(indicator)]
    words = [one for one in values if isinstance(one, Words)] + list(indicator.edges) + [indicator.example.told]
    assert len(words) >= 7, "at least one edge case"
    for one in words:
        assert all(one)
        assert not re.search(r"\d%", one.vi), "a per cent sign stands after a space"
        assert not re.search(r"\d\.\d(?!\d\d)", one.vi), "decimals are written with a comma"


def test_every_code_is_one_anchor_of_the_page() -> None:
    assert len(INDICATORS) == sum(len(group.indicators) for group in GROUPS)
    of_criteria = {one.code for one in read_criteria(ROOT / "data" / "criteria.toml").criteria}
    assert not of_criteria & set(INDICATORS)
    assert all(re.fullmatch(r"[a-z0-9_]+", code) for code in INDICATORS)


def test_every_rate_and_every_signal_has_an_entry() -> None:
    assert set(rates.RATES) <= set(INDICATORS)
    assert [rule.__name__ for rule in signals.RULES] == [
        one.code for group in GROUPS if group.code == "signals" for one in group.indicators
    ]
    for code, rate in rates.RATES.items():
        assert INDICATORS[code].name.vi == rate.name
        assert INDICATORS[code].formula.vi == rate.formula
        assert INDICATORS[code].source.vi == rate.source


def test_every_state_cause_and_kind_has_its_words() -> None:
    in_use = [id(one.values) for one in INDICATORS.values()]
    for words, codes in (
        (terms.LEVELS, levels.NAMES),
        (terms.RATE_STATES, rates.STATES),
        (terms.FRESHNESS, freshness.NAMES),
        (terms.CAUSES, changes.CAUSES),
        (terms.SAYS, get_args(get_type_hints(pace.Pace)["says"])),
        (terms.FIXES, (*criteria.FIXES, gaps.REPORT, fixes.RECHECK)),
        (terms.UNMATCHED, coverage.UNMATCHED.values()),
        (terms.READING_JUMPS, jumps._RULES),
        (terms.PEERS, ("xa", "phuong", "dac_khu", "xa+mountainous")),
    ):
        assert set(words) == set(codes)
        assert id(words) in in_use


def test_every_state_of_a_place_has_its_words() -> None:
    part, whole = pd.Series([90.0, 90, 9, 0, float("nan")]), pd.Series([100.0, 100, 10, 0, 50])
    found = ranking.rank_rates(part, whole, pd.Series(["xa"] * 5), 30, partial=[False, True, False, False, False])
    assert set(terms.RANK_STATES) == set(found["state"])


def test_levels_are_called_as_they_are_drawn() -> None:
    assert {code: term.name.vi for code, term in terms.LEVELS.items()} == {
        level.code: level.word for level in theme.LEVELS.values()
    }


def test_fixes_are_called_as_on_the_pages_of_work() -> None:
    assert {code: terms.FIXES[code].name.vi for code in criteria.FIXES} == told.FIXES


def test_limits_are_those_of_the_code() -> None:
    entered = INDICATORS["silent"].formula
    assert f"{signal_rules.SILENT_AFTER_DAYS} ngày" in entered.vi
    assert f"{signal_rules.SILENT_AFTER_DAYS} days" in entered.en
    assert "z = 1,9600" in INDICATORS["wilson"].formula.vi


def test_examples_use_the_criteria_that_are_ours() -> None:
    ours = {one.code: one for one in read_criteria(ROOT / "data" / "criteria.toml").criteria}
    for example in (*small_province.CRITERIA.criteria, small_province.STABLE):
        own = ours[example.code]
        for name in ("dimension", "kind", "fix", "essential", "green_from", "red_below", "stale_after_days"):
            assert getattr(example, name) == getattr(own, name), (example.code, name)


def test_the_documentation_is_what_the_catalogue_prints() -> None:
    written = (Path(ROOT) / "docs" / "indicators.md").read_text(encoding="utf-8")
    assert written == markdown(), "run: python -m dashboard.indicators.catalogue > docs/indicators.md"

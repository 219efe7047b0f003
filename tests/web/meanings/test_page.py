"""/chi-so tells every criterion in force, as the criteria have it, and the states as they are
drawn.
"""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient

from dashboard.indicators.catalogue import GROUPS, INDICATORS
from dashboard.reports import read_criteria
from dashboard.settings import Settings
from dashboard.web import theme
from dashboard.web.words import explain


def test_every_criterion_in_force_stands_there_with_threshold_reason_and_validity(
    pages: FlaskClient, settings: Settings
) -> None:
    page = unescape(pages.get("/chi-so").text)
    for criterion in read_criteria(settings.criteria).on(date(2026, 11, 22)):
        row = page.partition(f'<tr id="{criterion.code}">')[2].partition("</tr>")[0]
        for words in (
            criterion.name,
            explain.tell_thresholds(criterion),
            criterion.why,
            "từ 01/07/2025",
        ):
            assert words in row, criterion.code
        assert f"{criterion.stale_after_days} ngày" in row


def test_every_state_stands_there_with_sign_and_word(pages: FlaskClient) -> None:
    page = pages.get("/chi-so").text
    for level in theme.LEVELS.values():
        assert f'class="swatch" data-state="{level.code}"' in page
        assert f"{level.sign}</span> {level.word}</span>" in page


def test_both_ways_of_counting_on_time_are_named(pages: FlaskClient) -> None:
    page = pages.get("/chi-so").text
    assert "<dt>Bộ chỉ số 766</dt>" in page
    assert "<dt>Biểu II.06a</dt>" in page


def told_of(page: str, code: str) -> str:
    """What the page says of one indicator, folded or not."""
    return unescape(
        next(part for part in page.split('<details class="indicator">') if f'id="{code}"' in part)
    )


def test_every_indicator_stands_there_with_formula_source_edge_cases_and_example(
    pages: FlaskClient,
) -> None:
    page = pages.get("/chi-so").text
    for code, indicator in INDICATORS.items():
        entry = told_of(page, code)
        described = (indicator.name, indicator.meaning, indicator.formula, indicator.unit)
        worked = (indicator.source, indicator.example.facts, *indicator.edges)
        for words in (*described, *worked):
            assert words.vi in entry, code
        assert indicator.result_vi in entry, code
    for group in GROUPS:
        assert f'href="#group-{group.code}"' in page
        assert page.count(f'id="group-{group.code}"') == 1


@pytest.mark.parametrize("code", ["on_time_766", "wilson", "way_to_green", "network_falling"])
def test_a_link_to_an_indicator_leads_inside_its_fold_so_that_a_browser_opens_it(
    pages: FlaskClient, code: str
) -> None:
    folded = (
        pages.get("/chi-so")
        .text.partition(f'id="{code}"')[0]
        .rpartition('<details class="indicator">')[2]
    )
    assert "</summary>" in folded
    assert "</details>" not in folded


def test_every_link_within_the_page_has_its_target(pages: FlaskClient) -> None:
    page = pages.get("/chi-so").text
    targets = set(re.findall(r'id="([^"]+)"', page))
    assert len(re.findall(r' id="([^"]+)"', page)) == len(
        set(re.findall(r' id="([^"]+)"', page))
    ), "no anchor twice"
    assert set(re.findall(r'href="#([^"]+)"', page)) <= targets


def test_words_that_a_state_has_stand_once_and_are_linked_to(pages: FlaskClient) -> None:
    page = pages.get("/chi-so").text
    assert "Mẫu số bằng 0".lower() in told_of(page, "on_time_766").lower()
    assert "không ghi 0%" in told_of(page, "on_time_766")
    assert 'href="#on_time_766"' in told_of(page, "rate_state")

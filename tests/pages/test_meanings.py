"""/chi-so tells every criterion in force, as the criteria have it, and the states as they are drawn."""

from __future__ import annotations

from datetime import date
from html import unescape

from flask.testing import FlaskClient

from dashboard.reports import read_criteria
from dashboard.settings import Settings
from dashboard.views import explain, theme


def test_every_criterion_in_force_stands_there_with_threshold_reason_and_validity(
    pages: FlaskClient, settings: Settings
) -> None:
    page = unescape(pages.get("/chi-so").text)
    for criterion in read_criteria(settings.criteria).on(date(2026, 11, 22)):
        row = page.partition(f'<tr id="{criterion.code}">')[2].partition("</tr>")[0]
        for words in (criterion.name, explain.thresholds(criterion), criterion.why, "từ 01/07/2025"):
            assert words in row, criterion.code
        assert f"{criterion.stale_after_days} ngày" in row


def test_every_state_stands_there_with_sign_and_word(pages: FlaskClient) -> None:
    page = pages.get("/chi-so").text
    for level in theme.LEVELS.values():
        assert f'class="swatch" data-state="{level.code}"' in page
        assert f"{level.sign}</span> {level.word}</span>" in page


def test_both_ways_of_counting_on_time_are_named(pages: FlaskClient) -> None:
    page = pages.get("/chi-so").text
    assert "<dt>Chỉ số 766</dt>" in page
    assert "<dt>Biểu II.06a</dt>" in page

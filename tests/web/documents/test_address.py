"""A link shows the same view again; junk in it falls back instead of failing."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from dashboard import reference
from dashboard.web.documents.address import PageView

TODAY = date(2026, 11, 22)
PROVINCES = st.sampled_from(list(reference.load_province_names()))
DAYS = st.none() | st.dates(date(2025, 7, 1), TODAY)


@given(PROVINCES, DAYS)
def test_an_address_reads_back_as_the_view_that_wrote_it(province: str, day: date | None) -> None:
    view = PageView(province, day)
    assert PageView.from_query(view.to_query(), default_province="51", today=TODAY) == view


@given(st.dictionaries(st.sampled_from(["province", "as_of", "other"]), st.text(max_size=40)))
def test_junk_falls_back_to_something_that_can_be_shown(query: dict[str, str]) -> None:
    view = PageView.from_query(query, default_province="51", today=TODAY)
    assert view.province in reference.load_province_names()
    assert view.as_of is None or date(2025, 7, 1) <= view.as_of <= TODAY


def test_a_day_that_has_not_come_or_was_before_the_reform_falls_back_to_live() -> None:
    for day in ("2026-11-23", "2025-06-30", "2026-02-30", "22/11/2026"):
        assert PageView.from_query({"as_of": day}, default_province="51", today=TODAY).as_of is None

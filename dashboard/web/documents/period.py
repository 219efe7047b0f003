"""The period in an address (`period=2026-08`): natural ones by name, any other by both ends; junk
falls back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from flask import Response, redirect

from dashboard.indicators.report import Report
from dashboard.indicators.throughput import periods
from dashboard.indicators.throughput.dossiers import ProvinceDossiers
from dashboard.indicators.throughput.periods import NATURAL_PERIOD_OF, Period
from dashboard.reference import FIRST_DAY
from dashboard.web.documents import navigation
from dashboard.web.documents.data_sources import list_kind_words
from dashboard.web.documents.document import PageRequest
from dashboard.web.documents.navigation import build_address
from dashboard.web.words import dossiers, headline
from dashboard.web.words.period_names import name_period

_PERIOD_FORMS = (
    (re.compile(r"(?a)(\d{4})"), lambda year: periods.find_year_of(date(year, 1, 1))),
    (
        re.compile(r"(?a)(\d{4})-Q([1-4])"),
        lambda year, quarter: periods.find_quarter_of(date(year, quarter * 3, 1)),
    ),
    (
        re.compile(r"(?a)(\d{4})-W(\d{2})"),
        lambda year, week: periods.find_week_of(date.fromisocalendar(year, week, 1)),
    ),
    (
        re.compile(r"(?a)(\d{4})-(\d{2})"),
        lambda year, month: periods.find_month_of(date(year, month, 1)),
    ),
)


def parse_period_param(written: str, today: date) -> Period | None:
    """The period of an address; None where it says none, or one of which nothing can be known by
    `today`.

    2026, 2026-Q3, 2026-08, 2026-W47 (ISO weeks), a day as 2026-08-03, any days as
    2026-08-03..2026-08-14.
    """
    try:
        period = _parse_period_form(written)
    except ValueError:
        return None
    return period if period and _may_have_figures(period, today) else None


def _may_have_figures(period: Period, today: date) -> bool:
    """Whether it lies within the whole years that there are figures of: a century before or behind
    them is junk, and at the calendar's own ends there is no period before or after to compare
    with."""
    has_begun = period.first <= today and period.last >= FIRST_DAY
    within_years = period.first.year >= FIRST_DAY.year
    # the last ISO week may end in the next year
    return has_begun and within_years and period.last.year <= today.year + 1


def _parse_period_form(written: str) -> Period | None:
    for pattern, build_period in _PERIOD_FORMS:
        if match := pattern.fullmatch(written):
            return build_period(*map(int, match.groups()))  # type: ignore[no-any-return, operator]
    if len(written) not in (10, 22):
        return None
    ends = [date.fromisoformat(end) for end in written.split("..")]
    return Period(ends[0], ends[-1]) if len(ends) in (1, 2) else None


def format_period_param(period: Period) -> str:
    """How an address names a period; `parse_period_param` reads it back."""
    first = period.first
    if period.grain == "day":
        return first.isoformat()
    if period.grain == "week":
        return f"{first:%G-W%V}"
    if period.grain == "month":
        return f"{first:%Y-%m}"
    if period.grain == "quarter":
        return f"{first.year}-Q{(first.month + 2) // 3}"
    return str(first.year) if period.grain == "year" else f"{first}..{period.last}"


@dataclass(frozen=True)
class SelectedPeriod:
    """The report of the chosen period. `full_period` is the period as it is named; of a running one
    the report speaks of the days that are told so far, which have their like in the one before.
    `newest`: whether nothing newer was told; `opening`: whether the page opens with it."""

    report: Report
    full_period: Period | None
    newest: bool
    opening: bool
    today: date

    @cached_property
    def earlier(self) -> Period | None:
        """The period before, where one can be asked for."""
        return self._adjacent(-1)

    @cached_property
    def later(self) -> Period | None:
        return self._adjacent(1)

    def _adjacent(self, direction: int) -> Period | None:
        if self.full_period is None:
            return None
        if direction < 0:
            adjacent = periods.find_previous_period(self.full_period)
        else:
            adjacent = _find_following_period(self.full_period)
        return adjacent if adjacent.first <= self.today and adjacent.last >= FIRST_DAY else None

    def of_grain(self, grain: str) -> Period:
        """The week, month, quarter or year in which the chosen period ends."""
        end = self.today if self.full_period is None else min(self.full_period.last, self.today)
        return NATURAL_PERIOD_OF[grain](end)


def _find_following_period(period: Period) -> Period:
    following = period.last + timedelta(days=1)
    if find_natural := NATURAL_PERIOD_OF.get(period.grain):
        return find_natural(following)
    return Period(following, following + (period.last - period.first))


def select_period(page_request: PageRequest) -> SelectedPeriod:
    """What the address asks for, else the period that pages open with. Raises StoreUnavailable."""
    reports = page_request.reports
    day = page_request.day
    place = page_request.view.province, day, page_request.version
    newest = reports.newest_period(*place)
    opening = reports.opening_period(*place)
    asked = parse_period_param(page_request.query.get("period", ""), day)
    if newest is None or opening is None or asked is None:
        shown = opening
    elif asked in (newest, _running_period_of(newest)):
        shown = newest
    else:
        # Of one that is over and was not told to its end the whole is asked, which then is not
        # complete.
        running = asked.first <= newest.last <= day <= asked.last
        shown = periods.cut_period_at(asked, newest.last) if running else asked
        return SelectedPeriod(
            reports.report(*place, shown), asked, newest=False, opening=False, today=day
        )
    opens = shown == opening
    return SelectedPeriod(
        reports.report(*place, None if opens else shown),
        None if shown is None else _running_period_of(shown) or shown,
        newest=shown == newest,
        opening=opens,
        today=day,
    )


def _running_period_of(period: Period) -> Period | None:
    """The natural period of which `period` are the days so far. Days that a source told for
    themselves are no part of one: what it told of 01/07 to 07/07 is not July."""
    return period.natural_period if period.part_of else None


def redirect_to_period_name(
    page_request: PageRequest, path: str, fields: Iterable[str]
) -> Response | None:
    """Sends a form with two days, `from` and `to`, on to the page's address with their `period`;
    None where the address has no such field. One of them alone is a day; `fields` are the page's
    own, which stay."""
    days_given = sorted(
        end for end in (page_request.query.get("from", ""), page_request.query.get("to", "")) if end
    )
    if not days_given:
        return None
    period = parse_period_param("..".join(days_given), page_request.day)
    # Days that cannot be shown stay in the address: the page says that it shows others.
    written = "..".join(days_given) if period is None else format_period_param(period)
    period_param = {"period": written}
    preserved = {name: page_request.query[name] for name in fields if page_request.query.get(name)}
    return redirect(
        build_address(path, page_request.view, {**period_param, **preserved}), Response=Response
    )  # type: ignore[return-value]


def list_misread_period(page_request: PageRequest) -> list[str]:
    """What a page of periods says of an address whose period it cannot show."""
    written = page_request.query.get("period", "")
    if not written or parse_period_param(written, page_request.day):
        return []
    return ["Kỳ trong địa chỉ không đọc được hoặc chưa đến; đang xem kỳ mới nhất"]


# How one gets from a period to others: the one before and after, another length, any days.

_GRAIN_WORDS = {"week": "Tuần", "month": "Tháng", "quarter": "Quý", "year": "Năm"}


def list_period_links(
    selected_period: SelectedPeriod, address_of_period: Callable[[Period | None], str]
) -> dict[str, Any]:
    """What periods.html writes; `address_of_period` gives the page's address for a period, None:
    the newest.
    """
    full_period = selected_period.full_period
    grain = "" if full_period is None else full_period.grain

    def link(period: Period | None) -> tuple[str, str] | None:
        return None if period is None else (address_of_period(period), name_period(period))

    today = selected_period.today
    days = Period(today, today) if full_period is None else full_period
    is_newest = selected_period.newest or selected_period.opening
    return {
        "named": name_period(full_period) if full_period else "chưa có kỳ nào",
        "running": days.last > today,
        "earlier": link(selected_period.earlier),
        "later": link(selected_period.later),
        "newest": None if is_newest else address_of_period(None),
        "grains": [
            (address_of_period(selected_period.of_grain(code)), word, code == grain)
            for code, word in _GRAIN_WORDS.items()
            if code in NATURAL_PERIOD_OF
        ],
        "first": days.first,
        "last": min(days.last, today),
        "least": FIRST_DAY,
        "most": today,
    }


# What the pages of dossiers share: the report of the period that is asked for, who answers, links
# to other periods.


class DossierPage:
    """One page's answer; everything is asked once and only when a part wants it."""

    path = ""

    def __init__(self, page_request: PageRequest) -> None:
        self.page_request = page_request

    @cached_property
    def selected_period(self) -> SelectedPeriod:
        return select_period(self.page_request)

    @property
    def dossiers(self) -> ProvinceDossiers:
        return self.selected_period.report.dossiers.of_period

    @cached_property
    def commune_names(self) -> list[str]:
        """The communes' names, in the order of the report."""
        return [str(name) for name in self.selected_period.report.communes["name"]]

    @property
    def period_in_address(self) -> Period | None:
        """None for the period that pages open with, which is not named, so that the link stays
        live."""
        return None if self.selected_period.opening else self.selected_period.full_period

    def address_of_period(self, period: Period | None, fields: Mapping[str, str]) -> str:
        """This page for another period, or with other fields of its own."""
        period_param = {} if period is None else {"period": format_period_param(period)}
        return navigation.build_address(
            self.path, self.page_request.view, {**period_param, **fields}
        )

    @property
    def _source_word(self) -> str:
        figures = self.dossiers.period_figures
        if figures is None:
            return ""
        return list_kind_words().get(figures.source_kind, figures.source_kind)

    @property
    def _day_if_newest(self) -> date | None:
        """The report's day where the figures are its newest: those of an earlier period are past,
        not old.
        """
        period = self.dossiers.period
        selected = self.selected_period
        running = period is not None and bool(period.part_of)
        is_current = selected.newest or selected.opening or running
        return self.page_request.day if is_current else None

    @property
    def title_end(self) -> str:
        """What a title says of figures that grew old."""
        figures = self.dossiers.period_figures
        day = self._day_if_newest
        if figures is None or day is None or not headline.are_figures_old(figures, day):
            return ""
        return "; số liệu cũ"

    def period_name(self) -> str:
        """The period in words; "" where there is none."""
        full_period = self.selected_period.full_period
        return "" if full_period is None else name_period(full_period)

    def source_and_reach(self) -> str:
        """Who tells of the period, and until when: what a picture of its figures says."""
        figures = self.dossiers.period_figures
        if figures is None:
            return ""
        reach = headline.tell_reach(figures, self.page_request.today, self._day_if_newest)
        return f"{self._source_word}, {reach}"

    def coverage(self) -> dict[str, Any] | None:
        """Who answers and for how many communes; None where nobody does."""
        return dossiers.describe_period_coverage(
            self.dossiers, self._source_word, self.page_request.today, self._day_if_newest
        )

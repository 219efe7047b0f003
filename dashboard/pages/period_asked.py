"""The period in an address (`period=2026-08`): natural ones by name, any other by both ends; junk falls back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from flask import Response, redirect

from dashboard.indicators import periods
from dashboard.indicators.periods import NATURAL, Period
from dashboard.indicators.report import Report
from dashboard.pages.document import Asked
from dashboard.pages.navigation import address
from dashboard.reports import FIRST_DAY

_FORMS = (
    (re.compile(r"(?a)(\d{4})"), lambda year: periods.year(date(year, 1, 1))),
    (re.compile(r"(?a)(\d{4})-Q([1-4])"), lambda year, quarter: periods.quarter(date(year, quarter * 3, 1))),
    (re.compile(r"(?a)(\d{4})-W(\d{2})"), lambda year, week: periods.week(date.fromisocalendar(year, week, 1))),
    (re.compile(r"(?a)(\d{4})-(\d{2})"), lambda year, month: periods.month(date(year, month, 1))),
)


def read(written: str, today: date) -> Period | None:
    """The period of an address; None where it says none, or one of which nothing can be known by `today`.

    2026, 2026-Q3, 2026-08, 2026-W47 (ISO weeks), a day as 2026-08-03, any days as 2026-08-03..2026-08-14.
    """
    try:
        period = _read(written)
    except ValueError:
        return None
    return period if period and _can_be_known(period, today) else None


def _can_be_known(period: Period, today: date) -> bool:
    """Whether it lies within the whole years that there are figures of: a century before or behind them is junk,
    and at the calendar's own ends there is no period before or after to compare with."""
    begun, within = period.first <= today and period.last >= FIRST_DAY, period.first.year >= FIRST_DAY.year
    return begun and within and period.last.year <= today.year + 1  # the last ISO week may end in the next year


def _read(written: str) -> Period | None:
    for form, of in _FORMS:
        if found := form.fullmatch(written):
            return of(*map(int, found.groups()))  # type: ignore[no-any-return, operator]
    ends = [date.fromisoformat(end) for end in written.split("..")] if len(written) in (10, 22) else []
    return Period(ends[0], ends[-1]) if len(ends) in (1, 2) else None


def write(period: Period) -> str:
    """How an address names a period; `read` reads it back."""
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
class Chosen:
    """The report of the chosen period. `whole` is the period as it is named; of a running one the report speaks of
    the days that are told so far, which have their like in the one before."""

    report: Report
    whole: Period | None
    newest: bool
    today: date

    @cached_property
    def earlier(self) -> Period | None:
        """The period before, where one can be asked for."""
        return self._beside(-1)

    @cached_property
    def later(self) -> Period | None:
        return self._beside(1)

    def _beside(self, side: int) -> Period | None:
        if self.whole is None:
            return None
        if side < 0:
            beside = periods.previous(self.whole)
        else:
            of = NATURAL.get(self.whole.grain)
            following = self.whole.last + timedelta(days=1)
            beside = of(following) if of else Period(following, following + (self.whole.last - self.whole.first))
        return beside if beside.first <= self.today and beside.last >= FIRST_DAY else None

    def of_grain(self, grain: str) -> Period:
        """The week, month, quarter or year in which the chosen period ends."""
        end = self.today if self.whole is None else min(self.whole.last, self.today)
        return NATURAL[grain](end)


def chosen(asked: Asked) -> Chosen:
    """What the address asks for, else the newest period that a source told. Raises StoreUnavailable."""
    reports, province, day = asked.reports, asked.view.province, asked.day
    newest = reports.report(province, day, asked.version)
    told, whole = newest.snapshot.period, read(asked.query.get("period", ""), day)
    if told is None or whole is None or whole in (told, _month_of(told)):
        return Chosen(newest, None if told is None else _month_of(told) or told, newest=True, today=day)
    # Of one that is over and was not told to its end the whole is asked, which then is not complete.
    running = whole.first <= told.last <= day <= whole.last
    shown = periods.so_far(whole, told.last) if running else whole
    return Chosen(reports.report(province, day, asked.version, shown), whole, newest=False, today=day)


def _month_of(told: Period) -> Period | None:
    """The month of which `told` are the first days."""
    if told.part_of:
        return told.whole
    month = periods.month(told.first)
    return month if told.first == month.first and told.last <= month.last and told.days > 1 else None


def by_name(asked: Asked, path: str, fields: Iterable[str]) -> Response | None:
    """Sends a form with two days, `from` and `to`, on to the page's address with their `period`; None where the
    address has no such field. One of them alone is a day; `fields` are the page's own, which stay."""
    told = sorted(end for end in (asked.query.get("from", ""), asked.query.get("to", "")) if end)
    if not told:
        return None
    period = read("..".join(told), asked.day)
    named = {} if period is None else {"period": write(period)}
    kept = {name: asked.query[name] for name in fields if asked.query.get(name)}
    return redirect(address(path, asked.view, {**named, **kept}), Response=Response)  # type: ignore[return-value]

"""/days/…: the levels of one province's communes on every day of one year, one small file that browsers keep.

Its address carries everything that decides its content: province, year, and a tag of version, build and last day.
"""

from __future__ import annotations

from datetime import date, timedelta

from flask import Flask, Response, abort
from flask.typing import ResponseReturnValue

from dashboard import reference
from dashboard.pages import answers
from dashboard.reports import FIRST_DAY, Reports
from dashboard.settings import Settings
from dashboard.static import build_stamp
from dashboard.store import StoreUnavailable
from dashboard.views.replay import replay


def addresses(province: str, today: date, version: int) -> list[str]:
    """One file a year, from 01/07/2025 to today."""
    return [_address(province, year, today, version) for year in range(FIRST_DAY.year, today.year + 1)]


def _address(province: str, year: int, today: date, version: int) -> str:
    _, last = _span(year, today)
    return f"/days/{province}-{year}-{answers.tag(version, build_stamp(), last)[:12]}.json"


def _span(year: int, today: date) -> tuple[date, date]:
    """First and last day of the year's file."""
    return max(FIRST_DAY, date(year, 1, 1)), min(today, date(year, 12, 31))


def register(server: Flask, settings: Settings, reports: Reports) -> None:
    """Adds /days/<province>-<year>-<tag>.json (views.replay)."""

    @server.get("/days/<province>-<int:year>-<tag>.json")
    def days_of(province: str, year: int, tag: str) -> ResponseReturnValue:
        today = settings.today()
        if province not in reference.provinces() or not FIRST_DAY.year <= year <= today.year:
            abort(404)
        try:
            version = reports.version()
            if _address(province, year, today, version) != f"/days/{province}-{year}-{tag}.json":
                abort(404)  # an older version's: the page learns the new address from its next state
            first, last = _span(year, today)
            days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
            layers = reports.day_by_day(province, days, version)
            codes = reports.loaded(province, version).known.history.codes
        except StoreUnavailable:
            return Response("kho dữ liệu tạm thời không đọc được", status=503)
        return answers.compressed(answers.as_json(replay(layers, codes, first)), "application/json", answers.FOR_EVER)

"""/days/…: the levels of one province's communes on every day of one year, one small file that
browsers keep.

Its address carries everything that decides its content: province, year, and a tag of version, build
and last day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from flask import Flask, Response, abort

from dashboard import reference
from dashboard.data_version import DataVersion
from dashboard.indicators.levels import Levels
from dashboard.reference import FIRST_DAY
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.web.documents import http_caching
from dashboard.web.static_files import compute_build_stamp
from dashboard.web.words.explain import HEADLINE_DIMENSIONS, LETTERS

# The levels of a year as one small file: per layer and commune the letters of its levels with how
# many days each held.
#
# `y12g3u1`: twelve days yellow, three green, one unknown. A commune keeps its level for weeks, so
# a province's year in four layers is some 5 kB before compression.


def encode_replay(
    layers: Mapping[str, Levels], codes: Sequence[str], first: date
) -> dict[str, Any]:
    """JSON-ready; arrays follow `codes`, `days` from `first` on. `layers` as
    reports.Reports.day_by_day gives them.
    """
    shown = {
        name: level
        for name, level in layers.items()
        if name == "overall" or name in HEADLINE_DIMENSIONS
    }
    return {
        "first": first.isoformat(),
        "days": layers["overall"].shape[1],
        "codes": list(codes),
        "layers": {
            name: [encode_level_runs(row) for row in level] for name, level in shown.items()
        },
    }


def encode_level_runs(levels_of_days: Levels) -> str:
    """One commune's levels, one a day, as letters with their lengths; "" for no day."""
    if not levels_of_days.size:
        return ""
    ends = np.append(np.flatnonzero(np.diff(levels_of_days)), levels_of_days.size - 1)
    lengths = np.diff(ends, prepend=-1)
    return "".join(
        f"{LETTERS[levels_of_days[end]]}{length}"
        for end, length in zip(ends.tolist(), lengths.tolist(), strict=True)
    )


def list_replay_addresses(province: str, today: date, version: DataVersion) -> list[str]:
    """One file a year, from 01/07/2025 to today."""
    return [
        _replay_address(province, year, today, version)
        for year in range(FIRST_DAY.year, today.year + 1)
    ]


def _replay_address(province: str, year: int, today: date, version: DataVersion) -> str:
    _, last = _span_of_year(year, today)
    tag = http_caching.compute_etag(version, compute_build_stamp(), last)[:12]
    return f"/days/{province}-{year}-{tag}.json"


def _span_of_year(year: int, today: date) -> tuple[date, date]:
    """First and last day of the year's file."""
    return max(FIRST_DAY, date(year, 1, 1)), min(today, date(year, 12, 31))


def register(server: Flask, settings: Settings, reports: Reports) -> None:
    """Adds /days/<province>-<year>-<tag>.json."""

    @server.get("/days/<province>-<int:year>-<tag>.json")
    @http_caching.tell_store_unavailable
    def days_of(province: str, year: int, tag: str) -> Response:
        today = settings.today()
        if (
            province not in reference.load_province_names()
            or not FIRST_DAY.year <= year <= today.year
        ):
            abort(404)
        version = reports.version()
        address = _replay_address(province, year, today, version)
        if address != f"/days/{province}-{year}-{tag}.json":
            # an older version's: the page learns the new address from its next state
            abort(404)
        first, last = _span_of_year(year, today)

        def make() -> http_caching.MadeAnswer:
            days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
            layers = reports.day_by_day(province, days, version)
            codes = reports.loaded(province, version).province_data.history.codes
            body = http_caching.encode_json(encode_replay(layers, codes, first))
            return http_caching.MadeAnswer(body, tag)

        return http_caching.respond_with_made(
            http_caching.compute_etag("replay", version, last, address),
            "application/json",
            make,
            lambda _answer: http_caching.IMMUTABLE_HEADERS,
        )

"""What an open page asks for while it lives: the state of the province, the map, the charts, other
days.

The state of a day that somebody steps to, and the charts and movements of every day, are asked for
with the stamp of what they depend on in their address, so that browsers and proxies keep them; the
state that a page shows now is asked for without.

A question about something unchanged costs one small query here and an empty 304 on the wire.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import dash
import numpy as np
from dash import ClientsideFunction, Input, Output
from flask import Flask, Response, abort, request
from flask.typing import ResponseReturnValue

from dashboard import reference
from dashboard.data_version import DataVersion
from dashboard.indicators.levels import Levels
from dashboard.reference import FIRST_DAY
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.web.base_path import locate_path
from dashboard.web.charts import map
from dashboard.web.documents import commune_names, http_caching
from dashboard.web.documents.address import parse_day_param
from dashboard.web.documents.document import PageRequest, read_page_view
from dashboard.web.overview import figures
from dashboard.web.overview.state import fetch_state
from dashboard.web.static_files import compute_build_stamp
from dashboard.web.words.explain import HEADLINE_DIMENSIONS, LETTERS
from dashboard.web.words.movement import describe_movement

# What is told of a single day, at an address that may be kept for good.


def stamp_days(province: str, version: DataVersion, today: date, outline: str) -> str:
    """What states, charts and movements of a province's single days depend on, as it stands in
    their addresses (`v`): a browser that keeps one keeps it for good, for nothing else is ever told
    at that address.
    """
    parts = ("days", province, version, compute_build_stamp(), today, outline)
    return http_caching.compute_etag(*parts).partition("-")[0]


def find_unstamped_address(stamp: str, query: Mapping[str, str]) -> str:
    """Where the newest is told, for who asks with the stamp of an older version, or for a live
    view, which moves on; "" where the address says what it needs. `query`: without its stamp.
    """
    if "v" not in request.args or (request.args["v"] == stamp and "as_of" in query):
        return ""
    return f"{locate_path(request.path)}?{urlencode(query)}"


def _lead_to(address: str) -> Response:
    return Response(status=307, headers={"Location": address, "Cache-Control": "no-store"})


def _list_headers(answer: http_caching.Answer) -> Mapping[str, str]:
    """For good where the address says what the answer depends on; else until it is asked again."""
    headers = http_caching.revalidate_headers(answer.etag)
    if "v" in request.args and answer.is_sound:
        headers |= http_caching.IMMUTABLE_HEADERS
    return headers


# /api/movement: what changed since a day that somebody chose; yesterday and last week are in the
# state already.


def parse_since_day(query: Mapping[str, str], day: date) -> date | None:
    """The day to compare with: one before `day`; None for junk."""
    before = parse_day_param(query.get("since", ""), day)
    return before if before and before < day else None


def register_movement(server: Flask, settings: Settings, reports: Reports) -> None:
    """Adds /api/movement?province=…&as_of=…&since=…[&v=…]."""

    @server.get("/api/movement")
    @http_caching.tell_store_unavailable
    def moved() -> Response:
        today = settings.today()
        view = read_page_view(settings)
        before = parse_since_day(request.args, view.day(today))
        if before is None:
            return Response("chọn một ngày trước ngày đang xem, từ 01/07/2025", status=400)
        version = reports.version()
        outline = reports.outline(view.province).fingerprint
        stamp = stamp_days(view.province, version, today, outline)
        query = view.to_query() | {"since": before.isoformat()}
        if unstamped := find_unstamped_address(stamp, query):
            return _lead_to(unstamped)
        etag = http_caching.compute_etag(version, compute_build_stamp(), view, today, before)
        return http_caching.respond_with_json(
            etag,
            lambda: describe_movement(
                reports.report(view.province, view.day(today), version), before
            ),
            _list_headers,
        )


# The charts: Dash has their graphs in its layout and writes them by one callback, which runs in
# the browser (charts.js) and fetches what it writes from one address.


def register_charts(app: dash.Dash, settings: Settings, reports: Reports) -> None:
    """Adds /api/charts?province=…&as_of=…[&dark=1][&narrow=1][&v=…] and the callback."""
    app.clientside_callback(
        ClientsideFunction("charts", "fetch_figures"),
        [
            *(Output(name, "figure") for name in figures.GRAPHS),
            *(Output(f"{name}-said", "children") for name in figures.GRAPHS),
            *(Output(f"{name}-frame", "data-empty") for name in figures.GRAPHS),
        ],
        Input("charts-address", "data-address"),
        prevent_initial_call=True,
    )

    @app.server.get("/api/charts")
    @http_caching.tell_store_unavailable
    def charts() -> Response:
        today = settings.today()
        view = read_page_view(settings)
        version = reports.version()
        outline = reports.outline(view.province).fingerprint
        schemes = {name: "1" for name in ("dark", "narrow") if request.args.get(name) == "1"}
        stamp = stamp_days(view.province, version, today, outline)
        if unstamped := find_unstamped_address(stamp, view.to_query() | schemes):
            return _lead_to(unstamped)
        page_request = PageRequest(view, today, version, reports, {}, {})
        return http_caching.respond_with_json(
            http_caching.compute_etag(
                "charts", version, compute_build_stamp(), view, today, outline, schemes
            ),
            lambda: figures.draw_charts(
                page_request, dark="dark" in schemes, narrow="narrow" in schemes
            ),
            _list_headers,
        )


# The replay: the levels of one province's communes on every day of one year, one small file that
# browsers keep. Its address carries everything that decides its content: province, year, and a tag
# of version, build and last day. Per layer and commune it has the letters of the levels with how
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


def register_replay(server: Flask, settings: Settings, reports: Reports) -> None:
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


OUTLINE_NOTES = {"schematic": "Ranh giới dạng sơ đồ, không phải địa giới", "office": ""}


def register(app: dash.Dash, settings: Settings, reports: Reports) -> None:
    """Adds /api/state, /map/…, /api/movement, /days/…, /api/charts and their callback to `app`."""

    @app.server.get("/api/state")
    @http_caching.tell_store_unavailable
    def state() -> Response:
        today = settings.today()
        view = read_page_view(settings)
        version = reports.version()
        outline = reports.outline(view.province)
        etag = http_caching.compute_etag(
            version, compute_build_stamp(), view, today, outline.fingerprint
        )
        stamp = stamp_days(view.province, version, today, outline.fingerprint)
        if unstamped := find_unstamped_address(stamp, view.to_query()):
            return _lead_to(unstamped)

        def make_body() -> dict[str, Any]:
            return {
                "version": version.number,
                "stamp": stamp,
                "token": version.token,
                "build": compute_build_stamp(),
                "live": view.as_of is None,
                "map": f"/map/{view.province}-{map.draw_map_of_outline(outline).fingerprint}.svg",
                "names": commune_names.build_names_address(view.province),
                "outline_note": OUTLINE_NOTES.get(outline.source, ""),
                "today": today.isoformat(),
                "days": list_replay_addresses(view.province, today, version),
                **fetch_state(
                    reports,
                    view.province,
                    view.day(today),
                    today,
                    version,
                    http_caching.number_attempt(),
                ),
            }

        return http_caching.respond_with_json(etag, make_body, _list_headers)

    @app.server.get("/map/<province>-<fingerprint>.svg")
    def map_of(province: str, fingerprint: str) -> ResponseReturnValue:
        if province not in reference.load_province_names():
            abort(404)
        outline = reports.outline(province)

        def draw() -> http_caching.MadeAnswer:
            drawing = map.draw_map_of_outline(outline)
            if fingerprint != drawing.fingerprint:
                abort(404)  # an old address: the page learns the new one from its next state
            return http_caching.MadeAnswer(drawing.svg, fingerprint)

        return http_caching.respond_with_made(
            http_caching.compute_etag("map", outline.fingerprint, fingerprint),
            "image/svg+xml",
            draw,
            lambda _answer: http_caching.IMMUTABLE_HEADERS,
        )

    register_charts(app, settings, reports)
    register_movement(app.server, settings, reports)
    register_replay(app.server, settings, reports)

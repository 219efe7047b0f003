"""/man-hinh: the wall screen. One small document without figures, one address for its scenes, one
worker.

The document is the same for every screen, so that a screen can keep it and start without the
server; what is shown comes from /api/wall. Every answer says the server's time: a wall's clock is
never its computer's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue

from dashboard import reference
from dashboard.data_version import DataVersion
from dashboard.reference import VIETNAM
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.web import bundles, theme
from dashboard.web.base_path import locate_path
from dashboard.web.charts import map
from dashboard.web.documents import commune_names, http_caching
from dashboard.web.documents.address import choose_province, parse_day_param
from dashboard.web.documents.guarded_sections import TEMPLATES
from dashboard.web.documents.misread import (
    LONGEST_WORD,
    tell_misread_communes,
    tell_misread_province,
)
from dashboard.web.static_files import compute_build_stamp
from dashboard.web.wall.scene import WallContext, select_group_communes
from dashboard.web.wall.scenes import SCENE_MAKERS, make_scenes
from dashboard.web.words import explain

# What a wall screen asks for: province, scenes in their order, a fixed group of communes, the last
# meeting's day.
#
# Junk falls back, as everywhere: a screen's address is typed once, by hand, and then nobody looks
# at it.

# The largest province has fewer communes; a longer list is no list of communes.
MOST_COMMUNES = 400
# As wall_state.js keeps to them.
SHORTEST_SCENE_SECONDS = 5
LONGEST_SCENE_SECONDS = 600


@dataclass(frozen=True)
class WallView:
    """`group` empty: all communes of the province; `since` None: since yesterday."""

    province: str
    scenes: tuple[str, ...] = tuple(SCENE_MAKERS)
    group: tuple[str, ...] = ()
    since: date | None = None

    @classmethod
    def from_query(
        cls, query: Mapping[str, str], *, default_province: str, today: date
    ) -> WallView:
        """The view that a query asks for; unknown scenes, communes and days are left out."""
        scenes = tuple(
            dict.fromkeys(name for name in _split_param(query, "scenes") if name in SCENE_MAKERS)
        )
        group = tuple(
            code for code in _split_param(query, "group") if re.fullmatch(r"[0-9]{5}", code)
        )
        return cls(
            choose_province(query, default_province),
            scenes or tuple(SCENE_MAKERS),
            tuple(sorted(set(group)))[:MOST_COMMUNES],
            parse_day_param(query.get("since", ""), today),
        )

    def to_query(self) -> dict[str, str]:
        """The query of this view; `from_query` reads it back."""
        all_scenes = self.scenes == tuple(SCENE_MAKERS)
        fields = {
            "province": self.province,
            "scenes": "" if all_scenes else ",".join(self.scenes),
            "group": ",".join(self.group),
            "since": self.since.isoformat() if self.since else "",
        }
        return {name: value for name, value in fields.items() if value}


def list_misread_wall_params(query: Mapping[str, str], view: WallView) -> list[str]:
    """What of a screen's address was not followed, in sentences that stay on the screen: whoever
    typed it has left by then.
    """
    seconds = query.get("seconds", "").strip()
    is_followed = not seconds or (
        re.fullmatch(r"[0-9]{1,3}", seconds)
        and SHORTEST_SCENE_SECONDS <= int(seconds) <= LONGEST_SCENE_SECONDS
    )
    seconds_refused = ""
    if not is_followed:
        seconds_refused = (
            f"Số giây mỗi cảnh từ {SHORTEST_SCENE_SECONDS} đến {LONGEST_SCENE_SECONDS}, "
            f"không dùng được {seconds[:LONGEST_WORD]}"
        )
    unknown = [name for name in _split_param(query, "scenes") if name not in {"", *SCENE_MAKERS}]
    sentences = [
        tell_misread_province(query.get("province", ""), view.province),
        tell_misread_communes(query.get("group", ""), view.province),
        f"Không có cảnh {unknown[0][:LONGEST_WORD]}" if unknown else "",
        seconds_refused,
        "Ngày họp trong địa chỉ không dùng được" if query.get("since") and not view.since else "",
    ]
    return [sentence for sentence in sentences if sentence]


def _split_param(query: Mapping[str, str], name: str) -> list[str]:
    return [part.strip() for part in query.get(name, "").split(",")[: 2 * MOST_COMMUNES]]


# A wall is looked at for weeks: asking less often than a page keeps an idle hour below 150 kB; with
# the usual five seconds it asks every eight, and shows a visit within ten.
POLL_SLOWDOWN = 1.6
NOW_HEADER = "X-Now"  # milliseconds since 1970, on every answer that a screen asks for
_WORKER_FILE = bundles.WEB / "wall" / "worker.js"


def register(server: Flask, settings: Settings, reports: Reports) -> None:
    """Adds /man-hinh, its worker and /api/wall to `server`."""

    def add_time(response: Response) -> Response:
        # A header, because an answer that nothing changed has no body.
        response.headers[NOW_HEADER] = str(int(read_wall_clock(settings).timestamp() * 1000))
        return response

    @server.get("/man-hinh")
    def screen() -> ResponseReturnValue:
        page = (
            TEMPLATES.get_template("wall/page.html")
            .render(
                base_path=settings.base_path,
                # one kept without a province is any province's: the script says whose it is
                place=reference.load_province_names().get(request.args.get("province", ""), ""),
                build=compute_build_stamp(),
                poll_seconds=round(POLL_SLOWDOWN * settings.poll_seconds),
                style=bundles.build_bundle_address("wall.css"),
                script=bundles.build_bundle_address("wall.js"),
                paper=theme.pick_colour("paper", dark=True),
            )
            .encode()
        )
        etag = http_caching.compute_etag(page)
        if http_caching.client_has_etag(etag):
            return add_time(http_caching.not_modified(etag))
        return add_time(
            http_caching.respond_compressed(
                page, "text/html", http_caching.revalidate_headers(etag)
            )
        )

    @server.get("/man-hinh/worker.js")
    def worker() -> ResponseReturnValue:
        # Its scope is the page itself, which lies beside the worker's folder, not inside it.
        headers = {"Service-Worker-Allowed": locate_path("/man-hinh"), "Cache-Control": "no-cache"}
        return http_caching.respond_compressed(
            _WORKER_FILE.read_bytes(), "text/javascript", headers
        )

    @http_caching.tell_store_unavailable
    def answer_scenes() -> Response:
        today = settings.today()
        view = WallView.from_query(request.args, default_province=settings.province, today=today)
        version = reports.version()
        outline = reports.outline(view.province)
        misread = list_misread_wall_params(request.args, view)
        etag = http_caching.compute_etag(
            "wall", version, compute_build_stamp(), view, today, outline.fingerprint, misread
        )
        return http_caching.respond_with_json(
            etag,
            lambda: {**_build_wall_json(reports, view, settings, version), "misread": misread},
        )

    @server.get("/api/wall")
    def scenes() -> ResponseReturnValue:
        return add_time(answer_scenes())


def read_wall_clock(settings: Settings) -> datetime:
    """The moment that the wall's clock shows: the real time of day, on the fixed day where one is
    set.
    """
    return datetime.combine(settings.today(), datetime.now(VIETNAM).time(), VIETNAM)


def _build_wall_json(
    reports: Reports, view: WallView, settings: Settings, version: DataVersion
) -> dict[str, Any]:
    """Everything that a screen shows until the data change."""
    today = settings.today()
    report = reports.report(view.province, today, version)
    context = WallContext(
        report,
        reference.load_province_names()[view.province],
        select_group_communes(report, view.group),
        reports.data_time(view.province, today, version),
        view.since,
    )
    drawing = map.draw_map_of_outline(reports.outline(view.province))
    result = make_scenes(context, view.scenes)
    # A typed name is told with its overall level too; a scene that shows it has the letters
    # already.
    overall = ""
    if all(scene.subject for scene in result.scenes):
        overall = explain.join_level_letters(context.overall)
    return {
        "version": version.number,
        "token": version.token,
        "store": version.store_id,
        "build": compute_build_stamp(),
        "data_time": context.age().as_json()["told"],
        "province": view.province,
        "place": context.area_name,
        "simulated": bool(
            (reports.loaded(view.province, version).sources["origin"] == "simulated").any()
        ),
        "map": f"/map/{view.province}-{drawing.fingerprint}.svg",
        "names": commune_names.build_names_address(view.province),
        "codes": context.codes,
        "overall": overall,
        "scenes": [scene.as_json() for scene in result.scenes],
        "failed": list(result.failed),
    }

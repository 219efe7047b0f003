"""/man-hinh: the wall screen. One small document without figures, one address for its scenes, one worker.

The document is the same for every screen, so that a screen can keep it and start without the server;
what is shown comes from /api/wall. Every answer says the server's time: a wall's clock is never its computer's.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue

from dashboard import bundles, reference
from dashboard.pages import answers, names_file
from dashboard.pages.parts import TEMPLATES
from dashboard.pages.wall_address import WallView
from dashboard.reports import Reports
from dashboard.settings import VIETNAM, Settings
from dashboard.static import build_stamp
from dashboard.store import StoreUnavailable
from dashboard.views import explain, theme, wall, wall_scene

# A wall is looked at for weeks: asking half as often as a page keeps an idle hour below 150 kB.
SLOWER = 2
NOW = "X-Now"  # milliseconds since 1970, on every answer that a screen asks for
_WORKER = bundles.WEB / "wall" / "worker.js"


def register(server: Flask, settings: Settings, reports: Reports) -> None:
    """Adds /man-hinh, its worker and /api/wall to `server`."""

    def timed(response: Response) -> Response:
        # A header, because an answer that nothing changed has no body.
        response.headers[NOW] = str(int(clock(settings).timestamp() * 1000))
        return response

    @server.get("/man-hinh")
    def screen() -> ResponseReturnValue:
        page = (
            TEMPLATES.get_template("wall.html")
            .render(
                build=build_stamp(),
                poll_seconds=SLOWER * settings.poll_seconds,
                style=bundles.address("wall.css"),
                script=bundles.address("wall.js"),
                paper=theme.colour("paper", dark=True),
            )
            .encode()
        )
        etag = answers.tag(page)
        if answers.is_known(etag):
            return timed(answers.unchanged(etag))
        return timed(answers.compressed(page, "text/html", answers.asked_again(etag)))

    @server.get("/man-hinh/worker.js")
    def worker() -> ResponseReturnValue:
        # Its scope is the page itself, which lies beside the worker's folder, not inside it.
        headers = {"Service-Worker-Allowed": "/man-hinh", "Cache-Control": "no-cache"}
        return answers.compressed(_WORKER.read_bytes(), "text/javascript", headers)

    @server.get("/api/wall")
    def scenes() -> ResponseReturnValue:
        today = settings.today()
        view = WallView.from_query(request.args, default_province=settings.province, today=today)
        try:
            version, outline = reports.version(), reports.outline(view.province)
            etag = answers.tag("wall", version, build_stamp(), view, today, outline.fingerprint)
            if known := answers.not_modified(etag):
                return timed(known)
            body = _body(reports, view, settings, version)
        except StoreUnavailable:
            return timed(Response("kho dữ liệu tạm thời không đọc được", status=503))
        tag = answers.unsound(etag) if body["failed"] else etag
        return timed(answers.compressed(answers.as_json(body), "application/json", answers.asked_again(tag)))


def clock(settings: Settings) -> datetime:
    """The moment that the wall's clock shows: the real time of day, on the fixed day where one is set."""
    return datetime.combine(settings.today(), datetime.now(VIETNAM).time(), VIETNAM)


def _body(reports: Reports, view: WallView, settings: Settings, version: int) -> dict[str, Any]:
    """Everything that a screen shows until the data change."""
    today = settings.today()
    report = reports.report(view.province, today, version)
    seen = wall_scene.Seen(
        report,
        reference.provinces()[view.province],
        wall_scene.communes_of(report, view.group),
        reports.data_time(view.province, today, version),
        view.since,
    )
    made = wall.make(seen, view.scenes)
    return {
        "version": version,
        "build": build_stamp(),
        "data_time": seen.age().as_json()["told"],
        "province": view.province,
        "place": seen.place,
        "simulated": bool((reports.loaded(view.province, version).sources["origin"] == "simulated").any()),
        "map": f"/map/{view.province}-{reports.drawing(reports.outline(view.province)).fingerprint}.svg",
        "names": names_file.address(view.province),
        "codes": seen.codes,
        # A typed name is told with its overall level too; a scene that shows it has the letters already.
        "overall": explain.letters(seen.overall) if all(scene.subject for scene in made.scenes) else "",
        "scenes": [scene.as_json() for scene in made.scenes],
        "failed": list(made.failed),
    }

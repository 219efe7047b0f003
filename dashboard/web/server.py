"""create_app(settings): the pages, the store and the server, wired together."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlencode

import dash
from flask import Flask, Response, abort, g, has_request_context, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_compress import Compress
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from dashboard import reference, store, workdays
from dashboard.accounts.roles import Action
from dashboard.errors import DashboardError
from dashboard.node_files import NodeCheck
from dashboard.reports import Reports, read_criteria
from dashboard.settings import ROOT, Settings
from dashboard.store.inspection import PageProbe
from dashboard.store.replica import Replica
from dashboard.web import (
    access,
    answer_maker,
    bundles,
    endpoints,
    kept_answers,
    metrics,
    plotly_bundle,
    request_log,
    security,
    sessions,
    static_files,
    theme,
)
from dashboard.web.administration import page as administration_page
from dashboard.web.alerts import page as alerts_page
from dashboard.web.api import report, v1
from dashboard.web.api.v1 import imports
from dashboard.web.api_guide.page import API_GUIDE_DOCUMENT
from dashboard.web.audit_log import page as audit_page
from dashboard.web.base_path import install_base_path, locate_path
from dashboard.web.bulletin import page as bulletin_page
from dashboard.web.bulletin.page import BULLETIN_DOCUMENT, MEETING_DOCUMENT
from dashboard.web.commune.page import COMMUNE_DOCUMENT
from dashboard.web.compare.page import COMPARE_DOCUMENT
from dashboard.web.data.page import DATA_DOCUMENT
from dashboard.web.documents import (
    commune_names,
    declaration_form,
    document,
    dossier_form,
    frames,
    serving,
)
from dashboard.web.documents.small_views import CHART_FIELD, EMBED_FIELD
from dashboard.web.dossiers.page import DOSSIERS_DOCUMENT
from dashboard.web.embed.page import EMBED_DOCUMENT
from dashboard.web.field_report import workbook as field_report_workbook
from dashboard.web.field_report.page import FIELD_REPORT_DOCUMENT
from dashboard.web.follow_ups import writing as follow_ups_writing
from dashboard.web.follow_ups.page import FOLLOW_UPS_DOCUMENT
from dashboard.web.meanings.page import MEANINGS_DOCUMENT
from dashboard.web.nation.page import NATION_DOCUMENT
from dashboard.web.needs.page import NEEDS_DOCUMENT
from dashboard.web.overview import live
from dashboard.web.overview.figures import OVERVIEW_CHARTS_DOCUMENT
from dashboard.web.overview.first_answer import (
    FirstAnswer,
    describe_first_answer,
    write_first_style,
)
from dashboard.web.overview.page import build_layout
from dashboard.web.overview.table import OVERVIEW_TABLE_NAME, tabulate_overview
from dashboard.web.ranking.page import RANKING_DOCUMENT
from dashboard.web.schedule import writing as schedule_writing
from dashboard.web.schedule.page import SCHEDULE_DOCUMENT
from dashboard.web.search.page import SEARCH_DOCUMENT
from dashboard.web.sign_in import page as sign_in_page
from dashboard.web.support_requests import writing as support_writing
from dashboard.web.support_requests.page import SUPPORT_REQUESTS_DOCUMENT
from dashboard.web.task_force import listing as task_force_listing
from dashboard.web.task_force import page as task_force_page
from dashboard.web.task_force import writing as task_force_writing
from dashboard.web.task_force.page import TASK_FORCE_DOCUMENT
from dashboard.web.upload import page as upload_page
from dashboard.web.visit import page as visit_page
from dashboard.web.wall import heartbeats
from dashboard.web.wall import page as wall_page

# The longest question takes well under a second; a page that waits longer is told that the store is
# away.
ANSWER_SECONDS = 20.0
# What Dash puts on every page: data tables (8 kB compressed), which no page of ours has, the
# packages of components (177 kB) of which `/` has three (bundles.DASH_PARTS), and a polyfill for
# one of those.
_UNUSED_SCRIPTS = ("/dash_table/", "/dcc/", "/dash_bootstrap_components/", "/deps/polyfill")
# Its only callback runs in the browser (overview/live.py): nobody has anything to post.
_UNUSED_ADDRESS = "_dash-update-component"
_PAGE_FRAME = """<!DOCTYPE html>
<html lang="vi">
<head>
{%metas%}
<title>{%title%}</title>
<link rel="icon" href="@icon@" type="image/svg+xml">
@early_theme@
@first_style@
<script src="@script@" async></script>
<link rel="preload" href="/_dash-layout" as="fetch" crossorigin>
<link rel="preload" href="/_dash-dependencies" as="fetch" crossorigin>
</head>
<body>
@loader@
<noscript>Trang này cần JavaScript; hãy bật JavaScript trong trình duyệt rồi tải lại.</noscript>
{%app_entry%}
<link rel="stylesheet" href="@style@">
{%config%}
{%scripts%}
{%renderer%}
</body>
</html>"""
# Dash's own words throw where its script was lost; the late one starts by itself (bundles.py).
_START_RENDERER = "if (window.DashRenderer && !window.renderer) var renderer = new DashRenderer();"
_SCRIPT_ELEMENT = re.compile(r'<script src="([^"]+)"></script>')
# The further pages (documents/serving.py): read without a script, unlike `/`.
DOCUMENTS = (
    SEARCH_DOCUMENT,
    NATION_DOCUMENT,
    NEEDS_DOCUMENT,
    TASK_FORCE_DOCUMENT,
    FOLLOW_UPS_DOCUMENT,
    SCHEDULE_DOCUMENT,
    FIELD_REPORT_DOCUMENT,
    SUPPORT_REQUESTS_DOCUMENT,
    DATA_DOCUMENT,
    MEANINGS_DOCUMENT,
    DOSSIERS_DOCUMENT,
    RANKING_DOCUMENT,
    COMMUNE_DOCUMENT,
    COMPARE_DOCUMENT,
    BULLETIN_DOCUMENT,
    MEETING_DOCUMENT,
    API_GUIDE_DOCUMENT,
    EMBED_DOCUMENT,
    OVERVIEW_CHARTS_DOCUMENT,
)
_log = logging.getLogger("dashboard")


class Dashboard(dash.Dash):
    """Dash without what our pages do not use, and with 404 for addresses that are no page."""

    pages: frozenset[str] = frozenset({"/"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.dash_scripts: list[str] = []
        self.plotly = ""
        self._signing_secret = secrets.token_bytes(32)
        self._written_layout = b""
        # What the present request's address asks for: known once settings and store are.
        self.describe_first_answer: Callable[[], FirstAnswer] = FirstAnswer
        super().__init__(*args, **kwargs)

    def index(self, *args: Any, **kwargs: Any) -> Any:
        if f"/{kwargs.get('path', '')}" not in self.pages:
            abort(404)
        if small_view := _locate_small_view():
            return redirect(small_view)
        return super().index(*args, **kwargs)

    def serve_layout(self) -> Any:
        """Written once where it never changes: two hundred components cost 4 ms each time."""
        if callable(self.layout):
            return super().serve_layout()
        if not self._written_layout:
            self._written_layout = super().serve_layout().get_data()
        return Response(self._written_layout, mimetype="application/json")

    def interpolate_index(self, **parts: str) -> str:  # type: ignore[override]
        later = f'<meta name="plotly" content="{locate_path(self.plotly)}">'
        first = self.describe_first_answer()
        metas = f"{parts['metas']}\n{later}\n{first.write_sharing()}"
        entry = first.write_entry()
        return super().interpolate_index(
            **{**parts, "title": first.title, "metas": metas, "app_entry": entry}
        )

    def _generate_scripts_html(self) -> str:
        """One script in place of Dash's five; those that are written into the page stay."""
        every_script = super()._generate_scripts_html()
        self.dash_scripts = _SCRIPT_ELEMENT.findall(every_script)
        inline_scripts = _SCRIPT_ELEMENT.sub("", every_script).strip()
        address = bundles.build_dash_address(self.dash_scripts)
        return f'<script src="{locate_path(address)}"></script>{inline_scripts}'

    def _collect_and_register_resources(self, *args: Any, **kwargs: Any) -> list[Any]:
        resources = super()._collect_and_register_resources(*args, **kwargs)
        return [
            resource
            for resource in resources
            if not any(part in str(resource) for part in _UNUSED_SCRIPTS)
        ]

    def _add_url(self, name: str, *args: Any, **kwargs: Any) -> None:
        if name != _UNUSED_ADDRESS:
            super()._add_url(name, *args, **kwargs)

    def _config(self) -> dict[str, Any]:
        # Nobody outside needs to know which Python this is, nor an address that Dash never asks
        # here.
        config = {**super()._config(), "python_version": "", "dash_version_url": ""}
        return {**config, "requests_pathname_prefix": locate_path("/")}

    def _get_signing_secret(self) -> bytes:
        # It signs background callbacks, of which there are none: the key of sessions stays unasked.
        return self._signing_secret


def _locate_small_view() -> str:
    """Where the small view of `/` is, for an address that asks for it; "" for any other."""
    if not has_request_context() or request.args.get(EMBED_FIELD) != "1":
        return ""
    is_chart = CHART_FIELD in request.args
    rule = (OVERVIEW_CHARTS_DOCUMENT if is_chart else EMBED_DOCUMENT).rule
    return f"{locate_path(rule)}?{urlencode(request.args.to_dict())}"


def _lead_to_province_of_commune(server: Flask, settings: Settings) -> None:
    """`/?commune=…`: the code of a commune decides its province, as it does at `/xa/…`."""

    @server.before_request
    def lead_to_its_province() -> ResponseReturnValue | None:
        if request.path != "/" or request.method != "GET":
            return None
        communes = reference.load_communes()
        code = request.args.get("commune", "")
        view = document.read_page_view(settings)
        if code not in communes.index or communes.at[code, "province_code"] == view.province:
            return None
        fields = {**request.args.to_dict(), "province": str(communes.at[code, "province_code"])}
        return redirect(f"{locate_path('/')}?{urlencode(fields)}")


def create_app(settings: Settings) -> dash.Dash:
    """The whole program over one store; `.server` is what gunicorn runs.

    The engine is opened here, so call it in the process that serves (after a fork). Raises
    errors.DashboardError, one plain line, where the store or a file of settings cannot be used.
    """
    if settings.is_clock_wrong():
        _log.warning("the clock stands before all figures: pages show 01/07/2025 until it is set")
    engine = store.open_store(settings.database_url, answer_seconds=ANSWER_SECONDS)
    replica = None
    if settings.read_url:
        replica = store.open_replica(settings.read_url, engine, answer_seconds=ANSWER_SECONDS)
    reports = Reports(engine, read_criteria(settings.criteria), settings.outlines_dir)
    reports.rest = answer_maker.begin_anew
    app = Dashboard(
        "dashboard",
        server=sessions.DashboardServer("dashboard"),
        assets_folder=str(ROOT / "assets"),
        assets_ignore=".",  # each page names its own script and style (bundles.py)
        use_pages=False,
        pages_folder="",
        title=document.PRODUCT_TITLE,
        update_title=None,  # type: ignore[arg-type]  # None is what switches it off
        index_string=_build_page_frame(settings.base_path),
        meta_tags=document.list_meta_elements(settings),
        serve_locally=True,
        compress=False,
        enable_mcp=False,
        add_log_handler=False,
    )
    app.describe_first_answer = lambda: describe_first_answer(settings, reports)
    _lead_to_province_of_commune(app.server, settings)
    app.plotly = plotly_bundle.make_plotly_address(settings.static_dir)
    request_log.register(app.server, settings)
    _limit_and_compress(app.server, settings)
    access.register(app.server, settings, engine)
    app.server.config["DASHBOARD_REPLICA"] = replica
    node_check = NodeCheck(engine, settings)
    _turn_away_where_files_differ(app.server, node_check)
    kept_answers.register(app.server, settings)
    limiter = access.make_limiter(app.server, settings, engine)
    app.renderer = _START_RENDERER
    # Its links carry the portal's path, which each request says.
    app.layout = build_layout if settings.base_path else build_layout()
    live.register(app, settings, reports)
    commune_names.register(app.server)
    report.register(app.server, settings, reports)
    dossier_form.register(app.server, settings, reports)
    declaration_form.register(app.server, settings, reports)
    field_report_workbook.register(app.server, settings, reports)
    bulletin_page.register(app.server, settings, reports)
    wall_page.register(app.server, settings, reports)
    heartbeats.register(app.server, settings, reports)
    task_force_page.register(app.server)
    serving.register(
        app.server, settings, reports, DOCUMENTS, {OVERVIEW_TABLE_NAME: tabulate_overview}
    )
    _answer_from_one_commit(app.server, engine, replica)
    sign_in_page.register(app.server, settings, engine, limiter)
    upload_page.register(app.server, settings, engine, limiter)
    visit_page.register(app.server, settings, engine, reports, limiter)
    task_force_listing.register(app.server, settings, reports, limiter)
    schedule_writing.register(app.server, settings, reports, limiter)
    task_force_writing.register(app.server, settings, engine, limiter)
    follow_ups_writing.register(app.server, settings, engine, limiter)
    support_writing.register(app.server, settings, engine, limiter)
    alerts_page.register(app.server, settings, engine, limiter)
    audit_page.register(app.server, settings, engine)
    administration_page.register(app.server, settings, engine, limiter)
    imports.register(app.server, settings, engine, limiter)
    v1.register(app.server, settings, reports)
    _register_checks(app.server, engine, node_check)
    metrics.register(app.server, settings, engine)
    bundles.register(app.server)
    _register_dash_scripts(app)
    plotly_bundle.register(app.server, settings.static_dir)
    security.register(app, settings.frame_ancestors)
    static_files.install_static_middleware(app.server, settings.static_dir)
    install_base_path(app.server, settings.base_path)
    workdays.load_calendar()  # before workers are forked, and where a mistake in it is told
    app.server.wsgi_app = answer_maker.know_askers(app.server.wsgi_app)  # type: ignore[method-assign]
    return app


def _build_page_frame(base_path: str) -> str:
    """The page's frame: no inline script or style, nothing from outside."""
    page = _PAGE_FRAME.replace("@icon@", static_files.find_asset_address("favicon.svg") or "data:,")
    page = page.replace("@style@", bundles.build_bundle_address("overview.css"))
    page = page.replace("@early_theme@", theme.write_early_script())
    page = page.replace("@first_style@", write_first_style())
    page = page.replace("@loader@", bundles.build_loader_frame())
    page = page.replace("@script@", bundles.build_bundle_address("overview.js"))
    return re.sub(r"(=[\"'])/", rf"\1{base_path}/", page)


def _register_dash_scripts(app: Dashboard) -> None:
    """Serves Dash's scripts in one; the parts are asked of Dash itself, which knows where its
    packages lie.
    """

    @app.server.get(f"{bundles.DASH}<version>.js")
    def dash_scripts(version: str) -> ResponseReturnValue:
        if not app.dash_scripts:
            app.index()  # names them
        if not bundles.build_dash_address(app.dash_scripts).endswith(f".{version}.js"):
            abort(404)  # of another build: it would be kept as that one
        client = static_files.make_inner_client(app.server)

        def fetch_source(source: str) -> bytes:
            with client.get(source) as response:
                if response.status_code != 200:
                    raise bundles.BundleError(f"Dash does not have {source}")
                return response.get_data()

        script = bundles.join_dash_scripts(app.dash_scripts, fetch_source)
        return bundles.respond_with_file(script, ".js")


def _limit_and_compress(server: Flask, settings: Settings) -> None:
    server.config.update(
        MAX_CONTENT_LENGTH=settings.max_body,
        # Files are compressed ahead of time (static_files.py); on the fly only what is made on the
        # fly.
        COMPRESS_MIMETYPES=["text/html", "application/json", "image/svg+xml"],
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_STREAMS=False,
    )
    server.json.ensure_ascii = False  # type: ignore[attr-defined]
    # Registered first, so that it runs last: ETags are set before it compresses and answers 304.
    Compress(server)

    @server.after_request
    def let_dash_answer_304(response: Any) -> Any:
        if (
            response.mimetype == "application/json"
            and response.status_code == 200
            and not response.get_etag()[0]
        ):
            response.add_etag(weak=True)
            response.headers.setdefault("Cache-Control", "no-cache")
        return response

    @server.errorhandler(404)
    def not_found(_error: Exception) -> ResponseReturnValue:
        # As people write it: with a slash too many, in capitals.
        meant = f"/{request.path.strip('/').lower()}"
        if meant != request.path and _is_page(server, meant):
            query = request.query_string.decode()
            return redirect(f"{locate_path(meant)}{f'?{query}' if query else ''}", 308)
        return frames.render_missing_page(), 404


def _is_page(server: Flask, path: str) -> bool:
    """Whether something is to be read at an address; what of it is no fixed word stands so in the
    one that was asked for: a secret is never turned into another."""
    try:
        rule, values = server.url_map.bind("").match(path, method="GET", return_rule=True)
    except HTTPException:
        return False
    if not all(str(value) in request.path for value in values.values()):
        return False
    # Dash takes every address there is, to say that it has none.
    return not rule.rule.startswith("/<")


def _answer_from_one_commit(server: Flask, engine: Engine, replica: Replica | None) -> None:
    """Whatever a request reads is of one commit: a file or another store that comes while it is
    answered is for the next one. What everybody sees may be of the replica.
    """

    @server.before_request
    def begin_reading() -> None:
        g.reading = ExitStack()
        source = replica if g.get("reads_replica") else None
        g.reading.enter_context(store.hold_one_commit(engine, source))

    @server.teardown_request
    def end_reading(_error: BaseException | None) -> None:
        reading = g.pop("reading", None)
        if reading is not None:
            reading.close()


def _turn_away_where_files_differ(server: Flask, node_check: NodeCheck) -> None:
    """A page by other rules than the other machines' is none: nginx asks the next one."""

    @server.before_request
    def turn_away() -> ResponseReturnValue | None:
        action = endpoints.ENDPOINT_ACTIONS.get(request.endpoint or "", Action.ENTER)
        if action is Action.ENTER or not node_check.turns_away():
            return None
        return Response(
            "Máy chủ này có tệp quy tắc hoặc danh mục khác các máy chủ kia nên không hiện số liệu; "
            "nhật ký của máy và địa chỉ /ready nói tệp nào.",
            status=503,
            mimetype="text/plain",
            headers={"Cache-Control": "no-store", "Retry-After": "30"},
        )


def _register_checks(server: Flask, engine: Engine, node_check: NodeCheck) -> None:
    @server.get("/health")
    def health() -> ResponseReturnValue:
        """Whether the process answers."""
        return jsonify(status="ok")

    probe = PageProbe(engine)

    @server.get("/ready")
    def ready() -> ResponseReturnValue:
        """Whether the store answers too and its pages are sound; a proxy sends nobody here until
        it does.
        """
        try:
            version = store.fetch_data_version(engine)
            if fault := probe.find_fault():
                _log.warning("not ready: %s", fault)
                return jsonify(status="store damaged"), 503
            if difference := node_check.find_difference():
                return jsonify(status=difference), 503
            return jsonify(status="ok", version=version.number, token=version.token)
        except (SQLAlchemyError, DashboardError) as error:
            request_log.log_unavailable(error)
            return jsonify(status="store unavailable"), 503

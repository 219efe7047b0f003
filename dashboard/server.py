"""create_app(settings): the pages, the store and the server, wired together."""

from __future__ import annotations

import logging
import re
from typing import Any

import dash
from flask import Flask, abort, jsonify
from flask.typing import ResponseReturnValue
from flask_compress import Compress
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from dashboard import bundles, safety, static, store, vendor
from dashboard.errors import DashboardError
from dashboard.pages import (
    commune_sheet,
    comparing,
    data_page,
    document,
    figures,
    finding,
    head,
    league,
    live,
    meanings,
    names_file,
    overview,
    overview_table,
    report_api,
    screens,
    shopping,
    task_force,
    throughput,
    wall,
)
from dashboard.reports import Reports, read_criteria
from dashboard.settings import ROOT, Settings

# The longest question takes well under a second; a page that waits longer is told that the store is away.
ANSWER_SECONDS = 20.0
# What Dash puts on every page: data tables (8 kB compressed), which no page of ours has, sixty components of
# dash-bootstrap-components (54 kB) of which `/` has two (bundles.DASH_INPUTS), and what only graphs need (123 kB),
# which comes with the first graph. Its old polyfill is among that: the bundle
# of graphs needs its regeneratorRuntime. The shared chunk stands in static.LAZY under its own address.
_NEVER = ("/dash_table/", "/dcc/dash_core_components-shared", "/dash_bootstrap_components/")
_WITH_GRAPHS = ("/deps/polyfill", "/dcc/dash_core_components")
_PAGE = """<!DOCTYPE html>
<html lang="vi">
<head>
{%metas%}
<title>{%title%}</title>
<link rel="icon" href="@icon@" type="image/svg+xml">
<link rel="stylesheet" href="@style@">
<script src="@script@" async></script>
<link rel="preload" href="/_dash-layout" as="fetch" crossorigin>
<link rel="preload" href="/_dash-dependencies" as="fetch" crossorigin>
</head>
<body>
<noscript>Trang này cần JavaScript; hãy bật JavaScript trong trình duyệt rồi tải lại.</noscript>
{%app_entry%}
{%config%}
{%scripts%}
{%renderer%}
</body>
</html>"""
_SCRIPT = re.compile(r'<script src="([^"]+)"></script>')
_ENTRY = '<div id="react-entry-point"><p class="loading">Đang tải…</p></div>'
# The further pages (pages/document.py): read without a script, unlike `/`.
DOCUMENTS = (
    finding.DOCUMENT,
    shopping.DOCUMENT,
    task_force.DOCUMENT,
    data_page.DOCUMENT,
    meanings.DOCUMENT,
    throughput.DOCUMENT,
    league.DOCUMENT,
    commune_sheet.DOCUMENT,
    comparing.DOCUMENT,
)
_log = logging.getLogger("dashboard")


class Dashboard(dash.Dash):
    """Dash without what our pages do not use, and with 404 for addresses that are no page."""

    pages: frozenset[str] = frozenset({"/"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.graph_scripts: list[str] = []
        self.dash_scripts: list[str] = []
        self.plotly = ""
        super().__init__(*args, **kwargs)

    def index(self, *args: Any, **kwargs: Any) -> Any:
        if f"/{kwargs.get('path', '')}" not in self.pages:
            abort(404)
        return super().index(*args, **kwargs)

    def interpolate_index(self, **parts: str) -> str:  # type: ignore[override]
        scripts = [*self.graph_scripts, *static.LAZY, self.plotly]
        later = f'<meta name="graph-scripts" content="{" ".join(scripts)}">'
        return super().interpolate_index(**{**parts, "metas": f"{parts['metas']}\n{later}", "app_entry": _ENTRY})

    def _generate_scripts_html(self) -> str:
        """One script in place of Dash's five; those that are written into the page stay."""
        every = super()._generate_scripts_html()
        self.dash_scripts = _SCRIPT.findall(every)
        return f'<script src="{bundles.dash_address(self.dash_scripts)}"></script>{_SCRIPT.sub("", every).strip()}'

    def _collect_and_register_resources(self, *args: Any, **kwargs: Any) -> list[Any]:
        found = super()._collect_and_register_resources(*args, **kwargs)
        found = [one for one in found if not any(part in str(one) for part in _NEVER)]
        with_graphs = [one for one in found if any(part in str(one) for part in _WITH_GRAPHS)]
        self.graph_scripts += [one for one in with_graphs if one not in self.graph_scripts]
        return [one for one in found if one not in with_graphs]

    def _config(self) -> dict[str, Any]:
        # Nobody outside needs to know which Python this is, nor an address that Dash never asks here.
        return {**super()._config(), "python_version": "", "dash_version_url": ""}


def create_app(settings: Settings) -> dash.Dash:
    """The whole program over one store; `.server` is what gunicorn runs.

    The engine is opened here, so call it in the process that serves (after a fork).
    Raises errors.DashboardError, one plain line, where the store or a file of settings cannot be used.
    """
    engine = store.open_store(settings.database_url, answer_seconds=ANSWER_SECONDS)
    reports = Reports(engine, read_criteria(settings.criteria), settings.outlines_dir)
    app = Dashboard(
        "dashboard",
        assets_folder=str(ROOT / "assets"),
        assets_ignore=".",  # each page names its own script and style (bundles.py)
        use_pages=False,
        pages_folder="",
        title=head.TITLE,
        update_title=None,  # type: ignore[arg-type]  # None is what switches it off
        index_string=_page(),
        meta_tags=head.metas(settings),
        # Charts are put on the page later, by need: their ids are not in the first layout.
        suppress_callback_exceptions=True,
        serve_locally=True,
        compress=False,
        enable_mcp=False,
        add_log_handler=False,
    )
    app.plotly = vendor.plotly_address(settings.static_dir)
    _limit_and_compress(app.server, settings)
    app.layout = overview.layout()
    live.register(app, settings, reports)
    names_file.register(app.server)
    report_api.register(app.server, settings, reports)
    wall.register(app.server, settings, reports)
    screens.register(app.server, reports)
    document.register(app.server, settings, reports, DOCUMENTS, {overview_table.NAME: overview_table.rows})
    figures.register(app.server, settings, reports, DOCUMENTS)
    _register_checks(app.server, engine)
    bundles.register(app.server)
    _register_dash_scripts(app)
    vendor.register(app.server, settings.static_dir)
    safety.register(app)
    static.put_in_front(app.server, settings.static_dir)
    return app


def _page() -> str:
    """The page's frame: no inline script or style, nothing from outside."""
    page = _PAGE.replace("@icon@", static.asset("favicon.svg") or "data:,")
    page = page.replace("@style@", bundles.address("overview.css"))
    return page.replace("@script@", bundles.address("overview.js"))


def _register_dash_scripts(app: Dashboard) -> None:
    """Serves Dash's scripts in one; the parts are asked of Dash itself, which knows where its packages lie."""

    @app.server.get(f"{bundles.DASH}<version>.js")
    def dash_scripts(version: str) -> ResponseReturnValue:
        if not app.dash_scripts:
            app.index()  # names them
        client = static.inner_client(app.server)

        def fetch(source: str) -> bytes:
            with client.get(source) as response:
                if response.status_code != 200:
                    raise bundles.BundleError(f"Dash does not have {source}")
                return response.get_data()

        return bundles.as_response(bundles.dash_scripts(app.dash_scripts, fetch), ".js")


def _limit_and_compress(server: Flask, settings: Settings) -> None:
    server.config.update(
        MAX_CONTENT_LENGTH=settings.max_body,
        # Files are compressed ahead of time (static.py); on the fly only what is made on the fly.
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
        if response.mimetype == "application/json" and response.status_code == 200 and not response.get_etag()[0]:
            response.add_etag(weak=True)
            response.headers.setdefault("Cache-Control", "no-cache")
        return response

    @server.errorhandler(404)
    def not_found(_error: Exception) -> ResponseReturnValue:
        return document.missing(), 404


def _register_checks(server: Flask, engine: Engine) -> None:
    @server.get("/health")
    def health() -> ResponseReturnValue:
        """Whether the process answers."""
        return jsonify(status="ok")

    @server.get("/ready")
    def ready() -> ResponseReturnValue:
        """Whether the store answers too; a proxy sends nobody here until it does."""
        try:
            return jsonify(status="ok", version=store.version(engine))
        except (SQLAlchemyError, DashboardError) as error:
            _log.warning("not ready: the store does not answer (%s)", type(error).__name__)
            return jsonify(status="store unavailable"), 503

"""The further pages: documents written on the server, whole in one answer and readable before any script.

The scripts of web/documents/ keep an open one equal to the server's: they ask with its tag and put what is new
into <main>. The tag stands for data version, build, address and day, so that a reload of the same costs a 304.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from flask import Flask, Response, abort, request
from flask.typing import ResponseReturnValue

from dashboard import bundles, reference, vendor
from dashboard.pages import answers, downloads, head, names_file, navigation
from dashboard.pages.address import View
from dashboard.pages.parts import TEMPLATES, Parts
from dashboard.reports import FIRST_DAY, Reports
from dashboard.settings import Settings
from dashboard.static import build_stamp
from dashboard.store import StoreUnavailable
from dashboard.views.plot import Figure

_log = logging.getLogger("dashboard")
# Stands for a commune's code in the address that the scripts fill in; no commune has it.
ANY_COMMUNE = "00000"
_NO_TABLES: Mapping[str, Any] = MappingProxyType({})
_UNTOLD = {"data_as_of": "", "data_time": "", "notice": ""}


@dataclass(frozen=True)
class Asked:
    """What one request asks for: province and day, the page's own fields, the parts of its path."""

    view: View
    today: date
    version: int
    reports: Reports
    query: Mapping[str, str]
    path: Mapping[str, str]

    @property
    def day(self) -> date:
        return self.view.day(self.today)

    @property
    def province_name(self) -> str:
        return reference.provinces()[self.view.province]


@dataclass(frozen=True)
class Document:
    """One page. `rule` is its address ("/xa/<code>"), `template` extends base.html, `found` gives what the
    template writes: cheap values, and for each part a function that makes it (parts.Parts).

    `bundle` is the folder of dashboard/web whose script and style it has. `found` may abort(404) or return an answer
    of its own (a redirect). `keeps` are the page's own fields of the address, which stay when the day changes;
    `filters` tells them in words on paper; `downloads` are its tables as CSV (/tai/<name>.csv); `figures` are its
    charts, given whether they are for the dark (pages/figures.py); `elsewhere` is where a change of province leads,
    by default to the same page; `headers` its answers carry too.
    """

    rule: str
    title: str
    template: str
    found: Callable[[Asked], Mapping[str, Any] | Response]
    bundle: str
    keeps: tuple[str, ...] = ()
    filters: Callable[[Asked], str] = lambda _asked: ""
    downloads: Mapping[str, Callable[[Asked], downloads.Rows]] = field(default_factory=dict)
    figures: Mapping[str, Callable[[Asked, bool], Figure]] = field(default_factory=dict)
    elsewhere: str = ""
    beside: Callable[[Asked], object] = lambda _asked: ""
    headers: Mapping[str, str] = field(default_factory=dict)


Tables = Mapping[str, Callable[[Asked], downloads.Rows]]


def register(
    server: Flask, settings: Settings, reports: Reports, documents: Sequence[Document], more: Tables = _NO_TABLES
) -> None:
    """Adds the documents, and /tai/<name>.csv for their tables and `more` (of `/`), to `server`."""
    for document in documents:
        server.add_url_rule(document.rule, document.rule, _answering(document, settings, reports), methods=["GET"])
    tables = {**more, **{name: rows for document in documents for name, rows in document.downloads.items()}}

    @server.get("/tai/<name>.csv")
    def download(name: str) -> ResponseReturnValue:
        if name not in tables:
            abort(404)
        asked = asking(settings, reports, {})
        return downloads.csv_answer(tables[name](asked), f"{name}_{asked.view.province}_{asked.day}")


def asking(settings: Settings, reports: Reports, path: Mapping[str, str]) -> Asked:
    """What the present request asks for; `path` are the parts of its path. Raises StoreUnavailable."""
    today = settings.today()
    view = View.from_query(request.args, default_province=settings.province, today=today)
    return Asked(view, today, reports.version(), reports, request.args, path)


def _answering(document: Document, settings: Settings, reports: Reports) -> Callable[..., ResponseReturnValue]:
    def answer(**path: str) -> ResponseReturnValue:
        try:
            asked = asking(settings, reports, path)
            etag = answers.tag(asked.version, build_stamp(), request.full_path, asked.today, document.beside(asked))
            if known := answers.not_modified(etag):
                return known
            found = document.found(asked)
            if isinstance(found, Response):
                return found
            parts = Parts(request.path)
            page = TEMPLATES.get_template(document.template).render(
                **_frame(document, asked, settings, etag), **found, part=parts
            )
        except StoreUnavailable:
            return _away(document, settings)
        headers = answers.asked_again(etag)
        if parts.broken:
            # It may be whole a moment later: no browser keeps such an answer, and an open page asks again before long.
            unsound = answers.unsound(etag)
            page = page.replace(etag, unsound)
            headers = {**answers.asked_again(unsound), "Cache-Control": "no-store"}
        return answers.compressed(page.encode(), "text/html", {**document.headers, **headers})

    return answer


def _away(document: Document, settings: Settings) -> Response:
    """The frame without figures; its script asks again by itself until the store is back."""
    _log.warning("%r not answered (503): the store is unavailable", request.path)
    today = settings.today()
    view = View.from_query(request.args, default_province=settings.province, today=today)
    asked = Asked(view, today, 0, None, request.args, {})  # type: ignore[arg-type]  # nobody asks it any more
    frame = _frame(document, asked, settings, "", away=True)
    page = TEMPLATES.get_template("away.html").render(**frame)
    return answers.compressed(page.encode(), "text/html", {"Cache-Control": "no-store", "Retry-After": "30"}, 503)


def missing() -> str:
    """What stands at an address that is no page: the way to all that are. Asks nothing of the store."""
    return TEMPLATES.get_template("missing.html").render(
        pages=navigation.PAGES, style=bundles.address("documents.css"), product=head.TITLE
    )


def _frame(document: Document, asked: Asked, settings: Settings, etag: str, *, away: bool = False) -> dict[str, Any]:
    """What base.html writes around a page; while the store is away nothing of it is asked for."""
    view, charts = asked.view, bool(document.figures)
    kept = {name: asked.query[name] for name in document.keeps if asked.query.get(name)}
    return {
        "title": document.title,
        "filters": "" if away else _filters(document, asked),
        "asked": asked,
        "view": view,
        "told": dict(_UNTOLD) if away else _told(asked),
        "tag": etag,
        "metas": head.metas(settings),
        "product": head.TITLE,
        "names": names_file.address(view.province),
        "style": bundles.address(f"{document.bundle}.css"),
        "script": bundles.address(f"{document.bundle}.js"),
        "plotly": vendor.plotly_address(settings.static_dir) if charts else "",
        "path": request.path,
        "action": document.elsewhere or request.path,
        "kept": kept,
        "pages": [(navigation.address(one.path, view), one.word, one.path == request.path) for one in navigation.PAGES],
        "live": navigation.address(request.path, View(view.province), kept),
        "provinces": reference.provinces(),
        "commune_pattern": navigation.commune_address(ANY_COMMUNE, view),
        "first_day": FIRST_DAY,
        "link": lambda path, more=MappingProxyType({}): navigation.address(path, view, more),
    }


def _told(asked: Asked) -> dict[str, str]:
    """How old the figures are and whether they are simulated; unknown where that cannot be found out."""
    try:
        return asked.reports.told(asked.view.province, asked.day, asked.version)
    except StoreUnavailable:
        raise
    except Exception as error:
        _log.error("age of the data not found: %s", type(error).__name__)
        return dict(_UNTOLD)


def _filters(document: Document, asked: Asked) -> str:
    """What the page is narrowed to, for paper; where that cannot be told, the page stands all the same."""
    try:
        return document.filters(asked)
    except StoreUnavailable:
        raise
    except Exception as error:
        _log.error("filters of %r not told: %s", request.path, type(error).__name__)
        return ""

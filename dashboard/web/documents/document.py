"""The further pages: documents written on the server, whole in one answer and readable before any
script.

The scripts of web/documents/ keep an open one equal to the server's: they ask with its tag and put
what is new into <main>. The tag stands for data version, build, address and day, so that a reload
of the same costs a 304.
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

from dashboard import reference
from dashboard.data_version import UNKNOWN_VERSION, DataVersion
from dashboard.indicators.report import Report
from dashboard.names import list_official_names
from dashboard.reference import FIRST_DAY
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.store import StoreUnavailable
from dashboard.text import format_day
from dashboard.web import bundles, plotly_bundle, static_files, theme
from dashboard.web.base_path import locate_path
from dashboard.web.charts.plot import PlotlyFigure
from dashboard.web.documents import (
    commune_names,
    data_sources,
    http_caching,
    navigation,
)
from dashboard.web.documents.address import PageView
from dashboard.web.documents.downloads import DownloadTable, name_download, respond_with_csv
from dashboard.web.documents.guarded_sections import TEMPLATES, FailureRecorder, GuardedSections
from dashboard.web.documents.misread import list_misread_choices, list_misread_params
from dashboard.web.documents.sharing import describe_link, tell_readiness
from dashboard.web.documents.small_views import (
    CHART_FIELD,
    EMBED_FIELD,
    SMALL_BUNDLE,
    THEME_FIELD,
    PageChart,
    SmallView,
    cut_chart,
    parse_theme,
)
from dashboard.web.documents.workbooks import WORKBOOK_TYPE, write_workbook
from dashboard.web.kept_answers import KeptAnswer, MadeAnswer
from dashboard.web.request_log import log_unavailable
from dashboard.web.static_files import compute_build_stamp
from dashboard.web.words.explain import HEADLINE_DIMENSIONS

# What stands in the head of every page: its name, its description, and what its scripts need to
# know.

PRODUCT_TITLE = "Mức độ sẵn sàng của cấp xã"
PRODUCT_DESCRIPTION = (
    "Mức độ sẵn sàng và tiến độ giải quyết hồ sơ của các xã, phường, đặc khu, tự cập nhật."
)


def list_meta_elements(settings: Settings) -> list[dict[str, str]]:
    """The attributes of each meta element."""
    return [
        {"name": "viewport", "content": "width=device-width, initial-scale=1"},
        {"name": "description", "content": PRODUCT_DESCRIPTION},
        {"name": "color-scheme", "content": "light dark"},
        {
            "name": "theme-color",
            "content": theme.pick_colour("paper"),
            "media": "(prefers-color-scheme: light)",
        },
        {
            "name": "theme-color",
            "content": theme.pick_colour("paper", dark=True),
            "media": "(prefers-color-scheme: dark)",
        },
        {"name": "base-path", "content": settings.base_path},
        {"name": "build", "content": static_files.compute_build_stamp()},
        {"name": "poll-seconds", "content": str(settings.poll_seconds)},
    ]


_log = logging.getLogger("dashboard")
# Stands for a commune's code in the address that the scripts fill in; no commune has it.
ANY_COMMUNE = "00000"
_NO_TABLES: Mapping[str, Any] = MappingProxyType({})
_UNKNOWN_FRESHNESS = {"whose": "", "data_as_of": "", "data_time": "", "notice": ""}


@dataclass(frozen=True)
class PageRequest:
    """What one request asks for: province and day, the page's own fields, the parts of its path."""

    view: PageView
    today: date
    version: DataVersion
    reports: Reports
    query: Mapping[str, str]
    path: Mapping[str, str]

    @property
    def day(self) -> date:
        return self.view.day(self.today)

    @property
    def report(self) -> Report:
        """The report of the province and day, made once for each version of the data."""
        return self.reports.report(self.view.province, self.day, self.version)

    @property
    def province_name(self) -> str:
        return reference.load_province_names()[self.view.province]


@dataclass(frozen=True)
class Document:
    """One page. `rule` is its address ("/xa/<code>"), `template` extends base.html, `context` gives
    what the template writes: cheap values, and for each part a function that makes it
    (GuardedSections).

    `bundle` is the folder of dashboard/web whose script and style it has. `context` may abort(404)
    or return an answer of its own (a redirect). `preserved_params` are the page's own fields of the
    address, which stay when the day changes; `filters` tells them in words on paper; `downloads`
    are its tables (/tai/<name>.csv and .xlsx); `figures` are its charts, given whether they are for
    the dark (chart_files.py); `province_change_path` is where a change of province leads, by
    default to the same page; `headers` its answers carry too; `misread` tells what of its own
    fields was not understood; `is_kept` is false where it tells more than its tag stands for, such
    as the minute in which something was heard; `shared` is the figure that a chat shows of a link;
    `small` is its view for frames of other sites, and where `template` is empty its only one,
    `charts` are those of its charts that may stand there alone (small_views.py);
    `freshness` tells the age of its figures, and `whose` they are, where that is not the chosen
    province's.
    """

    rule: str
    title: str
    template: str
    context: Callable[[PageRequest], Mapping[str, Any] | Response]
    bundle: str
    preserved_params: tuple[str, ...] = ()
    filters: Callable[[PageRequest], str] = lambda _page_request: ""
    downloads: Mapping[str, Callable[[PageRequest], DownloadTable]] = field(default_factory=dict)
    figures: Mapping[str, Callable[[PageRequest, bool], PlotlyFigure]] = field(default_factory=dict)
    province_change_path: str = ""
    extra_etag: Callable[[PageRequest], object] = lambda _page_request: ""
    headers: Mapping[str, str] = field(default_factory=dict)
    misread: Callable[[PageRequest], list[str]] = lambda _page_request: []
    is_kept: bool = True
    shared: Callable[[PageRequest], str] = lambda page_request: tell_readiness(page_request.report)
    small: SmallView | None = None
    charts: Mapping[str, PageChart] = field(default_factory=dict)
    freshness: Callable[[PageRequest], Mapping[str, str]] | None = None


DownloadTables = Mapping[str, Callable[[PageRequest], DownloadTable]]


def register(
    server: Flask,
    settings: Settings,
    reports: Reports,
    documents: Sequence[Document],
    more_tables: DownloadTables = _NO_TABLES,
) -> None:
    """Adds the documents, and /tai/<name>.csv and .xlsx for their tables and `more_tables` (of
    `/`), to `server`.
    """
    server.config["DASHBOARD_DOCUMENTS"] = documents
    for document in documents:
        server.add_url_rule(
            document.rule,
            document.rule,
            _make_document_view(document, settings, reports),
            methods=["GET"],
        )
    tables = {
        **more_tables,
        **{name: rows for document in documents for name, rows in document.downloads.items()},
    }

    page_of_table = {name: document for document in documents for name in document.downloads}

    @server.get("/tai/<name>.csv")
    @http_caching.tell_store_unavailable
    def download(name: str) -> Response:
        if name not in tables:
            abort(404)
        page_request = read_page_request(settings, reports, {})
        file_name = _name_file(name, page_request, page_of_table.get(name))
        return respond_with_csv(tables[name](page_request), file_name)

    @server.get("/tai/<name>.xlsx")
    @http_caching.tell_store_unavailable
    def download_workbook(name: str) -> Response:
        if name not in tables:
            abort(404)
        page_request = read_page_request(settings, reports, {})
        table = tables[name](page_request)
        page = page_of_table.get(name)
        notes = _list_table_notes(table, page_request, page)
        content = write_workbook(table, notes, simulated=_is_simulated(page, page_request))
        headers = name_download(_name_file(name, page_request, page), "xlsx")
        return Response(content, mimetype=WORKBOOK_TYPE, headers=headers)


def _name_file(name: str, page_request: PageRequest, page: Document | None) -> str:
    province = "" if page and page.freshness else f"_{page_request.view.province}"
    return f"{name}{province}_{page_request.day}"


def _is_simulated(page: Document | None, page_request: PageRequest) -> bool:
    if page and page.freshness:
        return bool(page.freshness(page_request)["notice"])
    province = page_request.view.province
    return data_sources.is_simulated(page_request.reports, province, page_request.version)


def _list_table_notes(
    table: DownloadTable, page_request: PageRequest, page: Document | None
) -> list[tuple[str, str]]:
    """What the second sheet says of a table: whose figures, of when, narrowed to what."""
    freshness = _describe_freshness(page_request, page)
    notes = [
        ("Tỉnh, thành phố", freshness["whose"] or page_request.province_name),
        ("Ngày xem", format_day(page_request.day)),
        ("Phạm vi", _describe_filters(page, page_request) if page else ""),
        ("Số liệu", freshness["data_as_of"]),
        ("Nguồn", table.source or _tell_sources(page_request) or "chưa có số liệu"),
        ("Lưu ý", freshness["notice"]),
        ("Ô trống", "chưa biết hoặc không có; số 0 là không"),
    ]
    return [(word, sentence) for word, sentence in notes if sentence]


def _tell_sources(page_request: PageRequest) -> str:
    kind_words = data_sources.list_kind_words()
    counting = data_sources.select_sources_until(
        page_request.reports, page_request.view.province, page_request.day, page_request.version
    )
    newest = counting.groupby("kind")["as_of"].max()
    return "; ".join(
        f"{kind_words.get(str(kind), str(kind))}, đến {format_day(moment)}"
        for kind, moment in newest.items()
    )


def read_page_request(settings: Settings, reports: Reports, path: Mapping[str, str]) -> PageRequest:
    """What the present request asks for; `path`: the parts of its path. Raises StoreUnavailable."""
    view = read_page_view(settings)
    return PageRequest(view, settings.today(), reports.version(), reports, request.args, path)


def read_page_view(settings: Settings) -> PageView:
    """Which province and day the present request asks for."""
    return PageView.from_query(
        request.args, default_province=settings.province, today=settings.today()
    )


def describe_address(settings: Settings) -> str:
    """The title of `/` as the present request's address asks for it: commune, layer, past day,
    product, province. Nothing of it is as somebody wrote it there.
    """
    view = read_page_view(settings)
    names = list_official_names(view.province)
    parts = [
        names.get(request.args.get("commune", ""), ""),
        HEADLINE_DIMENSIONS.get(request.args.get("show", ""), ""),
        describe_view(view),
    ]
    return " · ".join(filter(None, parts))


def describe_view(view: PageView) -> str:
    """The title of `/` for a province and day."""
    past_day = f"ngày {format_day(view.as_of)} · " if view.as_of else ""
    return f"{past_day}{PRODUCT_TITLE} · {reference.load_province_names()[view.province]}"


def _make_document_view(
    document: Document, settings: Settings, reports: Reports
) -> Callable[..., ResponseReturnValue]:
    def answer(**path: str) -> ResponseReturnValue:
        try:
            page_request = read_page_request(settings, reports, path)
            etag = http_caching.compute_etag(
                page_request.version,
                compute_build_stamp(),
                request.full_path,
                page_request.today,
                document.extra_etag(page_request),
            )
            if unchanged := http_caching.answer_if_unchanged(etag):
                return unchanged
            return _respond_with_document(document, page_request, settings, etag)
        except StoreUnavailable as error:
            log_unavailable(error)
            return _answer_unavailable(document, settings)

    return answer


def _respond_with_document(
    document: Document, page_request: PageRequest, settings: Settings, etag: str
) -> ResponseReturnValue:
    small = _choose_small_view(document)
    is_chart = _is_chart_asked(document)
    source = document if is_chart else small or document

    def make() -> MadeAnswer:
        context = source.context(page_request)
        if isinstance(context, Response):
            raise http_caching.AnsweredOtherwise
        sections = GuardedSections(request.path, etag)
        frame_context = (
            _small_frame_context(document, small, page_request, settings)
            if small or is_chart
            else _frame_context(document, page_request, settings)
        )
        if is_chart:
            whole_page = TEMPLATES.get_template(document.template).render(
                **_frame_context(document, page_request, settings), **context, part=sections
            )
            chart = cut_chart(whole_page, request.args[CHART_FIELD])
            page = TEMPLATES.get_template("embed_chart.html").render(
                **frame_context, chart=chart, needs_script=chart.is_figure
            )
        else:
            page = TEMPLATES.get_template(source.template).render(
                **frame_context, **context, part=sections
            )
        return MadeAnswer(
            page.encode(),
            sections.etag,
            is_sound=not sections.broken,
            # A misread page repeats what somebody wrote into its address.
            may_be_kept=document.is_kept and not frame_context["misread"],
        )

    def list_headers(answer: MadeAnswer | KeptAnswer) -> dict[str, str]:
        headers = {**document.headers, **http_caching.revalidate_headers(answer.etag)}
        if not answer.is_sound:
            # It may be whole a moment later: no browser keeps such an answer, and an open page asks
            # again before long.
            headers["Cache-Control"] = "no-store"
        return headers

    try:
        return http_caching.respond_with_made(etag, "text/html", make, list_headers)
    except http_caching.AnsweredOtherwise:
        # Made anew for each who asks: an answer is no value that threads could share.
        return source.context(page_request)  # type: ignore[return-value]


def _answer_unavailable(document: Document, settings: Settings) -> Response:
    """The frame without figures; its script asks again by itself until the store is back."""
    page_request = PageRequest(
        read_page_view(settings),
        settings.today(),
        version=UNKNOWN_VERSION,
        reports=None,  # type: ignore[arg-type]  # nobody asks it any more
        query=request.args,
        path={},
    )
    small = _choose_small_view(document)
    if small or _is_chart_asked(document):
        template = "embed.html"
        frame_context = _small_frame_context(
            document, small, page_request, settings, unavailable=True
        )
    else:
        template = "away.html"
        frame_context = _frame_context(document, page_request, settings, unavailable=True)
    page = TEMPLATES.get_template(template).render(
        **frame_context, part=GuardedSections(request.path, "")
    )
    return http_caching.respond_compressed(
        page.encode(), "text/html", {"Cache-Control": "no-store", "Retry-After": "30"}, 503
    )


def render_missing_page() -> str:
    """What stands at an address that is no page: the way to all that are. Asks nothing of the
    store.
    """
    return TEMPLATES.get_template("missing.html").render(
        pages=navigation.PAGES,
        style=bundles.build_bundle_address("documents.css"),
        product=PRODUCT_TITLE,
    )


def _choose_small_view(document: Document) -> SmallView | None:
    """The small view where the present request asks for it, or the page has no other."""
    is_asked = request.args.get(EMBED_FIELD) == "1"
    return document.small if is_asked or not document.template else None


def _is_chart_asked(document: Document) -> bool:
    """Whether the present request asks for a chart that is cut out of the page."""
    is_asked = request.args.get(EMBED_FIELD) == "1" and CHART_FIELD in request.args
    return bool(is_asked and document.charts and document.template)


def _small_frame_context(
    document: Document,
    small: SmallView | None,
    page_request: PageRequest,
    settings: Settings,
    *,
    unavailable: bool = False,
) -> dict[str, Any]:
    """What embed.html writes around a small view or a chart."""
    view = page_request.view
    name = page_request.query.get(CHART_FIELD, "")
    chart = document.charts.get(name)
    styles = [SMALL_BUNDLE, *([document.bundle] if chart and document.template else [])]
    misread = list_misread_params(page_request.query, view)
    if name and document.charts and not chart:
        misread += list_misread_choices(page_request.query, {CHART_FIELD: ""})
    misread += list_misread_choices(
        page_request.query, {THEME_FIELD: parse_theme(page_request.query)}
    )
    if not unavailable:
        misread += _list_misread(document, page_request)
    return {
        "title": document.title,
        "page_request": page_request,
        "product": PRODUCT_TITLE,
        "theme": parse_theme(page_request.query),
        "styles": [bundles.build_bundle_address(f"{name}.css") for name in styles],
        "script": bundles.build_bundle_address(f"{SMALL_BUNDLE}.js"),
        "plotly": plotly_bundle.make_plotly_address(settings.static_dir),
        "chart_words": chart.words if chart else "Biểu đồ",
        "freshness": dict(_UNKNOWN_FRESHNESS)
        if unavailable
        else _describe_freshness(page_request, document),
        "misread": "; ".join(misread),
        "whole": navigation.build_address(
            (small and small.whole) or request.path,
            view,
            _select_preserved(document, page_request) if chart else {},
        ),
    }


def _select_preserved(document: Document, page_request: PageRequest) -> dict[str, str]:
    """The page's own fields as the address has them."""
    return {
        name: page_request.query[name]
        for name in document.preserved_params
        if page_request.query.get(name)
    }


def _frame_context(
    document: Document,
    page_request: PageRequest,
    settings: Settings,
    *,
    unavailable: bool = False,
) -> dict[str, Any]:
    """What base.html writes around a page; while the store is away nothing of it is asked for."""
    view = page_request.view
    freshness = (
        dict(_UNKNOWN_FRESHNESS) if unavailable else _describe_freshness(page_request, document)
    )
    has_charts = bool(document.figures)
    preserved = _select_preserved(document, page_request)
    return {
        "title": document.title,
        "filters": "" if unavailable else _describe_filters(document, page_request),
        "page_request": page_request,
        "view": view,
        "misread": "; ".join(
            list_misread_params(page_request.query, view)
            + ([] if unavailable else _list_misread(document, page_request))
        ),
        "freshness": freshness,
        "whose": freshness["whose"] or page_request.province_name,
        "metas": list_meta_elements(settings),
        "product": PRODUCT_TITLE,
        "shared": describe_link(
            freshness["whose"] or page_request.province_name,
            page_request.day,
            "" if unavailable else _tell_shared(document, page_request),
            PRODUCT_DESCRIPTION,
        ),
        "names": commune_names.build_names_address(view.province),
        "style": bundles.build_bundle_address(f"{document.bundle}.css"),
        "script": bundles.build_bundle_address(f"{document.bundle}.js"),
        "plotly": plotly_bundle.make_plotly_address(settings.static_dir) if has_charts else "",
        "path": request.path,
        "embedding": navigation.build_address(
            navigation.EMBED_PATH,
            view,
            {"page": navigation.build_address(request.path, view, preserved)},
        )
        if document.charts
        else "",
        "action": locate_path(document.province_change_path or request.path),
        # A commune's page leads away where another province is chosen.
        "kept": {**preserved, **({"was": view.province} if "<code>" in document.rule else {})},
        "pages": [
            (navigation.build_address(entry.path, view), entry.word, entry.path)
            for entry in navigation.PAGES
        ],
        "bar_path": navigation.find_bar_path(request.path),
        "nation_path": navigation.NATION_PATH,
        "field_links": navigation.list_field_links(request.path, view),
        "live": navigation.build_address(request.path, PageView(view.province), preserved),
        "provinces": reference.load_province_names(),
        "commune_pattern": navigation.build_commune_address(ANY_COMMUNE, view),
        "first_day": FIRST_DAY,
        "link": lambda path, fields=MappingProxyType({}): navigation.build_address(
            path, view, fields
        ),
    }


def _describe_freshness(page_request: PageRequest, page: Document | None) -> dict[str, str]:
    """How old the figures are and whether they are simulated; unknown where that cannot be found
    out.
    """
    with FailureRecorder("age of the data"):
        if page and page.freshness:
            return {**_UNKNOWN_FRESHNESS, **page.freshness(page_request)}
        freshness = data_sources.tell_data_freshness(
            page_request.reports, page_request.view.province, page_request.day, page_request.version
        )
        return {**_UNKNOWN_FRESHNESS, **freshness}
    return dict(_UNKNOWN_FRESHNESS)


def _list_misread(document: Document, page_request: PageRequest) -> list[str]:
    """What of the page's own fields was not understood; it stands all the same."""
    with FailureRecorder(f"misread fields of {request.path!r}"):
        return document.misread(page_request)
    return []


def _tell_shared(document: Document, page_request: PageRequest) -> str:
    """The figure for a chat; where it cannot be told, the page stands all the same."""
    with FailureRecorder(f"shared figure of {request.path!r}"):
        return document.shared(page_request)
    return ""


def _describe_filters(document: Document, page_request: PageRequest) -> str:
    """What the page is narrowed to, for paper; where that cannot be told, the page stands all the
    same.
    """
    with FailureRecorder(f"filters of {request.path!r}"):
        return document.filters(page_request)
    return ""

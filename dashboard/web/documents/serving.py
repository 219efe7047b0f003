"""How documents are answered: the page in its frame, its tables to take along (/tai/<name>.csv and
.xlsx), its charts (<page>/bieu-do/<name>.json); while the store is away the frame without figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from flask import Flask, Response, abort, request
from flask.typing import ResponseReturnValue

from dashboard.data_version import UNKNOWN_VERSION
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.store import StoreUnavailable
from dashboard.text import format_day
from dashboard.web.charts.plot import GRAPH_CONFIG
from dashboard.web.documents import data_sources, http_caching
from dashboard.web.documents.document import (
    Document,
    PageRequest,
    read_page_request,
    read_page_view,
)
from dashboard.web.documents.downloads import DownloadTable, name_download, respond_with_csv
from dashboard.web.documents.frames import (
    build_frame_context,
    build_small_frame_context,
    choose_small_view,
    describe_filters,
    describe_freshness,
    is_chart_asked,
)
from dashboard.web.documents.guarded_sections import TEMPLATES, GuardedSections
from dashboard.web.documents.small_views import CHART_FIELD, cut_chart
from dashboard.web.documents.workbooks import WORKBOOK_TYPE, write_workbook
from dashboard.web.kept_answers import KeptAnswer, MadeAnswer
from dashboard.web.request_log import log_unavailable
from dashboard.web.static_files import compute_build_stamp

_NO_TABLES: Mapping[str, Any] = MappingProxyType({})
DownloadTables = Mapping[str, Callable[[PageRequest], DownloadTable]]


def register(
    server: Flask,
    settings: Settings,
    reports: Reports,
    documents: Sequence[Document],
    more_tables: DownloadTables = _NO_TABLES,
) -> None:
    """Adds the documents with their charts, and the files of their tables and of `more_tables` (of
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

    _register_figures(server, settings, reports, documents)


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
    freshness = describe_freshness(page_request, page)
    notes = [
        ("Tỉnh, thành phố", freshness["whose"] or page_request.province_name),
        ("Ngày xem", format_day(page_request.day)),
        ("Phạm vi", describe_filters(page, page_request) if page else ""),
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
    small = choose_small_view(document)
    is_chart = is_chart_asked(document)
    source = document if is_chart else small or document

    def make() -> MadeAnswer:
        context = source.context(page_request)
        if isinstance(context, Response):
            raise http_caching.AnsweredOtherwise
        sections = GuardedSections(request.path, etag)
        if small or is_chart:
            frame_context = build_small_frame_context(document, small, page_request, settings)
        else:
            frame_context = build_frame_context(document, page_request, settings)
        if is_chart:
            whole_page = TEMPLATES.get_template(document.template).render(
                **build_frame_context(document, page_request, settings), **context, part=sections
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
    small = choose_small_view(document)
    if small or is_chart_asked(document):
        template = "embed.html"
        frame_context = build_small_frame_context(
            document, small, page_request, settings, unavailable=True
        )
    else:
        template = "away.html"
        frame_context = build_frame_context(document, page_request, settings, unavailable=True)
    page = TEMPLATES.get_template(template).render(
        **frame_context, part=GuardedSections(request.path, "")
    )
    return http_caching.respond_compressed(
        page.encode(), "text/html", {"Cache-Control": "no-store", "Retry-After": "30"}, 503
    )


# The charts, each asked for when its place comes near the view. A figure hangs on its page's own
# address, so that /xa/21250/bieu-do/… sees what /xa/21250 sees; `dark=1` asks for the colours of
# the night, which Plotly cannot read from the style sheet.


def _register_figures(
    server: Flask, settings: Settings, reports: Reports, documents: Sequence[Document]
) -> None:
    """Adds the figures of the documents (`Document.figures`) to `server`."""
    for document in documents:
        if document.figures:
            rule = f"{document.rule}/bieu-do/<figure>.json"
            server.add_url_rule(
                rule, rule, _make_figure_view(document, settings, reports), methods=["GET"]
            )


def _make_figure_view(
    document: Document, settings: Settings, reports: Reports
) -> Callable[..., ResponseReturnValue]:
    @http_caching.tell_store_unavailable
    def answer(figure: str, **path: str) -> Response:
        if figure not in document.figures:
            abort(404)
        page_request = read_page_request(settings, reports, path)
        etag = http_caching.compute_etag(
            page_request.version, compute_build_stamp(), request.full_path, page_request.today
        )
        dark = request.args.get("dark") == "1"
        return http_caching.respond_with_json(
            etag, lambda: {**document.figures[figure](page_request, dark), "config": GRAPH_CONFIG}
        )

    return answer

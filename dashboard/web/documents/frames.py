"""What stands around every page: its head and bars, how old its figures are, what of its address
was not understood; likewise around a small view for other sites, and while the store is away.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from flask import request

from dashboard import reference
from dashboard.reference import FIRST_DAY
from dashboard.settings import Settings
from dashboard.web import bundles, plotly_bundle
from dashboard.web.base_path import locate_path
from dashboard.web.documents import commune_names, data_sources, navigation
from dashboard.web.documents.address import PageView
from dashboard.web.documents.document import (
    ANY_COMMUNE,
    PRODUCT_DESCRIPTION,
    PRODUCT_TITLE,
    Document,
    PageRequest,
    list_meta_elements,
)
from dashboard.web.documents.guarded_sections import TEMPLATES, FailureRecorder
from dashboard.web.documents.misread import list_misread_choices, list_misread_params
from dashboard.web.documents.small_views import (
    CHART_FIELD,
    EMBED_FIELD,
    SMALL_BUNDLE,
    THEME_FIELD,
    SmallView,
    parse_theme,
)
from dashboard.web.words.headline import describe_link

_UNKNOWN_FRESHNESS = {"whose": "", "data_as_of": "", "data_time": "", "notice": ""}


def choose_small_view(document: Document) -> SmallView | None:
    """The small view where the present request asks for it, or the page has no other."""
    is_asked = request.args.get(EMBED_FIELD) == "1"
    return document.small if is_asked or not document.template else None


def is_chart_asked(document: Document) -> bool:
    """Whether the present request asks for a chart that is cut out of the page."""
    is_asked = request.args.get(EMBED_FIELD) == "1" and CHART_FIELD in request.args
    return bool(is_asked and document.charts and document.template)


def build_small_frame_context(
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
    freshness = dict(_UNKNOWN_FRESHNESS)
    if not unavailable:
        misread += _list_misread(document, page_request)
        freshness = describe_freshness(page_request, document)
    return {
        "title": document.title,
        "page_request": page_request,
        "product": PRODUCT_TITLE,
        "theme": parse_theme(page_request.query),
        "styles": [bundles.build_bundle_address(f"{name}.css") for name in styles],
        "script": bundles.build_bundle_address(f"{SMALL_BUNDLE}.js"),
        "plotly": plotly_bundle.make_plotly_address(settings.static_dir),
        "chart_words": chart.words if chart else "Biểu đồ",
        "freshness": freshness,
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


def build_frame_context(
    document: Document,
    page_request: PageRequest,
    settings: Settings,
    *,
    unavailable: bool = False,
) -> dict[str, Any]:
    """What base.html writes around a page; while the store is away nothing of it is asked for."""
    view = page_request.view
    misread = list_misread_params(page_request.query, view)
    freshness = dict(_UNKNOWN_FRESHNESS)
    filters = ""
    shared = ""
    if not unavailable:
        misread += _list_misread(document, page_request)
        freshness = describe_freshness(page_request, document)
        filters = describe_filters(document, page_request)
        shared = _tell_shared(document, page_request)
    has_charts = bool(document.figures)
    preserved = _select_preserved(document, page_request)
    embedding = ""
    if document.charts:
        page_address = navigation.build_address(request.path, view, preserved)
        embedding = navigation.build_address(navigation.EMBED_PATH, view, {"page": page_address})
    return {
        "title": document.title,
        "filters": filters,
        "page_request": page_request,
        "view": view,
        "misread": "; ".join(misread),
        "freshness": freshness,
        "whose": freshness["whose"] or page_request.province_name,
        "metas": list_meta_elements(settings),
        "product": PRODUCT_TITLE,
        "shared": describe_link(
            freshness["whose"] or page_request.province_name,
            page_request.day,
            shared,
            PRODUCT_DESCRIPTION,
        ),
        "names": commune_names.build_names_address(view.province),
        "style": bundles.build_bundle_address(f"{document.bundle}.css"),
        "script": bundles.build_bundle_address(f"{document.bundle}.js"),
        "plotly": plotly_bundle.make_plotly_address(settings.static_dir) if has_charts else "",
        "path": request.path,
        "embedding": embedding,
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


def describe_freshness(page_request: PageRequest, page: Document | None) -> dict[str, str]:
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


def describe_filters(document: Document, page_request: PageRequest) -> str:
    """What the page is narrowed to, for paper; where that cannot be told, the page stands all the
    same.
    """
    with FailureRecorder(f"filters of {request.path!r}"):
        return document.filters(page_request)
    return ""


def render_missing_page() -> str:
    """What stands at an address that is no page: the way to all that are. Asks nothing of the
    store.
    """
    return TEMPLATES.get_template("missing.html").render(
        pages=navigation.PAGES,
        style=bundles.build_bundle_address("documents.css"),
        product=PRODUCT_TITLE,
    )

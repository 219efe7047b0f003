"""/toan-quoc: all provinces at a glance: what is known of each, by whom, of when.

Painted from one small summary a province (national.py); no report is made for it. Provinces are
never ranked: their sources differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from dashboard.indicators.nation import ProvinceDigest
from dashboard.web.documents import data_sources, navigation
from dashboard.web.documents.address import PageView
from dashboard.web.documents.document import Document, PageRequest
from dashboard.web.documents.downloads import DownloadTable
from dashboard.web.documents.small_views import PageChart
from dashboard.web.nation import charts, words

_WHOSE = "Toàn quốc"


def _list_summaries(page_request: PageRequest) -> tuple[ProvinceDigest, ...]:
    return page_request.reports.national.list_summaries(page_request.day, page_request.version)


def build_nation_context(page_request: PageRequest) -> Mapping[str, Any]:
    """What page.html writes."""
    return {
        "headline": lambda: words.tell_nation_title(_list_summaries(page_request)),
        "coverage": lambda: words.tell_nation_coverage(_list_summaries(page_request)),
        "nation": lambda: _describe_nation(page_request),
        "not_ranked": words.NOT_RANKED,
    }


def _describe_nation(page_request: PageRequest) -> dict[str, Any]:
    rows = [_describe_row(page_request, summary) for summary in _list_summaries(page_request)]
    return {
        "rows": rows,
        "with_data": sum(row["has_data"] for row in rows),
        "sizes": charts.list_sizes(),
        "islands": charts.draw_islands(),
    }


def _describe_row(page_request: PageRequest, summary: ProvinceDigest) -> dict[str, Any]:
    view = PageView(summary.province, page_request.view.as_of)
    return {
        "code": summary.province,
        "name": words.name_province(summary),
        "href": navigation.build_address("/", view),
        "units": summary.units,
        "has_data": summary.has_data,
        "levels": words.describe_levels(summary),
        "not_rated": summary.not_rated,
        "coverage": words.list_coverage(summary),
        "missing": words.list_missing_sources(summary),
        "as_of": summary.as_of,
        "origins": words.name_origins(summary.files),
        "tile": charts.draw_tile(summary),
    }


def _describe_freshness(page_request: PageRequest) -> Mapping[str, str]:
    summaries = _list_summaries(page_request)
    newest = words.find_newest_day(summaries)
    moment = datetime.combine(newest, time()) if newest else None
    return {
        "whose": _WHOSE,
        "data_as_of": words.tell_nation_age(summaries),
        "data_time": data_sources.format_zoned_moment(moment) if moment else "",
        "notice": words.tell_notice(summaries),
    }


def _tabulate_page(page_request: PageRequest) -> DownloadTable:
    return words.tabulate_nation(_list_summaries(page_request))


NATION_DOCUMENT = Document(
    navigation.NATION_PATH,
    _WHOSE,
    "nation/page.html",
    build_nation_context,
    "nation",
    downloads={"toan-quoc": _tabulate_page},
    charts={
        "map": PageChart("Bản đồ ô 34 tỉnh, thành phố", 760),
    },
    province_change_path="/",
    freshness=_describe_freshness,
    shared=lambda page_request: words.tell_nation_title(_list_summaries(page_request)),
)

"""The further pages: documents written on the server, whole in one answer and readable before any
script. What each is, and what a request asks of it; serving.py answers.

The scripts of web/documents/ keep an open one equal to the server's: they ask with its tag and put
what is new into <main>. The tag stands for data version, build, address and day, so that a reload
of the same costs a 304.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Response, request

from dashboard import reference
from dashboard.data_version import DataVersion
from dashboard.indicators.report import Report
from dashboard.names import list_official_names
from dashboard.reports import Reports
from dashboard.settings import Settings
from dashboard.text import format_day
from dashboard.web import static_files, theme
from dashboard.web.charts.plot import PlotlyFigure
from dashboard.web.documents.address import PageView
from dashboard.web.documents.downloads import DownloadTable
from dashboard.web.documents.small_views import PageChart, SmallView
from dashboard.web.words.explain import HEADLINE_DIMENSIONS
from dashboard.web.words.headline import tell_readiness

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


# Stands for a commune's code in the address that the scripts fill in; no commune has it.
ANY_COMMUNE = "00000"


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
    the dark (serving.py); `province_change_path` is where a change of province leads, by
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

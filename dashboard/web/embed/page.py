"""/nhung: which small view or chart a portal may show in a frame, how it looks there, and the code
to paste; `?embed=1` is the small view of the province itself (province.html). A commune's small
view stands with its page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import numpy as np
from flask import Response, current_app, redirect, request

from dashboard import reference, text
from dashboard.indicators import levels
from dashboard.settings import Settings
from dashboard.web import theme
from dashboard.web.charts import sparkline
from dashboard.web.documents.data_sources import tell_dossier_sources
from dashboard.web.documents.document import Document, PageRequest
from dashboard.web.documents.misread import list_misread_choices
from dashboard.web.documents.navigation import EMBED_PATH, build_address
from dashboard.web.documents.small_views import (
    CHART_FIELD,
    EMBED_FIELD,
    THEME_FIELD,
    SmallView,
    parse_theme,
)
from dashboard.web.words.headline import (
    HeadlineFigure,
    list_readiness_figures,
    list_throughput_figures,
)

# The whole province, and a commune, at a glance.
PROVINCE_PICK: Final = "tinh"
COMMUNE_PICK: Final = "don-vi"
WIDTHS: Final = ("100%", "320", "480", "600", "800")
# Words take more lines there.
_HEIGHT_FACTORS: Final = {"320": 1.4, "480": 1.15}
THEME_WORDS: Final = {"": "theo máy người xem", "light": "luôn sáng", "dark": "luôn tối"}
_GLANCES: Final = {
    PROVINCE_PICK: ("Toàn tỉnh trong một khung", "/", 640),
    COMMUNE_PICK: ("Một đơn vị: mức, lý do, việc cần làm", "/xa/<code>", 480),
}
_COMMUNE_FIELD: Final = "xa"
_LONGEST_ADDRESS: Final = 500
_CURVE_DAYS = 90


@dataclass(frozen=True)
class FrameChoice:
    """What may stand in a frame: its value in the form, words, page, chart (if it is one), height,
    and the fields of its page that narrow it.
    """

    value: str
    words: str
    group: str
    rule: str
    chart: str
    height: int
    fields: tuple[str, ...] = ()

    @property
    def is_of_commune(self) -> bool:
        return "<code>" in self.rule or _COMMUNE_FIELD in self.fields


def list_frame_choices(documents: Sequence[Document]) -> list[FrameChoice]:
    """The two views at a glance, then every chart of every page."""
    glances = [
        FrameChoice(value, words, "Khung tóm tắt", rule, "", height)
        for value, (words, rule, height) in _GLANCES.items()
    ]
    return glances + [
        FrameChoice(
            f"{document.rule.split('/')[1]}/{name}",
            chart.words,
            document.title,
            document.rule,
            name,
            chart.height,
            document.preserved_params,
        )
        for document in documents
        for name, chart in document.charts.items()
    ]


class _EmbedPage:
    """What was chosen, and what follows from it."""

    def __init__(self, page_request: PageRequest) -> None:
        self.page_request = page_request
        self.query = page_request.query
        self.choices = list_frame_choices(current_app.config["DASHBOARD_DOCUMENTS"])
        picked = self.query.get("pick", "") or self._guess_pick()
        self.choice = next(
            (choice for choice in self.choices if choice.value == picked), self.choices[0]
        )
        codes = reference.select_communes_of_province(page_request.view.province).index
        written = self.query.get(_COMMUNE_FIELD, "")
        self.commune = written if written in codes else str(codes[0])
        width = self.query.get("width", "")
        self.width = width if width in WIDTHS else WIDTHS[0]

    @property
    def taken(self) -> dict[str, str]:
        """What of its own fields the page took."""
        return {
            "pick": self.choice.value,
            "width": self.width,
            THEME_FIELD: parse_theme(self.query),
        }

    def _read_pasted(self) -> tuple[str, dict[str, str]]:
        """Path and fields of the page whose address somebody pasted."""
        written = self.query.get("page", "")[:_LONGEST_ADDRESS]
        try:
            parts = urlsplit(written)
        except ValueError:
            return "", {}
        return parts.path, dict(parse_qsl(parts.query))

    def _guess_pick(self) -> str:
        """The first chart of the page whose address was pasted."""
        path, _ = self._read_pasted()
        words = path.removeprefix(request.script_root).strip("/").split("/")
        found = (choice for choice in self.choices if choice.chart and words[0])
        return next((choice.value for choice in found if choice.rule.split("/")[1] == words[0]), "")

    def locate_frame(self) -> str:
        """The address of the frame: of the newest day, unless another one is looked at."""
        choice = self.choice
        _, pasted = self._read_pasted()
        fields = {name: pasted[name] for name in choice.fields if pasted.get(name)}
        if _COMMUNE_FIELD in choice.fields:
            fields.setdefault(_COMMUNE_FIELD, self.commune)
        fields |= {EMBED_FIELD: "1", CHART_FIELD: choice.chart, THEME_FIELD: self.taken["theme"]}
        return build_address(
            choice.rule.replace("<code>", self.commune),
            self.page_request.view,
            {name: value for name, value in fields.items() if value},
        )

    def describe(self) -> dict[str, Any]:
        """The form, the frame, and the code that shows it elsewhere."""
        names = reference.select_communes_of_province(self.page_request.view.province)["name"]
        address = self.locate_frame()
        groups: dict[str, list[FrameChoice]] = {}
        for choice in self.choices:
            groups.setdefault(choice.group, []).append(choice)
        return {
            "groups": groups,
            "choice": self.choice,
            "communes": list(names.items()),
            "commune": self.commune,
            "themes": THEME_WORDS,
            "theme": self.taken[THEME_FIELD],
            "height": round(self.choice.height * _HEIGHT_FACTORS.get(self.width, 1)),
            "widths": WIDTHS,
            "width": self.width,
            "pasted": self.query.get("page", "")[:_LONGEST_ADDRESS],
            "address": address,
            # Escaped twice: once as the code of a page, once as text of this one.
            "code_address": escape(f"{request.host_url.rstrip('/')}{address}"),
        }


def _read_settings() -> Settings:
    settings: Settings = current_app.config["DASHBOARD_SETTINGS"]
    return settings


def build_embed_context(page_request: PageRequest) -> Mapping[str, Any] | Response:
    """What page.html writes; a chart of `/` as portals asked for it before: the way to it."""
    if page_request.query.get(CHART_FIELD):
        fields = {EMBED_FIELD: "1", CHART_FIELD: page_request.query[CHART_FIELD]}
        return redirect(build_address("/", page_request.view, fields))  # type: ignore[return-value]  # werkzeug's own class
    settings = _read_settings()
    return {
        "frame": _EmbedPage(page_request).describe,
        "portals": settings.frame_ancestors.split(),
        "needs_account": settings.view != "public",
    }


def build_small_province(page_request: PageRequest) -> Mapping[str, Any]:
    """What province.html writes: figures, how many communes each level has, and the curve."""
    province = _SmallProvince(page_request)
    return {
        "headline": province.tell_headline,
        "counts": province.count_levels,
        "figures": province.list_figures,
        "curve": province.draw_curve,
    }


class _SmallProvince:
    """The parts of the small view, each from the report that other pages have."""

    def __init__(self, page_request: PageRequest) -> None:
        self.page_request = page_request

    def tell_headline(self) -> str:
        """`Quảng Ngãi: 52/96 đơn vị đạt mức Xanh`; where nothing is known, in words."""
        figure = list_readiness_figures(self.page_request.report)[0]
        return f"{self.page_request.province_name}: {_join_words(figure)}"

    def count_levels(self) -> list[dict[str, str]]:
        """Each level with how many communes it has."""
        counts = levels.count_levels(self.page_request.report.readiness.assessment.overall)
        return [
            {"state": code, "word": look.word, "count": text.format_number(counts[code])}
            for code, look in theme.LEVELS.items()
        ]

    def list_figures(self) -> list[HeadlineFigure]:
        """Signals of readiness and what became of dossiers; the first is the headline's."""
        report = self.page_request.report
        # who is not in them stands among the counts of levels
        readiness = [
            {**figure, "note": ""}
            for figure in list_readiness_figures(report)[1:]
            if figure["id"] != "silent"
        ]
        dossiers = list_throughput_figures(
            report.dossiers.of_period, self.page_request.today, self.page_request.day
        )
        source = tell_dossier_sources(report, self.page_request.today)
        if source:
            note = " · ".join(filter(None, [dossiers[-1]["note"], f"hồ sơ: {source}"]))
            dossiers[-1] = {**dossiers[-1], "note": note}
        return readiness + dossiers

    def draw_curve(self) -> dict[str, str]:
        """Green communes of the last days: the drawing, and in words the first and the last; no
        drawing where nothing is known.
        """
        page_request = self.page_request
        counts = page_request.reports.green_over_time(
            page_request.view.province, page_request.day, page_request.version
        )
        has_levels = counts[["green", "yellow", "red"]].sum(axis=1) > 0
        green = counts["green"].where(has_levels).iloc[-_CURVE_DAYS:]
        known = green.dropna()
        if known.empty:
            return {"drawing": "", "words": "chưa có dữ liệu"}
        first = f"{text.format_number(known.iloc[0])} ngày {text.format_day(known.index[0])}"
        last = f"{text.format_number(known.iloc[-1])} ngày {text.format_day(known.index[-1])}"
        least = text.format_number(known.min())
        most = text.format_number(known.max())
        words = f"Đơn vị đạt mức Xanh: từ {first} đến {last}; thấp nhất {least}, cao nhất {most}"
        drawing = sparkline.draw_sparkline(green.to_numpy(np.float64), words)
        return {"drawing": drawing, "words": words}


def _join_words(figure: HeadlineFigure) -> str:
    return f"{figure['value']} {figure['label']}"


EMBED_DOCUMENT = Document(
    EMBED_PATH,
    "Nhúng vào cổng",
    "embed/page.html",
    build_embed_context,
    "embed",
    preserved_params=("pick", "width", THEME_FIELD),
    extra_etag=lambda _page_request: (request.host_url, _read_settings().frame_ancestors),
    misread=lambda page_request: list_misread_choices(
        page_request.query, _EmbedPage(page_request).taken
    ),
    small=SmallView("embed/province.html", build_small_province, whole="/"),
)

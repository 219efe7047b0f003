"""/nhung: a province at a glance, or one of its charts, in a frame of the province's own portal.

Only this small view is here; `/?embed=1` leads to it, and a commune's stands with its page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.throughput.count_rows import NEW
from dashboard.indicators.throughput.weekly_history import WeeklyHistory
from dashboard.web import theme
from dashboard.web.charts import sparkline
from dashboard.web.documents.data_sources import tell_dossier_sources
from dashboard.web.documents.document import Document, PageRequest, SmallView
from dashboard.web.documents.misread import list_misread_choices
from dashboard.web.words.headline import (
    HeadlineFigure,
    list_readiness_figures,
    list_throughput_figures,
)
from dashboard.web.words.period_names import format_period_ends

PATH: Final = "/nhung"
# `chart=green` asks for the curve of green communes alone, `chart=dossiers` for those of dossiers.
CHART_FIELD: Final = "chart"
GREEN_CHART: Final = "green"
DOSSIER_CHART: Final = "dossiers"
_DOSSIER_LINES: Final = {NEW: "Hồ sơ tiếp nhận mới", "resolved": "Hồ sơ đã giải quyết"}
_GRAIN_WORDS: Final = {"week": "mỗi tuần", "month": "mỗi tháng"}
_CURVE_DAYS = 90
_CHART_DAYS = 365


def build_small_province(page_request: PageRequest) -> Mapping[str, Any]:
    """What page.html writes: figures, how many communes each level has, and the curve."""
    province = _SmallProvince(page_request)
    chart = page_request.query.get(CHART_FIELD, "")
    is_chart = chart in (GREEN_CHART, DOSSIER_CHART)

    def list_curves() -> list[dict[str, Any]]:
        if chart == DOSSIER_CHART:
            return province.draw_dossiers()
        return [province.draw_curve(_CHART_DAYS if is_chart else _CURVE_DAYS)]

    return {
        "is_chart": is_chart,
        "headline": province.tell_headline,
        "counts": province.count_levels,
        "figures": province.list_figures,
        "curves": list_curves,
        "source": province.tell_source if chart == DOSSIER_CHART else lambda: "",
    }


def list_misread_charts(page_request: PageRequest) -> list[str]:
    """A chart that there is none of."""
    written = page_request.query.get(CHART_FIELD, "")
    known = ("", GREEN_CHART, DOSSIER_CHART)
    taken = written if written in known else ""
    return list_misread_choices(page_request.query, {CHART_FIELD: taken})


class _SmallProvince:
    """The parts, each from the report that other pages have."""

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

    def draw_curve(self, days: int) -> dict[str, Any]:
        """Green communes of the last `days`: the drawing, and in words the first and the last; no
        drawing where nothing is known.
        """
        request = self.page_request
        counts = request.reports.green_over_time(
            request.view.province, request.day, request.version
        )
        has_levels = counts[["green", "yellow", "red"]].sum(axis=1) > 0
        green = counts["green"].where(has_levels).iloc[-days:]
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

    def tell_source(self) -> str:
        """Who told of dossiers, and until when."""
        return tell_dossier_sources(self.page_request.report, self.page_request.today)

    def draw_dossiers(self) -> list[dict[str, Any]]:
        """Newly received and resolved dossiers of whole weeks (or months), each as `draw_curve`."""
        history = self.page_request.report.dossiers.weekly_history
        return [
            self._draw_line(history, column, f"{words} {_GRAIN_WORDS[history.grain]}")
            for column, words in _DOSSIER_LINES.items()
        ]

    def _draw_line(self, history: WeeklyHistory, column: str, words: str) -> dict[str, Any]:
        sums = history.sums[column]
        is_told = ~np.isnan(sums).all(axis=0) & history.complete
        counts = np.where(is_told, np.nansum(sums, axis=0), np.nan)
        known = counts[is_told]
        if not len(known):
            return {"drawing": "", "words": f"{words}: chưa có dữ liệu"}
        last = history.periods[int(np.flatnonzero(is_told)[-1])]
        told = (
            f"{words}: {text.format_number(known[-1])} ({format_period_ends(last)}); "
            f"thấp nhất {text.format_number(known.min())}, "
            f"cao nhất {text.format_number(known.max())}"
        )
        return {"drawing": sparkline.draw_sparkline(counts, told), "words": told}


def _join_words(figure: HeadlineFigure) -> str:
    return f"{figure['value']} {figure['label']}"


EMBED_DOCUMENT = Document(
    PATH,
    "Toàn tỉnh",
    "",
    build_small_province,
    "embed",
    preserved_params=(CHART_FIELD,),
    misread=list_misread_charts,
    small=SmallView("embed/page.html", build_small_province, whole="/"),
)

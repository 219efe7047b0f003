"""/nhung?embed=1: a province at a glance in a frame of its own portal; `/?embed=1` leads to it. A
commune's small view stands with its page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dashboard import text
from dashboard.indicators import levels
from dashboard.web import theme
from dashboard.web.charts import sparkline
from dashboard.web.documents.data_sources import tell_dossier_sources
from dashboard.web.documents.document import PageRequest
from dashboard.web.words.headline import (
    HeadlineFigure,
    list_readiness_figures,
    list_throughput_figures,
)

_CURVE_DAYS = 90


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

    def draw_curve(self) -> dict[str, str]:
        """Green communes of the last days: the drawing, and in words the first and the last; no
        drawing where nothing is known.
        """
        request = self.page_request
        counts = request.reports.green_over_time(
            request.view.province, request.day, request.version
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

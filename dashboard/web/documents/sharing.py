"""The figure that a chat shows of a link: it runs no script and opens no page."""

from __future__ import annotations

from datetime import date

from dashboard.indicators.report import Report
from dashboard.text import format_day
from dashboard.web.words.headline import list_readiness_figures, list_throughput_figures


def tell_readiness(report: Report) -> str:
    """`51/96 đơn vị đạt mức Xanh`; where nothing is known, words."""
    green = list_readiness_figures(report)[0]
    return f"{green['value']} {green['label']}"


def tell_on_time(report: Report, today: date) -> str:
    """`Đúng hạn theo Bộ chỉ số 766: 84,76%`; where nothing is known, words."""
    figures = list_throughput_figures(report.dossiers.of_period, today, report.today)
    on_time = next(figure for figure in figures if figure["id"] == "on_time")
    return f"{on_time['label']}: {on_time['value']}"


def describe_link(province_name: str, day: date, figure: str, description: str) -> str:
    """What stands under the title in a chat: `Quảng Ngãi, ngày 22/11/2026: 51/96 …`."""
    told = f": {figure}" if figure else ""
    return f"{province_name}, ngày {format_day(day)}{told}. {description}"

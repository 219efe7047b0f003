"""What a period is called: the one place, so that no page calls a part of a month the month."""

from __future__ import annotations

from datetime import date

from dashboard import text
from dashboard.indicators.throughput.dossiers import ProvinceDossiers
from dashboard.indicators.throughput.periods import Period


def name_period(period: Period) -> str:
    """`ngày 22/11/2026`, `tuần 16/11–22/11/2026`, `tháng 11/2026`, `quý 4/2026`, `năm 2026`; any
    other days by both ends.

    The days so far of a running period (`part_of`) have its name: beside figures stands how far
    they reach (`name_told_period`). Days that stand for themselves never have: what is told of
    01/07 to 07/07 is not July.
    """
    period = period.natural_period
    first = period.first
    names = {
        "day": f"ngày {text.format_day(first)}",
        "week": f"tuần {format_period_ends(period)}",
        "month": f"tháng {first.month}/{first.year}",
        "quarter": f"quý {(first.month + 2) // 3}/{first.year}",
        "year": f"năm {first.year}",
    }
    return names.get(period.grain) or format_period_ends(period)


def name_told_period(period: Period, until: date) -> str:
    """`tháng 11/2026 đến 13/11`: the name of a period whose figures end before it does, with their
    last day; else its name alone."""
    name = name_period(period)
    full_period = period.natural_period
    return f"{name} đến {until:%d/%m}" if full_period.first <= until < full_period.last else name


def name_dossier_period(dossiers: ProvinceDossiers) -> str:
    """The same of the dossiers of a report; "" where nobody told any."""
    if dossiers.period is None:
        return ""
    figures = dossiers.period_figures
    if figures is None:
        return name_period(dossiers.period)
    return name_told_period(dossiers.period, figures.reception_until)


def format_period_ends(period: Period) -> str:
    """Both ends, the year once: `01/11–22/11/2026`."""
    return text.format_day_range(period.first, period.last)

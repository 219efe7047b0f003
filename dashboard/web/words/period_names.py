"""What a period is called: the one place, so that no page calls a part of a month the month."""

from __future__ import annotations

from dashboard import text
from dashboard.indicators.throughput.periods import Period


def name_period(period: Period) -> str:
    """`ngày 22/11/2026`, `tuần 16/11–22/11/2026`, `tháng 11/2026`, `quý 4/2026`, `năm 2026`; any
    other days by both ends.

    The days so far of a running period (`part_of`) have its name: how far they reach is told
    beside it (`tell_reach`). Days that stand for themselves never have: what is told of 01/07 to
    07/07 is not July.
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


def format_period_ends(period: Period) -> str:
    """Both ends, the year once: `01/11–22/11/2026`."""
    first = period.first
    last = period.last
    if first == last:
        return text.format_day(last)
    return (
        f"{first:%d/%m}–{text.format_day(last)}"
        if first.year == last.year
        else f"{text.format_day(first)}–{text.format_day(last)}"
    )

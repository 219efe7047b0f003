"""The headline figures: part, whole, share, and under each what it covers and how old it is."""

from __future__ import annotations

from datetime import date
from math import isnan

import numpy as np
import pandas as pd

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.report import Report
from dashboard.indicators.throughput import rates
from dashboard.indicators.throughput.dossiers import ProvinceDossiers
from dashboard.indicators.throughput.source_selection import PeriodFigures
from dashboard.web.words.explain import HEADLINE_DIMENSIONS, NO_DATA
from dashboard.web.words.period_names import name_dossier_period, name_period
from dashboard.workdays import load_calendar

HeadlineFigure = dict[str, str]
# Everything that was ever told is too old: that is not nought.
NOTHING_CURRENT = "số liệu đã cũ"
ON_TIME = "Đúng hạn theo Bộ chỉ số 766"


def _headline_figure(
    name: str, label: str, value: str, share: str = "", note: str = ""
) -> HeadlineFigure:
    return {"id": name, "label": label, "value": value, "share": share, "note": note}


def tell_coverage(counts: dict[str, int]) -> str:
    """Who is not in the figure: `4 chưa báo cáo · 2 số liệu cũ`; "" where everybody is."""
    parts = [(counts["unknown"], "chưa báo cáo"), (counts["stale"], "số liệu cũ")]
    return " · ".join(f"{text.format_number(count)} {words}" for count, words in parts if count)


def is_anything_reported(report: Report) -> bool:
    """Where nobody ever told anything, that nothing needs a decision would be a lie."""
    silent = levels.count_levels(report.readiness.assessment.overall)["unknown"] == len(
        report.codes
    )
    return not silent or report.dossiers.of_period.period_figures is not None


def tell_green_backing(report: Report) -> str:
    """On what the count of green communes rests: `28/51 đơn vị mức Xanh đã kiểm tra, 1 có biến
    động bất thường`; "" where none is green.
    """
    green = levels.count_levels(report.readiness.assessment.overall)["green"]
    if not green:
        return ""
    words = (
        f"{text.format_part(report.sources.visited_green.sum(), green)} đơn vị mức Xanh đã kiểm tra"
    )
    doubtful = int(report.sources.doubtful_green.sum())
    if doubtful:
        words += f", {text.format_number(doubtful)} có biến động bất thường"
    return words


def tell_beside_cards(report: Report) -> dict[str, str]:
    """What stands under a card of `/` because its figure alone says more than it knows: how many
    green communes a visit confirms (`15/51 đã kiểm tra, 1 bất thường`), of which days a rate is and
    of how few communes (`tháng 11/2026 · 80/96 đơn vị`).
    """
    words = {}
    green = levels.count_levels(report.readiness.assessment.overall)["green"]
    if green:
        words["green"] = (
            f"{text.format_part(report.sources.visited_green.sum(), green)} đã kiểm tra"
        )
        doubtful = int(report.sources.doubtful_green.sum())
        if doubtful:
            words["green"] += f", {text.format_number(doubtful)} bất thường"
    told = report.dossiers.of_period.communes_told
    communes = len(report.codes)
    if told:
        words["on_time"] = name_dossier_period(report.dossiers.of_period)
    if 0 < told < communes:
        words["on_time"] += f" · {text.format_part(told, communes)} đơn vị"
    return words


def list_readiness_figures(report: Report) -> list[HeadlineFigure]:
    """Green communes overall, with what that rests on, and per signal, and the silent ones; where
    nothing is known, words.
    """
    readiness = report.readiness.assessment
    total = len(readiness.codes)
    layers = [("green", "đơn vị đạt mức Xanh", readiness.overall)]
    layers += [
        (code, HEADLINE_DIMENSIONS[code], readiness.dimensions[code])
        for code in HEADLINE_DIMENSIONS
        if code in readiness.dimensions
    ]
    figures = []
    for name, label, level in layers:
        counts = levels.count_levels(level)
        if name == "green" and counts["unknown"] + counts["stale"] == total:
            label = "về số đơn vị đạt mức Xanh"  # read after words instead of a number
        if counts["unknown"] == total:
            figures.append(
                _headline_figure(
                    name, label, NO_DATA, note=f"{text.format_number(total)} đơn vị chưa báo cáo"
                )
            )
        elif counts["unknown"] + counts["stale"] == total:
            figures.append(
                _headline_figure(name, label, NOTHING_CURRENT, note=tell_coverage(counts))
            )
        else:
            share = text.format_percent(counts["green"] / total)
            counts["unknown"] -= int(
                (report.without_centre & (level[:, 0] == levels.UNKNOWN)).sum()
            )
            notes = [tell_coverage(counts), tell_green_backing(report) if name == "green" else ""]
            figures.append(
                _headline_figure(
                    name,
                    label,
                    f"{text.format_number(counts['green'])}/{total}",
                    share,
                    " · ".join(filter(None, notes)),
                )
            )
    counts = levels.count_levels(readiness.overall)
    without_centre = int(
        (report.without_centre & (readiness.overall[:, 0] == levels.UNKNOWN)).sum()
    )
    counts["unknown"] -= without_centre
    old = "không đơn vị nào số liệu cũ"
    if counts["stale"]:
        old = f"thêm {text.format_number(counts['stale'])} đơn vị số liệu cũ"
    if without_centre:
        old += f"; {text.format_number(without_centre)} đơn vị không có trung tâm riêng"
    silent = f"{text.format_number(counts['unknown'])}/{total}"
    figures.append(
        _headline_figure(
            "silent", "Chưa báo cáo", silent, text.format_percent(counts["unknown"] / total), old
        )
    )
    return figures


# Days after the end of the newest figures from which they are old: three rhythms of who tells so
# finely, of days two weeks, as Tết and the weekends around it are no silence.
OLD_AFTER = {"day": 14, "week": 21, "month": 93, "quarter": 276, "year": 1098}


def are_figures_old(period_figures: PeriodFigures, day: date) -> bool:
    """Whether the newest figures of dossiers are old on the day of a report."""
    return (day - period_figures.reception_until).days > OLD_AFTER.get(
        period_figures.grain, OLD_AFTER["month"]
    )


# A list is made anew every working day or two; Tết and weekends are no silence.
STOPPED_AFTER_WORKING_DAYS = 3


def tell_stopped_list(period_figures: PeriodFigures, day: date) -> str:
    """`danh sách ngừng tiếp nhận từ 13/11/2026, 10 ngày làm việc trước`, of a list of dossiers that
    has told no reception for some working days; else ""."""
    if period_figures.source_kind != "dossiers":
        return ""
    until = period_figures.reception_until
    ends = (np.array([end], dtype="datetime64[D]") for end in (until, day))
    days_since = int(load_calendar().between(*ends)[0])
    if days_since < STOPPED_AFTER_WORKING_DAYS:
        return ""
    return (
        f"danh sách ngừng tiếp nhận từ {text.format_day(until)}, "
        f"{text.format_number(days_since)} ngày làm việc trước"
    )


def tell_reach(period_figures: PeriodFigures, today: date, day: date | None = None) -> str:
    """How far the figures reach: `đến 22/11/2026 (số liệu trong ngày, chưa chốt)`, `đến
    22/11/2026 (số liệu cũ, 99 ngày trước)`: the day of the newest receptions. A list that stopped
    says so instead (`tell_stopped_list`).

    `today` is the clock's day. `day` is the report's, where the figures are its newest: those of an
    earlier period that somebody chose are past, not old.
    """
    note = ""
    until = period_figures.reception_until
    stopped = "" if day is None else tell_stopped_list(period_figures, day)
    if stopped:
        return stopped
    if period_figures.grain == "day" and until == today:
        note = " (số liệu trong ngày, chưa chốt)"
    elif day is not None and are_figures_old(period_figures, day):
        note = f" (số liệu cũ, {text.format_age((day - until).days)})"
    return f"đến {text.format_day(until)}{note}"


def tell_part_of_communes(told: int, communes: int) -> str:
    """`20/96 đơn vị` where figures are of a part of the communes: it stands where the province's
    name would. "" where they are of all."""
    if told >= communes:
        return ""
    return f"{text.format_part(told, communes)} đơn vị"


def list_throughput_figures(
    dossiers: ProvinceDossiers, today: date, day: date
) -> list[HeadlineFigure]:
    """Received, on time by the national index, overdue; sums of counts, never means of shares.

    Communes and departments together, as the portal counts a province; each beside it, so that the
    communes' figures are found again.
    """
    period_figures = dossiers.period_figures
    if period_figures is None or dossiers.period is None:
        return fill_throughput_figures(NO_DATA)
    until = tell_reach(period_figures, today, day)
    totals = dossiers.totals_of_all()
    coverage = f"{text.format_part(dossiers.communes_told, len(dossiers.codes))} đơn vị"
    parts = _count_parts(dossiers, "received")
    # figures that reach the report's day are those of the running period so far: its name will do
    is_up_to_date = period_figures.reception_until >= day
    name_of = name_period(dossiers.period) if is_up_to_date else name_dossier_period(dossiers)
    return [
        _headline_figure(
            "received",
            f"Tiếp nhận {name_of}",
            text.format_number(totals["received"]),
            note=f"{parts}{until} · {coverage}",
        ),
        _on_time_figure(dossiers, f"đến {text.format_day(period_figures.reception_until)}"),
        _overdue_figure(
            dossiers,
            totals,
            "" if period_figures.until >= day else f"cuối ngày {period_figures.until:%d/%m/%Y}",
        ),
    ]


def _count_parts(dossiers: ProvinceDossiers, column: str) -> str:
    """`cấp xã 50.561, sở, ngành 23.049; `: what a count of the province is the sum of."""
    if not dossiers.has_departments or dossiers.departments is None:
        return ""
    assert dossiers.period_figures is not None, "asked only where a source answers"
    own, of_departments = (
        text.format_number(figures.totals()[column])
        for figures in (dossiers.period_figures, dossiers.departments)
    )
    return f"cấp xã {own}, sở, ngành {of_departments}; "


def fill_throughput_figures(words: str) -> list[HeadlineFigure]:
    """The same figures where there are none, so that none of before stays on the screen: each says
    `words`.
    """
    labels = {"received": "Tiếp nhận", "on_time": ON_TIME, "overdue": "Đang quá hạn"}
    return [_headline_figure(name, label, words) for name, label in labels.items()]


def _on_time_figure(dossiers: ProvinceDossiers, until: str) -> HeadlineFigure:
    rate = dossiers.total_of_all("on_time_766")
    if rate.state == rates.UNKNOWN:
        return _headline_figure("on_time", ON_TIME, NO_DATA, note=until)
    if rate.state == rates.NO_ACTIVITY:
        return _headline_figure("on_time", ON_TIME, "không phát sinh", note=until)
    part_of_communes = tell_part_of_communes(dossiers.communes_told, len(dossiers.codes))
    coverage = f"; mới {part_of_communes}" if part_of_communes else ""
    note = (
        f"{tell_rate_parts(dossiers, 'on_time_766')}"
        f"{text.format_part(rate.numerator, rate.denominator)} hồ sơ, {until}{coverage}"
    )
    value = format_province_rate(dossiers, "on_time_766")
    return _headline_figure("on_time", ON_TIME, value, note=note)


def format_province_rate(dossiers: ProvinceDossiers, code: str) -> str:
    """`78,38%` of communes and departments together, as finely as the portal prints it; `84,4%`
    of communes alone."""
    value = dossiers.total_of_all(code).value
    return text.format_percent(value, 2 if dossiers.has_departments else 1)


def tell_rate_parts(dossiers: ProvinceDossiers, code: str) -> str:
    """`cấp xã 84,4%, sở, ngành 53,4%; `; "" where the figure is of communes alone."""
    parts = dossiers.total(code), dossiers.total_of_departments(code)
    if not dossiers.has_departments or any(part.state != rates.KNOWN for part in parts):
        return ""
    own, of_departments = (text.format_percent(part.value) for part in parts)
    return f"cấp xã {own}, sở, ngành {of_departments}; "


def _overdue_figure(dossiers: ProvinceDossiers, totals: pd.Series, evening: str) -> HeadlineFigure:
    """Of communes alone where departments do not tell what is open; `evening` where that is not the
    report's own."""
    parts = _count_parts(dossiers, "open_overdue")
    if isnan(totals["open_overdue"]) and dossiers.period_figures is not None:
        totals = dossiers.period_figures.totals()
        parts = "cấp xã; " if dossiers.has_departments else ""
    overdue = totals["open_overdue"]
    in_work = totals["open_in_term"] + overdue
    denominator_words = ""
    if not isnan(in_work):
        denominator_words = f"trên {text.format_number(in_work)} hồ sơ đang giải quyết"
    words = ", ".join(phrase for phrase in (denominator_words, evening) if phrase)
    note = "" if isnan(overdue) else f"{parts}{words}"
    return _headline_figure("overdue", "Đang quá hạn", text.format_number(overdue), note=note)


# The figure that a chat shows of a link: it runs no script and opens no page.


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
    return f"{province_name}, ngày {text.format_day(day)}{told}. {description}"

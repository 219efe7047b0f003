"""The headline figures: part, whole, share, and under each what it covers and how old it is."""

from __future__ import annotations

from datetime import date
from math import isnan

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.report import Report
from dashboard.indicators.throughput import rates
from dashboard.indicators.throughput.dossiers import ProvinceDossiers
from dashboard.indicators.throughput.source_selection import PeriodFigures
from dashboard.web.words.explain import HEADLINE_DIMENSIONS, NO_DATA
from dashboard.web.words.period_names import name_period

HeadlineFigure = dict[str, str]
# Everything that was ever told is too old: that is not nought.
NOTHING_CURRENT = "số liệu đã cũ"
ON_TIME = "Đúng hạn (chỉ số 766)"


def _headline_figure(
    name: str, label: str, value: str, share: str = "", note: str = ""
) -> HeadlineFigure:
    return {"id": name, "label": label, "value": value, "share": share, "note": note}


def tell_coverage(counts: dict[str, int]) -> str:
    """Who is not in the figure: `4 chưa báo cáo · 2 số liệu cũ`; "" where everybody is."""
    parts = [(counts["unknown"], "chưa báo cáo"), (counts["stale"], "số liệu cũ")]
    return " · ".join(f"{text.format_number(count)} {words}" for count, words in parts if count)


def tell_green_backing(report: Report) -> str:
    """On what the count of green communes rests: `28/51 xã xanh đã kiểm tra, 1 có biến động bất
    thường`; "" where none is green.
    """
    green = levels.count_levels(report.readiness.overall)["green"]
    if not green:
        return ""
    words = f"{text.format_part(report.visited_green.sum(), green)} xã xanh đã kiểm tra"
    doubtful = int(report.doubtful_green.sum())
    return words + (f", {text.format_number(doubtful)} có biến động bất thường" if doubtful else "")


def list_readiness_figures(report: Report) -> list[HeadlineFigure]:
    """Green communes overall, with what that rests on, and per signal, and the silent ones; where
    nothing is known, words.
    """
    readiness = report.readiness
    total = len(readiness.codes)
    layers = [("green", "xã xanh", readiness.overall)]
    layers += [
        (code, HEADLINE_DIMENSIONS[code], readiness.dimensions[code])
        for code in HEADLINE_DIMENSIONS
        if code in readiness.dimensions
    ]
    figures = []
    for name, label, level in layers:
        counts = levels.count_levels(level)
        if name == "green" and counts["unknown"] + counts["stale"] == total:
            label = "về số xã xanh"  # read after words instead of a number
        if counts["unknown"] == total:
            figures.append(
                _headline_figure(
                    name, label, NO_DATA, note=f"{text.format_number(total)} xã chưa báo cáo"
                )
            )
        elif counts["unknown"] + counts["stale"] == total:
            figures.append(
                _headline_figure(name, label, NOTHING_CURRENT, note=tell_coverage(counts))
            )
        else:
            share = text.format_percent(counts["green"] / total)
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
    old = (
        f"thêm {text.format_number(counts['stale'])} xã số liệu cũ"
        if counts["stale"]
        else "không xã nào số liệu cũ"
    )
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
    return (day - period_figures.until).days > OLD_AFTER.get(
        period_figures.grain, OLD_AFTER["month"]
    )


def tell_reach(period_figures: PeriodFigures, today: date, day: date | None = None) -> str:
    """How far the figures reach: `đến 22/11/2026 (ngày chưa hết)`, `đến 22/11/2026 (số liệu cũ, 99
    ngày trước)`.

    `today` is the clock's day. `day` is the report's, where the figures are its newest: those of an
    earlier period that somebody chose are past, not old.
    """
    note = ""
    if period_figures.grain == "day" and period_figures.until == today:
        note = " (ngày chưa hết)"
    elif day is not None and are_figures_old(period_figures, day):
        note = f" (số liệu cũ, {text.format_age((day - period_figures.until).days)})"
    return f"đến {text.format_day(period_figures.until)}{note}"


def list_throughput_figures(
    dossiers: ProvinceDossiers, today: date, day: date
) -> list[HeadlineFigure]:
    """Received, on time by the national index, overdue; sums of counts, never means of shares.

    Departments stand apart: their sum is named, so that whoever compares with the portal finds the
    rest.
    """
    period_figures = dossiers.period_figures
    if period_figures is None or dossiers.period is None:
        return fill_throughput_figures(NO_DATA)
    until = tell_reach(period_figures, today, day)
    totals = period_figures.totals()
    communes_reporting = int(period_figures.sums["received"].notna().sum())
    note = f"{until} · {communes_reporting}/{len(dossiers.codes)} xã có số liệu"
    received_by_departments = (
        0.0 if dossiers.departments is None else dossiers.departments.totals()["received"]
    )
    if received_by_departments > 0:
        note += f"; chưa gồm {text.format_number(received_by_departments)} hồ sơ của sở, ngành"
    return [
        _headline_figure(
            "received",
            f"Tiếp nhận {name_period(dossiers.period)}",
            text.format_number(totals["received"]),
            note=note,
        ),
        _on_time_figure(dossiers, until),
        _overdue_figure(totals["open_in_term"], totals["open_overdue"], until),
    ]


def fill_throughput_figures(words: str) -> list[HeadlineFigure]:
    """The same figures where there are none, so that none of before stays on the screen: each says
    `words`.
    """
    labels = {"received": "Tiếp nhận", "on_time": ON_TIME, "overdue": "Đang quá hạn"}
    return [_headline_figure(name, label, words) for name, label in labels.items()]


def _on_time_figure(dossiers: ProvinceDossiers, until: str) -> HeadlineFigure:
    communes_rate = dossiers.total("on_time_766")
    province_rate = dossiers.total_of_all("on_time_766")
    if communes_rate.state == rates.UNKNOWN:
        return _headline_figure("on_time", ON_TIME, NO_DATA, note=until)
    if communes_rate.state == rates.NO_ACTIVITY:
        return _headline_figure("on_time", ON_TIME, "không phát sinh", note=until)
    note = f"{text.format_part(communes_rate.numerator, communes_rate.denominator)} hồ sơ, {until}"
    if province_rate.denominator > communes_rate.denominator:
        note += f"; cả sở, ngành: {text.format_percent(province_rate.value, 2)}"
    return _headline_figure("on_time", ON_TIME, text.format_percent(communes_rate.value), note=note)


def _overdue_figure(in_term: float, overdue: float, until: str) -> HeadlineFigure:
    in_work = in_term + overdue
    denominator_words = (
        "" if isnan(in_work) else f"trên {text.format_number(in_work)} hồ sơ đang giải quyết, "
    )
    return _headline_figure(
        "overdue",
        "Đang quá hạn",
        text.format_number(overdue),
        note="" if isnan(overdue) else f"{denominator_words}{until}",
    )

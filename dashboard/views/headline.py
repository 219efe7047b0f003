"""The headline figures: part, whole, share, and under each what it covers and how old it is."""

from __future__ import annotations

from datetime import date
from math import isnan

from dashboard import text
from dashboard.indicators import levels, rates
from dashboard.indicators.answers import Answer
from dashboard.indicators.dossiers import Dossiers
from dashboard.indicators.periods import Period
from dashboard.indicators.readiness import Readiness
from dashboard.views.explain import NO_DATA, SIGNALS

Figure = dict[str, str]
# Everything that was ever told is too old: that is not nought.
NOTHING_CURRENT = "số liệu đã cũ"
ON_TIME = "Đúng hạn (chỉ số 766)"


def _figure(name: str, label: str, value: str, share: str = "", note: str = "") -> Figure:
    return {"id": name, "label": label, "value": value, "share": share, "note": note}


def covered(counts: dict[str, int]) -> str:
    """Who is not in the figure: `4 chưa báo cáo · 2 số liệu cũ`; "" where everybody is."""
    parts = [(counts["unknown"], "chưa báo cáo"), (counts["stale"], "số liệu cũ")]
    return " · ".join(f"{text.number(count)} {words}" for count, words in parts if count)


def readiness_figures(readiness: Readiness) -> list[Figure]:
    """Green communes overall and per signal, and the silent ones; nothing known is said in words."""
    total = len(readiness.codes)
    layers = [("green", "xã xanh", readiness.overall)]
    layers += [(code, SIGNALS[code], readiness.dimensions[code]) for code in SIGNALS if code in readiness.dimensions]
    figures = []
    for name, label, level in layers:
        counts = levels.counts(level)
        if name == "green" and counts["unknown"] + counts["stale"] == total:
            label = "về số xã xanh"  # read after words instead of a number
        if counts["unknown"] == total:
            figures.append(_figure(name, label, NO_DATA, note=f"{text.number(total)} xã chưa báo cáo"))
        elif counts["unknown"] + counts["stale"] == total:
            figures.append(_figure(name, label, NOTHING_CURRENT, note=covered(counts)))
        else:
            share = text.percent(counts["green"] / total)
            figures.append(_figure(name, label, f"{text.number(counts['green'])}/{total}", share, covered(counts)))
    counts = levels.counts(readiness.overall)
    old = f"thêm {text.number(counts['stale'])} xã số liệu cũ" if counts["stale"] else "không xã nào số liệu cũ"
    silent = f"{text.number(counts['unknown'])}/{total}"
    figures.append(_figure("silent", "Chưa báo cáo", silent, text.percent(counts["unknown"] / total), old))
    return figures


def period_name(period: Period) -> str:
    """`tháng 11/2026` for days of one month, else both ends; the days so far have the name of the whole."""
    period = period.whole
    if period.first.day == 1 and (period.first.year, period.first.month) == (period.last.year, period.last.month):
        return f"tháng {period.first.month}/{period.first.year}"
    return f"{text.day(period.first)}–{text.day(period.last)}"


# Days after the end of the newest figures from which they are old: three rhythms of who tells so finely, of days
# two weeks, as Tết and the weekends around it are no silence.
OLD_AFTER = {"day": 14, "week": 21, "month": 93, "quarter": 276, "year": 1098}


def is_old(found: Answer, day: date) -> bool:
    """Whether the newest figures of dossiers are old on the day of a report."""
    return (day - found.until).days > OLD_AFTER.get(found.grain, OLD_AFTER["month"])


def reach(found: Answer, today: date, day: date | None = None) -> str:
    """How far the figures reach: `đến 22/11/2026 (ngày chưa hết)`, `đến 22/11/2026 (số liệu cũ, 99 ngày trước)`.

    `today` is the clock's day. `day` is the report's, where the figures are its newest: those of an earlier period
    that somebody chose are past, not old.
    """
    note = ""
    if found.grain == "day" and found.until == today:
        note = " (ngày chưa hết)"
    elif day is not None and is_old(found, day):
        note = f" (số liệu cũ, {text.age((day - found.until).days)})"
    return f"đến {text.day(found.until)}{note}"


def throughput_figures(dossiers: Dossiers, today: date, day: date) -> list[Figure]:
    """Received, on time by the national index, overdue; sums of counts, never means of shares.

    Departments stand apart: their sum is named, so that whoever compares with the portal finds the rest.
    """
    found = dossiers.answer
    if found is None or dossiers.period is None:
        return throughput_in_words(NO_DATA)
    until, totals = reach(found, today, day), found.totals()
    told = int(found.sums["received"].notna().sum())
    note = f"{until} · {told}/{len(dossiers.codes)} xã có số liệu"
    apart = 0.0 if dossiers.departments is None else dossiers.departments.totals()["received"]
    if apart > 0:
        note += f"; chưa gồm {text.number(apart)} hồ sơ của sở, ngành"
    return [
        _figure("received", f"Tiếp nhận {period_name(dossiers.period)}", text.number(totals["received"]), note=note),
        _on_time(dossiers, until),
        _overdue(totals["open_in_term"], totals["open_overdue"], until),
    ]


def throughput_in_words(words: str) -> list[Figure]:
    """The same figures where there are none, so that none of before stays on the screen: each says `words`."""
    labels = {"received": "Tiếp nhận", "on_time": ON_TIME, "overdue": "Đang quá hạn"}
    return [_figure(name, label, words) for name, label in labels.items()]


def _on_time(dossiers: Dossiers, until: str) -> Figure:
    own, whole = dossiers.total("on_time_766"), dossiers.total_of_all("on_time_766")
    if own.state == rates.UNKNOWN:
        return _figure("on_time", ON_TIME, NO_DATA, note=until)
    if own.state == rates.NO_ACTIVITY:
        return _figure("on_time", ON_TIME, "không phát sinh", note=until)
    note = f"{text.number(own.part)}/{text.number(own.whole)} hồ sơ, {until}"
    if whole.whole > own.whole:
        note += f"; cả sở, ngành: {text.percent(whole.value, 2)}"
    return _figure("on_time", ON_TIME, text.percent(own.value), note=note)


def _overdue(in_term: float, overdue: float, until: str) -> Figure:
    in_work = in_term + overdue
    of = "" if isnan(in_work) else f"trên {text.number(in_work)} hồ sơ đang giải quyết, "
    return _figure("overdue", "Đang quá hạn", text.number(overdue), note="" if isnan(overdue) else f"{of}{until}")

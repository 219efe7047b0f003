"""The headline figures: part, whole, share, and under each what it covers and how old it is."""

from __future__ import annotations

from datetime import date

import pandas as pd

from dashboard import text
from dashboard.indicators import levels
from dashboard.indicators.readiness import Readiness
from dashboard.indicators.throughput import Period
from dashboard.views.explain import NO_DATA, SIGNALS

Figure = dict[str, str]
# Everything that was ever told is too old: that is not nought.
NOTHING_CURRENT = "số liệu đã cũ"


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
    """`tháng 11/2026` for days of one month, else both ends."""
    if period.first.day == 1 and (period.first.year, period.first.month) == (period.last.year, period.last.month):
        return f"tháng {period.first.month}/{period.first.year}"
    return f"{text.day(period.first)}–{text.day(period.last)}"


def reach(period: Period, today: date) -> str:
    """How far the figures reach: `đến 22/11/2026 (ngày chưa hết)`."""
    unfinished = " (ngày chưa hết)" if period.daily and period.last == today else ""
    return f"đến {text.day(period.last)}{unfinished}"


def throughput_figures(
    dossiers: pd.DataFrame, departments: pd.DataFrame, period: Period | None, communes: int, today: date
) -> list[Figure]:
    """Received, on time by the national index, overdue; sums of counts, never means of shares.

    Departments stand apart: their sum is named, so that whoever compares with the portal finds the rest.
    """
    if period is None:
        return [
            _figure("received", "Tiếp nhận", NO_DATA),
            _figure("on_time", "Đúng hạn (chỉ số 766)", NO_DATA),
            _figure("overdue", "Đang quá hạn", NO_DATA),
        ]
    until = reach(period, today)
    told = int(dossiers["received"].notna().sum())
    received = dossiers["received"].sum(min_count=1)
    both = dossiers[dossiers["on_time_766"].notna() & dossiers["received"].notna()]
    on_time, base = both["on_time_766"].sum(), both["received"].sum()
    overdue = dossiers["open_overdue"].sum(min_count=1)
    apart = departments["received"].sum(min_count=1)
    note = f"{until} · {told}/{communes} xã có số liệu"
    if apart > 0:
        note += f"; chưa gồm {text.number(apart)} hồ sơ của sở, ngành"
    if both.empty:
        rate = _figure("on_time", "Đúng hạn (chỉ số 766)", NO_DATA, note=until)
    elif base == 0:
        rate = _figure("on_time", "Đúng hạn (chỉ số 766)", "không phát sinh", note=until)
    else:
        shown = f"{text.number(on_time)}/{text.number(base)} hồ sơ, {until}"
        whole = departments.dropna(subset=["on_time_766", "received"])
        if whole["received"].sum() > 0:
            both_on_time, both_base = on_time + whole["on_time_766"].sum(), base + whole["received"].sum()
            shown += f"; cả sở, ngành: {text.percent(both_on_time / both_base, 2)}"
        rate = _figure("on_time", "Đúng hạn (chỉ số 766)", text.percent(on_time / base), note=shown)
    in_work = (dossiers["open_in_term"] + dossiers["open_overdue"]).sum(min_count=1)
    of = f"trên {text.number(in_work)} hồ sơ đang giải quyết, " if pd.notna(in_work) else ""
    return [
        _figure("received", f"Tiếp nhận {period_name(period)}", text.number(received), note=note),
        rate,
        _figure("overdue", "Đang quá hạn", text.number(overdue), note=f"{of}{until}" if pd.notna(overdue) else ""),
    ]

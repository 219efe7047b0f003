"""The calendar of days: weeks as rows, weekdays as columns, each day's count in a cell that is the darker the more."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from dashboard import text
from dashboard.indicators import periods
from dashboard.indicators.criteria import FIRST_DAY
from dashboard.views import dossier_words as words
from dashboard.views.throughput import step
from dashboard.workdays import Calendar

WEEKDAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
LEAST, MOST = 26, 53  # weeks: half a year, a year


def calendar(by_day: pd.DataFrame, first: date, last: date, today: date, working: Calendar) -> dict[str, Any] | None:
    """What was received on each day of the weeks up to `last`, at least half a year, from `first` where that is more.

    `by_day`: period_from, period_to (datetime64), received; rows of longer periods are left out. None where no
    day was told. A cell has its day, words, `step` (0 to 5), and `kind`: "" a working day, "off" (a day off on which
    nothing was told is no gap), "unknown", "outside" what is asked of: before the communes were, after `last`.
    """
    days = by_day[by_day["period_from"] == by_day["period_to"]]
    told = dict(zip(days["period_to"].dt.date, days["received"], strict=True))
    end = periods.week(last)
    weeks = min(max(LEAST, math.ceil((end.last - first).days / 7)), MOST)
    start = end.first - timedelta(weeks=weeks - 1)
    told_since = min((day for day, value in told.items() if not math.isnan(value) and day >= start), default=start)
    if told_since < first:
        start = periods.week(told_since).first  # weeks of which nobody told anything are no gaps
    elif first > start:
        start = periods.week(first).first
    weeks = (end.last - start).days // 7 + 1
    shown = [start + timedelta(days=n) for n in range(weeks * 7)]
    values = [told.get(day, math.nan) for day in shown]
    if all(map(math.isnan, values)):
        return None
    is_working = working.is_working(np.array(shown, dtype="datetime64[D]"))
    most = np.nanmax(values)
    cells = [
        _cell(day, value, most, last, today, works=bool(works))
        for day, value, works in zip(shown, values, is_working, strict=True)
    ]
    rows = [cells[at : at + 7] for at in range(0, len(cells), 7)]
    sums = [values[at : at + 7] for at in range(0, len(cells), 7)]
    busiest = shown[int(np.nanargmax(values))]
    gaps = sum(cell["kind"] == "unknown" for cell in cells)
    return {
        "weeks": [
            {"first": f"{row[0]['day']:%d/%m}", "cells": row, "sum": _sum(of)}
            for row, of in zip(rows, sums, strict=True)
        ],
        "busiest": f"Nhiều nhất: {text.number(most)} hồ sơ ngày {text.day(busiest)}",
        "gaps": f"{text.number(gaps)} ngày làm việc chưa có dữ liệu" if gaps else "không thiếu ngày làm việc nào",
        "days": words.ends(periods.Period(start, min(last, end.last))),
    }


def _cell(day: date, value: float, most: float, last: date, today: date, *, works: bool) -> dict[str, Any]:
    unknown = math.isnan(value)
    if day > last or day < FIRST_DAY:
        kind, told = "outside", ""
    elif unknown:
        kind, told = ("unknown", "?") if works else ("off", "")
    else:
        kind, told = "" if works else "off", text.number(value)
    rest = "" if works else ", ngày nghỉ"
    running = ", ngày chưa hết" if day == today else ""
    apart = "chưa tới" if day > last else f"trước {text.day(FIRST_DAY)}"
    said = apart if kind == "outside" else "chưa có dữ liệu" if unknown else f"{told} hồ sơ"
    return {
        "day": day, "words": told, "kind": kind, "step": step(value, most) if kind != "outside" else 0,
        "title": f"{text.day(day)}: {said}{rest}{running}",
    }  # fmt: skip


def _sum(values: list[float]) -> str:
    told = [value for value in values if not math.isnan(value)]
    return text.number(sum(told)) if told else ""

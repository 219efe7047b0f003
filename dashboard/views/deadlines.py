"""Single dossiers against time, in words: what falls due when, and what share of a week's was done after how long."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from dashboard import text
from dashboard.indicators.backlog import HORIZONS
from dashboard.indicators.durations import WITHIN
from dashboard.indicators.periods import Period
from dashboard.views import dossier_words as words
from dashboard.views.throughput import step

RISKS = {"overdue": "Đã quá hạn", "due_today": "Hết hạn hôm nay"} | {
    f"due_within_{days}": f"Trong {days} ngày làm việc" for days in HORIZONS
}


def at_risk(frame: pd.DataFrame, names: list[str]) -> dict[str, Any] | None:
    """Communes with dossiers that are overdue or fall due within three working days, the most pressing first.

    `frame`: backlog.at_risk per commune, in the order of `names`. None where no list of dossiers was told.
    """
    if frame["open"].isna().all():
        return None
    pressing = frame.assign(name=names)[(frame["overdue"] > 0) | (frame[f"due_within_{HORIZONS[-1]}"] > 0)]
    order = [f"due_within_{HORIZONS[0]}", f"due_within_{HORIZONS[-1]}", "overdue"]
    pressing = pressing.sort_values(order, ascending=False, kind="stable")
    total = frame.sum(min_count=1)
    overdue, near = (text.number(total[code]) for code in ("overdue", f"due_within_{HORIZONS[-1]}"))
    return {
        "title": f"{overdue} hồ sơ quá hạn, {near} đến hạn trong {HORIZONS[-1]} ngày làm việc",
        "total": {code: text.number(total[code]) for code in [*RISKS, "open", "no_due_date", "paused"]},
        "rows": [
            {"code": code, "name": row["name"], **{risk: text.number(row[risk]) for risk in [*RISKS, "open"]}}
            for code, row in pressing.iterrows()
        ],
    }


def cohorts(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Weeks of reception, newest first: how many came in, and per limit the share done by then (0 to 1) in words."""
    rows = []
    for week, row in frame.iloc[::-1].iterrows():
        monday = week.date()
        shares = [row[f"within_{limit}"] for limit in WITHIN]
        rows.append(
            {
                "week": words.ends(Period(monday, monday + pd.Timedelta(days=6))),
                "received": text.number(row["received"]),
                "cells": [
                    {"words": words.INCOMPLETE if math.isnan(one) else text.percent(one, 0), "step": step(one, 1.0)}
                    for one in shares
                ],
            }
        )
    return rows

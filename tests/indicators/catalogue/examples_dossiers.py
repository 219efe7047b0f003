"""Worked examples of dossiers, computed by the indicators themselves from a few rows of counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard.indicators import backlog, durations, levels, rates, series
from dashboard.indicators.catalogue import small_province as small
from dashboard.indicators.cohorts import cohorts as cohorts_of
from dashboard.indicators.dossiers import dossiers
from dashboard.indicators.periods import Period

Found = dict[str, Any]
# A month's report II.06a whose figures reconcile: 130 = 70 + 25 + 5 + 30 and 130 = 110 + 20.
REPORT: Final = {
    **small.AUGUST, "received": 130, "received_online": 70, "received_in_person": 25, "received_post": 5,
    "carried_over": 30, "resolved": 110, "resolved_early": 60, "resolved_on_time": 40, "resolved_late": 10,
    "open": 20, "open_in_term": 15, "open_overdue": 5, "digitised": 80, "e_result": 88,
}  # fmt: skip
_WEEKDAYS: Final = [day.date() for day in pd.bdate_range("2026-08-01", "2026-08-31")]


def reported(*names: str) -> Callable[[], Found]:
    """What the report tells of the month, and what follows from it."""
    return lambda: dict(small.answered([REPORT]).sums.loc["A", list(names)])


def two_months() -> Found:
    """Two reports, the second beginning with what the first left open."""
    august = {**small.AUGUST, "received": 130, "carried_over": 30, "resolved": 110, "open": 20}
    july = {**small.JULY, "received": 90, "carried_over": 10, "resolved": 60, "open": 30}
    sums = small.answered([july, august], first=small.JULY["first"], last=small.AUGUST["last"]).sums.loc["A"]
    return {name: sums[name] for name in ("received", "received_new", "carried_over", "resolved", "open")}


def net_flow() -> Found:
    """Resolved less received anew."""
    return {"net": rates.net_flow(small.answered([REPORT]))["A"]}


def paused() -> Found:
    """A list's paused dossiers stand apart from the open ones."""
    row = {"first": small.DAY, "kind": "dossiers", "open": 20, "open_in_term": 15, "open_overdue": 5, "paused": 7}
    sums = small.answered([row], first=small.DAY, last=small.DAY).sums.loc["A"]
    return {name: sums[name] for name in ("open", "paused")}


def rate(code: str) -> Callable[[], Found]:
    """One of RATES by the report above."""

    def computed() -> Found:
        found = rates.rated(small.answered([REPORT]), code)
        return {"part": found.part[0], "whole": found.whole[0], "rate": found.value[0]}

    return computed


def nothing_received() -> Found:
    """A rate of a commune that received nothing, and of one that nobody told of."""
    empty = {**small.AUGUST, "received": 0, "on_time_766": 0}
    found = rates.rated(small.answered([empty], ("A", "B")), "on_time_766")
    return {"empty": rates.STATES[found.state[0]], "untold": rates.STATES[found.state[1]]}


def pooled() -> Found:
    """Two communes' share on time together, and the mean of their shares, which nobody is shown."""
    rows = [{**small.AUGUST, "unit": "A", "received": 200, "on_time_766": 196},
            {**small.AUGUST, "unit": "B", "received": 2000, "on_time_766": 1580}]  # fmt: skip
    found = rates.rated(small.answered(rows, ("A", "B")), "on_time_766")
    total = rates.total(found)
    return {"part": total.part, "whole": total.whole, "rate": total.value, "mean": found.value.mean()}


def change() -> Found:
    """A against July; B, whose July nobody told."""
    august = [{**small.AUGUST, "unit": unit, "received": 100, "on_time_766": 90} for unit in "AB"]
    july = [{**small.JULY, "unit": "A", "received": 100, "on_time_766": 85}]
    now = rates.rated(small.answered(august, ("A", "B")), "on_time_766")
    before = rates.rated(small.answered(july, ("A", "B"), **small.JULY), "on_time_766")
    found = rates.compare(now, before)
    return {"gain": found.difference[0] * 100, "untold": rates.STATES[found.state[1]]}


def colour() -> Found:
    """The level of the share on time of three communes."""
    told = {"A": (100, 96), "B": (100, 79), "C": (29, 29)}
    counts = small.counts_of([{**small.AUGUST, "unit": unit, "received": received, "on_time_766": in_time}
                              for unit, (received, in_time) in told.items()], tuple(told))  # fmt: skip
    communes = pd.DataFrame({"kind": ["xa"] * 3}, index=list(told))
    none = small.counts_of([{**small.AUGUST, "unit": "X"}], ())
    period = Period(small.AUGUST["first"], small.AUGUST["last"])
    found = dossiers(counts, none, communes, period, small.THROUGHPUT, (), small.WEEKDAYS).on_time_levels
    return {unit: levels.NAMES[level] for unit, level in zip(told, found, strict=True)}


def source() -> Found:
    """A list of every working day beside the month's report."""
    days = [{"first": day, "kind": "dossiers", "received": 5} for day in _WEEKDAYS]
    found = small.answered([*days, {**small.AUGUST, "received": 110}])
    gap = small.answered([*days[:-3], {**small.AUGUST, "received": 110}])
    return {"received": found.totals()["received"], "grain": found.grain, "more": found.rivals["difference"].iloc[0],
            "with_gap": gap.totals()["received"], "grain_with_gap": gap.grain}  # fmt: skip


def differenced() -> Found:
    """Figures since 1 January as of four successive days."""
    told = zip(range(10, 14), (1000, 1030, 1025, 1040), strict=True)
    rows = [{"first": date(2026, 1, 1), "last": date(2026, 11, day), "received": received} for day, received in told]
    counts = small.counts_of(rows)
    daily = counts.daily("received", np.arange("2026-11-11", "2026-11-14", dtype="datetime64[D]"))[0]
    corrected = counts.corrections.iloc[0]
    return {"second": daily[0], "third": daily[1], "fourth": daily[2], "before": corrected["before"],
            "after": corrected["after"]}  # fmt: skip


def weekly() -> Found:
    """Three weeks of a list, the last one running."""
    days = [day.date() for day in pd.bdate_range("2026-11-02", "2026-11-18")]
    rows = [{"first": day, "kind": "dossiers", "received": 5 if day < date(2026, 11, 9) else 6} for day in days]
    found = series.series(small.counts_of(rows), "week", days[0], days[-1], small.WEEKDAYS)
    first, second, running = found["received_new"]
    return {"first": first, "second": second, "change": found["change"].iloc[1], "running": running,
            "state": rates.STATES[found["state"].iloc[2]]}  # fmt: skip


def _finished() -> pd.DataFrame:
    rows = [("2026-11-02", "2026-11-02", 3), ("2026-11-02", "2026-11-03", 5), ("2026-11-06", "2026-11-13", 2)]
    told = [{"received_on": begin, "finished_on": end, "dossiers": many} for begin, end, many in rows]
    return small.dossiers_of(told, "received_on", "finished_on")


def lasted(*names: str) -> Callable[[], Found]:
    """Ten dossiers: 3 done the same day, 5 the next, 2 from one Friday to the next."""
    return lambda: dict(durations.durations(_finished(), small.WEEKDAYS).loc["A", list(names)])


def mean_told() -> Found:
    """Printed means of two communes, weighted by what they received anew."""
    rows = [{**small.AUGUST, "unit": "A", "received": 100, "mean_days": 5},
            {**small.AUGUST, "unit": "B", "received": 300, "mean_days": 9}]  # fmt: skip
    return {"mean": small.answered(rows, ("A", "B")).totals()["mean_days"]}


def cohorts() -> Found:
    """The week of 02/11/2026: ten dossiers as above and two not done yet, as known on 17/11/2026."""
    two = [{"received_on": "2026-11-04", "finished_on": None, "dossiers": 2}]
    received = pd.concat([_finished(), small.dossiers_of(two, "received_on", "finished_on")]).drop(columns="unit")
    row = cohorts_of(received, date(2026, 11, 17), small.WEEKDAYS).iloc[0]
    return {name: row[name] for name in ("received", "within_1", "within_5", "within_10")}


def age() -> Found:
    """Ten open dossiers on a Friday: 8 received the day before, 1 a week and 1 four weeks before."""
    received = {"2026-11-12": 8, "2026-11-06": 1, "2026-10-16": 1}
    rows = [{"received_on": day, "due_on": None, "dossiers": many} for day, many in received.items()]
    row = backlog.backlog_age(small.dossiers_of(rows, "received_on", "due_on"), small.DAY, small.WEEKDAYS).loc["A"]
    return {"open": row["open"], "median": row["median_days"], "p90": row["p90_days"],
            "oldest": row["oldest_received"].date()}  # fmt: skip


def at_risk() -> Found:
    """Open dossiers on Friday 13/11/2026 by their printed dates."""
    due = {"2026-11-12": 4, "2026-11-13": 1, "2026-11-16": 2, "2026-11-17": 3, "2026-11-18": 5, "2026-11-19": 6}
    rows = [{"received_on": "2026-11-02", "due_on": day, "dossiers": many} for day, many in due.items()]
    row = backlog.at_risk(small.dossiers_of(rows, "received_on", "due_on"), small.DAY, small.WEEKDAYS).loc["A"]
    return {name: row[name] for name in ("overdue", "due_today", "due_within_1", "due_within_2", "due_within_3")}

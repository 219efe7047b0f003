"""Worked examples of dossiers, computed by the indicators from a few rows of counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard.indicators import levels
from dashboard.indicators.throughput import rates, single_dossiers
from dashboard.indicators.throughput.dossiers import assess_dossiers
from dashboard.indicators.throughput.periods import Period
from dashboard.indicators.throughput.single_dossiers import summarise_cohorts
from tests.indicators.catalogue import small_province
from tests.indicators.catalogue.small_province import Figures, resolve_period

# A month's report II.06a whose figures reconcile: 130 = 70 + 25 + 5 + 30 and 130 = 110 + 20.
REPORT: Final[dict[str, Any]] = {
    **small_province.AUGUST,
    "received": 130,
    "received_online": 70,
    "received_in_person": 25,
    "received_post": 5,
    "carried_over": 30,
    "resolved": 110,
    "resolved_early": 60,
    "resolved_on_time": 40,
    "resolved_late": 10,
    "open": 20,
    "open_in_term": 15,
    "open_overdue": 5,
    "digitised": 80,
    "e_result": 88,
}


def read_report() -> Figures:
    """What the report tells of the month, and what follows from it."""
    return dict(resolve_period([REPORT]).sums.loc["A"])


def compute_two_months() -> Figures:
    """Two reports, the second beginning with what the first left open."""
    august = {
        **small_province.AUGUST,
        "received": 130,
        "carried_over": 30,
        "resolved": 110,
        "open": 20,
    }
    july = {**small_province.JULY, "received": 90, "carried_over": 10, "resolved": 60, "open": 30}
    return dict(resolve_period([july, august], first=small_province.JULY["first"]).sums.loc["A"])


def compute_net_flow() -> Figures:
    """Resolved less received anew."""
    return {"net": rates.compute_net_flow(resolve_period([REPORT]))["A"]}


def compute_paused() -> Figures:
    """A list's paused dossiers stand apart from the open ones."""
    stock = {"open": 20, "open_in_term": 15, "open_overdue": 5, "paused": 7}
    row = {"first": small_province.DAY, "kind": "dossiers", **stock}
    return dict(
        resolve_period([row], first=small_province.DAY, last=small_province.DAY).sums.loc["A"]
    )


def compute_rate(code: str) -> Figures:
    """A rate by the report above."""
    rated = rates.compute_rate(resolve_period([REPORT]), code)
    return {
        "numerator": rated.numerator[0],
        "denominator": rated.denominator[0],
        "rate": rated.value[0],
    }


def rate_on_time(rows: list[dict[str, Any]], units: str, **period: date) -> rates.RateFigures:
    return rates.compute_rate(resolve_period(rows, tuple(units), **period), "on_time_766")


def compute_missing_rates() -> Figures:
    """A rate of a commune that received nothing, and of one that nobody told of."""
    nothing = {**small_province.AUGUST, "received": 0, "on_time_766": 0}
    rated = rate_on_time([nothing], "AB")
    return {"empty": rates.STATES[rated.state[0]], "untold": rates.STATES[rated.state[1]]}


def compute_pooled_rate() -> Figures:
    """Two communes' share on time together, and the mean of shares, which nobody is shown."""
    rows = [
        {**small_province.AUGUST, "unit": "A", "received": 200, "on_time_766": 196},
        {**small_province.AUGUST, "unit": "B", "received": 2000, "on_time_766": 1580},
    ]
    rated = rate_on_time(rows, "AB")
    total = rates.pool_rates(rated)
    return {
        "numerator": total.numerator,
        "denominator": total.denominator,
        "rate": total.value,
        "mean": rated.value.mean(),
    }


def compute_change() -> Figures:
    """A against July; B, whose July nobody told."""
    august = [
        {**small_province.AUGUST, "unit": unit, "received": 100, "on_time_766": 90} for unit in "AB"
    ]
    july = [{**small_province.JULY, "unit": "A", "received": 100, "on_time_766": 85}]
    change = rates.compare_rates(
        rate_on_time(august, "AB"), rate_on_time(july, "AB", **small_province.JULY)
    )
    return {"gain": change.difference[0] * 100, "untold": rates.STATES[change.state[1]]}


def compute_on_time_levels() -> Figures:
    """The level of the share on time of three communes."""
    counts = {"A": (100, 96), "B": (100, 79), "C": (29, 29)}
    rows = [
        {**small_province.AUGUST, "unit": unit, "received": received, "on_time_766": in_time}
        for unit, (received, in_time) in counts.items()
    ]
    communes = pd.DataFrame({"kind": ["xa"] * 3}, index=list(counts))
    departments = small_province.build_counts([{**small_province.AUGUST, "unit": "X"}], ())
    figures = assess_dossiers(
        small_province.build_counts(rows, tuple(counts)),
        departments,
        communes,
        Period(small_province.AUGUST["first"], small_province.AUGUST["last"]),
        small_province.THROUGHPUT,
        (),
        small_province.WEEKDAYS,
    )
    names = [levels.LEVEL_NAMES[level] for level in figures.on_time_levels]
    return dict(zip(counts, names, strict=True))


def compute_source() -> Figures:
    """A list of every working day beside the month's report; and without its last three days."""
    weekdays = [day.date() for day in pd.bdate_range("2026-08-01", "2026-08-31")]
    listed = [{"first": day, "kind": "dossiers", "received": 5} for day in weekdays]
    report = {**small_province.AUGUST, "received": 110}
    complete = resolve_period([*listed, report])
    with_gap = resolve_period([*listed[:-3], report])
    return {
        "received": complete.totals()["received"],
        "grain": complete.grain,
        "more": complete.alternative_sources["difference"].iloc[0],
        "with_gap": with_gap.totals()["received"],
        "grain_with_gap": with_gap.grain,
    }


def compute_differenced() -> Figures:
    """Figures since 1 January as of four successive days."""
    cumulative = {10: 1000, 11: 1030, 12: 1025, 13: 1040}
    rows = [
        {"first": date(2026, 1, 1), "last": date(2026, 11, day), "received": received}
        for day, received in cumulative.items()
    ]
    counts = small_province.build_counts(rows)
    days = np.arange("2026-11-11", "2026-11-14", dtype="datetime64[D]")
    daily = counts.daily("received", days)[0]
    correction = counts.corrections.iloc[0]
    return {
        "second": daily[0],
        "third": daily[1],
        "fourth": daily[2],
        "before": correction["before"],
        "after": correction["after"],
    }


def build_finished() -> pd.DataFrame:
    """Ten dossiers: 3 done the same day, 5 the next, 2 from one Friday to the next."""
    rows = [
        {"received_on": "2026-11-02", "finished_on": "2026-11-02", "dossiers": 3},
        {"received_on": "2026-11-02", "finished_on": "2026-11-03", "dossiers": 5},
        {"received_on": "2026-11-06", "finished_on": "2026-11-13", "dossiers": 2},
    ]
    return small_province.build_dossier_groups(rows, "received_on", "finished_on")


def compute_durations() -> Figures:
    return dict(
        single_dossiers.summarise_durations(build_finished(), small_province.WEEKDAYS).loc["A"]
    )


def compute_printed_mean() -> Figures:
    """Printed means of two communes, weighted by what they received anew."""
    rows = [
        {**small_province.AUGUST, "unit": "A", "received": 100, "mean_days": 5},
        {**small_province.AUGUST, "unit": "B", "received": 300, "mean_days": 9},
    ]
    return {"mean": resolve_period(rows, ("A", "B")).totals()["mean_days"]}


def compute_cohorts() -> Figures:
    """The week of 02/11/2026: ten dossiers and two not done yet, as known on 17/11/2026."""
    unfinished = [{"received_on": "2026-11-04", "finished_on": None, "dossiers": 2}]
    lasting = small_province.build_dossier_groups(unfinished, "received_on", "finished_on")
    received = pd.concat([build_finished(), lasting]).drop(columns="unit")
    return dict(summarise_cohorts(received, date(2026, 11, 17), small_province.WEEKDAYS).iloc[0])


def compute_backlog_age() -> Figures:
    """Ten open dossiers on a Friday: 8 received the day before, 1 a week and 1 four weeks ago."""
    received = {"2026-11-12": 8, "2026-11-06": 1, "2026-10-16": 1}
    rows = [
        {"received_on": day, "due_on": None, "dossiers": many} for day, many in received.items()
    ]
    groups = small_province.build_dossier_groups(rows, "received_on", "due_on")
    row = single_dossiers.measure_backlog_age(
        groups, small_province.DAY, small_province.WEEKDAYS
    ).loc["A"]
    return {
        "open": row["open"],
        "median": row["median_days"],
        "p90": row["p90_days"],
        "oldest": row["oldest_received"].date(),
    }


def compute_at_risk() -> Figures:
    """Open dossiers on Friday 13/11/2026 by their printed dates."""
    due = {
        "2026-11-12": 4,
        "2026-11-13": 1,
        "2026-11-16": 2,
        "2026-11-17": 3,
        "2026-11-18": 5,
        "2026-11-19": 6,
    }
    rows = [
        {"received_on": "2026-11-02", "due_on": day, "dossiers": many} for day, many in due.items()
    ]
    groups = small_province.build_dossier_groups(rows, "received_on", "due_on")
    return dict(
        single_dossiers.count_dossiers_at_risk(
            groups, small_province.DAY, small_province.WEEKDAYS
        ).loc["A"]
    )


EXAMPLES: Final[Mapping[str, Callable[[], Figures]]] = {
    "received": compute_two_months,
    "received_new": read_report,
    "carried_over": read_report,
    "resolved": read_report,
    "open": read_report,
    "paused": compute_paused,
    "net_flow": compute_net_flow,
    "source": compute_source,
    "differenced": compute_differenced,
    **{code: partial(compute_rate, code) for code in rates.RATES},
    "rate_state": compute_missing_rates,
    "pooled_rate": compute_pooled_rate,
    "rate_change": compute_change,
    "on_time_level": compute_on_time_levels,
    "days_taken": compute_durations,
    "done_within": compute_durations,
    "mean_days": compute_printed_mean,
    "cohorts": compute_cohorts,
    "backlog_age": compute_backlog_age,
    "at_risk": compute_at_risk,
}

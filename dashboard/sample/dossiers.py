"""Daily dossier counts of the sample: from what arrives to what is resolved, open, late.

In a daily row `received*` and `resolved*` are the flows of that day; `open`, `open_in_term`,
`open_overdue` and `paused` are stocks at its end, `carried_over` the stock (open and paused) at its
beginning, which is **not** part of `received`. So on every day:

    received = online + in person + post            resolved = early + on time + late
    open = in term + overdue                        carried_over + received = resolved + open + paused

`on_time_766` of a day: how many of the dossiers received on it were finished in time or are still in
term. Sums of `received` and `on_time_766` over days are therefore those of the month.
`digitised` counts dossiers received (those filed online need no scanning), `e_result` those resolved.
`received_other` stays missing: every channel is told.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from dashboard.batch import COUNTS, DOSSIER_COLUMNS
from dashboard.sample.days import calendar, day_number, workload
from dashboard.sample.draw import Floats, Ints, chance, follow, part, whole
from dashboard.sample.office import Passed, pass_days, until
from dashboard.sample.provinces import Province
from dashboard.sample.received import MORNING, Received, morning, received
from dashboard.sample.targets import AUGUST_2026, NEEDED_DAYS, Targets, targets
from dashboard.sample.units import PAIRS_FROM_DAY, Units, units


def dossiers(province: Province, communes: pd.DataFrame, troubled: list[str], today: date) -> pd.DataFrame:
    """Daily rows (DOSSIER_COLUMNS) of every unit from the first day to `today`, whose row is unfinished."""
    unit = units(province, communes)
    sums = targets(province, unit, troubled)
    last = day_number(today)
    dates = calendar(max(last + 1, NEEDED_DAYS))
    work = np.minimum(workload(dates), 1)
    arrived = received(province, unit, sums, dates)
    planned = _planned(sums, arrived)
    passed = pass_days(province, unit, arrived, planned, work, 0, None)
    counts = _counts(arrived, passed, *_habits(province, unit, sums, passed))
    counts["mean_days"] = _mean_days(province, unit, counts["resolved"])
    # Every day was drawn as a whole; of today only the morning is told.
    begun = morning(province, arrived, last)
    plan = np.where(planned[[last]] >= 0, np.floor(planned[[last]] * MORNING).astype(np.int64), -1)
    so_far = pass_days(province, unit, begun, plan, work[[last]] * MORNING, last, until(passed, last))
    for name, values in _begun(counts, begun, passed, so_far, last).items():
        counts[name][last] = values[0]
    return _frame(unit, dates, counts, last)


def _planned(sums: list[Targets], arrived: Received) -> Ints:
    """Resolved dossiers fixed by a published sum, spread as the arrivals; -1 where nothing is fixed."""
    planned = np.full(arrived.total.shape, -1, dtype=np.int64)
    for target in sums:
        if target.resolved is not None:
            window = (target.days, target.columns)
            planned[window] = follow(target.resolved, arrived.total[window])
    return planned


def _habits(province: Province, unit: Units, sums: list[Targets], passed: Passed) -> tuple[Ints, Ints]:
    """Of what is finished: how many before the due day, how many with an electronic result."""
    shape = passed.finished.shape
    early = whole(passed.finished * unit.early, chance(province.code, "early").random(shape))
    resolved = passed.finished + passed.cleared
    learning = (1 - 0.45 * np.exp(-np.arange(shape[0]) / 120))[:, None]
    e_result = whole(resolved * unit.e_result * learning, chance(province.code, "e-result").random(shape))
    for target in sums:
        window = (target.days, target.columns)
        if target.e_result is not None:
            e_result[window] = follow(target.e_result, resolved[window])
        if target.all_e_results:
            e_result[window] = resolved[window]
    return np.minimum(early, passed.finished), np.minimum(e_result, resolved)


def _counts(arrived: Received, passed: Passed, early: Ints, e_result: Ints) -> dict[str, Any]:
    in_term = passed.good + passed.doomed
    return {
        "received": arrived.total,
        "received_online": arrived.online,
        "received_in_person": arrived.total - arrived.online - arrived.post,
        "received_post": arrived.post,
        "carried_over": passed.before,
        "resolved": passed.finished + passed.cleared,
        "resolved_early": early,
        "resolved_on_time": passed.finished - early,
        "resolved_late": passed.cleared,
        "open": in_term + passed.overdue,
        "open_in_term": in_term,
        "open_overdue": passed.overdue,
        "paused": passed.paused,
        "digitised": arrived.digitised,
        "e_result": e_result,
        "on_time_766": arrived.on_time,
    }


def _begun(counts: dict[str, Any], begun: Received, passed: Passed, so_far: Passed, day: int) -> dict[str, Any]:
    """The counts of a day of which only the morning is over, with the whole day's habits."""
    early = part(counts["resolved_early"][[day]], so_far.finished, passed.finished[[day]])
    resolved = so_far.finished + so_far.cleared
    e_result = part(counts["e_result"][[day]], resolved, counts["resolved"][[day]])
    mean = np.where(resolved > 0, counts["mean_days"][[day]], np.nan)
    return {**_counts(begun, so_far, early, e_result), "mean_days": mean}


def _mean_days(province: Province, unit: Units, resolved: Ints) -> Floats:
    """Mean days of the dossiers resolved on a day; missing where none was.

    Where a month's mean is published, every day of that month has it, so that any weighting gives it back.
    """
    scatter = np.exp(chance(province.code, "days").normal(0, 0.2, resolved.shape))
    # In the first weeks nothing can have taken longer than the offices exist.
    days = np.round(np.minimum(unit.days * scatter, 0.2 + 0.45 * np.arange(len(resolved))[:, None]), 2)
    known = np.flatnonzero(unit.published[:, 0] >= 0)
    days[AUGUST_2026, known] = unit.days[known]
    return np.where(resolved > 0, days, np.nan)


def _frame(unit: Units, dates: list[date], counts: dict[str, Any], last: int) -> pd.DataFrame:
    size = len(unit.deciding)
    day = np.array(dates[: last + 1], dtype=object)
    columns: dict[str, Any] = {
        "accepting_unit": np.tile(np.array(unit.accepting, dtype=object), last + 1),
        "deciding_unit": np.tile(np.array(unit.deciding, dtype=object), last + 1),
        "period_from": np.repeat(day, size),
        "period_to": np.repeat(day, size),
    }
    for name in [*COUNTS, "mean_days"]:
        columns[name] = counts[name][: last + 1].ravel().astype(np.float64) if name in counts else np.nan
    frame = pd.DataFrame(columns)[DOSSIER_COLUMNS]
    # Before the neighbours' dossiers begin, their series has nothing to tell.
    own = np.tile(np.array(unit.accepting) == np.array(unit.deciding), last + 1)
    begun = np.repeat(np.arange(last + 1) >= PAIRS_FROM_DAY, size)
    return frame[own | begun].reset_index(drop=True)

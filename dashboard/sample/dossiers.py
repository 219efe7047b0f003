"""Daily dossier counts of the sample: from what arrives to what is resolved, open, late.

In a daily row `received*` and `resolved*` are the flows of that day; `open`, `open_in_term`,
`open_overdue` and `paused` are stocks at its end, `carried_over` the stock (open and paused) at its
beginning, which is **not** part of `received`. So on every day:

    received = online + in person + post
    resolved = early + on time + late
    open = in term + overdue
    carried_over + received = resolved + open + paused

`on_time_766` of a day: how many of the dossiers received on it were finished in time or are still
in term. Sums of `received` and `on_time_766` over days are therefore those of the month.
`digitised` counts dossiers received (those filed online need no scanning), `e_result` those
resolved. `received_other` stays missing: every channel is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from dashboard.batch import COUNTS, DOSSIER_COLUMNS
from dashboard.sample.draw import (
    Floats,
    Ints,
    compute_day_number,
    estimate_season,
    estimate_workload,
    list_first_days,
    make_generator,
    round_by_chance,
    scale_part,
    spread_total,
)
from dashboard.sample.facts import SampleProvince
from dashboard.sample.units import (
    AUGUST_2026,
    NEEDED_DAYS,
    PAIRS_FROM_DAY,
    PublishedSums,
    SampleUnits,
    draw_units,
    list_published_sums,
)

# Dossiers on their way through the offices: what is finished, paused, overdue, day by day.
#
# Each day a share of every stock moves on, according to the day's work. Dossiers that will end in
# time ("good") and those that will not ("doomed", then overdue) are kept apart from their arrival.

# Nothing can be overdue before the shortest terms have run out.
FIRST_DUE_DAY = 8
_TURNING_SHARE = 0.16
_PAUSING_SHARE = 0.012
_COMING_BACK_SHARE = 0.09
_OFFICE_STEPS = ("finish", "pause", "back", "due", "clear")


@dataclass(frozen=True)
class OfficeDays:
    """Days x units. Flows: `finished` in time, `cleared` late. Stocks at the end of the day: the
    others.

    `before`: everything in hand when the day began.
    """

    before: Ints
    finished: Ints
    cleared: Ints
    good: Ints
    doomed: Ints
    overdue: Ints
    paused: Ints


def simulate_office_days(
    province: SampleProvince,
    unit: SampleUnits,
    arrived: ReceivedDossiers,
    planned: Ints,
    work: Floats,
    from_day: int,
    start: OfficeDays | None,
) -> OfficeDays:
    """Let what `arrived` pass through the offices from day `from_day` on, beginning with the stocks
    of the last day of `start`. `planned`: how many are finished in time, -1 where chance
    decides."""
    shape = (from_day + len(work), len(unit.deciding))
    luck = {
        step: make_generator(province.code, "office", step).random(shape)[from_day:]
        for step in _OFFICE_STEPS
    }
    days = len(work)
    flows = {
        name: np.zeros((days, shape[1]), dtype=np.int64) for name in OfficeDays.__dataclass_fields__
    }
    good, doomed, overdue, paused = _find_opening_stocks(start, shape[1])
    for day in range(days):
        effort = work[day]
        plan = planned[day]
        flows["before"][day] = good + doomed + overdue + paused
        good = good + arrived.on_time[day]
        doomed = doomed + arrived.total[day] - arrived.on_time[day]
        by_chance = round_by_chance(good * unit.pace * effort, luck["finish"][day])
        finished = np.minimum(good, np.where(plan >= 0, plan, by_chance))
        good = good - finished
        # Paused dossiers wait for the applicant; where the sums are fixed, none is paused.
        pausing = np.where(
            plan >= 0,
            0,
            np.minimum(good, round_by_chance(good * _PAUSING_SHARE * effort, luck["pause"][day])),
        )
        back = np.minimum(
            paused, round_by_chance(paused * _COMING_BACK_SHARE * effort, luck["back"][day])
        )
        good = good - pausing + back
        paused = paused + pausing - back
        cleared = np.minimum(
            overdue, round_by_chance(overdue * unit.clearing * effort, luck["clear"][day])
        )
        turning = np.minimum(
            doomed, round_by_chance(doomed * _TURNING_SHARE * effort, luck["due"][day])
        )
        turning = turning * (from_day + day >= FIRST_DUE_DAY)
        doomed = doomed - turning
        overdue = overdue + turning - cleared
        today = {"finished": finished, "cleared": cleared, "good": good, "doomed": doomed}
        for name, values in {**today, "overdue": overdue, "paused": paused}.items():
            flows[name][day] = values
    return OfficeDays(**flows)


def _find_opening_stocks(start: OfficeDays | None, units: int) -> tuple[Ints, Ints, Ints, Ints]:
    if start is None:
        nothing = np.zeros(units, dtype=np.int64)
        return nothing, nothing, nothing, nothing
    return start.good[-1], start.doomed[-1], start.overdue[-1], start.paused[-1]


def keep_days_before(passed: OfficeDays, day: int) -> OfficeDays | None:
    """The days before `day`; None where there are none."""
    if not day:
        return None
    return OfficeDays(
        **{name: getattr(passed, name)[:day] for name in OfficeDays.__dataclass_fields__}
    )


# Dossiers that arrive at each unit on each day, by channel, with the published sums exact.

# What of a day has arrived by the hour at which the sample is taken (08:00).
MORNING_SHARE = 0.15


@dataclass(frozen=True)
class ReceivedDossiers:
    """Days x units, whole numbers: what arrived; of it online, by post, on time
    (766), digitised.
    """

    total: Ints
    online: Ints
    post: Ints
    on_time: Ints
    digitised: Ints


def simulate_received(
    province: SampleProvince, unit: SampleUnits, sums: list[PublishedSums], dates: list[date]
) -> ReceivedDossiers:
    """What arrives on `dates` (at least units.NEEDED_DAYS of them), on each the whole day."""
    shape = (len(dates), len(unit.deciding))
    load = estimate_workload(dates)
    total = _draw_total(province, unit, sums, dates, load)
    on_time = _draw_on_time(province, unit, sums, total)
    online, post = _draw_channels(province, unit, sums, total, load)
    # A dossier filed online needs no scanning: it counts as digitised on receipt.
    on_paper = total - online
    scanned = np.minimum(
        on_paper,
        round_by_chance(
            on_paper * _apply_learning(unit.digitised, shape), _draw_luck(province, "scan", shape)
        ),
    )
    digitised = online + scanned
    for target in sums:
        if target.all_digitised:
            digitised[target.days, target.columns] = total[target.days, target.columns]
    return ReceivedDossiers(total, online, post, on_time, digitised)


def simulate_morning(
    province: SampleProvince, arrived: ReceivedDossiers, day: int
) -> ReceivedDossiers:
    """Of one whole day what has arrived by the hour at which the sample is taken (1 x units)."""
    luck = _draw_luck(province, f"morning {day}", (4, arrived.total.shape[1]))
    online, post, total, on_time = (
        values[[day]] for values in (arrived.online, arrived.post, arrived.total, arrived.on_time)
    )
    online_now = round_by_chance(online * MORNING_SHARE, luck[0])
    post_now = round_by_chance(post * MORNING_SHARE, luck[1])
    on_paper_now = post_now + round_by_chance((total - online - post) * MORNING_SHARE, luck[2])
    total_now = online_now + on_paper_now
    scanned_now = scale_part(arrived.digitised[[day]] - online, on_paper_now, total - online)
    return ReceivedDossiers(
        total_now,
        online_now,
        post_now,
        scale_part(on_time, total_now, total),
        online_now + scanned_now,
    )


def _draw_luck(province: SampleProvince, topic: str, shape: tuple[int, int]) -> Floats:
    return make_generator(province.code, topic).random(shape)


def _apply_learning(share: Floats, shape: tuple[int, int]) -> Floats:
    """A habit that starts at two thirds of its later share and grows over about half a year."""
    return share * (1 - 0.33 * np.exp(-np.arange(shape[0]) / 90))[:, None]


def _draw_total(
    province: SampleProvince,
    unit: SampleUnits,
    sums: list[PublishedSums],
    dates: list[date],
    load: Floats,
) -> Ints:
    shape = (len(dates), len(unit.deciding))
    started = np.arange(shape[0])[:, None] >= unit.starts
    # 21 ordinary working days make a month.
    expected = (load * estimate_season(dates) / 21)[:, None] * unit.monthly * started
    restless = make_generator(province.code, "restless").gamma(14, 1 / 14, shape)
    total = make_generator(province.code, "received").poisson(expected * restless).astype(np.int64)
    for target in sums:
        window = (target.days, target.columns)
        # The small addition lets a unit reach its sum where chance gave it nothing.
        total[window] = spread_total(
            target.received, total[window] + 0.02 * expected[window] + 1e-6
        )
    return total


def _draw_on_time(
    province: SampleProvince, unit: SampleUnits, sums: list[PublishedSums], total: Ints
) -> Ints:
    """Of each day's arrivals those that end in time: fewer and fewer, down to the unit's
    own share.
    """
    shape = (total.shape[0], total.shape[1])
    share = 1 - (1 - unit.on_time) * (1 - 0.5 * np.exp(-np.arange(shape[0]) / 150))[:, None]
    on_time = np.minimum(
        total, round_by_chance(total * share, _draw_luck(province, "on time", shape))
    )
    for target in sums:
        window = (target.days, target.columns)
        if target.on_time is not None:
            on_time[window] = spread_total(target.on_time, total[window])
        if target.all_good:
            on_time[window] = total[window]
    return on_time


def _draw_channels(
    province: SampleProvince,
    unit: SampleUnits,
    sums: list[PublishedSums],
    total: Ints,
    load: Floats,
) -> tuple[Ints, Ints]:
    shape = (total.shape[0], total.shape[1])
    share = _apply_learning(unit.online, shape)
    # When offices are closed, only the portal receives.
    share[load < 0.2] = 1
    online = np.minimum(
        total, round_by_chance(total * share, _draw_luck(province, "online", shape))
    )
    for target in sums:
        for column, amount in (target.online or {}).items():
            online[target.days, column] = spread_total(amount, total[target.days, column])
    post = round_by_chance((total - online) * 0.06, _draw_luck(province, "post", shape) * 0.999)
    return online, np.minimum(total - online, post)


def simulate_dossiers(
    province: SampleProvince, communes: pd.DataFrame, troubled: list[str], today: date
) -> pd.DataFrame:
    """Daily rows (DOSSIER_COLUMNS) of every unit from the first day to `today`, whose row is
    unfinished.
    """
    unit = draw_units(province, communes)
    sums = list_published_sums(province, unit, troubled)
    last = compute_day_number(today)
    dates = list_first_days(max(last + 1, NEEDED_DAYS))
    work = np.minimum(estimate_workload(dates), 1)
    arrived = simulate_received(province, unit, sums, dates)
    planned = _plan_resolved(sums, arrived)
    passed = simulate_office_days(province, unit, arrived, planned, work, 0, None)
    counts = _combine_counts(arrived, passed, *_draw_habits(province, unit, sums, passed))
    counts["mean_days"] = _draw_mean_days(province, unit, counts["resolved"])
    # Every day was drawn as a whole; of today only the morning is told.
    begun = simulate_morning(province, arrived, last)
    plan = np.where(
        planned[[last]] >= 0, np.floor(planned[[last]] * MORNING_SHARE).astype(np.int64), -1
    )
    so_far = simulate_office_days(
        province,
        unit,
        begun,
        plan,
        work[[last]] * MORNING_SHARE,
        last,
        keep_days_before(passed, last),
    )
    for name, values in _count_begun_day(counts, begun, passed, so_far, last).items():
        counts[name][last] = values[0]
    return _build_frame(unit, dates, counts, last)


def _plan_resolved(sums: list[PublishedSums], arrived: ReceivedDossiers) -> Ints:
    """Resolved dossiers fixed by a published sum, spread as the arrivals; -1 where nothing is
    fixed.
    """
    planned = np.full(arrived.total.shape, -1, dtype=np.int64)
    for target in sums:
        if target.resolved is not None:
            window = (target.days, target.columns)
            planned[window] = spread_total(target.resolved, arrived.total[window])
    return planned


def _draw_habits(
    province: SampleProvince, unit: SampleUnits, sums: list[PublishedSums], passed: OfficeDays
) -> tuple[Ints, Ints]:
    """Of what is finished: how many before the due day, how many with an electronic result."""
    shape = passed.finished.shape
    early = round_by_chance(
        passed.finished * unit.early, make_generator(province.code, "early").random(shape)
    )
    resolved = passed.finished + passed.cleared
    learning = (1 - 0.45 * np.exp(-np.arange(shape[0]) / 120))[:, None]
    e_result = round_by_chance(
        resolved * unit.e_result * learning, make_generator(province.code, "e-result").random(shape)
    )
    for target in sums:
        window = (target.days, target.columns)
        if target.e_result is not None:
            e_result[window] = spread_total(target.e_result, resolved[window])
        if target.all_e_results:
            e_result[window] = resolved[window]
    return np.minimum(early, passed.finished), np.minimum(e_result, resolved)


def _combine_counts(
    arrived: ReceivedDossiers, passed: OfficeDays, early: Ints, e_result: Ints
) -> dict[str, Any]:
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
        # each of them has a day on which it is due, and one on which it was finished
        "no_due_day": np.zeros_like(arrived.total),
        "no_finish_day": np.zeros_like(arrived.total),
    }


def _count_begun_day(
    counts: dict[str, Any],
    begun: ReceivedDossiers,
    passed: OfficeDays,
    so_far: OfficeDays,
    day: int,
) -> dict[str, Any]:
    """The counts of a day of which only the morning is over, with the whole day's habits."""
    early = scale_part(counts["resolved_early"][[day]], so_far.finished, passed.finished[[day]])
    resolved = so_far.finished + so_far.cleared
    e_result = scale_part(counts["e_result"][[day]], resolved, counts["resolved"][[day]])
    mean = np.where(resolved > 0, counts["mean_days"][[day]], np.nan)
    return {**_combine_counts(begun, so_far, early, e_result), "mean_days": mean}


def _draw_mean_days(province: SampleProvince, unit: SampleUnits, resolved: Ints) -> Floats:
    """Mean days of the dossiers resolved on a day; missing where none was.

    Where a month's mean is published, every day of that month has it, so that any weighting gives
    it back.
    """
    scatter = np.exp(make_generator(province.code, "days").normal(0, 0.2, resolved.shape))
    # In the first weeks nothing can have taken longer than the offices exist.
    days = np.round(
        np.minimum(unit.days * scatter, 0.2 + 0.45 * np.arange(len(resolved))[:, None]), 2
    )
    published = np.flatnonzero(unit.published[:, 0] >= 0)
    days[AUGUST_2026, published] = unit.days[published]
    return np.where(resolved > 0, days, np.nan)


def _build_frame(
    unit: SampleUnits, dates: list[date], counts: dict[str, Any], last: int
) -> pd.DataFrame:
    size = len(unit.deciding)
    day = np.array(dates[: last + 1], dtype=object)
    columns: dict[str, Any] = {
        "accepting_unit": np.tile(np.array(unit.accepting, dtype=object), last + 1),
        "deciding_unit": np.tile(np.array(unit.deciding, dtype=object), last + 1),
        "period_from": np.repeat(day, size),
        "period_to": np.repeat(day, size),
    }
    for name in [*COUNTS, "mean_days"]:
        columns[name] = (
            counts[name][: last + 1].ravel().astype(np.float64) if name in counts else np.nan
        )
    frame = pd.DataFrame(columns)[DOSSIER_COLUMNS]
    # Before the neighbours' dossiers begin, their series has nothing to tell.
    own = np.tile(np.array(unit.accepting) == np.array(unit.deciding), last + 1)
    begun = np.repeat(np.arange(last + 1) >= PAIRS_FROM_DAY, size)
    return frame[own | begun].reset_index(drop=True)

"""The five rules of signals: each says of every commune and day whether it holds, and since when.

A rule looks at the last 60 days only and at nothing but data, so its answer for a day does not
depend on when or how often somebody looked. Each has one limit to enter and another to leave
(HysteresisState): a value that swings around one limit neither comes nor goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.indicators import medians
from dashboard.indicators.levels import Flags, Numbers

# States with one limit to enter and another to leave, so that nothing flickers between two looks.


@dataclass(frozen=True)
class HysteresisState:
    """`on`: whether the state holds, communes x days; `since`: the place of the day it entered (-1
    where off).
    """

    on: Flags
    since: npt.NDArray[np.int64]


def apply_hysteresis(enter: Flags, leave: Flags) -> HysteresisState:
    """Enters where `enter`, stays until `leave`; where both hold, `leave` wins. Arrays are communes
    x days.
    """
    return _run_through_days(enter, leave, np.ones_like(enter), enter.shape[1] + 1)


def apply_news_hysteresis(
    enter: Flags, recovered: Flags, healthy: Flags, most_days: int
) -> HysteresisState:
    """A state that is news: it leaves when `recovered`, or by itself `most_days` after it entered.

    After that, and at the start, it is armed again only by a day that is `recovered` (at the start
    also by one that is `healthy`), so what stays low is told once and not every fortnight.
    """
    ever_healthy = np.logical_or.accumulate(healthy, axis=1)
    return _run_through_days(enter, recovered, ever_healthy, most_days)


def _run_through_days(
    enter: Flags, leave: Flags, armed_at_first: Flags, most_days: int
) -> HysteresisState:
    on = np.zeros(enter.shape, dtype=np.bool_)
    since = np.full(enter.shape, -1, dtype=np.int64)
    state = np.zeros(len(enter), dtype=np.bool_)
    began = np.full(len(enter), -1, dtype=np.int64)
    spent = np.zeros(len(enter), dtype=np.bool_)
    for day in range(enter.shape[1]):
        old = state & (day - began >= most_days)
        spent = (spent | old) & ~leave[:, day]
        entering = ~state & ~spent & enter[:, day] & ~leave[:, day] & armed_at_first[:, day]
        state = (state & ~old & ~leave[:, day]) | entering
        began = np.where(entering, day, np.where(state, began, -1))
        on[:, day] = state
        since[:, day] = began
    return HysteresisState(on, since)


# What the rules of signals look at, and what a rule answers.

Days = npt.NDArray[np.datetime64]

WINDOW_DAYS: Final = 60  # all memory that any rule has


@dataclass(frozen=True, eq=False)
class SignalInput:
    """What the rules look at; arrays are communes x days (in the order of `codes` and `days`), NaN:
    not told.

    codes         the communes.
    days          consecutive days (datetime64[D]), the last is the day looked at; WINDOW_DAYS of
                  them.
    working       per day whether offices work (WorkingDayCalendar.is_working).
    speed         network_mbps as it counts that day, Mbps (readiness: the finding while fresh, else
                  declared).
    red_below     per day the limit of that day's rules, Mbps.
    probed        network_mbps_probed of that very day, Mbps.
    certificates  commune_code, as_of (datetime64), active, expiring_30; one row a commune and day.
                  Counts from 30 days before the first of `days` on are used.
    open_overdue  dossiers open past their due date, as told for that very day.
    report_age    days since the commune's last report; NaN: never.
    contradicted  criteria that the commune calls green and a fresh visit found otherwise, a number.
    first_day     the first day with any report of the province; None: nobody ever reported.
    contradicted_criteria  the short name of each such criterion of the last day, and per commune
                  1 where it is one.
    """

    codes: tuple[str, ...]
    days: Days
    working: Flags
    speed: Numbers
    red_below: Numbers
    probed: Numbers
    certificates: pd.DataFrame
    open_overdue: Numbers
    report_age: Numbers
    contradicted: Numbers
    first_day: date | None
    contradicted_criteria: Mapping[str, Numbers] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shape = (len(self.codes), len(self.days))
        arrays = (self.speed, self.probed, self.open_overdue, self.report_age, self.contradicted)
        assert all(array.shape == shape for array in arrays), "communes x days"
        assert self.working.shape == self.red_below.shape == self.days.shape, "one entry a day"
        assert (np.diff(self.days) == np.timedelta64(1, "D")).all(), "consecutive days"


@dataclass(frozen=True, eq=False)
class RuleResult:
    """What a rule found: the state over all days; of the last day per commune the value that
    speaks, how bad it is (larger: worse) and further `facts`."""

    state: HysteresisState
    value: Numbers
    worse: Numbers
    facts: Mapping[str, Numbers] = field(default_factory=dict)


# A third of the speed gone is more than a slow hour; 85% is back within what a line varies by
# itself.
FELL_TO: Final = 0.70
BACK_AT: Final = 0.85
# Above the red limit by a quarter, or it would come back with the next measurement.
ABOVE_RED: Final = 1.25
NEWS_DAYS: Final = 14  # two reporting weeks; what stays low is red on the map, no longer news
BEFORE_DAYS: Final = 28  # four whole weeks, so that every weekday counts alike
BEFORE_AT_LEAST: Final = 7
PROBE_DAYS: Final = 7  # probes swing from day to day
PROBE_AT_LEAST: Final = 3

EXPIRING_AT_LEAST: Final = 2  # one certificate is renewed by itself; two stop a counter
EXPIRING_SHARE: Final = 0.10
COUNT_SPEAKS_DAYS: Final = 30  # what a count says of the next 30 days is over by then

GROWING_DAYS: Final = 3  # one or two days more are chance, three in a row are a backlog
FALLING_DAYS: Final = 2
OVERDUE_FROM: Final = 5
OVERDUE_UNTIL: Final = 3
# Two working weeks: days further apart are not in a row, and an older figure does not ask for a
# decision today.
OVERDUE_SPEAKS_DAYS: Final = 10

SILENT_AFTER_DAYS: Final = 30  # as stale_after_days of the criteria
SPEAKS_AGAIN_DAYS: Final = 7  # only news of the commune ends silence: its report, or a visit
PROVINCE_DAYS: Final = 14  # before that nobody can be blamed for never having reported


def detect_network_falling(inputs: SignalInput) -> RuleResult:
    """Speed fell below the red limit, or to 70% or less of the median of the 28 days before,
    within 14 days.

    Leaves at 1.25 x the red limit, or 85% of that median, or after 14 days. Where probes can be
    compared, their median of 7 days answers (against the 28 days before those), else the speed that
    counts. Value: Mbps now. Facts: `before` (Mbps, that median on the day it fell; NaN: too short
    to say), `red_below`, `probed` (1: by probes).
    """
    before = medians.take_median_before_each_day(inputs.speed, BEFORE_DAYS, 1, BEFORE_AT_LEAST)
    level = inputs.speed
    state = _fallen_state(inputs.speed, before, inputs.red_below)
    if (~np.isnan(inputs.probed)).any():
        week = medians.take_median_before_each_day(inputs.probed, PROBE_DAYS, 0, PROBE_AT_LEAST)
        month = medians.take_median_before_each_day(
            inputs.probed, BEFORE_DAYS, PROBE_DAYS, BEFORE_AT_LEAST
        )
        by_probe = ~np.isnan(month)
        with_probe = _fallen_state(week, month, inputs.red_below)
        level = np.where(by_probe, week, level)
        before = np.where(by_probe, month, before)
        state = HysteresisState(
            np.where(by_probe, with_probe.on, state.on),
            np.where(by_probe, with_probe.since, state.since),
        )
        probed = by_probe[:, -1].astype(np.float64)
    else:
        probed = np.zeros(len(inputs.codes))
    fell_on = np.maximum(state.since[:, -1], 0)
    facts = {
        "before": before[np.arange(len(inputs.codes)), fell_on],
        "red_below": np.full(len(inputs.codes), inputs.red_below[-1]),
        "probed": probed,
    }
    return RuleResult(state, level[:, -1], -level[:, -1], facts)


def _fallen_state(level: Numbers, before: Numbers, red_below: Numbers) -> HysteresisState:
    below = apply_news_hysteresis(
        level < red_below, level >= ABOVE_RED * red_below, level >= red_below, NEWS_DAYS
    )
    back = level >= BACK_AT * before
    lost = apply_news_hysteresis(level <= FELL_TO * before, back, back, NEWS_DAYS)
    first = np.where(
        below.on & lost.on, np.minimum(below.since, lost.since), np.maximum(below.since, lost.since)
    )
    return HysteresisState(below.on | lost.on, first)


def detect_certificates_expiring(inputs: SignalInput) -> RuleResult:
    """Two certificates or a tenth of the active ones end within 30 days of the newest count.

    Leaves at none, or when the count is older than 30 days. Value: certificates. Facts: `active`,
    `age` (days).
    """
    row, age = _newest_count(inputs)
    fresh = age <= COUNT_SPEAKS_DAYS
    expiring, active = (
        np.where(
            fresh, np.append(inputs.certificates[name].to_numpy(np.float64), np.nan)[row], np.nan
        )
        for name in ("expiring_30", "active")
    )
    many = (expiring >= EXPIRING_AT_LEAST) | (
        (expiring >= 1) & (expiring >= EXPIRING_SHARE * active)
    )
    state = apply_hysteresis(many, (expiring == 0) | ~fresh)
    now = expiring[:, -1]
    return RuleResult(state, now, now, {"active": active[:, -1], "age": age[:, -1]})


def _newest_count(inputs: SignalInput) -> tuple[npt.NDArray[np.int64], Numbers]:
    """Per commune and day the row of the newest count by that day (-1: none) and its age
    in days.
    """
    counts = inputs.certificates
    commune = pd.Index(inputs.codes).get_indexer(counts["commune_code"])
    counted_on = counts["as_of"].to_numpy().astype("datetime64[D]")
    day_index = (counted_on - inputs.days[0]).astype(np.int64)
    in_window = np.flatnonzero((commune >= 0) & (day_index < len(inputs.days)))
    in_window = in_window[np.argsort(day_index[in_window], kind="stable")]
    shape = (len(inputs.codes), len(inputs.days))
    # the place in `kept`, which only grows from day to day
    newest = np.full(shape, -1, dtype=np.int64)
    newest[commune[in_window], np.maximum(day_index[in_window], 0)] = np.arange(len(in_window))
    newest = np.maximum.accumulate(newest, axis=1)
    row = np.append(in_window, -1)[newest]
    age = np.arange(len(inputs.days)) - np.append(day_index.astype(np.float64), np.nan)[row]
    return row, age


def detect_overdue_growing(inputs: SignalInput) -> RuleResult:
    """Overdue dossiers grew on three told working days in a row and are five or more.

    Leaves when they fell on two told working days in a row, are fewer than three, or are not told
    of for two working weeks. Value: dossiers. Facts: `before`, dossiers on the last told day before
    they began to grow.
    """
    shape = inputs.open_overdue.shape
    enter = np.zeros(shape, dtype=np.bool_)
    leave = np.zeros(shape, dtype=np.bool_)
    last = np.full(shape[0], np.nan)
    start = np.full(shape[0], np.nan)
    grew, fell, untold = (np.zeros(shape[0], dtype=np.int64) for _ in range(3))
    starts = np.full(shape, np.nan)
    for day in np.flatnonzero(inputs.working):
        value = inputs.open_overdue[:, day]
        has_value = ~np.isnan(value)
        untold = np.where(has_value, untold, untold + 1)
        in_row = has_value & (untold < OVERDUE_SPEAKS_DAYS)
        up = in_row & (value > last)
        down = in_row & (value < last)
        start = np.where(up & (grew == 0), last, start)
        grew = np.where(has_value, np.where(up, grew + 1, 0), grew)
        fell = np.where(has_value, np.where(down, fell + 1, 0), fell)
        last = np.where(has_value, value, last)
        untold = np.where(has_value, 0, untold)
        enter[:, day] = has_value & (grew >= GROWING_DAYS) & (value >= OVERDUE_FROM)
        leave[:, day] = (has_value & ((fell >= FALLING_DAYS) | (value < OVERDUE_UNTIL))) | (
            untold >= OVERDUE_SPEAKS_DAYS
        )
        starts[:, day] = start
    state = apply_hysteresis(enter, leave)
    entered = np.maximum(state.since[:, -1], 0)
    return RuleResult(state, last, last, {"before": starts[np.arange(shape[0]), entered]})


def detect_silence(inputs: SignalInput) -> RuleResult:
    """No report for more than 30 days, or never while the province has reported for 14 days.

    Only news (a report or a visit, at most 7 days old) ends it. Value: days since the last; NaN:
    never, the worst.
    """
    never = np.isnan(inputs.report_age)
    since_first = np.full(len(inputs.days), -1.0)
    if inputs.first_day is not None:
        since_first = (inputs.days - np.datetime64(inputs.first_day, "D")).astype(np.float64)
    enter = (inputs.report_age > SILENT_AFTER_DAYS) | (never & (since_first >= PROVINCE_DAYS))
    state = apply_hysteresis(enter, inputs.report_age <= SPEAKS_AGAIN_DAYS)
    now = inputs.report_age[:, -1]
    return RuleResult(state, now, np.where(never[:, -1], np.inf, now))


def detect_contradictions(inputs: SignalInput) -> RuleResult:
    """The commune calls a criterion green and a fresh visit found otherwise.

    Leaves when a recheck agrees or the finding expires; visits are events, they do not swing.
    Value: criteria. Facts: 1 per commune and criterion (its short name) that is one of them.
    """
    holds = inputs.contradicted > 0
    now = inputs.contradicted[:, -1]
    return RuleResult(apply_hysteresis(holds, ~holds), now, now, inputs.contradicted_criteria)

"""What only lists of single dossiers tell: how long they took, what is about to fall due, how long
the open ones have been lying, and cohorts.

All of it is computed from groups of alike dossiers, each with its weight. A cohort is what was
received in one week: unlike the mean of what was finished, its share done after so many working
days does not look better while the slow dossiers are still lying.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.indicators.levels import Numbers
from dashboard.workdays import WorkingDayCalendar

# Figures of groups of alike dossiers: each row stands for as many dossiers as its weight says.

Integers = npt.NDArray[np.int64]


class WeightedValues:
    """Values of `size` groups, each counted as often as its weight: the same as one row a dossier,
    unrolled.

    `value`, `weight` (how many dossiers), `group` (0 to size - 1): whole numbers of one length.
    Every figure is an array over the groups, NaN where a group has no dossier.
    """

    def __init__(self, value: Integers, weight: Integers, group: Integers, size: int) -> None:
        order = np.lexsort((value, group))
        self._value = value[order]
        self._weight = weight[order]
        self._group = group[order]
        self._size = size

    @cached_property
    def total(self) -> Integers:
        """How many dossiers each group has."""
        return np.bincount(self._group, weights=self._weight, minlength=self._size).astype(np.int64)

    @property
    def mean(self) -> Numbers:
        """The mean over all dossiers of the group."""
        return self._share_of_total(self._value * self._weight)

    @property
    def median(self) -> Numbers:
        """The middle dossier's value, or the mean of the two in the middle."""
        return (
            self._value_at_rank((self.total + 1) // 2) + self._value_at_rank(self.total // 2 + 1)
        ) / 2

    def percentile(self, percent: int) -> Numbers:
        """The smallest value that at least `percent` (1 to 100) of the group do not exceed (nearest
        rank).

        A value that some dossier really has, so that "9 of 10 are not older than" is literally
        true.
        """
        return self._value_at_rank(-(-percent * self.total // 100))

    def share_within(self, limit: int) -> Numbers:
        """The share (0 to 1) whose value is at most `limit`."""
        return self._share_of_total(np.where(self._value <= limit, self._weight, 0))

    def _share_of_total(self, each: Integers) -> Numbers:
        denominator = np.where(self.total > 0, self.total, np.nan)
        return np.bincount(self._group, weights=each, minlength=self._size) / denominator

    @cached_property
    def _running(self) -> Integers:
        return np.cumsum(self._weight)

    def _value_at_rank(self, rank: Integers) -> Numbers:
        """The value of the dossier of that rank (from 1) within each group."""
        out = np.full(self._size, np.nan)
        some = self.total > 0
        before = np.cumsum(self.total) - self.total
        out[some] = self._value[np.searchsorted(self._running, (before + rank)[some])]
        return out


def _number_units(units: pd.Series) -> tuple[npt.NDArray[np.intp], pd.Index]:
    """Of each row the place of its unit among all, and all in order; `units`: texts or
    categories.
    """
    group, names = pd.factorize(units, sort=True)
    return group, pd.Index(names, dtype="str", name="unit")


# How long dossiers took, from reception to finish, in working days
# (docs/indicators.md#days_taken).

DONE_WITHIN_DAYS: Final = (1, 3, 5, 10)  # working days by which a page tells what share was done


def summarise_durations(finished: pd.DataFrame, calendar: WorkingDayCalendar) -> pd.DataFrame:
    """Working days from reception to finish, per unit (index, sorted) and dossier, not per row.

    `finished`: unit, received_on, finished_on (datetime64, both told), dossiers (how many alike),
    as `store.dossiers.fetch_finished_dossiers` answers. For a peer group or the province put its
    name in the place of the unit: the mean of communes' means is not the mean of their dossiers.

    resolved (int), mean_days, median_days (NaN where nothing counts), within_1, within_3, within_5,
    within_10: the share (0 to 1) done within so many working days. Finished on the day of reception
    is 0 days, from Friday to Monday 1. `impossible` (int): finished before it was received; in none
    of the other columns.
    """
    group, units = _number_units(finished["unit"])
    received, done = (
        finished[name].to_numpy().astype("datetime64[D]") for name in ("received_on", "finished_on")
    )
    dossiers = finished["dossiers"].to_numpy(dtype=np.int64)
    sane = done >= received
    days = calendar.between(received[sane], done[sane])
    taken = WeightedValues(days, dossiers[sane], group[sane], len(units))
    return pd.DataFrame(
        {
            "resolved": taken.total,
            "mean_days": taken.mean,
            "median_days": taken.median,
            **{f"within_{limit}": taken.share_within(limit) for limit in DONE_WITHIN_DAYS},
            "impossible": np.bincount(group, np.where(sane, 0, dossiers), len(units)).astype(
                np.int64
            ),
        },
        index=units,
    )


# What is still on the desk: dossiers whose day is near or past, and how long they have been lying.
#
# `opened`: groups of alike dossiers as `store.dossiers.fetch_open_dossiers` answers: unit,
# received_on, due_on (datetime64, NaT: no date was printed), state_group ("open"|"paused"),
# is_overdue (may be missing: then by whole days), dossiers (how many).
# For a peer group or a province put its name in the place of the unit:
# dossiers are added up, never figures of communes. A unit without a row has nothing open, if a list
# was told at all.

DUE_HORIZONS: Final = (1, 2, 3)  # working days ahead of which a page warns


def count_dossiers_at_risk(
    opened: pd.DataFrame, day: date, calendar: WorkingDayCalendar
) -> pd.DataFrame:
    """How many dossiers fall due when, as of `day`; index unit (sorted), all columns int.

    open                    all that are not paused
    due_today               due on `day`, or on days off right after it: no working day is left
    due_within_1, _2, _3    due within so many working days, today's among them
    overdue                 due before `day`: the printed date itself counts, also on a day off
    no_due_date             nobody printed a date: neither in term nor overdue
    paused, paused_overdue  paused dossiers, in none of the columns before; those past their date

    open = overdue + no_due_date + what is due today or later. By whole days what is due at nine
    o'clock this morning is due today, and overdue tomorrow; where `opened` tells `is_overdue`, that
    counts, as in the counts of days.
    """
    today = np.datetime64(day, "D")
    due = opened["due_on"].to_numpy().astype("datetime64[D]")
    is_open = (opened["state_group"] == "open").to_numpy()
    is_late = opened.get("is_overdue", pd.Series(0, index=opened.index)).to_numpy() == 1
    late = (due < today) | is_late  # NaT is neither late nor ahead
    ahead = (due >= today) & ~late
    left = np.full(len(opened), np.iinfo(np.int64).max)
    left[ahead] = calendar.between(np.full(ahead.sum(), today), due[ahead])
    columns = {"open": is_open, "due_today": is_open & (left <= 0)}
    columns |= {f"due_within_{days}": is_open & (left <= days) for days in DUE_HORIZONS}
    columns |= {"overdue": is_open & late, "no_due_date": is_open & np.isnat(due)}
    columns |= {"paused": ~is_open, "paused_overdue": ~is_open & late}
    dossiers = opened["dossiers"].to_numpy(dtype=np.int64)
    counts = pd.DataFrame({name: np.where(those, dossiers, 0) for name, those in columns.items()})
    return counts.groupby(opened["unit"].to_numpy()).sum().rename_axis("unit")


def measure_backlog_age(
    opened: pd.DataFrame, day: date, calendar: WorkingDayCalendar
) -> pd.DataFrame:
    """How long the open dossiers (not the paused ones) have been lying on `day`; index unit
    (sorted).

    open (int), median_days and p90_days (working days since reception, float: half, and nine of
    ten, are not older), oldest_received (datetime64). A dossier received today, or on days off just
    before, is 0 days old. Units whose dossiers are all paused have 0 and NaN, NaT.
    """
    group, units = _number_units(opened["unit"])
    is_open = (opened["state_group"] == "open").to_numpy()
    received = opened["received_on"].to_numpy()[is_open].astype("datetime64[D]")
    age = calendar.between(received, np.full(len(received), np.datetime64(day, "D")))
    dossiers = opened["dossiers"].to_numpy(dtype=np.int64)[is_open]
    ages = WeightedValues(age, dossiers, group[is_open], len(units))
    oldest = opened[is_open].groupby("unit")["received_on"].min().reindex(units)
    return pd.DataFrame(
        {
            "open": ages.total,
            "median_days": ages.median,
            "p90_days": ages.percentile(90),
            "oldest_received": oldest.to_numpy(),
        },
        index=units,
    )


_NEVER_FINISHED = np.iinfo(np.int64).max


def summarise_cohorts(
    received: pd.DataFrame, today: date, calendar: WorkingDayCalendar
) -> pd.DataFrame:
    """The share done after 1, 3, 5 and 10 working days per week of reception (index `week`: its
    Monday).

    `received`: received_on, finished_on (datetime64, NaT: not yet), dossiers (how many alike), as
    `store.dossiers.fetch_received_dossiers` answers for whole weeks; with a column `unit` the index
    is (unit, week). `today`: the day up to which the finishes are known, not after the newest list.

    received (int), within_1, within_3, within_5, within_10 (0 to 1; NaN, "chưa đủ kỳ", until so
    many working days after the week's Sunday are over: today is not over yet), impossible (int:
    finished before it was received, in none of the other columns). A week in which nothing was
    received has no row.
    """
    start, done = (
        received[name].to_numpy().astype("datetime64[D]") for name in ("received_on", "finished_on")
    )
    # 1970-01-01 was a Thursday: three days on, weeks of seven begin on Mondays.
    monday = start - (start.astype(np.int64) + 3) % 7
    keys = [received["unit"].to_numpy()] if "unit" in received else []
    grouped = received.groupby([*keys, monday.astype("datetime64[s]")])
    group = grouped.ngroup().to_numpy()
    index = grouped.size().index
    finished = ~np.isnat(done)
    impossible = done < start
    days = np.full(len(received), _NEVER_FINISHED)
    days[finished] = calendar.between(start[finished], done[finished])
    dossiers = received["dossiers"].to_numpy(dtype=np.int64)
    sane = ~impossible
    taken = WeightedValues(days[sane], dossiers[sane], group[sane], len(index))
    sunday = index.get_level_values(-1).to_numpy().astype("datetime64[D]") + 6
    passed = calendar.between(sunday, np.full(len(index), np.datetime64(today, "D") - 1))
    columns = {"received": taken.total}
    columns |= {
        f"within_{n}": np.where(passed >= n, taken.share_within(n), np.nan)
        for n in DONE_WITHIN_DAYS
    }
    columns["impossible"] = np.bincount(group, np.where(sane, 0, dossiers), len(index)).astype(
        np.int64
    )
    return pd.DataFrame(columns, index=index.set_names(["unit", "week"] if keys else ["week"]))

"""Dossiers on their way through the offices: what is finished, paused, overdue, day by day.

Each day a share of every stock moves on, according to the day's work. Dossiers that will end in time
("good") and those that will not ("doomed", then overdue) are kept apart from their arrival.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.sample.draw import Floats, Ints, chance, whole
from dashboard.sample.provinces import Province
from dashboard.sample.received import Received
from dashboard.sample.units import Units

# Nothing can be overdue before the shortest terms have run out.
FIRST_DUE_DAY = 8
_TURNING, _PAUSING, _COMING_BACK = 0.16, 0.012, 0.09
_STEPS = ("finish", "pause", "back", "due", "clear")


@dataclass(frozen=True)
class Passed:
    """Days x units. Flows: `finished` in time, `cleared` late. Stocks at the end of the day: the others.

    `before`: everything in hand when the day began.
    """

    before: Ints
    finished: Ints
    cleared: Ints
    good: Ints
    doomed: Ints
    overdue: Ints
    paused: Ints


def pass_days(
    province: Province, unit: Units, arrived: Received, planned: Ints, work: Floats, from_day: int, start: Passed | None
) -> Passed:
    """Let what `arrived` pass through the offices from day `from_day` on, beginning with the stocks
    of the last day of `start`. `planned`: how many are finished in time, -1 where chance decides."""
    shape = (from_day + len(work), len(unit.deciding))
    luck = {step: chance(province.code, "office", step).random(shape)[from_day:] for step in _STEPS}
    days = len(work)
    flows = {name: np.zeros((days, shape[1]), dtype=np.int64) for name in Passed.__dataclass_fields__}
    good, doomed, overdue, paused = _stocks(start, shape[1])
    for day in range(days):
        effort, plan = work[day], planned[day]
        flows["before"][day] = good + doomed + overdue + paused
        good = good + arrived.on_time[day]
        doomed = doomed + arrived.total[day] - arrived.on_time[day]
        by_chance = whole(good * unit.pace * effort, luck["finish"][day])
        finished = np.minimum(good, np.where(plan >= 0, plan, by_chance))
        good = good - finished
        # Paused dossiers wait for the applicant; where the sums are fixed, none is paused.
        pausing = np.where(plan >= 0, 0, np.minimum(good, whole(good * _PAUSING * effort, luck["pause"][day])))
        back = np.minimum(paused, whole(paused * _COMING_BACK * effort, luck["back"][day]))
        good, paused = good - pausing + back, paused + pausing - back
        cleared = np.minimum(overdue, whole(overdue * unit.clearing * effort, luck["clear"][day]))
        turning = np.minimum(doomed, whole(doomed * _TURNING * effort, luck["due"][day]))
        turning = turning * (from_day + day >= FIRST_DUE_DAY)
        doomed, overdue = doomed - turning, overdue + turning - cleared
        today = {"finished": finished, "cleared": cleared, "good": good, "doomed": doomed}
        for name, values in {**today, "overdue": overdue, "paused": paused}.items():
            flows[name][day] = values
    return Passed(**flows)


def _stocks(start: Passed | None, units: int) -> tuple[Ints, Ints, Ints, Ints]:
    if start is None:
        nothing = np.zeros(units, dtype=np.int64)
        return nothing, nothing, nothing, nothing
    return start.good[-1], start.doomed[-1], start.overdue[-1], start.paused[-1]


def until(passed: Passed, day: int) -> Passed | None:
    """The days before `day`; None where there are none."""
    return Passed(**{name: getattr(passed, name)[:day] for name in Passed.__dataclass_fields__}) if day else None

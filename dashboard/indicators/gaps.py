"""What every commune lacks to be green: the smallest set of steps, and the province's shopping list.

Each criterion counts a thing of its own (`criteria_checks.counted_twice`), so every gap needs one step
of its own: all steps together make the commune green and no smaller set does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from dashboard.indicators import levels
from dashboard.indicators.criteria import Criterion, Rule
from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.readiness import Judged, Readiness

# Beside the fixes of a criterion: nobody knows, so the first step is to tell.
REPORT = "report"


@dataclass(frozen=True)
class Gaps:
    """What green asks for, criteria x communes, on one day.

    `lacks`: known to be short; `silent`: unknown or stale, so nobody knows. `amount` is what is
    missing where it lacks: whole things of a ratio, units of a number, 1 of a flag; `likely` the
    same by the old value of what is stale; NaN elsewhere. `recheck`: a visit's fresh finding
    decides, so only another visit (phúc tra) shows that the gap is closed. `aim`: the value each
    criterion has to reach, `value` what it has.
    """

    codes: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    aim: Numbers
    value: Numbers
    lacks: Flags
    silent: Flags
    amount: Numbers
    likely: Numbers
    recheck: Flags

    @cached_property
    def open(self) -> Flags:
        """Where something stands between the commune and green."""
        return self.lacks | self.silent


@dataclass(frozen=True)
class Step:
    """One thing to do in one commune; `fix` is the criterion's, or "report" where nobody knows what is missing.

    `amount` NaN for a report, `likely` NaN unless an old value was short; `value` NaN where never told.
    """

    criterion: str
    fix: str
    amount: float
    recheck: bool
    likely: float
    value: float
    aim: float


def gaps(readiness: Readiness, day_index: int = 0) -> Gaps:
    """What is missing to green on one of the days of a Readiness."""
    rule = readiness.rule
    asked = [
        judged
        for judged in readiness.judged
        if rule.needed_for_green(judged.criterion) or rule.decides_red(judged.criterion)
    ]
    shape = (len(asked), len(readiness.codes))
    value: Numbers = np.array([judged.value[:, day_index] for judged in asked], dtype=np.float64).reshape(shape)
    short: Numbers = np.array([_short(judged, day_index, rule) for judged in asked], dtype=np.float64).reshape(shape)
    lacks: Flags = np.array([_lacks(judged, day_index, rule) for judged in asked], dtype=np.bool_).reshape(shape)
    silent: Flags = np.array([judged.stale[:, day_index] for judged in asked], dtype=np.bool_).reshape(shape)
    silent = silent | np.isnan(value)
    by_visit: Flags = np.array([judged.recheck[:, day_index] for judged in asked], dtype=np.bool_).reshape(shape)
    return Gaps(
        readiness.codes,
        tuple(judged.criterion for judged in asked),
        np.array([_aim(judged.criterion, rule) for judged in asked]),
        value,
        lacks,
        silent,
        amount=np.where(lacks, short, np.nan),
        likely=np.where(silent & (short > 0), short, np.nan),
        recheck=by_visit & (lacks | silent),
    )


def _aim(criterion: Criterion, rule: Rule) -> float:
    """Green where green needs it; a criterion that only must not be red has to leave red."""
    return criterion.green_from if rule.needed_for_green(criterion) else criterion.red_below


def _lacks(judged: Judged, day: int, rule: Rule) -> Flags:
    enough = levels.GREEN if rule.needed_for_green(judged.criterion) else levels.YELLOW
    return np.asarray(judged.level[:, day] < enough)


def _short(judged: Judged, day: int, rule: Rule) -> Numbers:
    """How much is missing to the aim by the values at hand; NaN unknown, nought or less where nothing is.

    A ratio lacks ceil(aim x whole - part) whole things; 1e-9 keeps 0.7 x 10 from asking for an eighth.
    """
    criterion, aim = judged.criterion, _aim(judged.criterion, rule)
    value = judged.value[:, day]
    if criterion.kind == "number":
        return np.asarray(aim - value)
    if criterion.kind == "flag":
        return np.where(np.isnan(value), np.nan, np.where(value >= aim, 0.0, 1.0))
    part, whole = judged.part[:, day], judged.whole[:, day]
    more = np.ceil(aim * whole - part - 1e-9)
    with np.errstate(divide="ignore", invalid="ignore"):
        # A threshold such as 0.3333333334 of 3 is missed by so little that the tolerance hid it.
        return more + ((part + more) / whole < aim)


def way(found: Gaps, commune: int) -> list[Step]:
    """The steps that make one commune (its place in `codes`) green, in the order of the criteria; [] where it is."""
    steps = []
    for at in np.flatnonzero(found.open[:, commune]).tolist():
        criterion, silent = found.criteria[at], bool(found.silent[at, commune])
        steps.append(
            Step(
                criterion.code,
                REPORT if silent else criterion.fix,
                amount=float(found.amount[at, commune]),
                recheck=bool(found.recheck[at, commune]),
                likely=float(found.likely[at, commune]),
                value=float(found.value[at, commune]),
                aim=float(found.aim[at]),
            )
        )
    return steps


def to_do(steps: Sequence[Step]) -> int:
    """How many things that are to be done: one report tells everything that is silent, so it is one."""
    known = sum(step.fix != REPORT for step in steps)
    return known + (known < len(steps))


def shopping_list(found: Gaps) -> pd.DataFrame:
    """What the province needs, one row a criterion that green asks for, in their order.

    Columns: criterion, name, fix, unit, `communes` that lack it and the `amount` they lack together,
    `likely_communes` and `likely_amount` by old values, `recheck_communes` that also need another
    visit, `report_communes` of which nobody knows (the likely ones are among them).
    """
    return pd.DataFrame(
        {
            "criterion": [criterion.code for criterion in found.criteria],
            "name": [criterion.brief for criterion in found.criteria],
            "fix": [criterion.fix for criterion in found.criteria],
            "unit": [criterion.unit for criterion in found.criteria],
            "communes": found.lacks.sum(axis=1),
            "amount": np.nansum(found.amount, axis=1),
            "likely_communes": (~np.isnan(found.likely)).sum(axis=1),
            "likely_amount": np.nansum(found.likely, axis=1),
            "recheck_communes": (found.recheck & found.lacks).sum(axis=1),
            "report_communes": found.silent.sum(axis=1),
        }
    )

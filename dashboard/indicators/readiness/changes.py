"""What changed between two days, commune by commune and criterion by criterion, and why.

The cause is found by judging again with one thing exchanged at a time: the facts of `now` by the
rules of `before`, the facts of `before` by the rules of `now`, and what was known on `before` as
old as it is `now`. What alone gives the level of `now` is the cause; facts go before rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from dashboard.indicators.criteria import Criteria
from dashboard.indicators.levels import Flags, Levels, Numbers
from dashboard.indicators.readiness.assessment import (
    Readiness,
    assess_readiness,
    reassess_readiness,
)
from dashboard.indicators.readiness.history import History

# Unchanged; the commune told it anew; a visit told it since; nothing new was told and the old went
# stale or a visit's finding expired; the same facts under other rules.
NONE, VALUE, VISIT, AGE, RULE = range(5)
CAUSES: Final = ("", "value", "visit", "age", "rule")
# The level of a criterion on a day on which it was not in force.
ABSENT: Final = -1


@dataclass(frozen=True)
class LevelChanges:
    """Levels on two days and the cause where they differ.

    `overall_before`, `overall_now`, `overall_cause`: one per commune; `before`, `now`, `cause`:
    criteria x communes for every code in force on either day (ABSENT where not). Causes are places
    in CAUSES. `value_before`, `value_now` in the criterion's unit, NaN unknown or absent.
    """

    codes: tuple[str, ...]
    criteria: tuple[str, ...]
    overall_before: Levels
    overall_now: Levels
    overall_cause: Levels
    before: Levels
    now: Levels
    cause: Levels
    value_before: Numbers
    value_now: Numbers


def find_level_changes(
    history: History, criteria: Criteria, before: date, now: date
) -> LevelChanges:
    """What differs between two days (`before` <= `now`), each by its own rules, and why."""
    assert before <= now, "a change goes forward"
    old_rules = criteria.in_force(before)
    new_rules = criteria.in_force(now)
    then = assess_readiness(history, criteria, before)
    today = assess_readiness(history, criteria, now)
    same_rules = old_rules == new_rules
    # Each differs from the two above in one thing only.
    new_facts = today if same_rules else reassess_readiness(history, old_rules, now)
    other_rules = then if same_rules else reassess_readiness(history, new_rules, before)
    aged = reassess_readiness(history, old_rules, now, known_by=before)
    names = tuple(
        dict.fromkeys(
            assessment.criterion.code
            for readiness in (then, today)
            for assessment in readiness.assessments
        )
    )
    levels = [
        _levels_by_code(readiness, names)
        for readiness in (then, today, new_facts, other_rules, aged)
    ]
    visited = _newly_visited(new_facts, names, (now - before).days)
    cause = _find_cause(levels, visited)
    overall = [readiness.overall[:, 0] for readiness in (then, today, new_facts, other_rules, aged)]
    # Of a new fact in the overall level the causes of its criteria tell who told it.
    by_visit = (cause == VISIT).any(axis=0) & ~(cause == VALUE).any(axis=0)
    return LevelChanges(
        history.codes,
        names,
        overall[0],
        overall[1],
        _find_cause(overall, by_visit),
        levels[0],
        levels[1],
        cause,
        _values_by_code(then, names),
        _values_by_code(today, names),
    )


def _find_cause(levels: Sequence[Levels], visit: Flags) -> Levels:
    """What alone leads from `before` to `now`; where only both together do, the facts if they do
    anything.
    """
    before, now, new_facts, other_rules, aged = levels
    by_rule = (new_facts == before) | ((new_facts != now) & (other_rules == now))
    facts = np.where(aged == new_facts, AGE, np.where(visit, VISIT, VALUE))
    return np.where(before == now, NONE, np.where(by_rule, RULE, facts)).astype(np.int8)


def _levels_by_code(readiness: Readiness, names: tuple[str, ...]) -> Levels:
    return _align_by_code(
        readiness, names, [assessment.level[:, 0] for assessment in readiness.assessments], ABSENT
    ).astype(np.int8)


def _values_by_code(readiness: Readiness, names: tuple[str, ...]) -> Numbers:
    return _align_by_code(
        readiness, names, [assessment.value[:, 0] for assessment in readiness.assessments], np.nan
    )


def _newly_visited(readiness: Readiness, names: tuple[str, ...], days: int) -> Flags:
    """Where a visit of the last `days` days took part in the level."""
    return np.asarray(
        _align_by_code(
            readiness,
            names,
            [assessment.visit_age[:, 0] for assessment in readiness.assessments],
            np.nan,
        )
        < days
    )


def _align_by_code(
    readiness: Readiness, names: tuple[str, ...], values: Sequence[npt.ArrayLike], absent: float
) -> Numbers:
    """One row a name, in their order, from one row a judged criterion."""
    rows = np.full((len(names), len(readiness.codes)), absent)
    for assessment, row in zip(readiness.assessments, values, strict=True):
        rows[names.index(assessment.criterion.code)] = row
    return rows

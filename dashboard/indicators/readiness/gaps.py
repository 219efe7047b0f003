"""What every commune lacks to be green: the smallest set of steps, and the province's shopping
list, and the bottlenecks: what turns how many communes green.

Each criterion counts a thing of its own (`criteria_file.find_double_counting`), so every gap needs
one step of its own: all steps together make the commune green and no smaller set does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.indicators import levels
from dashboard.indicators.criteria import DIMENSIONS, FIXES, Criterion, ReadinessRule
from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.readiness.assessment import CriterionAssessment, Readiness

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
class StepToGreen:
    """One thing to do in one commune; `fix` is the criterion's, or "report" where nobody knows what
    is missing.

    `amount` NaN for a report, `likely` NaN unless an old value was short; `value` NaN where never
    told.
    """

    criterion: str
    fix: str
    amount: float
    recheck: bool
    likely: float
    value: float
    aim: float


def find_gaps(readiness: Readiness, day_index: int = 0) -> Gaps:
    """What is missing to green on one of the days of a Readiness."""
    rule = readiness.rule
    relevant = [
        assessment
        for assessment in readiness.assessments
        if rule.needed_for_green(assessment.criterion) or rule.decides_red(assessment.criterion)
    ]
    shape = (len(relevant), len(readiness.codes))
    value: Numbers = np.array(
        [assessment.value[:, day_index] for assessment in relevant], dtype=np.float64
    ).reshape(shape)
    short: Numbers = np.array(
        [_short(assessment, day_index, rule) for assessment in relevant], dtype=np.float64
    ).reshape(shape)
    lacks: Flags = np.array(
        [_lacks(assessment, day_index, rule) for assessment in relevant], dtype=np.bool_
    ).reshape(shape)
    silent: Flags = np.array(
        [assessment.stale[:, day_index] for assessment in relevant], dtype=np.bool_
    ).reshape(shape)
    silent = silent | np.isnan(value)
    by_visit: Flags = np.array(
        [assessment.recheck[:, day_index] for assessment in relevant], dtype=np.bool_
    ).reshape(shape)
    return Gaps(
        readiness.codes,
        tuple(assessment.criterion for assessment in relevant),
        np.array([_aim(assessment.criterion, rule) for assessment in relevant]),
        value,
        lacks,
        silent,
        amount=np.where(lacks, short, np.nan),
        likely=np.where(silent & (short > 0), short, np.nan),
        recheck=by_visit & (lacks | silent),
    )


def _aim(criterion: Criterion, rule: ReadinessRule) -> float:
    """Green where green needs it; a criterion that only must not be red has to leave red."""
    return criterion.green_from if rule.needed_for_green(criterion) else criterion.red_below


def _lacks(assessment: CriterionAssessment, day: int, rule: ReadinessRule) -> Flags:
    enough = levels.GREEN if rule.needed_for_green(assessment.criterion) else levels.YELLOW
    return np.asarray(assessment.level[:, day] < enough)


def _short(assessment: CriterionAssessment, day: int, rule: ReadinessRule) -> Numbers:
    """How much is missing to the aim by the values at hand; NaN unknown, nought or less where
    nothing is.

    A ratio lacks ceil(aim x whole - part) whole things; 1e-9 keeps 0.7 x 10 from asking for an
    eighth.
    """
    criterion = assessment.criterion
    aim = _aim(assessment.criterion, rule)
    value = assessment.value[:, day]
    if criterion.kind == "number":
        return np.asarray(aim - value)
    if criterion.kind == "flag":
        return np.where(np.isnan(value), np.nan, np.where(value >= aim, 0.0, 1.0))
    numerator = assessment.numerator[:, day]
    denominator = assessment.denominator[:, day]
    more = np.ceil(aim * denominator - numerator - 1e-9)
    with np.errstate(divide="ignore", invalid="ignore"):
        # A threshold such as 0.3333333334 of 3 is missed by so little that the tolerance hid it.
        return more + ((numerator + more) / denominator < aim)


def list_gap_steps(gaps: Gaps, commune: int) -> list[StepToGreen]:
    """The steps that make one commune (its place in `codes`) green, in the order of the criteria;
    [] where it is.
    """
    steps = []
    for index in np.flatnonzero(gaps.open[:, commune]).tolist():
        criterion = gaps.criteria[index]
        silent = bool(gaps.silent[index, commune])
        steps.append(
            StepToGreen(
                criterion.code,
                REPORT if silent else criterion.fix,
                amount=float(gaps.amount[index, commune]),
                recheck=bool(gaps.recheck[index, commune]),
                likely=float(gaps.likely[index, commune]),
                value=float(gaps.value[index, commune]),
                aim=float(gaps.aim[index]),
            )
        )
    return steps


def count_steps(steps: Sequence[StepToGreen]) -> int:
    """How many things that are to be done: one report tells everything that is silent, so it is
    one.
    """
    known_steps = sum(step.fix != REPORT for step in steps)
    return known_steps + (known_steps < len(steps))


def list_province_needs(gaps: Gaps) -> pd.DataFrame:
    """What the province needs, one row a criterion that green asks for, in their order.

    Columns: criterion, name, fix, unit, `communes` that lack it and the `amount` they lack
    together, `likely_communes` and `likely_amount` by old values, `recheck_communes` that also need
    another visit, `report_communes` of which nobody knows (the likely ones are among them).
    """
    return pd.DataFrame(
        {
            "criterion": [criterion.code for criterion in gaps.criteria],
            "name": [criterion.short_name for criterion in gaps.criteria],
            "fix": [criterion.fix for criterion in gaps.criteria],
            "unit": [criterion.unit for criterion in gaps.criteria],
            "communes": gaps.lacks.sum(axis=1),
            "amount": np.nansum(gaps.amount, axis=1),
            "likely_communes": (~np.isnan(gaps.likely)).sum(axis=1),
            "likely_amount": np.nansum(gaps.likely, axis=1),
            "recheck_communes": (gaps.recheck & gaps.lacks).sum(axis=1),
            "report_communes": gaps.silent.sum(axis=1),
        }
    )


# Who has to do something: communes by the kind of fix that is open there, and by the dimension
# that it is open in.

# Beside the fixes of a criterion and the report: what a visit found short, only another visit
# clears.
RECHECK = "recheck"


def group_communes_by_fix(gaps: Gaps) -> dict[str, Flags]:
    """Per kind of fix (criteria.FIXES, then "report" and "recheck"), which communes need it; in
    that order.

    A commune may need several. A report is what unknown and old values need, whatever fix follows.
    """
    communes_by_fix = {
        str(fix): _any_per_commune(
            gaps.lacks[
                np.array([criterion.fix == fix for criterion in gaps.criteria], dtype=np.bool_)
            ]
        )
        for fix in FIXES
    }
    return {
        **communes_by_fix,
        REPORT: _any_per_commune(gaps.silent),
        RECHECK: _any_per_commune(gaps.recheck & gaps.lacks),
    }


def group_communes_by_dimension(gaps: Gaps) -> dict[str, Flags]:
    """Per dimension, in which communes something stands open in it: missing, or not known."""
    dimensions = np.array([criterion.dimension for criterion in gaps.criteria], dtype=np.str_)
    return {name: _any_per_commune(gaps.open[dimensions == name]) for name in DIMENSIONS}


def _any_per_commune(flags: Flags) -> Flags:
    """In which communes (second axis) any of the flags stands."""
    return np.asarray(flags.any(axis=0))


# Bottlenecks: fixing which one criterion, or which two together, turns how many communes green.
# Only what is certain counts: a commune of which something is not known turns green by no fix
# alone.


@dataclass(frozen=True)
class CommunesToReport:
    """Communes that lack nothing known and only have to report; `likely`: whose old values all
    sufficed.
    """

    codes: tuple[str, ...]
    likely: tuple[str, ...]


def _codes_where(gaps: Gaps, mask: npt.ArrayLike) -> tuple[str, ...]:
    return tuple(gaps.codes[commune] for commune in np.flatnonzero(mask))


def _certainly_lacking(gaps: Gaps, lacking: int) -> Flags:
    """Communes of which everything is known and that lack exactly so many criteria."""
    return np.asarray(~gaps.silent.any(axis=0) & (gaps.lacks.sum(axis=0) == lacking))


def rank_single_bottlenecks(gaps: Gaps) -> pd.DataFrame:
    """One row a criterion that green asks for, most effective first.

    Columns: criterion, fix, `turned` (communes that turn green when it alone is fixed everywhere),
    `lacking` (communes that lack it at all), `codes` of those that turn green.
    """
    turned = gaps.lacks & _certainly_lacking(gaps, 1)
    rows = pd.DataFrame(
        {
            "criterion": [criterion.code for criterion in gaps.criteria],
            "fix": [criterion.fix for criterion in gaps.criteria],
            "turned": turned.sum(axis=1),
            "lacking": gaps.lacks.sum(axis=1),
            "codes": [_codes_where(gaps, row) for row in turned],
        }
    )
    return rows.sort_values(
        ["turned", "lacking"], ascending=False, kind="stable", ignore_index=True
    )


def rank_bottleneck_pairs(gaps: Gaps) -> pd.DataFrame:
    """Two criteria fixed together, best first; only pairs that do more than the better of the two
    alone.

    Columns: first, second (codes in the order of the criteria), `turned` (communes whose gaps all
    lie in the pair: both singles and those that lack exactly these two), `gain` (beyond the better
    single), `codes` of all that turn green.
    """
    alone = (gaps.lacks & _certainly_lacking(gaps, 1)).sum(axis=1)
    two = (gaps.lacks & _certainly_lacking(gaps, 2)).astype(np.int64)
    together = two @ two.T  # a commune with exactly two gaps stands in one cell above the diagonal
    turned = alone[:, None] + alone[None, :] + together
    gain = turned - np.maximum(alone[:, None], alone[None, :])
    first, second = np.nonzero(np.triu(gain > 0, k=1))
    order = np.lexsort((-gain[first, second], -turned[first, second]))
    first = first[order]
    second = second[order]
    few = _certainly_lacking(gaps, 1) | _certainly_lacking(gaps, 2)
    lacking = gaps.lacks.sum(axis=0)

    def all_within(pair: list[int]) -> Flags:
        return np.asarray(few & (gaps.lacks[pair].sum(axis=0) == lacking))

    return pd.DataFrame(
        {
            "first": [gaps.criteria[row].code for row in first],
            "second": [gaps.criteria[row].code for row in second],
            "turned": turned[first, second],
            "gain": gain[first, second],
            "codes": [
                _codes_where(gaps, all_within(pair))
                for pair in np.column_stack([first, second]).tolist()
            ],
        }
    )


def rank_fix_combinations(gaps: Gaps) -> pd.DataFrame:
    """What closing all gaps of one kind, or of two kinds, turns green: all purchases, all purchases
    and signatures.

    Criteria tend to fail together (a commune without a scanner lacks a copier too), so that no two
    of them turn anybody green; kinds of fixes still tell who can move something. Columns: fixes
    (one or two of criteria.FIXES that some criterion has), `turned`, `codes`; most effective first,
    one kind before two, those that turn nobody left out.
    """
    fixes = [fix for fix in FIXES if any(criterion.fix == fix for criterion in gaps.criteria)]
    of_kind = np.array(
        [[criterion.fix == fix for criterion in gaps.criteria] for fix in fixes], dtype=np.int64
    )
    lacking = gaps.lacks.sum(axis=0)
    fully_known = ~gaps.silent.any(axis=0) & (lacking > 0)
    rows = []
    for together in [*combinations(range(len(fixes)), 1), *combinations(range(len(fixes)), 2)]:
        # A criterion has one fix, so the gaps of two kinds add up.
        turned = fully_known & (
            of_kind[list(together)].sum(axis=0) @ gaps.lacks.astype(np.int64) == lacking
        )
        rows.append(
            (
                tuple(fixes[index] for index in together),
                int(turned.sum()),
                _codes_where(gaps, turned),
            )
        )
    rows = sorted([row for row in rows if row[1]], key=lambda row: (len(row[0]), -row[1]))
    return pd.DataFrame(rows, columns=["fixes", "turned", "codes"])


def find_communes_to_report(gaps: Gaps) -> CommunesToReport:
    """Communes for which a report may be all that is missing."""
    only = ~gaps.lacks.any(axis=0) & gaps.silent.any(axis=0)
    # Of a stale value it is known that it once sufficed; of one never told nothing is.
    doubtful = gaps.silent & (np.isnan(gaps.value) | ~np.isnan(gaps.likely))
    return CommunesToReport(
        _codes_where(gaps, only), _codes_where(gaps, only & ~doubtful.any(axis=0))
    )

"""Bottlenecks: fixing which one criterion, or which two together, turns how many communes green.

Only what is certain counts: a commune of which something is not known turns green by no fix alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.indicators.criteria import FIXES
from dashboard.indicators.levels import Flags
from dashboard.indicators.readiness.gaps import Gaps


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

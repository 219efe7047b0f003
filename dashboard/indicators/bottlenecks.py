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
from dashboard.indicators.gaps import Gaps
from dashboard.indicators.levels import Flags


@dataclass(frozen=True)
class Reporting:
    """Communes that lack nothing known and only have to report; `likely`: whose old values all sufficed."""

    codes: tuple[str, ...]
    likely: tuple[str, ...]


def _codes(found: Gaps, which: npt.ArrayLike) -> tuple[str, ...]:
    return tuple(found.codes[at] for at in np.flatnonzero(which))


def _certain(found: Gaps, lacking: int) -> Flags:
    """Communes of which everything is known and that lack exactly so many criteria."""
    return np.asarray(~found.silent.any(axis=0) & (found.lacks.sum(axis=0) == lacking))


def singles(found: Gaps) -> pd.DataFrame:
    """One row a criterion that green asks for, most effective first.

    Columns: criterion, fix, `turned` (communes that turn green when it alone is fixed everywhere),
    `lacking` (communes that lack it at all), `codes` of those that turn green.
    """
    turned = found.lacks & _certain(found, 1)
    rows = pd.DataFrame(
        {
            "criterion": [criterion.code for criterion in found.criteria],
            "fix": [criterion.fix for criterion in found.criteria],
            "turned": turned.sum(axis=1),
            "lacking": found.lacks.sum(axis=1),
            "codes": [_codes(found, row) for row in turned],
        }
    )
    return rows.sort_values(["turned", "lacking"], ascending=False, kind="stable", ignore_index=True)


def pairs(found: Gaps) -> pd.DataFrame:
    """Two criteria fixed together, best first; only pairs that do more than the better of the two alone.

    Columns: first, second (codes in the order of the criteria), `turned` (communes whose gaps all lie
    in the pair: both singles and those that lack exactly these two), `gain` (beyond the better
    single), `codes` of all that turn green.
    """
    alone = (found.lacks & _certain(found, 1)).sum(axis=1)
    two = (found.lacks & _certain(found, 2)).astype(np.int64)
    together = two @ two.T  # a commune with exactly two gaps stands in one cell above the diagonal
    turned = alone[:, None] + alone[None, :] + together
    gain = turned - np.maximum(alone[:, None], alone[None, :])
    first, second = np.nonzero(np.triu(gain > 0, k=1))
    order = np.lexsort((-gain[first, second], -turned[first, second]))
    first, second = first[order], second[order]
    few = _certain(found, 1) | _certain(found, 2)
    lacking = found.lacks.sum(axis=0)

    def all_within(pair: list[int]) -> Flags:
        return np.asarray(few & (found.lacks[pair].sum(axis=0) == lacking))

    return pd.DataFrame(
        {
            "first": [found.criteria[at].code for at in first],
            "second": [found.criteria[at].code for at in second],
            "turned": turned[first, second],
            "gain": gain[first, second],
            "codes": [_codes(found, all_within(pair)) for pair in np.column_stack([first, second]).tolist()],
        }
    )


def kinds(found: Gaps) -> pd.DataFrame:
    """What closing all gaps of one kind, or of two kinds, turns green: all purchases, all purchases and signatures.

    Criteria tend to fail together (a commune without a scanner lacks a copier too), so that no two of
    them turn anybody green; kinds of fixes still tell who can move something. Columns: fixes (one or
    two of criteria.FIXES that some criterion has), `turned`, `codes`; most effective first, one
    kind before two, those that turn nobody left out.
    """
    fixes = [fix for fix in FIXES if any(criterion.fix == fix for criterion in found.criteria)]
    of_kind = np.array([[criterion.fix == fix for criterion in found.criteria] for fix in fixes], dtype=np.int64)
    lacking = found.lacks.sum(axis=0)
    known = ~found.silent.any(axis=0) & (lacking > 0)
    rows = []
    for together in [*combinations(range(len(fixes)), 1), *combinations(range(len(fixes)), 2)]:
        # A criterion has one fix, so the gaps of two kinds add up.
        turned = known & (of_kind[list(together)].sum(axis=0) @ found.lacks.astype(np.int64) == lacking)
        rows.append((tuple(fixes[at] for at in together), int(turned.sum()), _codes(found, turned)))
    rows = sorted([row for row in rows if row[1]], key=lambda row: (len(row[0]), -row[1]))
    return pd.DataFrame(rows, columns=["fixes", "turned", "codes"])


def reporting(found: Gaps) -> Reporting:
    """Communes for which a report may be all that is missing."""
    only = ~found.lacks.any(axis=0) & found.silent.any(axis=0)
    # Of a stale value it is known that it once sufficed; of one never told nothing is.
    doubtful = found.silent & (np.isnan(found.value) | ~np.isnan(found.likely))
    return Reporting(_codes(found, only), _codes(found, only & ~doubtful.any(axis=0)))

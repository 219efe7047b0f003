"""Ranking by evidence: who is better for certain, and who merely had few dossiers. Rules: DOMAIN.md §4.

98 % of 204 dossiers says less than 79 % of 2,971. A rate is therefore placed by the end of its confidence
interval that it has at least proven, inside its peer group, and not at all below a minimum of dossiers.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.indicators.levels import Numbers

Z_95: Final = 1.959963984540054  # the 97.5 % quantile of the normal distribution: 95 % between both ends


def wilson(successes: npt.ArrayLike, n: npt.ArrayLike, z: float = Z_95) -> tuple[Numbers, Numbers]:
    """Lower and upper end (0 to 1) of Wilson's score interval for the share successes ÷ n; arrays of one shape.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of
    the American Statistical Association 22 (1927), 209-212:
    (s + z²/2 ± z √(s (n − s)/n + z²/4)) / (n + z²).
    NaN where either count is not told, where n is 0, and where s is not within 0 to n.
    """
    part, whole = np.asarray(successes, dtype=np.float64), np.asarray(n, dtype=np.float64)
    makes_sense = (whole > 0) & (part >= 0) & (part <= whole)
    part, whole = np.where(makes_sense, part, np.nan), np.where(makes_sense, whole, np.nan)
    middle = part + z * z / 2
    reach = z * np.sqrt(part * (whole - part) / whole + z * z / 4)
    lower, upper = (middle - reach) / (whole + z * z), (middle + reach) / (whole + z * z)
    # None and all are exact in the formula but not in floating point, and there the ties are.
    lower, upper = np.where(part == 0, 0.0, lower), np.where(part == whole, 1.0, upper)
    return np.clip(lower, 0.0, 1.0), np.clip(upper, 0.0, 1.0)


def rank_rates(
    part: pd.Series,
    whole: pd.Series,
    group: pd.Series,
    minimum: int,
    *,
    higher_is_better: bool = True,
    partial: npt.ArrayLike = False,
) -> pd.DataFrame:
    """The place of each share part ÷ whole within its group: one row a row of the arguments, in their order.

    `part`, `whole`: counts (NaN: not told), `group`: the peer group, told for every row; all of one index.
    The place is by Wilson's lower bound, highest first; where less is better (a share overdue) by the upper
    bound, lowest first: what is at least, or at worst, true of the commune. `partial`: rows that told less than
    the others of the period; who leaves out the bad weeks must not win by it, and gets no place. Columns:

    state                 "ranked"; "incomplete" (`partial`); "too_few" (whole below `minimum`: không xếp hạng);
                          "no_activity" (whole is 0); "unknown" (a count not told, or part not within 0 to whole)
    rate, n               the raw share (0 to 1; NaN unless it is known) and whole: shown beside every place
    lower, upper          Wilson's 95 % interval (0 to 1; NaN where the rate is)
    place                 1, 2, 2, 4 …: equals share a place; NaN unless ranked
    place_from, place_to  the places that the intervals leave open: after all that are better for certain, before
                          all that are worse for certain (their intervals do not touch); NaN unless ranked
    ranked, group_size    how many of the group have a place, and how many it has with the silent ones
    """
    lower, upper = wilson(part, whole)
    known = ~np.isnan(lower)
    n = whole.to_numpy(dtype=np.float64)
    lacking = known & np.asarray(partial, dtype=np.bool_)
    counts = known & (n >= minimum) & ~lacking
    nothing = (n == 0) & (part.isna() | (part == 0)).to_numpy()
    state = np.select([counts, lacking, known, nothing], ["ranked", "incomplete", "too_few", "no_activity"], "unknown")
    # Turned round, less becomes more, and what is certain at worst becomes what is certain at least.
    least, most = (lower, upper) if higher_is_better else (-upper, -lower)
    groups = pd.factorize(group)[0]
    least, most = np.where(counts, least, np.nan), np.where(counts, most, np.nan)
    ranked = np.bincount(groups, weights=counts)[groups]
    return pd.DataFrame(
        {
            "state": state,
            "rate": np.divide(part.to_numpy(dtype=np.float64), n, out=np.full(n.shape, np.nan), where=known),
            "n": n,
            "lower": lower,
            "upper": upper,
            "place": _places(least, groups),
            "place_from": np.where(counts, 1 + _above(most, least, groups), np.nan),
            "place_to": np.where(counts, ranked - _above(-least, -most, groups), np.nan),
            "ranked": ranked.astype(np.int64),
            "group_size": np.bincount(groups)[groups],
        },
        index=part.index,
    )


def rank_counts(count: pd.Series, group: pd.Series | None = None) -> pd.DataFrame:
    """The plain ranking by counts that newspapers print ("8/135"), most first; one row a row, in their order.

    `count`: NaN where it was not told; `group`: as for `rank_rates`, else all are one group. Columns: place
    (1, 2, 2, 4 …; NaN where the count is not told: silence is no last place), `of` (how many of the group told
    theirs: the 17th of 20 that told is not the 17th of 96).
    """
    groups = np.zeros(len(count), dtype=np.int64) if group is None else pd.factorize(group)[0]
    place = _places(count.to_numpy(dtype=np.float64), groups)
    told = np.bincount(groups, weights=count.notna()).astype(np.int64)
    return pd.DataFrame({"place": place, "of": told[groups]}, index=count.index)


def _places(score: Numbers, groups: npt.NDArray[np.int64]) -> Numbers:
    """Competition ranking within each group, highest first; NaN has no place."""
    ranks = pd.Series(score).groupby(groups).rank(method="min", ascending=False)
    return ranks.to_numpy(dtype=np.float64)


def _above(limit: Numbers, value: Numbers, groups: npt.NDArray[np.int64]) -> Numbers:
    """How many values of the same group lie above each limit; NaN values do not, and a NaN limit says nothing.

    One sorting for all groups, values before equal limits: what stands before a limit is not above it.
    """
    is_value = np.repeat([1, 0], len(groups))
    order = np.lexsort((1 - is_value, np.concatenate([value, limit]), np.tile(groups, 2)))
    before = np.empty(len(order), dtype=np.int64)
    before[order] = np.cumsum(is_value[order])
    told = np.bincount(groups, weights=~np.isnan(value))
    of_earlier_groups = np.cumsum(np.bincount(groups)) - np.bincount(groups)
    here = before[len(groups) :] - of_earlier_groups[groups]
    return np.asarray(told[groups] - here, dtype=np.float64)

"""Ranking by evidence: who is better for certain, and who merely had few dossiers. Rules:
docs/indicators.md#place.

98% of 204 dossiers says less than 79% of 2,971. A rate is therefore placed by the end of its
confidence interval that it has at least proven, inside its peer group, and not at all below a
minimum of dossiers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.indicators.criteria import PeerFlag
from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.throughput.rates import KNOWN, RateFigures, pool_rates

# Peer groups: a commune is held against its like, phường with phường, mountainous with
# mountainous.

GroupLabels = npt.NDArray[np.object_]
PEER_GROUP_COLUMNS = ["communes", "told", "q1", "median", "q3", "part", "whole", "value", "state"]


def label_peer_groups(communes: pd.DataFrame, flags: Sequence[PeerFlag] = ()) -> GroupLabels:
    """The label of each commune's peer group, in the frame's order: "xa", "xa+mountainous",
    "xa+mountainous+border".

    `communes`: index commune_code, column kind (xa|phuong|dac_khu). Flags are appended in the order
    given.
    """
    label = communes["kind"].astype(object)
    for flag in flags:
        marked = communes.index.isin(list(flag.communes))
        label = label.where(~marked, label + f"+{flag.code}")
    return np.array(label, dtype=object)


def have_enough_dossiers(rates: RateFigures, minimum: int) -> Flags:
    """The units whose rate is known from at least `minimum` dossiers."""
    return (rates.state == KNOWN) & (rates.denominator >= minimum)


def summarise_peer_groups(rates: RateFigures, labels: GroupLabels, minimum: int) -> pd.DataFrame:
    """One row a peer group (index `group`), of the units in the order of `labels`.

    communes            how many the group has
    told                how many of them have a rate from at least `minimum` dossiers
    q1, median, q3      of those rates, linear between neighbours; NaN where there are none
    part, whole, value  of all of the group's dossiers together: a sum of counts, small communes too
    state               of that value (rates.KNOWN …)
    """
    speaks = have_enough_dossiers(rates, minimum)
    rows = {}
    for label in sorted(set(labels)):
        own = labels == label
        group_values = rates.value[own & speaks]
        if len(group_values):
            quartiles = np.quantile(group_values, [0.25, 0.5, 0.75])
        else:
            quartiles = np.full(3, np.nan)
        pooled = pool_rates(rates, own)
        rows[label] = (
            int(own.sum()),
            len(group_values),
            *quartiles,
            pooled.numerator,
            pooled.denominator,
            pooled.value,
            pooled.state,
        )
    return pd.DataFrame.from_dict(rows, orient="index", columns=PEER_GROUP_COLUMNS).rename_axis(
        "group"
    )


# the 97.5% quantile of the normal distribution: 95% between both ends
Z_95: Final = 1.959963984540054


def compute_wilson_interval(
    successes: npt.ArrayLike, n: npt.ArrayLike, z: float = Z_95
) -> tuple[Numbers, Numbers]:
    """Lower and upper end (0 to 1) of Wilson's score interval for the share successes ÷ n; arrays
    of one shape.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927), 209-212: (s + z²/2 ± z √(s (n − s)/n
    + z²/4)) / (n + z²). NaN where either count is not told, where n is 0, and where s is not within
    0 to n.
    """
    numerator = np.asarray(successes, dtype=np.float64)
    denominator = np.asarray(n, dtype=np.float64)
    makes_sense = (denominator > 0) & (numerator >= 0) & (numerator <= denominator)
    numerator = np.where(makes_sense, numerator, np.nan)
    denominator = np.where(makes_sense, denominator, np.nan)
    middle = numerator + z * z / 2
    reach = z * np.sqrt(numerator * (denominator - numerator) / denominator + z * z / 4)
    lower = (middle - reach) / (denominator + z * z)
    upper = (middle + reach) / (denominator + z * z)
    # None and all are exact in the formula but not in floating point, and there the ties are.
    lower = np.where(numerator == 0, 0.0, lower)
    upper = np.where(numerator == denominator, 1.0, upper)
    return np.clip(lower, 0.0, 1.0), np.clip(upper, 0.0, 1.0)


def rank_rates(
    numerator: pd.Series,
    denominator: pd.Series,
    group: pd.Series,
    minimum: int,
    *,
    higher_is_better: bool = True,
    partial: npt.ArrayLike = False,
) -> pd.DataFrame:
    """The place of each share part ÷ whole within its group: one row a row of the arguments, in
    their order.

    `numerator`, `denominator`: counts (NaN: not told), `group`: the peer group, told for every row;
    all of one index. The place is by Wilson's lower bound, highest first; where less is better (a
    share overdue) by the upper bound, lowest first: what is at least, or at worst, true of the
    commune. `partial`: rows that told less than the others of the period; who leaves out the bad
    weeks must not win by it, and gets no place. Columns:

    state                 "ranked"; "incomplete" (`partial`); "too_few" (whole below `minimum`:
                          không xếp hạng); "no_activity" (whole is 0); "unknown" (a count not told,
                          or part not within 0 to whole)
    rate, n               the raw share (0 to 1; NaN unless it is known) and whole: shown beside
                          every place
    lower, upper          Wilson's 95% interval (0 to 1; NaN where the rate is)
    place                 1, 2, 2, 4 …: equals share a place; NaN unless ranked
    place_from, place_to  the places that the intervals leave open: after all that are better for
                          certain, before all that are worse for certain (their intervals do not
                          touch); NaN unless ranked
    ranked, group_size    how many of the group have a place, and how many it has with the silent
                          ones
    """
    lower, upper = compute_wilson_interval(numerator, denominator)
    is_known = ~np.isnan(lower)
    n = denominator.to_numpy(dtype=np.float64)
    lacking = is_known & np.asarray(partial, dtype=np.bool_)
    counts = is_known & (n >= minimum) & ~lacking
    nothing = (n == 0) & (numerator.isna() | (numerator == 0)).to_numpy()
    state = np.select(
        [counts, lacking, is_known, nothing],
        ["ranked", "incomplete", "too_few", "no_activity"],
        "unknown",
    )
    # Turned round, less becomes more, and what is certain at worst becomes what is certain at
    # least.
    least, most = (lower, upper) if higher_is_better else (-upper, -lower)
    groups = pd.factorize(group)[0]
    least = np.where(counts, least, np.nan)
    most = np.where(counts, most, np.nan)
    ranked = np.bincount(groups, weights=counts)[groups]
    return pd.DataFrame(
        {
            "state": state,
            "rate": np.divide(
                numerator.to_numpy(dtype=np.float64),
                n,
                out=np.full(n.shape, np.nan),
                where=is_known,
            ),
            "n": n,
            "lower": lower,
            "upper": upper,
            "place": _places(least, groups),
            "place_from": np.where(counts, 1 + _above(most, least, groups), np.nan),
            "place_to": np.where(counts, ranked - _above(-least, -most, groups), np.nan),
            "ranked": ranked.astype(np.int64),
            "group_size": np.bincount(groups)[groups],
        },
        index=numerator.index,
    )


def rank_counts(count: pd.Series, group: pd.Series | None = None) -> pd.DataFrame:
    """The plain ranking by counts that newspapers print ("8/135"), most first; one row a row, in
    their order.

    `count`: NaN where it was not told; `group`: as for `rank_rates`, else all are one group.
    Columns: place (1, 2, 2, 4 …; NaN where the count is not told: silence is no last place), `of`
    (how many of the group told theirs: the 17th of 20 that told is not the 17th of 96).
    """
    groups = np.zeros(len(count), dtype=np.int64) if group is None else pd.factorize(group)[0]
    rank = _places(count.to_numpy(dtype=np.float64), groups)
    ranked = np.bincount(groups, weights=count.notna()).astype(np.int64)
    return pd.DataFrame({"place": rank, "of": ranked[groups]}, index=count.index)


def _places(score: Numbers, groups: npt.NDArray[np.int64]) -> Numbers:
    """Competition ranking within each group, highest first; NaN has no place."""
    ranks = pd.Series(score).groupby(groups).rank(method="min", ascending=False)
    return ranks.to_numpy(dtype=np.float64)


def _above(limit: Numbers, value: Numbers, groups: npt.NDArray[np.int64]) -> Numbers:
    """How many values of the same group lie above each limit; NaN values do not, and a NaN limit
    says nothing.

    One sorting for all groups, values before equal limits: what stands before a limit is not above
    it.
    """
    is_value = np.repeat([1, 0], len(groups))
    order = np.lexsort((1 - is_value, np.concatenate([value, limit]), np.tile(groups, 2)))
    before = np.empty(len(order), dtype=np.int64)
    before[order] = np.cumsum(is_value[order])
    values_told = np.bincount(groups, weights=~np.isnan(value))
    of_earlier_groups = np.cumsum(np.bincount(groups)) - np.bincount(groups)
    here = before[len(groups) :] - of_earlier_groups[groups]
    return np.asarray(values_told[groups] - here, dtype=np.float64)

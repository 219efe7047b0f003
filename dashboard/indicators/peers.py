"""Peer groups: a commune is held against its like, phường with phường, mountainous with mountainous."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.indicators.criteria import PeerFlag
from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.rates import KNOWN, Rated, total

Labels = npt.NDArray[np.object_]
FIGURES = ["communes", "told", "q1", "median", "q3", "part", "whole", "value", "state"]


def groups(communes: pd.DataFrame, flags: Sequence[PeerFlag] = ()) -> Labels:
    """The label of each commune's peer group, in the frame's order: "xa", "xa+mountainous", "xa+mountainous+border".

    `communes`: index commune_code, column kind (xa|phuong|dac_khu). Flags are appended in the order given.
    """
    label = communes["kind"].astype(object)
    for flag in flags:
        marked = communes.index.isin(list(flag.communes))
        label = label.where(~marked, label + f"+{flag.code}")
    return np.array(label, dtype=object)


def enough(rates: Rated, minimum: int) -> Flags:
    """The units whose rate is known from at least `minimum` dossiers."""
    return (rates.state == KNOWN) & (rates.whole >= minimum)


def figures(rates: Rated, labels: Labels, minimum: int) -> pd.DataFrame:
    """One row a peer group (index `group`), of the units in the order of `labels`.

    communes              how many the group has
    told                  how many of them have a rate from at least `minimum` dossiers
    q1, median, q3        of those rates, linear between neighbours; NaN where there are none
    part, whole, value    of all of the group's dossiers together: a sum of counts, small communes too
    state                 of that value (rates.KNOWN …)
    """
    speaks = enough(rates, minimum)
    rows = {}
    for label in sorted(set(labels)):
        own = labels == label
        told = rates.value[own & speaks]
        quartiles = np.quantile(told, [0.25, 0.5, 0.75]) if len(told) else np.full(3, np.nan)
        pooled = total(rates, own)
        rows[label] = (int(own.sum()), len(told), *quartiles, pooled.part, pooled.whole, pooled.value, pooled.state)
    return pd.DataFrame.from_dict(rows, orient="index", columns=FIGURES).rename_axis("group")


def against_median(rates: Rated, labels: Labels, peers: pd.DataFrame, minimum: int) -> Numbers:
    """Per unit its rate less its group's median (`peers` as `figures` gives it); NaN below `minimum` dossiers."""
    median = peers["median"].reindex(labels).to_numpy(dtype=np.float64)
    return np.where(enough(rates, minimum), rates.value - median, np.nan)

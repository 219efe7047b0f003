"""How long dossiers took, from reception to finish, in working days. Rules: DOMAIN.md §4."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from dashboard.indicators.weighted import Weighted
from dashboard.workdays import Calendar

WITHIN: Final = (1, 3, 5, 10)  # working days by which a page tells what share was done


def durations(finished: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Working days from reception to finish, per unit (index, sorted) and dossier, not per row.

    `finished`: unit, received_on, finished_on (datetime64, both told), dossiers (how many alike), as
    `store.dossiers.finished_dossiers` answers. For a peer group or the province put its name in the place of the
    unit: the mean of communes' means is not the mean of their dossiers.

    resolved (int), mean_days, median_days (NaN where nothing counts), within_1, within_3, within_5, within_10:
    the share (0 to 1) done within so many working days. Finished on the day of reception is 0 days, from Friday
    to Monday 1. `impossible` (int): finished before it was received; in none of the other columns.
    """
    group, units = pd.factorize(finished["unit"], sort=True)
    received, done = (finished[name].to_numpy().astype("datetime64[D]") for name in ("received_on", "finished_on"))
    dossiers = finished["dossiers"].to_numpy(dtype=np.int64)
    sane = done >= received
    days = calendar.between(received[sane], done[sane])
    taken = Weighted(days, dossiers[sane], group[sane], len(units))
    return pd.DataFrame(
        {
            "resolved": taken.total,
            "mean_days": taken.mean,
            "median_days": taken.median,
            **{f"within_{limit}": taken.share_within(limit) for limit in WITHIN},
            "impossible": np.bincount(group, np.where(sane, 0, dossiers), len(units)).astype(np.int64),
        },
        index=units.rename("unit"),
    )

"""What came in against what went out: carried over + received = resolved + open + paused, per unit,
so that whoever reads a page can add it up by hand.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from dashboard.indicators.throughput.count_rows import NEW
from dashboard.indicators.throughput.source_selection import PeriodFigures

# The two sides; `lying` is open and paused together, where only that is known.
BALANCE_COLUMNS: Final = (
    "carried_over",
    NEW,
    "resolved",
    "open",
    "paused",
    "lying",
    "undated",
    "difference",
)


# What single dossiers tell of a period's ends, a row a unit: how many were open or paused on the
# evening before its first day and on the evening of its last; received in it and resolved nobody
# knows when (on no day's count, and not open).
LISTED_END_COLUMNS = ["unit", "open_before", "open_after", "undated"]


def balance_dossiers(figures: PeriodFigures, ends: pd.DataFrame | None) -> pd.DataFrame:
    """Per unit each of BALANCE_COLUMNS, NaN: not told.

    `ends` (LISTED_END_COLUMNS; None: no list was told) for a source that lists single dossiers:
    only they tell what was carried over into days.
    `difference`: what came in less all that is accounted for; 0 where both sides agree, NaN where
    one of them is not told.
    """
    sums = figures.sums
    frame = pd.DataFrame(index=sums.index)
    for name in ("carried_over", NEW, "resolved", "paused"):
        frame[name] = sums[name].astype(np.float64)
    parts = sums["open_in_term"] + sums["open_overdue"]
    frame["open"] = sums["open"].astype(np.float64).fillna(parts)
    # a report without a column of paused dossiers counts them among the open ones
    frame["lying"] = frame["open"] + frame["paused"].fillna(0.0)
    frame["undated"] = 0.0
    if ends is not None:
        listed = sums["received"].notna()
        told = ends.set_index("unit").reindex(sums.index).fillna(0.0).astype(np.float64)
        frame["carried_over"] = told["open_before"].where(listed)
        frame["lying"] = told["open_after"].where(listed)
        frame["undated"] = told["undated"].where(listed)
    came_in = frame["carried_over"] + frame[NEW]
    frame["difference"] = came_in - frame["resolved"] - frame["lying"] - frame["undated"]
    return frame[list(BALANCE_COLUMNS)]


def sum_balances(frame: pd.DataFrame) -> pd.Series:
    """The balance of all units together; a column that some unit of those that received anything
    does not tell is not told of all."""
    reporting = frame[frame[NEW].notna()]
    if reporting.empty:
        return pd.Series(np.nan, index=frame.columns)
    total: pd.Series = reporting.sum(min_count=len(reporting))
    return total


def count_undated(frame: pd.DataFrame | None, unit: str | None = None) -> float:
    """How many dossiers of all units (of one) are done on no known day; 0 where the source has no
    such."""
    if frame is None:
        return 0.0
    undated = frame["undated"] if unit is None else frame.loc[[unit], "undated"]
    return float(undated.sum())

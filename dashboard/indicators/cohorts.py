"""Cohorts: of the dossiers received in one week, what share was done after so many working days.

Unlike the mean of what was finished, a cohort does not look better while the slow dossiers are still lying.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from dashboard.indicators.durations import WITHIN
from dashboard.indicators.weighted import Weighted
from dashboard.workdays import Calendar

_NEVER = np.iinfo(np.int64).max


def cohorts(received: pd.DataFrame, today: date, calendar: Calendar) -> pd.DataFrame:
    """The share done after 1, 3, 5 and 10 working days per week of reception (index `week`: its Monday).

    `received`: received_on, finished_on (datetime64, NaT: not yet), dossiers (how many alike), as
    `store.dossiers.received_dossiers` answers for whole weeks; with a column `unit` the index is (unit, week).
    `today`: the day up to which the finishes are known, not after the newest list.

    received (int), within_1, within_3, within_5, within_10 (0 to 1; NaN, "chưa đủ kỳ", until so many working days
    after the week's Sunday are over: today is not over yet), impossible (int: finished before it was received,
    in none of the other columns). A week in which nothing was received has no row.
    """
    start, done = (received[name].to_numpy().astype("datetime64[D]") for name in ("received_on", "finished_on"))
    # 1970-01-01 was a Thursday: three days on, weeks of seven begin on Mondays.
    monday = start - (start.astype(np.int64) + 3) % 7
    keys = [received["unit"].to_numpy()] if "unit" in received else []
    grouped = received.groupby([*keys, monday.astype("datetime64[s]")])
    group, index = grouped.ngroup().to_numpy(), grouped.size().index
    finished = ~np.isnat(done)
    impossible = done < start
    days = np.full(len(received), _NEVER)
    days[finished] = calendar.between(start[finished], done[finished])
    dossiers = received["dossiers"].to_numpy(dtype=np.int64)
    sane = ~impossible
    taken = Weighted(days[sane], dossiers[sane], group[sane], len(index))
    sunday = index.get_level_values(-1).to_numpy().astype("datetime64[D]") + 6
    passed = calendar.between(sunday, np.full(len(index), np.datetime64(today, "D") - 1))
    columns = {"received": taken.total}
    columns |= {f"within_{n}": np.where(passed >= n, taken.share_within(n), np.nan) for n in WITHIN}
    columns["impossible"] = np.bincount(group, np.where(sane, 0, dossiers), len(index)).astype(np.int64)
    return pd.DataFrame(columns, index=index.set_names(["unit", "week"] if keys else ["week"]))

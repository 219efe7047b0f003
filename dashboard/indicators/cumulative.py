"""Cumulative figures: successive snapshots from one start are differenced into what happened between them.

An office that reports "1 January to today" every day tells days; one that reports every Friday tells weeks.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from dashboard.indicators.levels import Flags, Numbers
from dashboard.indicators.periods import CUMULATIVE, OTHER, Codes, Days, natural
from dashboard.indicators.rows import FLOWS, NEW, Rows

CORRECTIONS: Final = ["unit", "column", "day", "before", "after"]
# Since the communes exist only from this day, offices count their first year from it.
_FIRST_DAY: Final = int(np.datetime64("2025-07-01", "D").astype(np.int64))


def grains(rows: Rows) -> Codes:
    """The grain of each row of one kind of source.

    Cumulative is what is no natural period and either shares its start with another period of the same unit
    or runs from 1 January or from the first day of the communes.
    """
    grain = natural(rows.first, rows.last)
    odd = grain == OTHER
    start = rows.first.astype("datetime64[D]")
    from_new_year = start == start.astype("datetime64[Y]").astype("datetime64[D]")
    grain[odd & (_sharing(rows, odd) | from_new_year | (rows.first == _FIRST_DAY))] = CUMULATIVE
    return grain


def _start(rows: Rows) -> Days:
    """Unit and first day as one number."""
    return np.asarray((rows.unit << 20) | rows.first, dtype=np.int64)


def _sharing(rows: Rows, odd: Flags) -> Flags:
    """Which of the rows share unit and start with another one, at least one of them being `odd`."""
    sharing = np.zeros(len(rows), dtype=np.bool_)
    if odd.any():  # most sources have none, and millions of rows
        start = _start(rows)
        near = np.flatnonzero(np.isin(start, start[odd]))
        _, chain, size = np.unique(start[near], return_inverse=True, return_counts=True)
        sharing[near] = size[chain] > 1
    return sharing


def difference(rows: Rows, grain: Codes) -> tuple[Rows, Flags, pd.DataFrame]:
    """What happened between successive snapshots of one kind of source.

    `grain` as `grains` gives it. Returns

    - a row from the day after the one snapshot to the day of the next, flows only: stocks and means of a
      snapshot cannot be subtracted. The first snapshot of a start stands for itself, with its carried_over,
      so that the rows of one start are without gaps.
    - per row whether its start's snapshots all lie in one month: those of a year overlap them.
    - corrections, one row where a snapshot is lower than the one before: unit (place), column, day (datetime64),
      before, after. What happened then is not known: NaN, never negative.
    """
    member = np.flatnonzero(_sharing(rows, grain == CUMULATIVE))
    order = member[np.lexsort((rows.last[member], rows.first[member], rows.unit[member]))]
    chain = rows.take(order).with_new()
    start = _start(chain)
    follows = np.zeros(len(chain), dtype=np.bool_)
    follows[1:] = start[1:] == start[:-1]
    values: dict[str, Numbers] = {}
    corrections = []
    for name in [*FLOWS, NEW]:
        if name not in chain.values:
            continue
        told = chain.values[name]
        flow = told.copy()
        flow[1:] -= np.where(follows[1:], told[:-1], 0.0)
        dropped = np.flatnonzero(flow < 0)
        flow[dropped] = np.nan
        values[name] = flow
        if name != NEW:
            day = chain.last[dropped].astype("datetime64[D]").astype("datetime64[s]")
            corrections.append(
                pd.DataFrame(
                    {
                        "unit": chain.unit[dropped],
                        "column": name,
                        "day": day,
                        "before": told[dropped - 1],
                        "after": told[dropped],
                    },
                )
            )
    if NEW in values:
        values["received"] = np.where(follows, values[NEW], chain.column("received"))
    if "carried_over" in chain.values:
        values["carried_over"] = np.where(follows, np.nan, chain.values["carried_over"])
        # In time of a report with stocks counts what is still open in term: no flow, and it may fall rightly.
        if chain.carries_over and "open_in_term" in chain.values and "on_time_766" in values:
            mixed = follows & ~np.isnan(chain.values["open_in_term"])
            values["on_time_766"] = np.where(mixed, np.nan, values["on_time_766"])
            corrections = [found[(found["column"] != "on_time_766")] for found in corrections]
    begins = chain.first.copy()
    begins[1:] = np.where(follows[1:], chain.last[:-1] + 1, begins[1:])
    short = _month(chain.first) == _month(_last_of_each(start, chain.last))
    made = [found for found in corrections if len(found)]
    told_back = pd.concat(made, ignore_index=True) if made else pd.DataFrame(columns=CORRECTIONS)
    return Rows(chain.unit, begins, chain.last, values, chain.carries_over), short, told_back


def _last_of_each(start: Days, last: Days) -> Days:
    """Per row the last day of its chain; rows of a chain stand together, in order of days."""
    if not len(start):
        return last
    ends = np.flatnonzero(np.append(start[1:] != start[:-1], True))
    return np.asarray(np.repeat(last[ends], np.diff(ends, prepend=-1)), dtype=np.int64)


def _month(day: Days) -> Days:
    return day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)

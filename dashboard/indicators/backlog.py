"""What is still on the desk: dossiers whose day is near or past, and how long they have been lying.

`opened`: groups of alike dossiers as `store.dossiers.open_dossiers` answers: unit, received_on, due_on
(datetime64, NaT: no date was printed), state_group ("open"|"paused"), dossiers (how many). For a peer group or a
province put its name in the place of the unit: dossiers are added up, never figures of communes.
A unit without a row has nothing open, if a list was told at all.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from dashboard.indicators.weighted import Weighted
from dashboard.workdays import Calendar

HORIZONS: Final = (1, 2, 3)  # working days ahead of which a page warns


def at_risk(opened: pd.DataFrame, day: date, calendar: Calendar) -> pd.DataFrame:
    """How many dossiers fall due when, as of `day`; index unit (sorted), all columns int.

    open                                  all that are not paused
    due_today                             due on `day`, or on days off right after it: no working day is left
    due_within_1, due_within_2, due_within_3  due within so many working days, today's among them
    overdue                               due before `day`: the printed date itself counts, also on a day off
    no_due_date                           nobody printed a date: neither in term nor overdue
    paused, paused_overdue                paused dossiers, in none of the columns before; those past their date

    open = overdue + no_due_date + what is due today or later. By whole days: what is due at nine o'clock this
    morning is due today, and overdue tomorrow.
    """
    today, due = np.datetime64(day, "D"), opened["due_on"].to_numpy().astype("datetime64[D]")
    is_open = (opened["state_group"] == "open").to_numpy()
    late, ahead = due < today, due >= today  # NaT is neither
    left = np.full(len(opened), np.iinfo(np.int64).max)
    left[ahead] = calendar.between(np.full(ahead.sum(), today), due[ahead])
    columns = {"open": is_open, "due_today": is_open & (left <= 0)}
    columns |= {f"due_within_{days}": is_open & (left <= days) for days in HORIZONS}
    columns |= {"overdue": is_open & late, "no_due_date": is_open & np.isnat(due)}
    columns |= {"paused": ~is_open, "paused_overdue": ~is_open & late}
    dossiers = opened["dossiers"].to_numpy(dtype=np.int64)
    counts = pd.DataFrame({name: np.where(those, dossiers, 0) for name, those in columns.items()})
    return counts.groupby(opened["unit"].to_numpy()).sum().rename_axis("unit")


def backlog_age(opened: pd.DataFrame, day: date, calendar: Calendar) -> pd.DataFrame:
    """How long the open dossiers (not the paused ones) have been lying on `day`; index unit (sorted).

    open (int), median_days and p90_days (working days since reception, float: half, and nine of ten, are not
    older), oldest_received (datetime64). A dossier received today, or on days off just before, is 0 days old.
    Units whose dossiers are all paused have 0 and NaN, NaT.
    """
    group, units = pd.factorize(opened["unit"], sort=True)
    is_open = (opened["state_group"] == "open").to_numpy()
    received = opened["received_on"].to_numpy()[is_open].astype("datetime64[D]")
    age = calendar.between(received, np.full(len(received), np.datetime64(day, "D")))
    dossiers = opened["dossiers"].to_numpy(dtype=np.int64)[is_open]
    ages = Weighted(age, dossiers, group[is_open], len(units))
    oldest = opened[is_open].groupby("unit")["received_on"].min().reindex(units)
    return pd.DataFrame(
        {
            "open": ages.total,
            "median_days": ages.median,
            "p90_days": ages.percentile(90),
            "oldest_received": oldest.to_numpy(),
        },
        index=units.rename("unit"),
    )

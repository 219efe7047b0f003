"""Dossier counts as their sources told them: every unit, kind of source and period of a province, in one question."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sqlalchemy import Engine

from dashboard.batch import COUNTS
from dashboard.store.read import as_numbers, ask, newest, query

_TOLD = ["kind", "accepting_unit", "deciding_unit", "period_from", "period_to"]
_UNIT = ["unit", "level", "kind", "period_from", "period_to"]


def counts(engine: Engine, province: str) -> pd.DataFrame:
    """One row a unit, kind of source and period, of communes and departments (`level`).

    unit, level (commune|department), kind, period_from, period_to (datetime64, both inclusive),
    COUNTS and mean_days (float, NaN: not told). Of two files of one kind the later batch wins, as in the
    view current_dossier_count; different kinds stand side by side, so that a portal's list never hides a
    report of the month. A unit's dossiers may be told in parts, by where they were accepted: the parts
    are added up, and a sum of which a part was not told is not told.
    """
    # The names come from COUNTS, a constant of this project, never from a caller.
    question = query("counts_of_province").replace("@counts@", ", ".join(f"d.{name}" for name in COUNTS))
    frame = newest(as_numbers(ask(engine, question, province=province), [*COUNTS, "mean_days"]), _TOLD)
    in_parts = frame.duplicated(_UNIT, keep=False)
    whole = frame.loc[~in_parts, [*_UNIT, *COUNTS, "mean_days"]]
    if not in_parts.any():
        return whole.reset_index(drop=True)
    return pd.concat([whole, _added(frame[in_parts])], ignore_index=True)


def _added(parts: pd.DataFrame) -> pd.DataFrame:
    """Parts of one unit and period as one row; mean_days weighted by what was resolved, else received."""
    weight = parts["resolved"].fillna(parts["received"]).fillna(1.0)
    weighed = parts.assign(mean_days=parts["mean_days"] * weight, weight=weight)
    groups = weighed.groupby(_UNIT, as_index=False, sort=False)
    # pandas' own sum takes what is missing for nought unless all of a group must be there.
    sums = groups[[*COUNTS, "mean_days", "weight"]].sum(min_count=1)
    told = groups[[*COUNTS, "mean_days"]].count()
    size = groups.size()["size"]
    for name in [*COUNTS, "mean_days"]:
        sums[name] = np.where(told[name] == size, sums[name], np.nan)
    sums["mean_days"] = sums["mean_days"].div(sums["weight"].where(sums["weight"] > 0))
    return sums.drop(columns="weight")

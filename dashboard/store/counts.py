"""Dossier counts as their sources told them: every unit, kind of source and period of a province, in one question."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sqlalchemy import Engine

from dashboard.batch import COUNTS
from dashboard.store.many import ask_many
from dashboard.store.read import ask, newest, query

_TOLD = ["kind", "unit", "accepting_unit", "undecided", "period_from", "period_to"]
_UNIT = ["unit", "level", "kind", "period_from", "period_to"]
_NUMBERS = [*COUNTS, "mean_days"]


def rows(engine: Engine, province: str) -> pd.DataFrame:
    """Every row that a batch that counts told, of communes and departments (`level`).

    unit (who decides, else who accepted), accepting_unit, undecided (1.0: nobody is told to decide), level
    (commune|department), kind, period_from, period_to (datetime64, both inclusive), batch_id, COUNTS and
    mean_days (float, NaN: not told). Raises StoreUnavailable.
    """
    # The names come from COUNTS, a constant of this project, never from a caller.
    question = query("counts_of_province").replace("@counts@", ", ".join(f"d.{name}" for name in COUNTS))
    frame = ask_many(engine, question, {*_NUMBERS, "batch_id", "undecided"}, province=province)
    departments = set(ask(engine, query("departments"))["code"])
    kinds = ask(engine, query("kinds_of_batches"), province=province).set_index("id")["kind"]
    batch, at = np.unique(frame["batch_id"].to_numpy(dtype=np.int64), return_inverse=True)
    frame["batch_id"] = batch[at]
    frame["kind"] = pd.Categorical(kinds.reindex(batch)).take(at)
    frame["level"] = np.where(frame["unit"].isin(departments), "department", "commune")
    frame["level"] = frame["level"].astype("category")
    return frame


def counts(told: pd.DataFrame) -> pd.DataFrame:
    """Of `rows` one a unit, kind of source and period: unit, level, kind, period_from, period_to, COUNTS, mean_days.

    Of two files of one kind the later batch wins, as in the view current_dossier_count; different kinds
    stand side by side, so that a portal's list never hides a report of the month. A unit's dossiers may be
    told in parts, by where they were accepted: the parts are added up, and a sum of which a part was not
    told is not told.
    """
    frame = newest(told, _TOLD)
    in_parts = frame.duplicated(_UNIT, keep=False)
    whole = frame.loc[~in_parts, [*_UNIT, *_NUMBERS]]
    if not in_parts.any():
        return whole.reset_index(drop=True)
    return pd.concat([whole, _added(frame[in_parts])], ignore_index=True)


def _added(parts: pd.DataFrame) -> pd.DataFrame:
    """Parts of one unit and period as one row; mean_days weighted by what was resolved, else received."""
    weight = parts["resolved"].fillna(parts["received"]).fillna(1.0)
    weighed = parts.assign(mean_days=parts["mean_days"] * weight, weight=weight)
    groups = weighed.groupby(_UNIT, as_index=False, sort=False, observed=True)
    # pandas' own sum takes what is missing for nought unless all of a group must be there.
    sums = groups[[*_NUMBERS, "weight"]].sum(min_count=1)
    told = groups[_NUMBERS].count()
    size = groups.size()["size"]
    for name in _NUMBERS:
        sums[name] = np.where(told[name] == size, sums[name], np.nan)
    sums["mean_days"] = sums["mean_days"].div(sums["weight"].where(sums["weight"] > 0))
    return sums.drop(columns="weight")

"""Single dossiers, asked for as groups of alike ones: what is open, what was finished, what became of what came in.

Each dossier counts once, as the newest list tells it, for its deciding unit (else the accepting one). Waiting
for reception (1) and not received (3) never count, nor does a dossier without a state or a day of reception.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from dashboard.store.read import ask, query

_DAYS = ("received_on", "finished_on", "due_on")


def open_dossiers(engine: Engine, province: str, day: date, *, level: str = "commune") -> pd.DataFrame:
    """What was received by the end of `day` and not finished by then, alike dossiers as one row.

    unit, received_on, due_on (datetime64, due NaT where no date was printed), state_group ("open"|"paused"),
    dossiers (int), told_at (datetime64: the newest list that counts). Whether a dossier was paused is known only
    as its list tells it, not as it was on an earlier day. `level`: "commune" or "department". Empty also
    where no list was ever told: `told_at` tells the two apart. Raises StoreUnavailable.
    """
    moment = told_at(engine, province)
    told = _end(day if moment is None else moment.date())
    frame = _ask(engine, "open_dossiers", province=province, level=level, before=_end(day), told=told)
    frame["told_at"] = pd.Series(pd.NaT if moment is None else moment, index=frame.index, dtype="datetime64[s]")
    return frame


def finished_dossiers(
    engine: Engine, province: str, first: date, last: date, *, level: str = "commune"
) -> pd.DataFrame:
    """What was resolved from `first` to `last` (withdrawn dossiers too), alike dossiers as one row.

    unit, received_on, finished_on, due_on (datetime64, due may be NaT), dossiers (int). Raises StoreUnavailable.
    """
    return _ask(engine, "finished_dossiers", province=province, level=level, first=_start(first), before=_end(last))


def received_dossiers(
    engine: Engine, province: str, first: date, last: date, *, per_unit: bool = False, level: str = "commune"
) -> pd.DataFrame:
    """What was received from `first` to `last` and when it was finished, alike dossiers as one row.

    unit (only `per_unit`, else all units of `level` together), received_on, finished_on (datetime64, NaT: not
    yet), dossiers (int). Raises StoreUnavailable.
    """
    stretch = {"first": _start(first), "before": _end(last)}
    frame = _ask(engine, "received_dossiers", province=province, level=level, per_unit=int(per_unit), **stretch)
    return frame if per_unit else frame.drop(columns="unit")


def told_at(engine: Engine, province: str) -> datetime | None:
    """The moment of the newest list that counts, or None: nobody told of single dossiers. Raises StoreUnavailable."""
    moment = ask(engine, query("dossiers_told_at"), province=province)["as_of"].iloc[0]
    return None if pd.isna(moment) else moment.to_pydatetime()


def _start(day: date) -> datetime:
    return datetime.combine(day, time())


def _end(day: date) -> datetime:
    """The first moment that is no longer `day`: compared with moments, no index is lost to DATE()."""
    return _start(day + timedelta(days=1))


def _ask(engine: Engine, name: str, **values: Any) -> pd.DataFrame:
    frame = ask(engine, query(name).format(newest=query("newest_dossiers")), **values)
    for column in set(_DAYS) & set(frame.columns):
        frame[column] = pd.to_datetime(frame[column], format="ISO8601").astype("datetime64[s]")
    return frame.astype({"dossiers": "int64"})

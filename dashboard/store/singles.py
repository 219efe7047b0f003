"""Single dossiers: written chunk by chunk, then added up into the day counts that every page reads."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Connection, insert

from dashboard.batch import SINGLE_COLUMNS, Batch
from dashboard.store import schema
from dashboard.store.read import query, typed

_MOMENTS = ("received_at", "due", "finished_at")


def add(connection: Connection, batch: Batch, batch_id: int) -> int:
    """Write the batch's single dossiers; how many. A code told twice in one file counts once, the last time."""
    total = 0
    for chunk in batch.singles:
        rows = _rows(chunk, batch_id)
        if rows:
            connection.execute(insert(schema.dossier), rows)
        total += len(rows)
    return total


def _rows(chunk: pd.DataFrame, batch_id: int) -> list[dict[str, Any]]:
    columns = []
    for name in SINGLE_COLUMNS:
        column = chunk[name]
        if name in _MOMENTS:
            column = pd.Series(column.dt.to_pydatetime(), index=chunk.index, dtype=object)
        columns.append(column.astype(object).where(column.notna(), None).tolist())
    names = [*SINGLE_COLUMNS, "batch_id"]
    return [dict(zip(names, (*row, batch_id), strict=True)) for row in zip(*columns, strict=True)]


def count_days(connection: Connection, batch: Batch, batch_id: int) -> None:
    """Count anew, in this batch's name, every day that its dossiers touch.

    All lists of the province together are counted, so a later list that brings a few changed
    dossiers leaves the others of the same day in the sum.
    """
    moment = batch.as_of.replace(tzinfo=None)
    values = {"province": batch.province_code, "batch": batch_id, "last": moment.date(), "moment": moment}
    result = connection.execute(typed(query("day_counts_of_singles"), values), values)
    rows = [
        {**row, "period_from": (day := _day(row.pop("day"))), "period_to": day, "batch_id": batch_id}
        for row in map(dict, result.mappings())
    ]
    for row in rows:
        if row["period_from"] != moment.date():  # a state is told for now only, not for the evening of each day
            row |= dict.fromkeys(("open", "open_in_term", "open_overdue", "paused"))
    if rows:
        connection.execute(insert(schema.dossier_count), rows)


def _day(told: Any) -> Any:
    """SQLite gives a day as text, other databases as a day."""
    return pd.Timestamp(told).date()

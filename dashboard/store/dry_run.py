"""What an import would change: written by the ordinary way, compared, and rolled back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, Engine

from dashboard.batch import (
    CERTIFICATES,
    COUNTS,
    FEEDBACK_COLUMNS,
    RESOURCE_COLUMNS,
    TEAM_COLUMNS,
    TEAM_DAY_COLUMNS,
    WEAK_ENTRY_COLUMNS,
    Batch,
)
from dashboard.store.engine import bump_data_version, explain_failures
from dashboard.store.read import fetch_rows, read_query
from dashboard.store.write import SavedBatch, find_same_file, write_batches
from dashboard.store.write_turn import WriteTurn, begin_writing

_ANY_TURN = WriteTurn()

OUTCOMES = ("new", "changed", "unchanged")


@dataclass(frozen=True)
class _StateTable:
    """Rows that a later batch tells again under the same key, as their newer state."""

    part: str
    name: str
    columns: Sequence[str]
    key: Sequence[str]


# What has a question of its own, beside the states below.
_COMPARED_ROWS = {
    "follow_up": "compare_follow_ups",
    "support_step": "compare_support_steps",
}
_STATE_TABLES = (
    _StateTable("weak_entries", "weak_entry", WEAK_ENTRY_COLUMNS, ["entry_id"]),
    _StateTable("teams", "team", TEAM_COLUMNS, ["team_id"]),
    _StateTable("team_days", "team_day", TEAM_DAY_COLUMNS, ["day_id"]),
    _StateTable("resources", "field_resource", RESOURCE_COLUMNS, ["resource_id"]),
    _StateTable(
        "feedback", "feedback", FEEDBACK_COLUMNS, ["commune_code", "period_from", "period_to"]
    ),
)


@dataclass(frozen=True)
class DryRunResult:
    """What one batch would change.

    `already`: number of the earlier batch of the same file, or None. `values`: one row a value that
    the batch tells: `part` (of the store's parts of a Batch), `name` of the
    measure or count, `outcome` of OUTCOMES, `values` how many, for all communes. `communes`: the
    same per commune: a commune is changed where any value of it is new or changed, new where
    nothing was known of it.
    """

    already: int | None
    values: pd.DataFrame
    communes: dict[str, int]


def compare_batches(
    engine: Engine, batches: Sequence[Batch], turn: WriteTurn = _ANY_TURN
) -> list[DryRunResult]:
    """Compare each batch with what the store knows; nothing is changed. Raises StoreUnavailable,
    FileRefused.
    """
    with explain_failures(engine), begin_writing(engine, turn) as connection:
        bump_data_version(connection)
        earlier_ids = [find_same_file(connection, batch) for batch in batches]
        saved_batches = write_batches(connection, batches, earlier_ids, "", 0)
        results = [
            _compare_batch(connection, batch, saved_batch)
            for saved_batch, batch in zip(saved_batches, batches, strict=True)
        ]
        connection.rollback()
        return results


def _compare_batch(connection: Connection, batch: Batch, saved_batch: SavedBatch) -> DryRunResult:
    number = saved_batch.batch_id
    if saved_batch.already:
        return DryRunResult(number, _join_parts([]), {})
    compared = [
        ("readings", _compare_readings(connection, number)),
        ("dossiers", _compare_dossiers(connection, batch.province_code, number)),
        ("certificates", _compare_certificates(connection, number)),
    ]
    long = pd.concat([frame.assign(part=part) for part, frame in compared], ignore_index=True)
    per_commune = long.groupby("unit")["outcome"].agg(set)
    communes = dict.fromkeys(OUTCOMES, 0)
    for outcomes in per_commune:
        communes[next(iter(outcomes)) if len(outcomes) == 1 else "changed"] += 1
    parts = [
        long.groupby(["part", "name", "outcome"], sort=False, observed=True)
        .size()
        .rename("values")
        .reset_index()
    ]
    return DryRunResult(
        None,
        _join_parts(
            [
                *parts,
                _compare_dossier_records(connection, batch.province_code, number),
                *(
                    _compare_rows(connection, name, question, batch.province_code, number)
                    for name, question in _COMPARED_ROWS.items()
                ),
                *(
                    _compare_states(connection, table, batch.province_code, number)
                    for table in _STATE_TABLES
                ),
            ]
        ),
        communes,
    )


def _join_parts(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    columns = ["part", "name", "outcome", "values"]
    filled = [part for part in parts if len(part)]
    return (
        pd.concat(filled, ignore_index=True)[columns] if filled else pd.DataFrame(columns=columns)
    )


def _compare_values(new_values: pd.Series, stored_values: pd.Series) -> pd.Series:
    new_values = pd.to_numeric(new_values).astype(float)
    stored_values = pd.to_numeric(stored_values).astype(float)
    outcome = pd.Series("changed", index=new_values.index, dtype=object)
    outcome[new_values == stored_values] = "unchanged"
    outcome[stored_values.isna()] = "new"
    return outcome


def _compare_readings(connection: Connection, number: int) -> pd.DataFrame:
    frame = fetch_rows(connection, read_query("compare_readings"), batch=number)
    outcome = _compare_values(frame["told"], frame["known"])
    return pd.DataFrame({"unit": frame["commune_code"], "name": frame["name"], "outcome": outcome})


def _compare_dossiers(connection: Connection, province: str, number: int) -> pd.DataFrame:
    question = read_query("compare_dossier_counts", counts=", ".join(COUNTS))
    frame = fetch_rows(connection, question, batch=number, province=province)
    return _compare_counts(
        frame, ["unit", "accepting_unit", "deciding_unit", "period_from", "period_to"], COUNTS
    )


def _compare_certificates(connection: Connection, number: int) -> pd.DataFrame:
    question = read_query(
        "compare_certificates",
        counts=", ".join(CERTIFICATES),
        counts_of_c=", ".join(f"c.{name}" for name in CERTIFICATES),
    )
    return _compare_counts(fetch_rows(connection, question, batch=number), ["unit"], CERTIFICATES)


def _compare_counts(frame: pd.DataFrame, keys: list[str], counts: Sequence[str]) -> pd.DataFrame:
    """Rows told (is_new) beside rows known, as one row a count that is told."""
    frame[keys] = frame[keys].astype(object).where(frame[keys].notna(), "")
    is_new = frame.pop("is_new") == 1
    both = frame[is_new].merge(frame[~is_new], on=keys, how="left", suffixes=("", "_known"))
    parts = []
    for name in counts:
        filled = both[both[name].notna()]
        outcome = _compare_values(filled[name], filled[f"{name}_known"])
        parts.append(pd.DataFrame({"unit": filled["unit"], "name": name, "outcome": outcome}))
    return pd.concat(parts, ignore_index=True)


def _compare_rows(
    connection: Connection, name: str, question: str, province: str, number: int
) -> pd.DataFrame:
    """How many rows are new, changed, unchanged, as a question of their own tells them."""
    frame = fetch_rows(connection, read_query(question), batch=number, province=province)
    rows = [
        (f"{name}s", name, str(outcome), int(count))
        for outcome, count in frame["outcome"].value_counts().items()
    ]
    return pd.DataFrame(rows, columns=["part", "name", "outcome", "values"])


def _compare_states(
    connection: Connection, table: _StateTable, province: str, number: int
) -> pd.DataFrame:
    """How many rows of a table of states are new, changed, unchanged."""
    question = read_query(
        "compare_states",
        table=table.name,
        columns=", ".join(table.columns),
        key=", ".join(f"o.{name}" for name in table.key),
    )
    frame = fetch_rows(connection, question, batch=number, province=province)
    is_new = frame.pop("is_new") == 1
    texts = frame.astype(object).where(frame.notna(), "").astype(str)
    key_places = [texts.columns.get_loc(name) for name in table.key]
    stored_states = {}
    outcomes: Counter[str] = Counter()
    for state in texts[~is_new].itertuples(index=False, name=None):
        stored_states[tuple(state[place] for place in key_places)] = state
    for state in texts[is_new].itertuples(index=False, name=None):
        stored = stored_states.get(tuple(state[place] for place in key_places))
        if stored is None:
            outcomes["new"] += 1
        else:
            outcomes["unchanged" if stored == state else "changed"] += 1
    rows = [(table.part, table.name, outcome, count) for outcome, count in outcomes.items()]
    return pd.DataFrame(rows, columns=["part", "name", "outcome", "values"])


def _compare_dossier_records(connection: Connection, province: str, number: int) -> pd.DataFrame:
    row = fetch_rows(
        connection, read_query("compare_dossiers"), batch=number, province=province
    ).iloc[0]
    new = int(row["new"])
    changed = int(row["changed"])
    counts = {"new": new, "changed": changed, "unchanged": int(row["total"]) - new - changed}
    rows = [("singles", "dossier", outcome, count) for outcome, count in counts.items() if count]
    return pd.DataFrame(rows, columns=["part", "name", "outcome", "values"])

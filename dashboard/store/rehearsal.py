"""What an import would change: written by the ordinary way, compared, and rolled back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, Engine, update
from sqlalchemy.exc import SQLAlchemyError

from dashboard.batch import CERTIFICATES, COUNTS, Batch
from dashboard.store import schema
from dashboard.store.engine import unavailable
from dashboard.store.read import query, typed
from dashboard.store.write import same_file, write_all

OUTCOMES = ("new", "changed", "unchanged")


@dataclass(frozen=True)
class Rehearsed:
    """What one batch would change.

    `already`: number of the earlier batch of the same file, or None. `values`: one row a value that the
    batch tells: `part` (readings|dossiers|certificates|singles), `name` of the measure or count, `outcome`
    of OUTCOMES, `values` how many, for all communes. `communes`: the same per commune: a commune is
    changed where any value of it is new or changed, new where nothing was known of it.
    """

    already: int | None
    values: pd.DataFrame
    communes: dict[str, int]


def rehearse(engine: Engine, batches: Sequence[Batch]) -> list[Rehearsed]:
    """Compare each batch with what the store knows; nothing is changed. Raises StoreUnavailable, FileRefused."""
    try:
        with engine.connect() as connection, connection.begin() as transaction:
            connection.execute(update(schema.data_version).values(version=schema.data_version.c.version + 1))
            known = [same_file(connection, batch) for batch in batches]
            saved = write_all(connection, batches, known, "", 0)
            found = [
                Rehearsed(one.batch_id, _tally([]), {}) if one.already else _compare(connection, batch, one.batch_id)
                for one, batch in zip(saved, batches, strict=True)
            ]
            transaction.rollback()
            return found
    except SQLAlchemyError as error:
        raise unavailable(engine, error) from error


def _compare(connection: Connection, batch: Batch, number: int) -> Rehearsed:
    told = [
        ("readings", _readings(connection, number)),
        ("dossiers", _dossiers(connection, batch.province_code, number)),
        ("certificates", _certificates(connection, number)),
    ]
    long = pd.concat([frame.assign(part=part) for part, frame in told], ignore_index=True)
    per_commune = long.groupby("unit")["outcome"].agg(set)
    communes = dict.fromkeys(OUTCOMES, 0)
    for outcomes in per_commune:
        communes[next(iter(outcomes)) if len(outcomes) == 1 else "changed"] += 1
    parts = [long.groupby(["part", "name", "outcome"], sort=False, observed=True).size().rename("values").reset_index()]
    return Rehearsed(None, _tally([*parts, _singles(connection, batch.province_code, number)]), communes)


def _tally(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    columns = ["part", "name", "outcome", "values"]
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True)[columns] if filled else pd.DataFrame(columns=columns)


def _ask(connection: Connection, question: str, **values: object) -> pd.DataFrame:
    result = connection.execute(typed(question, values), values)
    assert result.cursor is not None
    return pd.DataFrame(result.cursor.fetchall(), columns=list(result.keys()))


def _outcome(told: pd.Series, known: pd.Series) -> pd.Series:
    told, known = pd.to_numeric(told).astype(float), pd.to_numeric(known).astype(float)
    outcome = pd.Series("changed", index=told.index, dtype=object)
    outcome[told == known] = "unchanged"
    outcome[known.isna()] = "new"
    return outcome


def _readings(connection: Connection, number: int) -> pd.DataFrame:
    frame = _ask(connection, query("rehearse_readings"), batch=number)
    outcome = _outcome(frame["told"], frame["known"])
    return pd.DataFrame({"unit": frame["commune_code"], "name": frame["name"], "outcome": outcome})


def _dossiers(connection: Connection, province: str, number: int) -> pd.DataFrame:
    question = query("rehearse_dossiers").format(counts=", ".join(COUNTS))
    frame = _ask(connection, question, batch=number, province=province)
    return _side_by_side(frame, ["unit", "accepting_unit", "deciding_unit", "period_from", "period_to"], COUNTS)


def _certificates(connection: Connection, number: int) -> pd.DataFrame:
    counts, of_c = ", ".join(CERTIFICATES), ", ".join(f"c.{name}" for name in CERTIFICATES)
    question = query("rehearse_certificates").format(counts=counts, counts_of_c=of_c)
    return _side_by_side(_ask(connection, question, batch=number), ["unit"], CERTIFICATES)


def _side_by_side(frame: pd.DataFrame, keys: list[str], counts: Sequence[str]) -> pd.DataFrame:
    """Rows told (is_new) beside rows known, as one row a count that is told."""
    frame[keys] = frame[keys].astype(object).where(frame[keys].notna(), "")
    is_new = frame.pop("is_new") == 1
    both = frame[is_new].merge(frame[~is_new], on=keys, how="left", suffixes=("", "_known"))
    parts = []
    for name in counts:
        told = both[both[name].notna()]
        outcome = _outcome(told[name], told[f"{name}_known"])
        parts.append(pd.DataFrame({"unit": told["unit"], "name": name, "outcome": outcome}))
    return pd.concat(parts, ignore_index=True)


def _singles(connection: Connection, province: str, number: int) -> pd.DataFrame:
    row = _ask(connection, query("rehearse_singles"), batch=number, province=province).iloc[0]
    new, changed = int(row["new"]), int(row["changed"])
    counts = {"new": new, "changed": changed, "unchanged": int(row["total"]) - new - changed}
    rows = [("singles", "dossier", outcome, count) for outcome, count in counts.items() if count]
    return pd.DataFrame(rows, columns=["part", "name", "outcome", "values"])

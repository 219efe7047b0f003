"""Reading: one function a question, each answered by one query of `queries/`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Date, DateTime, Engine, TextClause, bindparam, select, text
from sqlalchemy.exc import SQLAlchemyError

from dashboard.data_version import UNKNOWN_VERSION, DataVersion
from dashboard.store import schema
from dashboard.store.engine import explain_failures, make_unavailable_error
from dashboard.store.snapshots import connect_for_reading

_QUERIES = Path(__file__).parent / "queries"
DAY_COLUMNS = (
    "as_of",
    "period_from",
    "period_to",
    "imported_at",
    "undone_at",
    "received_on",
    "finished_on",
    "due_on",
    "visited_on",
    "began_at",
    "ended_at",
    "promised_on",
    "stepped_at",
    "withdrawn_on",
    "listed_on",
    "left_on",
    "ended_on",
    "began_on",
    "goes_on",
)


@lru_cache
def read_query(name: str, **parts: str) -> str:
    """The text of a question of `queries/`, without its comments: a `:name` in them would want a
    value. `parts` stand in it where it has their names in braces: columns, or another question;
    never anything that comes from a caller outside this package.
    """
    lines = (_QUERIES / f"{name}.sql").read_text(encoding="utf-8").splitlines()
    question = "\n".join(line for line in lines if not line.lstrip().startswith("--"))
    return question.format(**parts) if parts else question


def bind_days(question: str, values: Mapping[str, Any]) -> TextClause:
    """The question with its days bound as days: every database then compares them alike."""
    bind_types = [
        (name, DateTime if isinstance(value, datetime) else Date)
        for name, value in values.items()
        if isinstance(value, date)
    ]
    return text(question).bindparams(
        *(bindparam(name, type_=bind_type()) for name, bind_type in bind_types)
    )


def fetch_rows(connection: Connection, question: str, **values: Any) -> pd.DataFrame:
    """The answer as the driver gives it, within the caller's transaction."""
    result = connection.execute(bind_days(question, values), values)
    assert result.cursor is not None
    # The driver's own tuples: SQLAlchemy's rows take pandas ten times as long to unpack.
    return pd.DataFrame(result.cursor.fetchall(), columns=list(result.keys()))


def fetch_frame(engine: Engine, question: str, **values: Any) -> pd.DataFrame:
    """The answer as a frame; columns of days become datetime64 on every database alike."""
    try:
        with connect_for_reading(engine) as connection:
            frame = fetch_rows(connection, question, **values)
    except (SQLAlchemyError, engine.dialect.loaded_dbapi.Error) as error:
        raise make_unavailable_error(engine, error) from error
    for column in set(DAY_COLUMNS) & set(frame.columns):
        frame[column] = pd.to_datetime(frame[column], format="ISO8601").astype("datetime64[s]")
    return frame


def fetch_data_version(engine: Engine) -> DataVersion:
    """The data version: changes exactly when the data change, or the store is another one. Raises
    StoreUnavailable.
    """
    table = schema.data_version.c
    with explain_failures(engine), connect_for_reading(engine) as connection:
        row = connection.execute(select(table.version, table.token, table.store_id)).first()
        return DataVersion(*row) if row else UNKNOWN_VERSION


def is_store_empty(engine: Engine) -> bool:
    """Whether no batch was ever written. Raises StoreUnavailable."""
    with explain_failures(engine), connect_for_reading(engine) as connection:
        return connection.scalar(select(schema.import_batch.c.id).limit(1)) is None


def select_newest_rows(frame: pd.DataFrame, key_columns: list[str]) -> pd.DataFrame:
    """Of rows that tell the same (the columns `key_columns`) the one of the latest batch
    (`batch_id`).
    """
    if not frame.duplicated(key_columns).any():
        return frame
    later = frame.sort_values("batch_id", kind="stable")
    return later[~later.duplicated(key_columns, keep="last")]


def fetch_provinces_with_data(engine: Engine) -> list[str]:
    """Codes of the provinces of which any batch counts."""
    return [
        str(code)
        for code in fetch_frame(engine, read_query("list_reporting_provinces"))["province_code"]
    ]


def fetch_batch_summary(engine: Engine) -> pd.DataFrame:
    """Per province, kind and origin what counts: batches, as_of and imported_at (the newest),
    refused_rows.
    """
    return fetch_frame(engine, read_query("summarise_batches"))


def fetch_agency_names(engine: Engine, province: str) -> dict[str, str]:
    """Agency code to the name that a file told of it."""
    frame = fetch_frame(engine, read_query("list_agencies"), province=province)
    return dict(zip(frame["agency_code"], frame["name"], strict=True))


def fetch_sources(engine: Engine, province: str, until: date) -> pd.DataFrame:
    """The batches that count: id, file_name, kind, origin, as_of (datetime64), period_from,
    period_to.
    """
    before = datetime.combine(until + timedelta(days=1), time())
    return fetch_frame(engine, read_query("list_sources"), province=province, before=before)


def fetch_latest_readings(engine: Engine, province: str, until: date) -> pd.DataFrame:
    """The last value per commune, measure and basis by a day, with its as_of and batch number."""
    return fetch_frame(engine, read_query("find_latest_readings"), province=province, until=until)


def fetch_verified_of_commune(engine: Engine, commune: str, until: date) -> dict[str, float]:
    """Measure to the value that the last visit by a day found at one commune."""
    query = read_query("find_verified_of_commune")
    frame = fetch_frame(engine, query, commune=commune, until=until)
    return dict(zip(frame["measure"], frame["value"], strict=True))


def convert_to_floats(frame: pd.DataFrame, columns: Any) -> pd.DataFrame:
    """Sums of nothing but NULL arrive as None: make every count a float with NaN."""
    for column in columns:
        frame[column] = pd.to_numeric(frame[column]).astype("float64")
    return frame

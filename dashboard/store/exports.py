"""What the store holds, row by row, for `export` and `fetch_batches`: one function a question."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import Engine

from dashboard.batch import CERTIFICATES, COUNTS
from dashboard.store.read import convert_to_floats, fetch_frame, read_query


def fetch_reading_history(engine: Engine, province: str, first: date, last: date) -> pd.DataFrame:
    """All readings that count from `first` to `last`: commune_code, measure, value, basis, as_of,
    batch.
    """
    return fetch_frame(
        engine, read_query("list_reading_history"), province=province, first=first, last=last
    )


def fetch_dossier_counts(engine: Engine, province: str, first: date, last: date) -> pd.DataFrame:
    """Every count that counts, communes only, of periods within `first`..`last`.

    commune_code, period_from, period_to, COUNTS and mean_days (float, NaN: not told),
    accepting_unit, deciding_unit (as the source told them), batch.
    """
    question = read_query("list_dossier_count_history", counts=", ".join(COUNTS))
    frame = fetch_frame(engine, question, province=province, first=first, last=last)
    return convert_to_floats(frame, [*COUNTS, "mean_days"])


def fetch_certificates(engine: Engine, province: str, first: date, last: date) -> pd.DataFrame:
    """Counts of certificates that count from `first` to `last`: commune_code, as_of, CERTIFICATES,
    batch.
    """
    frame = fetch_frame(
        engine, read_query("list_certificates"), province=province, first=first, last=last
    )
    return convert_to_floats(frame, CERTIFICATES)


def fetch_latest_certificates(engine: Engine, province: str, last: date) -> pd.DataFrame:
    """The newest counts of each commune by a day; columns as of `fetch_certificates`."""
    return convert_to_floats(
        fetch_frame(engine, read_query("find_latest_certificates"), province=province, last=last),
        CERTIFICATES,
    )


def fetch_visit_results(engine: Engine, province: str, first: date, last: date) -> pd.DataFrame:
    """What visits found from `first` to `last`: commune_code, visited_on (datetime64), measure,
    value, team, note.
    """
    question = read_query("list_visit_results")
    frame = fetch_frame(engine, question, province=province, first=first, last=last)
    return convert_to_floats(frame, ["value"])


def fetch_support_steps(engine: Engine, province: str) -> pd.DataFrame:
    """Steps of requests for help (SUPPORT_STEP_COLUMNS; `stepped_at` datetime64), oldest first."""
    return fetch_frame(engine, read_query("list_support_steps"), province=province)


def fetch_follow_ups(engine: Engine, province: str) -> pd.DataFrame:
    """The newest state of every promise that counts: FOLLOW_UP_COLUMNS (days datetime64)."""
    return fetch_frame(engine, read_query("list_follow_ups"), province=province)


def fetch_batches(engine: Engine, province: str = "") -> pd.DataFrame:
    """All batches in the order of their numbers, also those taken back (`undone_at`); times are
    UTC.
    """
    return fetch_frame(engine, read_query("list_batches"), province=province)


def fetch_problems(engine: Engine, province: str) -> pd.DataFrame:
    """The problems of the batches that were not taken back: batch, file_name, severity, row …
    remedy.
    """
    return fetch_frame(engine, read_query("list_problems"), province=province)

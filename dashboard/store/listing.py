"""What the store holds, row by row, for `export` and `batches`: one function a question."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import Engine

from dashboard.batch import CERTIFICATES, COUNTS
from dashboard.store.read import as_numbers, ask, query


def readings(engine: Engine, province: str, first: date, last: date) -> pd.DataFrame:
    """All readings that count from `first` to `last`: commune_code, measure, value, basis, as_of, batch."""
    return ask(engine, query("history_of_readings"), province=province, first=first, last=last)


def dossiers(engine: Engine, province: str, first: date, last: date) -> pd.DataFrame:
    """Every count that counts, communes only, of periods within `first`..`last`.

    commune_code, period_from, period_to, COUNTS and mean_days (float, NaN: not told), accepting_unit,
    deciding_unit (as the source told them), batch.
    """
    # The names come from COUNTS, a constant of this project, never from a caller.
    question = (
        f"SELECT unit AS commune_code, period_from, period_to, {', '.join(COUNTS)}, mean_days, "
        "accepting_unit, deciding_unit, batch_id AS batch "
        "FROM current_dossier_count "
        "WHERE province_code = :province AND level = 'commune' AND period_from >= :first AND period_to <= :last "
        "ORDER BY commune_code, period_from, period_to, deciding_unit, accepting_unit"
    )
    frame = ask(engine, question, province=province, first=first, last=last)
    return as_numbers(frame, [*COUNTS, "mean_days"])


def certificates(engine: Engine, province: str, first: date, last: date) -> pd.DataFrame:
    """Counts of certificates that count from `first` to `last`: commune_code, as_of, CERTIFICATES, batch."""
    frame = ask(engine, query("certificates_of_province"), province=province, first=first, last=last)
    return as_numbers(frame, CERTIFICATES)


def latest_certificates(engine: Engine, province: str, last: date) -> pd.DataFrame:
    """The newest counts of each commune by a day; columns as of `certificates`."""
    return as_numbers(ask(engine, query("latest_certificates"), province=province, last=last), CERTIFICATES)


def batches(engine: Engine, province: str = "") -> pd.DataFrame:
    """All batches in the order of their numbers, also those taken back (`undone_at`); times are UTC."""
    return ask(engine, query("batches"), province=province)


def problems(engine: Engine, province: str) -> pd.DataFrame:
    """The problems of the batches that were not taken back: batch, file_name, severity, row … remedy."""
    return ask(engine, query("problems_of_province"), province=province)

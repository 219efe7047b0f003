"""What teams found at one commune, and from which files its newest values are: one small question each."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import Engine

from dashboard.store.read import as_numbers, ask, query


def visits(engine: Engine, province: str, commune: str, until: date) -> pd.DataFrame:
    """Every finding by a day, newest first: visited_on (datetime64), measure (None: a note alone), value (float,
    NaN without one), team, note (None where not written), batch. Batches that do not count are left out.

    Raises StoreUnavailable.
    """
    frame = ask(engine, query("visits_of_commune"), province=province, commune=commune, until=until)
    frame["visited_on"] = pd.to_datetime(frame["visited_on"], format="ISO8601").astype("datetime64[s]")
    return as_numbers(frame, ["value"])


def reading_sources(engine: Engine, province: str, commune: str, until: date) -> pd.DataFrame:
    """The file behind the newest value by a day, one row a measure and basis: measure, basis, as_of
    (datetime64), batch, file_name, origin. Raises StoreUnavailable."""
    return ask(engine, query("sources_of_commune"), province=province, commune=commune, until=until)

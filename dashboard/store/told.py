"""Who told of whom and when: what freshness and reporting on time are computed from."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import Engine

from dashboard.store.read import ask, query


def told_days(engine: Engine, province: str, since: date) -> pd.DataFrame:
    """Each kind of source, commune and day once, from `since` on: kind, commune_code, as_of (datetime64).

    The day is that of the reading or count; of a period, its last day. Batches that were taken back or set
    aside do not count. Raises StoreUnavailable.
    """
    return ask(engine, query("told_days"), province=province, since=since)

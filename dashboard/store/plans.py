"""Plans of the field as they stand: who is on the list of weak communes, teams and their days; and
what the province gave and citizens told.
"""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Engine

from dashboard.batch import FEEDBACK_COUNTS
from dashboard.store.read import convert_to_floats, fetch_frame, read_query


def fetch_weak_entries(engine: Engine, province: str) -> pd.DataFrame:
    """The newest state of each entry (batch.WEAK_ENTRY_COLUMNS and `batch`)."""
    return fetch_frame(engine, read_query("list_weak_entries"), province=province)


def fetch_teams(engine: Engine, province: str) -> pd.DataFrame:
    """The newest state of each team (batch.TEAM_COLUMNS and `batch`)."""
    frame = fetch_frame(engine, read_query("list_teams"), province=province)
    return convert_to_floats(frame, ["size"])


def fetch_team_days(engine: Engine, province: str) -> pd.DataFrame:
    """The newest state of each day of a team (batch.TEAM_DAY_COLUMNS, `team` its name, `batch`)."""
    return fetch_frame(engine, read_query("list_team_days"), province=province)


def fetch_resources(engine: Engine, province: str) -> pd.DataFrame:
    """The newest state of what the province gives its communes (batch.RESOURCE_COLUMNS; days
    datetime64; counts float, NaN: not told), and `batch`.
    """
    frame = fetch_frame(engine, read_query("list_resources"), province=province)
    return convert_to_floats(frame, ["quantity", "done"])


def fetch_feedback(engine: Engine, province: str) -> pd.DataFrame:
    """What citizens told, a row a commune and period (batch.FEEDBACK_COLUMNS; days datetime64;
    counts float, NaN: not told), and `batch`.
    """
    frame = fetch_frame(engine, read_query("list_feedback"), province=province)
    return convert_to_floats(frame, [*FEEDBACK_COUNTS, "satisfaction"])

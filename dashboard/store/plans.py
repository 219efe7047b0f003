"""Plans of the field as they stand: who is on the list of weak communes, teams and their days."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Engine

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

"""Counts per unit, kind of source and period: kinds stand side by side, parts add up, nothing told
stays missing.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine

from dashboard import store
from dashboard.store import dossiers
from tests import making

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)


def counts(engine: Engine, province: str) -> pd.DataFrame:
    return dossiers.resolve_counts(dossiers.fetch_count_rows(engine, province))


def save(engine: Engine, name: str, *rows: dict[str, Any], **more: Any) -> None:
    counts_told = making.dossiers(
        [{"first": FIRST, "last": LAST, "unit": "21250", **row} for row in rows]
    )
    store.save_batch(engine, making.batch(name, dossiers=counts_told, **more), by="test")


def test_a_portal_list_does_not_hide_the_report_of_the_same_month(engine: Engine) -> None:
    save(engine, "a", {"received": 40, "resolved": 30}, file_kind="dossier_report")
    save(engine, "b", {"received": 41, "on_time_766": 39}, file_kind="portal_progress")
    stored = counts(engine, "51").set_index("kind")
    assert stored["received"].to_dict() == {"dossier_report": 40, "portal_progress": 41}
    assert stored["resolved"].isna().to_dict() == {"dossier_report": False, "portal_progress": True}


def test_the_later_file_of_a_kind_wins(engine: Engine) -> None:
    save(engine, "a", {"received": 40}, file_kind="dossier_report")
    save(engine, "b", {"received": 44}, file_kind="dossier_report")
    assert counts(engine, "51")["received"].tolist() == [44]


def test_dossiers_accepted_elsewhere_are_added_up_under_who_decides(engine: Engine) -> None:
    here = {"accepting": "21250", "received": 5, "resolved": 4, "digitised": 3, "mean_days": 2.0}
    there = {"accepting": "21028", "received": 10, "resolved": 2, "mean_days": 5.0}
    save(engine, "a", here, there)
    row = counts(engine, "51").iloc[0]
    assert (row["unit"], row["received"], row["resolved"], row["mean_days"]) == (
        "21250",
        15,
        6,
        3.0,
    )
    assert pd.isna(row["digitised"])  # one part was not told, so the sum is not known


def test_departments_are_told_apart_and_batches_taken_back_are_gone(engine: Engine) -> None:
    rows: list[dict[str, Any]] = [{"received": 5}, {"unit": "H48.99", "received": 7}]
    save(engine, "a", *rows, agencies=making.agencies([("H48.99", "Sở Y tế", "department", None)]))
    assert counts(engine, "51").set_index("level")["received"].to_dict() == {
        "commune": 5,
        "department": 7,
    }
    store.undo_batch(engine, 1, by="test")
    assert counts(engine, "51").empty


@pytest.mark.parametrize("column", ["period_from", "period_to"])
def test_periods_are_days_on_every_database(engine: Engine, column: str) -> None:
    save(engine, "a", {"received": 1})
    assert counts(engine, "51")[column].dtype == "datetime64[s]"

"""What came in against what went out, added up by hand."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pandas as pd
import pytest

from dashboard.indicators.throughput.balance import balance_dossiers, sum_balances
from dashboard.indicators.throughput.counts import DossierCounts
from dashboard.indicators.throughput.source_selection import PeriodFigures, select_period_figures
from dashboard.workdays import load_calendar
from tests import making

UNITS = ["21250", "21289", "21484"]
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))


def figures_of(*rows: dict[str, Any], source_kind: str = "dossier_report") -> PeriodFigures:
    frame = making.dossiers(list(rows)).rename(columns={"deciding_unit": "unit"})
    for end in ("period_from", "period_to"):
        frame[end] = pd.to_datetime(frame[end]).astype("datetime64[s]")
    counts = DossierCounts(frame.assign(kind=source_kind), UNITS)
    figures = select_period_figures(counts, *OCTOBER, load_calendar())
    assert figures is not None
    return figures


def test_a_report_is_balanced_by_what_it_prints() -> None:
    row = {"unit": "21250", "first": OCTOBER[0], "last": OCTOBER[1], "carried_over": 40}
    row |= {"received": 540, "received_online": 400, "received_other": 100, "resolved": 500}
    figures = figures_of(row | {"open_in_term": 33, "open_overdue": 7})
    assert figures.way_of_counting == "period"
    balance = balance_dossiers(figures, None).loc["21250"]
    assert balance[["carried_over", "received_new", "resolved", "open", "lying"]].tolist() == [
        40,
        500,
        500,
        40,
        40,
    ]
    assert math.isnan(balance["paused"])
    assert balance["difference"] == 0


def test_days_of_a_list_are_balanced_by_its_single_dossiers() -> None:
    days = [
        {"unit": "21250", "first": date(2026, 10, day), "received": 3, "resolved": 2}
        for day in range(1, 32)
    ]
    figures = figures_of(*days, source_kind="dossiers")
    assert figures.way_of_counting == "cohort"
    ends = pd.DataFrame({"unit": ["21250"], "open_before": 10, "open_after": 39, "undated": 2})
    balance = balance_dossiers(figures, ends)
    assert balance.loc["21250", "difference"] == 10 + 93 - 62 - 39 - 2 == 0
    assert balance.loc["21289"].drop("undated").isna().all(), "a unit without a row told nothing"
    assert sum_balances(balance)["carried_over"] == 10


@pytest.mark.parametrize("missing", ["resolved", "carried_over"])
def test_what_one_unit_does_not_tell_is_not_told_of_all(missing: str) -> None:
    row = {"first": OCTOBER[0], "last": OCTOBER[1], "carried_over": 1, "received": 11}
    row |= {"received_online": 10, "resolved": 9, "open": 2}
    other = {name: value for name, value in row.items() if name != missing}
    total = sum_balances(
        balance_dossiers(figures_of({"unit": "21250"} | row, {"unit": "21289"} | other), None)
    )
    assert math.isnan(total[missing])
    assert math.isnan(total["difference"])

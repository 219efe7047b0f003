"""What citizens told of the service of communes, of the newest period that anybody told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import isnan, nan
from typing import Any

import pandas as pd

from dashboard.batch import FEEDBACK_COUNTS


@dataclass(frozen=True)
class CommuneFeedback:
    """A commune in a period; NaN: not told. `satisfaction`: points of 18 (index 766)."""

    commune_code: str
    first: date
    last: date
    received: float
    apologised: float
    resolved: float
    satisfaction: float


@dataclass(frozen=True)
class FeedbackSummary:
    """The newest period: sums of what was told (NaN where nobody told it), how many communes told
    anything, and the resolved ones of those that told both counts. `median_satisfaction` of the
    communes that have a score: points of communes are not added.
    """

    first: date
    last: date
    communes: tuple[CommuneFeedback, ...]
    received: float
    apologised: float
    resolved: float
    resolved_of: float
    received_of: float
    median_satisfaction: float
    scored: int


def summarise_feedback(rows: pd.DataFrame, today: date) -> FeedbackSummary | None:
    """The newest period that began by `today`, of several that end together the shortest; None
    where nobody told any. `rows`: batch.FEEDBACK_COLUMNS, days datetime64, counts float.
    """
    known = rows[rows["period_from"].dt.date <= today]
    if known.empty:
        return None
    periods = known[["period_from", "period_to"]].drop_duplicates()
    newest = periods.sort_values(["period_to", "period_from"]).iloc[-1]
    told = known[
        (known["period_from"] == newest["period_from"])
        & (known["period_to"] == newest["period_to"])
    ]
    communes = tuple(_read_commune(row) for row in told.itertuples())
    both = told[told["received"].notna() & told["resolved"].notna()]
    scores = told["satisfaction"].dropna()
    sums = {name: float(told[name].sum(min_count=1)) for name in FEEDBACK_COUNTS}
    return FeedbackSummary(
        newest["period_from"].date(),
        newest["period_to"].date(),
        communes,
        sums["received"],
        sums["apologised"],
        sums["resolved"],
        float(both["resolved"].sum()),
        float(both["received"].sum()),
        float(scores.median()) if len(scores) else nan,
        len(scores),
    )


def find_feedback_of(rows: pd.DataFrame, code: str, today: date) -> CommuneFeedback | None:
    """A commune's newest period that began by `today`; None where it told none."""
    own = rows[(rows["commune_code"] == code) & (rows["period_from"].dt.date <= today)]
    if own.empty:
        return None
    newest = own.sort_values(["period_to", "period_from"]).iloc[[-1]]
    return next(_read_commune(row) for row in newest.itertuples())


def list_least_satisfied(summary: FeedbackSummary, most: int) -> tuple[CommuneFeedback, ...]:
    """The communes with the lowest score, lowest first."""
    scored = [entry for entry in summary.communes if not isnan(entry.satisfaction)]
    return tuple(sorted(scored, key=lambda entry: (entry.satisfaction, entry.commune_code))[:most])


def _read_commune(row: Any) -> CommuneFeedback:
    return CommuneFeedback(
        row.commune_code,
        row.period_from.date(),
        row.period_to.date(),
        row.received,
        row.apologised,
        row.resolved,
        row.satisfaction,
    )

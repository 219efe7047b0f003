"""What the tests of throughput share: rows of counts as dicts, drawn at random or written down."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from dashboard.batch import COUNTS

UNITS = ("00001", "00002", "00003")
MONDAY = date(2026, 3, 30)  # the week over the end of a quarter
COLUMNS = [*COUNTS, "mean_days"]
Row = dict[str, Any]


def row(
    unit: str,
    first: str | date,
    last: str | date | None = None,
    source_kind: str = "sample",
    **counts: Any,
) -> Row:
    begin = date.fromisoformat(first) if isinstance(first, str) else first
    end = date.fromisoformat(last) if isinstance(last, str) else last
    return {"unit": unit, "kind": source_kind, "first": begin, "last": end or begin, **counts}


def frame(rows: list[Row]) -> pd.DataFrame:
    """Rows as the store hands them over; what a row does not name is not told."""
    ends = (
        np.array([counts_row[end] for counts_row in rows], dtype="datetime64[s]")
        for end in ("first", "last")
    )
    values = [[counts_row.get(name) for name in COLUMNS] for counts_row in rows]
    counts = pd.DataFrame(
        np.array(values, dtype=np.float64).reshape(len(rows), len(COLUMNS)), columns=COLUMNS
    )
    for column, (name, end) in enumerate(zip(("period_from", "period_to"), ends, strict=True)):
        counts.insert(column, name, end)
    counts.insert(0, "unit", np.array([counts_row["unit"] for counts_row in rows], dtype=object))
    counts.insert(1, "kind", np.array([counts_row["kind"] for counts_row in rows], dtype=object))
    return counts


@st.composite
def told_rows(
    draw: st.DrawFn, kinds: tuple[str, ...] = ("list", "report"), days: int = 12
) -> list[Row]:
    """Rows of a few units over some days: days, weeks, and anything between, at most one
    a period.
    """
    spans = st.one_of(
        st.integers(0, days).map(lambda day: (day, day)),
        st.sampled_from([(0, 6), (7, 13)]),
        st.tuples(st.integers(0, days), st.integers(0, 6)).map(
            lambda span: (span[0], span[0] + span[1])
        ),
        st.integers(1, days).map(lambda day: (0, day)),
    )
    keys = draw(
        st.lists(
            st.tuples(st.sampled_from(UNITS), st.sampled_from(kinds), spans),
            unique=True,
            max_size=24,
        )
    )
    number = st.one_of(st.none(), st.integers(0, 40))
    names = (
        "received",
        "received_online",
        "carried_over",
        "resolved",
        "resolved_early",
        "resolved_on_time",
        "open_in_term",
        "open_overdue",
        "digitised",
        "e_result",
        "on_time_766",
        "mean_days",
    )
    return [
        row(
            unit,
            MONDAY + timedelta(days=first),
            MONDAY + timedelta(days=last),
            source_kind,
            **{name: draw(number) for name in names},
        )
        for unit, source_kind, (first, last) in keys
    ]

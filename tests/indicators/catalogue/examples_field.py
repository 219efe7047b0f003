"""Worked examples of the work in the field, computed by the indicators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

import pandas as pd

from dashboard.batch import FOLLOW_UP_COLUMNS
from dashboard.indicators.field.follow_ups import EVIDENCE_COLUMNS, assess_follow_ups
from tests.indicators.catalogue.small_province import Figures


def compute_promises() -> Figures:
    """Four communes that were promised four scanners, on 25 September."""
    promised, due = (pd.Timestamp(2026, 9, day) for day in (1, 21))
    rows = [
        (code, code, "", "scanner_available", 4.0, "", promised, due, pd.NaT, None)
        for code in "ABCD"
    ]
    follow_ups = pd.DataFrame(rows, columns=FOLLOW_UP_COLUMNS)
    reported = (
        ("A", "declared", 11, 4.0),
        ("B", "declared", 11, 4.0),
        ("B", "verified", 13, 3.0),
        ("C", "verified", 6, 3.0),
        ("C", "declared", 14, 4.0),
    )
    evidence = pd.DataFrame(
        [
            (code, "scanner_available", basis, pd.Timestamp(2026, 9, day), value, "")
            for code, basis, day, value in reported
        ],
        columns=EVIDENCE_COLUMNS,
    )
    assessed = assess_follow_ups(follow_ups, evidence, date(2026, 9, 25), 90)
    return {follow_up.commune_code: str(follow_up.state) for follow_up in assessed}


EXAMPLES: Final[Mapping[str, Callable[[], Figures]]] = {"follow_up_state": compute_promises}

"""Days around Tết 2026 for tests: drawn at random, and counted one by one as a person would."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import strategies as st

from dashboard.workdays import load_calendar

# New Year with its swapped Friday (02/01) and the Saturday worked for it (10/01); Tết from 16/02 to
# 20/02.
FIRST = date(2025, 12, 28)
DAYS = [FIRST + timedelta(days=step) for step in range(70)]
WORKED = {
    day for day in DAYS if load_calendar().is_working(np.array([day], dtype="datetime64[D]"))[0]
}
UNITS = st.sampled_from(["21289", "21292", "21307"])


def some_day(first: int = 0, last: int = 69) -> st.SearchStrategy[date]:
    return st.integers(first, last).map(DAYS.__getitem__)


def working_days(after: date, until: date) -> int:
    """Step by step from the day after `after` to `until`; 0 where that is no step."""
    return sum(after < day <= until for day in WORKED)

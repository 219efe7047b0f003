"""How many declared values visits confirmed, held against a slow count; where to check next."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from dashboard.batch import READING_COLUMNS
from dashboard.indicators.field.declarations import (
    DeclarationQuality,
    measure_declaration_quality,
    rank_next_checks,
)
from dashboard.indicators.readiness.history import History
from tests.web.reporting import criteria

TODAY = date(2026, 11, 22)
CODES = ("21250", "21289")
CRITERION = "network_stable"


def quality_of(rows: list[tuple[str, float, str, int]]) -> DeclarationQuality:
    """`rows`: commune, value, basis, how many days ago."""
    frame = pd.DataFrame(
        [
            (code, CRITERION, value, basis, pd.Timestamp(TODAY - timedelta(days=ago)))
            for code, value, basis, ago in rows
        ],
        columns=READING_COLUMNS,
    ).astype({"as_of": "datetime64[s]"})
    return measure_declaration_quality(History(frame, CODES), criteria(), TODAY)


def test_a_visit_confirms_what_was_declared_by_then_and_still_in_date() -> None:
    quality = quality_of(
        [
            ("21250", 1, "declared", 40),
            ("21250", 1, "verified", 39),  # confirmed
            ("21250", 0, "verified", 30),  # found otherwise
            ("21250", 0, "verified", 2),  # the declaration is too old to be meant
            ("21289", 1, "verified", 5),  # nothing was declared
        ]
    )
    assert quality.checked_of_communes.tolist() == [2, 0]
    assert quality.confirmed_of_communes.tolist() == [1, 0]
    assert np.isnan(quality.lower_bounds[1])
    assert quality.doubts[1] == 1


def test_need_decides_among_equal_doubts_and_doubt_among_equal_needs() -> None:
    checked = np.array([[20, 0, 20]])
    quality = DeclarationQuality(("a",), checked, np.array([[20, 0, 0]]))
    # the first in need is proven, the two others are not at all
    assert rank_next_checks(quality, [0, 1, 2]) == [1, 2, 0]
    assert rank_next_checks(quality, [0, 2, 1]) == [2, 1, 0]


_ROW = st.tuples(
    st.sampled_from(CODES),
    st.sampled_from([0.0, 1.0]),
    st.sampled_from(["declared", "verified"]),
    st.integers(0, 400),
)


@given(st.lists(_ROW, max_size=25, unique_by=lambda row: (row[0], row[2], row[3])))
def test_the_fast_count_and_the_slow_one_agree(rows: list[tuple[str, float, str, int]]) -> None:
    quality = quality_of(rows)
    limit = next(
        criterion.stale_after_days
        for criterion in criteria().in_force(TODAY).criteria
        if criterion.code == CRITERION
    )
    for position, commune in enumerate(CODES):
        checked = confirmed = 0
        for code, value, basis, ago in rows:
            if code != commune or basis != "verified" or ago > 365:
                continue
            before = [
                (other_ago, other)
                for other_code, other, other_basis, other_ago in rows
                if other_code == code and other_basis == "declared" and other_ago >= ago
            ]
            if before and min(before)[0] - ago <= limit:
                checked += 1
                confirmed += min(before)[1] == value
        assert quality.checked_of_communes[position] == checked
        assert quality.confirmed_of_communes[position] == confirmed

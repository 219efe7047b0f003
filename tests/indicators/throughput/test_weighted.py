"""A row that stands for many dossiers counts as many rows."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.indicators.throughput.single_dossiers import WeightedValues

ROWS = st.lists(st.tuples(st.integers(-2, 12), st.integers(1, 5), st.integers(0, 2)), max_size=10)


def weighted(rows: list[tuple[int, int, int]]) -> WeightedValues:
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return WeightedValues(columns[0], columns[1], columns[2], 4)


@settings(max_examples=40, deadline=None)
@given(ROWS, st.sampled_from([1, 25, 50, 90, 100]), st.integers(-3, 13))
def test_figures_are_those_of_one_row_a_dossier(
    rows: list[tuple[int, int, int]], percent: int, limit: int
) -> None:
    summary = weighted(rows)
    for group in range(4):
        each = sorted(value for value, weight, of in rows if of == group for _ in range(weight))
        figures = [summary.mean[group], summary.median[group], summary.percentile(percent)[group]]
        figures.append(summary.share_within(limit)[group])
        assert summary.total[group] == len(each)
        if not each:
            assert all(map(math.isnan, figures))
            continue
        rank = next(
            value
            for value in each
            if 100 * sum(other <= value for other in each) >= percent * len(each)
        )
        share = sum(value <= limit for value in each) / len(each)
        assert figures == pytest.approx(
            [sum(each) / len(each), float(np.median(each)), rank, share]
        )


def test_nine_of_ten_do_not_exceed_the_ninetieth_percentile() -> None:
    assert weighted([(day, 1, 0) for day in range(1, 11)]).percentile(90)[0] == 9
    assert weighted([(1, 89, 0), (50, 11, 0)]).percentile(90)[0] == 50

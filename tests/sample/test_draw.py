"""Spreading a sum over days: nothing is lost, nothing is negative, nothing exceeds what
it follows.
"""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dashboard.sample.draw import make_generator, round_by_chance, scale_part, spread_total

flows = st.lists(st.integers(0, 500), min_size=1, max_size=60).map(
    lambda days: np.array(days)[:, None]
)


@given(flows, st.floats(0, 1))
def test_follow_keeps_the_sum_and_stays_within_the_flow(flow: np.ndarray, share: float) -> None:
    total = int(share * flow.sum())
    spread = spread_total(total, flow)
    assert spread.sum() == total
    assert (spread >= 0).all()
    assert (spread <= flow).all()


@given(flows, st.integers(0, 5_000))
def test_follow_reaches_any_sum_where_something_flows(flow: np.ndarray, total: int) -> None:
    flow = flow + 1e-6
    assert spread_total(total, flow).sum() == total


@given(st.integers(0, 900), st.integers(0, 900), st.integers(0, 900))
def test_part_never_exceeds_what_it_is_part_of(of_all: int, now: int, total: int) -> None:
    of_all, now = min(of_all, total), min(now, total)
    (taken,) = scale_part(np.array([of_all]), np.array([now]), np.array([total]))
    assert 0 <= taken <= now
    if of_all == total:
        assert taken == now


def test_whole_numbers_are_right_on_average_and_nothing_stays_nothing() -> None:
    luck = make_generator("test").random(20_000)
    assert abs(round_by_chance(np.full(20_000, 2.3), luck).mean() - 2.3) < 0.02
    assert round_by_chance(np.zeros(20_000), luck).sum() == 0


def test_longer_draws_begin_like_shorter_ones() -> None:
    short, long = (
        make_generator("test").poisson(np.full((5, 3), 30.0)),
        make_generator("test").poisson(np.full((9, 3), 30.0)),
    )
    assert (long[:5] == short).all()

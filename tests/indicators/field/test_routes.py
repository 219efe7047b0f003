"""A day's way: the shortest of all for few stops, never longer than the nearest next for many."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.indicators.field.routes import Kilometres, measure_way, order_stops


def distances_of(points: list[tuple[float, float]]) -> Kilometres:
    places = np.array(points, dtype=float)
    return np.hypot(*(places[:, None] - places[None, :]).transpose(2, 0, 1))


_POINT = st.tuples(st.integers(0, 100), st.integers(0, 100))


@given(st.lists(_POINT, min_size=3, max_size=6), st.none() | st.integers(0, 2))
def test_no_order_of_few_stops_is_shorter(
    points: list[tuple[float, float]], start: int | None
) -> None:
    distances = distances_of(points)
    order = order_stops(distances, start)
    assert sorted(order) == list(range(len(points)))
    assert start is None or order[0] == start
    shortest = min(
        measure_way(distances, other)
        for other in permutations(range(len(points)))
        if start is None or other[0] == start
    )
    assert measure_way(distances, order) == pytest.approx(shortest)


@pytest.mark.parametrize("start", [None, 4])
def test_many_stops_are_ordered_no_worse_than_always_the_nearest_next(start: int | None) -> None:
    draw = np.random.default_rng(7)
    distances = distances_of([(x, y) for x, y in draw.uniform(0, 120, (20, 2))])
    order = order_stops(distances, start)
    assert sorted(order) == list(range(20))
    assert start is None or order[0] == start
    nearest = [start or 0]
    while len(nearest) < 20:
        left = [stop for stop in range(20) if stop not in nearest]
        nearest.append(min(left, key=lambda stop: distances[nearest[-1], stop]))
    assert measure_way(distances, order) <= measure_way(distances, nearest)

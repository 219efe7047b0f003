"""In which order a team drives to a day's communes so that the way is short, as the crow flies.

Up to EXACT_MOST stops the order is the shortest of all (dynamic programming over subsets: M. Held,
R. M. Karp, "A dynamic programming approach to sequencing problems", SIAM Journal 10 (1962)); beyond
that a local search of the package fast-tsp, near the shortest. A road is longer than a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

EXACT_MOST: Final = 12
_SEARCH_SECONDS: Final = 0.2
# The solver takes whole numbers up to 65,535; no province is so many hundred metres wide.
_HECTOMETRES: Final = 10
_LARGEST: Final = 65_535
Kilometres = npt.NDArray[np.float64]


def measure_way(distances: Kilometres, order: Sequence[int]) -> float:
    """Kilometres of an open way through the stops in their order."""
    return float(sum(distances[first, then] for first, then in pairwise(order)))


def order_stops(distances: Kilometres, start: int | None = None) -> list[int]:
    """The order of a short open way through all stops, from `start` where one is given.

    `distances`: stops x stops in kilometres, the same both ways, none missing.
    """
    size = len(distances)
    if size <= 2:
        stops = list(range(size))
        return stops if start is None else sorted(stops, key=lambda stop: stop != start)
    if size <= EXACT_MOST:
        return _find_shortest(distances, start)
    # A stop that is near to all turns an open way into a round.
    scaled = np.zeros((size + 1, size + 1), dtype=np.int64)
    scaled[:size, :size] = np.minimum(np.rint(distances * _HECTOMETRES), _LARGEST // 4)
    if start is not None:
        scaled[size, :size] = scaled[:size, size] = _LARGEST // 2
        scaled[size, start] = scaled[start, size] = 0
    import fast_tsp  # here: few days have so many stops

    tour = fast_tsp.find_tour(scaled.tolist(), duration_seconds=_SEARCH_SECONDS)
    begin = tour.index(size)
    order = [stop for stop in (*tour[begin:], *tour[:begin]) if stop != size]
    return order[::-1] if start is not None and order[-1] == start else order


def _find_shortest(distances: Kilometres, start: int | None) -> list[int]:
    size = len(distances)
    full = (1 << size) - 1
    length = np.full((full + 1, size), np.inf)
    before = np.full((full + 1, size), -1, dtype=np.int64)
    for stop in range(size) if start is None else (start,):
        length[1 << stop, stop] = 0.0
    for visited in range(1, full + 1):
        for last in range(size):
            if not np.isfinite(length[visited, last]):
                continue
            for stop in range(size):
                if visited >> stop & 1:
                    continue
                longer = length[visited, last] + distances[last, stop]
                if longer < length[visited | 1 << stop, stop]:
                    length[visited | 1 << stop, stop] = longer
                    before[visited | 1 << stop, stop] = last
    last = int(np.argmin(length[full]))
    order = [last]
    visited = full
    while before[visited, last] >= 0:
        previous = int(before[visited, last])
        visited &= ~(1 << last)
        last = previous
        order.append(last)
    return order[::-1]

"""Chance with a fixed seed, and whole numbers that keep their sums.

Everything drawn over time is drawn day after day (the first axis is time). A generator fills an
array from its start, so a later `today` only adds to the end: the past of the sample never changes.
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

SEED = 20250701

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def chance(*topic: object) -> np.random.Generator:
    """A generator of its own for each topic, so that a new topic leaves the others' draws alone."""
    return np.random.default_rng([SEED, zlib.crc32("|".join(map(str, topic)).encode())])


def whole(expected: npt.NDArray[Any], luck: npt.NDArray[Any]) -> Ints:
    """Expected amounts as whole numbers that are right on average: floor(x + u), `luck` in [0, 1)."""
    return np.floor(expected + luck).astype(np.int64)


def part(of_all: Ints, now: Ints, total: Ints) -> Ints:
    """The share `of_all` ÷ `total`, applied to `now` and rounded down; 0 where `total` is 0."""
    return np.asarray(of_all * now // np.maximum(total, 1), dtype=np.int64)


def follow(total: Any, flow: npt.NDArray[Any]) -> Ints:
    """`total` spread along the first axis in proportion to `flow`, in whole numbers that add up to it.

    `total` a number, or one per column of `flow`. Where the flow is itself in whole numbers and
    `total` is at most its sum, no part is larger than the flow's (the shares are differences of
    a rounded-down running sum that climbs no faster than the flow's).
    """
    so_far = np.cumsum(flow, axis=0)
    end = np.where(so_far[-1] > 0, so_far[-1], 1)
    # Whole numbers are multiplied before they are divided, so that the last step is exact.
    reached = np.floor(np.asarray(total) * so_far / end + 1e-9).astype(np.int64)
    return np.diff(reached, axis=0, prepend=np.zeros_like(reached[:1]))

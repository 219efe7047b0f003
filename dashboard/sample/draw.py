"""Chance with a fixed seed, and whole numbers that keep their sums.

Everything drawn over time is drawn day after day (the first axis is time). A generator fills an
array from its start, so a later `today` only adds to the end: the past of the sample never changes.
"""

from __future__ import annotations

import zlib
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from dashboard.reference import FIRST_DAY
from dashboard.workdays import load_public_holidays

SEED = 20250701

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def make_generator(*topic: object) -> np.random.Generator:
    """A generator of its own for each topic, so that a new topic leaves the others' draws alone."""
    return np.random.default_rng([SEED, zlib.crc32("|".join(map(str, topic)).encode())])


def round_by_chance(expected: npt.NDArray[Any], luck: npt.NDArray[Any]) -> Ints:
    """Expected amounts as whole numbers that are right on average: floor(x + u), `luck` in
    [0, 1).
    """
    return np.floor(expected + luck).astype(np.int64)


def scale_part(of_all: Ints, now: Ints, total: Ints) -> Ints:
    """The share `of_all` ÷ `total`, applied to `now` and rounded down; 0 where `total` is 0."""
    return np.asarray(of_all * now // np.maximum(total, 1), dtype=np.int64)


def spread_total(total: Any, flow: npt.NDArray[Any]) -> Ints:
    """`total` spread along the first axis in proportion to `flow`, in whole numbers that add up to
    it.

    `total` a number, or one per column of `flow`. Where the flow is itself in whole numbers and
    `total` is at most its sum, no part is larger than the flow's (the shares are differences of
    a rounded-down running sum that climbs no faster than the flow's).
    """
    so_far = np.cumsum(flow, axis=0)
    end = np.where(so_far[-1] > 0, so_far[-1], 1)
    # Whole numbers are multiplied before they are divided, so that the last step is exact.
    reached = np.floor(np.asarray(total) * so_far / end + 1e-9).astype(np.int64)
    return np.diff(reached, axis=0, prepend=np.zeros_like(reached[:1]))


# The sample's days: what a day is worth in work, with Vietnamese holidays and swapped days.

# What the public holidays do not say: a day off by decision, and the Saturdays worked in exchange.
EXTRA_DAYS_OFF = {date(2026, 1, 2)}
WORKED_SATURDAYS = {date(2026, 1, 10), date(2026, 8, 22)}

# Monday is the fullest; Saturday mornings a few centres are open; on a holiday only the portal is.
_WEEKDAY_WORKLOAD = (1.14, 1.05, 1.0, 0.96, 0.85, 0.05, 0.02)
_HOLIDAY_WORKLOAD = 0.02
_WORKED_SATURDAY_WORKLOAD = 0.7


def compute_day_number(day: date) -> int:
    """Days since the first day of the two-tier government, which is day 0."""
    return (day - FIRST_DAY).days


def list_first_days(days: int) -> list[date]:
    """The first `days` days."""
    return [FIRST_DAY + timedelta(days=number) for number in range(days)]


def flag_working_days(days: list[date]) -> list[bool]:
    """Whether offices work on each day."""
    off = load_public_holidays().off
    return [
        day in WORKED_SATURDAYS
        or (day.weekday() < 5 and day not in off and day not in EXTRA_DAYS_OFF)
        for day in days
    ]


def estimate_workload(days: list[date]) -> Floats:
    """What each day is worth in dossiers; an ordinary working day is about 1."""
    workloads = []
    for day, works in zip(days, flag_working_days(days), strict=True):
        is_weekend = day.weekday() >= 5
        if works == is_weekend:  # a Saturday that is worked, a weekday that is not
            workloads.append(_WORKED_SATURDAY_WORKLOAD if works else _HOLIDAY_WORKLOAD)
        else:
            workloads.append(_WEEKDAY_WORKLOAD[day.weekday()])
    return np.array(workloads)


def estimate_season(days: list[date]) -> Floats:
    """Growth from the first week's trial to full use, less in the weeks around Tết, more
    after it.
    """
    number = np.arange(len(days))
    growth = 1 - 0.75 * np.exp(-number / 45)
    # Tết 2026 is day 231 (17/02/2026); later ones come about 354 or 384 days on, near enough here.
    since_tet = (number - 231 + 183) % 365 - 183
    dip = 0.25 * np.exp(-(((since_tet + 3) / 8) ** 2))
    catching_up = 0.15 * np.exp(-(((since_tet - 20) / 12) ** 2))
    return np.asarray(growth * (1 - dip + catching_up), dtype=np.float64)

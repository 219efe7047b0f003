"""The sample's days: what a day is worth in work, with Vietnamese holidays and swapped days."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import numpy as np

from dashboard.sample.draw import Floats

FIRST_DAY = date(2025, 7, 1)

# What the `holidays` package does not know: a day off by decision, and the Saturdays worked in exchange.
EXTRA_DAYS_OFF = {date(2026, 1, 2)}
WORKED_SATURDAYS = {date(2026, 1, 10), date(2026, 8, 22)}

# Monday is the fullest; Saturday mornings a few centres are open; on a holiday only the portal is.
_WEEK = (1.14, 1.05, 1.0, 0.96, 0.85, 0.05, 0.02)
_HOLIDAY = 0.02
_WORKED_SATURDAY = 0.7


def day_number(day: date) -> int:
    """Days since the first day of the two-tier government, which is day 0."""
    return (day - FIRST_DAY).days


def calendar(days: int) -> list[date]:
    """The first `days` days."""
    return [FIRST_DAY + timedelta(days=number) for number in range(days)]


def working(days: list[date]) -> list[bool]:
    """Whether offices work on each day."""
    off = holidays.country_holidays("VN", years=sorted({day.year for day in days}))
    return [
        day in WORKED_SATURDAYS or (day.weekday() < 5 and day not in off and day not in EXTRA_DAYS_OFF) for day in days
    ]


def workload(days: list[date]) -> Floats:
    """What each day is worth in dossiers; an ordinary working day is about 1."""
    is_working = working(days)
    return np.array(
        [
            (_WORKED_SATURDAY if day.weekday() >= 5 else _WEEK[day.weekday()])
            if works
            else (_WEEK[day.weekday()] if day.weekday() >= 5 else _HOLIDAY)
            for day, works in zip(days, is_working, strict=True)
        ]
    )


def season(days: list[date]) -> Floats:
    """Growth from the first week's trial to full use, less in the weeks around Tết, more after it."""
    number = np.arange(len(days))
    growth = 1 - 0.75 * np.exp(-number / 45)
    # Tết 2026 is day 231 (17/02/2026); later ones come about 354 or 384 days on, near enough here.
    since_tet = (number - 231 + 183) % 365 - 183
    dip = 0.25 * np.exp(-(((since_tet + 3) / 8) ** 2))
    catching_up = 0.15 * np.exp(-(((since_tet - 20) / 12) ** 2))
    return np.asarray(growth * (1 - dip + catching_up), dtype=np.float64)

"""How old a scene's figures are, told so that a screen can age them by itself, without asking again.

The server says the three moments at which figures fall behind their rhythm by one, two and three reports
(indicators/freshness.py: late after one, silent after three); the screen only compares them with the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np

from dashboard import text
from dashboard.indicators.freshness import SILENT_AFTER_RHYTHMS, WEEK
from dashboard.workdays import Calendar

UTC_OFFSET = "+07:00"
# A rhythm shorter than a week counts working days; no run of days off is longer than Tết's.
_LONGEST = 60


@dataclass(frozen=True)
class Age:
    """`told`: the newest figure's moment, `words` its words; `late`: the moments at which it is overdue."""

    told: datetime | None = None
    words: str = ""
    late: tuple[datetime, ...] = ()

    @classmethod
    def of(cls, told: datetime | None, every_days: int | None, calendar: Calendar) -> Age:
        """The age of figures that are expected every so many days (None: at no rhythm)."""
        if told is None:
            return cls()
        late = () if every_days is None else late_moments(told.date(), every_days, calendar)
        return cls(told, text.moment(told), late)

    def as_json(self) -> dict[str, Any]:
        return {
            "words": self.words,
            "told": _moment(self.told) if self.told else "",
            "day_only": self.told is not None and (self.told.hour, self.told.minute) == (0, 0),
            "late": [_moment(moment) for moment in self.late],
        }


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}{UTC_OFFSET}"


def late_moments(newest: date, every_days: int, calendar: Calendar) -> tuple[datetime, ...]:
    """The first moments at which the age exceeds one, two and three rhythms, as `freshness` counts it."""
    return tuple(
        datetime.combine(_first_day_beyond(newest, times * every_days, every_days < WEEK, calendar), time())
        for times in range(1, SILENT_AFTER_RHYTHMS + 1)
    )


def _first_day_beyond(newest: date, days: int, working: bool, calendar: Calendar) -> date:
    if not working:
        return newest + timedelta(days=days + 1)
    later = np.datetime64(newest, "D") + np.arange(1, _LONGEST + 1)
    waited = calendar.between(np.full(later.shape, np.datetime64(newest, "D")), later)
    found: date = later[int(np.argmax(waited > days))].item()
    return found

"""What the rules of signals look at, and what a rule answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.indicators.latches import Latched
from dashboard.indicators.levels import Flags, Numbers

Days = npt.NDArray[np.datetime64]

WINDOW_DAYS: Final = 60  # all memory that any rule has


@dataclass(frozen=True, eq=False)
class SignalInput:
    """What the rules look at; arrays are communes x days (in the order of `codes` and `days`), NaN: not told.

    codes         the communes.
    days          consecutive days (datetime64[D]), the last is the day looked at; WINDOW_DAYS of them.
    working       per day whether offices work (workdays.Calendar.is_working).
    speed         network_mbps as it counts that day, Mbps (readiness: the finding while fresh, else declared).
    red_below     per day the limit of that day's rules, Mbps.
    probed        network_mbps_probed of that very day, Mbps.
    certificates  commune_code, as_of (datetime64), active, expiring_30; one row a commune and day. Counts from
                  30 days before the first of `days` on are used.
    open_overdue  dossiers open past their due date, as told for that very day.
    report_age    days since the commune's last report; NaN: never.
    contradicted  criteria that the commune calls green and a fresh visit found otherwise, a number.
    first_day     the first day with any report of the province; None: nobody ever reported.
    """

    codes: tuple[str, ...]
    days: Days
    working: Flags
    speed: Numbers
    red_below: Numbers
    probed: Numbers
    certificates: pd.DataFrame
    open_overdue: Numbers
    report_age: Numbers
    contradicted: Numbers
    first_day: date | None

    def __post_init__(self) -> None:
        shape = (len(self.codes), len(self.days))
        arrays = (self.speed, self.probed, self.open_overdue, self.report_age, self.contradicted)
        assert all(array.shape == shape for array in arrays), "communes x days"
        assert self.working.shape == self.red_below.shape == self.days.shape, "one entry a day"
        assert (np.diff(self.days) == np.timedelta64(1, "D")).all(), "consecutive days"


@dataclass(frozen=True, eq=False)
class Found:
    """What a rule found: the state over all days; of the last day per commune the value that speaks, how bad
    it is (larger: worse) and further `facts`."""

    latched: Latched
    value: Numbers
    worse: Numbers
    facts: Mapping[str, Numbers] = field(default_factory=dict)

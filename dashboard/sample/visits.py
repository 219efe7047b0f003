"""Visits of the mobile teams in the sample: what they verified, and where a declaration did not hold.

Most visits confirm. Some find the network, the speed, the signatures or the scanners worse than
declared; a recheck some weeks later usually finds them in order.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from dashboard.sample.conditions import FOR_GOOD, MEASURE_LIST, RED_ISSUES, Conditions, issues_on, values_on
from dashboard.sample.days import FIRST_DAY, calendar, day_number, working
from dashboard.sample.declarations import readings
from dashboard.sample.draw import Bools, Floats, Ints, chance
from dashboard.sample.provinces import Province

VERIFIED = [
    "network_stable",
    "network_mbps",
    "signature_needed",
    "signature_issued",
    "computer_needed",
    "computer_available",
    "scanner_needed",
    "scanner_available",
    "security_device",
]
_COLUMNS = [MEASURE_LIST.index(measure) for measure in VERIFIED]
_CONTRADICTED = 0.4
_MENDED_AT_RECHECK = 0.75


def visits(province: Province, state: Conditions, days: int) -> pd.DataFrame:
    """All verified readings of the first `days` days (READING_COLUMNS)."""
    rounds = [_month(province, state, first) for first in _months(days) if first >= province.visits_from.replace(day=1)]
    commune, day, finding, luck = (np.concatenate(parts) for parts in zip(*rounds, strict=True)) if rounds else _none()
    kept = (day < days) & (day < state.silent_from[commune])
    commune, day, finding, luck = commune[kept], day[kept], finding[kept], luck[kept]
    # One visit to a commune a day: the last one drawn.
    last = ~pd.DataFrame({"commune": commune, "day": day}).duplicated(keep="last").to_numpy()
    commune, day, finding, luck = commune[last], day[last], finding[last], luck[last]
    values = values_on(state, commune, day, luck)[:, _COLUMNS]
    frame = readings(state, commune, day, _worse(values, finding, luck), VERIFIED, "verified")
    return pd.concat([_day_one(state, days), frame], ignore_index=True) if state.troubled else frame


def _month(province: Province, state: Conditions, first: date) -> tuple[Ints, Ints, Ints, Floats]:
    """Visits that began in one month, with their rechecks: commune, day, finding (-1 none), luck."""
    draw = chance(province.code, "visits", first.isoformat())
    start = day_number(max(first, province.visits_from))
    dates = calendar(start + 90)
    works = np.flatnonzero(np.array(working(dates)))
    open_days = works[(works >= start) & (works < day_number(_next_month(first)))]
    # The silent are not visited in the sample, so that they stay unknown or stale.
    reporting = np.flatnonzero(state.silent_from == FOR_GOOD)
    commune = draw.choice(reporting, province.visits_a_month, replace=False)
    day = np.sort(draw.choice(open_days, province.visits_a_month))
    finding = np.where(draw.random(len(commune)) < _CONTRADICTED, draw.integers(0, 4, len(commune)), -1)
    # A finding is worth its name only where the commune itself says that all is well.
    finding = np.where(issues_on(state, commune, day)[:, : len(RED_ISSUES)].any(axis=1), -1, finding)
    luck = draw.random(len(commune))
    again = works[np.minimum(np.searchsorted(works, day + draw.integers(22, 45, len(day))), len(works) - 1)]
    mended = draw.random(len(commune)) < _MENDED_AT_RECHECK
    found = finding >= 0
    return (
        np.concatenate([commune, commune[found]]),
        np.concatenate([day, again[found]]),
        np.concatenate([finding, np.where(mended, -1, finding)[found]]),
        np.concatenate([luck, luck[found]]),
    )


def _worse(values: Floats, finding: Ints, luck: Floats) -> Floats:
    """What the visit found instead: line down, a third of the speed, signatures locked, scanners missing."""
    column = VERIFIED.index
    unstable, slow, locked, scanners = (finding == kind for kind in range(4))
    worse = values.copy()
    worse[unstable, column("network_stable")] = 0
    worse[slow, column("network_mbps")] = np.round(values[slow, column("network_mbps")] * 0.3, 1)
    issued = values[:, column("signature_issued")]
    worse[locked, column("signature_issued")] = np.floor(issued * (0.7 + 0.25 * luck))[locked]
    worse[scanners, column("scanner_available")] = np.floor(values[scanners, column("scanner_available")] / 2)
    return worse


def _day_one(state: Conditions, days: int) -> pd.DataFrame:
    """The communes that had trouble on 01/07/2025: found unstable on that day, stable by 06/07."""
    commune = np.array([state.codes.index(code) for code in state.troubled] * 2)
    day = np.repeat([0, day_number(date(2025, 7, 6))], len(state.troubled))
    kept: Bools = day < days
    values = (day > 0).astype(np.float64)[:, None]
    return readings(state, commune[kept], day[kept], values[kept], ["network_stable"], "verified")


def _months(days: int) -> list[date]:
    return [day for day in calendar(days) if day.day == 1] or [FIRST_DAY]


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _none() -> tuple[Ints, Ints, Ints, Floats]:
    nothing = np.zeros(0, dtype=np.int64)
    return nothing, nothing, nothing, np.zeros(0)

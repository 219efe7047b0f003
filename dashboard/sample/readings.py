"""Readings of the sample: what communes declare, and what the mobile teams verified.

Most visits confirm. Some find the network, the speed, the signatures or the scanners worse than
declared; a recheck some weeks later usually finds them in order.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from dashboard.batch import READING_COLUMNS
from dashboard.measures import Basis
from dashboard.reference import FIRST_DAY
from dashboard.sample.conditions import (
    FOR_GOOD,
    MEASURE_LIST,
    RED_ISSUES,
    CommuneConditions,
    find_issues_on_days,
    find_values_on_days,
)
from dashboard.sample.draw import (
    Bools,
    Floats,
    Ints,
    compute_day_number,
    flag_working_days,
    list_first_days,
    make_generator,
)
from dashboard.sample.facts import SampleProvince

# When the communes of the sample declare, and what: every commune on days of its own.

# Every 5 days in July 2025, every 10 to the end of September, then every 18: never older than 30
# days.
_EARLY_INTERVAL = 5
_MIDDLE_INTERVAL = 10
_LATER_INTERVAL = 18


def simulate_declarations(
    province: SampleProvince, state: CommuneConditions, days: int
) -> pd.DataFrame:
    """All declared readings of the first `days` days (READING_COLUMNS)."""
    commune, day, turn = _schedule_declarations(province, state, days)
    # Row `turn` of the draws belongs to the communes' turn-th declaration: more days only add rows.
    luck = make_generator(province.code, "speed").random(
        (int(turn.max(initial=0)) + 1, len(state.codes))
    )[turn, commune]
    return frame_readings(
        state,
        commune,
        day,
        find_values_on_days(state, commune, day, luck),
        MEASURE_LIST,
        "declared",
    )


def frame_readings(
    state: CommuneConditions,
    commune: Ints,
    day: Ints,
    values: Floats,
    measures: list[str],
    basis: Basis,
) -> pd.DataFrame:
    """Pairs of commune and day with their values (pairs x measures) as a frame of readings."""
    dates = np.array(list_first_days(int(day.max(initial=0)) + 1), dtype=object)
    codes = np.array(state.codes, dtype=object)
    names = np.array(measures, dtype=object)
    width = len(measures)
    frame = {
        "commune_code": np.repeat(codes[commune], width),
        "measure": np.tile(names, len(commune)),
        "value": values.ravel(),
        "basis": np.full(values.size, basis, dtype=object),
        "as_of": np.repeat(dates[day], width),
    }
    return pd.DataFrame(frame, columns=READING_COLUMNS)


def _schedule_declarations(
    province: SampleProvince, state: CommuneConditions, days: int
) -> tuple[Ints, Ints, Ints]:
    """Commune (index), day and turn of every declaration, ordered by turn."""
    size = len(state.codes)
    draw = make_generator(province.code, "schedule")
    early = draw.integers(0, _EARLY_INTERVAL, size)
    middle = 31 + draw.integers(0, _MIDDLE_INTERVAL, size)
    later = middle + 5 * _MIDDLE_INTERVAL + draw.integers(9, _LATER_INTERVAL + 1, size)
    turns = [early + _EARLY_INTERVAL * turn for turn in range(6)]
    turns += [middle + _MIDDLE_INTERVAL * turn for turn in range(6)]
    turns += [later + _LATER_INTERVAL * turn for turn in range(max(0, days // _LATER_INTERVAL + 1))]
    for joint in province.joint_days:
        # Everybody declares on a joint day, instead of on the own day nearest to it.
        nearest = np.argmin(np.abs(np.stack(turns[:6]) - joint), axis=0)
        for turn in range(6):
            turns[turn] = np.where(nearest == turn, joint, turns[turn])
    day = _move_to_working_days(np.stack(turns), days)
    declared = (day < days) & (day >= state.first_day) & (day < state.silent_from)
    positions: Ints = np.argwhere(declared)
    return positions[:, 1], day[declared], positions[:, 0]


def _move_to_working_days(day: Ints, days: int) -> Ints:
    """Each day moved to the nearest working day; in July 2025 everybody worked on weekends too."""
    dates: list[date] = list_first_days(max(days, int(day.max())) + 20)
    works = np.array(flag_working_days(dates))
    works[:31] = True
    open_days = np.flatnonzero(works)
    after = np.searchsorted(open_days, day)
    later = open_days[after]
    before = open_days[np.maximum(after - 1, 0)]
    return np.where(later - day <= day - before, later, before)


VERIFIED_MEASURES = [
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
_VERIFIED_COLUMNS = [MEASURE_LIST.index(measure) for measure in VERIFIED_MEASURES]
_CONTRADICTED = 0.4
_MENDED_AT_RECHECK = 0.75


def simulate_visits(province: SampleProvince, state: CommuneConditions, days: int) -> pd.DataFrame:
    """All verified readings of the first `days` days (READING_COLUMNS)."""
    rounds = [
        _draw_month(province, state, first)
        for first in _list_months(days)
        if first >= province.visits_from.replace(day=1)
    ]
    if rounds:
        commune, day, finding, luck = (np.concatenate(parts) for parts in zip(*rounds, strict=True))
    else:
        commune, day, finding, luck = _make_no_visits()
    kept = (day < days) & (day < state.silent_from[commune])
    commune = commune[kept]
    day = day[kept]
    finding = finding[kept]
    luck = luck[kept]
    # One visit to a commune a day: the last one drawn.
    last = ~pd.DataFrame({"commune": commune, "day": day}).duplicated(keep="last").to_numpy()
    commune = commune[last]
    day = day[last]
    finding = finding[last]
    luck = luck[last]
    values = find_values_on_days(state, commune, day, luck)[:, _VERIFIED_COLUMNS]
    frame = frame_readings(
        state, commune, day, _worsen_values(values, finding, luck), VERIFIED_MEASURES, "verified"
    )
    if state.troubled:
        return pd.concat([_simulate_day_one(state, days), frame], ignore_index=True)
    return frame


def _draw_month(
    province: SampleProvince, state: CommuneConditions, first: date
) -> tuple[Ints, Ints, Ints, Floats]:
    """Visits that began in one month, with their rechecks: commune, day, finding (-1
    none), luck.
    """
    draw = make_generator(province.code, "visits", first.isoformat())
    start = compute_day_number(max(first, province.visits_from))
    dates = list_first_days(start + 90)
    works = np.flatnonzero(np.array(flag_working_days(dates)))
    open_days = works[(works >= start) & (works < compute_day_number(_find_next_month(first)))]
    # The silent are not visited in the sample, so that they stay unknown or stale.
    reporting = np.flatnonzero(state.silent_from == FOR_GOOD)
    commune = draw.choice(reporting, province.visits_a_month, replace=False)
    day = np.sort(draw.choice(open_days, province.visits_a_month))
    finding = np.where(
        draw.random(len(commune)) < _CONTRADICTED, draw.integers(0, 4, len(commune)), -1
    )
    # A finding is worth its name only where the commune itself says that all is well.
    finding = np.where(
        find_issues_on_days(state, commune, day)[:, : len(RED_ISSUES)].any(axis=1), -1, finding
    )
    luck = draw.random(len(commune))
    again = works[
        np.minimum(np.searchsorted(works, day + draw.integers(22, 45, len(day))), len(works) - 1)
    ]
    mended = draw.random(len(commune)) < _MENDED_AT_RECHECK
    has_finding = finding >= 0
    return (
        np.concatenate([commune, commune[has_finding]]),
        np.concatenate([day, again[has_finding]]),
        np.concatenate([finding, np.where(mended, -1, finding)[has_finding]]),
        np.concatenate([luck, luck[has_finding]]),
    )


def _worsen_values(values: Floats, finding: Ints, luck: Floats) -> Floats:
    """What the visit found instead: line down, a third of the speed, signatures locked, scanners
    missing.
    """
    column = VERIFIED_MEASURES.index
    unstable, slow, locked, scanners = (finding == number for number in range(4))
    worse = values.copy()
    worse[unstable, column("network_stable")] = 0
    worse[slow, column("network_mbps")] = np.round(values[slow, column("network_mbps")] * 0.3, 1)
    issued = values[:, column("signature_issued")]
    worse[locked, column("signature_issued")] = np.floor(issued * (0.7 + 0.25 * luck))[locked]
    worse[scanners, column("scanner_available")] = np.floor(
        values[scanners, column("scanner_available")] / 2
    )
    return worse


def _simulate_day_one(state: CommuneConditions, days: int) -> pd.DataFrame:
    """The communes that had trouble with dossiers on 01/07/2025, visited on that day and on 06/07:
    their line was sound.
    """
    commune = np.array([state.codes.index(code) for code in state.troubled] * 2)
    day = np.repeat([0, compute_day_number(date(2025, 7, 6))], len(state.troubled))
    kept: Bools = day < days
    values = np.ones((len(day), 1))
    return frame_readings(
        state, commune[kept], day[kept], values[kept], ["network_stable"], "verified"
    )


def _list_months(days: int) -> list[date]:
    return [day for day in list_first_days(days) if day.day == 1] or [FIRST_DAY]


def _find_next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _make_no_visits() -> tuple[Ints, Ints, Ints, Floats]:
    nothing = np.zeros(0, dtype=np.int64)
    return nothing, nothing, nothing, np.zeros(0)

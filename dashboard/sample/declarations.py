"""When the communes of the sample declare, and what: every commune on days of its own."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from dashboard.batch import READING_COLUMNS
from dashboard.measures import Basis
from dashboard.sample.conditions import MEASURE_LIST, Conditions, values_on
from dashboard.sample.days import calendar, working
from dashboard.sample.draw import Floats, Ints, chance
from dashboard.sample.provinces import Province

# Every 5 days in July 2025, every 10 to the end of September, then every 18: never older than 30 days.
_EARLY, _MIDDLE, _LATER = 5, 10, 18


def declarations(province: Province, state: Conditions, days: int) -> pd.DataFrame:
    """All declared readings of the first `days` days (READING_COLUMNS)."""
    commune, day, turn = _schedule(province, state, days)
    # Row `turn` of the draws belongs to the communes' turn-th declaration: more days only add rows.
    luck = chance(province.code, "speed").random((int(turn.max(initial=0)) + 1, len(state.codes)))[turn, commune]
    return readings(state, commune, day, values_on(state, commune, day, luck), MEASURE_LIST, "declared")


def readings(
    state: Conditions, commune: Ints, day: Ints, values: Floats, measures: list[str], basis: Basis
) -> pd.DataFrame:
    """Pairs of commune and day with their values (pairs x measures) as a frame of readings."""
    dates = np.array(calendar(int(day.max(initial=0)) + 1), dtype=object)
    codes, names, width = np.array(state.codes, dtype=object), np.array(measures, dtype=object), len(measures)
    frame = {
        "commune_code": np.repeat(codes[commune], width),
        "measure": np.tile(names, len(commune)),
        "value": values.ravel(),
        "basis": np.full(values.size, basis, dtype=object),
        "as_of": np.repeat(dates[day], width),
    }
    return pd.DataFrame(frame, columns=READING_COLUMNS)


def _schedule(province: Province, state: Conditions, days: int) -> tuple[Ints, Ints, Ints]:
    """Commune (index), day and turn of every declaration, ordered by turn."""
    size = len(state.codes)
    draw = chance(province.code, "schedule")
    early = draw.integers(0, _EARLY, size)
    middle = 31 + draw.integers(0, _MIDDLE, size)
    later = middle + 5 * _MIDDLE + draw.integers(9, _LATER + 1, size)
    turns = [early + _EARLY * turn for turn in range(6)]
    turns += [middle + _MIDDLE * turn for turn in range(6)]
    turns += [later + _LATER * turn for turn in range(max(0, days // _LATER + 1))]
    for joint in province.joint_days:
        # Everybody declares on a joint day, instead of on the own day nearest to it.
        nearest = np.argmin(np.abs(np.stack(turns[:6]) - joint), axis=0)
        for turn in range(6):
            turns[turn] = np.where(nearest == turn, joint, turns[turn])
    day = _on_working_days(np.stack(turns), days)
    declared = (day < days) & (day >= state.first_day) & (day < state.silent_from)
    place: Ints = np.argwhere(declared)
    return place[:, 1], day[declared], place[:, 0]


def _on_working_days(day: Ints, days: int) -> Ints:
    """Each day moved to the nearest working day; in July 2025 everybody worked on weekends too."""
    dates: list[date] = calendar(max(days, int(day.max())) + 20)
    works = np.array(working(dates))
    works[:31] = True
    open_days = np.flatnonzero(works)
    after = np.searchsorted(open_days, day)
    later, before = open_days[after], open_days[np.maximum(after - 1, 0)]
    return np.where(later - day <= day - before, later, before)

"""The communes of the sample: what each needs, who is silent, who had trouble on day one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dashboard.sample.conditions import FOR_GOOD, Conditions
from dashboard.sample.draw import Bools, Ints, chance
from dashboard.sample.lacks import lacks, returning
from dashboard.sample.provinces import NGHIA_GIANG, TROUBLED_ON_DAY_ONE, Province


def draw_conditions(province: Province, communes: pd.DataFrame) -> Conditions:
    """Draw the communes' conditions; `communes` indexed by code, sorted by code, with `kind`."""
    codes = [str(code) for code in communes.index]
    draw = chance(province.code, "conditions")
    wards = (communes["kind"] == "phuong").to_numpy()
    silent_from, first_day, troubled = _silence(province, codes)
    lacks_until = lacks(province, codes, wards, first_day, troubled)
    returns, again_from, again_for, again_every = returning(province, lacks_until)
    size = len(codes)
    return Conditions(
        codes=codes,
        needed=_needs(draw, wards),
        mbps=np.exp(draw.normal(np.where(wards, 5.0, 4.75), 0.35, size)).clip(62, 400),
        shortage=draw.uniform(0.1, 0.6, size),
        lacks_until=lacks_until,
        returns=returns,
        again_from=again_from,
        again_for=again_for,
        again_every=again_every,
        # Where 76/148 was published, the self ratings gave the same number.
        optimistic=(draw.random(size) < 0.12) & (province.all_green_by is None),
        silent_from=silent_from,
        first_day=first_day,
        troubled=troubled,
        always_green_rating_from=FOR_GOOD if province.all_green_by is None else province.all_green_by,
    )


def _needs(draw: np.random.Generator, wards: Bools) -> dict[str, Ints]:
    size = len(wards)
    return {
        "signature": draw.integers(18, 52, size) + wards * draw.integers(5, 20, size),
        "computer": draw.integers(8, 24, size) + wards * draw.integers(2, 10, size),
        "scanner": draw.integers(2, 6, size),
        "photocopier": draw.integers(1, 4, size),
        "queue_machine": 1 + wards * draw.integers(0, 2, size),
        "display": 1 + draw.integers(0, 2, size),
        "kiosk": np.ones(size, dtype=np.int64) + wards * draw.integers(0, 2, size),
        "staff": draw.integers(7, 13, size) + wards * draw.integers(0, 5, size),
    }


def _silence(province: Province, codes: list[str]) -> tuple[Ints, Ints, list[str]]:
    """Day from which a commune is silent, day of its first declaration at the earliest, the troubled."""
    draw = chance(province.code, "silence")
    size = len(codes)
    # The communes that the published figures name are never among the silent.
    order = [int(place) for place in draw.permutation(size) if codes[place] != NGHIA_GIANG]
    never, order = order[: province.never_reported], order[province.never_reported :]
    stopped, order = order[: province.stopped_reporting], order[province.stopped_reporting :]
    late, order = order[: province.late_first], order[province.late_first :]
    silent_from = np.full(size, FOR_GOOD)
    silent_from[never] = -1
    silent_from[stopped] = draw.integers(150, 470, len(stopped))
    first_day = np.zeros(size, dtype=np.int64)
    first_day[late] = 13
    troubled: list[str] = []
    if NGHIA_GIANG in codes:
        troubled = sorted([NGHIA_GIANG, *(codes[place] for place in order[: TROUBLED_ON_DAY_ONE - 1])])
    return silent_from, first_day, troubled

"""How ready each commune of the sample is on a day: all readings, declared or verified, are looked
up here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.measures import DECLARED, DEVICES
from dashboard.sample.draw import Bools, Floats, Ints, make_generator
from dashboard.sample.facts import (
    GREEN_ON_13_JULY,
    NGHIA_GIANG,
    TROUBLED_ON_DAY_ONE,
    SampleProvince,
)

# What the communes of the sample lack, and until when.
#
# A commune lacks some of ISSUES at first; each lack ends on a day of its own, red ones before
# yellow ones. Later some issues come back for weeks, or for good.

_ISSUE_CHANCES = np.array(
    [0.16, 0.12, 0.25, 0.3, 0.5, 0.35, 0.4, 0.25, 0.3, 0.35, 0.4, 0.2, 0.3, 0.2, 0.35]
)


def draw_lacks(
    province: SampleProvince, codes: list[str], wards: Bools, first_day: Ints, troubled: list[str]
) -> Ints:
    """The day each issue of each commune ends: communes x ISSUES, 0 where it never was."""
    draw = make_generator(province.code, "lacks")
    size = len(codes)
    lacking = draw.random((size, len(ISSUES))) < _ISSUE_CHANCES * np.where(wards, 0.7, 1.0)[:, None]
    main = draw.integers(RED, len(ISSUES), size)
    lacking[np.arange(size), main] = True
    lacking[:, ISSUES.index("signatures_short")] |= lacking[:, ISSUES.index("signatures_lacking")]
    green_on = _draw_green_days(province, draw, size, first_day)
    ends = green_on[:, None] * draw.uniform(0.35, 1.0, lacking.shape)
    ends[:, :RED] = green_on[:, None] * draw.uniform(0.15, 0.6, (size, RED))
    ends[np.arange(size), main] = green_on
    until: Ints = np.where(lacking, np.ceil(ends), 0).astype(np.int64)
    if province.all_green_by is None:
        red, yellow = _draw_lasting(province, draw, size)
        main[red] = draw.integers(0, RED, int(red.sum()))
        lasting = _draw_together(draw, main, 0.45) & lacking
        lasting[np.arange(size), main] = True
        until[lasting & (red | yellow)[:, None]] = FOR_GOOD
    for code in troubled:
        # Dossiers were hard to generate there on day one; the line was not what was wrong.
        until[codes.index(code), ISSUES.index("unstable")] = 0
    return until


def _draw_green_days(
    province: SampleProvince, draw: np.random.Generator, size: int, first_day: Ints
) -> Ints:
    """The day from which every first lack of a commune is mended."""
    if province.all_green_by is None:
        return np.exp(draw.normal(3.7, 0.7, np.shape(first_day))).clip(3, 300).astype(np.int64)
    reported = np.flatnonzero(first_day == 0)
    early = draw.permutation(reported)[:GREEN_ON_13_JULY]
    green_on = draw.integers(13, province.all_green_by + 1, size)
    green_on[early] = draw.integers(3, 13, len(early))
    return green_on


def draw_returning_issues(
    province: SampleProvince, lacks_until: Ints
) -> tuple[Bools, Ints, Ints, Ints]:
    """Issues that come back: which, from what day, for how long, how often."""
    draw = make_generator(province.code, "returns")
    size = len(lacks_until)
    main = np.where(
        draw.random(size) < 0.3, draw.integers(0, RED, size), draw.integers(RED, len(ISSUES), size)
    )
    mended = np.where(lacks_until < FOR_GOOD, lacks_until, 0).max(axis=1)
    start = np.maximum(mended + 30, draw.integers(45, 400, size))
    length = draw.integers(20, 60, size)
    every = draw.integers(160, 420, size)
    start[draw.random(size) > 0.65] = FOR_GOOD
    if province.all_green_by is not None:
        # All were green on one day; where readiness did not last, it was lost later, and for good.
        red, yellow = _draw_lasting(province, draw, size)
        lost = red | yellow
        start[lost] = draw.integers(60, 400, int(lost.sum()))
        length[lost] = FOR_GOOD
        every[lost] = FOR_GOOD
        main[yellow] = draw.integers(RED, len(ISSUES), int(yellow.sum()))
        main[red] = draw.integers(0, RED, int(red.sum()))
    return _draw_together(draw, main, 0.15), start, length, every


def _draw_lasting(
    province: SampleProvince, draw: np.random.Generator, size: int
) -> tuple[Bools, Bools]:
    """Which communes end red, which yellow."""
    luck = draw.random(size)
    red = luck < province.lasting_red
    return red, ~red & (luck < province.lasting_red + province.lasting_yellow)


def _draw_together(draw: np.random.Generator, main: Ints, likely: float) -> Bools:
    """Communes x ISSUES: the main issue and some others with it, red ones only beside a red one."""
    together = draw.random((len(main), len(ISSUES))) < likely
    together[main >= RED, :RED] = False
    together[np.arange(len(main)), main] = True
    return together


# The communes of the sample: what each needs, who is silent, who had trouble on day one.


def draw_conditions(province: SampleProvince, communes: pd.DataFrame) -> CommuneConditions:
    """Draw the communes' conditions; `communes` indexed by code, sorted by code, with `kind`."""
    codes = [str(code) for code in communes.index]
    draw = make_generator(province.code, "conditions")
    wards = (communes["kind"] == "phuong").to_numpy()
    silent_from, first_day, troubled = _draw_silence(province, codes)
    lacks_until = draw_lacks(province, codes, wards, first_day, troubled)
    returns, again_from, again_for, again_every = draw_returning_issues(province, lacks_until)
    size = len(codes)
    return CommuneConditions(
        codes=codes,
        needed=_draw_needs(draw, wards),
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
        always_green_rating_from=province.all_green_by or FOR_GOOD,
    )


def _draw_needs(draw: np.random.Generator, wards: Bools) -> dict[str, Ints]:
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


def _draw_silence(province: SampleProvince, codes: list[str]) -> tuple[Ints, Ints, list[str]]:
    """Day from which a commune is silent, day of its first declaration at the earliest, the
    troubled.
    """
    draw = make_generator(province.code, "silence")
    size = len(codes)
    # The communes that the published figures name are never among the silent.
    order = [int(index) for index in draw.permutation(size) if codes[index] != NGHIA_GIANG]
    never = order[: province.never_reported]
    order = order[province.never_reported :]
    stopped = order[: province.stopped_reporting]
    order = order[province.stopped_reporting :]
    late = order[: province.late_first]
    order = order[province.late_first :]
    silent_from = np.full(size, FOR_GOOD)
    silent_from[never] = -1
    silent_from[stopped] = draw.integers(150, 470, len(stopped))
    first_day = np.zeros(size, dtype=np.int64)
    first_day[late] = 13
    troubled: list[str] = []
    if NGHIA_GIANG in codes:
        troubled = sorted(
            [NGHIA_GIANG, *(codes[index] for index in order[: TROUBLED_ON_DAY_ONE - 1])]
        )
    return silent_from, first_day, troubled


RED_ISSUES = ["unstable", "very_slow", "signatures_lacking"]
FLAGS = ["online_meeting", "security_device", "procedures_published"]
ISSUES = [*RED_ISSUES, "slow", "signatures_short", *DEVICES, *FLAGS, "staff"]
RED = len(RED_ISSUES)  # The first so many ISSUES make a commune red.
FOR_GOOD = 1_000_000
MEASURE_LIST = list(DECLARED)


@dataclass(frozen=True)
class CommuneConditions:
    """Arrays with one entry (or row) per commune, in the order of `codes`.

    `lacks_until` communes x ISSUES: the day an issue ends (0: never had it). `returns` (communes x
    ISSUES) those that come back together from day `again_from`, for `again_for` days, every
    `again_every` days. `optimistic`: rates itself one step better than the rule would.
    """

    codes: list[str]
    needed: dict[str, Ints]
    mbps: Floats
    shortage: Floats
    lacks_until: Ints
    returns: Bools
    again_from: Ints
    again_for: Ints
    again_every: Ints
    optimistic: Bools
    silent_from: Ints
    first_day: Ints
    troubled: list[str]
    always_green_rating_from: int


def find_issues_on_days(state: CommuneConditions, commune: Ints, day: Ints) -> Bools:
    """Which issues commune (an index) has on a day: pairs x ISSUES."""
    active = day[:, None] < state.lacks_until[commune]
    since = day - state.again_from[commune]
    back = (since >= 0) & (since % state.again_every[commune] < state.again_for[commune])
    return np.asarray(active | (back[:, None] & state.returns[commune]), dtype=np.bool_)


def find_values_on_days(state: CommuneConditions, commune: Ints, day: Ints, luck: Floats) -> Floats:
    """What a look at the commune on the day would find: pairs x MEASURE_LIST. `luck` in [0, 1)."""
    active = find_issues_on_days(state, commune, day)
    has = {issue: active[:, column] for column, issue in enumerate(ISSUES)}
    ends = state.lacks_until[commune]
    shortage = state.shortage[commune]
    values = {
        "network_stable": ~has["unstable"],
        "network_mbps": _measure_speed(has, state.mbps[commune], luck),
    }
    needed = state.needed["signature"][commune]
    progress = np.clip(day / np.maximum(ends[:, ISSUES.index("signatures_short")], 1), 0, 1)
    issued = np.where(has["signatures_short"], _fall_short(needed, 0.82 + 0.15 * progress), needed)
    lacking_count = np.floor(needed * (0.5 + 0.25 * progress) + 1e-9)
    values |= {
        "signature_needed": needed,
        "signature_issued": np.where(has["signatures_lacking"], lacking_count, issued),
    }
    for device in DEVICES:
        needed = state.needed[device][commune]
        missing = np.maximum(1, np.floor(needed * shortage))
        values |= {
            f"{device}_needed": needed,
            f"{device}_available": needed - np.where(has[device], missing, 0),
        }
    values |= {flag: ~has[flag] for flag in FLAGS}
    planned = state.needed["staff"][commune]
    values |= {
        "staff_planned": planned,
        "staff_present": planned - has["staff"] * np.ceil(planned * shortage * 0.5),
    }
    rating = np.where(active[:, :RED].any(axis=1), 0, np.where(active.any(axis=1), 1, 2))
    rating = np.minimum(2, rating + state.optimistic[commune])
    values["self_rating"] = np.where(day >= state.always_green_rating_from, 2, rating)
    return np.column_stack([values[measure] for measure in MEASURE_LIST]).astype(np.float64)


def _measure_speed(has: dict[str, Bools], usual: Floats, luck: Floats) -> Floats:
    """Measured speed with one decimal: below 20 where very slow, 20 to 50 where slow."""
    steady = np.maximum(usual * (0.92 + 0.16 * luck), 52)
    slow = 22 + (usual % 20) + 7 * luck
    speed = np.where(
        has["very_slow"], 4 + (usual % 10) + 5 * luck, np.where(has["slow"], slow, steady)
    )
    return np.asarray(np.round(speed, 1), dtype=np.float64)


def _fall_short(needed: Ints, share: Floats) -> Ints:
    """About `share` of what is needed, at least one too few."""
    return np.minimum(needed - 1, np.ceil(needed * share).astype(np.int64))

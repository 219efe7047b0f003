"""How ready each commune of the sample is on a day: all readings, declared or verified, are looked up here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.measures import DECLARED, DEVICES
from dashboard.sample.draw import Bools, Floats, Ints

RED_ISSUES = ["unstable", "very_slow", "signatures_lacking"]
FLAGS = ["online_meeting", "security_device", "procedures_published"]
ISSUES = [*RED_ISSUES, "slow", "signatures_short", *DEVICES, *FLAGS, "staff"]
RED = len(RED_ISSUES)  # The first so many ISSUES make a commune red.
FOR_GOOD = 1_000_000
MEASURE_LIST = list(DECLARED)


@dataclass(frozen=True)
class Conditions:
    """Arrays with one entry (or row) per commune, in the order of `codes`.

    `lacks_until` communes x ISSUES: the day an issue ends (0: never had it). `returns` (communes
    x ISSUES) those that come back together from day `again_from`, for `again_for` days, every `again_every` days.
    `optimistic`: rates itself one step better than the rule would.
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


def issues_on(state: Conditions, commune: Ints, day: Ints) -> Bools:
    """Which issues commune (an index) has on a day: pairs x ISSUES."""
    active = day[:, None] < state.lacks_until[commune]
    since = day - state.again_from[commune]
    back = (since >= 0) & (since % state.again_every[commune] < state.again_for[commune])
    return np.asarray(active | (back[:, None] & state.returns[commune]), dtype=np.bool_)


def values_on(state: Conditions, commune: Ints, day: Ints, luck: Floats) -> Floats:
    """What a look at the commune on the day would find: pairs x MEASURE_LIST. `luck` in [0, 1)."""
    active = issues_on(state, commune, day)
    has = {issue: active[:, column] for column, issue in enumerate(ISSUES)}
    ends = state.lacks_until[commune]
    shortage = state.shortage[commune]
    found = {"network_stable": ~has["unstable"], "network_mbps": _mbps(has, state.mbps[commune], luck)}
    needed = state.needed["signature"][commune]
    progress = np.clip(day / np.maximum(ends[:, ISSUES.index("signatures_short")], 1), 0, 1)
    issued = np.where(has["signatures_short"], _short(needed, 0.82 + 0.15 * progress), needed)
    few = np.floor(needed * (0.5 + 0.25 * progress) + 1e-9)
    found |= {"signature_needed": needed, "signature_issued": np.where(has["signatures_lacking"], few, issued)}
    for device in DEVICES:
        needed = state.needed[device][commune]
        missing = np.maximum(1, np.floor(needed * shortage))
        found |= {f"{device}_needed": needed, f"{device}_available": needed - np.where(has[device], missing, 0)}
    found |= {flag: ~has[flag] for flag in FLAGS}
    planned = state.needed["staff"][commune]
    found |= {"staff_planned": planned, "staff_present": planned - has["staff"] * np.ceil(planned * shortage * 0.5)}
    rating = np.where(active[:, :RED].any(axis=1), 0, np.where(active.any(axis=1), 1, 2))
    rating = np.minimum(2, rating + state.optimistic[commune])
    found["self_rating"] = np.where(day >= state.always_green_rating_from, 2, rating)
    return np.column_stack([found[measure] for measure in MEASURE_LIST]).astype(np.float64)


def _mbps(has: dict[str, Bools], usual: Floats, luck: Floats) -> Floats:
    """Measured speed with one decimal: below 20 where very slow, 20 to 50 where slow."""
    steady = np.maximum(usual * (0.92 + 0.16 * luck), 52)
    slow = 22 + (usual % 20) + 7 * luck
    speed = np.where(has["very_slow"], 4 + (usual % 10) + 5 * luck, np.where(has["slow"], slow, steady))
    return np.asarray(np.round(speed, 1), dtype=np.float64)


def _short(needed: Ints, share: Floats) -> Ints:
    """About `share` of what is needed, at least one too few."""
    return np.minimum(needed - 1, np.ceil(needed * share).astype(np.int64))

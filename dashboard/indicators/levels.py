"""The five levels and how levels combine: a colour is stated only where it is certain.

`Levels` are codes (int8) in the order of LEVEL_NAMES: 0 red, 1 yellow, 2 green, 3 stale, 4 unknown.
One row a commune, in the order of the report's `codes`, one column a day:

                 12/11  13/11
        21250    2      2       green on both days
        21289    4      1       nobody knew, then a declaration: yellow
        21334    2      3       green, then too old to say so

`combine_levels` takes several of them at once, one a criterion, along the first axis.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

# One byte a level, so that a province over two years is a small array.
RED: Final = 0
YELLOW: Final = 1
GREEN: Final = 2
STALE: Final = 3
UNKNOWN: Final = 4
LEVEL_NAMES: Final = ("red", "yellow", "green", "stale", "unknown")

Levels = npt.NDArray[np.int8]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def judge_levels(value: Numbers, stale: Flags, green_from: float, red_below: float) -> Levels:
    """The level of each value: missing (NaN) is unknown, too old is stale, else against the
    thresholds.
    """
    level = np.full(value.shape, YELLOW, dtype=np.int8)
    level[value >= green_from] = GREEN
    level[value < red_below] = RED
    level[stale] = STALE
    level[np.isnan(value)] = UNKNOWN
    return level


def combine_levels(levels: Levels, decisive: Flags, needed: Flags) -> Levels:
    """One level from several (first axis); red in a `decisive[k]` makes the whole red, green needs
    every `needed[k]`.

    Otherwise the whole is yellow. A colour is stated only where no value of what is missing could
    change it: where a decisive level is missing, red cannot be ruled out, so the whole is stale
    (something was once reported) or unknown rather than yellow; where only a needed one is missing,
    yellow stays certain and green does not. What is neither decisive nor needed plays no part.
    Where green needs nothing, nothing is certain but red.
    """
    missing = levels >= STALE
    plays = decisive | needed
    silent = np.where((levels[plays] == STALE).any(axis=0), STALE, UNKNOWN).astype(np.int8)
    out = np.full(levels.shape[1:], GREEN if needed.any() else UNKNOWN, dtype=np.int8)
    open_ = missing[needed].any(axis=0)
    out[open_] = silent[open_]
    out[((levels < GREEN) & ~missing)[needed].any(axis=0)] = YELLOW
    blocked = missing[decisive].any(axis=0)
    out[blocked] = silent[blocked]
    out[(levels[decisive] == RED).any(axis=0)] = RED
    return out


def count_levels(levels: Levels) -> dict[str, int]:
    """How many of each level; the five add up to the number of communes."""
    return {name: int((levels == code).sum()) for code, name in enumerate(LEVEL_NAMES)}

"""The levels of a year as one small file: per layer and commune the letters of its levels with how many days each held.

`y12g3u1`: twelve days yellow, three green, one unknown. A commune keeps its level for weeks, so a province's
year in four layers is some 5 kB before compression.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from dashboard.indicators.levels import Levels
from dashboard.views.explain import LETTERS, SIGNALS


def replay(layers: Mapping[str, Levels], codes: Sequence[str], first: date) -> dict[str, Any]:
    """JSON-ready; arrays follow `codes`, `days` from `first` on. `layers` as indicators.day_by_day gives them."""
    shown = {name: level for name, level in layers.items() if name == "overall" or name in SIGNALS}
    return {
        "first": first.isoformat(),
        "days": layers["overall"].shape[1],
        "codes": list(codes),
        "layers": {name: [runs(row) for row in level] for name, level in shown.items()},
    }


def runs(level: Levels) -> str:
    """One commune's levels, one a day, as letters with their lengths; "" for no day."""
    if not level.size:
        return ""
    ends = np.append(np.flatnonzero(np.diff(level)), level.size - 1)
    lengths = np.diff(ends, prepend=-1)
    return "".join(
        f"{LETTERS[level[end]]}{length}" for end, length in zip(ends.tolist(), lengths.tolist(), strict=True)
    )

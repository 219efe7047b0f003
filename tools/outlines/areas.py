"""Which areas to aim at: the known ones, unless they cannot be true.

The list of communes carries areas that were looked up by name alone: 305 figures stand at communes
of one name in two or more provinces (281.7 km² for both Bình Sơn), and some seats of former towns
carry the area of the old ward only. The land nearest to a commune's own points (a plain Voronoi
diagram) is, for communes whose true outline is known, within a factor of 1.5 of the truth; so a
figure far from it is set aside and that land itself is the aim.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

# A figure that a namesake carries too is set aside when it is this many times too large or small.
NAMESAKE_OFF = 1.5
# Any figure is set aside when the land nearest to the commune is this many times larger.
TOO_SMALL = 2.5


def namesakes(communes: pd.DataFrame) -> np.ndarray:
    """Communes (boolean) whose name and area both stand at another commune too."""
    pair = pd.DataFrame(
        {"name": communes["bare_name"].str.casefold(), "area": communes["area_km2"]}
    )
    return pair.duplicated(keep=False).to_numpy()


def aims(communes: pd.DataFrame, nearest: np.ndarray) -> tuple[np.ndarray, dict[str, str]]:
    """Area in km² to aim at for each commune and, by code, why it is not the known one.

    `nearest`: (c,) km² of land nearest to each commune's points, before any weighting.
    """
    known = communes["area_km2"].to_numpy(dtype=float)
    missing = ~(known > 0)
    ratio = np.where(missing, 1, known) / np.maximum(nearest, 0.01)
    copied = namesakes(communes) & ((ratio > NAMESAKE_OFF) | (ratio < 1 / NAMESAKE_OFF))
    small = ratio < 1 / TOO_SMALL
    notes = {}
    for row, code in enumerate(communes.index):
        if missing[row]:
            why = "no area known"
        elif copied[row]:
            why = f"its listed area {known[row]:g} km² is also that of a namesake elsewhere"
        elif small[row]:
            why = f"its listed area {known[row]:g} km² is far too small for its place"
        else:
            continue
        notes[str(code)] = (
            f"{why}; the {nearest[row]:.0f} km² nearest to its points are taken instead"
        )
    return np.where(missing | copied | small, nearest, known), notes

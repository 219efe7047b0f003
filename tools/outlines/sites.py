"""Sites of the power diagram: which points, whose, and what part of the commune each stands for."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from tools.outlines.facts import Former

# The part of a commune's land that its own centre point stands for, beside the former units.
CENTRE_SHARE = 0.35
# A unit that went to several communes: how far its point is moved towards each of them.
PULL = 0.4
# A bounding box this many times smaller or larger than its siblings says nothing (a default view).
ODD_BOX = 4.0
# The two points of a long unit: this part of (half the longer − half the shorter side) from its
# middle.
STRETCH = 0.6
_NO_AREA_KM2 = 40.0  # about the middle of all communes; only for judging what lies near


@dataclass
class Sites:
    """`points` (n, 2) km, `owner` (n,) row of the commune, `share` (n,) of it, `centre` (n,) is its
    own point.

    `places` (c, 2): where each commune lies; `area` (c,) km² as known or a rough size;
    `notes`: code → what was odd.
    """

    points: np.ndarray
    owner: np.ndarray
    share: np.ndarray
    centre: np.ndarray
    places: np.ndarray
    area: np.ndarray
    notes: dict[str, str] = field(default_factory=dict)


def _kept(centre: np.ndarray, units: list[Former], area: float) -> tuple[list[Former], bool]:
    """The former units that lie together, and whether the commune's centre point lies with them."""
    if not units:
        return [], True
    # A place further than this from the rest of a commune of that area cannot belong to it.
    reach = 3.0 * float(np.sqrt(area / np.pi)) + 4.0
    places = np.array([unit.place for unit in units])
    near_centre = np.linalg.norm(places - centre, axis=1) < reach
    if near_centre.any():
        return [unit for unit, near in zip(units, near_centre, strict=True) if near], True
    votes = (np.linalg.norm(places[:, None] - places[None], axis=2) < 2 * reach).sum(axis=1)
    if votes.max() < 2:
        return [], True
    middle = places[np.argmax(votes)]
    return [u for u in units if np.linalg.norm(np.array(u.place) - middle) < 2 * reach], False


def _of_unit(unit: Former, place: np.ndarray, usual: float) -> list[np.ndarray]:
    """Where a former unit stands: one point, or two along the longer side of a long box.

    `place` is the commune's; `usual` the area (km²) that its units have on average.
    """
    if not usual / ODD_BOX < unit.area < usual * ODD_BOX:
        middle = np.array(unit.place)
        stretch = np.zeros(2)
    else:
        # Half way between a unit's point and the middle of its box is nearest to its true middle.
        middle = np.mean([unit.place, unit.box_middle], axis=0)
        wide, high = unit.box_half
        stretch = STRETCH * np.array([max(wide - high, 0), max(high - wide, 0)])
    if unit.shared_by > 1:
        return [middle + (place - middle) * PULL]
    return [middle + stretch, middle - stretch] if stretch.max() > 0.4 else [middle]


def _of_commune(
    centre: np.ndarray, units: list[Former], fits: bool, area: float
) -> tuple[np.ndarray, np.ndarray]:
    """Points (k, 2) and shares (k,) of one commune, its own centre first where that fits."""
    usual = area / max(len(units), 1)
    place = centre if fits else np.mean([unit.place for unit in units], axis=0)
    points = []
    sizes = []
    for unit in units:
        spots = _of_unit(unit, place, usual)
        size = np.clip(unit.area, usual / ODD_BOX, usual * ODD_BOX) / unit.shared_by
        points += spots
        sizes += [size / len(spots)] * len(spots)
    total = max(sum(sizes), 1e-9)
    if not fits:
        return np.array(points), np.array(sizes) / total
    own = CENTRE_SHARE if units else 1.0
    shares = (1 - own) * np.array(sizes) / total
    return np.array([centre, *points]), np.array([own, *shares])


def build(communes: pd.DataFrame, centres: np.ndarray, formers: dict[str, list[Former]]) -> Sites:
    """Sites of all communes; `centres` (c, 2) km in the order of `communes`."""
    known = communes["area_km2"].to_numpy(dtype=float)
    area = np.where(known > 0, known, _NO_AREA_KM2)
    places = centres.copy()
    notes = {}
    points = []
    shares = []
    owner = []
    centre = []
    for row, code in enumerate(communes.index):
        units, fits = _kept(centres[row], formers.get(code, []), area[row])
        spots, parts = _of_commune(centres[row], units, fits, area[row])
        if not fits:
            places[row] = spots.mean(axis=0)
            away = np.linalg.norm(places[row] - centres[row])
            notes[str(code)] = (
                f"its listed centre point lies {away:.0f} km from all its former units, which "
                "decide"
            )
        points.append(spots)
        shares.append(parts)
        owner += [row] * len(spots)
        centre += [fits and spot == 0 for spot in range(len(spots))]
    # Two sites at one spot would leave one of them without a cell.
    stand = np.vstack(points) + np.random.default_rng(1).normal(0, 0.01, (len(owner), 2))
    return Sites(
        stand, np.array(owner), np.concatenate(shares), np.array(centre), places, area, notes
    )

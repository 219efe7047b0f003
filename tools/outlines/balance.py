"""Weights that give every commune its known area, with its centre inside its own cell."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely
from scipy.spatial import cKDTree

from tools.outlines import power

STEPS = 10
_DAMPING = 0.5
_NEAR = 60  # sites around a centre that may take its place


def clip(cells: np.ndarray, land: shapely.Geometry) -> np.ndarray:
    """Cells cut to the land; those wholly inside are passed on as they are."""
    shapely.prepare(land)
    crossing = ~shapely.contains_properly(land, cells)
    clipped = cells.copy()
    clipped[crossing] = shapely.intersection(cells[crossing], land)
    return clipped


def nearest_land(
    points: np.ndarray, owner: np.ndarray, land: shapely.Geometry, count: int
) -> np.ndarray:
    """km² of land (count,) that is nearest to each commune's sites: all weights alike."""
    cells = clip(power.diagram(points, np.zeros(len(points))).cells, land)
    return np.asarray(np.bincount(owner, shapely.area(cells), count))


def _answer(
    diagram: power.Diagram, points: np.ndarray, owner: np.ndarray, area: np.ndarray
) -> np.ndarray:
    """km² that each commune would win per km² of weight: its borders, each ÷ twice the sites'
    distance.
    """
    first, second = diagram.pairs.T
    a = owner[first]
    b = owner[second]
    apart = a != b
    first = first[apart]
    second = second[apart]
    a = a[apart]
    b = b[apart]
    gap = np.linalg.norm(points[first] - points[second], axis=1)
    # Edges in the open sea are endless; they count as if the coast were near.
    border = np.minimum(diagram.edges[apart], 4 * np.sqrt(np.minimum(area[a], area[b])))
    rate = border / (2 * np.maximum(gap, 0.05))
    return np.asarray(np.bincount(a, rate, len(area)) + np.bincount(b, rate, len(area)))


def keep_centres(
    points: np.ndarray, owner: np.ndarray, weights: np.ndarray, centre: np.ndarray, area: np.ndarray
) -> None:
    """Raise in place the weights of sites `centre` (indices) that another commune's
    site outweighs.
    """
    _, near = cKDTree(points).query(points[centre], k=min(_NEAR, len(points)))
    distance2 = ((points[near] - points[centre][:, None]) ** 2).sum(axis=2)
    foreign = owner[near] != owner[centre][:, None]
    room = np.where(foreign, distance2, np.inf).min(axis=1)
    margin = 0.5 * np.minimum(room, area[owner[centre]] / np.pi * 0.25)
    for _ in range(3):
        strongest = np.where(foreign, weights[near] - distance2, -np.inf).max(axis=1)
        weights[centre] = np.maximum(weights[centre], strongest + margin)


def balance(
    points: np.ndarray,
    owner: np.ndarray,
    start: np.ndarray,
    centre: np.ndarray,
    area: np.ndarray,
    land: shapely.Geometry,
    tell: Callable[[str], None],
) -> np.ndarray:
    """The cells of all sites, clipped to `land`, such that each commune's are near its `area`.

    `start`: first weights (km²); `centre`: indices of the sites that are communes' own centres.
    Communes share one change of weight among their sites. Each is moved by its own lack of land,
    not by solving for all at once: where the drawn coast is wrong, the error then stays at the
    coast.
    """
    weights = start.copy()
    reach = area / np.pi
    for turn in range(STEPS + 1):
        keep_centres(points, owner, weights, centre, area)
        diagram = power.diagram(points, weights)
        cells = clip(diagram.cells, land)
        lack = area - np.bincount(owner, shapely.area(cells), len(area))
        error = np.abs(lack) / area
        tell(
            f"step {turn}: area off by {np.median(error):.1%} (median), "
            f"{np.percentile(error, 90):.0%} (90th)"
        )
        if turn < STEPS:
            change = _DAMPING * lack / (2 * _answer(diagram, points, owner, area) + 1e-6)
            weights += np.clip(change, -0.25 * reach, 0.25 * reach)[owner]
    return cells

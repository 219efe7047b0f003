"""Outlines made light: fewer corners, shared borders still shared, nobody disappears."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely

GRID = 1e-4  # degrees; what four decimals can hold
_GAP = 3e-4  # slits between neighbours narrower than this (30 m) are closed
_FINEST, _COARSEST = 1e-4, 3e-2
_TURNS = 10
_LEAST_BYTES = 12  # a written corner takes more than this; spares trying what cannot fit
_NEARLY = 0.94  # of the size allowed is near enough


def clean(outlines: np.ndarray) -> np.ndarray:
    """The same polygons as a coverage: no overlaps, no slits, every shared corner in both neighbours."""
    if shapely.coverage_is_valid(outlines, gap_width=_GAP):
        return outlines
    cleaned = shapely.coverage_clean(outlines, gap_width=_GAP)
    # A commune drawn wholly inside another's polygon would be swallowed: keep what was drawn.
    return np.where(shapely.is_empty(cleaned), outlines, cleaned)


def on_grid(outlines: np.ndarray) -> np.ndarray:
    """All borders moved to four decimals together, so that both neighbours move alike.

    The border lines are rounded and crossed as one network, cut into faces, and each face goes to the
    commune it came from.
    """
    lines = shapely.union_all(shapely.boundary(outlines))
    network = shapely.set_precision(shapely.node(lines), GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all(network, grid_size=GRID))))
    inside = shapely.point_on_surface(faces)
    face, commune = shapely.STRtree(outlines).query(inside, predicate="intersects")
    # Where two still overlap, the smaller one keeps the face: it would vanish without it.
    order = np.lexsort([shapely.area(outlines)[commune], face])
    first = order[np.unique(face[order], return_index=True)[1]]
    face, commune = face[first], commune[first]
    rounded = []
    for index, outline in enumerate(outlines):
        mine = faces[face[commune == index]]
        rounded.append(shapely.coverage_union_all(mine) if len(mine) else _mark(outline))
    return np.array(rounded, dtype=object)


def _mark(outline: shapely.Geometry) -> shapely.Polygon:
    """The smallest polygon that shows where something too small for the grid is."""
    x, y = np.round(np.array(shapely.point_on_surface(outline).coords[0]) / GRID) * GRID
    return shapely.Polygon([(x + dx * GRID, y + dy * GRID) for dx, dy in ((2, 0), (0, 2), (-2, 0), (0, -2))])


def _without_specks(outlines: np.ndarray, smallest: float) -> np.ndarray:
    """Without islets and ponds smaller than `smallest` (square degrees); the largest part always stays."""
    kept = []
    for outline in outlines:
        parts = sorted(shapely.get_parts(outline), key=shapely.area, reverse=True)
        kept.append(shapely.MultiPolygon([parts[0], *(part for part in parts[1:] if part.area >= smallest)]))
    return np.array(kept, dtype=object)


def lighten(outlines: np.ndarray, size: Callable[[np.ndarray], int], most: int) -> np.ndarray:
    """A coverage simplified as little as needed for `size` (bytes when written) to be at most `most`.

    The corner removed next is the one whose triangle with its neighbours is smallest (Visvalingam),
    by shapely's coverage simplification; the tolerance is found by halving.
    """
    whole = clean(outlines)
    fine = shapely.coverage_simplify(whole, _FINEST)
    if shapely.get_num_coordinates(fine).sum() * _LEAST_BYTES <= most:
        fullest = on_grid(fine)
        if size(fullest) <= most:
            return fullest
    best: np.ndarray | None = None
    low, high = np.log(_FINEST), np.log(_COARSEST)
    for _ in range(_TURNS):
        tolerance = float(np.exp((low + high) / 2))
        lighter = on_grid(shapely.coverage_simplify(_without_specks(fine, tolerance**2 / 4), tolerance))
        heavy = size(lighter)
        if heavy <= most:
            best, high = lighter, np.log(tolerance)
            if heavy > _NEARLY * most:
                break
        else:
            low = np.log(tolerance)
    return best if best is not None else on_grid(shapely.coverage_simplify(_without_specks(fine, 1.0), _COARSEST))

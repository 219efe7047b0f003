"""Outlines made light: fewer corners, shared borders still shared, nobody disappears."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import shapely

GRID = 1e-4  # degrees; what four decimals can hold
_GAP = 3e-4  # slits between neighbours narrower than this (30 m) are closed
_FINEST = 1e-4
_COARSEST = 3e-2
_TURNS = 10
_LEAST_BYTES = 12  # a written corner takes more than this; spares trying what cannot fit
_NEARLY = 0.94  # of the size allowed is near enough


def clean_outlines(outlines: np.ndarray) -> np.ndarray:
    """The same polygons as a coverage: no overlaps, no slits, every shared corner in both
    neighbours.
    """
    if shapely.coverage_is_valid(outlines, gap_width=_GAP):
        return outlines
    cleaned = shapely.coverage_clean(outlines, gap_width=_GAP)
    # A commune drawn wholly inside another's polygon would be swallowed: keep what was drawn.
    return np.where(shapely.is_empty(cleaned), outlines, cleaned)


def snap_to_grid(outlines: np.ndarray) -> np.ndarray:
    """All borders moved to four decimals together, so that both neighbours move alike.

    The border lines are rounded and crossed as one network, cut into faces, and each face goes to
    the commune it came from.
    """
    lines = shapely.union_all(shapely.boundary(outlines))
    network = shapely.set_precision(shapely.node(lines), GRID)
    faces = shapely.get_parts(
        shapely.polygonize(shapely.get_parts(shapely.union_all(network, grid_size=GRID)))
    )
    inside = shapely.point_on_surface(faces)
    face, commune = shapely.STRtree(outlines).query(inside, predicate="intersects")
    # Where two still overlap, the smaller one keeps the face: it would vanish without it.
    order = np.lexsort([shapely.area(outlines)[commune], face])
    first = order[np.unique(face[order], return_index=True)[1]]
    face = face[first]
    commune = commune[first]
    rounded = []
    for index, outline in enumerate(outlines):
        mine = faces[face[commune == index]]
        rounded.append(shapely.coverage_union_all(mine) if len(mine) else _draw_mark(outline))
    return np.array(rounded, dtype=object)


def _draw_mark(outline: shapely.Geometry) -> shapely.Polygon:
    """The smallest polygon that shows where something too small for the grid is."""
    x, y = np.round(np.array(shapely.point_on_surface(outline).coords[0]) / GRID) * GRID
    return shapely.Polygon(
        [(x + dx * GRID, y + dy * GRID) for dx, dy in ((2, 0), (0, 2), (-2, 0), (0, -2))]
    )


def _drop_specks(outlines: np.ndarray, smallest: float) -> np.ndarray:
    """Without islets and ponds smaller than `smallest` (square degrees); the largest part always
    stays.
    """
    kept = []
    for outline in outlines:
        parts = sorted(shapely.get_parts(outline), key=shapely.area, reverse=True)
        kept.append(
            shapely.MultiPolygon([parts[0], *(part for part in parts[1:] if part.area >= smallest)])
        )
    return np.array(kept, dtype=object)


def simplify_outlines(
    outlines: np.ndarray, size: Callable[[np.ndarray], int], most: int
) -> np.ndarray:
    """A coverage simplified as little as needed for `size` (bytes when written) to be at most
    `most`.

    The corner removed next is the one whose triangle with its neighbours is smallest (Visvalingam),
    by shapely's coverage simplification; the tolerance is found by halving.
    """
    cleaned = clean_outlines(outlines)
    fine = shapely.coverage_simplify(cleaned, _FINEST)
    if shapely.get_num_coordinates(fine).sum() * _LEAST_BYTES <= most:
        fullest = snap_to_grid(fine)
        if size(fullest) <= most:
            return fullest
    best: np.ndarray | None = None
    low = np.log(_FINEST)
    high = np.log(_COARSEST)
    for _ in range(_TURNS):
        tolerance = float(np.exp((low + high) / 2))
        lighter = snap_to_grid(
            shapely.coverage_simplify(_drop_specks(fine, tolerance**2 / 4), tolerance)
        )
        heavy = size(lighter)
        if heavy <= most:
            best = lighter
            high = np.log(tolerance)
            if heavy > _NEARLY * most:
                break
        else:
            low = np.log(tolerance)
    if best is not None:
        return best
    return snap_to_grid(shapely.coverage_simplify(_drop_specks(fine, 1.0), _COARSEST))


# Rings that cross themselves so often that mending them would take minutes and gigabytes.

# A careless outline crosses itself a few times; mending this many takes about a second.
MOST_CROSSINGS = 50_000
MOST_CORNERS = 300_000
# Segments asked about at once, so that a slice of them finds at most this many others.
_SLICE_SEGMENTS = 200
_MOST_HITS = 4_000_000


def is_tangled(parts: Sequence[shapely.Polygon]) -> bool:
    """Whether the borders of these polygons cross themselves and each other more than can be
    mended.
    """
    if shapely.is_valid(shapely.MultiPolygon(parts)):
        return False
    segments = _list_segments(parts)
    if len(segments) > MOST_CORNERS:
        return True
    tree = shapely.STRtree(segments)
    crossings = 0
    step = max(1, min(_SLICE_SEGMENTS, _MOST_HITS // max(len(segments), 1)))
    for start in range(0, len(segments), step):
        segment_slice = segments[start : start + step]
        hits = len(tree.query(segment_slice, predicate="intersects")[0])
        # itself and the two that it is joined to
        crossings += max(0, hits - 3 * len(segment_slice))
        if crossings > 2 * MOST_CROSSINGS:  # each is found from both sides
            return True
    return False


def _list_segments(parts: Sequence[shapely.Polygon]) -> np.ndarray:
    rings = shapely.get_rings(np.array(parts, dtype=object))
    corners = [shapely.get_coordinates(ring) for ring in rings]
    ends = np.concatenate([np.stack([ring[:-1], ring[1:]], axis=1) for ring in corners])
    return np.asarray(shapely.linestrings(ends))

"""Rings that cross themselves so often that mending them would take minutes and gigabytes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

# A careless outline crosses itself a few times; mending this many takes about a second.
MOST_CROSSINGS = 50_000
MOST_CORNERS = 300_000
# Segments asked about at once, so that a slice of them finds at most this many others.
_SLICE, _MOST_FOUND = 200, 4_000_000


def is_tangled(parts: Sequence[shapely.Polygon]) -> bool:
    """Whether the borders of these polygons cross themselves and each other more than can be mended."""
    if shapely.is_valid(shapely.MultiPolygon(parts)):
        return False
    segments = _segments(parts)
    if len(segments) > MOST_CORNERS:
        return True
    tree, crossings = shapely.STRtree(segments), 0
    step = max(1, min(_SLICE, _MOST_FOUND // max(len(segments), 1)))
    for start in range(0, len(segments), step):
        some = segments[start : start + step]
        found = len(tree.query(some, predicate="intersects")[0])
        crossings += max(0, found - 3 * len(some))  # itself and the two that it is joined to
        if crossings > 2 * MOST_CROSSINGS:  # each is found from both sides
            return True
    return False


def _segments(parts: Sequence[shapely.Polygon]) -> np.ndarray:
    rings = shapely.get_rings(np.array(parts, dtype=object))
    corners = [shapely.get_coordinates(ring) for ring in rings]
    ends = np.concatenate([np.stack([ring[:-1], ring[1:]], axis=1) for ring in corners])
    return np.asarray(shapely.linestrings(ends))

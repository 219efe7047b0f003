"""The land to share out, and the islands that are too small to be on it."""

from __future__ import annotations

import numpy as np
import shapely

# An island further from the drawn land than this many times its own radius gets a round cell.
APART = 2.0
_ROUND = 12  # points per quarter of a circle


def radius(area: np.ndarray) -> np.ndarray:
    """Radius in km of the circle of each area in km²."""
    return np.asarray(np.sqrt(area / np.pi))


def circle(place: np.ndarray, area: float) -> shapely.Polygon:
    """A regular polygon of exactly `area` km² around `place`."""
    corners = 4 * _ROUND
    angle = 2 * np.pi * np.arange(corners) / corners
    reach = np.sqrt(area / (corners / 2 * np.sin(2 * np.pi / corners)))
    return shapely.Polygon(place + reach * np.column_stack([np.cos(angle), np.sin(angle)]))


def apart(land: shapely.Geometry, places: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Which communes (boolean) are islands that the land does not carry.

    Either they lie far off, or they lie off and the little land around them is none of the mainland
    and less than half of theirs.
    """
    away = shapely.distance(shapely.points(places), land)
    reach = radius(area)
    far = away > APART * reach
    mainland = max(shapely.get_parts(land), key=lambda part: float(part.area))
    off_main = shapely.distance(shapely.points(places), mainland) > APART * reach
    around = shapely.area(
        shapely.intersection(land, shapely.buffer(shapely.points(places), 1.5 * reach))
    )
    return np.asarray(far | (off_main & (around < area / 2)))


def without_islands(
    land: shapely.Geometry, places: np.ndarray, area: np.ndarray
) -> shapely.Geometry:
    """The land without the small pieces that lie where islands of `area` km² get their
    round cells.
    """
    parts = shapely.get_parts(land)
    rounds = shapely.union_all(
        [circle(place, size) for place, size in zip(places, area, strict=True)]
    )
    taken = shapely.intersects(parts, rounds) & (shapely.area(parts) < shapely.area(parts).max())
    return shapely.union_all(parts[~taken])


def with_shores(
    land: shapely.Geometry, points: np.ndarray, area: np.ndarray, centre: np.ndarray
) -> shapely.Geometry:
    """The land, grown where a site lies a little outside it (the drawn coast and rivers are
    coarse).

    `points` (n, 2) km, `area` (n,) km² that each stands for, `centre` (n,): the commune's own
    point, which also gets a small round when it stands right on the shore, so that it is well
    inside.
    """
    spots = shapely.points(points)
    away = shapely.distance(spots, land)
    reach = radius(area)
    size = np.where(away > reach, reach, np.minimum(0.9 * reach, away + 0.4 * reach))
    on_shore = shapely.distance(spots, shapely.boundary(land)) < np.minimum(0.3 * reach, 0.5)
    wanted = ((away > 0) & (away < APART * reach)) | (centre & on_shore)
    rounds = shapely.buffer(spots[wanted], np.maximum(size[wanted], 0.3), quad_segs=6)
    grown = shapely.union_all([land, *rounds])
    # Bays between neighbouring rounds close, and no pond stays between a round and the coast.
    filled = shapely.intersection(
        grown.buffer(0.8).buffer(-0.8), shapely.union_all(rounds).buffer(1.5)
    )
    closed = shapely.union(grown, filled)
    return shapely.union_all([shapely.Polygon(part.exterior) for part in shapely.get_parts(closed)])

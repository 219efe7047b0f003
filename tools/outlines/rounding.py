"""From the plane to degrees with four decimals, borders still exactly shared."""

from __future__ import annotations

import numpy as np
import shapely

from dashboard.outlines.geojson import DECIMALS
from tools.outlines import plane


def rounded(outlines: np.ndarray) -> np.ndarray:
    """Outlines in km as polygons in degrees whose corners are rounded: the same for both
    neighbours.
    """
    degrees = shapely.transform(outlines, lambda km: np.round(plane.to_degrees(km), DECIMALS))
    return np.array([_tidy(one) for one in degrees])


def _tidy(geometry: shapely.Geometry) -> shapely.Geometry:
    """Without parts, holes and corners that rounding made to nothing."""
    polygons = []
    for part in shapely.get_parts(geometry):
        shell, *holes = (
            shapely.remove_repeated_points(ring) for ring in (part.exterior, *part.interiors)
        )
        if len(shell.coords) > 3 and shapely.Polygon(shell).area > 0:
            inside = [
                hole for hole in holes if len(hole.coords) > 3 and shapely.Polygon(hole).area > 0
            ]
            polygons.append(shapely.Polygon(shell, inside))
    whole = polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
    if whole.is_valid:
        return whole
    return shapely.make_valid(whole, method="structure", keep_collapsed=False)

"""Outlines as GeoJSON, a file per province: degrees with four decimals, borders exactly shared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from tools.outlines import plane

DECIMALS = 4


def rounded(outlines: np.ndarray) -> np.ndarray:
    """Outlines in km as polygons in degrees whose corners are rounded: the same for both neighbours."""
    degrees = shapely.transform(outlines, lambda km: np.round(plane.to_degrees(km), DECIMALS))
    return np.array([_tidy(one) for one in degrees])


def _tidy(geometry: shapely.Geometry) -> shapely.Geometry:
    """Without parts, holes and corners that rounding made to nothing."""
    polygons = []
    for part in shapely.get_parts(geometry):
        shell, *holes = (shapely.remove_repeated_points(ring) for ring in (part.exterior, *part.interiors))
        if len(shell.coords) > 3 and shapely.Polygon(shell).area > 0:
            inside = [hole for hole in holes if len(hole.coords) > 3 and shapely.Polygon(hole).area > 0]
            polygons.append(shapely.Polygon(shell, inside))
    whole = polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
    return whole if whole.is_valid else shapely.make_valid(whole, method="structure", keep_collapsed=False)


def _coordinates(polygon: shapely.Polygon) -> list[list[list[float]]]:
    rings = shapely.geometry.polygon.orient(polygon)
    return [
        [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in ring.coords]
        for ring in (rings.exterior, *rings.interiors)
    ]


def collection(outlines: dict[str, shapely.Geometry]) -> dict[str, Any]:
    """The FeatureCollection of one province, sorted by code, outer rings anticlockwise."""
    features = []
    for code, geometry in sorted(outlines.items()):
        parts = [_coordinates(part) for part in shapely.get_parts(geometry)]
        shape = (
            {"type": "Polygon", "coordinates": parts[0]}
            if len(parts) == 1
            else {"type": "MultiPolygon", "coordinates": parts}
        )
        features.append({"type": "Feature", "properties": {"code": code}, "geometry": shape})
    return {"type": "FeatureCollection", "source": "schematic", "features": features}


def write(folder: Path, province: str, outlines: dict[str, shapely.Geometry]) -> int:
    """Write `<province>.geojson`, one feature a line; returns its size in bytes."""
    sheet = collection(outlines)
    lines = ",\n".join(json.dumps(feature, separators=(",", ":")) for feature in sheet["features"])
    body = '{"type":"FeatureCollection","source":"schematic","features":[\n' + lines + "\n]}\n"
    path = folder / f"{province}.geojson"
    path.write_text(body, encoding="utf-8")
    return path.stat().st_size

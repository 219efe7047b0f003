"""Vietnam's land from the npm package `world-atlas` (Natural Earth 1:10m, public domain)."""

from __future__ import annotations

import json
import subprocess
import tarfile
import tempfile
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from tools.outlines import plane

PACKAGE = "world-atlas@2.0.2"
_VIETNAM = "704"  # ISO 3166-1 numeric


def fetch() -> dict[str, Any]:
    """The package's `countries-10m.json`, taken from npm into a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL
        )
        archive = next(Path(folder).glob("*.tgz"))
        with tarfile.open(archive) as packed:
            member = packed.extractfile("package/countries-10m.json")
            assert member is not None
            return dict(json.load(member))


def _arc(topology: dict[str, Any], index: int) -> list[tuple[float, float]]:
    """One arc in degrees: steps from point to point, scaled and moved; ~index means backwards."""
    steps = topology["arcs"][index if index >= 0 else ~index]
    kx, ky = topology["transform"]["scale"]
    dx, dy = topology["transform"]["translate"]
    places = accumulate(steps, lambda here, step: (here[0] + step[0], here[1] + step[1]))
    points = [(x * kx + dx, y * ky + dy) for x, y in places]
    return points if index >= 0 else points[::-1]


def _ring(topology: dict[str, Any], arcs: list[int]) -> list[tuple[float, float]]:
    points: list[tuple[float, float]] = []
    for index in arcs:
        points += _arc(topology, index)[1 if points else 0 :]
    return points


def vietnam(topology: dict[str, Any]) -> shapely.Geometry:
    """The land of Vietnam as a MultiPolygon on the plane, in km."""
    countries = topology["objects"]["countries"]["geometries"]
    country = next(one for one in countries if one.get("id") == _VIETNAM)
    polygons = [
        shapely.Polygon(_ring(topology, rings[0]), [_ring(topology, hole) for hole in rings[1:]])
        for rings in country["arcs"]
    ]
    # Points at most 3 km apart, so that a straight line in degrees stays one on the plane.
    land = shapely.segmentize(plane.geometry_to_km(shapely.MultiPolygon(polygons)), 3.0)
    return shapely.make_valid(np.asarray(land, dtype=object).item())

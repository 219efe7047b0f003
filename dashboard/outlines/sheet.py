"""The one format in which outlines are kept: a GeoJSON file per province, four decimals, sorted by code."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import shapely

DECIMALS = 4  # 11 m
Source = Literal["schematic", "office"]


def _rings(polygon: shapely.Polygon) -> list[list[list[float]]]:
    turned = shapely.geometry.polygon.orient(polygon)
    return [
        [[round(x, DECIMALS), round(y, DECIMALS)] for x, y, *_ in ring.coords]
        for ring in (turned.exterior, *turned.interiors)
    ]


def _feature(code: str, geometry: shapely.Geometry) -> str:
    parts = [_rings(part) for part in shapely.get_parts(geometry)]
    single = len(parts) == 1
    shape = {"type": "Polygon" if single else "MultiPolygon", "coordinates": parts[0] if single else parts}
    feature = {"type": "Feature", "properties": {"code": code}, "geometry": shape}
    return json.dumps(feature, separators=(",", ":"))


def as_text(outlines: Mapping[str, shapely.Geometry], source: Source) -> str:
    """The FeatureCollection of one province, a feature a line, outer rings anticlockwise."""
    lines = ",\n".join(_feature(code, geometry) for code, geometry in sorted(outlines.items()))
    return f'{{"type":"FeatureCollection","source":"{source}","features":[\n{lines}\n]}}\n'


def write(folder: Path, province: str, outlines: Mapping[str, shapely.Geometry], source: Source) -> int:
    """Write `<province>.geojson` whole or not at all; returns its size in bytes. OSError as it comes."""
    folder.mkdir(parents=True, exist_ok=True)
    body = as_text(outlines, source).encode()
    handle, name = tempfile.mkstemp(dir=folder, prefix=f".{province}-", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        os.chmod(name, 0o644)
        os.replace(name, folder / f"{province}.geojson")
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return len(body)


def parse(body: bytes) -> tuple[Source, dict[str, shapely.Geometry]]:
    """Source and outlines by code of a file that `write` wrote. ValueError or KeyError if it is not one."""
    sheet = json.loads(body)
    source: Source = "office" if sheet["source"] == "office" else "schematic"
    outlines = {one["properties"]["code"]: shapely.geometry.shape(one["geometry"]) for one in sheet["features"]}
    if not outlines:
        raise ValueError("no outlines")
    return source, outlines

"""The map as text: one SVG per province and boundary set, built once, painted in the browser.

Every commune is exactly one `<path>`: its outline, its name, its centre point, its tile and its
neighbours. Colours are no business of this file: a script sets `data-level`, a style sheet paints.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from xml.sax.saxutils import escape, quoteattr

import pandas as pd
from shapely import STRtree
from shapely.affinity import affine_transform
from shapely.geometry import MultiPolygon, Point, Polygon, shape
from shapely.geometry.base import BaseGeometry

from dashboard.views.insets import far_islands, moved_into_insets

MARGIN = 0.015  # around the province, as a share of the longer side: room for lines and marks
LONGER_SIDE = 10_000  # svg units; whole numbers are then finer than 20 m for a province of 150 km
SMALLEST_ISLAND = 0.010  # radius of an island's mark, as a share of the longer side
FINE = 0.035  # communes whose square root of the area is below this share get a thinner line
TILE = 100  # svg units of the tile map, which has its own view box


class Outline(Protocol):
    """What the map needs of an outline: shapely geometries (or GeoJSON mappings) in degrees, by code."""

    @property
    def province(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def features(self) -> Mapping[str, Any]: ...


def svg(outline: Outline, tiles: Mapping[str, tuple[int, int]], communes: pd.DataFrame) -> str:
    """The province's SVG text. `communes` is reference.communes_of(province), indexed by code.

    Communes without an outline get a mark at their centre point: nobody disappears from the map.
    """
    shapes = planar({code: as_geometry(feature) for code, feature in outline.features.items()}, communes)
    far = far_islands(shapes)
    shapes, insets = moved_into_insets(shapes, far)
    shapes, insets = fitted(shapes, insets)
    neighbours = neighbours_of(shapes)
    sizes = sizes_of(shapes)
    width, height = (math.ceil(side + 2 * MARGIN * LONGER_SIDE) for side in extent([*shapes.values(), *insets])[2:])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map-drawing" viewBox="0 0 {width} {height}"',
        f' data-province="{outline.province}" data-source="{outline.source}">',
        PATTERNS,
        *(inset_frame(frame, str(communes.loc[code, "name"])) for code, frame in zip(far, insets, strict=True)),
        '<g class="communes" role="presentation">',
    ]
    for code, row in communes.iterrows():
        parts.append(
            commune_path(
                str(code), row, shapes[str(code)], tiles.get(str(code)), neighbours[str(code)], sizes[str(code)]
            )
        )
    parts.append("</g></svg>")
    return "".join(parts)


# Hatching of areas; drawn in screen pixels (the script keeps patternTransform at one pixel per unit).
PATTERNS = (
    "<defs>"
    '<pattern id="hatch-red" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<path class="ground" d="M0 0h6v6H0z"/><path class="line" d="M-1 1L1-1M0 6L6 0M5 7L7 5"/></pattern>'
    '<pattern id="hatch-unknown" width="12" height="12" patternUnits="userSpaceOnUse">'
    '<path class="ground" d="M0 0h12v12H0z"/><path class="line" d="M-1 1L1-1M0 12L12 0M11 13L13 11"/></pattern>'
    '<pattern id="hatch-stale" width="7" height="7" patternUnits="userSpaceOnUse">'
    '<path class="ground" d="M0 0h7v7H0z"/><circle class="dot" cx="3.5" cy="3.5" r="1.2"/></pattern>'
    "</defs>"
)


def commune_path(
    code: str,
    row: pd.Series,
    geometry: BaseGeometry,
    tile: tuple[int, int] | None,
    neighbours: Sequence[str],
    size: str,
) -> str:
    """One commune's `<path>`; `row` has name and kind, `size` is one of `sizes_of`."""
    centre = geometry.representative_point()
    place = f' data-tile="{tile[0]},{tile[1]}"' if tile else ""
    place += f' data-{size}="true"' if size else ""
    return (
        f'<path class="commune" role="option" aria-selected="false" aria-label={quoteattr(str(row["name"]))}'
        f' data-commune="{code}" data-name={quoteattr(str(row["name"]))} data-kind="{row["kind"]}"{place}'
        f' data-x="{centre.x:.0f}" data-y="{centre.y:.0f}" data-next="{" ".join(neighbours)}"'
        f' d="{path_data(geometry)}"/>'
    )


def inset_frame(frame: BaseGeometry, name: str) -> str:
    """The box around an island that was moved nearer, with its name above; the script keeps the type's size."""
    left, top, right, _ = frame.bounds
    words = f'<text class="inset-name" aria-hidden="true" x="{(left + right) / 2:.0f}" y="{top - 60:.0f}">'
    return f'<path class="inset" aria-hidden="true" d="{path_data(frame)}"/>{words}{escape(name)}</text>'


def as_geometry(feature: Any) -> BaseGeometry:
    """A shapely geometry from one, from a GeoJSON geometry or from the coordinates of a MultiPolygon."""
    if isinstance(feature, BaseGeometry):
        return feature
    if isinstance(feature, Mapping):
        return shape(feature.get("geometry", feature))
    return shape({"type": "MultiPolygon", "coordinates": feature})


def planar(degrees: Mapping[str, BaseGeometry], communes: pd.DataFrame) -> dict[str, BaseGeometry]:
    """Degrees to a plane seen from above, y downwards, one unit = one degree of latitude."""
    squeeze = math.cos(math.radians(float(communes["lat"].mean())))
    missing = {
        str(code): Point(row["lon"], row["lat"]).buffer(0.01)
        for code, row in communes.iterrows()
        if str(code) not in degrees or degrees[str(code)].is_empty
    }
    known = {code: geometry for code, geometry in degrees.items() if code in communes.index}
    return {code: affine_transform(g, [squeeze, 0, 0, -1, 0, 0]) for code, g in (known | missing).items()}


def fitted(
    shapes: Mapping[str, BaseGeometry], insets: Sequence[BaseGeometry]
) -> tuple[dict[str, BaseGeometry], list[BaseGeometry]]:
    """Everything scaled and moved so that it begins at (0, 0) and its longer side is LONGER_SIDE."""
    left, top, width, height = extent([*shapes.values(), *insets])
    scale = LONGER_SIDE / max(width, height)
    margin = LONGER_SIDE * MARGIN
    matrix = [scale, 0, 0, scale, margin - left * scale, margin - top * scale]
    placed = {code: affine_transform(g, matrix) for code, g in shapes.items()}
    placed |= {code: with_mark(placed[code]) for code in islands(placed)}
    return placed, [affine_transform(frame, matrix) for frame in insets]


def with_mark(island: BaseGeometry) -> BaseGeometry:
    """An island too small to see or hit becomes a disc around itself; a larger one stays as it is."""
    left, top, width, height = extent([island])
    radius = LONGER_SIDE * SMALLEST_ISLAND
    if max(width, height) >= 2 * radius:
        return island
    return Point(left + width / 2, top + height / 2).buffer(radius, quad_segs=6)


def islands(shapes: Mapping[str, BaseGeometry]) -> list[str]:
    """Codes of communes that touch no other."""
    tree = STRtree(list(shapes.values()))
    return [code for code, shape in shapes.items() if len(tree.query(shape, predicate="intersects")) <= 1]


def sizes_of(shapes: Mapping[str, BaseGeometry]) -> dict[str, str]:
    """ "small": an island that needs help to be seen and hit, also one of several islets; "fine": a commune so
    small that full lines would cover it; "" for all others."""
    alone = set(islands(shapes))
    mark = math.pi * (LONGER_SIDE * SMALLEST_ISLAND) ** 2
    sizes = {}
    for code, geometry in shapes.items():
        small = code in alone and geometry.area <= 1.5 * mark
        fine = code not in alone and geometry.area <= (LONGER_SIDE * FINE) ** 2
        sizes[code] = "small" if small else "fine" if fine else ""
    return sizes


def neighbours_of(shapes: Mapping[str, BaseGeometry]) -> dict[str, list[str]]:
    """Codes that touch each commune, sorted; the nearest one where nothing touches (an island)."""
    codes = list(shapes)
    tree = STRtree([shapes[code] for code in codes])
    found: dict[str, list[str]] = {}
    for code in codes:
        near = tree.query(shapes[code], predicate="dwithin", distance=LONGER_SIDE / 1000)
        touching = sorted(codes[i] for i in near if codes[i] != code)
        if not touching:
            others = [c for c in codes if c != code]
            touching = sorted(others, key=lambda c: shapes[c].distance(shapes[code]))[:1]
        found[code] = touching
    return found


def extent(shapes: Sequence[BaseGeometry]) -> tuple[float, float, float, float]:
    """(left, top, width, height) around all shapes."""
    bounds = [g.bounds for g in shapes]
    left, top = min(b[0] for b in bounds), min(b[1] for b in bounds)
    return left, top, max(b[2] for b in bounds) - left, max(b[3] for b in bounds) - top


def path_data(geometry: BaseGeometry) -> str:
    """SVG path data in whole units, relative steps (half the bytes of absolute ones)."""
    polygons = geometry.geoms if isinstance(geometry, MultiPolygon) else [geometry]
    rings = [ring for p in polygons if isinstance(p, Polygon) for ring in (p.exterior, *p.interiors)]
    return "".join(ring_data([(round(x), round(y)) for x, y, *_ in ring.coords]) for ring in rings)


def ring_data(points: Sequence[tuple[int, int]]) -> str:
    """One closed ring: `M10 20l5 5-3 2z`; points that round onto their predecessor are left out."""
    x, y = points[0]
    steps: list[str] = []
    for px, py in points[1:-1]:
        if (px, py) != (x, y):
            steps.append(f"{px - x}{'' if py < y else ' '}{py - y}")
            x, y = px, py
    line = "".join(step if i == 0 or step.startswith("-") else f" {step}" for i, step in enumerate(steps))
    return f"M{points[0][0]} {points[0][1]}l{line}z" if steps else ""

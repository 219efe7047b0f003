"""The map as text: one SVG per province and boundary set, built once, painted in the browser.

Every commune is exactly one `<path>`: its outline, its name, its centre point, its tile and its
neighbours. Colours are no business of this file: a script sets `data-level`, a style sheet paints.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import numpy.typing as npt
import pandas as pd
from shapely import STRtree
from shapely.affinity import affine_transform, translate
from shapely.geometry import MultiPolygon, Point, Polygon, box, shape
from shapely.geometry.base import BaseGeometry

from dashboard import reference
from dashboard.cache import SingleFlightCache
from dashboard.outlines.in_use import ProvinceOutline, locate_tiles

# Islands far out at sea are drawn in a box beside the mainland, as printed maps of the country do.
#
# Left at their true place, Trường Sa or Hoàng Sa would shrink the rest of their province to a
# stamp.

INSET_WORTH_SHARE = 0.6  # moved when the rest then needs less than this share of the longer side


def find_far_islands(shapes: Mapping[str, BaseGeometry]) -> list[str]:
    """Codes of communes that alone stretch the map, the worst first; at most three."""
    left = {code: outline.bounds for code, outline in shapes.items()}
    far: list[str] = []
    while len(left) > 3 and len(far) < 3:
        boxes = np.array(list(left.values()))
        sides = {
            code: _measure_box_side(np.delete(boxes, place, axis=0))
            for place, code in enumerate(left)
        }
        worst = min(sides, key=lambda code: sides[code])
        if sides[worst] > INSET_WORTH_SHARE * _measure_box_side(boxes):
            break
        far.append(worst)
        del left[worst]
    return far


def _measure_box_side(boxes: npt.NDArray[np.float64]) -> float:
    """The longer side around boxes, a row each: left, top, right, bottom."""
    return float((boxes[:, 2:].max(axis=0) - boxes[:, :2].min(axis=0)).max())


def move_into_insets(
    shapes: Mapping[str, BaseGeometry], far: Sequence[str]
) -> tuple[dict[str, BaseGeometry], list[BaseGeometry]]:
    """(shapes with the far ones in a column of boxes east of the rest, the boxes); same scale."""
    placed = dict(shapes)
    if not far:
        return placed, []
    rest = [g for code, g in shapes.items() if code not in far]
    right = max(g.bounds[2] for g in rest)
    bottom = max(g.bounds[3] for g in rest)
    side = measure_longer_side(rest)
    gap = side * 0.03
    frames = []
    for code in far:
        x0, y0, x1, y1 = shapes[code].bounds
        width = max(x1 - x0 + 2 * gap, side * 0.14)
        height = max(y1 - y0 + 2 * gap, side * 0.14)
        frame = box(right + gap, bottom - height, right + gap + width, bottom)
        frames.append(frame)
        placed[code] = translate(
            shapes[code],
            right + gap + width / 2 - (x0 + x1) / 2,
            bottom - height / 2 - (y0 + y1) / 2,
        )
        bottom -= height + gap
    return placed, frames


def measure_longer_side(shapes: Sequence[BaseGeometry]) -> float:
    """The longer side of the box around all shapes."""
    return float(max(measure_extent(shapes)[2:]))


MAP_MARGIN = 0.015  # around the province, as a share of the longer side: room for lines and marks
LONGER_SIDE = 10_000  # svg units; whole numbers are then finer than 20 m for a province of 150 km
SMALLEST_ISLAND = 0.010  # radius of an island's mark, as a share of the longer side
# communes whose square root of the area is below this share get a thinner line
FINE_LINE_SHARE = 0.035


class MapOutline(Protocol):
    """What the map needs of an outline: shapely geometries (or GeoJSON mappings) in degrees, by
    code.
    """

    @property
    def province(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def features(self) -> Mapping[str, Any]: ...


def draw_map_svg(
    outline: MapOutline, tiles: Mapping[str, tuple[int, int]], communes: pd.DataFrame
) -> str:
    """The province's SVG text. `communes` is reference.select_communes_of_province(province),
    indexed by code.

    Communes without an outline get a mark at their centre point: nobody disappears from the map.
    """
    shapes = project_to_plane(
        {code: parse_geometry(feature) for code, feature in outline.features.items()}, communes
    )
    far = find_far_islands(shapes)
    shapes, insets = move_into_insets(shapes, far)
    shapes, insets = fit_to_drawing(shapes, insets)
    neighbours = find_map_neighbours(shapes)
    sizes = classify_sizes(shapes)
    width, height = (
        math.ceil(side + 2 * MAP_MARGIN * LONGER_SIDE)
        for side in measure_extent([*shapes.values(), *insets])[2:]
    )
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" class="map-drawing"',
        f' viewBox="0 0 {width} {height}"',
        f' data-province="{outline.province}" data-source="{outline.source}">',
        HATCH_PATTERNS,
        *(
            draw_inset_frame(frame, str(communes.loc[code, "name"]))
            for code, frame in zip(far, insets, strict=True)
        ),
        '<g class="communes" role="presentation">',
    ]
    for code, row in communes.iterrows():
        parts.append(
            draw_commune_path(
                str(code),
                row,
                shapes[str(code)],
                tiles.get(str(code)),
                neighbours[str(code)],
                sizes[str(code)],
            )
        )
    parts.append("</g></svg>")
    return "".join(parts)


# Hatching of areas; drawn in screen pixels (the script keeps patternTransform at one pixel per
# unit).
HATCH_PATTERNS = (
    "<defs>"
    '<pattern id="hatch-red" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<path class="ground" d="M0 0h6v6H0z"/>'
    '<path class="line" d="M-1 1L1-1M0 6L6 0M5 7L7 5"/></pattern>'
    '<pattern id="hatch-unknown" width="12" height="12" patternUnits="userSpaceOnUse">'
    '<path class="ground" d="M0 0h12v12H0z"/>'
    '<path class="line" d="M-1 1L1-1M0 12L12 0M11 13L13 11"/></pattern>'
    '<pattern id="hatch-stale" width="7" height="7" patternUnits="userSpaceOnUse">'
    '<path class="ground" d="M0 0h7v7H0z"/>'
    '<circle class="dot" cx="3.5" cy="3.5" r="1.2"/></pattern>'
    "</defs>"
)


def draw_commune_path(
    code: str,
    row: pd.Series,
    geometry: BaseGeometry,
    tile: tuple[int, int] | None,
    neighbours: Sequence[str],
    size: str,
) -> str:
    """One commune's `<path>`; `row` has name and kind, `size` is one of `classify_sizes`."""
    centre = geometry.representative_point()
    name = quoteattr(str(row["name"]))
    attributes = f' data-tile="{tile[0]},{tile[1]}"' if tile else ""
    attributes += f' data-{size}="true"' if size else ""
    return (
        f'<path class="commune" role="option" aria-selected="false" aria-label={name}'
        f' data-commune="{code}" data-name={name} data-kind="{row["kind"]}"{attributes}'
        f' data-x="{centre.x:.0f}" data-y="{centre.y:.0f}" data-next="{" ".join(neighbours)}"'
        f' d="{write_path_data(geometry)}"/>'
    )


def draw_inset_frame(frame: BaseGeometry, name: str) -> str:
    """The box around an island that was moved nearer, with its name above; the script keeps the
    type's size.
    """
    left, top, right, _ = frame.bounds
    middle = (left + right) / 2
    return (
        f'<path class="inset" aria-hidden="true" d="{write_path_data(frame)}"/>'
        f'<text class="inset-name" aria-hidden="true" x="{middle:.0f}" y="{top - 60:.0f}">'
        f"{escape(name)}</text>"
    )


def parse_geometry(feature: Any) -> BaseGeometry:
    """A shapely geometry from one, from a GeoJSON geometry or from the coordinates of a
    MultiPolygon.
    """
    if isinstance(feature, BaseGeometry):
        return feature
    if isinstance(feature, Mapping):
        return shape(feature.get("geometry", feature))
    return shape({"type": "MultiPolygon", "coordinates": feature})


def project_to_plane(
    degrees: Mapping[str, BaseGeometry], communes: pd.DataFrame
) -> dict[str, BaseGeometry]:
    """Degrees to a plane seen from above, y downwards, one unit = one degree of latitude."""
    squeeze = math.cos(math.radians(float(communes["lat"].mean())))
    missing = {
        str(code): Point(row["lon"], row["lat"]).buffer(0.01)
        for code, row in communes.iterrows()
        if str(code) not in degrees or degrees[str(code)].is_empty
    }
    outlines = {code: geometry for code, geometry in degrees.items() if code in communes.index}
    return {
        code: affine_transform(g, [squeeze, 0, 0, -1, 0, 0])
        for code, g in (outlines | missing).items()
    }


def fit_to_drawing(
    shapes: Mapping[str, BaseGeometry], insets: Sequence[BaseGeometry]
) -> tuple[dict[str, BaseGeometry], list[BaseGeometry]]:
    """Everything scaled and moved: it begins at (0, 0), its longer side is LONGER_SIDE."""
    left, top, width, height = measure_extent([*shapes.values(), *insets])
    scale = LONGER_SIDE / max(width, height)
    margin = LONGER_SIDE * MAP_MARGIN
    matrix = [scale, 0, 0, scale, margin - left * scale, margin - top * scale]
    placed = {code: affine_transform(g, matrix) for code, g in shapes.items()}
    placed |= {code: enlarge_small_island(placed[code]) for code in find_islands(placed)}
    return placed, [affine_transform(frame, matrix) for frame in insets]


def enlarge_small_island(island: BaseGeometry) -> BaseGeometry:
    """An island too small to see or hit becomes a disc around itself; a larger one stays."""
    left, top, width, height = measure_extent([island])
    radius = LONGER_SIDE * SMALLEST_ISLAND
    if max(width, height) >= 2 * radius:
        return island
    return Point(left + width / 2, top + height / 2).buffer(radius, quad_segs=6)


def find_islands(shapes: Mapping[str, BaseGeometry]) -> list[str]:
    """Codes of communes that touch no other."""
    tree = STRtree(list(shapes.values()))
    return [
        code
        for code, geometry in shapes.items()
        if len(tree.query(geometry, predicate="intersects")) <= 1
    ]


def classify_sizes(shapes: Mapping[str, BaseGeometry]) -> dict[str, str]:
    """ "small": an island that needs help to be seen and hit, also one of several islets; "fine": a
    commune so small that full lines would cover it; "" for all others."""
    alone = set(find_islands(shapes))
    mark = math.pi * (LONGER_SIDE * SMALLEST_ISLAND) ** 2
    sizes = {}
    for code, geometry in shapes.items():
        if code in alone:
            sizes[code] = "small" if geometry.area <= 1.5 * mark else ""
        else:
            is_fine = geometry.area <= (LONGER_SIDE * FINE_LINE_SHARE) ** 2
            sizes[code] = "fine" if is_fine else ""
    return sizes


def find_map_neighbours(shapes: Mapping[str, BaseGeometry]) -> dict[str, list[str]]:
    """Codes that touch each commune, sorted; the nearest one where nothing touches (an island)."""
    codes = list(shapes)
    tree = STRtree([shapes[code] for code in codes])
    neighbours: dict[str, list[str]] = {}
    for code in codes:
        near = tree.query(shapes[code], predicate="dwithin", distance=LONGER_SIDE / 1000)
        touching = sorted(codes[i] for i in near if codes[i] != code)
        if not touching:
            others = [c for c in codes if c != code]
            touching = sorted(others, key=lambda c: shapes[c].distance(shapes[code]))[:1]
        neighbours[code] = touching
    return neighbours


def measure_extent(shapes: Sequence[BaseGeometry]) -> tuple[float, float, float, float]:
    """(left, top, width, height) around all shapes."""
    bounds = [g.bounds for g in shapes]
    left = min(b[0] for b in bounds)
    top = min(b[1] for b in bounds)
    return left, top, max(b[2] for b in bounds) - left, max(b[3] for b in bounds) - top


def write_path_data(geometry: BaseGeometry) -> str:
    """SVG path data in whole units, relative steps (half the bytes of absolute ones)."""
    polygons = geometry.geoms if isinstance(geometry, MultiPolygon) else [geometry]
    rings = [
        ring
        for polygon in polygons
        if isinstance(polygon, Polygon)
        for ring in (polygon.exterior, *polygon.interiors)
    ]
    return "".join(
        write_ring_data([(round(x), round(y)) for x, y, *_ in ring.coords]) for ring in rings
    )


def write_ring_data(points: Sequence[tuple[int, int]]) -> str:
    """One closed ring: `M10 20l5 5-3 2z`; points that round onto their predecessor are left out."""
    x, y = points[0]
    steps: list[str] = []
    for px, py in points[1:-1]:
        if (px, py) != (x, y):
            steps.append(f"{px - x}{'' if py < y else ' '}{py - y}")
            x = px
            y = py
    line = "".join(
        step if i == 0 or step.startswith("-") else f" {step}" for i, step in enumerate(steps)
    )
    return f"M{points[0][0]} {points[0][1]}l{line}z" if steps else ""


@dataclass(frozen=True)
class MapDrawing:
    """A province's SVG and its own fingerprint: browsers keep a map for good, so another drawing of
    the same outlines needs another address."""

    svg: bytes
    fingerprint: str

    @classmethod
    def from_svg(cls, svg: str) -> MapDrawing:
        content = svg.encode()
        return cls(content, hashlib.sha256(content).hexdigest()[:12])


# A drawing follows from its outlines alone, whichever store the figures come from.
_drawings = SingleFlightCache(36, "drawings")


def draw_map_of_outline(outline: ProvinceOutline) -> MapDrawing:
    """The SVG of a boundary set, drawn once."""
    communes = reference.select_communes_of_province(outline.province)
    tiles = locate_tiles(outline.province)
    return _drawings.get(
        (outline.province, outline.fingerprint),
        lambda: MapDrawing.from_svg(draw_map_svg(outline, tiles, communes)),
    )

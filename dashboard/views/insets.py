"""Islands far out at sea are drawn in a box beside the mainland, as printed maps of the country do.

Left at their true place, Trường Sa or Hoàng Sa would shrink the rest of their province to a stamp.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shapely.affinity import translate
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

WORTH_IT = 0.6  # moved when the rest then needs less than this share of the longer side


def far_islands(shapes: Mapping[str, BaseGeometry]) -> list[str]:
    """Codes of communes that alone stretch the map, the worst first; at most three."""
    left = dict(shapes)
    far: list[str] = []
    while len(left) > 3 and len(far) < 3:
        sides = {code: longer_side([g for c, g in left.items() if c != code]) for code in left}
        worst = min(sides, key=lambda code: sides[code])
        if sides[worst] > WORTH_IT * longer_side(list(left.values())):
            break
        far.append(worst)
        del left[worst]
    return far


def moved_into_insets(
    shapes: Mapping[str, BaseGeometry], far: Sequence[str]
) -> tuple[dict[str, BaseGeometry], list[BaseGeometry]]:
    """(shapes with the far ones in a column of boxes east of the rest, the boxes); scale unchanged."""
    moved = dict(shapes)
    if not far:
        return moved, []
    rest = [g for code, g in shapes.items() if code not in far]
    right, bottom = max(g.bounds[2] for g in rest), max(g.bounds[3] for g in rest)
    side = longer_side(rest)
    gap, frames = side * 0.03, []
    for code in far:
        x0, y0, x1, y1 = shapes[code].bounds
        width, height = max(x1 - x0 + 2 * gap, side * 0.14), max(y1 - y0 + 2 * gap, side * 0.14)
        frame = box(right + gap, bottom - height, right + gap + width, bottom)
        frames.append(frame)
        moved[code] = translate(
            shapes[code], right + gap + width / 2 - (x0 + x1) / 2, bottom - height / 2 - (y0 + y1) / 2
        )
        bottom -= height + gap
    return moved, frames


def longer_side(shapes: Sequence[BaseGeometry]) -> float:
    """The longer side of the box around all shapes."""
    bounds = [g.bounds for g in shapes]
    width = max(b[2] for b in bounds) - min(b[0] for b in bounds)
    height = max(b[3] for b in bounds) - min(b[1] for b in bounds)
    return float(max(width, height))

"""The map of a bulletin: an SVG for paper, from the outlines in use. Colour, pattern and sign of
each commune, its name where one fits, and the numbers of the five most in need.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape

from shapely.geometry import LineString, MultiLineString, Point
from shapely.geometry.base import BaseGeometry

from dashboard import reference
from dashboard.indicators import levels
from dashboard.indicators.report import Report
from dashboard.outlines.in_use import ProvinceOutline
from dashboard.web import theme
from dashboard.web.charts.map import (
    LONGER_SIDE,
    MAP_MARGIN,
    find_far_islands,
    fit_to_drawing,
    measure_extent,
    move_into_insets,
    parse_geometry,
    project_to_plane,
    write_path_data,
)

# In units of the drawing, whose longer side is 10,000.
_LETTER: Final = 165
_SIGN: Final = 210
# What a letter of the bulletin's type is wide, as a share of its height.
_LETTER_WIDTH: Final = 0.5
_LINE: Final = 14
_DISC: Final = 130
_HATCH: Final = 90
Box = tuple[float, float, float, float]


def draw_bulletin_map(report: Report, outline: ProvinceOutline, numbered: Sequence[int]) -> str:
    """The SVG. `numbered`: places of the communes that get a disc with 1, 2, …"""
    communes = reference.select_communes_of_province(report.snapshot.province)
    shapes = project_to_plane(
        {code: parse_geometry(feature) for code, feature in outline.features.items()}, communes
    )
    far = find_far_islands(shapes)
    shapes, insets = fit_to_drawing(*move_into_insets(shapes, far))
    width, height = (
        side + 2 * MAP_MARGIN * LONGER_SIDE
        for side in measure_extent([*shapes.values(), *insets])[2:]
    )
    level = [levels.LEVEL_NAMES[code] for code in report.readiness.assessment.overall[:, 0]]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}"'
        f' width="{width:.0f}" height="{height:.0f}">',
    ]
    parts += [
        f'<path d="{write_path_data(frame)}" fill="none"'
        f' stroke="{theme.pick_colour("border")}" stroke-width="{_LINE}"/>'
        for frame in insets
    ]
    for place, code in enumerate(report.codes):
        look = theme.LEVELS[level[place]]
        outline_path = write_path_data(shapes[code])
        parts += [
            f'<path d="{outline_path}" fill="{look.light}"/>',
            _draw_hatching(shapes[code], look),
            f'<path d="{outline_path}" fill="none"'
            f' stroke="{theme.WHITE}" stroke-width="{_LINE}" stroke-linejoin="round"/>',
        ]
    names = report.communes["name"].tolist()
    ordered = [shapes[code] for code in report.codes]
    parts += _place_labels(report, ordered, names, level, numbered, width)
    return "".join([*parts, "</svg>"])


def tell_map_caption(outline: ProvinceOutline, numbered: Sequence[int]) -> str:
    """What the signs and numbers mean, and what the outlines are."""
    looks = ", ".join(f"{look.sign} {look.word}" for look in theme.LEVELS.values())
    order = f"1–{len(numbered)} là thứ tự các đơn vị cần hỗ trợ nhất" if len(numbered) > 1 else ""
    schematic = outline.source == "schematic"
    notes = [
        looks,
        order,
        "ranh giới dạng sơ đồ, không phải địa giới" if schematic else "",
        "đơn vị không đủ chỗ thì không ghi tên",
    ]
    return f"{'; '.join(filter(None, notes))}."


def _draw_hatching(shape: BaseGeometry, look: theme.LevelLook) -> str:
    """The lines or dots of a level, cut to the commune: patterns of SVG show seams in print."""
    if not look.hatching:
        return ""
    ink = theme.pick_colour(look.hatching)
    left, top, right, bottom = (round(side / _HATCH) * _HATCH for side in shape.bounds)
    if look.code == "stale":
        dots = [
            Point(x, y)
            for x in range(left, right + 1, _HATCH)
            for y in range(top, bottom + 1, _HATCH)
        ]
        inside = [dot for dot in dots if shape.contains(dot)]
        path = "".join(f"M{dot.x:.0f} {dot.y:.0f}h0" for dot in inside)
        return f'<path d="{path}" stroke="{ink}" stroke-width="30" stroke-linecap="round"/>'
    # All begin at multiples of the distance, so that lines of neighbours meet.
    first = (left + top) // _HATCH * _HATCH - _HATCH
    last = right + bottom + _HATCH
    high = top - _HATCH
    low = bottom + _HATCH
    lines = [
        LineString([(total - high, high), (total - low, low)])
        for total in range(first, last, _HATCH)
    ]
    cut = MultiLineString(lines).intersection(shape)
    pieces = [piece for piece in getattr(cut, "geoms", [cut]) if isinstance(piece, LineString)]
    path = "".join("M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in piece.coords) for piece in pieces)
    return f'<path d="{path}" stroke="{ink}" stroke-width="14" fill="none"/>'


def _place_labels(
    report: Report,
    shapes: Sequence[BaseGeometry],
    names: Sequence[str],
    level: Sequence[str],
    numbered: Sequence[int],
    width: float,
) -> Iterator[str]:
    """Signs first, then discs, then names in the order of need; a name that finds no free place is
    left out, so that none stands upon another.
    """
    centres = [shape.representative_point() for shape in shapes]
    taken: list[Box] = []
    for centre in centres:
        half = _SIGN / 2
        taken.append((centre.x - half, centre.y - half, centre.x + half, centre.y + half))
    discs = []
    for number, place in enumerate(numbered, start=1):
        centre = centres[place]
        x = centre.x - _SIGN / 2 - _DISC
        y = centre.y
        taken.append((x - _DISC, y - _DISC, x + _DISC, y + _DISC))
        discs.append(
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{_DISC}" fill="{theme.INK}"'
            f' stroke="{theme.WHITE}" stroke-width="20"/>'
            + _write_label(str(number), x, y + 62, 185, theme.WHITE, halo="")
        )
    for place, code in enumerate(level):
        centre = centres[place]
        look = theme.LEVELS[code]
        yield _write_label(
            look.sign, centre.x, centre.y + _SIGN * 0.36, _SIGN, look.on_light, halo=look.light
        )
    for place in report.readiness.visit_priority.order:
        name = names[place].removeprefix("Xã ").removeprefix("Phường ")
        half = len(name) * _LETTER * _LETTER_WIDTH / 2
        for x, y in _list_name_places(centres[place], half, width):
            box = (x - half, y - _LETTER * 0.8, x + half, y + _LETTER * 0.25)
            if not any(_overlaps(box, other) for other in taken):
                taken.append(box)
                yield _write_label(name, x, y, _LETTER, theme.INK, halo=theme.WHITE)
                break
    yield from discs


def _list_name_places(centre: Point, half: float, width: float) -> Iterator[tuple[float, float]]:
    """Middles of base lines for a name of that half width, the best first: below the sign, above,
    right, left; none is cut by the edge of the drawing.
    """
    beside = _SIGN / 2 + 20 + half
    level_with_sign = centre.y + _LETTER * 0.3
    for x, y in (
        (centre.x, centre.y + _SIGN * 0.55 + _LETTER * 0.8),
        (centre.x, centre.y - _SIGN * 0.6),
        (centre.x + beside, level_with_sign),
        (centre.x - beside, level_with_sign),
    ):
        yield min(max(x, half), width - half), y


def _overlaps(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _write_label(words: str, x: float, y: float, size: float, ink: str, halo: str) -> str:
    around = ""
    if halo:
        around = f' stroke="{halo}" stroke-width="30" stroke-linejoin="round" paint-order="stroke"'
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size:.0f}" text-anchor="middle"'
        f' font-family="Libertinus Serif, DejaVu Sans Mono" fill="{ink}"{around}>'
        f"{escape(words)}</text>"
    )

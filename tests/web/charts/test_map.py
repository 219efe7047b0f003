"""The map's SVG: complete, small, and made of shapes that a script can find."""

from __future__ import annotations

import gzip
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from typing import Any

import pytest
from shapely.geometry import MultiPolygon, Point, Polygon, box

from dashboard import reference
from dashboard.outlines.in_use import load_outlines, locate_tiles
from dashboard.web import theme
from dashboard.web.charts import map

SVG = "{http://www.w3.org/2000/svg}"


@dataclass
class Sketch:
    """An outline as the map needs it."""

    province: str = "51"
    source: str = "schematic"
    features: dict[str, Any] = field(default_factory=dict)


def drawn(province: str) -> tuple[str, ElementTree.Element]:
    outline = load_outlines(province, reference.ROOT / "var" / "no-such-folder")
    text = map.draw_map_svg(
        outline, locate_tiles(province), reference.select_communes_of_province(province)
    )
    return text, ElementTree.fromstring(text)


def communes_in(root: ElementTree.Element) -> list[ElementTree.Element]:
    return [path for path in root.iter(f"{SVG}path") if path.get("class") == "commune"]


@pytest.mark.parametrize("province", ["51", "25", "52", "01", "48", "56", "31"])
def test_every_commune_is_exactly_one_path_inside_the_view_box(province: str) -> None:
    _, root = drawn(province)
    width, height = (float(part) for part in root.attrib["viewBox"].split()[2:])
    paths = communes_in(root)
    assert [path.get("data-commune") for path in paths] == list(
        reference.select_communes_of_province(province).index
    )
    for path in paths:
        assert re.fullmatch(r"(M\d+ \d+l[-\d ]+z)+", path.attrib["d"]), path.get("data-name")
        assert 0 <= float(path.attrib["data-x"]) <= width
        assert 0 <= float(path.attrib["data-y"]) <= height
        assert re.fullmatch(r"\d+,\d+", path.attrib["data-tile"])
        assert path.get("data-level") is None  # painting is the browser's


def test_neighbours_are_mutual_and_everybody_has_one() -> None:
    _, root = drawn("51")
    beside = {
        path.attrib["data-commune"]: path.attrib["data-next"].split() for path in communes_in(root)
    }
    assert all(beside.values())
    island = next(path for path in communes_in(root) if path.get("data-name") == "Đặc khu Lý Sơn")
    mutual = [(a, b) for a in beside for b in beside[a] if a != island.get("data-commune")]
    assert all(a in beside[b] for a, b in mutual)


def test_drawing_is_small_on_the_wire_and_carries_no_script_or_colour() -> None:
    text, _ = drawn("51")
    assert len(gzip.compress(text.encode())) < 30_000
    assert not re.search(r"<script|\son\w+=|href|style=|#[0-9a-f]{3,6}\b", text)


def test_every_hatching_of_the_theme_is_defined_in_the_drawing() -> None:
    _, root = drawn("51")
    defined = {pattern.get("id") for pattern in root.iter(f"{SVG}pattern")}
    assert defined == {level.hatching for level in theme.LEVELS.values() if level.hatching}


def test_commune_without_an_outline_still_gets_a_mark() -> None:
    communes = reference.select_communes_of_province("51")
    features = {
        str(code): Point(row["lon"], row["lat"]).buffer(0.05)
        for code, row in communes.iloc[1:].iterrows()
    }
    root = ElementTree.fromstring(map.draw_map_svg(Sketch(features=features), {}, communes))
    assert len(communes_in(root)) == len(communes)


def test_outlines_may_be_geojson_and_names_are_escaped() -> None:
    communes = reference.select_communes_of_province("51").iloc[:2].copy()
    communes["name"] = ['Xã "A" & <b>', "Xã B"]
    ring = [[108.0, 15.0], [108.1, 15.0], [108.1, 15.1], [108.0, 15.0]]
    features = {
        str(communes.index[0]): {"type": "Polygon", "coordinates": [ring]},
        str(communes.index[1]): [[[[x + 0.1, y] for x, y in ring]]],
    }
    root = ElementTree.fromstring(map.draw_map_svg(Sketch(features=features), {}, communes))
    assert communes_in(root)[0].get("data-name") == 'Xã "A" & <b>'


def test_shared_borders_stay_shared_after_rounding() -> None:
    left, right = (
        Polygon([(0, 0), (3, 1), (3, 2), (0, 3)]),
        Polygon([(3, 1), (6, 0), (6, 3), (3, 2)]),
    )
    shapes, _ = map.fit_to_drawing({"a": left, "b": right}, [])
    corners = [
        set(re.findall(r"M(\d+ \d+)", map.write_path_data(shape))) for shape in shapes.values()
    ]
    assert all(corners)
    assert map.find_map_neighbours(shapes) == {"a": ["b"], "b": ["a"]}


def test_islands_far_out_are_drawn_in_a_box_and_near_ones_stay() -> None:
    mainland = {f"{n}": box(n % 3, n // 3, n % 3 + 1, n // 3 + 1) for n in range(9)}
    near = mainland | {"near": box(4, 1, 4.1, 1.1)}
    far = mainland | {"far": box(20, 9, 20.5, 9.5)}
    assert map.find_far_islands(near) == []
    assert map.find_far_islands(far) == ["far"]
    moved, frames = map.move_into_insets(far, ["far"])
    assert len(frames) == 1
    assert frames[0].contains(moved["far"])
    assert not any(frames[0].intersects(shape) for code, shape in moved.items() if code != "far")
    assert moved["far"].area == pytest.approx(far["far"].area)


def test_specks_of_islands_and_tiny_wards_are_told_apart_from_the_rest() -> None:
    islets = MultiPolygon([box(9600, 100, 9860, 190), box(9500, 20, 9550, 60)])
    shapes = {
        "mainland": box(0, 0, 5000, 9000),
        "ward": box(5000, 0, 5200, 200),
        "islets": islets,
        "speck": Point(8000, 5000).buffer(30),
        "island": box(7000, 8000, 7600, 8600),
    }
    sizes = map.classify_sizes(
        {code: map.enlarge_small_island(shape) for code, shape in shapes.items()}
    )
    assert sizes == {
        "mainland": "",
        "ward": "fine",
        "islets": "small",
        "speck": "small",
        "island": "",
    }


@pytest.mark.parametrize(
    ("points", "written"),
    [
        ([(10, 20), (15, 25), (12, 27), (10, 20)], "M10 20l5 5-3 2z"),
        ([(0, 0), (5, -5), (5, -5), (0, 3), (0, 0)], "M0 0l5-5-5 8z"),
        ([(7, 7), (7, 7), (7, 7)], ""),
    ],
)
def test_rings_are_written_in_relative_steps(points: list[tuple[int, int]], written: str) -> None:
    assert map.write_ring_data(points) == written

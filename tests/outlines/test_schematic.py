"""The schematic outlines: complete, exactly fitting, near the truth where the truth is at hand."""

from __future__ import annotations

import json
import re
import statistics
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
import shapely

from dashboard import reference
from dashboard.outlines.in_use import SCHEMATIC, load_outlines
from tools.outlines import plane

README = SCHEMATIC / "README.md"


@lru_cache(maxsize=1)
def every() -> dict[str, shapely.Geometry]:
    loaded = (load_outlines(province, SCHEMATIC) for province in reference.load_province_names())
    return {code: geometry for outline in loaded for code, geometry in outline.features.items()}


def overlap(outline: shapely.Geometry, other: shapely.Geometry) -> float:
    """Intersection over union."""
    return float(
        shapely.area(shapely.intersection(outline, other))
        / shapely.area(shapely.union(outline, other))
    )


def test_every_commune_has_a_valid_outline() -> None:
    assert set(every()) == set(reference.load_communes().index)
    shapes = np.array(list(every().values()))
    assert shapely.is_valid(shapes).all()
    assert (shapely.area(shapes) > 0).all()


def test_borders_are_exactly_shared_across_the_whole_country() -> None:
    assert shapely.coverage_is_valid(np.array(list(every().values())))


def test_every_centre_lies_in_its_own_outline_unless_the_reason_is_noted() -> None:
    places = reference.load_communes()[["lon", "lat"]]
    outside = {
        code
        for code, shape in every().items()
        if not shapely.intersects_xy(shape, *places.loc[code])
    }
    noted = set(
        re.findall(
            r"^\| (\d{5}) \|.*centre point lies", README.read_text(encoding="utf-8"), re.MULTILINE
        )
    )
    assert outside <= noted


def test_areas_are_near_the_known_ones() -> None:
    official_areas = reference.load_communes()["area_km2"]
    ratios = [
        shapely.area(plane.geometry_to_km(shape)) / official_areas[code]
        for code, shape in every().items()
        if official_areas[code]
    ]
    assert 0.98 < statistics.median(ratios) < 1.02
    assert np.mean(np.abs(np.array(ratios) - 1) < 0.15) > 0.85


def test_islands_keep_their_true_area_at_their_true_place() -> None:
    communes = reference.load_communes()
    for name in (
        "Lý Sơn",
        "Cồn Cỏ",
        "Bạch Long Vĩ",
        "Thổ Châu",
        "Trường Sa",
        "Hoàng Sa",
        "Phú Quý",
        "Cô Tô",
    ):
        code = communes.index[(communes["bare_name"] == name) & (communes["kind"] == "dac_khu")][0]
        shape = every()[code]
        assert shapely.area(plane.geometry_to_km(shape)) == pytest.approx(
            communes.at[code, "area_km2"], rel=0.05
        ), name
        assert shapely.intersects_xy(shape, communes.at[code, "lon"], communes.at[code, "lat"])


def test_files_are_light_sorted_and_say_that_they_are_schematic() -> None:
    for province in reference.load_province_names():
        path = SCHEMATIC / f"{province}.geojson"
        sheet = json.loads(path.read_bytes())
        codes = [feature["properties"]["code"] for feature in sheet["features"]]
        assert path.stat().st_size <= 160_000
        assert sheet["source"] == "schematic"
        assert codes == sorted(reference.select_communes_of_province(province).index)


@pytest.mark.parametrize(
    ("province", "file"), [("51", "51_quang_ngai.geojson"), ("25", "25_phu_tho.geojson")]
)
def test_half_of_the_communes_overlap_their_true_outline_by_65_percent(
    shared: Path, province: str, file: str
) -> None:
    sheet = json.loads((shared / "boundaries" / file).read_bytes())
    true = {
        feature["properties"]["code"]: shapely.geometry.shape(feature["geometry"])
        for feature in sheet["features"]
    }
    ours = load_outlines(province, SCHEMATIC).features
    # 30 m are nothing beside outlines that miss by kilometres, and make the comparison quick.
    true = {code: shapely.simplify(shapely.make_valid(shape), 3e-4) for code, shape in true.items()}
    overlaps = [
        overlap(plane.geometry_to_km(ours[code]), plane.geometry_to_km(shapely.make_valid(shape)))
        for code, shape in true.items()
    ]
    assert len(overlaps) == len(reference.select_communes_of_province(province))
    assert statistics.median(overlaps) >= 0.65

"""Real outlines as offices send them become light files that the map uses; bad ones
change nothing.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from dashboard import names, reference
from dashboard.errors import FileRefused
from dashboard.outlines.import_outlines import import_office_outlines
from dashboard.outlines.in_use import SCHEMATIC, load_outlines

PROVINCE = "96"  # the smaller the quicker: 64 communes
Change = Callable[[dict[str, Any]], dict[str, Any]]


def sheet(change: Change = lambda feature: feature, keep: slice = slice(None)) -> dict[str, Any]:
    """A FeatureCollection as an office might send it: each feature of the province changed by
    `change`.
    """
    communes = reference.load_communes()
    features = [
        change(
            {
                "type": "Feature",
                "properties": {"code": code, "name": communes.at[code, "name"]},
                "geometry": shapely.geometry.mapping(geometry),
            }
        )
        for code, geometry in load_outlines(PROVINCE, SCHEMATIC).features.items()
    ]
    return {"type": "FeatureCollection", "features": features[keep]}


def saved(folder: Path, document: Any, name: str = "ranh_gioi.geojson") -> Path:
    path = folder / name
    path.write_text(
        document if isinstance(document, str) else json.dumps(document), encoding="utf-8"
    )
    return path


def properties(**kept: Callable[[str], Any]) -> Change:
    """Properties made from the code alone."""
    return lambda feature: (
        feature
        | {"properties": {name: make(feature["properties"]["code"]) for name, make in kept.items()}}
    )


def name_of(code: str) -> str:
    return str(reference.load_communes().at[code, "name"])


@pytest.mark.parametrize(
    "change",
    [
        properties(ma_xa=str),
        properties(MAXA=lambda code: int(code)),
        properties(ma=lambda code: float(code)),
        properties(MA_DVHC=lambda code: code.lstrip("0"), dien_tich=lambda code: 12.5),
        properties(id=lambda code: int(code) % 90, ten_xa=name_of),
        properties(
            Name=lambda code: f"UBND {name_of(code).upper()} - tỉnh Cà Mau", stt=lambda code: 4
        ),
        properties(
            NAME_3=lambda code: names.extract_bare_name(name_of(code)), NAME_1=lambda code: "Cà Mau"
        ),
        lambda feature: {**feature, "properties": None, "id": feature["properties"]["code"]},
    ],
    ids=[
        "text code",
        "number",
        "float",
        "zeros lost",
        "running number and name",
        "full name",
        "bare name",
        "feature id",
    ],
)
def test_a_commune_is_known_by_any_usual_property(tmp_path: Path, change: Change) -> None:
    (taken,) = import_office_outlines(saved(tmp_path, sheet(change)), tmp_path / "var")
    assert len(taken.matched) == 64
    assert (taken.missing, taken.unmatched) == ((), ())


def test_taken_outlines_win_over_the_schematic_ones(tmp_path: Path) -> None:
    before = load_outlines(PROVINCE, tmp_path / "var")
    import_office_outlines(saved(tmp_path, sheet()), tmp_path / "var")
    after = load_outlines(PROVINCE, tmp_path / "var")
    assert (before.source, after.source) == ("schematic", "office")
    assert before.fingerprint != after.fingerprint
    assert list(tmp_path.joinpath("var").iterdir()) == [tmp_path / "var" / f"{PROVINCE}.geojson"]


def test_a_folder_with_a_file_per_commune_is_taken_even_without_properties(tmp_path: Path) -> None:
    folder = tmp_path / "xa"
    folder.mkdir()
    for feature in sheet()["features"]:
        saved(folder, feature["geometry"], f"{feature['properties']['code']}.geojson")
    (taken,) = import_office_outlines(folder, tmp_path / "var")
    assert len(taken.matched) == 64


def test_rings_may_turn_either_way(tmp_path: Path) -> None:
    def turned(feature: dict[str, Any]) -> dict[str, Any]:
        return feature | {
            "geometry": shapely.geometry.mapping(
                shapely.reverse(shapely.geometry.shape(feature["geometry"]))
            )
        }

    import_office_outlines(saved(tmp_path, sheet()), tmp_path / "one")
    import_office_outlines(saved(tmp_path, sheet(turned)), tmp_path / "other")
    one_way, other_way = (
        load_outlines(PROVINCE, tmp_path / which).features for which in ("one", "other")
    )
    assert all(shapely.equals(one_way[code], other_way[code]) for code in one_way)


def test_missing_communes_are_named_and_keep_a_place(tmp_path: Path) -> None:
    (taken,) = import_office_outlines(saved(tmp_path, sheet(keep=slice(5, None))), tmp_path / "var")
    codes = sorted(reference.select_communes_of_province(PROVINCE).index)
    assert set(taken.missing) == set(map(name_of, codes[:5]))
    assert sorted(load_outlines(PROVINCE, tmp_path / "var").features) == codes


def test_a_feature_that_is_no_commune_is_told_with_near_names(tmp_path: Path) -> None:
    document = sheet(properties(ten_xa=name_of))
    document["features"][0]["properties"]["ten_xa"] = "Xã Đất Mủi"
    (taken,) = import_office_outlines(saved(tmp_path, document), tmp_path / "var")
    (problem,) = taken.unmatched
    assert "Xã Đất Mủi" in problem.message
    assert "Xã Đất Mũi" in problem.remedy
    assert len(taken.missing) == 1


def test_a_single_outline_in_another_place_is_left_out_and_told(tmp_path: Path) -> None:
    document = sheet()
    first = document["features"][0]
    first["geometry"] = shapely.geometry.mapping(shapely.box(0, 0, 1, 1))
    (taken,) = import_office_outlines(saved(tmp_path, document), tmp_path / "var")
    assert taken.missing == (name_of(first["properties"]["code"]),)
    assert "nằm ngoài Việt Nam" in taken.unmatched[0].message


def test_several_features_of_one_commune_become_one(tmp_path: Path) -> None:
    document = sheet()
    first = document["features"][0]
    island = shapely.geometry.mapping(shapely.box(104.0, 8.9, 104.02, 8.92))
    document["features"].append(first | {"geometry": island})
    import_office_outlines(saved(tmp_path, document), tmp_path / "var")
    shape = load_outlines(PROVINCE, tmp_path / "var").features[first["properties"]["code"]]
    assert shapely.get_num_geometries(shape) == 2


def test_overlaps_and_slits_between_neighbours_are_mended(tmp_path: Path) -> None:
    def ragged(feature: dict[str, Any]) -> dict[str, Any]:
        shape = shapely.geometry.shape(feature["geometry"])
        wide = 0.00005 if int(feature["properties"]["code"]) % 2 else -0.00005
        return feature | {"geometry": shapely.geometry.mapping(shape.buffer(wide))}

    import_office_outlines(saved(tmp_path, sheet(ragged)), tmp_path / "var")
    shapes = np.array(list(load_outlines(PROVINCE, tmp_path / "var").features.values()))
    assert shapely.coverage_is_valid(shapes)
    assert len(shapes) == 64


def test_a_detailed_file_is_made_light_and_no_islet_commune_is_lost(tmp_path: Path) -> None:
    codes = list(load_outlines(PROVINCE, SCHEMATIC).features)

    def detailed(feature: dict[str, Any]) -> dict[str, Any]:
        shape = shapely.geometry.shape(feature["geometry"])
        if feature["properties"]["code"] == codes[0]:
            return feature | {
                "geometry": shapely.geometry.mapping(shapely.Point(104.1, 8.7).buffer(0.0001))
            }
        shape = shapely.segmentize(shape, 0.0005)
        bays = shapely.transform(shape, lambda xy: xy + 0.0005 * np.sin(xy[:, ::-1] * 5_000))
        return feature | {
            "geometry": shapely.geometry.mapping(shapely.make_valid(bays, method="structure"))
        }

    path = saved(tmp_path, sheet(detailed))
    assert path.stat().st_size > 500_000
    (taken,) = import_office_outlines(path, tmp_path / "var")
    assert taken.bytes == taken.path.stat().st_size <= 160_000
    shapes = load_outlines(PROVINCE, tmp_path / "var").features
    assert not any(shape.is_empty for shape in shapes.values())
    assert shapely.distance(shapes[codes[0]], shapely.Point(104.1, 8.7)) < 0.001


@pytest.mark.parametrize("file", ["51_quang_ngai.geojson", "25_phu_tho.geojson"])
def test_a_real_file_is_taken_whole(shared: Path, tmp_path: Path, file: str) -> None:
    (taken,) = import_office_outlines(shared / "boundaries" / file, tmp_path)
    assert len(taken.matched) == len(reference.select_communes_of_province(taken.province))
    assert (taken.missing, taken.unmatched, taken.notes) == ((), (), ())
    assert 120_000 < taken.bytes <= 160_000
    shapes = np.array(list(load_outlines(taken.province, tmp_path).features.values()))
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)


def moved(change: Callable[[np.ndarray], np.ndarray]) -> Change:
    def move(feature: dict[str, Any]) -> dict[str, Any]:
        shape = shapely.transform(shapely.geometry.shape(feature["geometry"]), change)
        return feature | {"geometry": shapely.geometry.mapping(shape)}

    return move


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("", "không phải JSON"),
        ("không phải JSON", "không phải JSON"),
        ("[" * 100_000, "không phải JSON"),
        ('{"type": "FeatureCollection", "features": [{"a": NaN}]}', "không phải JSON"),
        ("[1, 2, 3]", "không có đa giác"),
        ({"type": "Topology", "objects": {}}, "không có đa giác"),
        ({"type": "FeatureCollection", "features": None}, "không có đa giác"),
        (
            {
                "type": "FeatureCollection",
                "features": [7, {"geometry": {"type": "Polygon", "coordinates": "x"}}],
            },
            "đa giác",
        ),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, "a"], [1, 1]]]}, "không có đa giác"),
        (
            '{"type": "Polygon", "coordinates": [[[0, 0], [1, 1' + "0" * 400 + "], [1, 1]]]}",
            "không có đa giác",
        ),
        ({"type": ["Polygon"], "coordinates": [[[0, 0], [1, 0], [1, 1]]]}, "không có đa giác"),
        ({"type": "Feature", "geometry": {"type": {}, "coordinates": []}}, "không có đa giác"),
        ("[" + "[]," * 4_500_000 + "[]]", "quá nhiều điểm"),
        ({"type": "Point", "coordinates": [105, 9]}, "không có đa giác"),
        (sheet(moved(lambda xy: xy * 111_000)), "VN-2000"),
        (sheet(moved(lambda xy: xy[:, ::-1])), "đảo"),
        (sheet(moved(lambda xy: xy - [100, 0])), "ngoài Việt Nam"),
        (sheet(properties(ghi_chu=str)), "không đối tượng nào khớp"),
        (sheet(keep=slice(3)), "3/64 đơn vị của Cà Mau"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "document",
)
def test_a_file_that_cannot_be_used_is_refused_with_a_remedy_and_changes_nothing(
    tmp_path: Path, document: Any, said: str
) -> None:
    path = saved(tmp_path, document)
    with pytest.raises(FileRefused) as refused:
        import_office_outlines(path, tmp_path / "var")
    assert said in refused.value.message
    assert refused.value.remedy
    assert path.name in str(refused.value)
    assert not (tmp_path / "var").exists()


def test_binary_missing_and_empty_things_are_refused(tmp_path: Path) -> None:
    (tmp_path / "hinh.geojson").write_bytes(b"\x89PNG\r\n\xff\xfe")
    (tmp_path / "trong").mkdir()
    for name in ("hinh.geojson", "trong", "khong_co.geojson"):
        with pytest.raises(FileRefused):
            import_office_outlines(tmp_path / name, tmp_path / "var")


def test_a_pipe_is_refused_without_waiting_and_passed_over_in_a_folder(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ong.geojson")
    with pytest.raises(FileRefused, match="không phải tệp thường"):
        import_office_outlines(tmp_path / "ong.geojson", tmp_path / "var")
    saved(tmp_path, sheet())
    (taken,) = import_office_outlines(tmp_path, tmp_path / "var")
    assert len(taken.matched) == 64


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "lon.geojson"
    with path.open("wb") as file:
        file.truncate(300_000_000)
    with pytest.raises(FileRefused, match="quá lớn"):
        import_office_outlines(path, tmp_path / "var")


def test_an_outline_that_crosses_itself_a_million_times_is_left_out_soon(tmp_path: Path) -> None:
    document = sheet()
    random = np.random.default_rng(7)
    corners = np.column_stack(
        [random.uniform(104.7, 105.3, 4_000), random.uniform(8.6, 9.4, 4_000)]
    )
    document["features"][0]["geometry"] = {
        "type": "Polygon",
        "coordinates": [[*corners.tolist(), corners[0].tolist()]],
    }
    began = time.process_time()
    (taken,) = import_office_outlines(saved(tmp_path, document), tmp_path / "var")
    assert time.process_time() - began < 8
    assert len(taken.matched) == 63
    assert "đa giác" in taken.unmatched[0].message


def test_an_outline_that_crosses_itself_now_and_then_is_mended(tmp_path: Path) -> None:
    def knotted(feature: dict[str, Any]) -> dict[str, Any]:
        shape = shapely.geometry.mapping(shapely.geometry.shape(feature["geometry"]))
        ring = list(
            shape["coordinates"][0] if shape["type"] == "Polygon" else shape["coordinates"][0][0]
        )
        ring[2], ring[3] = ring[3], ring[2]
        return feature | {"geometry": {"type": "Polygon", "coordinates": [ring]}}

    (taken,) = import_office_outlines(saved(tmp_path, sheet(knotted)), tmp_path / "var")
    assert len(taken.matched) == 64


@pytest.mark.parametrize(
    "content", ["{", "[" * 100_000, '{"features": [{"properties": {}}], "source": "office"}']
)
def test_a_bad_file_of_outlines_is_told_once_and_again_only_when_it_changed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: str
) -> None:
    path = tmp_path / f"{PROVINCE}.geojson"
    path.write_text(content)
    for _ in range(3):
        assert load_outlines(PROVINCE, tmp_path).source == "schematic"
    assert len(caplog.records) == 1
    path.write_text(content + " ")
    load_outlines(PROVINCE, tmp_path)
    assert len(caplog.records) == 2


def test_a_broken_file_in_the_folder_of_outlines_leaves_the_schematic_map(tmp_path: Path) -> None:
    (tmp_path / f"{PROVINCE}.geojson").write_text('{"features": [')
    assert load_outlines(PROVINCE, tmp_path).source == "schematic"

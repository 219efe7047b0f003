"""GeoJSON as offices have it, read with suspicion: one file or a folder of files, to plain
features.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import shapely

from dashboard.errors import FileRefused, Problem
from dashboard.messages import write_message
from dashboard.outlines import simplify

MAX_BYTES = 200_000_000
MAX_FILES = 5_000
# What costs memory far beyond its bytes in the file: lists and objects (a corner is one), keys,
# numbers.
_MOST_OF = {b"[": 4_000_000, b"{": 1_000_000, b":": 2_000_000, b",": 16_000_000}
_GEOMETRIES = {"Polygon", "MultiPolygon", "GeometryCollection"}
_REMEDY = write_message(
    "hãy xuất lại từ QGIS hoặc ArcGIS dạng GeoJSON, hệ tọa độ WGS 84 (EPSG:4326)"
)


@dataclass(frozen=True)
class OutlineFeature:
    """A thing in a file: its polygons, what is written beside it, and where it stands (file,
    place).
    """

    geometry: shapely.Geometry
    properties: dict[str, Any]
    location: str


def list_geojson_files(path: Path) -> list[Path]:
    """The GeoJSON file itself, or those in the folder, by name. FileRefused if there is none or too
    much.
    """
    if not path.exists():
        raise FileRefused(
            str(path), write_message("không tìm thấy"), write_message("hãy kiểm tra lại đường dẫn")
        )
    if not path.is_file() and not path.is_dir():  # a pipe would wait for a writer for ever
        raise FileRefused(
            path.name,
            write_message("không phải tệp thường hay thư mục"),
            write_message("hãy chép ra tệp rồi gửi lại"),
        )
    if path.is_file():
        files = [path]
    else:
        files = sorted(f for f in path.rglob("*") if f.suffix.lower() in {".geojson", ".json"})
    files = [file for file in files if file.is_file()]
    if not files:
        raise FileRefused(path.name, write_message("thư mục không có tệp .geojson nào"), _REMEDY)
    if len(files) > MAX_FILES or sum(file.stat().st_size for file in files) > MAX_BYTES:
        limit = write_message(
            "quá lớn (tối đa {max_bytes} MB và {max_files} tệp)",
            max_bytes=MAX_BYTES // 1_000_000,
            max_files=MAX_FILES,
        )
        raise FileRefused(
            path.name, limit, write_message("hãy gửi từng tỉnh một, hoặc giản lược ranh giới trước")
        )
    return files


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _parse_json(file: Path) -> Any:
    try:
        written = file.read_bytes()
        if any(written.count(mark) > most for mark, most in _MOST_OF.items()):
            raise FileRefused(
                file.name,
                write_message("có quá nhiều điểm"),
                write_message("hãy giản lược ranh giới, hoặc gửi từng tỉnh một"),
            )
        return json.loads(written.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise FileRefused(file.name, write_message("không phải văn bản UTF-8"), _REMEDY) from None
    except (ValueError, RecursionError):
        raise FileRefused(file.name, write_message("không phải JSON hợp lệ"), _REMEDY) from None
    except OSError:
        raise FileRefused(
            file.name, write_message("không mở được"), write_message("hãy kiểm tra quyền đọc tệp")
        ) from None


def _read_geojson_type(geojson: dict[str, Any]) -> str:
    """The "type" of a GeoJSON object; empty where it is no text."""
    type_name = geojson.get("type")
    return type_name if isinstance(type_name, str) else ""


def _list_polygons(geometry: dict[str, Any], depth: int = 0) -> Iterator[shapely.Polygon]:
    """The polygons of a GeoJSON geometry. ValueError or TypeError where its coordinates are not
    numbers.
    """
    type_name = _read_geojson_type(geometry)
    if type_name == "GeometryCollection" and depth < 5:
        for part in geometry.get("geometries") or []:
            yield from _list_polygons(part, depth + 1)
    if type_name not in {"Polygon", "MultiPolygon"}:
        return
    coordinates = geometry.get("coordinates") or []
    for rings in [coordinates] if type_name == "Polygon" else coordinates:
        closed = [np.asarray(ring, dtype=float)[:, :2] for ring in rings if len(ring) >= 3]
        if closed and all(np.isfinite(ring).all() for ring in closed):
            yield shapely.Polygon(closed[0], closed[1:])


def _merge_polygons(geometry: Any) -> shapely.Geometry | None:
    """The polygons of a geometry as one valid (Multi)Polygon, whatever the direction of its rings;
    else None.
    """
    if not isinstance(geometry, dict) or _read_geojson_type(geometry) not in _GEOMETRIES:
        return None
    try:
        parts = list(_list_polygons(geometry))
    except (
        ValueError,
        TypeError,
        IndexError,
        AttributeError,
        OverflowError,
        shapely.errors.ShapelyError,
    ):
        return None
    if not parts or simplify.is_tangled(parts):
        return None
    valid = shapely.make_valid(
        np.array(parts, dtype=object), method="structure", keep_collapsed=False
    )
    solid = [
        part for part in shapely.get_parts(valid) if part.geom_type in {"Polygon", "MultiPolygon"}
    ]
    if not solid:
        return None
    merged = solid[0] if len(solid) == 1 else shapely.union_all(solid)
    return None if merged.is_empty else merged


def _list_members(document: Any) -> list[dict[str, Any]]:
    """The features of a FeatureCollection, a Feature or a bare geometry; empty if it is none of
    these.
    """
    if not isinstance(document, dict):
        return []
    if document.get("type") == "FeatureCollection":
        features = document.get("features")
        if not isinstance(features, list):
            return []
        return [feature for feature in features if isinstance(feature, dict)]
    if document.get("type") == "Feature":
        return [document]
    return [{"geometry": document}] if _read_geojson_type(document) in _GEOMETRIES else []


def read_outline_features(path: Path) -> tuple[list[OutlineFeature], list[Problem]]:
    """All polygons of a file or folder, and what was left out. FileRefused where nothing can be
    used.
    """
    features: list[OutlineFeature] = []
    problems: list[Problem] = []
    for file in list_geojson_files(path):
        for number, member in enumerate(_list_members(_parse_json(file)), start=1):
            written = member.get("properties")
            properties = dict(written) if isinstance(written, dict) else {}
            if "id" in member:
                properties["(id)"] = member["id"]
            if path.is_dir():
                properties.setdefault("(tên tệp)", file.stem.replace("_", " "))
            location = write_message("{file}, đối tượng {number}", file=file.name, number=number)
            geometry = _merge_polygons(member.get("geometry"))
            if geometry is None:
                problems.append(
                    Problem(
                        write_message("{location} không có đa giác đọc được", location=location),
                        write_message("hãy kiểm tra hình của đối tượng này"),
                    )
                )
            else:
                features.append(OutlineFeature(geometry, properties, location))
    if not features:
        raise FileRefused(path.name, write_message("không có đa giác nào"), _REMEDY, problems)
    refuse_other_coordinates(path, features)
    within = []
    for feature in features:
        west, south, east, north = feature.geometry.bounds
        if west < 100 or east > 120 or south < 5 or north > 25:
            problems.append(
                Problem(
                    write_message("{location} nằm ngoài Việt Nam", location=feature.location),
                    write_message("hãy kiểm tra tọa độ của đối tượng này"),
                )
            )
        else:
            within.append(feature)
    return within, problems


def refuse_other_coordinates(path: Path, features: list[OutlineFeature]) -> None:
    """FileRefused unless most features lie where Vietnam is, in degrees, longitude first."""
    west, south, east, north = np.median(
        shapely.bounds([feature.geometry for feature in features]), axis=0
    )
    if max(abs(west), abs(east), abs(south), abs(north)) > 360:
        what = write_message("tọa độ tính bằng mét (có lẽ VN-2000), không phải độ")
        raise FileRefused(
            path.name, what, write_message("hãy chuyển sang WGS 84 (EPSG:4326) rồi gửi lại")
        )
    if 5 < west < 25 and 100 < south < 120:
        raise FileRefused(
            path.name,
            write_message("tọa độ bị đảo: vĩ độ đứng trước kinh độ"),
            write_message("hãy xuất lại với kinh độ đứng trước"),
        )
    if west < 100 or east > 120 or south < 5 or north > 25:
        raise FileRefused(path.name, write_message("ranh giới nằm ngoài Việt Nam"), _REMEDY)


# The one format in which outlines are kept: a GeoJSON file per province, four decimals, sorted by
# code.

DECIMALS = 4  # 11 m
OutlineSource = Literal["schematic", "office"]


def _round_rings(polygon: shapely.Polygon) -> list[list[list[float]]]:
    turned = shapely.geometry.polygon.orient(polygon)
    return [
        [[round(x, DECIMALS), round(y, DECIMALS)] for x, y, *_ in ring.coords]
        for ring in (turned.exterior, *turned.interiors)
    ]


def _format_feature(code: str, geometry: shapely.Geometry) -> str:
    parts = [_round_rings(part) for part in shapely.get_parts(geometry)]
    single = len(parts) == 1
    shape = {
        "type": "Polygon" if single else "MultiPolygon",
        "coordinates": parts[0] if single else parts,
    }
    feature = {"type": "Feature", "properties": {"code": code}, "geometry": shape}
    return json.dumps(feature, separators=(",", ":"))


def format_geojson(outlines: Mapping[str, shapely.Geometry], source: OutlineSource) -> str:
    """The FeatureCollection of one province, a feature a line, outer rings anticlockwise."""
    lines = ",\n".join(
        _format_feature(code, geometry) for code, geometry in sorted(outlines.items())
    )
    return f'{{"type":"FeatureCollection","source":"{source}","features":[\n{lines}\n]}}\n'


def write_outlines(
    folder: Path, province: str, outlines: Mapping[str, shapely.Geometry], source: OutlineSource
) -> int:
    """Write `<province>.geojson` whole or not at all; returns its size in bytes. OSError as it
    comes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    body = format_geojson(outlines, source).encode()
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


def parse_outlines(body: bytes) -> tuple[OutlineSource, dict[str, shapely.Geometry]]:
    """Source and outlines by code of a file that `write_outlines` wrote. ValueError or KeyError if
    it is not one.
    """
    collection = json.loads(body)
    source: OutlineSource = "office" if collection["source"] == "office" else "schematic"
    outlines = {
        feature["properties"]["code"]: shapely.geometry.shape(feature["geometry"])
        for feature in collection["features"]
    }
    if not outlines:
        raise ValueError("no outlines")
    return source, outlines

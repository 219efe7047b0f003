"""GeoJSON as offices have it, read with suspicion: one file or a folder of files, to plain features."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from dashboard.errors import FileRefused, Problem
from dashboard.outlines import tangles

MAX_BYTES = 200_000_000
MAX_FILES = 5_000
# What costs memory far beyond its bytes in the file: lists and objects (a corner is one), keys, numbers.
_MOST_OF = {b"[": 4_000_000, b"{": 1_000_000, b":": 2_000_000, b",": 16_000_000}
_GEOMETRIES = {"Polygon", "MultiPolygon", "GeometryCollection"}
_FIX = "hãy xuất lại từ QGIS hoặc ArcGIS dạng GeoJSON, hệ toạ độ WGS 84 (EPSG:4326)"


@dataclass(frozen=True)
class Feature:
    """A thing in a file: its polygons, what is written beside it, and where it stands (file, place)."""

    geometry: shapely.Geometry
    properties: dict[str, Any]
    place: str


def files_of(path: Path) -> list[Path]:
    """The GeoJSON file itself, or those in the folder, by name. FileRefused if there is none or too much."""
    if not path.exists():
        raise FileRefused(str(path), "không tìm thấy", "hãy kiểm tra lại đường dẫn")
    if not path.is_file() and not path.is_dir():  # a pipe would wait for a writer for ever
        raise FileRefused(path.name, "không phải tệp thường hay thư mục", "hãy chép ra tệp rồi gửi lại")
    files = (
        [path] if path.is_file() else sorted(f for f in path.rglob("*") if f.suffix.lower() in {".geojson", ".json"})
    )
    files = [file for file in files if file.is_file()]
    if not files:
        raise FileRefused(path.name, "thư mục không có tệp .geojson nào", _FIX)
    if len(files) > MAX_FILES or sum(file.stat().st_size for file in files) > MAX_BYTES:
        limit = f"quá lớn (tối đa {MAX_BYTES // 1_000_000} MB và {MAX_FILES} tệp)"
        raise FileRefused(path.name, limit, "hãy gửi từng tỉnh một, hoặc giản lược ranh giới trước")
    return files


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _json(file: Path) -> Any:
    try:
        written = file.read_bytes()
        if any(written.count(mark) > most for mark, most in _MOST_OF.items()):
            raise FileRefused(file.name, "có quá nhiều điểm", "hãy giản lược ranh giới, hoặc gửi từng tỉnh một")
        return json.loads(written.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise FileRefused(file.name, "không phải văn bản UTF-8", _FIX) from None
    except (ValueError, RecursionError):
        raise FileRefused(file.name, "không phải JSON hợp lệ", _FIX) from None
    except OSError:
        raise FileRefused(file.name, "không mở được", "hãy kiểm tra quyền đọc tệp") from None


def _kind(thing: dict[str, Any]) -> str:
    """The "type" of a GeoJSON object; empty where it is no text."""
    kind = thing.get("type")
    return kind if isinstance(kind, str) else ""


def _polygons(geometry: dict[str, Any], depth: int = 0) -> Iterator[shapely.Polygon]:
    """The polygons of a GeoJSON geometry. ValueError or TypeError where its coordinates are not numbers."""
    kind = _kind(geometry)
    if kind == "GeometryCollection" and depth < 5:
        for part in geometry.get("geometries") or []:
            yield from _polygons(part, depth + 1)
    if kind not in {"Polygon", "MultiPolygon"}:
        return
    coordinates = geometry.get("coordinates") or []
    for rings in [coordinates] if kind == "Polygon" else coordinates:
        closed = [np.asarray(ring, dtype=float)[:, :2] for ring in rings if len(ring) >= 3]
        if closed and all(np.isfinite(ring).all() for ring in closed):
            yield shapely.Polygon(closed[0], closed[1:])


def _whole(geometry: Any) -> shapely.Geometry | None:
    """The polygons of a geometry as one valid (Multi)Polygon, whatever the direction of its rings; else None."""
    if not isinstance(geometry, dict) or _kind(geometry) not in _GEOMETRIES:
        return None
    try:
        parts = list(_polygons(geometry))
    except (ValueError, TypeError, IndexError, AttributeError, OverflowError, shapely.errors.ShapelyError):
        return None
    if not parts or tangles.is_tangled(parts):
        return None
    made = shapely.make_valid(np.array(parts, dtype=object), method="structure", keep_collapsed=False)
    solid = [part for part in shapely.get_parts(made) if part.geom_type in {"Polygon", "MultiPolygon"}]
    whole = shapely.union_all(solid) if len(solid) > 1 else (solid[0] if solid else None)
    return None if whole is None or whole.is_empty else whole


def _members(document: Any) -> list[dict[str, Any]]:
    """The features of a FeatureCollection, a Feature or a bare geometry; empty if it is none of these."""
    if not isinstance(document, dict):
        return []
    if document.get("type") == "FeatureCollection":
        features = document.get("features")
        return [one for one in features if isinstance(one, dict)] if isinstance(features, list) else []
    if document.get("type") == "Feature":
        return [document]
    return [{"geometry": document}] if _kind(document) in _GEOMETRIES else []


def read(path: Path) -> tuple[list[Feature], list[Problem]]:
    """All polygons of a file or folder, and what was left out. FileRefused where nothing can be used."""
    features: list[Feature] = []
    problems: list[Problem] = []
    for file in files_of(path):
        for number, member in enumerate(_members(_json(file)), start=1):
            written = member.get("properties")
            properties = dict(written) if isinstance(written, dict) else {}
            if "id" in member:
                properties["(id)"] = member["id"]
            if path.is_dir():
                properties.setdefault("(tên tệp)", file.stem.replace("_", " "))
            place = f"{file.name}, đối tượng {number}"
            geometry = _whole(member.get("geometry"))
            if geometry is None:
                problems.append(Problem(f"{place} không có đa giác đọc được", "hãy kiểm tra hình của đối tượng này"))
            else:
                features.append(Feature(geometry, properties, place))
    if not features:
        raise FileRefused(path.name, "không có đa giác nào", _FIX, problems)
    refuse_other_coordinates(path, features)
    within = []
    for feature in features:
        west, south, east, north = feature.geometry.bounds
        if west < 100 or east > 120 or south < 5 or north > 25:
            problems.append(Problem(f"{feature.place} nằm ngoài Việt Nam", "hãy kiểm tra toạ độ của đối tượng này"))
        else:
            within.append(feature)
    return within, problems


def refuse_other_coordinates(path: Path, features: list[Feature]) -> None:
    """FileRefused unless most features lie where Vietnam is, in degrees, longitude first."""
    west, south, east, north = np.median(shapely.bounds([one.geometry for one in features]), axis=0)
    if max(abs(west), abs(east), abs(south), abs(north)) > 360:
        what = "toạ độ tính bằng mét (có lẽ VN-2000), không phải độ"
        raise FileRefused(path.name, what, "hãy chuyển sang WGS 84 (EPSG:4326) rồi gửi lại")
    if 5 < west < 25 and 100 < south < 120:
        raise FileRefused(path.name, "toạ độ bị đảo: vĩ độ đứng trước kinh độ", "hãy xuất lại với kinh độ đứng trước")
    if west < 100 or east > 120 or south < 5 or north > 25:
        raise FileRefused(path.name, "ranh giới nằm ngoài Việt Nam", _FIX)

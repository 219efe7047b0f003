"""The outlines in use: those an office sent, else the schematic ones that come with the project."""

from __future__ import annotations

import csv
import hashlib
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import shapely

from dashboard import reference
from dashboard.errors import DashboardError
from dashboard.messages import write_message
from dashboard.outlines import geojson

SCHEMATIC = reference.ROOT / "data" / "outlines"
_UNREADABLE = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
    OverflowError,
    shapely.errors.ShapelyError,
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ProvinceOutline:
    """A province's outlines: geometries in degrees by commune code, where they are from, a
    fingerprint.
    """

    province: str
    source: geojson.OutlineSource
    features: Mapping[str, shapely.Geometry]
    fingerprint: str


@lru_cache(maxsize=80)
def _read_outlines(path: Path, province: str, changed: int, size: int) -> ProvinceOutline:
    body = path.read_bytes()
    source, features = geojson.parse_outlines(body)
    return ProvinceOutline(province, source, features, hashlib.sha256(body).hexdigest()[:12])


@lru_cache(maxsize=80)
def _read_outlines_if_good(
    path: Path, province: str, changed: int, size: int
) -> ProvinceOutline | None:
    """None for a file that cannot be read: remembered too, so that it is tried and told once a
    change.
    """
    try:
        return _read_outlines(path, province, changed, size)
    except _UNREADABLE:
        _log.warning(
            "outlines of %s in %s cannot be read; the schematic ones are shown",
            province,
            path.parent,
        )
        return None


def load_outlines(province: str, outlines_dir: Path) -> ProvinceOutline:
    """The outlines of a province; cheap while the file stays the same. DashboardError if there is
    no such province.

    A file in `outlines_dir` wins; one that cannot be read is logged and passed over, so that the
    map stays.
    """
    if province not in reference.load_province_names():
        raise DashboardError(
            write_message(
                'không có tỉnh nào mang mã "{province}"; hãy chọn một trong 34 tỉnh, thành phố',
                province=province,
            )
        )
    name = f"{province}.geojson"
    path = outlines_dir / name
    with suppress(OSError):
        state = path.stat()
        office = _read_outlines_if_good(path, province, state.st_ctime_ns, state.st_size)
        if office is not None:
            return office
    path = SCHEMATIC / name
    state = path.stat()
    return _read_outlines(path, province, state.st_ctime_ns, state.st_size)


# Where each commune's tile stands in the tile map; computed by `tools/build_tiles.py`.

TILES_FILE = reference.ROOT / "data" / "tiles.csv"


@lru_cache(maxsize=1)
def _read_all_tiles() -> dict[str, tuple[int, int]]:
    with TILES_FILE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: (int(row["column"]), int(row["row"])) for row in csv.DictReader(file)}


def locate_tiles(province: str) -> dict[str, tuple[int, int]]:
    """Column and row (from 0, row 0 in the north) by commune code; empty where there is no such
    province.
    """
    all_tiles = _read_all_tiles()
    return {code: all_tiles[code] for code in reference.select_communes_of_province(province).index}


# Which communes of a province lie beside each other: those whose outlines touch.

# Outlines are kept to four decimals, so two sides of one border may lie 11 m apart; in degrees.
NEIGHBOUR_GAP = 0.0002


class _OutlineKey:
    """An outline set known by its fingerprint: a cache must not compare geometries."""

    def __init__(self, outline: ProvinceOutline) -> None:
        self.outline = outline
        self.name = (outline.province, outline.fingerprint)

    def __hash__(self) -> int:
        return hash(self.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _OutlineKey) and self.name == other.name


def find_touching_communes(outline: ProvinceOutline) -> Mapping[str, tuple[str, ...]]:
    """Per commune code of the province those that its outline touches, in the order of the screen.

    An island or a commune without an outline touches none: empty. Found once per set of outlines.
    """
    return _compute_neighbours(_OutlineKey(outline))


@lru_cache(maxsize=40)
def _compute_neighbours(key: _OutlineKey) -> Mapping[str, tuple[str, ...]]:
    communes = [
        str(code) for code in reference.select_communes_of_province(key.outline.province).index
    ]
    codes = [code for code in communes if code in key.outline.features]
    shapes = np.array([key.outline.features[code] for code in codes], dtype=object)
    neighbours_of: dict[str, list[int]] = {code: [] for code in communes}
    pairs = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=NEIGHBOUR_GAP)
    for index, neighbour in pairs.T.tolist():
        if index != neighbour:
            neighbours_of[codes[index]].append(neighbour)
    return {
        code: tuple(codes[neighbour] for neighbour in sorted(touching))
        for code, touching in neighbours_of.items()
    }

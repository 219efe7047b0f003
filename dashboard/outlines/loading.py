"""The outlines in use: those an office sent, else the schematic ones that come with the project."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import shapely

from dashboard import reference
from dashboard.errors import DashboardError
from dashboard.outlines import sheet

SCHEMATIC = reference.ROOT / "data" / "outlines"
_BAD = (
    OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError,
    shapely.errors.ShapelyError,
)  # fmt: skip
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outline:
    """A province's outlines: geometries in degrees by commune code, where they are from, a fingerprint."""

    province: str
    source: sheet.Source
    features: Mapping[str, shapely.Geometry]
    fingerprint: str


@lru_cache(maxsize=80)
def _read(path: Path, province: str, changed: int, size: int) -> Outline:
    body = path.read_bytes()
    source, features = sheet.parse(body)
    return Outline(province, source, features, hashlib.sha256(body).hexdigest()[:12])


@lru_cache(maxsize=80)
def _read_if_good(path: Path, province: str, changed: int, size: int) -> Outline | None:
    """None for a file that cannot be read: remembered too, so that it is tried and told once a change."""
    try:
        return _read(path, province, changed, size)
    except _BAD:
        _log.warning("outlines of %s in %s cannot be read; the schematic ones are shown", province, path.parent)
        return None


def load(province: str, outlines_dir: Path) -> Outline:
    """The outlines of a province; cheap while the file stays the same. DashboardError if there is no such province.

    A file in `outlines_dir` wins; one that cannot be read is logged and passed over, so that the map stays.
    """
    if province not in reference.provinces():
        raise DashboardError(f'không có tỉnh nào mang mã "{province}"; hãy chọn một trong 34 tỉnh, thành phố')
    name = f"{province}.geojson"
    path = outlines_dir / name
    with suppress(OSError):
        state = path.stat()
        office = _read_if_good(path, province, state.st_ctime_ns, state.st_size)
        if office is not None:
            return office
    path = SCHEMATIC / name
    state = path.stat()
    return _read(path, province, state.st_ctime_ns, state.st_size)

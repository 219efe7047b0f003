"""The outlines in use: those an office sent, else the schematic ones that come with the project."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import shapely

from dashboard import reference
from dashboard.errors import DashboardError
from dashboard.outlines import sheet

SCHEMATIC = reference.ROOT / "data" / "outlines"
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


def load(province: str, outlines_dir: Path) -> Outline:
    """The outlines of a province; cheap while the file stays the same. DashboardError if there is no such province.

    A file in `outlines_dir` wins; one that cannot be read is logged and passed over, so that the map stays.
    """
    if province not in reference.provinces():
        raise DashboardError(f'không có tỉnh nào mang mã "{province}"; hãy chọn một trong 34 tỉnh, thành phố')
    name = f"{province}.geojson"
    path = outlines_dir / name
    try:
        state = path.stat()
        return _read(path, province, state.st_mtime_ns, state.st_size)
    except FileNotFoundError:
        pass
    except (OSError, ValueError, KeyError, TypeError, AttributeError, shapely.errors.ShapelyError):
        _log.warning("outlines of %s in %s cannot be read; the schematic ones are shown", province, outlines_dir)
    path = SCHEMATIC / name
    state = path.stat()
    return _read(path, province, state.st_mtime_ns, state.st_size)

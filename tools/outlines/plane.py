"""Degrees to kilometres on a plane and back: longitude scaled by cos(latitude), areas kept."""

from __future__ import annotations

import numpy as np
import shapely

_EARTH_KM = 6371.0088
_MIDDLE = 106.5  # the meridian that stays straight; Vietnam lies between 102 and 115 degrees east
_DEGREE_KM = np.pi * _EARTH_KM / 180


def to_km(lon_lat: np.ndarray) -> np.ndarray:
    """(n, 2) degrees as (n, 2) km east of the middle meridian and north of the equator."""
    lon = lon_lat[:, 0]
    lat = lon_lat[:, 1]
    return np.column_stack(
        [(lon - _MIDDLE) * np.cos(np.radians(lat)) * _DEGREE_KM, lat * _DEGREE_KM]
    )


def to_degrees(km: np.ndarray) -> np.ndarray:
    """The way back of `to_km`."""
    lat = km[:, 1] / _DEGREE_KM
    return np.column_stack([km[:, 0] / (_DEGREE_KM * np.cos(np.radians(lat))) + _MIDDLE, lat])


def geometry_to_km(geometry: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(geometry, to_km)

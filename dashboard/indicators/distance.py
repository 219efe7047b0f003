"""How far communes are from a place, as the crow flies."""

from __future__ import annotations

import numpy as np

from dashboard.indicators.levels import Numbers

EARTH_KM = 6371.0088  # mean radius of the earth (IUGG 1980, R1)


def great_circle_km(lat: float, lon: float, lats: Numbers, lons: Numbers) -> Numbers:
    """Kilometres from one place to each of others; all in degrees, NaN where a place is not known.

    Haversine formula (R. W. Sinnott, Sky and Telescope 68, 1984): exact enough at every distance, also a few
    hundred metres, where the cosine formula loses its digits. A road is longer.
    """
    here, there = np.radians(lat), np.radians(lats)
    half = np.sin((there - here) / 2) ** 2 + np.cos(here) * np.cos(there) * np.sin(np.radians(lons - lon) / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))

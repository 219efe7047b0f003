"""The 3,321 communes and 34 provinces as decided: codes, names, places, areas; how far one is from
another.
"""

from __future__ import annotations

import re
from datetime import date, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard import text

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
COMMUNES_FILE = ROOT / "data" / "communes.csv"
KIND_WORDS = {"xa": "Xã", "phuong": "Phường", "dac_khu": "Đặc khu"}
# The two-tier local government begins: the communes of today exist since this day, nothing can be
# reported of them before, and from it on every day has exactly one rule.
FIRST_DAY = date(2025, 7, 1)
# Vietnam has had no daylight saving since 1945, so a fixed offset needs no time zone database.
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
# "H48", "H48.113", "H48.15.2": an agency of a province.
AGENCY_CODE = re.compile(r"^[A-Z]\d{2}(?:\.\d{1,4}){0,4}$")
_PROVINCE_PREFIXES = ("Tỉnh ", "Thành phố ")


@lru_cache(maxsize=1)
def load_communes() -> pd.DataFrame:
    """All communes, indexed by five-digit code, in the Vietnamese order of their bare names.

    Columns: name (as in the decision, with its kind), bare_name, kind (xa/phuong/dac_khu),
    province_code, province_name, lat, lon (degrees), area_km2 (NaN where the decision printed
    none), formed_from. Treat as read-only: the frame is shared.
    """
    # Here: who needs a constant of this file (the help of commands) waits for no data library.
    import pandas as pd

    frame = pd.read_csv(COMMUNES_FILE, dtype={"code": str, "province_code": str}, encoding="utf-8")
    # Four kinds in the file disagree with the name as decided (31213 "Phường Tân Lộc" is listed as
    # xa), crosswise in two provinces, so that each province's totals are right only by the names:
    # the name decides.
    frame["kind"] = [_find_commune_kind(name) for name in frame["name"]]
    frame["bare_name"] = [_strip_kind(name) for name in frame["name"]]
    frame["formed_from"] = frame["formed_from"].fillna("")
    frame = frame.sort_values("bare_name", key=lambda names: names.map(text.make_sort_key))
    return frame.set_index("code")


def _find_commune_kind(name: str) -> str:
    return next(
        commune_kind for commune_kind, word in KIND_WORDS.items() if name.startswith(f"{word} ")
    )


def _strip_kind(name: str) -> str:
    for word in KIND_WORDS.values():
        name = name.removeprefix(f"{word} ")
    return name.strip()


@lru_cache(maxsize=1)
def load_province_names() -> dict[str, str]:
    """Province code to its name without "Tỉnh"/"Thành phố", in the Vietnamese order of names."""
    names = (
        load_communes().drop_duplicates("province_code").set_index("province_code")["province_name"]
    )
    return dict(
        sorted(
            ((code, shorten_province_name(name)) for code, name in names.items()),
            key=lambda code_and_name: text.make_sort_key(code_and_name[1]),
        )
    )


def shorten_province_name(name: str) -> str:
    """`"Tỉnh Quảng Ngãi"` as `"Quảng Ngãi"`."""
    for prefix in _PROVINCE_PREFIXES:
        name = name.removeprefix(prefix)
    return name


@lru_cache(maxsize=64)
def select_communes_of_province(province_code: str) -> pd.DataFrame:
    """The communes of one province; empty where there is no such province."""
    frame = load_communes()
    return frame[frame["province_code"] == province_code]


# How far communes are from a place, as the crow flies.

EARTH_RADIUS_KM = 6371.0088  # mean radius of the earth (IUGG 1980, R1)


def measure_great_circle_km(
    lat: float, lon: float, lats: npt.NDArray[np.float64], lons: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Kilometres from one place to each of others; all in degrees, NaN where a place is not known.

    Haversine formula (R. W. Sinnott, Sky and Telescope 68, 1984): exact enough at every distance,
    also a few hundred metres, where the cosine formula loses its digits. A road is longer.
    """
    import numpy as np  # as above

    here = np.radians(lat)
    there = np.radians(lats)
    half = (
        np.sin((there - here) / 2) ** 2
        + np.cos(here) * np.cos(there) * np.sin(np.radians(lons - lon) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))

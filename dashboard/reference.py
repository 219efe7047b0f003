"""The 3,321 communes and 34 provinces as decided: codes, names, places, areas."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pandas as pd

from dashboard import text

ROOT = Path(__file__).resolve().parent.parent
COMMUNES_FILE = ROOT / "data" / "communes.csv"
KIND_WORDS = {"xa": "Xã", "phuong": "Phường", "dac_khu": "Đặc khu"}
_PROVINCE_PREFIXES = ("Tỉnh ", "Thành phố ")


@lru_cache(maxsize=1)
def communes() -> pd.DataFrame:
    """All communes, indexed by five-digit code, in the Vietnamese order of their bare names.

    Columns: name (as in the decision, with its kind), bare_name, kind (xa/phuong/dac_khu),
    province_code, province_name, lat, lon (degrees), area_km2 (NaN where the decision printed
    none), formed_from. Treat as read-only: the frame is shared.
    """
    frame = pd.read_csv(COMMUNES_FILE, dtype={"code": str, "province_code": str}, encoding="utf-8")
    # Four kinds in the file disagree with the name as decided (31213 "Phường Tân Lộc" is listed as xa), crosswise in
    # two provinces, so that each province's totals are right only by the names: the name decides.
    frame["kind"] = [_kind_of(name) for name in frame["name"]]
    frame["bare_name"] = [_without_kind(name) for name in frame["name"]]
    frame["formed_from"] = frame["formed_from"].fillna("")
    frame = frame.sort_values("bare_name", key=lambda names: names.map(text.sort_key))
    return frame.set_index("code")


def _kind_of(name: str) -> str:
    return next(kind for kind, word in KIND_WORDS.items() if name.startswith(f"{word} "))


def _without_kind(name: str) -> str:
    for word in KIND_WORDS.values():
        name = name.removeprefix(f"{word} ")
    return name.strip()


@lru_cache(maxsize=1)
def provinces() -> dict[str, str]:
    """Province code to its name without "Tỉnh"/"Thành phố", in the Vietnamese order of names."""
    names = communes().drop_duplicates("province_code").set_index("province_code")["province_name"]
    return dict(sorted(((c, short_province(n)) for c, n in names.items()), key=lambda item: text.sort_key(item[1])))


def short_province(name: str) -> str:
    """`"Tỉnh Quảng Ngãi"` as `"Quảng Ngãi"`."""
    for prefix in _PROVINCE_PREFIXES:
        name = name.removeprefix(prefix)
    return name


@lru_cache(maxsize=64)
def communes_of(province_code: str) -> pd.DataFrame:
    """The communes of one province; empty where there is no such province."""
    frame = communes()
    return frame[frame["province_code"] == province_code]

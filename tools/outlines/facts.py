"""The points that stand for a commune: its own centre and those of the units that formed it.

From the PyPI package `vietnamadminunits` 1.x: `admin_units_legacy` (centre and bounding box of the
10,035 units before 01/07/2025) and `converter_2025.json` (which of them became which commune).
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd

from tools.outlines import plane

_BOX = r"([\d.]+),([\d.]+) – ([\d.]+),([\d.]+)"
# A unit covers about half of its bounding box; only ratios between units matter here.
_FILLS_BOX = 0.54


@dataclass(frozen=True)
class Former:
    """A unit before 01/07/2025: its point, the middle and the half sides of its bounding box (km),
    about how large it was by that box (km²), and how many communes share it."""

    place: tuple[float, float]
    box_middle: tuple[float, float]
    box_half: tuple[float, float]
    area: float
    shared_by: int


def _data() -> Path:
    spec = find_spec("vietnamadminunits")
    if spec is None or spec.origin is None:
        raise SystemExit("vietnamadminunits is missing: pip install -r requirements-dev.txt")
    return Path(spec.origin).parent / "data"


def _legacy() -> pd.DataFrame:
    """Place (x, y in km) and size (km²) of every former unit, by the key that the
    converter uses.
    """
    with sqlite3.connect(_data() / "dataset.db") as base:
        units = pd.read_sql("SELECT * FROM admin_units_legacy WHERE wardLat IS NOT NULL", base)
    box = units["wardBounds"].str.extract(_BOX).astype(float).to_numpy()
    low = plane.to_km(box[:, [1, 0]])
    high = plane.to_km(box[:, [3, 2]])
    places = plane.to_km(units[["wardLon", "wardLat"]].to_numpy())
    area = np.abs((high - low).prod(axis=1)) * _FILLS_BOX
    keys = units["provinceKey"] + "_" + units["districtKey"] + "_" + units["wardKey"]
    middle = (low + high) / 2
    half = np.abs(high - low) / 2
    columns = np.column_stack([places, middle, half, area])
    frame = pd.DataFrame(
        columns, columns=["x", "y", "mx", "my", "hx", "hy", "area"], index=pd.Index(keys)
    )
    # Two units at one point: one of them was not found and got its district's point. Which one is
    # not known, so neither place is used.
    return frame[~frame.duplicated(["x", "y"], keep=False)]


def formers() -> dict[str, list[Former]]:
    """Commune code to the former units it consists of; units without a known place are left out."""
    legacy = _legacy().to_dict("index")
    with sqlite3.connect(_data() / "dataset.db") as base:
        rows = base.execute("SELECT provinceKey, wardKey, wardCode FROM admin_units").fetchall()
    code_of = {(province, ward): code for province, ward, code in rows}
    converter = json.loads((_data() / "converter_2025.json").read_text("utf-8"))
    parts: dict[str, list[tuple[str, int]]] = {}
    for province, communes in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for commune, keys in communes.items():
            parts.setdefault(code_of[province, commune], []).extend((key, 1) for key in keys)
    for province, units in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for key, communes in units.items():
            for commune in communes:
                parts.setdefault(code_of[province, commune["newWardKey"]], []).append(
                    (key, len(communes))
                )
    return {
        code: [
            Former(
                (at["x"], at["y"]), (at["mx"], at["my"]), (at["hx"], at["hy"]), at["area"], shared
            )
            for at, shared in ((legacy.get(key), shared) for key, shared in units)
            if at is not None
        ]
        for code, units in parts.items()
    }

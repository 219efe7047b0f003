"""The map of /toan-quoc: one equal tile a province near its true place, with its units by level.

Tiles and not circles at the provinces' middles: around Hà Nội those lie closer together than a
telephone can show them apart. The layout is `data/province_tiles.csv`.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from dashboard import reference
from dashboard.indicators.nation import ProvinceDigest
from dashboard.web import theme

TILES_FILE = reference.ROOT / "data" / "province_tiles.csv"
# One unit is a pixel on a telephone of 390 pixels.
CELL_WIDTH = 60
CELL_HEIGHT = 52
GAP = 4
_BAR_HEIGHT = 10
_INSET = 5
_LONGEST_LINE = 7  # letters of 12 pixels that a tile holds
# Islands far off belong to a province whose tile stands on the coast; each is named where it lies.
ISLANDS = ((("Hoàng", "Sa"), "48", 5, 6), (("Trường", "Sa"), "56", 5, 11))


@lru_cache(maxsize=1)
def load_province_tiles() -> dict[str, tuple[int, int]]:
    """Column and row by province code; row 0 is the northernmost."""
    with TILES_FILE.open(encoding="utf-8") as file:
        return {row["code"]: (int(row["column"]), int(row["row"])) for row in csv.DictReader(file)}


def measure_map() -> tuple[int, int]:
    """Width and height of the drawing."""
    tiles = load_province_tiles().values()
    islands = [(column, row) for _, _, column, row in ISLANDS]
    columns = 1 + max(column for column, _ in [*tiles, *islands])
    rows = 1 + max(row for _, row in [*tiles, *islands])
    return columns * CELL_WIDTH, rows * CELL_HEIGHT


def break_name(name: str) -> list[str]:
    """A name in at most two lines, where it is longer than a tile."""
    if len(name) <= _LONGEST_LINE or " " not in name:
        return [name]
    words = name.split()
    half = (len(words) + 1) // 2
    return [" ".join(words[:half]), " ".join(words[half:])]


def draw_tile(summary: ProvinceDigest) -> dict[str, Any]:
    """Where a province's tile stands, and the stretches of its bar: x, width, level."""
    column, row = load_province_tiles()[summary.province]
    name = reference.load_province_names()[summary.province]
    width = CELL_WIDTH - GAP - 2 * _INSET
    stretches = []
    left = float(_INSET)
    for level in theme.LEVELS if summary.has_data else ():
        share = width * summary.levels[level] / summary.units
        if share:
            stretches.append((round(left, 1), round(share, 1), level))
        left += share
    return {
        "x": column * CELL_WIDTH,
        "y": row * CELL_HEIGHT,
        "lines": break_name(name),
        "bar": stretches,
    }


def draw_islands() -> list[dict[str, Any]]:
    """The tiles of islands far off: their lines, their province, their place."""
    names = reference.load_province_names()
    return [
        {
            "x": column * CELL_WIDTH,
            "y": row * CELL_HEIGHT,
            "lines": list(lines),
            "province": province,
            "owner": names[province],
        }
        for lines, province, column, row in ISLANDS
    ]


def list_sizes() -> dict[str, Sequence[int] | int]:
    """What the template needs to place the parts of a tile."""
    return {
        "map": measure_map(),
        "width": CELL_WIDTH - GAP,
        "height": CELL_HEIGHT - GAP,
        "bar_top": CELL_HEIGHT - GAP - _INSET - _BAR_HEIGHT,
        "bar_height": _BAR_HEIGHT,
        "middle": (CELL_WIDTH - GAP) // 2,
    }

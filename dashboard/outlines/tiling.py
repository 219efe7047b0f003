"""Where each commune's tile stands in the tile map; computed by `tools/build_tiles.py`."""

from __future__ import annotations

import csv
from functools import lru_cache

from dashboard import reference

FILE = reference.ROOT / "data" / "tiles.csv"


@lru_cache(maxsize=1)
def _all() -> dict[str, tuple[int, int]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: (int(row["column"]), int(row["row"])) for row in csv.DictReader(file)}


def tiles(province: str) -> dict[str, tuple[int, int]]:
    """Column and row (from 0, row 0 in the north) by commune code; empty where there is no such province."""
    every = _all()
    return {code: every[code] for code in reference.communes_of(province).index}

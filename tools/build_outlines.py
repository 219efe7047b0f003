"""Compute the schematic outlines of all communes: `python -m tools.build_outlines` (some minutes,
needs npm).

Facts in: `data/communes.csv`, the PyPI package `vietnamadminunits`, the npm package `world-atlas`.
Out: `data/outlines/<province>.geojson` and `data/outlines/README.md` with counts and exceptions.
The steps and their reasons stand in `tools/outlines`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from dashboard import reference
from dashboard.outlines import geojson
from tools.outlines import (
    areas,
    balance,
    facts,
    land,
    pieces,
    plane,
    report,
    rounding,
    sites,
    world,
)

FOLDER = reference.ROOT / "data" / "outlines"
ROUNDS = 4


def build(
    communes: pd.DataFrame, topology: dict[str, Any]
) -> tuple[dict[str, shapely.Geometry], np.ndarray, dict[str, list[str]]]:
    """Outline in degrees by commune code, the areas aimed at (km²), and notes by code on every
    exception.

    `communes`: reference.load_communes(), sorted by code.
    """
    stand = sites.build(communes, plane.to_km(communes[["lon", "lat"]].to_numpy()), facts.formers())
    drawn = world.vietnam(topology)
    island = land.apart(drawn, stand.places, stand.area)
    on_land = ~island[stand.owner]
    points = stand.points[on_land]
    owner = stand.owner[on_land]
    share = stand.share[on_land]
    centre = stand.centre[on_land]
    ground = land.without_islands(drawn, stand.places[island], stand.area[island])
    ground = land.with_shores(
        ground, points, stand.area[owner] * np.where(centre, 1, share), centre
    )
    nearest = balance.nearest_land(points, owner, ground, len(communes))
    area, doubts = areas.aims(communes, np.where(island, stand.area, nearest))
    for turn in range(ROUNDS):
        start = area[owner] * share / np.pi / 2
        cells = balance.balance(points, owner, start, np.flatnonzero(centre), area, ground, print)
        parts, holder, idle = pieces.together(cells, owner, stand.places)
        print(f"round {turn}: {idle.sum()} of {len(points)} points lie cut off from their commune")
        # A point behind another commune's land is left out, so that its commune can grow where it
        # is.
        stays = ~idle | centre
        points = points[stays]
        owner = owner[stays]
        share = share[stays]
        centre = centre[stays]
    outlines = pieces.merge(parts, holder, len(communes))
    rounds = {}
    for row in np.flatnonzero(island):
        outlines[row] = shapely.difference(land.circle(stand.places[row], area[row]), ground)
        rounds[str(communes.index[row])] = (
            "an island that the drawn land does not carry: round, true area, true place"
        )
    notes: dict[str, list[str]] = {}
    for code, note in (one for kind in (stand.notes, doubts, rounds) for one in kind.items()):
        notes.setdefault(code, []).append(note)
    return dict(zip(communes.index, rounding.rounded(outlines), strict=True)), area, notes


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--atlas", type=Path, help="countries-10m.json, where npm is not at hand")
    atlas = options.parse_args().atlas
    communes = reference.load_communes().sort_index()
    outlines, aims, notes = build(
        communes, json.loads(atlas.read_text()) if atlas else world.fetch()
    )
    for province in reference.load_province_names():
        codes = reference.select_communes_of_province(province).index
        print(
            province,
            geojson.write_outlines(
                FOLDER, province, {code: outlines[code] for code in codes}, "schematic"
            ),
            "bytes",
        )
    report.write(FOLDER / "README.md", communes, outlines, aims, notes)


if __name__ == "__main__":
    main()

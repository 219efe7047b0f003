"""Compute the tile map: `python -m tools.build_tiles` (a minute) writes `data/tiles.csv`.

One equal tile per commune, none twice, each as near to its true place as can be: of all ways to put
n communes on the cells of a square grid that covers the province, the one with the least sum of
squared distances (linear assignment). Cells inside the province's outline come first, so that the
tiles keep its shape; islands far off keep a place of their own beside it.
"""

from __future__ import annotations

import csv

import numpy as np
import shapely
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from dashboard import reference
from dashboard.outlines.in_use import SCHEMATIC, TILES_FILE, load_outlines
from tools.outlines import plane

# A cell outside the province costs as much as moving a commune there by one tile more.
OUTSIDE = 1.0
# Water this wide makes an island stand apart, in a place of its own.
FAR_KM = 8.0
# Side of a cell, as a part of the square root of the mean area: a little large, so that the thinly
# settled parts close up, and the towns spread less far than they would with small cells.
SIDE = 1.12
_PHASES = 5  # starts of the grid tried along each axis


def assign(places: np.ndarray, cells: np.ndarray, extra: np.ndarray) -> tuple[np.ndarray, float]:
    """Index of each place's cell, and the total cost: squared distances plus `extra` of the cells
    used.

    `places` (n, 2) and `cells` (m, 2), m ≥ n, in units of one tile; `extra` (m,).
    """
    cost = ((places[:, None] - cells[None]) ** 2).sum(axis=2) + extra
    rows, columns = linear_sum_assignment(cost)
    return columns, float(cost[rows, columns].sum())


def far_islands(shapes: list[shapely.Geometry]) -> np.ndarray:
    """Communes (boolean) that lie across more than FAR_KM of water from the bulk of
    the province.
    """
    first, second = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=FAR_KM)
    links = coo_matrix((np.ones(len(first)), (first, second)), (len(shapes), len(shapes)))
    _, group = connected_components(links, directed=False)
    return np.asarray(group != np.bincount(group).argmax())


def layout(places: np.ndarray, outline: shapely.Geometry) -> np.ndarray:
    """(n, 2) column and row (row 0 in the north) for places in km, within the
    province's outline.
    """
    side = SIDE * np.sqrt(outline.area / len(places))
    shapely.prepare(outline)
    best: tuple[float, np.ndarray] | None = None
    for phase in np.ndindex(_PHASES, _PHASES):
        origin = places.min(axis=0) - side * (4 - np.array(phase) / _PHASES)
        count = np.ceil((places.max(axis=0) - origin) / side).astype(int) + 4
        grid = np.stack(np.meshgrid(*map(np.arange, count), indexing="ij"), axis=-1).reshape(-1, 2)
        centres = origin + (grid + 0.5) * side
        off = shapely.distance(shapely.points(centres), outline) / side
        near = off < 3
        chosen, cost = assign(
            places / side, centres[near] / side, OUTSIDE * np.minimum(off[near], 1)
        )
        if best is None or cost < best[0]:
            best = cost, grid[near][chosen] * [1, -1]
    assert best is not None
    return np.asarray(best[1] - best[1].min(axis=0))


def with_islands(tiles: np.ndarray, places: np.ndarray, island: np.ndarray) -> np.ndarray:
    """Tiles of all communes: `tiles` of the others, and the islands in a column of their own, one
    tile apart.

    They stand on the side where they lie, from north to south, near the height of their true place.
    """
    every = np.zeros((len(places), 2), dtype=int)
    every[~island] = tiles
    rows = int(tiles[:, 1].max()) + 1
    top = places[~island, 1].max()
    bottom = places[~island, 1].min()
    east = places[:, 0] > np.median(places[~island, 0])
    for side, column in ((east, int(tiles[:, 0].max()) + 2), (~east, -2)):
        here = np.flatnonzero(island & side)
        here = here[np.argsort(-places[here, 1])]
        wished = np.clip(
            (top - places[here, 1]) / max(top - bottom, 1e-9) * (rows - 1), 0, rows - 1
        )
        row = -2
        for index, wish in zip(here, np.round(wished).astype(int), strict=True):
            row = max(row + 2, int(wish))
            every[index] = column, row
    return every - every.min(axis=0)


def province_tiles(province: str) -> dict[str, tuple[int, int]]:
    """Column and row by commune code."""
    outlines = load_outlines(province, SCHEMATIC).features
    codes = sorted(outlines)
    shapes = [plane.geometry_to_km(outlines[code]) for code in codes]
    # The middle of the outline, not the listed centre point: eight of those are wrong.
    places = np.array([shapely.centroid(shape).coords[0] for shape in shapes])
    island = far_islands(shapes)
    main = shapely.union_all([shape for shape, off in zip(shapes, island, strict=True) if not off])
    tiles = layout(places[~island], main)
    every = with_islands(tiles, places, island)
    return {code: (int(column), int(row)) for code, (column, row) in zip(codes, every, strict=True)}


def main() -> None:
    rows = []
    for province in sorted(reference.load_province_names()):
        tiles = province_tiles(province)
        rows += [(code, column, row) for code, (column, row) in tiles.items()]
        columns, height = (max(tile[axis] for tile in tiles.values()) + 1 for axis in (0, 1))
        print(f"{province}: {len(tiles)} tiles, {columns} × {height}")
    with TILES_FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "column", "row"))
        writer.writerows(sorted(rows))


if __name__ == "__main__":
    main()

"""Cells of one commune merged; pieces cut off by another commune go to whom they touch most."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

_TOUCH_KM = 0.02  # two pieces that share less border than this only meet in a corner
_SCRAP_KM2 = 1e-4


def _explode(cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Single polygons and the site each is of."""
    parts, site = shapely.get_parts(cells, return_index=True)
    solid = (shapely.get_dimensions(parts) == 2) & (shapely.area(parts) > _SCRAP_KM2)
    return parts[solid], site[solid]


def _borders(parts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs of parts (i, j) that touch, and the length of what they share."""
    first, second = shapely.STRtree(parts).query(parts, predicate="intersects")
    once = first < second
    first = first[once]
    second = second[once]
    length = shapely.length(shapely.intersection(parts[first], parts[second]))
    touch = length > _TOUCH_KM
    return first[touch], second[touch], length[touch]


def together(
    cells: np.ndarray, owner: np.ndarray, places: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Parts (n,) and their owners such that no commune lies in two pieces, except across water.

    A commune keeps the piece that holds its place, else its largest. The third answer says which
    sites (boolean) kept nothing for their own commune.
    """
    parts, site = _explode(cells)
    wanted = owner
    owner = wanted[site]
    first, second, length = _borders(parts)
    for _ in range(6):
        same = owner[first] == owner[second]
        links = coo_matrix(
            (np.ones(same.sum()), (first[same], second[same])), (len(parts), len(parts))
        )
        _, block = connected_components(links, directed=False)
        size = np.bincount(block, shapely.area(parts))
        holds = shapely.intersects_xy(parts, *places[owner].T)
        size = size + 1e6 * np.bincount(block, holds)
        main = np.zeros(len(places), dtype=int)
        order = np.argsort(size[block], kind="stable")
        main[owner[order]] = block[order]
        strayed = block != main[owner]
        touching = (
            np.concatenate([first[~same], second[~same]]),
            np.concatenate([second[~same], first[~same]]),
        )
        lengths = np.concatenate([length[~same], length[~same]])
        # How long each strayed block borders on each other commune.
        away = strayed[touching[0]]
        pairs = block[touching[0][away]], owner[touching[1][away]]
        table = coo_matrix((lengths[away], pairs), (len(parts), len(places))).tocsr()
        moved = False
        for one in np.unique(block[strayed]):
            row = table[one]
            if row.nnz:
                owner = np.where(block == one, row.indices[row.data.argmax()], owner)
                moved = True
        if not moved:
            break
    kept = np.bincount(site[owner == wanted[site]], minlength=len(cells)) > 0
    return parts, owner, ~kept


def merge(parts: np.ndarray, owner: np.ndarray, count: int) -> np.ndarray:
    """One geometry per commune (count,), made of its parts without their inner borders."""
    order = np.argsort(owner, kind="stable")
    bounds = np.searchsorted(owner[order], np.arange(count + 1))
    return np.array([shapely.coverage_union_all(parts[order[a:b]]) for a, b in pairwise(bounds)])

"""The tile map: everybody once, nobody on another's place, nobody further than needed."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import reference
from dashboard.outlines.in_use import SCHEMATIC, load_outlines, locate_tiles
from tools import build_tiles
from tools.outlines import plane

PROVINCES = sorted(reference.load_province_names())


@pytest.mark.parametrize("province", PROVINCES)
def test_every_commune_has_one_tile_of_its_own(province: str) -> None:
    tiles = locate_tiles(province)
    assert set(tiles) == set(reference.select_communes_of_province(province).index)
    assert len(set(tiles.values())) == len(tiles)
    assert min(column for column, _ in tiles.values()) == 0
    assert min(row for _, row in tiles.values()) == 0


@pytest.mark.parametrize("province", PROVINCES)
def test_tiles_stand_near_their_true_place(province: str) -> None:
    shapes = {
        code: plane.geometry_to_km(outline)
        for code, outline in load_outlines(province, SCHEMATIC).features.items()
    }
    codes = sorted(shapes)
    main = ~build_tiles.far_islands([shapes[code] for code in codes])
    codes = [code for code, stays in zip(codes, main, strict=True) if stays]
    side = build_tiles.SIDE * np.sqrt(np.mean([shapes[code].area for code in codes]))
    places = np.array([shapely.centroid(shapes[code]).coords[0] for code in codes]) / side
    tiles = np.array([locate_tiles(province)[code] for code in codes]) * [1, -1]
    moved = np.linalg.norm((places - places.mean(axis=0)) - (tiles - tiles.mean(axis=0)), axis=1)
    # Hồ Chí Minh City: a hundred wards of 2 km² among communes of 100 km².
    assert moved.mean() < (2 if province == "79" else 1.5)
    assert moved.max() < 4


def test_an_island_keeps_a_place_apart() -> None:
    tiles = locate_tiles("51")
    island = reference.select_communes_of_province("51").query("kind == 'dac_khu'").index[0]
    column, row = tiles.pop(island)
    others = list(tiles.values())
    # one empty column between, on the side of the sea
    assert column == max(c for c, _ in others) + 2
    assert row <= 2  # in the north of the province, as in truth


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5))
def test_the_assignment_is_the_best_of_all_permutations(seed: int, count: int) -> None:
    random = np.random.default_rng(seed)
    places = random.uniform(0, 3, (count, 2))
    cells = np.array([(x, y) for x in range(3) for y in range(2)], dtype=float)
    extra = random.uniform(0, 1, len(cells))
    chosen, cost = build_tiles.assign(places, cells, extra)
    best = min(
        sum(((places[i] - cells[cell]) ** 2).sum() + extra[cell] for i, cell in enumerate(order))
        for order in permutations(range(len(cells)), count)
    )
    assert cost == pytest.approx(best)
    assert len(set(chosen)) == count


def test_an_unknown_province_has_no_tiles() -> None:
    assert locate_tiles("99") == {}

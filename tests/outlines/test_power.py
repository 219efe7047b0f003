"""The power diagram and its steps against slow, obvious twins."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.outlines import balance, land, pieces, power

SQUARE = shapely.box(0, 0, 10, 10)


def sites(seed: int, count: int = 12) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    return random.uniform(0.5, 9.5, (count, 2)), random.uniform(0, 2, count)


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_every_place_lies_in_the_cell_of_the_site_with_least_power(seed: int) -> None:
    points, weights = sites(seed)
    cells = power.diagram(points, weights).cells
    for point in np.random.default_rng(seed).uniform(0, 10, (30, 2)):
        least = int(np.argmin(((points - point) ** 2).sum(axis=1) - weights))
        assert shapely.distance(cells[least], shapely.Point(point)) < 1e-6


def test_cells_cover_the_land_without_overlap() -> None:
    points, weights = sites(1)
    cells = balance.clip(power.diagram(points, weights).cells, SQUARE)
    assert shapely.area(cells).sum() == pytest.approx(100)
    assert shapely.coverage_is_valid(cells[~shapely.is_empty(cells)])


def test_touching_pairs_are_those_that_share_an_edge() -> None:
    points, weights = sites(2)
    diagram = power.diagram(points, weights)
    shared = {
        (i, j)
        for i in range(len(points))
        for j in range(i + 1, len(points))
        if shapely.length(shapely.intersection(diagram.cells[i], diagram.cells[j], grid_size=1e-9))
        > 1e-6
    }
    assert {tuple(sorted(pair)) for pair in diagram.pairs.tolist()} == shared


def test_balancing_gives_each_commune_its_area_and_its_centre() -> None:
    points, _ = sites(3, 9)
    owner = np.arange(9) // 3
    centre = np.array([0, 3, 6])
    area = np.array([20.0, 30.0, 50.0])
    cells = balance.balance(points, owner, np.zeros(9), centre, area, SQUARE, lambda line: None)
    got = np.bincount(owner, shapely.area(cells))
    # A commune's centre stays in its cell, even where the area would have it otherwise.
    assert np.abs(got - area).max() < 10
    assert all(shapely.distance(cells[site], shapely.Point(points[site])) < 1e-9 for site in centre)


def test_a_piece_cut_off_goes_to_the_neighbour_it_touches_most() -> None:
    cells = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 3, 1), shapely.box(3, 0, 3.5, 1)])
    parts, holder, idle = pieces.together(
        cells, np.array([0, 1, 0]), np.array([[0.5, 0.5], [2, 0.5]])
    )
    merged = pieces.merge(parts, holder, 2)
    assert shapely.area(merged).tolist() == [1, 2.5]
    assert idle.tolist() == [False, False, True]


def test_a_piece_across_water_stays_with_its_commune() -> None:
    cells = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 3, 1), shapely.box(5, 0, 5.5, 1)])
    parts, holder, idle = pieces.together(
        cells, np.array([0, 1, 0]), np.array([[0.5, 0.5], [2, 0.5]])
    )
    assert shapely.area(pieces.merge(parts, holder, 2)).tolist() == [1.5, 2]
    assert not idle.any()


@settings(deadline=None)
@given(st.floats(0.5, 500))
def test_a_round_island_has_exactly_its_area(area: float) -> None:
    assert land.circle(np.array([3.0, 4.0]), area).area == pytest.approx(area)

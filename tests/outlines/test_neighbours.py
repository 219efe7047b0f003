"""Neighbours: both sides agree, islands have none, and the nearest by centre stands in for them."""

from __future__ import annotations

import pytest

from dashboard import reference
from dashboard.outlines import in_use
from dashboard.outlines.in_use import load_outlines
from dashboard.settings import ROOT


@pytest.mark.parametrize("province", ["51", "25"])
def test_whoever_is_my_neighbour_has_me_as_neighbour(province: str) -> None:
    neighbours = in_use.find_touching_communes(load_outlines(province, ROOT / "nowhere"))
    assert set(neighbours) == set(reference.select_communes_of_province(province).index)
    for code, others in neighbours.items():
        assert code not in others
        assert all(code in neighbours[other] for other in others)


def test_an_island_touches_nobody() -> None:
    assert in_use.find_touching_communes(load_outlines("51", ROOT / "nowhere"))["21548"] == ()


def test_neighbours_follow_the_order_of_the_screen_and_are_near() -> None:
    communes = reference.select_communes_of_province("51")
    order, lat = [str(code) for code in communes.index], communes["lat"]
    for code, others in in_use.find_touching_communes(
        load_outlines("51", ROOT / "nowhere")
    ).items():
        assert list(others) == sorted(others, key=order.index)
        assert all(abs(lat[other] - lat[code]) < 0.6 for other in others)

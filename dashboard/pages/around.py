"""What lies around a commune: those whose outlines touch its own; of an island the nearest ones."""

from __future__ import annotations

from typing import Any

from dashboard import text
from dashboard.indicators.distance import great_circle_km
from dashboard.outlines import Outline
from dashboard.outlines.neighbours import neighbours as touching
from dashboard.pages.address import View
from dashboard.pages.navigation import commune_address
from dashboard.views.one_commune import One

NEAREST = 3  # named where nothing touches


def neighbours(one: One, outline: Outline, view: View) -> dict[str, Any]:
    """`touching`, and per neighbour its name, level and address; `away` in km where it only lies near.

    Communes of the same province alone: what the next province's look like is not in this report.
    """
    beside = touching(outline)[one.code]
    if beside:
        return {"touching": True, "communes": [_told(One(one.report, code), view) for code in beside]}
    frame = one.report.communes
    here = frame.loc[one.code]
    distance = great_circle_km(here["lat"], here["lon"], frame["lat"].to_numpy(), frame["lon"].to_numpy())
    near = [at for at in distance.argsort().tolist() if frame.index[at] != one.code][:NEAREST]
    communes = [_told(One(one.report, str(frame.index[at])), view, f"{text.number(distance[at])} km") for at in near]
    return {"touching": False, "communes": communes}


def _told(one: One, view: View, away: str = "") -> dict[str, str]:
    return {"name": one.name, "level": one.level, "href": commune_address(one.code, view), "away": away}

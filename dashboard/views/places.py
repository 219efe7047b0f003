"""A commune's place in words: among its peers by evidence, with its uncertainty, and by plain counts."""

from __future__ import annotations

import math
from typing import Any

from dashboard import text
from dashboard.views.dossier_words import INCOMPLETE, NO_ACTIVITY
from dashboard.views.explain import NO_DATA


def place(row: Any, peers: str) -> str:
    """A row of ranking.rank_rates: `hạng 12/133 xã; có thể từ 8 đến 19`, or why there is no place.

    The places that the 95 % intervals leave open are told whenever there are several.
    """
    if row["state"] == "unknown":
        return "không xếp hạng"  # that nothing is known stands beside it
    if row["state"] != "ranked":
        return f"không xếp hạng: {unranked(row)}"
    at = f"hạng {text.number(row['place'])}/{text.number(row['ranked'])} {peers}"
    first, last = row["place_from"], row["place_to"]
    return at if first == last else f"{at}; có thể từ {text.number(first)} đến {text.number(last)}"


def unranked(row: Any) -> str:
    """Why a row of ranking.rank_rates has no place."""
    if row["state"] == "too_few":
        return f"chỉ {text.number(row['n'])} hồ sơ"
    return {"incomplete": INCOMPLETE, "no_activity": NO_ACTIVITY, "unknown": NO_DATA}[row["state"]]


def counted(row: Any) -> str:
    """A row of ranking.rank_counts as newspapers print it: `8/135`."""
    return NO_DATA if math.isnan(row["place"]) else f"{text.number(row['place'])}/{text.number(row['of'])}"

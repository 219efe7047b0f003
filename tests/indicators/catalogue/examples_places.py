"""Worked examples of comparing communes, computed by the indicators themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import pandas as pd

from dashboard.indicators.criteria import PeerFlag
from dashboard.indicators.throughput import ranking, rates, weekly_history
from tests.indicators.catalogue import small_province
from tests.indicators.catalogue.small_province import Figures


def compute_peer_groups() -> Figures:
    """The labels of three communes."""
    communes = pd.DataFrame({"kind": ["xa", "xa", "phuong"]}, index=["A", "B", "C"])
    labels = ranking.label_peer_groups(communes, (PeerFlag("mountainous", "miền núi", ("B",)),))
    return dict(zip("ABC", labels, strict=True))


def compute_quartiles() -> Figures:
    """Five communes of a group, one of them with few dossiers."""
    counts = {"A": (60, 100), "B": (70, 100), "C": (80, 100), "D": (360, 400), "E": (10, 10)}
    rows = [
        {**small_province.AUGUST, "unit": unit, "received": received, "on_time_766": in_time}
        for unit, (in_time, received) in counts.items()
    ]
    shares = rates.compute_rate(small_province.resolve_period(rows, tuple(counts)), "on_time_766")
    groups = np.array(["xa"] * 5, dtype=object)
    row = ranking.summarise_peer_groups(shares, groups, small_province.MINIMUM).loc["xa"]
    return {
        "communes": row["communes"],
        "enough": row["told"],
        "q1": row["q1"],
        "median": row["median"],
        "q3": row["q3"],
        "value": row["value"],
    }


def compute_band() -> Figures:
    """What four peers received in one week; one of them is not told of."""
    received = np.array([[10.0], [20.0], [40.0], [np.nan]])
    quartiles = weekly_history.compute_peer_band(received, np.ones(4, dtype=np.bool_))[:, 0]
    return dict(zip(("q1", "median", "q3"), quartiles, strict=True))


def compute_wilson() -> Figures:
    """The same share by little and by much evidence."""
    lower, upper = ranking.compute_wilson_interval([45, 900], [50, 1000])
    return {
        "low_50": lower[0],
        "high_50": upper[0],
        "low_1000": lower[1],
        "high_1000": upper[1],
    }


def compute_places() -> Figures:
    """Much evidence, the same again, little of it, too little, and nothing received."""
    in_time = pd.Series({"A": 950.0, "B": 950.0, "C": 39.0, "D": 20.0, "E": 0.0})
    received = pd.Series({"A": 1000.0, "B": 1000.0, "C": 40.0, "D": 20.0, "E": 0.0})
    groups = pd.Series("xa", index=in_time.index)
    places = ranking.rank_rates(in_time, received, groups, small_province.MINIMUM)
    return {
        "A": places.at["A", "place"],
        "B": places.at["B", "place"],
        "C": places.at["C", "place"],
        "C_rate": places.at["C", "rate"],
        "C_from": places.at["C", "place_from"],
        "C_to": places.at["C", "place_to"],
        "D": places.at["D", "state"],
        "E": places.at["E", "state"],
        "ranked": places.at["A", "ranked"],
        "group": places.at["A", "group_size"],
    }


def compute_plain_places() -> Figures:
    """Places by what was received; D did not tell."""
    received = pd.Series({"A": 200.0, "B": 300.0, "C": 200.0, "D": np.nan})
    places = ranking.rank_counts(received)
    by_code = {code: places.at[code, "place"] for code in "ABCD"}
    return {**by_code, "of": places.at["A", "of"]}


EXAMPLES: Final[Mapping[str, Callable[[], Figures]]] = {
    "peer_group": compute_peer_groups,
    "peer_quartiles": compute_quartiles,
    "peer_band": compute_band,
    "wilson": compute_wilson,
    "place": compute_places,
    "place_range": compute_places,
    "plain_place": compute_plain_places,
}

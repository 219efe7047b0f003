"""Worked examples of comparing communes, computed by the indicators themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from dashboard.indicators import course, peers, ranking, rates
from dashboard.indicators.catalogue import small_province as small
from dashboard.indicators.criteria import PeerFlag

Found = dict[str, Any]


def _shares(told: dict[str, tuple[int, int]]) -> rates.Rated:
    rows = [{**small.AUGUST, "unit": unit, "received": n, "on_time_766": part} for unit, (part, n) in told.items()]
    return rates.rated(small.answered(rows, tuple(told)), "on_time_766")


def group() -> Found:
    """The labels of three communes."""
    communes = pd.DataFrame({"kind": ["xa", "xa", "phuong"]}, index=["A", "B", "C"])
    found = peers.groups(communes, (PeerFlag("mountainous", "miền núi", ("B",)),))
    return dict(zip("ABC", found, strict=True))


def quartiles() -> Found:
    """Five communes of a group, one of them with few dossiers."""
    told = {"A": (60, 100), "B": (70, 100), "C": (80, 100), "D": (360, 400), "E": (10, 10)}
    row = peers.figures(_shares(told), np.array(["xa"] * 5, dtype=object), small.MINIMUM).loc["xa"]
    return {"communes": row["communes"], "told": row["told"], "q1": row["q1"], "median": row["median"],
            "q3": row["q3"], "value": row["value"]}  # fmt: skip


def band() -> Found:
    """What four peers received in one week; one of them is not told of."""
    received = np.array([[10.0], [20.0], [40.0], [np.nan]])
    return dict(zip(("q1", "median", "q3"), course.band(received, np.ones(4, dtype=np.bool_))[:, 0], strict=True))


def wilson() -> Found:
    """The same share by little and by much evidence."""
    lower, upper = ranking.wilson([45, 900], [50, 1000])
    return {"low_50": lower[0], "high_50": upper[0], "low_1000": lower[1], "high_1000": upper[1]}


def places(*names: str) -> Callable[[], Found]:
    """Some of what is said of five communes' places."""
    return lambda: {name: _places()[name] for name in names}


def _places() -> Found:
    """Places by share on time: much evidence, the same again, little of it, too little, and nothing received."""
    part = pd.Series({"A": 950.0, "B": 950.0, "C": 39.0, "D": 20.0, "E": 0.0})
    whole = pd.Series({"A": 1000.0, "B": 1000.0, "C": 40.0, "D": 20.0, "E": 0.0})
    found = ranking.rank_rates(part, whole, pd.Series("xa", index=part.index), small.MINIMUM)
    return {"A": found.at["A", "place"], "B": found.at["B", "place"], "C": found.at["C", "place"],
            "C_rate": found.at["C", "rate"], "C_from": found.at["C", "place_from"], "C_to": found.at["C", "place_to"],
            "D": found.at["D", "state"], "E": found.at["E", "state"], "ranked": found.at["A", "ranked"],
            "group": found.at["A", "group_size"]}  # fmt: skip


def plain_places() -> Found:
    """Places by what was received; D did not tell."""
    found = ranking.rank_counts(pd.Series({"A": 200.0, "B": 300.0, "C": 200.0, "D": np.nan}))
    return {**{code: found.at[code, "place"] for code in "ABCD"}, "of": found.at["A", "of"]}

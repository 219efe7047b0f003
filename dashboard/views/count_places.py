"""Plain places by counts, as newspapers print them ("8/135"): who has more to do, not who does it better."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dashboard import text
from dashboard.indicators.dossiers import COUNTED, Dossiers
from dashboard.views import dossier_words as words
from dashboard.views.explain import NO_DATA
from dashboard.views.league import moved

TOP = 10


def counted(dossiers: Dossiers, names: list[str], column: str, order: str) -> list[dict[str, Any]]:
    """Every commune's plain place in the province by a count; those of which nothing is told last, without one."""
    table, before = dossiers.counted[column], dossiers.counted_before
    earlier = None if before is None else before[column]["place"]
    value = _counts(dossiers, column)
    most = float(np.nanmax(value, initial=0.0))
    places = table["place"].to_numpy(dtype=np.float64)
    key = places if order == "best" else -places if order == "worst" else np.zeros(len(places))
    rows = []
    for at in np.argsort(np.where(np.isnan(places), np.inf, key), kind="stable"):
        code, place = dossiers.codes[at], places[at]
        known = not math.isnan(place)
        rows.append(
            {
                "code": code,
                "name": names[at],
                "place": f"{text.number(place)}/{text.number(table['of'].iat[at])}" if known else "–",
                "count": text.number(value[at]),
                "bar": value[at] / most if known and most > 0 else 0.0,
                "moved": moved(place, math.nan if earlier is None else earlier[code], earlier is not None)
                if known
                else NO_DATA,
            }
        )
    return rows


def _counts(dossiers: Dossiers, column: str) -> np.ndarray:
    if dossiers.answer is None:
        return np.full(len(dossiers.codes), np.nan)
    return dossiers.answer.sums[column].to_numpy(dtype=np.float64)


def top(dossiers: Dossiers, names: list[str]) -> list[dict[str, Any]]:
    """The first ten by each count, as newspapers print them; ties may make it more. Empty where nothing was told."""
    found = []
    for column in COUNTED:
        rows = [row for row in counted(dossiers, names, column, "best") if row["place"] != "–"]
        last = rows[TOP - 1]["place"] if len(rows) >= TOP else ""
        shown = [row for at, row in enumerate(rows) if at < TOP or row["place"] == last]
        if shown:
            found.append({"column": column, "word": words.COUNTS[column], "rows": shown})
    return found


HEAD = ("Mã", "Đơn vị", "Hạng", "Trên", "Số hồ sơ", "Hạng kỳ trước")


def csv_rows(dossiers: Dossiers, names: list[str], column: str) -> list[list[Any]]:
    """The plain places by a count, best first: HEAD."""
    table, before = dossiers.counted[column], dossiers.counted_before
    earlier = [math.nan] * len(table) if before is None else before[column]["place"].tolist()
    value = _counts(dossiers, column).tolist()
    rows = list(zip(dossiers.codes, names, table["place"].tolist(), table["of"].tolist(), value, earlier, strict=True))
    return [list(row) for row in sorted(rows, key=lambda row: (math.isnan(row[2]), row[2]))]

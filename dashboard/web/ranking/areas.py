"""/xep-hang by parts of the province: each part's own rate beside the others, and who is first in
the whole province by a plain rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from dashboard import text
from dashboard.areas import Area
from dashboard.indicators.throughput import rates
from dashboard.indicators.throughput.dossiers import ProvinceDossiers
from dashboard.indicators.throughput.rates import RATES
from dashboard.web.words.dossiers import format_dossier_share

FIRST_SHOWN: Final = 10


def list_area_rates(
    dossiers: ProvinceDossiers, areas: Sequence[Area], by: str
) -> list[dict[str, Any]]:
    """One row an area, and one for all others of the province where they have a word: the pooled
    rate of its communes, never a mean of rates.
    """
    rows = []
    for area in areas:
        inside = np.isin(np.array(dossiers.codes), list(area.communes))
        rows.append({**_area_row(dossiers, area.name, inside, by), "area": area})
        if area.opposite:
            rows.append({**_area_row(dossiers, area.opposite, ~inside, by), "area": None})
    return rows


def _area_row(
    dossiers: ProvinceDossiers, name: str, inside: np.ndarray[Any, Any], by: str
) -> dict[str, Any]:
    rated = dossiers.rates[by]
    told = inside & ~np.isnan(rated.denominator)
    numerator = float(rated.numerator[told].sum()) if told.any() else float("nan")
    denominator = float(rated.denominator[told].sum()) if told.any() else float("nan")
    state = rates.UNKNOWN
    if told.any():
        state = rates.KNOWN if denominator > 0 else rates.NO_ACTIVITY
    return {
        "name": name,
        "communes": text.format_part(told.sum(), inside.sum()),
        "share": format_dossier_share(numerator, denominator, state),
    }


def list_first_by_rate(
    dossiers: ProvinceDossiers, names: Sequence[str], by: str
) -> list[dict[str, str]]:
    """The first of the whole province by the plain rate, as newspapers print it; ties share a
    place, who has too few dossiers has none.
    """
    rated = dossiers.rates[by]
    enough = (rated.state == rates.KNOWN) & (rated.denominator >= dossiers.rule.minimum_received)
    better = -rated.value if RATES[by].more_is_better else rated.value
    order = [
        int(position)
        for position in np.argsort(np.where(enough, better, np.inf), kind="stable")
        if enough[position]
    ][:FIRST_SHOWN]
    return [
        {
            "place": text.format_number(1 + int((better[enough] < better[position]).sum())),
            "code": dossiers.codes[position],
            "name": names[position],
            "share": format_dossier_share(
                float(rated.numerator[position]),
                float(rated.denominator[position]),
                int(rated.state[position]),
            ),
        }
        for position in order
    ]

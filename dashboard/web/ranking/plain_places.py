"""/xep-hang beside its places among peers: plain places in the whole province, by counts and by a
rate, as newspapers print them; and the rate of each part of the province.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from dashboard import text
from dashboard.areas import Area
from dashboard.indicators.throughput import rates
from dashboard.indicators.throughput.dossiers import RANKED_COUNTS, ProvinceDossiers
from dashboard.indicators.throughput.rates import RATES
from dashboard.web.documents.downloads import (
    CellType,
    TableColumn,
    build_unit_columns,
    explain_indicator,
)
from dashboard.web.ranking.words import NO_RANK, tell_rank_change
from dashboard.web.words.dossiers import COUNT_WORDS, format_dossier_share, list_commune_counts
from dashboard.web.words.explain import NO_DATA

FIRST_SHOWN: Final = 10
TOP_RANKS = 10


# Plain places by counts ("8/135"): who has more to do, not who does it better.


def list_ranks_by_count(
    dossiers: ProvinceDossiers, names: list[str], column: str, order: str
) -> list[dict[str, Any]]:
    """Every commune's plain place in the province by a count; those of which nothing is told last,
    without one.
    """
    table = dossiers.count_ranks[column]
    before = dossiers.count_ranks_before
    earlier_ranks = None if before is None else before[column]["place"]
    counts = list_commune_counts(dossiers, column)
    highest = float(np.nanmax(counts, initial=0.0))
    ranks = table["place"].to_numpy(dtype=np.float64)
    gains = np.zeros(len(ranks)) if earlier_ranks is None else earlier_ranks.to_numpy() - ranks
    least, most = (np.where(np.isnan(gains), side, gains) for side in (-np.inf, np.inf))
    order_key = {
        "name": np.zeros(len(ranks)),
        "worst": -ranks,
        "share_low": -ranks,
        "gained": -least,
        "lost": most,
    }.get(order, ranks)
    rows = []
    for position in np.argsort(np.where(np.isnan(ranks), np.inf, order_key), kind="stable"):
        code = dossiers.codes[position]
        rank = ranks[position]
        row = {"code": code, "name": names[position], "place": NO_RANK, "moved": NO_DATA}
        row |= {"count": text.format_number(counts[position]), "bar": 0.0}
        if not math.isnan(rank):
            earlier_rank = math.nan if earlier_ranks is None else earlier_ranks[code]
            row["place"] = text.format_part(rank, table["of"].iat[position])
            row["moved"] = tell_rank_change(rank, earlier_rank, earlier_ranks is not None)
            if highest > 0:
                row["bar"] = counts[position] / highest
        rows.append(row)
    return rows


def list_top_communes(dossiers: ProvinceDossiers, names: list[str]) -> list[dict[str, Any]]:
    """The first ten by each count, as newspapers print them; ties may make it more. Empty where
    nothing was told.
    """
    tables = []
    for column in RANKED_COUNTS:
        rows = [
            row
            for row in list_ranks_by_count(dossiers, names, column, "best")
            if row["place"] != NO_RANK
        ]
        last = rows[TOP_RANKS - 1]["place"] if len(rows) >= TOP_RANKS else ""
        rows_shown = [
            row for index, row in enumerate(rows) if index < TOP_RANKS or row["place"] == last
        ]
        if rows_shown:
            tables.append({"column": column, "word": COUNT_WORDS[column], "rows": rows_shown})
    return tables


def build_count_rank_columns(column: str) -> tuple[TableColumn, ...]:
    """The columns of tabulate_count_ranks."""
    return (
        *build_unit_columns(),
        TableColumn("Hạng", explain_indicator("plain_place"), CellType.NUMBER),
        TableColumn("Trên", "Số đơn vị có số liệu", CellType.NUMBER),
        TableColumn("Số hồ sơ", COUNT_WORDS[column], CellType.NUMBER),
        TableColumn("Hạng kỳ trước", "Hạng của kỳ liền trước", CellType.NUMBER),
    )


def tabulate_count_ranks(
    dossiers: ProvinceDossiers, names: list[str], column: str
) -> list[list[Any]]:
    """The plain places by a count, best first."""
    table = dossiers.count_ranks[column]
    before = dossiers.count_ranks_before
    earlier_ranks = [math.nan] * len(table) if before is None else before[column]["place"].tolist()
    counts = list_commune_counts(dossiers, column).tolist()
    rows = list(
        zip(
            dossiers.codes,
            names,
            table["place"].tolist(),
            table["of"].tolist(),
            counts,
            earlier_ranks,
            strict=True,
        )
    )
    return [list(row) for row in sorted(rows, key=lambda row: (math.isnan(row[2]), row[2]))]


# Parts of the province, and the first of all of it by a plain rate.


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
